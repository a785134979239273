"""The breach file: what is listed, what a finding must say, and that nothing of it is ever lost (K-11)."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.world import World, paris
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.breaches import find_breach
from tickets.actions.work import IllegalMove
from tickets.breachfile.missed import breaches_of
from tickets.clocks import rules_of, statement_of
from tickets.ledger import facts_of
from tickets.models import BreachFinding, Ticket
from tickets.monthly.issuing import build_report
from tickets.reports.dashboard import Dashboard
from tickets.reports.days import Days
from tickets.reports.months import Month
from tickets.tallies.measures import Scope
from tickets.words import Attribution, DeliveryKind, OutOfScopeGround, Promise

NOW = "2026-06-03 12:00"
FIELDS = {
    "cause": "Charge.", "attribution": "vendor", "comment": "Vu.", "corrective_action": "Renfort.", "seen": "0",
}  # fmt: skip


@pytest.fixture
def may(may: dict[str, Ticket]) -> Iterator[dict[str, Ticket]]:
    with time_machine.travel(paris(NOW), tick=False):
        yield may


def find(world: World, ticket: Ticket, **changed: object) -> BreachFinding:
    fields = {
        "by": world.maud, "at": paris(NOW), "cause": "Charge.", "attribution": Attribution.VENDOR,
        "comment": "Vu.", "corrective_action": "Renfort.", **changed,
    }  # fmt: skip
    return find_breach(ticket, Promise.RESOLVE, **fields)


def test_every_missed_deadline_of_the_month_is_listed_with_what_is_missing(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    client.force_login(world.maud)
    answer = client.get(reverse("breaches"), {"month": "2026-05"})
    listed = {(breach.ticket, breach.promise) for breach in answer.context["breaches"]}
    assert listed == {
        (may["late"], Promise.ACKNOWLEDGE), (may["late"], Promise.RESOLVE), (may["breached"], Promise.RESOLVE),
        (may["refused"], Promise.RESOLVE),
    }  # fmt: skip
    find(world, may["late"])
    missing = client.get(reverse("breaches"), {"month": "2026-05", "missing": "on"})
    assert missing.context["page"].paginator.count == 3


def test_k_7_what_waits_for_the_client_once_a_deadline_is_missed_makes_nothing_later(world: World) -> None:
    """Due on 13 May at 15:00; asked at 17:00, answered on the 15th at 10:00 (after a holiday), delivered at 11:00."""
    ticket = world.file("2026-05-11 09:00", "bloquante")
    by, at = {"by": world.agnes}, "2026-05-"
    vendor.acknowledge(ticket, **by, at=paris(f"{at}11 09:30"), owner=world.agnes, message="Je regarde.")
    vendor.ask(ticket, **by, at=paris(f"{at}13 17:00"), message="Quelle version ?")
    client_side.answer(ticket, by=world.claire, at=paris(f"{at}15 10:00"), message="La 4.2.")
    what = {"what": DeliveryKind.FIX, "content": "Corrigé.", "how_to_test": "Relancer."}
    ticket = vendor.deliver(ticket, **by, at=paris(f"{at}15 11:00"), **what)
    ticket = client_side.accept(ticket, by=world.claire, at=paris(f"{at}15 12:00"), message="Testé.")
    [found] = breaches_of([(ticket.pk, Promise.RESOLVE, None)], paris(NOW))
    clock = statement_of(facts_of(ticket), rules_of(ticket), paris(NOW)).resolve
    hour = 3_600_000_000
    assert (clock.gross - clock.net, clock.net - clock.span) == (2 * hour, 3 * hour)
    assert found.late == 3 * hour
    body = build_report(world.contract, Month(2026, 5), by=None, at=paris(NOW)).body
    assert [line["late"] for line in body["breaches"]] == [3 * hour]


def test_a_later_finding_replaces_and_erases_nothing(world: World, may: dict[str, Ticket]) -> None:
    first = find(world, may["late"])
    second = find(world, may["late"], cause="Erreur de tri.")
    assert [each.pk for each in BreachFinding.objects.standing()] == [second.pk]
    assert (first.revision, second.revision) == (1, 2)
    for change in (
        lambda: BreachFinding.objects.filter(pk=first.pk).update(cause="Autre"),
        lambda: BreachFinding.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("role", ["agnes", "marc", "claire", "paul"])
def test_a_support_manager_alone_keeps_the_file(
    client: Browser, world: World, may: dict[str, Ticket], role: str
) -> None:
    with pytest.raises(PermissionDenied):
        find(world, may["late"], by=getattr(world, role))
    client.force_login(getattr(world, role))
    url = reverse("breach", args=[may["late"].pk, "resolve"])
    assert client.get(url).status_code == 403
    assert client.post(url, FIELDS).status_code == 403
    assert not BreachFinding.objects.exists()


def test_an_exclusion_names_its_clause_and_nothing_else_does(world: World, may: dict[str, Ticket]) -> None:
    with pytest.raises(ValidationError):
        find(world, may["late"], attribution=Attribution.EXCLUDED)
    with pytest.raises(ValidationError):
        find(world, may["late"], clause=OutOfScopeGround.FORCE_MAJEURE)
    with pytest.raises(ValidationError):
        find(world, may["late"], attribution=Attribution.EXCLUDED, clause=OutOfScopeGround.TRAINING)
    with pytest.raises(IntegrityError), transaction.atomic():
        BreachFinding.objects.create(
            client=world.client, ticket=may["late"], promise="resolve", revision=9, cause="x", corrective_action="y",
            attribution=Attribution.EXCLUDED, author=world.maud, written_at=paris(NOW),
        )  # fmt: skip
    assert not BreachFinding.objects.exists()


def test_an_exclusion_leaves_the_breach_in_the_rate_and_shows_both(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    find(world, may["breached"], attribution=Attribution.EXCLUDED, clause=OutOfScopeGround.FORCE_MAJEURE)
    kept = Dashboard(Days.of_month(Month(2026, 5)), Scope(), paris(NOW), {}).all.resolve
    assert (kept.rate.met, kept.rate.missed, kept.excluded.number) == (2, 3, 1)
    assert (kept.rate_with_exclusions.met, kept.rate_with_exclusions.missed) == (2, 2)
    world.maud.language = "en"
    world.maud.save()
    client.force_login(world.maud)
    assert (
        "1 missed deadline excluded by name (K-11)" in client.get(reverse("board"), {"month": "2026-05"}).text
    )
    behind = client.get(kept.excluded.url)
    assert [row.ticket.pk for row in behind.context["rows"]] == [may["breached"].pk]


def test_a_client_manager_reads_the_same_figures_as_the_support_s_over_their_own(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    find(world, may["breached"], attribution=Attribution.EXCLUDED, clause=OutOfScopeGround.FORCE_MAJEURE)
    shown = []
    for reader, query in ((world.maud, {"client": world.client.pk}), (world.marc, {})):
        client.force_login(reader)
        board = client.get(reverse("board"), {"month": "2026-05", **query}).context["board"]
        kept = [
            (line.key, line.acknowledge.rate, line.resolve.rate, line.resolve.excluded.number)
            for line in board.severities
        ]
        counts = [(count.label, count.number) for count in (*board.flow, *board.apart)]
        shown.append((kept, board.all.resolve.excluded.number, counts, board.all.gross, board.all.net))
    assert shown[0] == shown[1]
    assert shown[1][1] == 1, "an exclusion is shown to both (K-11)"


def test_a_deadline_that_is_not_missed_has_no_file(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    with pytest.raises(IllegalMove):
        find(world, may["kept"])
    client.force_login(world.maud)
    for number, promise in ((may["kept"].pk, "resolve"), (999_999, "resolve"), (may["late"].pk, "nothing")):
        url = reverse("breach", args=[number, promise])
        assert client.get(url).status_code == 404
        assert client.post(url, FIELDS).status_code == 404


def test_a_finding_half_said_is_said_beside_its_form_and_an_overtaken_one_refused(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    client.force_login(world.maud)
    url = reverse("breach", args=[may["late"].pk, "resolve"])
    for wrong in (
        {"cause": " "}, {"comment": " "}, {"corrective_action": ""}, {"corrected_on": "2026-06-04"},
        {"attribution": "nobody"}, {"attribution": "excluded"},
        {"clause": "force_majeure"}, {"attribution": "excluded", "clause": "training"},
    ):  # fmt: skip
        assert client.post(url, {**FIELDS, **wrong}).status_code == 422, wrong
    assert not BreachFinding.objects.exists()
    assert client.post(url, FIELDS).status_code == 302
    assert client.post(url, FIELDS).status_code == 409, "somebody wrote since"
    assert BreachFinding.objects.count() == 1


def test_a_finding_written_before_its_comment_was_asked_for_is_listed_as_incomplete(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    BreachFinding.objects.create(
        client=world.client, ticket=may["late"], promise="resolve", revision=1, cause="Charge.", corrective_action="x",
        attribution=Attribution.VENDOR, author=world.maud, written_at=paris(NOW),
    )  # fmt: skip
    client.force_login(world.maud)
    query = {"month": "2026-05", "missing": "on"}
    assert client.get(reverse("breaches"), query).context["page"].paginator.count == 4
    assert "Commentaire manquant" in client.get(reverse("breaches"), query).text
    find(world, may["late"])
    assert client.get(reverse("breaches"), query).context["page"].paginator.count == 3


def test_the_day_on_which_the_action_was_done_is_said_by_a_later_finding(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    find(world, may["late"])
    client.force_login(world.maud)
    url = reverse("breach", args=[may["late"].pk, "resolve"])
    said = {field.name: field.value() or "" for field in client.get(url).context["form"]}
    assert client.post(url, {**said, "corrected_on": "2026-06-02"}).status_code == 302
    assert BreachFinding.objects.standing().get().corrected_on == date(2026, 6, 2)
    assert "2 juin 2026" in client.get(url).text


def test_an_overtaken_finding_is_sent_back_with_what_was_written_since_and_is_kept_when_sent_again(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    client.force_login(world.maud)
    url = reverse("breach", args=[may["late"].pk, "resolve"])
    find(world, may["late"], cause="Erreur de tri.")
    refused = client.post(url, {**FIELDS, "cause": "Panne du réseau."})
    assert refused.status_code == 409
    assert "Erreur de tri." in refused.text
    shown = {field.name: field.value() for field in refused.context["form"]}
    assert shown["cause"] == "Panne du réseau."
    assert client.post(url, {name: value or "" for name, value in shown.items()}).status_code == 302
    assert BreachFinding.objects.standing().get().cause == "Panne du réseau."


@pytest.mark.parametrize("many", [1, 3])
def test_the_price_of_the_list(client: Browser, world: World, django_assert_num_queries, many: int) -> None:
    with time_machine.travel(paris(NOW), tick=False):
        for minute in range(many):
            world.file(f"2026-05-27 09:{minute:02d}")
        client.force_login(world.maud)
        client.get(reverse("breaches"), {"month": "2026-05"})
        with django_assert_num_queries(
            9
        ):  # session, person, choices (2), number, rows, tickets, findings, facts
            answer = client.get(reverse("breaches"), {"month": "2026-05"})
    assert len(answer.context["breaches"]) == many
