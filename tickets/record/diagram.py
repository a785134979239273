"""The workflow's table as documentation: a Mermaid state diagram and a Markdown table, both drawn from it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sla.policy import Severity
from tickets.acts import Actor
from tickets.life import Fact, Life, replay
from tickets.transitions import Transition
from tickets.words import (
    ClosingGround,
    ContestSubject,
    DeliveryKind,
    EntryKind,
    OutOfScopeGround,
    State,
)
from tickets.workflow import TABLE, refusal

BEGIN, END = "<!-- workflow:begin -->", "<!-- workflow:end -->"
SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
DEPTH = 6  # acts after the filing: enough for every state to be reached in every way that the table allows

# What each fact may say that changes where a ticket stands.
SAID: dict[EntryKind, list[dict[str, Any]]] = {
    EntryKind.ASSIGNED: [{"owner": 1}],
    EntryKind.DELIVERED: [{"what": str(kind)} for kind in DeliveryKind],
    EntryKind.SEVERITY: [{"to": str(Severity.MINEURE)}],
    EntryKind.OUT_OF_SCOPE: [{"ground": str(OutOfScopeGround.MISUSE)}],
    EntryKind.CONTESTED: [{"subject": str(ContestSubject.SCOPE)}],
    EntryKind.SETTLED: [{"subject": str(ContestSubject.SCOPE)}],
    EntryKind.TIME_AGREED: [{"days": 10}],
    EntryKind.WORK_REQUESTED: [{"price_list": 1}],
    EntryKind.STUDIED: [{"feasible": True}, {"feasible": False}],
    EntryKind.QUOTED: [{"quote": 1, "expires_at": SOME_DAY.isoformat()}],
    EntryKind.CLOSED: [{"ground": str(ClosingGround.AGREED)}],
}

Facts = list[Fact]


def edges() -> dict[Transition, dict[State, list[State]]]:
    """Return where each row leads from each of its origins, found by living every short life that it allows."""
    found: dict[Transition, dict[State, set[State]]] = {row: {} for row in TABLE}
    filed = Fact(1, EntryKind.RECEIVED, SOME_DAY, {"severity": str(Severity.MAJEURE)})
    frontier, known = [[filed]], {_shape(replay([filed]))}
    for _act in range(DEPTH):
        following = []
        for facts in frontier:
            for row, after in _acts(facts):
                life = replay(after)
                found[row].setdefault(replay(facts).state, set()).add(life.state)
                if _shape(life) not in known:
                    known.add(_shape(life))
                    following.append(after)
        frontier = following
    order = list(State)
    return {
        row: {
            origin: sorted(found[row].get(origin, ()), key=order.index)
            for origin in order
            if origin in row.origins
        }
        for row in TABLE
    }


def _acts(facts: Facts) -> Iterator[tuple[Transition, Facts]]:
    life = replay(facts)
    for row in TABLE:
        if refusal(row.action, life) is None:
            for after in _outcomes(row, facts, life):
                yield row, after


def _outcomes(row: Transition, facts: Facts, life: Life) -> Iterator[Facts]:
    """A row that names its target writes all that it lists; another writes what the ticket calls for."""
    before = list(facts)
    if row.is_first_act and life.acknowledged_at is None:
        before = _with(before, EntryKind.ACKNOWLEDGED, {})
    if not row.writes:
        yield before
    elif row.target is None:
        for kind in row.writes:
            for said in _said(row, kind):
                yield _with(before, kind, said)
    else:
        for said in _said(row, row.writes[-1]):
            after = before
            for kind in row.writes[:-1]:
                after = _with(after, kind, _said(row, kind)[0])
            yield _with(after, row.writes[-1], said)


def _said(row: Transition, kind: EntryKind) -> list[dict[str, Any]]:
    # Of the rows that write an acceptance, the one without a target is the judgement “provisional”.
    if kind == EntryKind.ACCEPTED and row.target is None:
        return [{"lasting": False}]
    return SAID.get(kind, [{}])


def _with(facts: Facts, kind: EntryKind, said: dict[str, Any]) -> Facts:
    return [*facts, Fact(facts[-1].seq + 1, kind, SOME_DAY, said)]


def _shape(life: Life) -> tuple[object, ...]:
    """Return what tells two lives apart for the workflow."""
    return (
        life.state,
        life.acknowledged_at is None,
        life.question is None,
        life.work.stage if life.work else None,
        life.delivery.what if life.delivery else None,
        life.window is None,
        life.time_requested is None,
        life.warned_at is None,
        tuple(life.contests),
        life.retained,
    )


def mermaid() -> str:
    """Return the state diagram: what leads from each state to another one."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value} : {state.label}" for state in State]
    lines.append(f"    [*] --> {State.NEW.value} : {EntryKind.RECEIVED.label}")
    by_pair: dict[tuple[State, State], list[str]] = {}
    for row, origins in edges().items():
        for origin, targets in origins.items():
            for target in targets:
                if target != origin:
                    by_pair.setdefault((origin, target), []).append(str(row.action.label).replace(":", " –"))
    order = list(State)
    for origin, target in sorted(by_pair, key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        lines.append(f"    {origin.value} --> {target.value} : {', '.join(by_pair[origin, target])}")
    lines.append(f"    {State.CLOSED.value} --> [*]")
    return "\n".join(lines)


def table() -> str:
    """Return the whole table in Markdown, in the order of the code."""
    lines = [
        "| Action | Who | From | To | Facts written | Clocks |",
        "|---|---|---|---|---|---|",
    ]
    for row, origins in edges().items():
        cells = (
            f"**{row.action.label}** `{row.action.value}`",
            " · ".join(str(actor.label) for actor in Actor if actor in row.who),
            " · ".join(str(state.label) for state in State if state in row.origins),
            _reached(origins),
            ", ".join(f"`{kind.value}`" for kind in row.writes) or "none",
            str(row.clocks) + (" A first act: acknowledges too (C-SLA-2)." if row.is_first_act else ""),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _reached(origins: dict[State, list[State]]) -> str:
    changed = {target for origin, targets in origins.items() for target in targets if target != origin}
    stays = any(origin in targets for origin, targets in origins.items())
    named = [str(state.label) for state in State if state in changed]
    return " · ".join([*(["unchanged"] if stays else []), *named])


def readme_section() -> str:
    """Return what stands between the README's markers."""
    return f"{BEGIN}\n```mermaid\n{mermaid()}\n```\n{END}"


def document() -> str:
    """Return the whole of docs/workflow.md."""
    return f"""# The workflow

Drawn from the table of `tickets/workflow.py` by `manage.py workflow_diagram`: change the table, not this page.

```mermaid
{mermaid()}
```

“In progress”, “Waiting for the client” and the others are not set by anybody: they are what the facts of the
ledger amount to (`tickets/life.py`). A state therefore has every way in that the facts allow.

## Every action

{table()}

An action is offered, in the pages, only to who may do it and only while it is legal; tried all the same, it is a
404 for a stranger, a 403 for who sees the ticket but may not act, a 409 for a move that the table does not allow.

## How to add a transition

1. `tickets/workflow.py`: its `Action` (the label is what the button says) and its row in `TABLE`: who, from which
   states, to which state (`None` where the facts decide), the facts it writes, what it does to the clocks, on which
   conditions.
2. If it states a new kind of fact: its `EntryKind` in `tickets/words.py`, its step in `tickets/life.py`, its words and
   icon in `tickets/record/timeline.py`, who is told of it in `tickets/notifications/audience.py`. Where it moves a
   clock, the engine's event in `tickets/life.py` (`clock_events`).
3. `tickets/actions/`: its function `(ticket, *, by, at, seen, **fields)`, which writes inside `working(…)`, and its
   line in `PERFORM`.
4. `tickets/record/forms/`: its form, a field for each argument of the function, and its line in `FORMS`; its icon in
   `tickets/record/offers.py`; the sentence that follows it in `tickets/record/consequences.py`; where useful, what it
   would do in `tickets/record/foresight.py`.
5. `tests/tickets/record/lives.py`: a life in which it is legal, if none is yet; its case in `test_actions.py`.
6. `manage.py workflow_diagram` rewrites this page and the README's diagram; `make messages` gathers the new strings.

The tests walk the table: they name the step that is missing.
"""
