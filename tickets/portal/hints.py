"""What the filing forms answer while one types: deadlines, resembling tickets, a preview, the draft kept."""

from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Client, User
from accounts.requests import PersonRequest
from sla.instants import InstantField
from sla.models import Contract
from sla.policy import Severity
from tickets.drafts import FIELDS
from tickets.permissions import contracts_for_filing, may_register
from tickets.portal.anomaly import LONGEST_TEXT
from tickets.portal.drafting import answer_typing
from tickets.promises import NoPromise, promise, say_promise
from tickets.similar import similar_open
from tickets.words import SEVERITY_CHOICES


class PromiseQuestion(forms.Form):
    """Which deadlines are asked for."""

    contract = forms.ModelChoiceField(queryset=Contract.objects.none())
    severity = forms.ChoiceField(choices=SEVERITY_CHOICES)
    received_at = InstantField(required=False)

    def __init__(self, contracts: QuerySet[Contract], asked: QueryDict) -> None:
        super().__init__(asked)
        cast("forms.ModelChoiceField", self.fields["contract"]).queryset = contracts


class SimilarQuestion(forms.Form):
    """Which tickets are looked for; the client is the vendor's to choose, anybody else has one."""

    title = forms.CharField(max_length=200)
    client = forms.ModelChoiceField(queryset=Client.objects.none(), required=False)

    def __init__(self, asked: QueryDict, *, person: User) -> None:
        super().__init__(asked)
        # Not even the existence of another client shows.
        known = Client.objects.all() if person.is_vendor else Client.objects.filter(people=person)
        cast("forms.ModelChoiceField", self.fields["client"]).queryset = known


@login_required
@require_safe
def promise_view(request: PersonRequest) -> HttpResponse:
    """Say both deadlines for the contract and severity chosen, were the ticket filed now (K-1)."""
    now = timezone.now()
    question = PromiseQuestion(_contracts(request.user), request.GET)
    page: dict[str, Any] = {}
    if question.is_valid():
        asked = question.cleaned_data
        # To the minute, rounded down: filed a moment later, nothing is due sooner than was said.
        received_at = asked["received_at"] or now.replace(second=0, microsecond=0)
        page["received_at"] = asked["received_at"]
        try:
            promised = promise(
                asked["contract"], Severity(asked["severity"]), received_at=received_at, at=now
            )
            page |= {"promised": promised, "text": say_promise(promised), "is_future": received_at > now}
        except NoPromise as refusal:
            page["refusal"] = str(refusal)
    return render(request, "portal/promise.html", page)


def _contracts(user: User) -> QuerySet[Contract]:
    if may_register(user):
        return Contract.objects.select_related("policy", "calendar")
    return contracts_for_filing(user, timezone.now())


@login_required
@require_safe
def similar_view(request: PersonRequest) -> HttpResponse:
    """Suggest the open tickets of one's own organisation whose title resembles the one being typed."""
    question = SimilarQuestion(request.GET, person=request.user)
    tickets: Any = []
    if question.is_valid():
        client = question.cleaned_data["client"] if request.user.is_vendor else request.user.client
        tickets = similar_open(request.user, client, question.cleaned_data["title"], at=timezone.now())
    return render(request, "portal/similar.html", {"tickets": tickets})


@login_required
@require_POST
def preview_view(request: PersonRequest) -> HttpResponse:
    """Show a Markdown text as it will be read; `field` names what carries it."""
    text = request.POST.get(request.GET.get("field", "description"), "")
    return render(request, "portal/preview.html", {"text": text[:LONGEST_TEXT]})


@login_required
@require_POST
def draft_view(request: PersonRequest, form: str) -> HttpResponse:
    """Keep what is being typed in a form, or forget it on demand."""
    if form not in FIELDS:
        raise Http404
    return answer_typing(request, form, reverse(form))
