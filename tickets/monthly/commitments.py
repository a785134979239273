"""The section of the report that says how each promise was kept, under each version of the service levels."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.compliance import Rate
from sla.policy import SEVERITIES as BY_RANK
from sla.policy import Policy, Severity
from sla.verification import with_decimals
from tickets.monthly import annex
from tickets.monthly.tables import Kind, Section, Table
from tickets.monthly.words import published, say_severity, say_version
from tickets.statements.words import say_target
from tickets.templatetags.figures import rate
from tickets.words import Attribution, Promise

JSON = dict[str, Any]

PROMISES = (Promise.ACKNOWLEDGE, Promise.RESOLVE)
NOTHING: JSON = {"met": 0, "missed": 0, "tenths": None, "free": 0, "gross": None, "net": None}
SUMMARIES = ("mean", "median", "ninetieth", "worst")


def commitments(document: JSON) -> Section:
    """How each promise was kept: counts, then times gross and net side by side (K-12)."""
    policies, totals = document["policies"], _totals(document["figures"]["totals"])
    rule = annex.month_rule(document)
    tables = []
    for key in sorted(policies, key=lambda key: published(policies[key])):
        lines = _lines_under(document, key)
        # Under one version alone, its lines amount to the totals.
        rows = [*lines, *totals] if len(policies) == 1 else lines
        policy = Policy.from_document(with_decimals(policies[key]["document"]))
        tables += _tables(say_version(policies[key]), rows, policy, rule)
    if len(policies) > 1:
        tables += _tables(_("every version"), totals, None, rule)
    return Section("commitments", _("Commitments"), _exclusions(document), tables)


def _lines_under(document: JSON, key: str) -> list[JSON]:
    """Return the lines of a version; of one that no ticket of the month is under, lines that count nothing."""
    lines = [line for line in document["figures"]["commitments"] if line["policy"] == key]
    return lines or [
        {"severity": str(severity), "promise": promise, **NOTHING}
        for severity in reversed(BY_RANK)
        for promise in PROMISES
    ]


def _totals(totals: JSON) -> list[JSON]:
    return [{"severity": None, "promise": promise, **totals[promise]} for promise in PROMISES]


def _tables(version: str, lines: Iterable[JSON], policy: Policy | None, rule: str) -> list[Table]:
    counts, times = [], []
    for line in lines:
        severity = say_severity(line["severity"]) or _("All severities")
        head = [severity, str(Promise(line["promise"]).label)]
        judged = line["met"] + line["missed"]
        counts.append(
            [*head, _target(policy, line), judged, line["met"], line["missed"], line["tenths"], line["free"]]
        )
        net, gross = line["net"] or {}, line["gross"] or {}
        summaries = [kind.get(name) for name in SUMMARIES for kind in (net, gross)]
        times.append([*head, net.get("count", 0), *summaries])
    kept = Table(
        _("Commitments under %(version)s") % {"version": version},
        [
            (_("Severity"), Kind.WORD), (_("Promise"), Kind.WORD), (_("Target"), Kind.WORD),
            (_("Judged"), Kind.COUNT), (_("In time"), Kind.COUNT), (_("Late"), Kind.COUNT),
            (_("Rate"), Kind.PERCENT), (_("Kept without a commitment"), Kind.COUNT),
        ],
        counts,
        note=rule,
    )  # fmt: skip
    taken = Table(
        _("Times under %(version)s, in business time") % {"version": version},
        [
            (_("Severity"), Kind.WORD), (_("Promise"), Kind.WORD), (_("Number"), Kind.COUNT),
            (_("Mean, net"), Kind.LENGTH), (_("Mean, gross"), Kind.LENGTH),
            (_("Median, net"), Kind.LENGTH), (_("Median, gross"), Kind.LENGTH),
            (_("90th percentile, net"), Kind.LENGTH), (_("90th percentile, gross"), Kind.LENGTH),
            (_("Worst, net"), Kind.LENGTH), (_("Worst, gross"), Kind.LENGTH),
        ],
        times,
        note=_("Of what was acknowledged or resolved in the month, with or without a commitment (K-12)."),
    )  # fmt: skip
    return [kept, taken]


def _target(policy: Policy | None, line: JSON) -> str:
    if policy is None or line["severity"] is None:
        return ""
    severity = Severity(line["severity"])
    is_first = line["promise"] == Promise.ACKNOWLEDGE
    return say_target(policy.acknowledge(severity) if is_first else policy.resolve(severity))


def _exclusions(document: JSON) -> list[str]:
    """Say both rates of a promise of which a finding excludes a missed deadline (K-11, K-13)."""
    excluded = [
        breach
        for breach in document["breaches"]
        if breach.get("finding") and breach["finding"]["attribution"] == Attribution.EXCLUDED
    ]
    said = []
    for clock, name in (
        (Promise.ACKNOWLEDGE, _("Acknowledged in time")),
        (Promise.RESOLVE, _("Resolved in time")),
    ):
        met, missed = (document["figures"]["totals"][clock][each] for each in ("met", "missed"))
        number = sum(breach["promise"] == clock for breach in excluded)
        if number:
            said.append(
                ngettext(
                    "%(name)s: %(rate)s; once %(number)d excluded deadline is set apart (K-11): %(other)s.",
                    "%(name)s: %(rate)s; once %(number)d excluded deadlines are set apart (K-11): %(other)s.",
                    number,
                )
                % {
                    "name": name,
                    "rate": rate(Rate(met, missed)),
                    "number": number,
                    "other": rate(Rate(met, missed - number)),
                }
            )
    return said
