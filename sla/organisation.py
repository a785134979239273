"""A client's own page: who may file for what, until when, under which commitments, and what readers may read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.deputies import deputising_on, end_deputation
from accounts.models import Client, Deputation, Role, Training, User
from accounts.permissions import runs_organisation
from accounts.requests import PersonRequest
from accounts.trainings import Standing, best_by_solution
from sla.deputies import DeputyForm, deputations_of, said_of
from sla.models import Contract, PolicyVersion
from sla.pages.words import say_target
from sla.policy import SEVERITIES, Severity
from sla.policy import Policy as PolicyTerms


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the organisation and how their trainings stand."""

    person: User
    standings: list[Standing]

    def may_file_for(self, solution_id: int) -> bool:
        """Tell whether the person may file for a solution (C-WHO-1)."""
        return self.person.role == Role.ADMINISTRATOR and any(
            each.allows_filing and each.training.solution_id == solution_id for each in self.standings
        )


@dataclass(frozen=True, slots=True)
class Commitment:
    """A contract as its client reads it: how it stands, what is promised, who may file under it."""

    contract: Contract
    standing: str  # in_force, to_come or ended
    levels: list[tuple[Severity, str, str]]
    filers: list[User]


def levels_of(version: PolicyVersion) -> list[tuple[Severity, str, str]]:
    """Say a policy version's delays, the most severe first: severity, acknowledgement, resolution."""
    terms = PolicyTerms.from_document(version.as_document())
    return [
        (severity, say_target(terms.acknowledge(severity)), say_target(terms.resolve(severity)))
        for severity in reversed(SEVERITIES)
    ]


def members_of(client: Client, day: date) -> list[Member]:
    """Return the active people of a client with their trainings, in four queries."""
    held = Training.objects.select_related("solution").prefetch_related("certificates")
    people = User.objects.filter(client=client, is_active=True).prefetch_related(
        Prefetch("trainings", held), deputising_on(day)
    )
    return [Member(person, best_by_solution(person.trainings.all(), day)) for person in people]


def commitments_of(client: Client, members: list[Member], at: datetime) -> list[Commitment]:
    """Return the client's contracts as they stand at an instant, the latest first, in two queries."""
    day = at.astimezone(settings.SUPPORT_ZONE).date()
    versions = Prefetch("policy__versions", PolicyVersion.objects.in_force(at), to_attr="versions_in_force")
    contracts = (
        Contract.objects.filter(client=client)
        .select_related("solution", "policy", "calendar")
        .prefetch_related(versions)
        .order_by("-starts_on", "solution__name")
    )
    return [_commitment(contract, members, day) for contract in contracts]


def _commitment(contract: Contract, members: list[Member], day: date) -> Commitment:
    if contract.starts_on > day:
        standing = "to_come"
    else:
        standing = "ended" if contract.ends_on and contract.ends_on < day else "in_force"
    found = getattr(contract.policy, "versions_in_force", [])
    levels = levels_of(found[0]) if found else []
    filers = [member.person for member in members if member.may_file_for(contract.solution_id)]
    return Commitment(contract, standing, levels, filers)


def own_client(person: User) -> Client:
    """Return the organisation that `person` helps to run; PermissionDenied for anybody else."""
    if person.role not in {Role.ADMINISTRATOR, Role.CLIENT_MANAGER} or person.client is None:
        raise PermissionDenied
    if not person.client.is_active:
        raise PermissionDenied
    return person.client


def shown(request: HttpRequest, form: DeputyForm | None = None, status: int = 200) -> HttpResponse:
    """Show the organisation, with a form that was refused if there is one."""
    person = cast("PersonRequest", request).user
    client, at = own_client(person), timezone.now()
    day = at.astimezone(settings.SUPPORT_ZONE).date()
    members = members_of(client, day)
    context = {
        "client": client,
        "members": members,
        "commitments": commitments_of(client, members, at),
        "may_decide": runs_organisation(person, day),
        "deputations": deputations_of(client, day),
        "deputy_form": form or DeputyForm.offered_to(person, day),
    }
    return render(request, "accounts/organisation.html", context, status=status)


@require_safe
@login_required
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the organisation to those who run it."""
    return shown(request)


@require_POST
@login_required
def name_deputy_view(request: HttpRequest) -> HttpResponse:
    """Name a deputy: for oneself, or for an administrator of one's organisation."""
    person, at = cast("PersonRequest", request).user, timezone.now()
    own_client(person)
    form = DeputyForm(request.POST, by=person, day=at.astimezone(settings.SUPPORT_ZONE).date())
    if form.is_valid():
        try:
            deputation = form.named(by=person, at=at)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            text = _("%(deputy)s is the deputy of %(person)s from %(first)s to %(last)s.")
            messages.success(request, text % said_of(deputation))
            return redirect("organisation")
    return shown(request, form, status=422)


@require_POST
@login_required
def end_deputy_view(request: HttpRequest, pk: int) -> HttpResponse:
    """End a deputation at once; another organisation's is not found."""
    person = cast("PersonRequest", request).user
    deputation = get_object_or_404(Deputation, pk=pk, client=own_client(person))
    end_deputation(deputation, by=person, at=timezone.now())
    messages.success(request, _("%(deputy)s is no longer a deputy.") % {"deputy": deputation.deputy})
    return redirect("organisation")


@require_POST
@login_required
def open_to_readers(request: HttpRequest) -> HttpResponse:
    """Keep whether readers may read; the history says who decided and when."""
    person = cast("PersonRequest", request).user
    client = own_client(person)
    if not runs_organisation(person, timezone.now().astimezone(settings.SUPPORT_ZONE).date()):
        raise PermissionDenied
    if request.POST.get("allowed") not in {"yes", "no"}:
        # What was meant is not guessed: a form sent by no page closes nothing.
        raise BadRequest("allowed is neither yes nor no")
    allowed = request.POST["allowed"] == "yes"
    if client.readers_allowed != allowed:
        client.readers_allowed = allowed
        client.save(update_fields=["readers_allowed"])
    messages.success(
        request,
        _("Readers may now read your organisation's tickets.")
        if allowed
        else _("Readers may no longer read your organisation's tickets."),
    )
    return redirect("organisation")
