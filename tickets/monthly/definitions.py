"""What every figure of a report means: the annex that both parties sign with it."""

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tickets.reports.counting import MONTH_RULE

DEFINITIONS = (
    (
        _("Month of a promise"),
        MONTH_RULE,
    ),
    (
        _("Date of the figures"),
        _("What becomes known after it changes nothing here: an erratum says it."),
    ),
    (
        _("Acknowledgement"),
        _("The human act by which an agent takes the ticket; an automatic receipt never counts (C-SLA-2)."),
    ),
    (
        _("Resolution"),
        _(
            "The delivery that the client accepts, by its word or by its silence, judged at that delivery (K-9)."
        ),
    ),
    (
        _("Rate"),
        _(
            "The promises met among those judged, met or missed; printed with both numbers, and a dash where nothing "
            "is judged (K-12, K-13). Done exactly at the deadline is in time (K-14)."
        ),
    ),
    (
        _("No commitment"),
        _("A severity without a target is in no rate and no count of a rate (C-SLA-3); its times are shown."),
    ),
    (
        _("Gross and net"),
        _(
            "Business time from the effective receipt to the fulfilment, with the pauses (gross) and without them "
            "(net) (K-12). The acknowledgement clock never pauses: its gross and net are one."
        ),
    ),
    (
        _("Pauses"),
        _(
            "The resolution clock waits from a question to its answer, while a delivery is under test, and while the "
            "ticket is out of scope (K-7, K-16). Where causes overlap, the time is counted once."
        ),
    ),
    (
        _("Mean, median, 90th percentile, worst"),
        _(
            "Of what was fulfilled in the month. The median and the percentile are those of a spreadsheet (MEDIAN, "
            "PERCENTILE.INC); times are rounded down to the minute when they are shown."
        ),
    ),
    (
        _("Listed apart"),
        _(
            "Duplicates and withdrawals are in no rate and no time (K-19); out of scope stops the resolution clock; a "
            "ticket closed without a resolution to judge is neither met nor missed (K-17)."
        ),
    ),
    (
        _("Missed deadline"),
        _(
            "It stays missed, whatever comes after (K-11). A circumstance that the contract excludes (C-OUT-2) may set "
            "it apart, by its clause and under its author's name: both rates are then printed."
        ),
    ),
    (
        _("Severity"),
        _(
            "The severity in force at the date of the figures: the one retained, until then the one claimed (K-10)."
        ),
    ),
    (
        _("Days and hours"),
        format_lazy(
            _(
                "Days, months and hours are those of {zone}, whatever the zone of a ticket's calendar; business time "
                "counts while support is open by the calendar version of each ticket (C-CAL-3, K-1 to K-6, K-20)."
            ),
            zone=settings.SUPPORT_ZONE.key,
        ),
    ),
)
