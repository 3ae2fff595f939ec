"""The header and what is declared before the first clause: actors, lines, zones, categories of weapon."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal, cast

from servanda_dsl import model, tree
from servanda_dsl.assumptions import Approximation, Mended
from servanda_dsl.resolve import figures
from servanda_dsl.suggest import did_you_mean, nearest
from servanda_dsl.vocabulary import vocabulary, vocabulary_names
from servanda_dsl.weapons import weapon_model, weapon_models

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context

_PROVENANCES = ("text", "secondary", "reported")
_KINDS: dict[str, Literal["party", "monitor", "non-party"]] = {
    "PARTY": "party",
    "MONITOR": "monitor",
    "NON_PARTY": "non-party",
}


def header(context: Context, node: tree.Agreement) -> None:
    """The header: each part once, a time zone always."""
    if "name" in context.header:
        context.report(
            "E202", node, "a file holds one agreement, and this is a second header", "put it in a file of its own"
        )
        return
    name, title, *parts = node.items
    facts = context.header
    facts["name"], facts["title"] = str(name), tree.unquote(str(title))
    seen: set[str] = set()
    for part in parts:
        kind = type(part).__name__.replace("Unknown", "")
        if kind in seen:
            context.report("E202", cast("tree.Node", part), "this part of the header stands twice", "keep one of them")
            continue
        seen.add(kind)
        _header_part(context, part)
    if "TimeZone" not in seen:
        context.report(
            "E310",
            cast("Token", name),
            "the header gives no time zone",
            "add the zone the text means, such as `time zone Europe/Kyiv`",
        )


def _header_part(context: Context, part: object) -> None:
    facts = context.header
    match part:
        case tree.Source():
            facts["source"] = tree.unquote(part.text)
        case tree.Authentic():
            facts["authentic_in"] = tuple(str(t) for t in part.items)
        case tree.EncodedFrom():
            facts["encoded_from"] = model.EncodedFrom(
                text=tree.unquote(part.text), language=str(part.language), authentic=part.not_authentic is None
            )
        case tree.EncodedBy() | tree.ReviewedBy():
            on = figures.instant(context, tree.Instant(part.meta, part.on, None)).date
            key = "encoded_by" if isinstance(part, tree.EncodedBy) else "reviewed_by"
            facts[key] = model.Signed(who=tree.unquote(part.who), on=on)
        case tree.Signed():
            facts["signed"] = figures.instant(context, part.instant)
        case tree.InForce():
            facts["in_force"] = figures.instant(context, part.instant)
            if part.instant.time is None:
                context.report(
                    "E311",
                    part.instant,
                    "entry into force is given without a time of day",
                    "write the hour, such as `00:00`; where the text gives none, state the choice with `assuming`",
                )
        case tree.TimeZone():
            zone = figures.time_zone(context, part.zone)
            if zone is not None:
                facts["time_zone"] = zone
        case tree.Version():
            facts["version"] = tree.unquote(part.text)
        case tree.Status():
            facts["status"] = tree.unquote(part.text)
        case tree.Provenance():
            if str(part.word) not in _PROVENANCES:
                context.unknown("provenance", part.word, _PROVENANCES)
            else:
                facts["provenance"] = str(part.word)
        case _:
            pass


def use(context: Context, node: tree.Use) -> None:
    """The vocabulary."""
    if str(node.vocabulary) not in vocabulary_names():
        context.unknown("vocabulary that ships", node.vocabulary, vocabulary_names())
        return
    context.vocabulary = vocabulary(str(node.vocabulary))
    context.header["vocabulary"] = str(node.vocabulary)


def gazetteer(context: Context, node: tree.Gazetteer) -> None:
    """The list of place names."""
    context.gazetteer = file_name(context, node.file)


def actor(context: Context, node: tree.Party) -> None:
    """A party, a monitor or a non-party."""
    name = str(node.name)
    if _taken(context, node.name, context.actors):
        return
    title = tree.unquote(node.title)
    called = {n.casefold(): a for a in context.actors.values() for n in (a.name, a.title)}
    for own in dict.fromkeys((title.casefold(), name.casefold())):
        if own in called:
            other = called[own]
            message = f"`{other.name}` is called “{own}” too, and a report that names it would be of either"
            context.report("E202", node.title, message, "give one of them another name or title")
    context.actors[name] = model.Actor(name=name, title=title, kind=_KINDS[node.kind.type], where=context.where(node))


def event(context: Context, node: tree.Event | tree.EventNotKnown) -> None:
    """Something that rules count from."""
    if _taken(context, node.name, context.events):
        return
    name = str(node.name)
    instant = figures.instant(context, node.instant) if isinstance(node, tree.Event) else None
    context.events[name] = model.Event(
        name=name, title=tree.unquote(node.title), instant=instant, where=context.where(node)
    )


def line(context: Context, node: tree.Line) -> None:
    """A reference line."""
    name, title, file, *parts = node.items
    if _taken(context, cast("Token", name), context.lines):
        return
    accurate, approximate = _drawing(context, parts)
    sides = tuple(_side(context, s) for p in parts if isinstance(p, tree.Sides) for s in p.items)
    made = model.Line(
        name=str(name),
        title=tree.unquote(str(title)),
        file=file_name(context, cast("Token", file)),
        accurate_to_m=accurate,
        approximate=approximate,
        redrawn=_redrawn(context, parts),
        sides=tuple(s for s in sides if s),
        where=context.where(node),
    )
    context.lines[made.name] = made
    _approximation(context, made)


def zone(context: Context, node: tree.Zone) -> None:
    """An area."""
    name, title, file, *parts = node.items
    if _taken(context, cast("Token", name), context.zones):
        return
    accurate, approximate = _drawing(context, parts)
    made = model.Zone(
        name=str(name),
        title=tree.unquote(str(title)),
        file=file_name(context, cast("Token", file)),
        accurate_to_m=accurate,
        approximate=approximate,
        mended=next((p.because.value for p in parts if isinstance(p, tree.Mended)), None),
        redrawn=_redrawn(context, parts),
        where=context.where(node),
    )
    context.zones[made.name] = made
    _approximation(context, made)
    if made.mended is not None:
        identity = f"{made.name}-mended"
        mended = Mended(id=identity, name=made.name, because=made.mended, where=made.where)
        context.assumptions.append(mended)


def _approximation(context: Context, made: model.Line | model.Zone) -> None:
    if made.approximate is not None:
        context.assumptions.append(
            Approximation(
                id=made.name,
                name=made.name,
                accurate_to_m=made.accurate_to_m,
                because=made.approximate,
                where=made.where,
            )
        )


def _drawing(context: Context, parts: list[object]) -> tuple[float | None, str | None]:
    accurate = [figures.metres(context, p.distance) for p in parts if isinstance(p, tree.Accurate)]
    reasons = [p.because.value for p in parts if isinstance(p, tree.Approximate)]
    return (accurate[0] if accurate else None), (reasons[0] if reasons else None)


def _redrawn(context: Context, parts: list[object]) -> tuple[model.Redrawn, ...]:
    """Later drawings; E336 where their dates are not in order."""
    made: list[model.Redrawn] = []
    for part in parts:
        if not isinstance(part, tree.Redrawn):
            continue
        since = figures.instant(context, tree.Instant(part.meta, part.since, None)).date
        if made and since <= made[-1].since:
            message = f"the drawing from {since} does not come after that from {made[-1].since}"
            context.report("E336", part, message, "give the drawings in the order of their dates, one for each date")
        made.append(model.Redrawn(since=since, file=file_name(context, part.file)))
    return tuple(made)


def _side(context: Context, node: object) -> model.Side | None:
    side = cast("tree.Side", node)
    if str(side.party) not in context.parties:
        context.unknown("party declared here", side.party, context.parties)
        return None
    return model.Side(party=str(side.party), place=tree.unquote(side.place))


def weapon(context: Context, node: tree.Weapon) -> None:
    """A defined category of weapon."""
    name, title, *rest = node.items
    if _taken(context, cast("Token", name), {**context.weapons, **_stock(context)}):
        return
    terms = tuple(t for item in rest if isinstance(item, tree.Category | tree.Model) for t in _terms(context, item))
    others = [
        str(o) for item in rest if isinstance(item, tree.OtherThan) for o in _others(context, item, objects=False)
    ]
    context.weapons[str(name)] = model.Weapon(
        name=str(name),
        title=tree.unquote(str(title)),
        terms=terms,
        other_than=tuple(others),
        where=context.where(node),
    )


def object_(context: Context, node: tree.Object) -> None:
    """A defined category of object."""
    name, title, kinds, others = node.items
    if _taken(context, cast("Token", name), {**context.weapons, **_stock(context)}):
        return
    terms = tuple(t for word in cast("tree.Alternatives", kinds).items for t in _kinds(context, cast("Token", word)))
    left_out = _others(context, others, objects=True) if isinstance(others, tree.OtherThan) else []
    context.weapons[str(name)] = model.Weapon(
        name=str(name),
        title=tree.unquote(str(title)),
        terms=terms,
        other_than=tuple(str(o) for o in left_out),
        of="object",
        where=context.where(node),
    )


def _kinds(context: Context, word: Token) -> list[model.Term]:
    if str(word) in context.vocabulary.objects:
        return [model.Term(category=str(word))]
    defined = context.weapons.get(str(word))
    if defined is not None and defined.of == "object":
        if defined.other_than:
            context.report(
                "E304", word, f"`{word}` leaves something out and cannot be part of another category", "name its kinds"
            )
        return list(defined.terms)
    if is_category(context, str(word)):
        not_fitting(context, word, "this is a category", objects=True)
        return []
    context.unknown("kind of object of the vocabulary", word, context.vocabulary.objects)
    return []


def not_fitting(context: Context, word: Token, wanted: str, *, objects: bool) -> None:
    """E339: a weapon where an object is wanted, or the other way round."""
    wrong, right = ("weapon", "object") if objects else ("object", "weapon")
    stock = context.vocabulary.objects if objects else context.vocabulary.categories
    known = ", ".join(f"`{k}`" for k in list(stock)[:4])
    context.report("E339", word, f"`{word}` is a category of {wrong}, and {wanted} of {right}", f"such as {known}")


def is_category(context: Context, name: str) -> bool:
    """Whether a name is a category of weapon or object that is known here."""
    return name in context.weapons or name in _stock(context)


def is_object(context: Context, name: str) -> bool:
    """Whether a name is of an object, what an act is done to, and not of a weapon."""
    defined = context.weapons.get(name)
    return name in context.vocabulary.objects if defined is None else defined.of == "object"


def _stock(context: Context) -> dict[str, str]:
    return {**context.vocabulary.categories, **context.vocabulary.objects}


def _others(context: Context, node: tree.OtherThan, *, objects: bool) -> list[Token]:
    found = [t for t in cast("list[Token]", node.items) if weapon_name(context, t)]
    for word in found:
        if is_category(context, str(word)) and is_object(context, str(word)) != objects:
            not_fitting(context, word, "this is a category", objects=objects)
    return found


def weapon_name(context: Context, word: Token) -> bool:
    """Whether a word names a category of weapon; E201 where it does not."""
    legal = (*context.weapon_names, *context.vocabulary.categories, *context.vocabulary.objects)
    if str(word) in legal:
        return True
    context.unknown(
        "category of weapon known here", word, legal, f'define it: `weapon {word} "…" is artillery.`, for one'
    )
    return False


def _terms(context: Context, node: tree.Category | tree.Model) -> list[model.Term]:
    if isinstance(node, tree.Model):
        known = weapon_model(tree.unquote(node.name))
        if known is None:
            context.unknown("model of the table of weapons", node.name, [m.name for m in weapon_models()])
            return []
        return [model.Term(model=known.name)]
    if not weapon_name(context, node.name):
        return []
    if is_object(context, str(node.name)):
        not_fitting(context, node.name, "this is a category", objects=False)
        return []
    bracket = None if node.bracket is None else _bracket(context, node.bracket)
    defined = context.weapons.get(str(node.name))
    if defined is None and str(node.name) in context.weapon_names:
        context.report(
            "E307", node.name, f"`{node.name}` is defined by itself or further down", "define it first, without this"
        )
        return []
    if defined is None:
        return [model.Term(category=str(node.name), calibre=bracket)]
    if bracket is not None or defined.other_than:
        context.report(
            "E304",
            node,
            f"`{node.name}` is itself a defined category and cannot be narrowed here",
            "give the bracket with a category of the vocabulary",
        )
    return list(defined.terms)


def _bracket(context: Context, node: object) -> model.Bracket:
    match node:
        case tree.AtLeast():
            return model.Bracket(least=figures.millimetres(context, node.size))
        case tree.AtMost():
            return model.Bracket(most=figures.millimetres(context, node.size))
        case tree.MoreThan():
            return model.Bracket(least=figures.millimetres(context, node.size), least_included=False)
        case tree.LessThan():
            return model.Bracket(most=figures.millimetres(context, node.size), most_included=False)
        case _:
            between = cast("tree.BetweenSizes", node)
            least, most = figures.millimetres(context, between.least), figures.millimetres(context, between.most)
            if least > most:
                context.report(
                    "E302",
                    between,
                    f"no calibre lies between {least:g} mm and {most:g} mm",
                    "write the smaller figure first",
                )
            return model.Bracket(least=least, most=most)


def file_name(context: Context, word: Token) -> str:
    """A file of the agreement's folder; E305 where it climbs out, E306 where it is not there."""
    name = tree.unquote(word)
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        context.report("E305", word, f"`{name}` does not lie in the agreement's folder", "name a file beneath it")
        return name
    target = context.folder / name
    if not target.is_file():
        files = (p for pattern in ("*", "*/*") for p in context.folder.glob(pattern) if p.is_file())
        there = [p.relative_to(context.folder).as_posix() for p in files]
        suggestions = nearest(name, there)
        help_ = did_you_mean(suggestions) or "put it there, or name one that is there"
        context.report(
            "E306", word, f"there is no file `{name}` in the agreement's folder", help_, suggestions=suggestions
        )
    elif not target.resolve().is_relative_to(context.folder.resolve()):
        context.report("E305", word, f"`{name}` leads out of the agreement's folder", "name a file beneath it")
    return name


def _taken(context: Context, word: Token, names: object) -> bool:
    if str(word) in cast("dict[str, object]", names):
        context.report("E202", word, f"`{word}` is declared twice", "give one of them another name")
        return True
    return False
