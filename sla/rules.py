"""Which rules of the contract decided a clock: their ids, as the statement quotes them."""

from collections.abc import Sequence

from sla.account import Account, Duty
from sla.statement import Clock, ClockState, Event, EventKind, PauseCause, Statement


def rules_applied(
    duty: Duty, statement: Statement, events: Sequence[Event], account: Account | None
) -> tuple[str, ...]:
    """Return the ids of the rules that decided one clock of a statement, in order."""
    clock = statement.acknowledge if duty == "acknowledge" else statement.resolve
    known = [event for event in events if event.at <= statement.at]
    kinds = {event.kind for event in known}
    severities = {event.severity for event in known if event.severity}
    rules = {
        "C-SLA-1": True,
        "C-SLA-2": duty == "acknowledge",
        "C-SLA-3": clock.state == ClockState.NONE,
        "K-1": statement.effective_receipt != statement.received_at,
        "K-2": account is not None and account.target.days is None,
        "K-3": account is not None and account.target.days is not None,
        "K-4": account is not None and account.target.days is not None,
        "K-6": True,
        **(_resolution_rules(clock, statement, kinds) if duty == "resolve" else {}),
        "K-10": len(severities) > 1,
        "K-11": clock.state == ClockState.MISSED,
        "K-12": True,
        "K-14": clock.done is not None and clock.done == clock.due,
        **({"K-16": EventKind.OUT_OF_SCOPE in kinds} if duty == "resolve" else {}),
        "K-17": clock.state == ClockState.STOPPED and EventKind.DELIVERED in kinds and duty == "resolve",
        "K-20": True,
    }
    return tuple(rule for rule, applies in rules.items() if applies)


def _resolution_rules(clock: Clock, statement: Statement, kinds: set[EventKind]) -> dict[str, bool]:
    causes = {pause.cause for pause in statement.pauses}
    return {
        "K-7": bool(causes & {PauseCause.QUESTION, PauseCause.DELIVERY}),
        "K-8": bool(causes),
        "K-9": clock.done is not None or EventKind.REJECTED in kinds,
    }
