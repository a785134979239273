"""The report's half page in words, written by rule from its figures; a person may write another."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.compliance import Rate
from tickets.models import MonthlyReport
from tickets.reports.months import Month
from tickets.templatetags.figures import length, rate

JSON = dict[str, Any]


def synthesis_of(report: MonthlyReport) -> str:
    """Say a month's figures in a few sentences, in the language of the documents."""
    with translation.override(settings.LANGUAGE_CODE):
        return "\n\n".join(_paragraphs(report.body))


def _paragraphs(body: JSON) -> list[str]:
    figures = body["figures"]
    month = date_format(Month.from_text(body["month"]).first_day, "F Y")
    said = [_flow(figures["flow"], month)]
    if not body["tickets"]:
        return said
    said.append(_promises(figures["totals"]))
    if body["breaches"]:
        said.append(
            ngettext(
                "%(number)d deadline was missed: its cause and the corrective action are given below.",
                "%(number)d deadlines were missed: their causes and the corrective actions are given below.",
                len(body["breaches"]),
            )
            % {"number": len(body["breaches"])}
        )
    else:
        said.append(_("No deadline was missed."))
    said += _times(figures)
    said += _compared(figures["trend"])
    said += _expected(figures)
    return said


def _flow(flow: JSON, month: str) -> str:
    if not flow["received"] and not flow["open_before"]:
        return _("In %(month)s, no ticket was received and none was open.") % {"month": month}
    return _(
        "In %(month)s, %(received)s and %(closed)s; %(open)s at the end of the month, against %(before)d at its "
        "beginning."
    ) % {
        "month": month,
        "received": ngettext("%(n)d ticket was received", "%(n)d tickets were received", flow["received"])
        % {"n": flow["received"]},
        "closed": ngettext("%(n)d was closed", "%(n)d were closed", flow["closed"]) % {"n": flow["closed"]},
        "open": ngettext("%(n)d was open", "%(n)d were open", flow["open_after"]) % {"n": flow["open_after"]},
        "before": flow["open_before"],
    }


def _promises(totals: JSON) -> str:
    return _("Acknowledged in time: %(acknowledge)s. Resolved in time: %(resolve)s.") % {
        clock: rate(Rate(totals[clock]["met"], totals[clock]["missed"]))
        for clock in ("acknowledge", "resolve")
    }


def _times(figures: JSON) -> list[str]:
    gross, net = figures["totals"]["resolve"]["gross"], figures["totals"]["resolve"]["net"]
    if not gross:
        return []
    return [
        _("A resolution took %(net)s of business time on average, pauses excluded (%(gross)s with them).")
        % {"net": length(net["mean"]), "gross": length(gross["mean"])}
    ]


def _compared(trend: list[JSON]) -> list[str]:
    """Compare the resolutions with the month before, where both months have any."""
    if len(trend) < 2:
        return []
    before, now = (Rate(each["resolve"]["met"], each["resolve"]["missed"]) for each in trend[-2:])
    if before.tenths is None or now.tenths is None:
        return []
    said = {"before": rate(before)}
    if now.tenths > before.tenths:
        return [_("Resolutions are more often in time than the month before (%(before)s).") % said]
    if now.tenths < before.tenths:
        return [_("Resolutions are less often in time than the month before (%(before)s).") % said]
    return [_("Resolutions are as often in time as the month before (%(before)s).") % said]


def _expected(figures: JSON) -> list[str]:
    waiting, workarounds = len(figures["waiting"]), len(figures["workarounds"])
    said = []
    if waiting:
        said.append(
            ngettext(
                "%(n)d ticket waits for an answer of the client.",
                "%(n)d tickets wait for an answer of the client.",
                waiting,
            )
            % {"n": waiting}
        )
    if workarounds:
        said.append(
            ngettext("%(n)d workaround is still active.", "%(n)d workarounds are still active.", workarounds)
            % {"n": workarounds}
        )
    return [" ".join(said)] if said else []
