"""What has become known since the previous reports, in words: its section, and the notes under the trend."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sla.compliance import Rate
from tickets.monthly.tables import Kind, Section, Table
from tickets.monthly.words import named
from tickets.reports.months import Month
from tickets.templatetags.figures import rate
from tickets.words import Promise

JSON = dict[str, Any]

KEY = "since"
MARK = "*"  # of a month of the trend that was issued otherwise


def known_since(document: JSON) -> list[Section]:
    """Return the section; none for a document that does not hold what it says."""
    if KEY not in document:
        return []
    rows = [
        [
            named(line["ticket"], {line["ticket"]: line.get("title", "")}),
            say_month(line["month"]),
            str(Promise(line["promise"]).label),
            line["due"],
            line["done"],
            _judged(line["judged"]),
            _issued(line),
        ]
        for line in document[KEY]["promises"]
    ]
    table = Table(
        _("Promises of months already reported, known or judged otherwise since"),
        [
            (_("Ticket"), Kind.TEXT), (_("Month"), Kind.WORD), (_("Promise"), Kind.WORD),
            (_("Deadline"), Kind.INSTANT), (_("Done"), Kind.INSTANT), (_("Judged"), Kind.WORD),
            (_("As issued"), Kind.WORD),
        ],
        rows,
        _("Nothing has become known since of the months already reported."),
    )  # fmt: skip
    said = _(
        "An acknowledgement or a resolution known only after the report of its month was issued belongs to that month: "
        "it is in none of the figures above, and is told here once."
    )
    return [Section(KEY, _("Known since the previous reports"), [said] if rows else [], [table])]


def say_month(text: str) -> str:
    """Say a month written “2026-05”: « mai 2026 »."""
    return date_format(Month.from_text(text).first_day, "F Y")


def marked(document: JSON, line: JSON) -> str:
    """Say the month of a line of the trend, with a mark if it was issued otherwise."""
    issued = {each["month"] for each in document.get(KEY, {}).get("trend", ())}
    return f"{say_month(line['month'])} {MARK}" if line["month"] in issued else say_month(line["month"])


def notes(document: JSON) -> list[str]:
    """Say of each month that is marked what its report said."""
    return [
        _(
            "%(mark)s %(month)s, as issued (report no. %(number)d): tickets received %(received)d, closed %(closed)d; "
            "acknowledged in time %(acknowledge)s, resolved in time %(resolve)s."
        )
        % {
            "mark": MARK,
            "month": say_month(line["month"]),
            "number": line["report"],
            "received": line["received"],
            "closed": line["closed"],
            **{clock: rate(Rate(line[clock]["met"], line[clock]["missed"])) for clock in Promise.values},
        }
        for line in document.get(KEY, {}).get("trend", ())
    ]


def _judged(judged: str | None) -> str:
    return {"met": _("In time"), "missed": _("Late")}.get(judged or "", _("Not counted any more"))


def _issued(line: JSON) -> str:
    values = {"number": line["report"], "judged": _judged(line["issued"])}
    if line["issued"] is None:
        return _("Not in report no. %(number)d") % values
    return _("Report no. %(number)d: %(judged)s") % values
