"""Filing an anomaly in the portal: the page, and who is told why they may not."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Client, User
from accounts.requests import PersonRequest
from tickets.actions.filing import file_ticket
from tickets.drafts import discard, draft_of
from tickets.models import Ticket
from tickets.permissions import contracts_for_filing, may_register
from tickets.portal.anomaly import AnomalyForm
from tickets.portal.refusal import refusals_of
from tickets.promises import promised_to, say_promise

VERSIONS_OFFERED = 40


@login_required
def file_view(request: PersonRequest) -> HttpResponse:
    """File an anomaly under one of the contracts that the person was trained for (C-WHO-1, C-WHO-3)."""
    at = timezone.now()
    contracts = contracts_for_filing(request.user, at).order_by("solution__name")
    if not contracts:
        return refused(request, at)
    # What is sent needs no draft, but for the page that sends it back.
    draft = None if request.method == "POST" else draft_of(request.user, "file")
    form = AnomalyForm(contracts, at, *posted(request), initial=dict(draft.fields) if draft else None)
    if form.is_valid():
        ticket = file_ticket(form.cleaned_data["contract"], form.filing(), by=request.user, at=at)
        return filed(request, ticket, "file")
    page = {
        "form": form,
        "draft": draft_of(request.user, "file") if form.is_bound else draft,
        "refusals": refusals_of(request.user, at),
        "versions": versions_given(request.user, request.user.client, at),
    }
    return render(request, "portal/file.html", page, status=422 if form.is_bound else 200)


def posted(request: PersonRequest) -> tuple[object, ...]:
    """Return what a form is bound to: the data and files sent, or nothing for a page just opened."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def filed(request: PersonRequest, ticket: Ticket, form: str) -> HttpResponse:
    """Forget the draft, name both deadlines, and lead to the ticket."""
    discard(request.user, form)
    messages.success(
        request,
        _("Ticket #%(number)d is filed: %(promise)s.")
        % {"number": ticket.pk, "promise": say_promise(promised_to(ticket))},
    )
    address = ticket.get_absolute_url()
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def refused(request: PersonRequest, at: datetime) -> HttpResponse:
    """Say who may file and how to get trained, and offer nothing else (C-WHO-2)."""
    user = request.user
    page = {
        "refusals": [] if user.is_vendor else refusals_of(user, at),
        "may_register": may_register(user),
    }
    return render(request, "portal/file_refused.html", page, status=403)


def versions_given(user: User, client: Client | None, at: datetime) -> list[str]:
    """Return the versions that were given in the tickets of `client` that `user` may read, the last first."""
    given = (
        Ticket.objects.visible_to(user, at=at)
        .filter(client=client)
        .exclude(affected_version="")
        .order_by("-pk")
        .values_list("affected_version", flat=True)[: 10 * VERSIONS_OFFERED]
    )
    return list(dict.fromkeys(given))[:VERSIONS_OFFERED]
