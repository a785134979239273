"""Recomputing many tickets: the choice, the preview that writes nothing, the act that does what was previewed."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from sla.models import CalendarVersion, Closure, PolicyVersion, default_targets
from sla.publication import next_draft, publish
from tests.sla.pages.reading import text_of
from tests.tickets.management.test_check_ledger import check
from tests.world import World
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.models import LedgerEntry, Ticket
from tickets.recomputing import preview as previews
from tickets.recomputing.preview import touched_by
from tickets.words import EntryKind


@pytest.fixture
def maud(world: World) -> Client:
    User.objects.update(language="en")
    client = Client()
    client.force_login(world.maud)
    return client


def filed(world: World, count: int = 1, contract=None, by=None, severity: str = "majeure") -> list[Ticket]:
    filing = Filing(title="L'export s'arrête", description="Vide.", severity=severity)
    at = timezone.now()
    return [
        file_ticket(contract or world.contract, filing, by=by or world.claire, at=at)
        for _each in range(count)
    ]


def closed_week(world: World, by: User | None = None, *, publish_it: bool = True) -> CalendarVersion:
    """Write a version closed from tomorrow for a month: every deadline of a Majeure moves."""
    draft = next_draft(CalendarVersion.objects.order_by("-number").first(), by=by or world.maud)
    day = timezone.localdate()
    Closure.objects.create(
        version=draft, first_day=day + timedelta(days=1), last_day=day + timedelta(days=31), motive="Congés"
    )
    draft.motive = "Congés annuels"
    draft.save()
    return publish(draft, by=world.maud, at=timezone.now()) if publish_it else draft


def seal_in(answer) -> str:
    return re.search(r'name="seal" value="([^"]+)"', answer.content.decode())[1]


def choice(version: CalendarVersion, **narrowing: object) -> dict[str, object]:
    return {"calendar_version": version.pk, **narrowing}


def test_the_page_opens_on_its_choice_and_asks_for_one_version(maud: Client, world: World) -> None:
    page = maud.get(reverse("recompute"))
    assert "Support France, version 1" in text_of(page)
    asked = maud.get(reverse("recompute"), {"client": world.client.pk})
    assert "Choose a calendar or a policy to apply." in text_of(asked)
    draft = closed_week(world, publish_it=False)
    unknown = maud.get(reverse("recompute"), choice(draft))
    assert "Select a valid choice" in text_of(unknown)


def test_the_preview_says_what_moves_and_writes_nothing(maud: Client, world: World) -> None:
    filed(world, 2)
    filed(world, 1, world.other_contract, world.olivia, "mineure")
    version = closed_week(world)
    before = list(LedgerEntry.objects.values_list("pk", flat=True))
    page = text_of(maud.get(reverse("recompute"), choice(version)))
    assert "Tickets 3" in page
    assert "L'export s'arrête" in page
    assert "later" in page
    assert "Recompute 3 tickets" in page
    mine = text_of(maud.get(reverse("recompute"), choice(version, client=world.client.pk)))
    assert "Tickets 2" in mine
    # Once, among the contracts that may be chosen.
    assert (page.count("Clinique des Tilleuls · Gestia"), mine.count("Clinique des Tilleuls · Gestia")) == (
        2,
        1,
    )
    assert list(LedgerEntry.objects.values_list("pk", flat=True)) == before


def test_what_was_previewed_is_applied_ticket_by_ticket(maud: Client, world: World) -> None:
    tickets = filed(world, 3)
    version = closed_week(world)
    preview = maud.get(reverse("recompute"), choice(version))
    # One ticket moves between the preview and the act; one is filed, under the new version already.
    vendor.acknowledge(tickets[1], by=world.agnes, at=timezone.now(), owner=world.agnes, message="Vu.")
    later = filed(world)[0]
    answer = maud.post(reverse("recompute_apply"), {"motive": "Congés accordés", "seal": seal_in(preview)})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "2 tickets are recomputed as previewed" in page
    assert "1 ticket is left as it was." in page
    assert f"#{tickets[1].pk} L'export s'arrête : This ticket has changed since the preview" in page
    recomputed = LedgerEntry.objects.filter(kind=EntryKind.RECOMPUTED).values_list("ticket", flat=True)
    assert sorted(recomputed) == [tickets[0].pk, tickets[2].pk]
    assert later.entries.count() == 1
    assert "ledger: 0" in check()
    again = maud.post(reverse("recompute_apply"), {"motive": "Congés accordés", "seal": seal_in(preview)})
    assert "3 tickets are left as they were." in text_of(again), "the same form sent twice does nothing twice"
    claire = Client()
    claire.force_login(world.claire)
    seen = text_of(claire.get(tickets[0].get_absolute_url()))
    assert "Delays recomputed under other versions (C-CAL-3)" in seen
    assert "Congés accordés" in seen
    assert "Support France, version 1 → Support France, version 2" in seen


def test_without_a_motive_the_preview_comes_back_with_its_refusal(maud: Client, world: World) -> None:
    filed(world)
    version = closed_week(world)
    preview = maud.get(reverse("recompute"), choice(version))
    address = f"{reverse('recompute_apply')}?calendar_version={version.pk}"
    answer = maud.post(address, {"motive": "  ", "seal": seal_in(preview)})
    assert answer.status_code == 422
    assert 'id="id_motive_error"' in answer.content.decode()
    assert "Recompute 1 ticket" in text_of(answer)
    assert not LedgerEntry.objects.filter(kind=EntryKind.RECOMPUTED).exists()


def test_a_preview_forged_or_of_somebody_else_is_refused(maud: Client, world: World) -> None:
    filed(world)
    version = closed_week(world)
    seal = seal_in(maud.get(reverse("recompute"), choice(version)))
    forged = maud.post(reverse("recompute_apply"), {"motive": "x", "seal": f"x{seal}"})
    assert forged.status_code == 409
    User.objects.filter(pk=world.bruno.pk).update(role="manager")
    bruno = Client()
    bruno.force_login(User.objects.get(pk=world.bruno.pk))
    assert bruno.post(reverse("recompute_apply"), {"motive": "x", "seal": seal}).status_code == 409
    assert not LedgerEntry.objects.filter(kind=EntryKind.RECOMPUTED).exists()


def test_a_policy_is_applied_alike_and_a_breach_is_said_to_stay(maud: Client, world: World) -> None:
    at = timezone.now() - timedelta(days=20)
    filing = Filing(title="Ancien", description="Vide.", severity="majeure")
    file_ticket(world.contract, filing, by=world.claire, at=at)
    targets = default_targets()
    # Every severity met counts (K-10): those below a Majeure are given time too.
    targets["majeure"] = {"acknowledge": {"hours": 900}, "resolve": {"days": 90}}
    targets["mineure"] = {"acknowledge": {"hours": 900}, "resolve": None}
    policy = PolicyVersion.objects.create(
        policy=world.contract.policy, number=2, targets=targets, published_at=timezone.now()
    )
    preview = maud.get(reverse("recompute"), {"policy_version": policy.pk})
    assert "stays missed (K-11)" in text_of(preview)
    assert "Stay missed (K-11) 2" in text_of(preview)
    maud.post(reverse("recompute_apply"), {"motive": "Renégocié", "seal": seal_in(preview)})
    ticket = Ticket.objects.get()
    assert (ticket.policy_version, ticket.acknowledge_state, ticket.resolve_state) == (
        policy,
        "missed",
        "missed",
    )


def test_too_many_tickets_at_once_are_to_be_narrowed(maud: Client, world: World, monkeypatch) -> None:
    filed(world, 2)
    version = closed_week(world)
    monkeypatch.setattr("tickets.recomputing.views.MOST", 1)
    assert "2 tickets are concerned, and 1 at most" in text_of(
        maud.get(reverse("recompute"), choice(version))
    )
    assert previews.MOST == 300


def test_only_what_moves_may_be_asked_for(maud: Client, world: World) -> None:
    filed(world, 1, severity="majeure")
    filed(world, 1, severity="bloquante")
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    day = timezone.localdate() + timedelta(days=200)
    Closure.objects.create(version=draft, first_day=day, last_day=day, motive="Loin")
    draft.motive = "x"
    draft.save()
    version = publish(draft, by=world.maud, at=timezone.now())
    assert "Tickets 2" in text_of(maud.get(reverse("recompute"), choice(version)))
    assert "No ticket would change" in text_of(
        maud.get(reverse("recompute"), choice(version, moved_only="on"))
    )


def test_a_draft_is_tried_and_nothing_is_written(maud: Client, world: World) -> None:
    tickets = filed(world, 2)
    draft = closed_week(world, publish_it=False)
    page = text_of(maud.get(reverse("recompute_trial", args=[draft.pk])))
    assert "Tickets 2" in page
    assert "Would become missed 0" in page
    assert [line.ticket for line in touched_by(draft, world.maud, timezone.now())] == tickets
    assert not LedgerEntry.objects.filter(kind=EntryKind.RECOMPUTED).exists()
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_draft_that_cannot_be_is_said_to_be_wrong(maud: Client, world: World) -> None:
    filed(world)
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    CalendarVersion.objects.filter(pk=draft.pk).update(weekly={})
    answer = maud.get(reverse("recompute_trial", args=[draft.pk]))
    assert answer.status_code == 422
    assert "would never be open" in text_of(answer)


def test_the_price_of_a_preview(maud: Client, world: World, django_assert_num_queries) -> None:
    filed(world)
    version = closed_week(world)
    for _turn in range(2):
        maud.get(reverse("recompute"), choice(version))  # the versions are compiled once a process
        with django_assert_num_queries(11):
            maud.get(reverse("recompute"), choice(version))
        with django_assert_num_queries(6):
            maud.get(reverse("recompute_trial", args=[version.pk]))
        filed(world, 2)
        Ticket.objects.update(calendar_version=CalendarVersion.objects.get(number=1))


def test_a_manager_tries_and_recomputes_one_ticket_from_its_page(maud: Client, world: World) -> None:
    ticket = filed(world)[0]
    version = closed_week(world)
    address = reverse("ticket_action", args=[ticket.pk, "recompute"])
    form = maud.get(address)
    assert "Worked out as if it were confirmed at this minute." in text_of(form)
    assert "Resolution: due" in text_of(form)
    seen = re.search(r'name="seen" value="([\d-]+)"', form.content.decode())[1]
    typed = {"calendar_version": version.pk, "policy_version": ticket.policy_version_id, "seen": seen}
    assert maud.post(address, {**typed, "motive": ""}).status_code == 422
    assert maud.post(address, {**typed, "motive": "Congés"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.calendar_version == version
