"""Random lives of a ticket: whatever legal acts follow one another, the index is the replay of the ledger."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from sla.clock import ClockState
from tests.playing import offered, play
from tests.world import World, paris
from tickets.actions.silence import close_tacitly
from tickets.actions.work import IllegalMove
from tickets.acts import Action
from tickets.clocks import closes_at, rules_of, statement_of
from tickets.indexing import expected_effects, index_of, replayed
from tickets.ledger import facts_of
from tickets.life import replay
from tickets.models import Effect, Ticket
from tickets.words import ContestSubject, State
from tickets.workflow import BY_ACTION


def check_index(ticket: Ticket) -> None:
    """Compare every index column and pending effect with a replay from nothing."""
    stored = Ticket.objects.get(pk=ticket.pk)
    state = replayed(stored, facts_of(stored))
    for column, value in index_of(state).items():
        assert getattr(stored, column) == value, column
    pending = {
        row.key: (row.kind, row.due_at, row.needs_opening, row.data)
        for row in Effect.objects.filter(ticket=ticket)
    }
    assert pending == expected_effects(state, set())


@pytest.mark.parametrize("seed", range(12))
def test_the_index_is_the_replay_of_the_ledger(world: World, seed: int) -> None:
    chance = random.Random(seed)
    severity = chance.choice(["bloquante", "majeure", "mineure"])
    ticket = world.file("2026-04-28 10:30", severity)
    at = paris("2026-04-28 10:30")
    missed: set[str] = set()
    for _step in range(18):
        life = replay(facts_of(ticket))
        if life.state == State.CLOSED:
            break
        at += timedelta(minutes=chance.choice([1, 7, 45, 200, 1500, 4000]))
        silence = closes_at(life, rules_of(ticket))
        if silence and silence <= at:
            ticket = close_tacitly(ticket, at=at)
        else:
            person, action = chance.choice(offered(ticket, world, life, at))
            if action in {Action.WITHDRAW, Action.CLOSE} and chance.random() < 0.7:
                continue
            try:
                play(ticket, action, world, life, chance, by=person, at=at)
            except IllegalMove:
                # The refusals that depend on the form's own words: a severity upheld under test (K-9),
                # a calendar under which silence would have closed the ticket already.
                assert action in {Action.SETTLE, Action.RECOMPUTE}
                assert action == Action.RECOMPUTE or ContestSubject.SEVERITY in life.contests
                continue
            except ValidationError as refused:
                # A longer delay than the one agreed before, or one that is already over.
                assert action in {Action.REQUEST_TIME, Action.AGREE_TIME}, refused
                continue
            ticket = Ticket.objects.get(pk=ticket.pk)
            target = BY_ACTION[action].target
            assert target is None or ticket.state == target, action
        check_index(ticket)
        statement = statement_of(facts_of(ticket), rules_of(ticket), at)
        now_missed = {
            name for name in ("acknowledge", "resolve") if getattr(statement, name).state == ClockState.MISSED
        }
        assert missed <= now_missed, "K-11: a missed deadline stays missed"
        missed = now_missed
    assert ticket.entries.count() > 1
