"""The oracle: what the rules mean, read straight from the manual, slowly and plainly.

It shares nothing with the interpreters but the rule objects and the format of observations (plain JSON records here):
its own calendar, its own geometry, its own corrections. Every interpreter must give what it gives. Each of its rooms
has one subject and builds on the one before: records, time, things, space, proof, silence, joining, gates,
lapses, exceptions, bans, duties, measures, ratios, reparation, procedure.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from oracle_parts import Answer, Record
from oracle_procedure import Procedure
from oracle_rows import set_aside

from servanda_dsl import anchors as law
from servanda_dsl.model import Rule


@dataclass
class Oracle(Procedure):
    """Answers for every instance of every rule."""

    rejected: list[Record] = field(init=False)

    def __post_init__(self) -> None:
        folder = self.agreement.folder
        assert folder is not None
        for thing in (*self.agreement.lines, *self.agreement.zones):
            files = [(dt.date.min, thing.file), *((r.since, r.file) for r in thing.redrawn)]
            for since, file in files:
                data = json.loads((folder / file).read_text(encoding="utf-8"))
                self.drawn.setdefault(thing.name, []).append((since, *self.drawing(data, thing.accurate_to_m or 0.0)))
        self.zone = ZoneInfo(self.agreement.time_zone)
        self.rejected = set_aside(self.records, self.agreement)
        self.set_aside = len(self.rejected)
        self.by_id = {r["id"]: r for r in self.records if r not in self.rejected}
        self.unread = self.set_aside > 0 or any(self.in_circle(i) for i in self.by_id)
        self.counting = {i: r for i, r in self.by_id.items() if self.counts(i)}
        self.groups = self.grouping()

    def answers(self) -> dict[tuple[str, str], Answer]:
        found: dict[tuple[str, str], Answer] = {}
        for rule in self.agreement.rules:
            found |= {(rule.id, key): answer for key, answer in self.answers_of(rule).items()}
        for answer in found.values():  # what rests on a record of a group rests on the record that groups it
            answer.evidence |= {g for i in answer.evidence for g in self.grouped(i)[1]}
        for (rule_id, key), answer in found.items():
            answer.filed = self.filed(self.agreement.rule(rule_id), key, answer)
        return found

    def choices(self, rule: Rule) -> list[dict[str, str]]:
        """Every choice of readings on which a rule depends."""
        choices: list[dict[str, str]] = [{}]
        for name in self.depends_on(rule, []):
            readings = self.agreement.rule(name).readings
            if readings:
                choices = [{**c, name: r.name} for c in choices for r in readings]
            for shared, ways in self.in_common(self.agreement.rule(name)).items():
                if shared not in choices[0]:
                    choices = [{**c, shared: way} for c in choices for way in ways]
        return choices

    def in_common(self, rule: Rule) -> dict[str, tuple[str, str]]:
        """The two readings that an assumption gives to all rules which it is about."""
        found = {}
        times = [rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None]
        times.append(rule.burden.within if rule.burden else None)
        parts = [part for anchor in times if anchor is not None for part in law.walk(anchor)]
        calendar = [
            p for p in parts if isinstance(p, law.DayOf) or getattr(p, "unit", "hours") not in {"hours", "minutes"}
        ]
        if calendar and not any(r.counting for r in rule.readings) and self.of_both(rule, "days"):
            found[self.of_both(rule, "days")] = ("inclusive", "exclusive")
        if isinstance(rule.ends, law.Unmet) and not any(r.lapse for r in rule.readings) and self.of_both(rule, "lapse"):
            found[self.of_both(rule, "lapse")] = ("violation", "determination")
        return found

    def depends_on(self, rule: Rule, seen: list[str]) -> list[str]:
        if rule.id in seen:
            return seen
        seen.append(rule.id)
        for anchor in (rule.starts, rule.ends, rule.deadline.anchor if rule.deadline else None):
            for part in law.walk(anchor) if anchor is not None else ():
                if isinstance(part, law.PointOfRule):
                    self.depends_on(self.agreement.rule(part.rule), seen)
        for name in rule.exceptions:
            self.depends_on(self.agreement.rule(name), seen)
        return seen
