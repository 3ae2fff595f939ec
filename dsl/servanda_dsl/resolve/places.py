"""Where a rule holds: zones, bands along a line, a line for each party."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from servanda_dsl import model, tree
from servanda_dsl.resolve import figures

_SAME_M = 0.001

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context


def place(context: Context, node: tree.Node) -> model.Place | None:
    """A place, or None where a name in it is unknown."""
    match node:
        case tree.InZone() | tree.OutsideZone() | tree.FromZone() | tree.IntoZone() | tree.OverZone():
            return _zone(context, node)
        case tree.Below() | tree.Above():
            limit = figures.metres(context, node.height)
            written = f"{node.height.number} {node.height.unit}"
            return model.Altitude(limit_m=limit, below=isinstance(node, tree.Below), written=written)
        case tree.AcrossLine():
            lines = _reference(context, tree.OneLine(node.meta, node.line))
            return model.Across(line=lines[0].line) if lines else None
        case tree.Band():
            width = figures.metres(context, node.width)
            lines = _reference(context, node.reference)
            return model.NearLine(distance_m=width / 2, lines=lines, width_m=width) if lines else None
        case tree.MeasuredBand():
            return _measured_band(context, node)
        case tree.NearLine() | tree.OwnSide() | tree.BetweenDistances() | tree.OwnSideBetween():
            return _near(context, node)
        case tree.OnOwnSide() | tree.OnOtherSide():
            lines = _reference(context, node.reference)
            _need_sides(context, node, lines)
            return model.OnSide(lines=lines, own=isinstance(node, tree.OnOwnSide)) if lines else None
        case _:
            msg = f"no place: {node!r}"
            raise TypeError(msg)


def check_together(context: Context, node: tree.Node, given: tuple[model.Place, ...], place: model.Place) -> None:
    """Places of one rule must all hold; E205 for the same one twice, E335 for two that exclude each other."""
    if place in given:
        context.report("E205", node, "the rule gives one place twice", "keep one of them")
    for other in given:
        if isinstance(other, model.InZone) and isinstance(place, model.InZone) and _exclude(other, place):
            message = f"nothing is both in `{place.zone}` and outside it, so the rule could never be broken or kept"
            context.report("E335", node, message, "keep one of the two, or write two rules")
        if isinstance(other, model.Altitude) and isinstance(place, model.Altitude) and _no_height(other, place):
            message = f"no height is both {_height(other)} and {_height(place)}"
            context.report("E335", node, message, "keep one of the two, or write two rules")


def _near(
    context: Context, node: tree.NearLine | tree.OwnSide | tree.BetweenDistances | tree.OwnSideBetween
) -> model.NearLine | None:
    lines = _reference(context, node.reference)
    distance = figures.metres(context, node.distance)
    own = isinstance(node, tree.OwnSide | tree.OwnSideBetween)
    nearest = None
    if isinstance(node, tree.BetweenDistances | tree.OwnSideBetween):
        nearest = figures.metres(context, node.nearest)
        if nearest >= distance:
            said = f"{node.nearest.number} {node.nearest.unit} and {node.distance.number} {node.distance.unit}"
            context.report("E302", node, f"no place lies between {said} of a line", "write the smaller figure first")
    if own:
        _need_sides(context, node, lines)
    return model.NearLine(distance_m=distance, lines=lines, own_side=own, nearest_m=nearest) if lines else None


def _measured_band(context: Context, node: tree.MeasuredBand) -> model.NearLine | None:
    """A band with its width and its depth, which check each other (Minsk Memorandum of 2014: 15 km each, 30 km)."""
    width, depth = figures.metres(context, node.width), figures.metres(context, node.depth)
    if abs(width - 2 * depth) > _SAME_M:
        written, half = f"{node.width.number} {node.width.unit}", f"{node.depth.number} {node.depth.unit}"
        context.report(
            "E337",
            node,
            f"{half} on each side make a zone {2 * depth / 1000:g} km wide, and not {written}",
            "write the figures of the text; if it contradicts itself, choose one and say `assuming …, because …`",
        )
    lines = _reference(context, node.reference)
    return model.NearLine(distance_m=depth, lines=lines, width_m=width) if lines else None


def _no_height(one: model.Altitude, other: model.Altitude) -> bool:
    """Whether one is a ceiling and the other a floor that lies no lower."""
    ceiling, floor = (one, other) if one.below else (other, one)
    return one.below != other.below and floor.limit_m >= ceiling.limit_m


def _height(place: model.Altitude) -> str:
    return f"{'below' if place.below else 'above'} {place.written}"


def check_act(context: Context, node: tree.Node, place: model.Place, act: str) -> None:
    """E338: a relation that the act cannot have. What stays where it is comes from nowhere and goes nowhere."""
    known = context.vocabulary.acts.get(act)
    if known is None:
        return
    relation = "across" if isinstance(place, model.Across) else getattr(place, "relation", "in")
    where = f"on the other side of {place.line}" if isinstance(place, model.Across) else ""
    where = where or f"in {getattr(place, 'zone', '…')}"
    if relation == "over" and known.place != "over":
        message = f"`over` is for what flies, and `{act}` does not"
        context.report("E338", node, message, f"write `{where}`")
    if relation in {"from", "into", "across"} and known.place in {"at", "over"}:
        message = f"`{act}` is seen where it is: a report of it tells no place it came from and none it went to"
        context.report("E338", node, message, f"write `{where}`, or name an act such as `fire` or `move`")


def _exclude(one: model.InZone, other: model.InZone) -> bool:
    return (one.zone, one.relation) == (other.zone, other.relation) and one.inside != other.inside


_Zone = tree.InZone | tree.OutsideZone | tree.FromZone | tree.IntoZone | tree.OverZone


def _zone(context: Context, node: _Zone) -> model.InZone | None:
    name = str(node.zone)
    if name in context.zones:
        match node:
            case tree.FromZone():
                return model.InZone(zone=name, inside=node.outside is None, relation="from")
            case tree.IntoZone():
                return model.InZone(zone=name, relation="into")
            case tree.OverZone():
                return model.InZone(zone=name, relation="over")
            case _:
                return model.InZone(zone=name, inside=isinstance(node, tree.InZone))
    declare = f'declare it: `zone {node.zone} "…" from "maps/….geojson".`'
    context.unknown("zone declared here", node.zone, context.zones, declare)
    return None


def _need_sides(context: Context, node: tree.Node, lines: tuple[model.LineFor, ...]) -> None:
    for name in dict.fromkeys(line.line for line in lines):
        if not context.lines[name].sides:
            sides = " and ".join(f'{party} on the side of "…"' for party in context.parties)
            context.report(
                "E327",
                node,
                f"line `{name}` does not say which party is on which side",
                f"add to the line, with a place on each side: `, {sides}`",
            )


def _reference(context: Context, node: tree.OneLine | tree.LinePerParty) -> tuple[model.LineFor, ...]:
    pairs: list[tuple[Token | None, Token]] = (
        [(None, node.line)]
        if isinstance(node, tree.OneLine)
        else [(f.party, f.line) for f in cast("list[tree.Frame]", node.items)]
    )
    made = []
    for party, line in pairs:
        if party is not None and str(party) not in context.parties:
            context.unknown("party declared here", party, context.parties)
        elif str(line) not in context.lines:
            declare = f'declare it: `line {line} "…" from "maps/….geojson".`'
            context.unknown("line declared here", line, context.lines, declare)
        else:
            made.append(model.LineFor(party=None if party is None else str(party), line=str(line)))
    missing = [p for p in context.parties if p not in {m.party for m in made}]
    if isinstance(node, tree.LinePerParty) and len(made) == len(pairs) and missing:
        context.report(
            "E328", node, f"no line is given for {' and '.join(f'`{p}`' for p in missing)}", "give each party a line"
        )
    return tuple(made)
