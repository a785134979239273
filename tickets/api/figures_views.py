"""The figures of a month, and the tickets behind each of them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import User
from sla.compliance import Times
from tickets.api.base import ApiView
from tickets.api.filters import ill_given, mistakes
from tickets.api.keyset import PAGING, page_of
from tickets.api.openapi import Tag, listing, operation, page_out, parameter
from tickets.api.outputs import SECOND, SEVERITY_VALUES, Instant, TicketLine
from tickets.api.problems import not_understood
from tickets.api.reading import TICKET_ORDERS, page_answer
from tickets.api.requests import ApiRequest
from tickets.lists.rows import with_names
from tickets.models import Ticket
from tickets.permissions import may_read_figures
from tickets.reports.figures import Kept, board_of, tickets_behind
from tickets.reports.forms import FigureForm, MonthForm
from tickets.reports.months import Month
from tickets.reports.records import Figure


class KeptOut(serializers.Serializer[Any]):
    """How one promise was kept: counts, and their rate (K-12, K-13)."""

    met = serializers.IntegerField(source="rate.met")
    missed = serializers.IntegerField(source="rate.missed")
    percent = serializers.SerializerMethodField(help_text="Null when nothing was judged.")
    without_commitment = serializers.IntegerField(source="free.number")

    def get_percent(self, kept: Kept) -> float | None:
        """Say the rate, to a tenth."""
        return None if kept.rate.tenths is None else kept.rate.tenths / 10


class TimesOut(serializers.Serializer[Any]):
    """The mean and the median of some lengths of business time."""

    count = serializers.IntegerField()
    mean_seconds = serializers.SerializerMethodField()
    median_seconds = serializers.SerializerMethodField()

    def get_mean_seconds(self, times: Times) -> int:
        """Say the mean."""
        return times.mean // SECOND

    def get_median_seconds(self, times: Times) -> int:
        """Say the median."""
        return times.median // SECOND


class FigureLineOut(serializers.Serializer[Any]):
    """One line of the report."""

    label = serializers.CharField()  # type: ignore[assignment]
    acknowledge = KeptOut()
    resolve = KeptOut()
    acknowledge_times = TimesOut(allow_null=True)
    gross = TimesOut(allow_null=True, help_text="Pauses counted.")
    net = TimesOut(allow_null=True, help_text="Pauses excluded.")


class FigureCountOut(serializers.Serializer[Any]):
    """A number of tickets."""

    label = serializers.CharField()  # type: ignore[assignment]
    number = serializers.IntegerField()


class FiguresOut(serializers.Serializer[Any]):
    """How the promises of a month were kept, judged at the instant of the answer."""

    month = serializers.CharField()
    at = Instant()
    is_running = serializers.BooleanField(help_text="The month is not over.")
    all = FigureLineOut()
    severities = FigureLineOut(many=True)
    solutions = FigureLineOut(many=True)
    clients = FigureLineOut(many=True)
    flow = FigureCountOut(many=True)
    apart = FigureCountOut(many=True)
    left_out = FigureCountOut()


def require_reader(user: User) -> None:
    """Refuse whoever the page of figures refuses (403)."""
    if not may_read_figures(user):
        raise PermissionDenied


A_MONTH: dict[str, Any] = {"pattern": "^2[01][0-9]{2}-(0[1-9]|1[0-2])$"}
MONTH = parameter("month", _("As in 2026-05."), **A_MONTH)


class FiguresView(ApiView):
    """The figures of a month."""

    takes = frozenset({"month"})

    @operation(
        "figures", _("Read the figures of a month"), Tag.FIGURES, FiguresOut, query=[MONTH], refuses=[403],
        description=_("The present month unless said; for managers, a client's over its own tickets."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer them."""
        require_reader(request.user)
        at = timezone.now()
        form = MonthForm(request.query_params, present=Month.of(at))
        errors = ill_given(request.query_params, form)
        if not form.is_valid() or errors:
            raise not_understood(errors or mistakes(form))
        month = form.cleaned_data["month"] or form.present
        return Response(FiguresOut(board_of(Ticket.objects.visible_to(request.user, at=at), month, at)).data)


class FigureTicketsView(ApiView):
    """The tickets that a figure counts."""

    takes = PAGING | frozenset(FigureForm.base_fields)

    @operation(
        "figures_tickets", _("List the tickets behind a figure"), Tag.FIGURES, page_out("FigureTicket", TicketLine),
        query=[
            *listing(*TICKET_ORDERS),
            parameter("month", _("As in 2026-05."), required=True, **A_MONTH),
            parameter("figure", _("Figure"), required=True, enum=Figure.values),
            parameter("severity", _("Severity"), enum=SEVERITY_VALUES),
            parameter("solution", _("Solution"), type="integer", minimum=1),
            parameter("client", _("Client"), type="integer", minimum=1),
        ],
        refuses=[403],
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        require_reader(request.user)
        form, at = FigureForm(request.query_params, person=request.user), timezone.now()
        errors = ill_given(request.query_params, form)
        if not form.is_valid() or errors:
            raise not_understood(errors or mistakes(form))
        month, figure = form.cleaned_data["month"], Figure(form.cleaned_data["figure"])
        seen = Ticket.objects.visible_to(request.user, at=at)
        found = with_names(tickets_behind(seen, month, at, figure, **form.narrowing))
        return page_answer(page_of(request, found, TICKET_ORDERS, "-number"), TicketLine, at=at)
