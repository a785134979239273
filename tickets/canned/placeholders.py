"""The placeholders of a canned answer: a closed list, filled from one ticket for one reader of the vendor."""

import re
from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from tickets.models import CannedAnswer, Ticket
from tickets.phrases import clock_lines, say_instant

PATTERN = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def _deadline(ticket: Ticket, _by: User, at: datetime) -> str:
    """Say the resolution deadline; a paused or absent one is a dash, which the agent sees before sending."""
    due = clock_lines(ticket, at)[1].due
    return say_instant(due) if due else "—"


Filler = Callable[[Ticket, User, datetime], str]

PLACEHOLDERS: dict[str, tuple[str | Promise, Filler]] = {
    "personne": (_("who filed the ticket"), lambda ticket, _by, _at: ticket.reporter.get_full_name()),
    "client": (_("the client"), lambda ticket, _by, _at: ticket.client.name),
    "solution": (_("the solution"), lambda ticket, _by, _at: ticket.solution.name),
    "ticket": (_("the ticket's number"), lambda ticket, _by, _at: f"#{ticket.pk}"),
    "titre": (_("the ticket's title"), lambda ticket, _by, _at: ticket.title),
    "version": (_("the affected version"), lambda ticket, _by, _at: ticket.affected_version or "—"),
    "échéance": (_("the resolution deadline"), _deadline),
    "agent": (_("you"), lambda _ticket, by, _at: by.get_full_name()),
}


def unknown_in(text: str) -> list[str]:
    """Return the placeholders of a text that mean nothing, each once, in order."""
    return list(dict.fromkeys(name for name in PATTERN.findall(text) if name.casefold() not in PLACEHOLDERS))


def filled(answer: CannedAnswer, ticket: Ticket, by: User, at: datetime) -> str:
    """Return the answer's words for a ticket, its placeholders filled in the answer's language.

    What a client wrote (a title) is inserted once and never read for placeholders.
    """
    with override(answer.language):
        return PATTERN.sub(
            lambda found: (
                PLACEHOLDERS[found[1].casefold()][1](ticket, by, at)
                if found[1].casefold() in PLACEHOLDERS
                else found[0]
            ),
            answer.body,
        )
