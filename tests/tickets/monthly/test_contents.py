"""What a report holds beside its figures: the versions in force, the rule of its tables, the grounds, the addresses."""

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from sla.models import CalendarVersion, PolicyVersion
from tests.tickets.monthly.reading import plain, sheets_of, text_of
from tests.world import World, paris
from tickets.models import Ticket
from tickets.monthly.document import document_of
from tickets.monthly.files import write_csv, write_pdf, write_xlsx
from tickets.monthly.issuing import build_report
from tickets.monthly.sections import cover_of, sections_of
from tickets.reports.counting import MONTH_RULE
from tickets.reports.months import Month

MAY = Month(2026, 5)
AT = "2026-06-02 11:00"
pytestmark = pytest.mark.usefixtures("in_june")
DUPLICATE, WITHDRAWN = "Doublon d’un autre ticket (K-19)", "Retiré par le client (K-19)"
GOVERNED = {"flow", "commitments", "breaches", "trend", "tickets"}


def test_c_cal_3_without_any_ticket_the_versions_in_force_are_said_with_their_targets(world: World) -> None:
    document = document_of(build_report(world.other_contract, MAY, by=world.maud, at=paris(AT)))
    assert document["tickets"] == []
    with translation.override("en"):
        cover = dict(cover_of(document))
        [section] = [each for each in sections_of(document) if each.key == "commitments"]
    assert cover["Calendar"].startswith("Support France, version 1")
    assert cover["Service levels"].startswith("Standard, version 1")
    kept, _times = section.tables
    assert [row[:3] for row in kept.rows[:2]] == [
        ["Blocking", "Acknowledgement", "2 business hours"],
        ["Blocking", "Resolution", "24 business hours"],
    ]
    assert all(row[3:] == [0, 0, 0, None, 0] for row in kept.rows)


def test_c_cal_3_every_version_in_force_within_the_month_is_said_and_no_other(world: World) -> None:
    policy = world.other_contract.policy
    first = policy.versions.get()
    wanted = {str(first.pk)}
    for number, published in ((2, "2026-05-15 00:00"), (3, "2026-06-01 00:00")):
        version = PolicyVersion.objects.create(policy=policy, number=number, targets=first.targets)
        version.published_at = paris(published)
        version.save()
        if number == 2:
            wanted.add(str(version.pk))
    document = document_of(build_report(world.other_contract, MAY, by=world.maud, at=paris(AT)))
    assert set(document["policies"]) == wanted
    assert set(document["calendars"]) == {str(CalendarVersion.objects.get().pk)}
    with translation.override("en"):
        [section] = [each for each in sections_of(document) if each.key == "commitments"]
    assert [table.caption.partition(" under ")[2].partition(", published")[0] for table in section.tables] == [
        "Standard, version 1", "Standard, version 1", "Standard, version 2", "Standard, version 2",
        "every version", "every version, in business time",
    ]  # fmt: skip


def test_the_rule_of_the_month_is_under_every_table_that_it_governs(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    report = build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    document = document_of(report)
    with translation.override("fr"):
        rule = str(MONTH_RULE)
        ruled = [
            (section.key, table.caption)
            for section in sections_of(document)
            for table in section.tables
            if table.note == rule
        ]
        sheets = sheets_of(write_xlsx(document))
    assert {key for key, _caption in ruled} == GOVERNED
    client.force_login(world.maud)
    text = client.get(reverse("report", args=[report.pk])).text
    assert text.count(escape(rule)) == len(ruled) + 1  # and in the annex of definitions
    assert sum(rule in rows[-1] for rows in sheets.values()) == len(ruled)
    assert text_of(write_pdf(document)).count(plain(rule)[:60]) == len(ruled) + 1


def test_the_annex_names_the_zone_that_days_are_counted_in(world: World, may: dict[str, Ticket]) -> None:
    document = document_of(build_report(world.contract, MAY, by=world.maud, at=paris(AT)))
    assert f"sont ceux de {settings.SUPPORT_ZONE.key}" in text_of(write_pdf(document))


def test_duplicates_and_withdrawals_are_told_by_the_ground_of_their_closing(
    world: World, may: dict[str, Ticket]
) -> None:
    document = document_of(build_report(world.contract, MAY, by=world.maud, at=paris(AT)))
    lines = write_csv(document).decode("utf-8-sig").split("\r\n")
    for name, ground in (("duplicate", DUPLICATE), ("withdrawn", WITHDRAWN)):
        [line] = [line for line in lines if line.startswith(f"#{may[name].pk} ")]
        assert ground in line.split(";"), line
    text, rows = text_of(write_pdf(document)).replace(" ", ""), sheets_of(write_xlsx(document)).values()
    for ground in (DUPLICATE, WITHDRAWN):
        assert ground.replace(" ", "") in text
        assert any(ground in row for sheet in rows for row in sheet)


def test_on_the_page_tickets_lead_to_themselves_and_missed_deadlines_to_their_statement(
    client: Browser, world: World, may: dict[str, Ticket]
) -> None:
    report = build_report(world.contract, MAY, by=world.maud, at=paris(AT))
    client.force_login(world.maud)
    text = client.get(reverse("report", args=[report.pk])).text
    for line in report.body["tickets"]:
        address = reverse("ticket", args=[line["number"]])
        assert f'<a href="{address}">#{line["number"]} ' in text.split('id="tickets"')[1]
    missed = text.split('id="breaches"')[1].split("</section>")[0]
    assert report.body["breaches"]
    for breach in report.body["breaches"]:
        address = reverse("statement", args=[breach["ticket"]])
        assert f'href="{address}"' in missed
        assert client.get(address).status_code == 200
