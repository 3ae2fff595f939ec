"""Who says so: grades, origins, the word of a party; and who it may have been."""

from __future__ import annotations

from typing import Any

from oracle_parts import MAYBE, NO, SOMEONE_ELSE, YES, Record
from oracle_space import Places

from servanda_dsl.model import Rule


class Proof(Places):
    """The standard of proof, denials, candidates."""

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
            return YES if self.plainly((record.get("source") or {}).get("id", "")) in accepted else MAYBE
        for declared in self.of_standard(rule, "graded")[-1:]:
            reliable = "ABCDE".find(grade[0]) in range("ABCDE".index(declared.grade[0]) + 1)
            credible = "12345".find(grade[1]) in range("12345".index(declared.grade[1]) + 1)
            return YES if reliable and credible else MAYBE
        return MAYBE

    def speaker(self, record: Record) -> str | None:
        """The party whose word a record is."""
        said = self.origin(record) or ""
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
        said = source.get("origin") or source.get("id")
        return None if said is None else self.plainly(said)

    def plainly(self, name: str) -> str:
        """A name without regard to capitals and blanks."""
        return " ".join(name.split()).lower()

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

    def denies(self, denial: Record, record: Record) -> bool:
        denied = denial.get("denies") or []
        denied = [denied] if isinstance(denied, str) else denied
        return bool(self.names_of(record["id"]) & set(denied))

    def contradicted(self, record: Record, rule: Rule) -> bool:
        """Whether a source that meets the standard says that it did not happen."""
        return any(self.denies(d, record) and self.weighs(d, rule) == YES for d in self.counting.values())

    def opposed(self, record: Record, otherwise: list[Record], rule: Rule) -> list[Record]:
        """Of records that say otherwise, those that contradict a report: of the same event, by another origin."""
        if self.agreement.vocabulary.acts[record["act"]].kind == "record":
            return []
        return [
            r
            for r in otherwise
            if r is not record
            and r["act"] == record["act"]
            and self.instance_of(r["id"]) == self.instance_of(record["id"])
            and self.weighs(r, rule) == YES
            and (
                self.root(r["id"]) == self.root(record["id"])
                or self.origin(r) is None
                or self.origin(r) != self.origin(record)
            )
        ]

    def not_that(self, record: Record, rule: Rule, party: str) -> bool:
        """Whether it was surely elsewhere or something else than a rule is about."""
        counted = {**record, "count": 1}
        return self.matches(counted, rule, party) == NO
