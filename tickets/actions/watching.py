"""Following a ticket, and naming colleagues in an internal note."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from tickets.models import Message, Ticket, Watch
from tickets.notifications.audience import support_team
from tickets.notifications.outbox import put


def watch(ticket: Ticket, *, by: User, at: datetime) -> None:
    """Follow a ticket that `by` may see (the caller found it through `visible_to`): told of each fact from now on."""
    Watch.objects.get_or_create(
        ticket=ticket, person=by, defaults={"client_id": ticket.client_id, "since": at}
    )


def unwatch(ticket: Ticket, *, by: User) -> None:
    """Follow it no more; what concerns `by` anyway is still told."""
    Watch.objects.filter(ticket=ticket, person=by).delete()


def mentioned_in(text: str, team: Iterable[User]) -> list[User]:
    """Return the people of the team whom a note names, « @Prénom Nom », in any case."""
    folded = text.casefold()
    return [person for person in team if f"@{person.get_full_name().casefold()}" in folded]


def tell_mentioned(note: Message, *, by: User, at: datetime) -> None:
    """Let whom an internal note names follow the ticket, and write to them; nobody of a client is ever named."""
    for person in mentioned_in(note.body, support_team()):
        watch(note.ticket, by=person, at=at)
        if person.pk != by.pk:
            put(
                [person],
                template="mention",
                key=f"mention:{note.pk}",
                at=at,
                client=note.client_id,
                ticket=note.ticket,
                context={"note": note.pk},
            )
