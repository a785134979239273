"""The support desk by the API: the queue counted, who carries what, saved views, canned answers; following a ticket."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from tickets.actions.watching import unwatch, watch
from tickets.api.base import ApiView
from tickets.api.desk_outputs import (
    AlikeOut,
    CannedAnswerOut,
    FollowingOut,
    QueueOut,
    SavedViewOut,
    WorkloadOut,
)
from tickets.api.inputs import NothingInput, read_input
from tickets.api.keyset import PAGING, Column, Order, page_of
from tickets.api.openapi import Tag, listing, operation, page_out
from tickets.api.reading import page_answer
from tickets.api.requests import ApiRequest
from tickets.api.terms_views import BY_NAME
from tickets.desk.glance import Glance
from tickets.desk.pulse import pulse
from tickets.desk.queue import QUEUE_TABS
from tickets.desk.workload import say_what_is_near, workload
from tickets.lists.rows import with_names
from tickets.models import SavedView, Ticket
from tickets.permissions import canned_for, may_read_queue, may_use_canned
from tickets.record.page import find_ticket
from tickets.similar import similar_for_triage

BY_TITLE: dict[str, Order] = {"title": (Column("title"), Column("id"))}


def require_desk(request: ApiRequest) -> None:
    """Refuse whoever the queue's pages refuse (403)."""
    if not may_read_queue(request.user):
        raise PermissionDenied


class QueueView(ApiView):
    """The queue, counted."""

    @operation(
        "queue", _("Count the queue"), Tag.DESK, QueueOut, refuses=[403],
        description=_("Its tickets are the list's, with `order=queue` and the name of a tab as `view`."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer the counters."""
        require_desk(request)
        at = timezone.now()
        glance = Glance.of(request.user, at, pulse(request.user, at))
        tabs = [
            {"name": tab.name, "label": tab.label, "count": glance.count(tab, request.user)}
            for tab in QUEUE_TABS
        ]
        return Response(QueueOut({"at": at, "tabs": tabs, "near": say_what_is_near(glance.near, at)}).data)


class WorkloadView(ApiView):
    """Who carries what."""

    @operation("workload", _("Read who carries what"), Tag.DESK, WorkloadOut, refuses=[403])
    def get(self, request: ApiRequest) -> Response:
        """Answer the load of each agent now."""
        require_desk(request)
        at = timezone.now()
        load = workload(request.user, at)
        return Response(WorkloadOut({"at": at, "closure": load.closure, "loads": load.loads}).data)


class SavedViewsView(ApiView):
    """The filters of the queue kept under a name."""

    takes = PAGING

    @operation(
        "saved_views_list", _("List the saved views of the queue"), Tag.DESK, page_out("SavedView", SavedViewOut),
        query=listing(*BY_NAME), refuses=[403], description=_("One's own, and those that the managers share."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        require_desk(request)
        views = SavedView.objects.usable_by(request.user).select_related("person")
        return page_answer(page_of(request, views, BY_NAME, "name"), SavedViewOut)


class CannedAnswersView(ApiView):
    """The answers that one may use."""

    takes = PAGING

    @operation(
        "canned_answers_list", _("List the canned answers"), Tag.DESK, page_out("CannedAnswer", CannedAnswerOut),
        query=listing(*BY_TITLE), refuses=[403], description=_("One's own, and the team's."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        if not may_use_canned(request.user):
            raise PermissionDenied
        answers = canned_for(request.user).select_related("solution", "author")
        return page_answer(page_of(request, answers, BY_TITLE, "title"), CannedAnswerOut)


class SimilarView(ApiView):
    """The tickets that resemble one."""

    @operation(
        "tickets_similar", _("List the tickets that resemble one"), Tag.DESK, AlikeOut, refuses=[403, 404],
        description=_("Its client's, then other clients' open ones of the same solution; the most alike first."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer them all: there are few."""
        at = timezone.now()
        ticket = find_ticket(request.user, number, at)
        require_desk(request)
        alike = [each.pk for each in similar_for_triage(request.user, ticket, at=at)]
        named = with_names(Ticket.objects.visible_to(request.user, at=at)).in_bulk(alike)
        return Response(AlikeOut({"results": [named[number] for number in alike]}, context={"at": at}).data)


class FollowView(ApiView):
    """Following a ticket, or following it no more."""

    follows: bool

    def post(self, request: ApiRequest, number: int) -> Response:
        """Do it; done twice, it is as done once."""
        at = timezone.now()
        ticket = find_ticket(request.user, number, at)
        read_input(request, NothingInput)
        if self.follows:
            watch(ticket, by=request.user, at=at)
        else:
            unwatch(ticket, by=request.user)
        return Response(FollowingOut({"following": self.follows}).data)


class WatchView(FollowView):
    """Following a ticket."""

    follows = True

    @operation(
        "tickets_watch", _("Follow a ticket"), Tag.TICKETS, FollowingOut, refuses=[403, 404, 413, 415],
        description=_("You are told of each fact from now on."),
    )  # fmt: skip
    def post(self, request: ApiRequest, number: int) -> Response:
        """Follow it."""
        return super().post(request, number)


class UnwatchView(FollowView):
    """Following a ticket no more."""

    follows = False

    @operation(
        "tickets_unwatch", _("Follow a ticket no more"), Tag.TICKETS, FollowingOut, refuses=[403, 404, 413, 415],
        description=_("What concerns you anyway is still told."),
    )  # fmt: skip
    def post(self, request: ApiRequest, number: int) -> Response:
        """Follow it no more."""
        return super().post(request, number)
