"""The report in the order in which a steering committee reads it: sections of tables of typed cells, put in words.

The page, the PDF and the spreadsheet are all made of these. To be called with the document's language and the
contract's time zone active.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sla.compliance import Rate
from sla.policy import Policy, Severity
from sla.verification import with_decimals
from tickets.models import CLOCK_STATES
from tickets.monthly import happened
from tickets.monthly.definitions import DEFINITIONS
from tickets.monthly.tables import Kind, Section, Table
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
from tickets.statements.words import say_target
from tickets.words import Attribution, OutOfScopeGround, Promise, State

JSON = dict[str, Any]


def sections_of(document: JSON) -> list[Section]:
    """Return the sections in their order; the cover is `cover_of`."""
    figures, titles = document["figures"], {line["number"]: line["title"] for line in document["tickets"]}
    return [
        Section("synthesis", _("Synthesis"), paragraphs_of(document["synthesis"])),
        _flow(figures["flow"], figures["apart"]),
        _commitments(document),
        _breaches(document, titles),
        happened.pauses(figures, titles),
        happened.requalified(figures, titles),
        happened.tacit(figures, titles),
        happened.outside(figures, titles),
        happened.deliveries(figures, titles),
        _trend(figures["trend"]),
        Section("actions", _("Action plan"), paragraphs_of(document["action_plan"]) or [_("None.")]),
        _tickets(document),
        Section(
            "definitions",
            _("Annex: what every figure means"),
            definitions=[(str(a), str(b)) for a, b in DEFINITIONS],
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


def _flow(flow: JSON, apart: JSON) -> Section:
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
    )
    return Section("flow", _("Flow and stock"), tables=[totals, stock, outside])


def _commitments(document: JSON) -> Section:
    figures = document["figures"]
    excluded = [
        breach
        for breach in document["breaches"]
        if breach.get("finding") and breach["finding"]["attribution"] == Attribution.EXCLUDED
    ]
    tables = [
        _commitment_table(document, key, [line for line in figures["commitments"] if line["policy"] == key])
        for key in sorted(document["policies"], key=lambda key: published(document["policies"][key]))
    ]
    said = []
    for clock, name in (
        (Promise.ACKNOWLEDGE, _("Acknowledged in time")),
        (Promise.RESOLVE, _("Resolved in time")),
    ):
        total = figures["totals"][clock]
        number = sum(breach["promise"] == clock for breach in excluded)
        if number:
            said.append(
                _("%(name)s once %(number)d excluded deadlines are set apart (K-11): %(met)d of %(total)d.")
                % {
                    "name": name,
                    "number": number,
                    "met": total["met"],
                    "total": total["met"] + total["missed"] - number,
                }
            )
    return Section("commitments", _("Commitments"), [*said, _month_rule()], tables)


def _month_rule() -> str:
    return _(
        "An acknowledgement or a resolution counts in the month of its deadline or of its fulfilment, whichever comes "
        "first; a ticket open over the end of the month and not yet due is in neither. What has no commitment is in no "
        "rate. Duplicates, withdrawals and what is out of scope are listed apart."
    )


def _commitment_table(document: JSON, key: str, lines: Iterable[JSON]) -> Table:
    policy = Policy.from_document(with_decimals(document["policies"][key]["document"]))
    rows = []
    for line in lines:
        severity = Severity(line["severity"])
        is_first = line["promise"] == Promise.ACKNOWLEDGE
        target = policy.acknowledge(severity) if is_first else policy.resolve(severity)
        rows.append(
            [say_severity(severity), Promise(line["promise"]).label, say_target(target), *_kept(line)]
        )
    return Table(
        _("Under %(version)s") % {"version": say_version(document["policies"][key])},
        [
            (_("Severity"), Kind.WORD), (_("Promise"), Kind.WORD), (_("Target"), Kind.WORD),
            (_("Number"), Kind.COUNT), (_("In time"), Kind.COUNT), (_("Late"), Kind.COUNT), (_("Rate"), Kind.PERCENT),
            (_("Mean, net"), Kind.LENGTH), (_("Median, net"), Kind.LENGTH), (_("Worst, net"), Kind.LENGTH),
            (_("Mean, gross"), Kind.LENGTH),
        ],
        rows,
    )  # fmt: skip


def _kept(line: JSON) -> list[Any]:
    net, gross = line["net"] or {}, line["gross"] or {}
    return [
        line["met"] + line["missed"], line["met"], line["missed"], line["tenths"],
        net.get("mean"), net.get("median"), net.get("worst"), gross.get("mean"),
    ]  # fmt: skip


def _breaches(document: JSON, titles: dict[int, str]) -> Section:
    severities = {line["number"]: line["severity"] for line in document["tickets"]}
    rows = []
    for breach in document["breaches"]:
        finding = breach["finding"] or {}
        rows.append(
            [
                named(breach["ticket"], titles),
                f"{say_severity(severities.get(breach['ticket']))} · {Promise(breach['promise']).label}",
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


def _trend(trend: Iterable[JSON]) -> Section:
    rows = []
    for line in trend:
        rates = [value for clock in ("acknowledge", "resolve") for value in _rate(line[clock])]
        month = date_format(Month.from_text(line["month"]).first_day, "F Y")
        rows.append([month, line["received"], line["closed"], *rates])
    table = Table(
        _("The twelve months that end with this one"),
        [
            (_("Month"), Kind.WORD), (_("Tickets received"), Kind.COUNT), (_("Tickets closed"), Kind.COUNT),
            (_("Acknowledgements judged"), Kind.COUNT), (_("In time"), Kind.PERCENT),
            (_("Resolutions judged"), Kind.COUNT), (_("In time"), Kind.PERCENT),
        ],
        rows,
    )  # fmt: skip
    return Section("trend", _("Trend over twelve months"), [_month_rule()], [table])


def _rate(kept: JSON) -> tuple[int, int | None]:
    rate = Rate(kept["met"], kept["missed"])
    return rate.total, rate.tenths


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
            (_("State"), Kind.WORD),
            (_("Acknowledgement"), Kind.WORD), (_("Acknowledged in"), Kind.LENGTH), (_("Resolution"), Kind.WORD),
            (_("Resolved in, net"), Kind.LENGTH), (_("Resolved in, gross"), Kind.LENGTH),
        ],
        rows,
        _("No ticket was alive in this month."),
    )  # fmt: skip
    return Section("tickets", _("Annex: tickets"), [_month_rule()], [table])


def _judged(promise: JSON) -> str:
    said = str(CLOCK_STATES[promise["judged"]])
    if promise["judged"] in {"met", "missed"} and not promise["counted"]:
        return _("%(state)s, not counted this month") % {"state": said}
    return said
