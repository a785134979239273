"""The pages of product anomalies, for the vendor's people."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.requests import PersonRequest
from tickets.actions.anomalies import (
    anomaly_as_read,
    change_anomaly,
    deliver_to_all,
    last_delivery,
    record_anomaly,
    record_delivery,
    tickets_awaiting,
)
from tickets.actions.work import IllegalMove
from tickets.anomalies.forms import AnomalyDeliveryForm, AnomalyFilter, AnomalyForm, NewAnomalyForm
from tickets.anomalies.reading import anomalies_for, find_anomaly, narrowed, tickets_of, tickets_served
from tickets.models import AnomalyDelivery, ProductAnomaly, Ticket
from tickets.permissions import may_keep_anomalies
from tickets.rereading import said_otherwise

PAGE_SIZE = 25


class VendorView(LoginRequiredMixin, View):
    """A page for the vendor's people; its writing, for those who work on tickets."""

    request: PersonRequest

    def keeper_only(self) -> None:
        """Refuse whoever only reads (403)."""
        if not may_keep_anomalies(self.request.user):
            raise PermissionDenied


class AnomaliesView(VendorView):
    """Every product anomaly, the last first."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """List them, narrowed by solution and words."""
        found = anomalies_for(request.user)
        form = AnomalyFilter(request.GET)
        form.is_valid()
        kept = narrowed(found, form.cleaned_data.get("solution"), form.cleaned_data.get("q", ""))
        page = Paginator(kept, PAGE_SIZE).get_page(form.cleaned_data.get("page") or 1)
        context = {"form": form, "page": page, "may_keep": may_keep_anomalies(request.user)}
        return render(request, "anomalies/anomalies.html", context, status=400 if form.mistakes else 200)


class NewAnomalyView(VendorView):
    """Recording a defect not known before."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the form."""
        self.keeper_only()
        return self.show(NewAnomalyForm(initial={"solution": request.GET.get("solution")}))

    def post(self, request: PersonRequest) -> HttpResponse:
        """Record it, or say what is missing."""
        self.keeper_only()
        form = NewAnomalyForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        anomaly = record_anomaly(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(
            request, _("The product anomaly %(name)s is recorded.") % {"name": anomaly.reference}
        )
        return redirect("anomaly", anomaly.pk)

    def show(self, form: NewAnomalyForm, status: int = 200) -> HttpResponse:
        """Show the form, with its errors if any."""
        return render(self.request, "anomalies/form.html", {"form": form}, status=status)


class AnomalyView(VendorView):
    """One product anomaly: what is said of it, its tickets, its deliveries."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it."""
        anomaly = find_anomaly(request.user, pk)
        tickets = tickets_of(request.user, anomaly, timezone.now()).select_related("client").order_by("-id")
        page = Paginator(tickets, PAGE_SIZE).get_page(request.GET.get("page"))
        return render(request, "anomalies/anomaly.html", {
            "anomaly": anomaly, "page": page, "may_keep": may_keep_anomalies(request.user),
            "deliveries": anomaly.deliveries.select_related("delivered_by"),
        })  # fmt: skip


class ChangeAnomalyView(VendorView):
    """Changing what is said of a defect."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show the form."""
        self.keeper_only()
        anomaly = find_anomaly(request.user, pk)
        return self.show(anomaly, AnomalyForm(instance=anomaly))

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Change it, or say what is missing."""
        self.keeper_only()
        anomaly = find_anomaly(request.user, pk)
        form = AnomalyForm(request.POST)
        if not form.is_valid():
            return self.show(anomaly, form, status=422)
        try:
            change_anomaly(anomaly, by=request.user, read=request.POST.get("read"), **form.cleaned_data)
        except IllegalMove:
            return self.show(find_anomaly(request.user, pk), form, status=409)
        messages.success(request, _("What is said of %(name)s is changed.") % {"name": anomaly.reference})
        return redirect("anomaly", pk)

    def show(self, anomaly: ProductAnomaly, form: AnomalyForm, status: int = 200) -> HttpResponse:
        """Show the form, with its errors if any, and what was changed since it was opened (409)."""
        is_overtaken = status == HTTPStatus.CONFLICT
        read = anomaly_as_read(anomaly)
        context: dict[str, Any] = {
            "form": form,
            "anomaly": anomaly,
            "read": read if is_overtaken else self.request.POST.get("read", read),
            "otherwise": said_otherwise(anomaly, form) if is_overtaken else None,
        }
        return render(self.request, "anomalies/form.html", context, status=status)


class DeliverAnomalyView(VendorView):
    """Delivering once to every open ticket that reports the defect."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show the form and who will receive the delivery."""
        self.keeper_only()
        anomaly = find_anomaly(request.user, pk)
        return self.show(anomaly, AnomalyDeliveryForm(initial={"last": last_delivery(anomaly)}))

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Write the delivery down, deliver it to each ticket, and show what became of each."""
        self.keeper_only()
        anomaly, form = find_anomaly(request.user, pk), AnomalyDeliveryForm(request.POST)
        if not form.is_valid():
            return self.show(anomaly, form, status=422)
        if not Ticket.objects.open().filter(anomaly_link__anomaly=anomaly).exists():
            form.add_error(None, _("No open ticket reports this anomaly: there is nobody to deliver to."))
            return self.show(anomaly, form, status=409)
        try:
            delivery = record_delivery(anomaly, by=request.user, at=timezone.now(), **form.cleaned_data)
        except IllegalMove as refused:
            return self.overtaken(anomaly, refused)
        return serve(request, delivery)

    def overtaken(self, anomaly: ProductAnomaly, refused: IllegalMove) -> HttpResponse:
        """Show what was typed with what was delivered meanwhile: sent again, it is one more delivery."""
        typed = self.request.POST.copy()
        typed["last"] = str(last_delivery(anomaly))
        form = AnomalyDeliveryForm(typed)
        form.add_error(None, str(refused))
        delivered = anomaly.deliveries.select_related("delivered_by").first()
        return self.show(anomaly, form, status=409, delivered=delivered)

    def show(
        self,
        anomaly: ProductAnomaly,
        form: AnomalyDeliveryForm,
        status: int = 200,
        delivered: AnomalyDelivery | None = None,
    ) -> HttpResponse:
        """Show the form, with its errors if any and what was delivered since it was opened."""
        context: dict[str, Any] = {"anomaly": anomaly, "form": form, "delivered": delivered}
        return render(self.request, "anomalies/deliver.html", context, status=status)


class AnomalyDeliveryView(VendorView):
    """One delivery: which tickets had it, which await it still."""

    def get(self, request: PersonRequest, pk: int, delivery: int) -> HttpResponse:
        """Show it."""
        anomaly = find_anomaly(request.user, pk)
        found = get_object_or_404(AnomalyDelivery, anomaly=anomaly, pk=delivery)
        return show_delivery(request, found, [])

    def post(self, request: PersonRequest, pk: int, delivery: int) -> HttpResponse:
        """Deliver to the tickets that await it still."""
        self.keeper_only()
        anomaly = find_anomaly(request.user, pk)
        return serve(request, get_object_or_404(AnomalyDelivery, anomaly=anomaly, pk=delivery))


def serve(request: PersonRequest, delivery: AnomalyDelivery) -> HttpResponse:
    """Deliver to each ticket that awaits the delivery, then say what became of each."""
    try:
        outcomes = deliver_to_all(delivery, by=request.user, at=timezone.now())
    except IllegalMove as refused:
        messages.warning(request, str(refused))
        return HttpResponseRedirect(request.path)
    done = sum(outcome.is_done for outcome in outcomes)
    said = ngettext("%(count)d ticket has the delivery.", "%(count)d tickets have the delivery.", done)
    messages.success(request, said % {"count": done})
    refused_ones = [outcome for outcome in outcomes if not outcome.is_done]
    if not refused_ones:
        return redirect("anomaly_delivery", delivery.anomaly_id, delivery.pk)
    return show_delivery(request, delivery, refused_ones)


def show_delivery(request: PersonRequest, delivery: AnomalyDelivery, refused: list[Any]) -> HttpResponse:
    """Show a delivery, the tickets that had it, those that await it, and why some were refused."""
    served = tickets_served(request.user, delivery, timezone.now()).select_related("client")
    return render(request, "anomalies/delivery.html", {
        "delivery": delivery, "anomaly": delivery.anomaly, "served": served.order_by("pk"), "refused": refused,
        "awaiting": tickets_awaiting(delivery), "may_keep": may_keep_anomalies(request.user),
    })  # fmt: skip
