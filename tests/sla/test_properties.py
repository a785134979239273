"""Laws of business time and of the clocks, tried on random calendars and random lives of a ticket."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla.calendar import BusinessCalendar
from sla.clock import ClockState, Event, EventKind, PauseCause, Statement, assess
from sla.policy import Policy, Severity
from tests.sla.slow_life import SlowLife
from tests.sla.slow_walk import STEP, SlowCalendar

often = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seldom = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Days around which something happens: clock changes, holidays, New Year, a date that Apia never had.
TURNS = {
    "Europe/Paris": [
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2026, 5, 8),
        date(2026, 12, 31),
        date(2008, 5, 1),
    ],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1), date(2025, 12, 31)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "Asia/Beirut": [date(2026, 3, 29), date(2026, 10, 25)],
    "Asia/Kathmandu": [date(2026, 1, 1)],
    "Pacific/Apia": [date(2011, 12, 30)],
    "UTC": [date(2026, 12, 31)],
}
MICROSECOND = timedelta(microseconds=1)


def clock_face(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def windows(draw, most: int = 3) -> list[list[str]]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=2 * most)))
    return [[clock_face(a), clock_face(b)] for a, b in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def documents(draw) -> tuple[dict, date]:
    zone = draw(st.sampled_from(sorted(TURNS)))
    turn = draw(st.sampled_from(TURNS[zone]))
    weekly = {str(day): draw(windows()) for day in range(1, 8)}
    opening = sum(
        (int(b[:2]) - int(a[:2])) * 60 + int(b[3:]) - int(a[3:]) for day in weekly.values() for a, b in day
    )
    assume(opening >= 6 * 60)
    offsets = draw(st.sets(st.integers(-2, 6), max_size=3))
    closures = [
        {"date": (turn + timedelta(offset)).isoformat(), "windows": draw(windows(2))} for offset in offsets
    ]
    country = draw(st.sampled_from([None, {"country": "FR", "subdivision": None}]))
    document = {"timezone": zone, "weekly": weekly, "holidays": country, "closures": closures}
    return document, turn


def instants(turn: date, days: int = 3) -> st.SearchStrategy[datetime]:
    midnight = datetime(turn.year, turn.month, turn.day, tzinfo=UTC)
    return st.integers(-days * 96, days * 96).map(lambda quarters: midnight + quarters * STEP)


fine_amounts = st.integers(1, 40 * 3_600_000_000)
jitters = st.integers(0, 15 * 60 * 1_000_000 - 1)


@often
@given(documents(), st.data(), st.integers(1, 32))
def test_adding_and_counting_agree_with_a_walk_of_the_wall_clock(drawn, data, quarters):
    document, turn = drawn
    calendar, slow = BusinessCalendar.from_document(document), SlowCalendar(document)
    start, end = data.draw(instants(turn)), data.draw(instants(turn))
    assert calendar.is_open(start) == slow.is_open(start)
    assert calendar.next_open(start) == slow.next_open(start)
    assert calendar.add(start, quarters * STEP // MICROSECOND) == slow.add(start, quarters * STEP)
    assert calendar.between(start, end) == slow.between(start, end) // MICROSECOND


@often
@given(documents(), st.data(), st.integers(1, 4))
def test_business_days_agree_with_a_walk_of_the_wall_clock(drawn, data, count):
    document, turn = drawn
    calendar, slow = BusinessCalendar.from_document(document), SlowCalendar(document)
    start = data.draw(instants(turn))
    assert calendar.add_days(start, count) == slow.add_days(start, count)
    assert calendar.end_of_business_day(start, count) == slow.end_of_business_day(start, count)
    assert calendar.start_of_business_day(start, count) == slow.start_of_business_day(start, count)


@often
@given(documents(), st.data(), fine_amounts, fine_amounts, jitters)
def test_adding_twice_is_adding_the_sum(drawn, data, first, second, jitter):
    calendar = BusinessCalendar.from_document(drawn[0])
    start = data.draw(instants(drawn[1])) + jitter * MICROSECOND
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@often
@given(documents(), st.data(), jitters, jitters)
def test_counting_is_additive_and_signed(drawn, data, jitter, other):
    calendar = BusinessCalendar.from_document(drawn[0])
    a, b, c = (
        data.draw(instants(drawn[1])) + shift * MICROSECOND for shift in (jitter, other, jitter ^ other)
    )
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)


@often
@given(documents(), st.data(), fine_amounts, jitters)
def test_counting_and_subtracting_undo_adding(drawn, data, amount, jitter):
    calendar = BusinessCalendar.from_document(drawn[0])
    start = data.draw(instants(drawn[1])) + jitter * MICROSECOND
    due = calendar.add(start, amount)
    assert calendar.between(start, due) == amount
    assert calendar.subtract(due, amount) == calendar.next_open(start)


@often
@given(documents(), st.data(), fine_amounts, fine_amounts)
def test_later_starts_and_larger_amounts_never_end_earlier(drawn, data, amount, more):
    calendar = BusinessCalendar.from_document(drawn[0])
    start, later = sorted([data.draw(instants(drawn[1])), data.draw(instants(drawn[1]))])
    assert calendar.add(start, amount) <= calendar.add(later, amount)
    assert calendar.add(start, amount) < calendar.add(start, amount + more)


@often
@given(documents(), st.data(), fine_amounts)
def test_a_deadline_ends_an_open_instant(drawn, data, amount):
    calendar = BusinessCalendar.from_document(drawn[0])
    due = calendar.add(data.draw(instants(drawn[1])), amount)
    assert calendar.is_open(due - MICROSECOND)


@often
@given(documents(), st.data(), st.integers(1, 6))
def test_a_business_day_begins_and_ends_with_its_openings(drawn, data, count):
    calendar = BusinessCalendar.from_document(drawn[0])
    start = data.draw(instants(drawn[1]))
    first, last = calendar.start_of_business_day(start, count), calendar.end_of_business_day(start, count)
    assert calendar.is_open(first)
    assert calendar.is_open(last - MICROSECOND)
    assert first.astimezone(calendar.zone).date() == (last - MICROSECOND).astimezone(calendar.zone).date()
    assert start < first < last


@seldom
@given(documents(), st.data(), st.permutations([2019, 2031, 2025]), fine_amounts)
def test_answers_do_not_depend_on_what_was_asked_before(drawn, data, years, amount):
    fresh, used = BusinessCalendar.from_document(drawn[0]), BusinessCalendar.from_document(drawn[0])
    for year in years:
        used.next_open(datetime(year, 6, 1, tzinfo=UTC))
    start = data.draw(instants(drawn[1]))
    assert used.add(start, amount) == fresh.add(start, amount)
    assert used.subtract(start, amount) == fresh.subtract(start, amount)


# A ticket's life, on the contract's own calendar and on one with breaks, over two weeks of spring.
POLICY = {
    "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 5}},
    "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 2}},
    "mineure": {"acknowledge": {"hours": 8}, "resolve": None},
}
OFFICE = {str(day): [["09:00", "18:00"]] for day in range(1, 6)}
BREAKS = {str(day): [["08:30", "12:00"], ["13:30", "17:00"]] for day in range(1, 7)}
MONDAY = datetime(2026, 5, 4, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
KINDS = st.sampled_from(
    ["question", "answer", "delivered", "rejected", "severity"] * 2
    + ["accepted", "out_of_scope", "in_scope", "acknowledged"]
)
severities = st.sampled_from(["bloquante", "majeure", "mineure"])


@st.composite
def lives(draw) -> tuple[dict, list[dict], datetime]:
    """Draw a calendar, events in order (often at the same instant or on a deadline), and an instant."""
    calendar = {
        "timezone": "Europe/Paris",
        "weekly": draw(st.sampled_from([OFFICE, BREAKS])),
        "holidays": {"country": "FR", "subdivision": None},
        "closures": draw(st.sampled_from([[], [{"date": "2026-05-06", "windows": [["09:00", "12:00"]]}]])),
    }
    now = MONDAY + draw(st.integers(0, 96)) * STEP
    events = [{"kind": "received", "at": now, "severity": draw(severities)}]
    delivered = None
    for kind in draw(st.lists(KINDS, max_size=8)):
        now += draw(st.sampled_from([0, 1, 4, 8, 20, 36, 60, 96])) * STEP
        event = {"kind": kind, "at": now}
        if kind == "severity":
            event["to"] = draw(severities)
        if kind == "delivered":
            delivered = event["what"] = draw(st.sampled_from(["fix", "workaround"]))
        if kind == "accepted":
            event["lasting"] = delivered != "workaround" or draw(st.booleans())
        events.append(event)
    if draw(st.booleans()):
        now += draw(st.integers(0, 60)) * STEP
        events.append({"kind": "closed", "at": now})
    return calendar, events, events[0]["at"] + draw(st.integers(0, 5 * 96)) * STEP


@cache
def walked(document: str) -> SlowCalendar:
    return SlowCalendar(json.loads(document))


def as_events(events: list[dict]) -> list[Event]:
    return [
        Event(
            kind=EventKind(event["kind"]),
            at=event["at"],
            severity=Severity(named) if (named := event.get("severity") or event.get("to")) else None,
            what=event.get("what"),
            lasting=event.get("lasting", True),
        )
        for event in events
    ]


def judge(calendar: dict, events: list[dict], at: datetime) -> Statement:
    return assess(
        as_events(events), Policy.from_document(POLICY), BusinessCalendar.from_document(calendar), at
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives())
def test_both_clocks_agree_with_a_replay_of_every_quarter_of_an_hour(drawn):
    calendar, events, at = drawn
    statement = judge(calendar, events, at)
    slow = SlowLife(walked(json.dumps(calendar)), POLICY)
    slow.received = events[0]["at"]
    slow.run(events, at)
    assert {"acknowledge": statement.acknowledge.state, "resolve": statement.resolve.state} == slow.states()
    assert statement.acknowledge.due == slow.shown_due("acknowledge")
    assert statement.resolve.due == slow.shown_due("resolve")
    assert (statement.acknowledge.done, statement.resolve.done) == (slow.acknowledged, slow.done)
    net, gross = slow.times()
    assert (statement.resolve.net, statement.resolve.gross) == (net // MICROSECOND, gross // MICROSECOND)


@often
@given(lives())
def test_what_happens_later_is_not_yet_known(drawn):
    calendar, events, at = drawn
    known = [event for event in events if event["at"] <= at]
    assert judge(calendar, events, at) == judge(calendar, known, at)


@often
@given(lives(), st.integers(0, 300))
def test_a_missed_deadline_stays_missed_and_keeps_its_date(drawn, quarters):
    calendar, events, at = drawn
    now, later = judge(calendar, events, at), judge(calendar, events, at + quarters * STEP)
    for before, after in ((now.acknowledge, later.acknowledge), (now.resolve, later.resolve)):
        if before.state is ClockState.MISSED:
            assert (after.state, after.due) == (before.state, before.due)


@often
@given(lives())
def test_a_clock_counts_its_pauses_once_and_never_runs_backwards(drawn):
    calendar, events, at = drawn
    statement = judge(calendar, events, at)
    resolve = statement.resolve
    assert 0 <= resolve.net <= resolve.gross
    assert resolve.gross - resolve.net <= sum(pause.business for pause in statement.pauses)
    assert (resolve.left is not None) == (resolve.state in {ClockState.RUNNING, ClockState.PAUSED})
    assert resolve.left is None or resolve.left >= 0


@often
@given(lives())
def test_the_deadline_in_force_is_the_last_one_on_the_record(drawn):
    calendar, events, at = drawn
    clock = judge(calendar, events, at).resolve
    standing = [deadline for deadline in clock.deadlines if deadline.until is None]
    assert len(standing) <= 1
    if clock.state is ClockState.RUNNING:
        assert [deadline.due for deadline in standing] == [clock.due]


waits = st.lists(st.tuples(st.integers(1, 20), st.integers(1, 30)), min_size=1, max_size=4)


@often
@given(waits, st.data())
def test_pauses_commute_whatever_their_cause(lengths, data):
    """The same waits, asked as questions or spent out of scope, move the deadline alike."""
    causes = [data.draw(st.booleans()) for _ in lengths]
    now = MONDAY + 38 * STEP
    events, twins = [], []
    for (gap, length), cause in zip(lengths, causes, strict=True):
        begin, end = now + gap * STEP, now + (gap + length) * STEP
        pairs = {True: ("question", "answer"), False: ("out_of_scope", "in_scope")}
        events += [{"kind": pairs[cause][0], "at": begin}, {"kind": pairs[cause][1], "at": end}]
        twins += [{"kind": pairs[not cause][0], "at": begin}, {"kind": pairs[not cause][1], "at": end}]
        now = end
    received = {"kind": "received", "at": MONDAY + 38 * STEP, "severity": "majeure"}
    calendar = {"timezone": "Europe/Paris", "weekly": OFFICE, "holidays": None, "closures": []}
    clock, twin = (judge(calendar, [received, *each], now).resolve for each in (events, twins))
    assert (clock.state, clock.due, clock.net, clock.gross) == (twin.state, twin.due, twin.net, twin.gross)


@often
@given(
    st.integers(1, 19), st.integers(1, 40), st.integers(1, 40), st.permutations(["question", "out_of_scope"])
)
def test_pauses_that_overlap_merge(start, first, second, causes):
    """Two overlapping waits shift the deadline by what they cover together, in either order."""
    received = MONDAY + 36 * STEP
    begin, middle = received + start * STEP, received + (start + first) * STEP
    end = middle + second * STEP
    ends = {"question": "answer", "out_of_scope": "in_scope"}
    events = [
        {"kind": "received", "at": received, "severity": "majeure"},
        {"kind": causes[0], "at": begin},
        {"kind": causes[1], "at": begin + STEP // 2},
        {"kind": ends[causes[0]], "at": middle},
        {"kind": ends[causes[1]], "at": end},
    ]
    calendar = {"timezone": "Europe/Paris", "weekly": OFFICE, "holidays": None, "closures": []}
    statement = judge(calendar, events, end)
    business = BusinessCalendar.from_document(calendar)
    promised = business.add_days(received, 2)
    waited = business.between(begin, end)
    assert statement.resolve.due == (business.add(promised, waited) if waited else promised)
    assert {pause.cause for pause in statement.pauses} == {PauseCause.QUESTION, PauseCause.OUT_OF_SCOPE}
