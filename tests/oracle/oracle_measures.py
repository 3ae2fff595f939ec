"""Ceilings, floors and quotas: every way of taking reports for one thing or for two is tried."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from oracle_duties import Duties
from oracle_parts import MAYBE, NO, YES, Answer, Record, Span, When
from shapely.geometry import shape

from servanda_dsl.model import Limit, Rule

TICK = dt.timedelta(microseconds=1)


@dataclass
class Episode(Answer):
    """An answer for what was, or may have been, too much; or for counts by which it was not."""

    reports: frozenset[str] = frozenset()


@dataclass
class Limited(Answer):
    """What one limit comes to in a period, and whether anything is known of it."""

    known: bool = False


@dataclass
class Part:
    """A report as far as it belongs to what is counted: whether surely, when, and how many."""

    record: Record
    value: int
    span: Span
    least: float
    most: float
    told: bool
    against: frozenset[str] = frozenset()

    @property
    def lone(self) -> bool:
        """Whether it was at one moment that nobody knows."""
        return self.span.kind != "throughout" and not self.span.instant


class Measures(Duties):
    """How much there was."""

    def measured(self, rule: Rule) -> dict[str, Answer]:
        by_reading = [dict(self.counted(rule, readings)) for readings in self.choices(rule)]
        assert rule.measure is not None
        if rule.measure.period in {"instant", "any", "running"}:
            by_reading = self.same_episodes(by_reading)
        answers = {}
        for name in {n for found in by_reading for n in found}:
            told = [found.get(name) for found in by_reading]
            shown = [a for a in told if a is not None]
            first = shown[0]
            verdicts = {a.verdict if a else "not-applicable" for a in told}
            verdict = first.verdict if len(verdicts) == 1 else "indeterminate"
            if self.unread and (verdict == "complied" or (verdict == "violated" and rule.measure.period == "running")):
                verdict = "indeterminate"
            evidence, telling = (frozenset(i for a in shown for i in getattr(a, w)) for w in ("evidence", "telling"))
            answers[name] = Answer(verdict, evidence, first.bearer, telling=telling)
        return answers

    def same_episodes(self, by_reading: list[dict[str, Answer]]) -> list[dict[str, Answer]]:
        """Episodes with a report in common have one name; nothing is said of silence where there is an episode."""
        named: list[dict[str, Answer]] = []
        for found in by_reading:
            before: dict[str, Answer] = {}
            for one in named:
                before |= {n: a for n, a in one.items() if n not in before}
            renamed: dict[str, Answer] = {}
            for name, answer in found.items():
                free = [n for n in before if n not in found and n not in renamed]
                alike = [n for n in free if self.one_episode(n, before[n], name, answer)]
                renamed[alike[0] if alike and name not in before else name] = answer
            named.append(renamed)
        episodes = {self.limit_of(n) for one in named for n, a in one.items() if isinstance(a, Episode)}
        return [
            {n: a for n, a in one.items() if isinstance(a, Episode) or self.limit_of(n) not in episodes}
            for one in named
        ]

    def limit_of(self, name: str) -> str:
        return ":".join(name.split(":")[:2])

    def one_episode(self, name: str, one: Answer, other_name: str, other: Answer) -> bool:
        if self.limit_of(name) != self.limit_of(other_name):
            return False
        if not isinstance(one, Episode) or not isinstance(other, Episode):
            return False
        return (one.verdict == "complied") == (other.verdict == "complied") and bool(one.reports & other.reports)

    def counted(self, rule: Rule, readings: dict[str, str]) -> Iterator[tuple[str, Answer]]:
        assert rule.bearer is not None
        assert rule.measure is not None
        for party in rule.bearer.parties:
            if rule.measure.period in {"day", "month"}:
                yield from self.by_period(rule, party, readings)
                continue
            for limit in rule.measure.limits:
                part = self.part_of(rule, limit)
                name, used = f"{party}:{limit.name}", list[str]()
                find = self.stretches if rule.measure.period == "any" else self.looks
                for key, answer in find(part, limit, party, readings):
                    used.append(key)
                    again = f":{used.count(key)}" if used.count(key) > 1 else ""
                    yield f"{name}:{key}{again}", answer
                if not used:
                    yield name, self.unseen(part, party, readings, watched=rule.measure.period == "any")

    def part_of(self, rule: Rule, limit: Limit) -> Rule:
        """The rule as it is for what one limit counts."""
        assert not (rule.things and limit.things)
        return rule.model_copy(update={"things": limit.things or rule.things, "places": (*rule.places, *limit.places)})

    def unseen(self, rule: Rule, party: str, readings: dict[str, str], *, watched: bool) -> Answer:
        start = self.beginning(rule, party, readings)
        if start is None:
            waits = self.hangs_on_a_report(rule.starts)
            return Answer("unobserved" if waits else "pending", bearer=party)
        if self.at < start.early:
            return Answer("pending", bearer=party)
        end = None if rule.ends is None else self.edge(rule.ends, rule, party, readings)
        until = self.at if end is None else min(end.late, self.at)
        found = self.never(rule, party, start.early, until) if watched else None
        if found is None:
            return Answer("unobserved", bearer=party)
        totals = self.totals_of(start.early, self.at)
        return Answer("indeterminate" if totals else "complied", frozenset(found | totals), party)

    def totals_of(self, since: dt.datetime, until: dt.datetime) -> set[str]:
        """Totals that may count something of a time."""
        tallies = [r for r in self.counting.values() if r["act"] == "tally" and self.some(r) > NO]
        return {r["id"] for r in tallies if self.span(r).end > since and self.span(r).first <= until}

    # ---- what belongs ----

    def parts(self, rule: Rule, limit: Limit, party: str, readings: dict[str, str]) -> list[Part]:
        found = []
        assert rule.measure is not None
        lasting = rule.measure.period == "instant"
        told = [r for r in self.counting.values() if not r.get("denies") and self.shows(r, rule.act or "", rule)]
        otherwise = [r for r in told if self.otherwise(r, rule, party, readings)]
        for record in told:
            span = self.seen_when(record, rule, party, readings, lasting=lasting)
            value = min(
                self.was(record, party),
                self.happened(span),
                self.binds(rule, span, party, readings),
                self.matches(record, rule, party) if self.was(record, party) > NO else NO,
                self.proves(record, rule, breach=limit.bound == "at most"),
                MAYBE if self.contradicted(record, rule) else YES,
            )
            if value > NO:
                part = Part(record, value, span, *self.how_many(record, rule, limit))
                found.append(self.doubted(part, otherwise, rule))
        return sorted(found, key=lambda p: (p.span.first, p.span.end, p.record["id"]))

    def otherwise(self, record: Record, rule: Rule, party: str, readings: dict[str, str]) -> bool:
        """Whether a report tells of something that surely does not belong, whenever the rule may bind."""
        assert rule.measure is not None
        span = self.seen_when(record, rule, party, readings, lasting=rule.measure.period == "instant")
        if self.happened(span) == NO:
            return False
        out_of_time = self.beginning(rule, party, readings) is not None and not self.binds(rule, span, party, readings)
        return self.was(record, party) == NO or self.not_that(record, rule, party) or out_of_time

    def doubted(self, part: Part, otherwise: list[Record], rule: Rule) -> Part:
        """A part, in doubt where others tell of the same event that it was otherwise."""
        against = {r["id"] for r in self.opposed(part.record, otherwise, rule)}
        return replace(part, value=MAYBE, against=part.against | against) if against else part

    def in_time_of(self, parts: list[Part], every: list[Part], stretch: Any, rule: Rule) -> list[Part]:
        """Parts of a stretch of time, in doubt where others put the same event into another, or too few tell of it."""
        inside = self.may_lie(every, stretch)
        outside = [p.record for p in every if p not in inside]
        return self.weighed([self.doubted(p, outside, rule) for p in parts], rule)

    def seen_when(self, record: Record, rule: Rule, party: str, readings: dict[str, str], *, lasting: bool) -> Span:
        """When it was: of what lasts as far as the rule surely bound; what happens is somewhere in its time."""
        span = self.span(record)
        if span.kind != "throughout":
            return span
        if not lasting:
            at = record["at"]
            return Span(self.moment(at["from"]), self.moment(at["to"], end=True), "spread")
        if self.binds(rule, span, party, readings) == YES:
            start, end = self.ends_of(rule, party, readings)
            first = max(span.first, start.late) if start else span.first
            last = min(span.end, end.early) if end else span.end
            if first < last:
                return Span(first, last, "throughout")
        return span

    def ends_of(self, rule: Rule, party: str, readings: dict[str, str]) -> tuple[When | None, When | None]:
        end = None if rule.ends is None else self.edge(rule.ends, rule, party, readings)
        return self.beginning(rule, party, readings), end

    def unit(self, record: Record) -> str | None:
        """The unit a record's word stands for."""
        word = (record.get("unit") or "").lower()
        own = {(record.get(k) or {}).get("category") for k in ("weapon", "object")} - {None}
        for unit, words in self.agreement.vocabulary.units.items():
            if word and word in {unit, *words}:
                return unit
        return "piece" if word and word in {c + s for c in own for s in ("", "s")} else None

    def how_many(self, record: Record, rule: Rule, limit: Limit) -> tuple[float, float, bool]:
        """At least, at most, and whether its source says so in the unit of the limit."""
        count, unit = record.get("count"), self.unit(record)
        same = unit == limit.unit or (limit.unit == "piece" and "unit" not in record)
        if limit.unit == "time" and (count is None or not same):
            return 1, 1, True
        if count is not None and same and (limit.unit == "time" or record["act"] == rule.act):
            if not isinstance(count, dict):
                return count, count, True
            return count.get("min", 1 if "about" in count else 0), count.get("max", math.inf), True
        return (1 if limit.unit in {"piece", unit} else 0), math.inf, False

    def wholes(self, rule: Rule, limit: Limit, party: str, readings: dict[str, str]) -> list[Part]:
        """Counts that say that they are of everything, from enough who are believed."""
        assert rule.measure is not None
        found: dict[str, Part] = {}
        told = [r for r in self.counting.values() if not r.get("denies") and self.shows(r, rule.act or "", rule)]
        otherwise = [r for r in told if self.otherwise(r, rule, party, readings)]
        for name, record in self.counting.items():
            unit = self.unit(record)
            same = unit == limit.unit or (limit.unit == "piece" and "unit" not in record)
            if not record.get("complete") or "count" not in record or not same or record["act"] != rule.act:
                continue
            if record.get("denies") or self.named(record) != [party] or not self.of_every_kind(record, rule):
                continue
            lasting = rule.measure.period == "instant"
            span = self.seen_when(record, rule, party, readings, lasting=lasting)
            least, most, _ = self.how_many(record, rule, limit)
            believed = self.proves(record, rule, breach=limit.bound == "at least") == YES
            whole = any(self.holds_end(record, p, party) for p in rule.places)
            settled = self.happened(span) == YES and not self.contradicted(record, rule)
            settled = settled and not self.opposed(record, otherwise, rule)
            if whole and believed and settled and most < math.inf:
                found[name] = Part(record, YES, span, least, most, told=True)
        kept = []
        for name, part in found.items():
            alike = [p for n, p in found.items() if self.instance_of(n) == self.instance_of(name)]
            if self.enough([p.record for p in alike if p.most <= part.most], rule):
                kept.append(part)
        return sorted(kept, key=lambda p: (p.span.first, p.record["id"]))

    def holds_end(self, record: Record, place: Any, party: str) -> bool:
        """Whether a count is of the whole of a place of the rule: of the end that the rule means."""
        relation = getattr(place, "relation", "in")
        denotes = self.agreement.vocabulary.acts[record["act"]].place
        end = record.get("place")
        if relation == "into":
            end = record.get("target") if denotes == "from" else end if denotes == "into" else None
        elif relation == "from" and denotes != "from":
            end = None
        plain = place.model_copy(update={"relation": "in"}) if place.kind == "zone" else place
        return end is not None and self.holds({**record, "place": end}, plain, party)

    def of_every_kind(self, record: Record, rule: Rule) -> bool:
        weapon = record.get("weapon") or {}
        if {"model", "calibre_mm", "serial"} & set(weapon):
            return False
        named = {(record.get(k) or {}).get("category") for k in ("weapon", "object")} - {None}
        kinds = set()
        for thing in rule.things:
            defined = self.agreement.weapon(thing)
            kinds |= {thing} if defined is None else {t.category for t in defined.terms}
        return not named or (bool(kinds) and kinds <= named and len(named) == 1)

    # ---- one thing or two ----

    def at_least(self, parts: list[Part], rule: Rule, limit: Limit) -> float:
        """The most that is surely there: of all the ways to take incidents that are surely not the same, the best."""
        incidents: dict[str, list[Part]] = {}
        for part in parts:
            if part.value == YES and part.least > 0:
                incidents.setdefault(self.instance_of(part.record["id"]), []).append(part)
        told = list(incidents.values())
        apart = [[self.two(x, y, rule, limit) for y in told] for x in told]

        def best(number: int, chosen: list[int]) -> float:
            if number == len(told):
                return sum(self.borne_out(told[i], rule) for i in chosen)
            without = best(number + 1, chosen)
            if all(apart[number][i] for i in chosen):
                return max(without, best(number + 1, [*chosen, number]))
            return without

        return best(0, [])

    def borne_out(self, told: list[Part], rule: Rule) -> float:
        """The greatest figure that reports from enough origins reach."""
        reached = (p.least for p in told if self.enough([o.record for o in told if o.least >= p.least], rule))
        return max(reached, default=0)

    def at_most(self, parts: list[Part]) -> float:
        incidents: dict[str, list[float]] = {}
        for part in parts:
            incidents.setdefault(self.instance_of(part.record["id"]), []).append(part.most)
        return sum(max(figures) for figures in incidents.values())

    def two(self, first: list[Part], second: list[Part], rule: Rule, limit: Limit) -> bool:
        """Whether two incidents are surely two: whichever of their reports are right, or on the word of one source."""
        pairs = list(itertools.product(first, second))
        on_its_word = limit.unit == "time" and any(self.one_source(a, b, limit) for a, b in pairs)
        instant = rule.measure is not None and rule.measure.period == "instant"
        return (on_its_word and not instant) or all(self.apart(a, b, rule) for a, b in pairs)

    def apart(self, one: Part, other: Part, rule: Rule) -> bool:
        """Whether two reports are surely not of one thing."""
        a, b = one.record, other.record
        key = "object" if self.agreement.vocabulary.acts[a["act"]].objects else "weapon"
        kinds = {(r.get(key) or {}).get("category") for r in (a, b)}
        serials = {(r.get("weapon") or {}).get("serial") for r in (a, b)}
        if any(None not in told and len(told) == 2 for told in (kinds, serials)):
            return True
        boxes = [self.box(r) for r in (a, b)]
        if a["act"] == b["act"] and boxes[0] and boxes[1]:
            (w, s, e, n), (w2, s2, e2, n2) = boxes
            if e < w2 or e2 < w or n < s2 or n2 < s:
                return True
        assert rule.measure is not None
        if rule.measure.period == "instant":
            return False
        return one.span.last < other.span.first or other.span.last < one.span.first

    def one_source(self, one: Part, other: Part, limit: Limit) -> bool:
        """Whether one source tells of each as of one thing."""
        a, b = one.record, other.record
        singly = all(p.span.kind != "spread" for p in (one, other))
        singly = singly and all(self.unit(r) != limit.unit for r in (a, b))
        said = [
            [self.plainly(n or "") for n in (s.get("id"), s.get("origin"))]
            for s in (x.get("source", {}) for x in (a, b))
        ]
        return singly and said[0][0] != "" and said[0] == said[1]

    def box(self, record: Record) -> Any:
        """West, south, east and north of a place with its error: 110.5 km to a degree, and less to one of longitude.

        A point whose source states no error may be anywhere, for what is one thing and what is two.
        """
        if self.agreement.vocabulary.acts[record["act"]].place == "either" or "place" not in record:
            return None
        place, error = record["place"], record["place"].get("error_m")
        if "zone" in place:
            span = self.span(record)
            drawn = [d for i, d in enumerate(self.drawn[place["zone"]]) if self.drawn_then(place["zone"], i, span)]
            boxes = [d[1].bounds for d in drawn]
            error = max(accuracy for d in drawn for _, accuracy in d[2])
        elif "geometry" in place:
            solid = place["geometry"]["type"] in {"Polygon", "MultiPolygon"}
            boxes, error = [shape(place["geometry"]).bounds], error or (0.0 if solid else None)
        elif "observer" in place or (found := self.somewhere(record, place)) is None or found.area is not None:
            return None
        else:
            boxes, error = [(*found.spots[0], *found.spots[0])], found.error if "lon" not in place else error
        if error is None:
            return None
        w, s, e, n = (pick(b[i] for b in boxes) for i, pick in enumerate((min, min, max, max)))
        up = error / 110_500
        across = up / math.cos(math.radians(max(abs(s), abs(n)) + up))
        return w - across, s - up, e + across, n + up

    def drawn_then(self, zone: str, number: int, span: Span) -> bool:
        days = [since for since, _, _ in self.drawn[zone]]
        over = number + 1 < len(days) and days[number + 1] <= self.day(span.first)
        return days[number] <= self.day(span.last) and not over

    def weighed(self, parts: list[Part], rule: Rule) -> list[Part]:
        """Parts with those in doubt of which too few origins report."""
        values = self.together({p.record["id"]: p.value for p in parts}, rule)
        return [replace(p, value=values[p.record["id"]]) for p in parts]

    # ---- at an instant ----

    def looks(self, rule: Rule, limit: Limit, party: str, readings: dict[str, str]) -> Iterator[tuple[str, Answer]]:
        parts = self.parts(rule, limit, party, readings)
        whole = [w for w in self.wholes(rule, limit, party, readings) if self.while_bound(rule, w, party, readings)]
        seen: dict[Any, tuple[str, str, set[str]]] = {}
        for anchor in sorted([*parts, *whole], key=lambda p: (p.span.first, p.span.end, p.record["id"])):
            moment = (anchor.span.first, anchor.record["id"] if anchor.lone else "")
            if moment in seen:
                continue
            state, shown = self.look(rule, limit, anchor, parts, whole)
            if state:
                seen[moment] = (self.instance_of(anchor.record["id"]), state, shown)
        for within, run in itertools.groupby(seen.values(), key=lambda look: look[1] == "within"):
            looks = list(run)
            over = any(state == "over" for _, state, _ in looks)
            verdict = "complied" if within else "violated" if over else "indeterminate"
            names = {n for _, _, shown in looks for n in shown}
            yield (
                looks[0][0],
                Episode(
                    verdict,
                    self.with_denials(names, parts),
                    party,
                    telling=self.telling(names),
                    reports=frozenset(names),
                ),
            )

    def look(
        self, rule: Rule, limit: Limit, anchor: Part, parts: list[Part], whole: list[Part]
    ) -> tuple[str, set[str]]:
        """What was seen together at a moment: over the limit, perhaps over it, within it, or nothing that tells."""
        sure = self.weighed([p for p in parts if self.surely_with(p, anchor)], rule)
        counts = [w for w in whole if self.surely_with(w, anchor)]
        top = min((w.most for w in counts), default=math.inf)
        may = self.weighed([p for p in parts if self.perhaps_with(p, anchor)], rule)
        least = self.at_least(sure, rule, limit)
        sure = [p for p in sure if p.value == YES]
        if least > limit.number:
            if top <= limit.number:
                return "may-be", {p.record["id"] for p in (*sure, *counts)}
            return "over", {p.record["id"] for p in may}
        if top <= limit.number:
            return "within", {p.record["id"] for p in counts}
        telling = [p for p in may if p.told]
        if telling and self.at_most(telling) > limit.number:
            return "may-be", {p.record["id"] for p in telling}
        return "", set()

    def while_bound(self, rule: Rule, part: Part, party: str, readings: dict[str, str]) -> bool:
        if part.span.kind == "spread":
            return False
        start, end = self.ends_of(rule, party, readings)
        if start is None or part.span.first < start.late:
            return False
        open_end = end is None and rule.ends is not None and self.nobody_knows(rule.ends, rule, party, readings)
        return not open_end and (end is None or part.span.last < end.early)

    def surely_with(self, part: Part, anchor: Part) -> bool:
        """Whether something was there whenever the other was seen."""
        if anchor.lone:
            if part.record is anchor.record:
                return part.span.kind != "spread"
            lasting = part.span.kind == "throughout"
            return lasting and part.span.first <= anchor.span.first and anchor.span.end <= part.span.end
        moment = anchor.span.first
        if part.span.kind == "throughout":
            return part.span.first <= moment < part.span.end
        return part.span.instant and part.span.first == moment

    def perhaps_with(self, part: Part, anchor: Part) -> bool:
        moment = anchor.span.first
        return part.span.first == moment if part.span.instant else part.span.first <= moment < part.span.end

    # ---- in any stretch of time ----

    def stretches(self, rule: Rule, limit: Limit, party: str, readings: dict[str, str]) -> Iterator[tuple[str, Answer]]:
        parts = self.parts(rule, limit, party, readings)
        begins = {t for p in parts for t in (p.span.first, p.span.last)}
        over = [
            s
            for s in sorted({self.stretch(rule, t) for t in begins})
            if self.at_most(self.may_lie(parts, s)) > limit.number
        ]
        groups: list[list[Any]] = []
        for stretch in over:
            held = {self.instance_of(p.record["id"]) for p in self.may_lie(parts, stretch)}
            met = [g for g in groups if g[0] & held]
            groups = [g for g in groups if g not in met]
            groups.append([held.union(*(g[0] for g in met)), sorted([*(s for g in met for s in g[1]), stretch])])
        for _, episode in groups:
            among = [p for s in episode for p in self.may_lie(parts, s)]
            first = min((p.span.first, self.instance_of(p.record["id"])) for p in among)[1]
            yield first, self.episode(rule, limit, party, parts, episode, self.wholes(rule, limit, party, readings))

    def episode(
        self, rule: Rule, limit: Limit, party: str, parts: list[Part], episode: list[Any], whole: list[Part]
    ) -> Answer:
        doubtful: set[str] = set()
        for begin, end in episode:
            lying = [p for p in parts if begin <= p.span.first and p.span.last < end]
            sure = [p for p in self.in_time_of(lying, parts, (begin, end), rule) if p.value == YES]
            sure.sort(key=lambda p: (p.span.end, p.record["id"]))
            for size in range(len(sure) + 1):
                if self.at_least(sure[:size], rule, limit) > limit.number:
                    names = {p.record["id"] for p in sure[:size]}
                    first = min(p.span.first for p in sure[:size])
                    last = max(p.span.last for p in sure[:size]) + TICK
                    if self.covering(whole, first, last) > limit.number:
                        return Episode(
                            "violated",
                            self.with_denials(names, parts),
                            party,
                            telling=self.telling(names),
                            reports=frozenset(names),
                        )
                    counts = {w.record["id"] for w in whole if w.span.first < last and first < w.span.end}
                    doubtful = doubtful or names | counts
                    break
        if doubtful:
            return Episode(
                "indeterminate",
                self.with_denials(doubtful, parts),
                party,
                telling=self.telling(doubtful),
                reports=frozenset(doubtful),
            )
        among = self.in_time_of(self.may_lie(parts, episode[0]), parts, episode[0], rule)
        names = {p.record["id"] for p in among}
        return Episode(
            "indeterminate",
            self.with_denials(names, among),
            party,
            telling=self.telling(names),
            reports=frozenset(names),
        )

    def stretch(self, rule: Rule, begin: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        assert rule.measure is not None
        assert rule.measure.amount is not None
        match rule.measure.unit:
            case "days" | "weeks":
                days = rule.measure.amount * (7 if rule.measure.unit == "weeks" else 1)
                day = self.day(begin)
                return self.midnight(day), self.midnight(day + dt.timedelta(days=days))
            case unit:
                return begin, begin + dt.timedelta(**{str(unit): rule.measure.amount})

    def may_lie(self, parts: list[Part], stretch: tuple[dt.datetime, dt.datetime]) -> list[Part]:
        return [p for p in parts if p.span.first < stretch[1] and stretch[0] <= p.span.last]

    def with_denials(self, names: set[str], parts: list[Part]) -> frozenset[str]:
        """Records with those that deny them or speak against them."""
        denials = {d["id"] for d in self.counting.values() for n in names if self.denies(d, self.by_id[n])}
        return frozenset(names | denials | {o for p in parts if p.record["id"] in names for o in p.against})

    def telling(self, names: set[str]) -> frozenset[str]:
        """Those of some records that tell of what is counted, and not of who watched or what was counted in all."""
        return frozenset(n for n in names if self.by_id[n]["act"] not in {"watch", "tally"})

    # ---- on each day, in each month ----

    def by_period(self, rule: Rule, party: str, readings: dict[str, str]) -> Iterator[tuple[str, Answer]]:
        start, end = self.ends_of(rule, party, readings)
        assert rule.measure is not None
        told = passed = False
        monthly = rule.measure.period == "month"
        until = self.at if end is None else min(self.at, end.late - TICK)
        day = dt.date.max if start is None else self.day(start.early)
        day = day.replace(day=1) if monthly else day
        while start is not None and self.midnight(day) <= until:
            following = day + dt.timedelta(days=32 if monthly else 1)
            following = following.replace(day=1) if monthly else following
            answer = self.in_period(rule, party, readings, (self.midnight(day), self.midnight(following)))
            if answer is not None:
                told = True
                yield f"{party}:{day.isoformat()[:7] if monthly else day.isoformat()}", answer
            elif self.at >= self.midnight(following):
                passed = True
            day = following
        if not told or passed:
            answer = self.unseen(rule, party, readings, watched=False)
            if answer.verdict == "unobserved" and not passed and start is not None:
                answer.verdict = "pending"
            yield party, answer

    def in_period(
        self, rule: Rule, party: str, readings: dict[str, str], period: tuple[dt.datetime, dt.datetime]
    ) -> Answer | None:
        assert rule.measure is not None
        found = [self.limited(rule, limit, party, readings, period) for limit in rule.measure.limits]
        if not any(one.known for one in found):
            return None
        order = ("violated", "indeterminate", "unobserved", "pending", "complied")
        verdict = next(v for v in order if v in {one.verdict for one in found})
        evidence, telling = (frozenset(n for one in found for n in getattr(one, w)) for w in ("evidence", "telling"))
        return Answer(verdict, evidence, party, telling=telling)

    def limited(
        self, rule: Rule, limit: Limit, party: str, readings: dict[str, str], period: tuple[dt.datetime, dt.datetime]
    ) -> Limited:
        """What one limit comes to in one period."""
        part = self.part_of(rule, limit)
        start, end = self.ends_of(rule, party, readings)
        first = max(period[0], start.early) if start else period[0]
        last = min(period[1], end.late) if end else period[1]
        every = self.parts(part, limit, party, readings)
        parts = self.may_lie(every, period)
        placed = [
            p if period[0] <= p.span.first and p.span.last < period[1] else replace(p, value=MAYBE) for p in parts
        ]
        placed = self.in_time_of(placed, every, period, part)
        whole = self.may_lie(self.wholes(part, limit, party, readings), period)
        partly = bool((start and start.late > period[0]) or (end and end.early < period[1]))
        partly |= rule.ends is not None and end is None and self.nobody_knows(rule.ends, rule, party, readings)
        counted = self.covering(whole, first, last)
        verdict = self.judged(part, limit, placed, counted, over=self.at >= last, partly=partly)
        counted_of = {p.record["id"] for p in (*placed, *whole)}
        names, telling = self.with_denials(counted_of, placed), self.telling(counted_of)
        watches = self.never(part, party, first, last)
        if watches is not None:
            most = min(counted, self.at_most(placed))
            by_watch = self.judged(part, limit, placed, most, over=self.at >= last, partly=partly)
            if by_watch != verdict or not (placed or whole):
                totals = {n for n in self.totals_of(first, self.at) if self.span(self.by_id[n]).first < last}
                return Limited(
                    "indeterminate" if totals else by_watch, names | watches | totals, telling=telling, known=True
                )
        return Limited(verdict, names, telling=telling, known=bool(placed or whole))

    def judged(self, rule: Rule, limit: Limit, parts: list[Part], most: float, *, over: bool, partly: bool) -> str:
        """The verdict of one limit in one period, from its parts and how many there were at most."""
        least, possible = self.at_least(parts, rule, limit), self.at_most(parts)
        if least > most:
            least, most = most, least
        told = self.at_most([p for p in parts if p.told])
        if limit.bound == "at most":
            if least > limit.number:
                return "violated"
            if most <= limit.number:
                return "complied" if over else "pending"
            if most < math.inf or told > limit.number:
                return "indeterminate"
            return "unobserved" if over else "pending"
        if least >= limit.number:
            return "complied"
        if not over:
            return "pending"
        if partly:
            return "indeterminate"
        if most < limit.number:
            return "indeterminate" if self.unread else "violated"
        if most < math.inf or possible >= limit.number:
            return "indeterminate"
        return "unobserved"

    def covering(self, whole: list[Part], first: dt.datetime, last: dt.datetime) -> float:
        """The least sum of complete counts that leave no moment of a time out: every choice of them is tried."""
        best = math.inf
        for size in range(1, len(whole) + 1):
            for chosen in itertools.combinations(whole, size):
                reached = first
                for part in sorted(chosen, key=lambda p: p.span.first):
                    if part.span.first <= reached:
                        reached = max(reached, part.span.end)
                if reached >= last:
                    best = min(best, sum(p.most for p in chosen))
        return best
