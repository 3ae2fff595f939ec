"""Totals of a check: from what counts at the instant of evaluation, by prohibition, unit and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from servanda import moments
from servanda.totals import cover
from servanda.totals.counts import NOT_STATED, Count, added, clusters, count_of, widest
from servanda.totals.model import Compared, Part, Total

if TYPE_CHECKING:
    from servanda.locate import Located
    from servanda.locate.facts import Fact
    from servanda.truth import Truth

Key = tuple[str, str, str]


def totals(
    taken: Iterable[tuple[str, Fact, Truth]], located: Mapping[str, Located], tallies: Iterable[Located], zone: str
) -> tuple[Total, ...]:
    """Add up what was counted.

    Args:
        taken: For each prohibition the observations it takes, and whether surely.
        located: Every observation by its id.
        tallies: Totals that sources published, of those records that count.
        zone: The agreement's time zone, for days.

    Returns:
        A total for each prohibition, unit and source, in the order met.
    """
    found: dict[Key, dict[str, list[Count]]] = {}
    for rule, fact, value in taken:
        one = located[fact.id]
        count = count_of(one, value)
        if count is not None:
            incident = f"incident:{fact.incident}" if fact.incident is not None else fact.id
            found.setdefault((rule, *_of(one)), {}).setdefault(incident, []).append(count)
    published = list(tallies)
    return tuple(
        _total(key, [widest(counts) for counts in incidents.values()], published, zone)
        for key, incidents in found.items()
    )


def _of(located: Located) -> tuple[str, str]:
    observation = located.observation
    return observation.unit or NOT_STATED, observation.source.id if observation.source else NOT_STATED


def _total(key: Key, counts: list[Count], tallies: list[Located], zone: str) -> Total:
    rule, unit, source = key
    least, most = added(counts)
    groups = [group for group in clusters(counts) if len(group) > 1]
    own = [(t, c) for t in tallies if _of(t) == (unit, source) and (c := count_of(t)) is not None]
    return Total(
        rule=rule,
        unit=unit,
        source=source,
        min=least,
        max=most,
        parts=tuple(_part(c) for c in sorted(counts, key=lambda c: (c.first_us, c.last_us, c.region, c.ids))),
        overlapping=tuple(tuple(i for c in group for i in c.ids) for group in groups),
        gaps=cover.gaps(counts, zone),
        published=tuple(_compared([c for _, c in own], counts)),
    )


def _part(count: Count) -> Part:
    first, last = moments.iso(count.first_us), moments.iso(count.last_us)
    return Part(count.ids, first, last, count.region, count.least, count.most, count.sure)


def _compared(tallies: list[Count], counts: list[Count]) -> Iterable[Compared]:
    """Each total against the parts in its time; of totals that run from one instant, what each adds to the last."""
    before: dict[tuple[int, str], Count] = {}
    for tally in sorted(tallies, key=lambda t: (t.first_us, t.region, t.last_us, t.ids)):
        earlier = before.get((tally.first_us, tally.region))
        before[(tally.first_us, tally.region)] = tally
        first_us, least, most = tally.first_us, tally.least, tally.most
        if earlier is not None:
            first_us = earlier.last_us
            least = max(0.0, least - earlier.most) if earlier.most is not None else 0.0
            most = None if most is None else most - earlier.least
        inside = [c for c in counts if not tally.region or c.region == tally.region]
        if not any(c.first_us < tally.last_us and tally.first_us < c.last_us for c in inside):
            continue
        inside = [c for c in inside if c.first_us < tally.last_us and first_us < c.last_us]
        within = [c for c in inside if first_us <= c.first_us and c.last_us <= tally.last_us]
        counted, at_most = added(within)
        whole = len(within) == len(inside) and cover.wholly(counts, first_us, tally.last_us)
        yield Compared(
            tally=tally.ids[0],
            since=earlier.ids[0] if earlier is not None else None,
            first=moments.iso(first_us),
            last=moments.iso(tally.last_us),
            region=tally.region,
            total_min=tally.least,
            total_max=tally.most,
            published_min=least,
            published_max=most,
            parts=len(within),
            counted_min=counted,
            counted_max=at_most,
            result=_result((least, most), (counted, at_most), whole=whole),
        )


def _result(
    published: tuple[float, float | None], counted: tuple[float, float | None], *, whole: bool
) -> Literal["agrees", "differs", "open"]:
    least, most = published
    if most is not None and (most < 0 or counted[0] > most):
        return "differs"
    if least == most and counted == published:
        return "agrees"
    too_few = counted[1] is not None and counted[1] < least
    return "differs" if whole and too_few else "open"
