"""The declared standard of proof: which reports meet it, whose word proves what, and how many origins it takes.

Grades are two things, the source's reliability and the report's credibility, compared one by one and never multiplied
(NATO AJP-2.1). A party's own word proves that it said so, not what it says; against itself it counts as any other
report (International Court of Justice, Nicaragua v. United States, 1986, paragraphs 64 and 69).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from servanda.locate.facts import Fact
from servanda.plan import RulePlan
from servanda.truth import Truth

Mark = tuple[Fact, Truth]
"""A fact, and whether it shows what is looked for."""


def proves(fact: Fact, rule: RulePlan, *, breach: bool = False) -> Truth:
    """Whether one report shows what it says, as far as who says it goes.

    Args:
        fact: The report.
        rule: The rule under whose standard it is judged.
        breach: Whether it would show a breach: a party's word about its own act is then a word against itself.
    """
    if fact.word == "notice":
        return Truth.TRUE
    if fact.word == "own" and breach:
        return _meets(fact, rule)
    return weighs(fact, rule)


def weighs(fact: Fact, rule: RulePlan) -> Truth:
    """Whether what a report says weighs, whoever's act it is: a party's word does only where the encoding says so."""
    if fact.word and rule.proof.standard is None:
        return Truth.UNKNOWN
    return _meets(fact, rule)


def _meets(fact: Fact, rule: RulePlan) -> Truth:
    """Whether a report meets the declared standard; where none is declared, every report does."""
    if rule.proof.standard is None or rule.proof.by(fact.source, fact.grade) is not None:
        return Truth.TRUE
    return Truth.UNKNOWN


def short_of(fact: Fact, judges: Iterable[RulePlan]) -> str | None:
    """The standard that a report does not meet of all those that are judged by; None where it meets every one.

    Where none is declared, only the word of a party falls short, of the empty standard.
    """
    for rule in judges:
        if weighs(fact, rule) is not Truth.TRUE:
            return "" if fact.word else rule.proof.standard or ""
    return None


def bars(pointer: Fact, target: Fact, judges: Iterable[RulePlan]) -> str:
    """Why one record may not correct or take back another, in words; empty where it may.

    A source speaks for itself. Others do so only where their word meets every standard of proof that is declared, for a
    record counts or does not for all clauses alike; so a party does not take back what is reported of it.
    """
    if voice(pointer) == voice(target):
        return ""
    lacking = short_of(pointer, judges)
    if lacking is None:
        return ""
    does = "take back" if pointer.retracts is not None else "correct"
    if pointer.word:
        return f"a party does not {does} what others report"
    return f"its source or grade does not meet {lacking}, and it is of another source than what it would {does}"


def voice(fact: Fact) -> str | None:
    """Who speaks in a report: its origin, or where none is named its source; None where nobody is named."""
    return fact.origin or fact.source


def grounds(facts: Iterable[Fact], rule: RulePlan) -> set[str]:
    """The assumptions by which reports meet the standard, or would with others."""
    found: set[str] = set()
    for fact in facts:
        own = rule.proof.by(fact.source, fact.grade)
        found.update([own] if own else [])
        found.update([rule.proof.origins_by] if rule.proof.origins_by else [])
    return found


def origins(facts: Iterable[Fact]) -> int:
    """How many independent origins reports have: those that nobody names are one at most, and none beside others."""
    several = list(facts)
    named = {name for f in several if (name := voice(f))}
    return len(named) or min(1, len(several))


def enough(facts: Iterable[Fact], rule: RulePlan) -> bool:
    """Whether reports that each prove have the origins the standard needs; a notice needs nothing beside itself."""
    several = list(facts)
    return any(f.word == "notice" for f in several) or origins(several) >= rule.proof.origins


def corroborated(marks: Iterable[Mark], rule: RulePlan, group: Callable[[Fact], str]) -> list[Mark]:
    """Marks with those unknown that are sure, but of which too few origins report.

    Args:
        marks: The marks.
        rule: The rule under whose standard they are judged.
        group: What a mark is grouped by: its incident.
    """
    several = list(marks)
    if rule.proof.origins <= 1:
        return several
    sure: dict[str, list[Fact]] = {}
    for fact, value in several:
        if value is Truth.TRUE:
            sure.setdefault(group(fact), []).append(fact)
    weak = {f.id for facts in sure.values() if not enough(facts, rule) for f in facts}
    return [(f, Truth.UNKNOWN if f.id in weak else value) for f, value in several]


def established(marks: Iterable[Mark], rule: RulePlan, group: Callable[[Fact], str]) -> int | None:
    """The instant by which the sure reports of some incident, from enough origins, have it happened; None if never."""
    groups: dict[str, list[Fact]] = {}
    sure = (f for f, value in marks if value is Truth.TRUE)
    for fact in sorted(sure, key=lambda f: (f.latest_us, f.id)):
        seen = groups.setdefault(group(fact), [])
        seen.append(fact)
        if enough(seen, rule):
            return fact.latest_us
    return None
