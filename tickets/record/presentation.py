"""What the templates of a ticket are given."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.drafts import replies_begun, writing
from tickets.models import CannedAnswer, Draft
from tickets.permissions import canned_for
from tickets.record.offers import Offers, must_answer, say_turn, why_not
from tickets.record.page import Record
from tickets.record.replies import reply_box
from tickets.record.standing import PAUSES, Standing, clock_cards, say_closing
from tickets.seen import Seen
from tickets.words import ContestSubject

# The conventions that a reader of the clocks meets most, by the rule that states each.
CONVENTIONS = (
    ("K-1", _("A ticket filed while support is closed counts from the next opening.")),
    ("K-2", _("Hours count only while support is open; a delay used up at a closing ends at that closing.")),
    ("K-3", _("Business days end at the same clock time, that many business days after the day of receipt.")),
    ("K-7", _("The resolution clock pauses while the vendor waits for an answer or for the test of a delivery.")),
    ("K-8", _("A pause moves the deadline by its own business time; until it ends, only the time left is known.")),
    ("K-10", _("When the severity changes, the earliest deadline of the severities met so far is in force.")),
    ("K-11", _("A missed deadline stays missed.")),
    ("K-14", _("Done exactly at the deadline is in time.")),
    ("K-20", _("The calendar and the policy are those of the registration, or of a recompute since (C-CAL-3).")),
)  # fmt: skip


def say_around(now: Seen, writers: Sequence[User]) -> str:
    """Return what others do around a reader, in short: what there is `now` to see, and who writes."""
    return ".".join([str(now), *sorted(str(person.pk) for person in writers)])


def clocks_context(
    standing: Standing, user: User, begun: Sequence[Draft], now: Seen, seen: str | None = None
) -> dict[str, Any]:
    """Give the clocks' block what it shows to `user`; `seen` is what they have on the page, all there is `now` if None.

    `begun` are the replies begun on the person's side.
    """
    writers = writing(begun, user, standing.at)
    return {
        "ticket": standing.ticket,
        "cards": clock_cards(standing),
        "closing": say_closing(standing),
        "statement": standing.statement,
        "pauses": [(PAUSES[pause.cause], pause) for pause in standing.statement.pauses],
        "writing": writers,
        "shown": say_around(now, writers),
        "conventions": CONVENTIONS,
        "last_seq": standing.life.last_seq,
        "seen": str(now) if seen is None else seen,
        "has_moved": seen is not None and seen != str(now),
    }


def record_context(user: User, record: Record, offers: Offers, canned: str = "") -> dict[str, Any]:
    """Give the page of a ticket what it shows to `user`; `canned` is the answer to put into the reply."""
    standing = record.standing
    seen = record.seen if user.is_vendor else Seen(standing.life.last_seq)
    begun = replies_begun(user, record.ticket.pk) if record.beside.has_replies_begun else []
    answers = canned_for(user) if record.beside.has_canned else CannedAnswer.objects.none()
    may_do_something = bool(offers.first or offers.others or offers.replies)
    return {
        **clocks_context(standing, user, begun, seen),
        "record": record,
        "life": standing.life,
        "paid_work": standing.life.work,
        "turn": say_turn(standing.life, user, offers),
        "offers": offers,
        "must_answer": must_answer(standing.life, offers),
        "reply": reply_box(standing, user, offers, begun, answers, seen, canned),
        "reading_only": None
        if may_do_something or user.is_vendor
        else why_not(user, record.ticket, standing.at),
        "hold_seconds": settings.REPLY_HOLD_SECONDS,
        "watches": any(each.pk == user.pk for each in record.watchers),
        "contests": [ContestSubject(subject).label for subject in standing.life.contests],
    }
