"""What bodies and parties put on record about each answer, and what that does."""

from __future__ import annotations

from oracle_parts import MAYBE, NO, YES, Answer, Record
from oracle_reparation import Reparation

from servanda_dsl.model import Rule

ACTS = {"determine", "attribute", "remedy", "rectify", "comment"}


def says(record: Record) -> Record:
    """What a record says, its further fields included."""
    return {**record, **record.get("fields", {})}


class Procedure(Reparation):
    """Determinations, attributions, remedies, answers."""

    def filed(self, rule: Rule, key: str, answer: Answer) -> frozenset[tuple[str, str, str]]:
        """Each record about an answer, what it does, and from what it dissents."""
        found = {
            r["id"]: self.does(rule, key, r) for r in self.counting.values() if self.is_about(r, rule, key, answer)
        }
        for act, effect, alike in (
            ("determine", "determines", ("outcome",)),
            ("attribute", "attributes", ("attribution", "party")),
        ):
            made = [i for i, e in found.items() if e == effect and self.by_id[i]["act"] == act]
            if len({tuple(says(self.by_id[i]).get(s) for s in alike) for i in made}) > 1:
                found |= dict.fromkeys(made, "differs")
        dissents = {
            (d["id"], "dissents", i)
            for i in found
            if self.by_id[i]["act"] in {"determine", "attribute"}
            for d in self.counting.values()
            if self.denies(d, self.by_id[i])
        }
        return frozenset({(i, e, "") for i, e in found.items()} | dissents)

    def is_about(self, record: Record, rule: Rule, key: str, answer: Answer) -> bool:
        if record["act"] not in ACTS or self.happened(self.span(record)) == NO:
            return False
        named, own = set(record.get("refers_to", [])), self.finding(rule, key)
        shown = {n for i in answer.telling for n in self.names_of(i)}
        behind = [i for i in answer.evidence if self.by_id[i]["act"] not in {"watch", "group"}]
        if says(record).get("rule") is None:
            return bool(named & (shown | {own}))
        return says(record)["rule"] == rule.id and bool(
            named & ({n for i in behind for n in self.names_of(i)} | {own} | shown)
        )

    def does(self, rule: Rule, key: str, record: Record) -> str:
        act, named, told = record["act"], self.named(record), says(record)
        who = named[0] if len(named) == 1 else None
        stands = min(self.happened(self.span(record)), MAYBE if self.contradicted(record, rule) else YES)
        if act == "rectify":
            return "rectifies"
        if act == "comment" or (act == "attribute" and who in self.agreement.parties and told.get("party") == who):
            admits = act == "attribute" or told.get("answer") == "admits"
            sure = min(stands, self.proves(record, rule, breach=True)) == YES
            return "admits" if admits and sure and who in self.agreement.parties else "answers"
        if not any(a.name == who and act in a.powers for a in self.agreement.actors):
            return "opinion"
        enough = {
            "determine": "outcome" in told
            and ("rule" in told or self.finding(rule, key) in record.get("refers_to", [])),
            "attribute": "party" in told or told.get("attribution") == "cannot-be-attributed",
            "remedy": "remedy" in told,
        }
        if not enough[act]:
            return "says-too-little"
        if told.get("basis") in {"control-of-area", "direction-of-fire"}:
            return "no-basis"
        itself = (self.origin(record) or "").lower() == (who or "").lower()
        if stands < YES or (not itself and self.weighs(record, rule) < YES):
            return "not-sure"
        return {"determine": "determines", "attribute": "attributes", "remedy": "sets-remedy"}[act]
