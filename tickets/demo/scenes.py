"""What happens in a ticket, piece by piece: each scene yields when it goes on, and acts when it does."""

from collections.abc import Iterator
from datetime import datetime

from sla.policy import Severity
from tickets.actions import client, manager, vendor
from tickets.demo import conversation
from tickets.demo.case import Case
from tickets.words import ContestSubject, DeliveryKind, OutOfScopeGround

Scene = Iterator[datetime]


def filed(case: Case) -> Scene:
    """Be filed, then taken by an agent: by a word, or by a first question (C-SLA-2)."""
    case.file()
    yield case.acknowledgement_time()
    if case.chance(0.1):
        question, reply = case.rng.choice(list(case.anomaly.exchanges))
        case.vendor(vendor.ask, message=case.writer.write(question))
        yield case.client_soon(0.5, 12)
        case.client(client.answer, message=case.writer.write(reply))
    else:
        owner = case.stage.agent_for(case.contract.solution, case.rng)
        case.vendor(vendor.acknowledge, by=owner, owner=owner, message=case.write(conversation.ACKNOWLEDGED))
    if case.chance(0.25):
        yield case.soon(0.1, 1.5)
        case.note(conversation.NOTES)


def studied(case: Case) -> Scene:
    """Be studied: a question, a colleague who takes over, a word on the progress; not all of it each time."""
    if case.chance(0.34):
        yield from questioned(case)
    if case.chance(0.08):
        yield from handed_over(case)
    if case.chance(0.28):
        yield case.soon(1, 9)
        case.vendor(vendor.inform, message=case.write(conversation.PROGRESS))


def questioned(case: Case) -> Scene:
    """Ask, and be answered (K-7)."""
    question, reply = case.rng.choice(list(case.anomaly.exchanges))
    yield case.soon(0.4, 6)
    case.vendor(vendor.ask, message=case.writer.write(question))
    if case.chance(0.12):
        yield case.soon(2, 8)
        case.vendor(vendor.ask, message=case.write(conversation.ASKED_AGAIN))
    yield case.client_soon(0.7, 20)
    case.client(client.answer, message=case.writer.write(reply), attachments=case.papers(0.15))


def handed_over(case: Case) -> Scene:
    """Go to another agent of the solution."""
    yield case.soon(1, 6)
    others = [
        agent for agent in case.stage.cast.specialists[case.contract.solution.code] if agent != case.owner
    ]
    heir = case.rng.choice(others)
    case.vendor(vendor.assign, owner=heir)
    case.note(conversation.HANDED_OVER)
    case.owner = heir


def delivered(case: Case, what: DeliveryKind = DeliveryKind.FIX, *, at: datetime | None = None) -> Scene:
    """Receive a fix or a workaround, and how to test it (C-CLI-1)."""
    yield at or case.delivery_time()
    content, how_to_test = (
        case.anomaly.workaround
        if what == DeliveryKind.WORKAROUND
        else case.rng.choice(list(case.anomaly.fixes))
    )
    opening = case.write(
        conversation.WORKAROUND_OPENINGS if what == DeliveryKind.WORKAROUND else conversation.FIX_OPENINGS
    )
    case.vendor(
        vendor.deliver,
        what=what,
        content=f"{opening}\n\n{case.writer.write(content)}",
        how_to_test=case.writer.write(how_to_test),
        version="" if what == DeliveryKind.WORKAROUND else case.writer.values["next_version"],
        touches_data=case.anomaly.touches_data and what == DeliveryKind.FIX,
        attachments=case.papers(0.04),
    )
    # Should it be refused, what comes next is a later release.
    versions = case.writer.values
    versions["delivered_version"], versions["next_version"] = (
        versions["next_version"],
        versions["later_version"],
    )


def fixed(case: Case) -> Scene:
    """Be filed, studied and fixed."""
    yield from filed(case)
    yield from studied(case)
    yield from delivered(case)


def tested(case: Case) -> Scene:
    """Be accepted (C-CLI-1)."""
    yield case.verdict_time()
    case.client(client.accept, message=case.write(conversation.ACCEPTED) if case.chance(0.8) else "")


def in_production(case: Case) -> Scene:
    """Be accepted and put in production, in two steps or in one (C-CLI-1)."""
    if case.chance(0.55):
        yield from tested(case)
    yield case.verdict_time()
    message = case.write(conversation.IN_PRODUCTION) if case.chance(0.7) else ""
    case.client(client.declare_production, message=message)


def refused(case: Case) -> Scene:
    """Be refused with a motive: the clock resumes (K-9)."""
    yield case.verdict_time()
    case.client(client.refuse, motive=case.write(case.anomaly.refusals), attachments=case.papers(0.3))
    if case.chance(0.6):
        yield case.soon(0.3, 3)
        case.vendor(vendor.inform, message=case.write(conversation.SORRY))


def requalified(case: Case, severity: Severity, motives: list[str] | tuple[str, ...]) -> Scene:
    """Have a severity retained that is not the one claimed, with a motive (C-SEV-2)."""
    yield case.soon(0.3, 2.5)
    case.vendor(vendor.requalify, severity=severity, motive=case.write(motives))


def severity_contested(case: Case) -> Scene:
    """Have the retained severity contested by the client (C-SEV-2)."""
    yield case.client_soon(0.5, 4)
    case.client(client.contest_severity, reason=case.write(conversation.SEVERITY_CONTESTED))


def settled(case: Case, subject: ContestSubject, *, upheld: bool) -> Scene:
    """Have a contest settled by a manager."""
    yield case.soon(0.5, 7)
    motive = case.write(conversation.SETTLED[subject, upheld])
    case.manager(manager.settle, subject=subject, upheld=upheld, motive=motive)


def out_of_scope(case: Case) -> Scene:
    """Be classed out of scope on the part's ground (C-OUT-3)."""
    ground = case.part.ground or OutOfScopeGround.CONFIGURATION
    yield case.soon(0.5, 9)
    if ground == OutOfScopeGround.NO_COOPERATION:
        case.vendor(vendor.ask, message=case.writer.write(case.anomaly.exchanges[0][0]))
        yield case.soon(30, 60)
    case.vendor(
        vendor.class_out_of_scope, ground=ground, explanation=case.write(conversation.GROUNDS[ground])
    )


def scope_contested(case: Case) -> Scene:
    """Have the classing contested by the client (C-OUT-3)."""
    yield case.client_soon(1, 10)
    case.client(client.contest_scope, reason=case.write(conversation.SCOPE_CONTESTED))


def warned(case: Case) -> Scene:
    """Be warned that silence will close the ticket (C-OUT-2, K-17)."""
    yield case.soon(24, 45)
    case.vendor(vendor.warn, message=case.write(conversation.WARNED))


def more_time_asked(case: Case) -> Scene:
    """Ask for more time to test (C-CLI-2)."""
    yield case.client_soon(2, 22)
    days = case.rng.choice([8, 10, 12, 15])
    case.client(client.request_time, days=days, reason=case.write(conversation.MORE_TIME))


def written_under_test(case: Case) -> Scene:
    """Write during the test without a verdict: the countdown is cancelled (K-5)."""
    yield case.client_soon(2, 24)
    case.client(client.answer, message=case.write(conversation.UNDER_TEST))
