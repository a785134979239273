"""What is promised: contracts, calendars, policies, who may file, what a ticket would be promised."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form, ModelChoiceField
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from accounts.models import Client, User
from sla.models import Contract
from sla.organisation import own_client
from sla.pages.finding import find_calendar, find_policy
from sla.permissions import calendars_visible_to, policies_visible_to
from sla.versioning import VersionQuerySet
from tickets.api.base import ApiView
from tickets.api.filters import clients_known_to, mistakes
from tickets.api.keyset import PAGING, Column, Order, page_of
from tickets.api.openapi import Tag, listing, operation, page_out, parameter
from tickets.api.outputs import SEVERITY_VALUES, Named
from tickets.api.problems import not_understood
from tickets.api.reading import page_answer
from tickets.api.requests import ApiRequest
from tickets.api.terms_outputs import (
    CalendarVersionOut,
    ContractOut,
    FilersOut,
    PolicyVersionOut,
    SimulationOut,
)
from tickets.portal.listing import may_file_by_solution
from tickets.portal.refusal import refusals_of
from tickets.simulator.answer import Refusal, answer_document, ask_by_address
from tickets.simulator.forms import AddressForm

BY_REFERENCE: dict[str, Order] = {"reference": (Column("reference"), Column("id"))}
BY_NAME: dict[str, Order] = {"name": (Column("name"), Column("id"))}
BY_VERSION: dict[str, Order] = {
    "-number": (Column("number", descending=True),),
    "number": (Column("number"),),
}


def contracts_readable_by(user: User) -> QuerySet[Contract]:
    """Return every contract for the vendor; for a client those of the organisation that the person helps to run."""
    if not user.is_active:
        raise PermissionDenied
    return Contract.objects.all() if user.is_vendor else Contract.objects.filter(client=own_client(user))


class ContractsView(ApiView):
    """Contracts."""

    takes = PAGING

    @operation(
        "contracts_list", _("List contracts"), Tag.TERMS, page_out("Contract", ContractOut),
        query=listing(*BY_REFERENCE), refuses=[403],
        description=_("Every one for the vendor; a client's own for its administrators and managers."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        contracts = contracts_readable_by(request.user).select_related(
            "client", "solution", "policy", "calendar"
        )
        return page_answer(page_of(request, contracts, BY_REFERENCE, "reference"), ContractOut)


class ContractView(ApiView):
    """One contract."""

    @operation("contracts_read", _("Read a contract"), Tag.TERMS, ContractOut, refuses=[403, 404])
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer it."""
        return Response(ContractOut(get_object_or_404(contracts_readable_by(request.user), pk=number)).data)


class CalendarsView(ApiView):
    """Calendars."""

    takes = PAGING

    @operation(
        "calendars_list", _("List the calendars that concern you"), Tag.TERMS, page_out("Calendar", Named),
        query=listing(*BY_NAME),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        return page_answer(page_of(request, calendars_visible_to(request.user), BY_NAME, "name"), Named)


class PoliciesView(ApiView):
    """Policies."""

    takes = PAGING

    @operation(
        "policies_list", _("List the policies that concern you"), Tag.TERMS, page_out("Policy", Named),
        query=listing(*BY_NAME),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        return page_answer(page_of(request, policies_visible_to(request.user), BY_NAME, "name"), Named)


def published(versions: VersionQuerySet) -> VersionQuerySet:
    """Keep what binds, or will: a draft is nobody's business but its editors', who have its page."""
    return versions.filter(published_at__isnull=False)


class CalendarVersionsView(ApiView):
    """The published versions of a calendar."""

    takes = PAGING

    @operation(
        "calendars_versions", _("Read the versions of a calendar"), Tag.TERMS,
        page_out("CalendarVersion", CalendarVersionOut), query=listing(*BY_VERSION), refuses=[404],
        description=_("The last first. A version never changes once published (C-CAL-3)."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of them."""
        versions = published(find_calendar(request.user, number).versions.all())
        page = page_of(request, versions.prefetch_related("closures"), BY_VERSION, "-number")
        return page_answer(page, CalendarVersionOut)


class PolicyVersionsView(ApiView):
    """The published versions of a policy."""

    takes = PAGING

    @operation(
        "policies_versions", _("Read the versions of a policy"), Tag.TERMS,
        page_out("PolicyVersion", PolicyVersionOut), query=listing(*BY_VERSION), refuses=[404],
        description=_("The last first. A version never changes once published (C-CAL-3)."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of them."""
        versions = published(find_policy(request.user, number).versions.all())
        return page_answer(page_of(request, versions, BY_VERSION, "-number"), PolicyVersionOut)


class FilersQuestion(Form):
    """Of which client."""

    client = ModelChoiceField(Client.objects.none())

    def __init__(self, request: ApiRequest) -> None:
        own = {} if request.user.is_vendor else {"client": str(request.user.client_id)}
        super().__init__({**own, **request.query_params.dict()})
        cast("ModelChoiceField[Client]", self.fields["client"]).queryset = clients_known_to(request)


class FilersView(ApiView):
    """Who may file."""

    takes = frozenset({"client"})

    @operation(
        "filers", _("Read who may file, for which solution"), Tag.TERMS, FilersOut,
        query=[parameter("client", _("Your own unless said; the vendor says which."), type="integer", minimum=1)],
        description=_("The trained people (C-WHO-1), and why you are not one of them (C-WHO-2)."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer the people by solution."""
        at, question = timezone.now(), FilersQuestion(request)
        if not question.is_valid():
            raise not_understood(mistakes(question))
        by_solution = may_file_by_solution(question.cleaned_data["client"].pk, at)
        refusals = [] if request.user.is_vendor else refusals_of(request.user, at)
        solutions = [{"solution": solution, "people": people} for solution, people in by_solution.items()]
        return Response(FilersOut({"solutions": solutions, "refusals": refusals}).data)


class SimulationView(ApiView):
    """The simulator: what a ticket would be promised."""

    takes = frozenset({*AddressForm.base_fields, "pause"})

    @operation(
        "simulation", _("Ask what a ticket would be promised"), Tag.TERMS, SimulationOut, refuses=[404],
        query=[
            parameter("severity", _("Severity claimed"), required=True, enum=SEVERITY_VALUES),
            parameter("at", _("Received at; now unless said."), format="date-time"),
            parameter("calendar", _("A published version."), format="uuid"),
            parameter("policy", _("A published version."), format="uuid"),
            parameter(
                "pause", _("question/FROM/TO or delivery/FROM/TO"), type="array", maxItems=20,
                items={"type": "string"},
            ),
        ],
        description=_("Nothing is filed: the engine answers as it would for a ticket. See docs/simulator.md."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer both deadlines and how they come about."""
        asked = request.query_params
        try:
            return Response(answer_document(ask_by_address(request.user, asked, timezone.now())))
        except Refusal as refusal:
            raise not_understood(refusal.errors) from refusal
