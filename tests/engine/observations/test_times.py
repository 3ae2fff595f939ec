"""Local days, clock changes, and times nobody may guess."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.observations import settle
from servanda.observations.problems import Flaw
from servanda.observations.times import When, parse, parse_interval

KYIV = "Europe/Kyiv"


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def good(found: When | Flaw | list[Flaw]) -> When:
    assert isinstance(found, When), found
    return found


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2015-02-15T00:00+02:00", None, "2015-02-14T22:00"),
        ("2015-02-14T24:00", KYIV, "2015-02-14T22:00"),
        ("2020-07-27T00:01", KYIV, "2020-07-26T21:01"),
        ("2017-12-24T00:01", "Africa/Juba", "2017-12-23T21:01"),
        ("2016-02-27T00:00", "Asia/Damascus", "2016-02-26T22:00"),
        ("2019-10-29 18:00:00Z", None, "2019-10-29T18:00"),
    ],
)
def test_instants(text: str, zone: str | None, instant: str) -> None:
    when = good(parse(text, zone))
    assert when.earliest_us == when.latest_us == utc(instant)
    assert when.kind == "instant"


@pytest.mark.parametrize(
    ("text", "zone", "code"),
    [
        ("2016-07-22T10:30", None, "O132"),
        ("2016-02-30", KYIV, "O131"),
        ("2016-07-22T25:00", KYIV, "O131"),
        ("2016-07-22T24:01", KYIV, "O131"),
        ("2016-07-22T10:30:60Z", None, "O131"),
        ("0016-07-22", KYIV, "O131"),
        ("2016-07-22T10:30+19:00", None, "O131"),
        ("22/07/2016", KYIV, "O130"),
        ("2016-07-22T10", KYIV, "O130"),
        ("2016-03-27T03:30", KYIV, "O133"),
        ("2016-10-30T03:30", KYIV, "O134"),
        ("2016-07-22", "Europe/Kiew", "O136"),
        ("2011-12-30", "Pacific/Apia", "O131"),
        ("2016-07-22T10:30:00.1234567Z", None, "O131"),
    ],
)
def test_refused(text: str, zone: str | None, code: str) -> None:
    found = parse(text, zone)
    assert isinstance(found, Flaw)
    assert found.code == code


def test_both_readings_of_a_double_hour_are_shown() -> None:
    found = parse("2016-10-30T03:30", KYIV)
    assert isinstance(found, Flaw)
    assert "03:30:00+03:00" in found.message
    assert "03:30:00+02:00" in found.message


def test_a_bare_date_is_the_whole_local_day_and_waits_for_its_zone() -> None:
    waiting = good(parse("2016-03-27", None))
    assert not waiting.settled
    assert waiting.day == date(2016, 3, 27)
    when = good(settle(waiting, KYIV))
    assert when.earliest_us == utc("2016-03-26T22:00")
    assert when.latest_us == utc("2016-03-27T21:00")  # the day has 23 hours


def test_a_day_whose_midnight_is_skipped_starts_when_the_clock_jumps() -> None:
    when = good(parse("2018-11-04", "America/Sao_Paulo"))
    assert when.earliest_us == utc("2018-11-04T03:00")


def test_intervals() -> None:
    days = good(parse_interval("2018-07-30", "2018-07-31", "within", KYIV))
    assert (days.earliest_us, days.latest_us) == (utc("2018-07-29T21:00"), utc("2018-07-31T21:00"))
    mixed = good(parse_interval("2018-07-30", "2018-07-31T06:00", "spread", KYIV))
    assert mixed.latest_us == utc("2018-07-31T03:00")
    assert mixed.precision == "day"
    (flaw,) = parse_interval("2018-07-31", "2018-07-30", "within", None)  # type: ignore[misc]
    assert flaw.code == "O135"
    both = parse_interval("x", "y", "within", None)
    assert isinstance(both, list)
    assert [flaw.field for flaw in both] == ["at.from", "at.to"]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_instant_survives_its_text(moment: datetime) -> None:
    when = good(parse(moment.isoformat(), None))
    assert when.earliest_us is not None
    assert divmod(when.earliest_us, 10**6) == (int(moment.timestamp() // 1), moment.microsecond)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    parse(text, KYIV)
