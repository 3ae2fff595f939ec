"""The calendar of practice.md section 3.2: every row that a computation can answer, and what has no single answer."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from groundwork import to_us, trial
from hypothesis import given
from hypothesis import strategies as st

from servanda import moments
from servanda.moments import CalendarError, Moment, at_time, between, closed, closing, opening, shift


def day(text: str, zone: str = "Europe/Kyiv") -> Moment:
    return at_time(dt.date.fromisoformat(text), None, zone)


def time(text: str, zone: str) -> Moment:
    date, clock = text.split()
    return at_time(dt.date.fromisoformat(date), clock, zone)


def after(base: Moment, amount: int, unit: str, counting: moments.Counting, zone: str) -> dt.date:
    moment = shift(base, amount, unit, counting, zone)
    assert moment.first_day == moment.last_day
    return moment.first_day


INSTANTS = [
    ("Minsk II", "2015-02-15 00:00", "Europe/Kyiv", "2015-02-14T22:00+00:00"),
    ("South Sudan, when it was UTC+3", "2017-12-24 00:01", "Africa/Juba", "2017-12-23T21:01+00:00"),
    ("Additional Measures", "2020-07-27 00:01", "Europe/Kyiv", "2020-07-26T21:01+00:00"),
    ("Nagorno-Karabakh", "2020-11-10 00:00", "Europe/Moscow", "2020-11-09T21:00+00:00"),
    ("Nagorno-Karabakh in Yerevan", "2020-11-10 01:00", "Asia/Yerevan", "2020-11-09T21:00+00:00"),
    ("Nagorno-Karabakh in Baku", "2020-11-10 01:00", "Asia/Baku", "2020-11-09T21:00+00:00"),
    ("Lebanon in Beirut", "2024-11-27 04:00", "Asia/Beirut", "2024-11-27T02:00+00:00"),
    ("Lebanon in Jerusalem", "2024-11-27 04:00", "Asia/Jerusalem", "2024-11-27T02:00+00:00"),
    ("Syria", "2016-02-27 00:00", "Asia/Damascus", "2016-02-26T22:00+00:00"),
    ("the end of a day", "2023-08-02 24:00", "America/Bogota", "2023-08-03T05:00+00:00"),
    ("the end of a year", "2023-12-31 24:00", "Europe/Kyiv", "2023-12-31T22:00+00:00"),
    ("the end of the day the clocks change", "2015-03-29 24:00", "Europe/Kyiv", "2015-03-29T21:00+00:00"),
]


@pytest.mark.parametrize(("text", "written", "zone", "utc"), INSTANTS, ids=[r[0] for r in INSTANTS])
def test_a_local_time_is_the_instant_the_sources_give(text: str, written: str, zone: str, utc: str) -> None:
    found = time(written, zone)
    assert (found.earliest_us, found.latest_us) == (to_us(utc), to_us(utc)), text


def test_south_sudan_is_at_utc_plus_2_since_2021() -> None:
    assert time("2021-12-24 00:01", "Africa/Juba").earliest_us == to_us("2021-12-23T22:01+00:00")


def test_beirut_and_jerusalem_differ_on_two_days_of_march_2025() -> None:
    differ = [
        d
        for d in range(20, 32)
        if time(f"2025-03-{d} 04:00", "Asia/Beirut") != time(f"2025-03-{d} 04:00", "Asia/Jerusalem")
    ]
    assert differ == [28, 29]


def test_the_syrian_truce_began_on_a_friday_in_universal_time() -> None:
    us = time("2016-02-27 00:00", "Asia/Damascus").earliest_us
    assert moments.day_of(us, "UTC").isoweekday() == 5


DAYS = [
    ("Minsk II, 14 days from the ceasefire", "2015-02-15", 14, "exclusive", "2015-03-01"),
    ("Minsk II, inclusive", "2015-02-15", 14, "inclusive", "2015-02-28"),
    ("Minsk II, from the latest start `of`", "2015-02-16", 14, "exclusive", "2015-03-02"),
    ("Minsk II, from the latest start `after`", "2015-02-17", 14, "exclusive", "2015-03-03"),
    ("Minsk II, day 2 of", "2015-02-15", 2, "inclusive", "2015-02-16"),
    ("Minsk II, second day after", "2015-02-15", 2, "exclusive", "2015-02-17"),
    ("Minsk II, day 1 of", "2015-02-16", 1, "inclusive", "2015-02-16"),
    ("Minsk II, first day after the withdrawal", "2015-03-01", 1, "exclusive", "2015-03-02"),
    ("Dayton, transfer of authority + 30", "1995-12-20", 30, "exclusive", "1996-01-19"),
    ("Dayton, + 45", "1995-12-20", 45, "exclusive", "1996-02-03"),
    ("Dayton, + 91 in a leap year", "1995-12-20", 91, "exclusive", "1996-03-20"),
    ("Dayton, + 120", "1995-12-20", 120, "exclusive", "1996-04-18"),
    ("Dayton, signature + 30", "1995-12-14", 30, "exclusive", "1996-01-13"),
    ("Kumanovo + 1", "1999-06-09", 1, "exclusive", "1999-06-10"),
    ("Kumanovo + 6", "1999-06-09", 6, "exclusive", "1999-06-15"),
    ("Kumanovo + 9", "1999-06-09", 9, "exclusive", "1999-06-18"),
    ("Kumanovo + 11", "1999-06-09", 11, "exclusive", "1999-06-20"),
    ("Sri Lanka, exclusive", "2002-02-23", 30, "exclusive", "2002-03-25"),
    ("Sri Lanka, inclusive", "2002-02-23", 30, "inclusive", "2002-03-24"),
    ("Hudaydah, exclusive", "2018-12-18", 21, "exclusive", "2019-01-08"),
    ("Hudaydah, inclusive", "2018-12-18", 21, "inclusive", "2019-01-07"),
    ("Pretoria, of midnight Thursday", "2022-11-03", 30, "exclusive", "2022-12-03"),
    ("Pretoria, of signature", "2022-11-02", 30, "exclusive", "2022-12-02"),
    ("Energy 2025, from 18 March", "2025-03-18", 30, "exclusive", "2025-04-17"),
    ("Energy 2025, from 25 March", "2025-03-25", 30, "exclusive", "2025-04-24"),
    ("AP on AP/APA, the fifth day", "2022-11-02", 5, "exclusive", "2022-11-07"),
    ("Colombia, D-56", "2016-12-01", -56, "exclusive", "2016-10-06"),
    ("two weeks are fourteen days", "2020-01-10", 2 * 7, "exclusive", "2020-01-24"),
]


@pytest.mark.parametrize(("text", "base", "days", "counting", "last"), DAYS, ids=[r[0] for r in DAYS])
def test_days_end_on_the_day_the_sources_give(
    text: str, base: str, days: int, counting: moments.Counting, last: str
) -> None:
    assert after(day(base), days, "days", counting, "Europe/Kyiv") == dt.date.fromisoformat(last), text


def test_the_addendum_takes_41_days() -> None:
    moment = day("2015-10-03")
    for stage in (2, 15, 24):
        moment = shift(moment, stage, "days", "exclusive", "Europe/Kyiv")
    assert (moment.first_day - dt.date(2015, 10, 3)).days == 41


def test_the_golan_chain_ends_on_27_june() -> None:
    moment = day("1974-05-31", "Asia/Damascus")
    for stage in (1, 5, 1, 20):
        moment = shift(moment, stage, "days", "exclusive", "Asia/Damascus")
    assert moment.first_day == dt.date(1974, 6, 27)


def test_seventy_two_hours_for_the_commanders_of_south_sudan_run_into_the_day_it_starts() -> None:
    signed = time("2017-12-21 12:00", "Africa/Juba")
    assert after(signed, 72, "hours", "exclusive", "Africa/Juba") == dt.date(2017, 12, 24)


HOURS = [
    ("Korea, 10:00 and 12 h", "1953-07-27 10:00", 12, "Asia/Seoul", "1953-07-27 22:00"),
    ("Thailand and Cambodia, noon and 72 h", "2025-12-27 12:00", 72, "Asia/Bangkok", "2025-12-30 12:00"),
    ("Sochi, 150 h at UTC+3", "2019-10-23 12:00", 150, "Europe/Moscow", "2019-10-29 18:00"),
    ("Sochi, 150 h by Damascus clocks", "2019-10-23 12:00", 150, "Asia/Damascus", "2019-10-29 17:00"),
    ("the night the clocks go forward", "2015-03-28 12:00", 24, "Europe/Kyiv", "2015-03-29 13:00"),
    ("the night the clocks go back", "2015-10-24 12:00", 24, "Europe/Kyiv", "2015-10-25 11:00"),
]


@pytest.mark.parametrize(("text", "base", "hours", "zone", "end"), HOURS, ids=[r[0] for r in HOURS])
def test_hours_elapse(text: str, base: str, hours: int, zone: str, end: str) -> None:
    found = shift(time(base, zone), hours, "hours", "inclusive", zone)
    assert closing(found, zone) == closing(time(end, zone), zone), text


def test_minutes_elapse_too() -> None:
    base = time("2020-07-27 00:01", "Europe/Kyiv")
    assert shift(base, -90, "minutes", "exclusive", "Europe/Kyiv").earliest_us == base.earliest_us - 5_400_000_000


def test_by_and_before_20_november_are_a_day_apart() -> None:
    aghdam = day("2020-11-20", "Europe/Moscow")
    assert opening(aghdam).earliest_us == to_us("2020-11-20T00:00+03:00")
    assert closing(aghdam, "Europe/Moscow").latest_us == to_us("2020-11-21T00:00+03:00")


def test_a_deadline_of_days_passes_at_the_end_of_its_last_day() -> None:
    last = shift(day("2015-02-15"), 14, "days", "exclusive", "Europe/Kyiv")
    passed = closed(last, "Europe/Kyiv")
    assert passed.earliest_us == passed.latest_us == to_us("2015-03-02T00:00+02:00")
    assert passed.last_day == dt.date(2015, 3, 1), "and the day counted from is the last day, not the day after"


def test_a_deadline_of_hours_passes_at_its_instant() -> None:
    last = shift(time("2020-07-27 00:01", "Europe/Kyiv"), 24, "hours", "exclusive", "Europe/Kyiv")
    assert closed(last, "Europe/Kyiv").latest_us == to_us("2020-07-28T00:01+03:00")


def test_days_counted_from_an_hour_end_with_a_whole_day() -> None:
    """Fourteen days from Thursday 17:00 end with the fourteenth day, not at 17:00."""
    last = shift(time("2020-01-09 17:00", "Europe/Kyiv"), 14, "days", "exclusive", "Europe/Kyiv")
    assert closing(last, "Europe/Kyiv").latest_us == to_us("2020-01-24T00:00+02:00")


def test_a_day_across_a_clock_change_has_23_or_25_hours() -> None:
    hours = [
        (moments.end_of_day(d, "Europe/Kyiv") - moments.start_of_day(d, "Europe/Kyiv")) / 3.6e9
        for d in (dt.date(2015, 3, 29), dt.date(2015, 3, 30), dt.date(2015, 10, 25))
    ]
    assert hours == [23, 24, 25]


def test_the_day_after_a_night_without_midnight_is_its_own_day() -> None:
    assert moments.day_of(to_us("2015-03-26T23:59:59+02:00"), "Asia/Damascus") == dt.date(2015, 3, 26)
    assert moments.day_of(to_us("2015-03-27T01:00:00+03:00"), "Asia/Damascus") == dt.date(2015, 3, 27)


def test_a_day_before_which_the_last_hour_came_twice_begins_once() -> None:
    """In Beirut on 26 October 2014 the clocks went from 24:00 back to 23:00: midnight of the 26th came once."""
    assert moments.start_of_day(dt.date(2014, 10, 26), "Asia/Beirut") == to_us("2014-10-26T00:00+02:00")


def test_a_month_from_the_31st_is_an_error_with_both_readings() -> None:
    with pytest.raises(CalendarError, match="2015-02-28 or 2015-03-01"):
        shift(day("2015-01-31"), 1, "months", "exclusive", "Europe/Kyiv")
    with pytest.raises(CalendarError, match="2017-02-28 or 2017-03-01"):
        shift(day("2016-02-29"), 1, "years", "exclusive", "Europe/Kyiv")


def test_a_month_and_a_year_run_on_the_calendar() -> None:
    assert after(day("2015-01-30"), 2, "months", "exclusive", "Europe/Kyiv") == dt.date(2015, 3, 30)
    assert after(day("2020-11-10"), 5, "years", "exclusive", "Europe/Kyiv") == dt.date(2025, 11, 10)
    assert after(day("2020-11-10"), 5, "years", "inclusive", "Europe/Kyiv") == dt.date(2025, 11, 9)


def test_a_month_from_an_observed_31st_spans_both_readings() -> None:
    found = shift(day("2015-01-31"), 1, "months", "exclusive", "Europe/Kyiv", lenient=True)
    assert (found.first_day, found.last_day) == (dt.date(2015, 2, 28), dt.date(2015, 3, 1))


def test_a_local_time_that_does_not_exist_is_an_error_with_both_readings() -> None:
    with pytest.raises(CalendarError, match=re.escape("2015-03-29 03:30 does not exist in Europe/Kyiv")) as error:
        time("2015-03-29 03:30", "Europe/Kyiv")
    assert "02:30" in str(error.value)
    assert "04:30" in str(error.value)


def test_a_local_time_that_exists_twice_is_an_error_with_both_readings() -> None:
    with pytest.raises(CalendarError, match=re.escape("2015-10-25 03:30 exists twice in Europe/Kyiv")) as error:
        time("2015-10-25 03:30", "Europe/Kyiv")
    assert "+03:00" in str(error.value)
    assert "+02:00" in str(error.value)


def test_an_instant_is_said_to_the_second_where_it_matters() -> None:
    assert moments.say(to_us("2015-03-03T00:00+02:00"), "Europe/Kyiv") == "3 March 2015 at 00:00"
    assert moments.say(to_us("2015-03-03T00:00:30+02:00"), "Europe/Kyiv") == "3 March 2015 at 00:00:30"


@trial
@given(st.integers(-2_000_000_000_000_000, 4_000_000_000_000_000))
def test_an_instant_survives_being_written(us: int) -> None:
    assert to_us(moments.iso(us).replace("Z", "+00:00")) == us
    local = moments.to_local(us, "Europe/Kyiv")
    assert moments.to_us(local) == us


@trial
@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)),
    st.integers(1, 400),
    st.sampled_from(["Europe/Kyiv", "Asia/Damascus", "America/Bogota", "Asia/Seoul"]),
)
def test_counting_inclusively_ends_one_day_sooner(base: dt.date, days: int, zone: str) -> None:
    start = at_time(base, None, zone)
    inclusive = shift(start, days, "days", "inclusive", zone)
    exclusive = shift(start, days, "days", "exclusive", zone)
    assert (exclusive.first_day - inclusive.first_day).days == 1
    assert (exclusive.first_day - base).days == days


@trial
@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)), st.integers(-400, 400), st.integers(-400, 400))
def test_exclusive_days_add_up(base: dt.date, first: int, second: int) -> None:
    start = at_time(base, None, "Europe/Kyiv")
    step = shift(shift(start, first, "days", "exclusive", "Europe/Kyiv"), second, "days", "exclusive", "Europe/Kyiv")
    assert step == shift(start, first + second, "days", "exclusive", "Europe/Kyiv")


@trial
@given(st.integers(0, 2_000_000_000), st.integers(0, 200_000), st.integers(-500, 500))
def test_hours_move_both_bounds_alike(second: int, width: int, hours: int) -> None:
    base = moments.between(second * 1_000_000, (second + width) * 1_000_000, "Europe/Kyiv")
    moved = shift(base, hours, "hours", "exclusive", "Europe/Kyiv")
    assert moved.latest_us - moved.earliest_us == base.latest_us - base.earliest_us
    assert moved.earliest_us - base.earliest_us == hours * 3_600_000_000


def test_days_from_an_uncertain_event_have_bounds_too() -> None:
    base = moments.between(to_us("2020-01-10T22:00+02:00"), to_us("2020-01-11T02:00+02:00"), "Europe/Kyiv")
    found = shift(base, 3, "days", "exclusive", "Europe/Kyiv")
    assert (found.first_day, found.last_day) == (dt.date(2020, 1, 13), dt.date(2020, 1, 14))


def test_an_event_that_ends_with_the_day_is_not_counted_from_the_next() -> None:
    """A bare date is the whole local day, its end left out: nothing of it lies on the day after."""
    base = moments.between(to_us("2020-01-10T00:00+02:00"), to_us("2020-01-11T00:00+02:00"), "Europe/Kyiv")
    found = shift(base, 3, "days", "exclusive", "Europe/Kyiv")
    assert (found.first_day, found.last_day) == (dt.date(2020, 1, 13), dt.date(2020, 1, 13))


def test_one_of_two_moments_spans_both() -> None:
    one, other = between(10, 10, "UTC"), between(5, 5, "UTC")
    assert opening(moments.either(one, other)) == moments.Bounds(5, 10)
