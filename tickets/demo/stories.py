"""How whole tickets go, from filing to closing; the names are those that the plan deals."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sla.policy import Severity
from tickets.actions import client, manager, vendor
from tickets.demo import conversation
from tickets.demo.case import Case
from tickets.demo.paid_work import quoted_work
from tickets.demo.scenes import (
    Scene,
    delivered,
    filed,
    fixed,
    in_production,
    more_time_asked,
    out_of_scope,
    questioned,
    refused,
    requalified,
    scope_contested,
    settled,
    severity_contested,
    studied,
    tested,
    warned,
    written_under_test,
)
from tickets.words import ClosingGround, ContestSubject, DeliveryKind

LOWER = {Severity.BLOQUANTE: Severity.MAJEURE, Severity.MAJEURE: Severity.MINEURE}
HIGHER = {Severity.MINEURE: Severity.MAJEURE, Severity.MAJEURE: Severity.BLOQUANTE}

Story = Callable[[Case], Iterator[datetime]]


def production(case: Case) -> Scene:
    """Fixed, tested, in production."""
    yield from fixed(case)
    yield from in_production(case)


def accepted_in_silence(case: Case) -> Scene:
    """Fixed and accepted; nobody says that it is in production (K-18)."""
    yield from fixed(case)
    yield from tested(case)


def refused_once(case: Case) -> Scene:
    """Fixed, refused, fixed again; then in production, or silence."""
    yield from fixed(case)
    yield from refused(case)
    yield from delivered(case)
    if case.chance(0.7):
        yield from in_production(case)


def refused_twice(case: Case) -> Scene:
    """Refused twice before it holds."""
    yield from fixed(case)
    for _ in range(2):
        yield from refused(case)
        yield from delivered(case)
    yield from in_production(case)


def replaced(case: Case) -> Scene:
    """A second delivery replaces the first before its verdict (K-7)."""
    yield from fixed(case)
    yield from delivered(case, at=case.soon(2, 12))
    yield from in_production(case)


def workaround_definitive(case: Case) -> Scene:
    """A workaround that the client finds good for ever (C-WKA-1)."""
    yield from filed(case)
    yield from studied(case)
    yield from delivered(case, DeliveryKind.WORKAROUND)
    yield case.soon(3, 30)
    case.client(client.judge_definitive, message=case.write(conversation.DEFINITIVE))
    if case.chance(0.5):
        yield case.verdict_time()
        case.client(client.declare_production)


def workaround_provisional(case: Case) -> Scene:
    """A workaround that hinders: the anomaly stays open, less severe, and is fixed at last (C-WKA-2)."""
    yield from filed(case)
    yield from delivered(case, DeliveryKind.WORKAROUND)
    yield case.soon(2, 18)
    case.client(client.judge_provisional, message=case.write(case.anomaly.limits))
    if case.severity in LOWER:
        yield from requalified(case, LOWER[case.severity], conversation.LOWERED_BY_WORKAROUND)
    yield from delivered(case)
    yield from in_production(case)


def workaround_in_silence(case: Case) -> Scene:
    """A workaround that nobody judges: the vendor warns, then closes (K-17)."""
    yield from filed(case)
    yield from delivered(case, DeliveryKind.WORKAROUND)
    yield case.soon(40, 70)
    case.vendor(vendor.warn, message=case.write(conversation.WARNED))
    yield case.soon(40, 60)
    case.vendor(
        vendor.close, ground=ClosingGround.NO_COOPERATION, message=case.write(conversation.NO_COOPERATION)
    )


def question_in_silence(case: Case) -> Scene:
    """A question that nobody answers: the vendor warns, then closes (C-OUT-2)."""
    yield from filed(case)
    yield case.soon(0.5, 5)
    case.vendor(vendor.ask, message=case.writer.write(case.anomaly.exchanges[0][0]))
    yield from warned(case)
    yield case.soon(30, 60)
    case.vendor(
        vendor.close, ground=ClosingGround.NO_COOPERATION, message=case.write(conversation.NO_COOPERATION)
    )


def lowered(case: Case) -> Scene:
    """A severity lowered, which the client understands."""
    case.severity = case.severity if case.severity in LOWER else Severity.MAJEURE
    yield from filed(case)
    yield from requalified(case, LOWER[case.severity], conversation.LOWERED)
    yield from studied(case)
    yield from delivered(case)
    yield from in_production(case)


def lowered_contested(case: Case, *, upheld: bool) -> Scene:
    """A severity lowered, which the client contests and a manager settles (C-SEV-2)."""
    case.severity = case.severity if case.severity in LOWER else Severity.MAJEURE
    yield from filed(case)
    yield from requalified(case, LOWER[case.severity], conversation.LOWERED)
    yield from severity_contested(case)
    yield from settled(case, ContestSubject.SEVERITY, upheld=upheld)
    yield from delivered(case)
    yield from in_production(case)


def lowered_contested_upheld(case: Case) -> Scene:
    """The manager gives the client's severity back."""
    yield from lowered_contested(case, upheld=True)


def lowered_contested_denied(case: Case) -> Scene:
    """The manager keeps the severity retained."""
    yield from lowered_contested(case, upheld=False)


def raised(case: Case) -> Scene:
    """A severity that the vendor finds too modest (K-10)."""
    case.severity = case.severity if case.severity in HIGHER else Severity.MAJEURE
    yield from filed(case)
    yield from requalified(case, HIGHER[case.severity], conversation.RAISED)
    yield from delivered(case)
    yield from in_production(case)


def closed_out_of_scope(case: Case) -> Scene:
    """Out of scope, and closed as such; in half of the cases after a quote for the same work (C-OUT-4)."""
    yield from filed(case)
    yield from out_of_scope(case)
    if case.chance(0.5):
        yield from quoted_work(case)
    yield from leaves(case)


def leaves(case: Case) -> Scene:
    """Be closed as out of scope, some days later."""
    yield case.soon(9, 40)
    case.vendor(
        vendor.close, ground=ClosingGround.OUT_OF_SCOPE, message=case.write(conversation.CLOSED_OUT_OF_SCOPE)
    )


def out_of_scope_upheld(case: Case) -> Scene:
    """Out of scope, contested, given back by a manager (K-16)."""
    yield from filed(case)
    yield from out_of_scope(case)
    yield from scope_contested(case)
    yield from settled(case, ContestSubject.SCOPE, upheld=True)
    yield from delivered(case)
    yield from in_production(case)


def out_of_scope_denied(case: Case) -> Scene:
    """Out of scope, contested in vain."""
    yield from filed(case)
    yield from out_of_scope(case)
    yield from scope_contested(case)
    yield from settled(case, ContestSubject.SCOPE, upheld=False)
    yield from leaves(case)


def back_in_scope(case: Case) -> Scene:
    """Out of scope by mistake: the agent puts it back (K-16)."""
    yield from filed(case)
    yield from out_of_scope(case)
    yield case.soon(2, 12)
    case.vendor(vendor.put_in_scope, message=case.write(conversation.BACK_IN_SCOPE))
    yield from delivered(case)
    yield from in_production(case)


def longer_delay(case: Case) -> Scene:
    """A longer delay to test, agreed by a manager (C-CLI-2)."""
    yield from fixed(case)
    yield from more_time_asked(case)
    yield case.soon(0.5, 6)
    case.manager(
        manager.agree_time, days=case.rng.choice([15, 18, 20]), message=case.write(conversation.TIME_AGREED)
    )
    if case.chance(0.7):
        yield from in_production(case)


def longer_delay_refused(case: Case) -> Scene:
    """A longer delay refused: the verdict is asked for again."""
    yield from fixed(case)
    yield from more_time_asked(case)
    yield case.soon(0.5, 6)
    case.manager(manager.refuse_time, message=case.write(conversation.TIME_REFUSED))
    yield case.soon(0.1, 2)
    case.vendor(vendor.ask_verdict, message=case.write(conversation.VERDICT_ASKED))
    yield from in_production(case)


def verdict_asked_again(case: Case) -> Scene:
    """The client writes during the test; the vendor replies and asks for the verdict again (K-5)."""
    yield from fixed(case)
    yield from written_under_test(case)
    yield case.soon(0.5, 7)
    case.vendor(vendor.ask_verdict, message=case.write(conversation.VERDICT_ASKED))
    if case.chance(0.6):
        yield from in_production(case)


def deadline_contested(case: Case) -> Scene:
    """The client contests a deadline; a manager explains it."""
    yield from filed(case)
    yield case.client_soon(2, 12)
    case.client(client.contest_deadline, reason=case.write(conversation.DEADLINE_CONTESTED))
    yield from settled(case, ContestSubject.DEADLINE, upheld=case.chance(0.3))
    yield from delivered(case)
    yield from in_production(case)


def corrected(case: Case) -> Scene:
    """A title that the agent makes clearer."""
    yield from filed(case)
    yield case.soon(0.1, 2)
    title = case.write(conversation.CLEARER_TITLES).replace("[title]", case.ticket.title)
    case.vendor(vendor.correct, title=title[:200], solution=case.contract.solution)
    yield from studied(case)
    yield from delivered(case)
    yield from in_production(case)


def withdrawn(case: Case) -> Scene:
    """Withdrawn by the client, at times before anybody took it (K-19)."""
    if case.chance(0.35):
        case.file()
        yield case.stage.after(case.at, 0.3)
    else:
        yield from filed(case)
        yield case.client_soon(1, 14)
    case.client(client.withdraw, message=case.write(conversation.WITHDRAWN))


def not_reproducible(case: Case) -> Scene:
    """An anomaly that nobody sees again."""
    yield from filed(case)
    yield from questioned(case)
    yield case.soon(8, 40)
    case.vendor(
        vendor.close, ground=ClosingGround.NOT_REPRODUCIBLE, message=case.write(conversation.NOT_REPRODUCIBLE)
    )


def agreed(case: Case) -> Scene:
    """Closed by agreement."""
    yield from filed(case)
    yield from questioned(case)
    yield case.soon(6, 30)
    case.vendor(vendor.close, ground=ClosingGround.AGREED, message=case.write(conversation.AGREED))


def duplicate(case: Case) -> Scene:
    """Filed a second time: closed as a duplicate of the first (K-19)."""
    case.file()
    yield case.acknowledgement_time()
    original = case.former
    if original is None:
        return
    case.vendor(
        vendor.close,
        by=original.owner,
        ground=ClosingGround.DUPLICATE,
        message=case.write(conversation.DUPLICATE).replace("[original]", str(original.ticket.pk)),
        duplicate_of=original.ticket,
    )


STORIES: dict[str, Story] = {
    "production": production,
    "tacit": fixed,
    "accepted_in_silence": accepted_in_silence,
    "refused_once": refused_once,
    "refused_twice": refused_twice,
    "replaced": replaced,
    "workaround_definitive": workaround_definitive,
    "workaround_provisional": workaround_provisional,
    "workaround_in_silence": workaround_in_silence,
    "question_in_silence": question_in_silence,
    "lowered": lowered,
    "lowered_contested_upheld": lowered_contested_upheld,
    "lowered_contested_denied": lowered_contested_denied,
    "raised": raised,
    "out_of_scope": closed_out_of_scope,
    "out_of_scope_upheld": out_of_scope_upheld,
    "out_of_scope_denied": out_of_scope_denied,
    "back_in_scope": back_in_scope,
    "longer_delay": longer_delay,
    "longer_delay_refused": longer_delay_refused,
    "verdict_asked_again": verdict_asked_again,
    "deadline_contested": deadline_contested,
    "corrected": corrected,
    "withdrawn": withdrawn,
    "duplicated": production,
    "duplicate": duplicate,
    "followed_up": production,
    "follow_up": production,
    "not_reproducible": not_reproducible,
    "agreed": agreed,
}
