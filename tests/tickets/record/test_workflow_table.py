"""The workflow's table walked whole: every action, every person, a ticket in every kind of life."""

import random
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from tests.playing import fields_for
from tests.tickets.record.lives import LIVES, Lives
from tests.world import World
from tickets.actions import PERFORM, client, manager, vendor
from tickets.actions.work import IllegalMove
from tickets.acts import Action
from tickets.api.problems import rule_in
from tickets.ledger import facts_of
from tickets.life import Life, replay
from tickets.models import Ticket
from tickets.permissions import actions_offered, actors_of
from tickets.record.diagram import edges
from tickets.words import ClosingGround, ContestSubject, EntryKind, State
from tickets.workflow import BY_ACTION, TABLE

# One person for each set of capacities that the table knows.
ACTING = ("claire", "marc", "agnes", "maud")
NOT_ACTING = ("lucas", "rachel", "olivia", "paul")


DRAWN = edges()


class Undone(Exception):
    """Brings the ticket back to where it was."""


def attempt(
    action: Action, ticket: Ticket, life: Life, name: str, world: World, at: datetime
) -> str | tuple[State, set[str]]:
    """Try an action and take it back: say 403, 409, or the state that it led to and the facts it wrote."""
    if action == Action.SETTLE:
        subject = next(iter(life.contests), ContestSubject.SEVERITY)
        fields = {"subject": subject, "upheld": False, "motive": "Vu."}
    else:
        fields = fields_for(action, world, ticket, life, random.Random(0))
    outcome: list[tuple[State, set[str]]] = []
    try:
        with transaction.atomic():
            PERFORM[action](ticket, by=getattr(world, name), at=at, **fields)
            written = set(ticket.entries.filter(seq__gt=life.last_seq).values_list("kind", flat=True))
            outcome.append((Ticket.objects.get(pk=ticket.pk).state, written))
            raise Undone  # noqa: TRY301
    except PermissionDenied:
        return "403"
    except IllegalMove:
        return "409"
    except Undone:
        return outcome[0]


def test_the_rule_that_a_conditions_words_name_is_its_own() -> None:
    for row in TABLE:
        for condition in row.conditions:
            named = rule_in(str(condition.otherwise))
            assert named in {None, condition.rule}, f"{row.name}: {condition.otherwise}"


@pytest.mark.parametrize("kind", LIVES)
def test_what_is_offered_is_done_and_nothing_else_is(world: World, kind: str) -> None:
    lives = Lives(world)
    ticket = getattr(lives, kind)()
    life, at = replay(facts_of(ticket)), lives.then()
    for name in ACTING:
        actors = actors_of(getattr(world, name), ticket, at)
        offered = actions_offered(getattr(world, name), ticket, life, at)
        assert all(BY_ACTION[action].who & actors for action in offered)
        for action in (action for action in PERFORM if BY_ACTION[action].who & actors):
            found, said = attempt(action, ticket, life, name, world, at), f"{name} · {action} · {kind}"
            if action not in offered:
                assert found == "409", said
                continue
            state, written = found
            assert state == (BY_ACTION[action].target or state), said
            assert state in DRAWN[BY_ACTION[action]][life.state], f"{said}: not in the diagram"
            implied = (
                {EntryKind.ACKNOWLEDGED, EntryKind.ASSIGNED} if BY_ACTION[action].is_first_act else set()
            )
            assert written <= set(BY_ACTION[action].writes) | implied, said


@pytest.mark.parametrize("name", [*ACTING, *NOT_ACTING])
def test_who_has_not_the_capacity_is_refused_whatever_the_state(world: World, name: str) -> None:
    lives = Lives(world)
    ticket = lives.under_test()
    life, at = replay(facts_of(ticket)), lives.then()
    actors = actors_of(getattr(world, name), ticket, at)
    assert bool(actors) == (name in ACTING)
    for action in PERFORM:
        refused = attempt(action, ticket, life, name, world, at) == "403"
        assert refused == (not BY_ACTION[action].who & actors), action


def test_every_action_of_a_person_is_possible_in_some_life(world: World) -> None:
    """Without this, the walk above could pass by refusing everything."""
    reached = set()
    for kind in LIVES:
        lives = Lives(world)
        ticket = getattr(lives, kind)()
        life = replay(facts_of(ticket))
        for name in ACTING:
            reached |= set(actions_offered(getattr(world, name), ticket, life, lives.now))
    assert reached == set(PERFORM) == set(BY_ACTION) - {Action.CLOSE_TACITLY, Action.EXPIRE_QUOTE}


def test_every_state_has_a_way_out_but_the_last() -> None:
    for state in State:
        leaving = [row.action for row in TABLE if state in row.origins and row.target not in {None, state}]
        assert leaving or state == State.CLOSED


def test_c_sev_2_what_is_contested_is_settled_before_the_vendor_closes(world: World) -> None:
    lives = Lives(world)
    ticket = lives.scope_contested()
    closing = {"ground": ClosingGround.OUT_OF_SCOPE, "message": "Nous fermons."}
    with pytest.raises(IllegalMove, match="C-SEV-2"):
        vendor.close(ticket, by=world.agnes, at=lives.then(), **closing)
    manager.settle(
        ticket,
        by=world.maud,
        at=lives.then(),
        subject=ContestSubject.SCOPE,
        upheld=False,
        motive="La notice.",
    )
    assert vendor.close(ticket, by=world.agnes, at=lives.then(), **closing).state == State.CLOSED


def test_k_17_no_delay_is_lengthened_where_silence_closes_nothing(world: World) -> None:
    lives = Lives(world)
    with pytest.raises(IllegalMove, match="K-17"):
        client.request_time(lives.workaround(), by=world.claire, at=lives.then(), days=12, reason="Clôture.")
