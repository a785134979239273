"""What a mail says, before it has a form: a title, facts, somebody's words, what may be done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from sla.clock import Clock, ClockState
from sla.policy import Severity
from tickets.clocks import closes_at
from tickets.indexing import Replayed, replayed
from tickets.ledger import fact_of
from tickets.markup import render
from tickets.models import LedgerEntry, Mail, Ticket
from tickets.phrases import say_business_time, say_instant
from tickets.words import SEVERITIES


class Moot(Exception):
    """The mail has lost its object since it was written: it is dropped."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that somebody wrote in Markdown, under a label."""

    label: str
    body: str

    @property
    def html(self) -> SafeString:
        """The words as safe HTML."""
        return render(self.body)

    @property
    def lines(self) -> list[str]:
        """The words as lines of plain text."""
        return self.body.strip().splitlines()


@dataclass(slots=True)
class Letter:
    """The content of one mail, in the reader's language; the same for its HTML and its plain text."""

    title: str
    opening: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    action: str = ""
    url: str = ""

    def quote(self, label: str, body: str) -> None:
        """Add somebody's words, if there are any."""
        if body.strip():
            self.quotes.append(Quote(label, body))


@dataclass
class Case:
    """What a letter is written from: the mail's row, its reader, and the ticket as the fact left it."""

    mail: Mail
    at: datetime

    @property
    def reader(self) -> User:
        """Who will read."""
        return self.mail.recipient

    @property
    def ticket(self) -> Ticket:
        """The ticket that the mail is about."""
        if self.mail.ticket is None:
            raise Moot
        return self.mail.ticket

    @cached_property
    def entry(self) -> LedgerEntry:
        """The fact that the mail tells."""
        if self.mail.entry is None:
            raise Moot
        return self.mail.entry

    @cached_property
    def state(self) -> Replayed:
        """The ticket as it stood just after the fact; as it stands now, for a mail of the timetable."""
        entries = self.ticket.entries.order_by("seq")
        if self.mail.entry is not None:
            entries = entries.filter(seq__lte=self.mail.entry.seq)
        return replayed(self.ticket, [fact_of(entry) for entry in entries])

    @property
    def author(self) -> str:
        """Who caused the fact, by name."""
        return str(self.entry.by) if self.entry.by else settings.VENDOR_NAME

    @cached_property
    def words(self) -> str:
        """What was written with the fact; an internal note never leaves."""
        message = self.ticket.messages.filter(entry=self.entry, is_internal=False).first()
        return message.body if message else ""

    @property
    def address(self) -> str:
        """The address of the ticket's page."""
        return settings.SITE_URL + self.ticket.get_absolute_url()

    def letter(self, title: str, opening: str = "", action: str = "") -> Letter:
        """Begin a letter about the ticket, with the way to its page."""
        return Letter(title, opening, action=action or _("Open the ticket"), url=self.address)

    def said(self, letter: Letter) -> Letter:
        """Add what was written with the fact."""
        letter.quote(_("%(person)s wrote:") % {"person": self.author}, self.words)
        return letter

    def acknowledgement(self) -> tuple[str, str]:
        """Return the acknowledgement deadline, named and in words."""
        return _("Acknowledgement"), say_deadline(self.state.statement.acknowledge)

    def resolution(self) -> tuple[str, str]:
        """Return the resolution deadline, named and in words."""
        return _("Resolution"), say_deadline(self.state.statement.resolve)

    def parties(self) -> list[tuple[str, str]]:
        """Return whose ticket it is, for the vendor's people."""
        return [
            (_("Client"), str(self.ticket.client)),
            (_("Solution"), str(self.ticket.solution)),
            (_("Severity"), say_severity(self.state.life.severity)),
        ]

    def closing(self) -> Iterator[str]:
        """Say when silence closes the ticket, if it does (C-CLI-2)."""
        ends_at = closes_at(self.state.life, self.state.rules)
        if ends_at is not None:
            yield _("Without an answer from you by %(instant)s, the ticket closes by itself (C-CLI-2).") % {
                "instant": say_instant(ends_at)
            }


def say_severity(severity: str | None) -> str:
    """Say a severity in the contract's word."""
    return str(SEVERITIES[Severity(severity)]) if severity else ""


def say_deadline(clock: Clock) -> str:
    """Say a clock's promise: at the latest when, or what stands in its place."""
    if clock.state == ClockState.NONE:
        return _("no commitment")
    if clock.done is not None:
        return _("done on %(instant)s") % {"instant": say_instant(clock.done)}
    if clock.state == ClockState.PAUSED and clock.left is not None:
        return _("paused, %(left)s left") % {"left": say_business_time(clock.left)}
    if clock.due is None:
        return _("stopped")
    if clock.state == ClockState.MISSED:
        return _("deadline of %(instant)s passed") % {"instant": say_instant(clock.due)}
    return _("at the latest %(instant)s") % {"instant": say_instant(clock.due)}
