"""What is known not to have been done: watches and registers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from oracle_parts import NO, YES, Answer, Record
from oracle_proof import Proof
from shapely.geometry import Point, shape

from servanda_dsl import anchors as law
from servanda_dsl.model import Rule


class Silence(Proof):
    """Who was looking, and what nobody saw."""

    def silent(self, rule: Rule) -> Answer:
        """A ban nobody is reported to have broken: kept only where somebody would have seen it all the time."""
        verdict = self.remainder(rule)
        assert rule.bearer is not None
        if verdict != "unobserved":
            return Answer(verdict)
        watches: set[str] = set()
        for party in self.bound(rule):
            for readings in self.choices(rule):
                start = self.beginning(rule, party, readings)
                if start is not None and self.not_yet_bound(party):
                    continue
                end = None if rule.ends is None else self.edge(rule.ends, rule, party, readings)
                until = self.at if end is None else min(end.late, self.at)
                found = None if start is None else self.never(rule, party, start.early, until)
                if found is None:
                    return Answer(verdict)
                watches |= found
        totals = self.totals(rule)
        return Answer("indeterminate" if self.unread or totals else "complied", frozenset(watches) | totals)

    def bound(self, rule: Rule) -> tuple[str, ...]:
        """Those who bear a rule and are bound, or may come to be."""
        assert rule.bearer is not None
        return rule.bearer.parties

    def not_yet_bound(self, party: str) -> bool:  # noqa: ARG002 - some join by an act of their own: another room
        """Whether a party is known not to be bound before the instant of evaluation."""
        return False

    def totals(self, rule: Rule) -> set[str]:
        """Totals that may count something in the time since a ban began to bind."""
        starts = [self.beginning(rule, p, c) for p in self.bound(rule) for c in self.choices(rule)]
        since = min(s.early for s in starts if s is not None)
        tallies = [r for r in self.counting.values() if r["act"] == "tally" and self.some(r) > NO]
        return {r["id"] for r in tallies if self.span(r).end > since and self.span(r).first <= self.at}

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
        taken = {e for a in self.agreement.in_scope(rule.clause) if a.kind == "counts-as" for e in a.effects}
        wanted = {rule.act, *(e for e in taken if self.shows({"act": e}, rule.act or "", rule))}
        if not wanted <= set(sight.get("acts", [])) or self.proves(watch, rule) < YES:
            return span.first, {}
        every = not sight.get("categories") and "calibre_from_mm" not in sight
        if not every and not (rule.things and all(self.would_see(sight, t) for t in rule.things)):
            return span.first, {}
        for kept in self.agreement.in_scope(rule.clause):
            if kept.kind == "registered" and rule.act in kept.acts and kept.keeper == watch.get("source", {}).get("id"):
                assert kept.unit == "hours"
                ends["register"] = max(ends.get("register", span.first), end - dt.timedelta(hours=kept.amount))
        if any(self.holds(watch, p, party) for p in rule.places):
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
        spots = [(x, y) for x, y, *_ in points]
        inside = all(box.contains(Point(s)) for s in spots)
        return inside and all(self.distance(s, box.exterior) >= margin for s in spots)

    def kept_away(self, watch: Record, moment: dt.datetime) -> bool:
        whose = self.names_of_source(watch)
        for denied in self.counting.values():
            span, source = self.span(denied), denied.get("source")
            end = max(span.end, span.first + dt.timedelta(microseconds=1))
            same = source is None or bool(self.names_of_source(denied) & whose)
            if denied["act"] == "deny-access" and same and span.first <= moment < end:
                return True
        return False

    def names_of_source(self, record: Record) -> set[str]:
        source = record.get("source") or {}
        return {self.plainly(n) for n in (source.get("id"), source.get("origin")) if n}

    def remainder(self, rule: Rule) -> str:
        bound = self.bound(rule)
        if not bound:
            return "not-applicable"
        starts = [self.beginning(rule, p, c) for p in bound for c in self.choices(rule)]
        if any(s is None for s in starts):
            return "unobserved" if self.hangs_on_a_report(rule.starts) else "pending"
        early = min(s.early for s in starts if s is not None)
        return "pending" if self.at < early or all(self.not_yet_bound(p) for p in bound) else "unobserved"

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
