"""Laws: the order of arrival changes nothing, more certainty reverses nothing, and nothing is dropped."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from groundwork import COUNTS, EXCLUSIVE, FRONT, GEOD, PROVEN, WHICHEVER, agree, raw, run, to_us, trial
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import servanda
from servanda.explain import explain
from servanda.observations import Observation
from servanda.output.flat import to_csv, to_geojson
from servanda.output.table import table

TERMS = """rule A: From entry into force, no party shall fire in square, except as rule D permits.
rule B: Each party shall begin withdrawal of heavy-artillery, no later than day 2 of entry into force
    reading "of": counting the first day as day 1;
    reading "after": counting the day after it as day 1.
rule C: Each party shall complete withdrawal of heavy-artillery,
    within 4 days after the start of rule B or if that is not shown after the deadline of rule B.
rule D: A party may fire in response to an offensive-operation, only if a retaliation-order is recorded before it.
rule E: From the deadline of rule C, no party shall keep heavy-artillery in a zone 50 km wide,
    half on each side of the line, measured for red from front and for blue from old-line.
rule G: Between 2020-01-12 and 2020-01-15 12:00, no party shall fly outside square.
"""
ANSWERED = "rule F: After each fire by a party, that party shall notify, to mission, within 24 hours after it.\n"
TRIAL = {"assume": EXCLUSIVE + COUNTS + WHICHEVER + PROVEN, "accurate": "1 km"}
NAMES = [f"o{n}" for n in range(7)]

instants = st.integers(0, 15 * 48).map(
    lambda half_hours: (dt.datetime(2020, 1, 8, tzinfo=dt.UTC) + dt.timedelta(minutes=30 * half_hours)).isoformat()
)


@st.composite
def times(draw: st.DrawFn) -> Any:
    form = draw(st.sampled_from(["instant", "day", "within", "throughout", "spread"]))
    if form == "instant":
        return draw(instants)
    if form == "day":
        return f"2020-01-{draw(st.integers(8, 20)):02}"
    start, end = sorted((draw(instants), draw(instants)))
    return {"from": start, "to": end, "kind": form}


places = st.sampled_from(
    [
        ...,
        {"lon": 38.0, "lat": 48.0, "error_m": 100},
        {"lon": 38.0, "lat": 48.0},
        {"lon": 37.0, "lat": 48.0, "error_m": 500},
        {"lon": 37.70, "lat": 48.0, "error_m": 100},
        {"lon": 37.665, "lat": 48.0, "error_m": 2000},
        {"lon": 30.0, "lat": 48.0, "error_m": 10},
        {"settlement": "Westham"},
        {"settlement": "Nowhere"},
        {"zone": "square"},
        {"observer": [38.4, 48.0], "bearing": "W", "range_m": [1000, 5000]},
        {"observer": [38.4, 48.0], "bearing": "W"},
    ]
)
weapons = st.sampled_from(
    [
        ...,
        {"category": "artillery", "calibre_mm": 122},
        {"category": "artillery"},
        {"category": "mortar", "calibre_mm": 82},
        {"model": ["D-30", "D-44"]},
        {"model": "Big Bertha"},
    ]
)
acts = st.sampled_from(
    [
        "fire",
        "fire",
        "explosion",
        "discharge",
        "keep",
        "fly",
        "begin-withdrawal",
        "complete-withdrawal",
        "notify",
        "offensive-operation",
        "retaliation-order",
        "report",
    ]
)


@st.composite
def records(draw: st.DrawFn, name: str) -> dict[str, Any]:
    who = draw(st.sampled_from(["red", "blue", "bandits", ..., "candidates"]))
    fields: dict[str, Any] = {"actor": who}
    if who == "candidates":
        fields = {"actor": ..., "actor_candidates": draw(st.sampled_from([["red", "blue"], ["red", "bandits"]]))}
    fields |= {"at": draw(times()), "place": draw(places), "weapon": draw(weapons)}
    fields["source"] = draw(st.sampled_from([{"id": "mission"}, {"id": "mission"}, {"id": "press"}, ...]))
    fields["incident"] = draw(st.sampled_from([..., ..., "x", "y"]))
    points = draw(st.sampled_from([None, None, None, "corrects", "retracts", "denies", "refers_to"]))
    if points:
        target = draw(st.sampled_from([*NAMES, "x"]))
        fields[points] = [target] if points in {"denies", "refers_to"} else target
    return raw(name, draw(acts), **fields)


@st.composite
def nights(draw: st.DrawFn) -> tuple[servanda.Agreement, list[dict[str, Any]]]:
    """An agreement and what was seen: with a duty to answer each shot, or with several reports of one incident."""
    answered = draw(st.booleans())
    night = [draw(records(name)) for name in NAMES[: draw(st.integers(0, len(NAMES)))]]
    if answered:
        for record in night:
            record.pop("incident", None)
    return agree(TERMS + (ANSWERED if answered else ""), **TRIAL), night


def observed(night: list[dict[str, Any]]) -> list[Observation]:
    reading = servanda.read(night, time_zone="Europe/Kyiv")
    assert not reading.rejected, reading.rejected
    return list(reading)


def told(findings: tuple[servanda.Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.id, f.digest, f.verdict.value) for f in findings]


ENDS = ["2020-01-09", "2020-01-12T00:00+02:00", "2020-01-14", "2020-01-16T00:00+02:00", "2020-02-01"]


@given(nights(), st.sampled_from(ENDS), st.randoms(use_true_random=False))
@settings(trial, max_examples=30)
def test_order_and_batches_change_nothing(
    given_: tuple[servanda.Agreement, list[dict[str, Any]]], end: str, random: Any
) -> None:
    agreement, night = given_
    seen = observed(night)
    expected = run(agreement, *seen, at=end)
    random.shuffle(seen)
    again = run(agreement, *seen, at=end)
    assert told(again.findings) == told(expected.findings)
    assert again.summary == expected.summary

    monitor = servanda.Monitor(agreement, lateness=None)
    clock = sorted(random.sample(ENDS, random.randrange(len(ENDS))))
    clock = [e for e in clock if e <= end]
    while seen or clock:
        if clock and (not seen or random.random() < 0.3):
            monitor.advance(clock.pop(0))
        else:
            many = random.randrange(1, 4)
            batch, seen = seen[:many], seen[many:]
            monitor.observe(batch if random.random() < 0.5 else iter(batch))
    monitor.advance(end)
    assert told(monitor.findings) == told(expected.findings)


@trial
@given(nights(), st.sampled_from(ENDS))
def test_changes_add_up_to_the_findings(given_: tuple[servanda.Agreement, list[dict[str, Any]]], end: str) -> None:
    agreement, night = given_
    monitor = servanda.Monitor(agreement, lateness=None)
    standing: dict[str, servanda.Finding] = {}
    changes = list(monitor.advance("2020-01-09"))
    for one in observed(night):
        changes += monitor.observe(one)
    changes += monitor.advance(max(end, "2020-01-09"))
    for change in changes:
        before = standing.get(change.finding.id)
        assert (before is None) == (change.kind == "opened")
        if change.kind == "withdrawn":
            del standing[change.finding.id]
            continue
        assert before is None or change.finding.revision == before.revision + 1
        standing[change.finding.id] = change.finding
    assert {(f.id, f.verdict) for f in standing.values()} == {(f.id, f.verdict) for f in monitor.findings}


@trial
@given(nights(), st.sampled_from(ENDS))
def test_nothing_is_dropped(given_: tuple[servanda.Agreement, list[dict[str, Any]]], end: str) -> None:
    agreement, night = given_
    bad = {"id": "bad", "act": "fire", "at": "yesterday"}
    unknown = raw("unknown", "fire", actor="nobody-declared")
    reading = servanda.read([*night, bad, unknown, *night], time_zone="Europe/Kyiv")
    result = servanda.check(agreement, reading, at=end)
    counts = result.record()["observations"]
    accounted = counts["used"] + sum(counts["unused"].values()) + counts["rejected"] + sum(counts["ignored"].values())
    assert counts["read"] == accounted == 2 * len(night) + 2
    evidence = {e.observation for f in result.findings for e in f.evidence}
    assert evidence == {a.observation for a in result.accounts if a.status == "used"}
    for account in result.accounts:
        assert account.status == "used" or account.reason, "what is unused is unused for a reason"


@trial
@given(nights(), st.sampled_from(ENDS))
def test_every_finding_says_enough(given_: tuple[servanda.Agreement, list[dict[str, Any]]], end: str) -> None:
    agreement, night = given_
    result = run(agreement, *observed(night), at=end)
    assert len({f.id for f in result.findings}) == len(result.findings)
    for found in result.findings:
        assert found.because
        assert found.status == "proposed"
        if found.verdict == "indeterminate":
            assert found.undecided_by, found.because
        if found.verdict in {"violated", "complied", "excused"}:
            assert found.evidence
            assert not found.undecided_by
        for bounds in (found.at, found.deadline, found.binds):
            if bounds is not None and bounds.latest is not None:
                assert to_us(bounds.earliest) <= to_us(bounds.latest)


@trial
@given(nights(), st.sampled_from(ENDS))
def test_every_finding_can_be_explained_and_printed_in_every_form(
    given_: tuple[servanda.Agreement, list[dict[str, Any]]], end: str
) -> None:
    agreement, night = given_
    result = run(agreement, *observed(night), at=end)
    for found in result.findings:
        assert found.because in explain(result, found.id)
    assert json.loads(json.dumps(result.record()))
    assert len(to_csv(result).splitlines()) >= 1 + len(result.findings)
    assert len(to_geojson(result)["features"]) == len(result.findings)
    console = Console(file=io.StringIO(), width=160)
    console.print(table(result))


# ---- more certainty ----

DECIDED = {"violated", "complied", "excused", "none"}
HARD = """rule A: From entry into force, no party shall fire in square, except as rule D permits.
rule B: Each party shall begin withdrawal of heavy-artillery, no later than 2020-01-12.
rule D: A party may fire in response to an offensive-operation, only if a retaliation-order is recorded before it.
rule E: From 2020-01-11, no party shall keep heavy-artillery in a zone 50 km wide,
    half on each side of the line, measured for red from front and for blue from old-line.
rule G: Between 2020-01-12 and 2020-01-15 12:00, no party shall fly outside square.
"""

Nested = tuple[Any, Any]
"""What is known coarsely, and what is known finely: whatever is possible by the second is so by the first."""


@st.composite
def nested_times(draw: st.DrawFn) -> Nested:
    ends = sorted(draw(st.lists(instants, min_size=4, max_size=4, unique=True)))
    fine: Any = {"from": ends[1], "to": ends[2]}
    if draw(st.booleans()):
        fine = ends[1]
    return {"from": ends[0], "to": ends[3]}, fine


@st.composite
def nested_discs(draw: st.DrawFn) -> Nested:
    lon, lat, _ = GEOD.fwd(
        FRONT, 48.0, draw(st.sampled_from([90, 270, 200])), draw(st.sampled_from([100, 24_500, 37_000, 74_500]))
    )
    wide = draw(st.sampled_from([500, 1500, 30_000, 100_000]))
    narrow = wide * draw(st.floats(0, 1))
    moved_lon, moved_lat, _ = GEOD.fwd(lon, lat, draw(st.floats(0, 360)), (wide - narrow) * 0.999)
    coarse = {"lon": lon, "lat": lat, "error_m": wide}
    return draw(st.sampled_from([coarse, ...])), {"lon": moved_lon, "lat": moved_lat, "error_m": narrow}


CALIBRES: list[Nested] = [
    ({"category": "artillery", "calibre_mm": {"min": 85, "max": 152}}, {"category": "artillery", "calibre_mm": 100}),
    ({"category": "artillery", "calibre_mm": {"min": 100}}, {"category": "artillery", "calibre_mm": 122}),
    ({"category": "artillery"}, {"category": "artillery", "calibre_mm": 85}),
    (..., {"category": "artillery", "calibre_mm": 122}),
    (..., {"category": "mortar", "calibre_mm": 120}),
    ({"model": ["D-30", "D-44"]}, {"model": "D-30"}),
    ({"model": ["D-30", "D-44"]}, {"model": "D-44"}),
    ({"category": "artillery", "calibre_mm": 122},) * 2,
]
WHO: list[Nested] = [
    ({"actor": ...}, {"actor": "red"}),
    ({"actor": ...}, {"actor": ..., "actor_candidates": ["red", "blue"]}),
    ({"actor": ..., "actor_candidates": ["red", "blue"]}, {"actor": "blue"}),
    ({"actor": ..., "actor_candidates": ["red", "bandits"]}, {"actor": "bandits"}),
    ({"actor": "red"}, {"actor": "red"}),
]


@st.composite
def nested_records(draw: st.DrawFn, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    act = draw(
        st.sampled_from(["fire", "fire", "keep", "fly", "begin-withdrawal", "offensive-operation", "retaliation-order"])
    )
    who, when, where, what = (
        draw(st.sampled_from(WHO)),
        draw(nested_times()),
        draw(nested_discs()),
        draw(st.sampled_from(CALIBRES)),
    )
    refined = draw(st.sampled_from(["who", "when", "where", "what", "all"]))
    refers = {"refers_to": ["o0"]} if name != "o0" and draw(st.booleans()) else {}

    def made(level: int) -> dict[str, Any]:
        def pick(part: str, pair: Nested) -> Any:
            return pair[level] if refined in {part, "all"} else pair[1 if draw_fixed[part] else 0]

        return raw(
            name,
            act,
            at=pick("when", when),
            place=pick("where", where),
            weapon=pick("what", what),
            **pick("who", who),
            **refers,
        )

    draw_fixed = {part: draw(st.booleans()) for part in ("who", "when", "where", "what")}
    return made(0), made(1)


def by_instance(agreement: servanda.Agreement, night: list[dict[str, Any]], end: str) -> dict[tuple[str, str], str]:
    plain = {"unobserved": "none", "not-applicable": "none"}
    found = run(agreement, *observed(night), at=end).findings
    return {
        (f.rule, f.instance): plain.get(f.verdict.value, f.verdict.value) for f in found if f.instance != "remainder"
    }


@given(st.data(), st.integers(1, 3), st.sampled_from(["", WHICHEVER]))
@settings(trial, max_examples=60)
def test_to_know_more_never_reverses_a_verdict(data: st.DataObject, many: int, whichever: str) -> None:
    agreement = agree(HARD, assume=whichever)
    pairs = [data.draw(nested_records(f"o{n}")) for n in range(many)]
    coarse = by_instance(agreement, [c for c, _ in pairs], "2020-03-01")
    fine = by_instance(agreement, [f for _, f in pairs], "2020-03-01")
    for key in coarse.keys() | fine.keys():
        before, after = coarse.get(key, "none"), fine.get(key, "none")
        if before == "indeterminate":
            continue
        obligation = key[0] == "1/B"
        if obligation and before == "none":
            continue  # nothing reported in time is no decision
        assert after == before, (key, before, after)


@trial
@given(st.floats(-40_000, 40_000), st.floats(1, 40_000), st.floats(0, 1), st.sampled_from(["", "2 km"]))
def test_a_larger_error_only_moves_towards_indeterminate(
    east_m: float, error_m: float, share: float, accurate: str
) -> None:
    text = "rule A: From entry into force, no party shall keep heavy-artillery within 25 km of front.\n"
    lon, lat, _ = GEOD.fwd(FRONT, 48.0, 90 if east_m >= 0 else 270, abs(east_m))

    def verdict(accuracy: str, error: float) -> str:
        gun = raw(
            "gun",
            "keep",
            place={"lon": lon, "lat": lat, "error_m": error},
            weapon={"category": "artillery", "calibre_mm": 122},
        )
        return by_instance(agree(text, accurate=accuracy), [gun], "2020-03-01").get(("1/A", "observation:gun"), "none")

    small, large = verdict(accurate, error_m * share), verdict(accurate, error_m)
    assert large in {small, "indeterminate"}
    assert verdict("2 km", error_m) in {verdict("", error_m), "indeterminate"}
