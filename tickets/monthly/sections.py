"""The report in the order in which a steering committee reads it: sections of tables of typed cells, put in words.

The page, the PDF and the spreadsheet are all made of these. To be called with the document's language and the
contract's time zone active.
"""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sla.compliance import Rate
from tickets.models import CLOCK_STATES
from tickets.monthly import annex, happened, since_sections
from tickets.monthly.commitments import commitments
from tickets.monthly.tables import Kind, Leading, Section, Table
from tickets.monthly.words import (
    named,
    paragraphs_of,
    published,
    say_day,
    say_moment,
    say_severity,
    say_version,
)
from tickets.reports.counting import AGES, Figure
from tickets.reports.months import Month
from tickets.reports.page import say_age
from tickets.words import Attribution, ClosingGround, OutOfScopeGround, Promise, State

JSON = dict[str, Any]


def sections_of(document: JSON) -> list[Section]:
    """Return the sections in their order; the cover is `cover_of`."""
    figures, titles = document["figures"], {line["number"]: line["title"] for line in document["tickets"]}
    return [
        Section("synthesis", _("Synthesis"), paragraphs_of(document["synthesis"])),
        _flow(figures["flow"], figures["apart"], annex.month_rule(document)),
        commitments(document),
        _breaches(document, titles),
        *since_sections.known_since(document),
        happened.pauses(figures, titles),
        happened.requalified(figures, titles),
        happened.tacit(figures, titles),
        happened.outside(figures, titles),
        happened.deliveries(figures, titles),
        _trend(document),
        Section("actions", _("Action plan"), paragraphs_of(document["action_plan"]) or [_("None.")]),
        _tickets(document),
        Section(
            "definitions",
            _("Annex: what every figure means"),
            definitions=annex.definitions(document),
        ),
    ]


def cover_of(document: JSON) -> list[tuple[str, str]]:
    """Return what the cover says: term and value."""
    contract = document["contract"]
    ends_on = contract["ends_on"]
    held = (
        _("from %(first)s to %(last)s") % {"first": say_day(contract["starts_on"]), "last": say_day(ends_on)}
        if ends_on
        else _("since %(first)s") % {"first": say_day(contract["starts_on"])}
    )
    versions = [
        (_("Calendar"), say_version(version))
        for version in sorted(document["calendars"].values(), key=published)
    ] + [
        (_("Service levels"), say_version(version))
        for version in sorted(document["policies"].values(), key=published)
    ]
    facts = [
        (_("Client"), document["client"]),
        (_("Contract"), f"{contract['reference']} · {held}"),
        (_("Solution"), contract["solution"]),
        (_("Period"), date_format(Month.from_text(document["month"]).first_day, "F Y")),
        *versions,
        (_("Date of the figures"), say_moment(document["figures_at"])),
        (_("Recipients"), ", ".join(document["recipients"]) or _("nobody")),
    ]
    if document.get("reviewed_at"):
        values = {"person": document["reviewed_by"], "at": say_moment(document["reviewed_at"])}
        facts.append((_("Reviewed by"), _("%(person)s, %(at)s") % values))
    if document["issued_at"]:
        values = {"person": document["issued_by"], "at": say_moment(document["issued_at"])}
        facts.append((_("Signed off by"), _("%(person)s, %(at)s") % values))
    return facts


def title_of(document: JSON) -> str:
    """Return the title of the report."""
    month = date_format(Month.from_text(document["month"]).first_day, "F Y")
    if document["corrects"]:
        return _("Erratum to the service-level report of %(month)s") % {"month": month}
    return _("Service-level report of %(month)s") % {"month": month}


def number_of(document: JSON) -> str:
    """Return how the report is named: its number, or that it is a draft."""
    if document["number"] is None:
        return _("Draft, not issued")
    return _("Report no. %(number)d") % {"number": document["number"]}


def _flow(flow: JSON, apart: JSON, rule: str) -> Section:
    stock = Table(
        _("Flow and stock, by severity"),
        [
            (_("Severity"), Kind.WORD),
            (_("Tickets received"), Kind.COUNT),
            (_("Tickets closed"), Kind.COUNT),
            *[(_("Open, %(age)s") % {"age": say_age(*age)}, Kind.COUNT) for age in AGES],
        ],
        [
            [say_severity(line["severity"]), line["received"], line["closed"], *line["ages"]]
            for line in flow["by_severity"]
        ],
    )
    totals = Table(
        _("Flow of the month"),
        [(_("Figure"), Kind.TEXT), (_("Number"), Kind.COUNT)],
        [
            [_("Open at the beginning of the month"), flow["open_before"]],
            [_("Tickets received"), flow["received"]],
            [_("of which follow-ups of a closed ticket"), flow["follow_up"]],
            [_("Tickets closed"), flow["closed"]],
            [_("Deliveries refused"), flow["refused"]],
            [_("Open at the end of the month"), flow["open_after"]],
        ],
    )
    outside = Table(
        _("Listed apart"),
        [(_("Figure"), Kind.TEXT), (_("Number"), Kind.COUNT)],
        [[str(Figure(name).label), number] for name, number in apart.items()],
        note=rule,
    )
    return Section("flow", _("Flow and stock"), tables=[totals, stock, outside])


def _breaches(document: JSON, titles: dict[int, str]) -> Section:
    severities = {line["number"]: line["severity"] for line in document["tickets"]}
    rows = []
    for breach in document["breaches"]:
        finding = breach["finding"] or {}
        rows.append(
            [
                named(breach["ticket"], titles),
                Leading(
                    f"{say_severity(severities.get(breach['ticket']))} · {Promise(breach['promise']).label}",
                    reverse("statement", args=[breach["ticket"]]),
                ),
                breach["due"],
                breach["late"],
                finding.get("cause") or _("Cause missing"),
                _attribution(finding),
                _corrective_action(finding),
                finding.get("comment", ""),
            ]
        )
    table = Table(
        _("Missed deadlines, their causes and what is done about them"),
        [
            (_("Ticket"), Kind.TEXT), (_("Promise"), Kind.WORD), (_("Deadline"), Kind.INSTANT),
            (_("Late by"), Kind.LENGTH),
            (_("Cause"), Kind.TEXT), (_("Attributed to"), Kind.TEXT), (_("Corrective action"), Kind.TEXT),
            (_("Comment"), Kind.TEXT),
        ],
        rows,
        _("No deadline was missed."),
        annex.month_rule(document),
    )  # fmt: skip
    return Section("breaches", _("Missed deadlines"), tables=[table])


def _corrective_action(finding: JSON) -> str:
    action: str = finding.get("corrective_action", "")
    if done := finding.get("corrected_on"):
        action += " " + _("(done on %(day)s)") % {"day": say_day(done)}
    return action


def _attribution(finding: JSON) -> str:
    if not finding:
        return ""
    said = str(Attribution(finding["attribution"]).label)
    if finding["clause"]:
        said = _("%(attribution)s: %(clause)s, by %(author)s") % {
            "attribution": said,
            "clause": OutOfScopeGround(finding["clause"]).label,
            "author": finding["author"],
        }
    return said


def _trend(document: JSON) -> Section:
    rows = []
    for line in document["figures"]["trend"]:
        rates = [value for clock in ("acknowledge", "resolve") for value in _rate(line[clock])]
        rows.append([since_sections.marked(document, line), line["received"], line["closed"], *rates])
    table = Table(
        _("The twelve months that end with this one"),
        [
            (_("Month"), Kind.WORD), (_("Tickets received"), Kind.COUNT), (_("Tickets closed"), Kind.COUNT),
            (_("Acknowledgements judged"), Kind.COUNT), (_("In time"), Kind.PERCENT),
            (_("Resolutions judged"), Kind.COUNT), (_("In time"), Kind.PERCENT),
        ],
        rows,
        note=annex.month_rule(document),
    )  # fmt: skip
    said = [*_succession(document), *since_sections.notes(document)]
    return Section("trend", _("Trend over twelve months"), said, [table])


def _succession(document: JSON) -> list[str]:
    """Say where the figures of a contract that took over from another begin."""
    former = document["contract"].get("follows")
    if not former:
        return []
    return [
        _(
            "This contract follows contract %(reference)s: the tickets received under that one, those still open "
            "among them, and its months are in its own reports."
        )
        % {"reference": former["reference"]}
    ]


def _rate(kept: JSON) -> tuple[int, int | None]:
    judged = Rate(kept["met"], kept["missed"])
    return judged.total, judged.tenths


def _tickets(document: JSON) -> Section:
    rows = []
    for line in document["tickets"]:
        acknowledge, resolve = line["acknowledge"], line["resolve"]
        rows.append(
            [
                named(line["number"], {line["number"]: line["title"]}),
                say_severity(line["severity"]),
                line["received_at"],
                str(State(line["state"]).label),
                str(ClosingGround(line["ground"]).label) if line["ground"] else "",
                _judged(acknowledge),
                acknowledge["net"],
                _judged(resolve),
                resolve["net"],
                resolve["gross"],
            ]
        )
    table = Table(
        _("Tickets of the month"),
        [
            (_("Ticket"), Kind.TEXT), (_("Severity"), Kind.WORD), (_("Received"), Kind.INSTANT),
            (_("State"), Kind.WORD), (_("Closing ground"), Kind.TEXT),
            (_("Acknowledgement"), Kind.WORD), (_("Acknowledged in"), Kind.LENGTH), (_("Resolution"), Kind.WORD),
            (_("Resolved in, net"), Kind.LENGTH), (_("Resolved in, gross"), Kind.LENGTH),
        ],
        rows,
        _("No ticket was alive in this month."),
        annex.month_rule(document),
    )  # fmt: skip
    return Section("tickets", _("Annex: tickets"), tables=[table])


def _judged(promise: JSON) -> str:
    said = str(CLOCK_STATES[promise["judged"]])
    if promise["judged"] in {"met", "missed"} and not promise["counted"]:
        return _("%(state)s, not counted this month") % {"state": said}
    return said
