"""The sections that tell what happened beside the promises, in words."""

from typing import Any

from django.utils.translation import gettext as _

from tickets.monthly.tables import Kind, Section, Table
from tickets.monthly.words import named, say_severity
from tickets.templatetags.figures import DURATIONS
from tickets.words import ClosingGround, ContestSubject, DeliveryKind, EntryKind, OutOfScopeGround

JSON = dict[str, Any]


def pauses(figures: JSON, titles: dict[int, str]) -> Section:
    """Time paused by cause, and who waits for the client."""
    times = Table(
        _("Business time paused before the resolutions of the month, by cause"),
        [(_("Cause"), Kind.TEXT), (_("Business time"), Kind.LENGTH)],
        [[str(DURATIONS[name]), time] for name, time in figures["pauses"].items()],
    )
    awaited = [
        *((line, _("An answer")) for line in figures["waiting"]),
        # A report issued before deliveries under test were listed holds none.
        *((line, _("A verdict on the delivery")) for line in figures.get("under_test", ())),
    ]
    waiting = Table(
        _("Tickets that wait for the client at the end of the month"),
        [(_("Ticket"), Kind.TEXT), (_("Awaited"), Kind.WORD), (_("Since"), Kind.INSTANT)],
        [[named(line["ticket"], titles), what, line["since"]] for line, what in awaited],
        _("No ticket waits for the client."),
    )
    return Section("pauses", _("Pauses and tickets waiting for the client"), tables=[times, waiting])


def requalified(figures: JSON, titles: dict[int, str]) -> Section:
    """Severities retained, and what was contested (C-SEV-2)."""
    changed = Table(
        _("Severities retained"),
        [
            (_("Ticket"), Kind.TEXT), (_("On"), Kind.INSTANT), (_("From"), Kind.WORD), (_("To"), Kind.WORD),
            (_("Motive"), Kind.TEXT),
        ],
        [
            [
                named(line["ticket"], titles),
                line["at"],
                say_severity(line["from"]),
                say_severity(line["to"]),
                line["motive"],
            ]
            for line in figures["requalified"]
        ],
        _("No severity was changed."),
    )  # fmt: skip
    contested = Table(
        _("Contests"),
        [
            (_("Ticket"), Kind.TEXT),
            (_("On"), Kind.INSTANT),
            (_("Subject"), Kind.WORD),
            (_("What happened"), Kind.WORD),
        ],
        [
            [
                named(line["ticket"], titles),
                line["at"],
                str(ContestSubject(line["subject"]).label),
                _contest(line),
            ]
            for line in figures["contested"]
        ],
        _("Nothing was contested."),
    )
    return Section("requalified", _("Requalifications and contests"), tables=[changed, contested])


def _contest(line: JSON) -> str:
    if not line["settled"]:
        return _("Contested by the client")
    return _("Settled: upheld") if line["upheld"] else _("Settled: not upheld")


def tacit(figures: JSON, titles: dict[int, str]) -> Section:
    """What silence closed (C-CLI-2), and what came back (K-15)."""
    closings = Table(
        _("Tacit closings"),
        [(_("Ticket"), Kind.TEXT), (_("On"), Kind.INSTANT), (_("Ground"), Kind.TEXT)],
        [
            [named(line["ticket"], titles), line["at"], str(ClosingGround(line["ground"]).label)]
            for line in figures["tacit"]
        ],
        _("No ticket was closed by silence."),
    )
    follow_ups = Table(
        _("Follow-ups"),
        [(_("Ticket"), Kind.TEXT), (_("Follows"), Kind.WORD)],
        [[named(line["ticket"], titles), named(line["of"], {})] for line in figures["follow_ups"]],
        _("No closed ticket was followed up."),
    )
    return Section("tacit", _("Tacit closings and follow-ups"), tables=[closings, follow_ups])


def outside(figures: JSON, titles: dict[int, str]) -> Section:
    """What was classed out of scope, or put back (C-OUT-3)."""
    table = Table(
        _("Requests out of scope"),
        [(_("Ticket"), Kind.TEXT), (_("On"), Kind.INSTANT), (_("Ground"), Kind.TEXT)],
        [
            [
                named(line["ticket"], titles),
                line["at"],
                _("Put back in scope") if line["back"] else str(OutOfScopeGround(line["ground"]).label),
            ]
            for line in figures["out_of_scope"]
        ],
        _("No request was classed out of scope."),
    )
    return Section("out_of_scope", _("Out of scope and quotes"), tables=[table, *_quotes(figures, titles)])


def _quotes(figures: JSON, titles: dict[int, str]) -> list[Table]:
    """What became of paid work in the month (C-OUT-4); nothing for a report of before quotes were kept."""
    if "quotes" not in figures:
        return []
    table = Table(
        _("Requests for quotes and what became of them"),
        [
            (_("Ticket"), Kind.TEXT), (_("On"), Kind.INSTANT), (_("What happened"), Kind.WORD),
            (_("Quote"), Kind.WORD), (_("Total excl. VAT"), Kind.MONEY),
        ],
        [
            [
                named(line["ticket"], titles),
                line["at"],
                _step(line),
                _("no. %(number)d") % {"number": line["number"]} if line["number"] else "",
                line["net"],
            ]
            for line in figures["quotes"]
        ],
        _("No quote was asked for, and none was answered."),
    )  # fmt: skip
    return [table]


def _step(line: JSON) -> str:
    if line["step"] == EntryKind.STUDIED:
        return _("Studied: feasible") if line["feasible"] else _("Studied: not feasible")
    return str(EntryKind(line["step"]).label)


def deliveries(figures: JSON, titles: dict[int, str]) -> Section:
    """What was delivered, and the workarounds that clients live with (C-WKA-1)."""
    verdicts = {
        "accepted": _("Accepted"), "refused": _("Refused"), "provisional": _("Judged provisional"),
        "replaced": _("Replaced by another"), "closed": _("Closed without a verdict"), "under_test": _("Under test"),
    }  # fmt: skip
    made = Table(
        _("Deliveries of the month"),
        [
            (_("Ticket"), Kind.TEXT),
            (_("On"), Kind.INSTANT),
            (_("Delivery"), Kind.WORD),
            (_("Verdict"), Kind.WORD),
        ],
        [
            [
                named(line["ticket"], titles),
                line["at"],
                str(DeliveryKind(line["what"]).label),
                verdicts[line["verdict"]],
            ]
            for line in figures["deliveries"]
        ],
        _("Nothing was delivered."),
    )
    active = Table(
        _("Workarounds still active"),
        [(_("Ticket"), Kind.TEXT), (_("Since"), Kind.INSTANT), (_("Verdict"), Kind.WORD)],
        [
            [
                named(line["ticket"], titles),
                line["since"],
                # Replaced before a verdict by a fix that was not accepted, it was never judged.
                _("Not judged") if line["verdict"] == "replaced" else verdicts[line["verdict"]],
            ]
            for line in figures["workarounds"]
        ],
        _("No workaround is active."),
    )
    return Section("deliveries", _("Deliveries and active workarounds"), tables=[made, active])
