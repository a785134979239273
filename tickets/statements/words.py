"""What a delay statement says: the explanation of a deadline, and why each line counts or does not."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from sla.account import Account
from sla.clock import Event, EventKind
from sla.pages.words import say_target
from sla.segments import Reason, ReasonKind, Segment, SegmentState, Why
from tickets.phrases import say_time
from tickets.statements.moments import say_date, say_days, say_length, say_list
from tickets.words import SEVERITIES, State

STATES = {
    SegmentState.FILED: State.NEW.label,
    SegmentState.IN_PROGRESS: State.IN_PROGRESS.label,
    SegmentState.WAITING_CLIENT: State.WAITING_CLIENT.label,
    SegmentState.UNDER_TEST: State.UNDER_TEST.label,
    SegmentState.OUT_OF_SCOPE: State.OUT_OF_SCOPE.label,
}
WHY = {
    Why.QUESTION: gettext_lazy("Not counted: a question waits for the client's answer"),
    Why.UNDER_TEST: gettext_lazy("Not counted: the delivery is under test"),
    Why.OUT_OF_SCOPE: gettext_lazy("Not counted: the ticket is out of scope"),
}
EVENTS = {
    EventKind.RECEIVED: gettext_lazy("Received"),
    EventKind.ACKNOWLEDGED: gettext_lazy("Acknowledged"),
    EventKind.QUESTION: gettext_lazy("Question to the client"),
    EventKind.ANSWER: gettext_lazy("Answer of the client"),
    EventKind.ACCEPTED: gettext_lazy("Delivery accepted"),
    EventKind.REJECTED: gettext_lazy("Delivery refused"),
    EventKind.OUT_OF_SCOPE: gettext_lazy("Classed out of scope"),
    EventKind.IN_SCOPE: pgettext_lazy("fact", "Put back in scope"),
    EventKind.CLOSED: gettext_lazy("Closed"),
}


def explain(account: Account) -> list[str]:
    """Say how the deadline came about: « 7 jours ouvrés : 28 avril → 11 mai ; 1er mai et 8 mai fériés »."""
    start, promised = timezone.localtime(account.started_at), timezone.localtime(account.promised)
    if account.target.days is not None:
        ends = {"from": say_date(start.date()), "to": say_date(promised.date())}
    else:
        ends = {
            "from": f"{say_date(start.date())} {say_time(account.started_at)}",
            "to": f"{say_date(promised.date())} {say_time(account.promised)}",
        }
    target = say_target(account.target)
    sentence = _("%(target)s: %(from)s → %(to)s") % {"target": target[:1].upper() + target[1:], **ends}
    parts = [sentence, *say_left_out(account.left_out)]
    sentences = [_between_parts().join(parts) + "."]
    if account.shift > 0 and account.due:
        due = timezone.localtime(account.due)
        sentences.append(
            _("Moved by %(length)s of pauses in business time: → %(day)s, %(time)s (K-8).")
            % {
                "length": say_length(account.shift),
                "day": say_date(due.date()),
                "time": say_time(account.due),
            }
        )
    return sentences


def say_left_out(reasons: Sequence[Reason]) -> list[str]:
    """Say which days count for nothing, or for less: holidays together, then each closure by its motive."""
    holidays = [
        say_days(reason.first, reason.last) for reason in reasons if reason.kind == ReasonKind.HOLIDAY
    ]
    said = []
    if holidays:
        said.append(
            ngettext("%(days)s is a public holiday", "%(days)s are public holidays", len(holidays))
            % {"days": say_list(holidays)}
        )
    return said + [say_reason(reason) for reason in reasons if reason.kind != ReasonKind.HOLIDAY]


def say_reason(reason: Reason) -> str:
    """Say what closes support, or opens it otherwise."""
    values = {"days": say_days(reason.first, reason.last), "name": reason.name}
    if reason.kind == ReasonKind.HOLIDAY:
        return _("%(days)s, public holiday (%(name)s)") % values
    if reason.kind == ReasonKind.CLOSURE:
        return _("closure, %(days)s (%(name)s)") % values if reason.name else _("closure, %(days)s") % values
    if reason.kind == ReasonKind.SPECIAL_HOURS:
        return (
            _("special hours, %(days)s (%(name)s)") % values
            if reason.name
            else _("special hours, %(days)s") % values
        )
    if reason.kind == ReasonKind.WEEKLY_REST:
        return _("weekly rest, %(days)s") % values
    return _("night") if reason.kind == ReasonKind.NIGHT else _("break between two openings")


def say_why(segment: Segment) -> str:
    """Say why a line counts, or why it does not."""
    reasons = _between_parts().join(say_reason(reason) for reason in segment.reasons)
    if segment.why == Why.CLOSED:
        return _("Support closed: %(reasons)s") % {"reasons": reasons}
    if segment.why == Why.OPEN:
        return _("Support open: %(reasons)s") % {"reasons": reasons} if reasons else _("Support open")
    return str(WHY[segment.why])


def say_event(event: Event) -> str:
    """Say in a few words what begins a line."""
    if event.kind == EventKind.SEVERITY and event.severity:
        return _("Severity retained: %(severity)s") % {"severity": SEVERITIES[event.severity]}
    if event.kind == EventKind.DELIVERED:
        return _("Fix delivered") if event.what == "fix" else _("Workaround delivered")
    if event.kind == EventKind.ACCEPTED and not event.lasting:
        return _("Workaround judged provisional: the anomaly stays open (C-WKA-2)")
    return str(EVENTS[event.kind])


def _between_parts() -> str:
    return pgettext("between two parts of a sentence", "; ")
