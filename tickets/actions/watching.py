"""Following a ticket, and naming colleagues in an internal note."""

import re
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


# What stands after « @ » as a name would: words that begin with a capital. An address has a letter before it.
_CALLED = re.compile(r"(?<!\w)@((?:[^\W\d_a-zà-ÿ][\w'’-]*)(?: [^\W\d_a-zà-ÿ][\w'’-]*)*)")


def mentioned_in(text: str, team: Iterable[User]) -> list[User]:
    """Return the people of the team whom a note names, « @Prénom Nom », in any case; a name is read whole."""
    people = list(team)
    named = {match[1] for match in _naming(people).finditer(text.casefold())}
    return [person for person in people if person.get_full_name().casefold() in named]


def nobody_called(text: str, team: Iterable[User]) -> list[str]:
    """Return the names after « @ » that nobody of the team has, as they were written."""
    naming = _naming(team)
    return [match[1] for match in _CALLED.finditer(text) if not naming.match(match[0].casefold())]


def _naming(people: Iterable[User]) -> re.Pattern[str]:
    # The longest name first, and no letter after it: « @Agnes Martinez » is not Agnes Martin.
    names = {person.get_full_name().casefold() for person in people} - {""}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"@({'|'.join(map(re.escape, longest_first)) or '(?!)'})(?![-'’]?\w)")


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
