"""Who is told of each kind of fact."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Client, Deputation, Role, Training, User
from tickets.models import Ticket
from tickets.words import EntryKind

# From this part of a clock on, in percent, an escalation goes past the owner to the managers.
MANAGERS_FROM = 75

TOLD_TO_THE_CLIENT = frozenset({
    EntryKind.ACKNOWLEDGED,
    EntryKind.VENDOR_MESSAGE,
    EntryKind.QUESTION,
    EntryKind.SEVERITY,
    EntryKind.DELIVERED,
    EntryKind.VERDICT_ASKED,
    EntryKind.OUT_OF_SCOPE,
    EntryKind.IN_SCOPE,
    EntryKind.SETTLED,
    EntryKind.TIME_AGREED,
    EntryKind.TIME_REFUSED,
    EntryKind.WARNED,
    EntryKind.CORRECTED,
    EntryKind.STUDIED,
    EntryKind.QUOTED,
    EntryKind.QUOTE_WITHDRAWN,
    EntryKind.WORK_DONE,
})  # fmt: skip

TOLD_TO_THE_VENDOR = frozenset({
    EntryKind.CLIENT_MESSAGE,
    EntryKind.ANSWER,
    EntryKind.ACCEPTED,
    EntryKind.REJECTED,
    EntryKind.CONTESTED,
    EntryKind.TIME_REQUESTED,
    EntryKind.IN_PRODUCTION,
    EntryKind.WORK_REQUESTED,
    EntryKind.WORK_CANCELLED,
})  # fmt: skip

# What a support manager alone settles or offers (C-SEV-2, C-CLI-2, C-OUT-4) reaches the managers, beside the owner.
TOLD_TO_THE_MANAGERS = frozenset({
    EntryKind.CONTESTED,
    EntryKind.TIME_REQUESTED,
    EntryKind.WORK_REQUESTED,
    EntryKind.WORK_CANCELLED,
    EntryKind.QUOTE_ACCEPTED,
    EntryKind.QUOTE_REFUSED,
    EntryKind.QUOTE_EXPIRED,
})  # fmt: skip

# What a client's managers alone accept or refuse reaches them, whoever else of the client takes part (C-OUT-4).
TOLD_TO_THE_CLIENT_MANAGERS = frozenset({
    EntryKind.QUOTED,
    EntryKind.QUOTE_EXPIRED,
    EntryKind.QUOTE_WITHDRAWN,
    EntryKind.QUOTE_ACCEPTED,
    EntryKind.QUOTE_REFUSED,
})  # fmt: skip

TOLD_TO_BOTH = frozenset({
    EntryKind.RECEIVED,
    EntryKind.RECOMPUTED,
    EntryKind.CLOSED,
    EntryKind.FOLLOWED_UP,
    EntryKind.QUOTE_ACCEPTED,
    EntryKind.QUOTE_REFUSED,
    EntryKind.QUOTE_EXPIRED,
})  # fmt: skip

# What is read of each of the people told of a fact: the whole team, for every filing. The rest is for their mail.
TOLD = ("pk", "role", "client")


def support_team() -> QuerySet[User]:
    """Return the vendor's people who work on tickets."""
    return User.objects.workers().filter(is_active=True)


def managers() -> QuerySet[User]:
    """Return the support managers."""
    return User.objects.filter(role=Role.MANAGER, is_active=True)


def client_managers(client: Client | int) -> QuerySet[User]:
    """Return a client's managers."""
    return User.objects.filter(client=client, role=Role.CLIENT_MANAGER, is_active=True)


def told_of_training(training: Training) -> list[User]:
    """Return who is told of a training's end: its person, their managers, the vendor's training contact (C-WHO-1)."""
    lead = training.solution.training_lead
    vendor = [lead] if lead is not None and lead.is_active and lead.is_vendor else managers()
    people = [training.person, *client_managers(training.client_id), *vendor]
    return list({person.pk: person for person in people}.values())


def with_deputies(people: Iterable[User], ticket: Ticket, at: datetime) -> list[User]:
    """Add the deputies of the client's people among `people`, those trained for the ticket's solution (C-WHO-1)."""
    told = {person.pk: person for person in people}
    away = [pk for pk, person in told.items() if not person.is_vendor]
    if away:
        day = at.astimezone(settings.SUPPORT_ZONE).date()
        # Nearly nobody is away: the one table says so for a third of what the whole question costs.
        named = Deputation.objects.covering(day).filter(person__in=away)
        if named.exists():
            running = Deputation.objects.serving(ticket.solution_id, day)
            found = running.filter(client=ticket.client_id, person__in=away).select_related("deputy__client")
            for deputation in found:
                told.setdefault(deputation.deputy_id, deputation.deputy)
    return list(told.values())


def filing_side(ticket: Ticket) -> list[User]:
    """Return the client's people who take part in a ticket just filed: for whom it is, who filed it."""
    taking_part = [ticket.reporter, *filter(None, [ticket.registered_by])]
    present = [each for each in taking_part if each.client_id == ticket.client_id and each.is_active]
    return present or list(those_left(ticket).only(*TOLD))


def client_side(ticket: Ticket) -> list[User]:
    """Return the client's people who take part: who filed, wrote or acted; who could, once none is left."""
    taking_part = User.objects.filter(
        Q(pk=ticket.reporter_id) | Q(pk__in=ticket.entries.filter(by__client=ticket.client_id).values("by")),
        client=ticket.client_id,
        is_active=True,
    )
    return list(taking_part.only(*TOLD)) or list(those_left(ticket).only(*TOLD))


def those_left(ticket: Ticket) -> QuerySet[User]:
    """Return whom a client's silence would surprise (C-CLI-2): its managers, and who was trained for the solution."""
    trained = Training.objects.filter(solution=ticket.solution_id).values("person")
    return User.objects.filter(
        Q(role=Role.CLIENT_MANAGER) | Q(role=Role.ADMINISTRATOR, pk__in=trained),
        client=ticket.client_id,
        is_active=True,
    )


def vendor_side(ticket: Ticket) -> list[User]:
    """Return the owner, or the whole team while nobody owns the ticket (or its owner has left the team)."""
    team = support_team().only(*TOLD)
    owner = list(team.filter(pk=ticket.owner_id)) if ticket.owner_id else []
    return owner or list(team)


def watching(ticket: Ticket) -> QuerySet[User]:
    """Return the active people who follow the ticket; that they may still read it is checked as the mail leaves."""
    return User.objects.filter(watches__ticket=ticket, is_active=True).only(*TOLD)


def audience(ticket: Ticket, kind: EntryKind) -> list[User]:
    """Return who is told of a fact of this kind, each once."""
    if kind == EntryKind.ASSIGNED:
        return vendor_side(ticket) if ticket.owner_id else []
    if kind not in TOLD_TO_THE_CLIENT | TOLD_TO_THE_VENDOR | TOLD_TO_BOTH:
        return []
    is_filed = kind == EntryKind.RECEIVED  # nobody follows it yet, nor has anybody else acted
    people: list[User] = [] if is_filed else [*watching(ticket)]
    if kind in TOLD_TO_THE_CLIENT | TOLD_TO_BOTH:
        people += filing_side(ticket) if is_filed else client_side(ticket)
    if kind in TOLD_TO_THE_VENDOR | TOLD_TO_BOTH:
        people += vendor_side(ticket)
    if kind in TOLD_TO_THE_MANAGERS:
        people += managers()
    if kind in TOLD_TO_THE_CLIENT_MANAGERS:
        people += client_managers(ticket.client_id)
    return list({person.pk: person for person in people}.values())


def told_of_escalation(ticket: Ticket, percent: int) -> list[User]:
    """Return who is told that `percent` of a clock is used: the owner first, then the managers as well."""
    people = [*vendor_side(ticket), *(managers() if percent >= MANAGERS_FROM else ())]
    return list({person.pk: person for person in people}.values())
