"""A simulation in words, step by step: when the clocks start, what is promised, what is left out, what pauses add."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sla.account import Account
from sla.clock import Clock, ClockState, PauseCause
from sla.pages.words import say_target
from sla.policy import Target
from tickets.simulator.simulation import Simulation
from tickets.statements.moments import say_length, say_moment
from tickets.statements.words import explain, say_reason


@dataclass(frozen=True, slots=True)
class SimulatedClock:
    """One deadline, ready to be shown; `due` is in UTC, None without a commitment."""

    key: str
    name: str
    promise: str
    due: datetime | None
    said: str
    steps: tuple[str, ...]


def clocks_said(simulation: Simulation) -> list[SimulatedClock]:
    """Say both deadlines, in the active time zone, and their explanation on the support's dates."""
    severity, policy, statement = simulation.question.severity, simulation.rules.policy, simulation.statement
    return [
        _clock(simulation, "acknowledge", _("Acknowledgement"), policy.acknowledge(severity),
               statement.acknowledge, simulation.acknowledge, []),
        _clock(simulation, "resolve", _("Resolution"), policy.resolve(severity),
               statement.resolve, simulation.resolve, _pauses(simulation)),
    ]  # fmt: skip


def receipt_said(simulation: Simulation) -> list[str]:
    """Say when the clocks start (K-1)."""
    said = [_("Received on %(at)s.") % {"at": say_moment(simulation.question.received_at)}]
    if simulation.closed:
        with timezone.override(simulation.rules.calendar.zone):
            reasons = _("; ").join(say_reason(reason) for reason in simulation.closed)
        effective = say_moment(simulation.statement.effective_receipt)
        said.append(
            _("Support is closed then (%(reasons)s): the delays count from %(at)s (K-1).")
            % {"reasons": reasons, "at": effective}
        )
    else:
        said.append(_("Support is open then: the delays count at once (K-1)."))
    return said


def _clock(
    simulation: Simulation,
    key: str,
    name: str,
    target: Target | None,
    clock: Clock,
    account: Account | None,
    pauses: list[str],
) -> SimulatedClock:
    due = clock.due if account else None
    with timezone.override(simulation.rules.calendar.zone):
        steps = explain(account) if account else [_("No commitment: no deadline runs (C-SLA-3).")]
    if account and pauses and clock.state == ClockState.MISSED:
        pauses = [
            *pauses,
            _("A pause that begins after the deadline moves nothing: it is missed by then (K-11)."),
        ]
    return SimulatedClock(
        key=key,
        name=name,
        promise=say_target(target),
        due=due,
        said=say_moment(due) if due else _("no commitment"),
        steps=(*steps, *(pauses if account else [])),
    )


def _pauses(simulation: Simulation) -> list[str]:
    said = []
    for pause in simulation.statement.pauses:
        if pause.ended_at is None:
            continue
        values = {
            "start": say_moment(pause.started_at),
            "end": say_moment(pause.ended_at),
            "length": say_length(pause.business),
        }
        if pause.cause == PauseCause.QUESTION:
            sentence = _(
                "Question to the client, from %(start)s to %(end)s: %(length)s of business time (K-7)."
            )
        else:
            sentence = _("Delivery under test, from %(start)s to %(end)s: %(length)s of business time (K-7).")
        said.append(sentence % values)
    return said
