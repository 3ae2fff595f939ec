"""Dates of real agreements, encoded in the language, against what the parties, the press or a handbook made of them.

Each row is a clause as text, loaded and checked like any agreement. What is expected was computed by hand or is printed
in the source that the row names; nothing here uses the calendar of the engine. A duty is kept one microsecond before
its deadline and broken at it; a ban bites at its first instant and not one microsecond before.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import servanda
from servanda.findings.model import Finding

TICK = dt.timedelta(microseconds=1)
FAR = "2060-01-01T00:00:00Z"
_numbers = itertools.count()


@dataclass
class Row:
    """One clause, and when it falls due or begins.

    Attributes:
        text: The agreement, in short.
        source: Who gives that date.
        header: Signature, entry into force and zone.
        rules: Sentences of clause 1, each with its letter.
        expect: By rule and way of counting (empty where nothing is counted): a local time in the agreement's zone.
        declared: Events.
    """

    text: str
    source: str
    header: str
    rules: str
    expect: dict[tuple[str, str], str]
    declared: str = ""


def load(folder: Path, row: Row, counting: str) -> servanda.Agreement:
    made = folder / str(next(_numbers))
    made.mkdir(parents=True)
    days = f'assuming days {counting}, because "the table gives both counts".\n' if counting else ""
    (made / "agreement.terms").write_text(
        f'agreement row "A row" {row.header}.\nuse vocabulary ceasefire.\nparty one "One".\nparty two "Two".\n'
        f'{row.declared}\n{days}clause 1 "The clause".\n{row.rules}\n',
        encoding="utf-8",
    )
    return servanda.load(made)


def local(text: str, zone: str) -> dt.datetime:
    """A local time of the table (`2015-03-01 24:00` is the end of that day) in universal time."""
    date, clock = text.split()
    day = dt.datetime.fromisoformat(date) + (dt.timedelta(days=1) if clock == "24:00" else dt.timedelta())
    hour, minute = (0, 0) if clock == "24:00" else map(int, clock.split(":"))
    return day.replace(hour=hour, minute=minute, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def seen(act: str, at: dt.datetime, name: str = "seen") -> dict[str, Any]:
    return {"id": name, "act": act, "actor": "one", "at": at.isoformat()}


def finding(agreement: servanda.Agreement, rule: str, records: list[dict[str, Any]]) -> Finding:
    result = servanda.check(agreement, servanda.read(records), at=FAR)
    found = [f for f in result.findings if f.rule == f"1/{rule}" and f.bearer in {"one", None}]
    assert len(found) == 1, found
    return found[0]


def instants(between: Any) -> tuple[dt.datetime, dt.datetime]:
    assert between is not None
    return dt.datetime.fromisoformat(between.earliest), dt.datetime.fromisoformat(between.latest)


DAY = "signed {} in force {} 00:00 time zone {}"
DONE = "one shall complete withdrawal"

DUE = [
    Row(
        "Minsk II, clause 2: completed within 14 days",
        "DNR and LNR: done on 1 March 2015, meeting the deadline (exclusive)",
        DAY.format("2015-02-12", "2015-02-15", "Europe/Kyiv"),
        f"rule A: {DONE}, within 14 days after entry into force.",
        {("A", "exclusive"): "2015-03-01 24:00", ("A", "inclusive"): "2015-02-28 24:00"},
    ),
    Row(
        "Minsk II, clause 2: 14 days from the latest start",
        "computed: 2 March from day 2 of the ceasefire, 3 March from the second day after it",
        DAY.format("2015-02-12", "2015-02-15", "Europe/Kyiv"),
        "rule A: one shall begin withdrawal, no later than day 2 of entry into force\n"
        '    reading "of": days inclusive; reading "after": days exclusive.\n'
        "rule B: one shall begin withdrawal, by 2015-02-16.\n"
        f"rule C: {DONE}, within 14 days after the deadline of rule B.\n"
        "rule D: one shall begin withdrawal, by 2015-02-17.\n"
        f"rule E: {DONE}, within 14 days after the deadline of rule D.",
        {("C", "exclusive"): "2015-03-02 24:00", ("E", "exclusive"): "2015-03-03 24:00"},
    ),
    Row(
        "Minsk II, clause 2: to start no later than day 2 of the ceasefire",
        "both wordings are in print: day 2 of it, and the second day after it",
        DAY.format("2015-02-12", "2015-02-15", "Europe/Kyiv"),
        "rule A: one shall begin withdrawal, no later than day 2 of entry into force.",
        {("A", "inclusive"): "2015-02-16 24:00", ("A", "exclusive"): "2015-02-17 24:00"},
    ),
    Row(
        "Nagorno-Karabakh: Aghdam by 20 November",
        "the office of Armenia's prime minister",
        "signed 2020-11-09 in force 2020-11-10 00:00 time zone Asia/Baku",
        f"rule A: {DONE}, by 2020-11-20.",
        {("A", ""): "2020-11-20 24:00"},
    ),
    Row(
        "Nagorno-Karabakh: Aghdam before 20 November",
        "a copy of the Russian foreign ministry's English text",
        "signed 2020-11-09 in force 2020-11-10 00:00 time zone Asia/Baku",
        f"rule A: {DONE}, before 2020-11-20.",
        {("A", ""): "2020-11-19 24:00"},
    ),
    Row(
        "The 2015 Addendum: 2 + 15 + 24 days",
        "41 days, in the press and by the parties",
        DAY.format("2015-09-29", "2015-10-03", "Europe/Kyiv"),
        f"rule A: {DONE}, within 2 days after entry into force.\n"
        f"rule B: {DONE}, within 15 days after the deadline of rule A.\n"
        f"rule C: {DONE}, within 24 days after the deadline of rule B.",
        {("C", "exclusive"): "2015-11-13 24:00"},  # 41 days after 3 October
    ),
    Row(
        "Dayton, annex 1-A: 30, 45, 91 and 120 days after Transfer of Authority",
        "the NATO handbook: 19 January, 3 February, 20 March, 18 April 1996 (a leap year)",
        DAY.format("1995-12-14", "1995-12-14", "Europe/Sarajevo"),
        "".join(
            f"rule {letter}: {DONE}, within {days} days after the transfer-of-authority.\n"
            for letter, days in zip("ABCD", (30, 45, 91, 120), strict=True)
        ),
        {
            ("A", "exclusive"): "1996-01-19 24:00",
            ("B", "exclusive"): "1996-02-03 24:00",
            ("C", "exclusive"): "1996-03-20 24:00",
            ("D", "exclusive"): "1996-04-18 24:00",
        },
        declared='event transfer-of-authority "Transfer of Authority" on 1995-12-20.',
    ),
    Row(
        "Dayton, annex 1-A: 30 days after signature",
        "the NATO handbook: 13 January 1996",
        DAY.format("1995-12-14", "1995-12-14", "Europe/Sarajevo"),
        f"rule A: {DONE}, within 30 days after signature.",
        {("A", "exclusive"): "1996-01-13 24:00"},
    ),
    Row(
        "Kumanovo: entry into force + 1, 6, 9 and 11 days",
        "computed: 10, 15, 18 and 20 June 1999",
        DAY.format("1999-06-09", "1999-06-09", "Europe/Belgrade"),
        "".join(
            f"rule {letter}: {DONE}, within {days} days after entry into force.\n"
            for letter, days in zip("ABCD", (1, 6, 9, 11), strict=True)
        ).replace("within 1 days", "within 1 day"),
        {
            ("A", "exclusive"): "1999-06-10 24:00",
            ("B", "exclusive"): "1999-06-15 24:00",
            ("C", "exclusive"): "1999-06-18 24:00",
            ("D", "exclusive"): "1999-06-20 24:00",
        },
    ),
    Row(
        "Sri Lanka: D-day + 30",
        "press: the first 30 days up to 24 March 2002 (inclusive)",
        DAY.format("2002-02-22", "2002-02-23", "Asia/Colombo"),
        f"rule A: {DONE}, within 30 days after the d-day.",
        {("A", "exclusive"): "2002-03-25 24:00", ("A", "inclusive"): "2002-03-24 24:00"},
        declared='event d-day "D-day" on 2002-02-23.',
    ),
    Row(
        "Hudaydah: 21 days after the ceasefire began",
        "Crisis Group: 8 January 2019 (exclusive); Reuters: 7 January (inclusive)",
        DAY.format("2018-12-13", "2018-12-18", "Asia/Aden"),
        f"rule A: {DONE}, within 21 days after entry into force.",
        {("A", "exclusive"): "2019-01-08 24:00", ("A", "inclusive"): "2019-01-07 24:00"},
    ),
    Row(
        "Pretoria: 30 days of midnight Thursday, or of signature",
        "AP: midnight Thursday, 3 November 2022",
        DAY.format("2022-11-02", "2022-11-03", "Africa/Addis_Ababa"),
        f"rule A: {DONE}, within 30 days after entry into force.\nrule B: {DONE}, within 30 days after signature.",
        {("A", "exclusive"): "2022-12-03 24:00", ("B", "exclusive"): "2022-12-02 24:00"},
    ),
    Row(
        "Sochi: 150 hours from noon on 23 October 2019, Turkish time",
        "expired on 29 October 2019 at 18:00 in Moscow and Ankara; 17:00 by the clocks of Damascus",
        "signed 2019-10-22 in force 2019-10-23 12:00 Europe/Istanbul time zone Asia/Damascus",
        f"rule A: {DONE}, within 150 hours after entry into force.",
        {("A", ""): "2019-10-29 17:00"},
    ),
    Row(
        "Energy facilities, 2025: 30 days from 18 or from 25 March",
        "the parties used both starts: 17 and 24 April 2025",
        DAY.format("2025-03-18", "2025-03-18", "Europe/Kyiv"),
        f"rule A: {DONE}, within 30 days after the first-call.\nrule B: {DONE}, within 30 days after the second-call.",
        {("A", "exclusive"): "2025-04-17 24:00", ("B", "exclusive"): "2025-04-24 24:00"},
        declared='event first-call "the call" on 2025-03-18.\nevent second-call "the statement" on 2025-03-25.',
    ),
    Row(
        "Thailand and Cambodia: noon on 27 December 2025 + 72 hours",
        "computed: noon on 30 December",
        "signed 2025-12-27 in force 2025-12-27 12:00 time zone Asia/Bangkok",
        f"rule A: {DONE}, within 72 hours after entry into force.",
        {("A", ""): "2025-12-30 12:00"},
    ),
    Row(
        "The Golan: 1 + 5 + 1 + 20 days from 31 May 1974",
        "computed: 27 June 1974 at the latest",
        DAY.format("1974-05-31", "1974-05-31", "Asia/Damascus"),
        f"rule A: {DONE}, within 1 day after signature.\n"
        f"rule B: {DONE}, within 5 days after the deadline of rule A.\n"
        f"rule C: {DONE}, within 1 day after the deadline of rule B.\n"
        f"rule D: {DONE}, within 20 days after the deadline of rule C.",
        {("D", "exclusive"): "1974-06-27 24:00"},
    ),
    Row(
        "Colombia: D-56 and D-7",
        "computed from a D-day of 1 December 2016: 6 October and 24 November (exclusive)",
        DAY.format("2016-09-26", "2016-09-26", "America/Bogota"),
        f"rule A: {DONE}, by 56 days before the d-day.\nrule B: {DONE}, by 7 days before the d-day.",
        {
            ("A", "exclusive"): "2016-10-06 24:00",
            ("B", "exclusive"): "2016-11-24 24:00",
            ("B", "inclusive"): "2016-11-25 24:00",
        },
        declared='event d-day "D-day" on 2016-12-01.',
    ),
]

DUE_CASES = [
    pytest.param(row, rule, counting, id=f"{row.text} [{rule} {counting}]")
    for row in DUE
    for rule, counting in row.expect
]


@pytest.mark.parametrize(("row", "rule", "counting"), DUE_CASES)
def test_a_duty_is_due_when_the_source_says(row: Row, rule: str, counting: str, tmp_path: Path) -> None:
    agreement = load(tmp_path, row, counting)
    expected = local(row.expect[rule, counting], agreement.time_zone)
    act = agreement.rule(f"1/{rule}").act or ""
    kept = finding(agreement, rule, [seen(act, expected - TICK)])
    assert (instants(kept.deadline), kept.verdict.value) == ((expected, expected), "complied"), row.source
    assert finding(agreement, rule, [seen(act, expected)]).verdict.value == "violated", row.source


BANS = [
    Row(
        "Minsk II, clause 1: 00:00 Kyiv time on 15 February 2015",
        "22:00 GMT, in the press",
        "in force 2015-02-15 00:00 time zone Europe/Kyiv",
        "rule A: From entry into force, no party shall fire.",
        {("A", ""): "2015-02-14T22:00Z"},
    ),
    Row(
        "South Sudan: 00:01 on 24 December 2017",
        "computed; the zone was UTC+3 then, and is UTC+2 since 2021",
        "in force 2017-12-24 00:01 time zone Africa/Juba",
        "rule A: From entry into force, no party shall fire.",
        {("A", ""): "2017-12-23T21:01Z"},
    ),
    Row(
        "South Sudan, had it been 2021",
        "the IANA table: UTC+2 since 1 February 2021",
        "in force 2021-12-24 00:01 time zone Africa/Juba",
        "rule A: From entry into force, no party shall fire.",
        {("A", ""): "2021-12-23T22:01Z"},
    ),
    Row(
        "Additional Measures: 00:01 Kyiv time on 27 July 2020",
        "computed",
        "in force 2020-07-27 00:01 time zone Europe/Kyiv",
        "rule A: From entry into force, no party shall fire.",
        {("A", ""): "2020-07-26T21:01Z"},
    ),
    Row(
        "Nagorno-Karabakh: 00:00 Moscow time on 10 November 2020",
        "21:00 GMT, in the press; 01:00 in Yerevan and Baku",
        "in force 2020-11-10 00:00 Europe/Moscow time zone Asia/Yerevan",
        "rule A: From entry into force, no party shall fire.\nrule B: From 2020-11-10 01:00, no party shall fire.\n"
        "rule C: From 2020-11-10 01:00 Asia/Baku, no party shall fire.",
        {("A", ""): "2020-11-09T21:00Z", ("B", ""): "2020-11-09T21:00Z", ("C", ""): "2020-11-09T21:00Z"},
    ),
    Row(
        "Korea, paragraph 12: 12 hours after signature at 10:00",
        "the Armistice itself: 22:00 on 27 July 1953",
        "signed 1953-07-27 10:00 in force 1953-07-27 10:00 time zone Asia/Seoul",
        "rule A: From 12 hours after signature, no party shall fire.\n"
        "rule B: From 1953-07-27 22:00, no party shall fire.",
        {("A", ""): "1953-07-27T13:00Z", ("B", ""): "1953-07-27T13:00Z"},  # the IANA table: UTC+9 in 1953
    ),
    Row(
        "Lebanon: 04:00 IST/EET on 27 November 2024",
        "the announcement; both clocks stood at UTC+2 that day",
        "in force 2024-11-27 04:00 Asia/Jerusalem time zone Asia/Beirut",
        "rule A: From entry into force, no party shall fire.\nrule B: From 2024-11-27 04:00, no party shall fire.",
        {("A", ""): "2024-11-27T02:00Z", ("B", ""): "2024-11-27T02:00Z"},
    ),
    Row(
        "Lebanon, had it been 28 or 29 March 2025",
        "the IANA table: the two zones are an hour apart on those days, and on those only",
        "in force 2025-03-01 00:00 time zone Asia/Beirut",
        "rule A: From 2025-03-28 04:00, no party shall fire.\n"
        "rule B: From 2025-03-28 04:00 Asia/Jerusalem, no party shall fire.\n"
        "rule C: From 2025-03-29 04:00 Asia/Jerusalem, no party shall fire.\n"
        "rule D: From 2025-03-30 04:00 Asia/Jerusalem, no party shall fire.\n"
        "rule E: From 2025-03-30 04:00, no party shall fire.",
        {
            ("A", ""): "2025-03-28T02:00Z",
            ("B", ""): "2025-03-28T01:00Z",
            ("C", ""): "2025-03-29T01:00Z",
            ("D", ""): "2025-03-30T01:00Z",
            ("E", ""): "2025-03-30T01:00Z",
        },
    ),
    Row(
        "Syria: 00:00 Damascus time on 27 February 2016",
        "Resolution 2268 (2016); a Friday in universal time, which a news site took for a Thursday",
        "in force 2016-02-27 00:00 time zone Asia/Damascus",
        "rule A: From entry into force, no party shall fire.",
        {("A", ""): "2016-02-26T22:00Z"},
    ),
    Row(
        "Sochi: noon, which one outlet printed as night",
        "the memorandum: 12:00 on 23 October 2019",
        "in force 2019-10-23 12:00 Europe/Istanbul time zone Asia/Damascus",
        "rule A: From entry into force, no party shall fire.",
        {("A", ""): "2019-10-23T09:00Z"},
    ),
    Row(
        "midnight, 10 November: the one at its beginning, or the one at its end",
        "computed; the language has both, and no word for `midnight`",
        "in force 2020-11-01 00:00 time zone Europe/Moscow",
        "rule A: From 2020-11-10 00:00, no party shall fire.\nrule B: From 2020-11-10 24:00, no party shall fire.",
        {("A", ""): "2020-11-09T21:00Z", ("B", ""): "2020-11-10T21:00Z"},
    ),
]

BAN_CASES = [pytest.param(row, rule, id=f"{row.text} [{rule}]") for row in BANS for rule, _ in row.expect]


@pytest.mark.parametrize(("row", "rule"), BAN_CASES)
def test_a_ban_begins_when_the_source_says(row: Row, rule: str, tmp_path: Path) -> None:
    agreement = load(tmp_path, row, "")
    expected = dt.datetime.fromisoformat(row.expect[rule, ""])
    broken = finding(agreement, rule, [seen("fire", expected)])
    assert (instants(broken.binds), broken.verdict.value) == ((expected, expected), "violated"), row.source
    assert finding(agreement, rule, [seen("fire", expected - TICK)]).verdict.value == "unobserved", row.source


def test_the_syrian_truce_began_on_a_friday_in_universal_time() -> None:
    assert dt.datetime.fromisoformat("2016-02-26T22:00Z").strftime("%A") == "Friday"


def test_minsk_with_both_wordings_is_open_on_the_day_between(tmp_path: Path) -> None:
    row = DUE[1]
    agreement = load(tmp_path, row, "exclusive")
    verdicts = {
        day: finding(
            agreement, "A", [seen("begin-withdrawal", dt.datetime.fromisoformat(f"2015-02-{day}T12:00+02:00"))]
        ).verdict.value
        for day in (16, 17, 18)
    }
    assert verdicts == {16: "complied", 17: "indeterminate", 18: "violated"}


def test_minsk_dialogue_starts_on_day_1_of_the_withdrawal_or_the_first_day_after_it(tmp_path: Path) -> None:
    """Clause 4 in two English versions: about 16 February, or 2 March 2015."""
    row = Row(
        "",
        "",
        DAY.format("2015-02-12", "2015-02-15", "Europe/Kyiv"),
        "rule A: one shall begin withdrawal, no later than 2015-02-16.\n"
        f"rule B: {DONE}, by 2015-03-01.\n"
        "rule C: one shall release, by day 1 of the start of rule A.\n"
        "rule D: one shall release, by day 1 of the end of rule B.",
        {},
    )
    withdrawal = [
        seen("begin-withdrawal", dt.datetime.fromisoformat("2015-02-16T12:00+02:00"), "begun"),
        seen("complete-withdrawal", dt.datetime.fromisoformat("2015-03-01T12:00+02:00"), "done"),
    ]
    day_1_of = finding(load(tmp_path, row, "inclusive"), "C", withdrawal)
    first_after = finding(load(tmp_path, row, "exclusive"), "D", withdrawal)
    assert instants(day_1_of.deadline)[0] == local("2015-02-16 24:00", "Europe/Kyiv")
    assert instants(first_after.deadline)[0] == local("2015-03-02 24:00", "Europe/Kyiv")


def test_72_hours_for_the_commanders_of_south_sudan_end_on_the_day_the_ceasefire_starts(tmp_path: Path) -> None:
    """The text gives the day of signature, 21 December 2017, and no hour: they end at an instant of the 24th."""
    row = Row(
        "",
        "",
        "signed 2017-12-21 in force 2017-12-24 00:01 time zone Africa/Juba",
        "rule A: From signature, one shall complete withdrawal, within 72 hours after signature.",
        {},
    )
    agreement = load(tmp_path, row, "")
    first, last = local("2017-12-24 00:00", "Africa/Juba"), local("2017-12-24 24:00", "Africa/Juba")
    cases = {first - TICK: "complied", first: "indeterminate", last - TICK: "indeterminate", last: "violated"}
    for at, verdict in cases.items():
        found = finding(agreement, "A", [seen("complete-withdrawal", at)])
        assert (instants(found.deadline), found.verdict.value) == ((first, last), verdict)


def test_a_shot_half_a_minute_past_midnight_is_not_covered_from_00_01(tmp_path: Path) -> None:
    agreement = load(tmp_path, BANS[3], "")
    shot = seen("fire", dt.datetime.fromisoformat("2020-07-27T00:00:30+03:00"))
    assert finding(agreement, "A", [shot]).verdict.value == "unobserved"
    clock_error = shot | {"at": {"from": "2020-07-27T00:00:30+03:00", "to": "2020-07-27T00:01:30+03:00"}}
    assert finding(agreement, "A", [clock_error]).verdict.value == "indeterminate"


def test_until_24_00_includes_the_last_day_and_00_00_does_not(tmp_path: Path) -> None:
    """Colombia's ceasefire with the ELN: 180 days from 3 August 2023, to the end of 29 January 2024."""
    row = Row(
        "",
        "",
        "in force 2023-08-03 00:00 time zone America/Bogota",
        "rule A: Until 2024-01-29 24:00, no party shall fire.\nrule B: Until 2024-01-29 00:00, no party shall fire.\n"
        "rule C: Until 180 days after 2023-08-03, no party shall fire.",
        {},
    )
    agreement = load(tmp_path, row, "inclusive")
    end = local("2024-01-29 24:00", "America/Bogota")
    assert [finding(agreement, r, [seen("fire", end - TICK)]).verdict.value for r in "ABC"] == [
        "violated",
        "unobserved",
        "violated",
    ]
    assert {finding(agreement, r, [seen("fire", end)]).verdict.value for r in "ABC"} == {"unobserved"}


def test_a_rule_that_waits_for_an_event_not_known_is_pending_and_names_it(tmp_path: Path) -> None:
    """Dayton before the Transfer of Authority; the mechanism announced for Ukraine hangs on such an event too."""
    row = Row(
        "",
        "",
        DAY.format("1995-12-14", "1995-12-14", "Europe/Sarajevo"),
        f"rule A: {DONE}, within 30 days after the transfer-of-authority.\n"
        "rule B: From 3 days before the transfer-of-authority, no party shall fire.\n"
        f"rule C: {DONE}, within 5 days after the deadline of rule A.",
        {},
        declared='event transfer-of-authority "Transfer of Authority" not known.',
    )
    agreement = load(tmp_path, row, "exclusive")
    shot = seen("fire", dt.datetime.fromisoformat("1995-12-25T12:00+01:00"))
    for rule in "ABC":
        found = finding(agreement, rule, [shot])
        assert found.verdict.value == "pending"
        assert "Transfer of Authority" in found.model_dump_json()
