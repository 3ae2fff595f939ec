"""A ceiling at an instant, from what was seen together: never added across days what may be the same things.

A partial view proves only what it shows: 71 seen of 75 allowed proves nothing, 80 seen proves a breach if they were
seen together. That there was no more is known only from a count that says that it is complete, of the whole place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from servanda.locate.facts import Fact
from servanda.outcomes import Amount, Unknown, Verdict
from servanda.stream.measures import distinct
from servanda.stream.measures.found import Found, reasons, span
from servanda.stream.measures.marks import Asked, Mark, marks, settled, wholes


@dataclass(frozen=True)
class _Look:
    """What was seen together at one moment.

    Attributes:
        name: The incident of its first report.
        state: `over` the limit, `may-be` over it, or `within` it.
        least: At least so many were there.
        most: At most so many; None where nobody knows.
        marks: The reports of it.
        sure: Those that surely show it.
        unknowns: What is open.
    """

    name: str
    state: str
    least: float
    most: float | None
    marks: tuple[Mark, ...]
    sure: tuple[Mark, ...]
    unknowns: tuple[Unknown, ...] = ()


def found(asked: Asked) -> Iterator[tuple[str, Found]]:
    """The runs of looks that go over the limit, and those that are whole counts within it; by their first report."""
    every = marks(asked)
    whole = [m for m in wholes(asked) if m.fact.kind != "spread" and _bound(asked, m.fact)]
    looks: dict[tuple[int, str], _Look] = {}
    for anchor in sorted([*every, *whole], key=lambda m: (m.fact.earliest_us, m.fact.latest_us, m.fact.id)):
        moment = (anchor.fact.earliest_us, anchor.fact.id if _lone(anchor.fact) else "")
        if moment not in looks and not _early(asked, anchor.fact) and (look := _look(asked, anchor, every, whole)):
            looks[moment] = look
    run: list[_Look] = []
    for look in looks.values():
        if run and (run[-1].state == "within") != (look.state == "within"):
            yield run[0].name, _run(asked, run)
            run = []
        run.append(look)
    if run:
        yield run[0].name, _run(asked, run)


def _look(asked: Asked, anchor: Mark, every: list[Mark], whole: list[Mark]) -> _Look | None:
    """What was seen at the moment of one mark."""
    limit = asked.beyond.limit
    sure = [m for m in settled(asked, [m for m in every if _there(m.fact, anchor.fact)]) if m.sure]
    counts = [m for m in whole if _there(m.fact, anchor.fact)]
    least = distinct.least(sure, asked)
    top = min((m.most for m in counts if m.most is not None), default=None)
    at_once = tuple(m for m in settled(asked, [m for m in every if _maybe(m.fact, anchor.fact)]))
    if least > limit:
        if top is not None and top <= limit:
            mark = Unknown("contradiction", counts[0].fact.id)
            return _Look(anchor.incident, "may-be", top, least, (*sure, *counts), (), (mark,))
        return _Look(anchor.incident, "over", least, None if top is None or top < least else top, at_once, tuple(sure))
    if top is not None and top <= limit:
        return _Look(anchor.incident, "within", min(least, top), top, tuple(counts), tuple(counts))
    telling = [m for m in at_once if m.told]
    most = distinct.most(telling)
    if telling and (most is None or most > limit):
        unknowns = reasons(telling)
        if not unknowns:
            unknowns = (Unknown("same"),)
        return _Look(anchor.incident, "may-be", least, most, tuple(telling), (), unknowns)
    return None


def _lone(fact: Fact) -> bool:
    """Whether something was seen at a moment that nobody knows, so that nothing else need have been there then."""
    return fact.kind != "throughout" and fact.earliest_us != fact.latest_us


def _early(asked: Asked, fact: Fact) -> bool:
    return asked.world.since_us is not None and fact.latest_us <= asked.world.since_us


def _bound(asked: Asked, fact: Fact) -> bool:
    """Whether a count was surely made while the rule bound."""
    binds = asked.binds
    if binds.unknown or binds.open_end:
        return False
    after = binds.starts is None or fact.earliest_us >= binds.starts.latest_us
    last = fact.latest_us if fact.earliest_us == fact.latest_us else fact.latest_us - 1
    return after and (binds.ends is None or last < binds.ends.earliest_us)


def _there(fact: Fact, anchor: Fact) -> bool:
    """Whether something was surely there at the moment at which something else was seen."""
    if _lone(anchor):
        if fact.id == anchor.id:
            return fact.kind != "spread"
        return (
            fact.kind == "throughout" and fact.earliest_us <= anchor.earliest_us and anchor.latest_us <= fact.latest_us
        )
    if fact.kind == "throughout":
        return fact.earliest_us <= anchor.earliest_us < fact.latest_us
    return not _lone(fact) and fact.earliest_us == anchor.earliest_us


def _maybe(fact: Fact, anchor: Fact) -> bool:
    """Whether something may have been there at the first moment at which something else may have been seen."""
    if fact.earliest_us == fact.latest_us:
        return fact.earliest_us == anchor.earliest_us
    return fact.earliest_us <= anchor.earliest_us < fact.latest_us


def _run(asked: Asked, run: list[_Look]) -> Found:
    beyond = asked.beyond
    over = [look for look in run if look.state == "over"]
    telling = over or run
    verdict = Verdict.VIOLATED if over else Verdict.INDETERMINATE
    if run[0].state == "within":
        verdict = Verdict.COMPLIED
    sure = {m.fact.id for look in (over or run) for m in look.sure}
    shown = {m.fact.id: m for look in run for m in look.marks}
    least = max(look.least for look in telling)
    most = None if any(look.most is None for look in telling) else max(look.most or 0.0 for look in telling)
    return Found(
        verdict=verdict,
        amount=Amount(beyond.name, least, most, beyond.limit, beyond.floor, span(shown.values())),
        shown=tuple((m, name in sure) for name, m in sorted(shown.items())),
        unknowns=()
        if verdict is not Verdict.INDETERMINATE
        else tuple(dict.fromkeys(u for x in run for u in x.unknowns)),
        at=span(telling[0].sure or telling[0].marks),
    )
