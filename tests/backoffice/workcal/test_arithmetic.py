"""Adding and measuring are inverse, additive, monotone, and right over summer time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.workcal.arithmetic import NoWorkingTime, WorkingTime

LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
OFFICE = {day: [(time(8), time(18))] for day in range(5)}
ALWAYS = {day: [(time(0), time(0))] for day in range(7)}


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


def hours(number):
    return timedelta(hours=number)


@st.composite
def weeks(draw):
    """Weeks with one or two spans on at least one day, at any hour, also in the hour that summer time skips."""
    week = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = draw(st.lists(st.integers(0, 95), min_size=2, max_size=4, unique=True).map(sorted))
        pairs = list(zip(edges[::2], edges[1::2], strict=False))
        week[day] = [(time(a // 4, a % 4 * 15), time(b // 4, b % 4 * 15)) for a, b in pairs]
    return week


calendars = st.builds(WorkingTime, st.sampled_from([LONDON, BERLIN, ZoneInfo("America/Sao_Paulo")]), weeks())
moments = st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 5), timezones=st.just(UTC))
lengths = st.integers(0, 60 * 24 * 14).map(lambda minutes: timedelta(minutes=minutes))


@given(calendars, moments, lengths)
def test_what_was_added_is_measured(working, start, length):
    assert working.between(start, working.add(start, length)) == length


@given(calendars, moments, moments, moments)
def test_parts_add_up_to_the_whole(working, one, two, three):
    first, second, third = sorted((one, two, three))

    assert working.between(first, third) == working.between(first, second) + working.between(second, third)


@given(calendars, moments, moments)
def test_working_time_is_never_longer_than_time(working, one, two):
    first, second = sorted((one, two))

    assert timedelta(0) <= working.between(first, second) <= second - first


@given(calendars, moments, lengths, lengths)
def test_more_is_never_due_earlier(working, start, one, two):
    less, more = sorted((one, two))

    assert working.add(start, less) <= working.add(start, more)
    assert working.add(start, less + more) == working.add(working.add(start, less), more)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        (london(2026, 11, 23, 10), hours(4), london(2026, 11, 23, 14)),
        (london(2026, 11, 23, 17), hours(4), london(2026, 11, 24, 11)),
        (london(2026, 11, 23, 17), hours(3), london(2026, 11, 24, 10)),
        (london(2026, 11, 23, 17), hours(1), london(2026, 11, 23, 18)),
        (london(2026, 11, 21, 12), hours(10), london(2026, 11, 23, 18)),
        (london(2026, 11, 27, 12), hours(10), london(2026, 11, 30, 12)),
    ],
)
def test_the_vectors_of_the_desk(start, length, due):
    assert WorkingTime(LONDON, OFFICE).add(start, length) == due


def test_a_clock_that_starts_on_saturday_runs_from_monday():
    working = WorkingTime(LONDON, OFFICE)

    assert working.opens(london(2026, 11, 21, 9)) == london(2026, 11, 23, 8)
    assert working.between(london(2026, 11, 21, 9), london(2026, 11, 23, 8, 30)) == timedelta(minutes=30)


@pytest.mark.parametrize("start", [london(2026, 3, 28, 12), london(2026, 10, 24, 12)])
def test_around_the_clock_is_real_time_over_the_change_of_the_clock(start):
    working = WorkingTime(LONDON, ALWAYS)

    due = working.add(start, hours(48))

    assert due.timestamp() - start.timestamp() == 48 * 3600
    assert working.between(start, due) == hours(48)


def test_a_night_shift_over_the_change_is_an_hour_shorter_or_longer():
    working = WorkingTime(LONDON, {6: [(time(0), time(6))]})

    assert working.between(london(2026, 3, 28), london(2026, 3, 30)) == hours(5)
    assert working.between(london(2026, 10, 24), london(2026, 10, 26)) == hours(7)


def test_a_closed_day_counts_nothing_and_an_exception_its_own_hours():
    days = {date(2026, 12, 25): [], date(2026, 12, 24): [(time(8), time(12))]}
    working = WorkingTime(LONDON, OFFICE, days)

    assert working.between(london(2026, 12, 24), london(2026, 12, 26)) == hours(4)
    assert working.add(london(2026, 12, 24, 11), hours(2)) == london(2026, 12, 28, 9)


def test_a_new_week_leaves_what_was_before_as_it_was():
    short = {day: [(time(8), time(12))] for day in range(5)}
    working = WorkingTime(LONDON, OFFICE, later=[(date(2026, 11, 25), short)])

    assert working.between(london(2026, 11, 24), london(2026, 11, 25)) == hours(10)
    assert working.between(london(2026, 11, 25), london(2026, 11, 26)) == hours(4)
    assert working.day_length == hours(4)


def test_an_empty_calendar_refuses():
    working = WorkingTime(LONDON, {})

    assert working.between(london(2026, 11, 23), london(2026, 11, 24)) == timedelta(0)
    with pytest.raises(NoWorkingTime):
        working.add(london(2026, 11, 23), hours(1))
    with pytest.raises(NoWorkingTime):
        working.day_after(date(2026, 11, 23), 1)


def test_working_days_are_counted_over_weekends_and_holidays():
    working = WorkingTime(LONDON, OFFICE, {date(2026, 12, 25): [], date(2026, 12, 28): []})

    assert working.day_after(date(2026, 12, 23), 2) == date(2026, 12, 29)
    assert working.day_after(date(2026, 12, 29), -2) == date(2026, 12, 23)
    assert working.add_days(london(2026, 12, 23, 16, 30), 2) == london(2026, 12, 29, 16, 30)
