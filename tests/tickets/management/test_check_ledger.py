"""`manage.py check_ledger` replays every ticket and finds whatever its index says otherwise."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.effects.runner import run_due
from tickets.ledger import append
from tickets.models import Effect, Ticket
from tickets.words import DeliveryKind, EntryKind, State


def check(*arguments: str) -> str:
    out = io.StringIO()
    call_command("check_ledger", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def check_that_fails(*arguments: str) -> str:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger", *arguments, stdout=out, stderr=io.StringIO())
    assert ended.value.code == 1
    return out.getvalue()


def lived(world: World) -> list[Ticket]:
    """Write three tickets: just filed, under test, closed by silence."""
    filed, tested, closed = (world.file(f"2026-04-28 10:3{minute}") for minute in range(3))
    for each, what in ((tested, DeliveryKind.WORKAROUND), (closed, DeliveryKind.FIX)):
        vendor.ask(each, by=world.agnes, at=paris("2026-04-29 09:00"), message="Quelle version ?")
        client.answer(each, by=world.claire, at=paris("2026-04-29 12:00"), message="La 4.2")
        vendor.deliver(
            each, by=world.agnes, at=paris("2026-04-30 10:00"), what=what, content="4.2.1", how_to_test="Oui."
        )
    run_due(paris("2026-05-07 10:00"))
    run_due(paris("2026-05-11 18:00"))
    return [filed, tested, closed]


def test_what_the_actions_and_the_timetable_wrote_agrees(world: World) -> None:
    lived(world)
    assert Ticket.objects.filter(state=State.CLOSED).count() == 1
    assert check() == "Tickets replayed: 3; differing from their ledger: 0\n"


def test_a_column_changed_behind_the_ledger_is_reported_and_mended(world: World) -> None:
    filed, _tested, closed = lived(world)
    Ticket.objects.filter(pk=filed.pk).update(acknowledge_due_at=paris("2026-04-28 23:00"))
    Ticket.objects.filter(pk=closed.pk).update(resolve_net=1)
    said = check_that_fails()
    assert (
        f"#{filed.pk} acknowledge_due_at: index says 2026-04-28 21:00:00+00:00, ledger says 2026-04-28 12:30"
        in said
    )
    assert f"#{closed.pk} resolve_net: index says 1, ledger says" in said
    assert "replayed: 3; differing from their ledger: 2" in said
    assert "ledger: 2; rebuilt: 2" in check("--rebuild")
    assert "ledger: 0" in check()
    filed.refresh_from_db()
    assert filed.acknowledge_due_at == paris("2026-04-28 14:30")


def test_one_ticket_may_be_asked_for(world: World) -> None:
    filed, tested, _closed = lived(world)
    Ticket.objects.filter(pk=filed.pk).update(resolve_net=1)
    assert "replayed: 1; differing from their ledger: 0" in check("--ticket", str(tested.pk))
    assert f"#{filed.pk} resolve_net" in check_that_fails("--ticket", str(filed.pk))
    with pytest.raises(CommandError, match="no ticket #999999"):
        check("--ticket", "999999")


def test_an_effect_moved_missing_or_invented_is_reported_and_mended(world: World) -> None:
    _filed, tested, closed = lived(world)
    Effect.objects.create(
        client=closed.client,
        ticket=closed,
        kind="closing",
        key="closing:99",
        due_at=paris("2026-06-01 18:00"),
    )
    [reminder] = Effect.objects.filter(ticket=tested, done_at=None)
    reminder.due_at += timedelta(days=1)
    reminder.save()
    said = check_that_fails()
    assert f"#{closed.pk} effect closing:99: index says (" in said
    assert f"#{tested.pk} effect {reminder.key}: index says (" in said
    check("--rebuild")
    assert "ledger: 0" in check()


def test_a_ledger_that_no_life_explains_is_reported_and_not_mended(world: World) -> None:
    filed, *_others = lived(world)
    at = paris("2026-04-28 11:00")
    append(filed, EntryKind.ANSWER, seq=7, by=None, occurred_at=at, recorded_at=at, data={})
    said = check_that_fails("--rebuild")
    assert f"#{filed.pk} ledger: it cannot be replayed: entries [1, 7]" in said
    assert "ledger: 1; rebuilt: 0" in said
