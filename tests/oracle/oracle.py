"""The oracle: what the rules mean, read straight from the manual, slowly and plainly.

It shares nothing with the interpreters but the rule objects and the format of observations (plain JSON records here):
its own calendar, its own geometry, its own corrections. Every interpreter must give what it gives.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pyproj import Geod
from shapely.geometry import LineString, MultiPoint, Point, Polygon, shape
from shapely.ops import linemerge, polygonize, unary_union

from servanda_dsl import anchors as law
from servanda_dsl.model import Agreement, Rule

NO, MAYBE, YES = 0, 1, 2
SOMEONE_ELSE = "someone not bound"
NEVER = dt.datetime(9900, 1, 1, tzinfo=dt.UTC)
KINDS = {"prohibition", "obligation"}
WGS84 = Geod(ellps="WGS84")
Record = dict[str, Any]
Triggers = list[tuple[int, Record]]


@cache
def to_edge(lon: float, lat: float, a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """The geodesic distance from a place to an edge that is straight in longitude and latitude."""

    def at(share: float) -> float:
        return float(WGS84.inv(lon, lat, a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))[2])

    low, high = 0.0, 1.0
    for _ in range(80):
        third = (high - low) / 3
        if at(low + third) < at(high - third):
            high -= third
        else:
            low += third
    return min(at(low), at(0.0), at(1.0))


@dataclass
class Answer:
    """The answer for one instance of one rule."""

    verdict: str
    evidence: frozenset[str] = frozenset()
    bearer: str | None = None


@dataclass
class Span:
    """When something was seen: from `first` up to `end` (an instant has both the same)."""

    first: dt.datetime
    end: dt.datetime
    kind: str

    @property
    def instant(self) -> bool:
        return self.first == self.end

    @property
    def last(self) -> dt.datetime:
        """The last moment at which it can have been."""
        return self.first if self.instant else self.end - dt.timedelta(microseconds=1)


@dataclass
class When:
    """An anchor: somewhere from `early` to `late`; the days are those from which days are counted."""

    early: dt.datetime
    late: dt.datetime
    first_day: dt.date
    last_day: dt.date
    is_day: bool = False


@dataclass
class Oracle:
    agreement: Agreement
    records: list[Record]
    at: dt.datetime
    drawn: dict[str, list[tuple[dt.date, Any, list[tuple[Any, float]]]]] = field(default_factory=dict)
    trigger: Span | None = None
    at_edge: int = MAYBE

    def __post_init__(self) -> None:
        folder = self.agreement.folder
        assert folder is not None
        for thing in (*self.agreement.lines, *self.agreement.zones):
            files = [(dt.date.min, thing.file), *((r.since, r.file) for r in thing.redrawn)]
            for since, file in files:
                data = json.loads((folder / file).read_text(encoding="utf-8"))
                self.drawn.setdefault(thing.name, []).append((since, *self.drawing(data, thing.accurate_to_m or 0.0)))
        self.zone = ZoneInfo(self.agreement.time_zone)
        usable = [r for r in self.records if r["act"] in self.agreement.vocabulary.acts]
        self.set_aside = len(self.records) - len(usable)
        self.by_id = {r["id"]: r for r in usable}
        self.counting = {i: r for i, r in self.by_id.items() if self.counts(i)}
        self.groups = self.grouping()

    def drawing(self, data: Any, declared: float) -> tuple[Any, list[tuple[Any, float]]]:
        """What is drawn as a whole, and its lines or outline in parts, each with its accuracy."""
        features = data.get("features", [data])
        parts = []
        for feature in features:
            stated = (feature.get("properties") or {}).get("accurate_to_m")
            parts.append((shape(feature.get("geometry", feature)), declared if stated is None else stated))
        if parts[0][0].geom_type == "LineString":
            return linemerge([line for line, _ in parts]) if len(parts) > 1 else parts[0][0], parts
        ((area, accuracy),) = parts
        if not area.is_valid:
            area = unary_union(list(polygonize(unary_union(area.exterior))))
        return area, [(area.boundary, accuracy)]

    # ---- which records count -------------------------------------------------------------

    def points_at(self, name: str) -> str | None:
        record = self.by_id.get(name, {})
        return record.get("corrects") or record.get("retracts")

    def in_circle(self, name: str) -> bool:
        seen, current = [], self.points_at(name)
        while current is not None and current not in seen:
            if current == name:
                return True
            seen.append(current)
            current = self.points_at(current)
        return False

    def active(self, name: str) -> bool:
        """Whether nothing replaces a record or takes it back."""
        pointing = [i for i in self.by_id if self.points_at(i) == name]
        return not self.in_circle(name) and not any(self.has_effect(i) for i in pointing)

    def has_effect(self, name: str) -> bool:
        """Whether a correction or retraction does what it says.

        A correction does unless it is taken back; to correct it once more does not bring back what it replaced.
        """
        if self.in_circle(name):
            return False
        if self.by_id[name].get("retracts"):
            return self.active(name)
        against = [i for i, r in self.by_id.items() if r.get("retracts") == name]
        return not any(self.has_effect(i) for i in against)

    def counts(self, name: str) -> bool:
        return self.active(name) and not self.by_id[name].get("retracts")

    def root(self, name: str) -> str:
        before = self.by_id[name].get("corrects")
        if before is None or self.in_circle(name):
            return name
        return self.root(before) if before in self.by_id else before

    def names_of(self, name: str) -> set[str]:
        """Every name by which others may speak of a record: what it corrects, and its incident."""
        found, current = {name}, name
        while current in self.by_id and not self.in_circle(current) and self.by_id[current].get("corrects"):
            current = self.by_id[current]["corrects"]
            found.add(current)
        return found | {i for i in (self.by_id[name].get("incident"), self.incident_of(name)) if i}

    def instance_of(self, name: str) -> str:
        incident = self.incident_of(name)
        return f"incident:{incident}" if incident else f"observation:{self.root(name)}"

    def incident_of(self, name: str) -> str | None:
        return self.grouped(name)[0]

    def grouped(self, name: str) -> tuple[str | None, set[str]]:
        """The incident of a record, and the group records that say so; else its own word for it.

        A group that names the record goes before one that names its incident; groups that differ have no effect.
        """
        record = self.by_id[name]
        own: str | None = record.get("incident")
        chain = {name}
        while not self.in_circle(name) and self.by_id.get(name, {}).get("corrects"):
            name = self.by_id[name]["corrects"]
            chain.add(name)
        for names in (chain, {own}) if record["act"] != "group" else ():
            groups = {g["id"]: g.get("incident") for g in self.groups if set(g.get("refers_to", [])) & names}
            if len(set(groups.values())) == 1:
                return next(iter(groups.values())), set(groups)
        return own, set()

    def grouping(self) -> list[Record]:
        """The records that group, made by someone who meets every standard of proof."""
        return [
            r
            for r in self.counting.values()
            if r["act"] == "group"
            and not r.get("denies")
            and all(self.weighs(r, rule) == YES for rule in self.agreement.rules if rule.kind in KINDS)
        ]

    # ---- time -----------------------------------------------------------------------------

    def span(self, record: Record) -> Span:
        at = record["at"]
        if isinstance(at, dict):
            span = Span(self.moment(at["from"]), self.moment(at["to"], end=True), at.get("kind", "within"))
            if span.kind == "throughout" and span.end > self.at:
                span.end = max(self.at, span.first) + dt.timedelta(microseconds=1)
            return span
        if len(at) == len("2015-02-15"):
            return Span(self.moment(at), self.moment(at, end=True), "within")
        return Span(self.moment(at), self.moment(at), "instant")

    def moment(self, text: str, *, end: bool = False) -> dt.datetime:
        if len(text) == len("2015-02-15"):
            day = dt.date.fromisoformat(text) + dt.timedelta(days=1 if end else 0)
            return self.midnight(day)
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

    def midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(dt.UTC)

    def day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    def happened(self, span: Span) -> int:
        """Whether it had happened by the instant of evaluation."""
        if span.kind == "throughout":
            return YES if span.first <= self.at else NO
        if span.end <= self.at:
            return YES
        return NO if span.first > self.at else MAYBE

    def exactly(self, moment: dt.datetime) -> When:
        return When(moment, moment, self.day(moment), self.day(moment))

    def written(self, instant: law.Instant) -> When:
        if instant.time is None:
            start = self.midnight(instant.date)
            return When(start, start, instant.date, instant.date, is_day=True)
        hour, minute = (int(x) for x in instant.time.split(":")[:2])
        clock = ZoneInfo(instant.zone) if instant.zone else self.zone
        date = instant.date + dt.timedelta(days=1 if hour == 24 else 0)
        local = dt.datetime(date.year, date.month, date.day, hour % 24, minute, tzinfo=clock).astimezone(dt.UTC)
        day = self.day(local - dt.timedelta(microseconds=1 if hour == 24 else 0))
        return When(local, local, day, day)

    def anchor(self, anchor: law.Anchor, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        match anchor:
            case law.EntryIntoForce():
                return None if self.agreement.in_force is None else self.written(self.agreement.in_force)
            case law.Signature():
                return None if self.agreement.signed is None else self.written(self.agreement.signed)
            case law.EventInstant():
                when = self.agreement.event(anchor.event).instant
                return None if when is None else self.written(when)
            case law.Instant():
                return self.written(anchor)
            case law.Trigger():
                assert self.trigger is not None
                span = self.trigger
                return When(span.first, span.end, self.day(span.first), self.day(span.last))
            case law.DayOf():
                base = self.anchor(anchor.base, rule, party, readings)
                return None if base is None else self.days_after(base, anchor.number, "days", rule, readings)
            case law.Offset():
                base = self.shown_or(anchor, rule, party, readings)
                if base is None:
                    return None
                if base.late >= NEVER:  # what is counted from something that may never be may itself never be
                    sure = When(base.early, base.early, base.first_day, base.first_day, base.is_day)
                    return self.perhaps(self.moved(sure, anchor, rule, readings))
                return self.moved(base, anchor, rule, readings)
            case law.PointOfRule(point="deadline"):
                other = self.agreement.rule(anchor.rule)
                assert other.deadline is not None
                due = self.anchor(other.deadline.anchor, other, party, readings)
                return None if due is None else self.passed(due, inclusive=other.deadline.word != "before")
            case law.PointOfRule():
                first, sure = self.first_of(self.agreement.rule(anchor.rule), party, rule, readings)
                return first if first is None or sure else self.perhaps(first)
            case _:
                raise NotImplementedError(anchor)

    def moved(self, base: When, offset: law.Offset, rule: Rule, readings: dict[str, str]) -> When:
        """So long after or before a base: hours and minutes elapse, the rest runs on the calendar."""
        amount = offset.amount if offset.direction == "after" else -offset.amount
        if offset.unit in {"hours", "minutes"}:
            by = dt.timedelta(**{offset.unit: amount})
            early, late = base.early + by, self.passed(base, inclusive=True).late + by
            last = late if late == early else late - dt.timedelta(microseconds=1)
            return When(early, late, self.day(early), self.day(last))
        return self.days_after(base, amount, offset.unit, rule, readings)

    def perhaps(self, when: When) -> When:
        """Not before its earliest, and perhaps never."""
        return When(when.early, NEVER, when.first_day, NEVER.date(), when.is_day)

    def shown_or(self, offset: law.Offset, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        base = self.anchor(offset.base, rule, party, readings)
        if offset.otherwise is None:
            return base
        fallback = self.anchor(offset.otherwise, rule, party, readings)
        if base is None or fallback is None:
            return base or fallback
        if isinstance(offset.base, law.PointOfRule) and offset.base.point != "deadline":
            base, surely = self.first_of(self.agreement.rule(offset.base.rule), party, rule, readings)
            assert base is not None
            if not surely:
                return When(
                    min(base.early, fallback.early),
                    max(base.late, fallback.late),
                    min(base.first_day, fallback.first_day),
                    max(base.last_day, fallback.last_day),
                    base.is_day and fallback.is_day,
                )
        return base

    def days_after(self, base: When, amount: int, unit: str, rule: Rule, readings: dict[str, str]) -> When:
        """Days, weeks, months or years later; the 31st of a month without one is its last day or the day after."""
        back = 1 if self.counting_of(rule, readings) == "inclusive" else 0
        shift = dt.timedelta(days=-back if amount > 0 else back)
        first = self.same_day(base.first_day, amount, unit)[0] + shift
        last = self.same_day(base.last_day, amount, unit)[1] + shift
        return When(self.midnight(first), self.midnight(last), first, last, is_day=True)

    def same_day(self, day: dt.date, amount: int, unit: str) -> tuple[dt.date, dt.date]:
        """The day so much later, twice; where the month has no such day, its last day and the first of the next."""
        if unit in {"days", "weeks"}:
            found = day + dt.timedelta(**{unit: amount})
            return found, found
        months = day.year * 12 + day.month - 1 + amount * (12 if unit == "years" else 1)
        try:
            found = dt.date(months // 12, months % 12 + 1, day.day)
        except ValueError:
            following = dt.date((months + 1) // 12, (months + 1) % 12 + 1, 1)
            return following - dt.timedelta(days=1), following
        return found, found

    def counting_of(self, rule: Rule, readings: dict[str, str]) -> str:
        for reading in rule.readings:
            if readings.get(rule.id) == reading.name:
                return reading.counting
        assumed = [a.counting for a in self.agreement.in_scope(rule.clause) if a.kind == "days"]
        return assumed[-1] if assumed else "exclusive"

    def passed(self, due: When, *, inclusive: bool) -> When:
        if not due.is_day or not inclusive:
            return When(due.early, due.late, due.first_day, due.last_day)
        day = dt.timedelta(days=1)
        early, late = self.midnight(due.first_day + day), self.midnight(due.last_day + day)
        return When(early, late, due.first_day, due.last_day)

    def first_of(self, done: Rule, party: str, judge: Rule, readings: dict[str, str]) -> tuple[When | None, bool]:
        """The first performance of a rule by a party, and whether any is sure."""
        found = []
        for record in self.counting.values():
            if not self.shows(record, done.act or "", done) or record.get("denies"):
                continue
            value = min(
                self.was(record, party),
                self.matches(record, done, party),
                self.happened(self.span(record)),
                self.proves(record, judge),
                MAYBE if self.contradicted(record, judge) else YES,
                self.binds(done, self.span(record), party, readings, unless_known=MAYBE),
            )
            if value > NO:
                found.append((record, value))
        if not found:
            return None, False
        early = min(self.span(r).first for r, _ in found)
        sure = self.surely_by([r for r, v in found if v == YES], judge)
        late = sure or max(self.span(r).end for r, _ in found)
        last = early if late == early else late - dt.timedelta(microseconds=1)
        return When(early, late, self.day(early), self.day(last)), sure is not None

    def surely_by(self, reports: list[Record], judge: Rule) -> dt.datetime | None:
        """The first instant by which the reports of one incident that lie before it have enough origins."""
        for end in sorted({self.span(r).end for r in reports}):
            known = [r for r in reports if self.span(r).end <= end]
            for key in {self.instance_of(r["id"]) for r in known}:
                if self.enough([r for r in known if self.instance_of(r["id"]) == key], judge):
                    return end
        return None

    def binds(self, rule: Rule, span: Span, party: str, readings: dict[str, str], *, unless_known: int = NO) -> int:
        """Whether it was seen while the rule bound this party; and what, if nobody knows when it begins to bind."""
        start = self.beginning(rule, party, readings)
        if start is None:
            return unless_known if self.nobody_knows(self.begins_with(rule), rule, party, readings) else NO
        value = self.since(span, start)
        if rule.ends is not None:
            end = self.edge(rule.ends, rule, party, readings)
            if end is not None:
                value = min(value, self.until(span, end))
            elif self.nobody_knows(rule.ends, rule, party, readings):
                value = min(value, MAYBE)
        return value

    def nobody_knows(self, anchor: law.Anchor, rule: Rule, party: str, readings: dict[str, str]) -> bool:
        """Whether an anchor that gives nothing hangs on an instant that may have been, and not on a missing report."""
        match anchor:
            case law.EntryIntoForce():
                return self.agreement.in_force is None
            case law.Signature():
                return self.agreement.signed is None
            case law.DayOf():
                return self.nobody_knows(anchor.base, rule, party, readings)
            case law.Offset():
                parts = [a for a in (anchor.base, anchor.otherwise) if a is not None]
                return any(self.nobody_knows(a, rule, party, readings) for a in parts)
            case law.PointOfRule(point="deadline"):
                other = self.agreement.rule(anchor.rule)
                return other.deadline is not None and self.nobody_knows(other.deadline.anchor, other, party, readings)
            case _:
                return False

    def permitted(self, rule: Rule, permission: Rule, act: Record, party: str, readings: dict[str, str]) -> int:
        """Whether a permission was in force for the whole of what a rule forbids in an act."""
        span = self.span(act)
        value = self.binds(permission, span, party, {}, unless_known=MAYBE)
        begins = self.beginning(permission, party, {})
        if span.kind != "throughout" or begins is None:
            return value
        own = self.beginning(rule, party, readings)
        first = [max(span.first, x) for x in ((own.early, own.late) if own else (span.first, span.first))]
        value = min(value, YES if begins.late <= first[0] else NO if begins.early > first[1] else MAYBE)
        ends = self.edge(permission.ends, permission, party, {}) if permission.ends is not None else None
        if ends is not None:
            own_end = self.edge(rule.ends, rule, party, readings) if rule.ends is not None else None
            tick = dt.timedelta(microseconds=1)
            last = [min(span.last, x - tick) for x in ((own_end.early, own_end.late) if own_end else (NEVER, NEVER))]
            value = min(value, YES if last[1] < ends.early else NO if last[0] >= ends.late else MAYBE)
        return value

    def beginning(self, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        """When a rule begins to bind: as it says, else at entry into force, or at signature if it counts from that."""
        if rule.starts is not None:
            return self.edge(rule.starts, rule, party, readings)
        return self.anchor(self.begins_with(rule), rule, party, readings)

    def begins_with(self, rule: Rule) -> law.Anchor:
        if rule.starts is not None:
            return rule.starts
        given = [a for a in (rule.ends, rule.deadline.anchor if rule.deadline else None) if a is not None]
        signed = any(isinstance(p, law.Signature) for a in given for p in law.walk(a))
        return law.Signature() if signed else law.EntryIntoForce()

    def edge(self, anchor: law.Anchor, rule: Rule, party: str, readings: dict[str, str]) -> When | None:
        found = self.anchor(anchor, rule, party, readings)
        if found is not None and isinstance(anchor, law.Offset) and anchor.direction == "after":
            return self.passed(found, inclusive=True)
        return found

    def since(self, span: Span, start: When) -> int:
        moment = span.last if span.kind == "throughout" else span.first
        if moment >= start.late:
            return YES
        return NO if span.last < start.early else MAYBE

    def until(self, span: Span, end: When) -> int:
        moment = span.first if span.kind == "throughout" else span.last
        if moment < end.early:
            return YES
        return NO if span.first >= end.late else MAYBE

    # ---- what was seen --------------------------------------------------------------------

    def shows(self, record: Record, act: str, rule: Rule) -> bool:
        vocabulary = self.agreement.vocabulary
        counted = {
            e for a in self.agreement.in_scope(rule.clause) if a.kind == "counts-as" and a.act == act for e in a.effects
        }
        return act in vocabulary.shows(record["act"]) or record["act"] in counted

    def was(self, record: Record, party: str) -> int:
        names = self.named(record)
        if names == [party]:
            return YES
        return MAYBE if not names or party in names else NO

    def matches(self, record: Record, rule: Rule, party: str) -> int:
        """Whether thing and place fit, if it was this party."""
        value = min(self.some(record), self.thing(record, rule.things, rule.other_than))
        self.at_edge = self.assumed_edge(rule)
        for place in rule.places:
            value = min(value, self.place(record, place, party))
        return value

    def assumed_edge(self, rule: Rule) -> int:
        """What holds exactly on an edge: as its clause assumes, else as the whole agreement does."""
        edges = [a.edge for a in self.agreement.in_scope(rule.clause) if a.kind == "edges"]
        return MAYBE if not edges else YES if edges[-1] == "inside" else NO

    def some(self, record: Record) -> int:
        """Whether anything was seen: a count of nought is a report of nothing."""
        count = record.get("count", 1)
        if not isinstance(count, dict):
            return YES if count > 0 else NO
        least = count.get("min", 1 if "about" in count else 0)
        if count.get("max", 1) == 0:
            return NO
        return YES if least > 0 else MAYBE

    def thing(self, record: Record, things: tuple[str, ...], others: tuple[str, ...]) -> int:
        if not things and not others:
            return YES
        included = max(self.is_a(record, t) for t in things) if things else YES
        left_out = max((self.is_a(record, o) for o in others), default=NO)
        return min(included, YES - left_out)

    def is_a(self, record: Record, name: str) -> int:
        weapon = self.agreement.weapon(name)
        seen = record.get("weapon") or {}
        if weapon is None:
            return self.kind(record, name)
        included = max(
            min(self.kind(record, t.category), self.calibre(seen.get("calibre_mm"), t.calibre)) for t in weapon.terms
        )
        left_out = max((self.is_a(record, o) for o in weapon.other_than), default=NO)
        return min(included, YES - left_out)

    def kind(self, record: Record, wanted: str | None) -> int:
        """A kind of object is compared with what was struck, a category of weapon with what it was done with."""
        told = record.get("object") if wanted in self.agreement.vocabulary.objects else record.get("weapon")
        return self.same((told or {}).get("category"), wanted)

    def same(self, seen: str | None, wanted: str | None) -> int:
        if seen is None:
            return MAYBE
        return YES if seen == wanted else NO

    def calibre(self, seen: Any, bracket: Any) -> int:
        if bracket is None:
            return YES
        low, high = (seen.get("min"), seen.get("max")) if isinstance(seen, dict) else (seen, seen)
        fits = [self.fits(x, bracket) for x in self.sizes(low, high, bracket)]
        return YES if all(fits) else MAYBE if any(fits) else NO

    def sizes(self, low: float | None, high: float | None, bracket: Any) -> list[float]:
        """Enough calibres between two bounds to meet every side of every limit."""
        edges = [e for e in (bracket.least, bracket.most) if e is not None]
        tried = [x for e in edges for x in (e - 0.5, e, e + 0.5)] + [0.0, 10_000.0]
        tried += [x for x in (low, high) if x is not None]
        return [x for x in tried if (low is None or x >= low) and (high is None or x <= high)]

    def fits(self, size: float, bracket: Any) -> bool:
        if bracket.least is not None and (
            size < bracket.least or (size == bracket.least and not bracket.least_included)
        ):
            return False
        over = bracket.most is not None and (
            size > bracket.most or (size == bracket.most and not bracket.most_included)
        )
        return not over

    def place(self, record: Record, place: Any, party: str) -> int:
        if place.kind == "zone":
            value = self.in_zone(record, place.zone, {"over": "in"}.get(place.relation, place.relation))
            return value if place.inside else YES - value
        if place.kind == "altitude":
            return self.height(record.get("place") or {}, place)
        if place.kind == "across":
            ends = [self.end(record, "from"), self.end(record, "into")]
            if not all(end and "lon" in end for end in ends):
                return MAYBE
            return self.on_each_day(record, place.line, lambda drawn: self.crosses(*ends, drawn))
        line: dict[str | None, str] = {p.party: p.line for p in place.lines}
        name = line.get(party, line.get(None))
        if name is None:
            return NO
        where = record.get("place") or {}
        if "lon" not in where:
            return MAYBE
        if place.kind == "side":
            return self.on_each_day(record, name, lambda drawn: self.on_side(where, name, drawn, party, own=place.own))
        return self.on_each_day(record, name, lambda drawn: self.near_line(where, name, drawn, party, place))

    def on_each_day(self, record: Record, name: str, value: Callable[[Any], int]) -> int:
        """What holds under every drawing that held on some day of what was seen; else nobody can say."""
        at = record["at"]
        first = self.moment(at["from"] if isinstance(at, dict) else at)
        end = self.moment(at["to"] if isinstance(at, dict) else at, end=True)
        last = first if first == end else end - dt.timedelta(microseconds=1)
        days = [since for since, _, _ in self.drawn[name]]
        held = [i for i, since in enumerate(days) if since <= self.day(last)]
        over = [i for i in held if i + 1 < len(days) and days[i + 1] <= self.day(first)]
        values = {value(self.drawn[name][i][1:]) for i in held if i not in over}
        return values.pop() if len(values) == 1 else MAYBE

    def near_line(self, where: Record, name: str, drawn: Any, party: str, place: Any) -> int:
        value = self.nearer(where, drawn, place.distance_m, self.at_edge)
        if place.nearest_m:
            value = min(value, YES - self.nearer(where, drawn, place.nearest_m, YES - self.at_edge))
        return min(value, self.on_side(where, name, drawn, party, own=True)) if place.own_side else value

    def nearer(self, where: Record, drawn: Any, limit: float, at_limit: int) -> int:
        low, high = self.between(where, drawn)
        if low == high == limit:
            return at_limit
        if high < limit or (high == limit and at_limit == YES):
            return YES
        return NO if low > limit or (low == limit and at_limit == NO) else MAYBE

    def on_side(self, where: Record, name: str, drawn: Any, party: str, *, own: bool) -> int:
        """Which side of a line, by the area north of it: for lines from west to east, as all that are made here are."""
        if party not in {s.party for s in self.agreement.line(name).sides}:
            return MAYBE
        low, high = self.between(where, drawn)
        if low == 0:
            return self.at_edge if high == 0 else MAYBE
        line = list(drawn[0].coords)
        north = Polygon([(-10, line[0][1]), *line, (90, line[-1][1]), (90, 80), (-10, 80)])
        assert self.agreement.folder is not None
        assert self.agreement.gazetteer is not None
        with (self.agreement.folder / self.agreement.gazetteer).open(encoding="utf-8") as rows:
            towns = {row["name"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(rows)}
        here = north.contains(Point(where["lon"], where["lat"]))
        its = {s.party: here == north.contains(Point(towns[s.place])) for s in self.agreement.line(name).sides}
        return YES if its[party] == own else NO

    def between(self, where: Record, drawn: Any) -> tuple[float, float]:
        """The distance to what is drawn, at least and at most: each part may be as far off as its accuracy."""
        found = [(self.distance(where, line), where.get("error_m", 0.0), accuracy) for line, accuracy in drawn[1]]
        low, high = min(d - e - a for d, e, a in found), min(d + a for d, _, a in found) + where.get("error_m", 0.0)
        return round(max(low, 0.0), 3), round(high, 3)

    def height(self, where: Record, place: Any) -> int:
        if "altitude_m" not in where:
            return MAYBE
        error = where.get("altitude_error_m", 0)
        low, high = where["altitude_m"] - error, where["altitude_m"] + error
        tried = set()
        for height in (low, high):
            under = YES if (height < place.limit_m) == place.below else NO
            tried.add(self.at_edge if height == place.limit_m else under)
        if low < place.limit_m < high:
            return MAYBE
        return tried.pop() if len(tried) == 1 else MAYBE

    def end(self, record: Record, which: str) -> Record:
        """Where it was seen, came from, or arrived; nothing where nobody said."""
        denotes = self.agreement.vocabulary.acts[record["act"]].place
        if which in {"in", denotes}:
            return record.get("place") or {}
        return (record.get("target") or {}) if which == "into" else {}

    def crosses(self, start: Record, stop: Record, drawn: Any) -> int:
        """Whether the straight way crosses the line; unknown where ways on both sides of an end of it are possible."""
        geometry, parts = drawn
        rings = []
        for where in (start, stop):
            slack = where.get("error_m", 0.0) + max(accuracy for _, accuracy in parts)
            if self.between(where, drawn)[0] == 0:
                return MAYBE
            around = [WGS84.fwd(where["lon"], where["lat"], a, slack)[:2] for a in range(0, 360, 15)]
            rings.extend([(where["lon"], where["lat"]), *around])
        if MultiPoint(rings).convex_hull.intersects(MultiPoint([geometry.coords[0], geometry.coords[-1]])):
            return MAYBE
        cut = LineString([(w["lon"], w["lat"]) for w in (start, stop)]).intersection(geometry)
        return NO if cut.is_empty or len(getattr(cut, "geoms", [cut])) % 2 == 0 else YES

    def in_zone(self, record: Record, name: str, which: str = "in") -> int:
        where = self.end(record, which)
        if where.get("zone") == name:
            return YES
        if "lon" not in where:
            return MAYBE
        return self.on_each_day(record, name, lambda drawn: self.within(where, drawn))

    def within(self, where: Record, drawn: Any) -> int:
        low, high = self.between(where, drawn)
        if low == 0:
            return self.at_edge if high == 0 else MAYBE
        return YES if drawn[0].contains(Point(where["lon"], where["lat"])) else NO

    def distance(self, where: Record, line: Any) -> float:
        """Geodesic distance by golden section on every edge."""
        edges = [pair for part in getattr(line, "geoms", [line]) for pair in itertools.pairwise(part.coords)]
        return round(min(to_edge(where["lon"], where["lat"], a, b) for a, b in edges), 3)

    # ---- proof and actors -----------------------------------------------------------------

    def standard(self, rule: Rule) -> str | None:
        """The standard last named in scope of a rule."""
        kinds = {"ungraded", "graded", "origins"}
        named = [a.standard for a in self.agreement.in_scope(rule.clause) if a.kind in kinds]
        return named[-1] if named else None

    def of_standard(self, rule: Rule, kind: str) -> list[Any]:
        standard = self.standard(rule)
        return [a for a in self.agreement.in_scope(rule.clause) if a.kind == kind and a.standard == standard]

    def meets(self, record: Record, rule: Rule) -> int:
        """Whether a report meets the declared standard by who made it and how it is graded."""
        if self.standard(rule) is None:
            return YES
        grade = record.get("grade")
        if grade is None:
            accepted = {s for a in self.of_standard(rule, "ungraded") for s in a.sources}
            return YES if (record.get("source") or {}).get("id") in accepted else MAYBE
        for declared in self.of_standard(rule, "graded")[-1:]:
            reliable = "ABCDE".find(grade[0]) in range("ABCDE".index(declared.grade[0]) + 1)
            credible = "12345".find(grade[1]) in range("12345".index(declared.grade[1]) + 1)
            return YES if reliable and credible else MAYBE
        return MAYBE

    def speaker(self, record: Record) -> str | None:
        """The party whose word a record is."""
        source = record.get("source") or {}
        said = (source.get("origin") or source.get("id") or "").lower()
        for party in self.agreement.parties:
            if said in {party.lower(), self.agreement.title_of(party).lower()}:
                return party
        return None

    def is_notice(self, record: Record) -> bool:
        """Whether it is a notice of a party itself, as it was received."""
        told = self.agreement.vocabulary.acts[record["act"]].telling
        received = (record.get("source") or {}).get("kind") == "notification"
        return told and received and self.own_word(record)

    def own_word(self, record: Record) -> bool:
        return self.speaker(record) is not None and self.speaker(record) == record.get("actor")

    def weighs(self, record: Record, rule: Rule) -> int:
        if self.speaker(record) is not None and self.standard(rule) is None:
            return MAYBE
        return self.meets(record, rule)

    def proves(self, record: Record, rule: Rule, *, breach: bool = False) -> int:
        if self.is_notice(record):
            return YES
        if breach and self.own_word(record):
            return self.meets(record, rule)
        return self.weighs(record, rule)

    def origin(self, record: Record) -> str | None:
        source = record.get("source") or {}
        return source.get("origin") or source.get("id")

    def enough(self, records: list[Record], rule: Rule) -> bool:
        """Whether reports that each prove have the origins that the standard needs."""
        if any(self.is_notice(r) for r in records):
            return True
        needed = [a.least for a in self.of_standard(rule, "origins")][-1:] or [1]
        named = {self.origin(r) for r in records} - {None}
        return (len(named) or min(1, len(records))) >= needed[0]

    def together(self, values: dict[str, int], rule: Rule, *, one_matter: bool = False) -> dict[str, int]:
        """What each record shows once the origins are counted: by incident, or all of them as one matter."""
        found = dict(values)
        keys = {n: "" if one_matter else self.instance_of(n) for n in values}
        for key in set(keys.values()):
            sure = [n for n, v in values.items() if v == YES and keys[n] == key]
            if not self.enough([self.by_id[n] for n in sure], rule):
                found |= dict.fromkeys(sure, MAYBE)
        return found

    def named(self, record: Record) -> list[str]:
        """Those a source names as the one who acted, or may have."""
        return [record["actor"]] if record.get("actor") else list(record.get("actor_candidates", []))

    def candidates(self, record: Record, rule: Rule) -> list[str]:
        named = self.named(record)
        if named:
            return named
        for assumed in self.agreement.in_scope(rule.clause):
            if assumed.kind != "unattributed" or not any(self.shows(record, a, rule) for a in assumed.acts):
                continue
            self.at_edge = self.assumed_edge(rule)
            if self.in_zone(record, assumed.zone) == YES:
                return list(self.agreement.parties)
        return [*self.agreement.parties, SOMEONE_ELSE]

    # ---- rules ----------------------------------------------------------------------------

    def answers(self) -> dict[tuple[str, str], Answer]:
        found: dict[tuple[str, str], Answer] = {}
        for rule in self.agreement.rules:
            if rule.kind == "prohibition":
                found |= {(rule.id, key): answer for key, answer in self.prohibition(rule).items()}
            elif rule.kind == "obligation":
                assert rule.bearer is not None
                if rule.trigger:
                    found |= {(rule.id, key): answer for key, answer in self.triggered(rule).items()}
                else:
                    found |= {(rule.id, party): self.obligation(rule, party) for party in rule.bearer.parties}
        for answer in found.values():  # what rests on a record of a group rests on the record that groups it
            shown = [i for i in answer.evidence if not self.by_id[i].get("denies")]
            answer.evidence |= {g for i in shown for g in self.grouped(i)[1]}
        return found

    def choices(self, rule: Rule) -> list[dict[str, str]]:
        """Every choice of readings on which a rule depends."""
        choices: list[dict[str, str]] = [{}]
        for name in self.depends_on(rule, []):
            readings = self.agreement.rule(name).readings
            if readings:
                choices = [{**c, name: r.name} for c in choices for r in readings]
        return choices

    def depends_on(self, rule: Rule, seen: list[str]) -> list[str]:
        if rule.id in seen:
            return seen
        seen.append(rule.id)
        for anchor in (rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None):
            for part in law.walk(anchor) if anchor is not None else ():
                if isinstance(part, law.PointOfRule):
                    self.depends_on(self.agreement.rule(part.rule), seen)
        return seen

    def prohibition(self, rule: Rule) -> dict[str, Answer]:
        incidents: dict[str, list[Record]] = {}
        for name, record in self.counting.items():
            if self.shows(record, rule.act or "", rule) and not record.get("denies"):
                incidents.setdefault(self.instance_of(name), []).append(record)
        answers = {}
        for key, records in incidents.items():
            by_reading = [self.incident(rule, records, readings) for readings in self.choices(rule)]
            shown = [a for a in by_reading if a is not None]
            if not shown:
                continue
            verdicts = {a.verdict if a else "not-applicable" for a in by_reading}
            verdict = shown[0].verdict if len(verdicts) == 1 else "indeterminate"
            answers[key] = Answer(verdict, shown[0].evidence, shown[0].bearer)
        if all(a.verdict == "not-applicable" for a in answers.values()):
            answers["remainder"] = self.silent(rule)
        return answers

    def incident(self, rule: Rule, records: list[Record], readings: dict[str, str]) -> Answer | None:
        assert rule.bearer is not None
        values = self.together({r["id"]: self.breach(rule, r, readings) for r in records}, rule, one_matter=True)
        best = max(values.values())
        shown = [r for r in records if values[r["id"]] > NO]
        outside = [r for r in records if self.by_one_not_bound(rule, r, readings)]
        if not shown:
            return Answer("not-applicable", frozenset(r["id"] for r in outside)) if outside else None
        telling = [r for r in shown if values[r["id"]] == best]
        against = {d["id"] for d in self.counting.values() for r in telling if self.denies(d, r)}
        against |= {r["id"] for r in outside}
        evidence = frozenset(r["id"] for r in shown) | against
        who = {c for r in telling for c in self.possible(rule, r, readings)}
        who |= {c for r in shown if self.named(r) for c in self.possible(rule, r, readings)}
        bearer = next(iter(who)) if len(who) == 1 else None
        if bearer == SOMEONE_ELSE or any(n != bearer for r in (*shown, *outside) for n in self.named(r)):
            bearer = None
        sure = best == YES and not outside and not any(self.contradicted(r, rule) for r in telling)
        tried = sorted(who - {SOMEONE_ELSE}) or list(rule.bearer.parties if rule.bearer else ())
        lifted = [self.exception(rule, self.agreement.rule(n), telling, tried, readings) for n in rule.exceptions]
        evidence |= {record for _, records in lifted for record in records}
        results = {result for result, _ in lifted}
        if sure and "shown" in results:
            return Answer("excused", evidence, bearer)
        return Answer("violated" if sure and "open" not in results else "indeterminate", evidence, bearer)

    def exception(
        self, rule: Rule, permission: Rule, acts: list[Record], who: list[str], readings: dict[str, str]
    ) -> tuple[str, set[str]]:
        """What becomes of a permission, over all the acts and all those it may have been."""
        tried = [[self.permits(rule, permission, a, p, readings) for p in who] for a in acts]
        records = {r for row in tried for _, found in row for r in found}
        merged = []
        for row in tried:
            kinds = {result for result, _ in row}
            merged.append(kinds.pop() if len(kinds) == 1 else "open")
        return (merged[0] if len(set(merged)) == 1 else "open"), records

    def permits(
        self, rule: Rule, permission: Rule, act: Record, party: str, readings: dict[str, str]
    ) -> tuple[str, set[str]]:
        assert permission.bearer is not None
        permitted = NO
        if party in permission.bearer.parties and self.shows(act, permission.act or "", permission):
            in_force = self.permitted(rule, permission, act, party, readings)
            permitted = min(self.matches(act, permission, party), in_force)
        if permitted == NO:
            return "not-shown", set()
        before = permission.only_if_before
        tests = [
            self.on_record(rule, permission, name, act, party, own=True, before=before) for name in permission.only_if
        ]
        if permission.response_to:
            tests.append(self.on_record(rule, permission, permission.response_to, act, party, own=False, before=True))
        if not tests:
            return ("shown" if permitted == YES else "open"), set()
        values = [value for value, _ in tests]
        if max(values) == NO:
            return "not-shown", set()
        return ("shown" if min(permitted, *values) == YES else "open"), {r for _, found in tests for r in found}

    def on_record(
        self, rule: Rule, permission: Rule, name: str, act: Record, party: str, *, own: bool, before: bool
    ) -> tuple[int, set[str]]:
        """Whether a record that belongs to an act is there, by the same party or by someone else."""
        values, found = {}, set()
        for record in self.counting.values():
            if record is act or record.get("denies") or not self.shows(record, name, permission):
                continue
            if not self.belongs(record, act):
                continue
            who = self.was(record, party) if own else YES - self.was(record, party)
            first, last = self.span(record), self.span(act)
            precedes = YES if first.last < last.first else NO if first.first >= last.last else MAYBE
            doubt = MAYBE if self.contradicted(record, rule) else YES
            value = min(who, self.some(record), self.proves(record, rule), doubt, precedes if before else YES)
            if value > NO:
                found |= {record["id"]} | {d["id"] for d in self.counting.values() if self.denies(d, record)}
            values[record["id"]] = value
        return max(self.together(values, rule, one_matter=True).values(), default=NO), found

    def belongs(self, record: Record, act: Record) -> bool:
        incident = self.incident_of(record["id"])
        same = incident is not None and incident == self.incident_of(act["id"])
        forth = set(record.get("refers_to", [])) & self.names_of(act["id"])
        back = set(act.get("refers_to", [])) & self.names_of(record["id"])
        return same or bool(forth) or bool(back)

    def triggered(self, rule: Rule) -> dict[str, Answer]:
        assert rule.bearer is not None
        groups: dict[tuple[str, str], Triggers] = {}
        for name, record in self.counting.items():
            if record.get("denies") or not self.shows(record, rule.trigger or "", rule):
                continue
            for party in rule.bearer.parties:
                span = self.span(record)
                bound = {self.binds(rule, span, party, c) for c in self.choices(rule)}
                known = min(
                    self.was(record, party) if rule.bearer.of_trigger else self.was_a_party(record),
                    self.some(record),
                    self.happened(span),
                    self.proves(record, rule),
                    MAYBE if self.contradicted(record, rule) else YES,
                    bound.pop() if len(bound) == 1 else MAYBE,
                )
                if known > NO:
                    groups.setdefault((party, self.instance_of(name)), []).append((known, record))
        answers = {}
        for (party, key), reported in groups.items():
            weighed = self.together({r["id"]: k for k, r in reported}, rule)
            triggers = [(weighed[r["id"]], r) for _, r in reported]
            sure = max(known for known, _ in triggers)
            answer = self.obligation(rule, party, triggers)
            if sure == MAYBE and answer.verdict in {"violated", "complied"}:
                answer.verdict = "indeterminate"
            answer.evidence |= {r["id"] for _, r in triggers}
            answer.evidence |= {d["id"] for d in self.counting.values() for _, r in triggers if self.denies(d, r)}
            answers[f"{party}:{key}"] = answer
        waits = any(
            self.beginning(rule, p, c) is None and not self.hangs_on_a_report(rule.starts)
            for p in rule.bearer.parties
            for c in self.choices(rule)
        )
        return answers or {"remainder": Answer("pending" if waits else "unobserved")}

    def was_a_party(self, record: Record) -> int:
        named = self.named(record)
        inside = {n in self.agreement.parties for n in named}
        return MAYBE if len(inside) != 1 else YES if inside.pop() else NO

    def answers_to(self, record: Record, triggers: list[Record]) -> int:
        """Whether a record answers a trigger: it says so, or (where it says nothing of the kind) it may."""
        span, began = self.span(record), self.trigger
        assert began is not None
        if span.end < began.first:
            return NO
        after = YES if span.first >= began.end else MAYBE
        if any(self.belongs(record, trigger) for trigger in triggers):
            return after
        return NO if record.get("refers_to") else MAYBE

    def breach(self, rule: Rule, record: Record, readings: dict[str, str]) -> int:
        values = {self.breach_by(rule, record, c, readings) for c in self.candidates(record, rule)}
        value = values.pop() if len(values) == 1 else MAYBE
        return min(value, self.proves(record, rule, breach=True))

    def breach_by(self, rule: Rule, record: Record, party: str, readings: dict[str, str]) -> int:
        assert rule.bearer is not None
        return self.done_by(rule, record, party, readings) if party in rule.bearer.parties else NO

    def done_by(self, rule: Rule, record: Record, who: str, readings: dict[str, str]) -> int:
        span = self.span(record)
        return min(self.happened(span), self.binds(rule, span, who, readings), self.matches(record, rule, who))

    def by_one_not_bound(self, rule: Rule, record: Record, readings: dict[str, str]) -> bool:
        named = self.named(record)
        if not named or any(n in self.agreement.parties for n in named):
            return False
        return max(self.done_by(rule, record, n, readings) for n in named) > NO

    def possible(self, rule: Rule, record: Record, readings: dict[str, str]) -> list[str]:
        tried = self.candidates(record, rule)
        return [c for c in tried if c == SOMEONE_ELSE or self.breach_by(rule, record, c, readings) > NO]

    def denies(self, denial: Record, record: Record) -> bool:
        denied = denial.get("denies") or []
        denied = [denied] if isinstance(denied, str) else denied
        return bool(self.names_of(record["id"]) & set(denied))

    def contradicted(self, record: Record, rule: Rule) -> bool:
        """Whether a source that meets the standard says that it did not happen."""
        return any(self.denies(d, record) and self.weighs(d, rule) == YES for d in self.counting.values())

    # ---- silence ----------------------------------------------------------------------------

    def silent(self, rule: Rule) -> Answer:
        """A ban nobody is reported to have broken: kept only where somebody would have seen it all the time."""
        verdict = self.remainder(rule)
        assert rule.bearer is not None
        if verdict != "unobserved":
            return Answer(verdict)
        watches: set[str] = set()
        for party in rule.bearer.parties:
            for readings in self.choices(rule):
                start = self.beginning(rule, party, readings)
                end = None if rule.ends is None else self.edge(rule.ends, rule, party, readings)
                until = self.at if end is None else min(end.late, self.at)
                found = None if start is None else self.never(rule, party, start.early, until)
                if found is None:
                    return Answer(verdict)
                watches |= found
        return Answer("indeterminate" if self.set_aside else "complied", frozenset(watches))

    def never(self, rule: Rule, party: str, since: dt.datetime, until: dt.datetime) -> set[str] | None:
        """The watches by which it is known that a party did not do what a rule is about, at any moment of a time."""
        watches = [w for w in self.counting.values() if w["act"] == "watch" and self.looked(w, rule)]
        spans = [(w, *self.watched(w, rule, party)) for w in watches]
        denied = [self.span(d) for d in self.counting.values() if d["act"] == "deny-access"]
        moments = {since, *(t for _, first, ends in spans for t in (first, *ends.values()))}
        moments |= {t for d in denied for t in (d.first, d.end, d.first + dt.timedelta(microseconds=1))}
        used: set[str] = set()
        for moment in {t for t in moments if since <= t < until}:
            kept = [w for w, first, ends in spans if first <= moment < ends.get("register", first)]
            seen = [w for w, first, ends in spans if first <= moment < ends.get("watch", first)]
            seen = [w for w in seen if not self.kept_away(w, moment)]
            if not kept and (not seen or not self.enough(seen, rule)):
                return None
            used |= {w["id"] for w in (*kept, *seen)}
        return used if since < until else None

    def looked(self, watch: Record, rule: Rule) -> bool:
        lasting = isinstance(watch["at"], dict) and watch["at"].get("kind") == "throughout"
        return lasting and self.span(watch).first <= self.at and not self.contradicted(watch, rule)

    def watched(self, watch: Record, rule: Rule, party: str) -> tuple[dt.datetime, dict[str, dt.datetime]]:
        """From when a watch tells of a rule, and until when: as a register, as a watch of the place, or neither."""
        span = self.span(watch)
        end, ends = min(span.end, self.at), {}
        sight = watch.get("able_to_see") or {}
        if rule.act not in sight.get("acts", []):
            return span.first, {}
        for kept in self.agreement.in_scope(rule.clause):
            if kept.kind == "registered" and rule.act in kept.acts and kept.keeper == watch.get("source", {}).get("id"):
                assert kept.unit == "hours"
                ends["register"] = max(ends.get("register", span.first), end - dt.timedelta(hours=kept.amount))
        every = not sight.get("categories") and "calibre_from_mm" not in sight
        kinds = every or (bool(rule.things) and all(self.would_see(sight, t) for t in rule.things))
        if kinds and self.proves(watch, rule) == YES and any(self.holds(watch, p, party) for p in rule.places):
            ends["watch"] = end
        return span.first, ends

    def would_see(self, sight: Record, thing: str) -> bool:
        weapon = self.agreement.weapon(thing)
        for category, calibre in [(thing, None)] if weapon is None else [(t.category, t.calibre) for t in weapon.terms]:
            if sight.get("categories") and category not in sight["categories"]:
                return False
            least = None if calibre is None else calibre.least
            if "calibre_from_mm" in sight and (least is None or least < sight["calibre_from_mm"]):
                return False
        return True

    def holds(self, watch: Record, place: Any, party: str) -> bool:
        """Whether the place watched holds the whole of a place of a rule; it is a zone, or a box drawn well clear."""
        if place.kind == "zone" and place.inside and place.relation in {"in", "over"}:
            name, distance = place.zone, 0.0
        elif place.kind == "near-line":
            lines = {p.party: p.line for p in place.lines}
            name, distance = lines.get(party, lines.get(None)), place.distance_m
        else:
            return False
        where = watch.get("place") or {}
        if name is None or where.get("zone") == name:
            return name is not None and place.kind == "zone"
        if "geometry" not in where:
            return False
        span = self.span(watch)
        days = [since for since, _, _ in self.drawn[name]]
        for i, (since, geometry, parts) in enumerate(self.drawn[name]):
            over = i + 1 < len(days) and days[i + 1] <= self.day(span.first)
            if since > self.day(span.last) or over:
                continue
            margin = distance + max(accuracy for _, accuracy in parts)
            if not self.clear(shape(where["geometry"]), geometry, margin):
                return False
        return True

    def clear(self, box: Any, inner: Any, margin: float) -> bool:
        """Whether a box holds another geometry and what lies about it; both are convex or straight."""
        hull = inner.convex_hull
        points = list(hull.exterior.coords if hull.geom_type == "Polygon" else inner.coords)
        spots = [{"lon": x, "lat": y} for x, y, *_ in points]
        inside = all(box.contains(Point(s["lon"], s["lat"])) for s in spots)
        return inside and all(self.distance(s, box.exterior) >= margin for s in spots)

    def kept_away(self, watch: Record, moment: dt.datetime) -> bool:
        whose = {(watch.get("source") or {}).get("id"), (watch.get("source") or {}).get("origin")} - {None}
        for denied in self.counting.values():
            span, source = self.span(denied), denied.get("source")
            end = max(span.end, span.first + dt.timedelta(microseconds=1))
            same = source is None or bool({source.get("id"), source.get("origin")} & whose)
            if denied["act"] == "deny-access" and same and span.first <= moment < end:
                return True
        return False

    def remainder(self, rule: Rule) -> str:
        assert rule.bearer is not None
        starts = [self.beginning(rule, p, c) for p in rule.bearer.parties for c in self.choices(rule)]
        if any(s is None for s in starts):
            return "unobserved" if self.hangs_on_a_report(rule.starts) else "pending"
        early = min(s.early for s in starts if s is not None)
        return "pending" if self.at < early else "unobserved"

    def hangs_on_a_report(self, anchor: law.Anchor | None) -> bool:
        """Whether an anchor is something that may have happened unseen."""
        match anchor:
            case law.PointOfRule(point="deadline"):
                due = self.agreement.rule(anchor.rule).deadline
                return due is not None and self.hangs_on_a_report(due.anchor)
            case law.PointOfRule():
                return True
            case law.Offset():  # where the text has another instant to count from, it is that which is waited for
                return self.hangs_on_a_report(anchor.otherwise or anchor.base)
            case law.DayOf():
                return self.hangs_on_a_report(anchor.base)
            case _:
                return False

    def obligation(self, rule: Rule, party: str, triggers: Triggers | None = None) -> Answer:
        reports = [r for _, r in triggers or []]
        self.trigger = self.began(triggers) if triggers else None
        answers = [self.duty(rule, party, readings, reports) for readings in self.choices(rule)]
        verdict = answers[0].verdict if len({a.verdict for a in answers}) == 1 else "indeterminate"
        if verdict == "complied" and self.set_aside:
            verdict = "indeterminate"
        return Answer(verdict, answers[0].evidence, party)

    def began(self, triggers: Triggers) -> Span:
        """When what triggers a duty was: not after its first sure report, nor before any that is not sure."""
        spans = [(self.span(record), known) for known, record in triggers]
        sure = [s.end for s, known in spans if known == YES]
        first = min(s.first for s, _ in spans)
        return Span(first, min(sure) if sure else max(s.end for s, _ in spans), "within")

    def duty(self, rule: Rule, party: str, readings: dict[str, str], triggers: list[Record]) -> Answer:
        due = self.anchor(rule.deadline.anchor, rule, party, readings) if rule.deadline else None
        if due is not None and rule.deadline is not None:
            due = self.passed(due, inclusive=rule.deadline.word != "before")
        timed: dict[int, dict[str, int]] = {NO: {}, MAYBE: {}, YES: {}}
        for name, record in self.counting.items():
            if not self.shows(record, rule.act or "", rule) or record.get("denies"):
                continue
            span = self.span(record)
            done = min(
                self.happened(span),
                self.was(record, party),
                self.proves(record, rule),
                self.matches(record, rule, party),
                self.answers_to(record, triggers) if triggers else self.binds(rule, span, party, readings),
                MAYBE if self.contradicted(record, rule) else YES,
            )
            if done == NO:
                continue
            timed[self.in_time(rule, span, due)][name] = done
        weighed = {before: self.together(found, rule) for before, found in timed.items()}
        late = weighed[NO]
        in_time = {n: min(v, before) for before, found in weighed.items() if before > NO for n, v in found.items()}
        seen = [*in_time, *late]
        against = {d["id"] for d in self.counting.values() for n in seen if self.denies(d, self.by_id[n])}
        evidence = frozenset(seen) | against
        if self.beginning(rule, party, readings) is None and not self.hangs_on_a_report(rule.starts):
            due = None  # nobody knows when it begins to bind, so nobody can say that it is over
        verdict = self.duty_verdict(rule, due, in_time, late)
        began = self.trigger.first if self.trigger else None
        if began is None and (start := self.beginning(rule, party, readings)) is not None:
            began = start.early
        silent = verdict in {"unobserved", "indeterminate"} and due is not None and self.at >= due.late and not in_time
        if silent and began is not None and due is not None:
            watches = self.never(rule, party, began, due.late)
            if watches is not None:
                return Answer("violated", evidence | watches, party)
        return Answer(verdict, evidence, party)

    def in_time(self, rule: Rule, span: Span, due: When | None) -> int:
        if due is None:
            return MAYBE if rule.deadline else YES
        return YES if span.last < due.early else NO if span.first >= due.late else MAYBE

    def duty_verdict(self, rule: Rule, due: When | None, in_time: dict[str, int], late: dict[str, int]) -> str:
        if YES in in_time.values():
            return "complied"
        if rule.deadline is None:
            return "indeterminate" if in_time else "pending"
        if due is None:
            return "indeterminate" if in_time else "pending"
        if self.at < due.early:
            return "pending"
        if in_time:
            return "indeterminate"
        once = self.agreement.vocabulary.acts[rule.act or ""].once
        if once and YES in late.values():
            return "violated"
        return "indeterminate" if self.at < due.late or late else "unobserved"
