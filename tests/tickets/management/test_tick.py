"""`manage.py tick --at …` does what beat would do at that instant, and says how much."""

import io
from datetime import timedelta

import pytest
from django.core import mail as post
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.world import World, paris
from tickets.actions import vendor
from tickets.models import Mail, Ticket
from tickets.words import ClosingGround, DeliveryKind, State


def tick(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("tick", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def delivered(world: World) -> Ticket:
    return vendor.deliver(
        world.file("2026-04-28 10:30"),
        by=world.agnes,
        at=paris("2026-04-30 10:00"),
        what=DeliveryKind.FIX,
        content="4.2.1",
        how_to_test="Relancer.",
    )


def test_it_closes_at_the_end_of_the_fifth_business_day_and_sends_the_mails(world: World) -> None:
    ticket = delivered(world)
    tick("--at", "2026-05-11T17:59:59+02:00")
    ticket.refresh_from_db()
    assert ticket.state == State.UNDER_TEST
    post.outbox.clear()
    said, _errors = tick("--at", "2026-05-11T18:00+02:00")
    assert said == (
        "2026-05-11T18:00:00+02:00: 0 escalations, 0 reminders, 1 closing, 0 training warnings,"
        " 2 mails sent, 0 mails dropped\n"
    )
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closing_ground) == (State.CLOSED, ClosingGround.TACIT)
    assert {each.to[0] for each in post.outbox} == {world.claire.email, world.agnes.email}


def test_twice_at_the_same_instant_does_nothing_more(world: World) -> None:
    delivered(world)
    tick("--at", "2026-05-11T18:00+02:00")
    said, _errors = tick("--at", "2026-05-11T16:00Z")
    assert "0 escalations, 0 reminders, 0 closings, 0 training warnings, 0 mails sent" in said


def test_it_does_what_is_due_now_by_default(world: World) -> None:
    world.file((timezone.localtime() - timedelta(days=60)).strftime("%Y-%m-%d %H:%M"), "bloquante")
    said, _errors = tick()
    assert "2 escalations" in said
    assert not Mail.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-05-11T18:00", "no time zone"),
        ("2026-05-11", "no time zone"),
        ("demain", "not an instant"),
        ("2026-02-30T18:00+01:00", "not an instant"),
        ("0001-01-01T00:00+02:00", "not an instant"),
        ("9999-12-31T23:59+00:00", "not an instant"),
    ],
)
def test_an_instant_that_cannot_be_read_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as refused:
        tick("--at", text)
    assert refused.value.returncode == 1


def test_a_mail_that_fails_is_said_and_kept(world: World, caplog) -> None:
    world.file("2026-04-28 10:30")
    Mail.objects.update(template="unheard of")
    said, errors = tick("--at", "2026-04-28T10:30+02:00")
    assert "0 mails sent" in said
    assert "0 effects and 4 mails failed" in errors
    assert Mail.objects.filter(sent_at=None, attempts=1).count() == 4


def test_an_instant_beyond_every_calendar_harms_nothing(world: World, caplog) -> None:
    world.file("2026-04-28 10:30", "majeure")
    said, _errors = tick("--at", "9000-01-01T00:00+00:00")
    assert "0 escalations" in said
    assert "does not reach" in caplog.text
