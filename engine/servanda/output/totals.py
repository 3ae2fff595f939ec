"""Totals for a terminal: what each source counted, against its own totals, and the days that it did not count."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from servanda import moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from servanda.totals import Compared, Gap, Total

_SHOWN = 4


def totals(found: Sequence[Total], zone: str) -> RenderableType:
    """The totals worth a line: of more than one count, or against a total of the source's own."""
    parts: list[RenderableType] = []
    for one in found:
        if len(one.parts) < 2 and not one.published:
            continue
        head = Text.assemble((f"  Rule {one.rule}", "bold"), f", {one.unit}, as counted by {one.source}: ")
        head.append(f"{_bounds(one.min, one.max)} in {len(one.parts)} counts")
        parts.append(head)
        parts.extend(Text(f"    {line}") for line in _notes(one, zone))
    if not parts:
        return Text("")
    return Group(Text("\nTotals (units are never added up; a day without a count is not nought)", "bold"), *parts)


def _notes(one: Total, zone: str) -> list[str]:
    lines = [_published(p, zone) for p in one.published]
    unsure = sum(not p.sure for p in one.parts)
    if unsure:
        lines.append(f"{unsure} of them may not be what the rule forbids, and count from nought")
    if one.overlapping:
        lines.append(f"not added to each other, since they overlap: {_few([', '.join(o) for o in one.overlapping])}")
    for word, text in (("none", "no count on"), ("part", "counted in part only on")):
        days = [_days(g) for g in one.gaps if g.counted == word]
        if days:
            lines.append(f"{text} {_few(days)}")
    return lines


def _published(compared: Compared, zone: str) -> str:
    first, last = moments.us_of(compared.first), moments.us_of(compared.last)
    span = f"from {moments.say(first, zone)} to {moments.say(last, zone)}"
    published = _bounds(compared.published_min, compared.published_max)
    says = f"adds {published} to its total before" if compared.since else f"says {published}"
    counted = f"the counts make {_bounds(compared.counted_min, compared.counted_max)}"
    if not compared.parts:
        counted = "no count lies in that time"
    where = f", {compared.region}" if compared.region else ""
    return f"{compared.result}: the source {says} {span}{where}; {counted} ({compared.tally})"


def _bounds(least: float, most: float | None) -> str:
    if most is None:
        return f"at least {least:g}"
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def _days(gap: Gap) -> str:
    first, last = dt.date.fromisoformat(gap.first), dt.date.fromisoformat(gap.last)
    where = f" ({gap.region})" if gap.region else ""
    if first == last:
        return f"{_day(first)}{where}"
    return f"{_day(first)} to {_day(last)}{where}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _few(items: list[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return "; ".join(items[:_SHOWN]) + more
