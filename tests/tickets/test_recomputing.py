"""Recomputing a ticket: a motivated act, kept with before and after; a breach stays one (C-CAL-3, K-11, K-20)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import translation

from sla.clock import ClockState
from sla.models import Calendar, CalendarVersion, Closure, PolicyVersion, default_targets
from sla.verification import verify
from tests.tickets.management.test_check_ledger import check, check_that_fails
from tests.tickets.test_random_lives import check_index
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.recomputing import NotAsForeseen, Versions, recompute, recompute_as_foreseen
from tickets.actions.work import IllegalMove, StaleForm
from tickets.clocks import rules_of, rules_under
from tickets.ledger import facts_of
from tickets.models import Effect, Mail, Ticket
from tickets.notifications.rendering import rendered
from tickets.phrases import clock_lines
from tickets.recomputation import recomputed
from tickets.record.timeline import say_entry
from tickets.words import DeliveryKind, EntryKind


def calendar_version(
    world: World, *days: str, number: int = 2, at: str = "2026-04-20 09:00"
) -> CalendarVersion:
    """Publish a version of the contract's calendar that is closed on these days as well."""
    version = CalendarVersion.objects.create(calendar=world.contract.calendar, number=number)
    for day in days:
        Closure.objects.create(
            version=version,
            first_day=date.fromisoformat(day),
            last_day=date.fromisoformat(day),
            motive="Pont",
        )
    version.published_at = paris(at)
    version.save()
    return version


def policy_version(world: World, **majeure: object) -> PolicyVersion:
    """Publish a version of the contract's policy with other delays for a Majeure."""
    targets = default_targets()
    targets["majeure"] |= majeure
    return PolicyVersion.objects.create(
        policy=world.contract.policy, number=2, targets=targets, published_at=paris("2026-04-20 09:00")
    )


@pytest.fixture
def ticket(world: World) -> Ticket:
    """Filed under the first versions: due 14:30 the same day, and at 10:30 on 11 May."""
    return world.file("2026-04-28 10:30")


def test_publishing_a_version_moves_no_promise_and_a_recompute_does(world: World, ticket: Ticket) -> None:
    closed = calendar_version(world, "2026-04-30", at="2026-04-28 11:00")
    ticket.refresh_from_db()
    assert ticket.resolve_due_at == paris("2026-05-11 10:30")
    assert rules_of(ticket).calendar.is_open(paris("2026-04-30 10:00"))
    ticket = recompute(
        ticket, by=world.maud, at=paris("2026-04-28 12:00"), motive="Pont accordé.", calendar_version=closed
    )
    assert ticket.resolve_due_at == paris("2026-05-12 10:30")
    assert ticket.acknowledge_due_at == paris("2026-04-28 14:30")
    assert ticket.calendar_version == closed
    assert ticket.policy_version.number == 1
    check_index(ticket)
    assert check() == "Tickets replayed: 1; differing from their ledger: 0\n"


def test_the_ledger_keeps_the_versions_before_after_and_the_motive(world: World, ticket: Ticket) -> None:
    closed = calendar_version(world, "2026-04-30")
    Ticket.objects.filter(pk=ticket.pk).update(calendar_version=CalendarVersion.objects.get(number=1))
    ticket.refresh_from_db()
    recompute(ticket, by=world.maud, at=paris("2026-04-28 12:00"), motive="Pont.", calendar_version=closed)
    entry = ticket.entries.last()
    assert (entry.kind, entry.by) == (EntryKind.RECOMPUTED, world.maud)
    first = CalendarVersion.objects.get(number=1)
    assert entry.data["calendar_version"] == str(closed.pk)
    assert entry.data["former_calendar_version"] == str(first.pk)
    assert (
        entry.data["policy_version"] == entry.data["former_policy_version"] == str(ticket.policy_version_id)
    )
    assert entry.data["motive"] == "Pont."
    assert entry.data["before"]["resolve"]["due"] == "2026-05-11T08:30:00+00:00"
    assert entry.data["after"]["resolve"]["due"] == "2026-05-12T08:30:00+00:00"
    assert entry.data["kept"] == {"acknowledge": None, "resolve": None}
    with translation.override("en"):
        said = dict(say_entry(entry).details)
    assert said["Calendar"] == "Support France, version 1 → Support France, version 2"
    assert "11 May" in said["Resolution"].split("→")[0]
    assert "12 May" in said["Resolution"].split("→")[1]
    assert "Acknowledgement" not in said, "what does not move is not said to"


def test_a_missed_deadline_stays_missed_at_the_instant_first_missed(world: World, ticket: Ticket) -> None:
    generous = policy_version(world, acknowledge={"hours": 40})
    late = paris("2026-04-28 16:00")
    ticket = recompute(ticket, by=world.maud, at=late, motive="Renégocié.", policy_version=generous)
    assert (ticket.acknowledge_state, ticket.acknowledge_due_at) == (
        ClockState.MISSED,
        paris("2026-04-28 14:30"),
    )
    assert ticket.entries.last().data["kept"] == {"acknowledge": "2026-04-28T12:30:00+00:00", "resolve": None}
    ticket = vendor.acknowledge(
        ticket, by=world.agnes, at=paris("2026-04-28 17:00"), owner=world.agnes, message="Vu."
    )
    assert ticket.acknowledge_state == ClockState.MISSED, "acknowledged in time for the new delay only"
    ticket = vendor.requalify(
        ticket, by=world.agnes, at=paris("2026-04-28 17:30"), severity="mineure", motive="Un écran."
    )
    assert ticket.acknowledge_state == ClockState.MISSED
    # Nor does a second recompute wash it.
    third = calendar_version(world, "2026-04-28")
    ticket = recompute(
        ticket, by=world.maud, at=paris("2026-04-29 09:00"), motive="x", calendar_version=third
    )
    assert (ticket.acknowledge_state, ticket.acknowledge_due_at) == (
        ClockState.MISSED,
        paris("2026-04-28 14:30"),
    )
    check_index(ticket)
    late_line = clock_lines(ticket, paris("2026-04-29 10:00"))[0]
    assert late_line.state == ClockState.MISSED


def test_a_shorter_delay_found_in_the_past_is_missed(world: World, ticket: Ticket) -> None:
    short = policy_version(world, acknowledge={"hours": 1})
    ticket = recompute(ticket, by=world.maud, at=paris("2026-04-28 12:00"), motive="x", policy_version=short)
    assert (ticket.acknowledge_state, ticket.acknowledge_due_at) == (
        ClockState.MISSED,
        paris("2026-04-28 11:30"),
    )


def test_pauses_countdown_and_effects_follow_the_new_versions(world: World, ticket: Ticket) -> None:
    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-29 10:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer.",
    )  # fmt: skip
    assert ticket.closes_at == paris("2026-05-07 18:00")
    closed = calendar_version(world, "2026-05-04", "2026-05-05")
    ticket = recompute(
        ticket, by=world.maud, at=paris("2026-04-29 11:00"), motive="x", calendar_version=closed
    )
    assert ticket.closes_at == paris("2026-05-12 18:00"), "8 May is a holiday, 9 and 10 a week-end"
    assert Effect.objects.get(ticket=ticket, kind="closing").due_at == ticket.closes_at
    check_index(ticket)


def test_a_countdown_is_not_found_over_by_a_recompute(world: World) -> None:
    closed = calendar_version(world, "2026-05-04", "2026-05-05", "2026-05-06")
    first = CalendarVersion.objects.get(number=1)
    ticket = world.file("2026-04-28 10:30")
    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-29 10:00"), what=DeliveryKind.FIX, content="4.2.1",
        how_to_test="Relancer.",
    )  # fmt: skip
    assert ticket.calendar_version == closed
    with pytest.raises(IllegalMove, match=r"closed|clos|fermé"):
        recompute(ticket, by=world.maud, at=paris("2026-05-11 09:00"), motive="x", calendar_version=first)


def test_who_may_and_which_versions(world: World, ticket: Ticket) -> None:
    closed, at = calendar_version(world, "2026-04-30"), paris("2026-04-28 12:00")
    ticket = world.file("2026-04-10 10:30")
    for name in ("agnes", "paul", "claire", "marc", "olivia"):
        with pytest.raises(PermissionDenied):
            recompute(ticket, by=getattr(world, name), at=at, motive="x", calendar_version=closed)
    with pytest.raises(ValidationError) as refused:
        recompute(ticket, by=world.maud, at=at, motive="  ", calendar_version=closed)
    assert list(refused.value.error_dict) == ["motive"]
    other = CalendarVersion.objects.create(
        calendar=Calendar.objects.create(name="Autre"), number=1, published_at=paris("2026-01-01 09:00")
    )
    draft = CalendarVersion.objects.create(calendar=world.contract.calendar, number=8)
    ahead = calendar_version(world, number=9, at="2026-07-01 09:00")
    for version in (other, draft, ahead):
        with pytest.raises(ValidationError) as refused:
            recompute(ticket, by=world.maud, at=at, motive="x", calendar_version=version)
        assert list(refused.value.error_dict) == ["calendar_version"]
    same = ticket.calendar_version
    with pytest.raises(IllegalMove):
        recompute(ticket, by=world.maud, at=at, motive="x", calendar_version=same)
    with pytest.raises(StaleForm):
        recompute(ticket, by=world.maud, at=at, motive="x", calendar_version=ahead, seen=0)
    assert ticket.entries.count() == 1


def test_a_closed_ticket_is_not_recomputed(world: World, ticket: Ticket) -> None:
    closed = calendar_version(world, "2026-04-30")
    client.withdraw(ticket, by=world.claire, at=paris("2026-04-28 11:00"), message="Résolu.")
    with pytest.raises(IllegalMove):
        recompute(ticket, by=world.maud, at=paris("2026-04-28 12:00"), motive="x", calendar_version=closed)


@pytest.mark.parametrize("meanwhile", ["an act", "a deadline", "nothing"])
def test_what_is_applied_is_what_was_foreseen(world: World, meanwhile: str) -> None:
    ticket = world.file("2026-04-10 10:30")
    closed = calendar_version(world, "2026-04-14", at="2026-04-09 09:00")
    seen_at, at = paris("2026-04-10 14:00"), paris("2026-04-10 14:10")
    rules = rules_under(closed.pk, ticket.policy_version_id)
    foreseen = recomputed(facts_of(ticket), rules_of(ticket), rules, seen_at).fingerprint
    if meanwhile == "an act":
        vendor.acknowledge(ticket, by=world.agnes, at=seen_at, owner=world.agnes, message="Vu.")
    if meanwhile == "a deadline":
        # The acknowledgement was due at 14:30.
        at = paris("2026-04-10 14:31")
    count = ticket.entries.count()
    versions = Versions(calendar=closed)
    if meanwhile == "nothing":
        recompute_as_foreseen(ticket, by=world.maud, at=at, motive="x", versions=versions, foreseen=foreseen)
        assert ticket.entries.count() == count + 1
        return
    with pytest.raises(NotAsForeseen):
        recompute_as_foreseen(ticket, by=world.maud, at=at, motive="x", versions=versions, foreseen=foreseen)
    assert ticket.entries.count() == count


def test_the_client_and_the_owner_are_told_before_after_and_why(world: World, ticket: Ticket) -> None:
    ticket = vendor.acknowledge(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), owner=world.agnes, message="Vu."
    )
    closed, at = calendar_version(world, "2026-04-30"), paris("2026-04-28 12:00")
    Mail.objects.all().delete()
    recompute(ticket, by=world.maud, at=at, motive="Pont **accordé**.", calendar_version=closed)
    told = {mail.recipient: rendered(mail, at).body for mail in Mail.objects.all()}
    assert set(told) == {world.claire, world.agnes}
    for body in told.values():
        assert "Support France, version 1 → Support France, version 2" in body
        assert "11 mai, 10" in body.replace(" ", " ")
        assert "12 mai, 10" in body.replace(" ", " ")
        assert "Pont" in body


def test_an_index_that_names_another_version_is_found_and_mended(world: World, ticket: Ticket) -> None:
    closed = calendar_version(world, "2026-04-30")
    recompute(ticket, by=world.maud, at=paris("2026-04-28 12:00"), motive="x", calendar_version=closed)
    Ticket.objects.filter(pk=ticket.pk).update(calendar_version=CalendarVersion.objects.get(number=1))
    said = check_that_fails()
    assert f"#{ticket.pk} calendar_version_id: index says" in said
    assert "resolve_due_at" not in said, "the clocks follow the ledger, not the column"
    assert "rebuilt: 1" in check("--rebuild")
    assert check() == "Tickets replayed: 1; differing from their ledger: 0\n"


def test_a_breach_stands_where_the_new_policy_promises_nothing_and_every_page_says_so(world: World) -> None:
    first = PolicyVersion.objects.get(number=1)
    targets = {**default_targets(), "mineure": {"acknowledge": {"hours": 24}, "resolve": {"days": 1}}}
    PolicyVersion.objects.create(
        policy=world.contract.policy, number=2, targets=targets, published_at=paris("2026-04-20 09:00")
    )
    ticket = world.file("2026-04-28 10:30", "mineure")
    assert ticket.resolve_due_at == paris("2026-04-29 10:30")
    ticket = recompute(
        ticket, by=world.maud, at=paris("2026-04-30 09:00"), motive="Retour.", policy_version=first
    )
    assert (ticket.resolve_state, ticket.resolve_due_at) == (ClockState.MISSED, paris("2026-04-29 10:30"))
    check_index(ticket)
    assert "ledger: 0" in check()
    for name in ("maud", "claire"):
        browser = Client()
        browser.force_login(getattr(world, name))
        for address in ("", "clocks/", "statement/", "statement.json"):
            assert browser.get(f"{ticket.get_absolute_url()}{address}").status_code == 200, address
    document = browser.get(f"{ticket.get_absolute_url()}statement.json").json()
    assert document["kept"]["resolve"] == "2026-04-29T08:30:00+00:00"
    assert [each.name for each in verify(document) if not each.passed] == []
    browser.force_login(world.maud)
    for address in ("/queue/", "/figures/?month=2026-04", "/figures/?month=2026-05"):
        assert browser.get(address).status_code == 200, address
