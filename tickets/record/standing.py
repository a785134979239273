"""Where a ticket stands at an instant, from its facts themselves: life, clocks and countdown, said in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.clock import Clock, ClockState, Pause, PauseCause, Statement
from tickets.clocks import Rules, closes_at, days_in_force, rules_under, statement_of, versions_of
from tickets.life import Fact, Life, replay
from tickets.models import Ticket
from tickets.phrases import ClockLine, clock_line, say_business_time, say_instant
from tickets.words import DeliveryKind, EntryKind, State

PAUSES = {
    PauseCause.QUESTION: gettext_lazy("question to the client"),
    PauseCause.DELIVERY: gettext_lazy("delivery under test"),
    PauseCause.OUT_OF_SCOPE: gettext_lazy("classed out of scope"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket's facts and what they amount to at `at`, never read from the ticket's index."""

    ticket: Ticket
    facts: Sequence[Fact]
    life: Life
    rules: Rules
    statement: Statement
    at: datetime

    @classmethod
    def of(cls, ticket: Ticket, facts: Sequence[Fact], at: datetime) -> Self:
        """Assess `facts` (at least one, in order) at `at`, or at the last of them if it came later."""
        life = replay(facts)
        rules = rules_under(*versions_of(life, ticket))
        # Two servers' clocks may differ a little: what is written has happened.
        now = max(at, life.last_at) if life.last_at else at
        return cls(ticket, facts, life, rules, statement_of(facts, rules, now), now)

    def with_fact(self, kind: EntryKind, **data: object) -> Self:
        """Return where the ticket would stand if this happened now."""
        fact = Fact(self.life.last_seq + 1, kind, self.at, data)
        return type(self).of(self.ticket, [*self.facts, fact], self.at)

    @property
    def closes_at(self) -> datetime | None:
        """When silence closes the ticket, in UTC."""
        return closes_at(self.life, self.rules)

    @property
    def lines(self) -> tuple[ClockLine, ClockLine]:
        """Both clocks, said in the reader's words."""
        return (
            self._line("acknowledge", _("Acknowledgement"), self.statement.acknowledge),
            self._line("resolve", _("Resolution"), self.statement.resolve),
        )

    def _line(self, key: str, name: str, clock: Clock) -> ClockLine:
        return clock_line(self.ticket, self.at, key, name, clock.state, clock.due, clock.done, clock.left)


@dataclass(frozen=True, slots=True)
class ClockCard:
    """One clock with what explains it, ready to be shown."""

    line: ClockLine
    notes: tuple[str, ...]
    clock: Clock


def clock_cards(standing: Standing) -> tuple[ClockCard, ClockCard]:
    """Return both clocks with their explanations (K-7, K-8, K-11)."""
    acknowledge, resolve = standing.lines
    statement = standing.statement
    waits = [pause for pause in statement.pauses if pause.ended_at is None]
    return (
        ClockCard(acknowledge, _judgement(standing, statement.acknowledge), statement.acknowledge),
        ClockCard(
            resolve,
            (*_judgement(standing, statement.resolve), *_waiting(standing, waits)),
            statement.resolve,
        ),
    )


def _judgement(standing: Standing, clock: Clock) -> tuple[str, ...]:
    """Say by how much a duty was fulfilled early or late."""
    if clock.done is None or clock.due is None:
        return ()
    margin = standing.rules.calendar.between(clock.done, clock.due)
    if clock.state == ClockState.MISSED:
        return (_("Late by %(time)s.") % {"time": say_business_time(margin)},)
    if margin == 0:
        return (_("Exactly at the deadline: in time (K-14)."),)
    return (_("In time, with %(time)s to spare.") % {"time": say_business_time(margin)},)


def _waiting(standing: Standing, waits: Sequence[Pause]) -> tuple[str, ...]:
    if standing.life.closed_at or standing.statement.resolve.done:
        return ()
    return tuple(
        _("Waiting since %(since)s: %(cause)s.")
        % {"since": say_instant(pause.started_at), "cause": PAUSES[pause.cause]}
        for pause in waits
    )


def say_closing(standing: Standing) -> str:
    """Say what silence does to the ticket and by which rule; nothing where no delivery is concerned."""
    life = standing.life
    if life.state == State.UNDER_TEST and life.delivery and life.delivery.what == DeliveryKind.WORKAROUND:
        return _(
            "Silence on a workaround is not a judgement: nothing closes by itself, reminders go on (K-17)."
        )
    ends_at = standing.closes_at
    if ends_at and life.window:
        values = {
            "at": say_instant(ends_at),
            "days": days_in_force(life, standing.rules.policy),
            "left": say_business_time(max(standing.rules.calendar.between(standing.at, ends_at), 0)),
        }
        if life.state == State.ACCEPTED:
            return (
                _(
                    "Without a production declaration, the ticket closes on %(at)s, at the end of the"
                    " %(days)d business days that follow the acceptance, %(left)s left (K-18)."
                )
                % values
            )
        if life.delivery and life.window.since > life.delivery.at:
            return (
                _(
                    "Without an answer of the client, the ticket closes on %(at)s, at the end of the %(days)d"
                    " business days since the verdict was asked for again, %(left)s left (C-CLI-2, K-5)."
                )
                % values
            )
        return (
            _(
                "Without an answer of the client, the ticket closes on %(at)s, at the end of the"
                " %(days)d business days that follow the delivery, %(left)s left (C-CLI-2, K-5)."
            )
            % values
        )
    if life.state == State.UNDER_TEST and life.time_requested:
        return _(
            "The client asks for a longer delay: nothing closes by itself until a manager answers (C-CLI-2)."
        )
    if life.state in {State.UNDER_TEST, State.ACCEPTED} and life.contests:
        return _("A contest is open: nothing closes by itself until a manager settles it.")
    if life.state == State.UNDER_TEST:
        return _(
            "The client has answered: nothing closes by itself until the vendor asks for the verdict again (K-5)."
        )
    return ""


def changes(before: Standing, after: Standing) -> list[str]:
    """Say what differs between two standings, in whole sentences: state, clocks, countdown to the closing."""
    said = []
    if after.life.state != before.life.state:
        said.append(_("State: %(state)s.") % {"state": after.life.state.label})
    for old, new in zip(before.lines, after.lines, strict=True):
        if (old.state, old.text) != (new.state, new.text):
            said.append(
                _("%(clock)s: %(text)s.") % {"clock": new.name, "text": new.text or _("no commitment")}
            )
    closing = say_closing(after)
    if closing and closing != say_closing(before):
        said.append(closing)
    elif before.closes_at and not closing and not after.life.closed_at:
        said.append(_("The countdown to the closing is cancelled."))
    return said
