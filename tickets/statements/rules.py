"""The rules and conventions that a statement quotes, each in one sentence, by its id."""

from django.utils.translation import gettext_lazy as _

RULES = {
    "C-SLA-1": _("Delays count only while support is open."),
    "C-SLA-2": _("Acknowledgement is an act of an agent; an automatic receipt never counts."),
    "C-SLA-3": _("“No commitment” is said as such, and left out of every rate."),
    "K-1": _("A ticket filed while support is closed counts from the next opening."),
    "K-2": _("Hours count only while support is open; a delay used up at a closing ends at that closing."),
    "K-3": _("Business days end at the same clock time, that many business days after the day of receipt."),
    "K-4": _("A business day is a date with any opening at all: a half-day is one."),
    "K-5": _("Silence after a delivery closes the ticket at the end of the last of the business days that follow it."),
    "K-6": _("Days are counted on local dates, hours on elapsed time: both are right across changes of the clock."),
    "K-7": _("The resolution clock pauses while the vendor waits for an answer or for the test of a delivery."),
    "K-8": _("A pause moves the deadline by its own business time; until it ends, only the time left is known."),
    "K-9": _("Resolution is met at the delivery that the client accepts; refused, the clock resumes where it stood."),
    "K-10": _("When the severity changes, the earliest deadline of the severities met so far is in force."),
    "K-11": _("A missed deadline stays missed."),
    "K-12": _("Net time leaves the pauses out, gross time counts them: both are shown."),
    "K-13": _("A rate is printed with its counts; without any case, it is a dash."),
    "K-14": _("Done exactly at the deadline is in time."),
    "K-15": _("A closed ticket stays closed: a follow-up is a new ticket, with its own clocks."),
    "K-16": _("Out of scope stops the resolution clock; back in scope, that time was a pause."),
    "K-17": _("Silence on a workaround is not a judgement: closed so, the resolution is neither kept nor missed."),
    "K-18": _("Without a production declaration, an accepted ticket closes at the end of the same delay."),
    "K-19": _("A duplicate or a withdrawn ticket closes as such, and is left out of the rates."),
    "K-20": _("The calendar and the policy are those under which the ticket was registered."),
}  # fmt: skip
