"""What was seen, of what kind and size, and by whom."""

from __future__ import annotations

from typing import Any

from oracle_parts import MAYBE, NO, YES, Record
from oracle_time import Times

from servanda_dsl.model import Rule
from servanda_dsl.weapons import weapon_model


class Things(Times):
    """Acts, categories, calibres, counts."""

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
        """Whether it is one of these and none of those, whichever of the things it may be it was."""
        if not things and not others:
            return YES
        values = set()
        for seen in self.may_be(record):
            included = max(self.is_a(record, seen, t) for t in things) if things else YES
            left_out = max((self.is_a(record, seen, o) for o in others), default=NO)
            values.add(min(included, YES - left_out))
        return values.pop() if len(values) == 1 else MAYBE

    def may_be(self, record: Record) -> list[Record]:
        """The things it may have been: one for each model, and what was written where that contradicts the model."""
        written = {k: v for k, v in (record.get("weapon") or {}).items() if k != "model"}
        models = (record.get("weapon") or {}).get("model", [])
        found: list[Record] = []
        for name in [models] if isinstance(models, str) else models:
            known = weapon_model(name)
            if known is None:
                found.append(written)
                continue
            told = {"model": known.name, "category": known.category}
            size = known.calibre_mm if known.calibre_mm is not None else written.get("calibre_mm")
            found.append(told | ({} if size is None else {"calibre_mm": size}))
            low, high = self.bounds(written.get("calibre_mm"))
            off = known.calibre_mm is not None and not (low or 0) <= known.calibre_mm <= (high or 10_000)
            if off or written.get("category", known.category) != known.category:
                found.append(written)
        return found or [written]

    def bounds(self, size: Any) -> tuple[float | None, float | None]:
        return (size.get("min"), size.get("max")) if isinstance(size, dict) else (size, size)

    def is_a(self, record: Record, seen: Record, name: str) -> int:
        weapon = self.agreement.weapon(name)
        if weapon is None:
            return self.kind(record, seen, name)
        included = max(self.is_one(record, seen, term) for term in weapon.terms)
        left_out = max((self.is_a(record, seen, o) for o in weapon.other_than), default=NO)
        return min(included, YES - left_out)

    def is_one(self, record: Record, seen: Record, term: Any) -> int:
        if term.model is None:
            return min(self.kind(record, seen, term.category), self.calibre(seen.get("calibre_mm"), term.calibre))
        if "model" in seen:
            return self.same(seen["model"], term.model)
        known = weapon_model(term.model)
        assert known is not None
        if known.calibre_mm is None:
            possible = True
        else:
            low, high = self.bounds(seen.get("calibre_mm"))
            possible = (low or 0) <= known.calibre_mm <= (high or 10_000)
        return MAYBE if possible and seen.get("category", known.category) == known.category else NO

    def kind(self, record: Record, seen: Record, wanted: str | None) -> int:
        """A kind of object is compared with what was struck, a category of weapon with what it was done with."""
        told = (record.get("object") or {}) if wanted in self.agreement.vocabulary.objects else seen
        return self.same(told.get("category"), wanted)

    def same(self, seen: str | None, wanted: str | None) -> int:
        if seen is None:
            return MAYBE
        return YES if seen == wanted else NO

    def calibre(self, seen: Any, bracket: Any) -> int:
        if bracket is None:
            return YES
        low, high = self.bounds(seen)
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
