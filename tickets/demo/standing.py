"""How the tickets of the last days stand: each story stops where real people take over."""

from tickets.actions import client, vendor
from tickets.demo import conversation
from tickets.demo.case import Case
from tickets.demo.paid_work import quote_asked
from tickets.demo.scenes import Scene, delivered, out_of_scope
from tickets.demo.stories import LOWER, Story
from tickets.words import DeliveryKind


def new(case: Case) -> Scene:
    """Filed: nobody took it yet, in time or not."""
    case.file()
    yield from ()


def in_progress(case: Case) -> Scene:
    """Taken, and being worked on: some of them near their deadline, or past it."""
    case.file()
    yield case.soon(0.2, 0.9)
    owner = case.stage.agent_for(case.contract.solution, case.rng)
    case.vendor(vendor.acknowledge, by=owner, owner=owner, message=case.write(conversation.ACKNOWLEDGED))
    if case.chance(0.5):
        yield case.soon(0.3, 1.5)
        case.vendor(vendor.inform, message=case.write(conversation.PROGRESS))
    if case.chance(0.3):
        yield case.soon(0.2, 0.8)
        case.note(conversation.NOTES)


def waiting(case: Case) -> Scene:
    """Waiting for an answer (K-7)."""
    yield from in_progress(case)
    yield case.soon(0.5, 3)
    case.vendor(vendor.ask, message=case.writer.write(case.rng.choice(list(case.anomaly.exchanges))[0]))


def warned(case: Case) -> Scene:
    """Waiting in vain, and warned (C-OUT-2)."""
    yield from waiting(case)
    yield case.soon(18, 24)
    case.vendor(vendor.warn, message=case.write(conversation.WARNED))


def under_test(case: Case) -> Scene:
    """Fixed, the countdown running (K-5)."""
    yield from in_progress(case)
    yield from delivered(case, at=case.soon(2, 8))


def workaround_under_test(case: Case) -> Scene:
    """Worked around: nobody has judged it yet (K-17)."""
    yield from in_progress(case)
    yield from delivered(case, DeliveryKind.WORKAROUND, at=case.soon(2, 8))


def accepted(case: Case) -> Scene:
    """Accepted, to be put in production (K-18)."""
    yield from under_test(case)
    yield case.soon(3, 9)
    case.client(client.accept, message=case.write(conversation.ACCEPTED))


def answered_under_test(case: Case) -> Scene:
    """Under test, the countdown cancelled by a message of the client (K-5)."""
    yield from under_test(case)
    yield case.soon(2, 8)
    case.client(client.answer, message=case.write(conversation.UNDER_TEST))


def time_requested(case: Case) -> Scene:
    """Under test, more time asked for (C-CLI-2)."""
    yield from under_test(case)
    yield case.soon(2, 8)
    reason = case.write(conversation.MORE_TIME)
    case.client(client.request_time, days=case.rng.choice([8, 10, 15]), reason=reason)


def severity_contested(case: Case) -> Scene:
    """A lowered severity, contested: a manager's turn (C-SEV-2)."""
    yield from in_progress(case)
    yield case.soon(0.3, 1.5)
    case.vendor(vendor.requalify, severity=LOWER[case.severity], motive=case.write(conversation.LOWERED))
    yield case.soon(0.5, 3)
    case.client(client.contest_severity, reason=case.write(conversation.SEVERITY_CONTESTED))


def out_of_scope_for_now(case: Case) -> Scene:
    """Out of scope, not closed yet (C-OUT-3)."""
    yield from in_progress(case)
    yield from out_of_scope(case)


def quote_awaited(case: Case) -> Scene:
    """Out of scope, a quote asked for: studied and issued, where there was time (C-OUT-4)."""
    yield from out_of_scope_for_now(case)
    yield from quote_asked(case)


def scope_contested(case: Case) -> Scene:
    """Out of scope, contested: a manager's turn (C-OUT-3)."""
    yield from out_of_scope_for_now(case)
    yield case.soon(0.5, 4)
    case.client(client.contest_scope, reason=case.write(conversation.SCOPE_CONTESTED))


def deadline_contested(case: Case) -> Scene:
    """A deadline contested: a manager's turn."""
    yield from in_progress(case)
    yield case.soon(20, 40)
    case.client(client.contest_deadline, reason=case.write(conversation.DEADLINE_CONTESTED))


STANDING: dict[str, Story] = {
    "new": new,
    "in_progress": in_progress,
    "waiting": waiting,
    "warned": warned,
    "under_test": under_test,
    "workaround_under_test": workaround_under_test,
    "accepted": accepted,
    "answered_under_test": answered_under_test,
    "time_requested": time_requested,
    "severity_contested": severity_contested,
    "out_of_scope_for_now": out_of_scope_for_now,
    "quote_awaited": quote_awaited,
    "scope_contested": scope_contested,
    "deadline_contested_for_now": deadline_contested,
}
