"""What pages refuse in words, with the right status, and without keeping anything of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client as Organisation
from accounts.models import Deputation, Training, User
from sla.models import Calendar, Policy, PolicyVersion
from sla.pages.drafts import mark_of
from sla.policy import Severity
from sla.publication import next_draft
from tests.world import World, paris
from tickets.actions import vendor
from tickets.actions.canned import keep_canned
from tickets.actions.filing import Filing
from tickets.actions.importing import PastLife, import_ticket
from tickets.actions.work import IllegalMove
from tickets.list_exports.jobs import ask_export
from tickets.models import (
    Every,
    ExportFormat,
    ExportSchedule,
    ExportSource,
    ListExport,
    ListExportState,
    MonthlyReport,
    SavedView,
    Ticket,
)
from tickets.monthly.issuing import build_report
from tickets.reports.months import Month
from tickets.simulator.rows import Rows
from tickets.words import ClosingGround, DeliveryKind


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_days_that_cannot_be_are_refused_on_the_field_that_says_them(world: World) -> None:
    today = timezone.now().date()
    sent = {
        "person": world.claire.pk,
        "deputy": world.lucas.pk,
        "first_day": today + timedelta(days=9),
        "last_day": today,
    }
    answer = browser_of(world.marc).post(reverse("name_deputy"), sent)
    assert answer.status_code == 422
    assert not Deputation.objects.exists()


@pytest.mark.parametrize("kind", ["calendar", "policy"])
def test_the_changes_of_what_has_no_version_are_nowhere(world: World, kind: str) -> None:
    model = {"calendar": Calendar, "policy": Policy}[kind]
    empty = model.objects.create(name="Sans version")
    assert browser_of(world.maud).get(reverse(f"{kind}_changes", args=[empty.pk])).status_code == 404


def test_a_policy_published_without_a_motive_or_in_the_past_is_refused_on_its_field(world: World) -> None:
    draft = next_draft(PolicyVersion.objects.get(), by=world.maud)
    address, maud = reverse("policy_publish", args=[draft.pk]), browser_of(world.maud)
    seen = mark_of(draft)
    for words, field in (
        ({"seen": seen}, "motive"),
        ({"seen": seen, "motive": "Revue", "published_at": "2020-01-01T00:00"}, "published_at"),
    ):
        answer = maud.post(address, words)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert PolicyVersion.objects.get(pk=draft.pk).published_at is None


def test_a_canned_answer_left_blank_is_shown_again_and_stays_as_it_was(world: World) -> None:
    mine = keep_canned(None, by=world.agnes, title="Accueil", body="Bonjour.")
    answer = browser_of(world.agnes).post(
        reverse("canned_change", args=[mine.pk]), {"title": "Autre", "body": " "}
    )
    assert answer.status_code == 422
    mine.refresh_from_db()
    assert (mine.title, mine.body) == ("Accueil", "Bonjour.")


def test_texts_of_a_report_that_are_too_long_are_refused_and_the_former_stay(world: World) -> None:
    report = build_report(world.contract, Month.of(timezone.now()), by=world.maud, at=timezone.now())
    former = MonthlyReport.objects.get(pk=report.pk).synthesis
    sent = {"synthesis": "x" * 6001, "action_plan": "Rien."}
    answer = browser_of(world.maud).post(reverse("report_act", args=[report.pk, "review"]), sent)
    assert answer.status_code == 422
    assert MonthlyReport.objects.get(pk=report.pk).synthesis == former


def test_a_list_that_is_not_ones_own_leaves_by_no_mail(world: World) -> None:
    sent = {
        "name": "File", "source": ExportSource.QUEUE, "query": "", "suffix": ExportFormat.CSV, "every": Every.WEEK,
        "recipients": [world.marc.pk],
    }  # fmt: skip
    # Nobody may receive it: the form says so before the view would.
    assert browser_of(world.marc).post(reverse("list_schedule"), sent).status_code == 422
    assert not ExportSchedule.objects.exists()
    assert browser_of(world.marc).post(
        reverse("list_schedule"), {**sent, "source": ExportSource.PORTAL}
    ).status_code == 302  # fmt: skip


def test_a_file_made_before_the_right_was_lost_is_not_sent_any_more(world: World) -> None:
    export = ask_export(
        world.marc,
        ExportSource.FIGURES,
        "figure=received&from=2026-05-01&to=2026-05-31",
        ExportFormat.CSV,
        at=timezone.now(),
    )
    export.state = ListExportState.DONE
    export.file.save("", ContentFile(b"a"), save=True)
    address, marc = reverse("list_export_file", args=[export.pk]), browser_of(world.marc)
    assert b"".join(marc.get(address).streaming_content) == b"a"
    User.objects.filter(pk=world.marc.pk).update(role="reader")
    assert marc.get(address).status_code == 403
    assert browser_of(world.claire).get(address).status_code == 404
    assert ListExport.objects.count() == 1


def test_the_simulator_offers_no_more_rows_than_it_reads(world: World) -> None:
    now = timezone.now()
    assert Rows(QueryDict("pause-2-cause=client"), now).may_grow
    assert not Rows(QueryDict("pause-19-cause=client"), now).may_grow


def test_a_pause_of_another_age_is_refused_on_its_row(world: World) -> None:
    row = "pause-0-cause=question&pause-0-start=2199-01-01T10:00&pause-0-end=2199-01-02T10:00"
    rows = Rows(QueryDict(row), timezone.now())
    assert rows.waits(None) is None
    assert set(rows.forms[0].errors) == {"start", "end"}


def test_the_manager_of_a_client_that_is_closed_names_no_deputy(world: World) -> None:
    Training.objects.create(
        client=world.client,
        person=world.lucas,
        solution=world.solution,
        trained_on=date(2026, 1, 2),
        trainer="Une",
    )
    today = timezone.localdate()
    sent = {"person": world.claire.pk, "deputy": world.lucas.pk, "first_day": today, "last_day": today}
    marc = browser_of(world.marc)
    Organisation.objects.update(is_active=False)
    assert marc.post(reverse("name_deputy"), sent).status_code in {302, 403}
    assert not Deputation.objects.exists()
    Organisation.objects.update(is_active=True)
    assert browser_of(world.marc).post(reverse("name_deputy"), sent).status_code == 302
    assert Deputation.objects.exists()


def test_a_view_is_deleted_by_its_person_or_shared_by_a_manager_alone(world: World) -> None:
    shared = SavedView.objects.create(person=world.maud, name="À tous", query="", is_shared=True)
    own = SavedView.objects.create(person=world.bruno, name="Mienne", query="")
    agnes = browser_of(world.agnes)
    assert agnes.post(reverse("delete_view", args=[shared.pk])).status_code == 403
    assert agnes.post(reverse("delete_view", args=[own.pk])).status_code == 404
    assert SavedView.objects.count() == 2


def test_a_past_that_cannot_be_is_not_imported(world: World) -> None:
    past = PastLife(
        received_at=paris("2026-04-28 10:30"), contract=world.contract, reporter=world.claire,
        filing=Filing("Un titre", "Un texte", Severity.MAJEURE),
    )  # fmt: skip
    with pytest.raises(ValidationError):
        import_ticket(past, by=world.agnes, at=paris("2026-04-27 10:30"))
    assert not Ticket.objects.exists()


def test_k_17_a_workaround_under_test_closes_on_no_other_ground(world: World) -> None:
    ticket = world.file("2026-04-28 10:30")
    ticket = vendor.deliver(
        ticket, by=world.agnes, at=paris("2026-04-28 11:00"), what=DeliveryKind.WORKAROUND, content="Contournement",
        how_to_test="Relancer.",
    )  # fmt: skip
    ticket = vendor.warn(ticket, by=world.agnes, at=paris("2026-04-28 11:30"), message="Sans réponse…")
    with pytest.raises(IllegalMove, match="K-17"):
        vendor.close(
            ticket,
            by=world.agnes,
            at=paris("2026-04-28 12:00"),
            ground=ClosingGround.OUT_OF_SCOPE,
            message="Clos.",
        )
