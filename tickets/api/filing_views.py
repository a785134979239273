"""Filing a ticket by program: by a trained person, or registered by an agent who received it otherwise."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response

from tickets.actions.filing import file_ticket
from tickets.api.base import ApiView
from tickets.api.examples import FILED, request_of
from tickets.api.idempotency import answer_once
from tickets.api.inputs import Whole, body_of, read_input
from tickets.api.openapi import IDEMPOTENCY_KEY, LOCATION, NEW_ETAG, Tag, operation
from tickets.api.outputs import TicketOut
from tickets.api.parsing import MultiPartParser, StrictJSONParser
from tickets.api.problems import Refused, not_accepted
from tickets.api.reading import ticket_answer
from tickets.api.requests import ApiRequest
from tickets.api.ticket_views import TicketsView
from tickets.desk.registering import ClientChoice, RegisteringForm, register
from tickets.models import Ticket
from tickets.permissions import contracts_for_filing, may_register
from tickets.portal.anomaly import AnomalyForm
from tickets.portal.refusal import refusals_of
from tickets.simulator.forms import ExactInstantField


class RegistrationForm(RegisteringForm):
    """The desk's form, but for an instant that says its offset from UTC: nobody's zone is supposed."""

    received_at = ExactInstantField(label=gettext_lazy("Received on"))  # type: ignore[assignment]


FILING = body_of("Filing", AnomalyForm)
REGISTRATION = body_of("Registration", RegistrationForm, client=Whole(help_text=gettext_lazy("Client")))


class FilingView(TicketsView):
    """The list, and filing into it."""

    parser_classes = [StrictJSONParser, MultiPartParser]

    @operation(
        "tickets_file", gettext_lazy("File a ticket"), Tag.TICKETS, TicketOut, status=201, takes=FILING,
        headers=[IDEMPOTENCY_KEY, LOCATION, NEW_ETAG], refuses=[403, 409, 413, 415, 422], examples=[FILED],
        description=gettext_lazy("Under a contract whose solution you are trained for (C-WHO-1): `me` names them."),
    )  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        """File it, once for an idempotency key."""
        at = timezone.now()
        contracts = contracts_for_filing(request.user, at).order_by("solution__name")
        if not contracts.exists():
            raise who_may_file(request, at)
        return answer_once(request, at, lambda: self.file(request, at))

    def file(self, request: ApiRequest, at: datetime) -> Response:
        """Check what was sent by the page's own form, and file it."""
        received = read_input(request, FILING.whole)
        contracts = contracts_for_filing(request.user, at).order_by("solution__name")
        form = AnomalyForm(contracts, at, received.data, received.files)
        if not form.is_valid():
            raise not_accepted(form)
        ticket = file_ticket(form.cleaned_data["contract"], form.filing(), by=request.user, at=at)
        return filed(request, ticket, at)


class RegistrationView(ApiView):
    """Tickets received by telephone, by mail or in person."""

    parser_classes = [StrictJSONParser, MultiPartParser]

    @operation(
        "tickets_register", gettext_lazy("Register a ticket for somebody"), Tag.TICKETS, TicketOut, status=201,
        takes=REGISTRATION, headers=[IDEMPOTENCY_KEY, LOCATION, NEW_ETAG], refuses=[403, 409, 413, 415, 422],
        examples=[request_of("registration")],
        description=gettext_lazy("By an agent; the clocks start from its reception (C-WHO-3)."),
    )  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        """Register it, once for an idempotency key."""
        if not may_register(request.user):
            raise Refused(
                "not-permitted", _("Only an agent registers a ticket for somebody."), rule="C-WHO-3"
            )
        at = timezone.now()
        return answer_once(request, at, lambda: self.register(request, at))

    def register(self, request: ApiRequest, at: datetime) -> Response:
        """Check what was sent by the desk's own forms, and register it."""
        received = read_input(request, REGISTRATION.whole)
        choice = ClientChoice(received.data)
        if not choice.is_valid():
            raise not_accepted(choice)
        form = RegistrationForm(choice.cleaned_data["client"], at, received.data, received.files)
        if not form.is_valid():
            raise not_accepted(form)
        return filed(request, register(form, request.user), at)


def filed(request: ApiRequest, ticket: Ticket, at: datetime) -> Response:
    """Answer with the new ticket and where it is."""
    document, etag = ticket_answer(request.user, ticket.pk, at)
    return Response(
        document, 201, headers={"Location": reverse("api_ticket", args=[ticket.pk]), "ETag": etag}
    )


def who_may_file(request: ApiRequest, at: datetime) -> Refused:
    """Say why this person files nothing, who may and how to get trained (C-WHO-1, C-WHO-2)."""
    refusals = [] if request.user.is_vendor else refusals_of(request.user, at)
    said = " ".join(f"{each.solution}: {each.reason}" for each in refusals)
    more: dict[str, Any] = {
        "colleagues": sorted({str(person) for each in refusals for person in each.colleagues}),
        "training_contact": "\n".join(
            filter(None, dict.fromkeys(each.solution.training_contact for each in refusals))
        ),
    }
    detail = said or _("Only a trained person of a client files: an agent registers for somebody.")
    return Refused("not-permitted", detail, rule="C-WHO-1", more=more)
