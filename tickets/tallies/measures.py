"""What is summed up of outcomes, on which of their days, and what narrows it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tickets.models import Judged


@dataclass(frozen=True, slots=True)
class Measure:
    """Something summed up: on which of an outcome's days it counts, and what it adds."""

    name: str
    day: str
    adds: str  # an expression over the columns of an outcome
    is_of_rated: bool = False  # duplicates and withdrawals add nothing


def _count(name: str, day: str, condition: str) -> Measure:
    return Measure(name, day, f"count(*) FILTER (WHERE {condition})")


def _sum(name: str, day: str, column: str) -> Measure:
    return Measure(name, day, f"coalesce(sum({column}), 0)")


def _rated_count(name: str, day: str, condition: str = "true") -> Measure:
    return Measure(name, day, f"count(*) FILTER (WHERE is_rated AND {condition})", is_of_rated=True)


def _rated_sum(name: str, day: str, column: str) -> Measure:
    return Measure(name, day, f"coalesce(sum({column}) FILTER (WHERE is_rated), 0)", is_of_rated=True)


# Those of owners and clients first: nothing else is kept of these.
RATES = (
    _rated_count("acknowledge_met", "acknowledge_on", f"acknowledge_judged = {Judged.MET}"),
    _rated_count("acknowledge_missed", "acknowledge_on", f"acknowledge_judged = {Judged.MISSED}"),
    _rated_count("acknowledged", "acknowledged_on"),
    _rated_sum("acknowledge_time", "acknowledged_on", "acknowledge_time"),
    _rated_count("resolve_met", "resolve_on", f"resolve_judged = {Judged.MET}"),
    _rated_count("resolve_missed", "resolve_on", f"resolve_judged = {Judged.MISSED}"),
    _rated_count("resolved", "resolved_on"),
    _rated_sum("resolve_gross", "resolved_on", "resolve_gross"),
    _rated_sum("resolve_net", "resolved_on", "resolve_net"),
    _rated_count("acknowledge_free", "acknowledged_on", f"acknowledge_judged = {Judged.FREE}"),
    _rated_count("resolve_free", "resolved_on", f"resolve_judged = {Judged.FREE}"),
)
MEASURES = (
    *RATES,
    _rated_sum("paused_question", "resolved_on", "paused_question"),
    _rated_sum("paused_delivery", "resolved_on", "paused_delivery"),
    _rated_sum("paused_out_of_scope", "resolved_on", "paused_out_of_scope"),
    _count("received", "received_on", "true"),
    _count("follow_up", "received_on", "is_follow_up"),
    _count("closed", "closed_on", "true"),
    _count("duplicate", "closed_on", "ground = 'duplicate'"),
    _count("withdrawn", "closed_on", "ground = 'withdrawn'"),
    _count("stopped", "closed_on", "is_stopped"),
    _count("out_of_scope", "classed_on", "true"),
    *(
        _sum(f"time_{state}", "closed_on", f"time_{state}")
        for state in ("new", "in_progress", "waiting_client", "under_test", "accepted", "out_of_scope")
    ),
    *(_count(f"hour_{hour}", "received_on", f"received_hour = {hour}") for hour in range(24)),
)
NAMES = tuple(measure.name for measure in MEASURES)
POSITION = {name: position for position, name in enumerate(NAMES, 1)}  # in an array of SQL


class Grain(IntEnum):
    """By what the sums of a day or a month are kept, beside the severity."""

    SOLUTION = 1
    OWNER = 2
    CLIENT = 3


COLUMNS = {Grain.SOLUTION: "solution_id", Grain.OWNER: "owner_id", Grain.CLIENT: "client_id"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows figures: clients, a solution, a severity's rank, a contract; None: whatever it is."""

    client: int | None = None
    solution: int | None = None
    rank: int | None = None
    contract: int | None = None

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition on outcomes and its values."""
        wanted = [
            (f"{column} = %s", value)
            for column, value in (
                ("client_id", self.client),
                ("solution_id", self.solution),
                ("rank", self.rank),
                ("contract_id", self.contract),
            )
            if value is not None
        ]
        return " AND ".join(["true", *(each for each, _value in wanted)]), [value for _each, value in wanted]

    @property
    def is_kept(self) -> bool:
        """Tell whether the kept sums answer: they are everybody's."""
        return self.client is None and self.contract is None and self.solution is None
