"""The calendar: what it answers at its edges, what it says of a date, and what it refuses."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import BusinessCalendar, CalendarError, Day, DayKind
from tests.sla.slow_walk import french_holiday

pytestmark = pytest.mark.usefixtures("in_english")

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3_600_000_000
MICROSECOND = timedelta(microseconds=1)
OFFICE = {str(day): [["09:00", "18:00"]] for day in range(1, 6)}
FRANCE = {"country": "FR", "subdivision": None}


def document(**fields: object) -> dict:
    return {"timezone": "Europe/Paris", "weekly": OFFICE, "holidays": FRANCE, "closures": [], **fields}


def calendar(**fields: object) -> BusinessCalendar:
    return BusinessCalendar.from_document(document(**fields))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_k1_the_opening_is_open_and_the_closing_is_not():
    office = calendar()
    assert office.is_open(paris("2026-06-09 09:00"))
    assert not office.is_open(paris("2026-06-09 09:00") - MICROSECOND)
    assert office.is_open(paris("2026-06-09 18:00") - MICROSECOND)
    assert not office.is_open(paris("2026-06-09 18:00"))


def test_k1_effective_receipt_is_the_next_open_instant():
    office = calendar()
    assert office.next_open(paris("2026-06-09 12:34")) == paris("2026-06-09 12:34")
    assert office.next_open(paris("2026-06-12 18:00")) == paris("2026-06-15 09:00")
    assert office.next_open(paris("2026-12-31 18:00")) == paris("2027-01-04 09:00")


def test_answers_are_in_utc_whatever_the_zone_of_the_question():
    office = calendar()
    tokyo = datetime(2026, 6, 9, 16, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert office.add(tokyo, HOUR) == datetime(2026, 6, 9, 8, tzinfo=UTC)
    assert office.add(tokyo, HOUR).tzinfo is UTC
    assert office.next_open(tokyo).tzinfo is UTC
    assert office.add_days(tokyo, 1).tzinfo is UTC


def test_k2_subtracting_lands_on_the_opening_where_adding_lands_on_the_closing():
    office = calendar()
    assert office.add(paris("2026-06-09 09:00"), 9 * HOUR) == paris("2026-06-09 18:00")
    assert office.subtract(paris("2026-06-10 12:00"), 3 * HOUR) == paris("2026-06-10 09:00")
    assert office.subtract(paris("2026-06-10 12:00"), 4 * HOUR) == paris("2026-06-09 17:00")
    assert office.subtract(paris("2026-06-15 07:00"), 9 * HOUR) == paris("2026-06-12 09:00")


def test_subtracting_reaches_back_over_years_not_yet_asked_for():
    office = calendar(holidays=None)
    # 261 weekdays in 2025, and 1 January 2026 is a Thursday.
    assert office.subtract(paris("2026-01-01 18:00"), 262 * 9 * HOUR) == paris("2025-01-01 09:00")


def test_k5_days_open_and_close_with_their_own_windows():
    office = calendar(closures=[{"date": "2026-06-10", "windows": [["10:00", "12:00"], ["14:00", "16:30"]]}])
    assert office.start_of_business_day(paris("2026-06-09 11:00"), 1) == paris("2026-06-10 10:00")
    assert office.end_of_business_day(paris("2026-06-09 11:00"), 1) == paris("2026-06-10 16:30")
    assert office.start_of_business_day(paris("2026-06-09 11:00"), 2) == paris("2026-06-11 09:00")


def test_k5_a_day_that_spans_new_year_in_utc_is_whole():
    night = calendar(
        timezone="America/New_York", weekly={str(day): [["00:00", "24:00"]] for day in range(1, 8)}
    )
    new_york = ZoneInfo("America/New_York")
    start = datetime(2025, 12, 30, 12, tzinfo=new_york)
    assert night.start_of_business_day(start, 1) == datetime(2025, 12, 31, tzinfo=new_york)
    assert night.end_of_business_day(start, 1) == datetime(2026, 1, 1, tzinfo=new_york)


def test_a_date_is_open_at_rest_a_holiday_or_a_closure():
    office = calendar(
        closures=[
            {"date": "2026-06-10", "windows": [["09:00", "12:00"]], "motive": "Inventory"},
            {"first": "2026-12-26", "last": "2027-01-03", "windows": [], "motive": "Christmas"},
        ]
    )
    window = (("09:00", "18:00"),)
    assert office.day(date(2026, 6, 9)) == Day(date(2026, 6, 9), DayKind.OPEN, window, "")
    assert office.day(date(2026, 6, 13)) == Day(date(2026, 6, 13), DayKind.WEEKLY_REST, (), "")
    assert office.day(date(2026, 5, 14)) == Day(date(2026, 5, 14), DayKind.HOLIDAY, (), "Ascension")
    assert office.day(date(2026, 6, 10)) == Day(
        date(2026, 6, 10), DayKind.CLOSURE, (("09:00", "12:00"),), "Inventory"
    )
    assert {office.day(date(2026, 12, 26) + timedelta(n)).reason for n in range(9)} == {"Christmas"}
    assert office.day(date(2027, 1, 4)).kind is DayKind.OPEN


def test_two_holidays_on_one_date_are_both_named():
    assert calendar().day(date(2008, 5, 1)).reason == "Ascension; Fête du Travail"


def test_one_of_two_holidays_worked_leaves_the_other():
    worked = calendar(holidays={"country": "FR", "worked": ["Ascension"]})
    assert worked.day(date(2008, 5, 1)).reason == "Fête du Travail"
    assert worked.day(date(2026, 5, 14)).kind is DayKind.OPEN


def test_alsace_and_moselle_have_two_holidays_more():
    moselle = calendar(holidays={"country": "FR", "subdivision": "57"})
    assert moselle.day(date(2026, 4, 3)).kind is DayKind.HOLIDAY
    assert moselle.day(date(2025, 12, 26)).kind is DayKind.HOLIDAY
    assert calendar().day(date(2026, 4, 3)).kind is DayKind.OPEN


@pytest.mark.parametrize("year", [1999, 2008, 2024, 2026, 2038, 2099])
def test_french_holidays_are_those_of_the_labour_code(year):
    office = calendar()
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]
    assert [day for day in days if office.day(day).kind is DayKind.HOLIDAY] == [
        day for day in days if french_holiday(day)
    ]


def test_a_window_may_end_at_midnight_and_seconds_count():
    late = calendar(weekly={"2": [["22:00:30", "24:00"]]}, holidays=None)
    assert late.add(paris("2026-06-09 12:00"), HOUR) == paris("2026-06-09 23:00:30")
    assert late.add(paris("2026-06-09 12:00"), 2 * HOUR) == paris("2026-06-16 22:01:00")


def test_closures_that_say_the_same_twice_are_accepted():
    closure = {"date": "2026-06-10", "windows": []}
    assert not calendar(closures=[closure, closure]).is_open(paris("2026-06-10 10:00"))


def test_threads_that_share_a_calendar_get_the_same_answers():
    shared, alone = calendar(), calendar()
    starts = [datetime(2000 + (7 * n) % 60, 6, 1, tzinfo=UTC) for n in range(60)]
    answers: dict[int, list[datetime]] = {}

    def ask(turn: int) -> None:
        answers[turn] = [shared.add(start, 2_000 * HOUR) for start in starts[turn:] + starts[:turn]]

    threads = [Thread(target=ask, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [alone.add(start, 2_000 * HOUR) for start in starts]
    assert [answers[turn] for turn in range(4)] == [expected[turn:] + expected[:turn] for turn in range(4)]


@pytest.mark.parametrize("amount", [0, -1, 1.0, True, None, "1", 876_600 * HOUR + 1])
def test_amounts_that_are_not_positive_whole_and_reasonable_are_refused(amount):
    office = calendar()
    for reckon in (office.add, office.subtract):
        with pytest.raises(CalendarError, match="positive whole number of microseconds"):
            reckon(paris("2026-06-09 12:00"), amount)


@pytest.mark.parametrize("days", [0, -1, 1.0, True, None, 36_526])
def test_numbers_of_days_that_are_not_positive_whole_and_reasonable_are_refused(days):
    office = calendar()
    for reckon in (office.add_days, office.end_of_business_day, office.start_of_business_day):
        with pytest.raises(CalendarError, match="whole number from 1"):
            reckon(paris("2026-06-09 12:00"), days)


def test_naive_datetimes_are_refused():
    office = calendar()
    naive, aware = datetime(2026, 6, 9, 12), paris("2026-06-09 12:00")  # noqa: DTZ001 - the point of the test
    questions = [
        lambda: office.add(naive, HOUR),
        lambda: office.subtract(naive, HOUR),
        lambda: office.between(naive, aware),
        lambda: office.between(aware, naive),
        lambda: office.add_days(naive, 1),
        lambda: office.end_of_business_day(naive, 1),
        lambda: office.start_of_business_day(naive, 1),
        lambda: office.is_open(naive),
        lambda: office.next_open(naive),
    ]
    for question in questions:
        with pytest.raises(CalendarError, match="has no time zone"):
            question()


def test_what_is_no_datetime_is_refused():
    with pytest.raises(CalendarError, match="is not a datetime"):
        calendar().add("2026-06-09T12:00:00+02:00", HOUR)


def test_years_without_known_holidays_are_refused_rather_than_taken_for_worked():
    office = calendar()
    assert office.next_open(datetime(2099, 12, 31, 10, tzinfo=UTC)) == datetime(2099, 12, 31, 10, tzinfo=UTC)
    far = datetime(2100, 6, 1, tzinfo=UTC)
    questions = [
        lambda: office.add(datetime(2099, 12, 1, tzinfo=UTC), 1_000 * HOUR),
        lambda: office.add_days(datetime(2099, 12, 1, tzinfo=UTC), 100),
        lambda: office.between(far, far),
        lambda: office.is_open(far),
        lambda: office.next_open(far),
        lambda: office.subtract(datetime(1900, 1, 3, tzinfo=UTC), 1_000 * HOUR),
        lambda: office.day(date(2100, 6, 1)),
    ]
    for question in questions:
        with pytest.raises(CalendarError, match="outside the years this calendar knows"):
            question()


@pytest.mark.parametrize(
    ("fields", "path", "reason"),
    [
        ({"timezone": "Europe/Lutece"}, "timezone", "unknown time zone"),
        ({"timezone": "../etc/passwd"}, "timezone", "unknown time zone"),
        ({"timezone": "Europe"}, "timezone", "unknown time zone"),
        ({"timezone": None}, "timezone", "missing"),
        ({"weekly": None}, "weekly", "missing"),
        ({"weekly": {}}, "weekly", "never be open"),
        ({"weekly": {"1": []}}, "weekly", "never be open"),
        ({"weekly": {"0": []}}, "weekly.0", "not an ISO weekday"),
        ({"weekly": {"Monday": []}}, "weekly.Monday", "not an ISO weekday"),
        ({"weekly": {"1": "09:00"}}, "weekly.1", "a list of windows"),
        ({"weekly": {"1": [["09:00"]]}}, "weekly.1[0]", "two times"),
        ({"weekly": {"1": ["09:00-18:00"]}}, "weekly.1[0]", "two times"),
        ({"weekly": {"1": [["9:00", "18:00"]]}}, "weekly.1[0]", "“9:00” is not a time"),
        ({"weekly": {"1": [["09:00", 18]]}}, "weekly.1[0]", "“18” is not a time"),
        ({"weekly": {"1": [["09:00", "18:60"]]}}, "weekly.1[0]", "not a time of a day"),
        ({"weekly": {"1": [["09:00", "24:01"]]}}, "weekly.1[0]", "not a time of a day"),
        ({"weekly": {"1": [["18:00", "09:00"]]}}, "weekly.1[0]", "does not end after it begins"),
        ({"weekly": {"1": [["09:00", "09:00"]]}}, "weekly.1[0]", "does not end after it begins"),
        ({"weekly": {"1": [["09:00", "12:00"], ["11:00", "18:00"]]}}, "weekly.1[1]", "overlaps another"),
        ({"weekly": {"1": [["11:00", "18:00"], ["09:00", "12:00"]]}}, "weekly.1[0]", "overlaps another"),
        ({"holidays": "FR"}, "holidays", "an object"),
        ({"holidays": {}}, "holidays.country", "missing"),
        ({"holidays": {"country": "XX"}}, "holidays.country", "“XX”"),
        ({"holidays": {"country": "HolidayBase"}}, "holidays.country", "“HolidayBase”"),
        ({"holidays": {"country": "FR", "subdivision": "75"}}, "holidays.subdivision", "“75”"),
        ({"holidays": {"country": "FR", "subdivision": 57}}, "holidays.subdivision", "a code"),
        ({"holidays": {"country": "FR", "subdivison": "57"}}, "holidays.subdivison", "unknown field"),
        ({"holidays": {"country": "FR", "worked": "Noël"}}, "holidays.worked", "a list"),
        ({"holidays": {"country": "FR", "worked": [1]}}, "holidays.worked[0]", "neither"),
        (
            {"holidays": {"country": "FR", "worked": ["Mardi gras"]}},
            "holidays.worked[0]",
            "no public holiday",
        ),
        (
            {"holidays": {"country": "FR", "worked": ["2026-05-26"]}},
            "holidays.worked[0]",
            "not a public holiday",
        ),
        ({"closures": {}, "closing": []}, "closing", "unknown field"),
        ({"closures": "2026-06-10"}, "closures", "a list"),
        ({"closures": ["2026-06-10"]}, "closures[0]", "an object"),
        ({"closures": [{"windows": []}]}, "closures[0].date", "missing"),
        ({"closures": [{"date": "2026-06-10"}]}, "closures[0].windows", "missing"),
        (
            {"closures": [{"date": "2026-02-30", "windows": []}]},
            "closures[0].date",
            "not a date of the calendar",
        ),
        ({"closures": [{"date": "20260610", "windows": []}]}, "closures[0].date", "not a date"),
        ({"closures": [{"first": "2026-06-10", "windows": []}]}, "closures[0].last", "not a date"),
        (
            {"closures": [{"first": "2026-06-10", "last": "2026-06-09", "windows": []}]},
            "closures[0].last",
            "before",
        ),
        (
            {"closures": [{"first": "2026-06-10", "last": "2099-06-09", "windows": []}]},
            "closures[0].last",
            "at most",
        ),
        (
            {"closures": [{"date": "2026-06-10", "last": "2026-06-11", "windows": []}]},
            "closures[0]",
            "either",
        ),
        (
            {"closures": [{"date": "2026-06-10", "windows": [["12:00", "09:00"]]}]},
            "closures[0].windows[0]",
            "not end",
        ),
        ({"closures": [{"date": "2026-06-10", "windows": [], "motive": 1}]}, "closures[0].motive", "text"),
        (
            {"closures": [{"date": "2026-06-10", "windows": [], "reason": ""}]},
            "closures[0].reason",
            "unknown field",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_its_place(fields, path, reason):
    with pytest.raises(CalendarError) as refused:
        calendar(**fields)
    assert refused.value.path == path
    assert str(refused.value).startswith(f"{path}: ")
    assert reason in str(refused.value)


def test_closures_that_contradict_each_other_are_refused():
    with pytest.raises(CalendarError, match=r"closures\[1\]: 2026-06-10 is already replaced"):
        calendar(
            closures=[
                {"first": "2026-06-08", "last": "2026-06-12", "windows": []},
                {"date": "2026-06-10", "windows": [["09:00", "12:00"]]},
            ]
        )
