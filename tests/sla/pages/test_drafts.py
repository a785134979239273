"""Editing a calendar: what a draft keeps, what is refused on its own field, publishing, discarding."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sla.models import CalendarVersion, Closure
from sla.publication import next_draft, publish
from tests.sla.pages.reading import text_of
from tests.sla.pages.test_calendars import closing, second_version
from tests.world import World

YEAR = timezone.localdate().year + 1


@pytest.fixture
def draft(world: World) -> CalendarVersion:
    return next_draft(CalendarVersion.objects.get(number=1), by=world.maud)


def typed(*closures: dict[str, str], **changes: object) -> dict[str, object]:
    """Return what the form of a draft holds, a row for each closure."""
    rows: dict[str, object] = {"closures-TOTAL_FORMS": str(len(closures)), "closures-INITIAL_FORMS": "0"}
    for index, closure in enumerate(closures):
        rows |= {f"closures-{index}-{name}": value for name, value in closure.items()}
    week = {f"day_{day}": "09:00-12:00, 14:00-18:00" if day < 6 else "" for day in range(1, 8)}
    holidays = [
        "Jour de l'an", "Lundi de Pâques", "Fête du Travail", "Fête de la Victoire", "Ascension",
        "Lundi de Pentecôte", "Fête nationale", "Assomption", "Toussaint", "Armistice", "Noël",
    ]  # fmt: skip
    return {
        "motive": "Pause déjeuner", "timezone": "Europe/Paris", "holiday_subdivision": "", "worked_days": "",
        "observed": holidays, **week, **rows, **changes,
    }  # fmt: skip


def closure(first: str, last: str = "", windows: str = "", motive: str = "Fermeture") -> dict[str, str]:
    return {"first_day": first, "last_day": last, "windows": windows, "motive": motive}


def seen_on(page: HttpResponse) -> str:
    """Return the mark of the draft that a page holds."""
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def keep(browser: Client, draft: CalendarVersion, data: dict[str, object]) -> HttpResponse:
    """Send the form of a draft as somebody who has just opened it."""
    return browser.post(address(draft), {"seen": seen_on(browser.get(address(draft))), **data})


def publish_by_page(browser: Client, draft: CalendarVersion, words: dict[str, object]) -> HttpResponse:
    """Send the form of a publication as somebody who has just opened it."""
    page = browser.get(address(draft, "publish"))
    return browser.post(address(draft, "publish"), {"seen": seen_on(page), **words})


def address(draft: CalendarVersion, act: str = "") -> str:
    return reverse(f"calendar_{act or 'draft'}", args=[draft.pk])


def test_a_draft_keeps_the_week_the_place_the_holidays_and_the_closures(browser, draft) -> None:
    maud = browser("maud")
    data = typed(
        closure(f"{YEAR}-08-02", f"{YEAR}-08-06", motive="Congés"),
        closure(f"{YEAR}-12-24", windows="9h-12h", motive="Veille de Noël"),
        holiday_subdivision="57",
        timezone="Indian/Reunion",
        worked_days=f"{YEAR}-07-14",
    )
    data["observed"] = [*data["observed"], "Vendredi saint", "Saint-Étienne"]
    data["observed"].remove("Lundi de Pentecôte")
    answer = keep(maud, draft, data)
    assert answer.status_code == 302, text_of(answer)
    draft.refresh_from_db()
    assert draft.weekly == {str(day): [["09:00", "12:00"], ["14:00", "18:00"]] for day in range(1, 6)}
    assert (draft.timezone, draft.holiday_subdivision) == ("Indian/Reunion", "57")
    assert draft.holidays_worked == ["Lundi de Pentecôte", f"{YEAR}-07-14"]
    assert [(each.first_day, each.last_day, each.windows) for each in draft.closures.all()] == [
        (date(YEAR, 8, 2), date(YEAR, 8, 6), []),
        (date(YEAR, 12, 24), date(YEAR, 12, 24), [["09:00", "12:00"]]),
    ]
    shown = maud.get(address(draft)).content.decode()
    assert 'value="Lundi de Pentecôte"' in shown
    assert 'value="Lundi de Pentecôte" checked' not in shown
    assert f'value="{YEAR}-12-24"' in shown


def test_the_holidays_of_alsace_moselle_are_offered_once_the_region_is_kept(browser, draft) -> None:
    maud = browser("maud")
    assert "Vendredi saint" not in text_of(maud.get(address(draft)))
    data = typed(holiday_subdivision="6AE")
    data["observed"] = [*data["observed"], "Vendredi saint", "Saint-Étienne"]
    assert keep(maud, draft, data).status_code == 302
    page = text_of(maud.get(address(draft)))
    assert "Vendredi saint" in page
    for region in ("Moselle", "Guadeloupe", "La Réunion", "Nouvelle-Calédonie"):
        assert region in page


@pytest.mark.parametrize(
    ("closures", "changes", "field", "reason"),
    [
        ([], {"day_1": "9-12, 11-18"}, "day_1", "The openings 09:00–12:00 and 11:00–18:00 overlap."),
        ([], {"day_2": "18:00-09:00"}, "day_2", "ends before it begins"),
        ([], {"day_3": "25:00-26:00"}, "day_3", "is not a time of the day"),
        ([], {"day_3": "le matin"}, "day_3", "is not an opening such as"),
        ([], {f"day_{day}": "" for day in range(1, 8)}, "day_1", "would never be open"),
        ([], {"timezone": "Mars/Olympus"}, "timezone", "Select a valid choice"),
        ([], {"holiday_subdivision": "Zone Z"}, "holiday_subdivision", "Select a valid choice"),
        ([], {"worked_days": f"{YEAR}-07-15"}, "worked_days", "is not a public holiday"),
        ([], {"worked_days": "bientôt"}, "worked_days", "no public holiday is called"),
        ([closure(f"{YEAR}-08-06", f"{YEAR}-08-02")], {}, "closures-0-last_day", "cannot end before it begins"),
        ([closure(f"{YEAR}-02-30")], {}, "closures-0-first_day", "Enter a valid date"),
        ([closure(f"{YEAR}-08-02", "2090-08-02")], {}, "closures-0-last_day", "ten years at most"),
        ([closure(f"{YEAR}-08-02", windows="14-12")], {}, "closures-0-windows", "ends before it begins"),
        ([closure(f"{YEAR}-08-02", motive="")], {}, "closures-0-motive", "This field is required"),
        (
            [closure(f"{YEAR}-08-02", f"{YEAR}-08-06"), closure(f"{YEAR}-08-05")],
            {}, "closures-1-first_day", "Another closure of this calendar covers one of these days",
        ),
        ([closure("2025-06-02")], {}, "closures-0-first_day", "is past, and version 1, which is published"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_on_its_field_and_nothing_typed_is_lost(
    browser, draft, closures, changes, field, reason
) -> None:
    answer = keep(browser("maud"), draft, typed(*closures, **{"motive": "Un mot gardé", **changes}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert reason in text_of(answer)
    assert f'id="id_{field}_error"' in page
    assert "Un mot gardé" in page
    for value in changes.values():
        assert field in {"timezone", "holiday_subdivision"} or str(value) in page
    draft.refresh_from_db()
    assert draft.motive == ""
    assert not draft.closures.exists()


def test_a_past_closure_of_the_published_version_stays_in_the_next(browser, world: World) -> None:
    first = CalendarVersion.objects.create(calendar=world.contract.calendar, number=2)
    closing(first, "2025-06-02", motive="Séminaire")
    first.published_at = timezone.now() - timedelta(days=300)
    first.save()
    draft = next_draft(first, by=world.maud)
    kept = keep(browser("maud"), draft, typed(closure("2025-06-02", motive="Séminaire")))
    assert kept.status_code == 302, text_of(kept)
    gone = keep(browser("maud"), draft, typed())
    assert gone.status_code == 422
    assert "2 June 2025 is past" in text_of(gone) or "June 2, 2025 is past" in text_of(gone)
    # Nor by the back door: what the draft says is checked again when it is published.
    Closure.objects.filter(version=draft).delete()
    answer = publish_by_page(browser("maud"), draft, {"motive": "Sans séminaire"})
    assert answer.status_code == 422
    assert "is past, and version 2, which is published" in text_of(answer)


def test_a_row_is_added_without_a_script_and_keeps_what_was_typed(browser, draft) -> None:
    data = typed(closure(f"{YEAR}-08-02", motive="Pont de l'été"), add="1")
    page = keep(browser("maud"), draft, data).content.decode()
    assert 'name="closures-1-first_day"' in page
    assert "Pont de l&#x27;été" in page
    assert not draft.closures.exists()


def test_publishing_says_who_why_and_since_when_and_then_nothing_changes(
    browser, world: World, draft
) -> None:
    closing(draft, f"{YEAR}-12-24", motive="Veille de Noël")
    maud = browser("maud")
    page = text_of(maud.get(address(draft, "publish")))
    assert "Added: " in page
    before = timezone.now()
    answer = publish_by_page(maud, draft, {"motive": "Fin d'année", "published_at": ""})
    assert answer.status_code == 302, text_of(answer)
    draft.refresh_from_db()
    assert (draft.author, draft.motive) == (world.maud, "Fin d'année")
    assert before <= draft.published_at <= timezone.now()
    assert draft.closures.get().published_on == timezone.localdate()
    for act in ("", "publish", "discard"):
        refused = maud.post(address(draft, act), typed(motive="Trop tard"))
        assert refused.status_code == 409
        assert "never changes any more" in text_of(refused)
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarVersion.objects.filter(pk=draft.pk).update(motive="Réécrit")


def test_a_version_may_be_published_ahead_and_never_two_in_force_at_once(
    browser, world: World, draft
) -> None:
    maud = browser("maud")
    ahead = timezone.localtime().replace(hour=12) + timedelta(days=10)  # an hour that no night skips
    other = next_draft(CalendarVersion.objects.get(number=1), by=world.maud)
    words = {"motive": "Été", "published_at": f"{ahead:%Y-%m-%dT%H:%M}"}
    assert publish_by_page(maud, draft, words).status_code == 302
    page = text_of(maud.get(reverse("calendar", args=[draft.calendar_id])))
    assert "Version 1 in force" in page, "what is announced is not in force yet"
    for instant in (words["published_at"], ""):
        refused = publish_by_page(maud, other, {**words, "published_at": instant})
        assert refused.status_code == 422
        assert "two versions are never in force at once" in text_of(refused)
        assert 'id="id_published_at_error"' in refused.content.decode()
        assert "Été" in text_of(refused)


@pytest.mark.parametrize(
    ("words", "field", "reason"),
    [
        ({"motive": ""}, "motive", "This field is required"),
        ({"motive": "x", "published_at": "2025-02-01T09:00"}, "published_at", "in the past"),
        ({"motive": "x", "published_at": "demain"}, "published_at", "Enter a valid date/time"),
    ],
)
def test_a_publication_is_refused_on_its_field(browser, draft, words, field, reason) -> None:
    answer = publish_by_page(browser("maud"), draft, words)
    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_draft_thrown_away_leaves_nothing(browser, draft) -> None:
    closing(draft, f"{YEAR}-12-24")
    answer = browser("maud").post(address(draft, "discard"))
    assert answer.status_code == 302
    assert not CalendarVersion.objects.filter(pk=draft.pk).exists()
    assert not Closure.objects.exists()


def test_a_closure_keeps_the_day_of_its_first_publication(browser, world: World) -> None:
    version = second_version(world, (f"{YEAR}-12-24", {"motive": "Veille de Noël"}))
    day = timezone.localdate() - timedelta(days=40)
    draft = next_draft(version, by=world.maud)
    draft.closures.update(published_on=day)
    data = typed(closure(f"{YEAR}-12-24", motive="Veille de Noël, matin"), closure(f"{YEAR}-12-31"))
    assert keep(browser("maud"), draft, data).status_code == 302
    draft.motive = "x"
    draft.save()
    publish(draft, by=world.maud, at=timezone.now())
    assert [each.published_on for each in draft.closures.all()] == [day, timezone.localdate()]
    assert [each["published"] for each in draft.as_document()["closures"]] == [
        day.isoformat(), timezone.localdate().isoformat(),
    ]  # fmt: skip


def test_two_drafts_from_one_version_have_two_numbers(browser, world: World) -> None:
    first = CalendarVersion.objects.get()
    for number in (2, 3):
        answer = browser("maud").post(reverse("calendar_next", args=[first.pk]))
        assert answer.headers["Location"] == address(CalendarVersion.objects.get(number=number))


def test_a_closure_that_is_past_before_the_version_is_in_force_is_refused(browser, draft) -> None:
    day = timezone.localdate() + timedelta(days=3)
    closing(draft, day.isoformat())
    ahead = timezone.localtime().replace(hour=12) + timedelta(days=10)  # an hour that no night skips
    words = {"motive": "Trop tard", "published_at": f"{ahead:%Y-%m-%dT%H:%M}"}
    refused = publish_by_page(browser("maud"), draft, words)
    assert refused.status_code == 422
    assert "is past, and version 1, which is published" in text_of(refused)
    assert publish_by_page(browser("maud"), draft, {"motive": "À temps"}).status_code == 302


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"closures-TOTAL_FORMS": "beaucoup", "closures-INITIAL_FORMS": "0"},
        {"closures-TOTAL_FORMS": "99999999", "closures-INITIAL_FORMS": "0", "add": "1"},
        {"add": "1"},
        {"day_1": "\0", "motive": "\0", "closures-TOTAL_FORMS": "1", "closures-INITIAL_FORMS": "0",
         "closures-0-first_day": "9999-12-31", "closures-0-motive": "\0"},
    ],
)  # fmt: skip
def test_a_form_sent_by_no_page_is_refused_and_changes_nothing(browser, draft, data) -> None:
    answer = browser("maud").post(address(draft), data)
    assert answer.status_code in {200, 422}
    assert not draft.closures.exists()
    draft.refresh_from_db()
    assert draft.motive == ""


def test_the_ends_of_time_are_a_closure_like_another(browser, draft) -> None:
    data = typed(closure("9999-12-31", motive="Fin"))
    assert keep(browser("maud"), draft, data).status_code == 302
    year = reverse("calendar", args=[draft.calendar_id])
    assert browser("maud").get(f"{year}?version={draft.pk}").status_code == 200
    assert publish_by_page(browser("maud"), draft, {"motive": "Fin"}).status_code == 302
    assert browser("claire").get(reverse("calendar_feed", args=[draft.calendar_id])).status_code == 200


def test_what_somebody_else_kept_meanwhile_is_not_lost_in_silence(browser, draft) -> None:
    maud, paul = browser("maud"), browser("paul")
    seen = seen_on(maud.get(address(draft)))
    assert keep(paul, draft, typed(closure(f"{YEAR}-12-24"), motive="De Paul")).status_code == 302
    row = maud.post(address(draft), {**typed(motive="De Maud"), "seen": seen, "add": "1"})
    assert f'name="seen" value="{seen}"' in row.content.decode(), "a row more is no reading of the draft"
    overtaken = maud.post(address(draft), {**typed(motive="De Maud"), "seen": seen})
    assert overtaken.status_code == 409
    page = overtaken.content.decode()
    assert "Somebody kept this draft otherwise while you were writing." in text_of(overtaken)
    assert "De Maud" in page
    draft.refresh_from_db()
    assert (draft.motive, draft.closures.count()) == ("De Paul", 1)
    again = seen_on(overtaken)
    assert maud.post(address(draft), {**typed(motive="De Maud"), "seen": again}).status_code == 302
    draft.refresh_from_db()
    assert (draft.motive, draft.closures.count()) == ("De Maud", 0)


def test_what_is_published_is_what_was_seen(browser, draft) -> None:
    maud, paul = browser("maud"), browser("paul")
    shown = maud.get(address(draft, "publish"))
    assert keep(paul, draft, typed(closure(f"{YEAR}-12-24", motive="De Paul"))).status_code == 302
    overtaken = maud.post(address(draft, "publish"), {"motive": "De Maud", "seen": seen_on(shown)})
    assert overtaken.status_code == 409
    said = text_of(overtaken)
    assert "nothing is published" in said
    assert "De Paul" in said
    assert "De Maud" in said
    draft.refresh_from_db()
    assert (draft.published_at, draft.motive) == (None, "Pause déjeuner")
    agreed = maud.post(address(draft, "publish"), {"motive": "De Maud", "seen": seen_on(overtaken)})
    assert agreed.status_code == 302
    draft.refresh_from_db()
    assert (draft.motive, draft.published_at is None) == ("De Maud", False)


def test_a_publication_refused_leaves_the_draft_as_it_was(browser, world: World, draft) -> None:
    refused = publish_by_page(browser("maud"), draft, {"motive": "Hier", "published_at": "2025-02-01T09:00"})
    assert refused.status_code == 422
    draft.refresh_from_db()
    assert (draft.motive, draft.published_at) == ("", None)


def test_a_publication_sent_by_no_page_publishes_nothing(browser, draft) -> None:
    assert browser("maud").post(address(draft, "publish"), {"motive": "Au hasard"}).status_code == 409
    draft.refresh_from_db()
    assert draft.published_at is None
