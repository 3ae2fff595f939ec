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

    def may(self, name: str) -> bool:
        """Whether a record may correct or take back what it points at: its own, or by someone whose word proves."""
        record, target = self.by_id[name], self.by_id.get(self.points_at(name) or "")
        if target is None or self.origin(record) == self.origin(target):
            return True
        return self.meets_every_standard(record)

    def meets_every_standard(self, record: Record) -> bool:
        return all(self.weighs(record, rule) == YES for rule in self.agreement.rules if rule.kind in KINDS)

    def active(self, name: str) -> bool:
        """Whether nothing replaces a record or takes it back."""
        pointing = [i for i in self.by_id if self.points_at(i) == name and self.may(i)]
        return not self.in_circle(name) and not any(self.has_effect(i) for i in pointing)

    def has_effect(self, name: str) -> bool:
        """Whether a correction or retraction does what it says.

        A correction does unless it is taken back; to correct it once more does not bring back what it replaced.
        """
        if self.in_circle(name):
            return False
        if self.by_id[name].get("retracts"):
            return self.active(name)
        against = [i for i, r in self.by_id.items() if r.get("retracts") == name and self.may(i)]
        return not any(self.has_effect(i) for i in against)

    def counts(self, name: str) -> bool:
        return self.active(name) and not self.by_id[name].get("retracts")

    def root(self, name: str) -> str:
        return self.path(name)[-1]

    def path(self, name: str) -> list[str]:
        """A record and those it corrects, as far as it may, one after another; the first may not be here."""
        found = [name]
        while name in self.by_id and not self.in_circle(name) and self.may(name):
            name = self.by_id[name].get("corrects") or ""
            if not name:
                break
            found.append(name)
        return found

    def names_of(self, name: str) -> set[str]:
        """Every name by which others may speak of a record: what it corrects, and its incident."""
        incidents = {self.by_id[name].get("incident"), self.incident_of(name)} - {None}
        return {*self.path(name), *(i for i in incidents if not self.means_record(i))}

    def means_record(self, name: str) -> bool:
        """Whether a name means the record of that id, though an incident has the same name."""
        return name in self.by_id and self.by_id[name].get("incident") != name

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
        chain = set(self.path(name))
        meant = {own} if own and not self.means_record(own) else set()
        for names in (chain, meant) if record["act"] != "group" else ():
            groups = {g["id"]: g.get("incident") for g in self.groups if set(g.get("refers_to", [])) & names}
            if len(set(groups.values())) == 1:
                return next(iter(groups.values())), set(groups)
        return own, set()

    def grouping(self) -> list[Record]:
        """The records that group, made by someone who meets every standard of proof."""
        groups = [r for r in self.counting.values() if r["act"] == "group" and not r.get("denies")]
        return [r for r in groups if self.meets_every_standard(r)]
