"""The lines of a delay statement: hand-checked, and summing to what the clocks say for random lives."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given

from sla.calendar import BusinessCalendar
from sla.clock import Event, EventKind, assess
from sla.policy import Policy, Severity
from sla.segments import (
    SegmentState,
    Why,
    acknowledge_segments,
    gross,
    net,
    resolve_segments,
)
from sla.statement import Statement
from tests.sla.test_properties import POLICY, as_events, lives, often

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3_600_000_000
OFFICE = {
    "timezone": "Europe/Paris",
    "weekly": {str(day): [["09:00", "18:00"]] for day in range(1, 6)},
    "holidays": {"country": "FR", "subdivision": None},
    "closures": [],
}


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def lines(calendar: dict, begins: str, ends: str) -> list[tuple]:
    """Return the lines of a ticket received and acknowledged at two instants of Paris."""
    business = BusinessCalendar.from_document(calendar)
    events = [
        Event(EventKind.RECEIVED, paris(begins), Severity.MAJEURE),
        Event(EventKind.ACKNOWLEDGED, paris(ends)),
    ]
    statement = assess(events, Policy.from_document(POLICY), business, paris(ends))
    return [
        (
            f"{segment.start.astimezone(PARIS):%d %H:%M}",
            f"{segment.end.astimezone(PARIS):%d %H:%M}",
            segment.business / HOUR,
            [
                (reason.kind.value, reason.first.day, reason.last.day, reason.name)
                for reason in segment.reasons
            ],
        )
        for segment in acknowledge_segments(events, statement, business)
    ]


def judged(drawn: tuple) -> tuple[list[Event], Statement, BusinessCalendar]:
    calendar, events, at = drawn
    business = BusinessCalendar.from_document(calendar)
    return as_events(events), assess(as_events(events), Policy.from_document(POLICY), business, at), business


@often
@given(lives())
def test_what_counts_sums_to_the_net_time_and_everything_to_the_gross(drawn):
    events, statement, calendar = judged(drawn)
    resolve = resolve_segments(events, statement, calendar)
    assert (net(resolve), gross(resolve)) == (statement.resolve.net, statement.resolve.gross)
    acknowledge = acknowledge_segments(events, statement, calendar)
    assert net(acknowledge) == gross(acknowledge) == statement.acknowledge.gross == statement.acknowledge.net


@often
@given(lives())
def test_the_lines_follow_each_other_without_a_hole(drawn):
    events, statement, calendar = judged(drawn)
    for segments, clock in (
        (acknowledge_segments(events, statement, calendar), statement.acknowledge),
        (resolve_segments(events, statement, calendar), statement.resolve),
    ):
        borders = [statement.received_at, *(segment.end for segment in segments)]
        assert [segment.start for segment in segments] == borders[:-1]
        assert borders[-1] <= statement.at
        assert clock.done is None or borders[-1] == clock.done
        assert all(segment.start < segment.end for segment in segments)
        for segment in segments:
            assert segment.business == calendar.between(segment.start, segment.end)
            assert (segment.why == Why.CLOSED) == (segment.business == 0)
            assert bool(segment.reasons) or segment.why != Why.CLOSED


@often
@given(lives())
def test_a_line_is_left_out_exactly_while_a_pause_lasts(drawn):
    events, statement, calendar = judged(drawn)
    for segment in resolve_segments(events, statement, calendar):
        waited = [
            pause
            for pause in statement.pauses
            if pause.started_at <= segment.start and (pause.ended_at is None or segment.end <= pause.ended_at)
        ]
        assert bool(waited) == (segment.state not in {SegmentState.FILED, SegmentState.IN_PROGRESS})
        assert segment.counted == (segment.business > 0 and not waited)


def test_a_night_is_one_line_and_an_opening_another():
    assert lines(OFFICE, "2026-06-09 17:00", "2026-06-10 10:00") == [
        ("09 17:00", "09 18:00", 1, []),
        ("09 18:00", "10 09:00", 0, [("night", 9, 10, "")]),
        ("10 09:00", "10 10:00", 1, []),
    ]


def test_a_closed_stretch_names_its_holidays_and_its_rest():
    assert lines(OFFICE, "2026-05-07 17:00", "2026-05-11 10:00") == [
        ("07 17:00", "07 18:00", 1, []),
        ("07 18:00", "11 09:00", 0, [("holiday", 8, 8, "Fête de la Victoire"), ("weekly_rest", 9, 10, "")]),
        ("11 09:00", "11 10:00", 1, []),
    ]


def test_a_closure_is_named_by_its_motive_where_it_takes_hours_away():
    closures = [
        {"date": "2026-12-24", "windows": [["09:00", "12:00"]], "motive": "Réveillon"},
        {"first": "2026-12-28", "last": "2026-12-30", "windows": [], "motive": "Inventaire"},
    ]
    assert lines({**OFFICE, "closures": closures}, "2026-12-23 18:00", "2026-12-31 09:30") == [
        ("23 18:00", "24 09:00", 0, [("night", 23, 24, "")]),
        ("24 09:00", "24 12:00", 3, [("special_hours", 24, 24, "Réveillon")]),
        ("24 12:00", "31 09:00", 0, [
            ("closure", 24, 24, "Réveillon"), ("holiday", 25, 25, "Noël"), ("weekly_rest", 26, 27, ""),
            ("closure", 28, 30, "Inventaire"),
        ]),
        ("31 09:00", "31 09:30", 0.5, []),
    ]  # fmt: skip


def test_a_lunch_break_is_no_night():
    breaks = {**OFFICE, "weekly": {"2": [["09:00", "12:00"], ["14:00", "18:00"]]}}
    assert lines(breaks, "2026-06-09 11:00", "2026-06-09 19:00") == [
        ("09 11:00", "09 12:00", 1, []),
        ("09 12:00", "09 14:00", 0, [("break", 9, 9, "")]),
        ("09 14:00", "09 18:00", 4, []),
        ("09 18:00", "09 19:00", 0, [("night", 9, 9, "")]),
    ]


def test_a_holiday_on_a_day_of_rest_is_named_as_well():
    # 15 August 2026 is a Saturday.
    assert lines(OFFICE, "2026-08-14 18:00", "2026-08-17 09:00") == [
        ("14 18:00", "17 09:00", 0, [("holiday", 15, 15, "Assomption"), ("weekly_rest", 16, 16, "")])
    ]


def test_an_exceptional_opening_says_why_support_was_open():
    opened = [{"date": "2026-06-13", "windows": [["10:00", "12:00"]], "motive": "Clôture annuelle"}]
    assert lines({**OFFICE, "closures": opened}, "2026-06-12 18:00", "2026-06-13 11:00") == [
        ("12 18:00", "13 10:00", 0, [("night", 12, 13, "")]),
        ("13 10:00", "13 11:00", 1, [("special_hours", 13, 13, "Clôture annuelle")]),
    ]


def test_events_of_one_wall_clock_repeated_in_autumn_keep_their_order():
    nights = {**OFFICE, "weekly": {"7": [["00:00", "06:00"]]}}
    business = BusinessCalendar.from_document(nights)
    events = [
        Event(EventKind.RECEIVED, paris("2026-10-25 01:00"), Severity.BLOQUANTE),
        Event(EventKind.QUESTION, paris("2026-10-25 02:30"), reference=2),
        Event(EventKind.ANSWER, paris("2026-10-25 02:30").replace(fold=1), reference=3),
    ]
    statement = assess(events, Policy.from_document(POLICY), business, paris("2026-10-25 04:00"))
    segments = resolve_segments(events, statement, business)
    assert [(segment.business / HOUR, segment.counted, segment.why) for segment in segments] == [
        (1.5, True, Why.OPEN), (1, False, Why.QUESTION), (1.5, True, Why.OPEN),
    ]  # fmt: skip


def test_a_year_cut_in_utc_leaves_no_mark_in_a_line():
    always = {**OFFICE, "holidays": None, "weekly": {str(day): [["00:00", "24:00"]] for day in range(1, 8)}}
    found = lines(always, "2026-12-31 22:00", "2027-01-01 10:00")
    assert found == [("31 22:00", "01 10:00", 12, [])]


def test_nothing_is_cut_out_of_a_duty_fulfilled_at_once():
    assert lines(OFFICE, "2026-06-09 10:00", "2026-06-09 10:00") == []
