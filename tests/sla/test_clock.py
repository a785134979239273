"""The clocks' statement beyond what the vectors compare: pauses, the record of deadlines, time left, refusals."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import BusinessCalendar, CalendarError
from sla.clock import ClockError, ClockState, Event, EventKind, PauseCause, Statement, assess
from sla.policy import Policy, Severity

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3_600_000_000
CALENDAR = BusinessCalendar.from_document(
    {
        "timezone": "Europe/Paris",
        "weekly": {str(day): [["09:00", "18:00"]] for day in range(1, 6)},
        "holidays": {"country": "FR", "subdivision": None},
        "closures": [],
    }
)
POLICY = Policy.from_document(
    {
        "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 24}},
        "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
        "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
    }
)
BLOQUANTE, MAJEURE, MINEURE = Severity.BLOQUANTE, Severity.MAJEURE, Severity.MINEURE
WEEK = {"mon": 8, "tue": 9, "wed": 10, "thu": 11, "fri": 12, "next mon": 15, "next wed": 17}


def at(text: str) -> datetime:
    """Return an instant of the week of Monday 8 June 2026 in Paris, such as "mon 09:00"."""
    day, clock = text.rsplit(" ", 1)
    return datetime.fromisoformat(f"2026-06-{WEEK[day]:02} {clock}").replace(tzinfo=PARIS)


def received(severity: Severity | None = BLOQUANTE, when: str = "mon 09:00") -> Event:
    return Event(EventKind.RECEIVED, at(when), severity)


def event(kind: str, when: str, **fields: object) -> Event:
    return Event(EventKind(kind), at(when), **fields)


def judge(when: str, *events: Event) -> Statement:
    return assess(events, POLICY, CALENDAR, at(when))


def test_a_statement_says_when_it_was_received_and_from_when_it_counts():
    statement = judge("tue 12:00", received(when="mon 20:00"))
    assert statement.at == at("tue 12:00")
    assert statement.received_at == at("mon 20:00")
    assert statement.effective_receipt == at("tue 09:00")
    assert {
        instant.tzinfo for instant in (statement.at, statement.received_at, statement.effective_receipt)
    } == {UTC}


def test_a_running_clock_says_the_business_time_left_and_the_span_of_its_target():
    statement = judge("mon 10:30", received())
    assert (statement.acknowledge.left, statement.acknowledge.span) == (HOUR // 2, 2 * HOUR)
    assert (statement.resolve.left, statement.resolve.span) == (22 * HOUR + HOUR // 2, 24 * HOUR)
    assert statement.resolve.severity is BLOQUANTE


def test_a_target_in_days_has_a_span_in_business_time():
    assert judge("mon 10:00", received(MAJEURE, "mon 09:30")).resolve.span == 7 * 9 * HOUR


def test_half_of_a_delay_is_found_from_its_deadline():
    clock = judge("mon 09:00", received()).resolve
    assert CALENDAR.subtract(clock.due, clock.span // 2) == at("tue 12:00")


def test_k8_what_is_left_during_a_pause_does_not_change():
    life = [received(), event("question", "mon 14:00")]
    left = [judge(when, *life).resolve.left for when in ("mon 14:00", "mon 18:00", "next wed 10:00")]
    assert left == [19 * HOUR] * 3


def test_k8_a_delivery_just_in_time_has_nothing_left_while_it_is_under_test():
    clock = judge("thu 12:00", received(), event("delivered", "wed 15:00", what="fix")).resolve
    assert (clock.state, clock.left, clock.due) == (ClockState.PAUSED, 0, None)


def test_a_clock_that_neither_runs_nor_waits_has_no_time_left():
    life = [received(), event("acknowledged", "mon 09:30"), event("out_of_scope", "mon 10:00")]
    statement = judge("mon 11:00", *life)
    assert (statement.acknowledge.left, statement.resolve.left) == (None, None)


def test_each_pause_is_listed_with_its_cause_its_business_time_and_its_reference():
    statement = judge(
        "tue 12:00",
        received(),
        event("question", "mon 14:00", reference="question-1"),
        event("question", "mon 15:00", reference="question-2"),
        event("delivered", "mon 16:00", what="workaround", reference=7),
        event("delivered", "mon 17:00", what="fix", reference=8),
        event("rejected", "tue 10:00"),
        event("out_of_scope", "tue 11:00", reference="scope"),
    )
    assert [
        (pause.cause, pause.started_at, pause.ended_at, pause.business, pause.reference)
        for pause in statement.pauses
    ] == [
        (PauseCause.QUESTION, at("mon 14:00"), at("mon 16:00"), 2 * HOUR, "question-1"),
        (PauseCause.DELIVERY, at("mon 16:00"), at("tue 10:00"), 3 * HOUR, 7),
        (PauseCause.OUT_OF_SCOPE, at("tue 11:00"), None, HOUR, "scope"),
    ]


def test_a_closing_ends_every_pause():
    statement = judge(
        "next wed 10:00", received(), event("question", "mon 14:00"), event("closed", "mon 16:00")
    )
    assert [(pause.ended_at, pause.business) for pause in statement.pauses] == [(at("mon 16:00"), 2 * HOUR)]


def test_an_acceptance_ends_every_pause_and_later_questions_begin_none():
    statement = judge(
        "fri 12:00",
        received(),
        event("delivered", "mon 14:00", what="fix"),
        event("question", "mon 15:00"),
        event("accepted", "mon 16:00"),
        event("answer", "mon 17:00"),
        event("question", "tue 10:00"),
    )
    assert [pause.ended_at for pause in statement.pauses] == [at("mon 16:00")] * 2
    assert statement.resolve.state is ClockState.MET


def test_k9_the_first_acceptance_is_final():
    statement = judge(
        "fri 12:00",
        received(),
        event("delivered", "mon 14:00", what="fix"),
        event("accepted", "mon 16:00"),
        event("severity", "tue 09:00", severity=MINEURE),
        event("delivered", "thu 10:00", what="fix"),
        event("rejected", "thu 11:00"),
    )
    assert (statement.resolve.state, statement.resolve.done) == (ClockState.MET, at("mon 14:00"))
    assert statement.resolve.severity is BLOQUANTE


def test_k9_a_fix_under_test_is_accepted_by_the_closing_even_out_of_scope():
    statement = judge(
        "fri 12:00",
        received(),
        event("delivered", "mon 14:00", what="fix"),
        event("out_of_scope", "mon 15:00"),
        event("closed", "tue 10:00"),
    )
    assert (statement.resolve.state, statement.resolve.done) == (ClockState.MET, at("mon 14:00"))


def test_k9_a_replaced_delivery_made_just_in_time_does_not_save_a_late_one():
    statement = judge(
        "fri 12:00",
        received(),
        event("delivered", "wed 15:00", what="workaround"),
        event("delivered", "wed 16:00", what="fix"),
        event("accepted", "thu 10:00"),
    )
    assert (statement.resolve.state, statement.resolve.due) == (ClockState.MISSED, at("wed 15:00"))
    assert statement.resolve.done == at("wed 16:00")


def test_k10_every_deadline_that_stood_is_on_the_record():
    clock = judge(
        "thu 12:00",
        received(MAJEURE),
        event("severity", "tue 10:00", severity=BLOQUANTE),
        event("question", "tue 14:00"),
        event("answer", "tue 16:00"),
        event("severity", "wed 09:00", severity=MAJEURE),
    ).resolve
    assert [
        (each.severity, each.due, each.started_at, each.since, each.until) for each in clock.deadlines
    ] == [
        (MAJEURE, at("next wed 09:00"), at("mon 09:00"), at("mon 09:00"), at("tue 10:00")),
        (BLOQUANTE, at("thu 16:00"), at("tue 10:00"), at("tue 10:00"), at("tue 14:00")),
        (BLOQUANTE, at("thu 18:00"), at("tue 10:00"), at("tue 16:00"), at("wed 09:00")),
        (MAJEURE, at("next wed 11:00"), at("mon 09:00"), at("wed 09:00"), None),
    ]
    assert clock.due == at("next wed 11:00")


def test_k10_a_pause_that_shifts_nothing_leaves_one_deadline_on_the_record():
    clock = judge(
        "tue 12:00", received(), event("question", "mon 19:00"), event("answer", "tue 08:00")
    ).resolve
    assert [(each.due, each.since, each.until) for each in clock.deadlines] == [
        (at("wed 15:00"), at("mon 09:00"), None)
    ]


def test_k10_the_record_ends_when_the_duty_is_fulfilled_or_the_ticket_closed():
    life = [received(), event("acknowledged", "mon 10:00"), event("closed", "mon 12:00")]
    statement = judge("tue 12:00", *life)
    assert [each.until for each in statement.acknowledge.deadlines] == [at("mon 10:00")]
    assert [each.until for each in statement.resolve.deadlines] == [at("mon 12:00")]


def test_k10_equal_deadlines_are_shown_as_the_more_severe_ones():
    same = Policy.from_document(
        {severity: {"acknowledge": {"hours": 2}, "resolve": {"hours": 4}} for severity in Severity}
    )
    clock = assess([received(MAJEURE)], same, CALENDAR, at("mon 10:00")).resolve
    assert clock.severity is MAJEURE


def test_k11_the_first_deadline_missed_is_the_one_shown():
    clock = judge(
        "fri 12:00",
        received(MAJEURE, "mon 09:00"),
        event("severity", "mon 09:00", severity=BLOQUANTE),
        event("severity", "thu 09:00", severity=MAJEURE),
    ).resolve
    assert (clock.state, clock.due, clock.severity) == (ClockState.MISSED, at("wed 15:00"), BLOQUANTE)


def test_k10_a_severity_given_to_a_request_for_advice_counts_from_then():
    life = [received(None), event("severity", "tue 10:00", severity=BLOQUANTE)]
    assert judge("mon 12:00", *life).resolve.state is ClockState.NONE
    assert judge("tue 11:00", *life).acknowledge.due == at("tue 12:00")


def test_k8_a_ticket_closed_during_a_pause_is_not_missed_even_with_nothing_left():
    # Due Wednesday week at 9:00; asked before support opens that day, so that nothing is left to count.
    life = [received(MAJEURE), event("question", "next wed 08:00"), event("closed", "next wed 20:00")]
    assert judge("next wed 21:00", *life).resolve.state is ClockState.STOPPED


def test_acts_that_find_nothing_to_act_on_change_nothing():
    idle = ["answer", "in_scope", "rejected", "accepted"]
    plain = judge("tue 12:00", received())
    assert judge("tue 12:00", received(), *(event(kind, "mon 10:00") for kind in idle)) == plain


def test_events_may_come_in_any_zone():
    tokyo = Event(EventKind.ACKNOWLEDGED, datetime(2026, 6, 8, 17, 30, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert judge("tue 12:00", received(), tokyo).acknowledge.done == at("mon 10:30")


@pytest.mark.parametrize(
    ("events", "path", "reason"),
    [
        ([], "events", "begins with its reception"),
        ([event("acknowledged", "mon 09:00")], "events[0].kind", "the first event"),
        ([received(), received()], "events[1].kind", "only the first"),
        ([received(), event("answer", "mon 08:59")], "events[1].at", "before the event that precedes it"),
        ([received(), Event("reopened", at("mon 10:00"))], "events[1].kind", "unknown kind 'reopened'"),
        ([Event(EventKind.RECEIVED, at("mon 09:00"), "critique")], "events[0].severity", "'critique'"),
        ([received(), event("severity", "mon 10:00")], "events[1].severity", "None"),
        ([received(), event("delivered", "mon 10:00")], "events[1].what", "None"),
        (
            [
                received(),
                event("delivered", "mon 10:00", what="fix"),
                event("accepted", "mon 11:00", lasting=False),
            ],
            "events[2].lasting",
            "False",
        ),
        (
            [received(), Event(EventKind.ANSWER, at("mon 10:00").replace(tzinfo=None))],
            "events[1].at",
            "no time zone",
        ),
    ],
)
def test_a_life_that_cannot_be_is_refused_with_its_place(events, path, reason):
    with pytest.raises(ClockError) as refused:
        judge("fri 12:00", *events)
    assert refused.value.path == path
    assert reason in str(refused.value)


def test_an_instant_before_the_reception_or_without_a_zone_is_refused():
    with pytest.raises(ClockError, match="at: before the ticket was received"):
        judge("mon 08:59", received())
    with pytest.raises(ClockError, match=r"at: .* has no time zone"):
        assess([received()], POLICY, CALENDAR, at("mon 10:00").replace(tzinfo=None))


def test_a_life_beyond_the_years_the_calendar_knows_is_refused():
    late = Event(EventKind.RECEIVED, datetime(2099, 12, 31, 12, tzinfo=UTC), MAJEURE)
    with pytest.raises(CalendarError, match="outside the years"):
        assess([late], POLICY, CALENDAR, late.at + timedelta(minutes=1))


@pytest.mark.parametrize("days", [1, 40, 90, 400])
def test_a_life_is_measured_alike_however_long_its_waits_last(days: int):
    gap = timedelta(days=days, hours=2)
    received_at = at("mon 10:00") - timedelta(days=1)  # a Sunday: closed
    kinds = [EventKind.QUESTION, EventKind.ANSWER] * 5
    events = [
        Event(EventKind.RECEIVED, received_at, BLOQUANTE),
        *(Event(kind, received_at + number * gap) for number, kind in enumerate(kinds)),
    ]
    statement = assess(events, POLICY, CALENDAR, events[-1].at + timedelta(hours=1))
    assert [pause.business for pause in statement.pauses] == [
        CALENDAR.between(pause.started_at, pause.ended_at) for pause in statement.pauses
    ]
    gross = CALENDAR.between(received_at, statement.at)
    assert statement.resolve.gross == gross
    worked = gross - sum(pause.business for pause in statement.pauses)
    assert statement.resolve.net == worked
    if worked < 24 * HOUR:
        assert statement.resolve.due == CALENDAR.add(statement.at, 24 * HOUR - worked)
    else:
        assert statement.resolve.state is ClockState.MISSED
