"""Product anomalies by the API, for the vendor's people: read, recorded, changed, delivered once to every ticket."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from tickets.actions.anomalies import (
    change_anomaly,
    deliver_to_all,
    record_anomaly,
    record_delivery,
    tickets_awaiting,
)
from tickets.actions.many import Outcome
from tickets.anomalies.forms import AnomalyDeliveryForm, AnomalyFilter, AnomalyForm, NewAnomalyForm
from tickets.anomalies.reading import anomalies_for, find_anomaly, narrowed, tickets_of, tickets_served
from tickets.api.anomaly_outputs import AnomalyDeliveryOut, AnomalyOut, AnomalyServedOut
from tickets.api.base import ApiView
from tickets.api.examples import request_of
from tickets.api.file_views import BY_NUMBER
from tickets.api.filters import ill_given, mistakes
from tickets.api.idempotency import answer_once
from tickets.api.inputs import NothingInput, body_of, read_input
from tickets.api.keyset import PAGING, page_of
from tickets.api.openapi import IDEMPOTENCY_KEY, LOCATION, Tag, listing, operation, page_out, parameter
from tickets.api.outputs import TicketLine
from tickets.api.problems import not_accepted, not_understood
from tickets.api.reading import TICKET_ORDERS, page_answer
from tickets.api.requests import ApiRequest
from tickets.lists.rows import with_names
from tickets.models import AnomalyDelivery
from tickets.permissions import may_keep_anomalies

RECORDING = body_of("Anomaly", NewAnomalyForm)
CHANGING = body_of("AnomalyChange", AnomalyForm)
DELIVERING = body_of("AnomalyDelivery", AnomalyDeliveryForm)


def require_keeper(request: ApiRequest) -> None:
    """Refuse whoever the pages' forms refuse (403)."""
    if not may_keep_anomalies(request.user):
        raise PermissionDenied


def whole(request: ApiRequest, number: int) -> Response:
    """Answer one product anomaly as it is now."""
    return Response(AnomalyOut(find_anomaly(request.user, number)).data)


class AnomaliesView(ApiView):
    """Product anomalies, and recording one."""

    takes = PAGING | {"solution", "q"}

    @operation(
        "anomalies_list", _("List the product anomalies"), Tag.ANOMALIES, page_out("Anomaly", AnomalyOut),
        query=[
            *listing("-id", "id"),
            parameter("solution", _("Solution"), type="integer", minimum=1),
            parameter("q", _("Number or words of the title")),
        ],
        refuses=[403], description=_("The defects of the solutions, the last recorded first; for the vendor alone."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        found, form = anomalies_for(request.user), AnomalyFilter(request.query_params)
        errors = ill_given(request.query_params, form)
        if not form.is_valid() or errors:
            raise not_understood(errors or mistakes(form))
        kept = narrowed(found, form.cleaned_data["solution"], form.cleaned_data["q"])
        return page_answer(page_of(request, kept, BY_NUMBER, "-id"), AnomalyOut)

    @operation(
        "anomalies_record", _("Record a product anomaly"), Tag.ANOMALIES, AnomalyOut, status=201, takes=RECORDING,
        headers=[IDEMPOTENCY_KEY, LOCATION], refuses=[403, 409, 413, 415, 422], examples=[request_of("anomaly")],
        description=_("By an agent or a manager; a ticket is then linked to it by the action “link_anomaly”."),
    )  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        """Record it, once for an idempotency key."""
        require_keeper(request)
        at = timezone.now()
        return answer_once(request, at, lambda: self.record(request, at))

    def record(self, request: ApiRequest, at: datetime) -> Response:
        """Check what was sent by the page's own form, and record it."""
        form = NewAnomalyForm(read_input(request, RECORDING.whole).data)
        if not form.is_valid():
            raise not_accepted(form)
        anomaly = record_anomaly(by=request.user, at=at, **form.cleaned_data)
        said = AnomalyOut(find_anomaly(request.user, anomaly.pk)).data
        return Response(said, 201, headers={"Location": reverse("api_anomaly", args=[anomaly.pk])})


class AnomalyView(ApiView):
    """One product anomaly."""

    @operation("anomalies_read", _("Read a product anomaly"), Tag.ANOMALIES, AnomalyOut, refuses=[403, 404])
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer it."""
        return whole(request, number)


class AnomalyTicketsView(ApiView):
    """The tickets that report a product anomaly."""

    takes = PAGING

    @operation(
        "anomalies_tickets", _("List the tickets that report a product anomaly"), Tag.ANOMALIES,
        page_out("AnomalyTicket", TicketLine), query=listing(*TICKET_ORDERS), refuses=[403, 404],
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of them."""
        at = timezone.now()
        tickets = with_names(tickets_of(request.user, find_anomaly(request.user, number), at))
        return page_answer(page_of(request, tickets, TICKET_ORDERS, "-number"), TicketLine, at=at)


class ChangeAnomalyView(ApiView):
    """Changing what is said of a defect."""

    @operation(
        "anomalies_change", _("Change what is said of a product anomaly"), Tag.ANOMALIES, AnomalyOut, takes=CHANGING,
        headers=[IDEMPOTENCY_KEY], refuses=[403, 404, 409, 413, 415, 422], examples=[request_of("anomaly_change")],
        description=_("What is not sent is emptied, as in the page's form; the solution stays."),
    )  # fmt: skip
    def post(self, request: ApiRequest, number: int) -> Response:
        """Change it, once for an idempotency key."""
        require_keeper(request)
        find_anomaly(request.user, number)
        return answer_once(request, timezone.now(), lambda: self.change(request, number))

    def change(self, request: ApiRequest, number: int) -> Response:
        """Check what was sent by the page's own form, and change it."""
        form = AnomalyForm(read_input(request, CHANGING.whole).data)
        if not form.is_valid():
            raise not_accepted(form)
        change_anomaly(find_anomaly(request.user, number), by=request.user, **form.cleaned_data)
        return whole(request, number)


class AnomalyDeliveriesView(ApiView):
    """What was delivered for a product anomaly, and delivering."""

    takes = PAGING

    @operation(
        "anomalies_deliveries", _("List the deliveries of a product anomaly"), Tag.ANOMALIES,
        page_out("AnomalyDelivery", AnomalyDeliveryOut), query=listing("-id", "id"), refuses=[403, 404],
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of them."""
        deliveries = find_anomaly(request.user, number).deliveries.select_related("delivered_by")
        return page_answer(page_of(request, deliveries, BY_NUMBER, "-id"), AnomalyDeliveryOut)

    @operation(
        "anomalies_deliver", _("Deliver to every ticket that reports a product anomaly"), Tag.ANOMALIES,
        AnomalyServedOut, status=201, takes=DELIVERING, headers=[IDEMPOTENCY_KEY, LOCATION],
        refuses=[403, 404, 409, 413, 415, 422], examples=[request_of("anomaly_delivery")],
        description=_("Each open ticket gets its own window (C-CLI-2); those that cannot take it are named with why."),
    )  # fmt: skip
    def post(self, request: ApiRequest, number: int) -> Response:
        """Deliver, once for an idempotency key."""
        require_keeper(request)
        find_anomaly(request.user, number)
        at = timezone.now()
        return answer_once(request, at, lambda: self.deliver(request, number, at))

    def deliver(self, request: ApiRequest, number: int, at: datetime) -> Response:
        """Check what was sent by the page's own form, write the delivery down and deliver it."""
        form = AnomalyDeliveryForm(read_input(request, DELIVERING.whole).data)
        if not form.is_valid():
            raise not_accepted(form)
        anomaly = find_anomaly(request.user, number)
        delivery = record_delivery(anomaly, by=request.user, at=at, **form.cleaned_data)
        outcomes = deliver_to_all(delivery, by=request.user, at=at)
        location = reverse("api_anomaly_delivery", args=[delivery.pk])
        return Response(served(request, delivery, outcomes, at), 201, headers={"Location": location})


class AnomalyDeliveryView(ApiView):
    """One delivery: which tickets had it, which await it still."""

    def find(self, request: ApiRequest, number: int) -> AnomalyDelivery:
        """Return a delivery of an anomaly that the person may read (403 and 404 as on the pages)."""
        known = anomalies_for(request.user).values("pk").order_by()
        deliveries = AnomalyDelivery.objects.select_related("anomaly", "delivered_by")
        return get_object_or_404(deliveries.filter(anomaly__in=known), pk=number)

    @operation(
        "anomaly_deliveries_read", _("Read a delivery of a product anomaly"), Tag.ANOMALIES, AnomalyServedOut,
        refuses=[403, 404],
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer it."""
        return Response(served(request, self.find(request, number), [], timezone.now()))

    @operation(
        "anomaly_deliveries_go_on", _("Deliver to the tickets that await a delivery still"), Tag.ANOMALIES,
        AnomalyServedOut, headers=[IDEMPOTENCY_KEY], refuses=[403, 404, 409, 413, 415, 422],
    )  # fmt: skip
    def post(self, request: ApiRequest, number: int) -> Response:
        """Go on, once for an idempotency key."""
        require_keeper(request)
        delivery, at = self.find(request, number), timezone.now()
        return answer_once(request, at, lambda: self.go_on(request, delivery, at))

    def go_on(self, request: ApiRequest, delivery: AnomalyDelivery, at: datetime) -> Response:
        """Deliver to each ticket that awaits it."""
        read_input(request, NothingInput)
        outcomes = deliver_to_all(delivery, by=request.user, at=at)
        return Response(served(request, delivery, outcomes, at))


def served(
    request: ApiRequest, delivery: AnomalyDelivery, outcomes: list[Outcome], at: datetime
) -> dict[str, object]:
    """Return a delivery, the tickets that had it, those that await it, and why some were refused."""
    had = tickets_served(request.user, delivery, at).order_by("pk")
    return {
        **AnomalyDeliveryOut(delivery).data,
        "served": list(had.values_list("pk", flat=True)),
        "awaiting": [ticket.pk for ticket in tickets_awaiting(delivery)],
        "refused": [
            {"ticket": each.ticket.pk, "reason": each.refusal} for each in outcomes if not each.is_done
        ],
    }
