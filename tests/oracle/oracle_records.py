"""Which records count, by what names they go, and which are of one incident."""

from __future__ import annotations

from oracle_parts import KINDS, YES, Asked, Record


class Records(Asked):
    """What corrects, retracts and groups."""

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
