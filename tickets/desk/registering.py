"""Registering an anomaly received by telephone, by e-mail or in person: the clock starts from reception (C-WHO-3)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Training, User
from accounts.requests import PersonRequest
from sla.instants import InstantField
from sla.models import Contract
from tickets.actions.filing import check_reception, register_ticket
from tickets.drafts import draft_of
from tickets.models import Ticket
from tickets.permissions import may_register, support_day
from tickets.phrases import say_day
from tickets.portal.anomaly import AnomalyForm, ContractField
from tickets.portal.filing import filed, posted, versions_given
from tickets.words import Means

MEANS = [(means.value, means.label) for means in (Means.TELEPHONE, Means.EMAIL, Means.MEETING)]


class ClientChoice(forms.Form):
    """The first step: whose anomaly it is."""

    client = forms.ModelChoiceField(
        label=_("Client"),
        queryset=Client.objects.filter(is_active=True, contracts__isnull=False).distinct(),
        empty_label=_("Choose…"),
    )


class DatedContractField(ContractField):
    """Choose a contract by its solution; one that does not hold today says so."""

    def label_from_instance(self, obj: Contract) -> str:
        """Say the solution, and until or from when if that matters."""
        today = support_day(timezone.now())
        if obj.ends_on and obj.ends_on < today:
            return gettext("%(solution)s (contract ended on %(day)s)") % {
                "solution": obj.solution, "day": say_day(obj.ends_on),
            }  # fmt: skip
        if obj.starts_on > today:
            return gettext("%(solution)s (contract from %(day)s)") % {
                "solution": obj.solution, "day": say_day(obj.starts_on),
            }  # fmt: skip
        return obj.solution.name


class RegisteringForm(AnomalyForm):
    """Who reported it, when and how, and what is said of the anomaly."""

    contract = DatedContractField(
        label=_("Solution"),
        queryset=Contract.objects.none(),
        help_text=_("Under contract with the client."),
        error_messages={"invalid_choice": _("This solution is not under contract with the client.")},
    )
    reporter = forms.ModelChoiceField(
        label=_("Reported by"),
        # Whoever it is, the message is about the person: the reception's own check says what is wrong.
        queryset=User.objects.filter(client__isnull=False),
        help_text=_("Only trained people may (C-WHO-1)."),
    )
    means = forms.ChoiceField(label=_("Received by"), choices=MEANS, help_text=_("How it reached you."))
    received_at = InstantField(
        label=_("Received on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Your local time: the clock starts then."),
    )

    def __init__(self, client: Client, at: datetime, *args: Any, **options: Any) -> None:
        initial = {"received_at": at.replace(second=0, microsecond=0), **(options.pop("initial", None) or {})}
        super().__init__(_contracts(client), at, *args, initial=initial, **options)
        cast("forms.ModelChoiceField", self.fields["reporter"]).choices = [
            ("", gettext("Choose…")),
            *_reporters(client, support_day(at)),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a reception that the contract does not allow, beside the field that says it."""
        cleaned = super().clean()
        contract, reporter, received_at = (
            cleaned.get(name) for name in ("contract", "reporter", "received_at")
        )
        if contract and reporter and received_at:
            check_reception(contract, reporter, received_at, self.at)
        elif received_at and received_at > self.at:
            raise ValidationError({"received_at": gettext("A reception cannot come after its registration.")})
        return cleaned


def _contracts(client: Client) -> QuerySet[Contract]:
    return (
        Contract.objects.filter(client=client, solution__is_active=True)
        .select_related("solution", "policy", "calendar")
        .order_by("solution__name", "-starts_on")
    )


def _reporters(client: Client, day: date) -> Iterable[tuple[int, str]]:
    """Name the people ever trained, with the solutions; an expired training says since when."""
    trainings = (
        Training.objects.filter(client=client, person__is_active=True, trained_on__lte=day)
        .select_related("person", "solution")
        .order_by("person__last_name", "person__first_name", "person", "solution__name", "trained_on")
    )
    last = {(training.person, training.solution.name): training for training in trainings}
    solutions: dict[User, list[str]] = {}
    for (person, solution), training in last.items():
        said = solution
        if training.ended_on and training.ended_on <= day:
            said = gettext("%(solution)s, ended on %(day)s") % {
                "solution": solution, "day": say_day(training.ended_on),
            }  # fmt: skip
        elif training.expires_on and training.expires_on < day:
            said = gettext("%(solution)s, expired on %(day)s") % {
                "solution": solution, "day": say_day(training.expires_on),
            }  # fmt: skip
        solutions.setdefault(person, []).append(said)
    return [(person.pk, f"{person} ({' · '.join(names)})") for person, names in solutions.items()]


def chosen_client(request: PersonRequest, drafted: dict[str, str]) -> tuple[ClientChoice, Client | None]:
    """Return the step's form and the client chosen: in the form sent, in the address, else in the draft."""
    said = request.POST if request.method == "POST" else request.GET
    choice = ClientChoice({"client": said.get("client") or drafted.get("client", "")})
    if choice.is_valid():
        return choice, choice.cleaned_data["client"]
    # Nothing chosen yet is no mistake; a client that does not exist is.
    return (choice if said.get("client") else ClientChoice()), None


def register(form: RegisteringForm, by: User) -> Ticket:
    """Register what a valid form says."""
    said = form.cleaned_data
    return register_ticket(
        said["contract"],
        form.filing(),
        reporter=said["reporter"],
        by=by,
        means=Means(said["means"]),
        received_at=said["received_at"],
        at=form.at,
    )


@login_required
def register_view(request: PersonRequest) -> HttpResponse:
    """Choose the client, then register what one of its trained people reported."""
    if not may_register(request.user):
        raise PermissionDenied
    at = timezone.now()
    draft = draft_of(request.user, "register")
    choice, client = chosen_client(request, draft.fields if draft else {})
    if client is None:
        return render(request, "desk/register.html", {"choice": choice})
    form = RegisteringForm(client, at, *posted(request), initial=dict(draft.fields) if draft else None)
    if form.is_valid():
        return filed(request, register(form, request.user), "register")
    page = {"choice": choice, "client": client, "form": form, "draft": draft}
    page["versions"] = versions_given(request.user, client, at)
    return render(request, "desk/register.html", page, status=422 if form.is_bound else 200)
