"""One act on one ticket: the row locked, who and whether checked, then ledger, index, effects and mails together."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.acts import Action, Actor
from tickets.attachments import ReceivedFile, attach
from tickets.indexing import replayed, write_index
from tickets.ledger import append, facts_of
from tickets.life import Fact, Life, replay
from tickets.models import LedgerEntry, Message, Ticket
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import announce
from tickets.notifications.quiet import is_quiet
from tickets.permissions import may_act
from tickets.search.documents import index_words
from tickets.seen import Seen
from tickets.words import EntryKind
from tickets.workflow import BY_ACTION, refusal

# Facts that change a ticket's own text: search reads it again.
CHANGES_WORDS = frozenset({EntryKind.RECEIVED, EntryKind.CORRECTED})


class IllegalMove(Exception):
    """The workflow does not allow this act now; the message says why (409)."""


class StaleForm(IllegalMove):
    """Somebody acted or wrote since the form was opened; `since` are the entries that its author has not seen."""

    def __init__(self, since: list[LedgerEntry]) -> None:
        super().__init__(_("Somebody acted on this ticket while you were writing."))
        self.since = since


class Work:
    """What an action works with while it holds the ticket: it writes facts and words, nothing else."""

    def __init__(self, ticket: Ticket, facts: list[Fact], *, by: User | None, at: datetime) -> None:
        self.ticket = ticket
        self.is_new = not facts
        self.facts = facts
        self.life: Life = replay(facts)
        self.by = by
        # Two servers' clocks may differ a little: the ledger never goes back in time.
        self.at = max(at, self.life.last_at) if self.life.last_at else at
        self.written: list[LedgerEntry] = []
        self.words_changed = False

    def write(
        self,
        kind: EntryKind,
        *,
        message: str = "",
        attachments: Iterable[ReceivedFile] = (),
        occurred_at: datetime | None = None,
        **data: Any,
    ) -> LedgerEntry:
        """Add a fact, with the words and files that carry it; it happened at `occurred_at`, else now."""
        occurred = occurred_at or self.at
        entry = append(
            self.ticket,
            kind,
            seq=self.life.last_seq + 1,
            by=self.by,
            occurred_at=occurred,
            recorded_at=self.at,
            data=data,
            message=message,
        )
        fact = Fact(entry.seq, kind, occurred, data)
        self.facts.append(fact)
        self.life.after(fact)
        self.written.append(entry)
        self.words_changed = self.words_changed or kind in CHANGES_WORDS
        if message or attachments:
            self.say(message, entry=entry, attachments=attachments, sent_at=occurred)
        return entry

    def say(
        self,
        body: str,
        *,
        entry: LedgerEntry | None = None,
        is_internal: bool = False,
        attachments: Iterable[ReceivedFile] = (),
        sent_at: datetime | None = None,
    ) -> Message:
        """Add words (and files) to the conversation, said at `sent_at`, else now."""
        message = Message.objects.create(
            client_id=self.ticket.client_id,
            ticket=self.ticket,
            entry=entry,
            author=self.by,
            body=body,
            is_internal=is_internal,
            sent_at=sent_at or self.at,
        )
        for received in attachments:
            self.join(received, message)
        self.words_changed = True
        return message

    def join(self, received: ReceivedFile, message: Message | None = None) -> None:
        """Join a checked file to the ticket, or to one of its messages."""
        attach(received, self.ticket, message=message, by=self.by, at=self.at)
        self.words_changed = True

    def finish(self) -> None:
        """Bring the indexes to the ledger and the words, tell those concerned once, ring the doorbell after commit."""
        if self.words_changed:
            index_words(self.ticket.pk)
        if not self.written:
            return
        write_index(self.ticket, replayed(self.ticket, self.facts), is_new=self.is_new)
        if is_quiet():
            return
        for entry in self.written:
            # An act is told once, by its last fact; but whom it gives the ticket to is told so as well.
            if entry is self.written[-1] or entry.kind == EntryKind.ASSIGNED:
                announce(self.ticket, entry, at=self.at)
        ring_after_commit()


@contextmanager
def working(
    ticket: Ticket, action: Action, *, by: User | None, at: datetime, seen: int | None = None
) -> Iterator[Work]:
    """Hold `ticket` for one act of `by` (None: the timetable) at `at`, and write what the act wrote.

    Raises `PermissionDenied` (403), `StaleForm` when the ledger went past `seen` or, for the vendor's people, a
    colleague wrote a note since, `IllegalMove` (409).
    All or nothing: an error in the body leaves no trace.
    """
    with transaction.atomic():
        # The row alone: most acts never look at its parties, and nine joined tables take longer to plan than to read.
        locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
        _check_permission(locked, action, by, at)
        work = Work(locked, facts_of(locked), by=by, at=at)
        if seen is not None and (seen < work.life.last_seq or _has_new_notes(locked, by, seen)):
            raise StaleForm(list(locked.entries.filter(seq__gt=seen).select_related("by", "message")))
        reason = refusal(action, work.life)
        if reason:
            raise IllegalMove(reason)
        if BY_ACTION[action].is_first_act and work.life.acknowledged_at is None:
            # C-SLA-2: recorded at the same instant, before the act itself.
            work.write(EntryKind.ACKNOWLEDGED, implied_by=str(action))
            take_if_unowned(work)
        yield work
        work.finish()


def _has_new_notes(ticket: Ticket, by: User | None, seen: int) -> bool:
    if by is None or not isinstance(seen, Seen):
        return False
    return by.is_vendor and ticket.messages.notes_since(seen).exclude(author=by).exists()


def _check_permission(ticket: Ticket, action: Action, by: User | None, at: datetime) -> None:
    by_timetable = by is None and Actor.TIMETABLE in BY_ACTION[action].who
    allowed = by_timetable or (by is not None and may_act(by, action, ticket, at))
    if not allowed:
        raise PermissionDenied(_("You may not do this on this ticket."))


def take_if_unowned(work: Work) -> None:
    """Give an unowned ticket to the agent who acts first."""
    if work.life.owner is None and work.by is not None:
        assign_to(work, work.by)


def assign_to(work: Work, owner: User) -> None:
    """Write who owns the ticket from now on; by number alone, so that a name erased stands nowhere in the ledger."""
    work.write(EntryKind.ASSIGNED, owner=owner.pk)


def check_unchanged(read: str | None, now: str) -> None:
    """Raise `IllegalMove` when what a form's author `read` (a digest; None: they do not say) is no longer there."""
    if read is not None and read != now:
        raise IllegalMove(_("Somebody has changed this since you opened it."))


def require(text: str, field: str) -> None:
    """Refuse blank words in `field`: a form says it first, no other caller gets round it."""
    if not text.strip():
        raise ValidationError({field: _("This field is required.")})
