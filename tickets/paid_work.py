"""How far work that the contract does not cover has come, from the facts alone (C-OUT-4; no ORM, no wall clock)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tickets.words import WORK_UNANSWERED, WORK_UNDER_WAY, ClosingGround, EntryKind, Turn, WorkStage

# Who is expected to act on paid work; nobody once the client has said no, or nothing.
_TURNS = {
    WorkStage.REQUESTED: Turn.VENDOR,
    WorkStage.FEASIBLE: Turn.VENDOR,
    WorkStage.QUOTED: Turn.CLIENT,
    WorkStage.ACCEPTED: Turn.VENDOR,
    WorkStage.DONE: Turn.VENDOR,  # the ticket is left to be closed
}


@dataclass(frozen=True, slots=True)
class PaidWork:
    """Work that the contract does not cover, as the client asked for it last.

    `price_list` is the number of the one in force on the day of the request, `quote` the last one issued,
    valid until `expires_at` excluded, an aware instant. From `held_at` on, its validity is suspended: the client
    contests the classing, and may accept nothing until a manager settles it; from `resumed_at` on it runs again.
    """

    requested_at: datetime
    price_list: int
    stage: WorkStage
    quote: int | None = None
    quoted_at: datetime | None = None
    expires_at: datetime | None = None
    held_at: datetime | None = None
    resumed_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Tell whether it is asked for, quoted or ordered, and not over."""
        return self.stage in WORK_UNDER_WAY

    @property
    def is_held(self) -> bool:
        """Tell whether a contest suspends the validity of the quote that awaits an answer."""
        return self.stage == WorkStage.QUOTED and self.held_at is not None

    @property
    def ends_at(self) -> datetime | None:
        """When the quote that awaits an answer expires, an aware instant; None without one, or while it is held."""
        return self.expires_at if self.stage == WorkStage.QUOTED and not self.is_held else None

    def is_open_at(self, at: datetime) -> bool:
        """Tell whether a quote can be answered at an aware instant, even if the timetable is late to end it."""
        return self.is_held or (self.ends_at is not None and at < self.ends_at)

    @property
    def turn(self) -> Turn:
        """Who is expected to act."""
        return _TURNS.get(self.stage, Turn.NOBODY)


def may_close_on(work: PaidWork | None, ground: ClosingGround) -> bool:
    """Tell whether the vendor may close the ticket on a ground, as far as the paid work goes.

    What was asked for or ordered ends by agreement; a request without a quote also with a duplicate, whose
    original goes on.
    """
    if work is None or not work.is_under_way or ground == ClosingGround.AGREED:
        return True
    return work.stage in WORK_UNANSWERED and ground == ClosingGround.DUPLICATE


# Facts that follow a request and only move it to a stage.
_STAGES = {
    EntryKind.QUOTE_ACCEPTED: WorkStage.ACCEPTED,
    EntryKind.QUOTE_REFUSED: WorkStage.REFUSED,
    EntryKind.QUOTE_EXPIRED: WorkStage.EXPIRED,
    EntryKind.QUOTE_WITHDRAWN: WorkStage.FEASIBLE,
    EntryKind.WORK_CANCELLED: WorkStage.CANCELLED,
    EntryKind.WORK_DONE: WorkStage.DONE,
}
ANSWERS = (EntryKind.STUDIED, EntryKind.QUOTED, *_STAGES)


def after_fact(
    work: PaidWork | None, kind: EntryKind, at: datetime, data: Mapping[str, Any]
) -> PaidWork | None:
    """Return where the paid work stands after a fact; back in scope it is owed, closed it is nobody's any more."""
    if kind == EntryKind.WORK_REQUESTED:
        return PaidWork(at, data["price_list"], WorkStage.REQUESTED)
    if work is None:
        return None
    if kind in {EntryKind.IN_SCOPE, EntryKind.CLOSED}:
        return replace(work, stage=WorkStage.LAPSED) if work.is_under_way else work
    if kind == EntryKind.STUDIED:
        return replace(work, stage=WorkStage.FEASIBLE if data["feasible"] else WorkStage.NOT_FEASIBLE)
    if kind == EntryKind.QUOTED:
        expires_at = datetime.fromisoformat(data["expires_at"])
        asked = PaidWork(work.requested_at, work.price_list, WorkStage.QUOTED)
        return replace(asked, quote=data["quote"], quoted_at=at, expires_at=expires_at)
    if kind == EntryKind.CONTESTED:
        return replace(work, held_at=at) if work.is_open_at(at) else work
    if kind == EntryKind.SETTLED:
        return _resumed(work, at, data)
    return replace(work, stage=_STAGES[kind])


def _resumed(work: PaidWork, at: datetime, data: Mapping[str, Any]) -> PaidWork:
    """Let the validity of a quote run again, until the instant that the settlement of the contest says."""
    if not work.is_held or "expires_at" not in data:
        return replace(work, held_at=None)
    expires_at = datetime.fromisoformat(data["expires_at"])
    return replace(work, held_at=None, resumed_at=at, expires_at=expires_at)
