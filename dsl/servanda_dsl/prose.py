"""Rules back in plain English, from the rule objects alone: what the adviser wrote, as the compiler understood it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from servanda_dsl import amounts, anchors
from servanda_dsl.model import Breach

if TYPE_CHECKING:
    from servanda_dsl.anchors import Anchor
    from servanda_dsl.model import (
        Agreement,
        Bracket,
        Burden,
        Gate,
        InZone,
        Line,
        Phase,
        Place,
        Rule,
        Term,
        Zone,
    )

Dates = Callable[["Anchor"], str | None]
"""Says when an anchor is, in words, where that can be known."""


def join(names: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Names in a list as English has it."""
    listed = list(names)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def read_rule(agreement: Agreement, rule: Rule, dates: Dates = lambda _: None) -> str:
    """One rule as a sentence."""
    if rule.kind == "not-monitored" or rule.bearer is None or rule.act is None:
        return f"Not monitored: {rule.not_monitored}"
    who = _who(agreement, rule)
    modal = {"prohibition": "must not", "permission": "may"}.get(rule.kind, "must")
    if rule.measure is not None:
        modal = amounts.modal(rule.measure)
    what = rule.act.replace("-", " ") + (f" of {things(agreement, rule)}" if things(agreement, rule) else "")
    if rule.act == "keep" and rule.things:
        what = f"keep {things(agreement, rule)}"
    if rule.measure is not None:
        what += f" {amounts.read_measure(agreement, rule.measure, say=lambda name: thing(agreement, name))}"
    tail = [] if not rule.places else [join([read_place(agreement, place) for place in rule.places])]
    if rule.response_to is not None:
        tail.append(f"in response to {gerund(agreement, rule.response_to)} by another party")
    sentence = " ".join([f"{who} {modal} {what}", *tail])
    if rule.counterpart:
        sentence += f", to {join([agreement.title_of(c) for c in rule.counterpart])}"
    if rule.deadline is not None:
        word = "" if rule.deadline.word == "within" else f"{rule.deadline.word} "
        said = read_anchor(rule.deadline.anchor, dates)
        if rule.measure is not None:  # it counts from each of what it is so many for each of
            said = said.replace("what triggered it", "each of those")
        sentence += f", {word or 'within '}{said}"
    sentence += _only_if(agreement, rule)
    if rule.exceptions:
        one = len(rule.exceptions) == 1
        verb = "forbid" if rule.kind == "permission" else "permit"
        sentence += f", except as rule{'' if one else 's'} {join(list(rule.exceptions))} {verb}{'s' if one else ''}"
    if rule.burden is not None:
        sentence += f"; {read_burden(rule.burden)}"
    lead = ", ".join(_when(agreement, rule, dates))
    sentence = f"{lead}, {sentence}" if lead else sentence
    text = sentence[0].upper() + sentence[1:] + "."
    if rule.readings:
        named = [f'"{r.name}" ({r.words})' for r in rule.readings]
        text += f" Read in {len(named)} ways: {join(named)}; where they disagree, the finding is indeterminate."
    return text


def _when(agreement: Agreement, rule: Rule, dates: Dates) -> list[str]:
    """What sets a rule off, and from when until when it binds."""
    when = []
    if rule.trigger is not None:
        who = "a party" if rule.trigger_by is None else agreement.title_of(rule.trigger_by)
        when.append(f"after each case of {gerund(agreement, rule.trigger)} by {who}")
    if rule.breach is not None:
        what = "determination of a violation" if rule.breach.determined else "violation"
        when.append(f"after each {what} of {breached(agreement, rule.breach)}")
    if rule.phase is not None:
        when.append(f"during “{agreement.phase(rule.phase).title}”")
    if rule.starts is not None:
        when.append(f"from {read_anchor(rule.starts, dates)}")
    if isinstance(rule.ends, anchors.Unmet):
        when.append(f"while the obligations of {obligations(agreement, rule.ends)} are met")
    elif rule.ends is not None:
        when.append(f"until {read_anchor(rule.ends, dates)}")
    return when


def _only_if(agreement: Agreement, rule: Rule) -> str:
    """The conditions of a permission: what has to be on record, and what no record shows."""
    said = ""
    if rule.quoted:
        said = f", only if {join([f'“{words}”' for words in rule.quoted])} (claimed or not: no observation can show it)"
    if rule.only_if:
        before = (" in turn" if rule.only_if_in_turn else "") + (" before it" if rule.only_if_before else "")
        said += ", and" if said else ","
        said += f" only if each of these is on record{before}: {join([gerund(agreement, a) for a in rule.only_if])}"
    return said


def read_burden(burden: Burden) -> str:
    """Who has to show a permission, and by when, in words."""
    when = f", within {burden.written} after the act" if burden.written else ""
    return f"the party relying on this has to show it{when}"


def quiet(agreement: Agreement, gate: Gate) -> str:
    """What a gate waits for, in short: `48 hours without firing in the valley`."""
    what, unit = gate.what, gate.unit.removesuffix("s") if gate.amount == 1 else gate.unit
    short = [agreement.thing_title(t) for t in what.things]
    of = f" {'' if what.act == 'keep' else 'of '}{join(short, 'or')}" if short else ""
    return f"{gate.amount} {unit} without {gerund(agreement, what.act or '')}{of}{short_places(agreement, what.places)}"


def read_gate(agreement: Agreement, gate: Gate, dates: Dates = lambda _: None) -> str:
    """A gate as a sentence."""
    what = gate.what
    since = "entry into force" if what.starts is None else read_anchor(what.starts, dates)
    told = quiet(agreement, gate)
    if what.other_than:
        told += f", other than {join([thing(agreement, t) for t in what.other_than])}"
    if gate.certified_by is not None:
        body = agreement.title_of(gate.certified_by)
        return f"The gate “{gate.title}” (`{gate.name}`) opens when {body} certifies {told}, counted from {since}."
    whole = " whole" if gate.unit in {"days", "weeks"} else ""
    told = told.replace(" ", f"{whole} ", 1)
    return f"The gate “{gate.title}” (`{gate.name}`) opens after {told}, by anyone, counted from {since}."


def joining(agreement: Agreement, party: str, dates: Dates = lambda _: None) -> str:
    """From when on a party is bound that joins by an act of its own, in words."""
    act = agreement.joining[party]
    told = f"{agreement.title_of(party)} is bound only from its own act of {gerund(agreement, act.act or '')} on"
    if act.deadline is None:
        return told
    return f"{told}, if that was done {act.deadline.word} {read_anchor(act.deadline.anchor, dates)}"


def read_phase(phase: Phase, dates: Dates = lambda _: None) -> str:
    """A phase as a sentence."""
    until = "" if phase.ends is None else f" until {read_anchor(phase.ends, dates)}"
    return f"The phase “{phase.title}” (`{phase.name}`) runs from {read_anchor(phase.starts, dates)}{until}."


def duty(agreement: Agreement, rule: Rule) -> str:
    """The duty of a rule in short, for a finding: who, must or must not, what, where."""
    bearer = rule.bearer.written if rule.bearer else "a party"
    named = [agreement.title_of(p) for p in rule.bearer.parties] if rule.bearer else []
    who = bearer if bearer in {"no party", "each party", "a party", "that party"} else join(named)
    modal = {"prohibition": "may" if who == "no party" else "must not", "obligation": "must"}.get(rule.kind, "may")
    if rule.measure is not None:
        who = "each party" if who == "no party" else who
        return f"{who} {amounts.about(agreement, rule, ())}{short_places(agreement, rule.places)}"
    short = [agreement.thing_title(t) for t in rule.things]
    what = (rule.act or "").replace("-", " ")
    if short:
        what += f" {'' if rule.act == 'keep' else 'of '}{join(short, 'or')}"
    if rule.counterpart:
        what += f" to {join([agreement.title_of(c) for c in rule.counterpart])}"
    return f"{who} {modal} {what}{short_places(agreement, rule.places)}"


def breached(agreement: Agreement, breach: Breach) -> str:
    """The rules a violation of which is meant, in words."""
    if breach.rule is not None:
        return f"rule {breach.rule}"
    return f"clause {breach.clause} (rule {join([r.id for r in agreement.breached(breach)], 'or')})"


def obligations(agreement: Agreement, unmet: anchors.Unmet) -> str:
    """The rules that have to be met, in words."""
    return breached(agreement, Breach(clause=unmet.clause, rule=unmet.rule, determined=True))


def short_places(agreement: Agreement, places: tuple[Place, ...]) -> str:
    """Where a rule holds, in short, with a blank before it."""
    return f" {join([_short_place(agreement, p) for p in places])}" if places else ""


def _short_place(agreement: Agreement, place: Place) -> str:
    if place.kind == "zone":
        return f"{_relation(place)} {agreement.zone(place.zone).title}"
    if place.kind == "across":
        return f"across {agreement.line(place.line).title}"
    if place.kind == "altitude":
        return f"{'below' if place.below else 'above'} {place.written}"
    line = agreement.line(place.lines[0].line).title if place.lines[0].party is None else "its line"
    if place.kind == "side":
        return f"on {'its own' if place.own else 'the other'} side of {line}"
    side = "on its own side " if place.own_side else ""
    if place.nearest_m is not None:
        return f"{side}between {place.nearest_m / 1000:g} km and {place.distance_m / 1000:g} km of {line}"
    return f"{side}within {place.distance_m / 1000:g} km of {line}"


def read_anchor(anchor: Anchor, dates: Dates = lambda _: None) -> str:
    """An anchor in words, with its date where that is known."""
    match anchor:
        case anchors.EntryIntoForce():
            words = "entry into force"
        case anchors.Signature():
            words = "signature"
        case anchors.Instant():
            time = f" at {anchor.time}" if anchor.time else ""
            return f"{anchor.date.day} {anchor.date:%B %Y}{time}" + (f" ({anchor.zone})" if anchor.zone else "")
        case anchors.EventInstant():
            words = anchor.event.replace("-", " ")
        case anchors.OpeningOf():
            words = f"the opening of {anchor.gate.replace('-', ' ')}"
        case anchors.DayOf():
            words = f"day {anchor.number} of {read_anchor(anchor.base)}"
        case anchors.PointOfRule():
            words = f"the {anchor.point} of rule {anchor.rule}"
        case anchors.Trigger():
            words = "what triggered it"
        case anchors.Unmet():
            words = f"the first violation of {anchor.rule or f'clause {anchor.clause}'}"
        case anchors.Offset():
            unit = anchor.unit.removesuffix("s") if anchor.amount == 1 else anchor.unit
            words = f"{anchor.amount} {unit} {anchor.direction} {read_anchor(anchor.base)}"
            if anchor.otherwise is not None:
                words += f" (or, if that is not shown, after {read_anchor(anchor.otherwise)})"
    date = dates(anchor)
    return f"{words} ({date})" if date else words


def read_place(agreement: Agreement, place: Place) -> str:
    """A place in words."""
    if place.kind == "zone":
        return f"{_relation(place)} {_drawn(agreement.zone(place.zone))}"
    if place.kind == "across":
        return f"across {_line(agreement, place.line)}"
    if place.kind == "altitude":
        return f"{'below' if place.below else 'above'} {place.written} above sea level"
    if place.kind == "side":
        distance = f"on {'its own' if place.own else 'the other'} side of"
    else:
        side = "on its own side, " if place.own_side else ""
        inner = "" if place.nearest_m is None else f"more than {place.nearest_m / 1000:g} km and "
        whole = "" if place.width_m is None else f" (half of a zone {place.width_m / 1000:g} km wide)"
        distance = f"{side}{inner}less than {place.distance_m / 1000:g} km{whole} from"
    if len(place.lines) == 1 and place.lines[0].party is None:
        return f"{distance} {_line(agreement, place.lines[0].line)}"
    named = [f"{_line(agreement, p.line)} for {agreement.title_of(p.party or '')}" for p in place.lines]
    return f"{distance} {join(named)}"


def _relation(place: InZone) -> str:
    if place.inside:
        return place.relation
    return "outside" if place.relation == "in" else f"{place.relation} outside"


def things(agreement: Agreement, rule: Rule) -> str:
    """The weapons a rule is about, in words."""
    words = join([thing(agreement, t) for t in rule.things], "or")
    if rule.other_than:
        words += f", other than {join([thing(agreement, t) for t in rule.other_than])}"
    return words


def thing(agreement: Agreement, name: str) -> str:
    """A category of weapon in words."""
    weapon = agreement.weapon(name)
    if weapon is None:
        return f"{agreement.vocabulary.thing(name)} (`{name}`)"
    terms = join([_term(agreement, t) for t in weapon.terms], "or")
    left_out = f", other than {join(list(weapon.other_than))}" if weapon.other_than else ""
    return f"{weapon.title} (`{weapon.name}`: {terms}{left_out})"


def gerund(agreement: Agreement, act: str) -> str:
    """An act as a noun: "firing"."""
    known = agreement.vocabulary.acts.get(act)
    return known.gerund if known else act


def bracket_words(bracket: Bracket) -> str:
    """A bracket of calibre in words."""
    parts = []
    if bracket.least is not None:
        parts.append(f"{'at least' if bracket.least_included else 'more than'} {bracket.least:g} mm")
    if bracket.most is not None:
        parts.append(f"{'at most' if bracket.most_included else 'less than'} {bracket.most:g} mm")
    return " and ".join(parts)


def _term(agreement: Agreement, term: Term) -> str:
    if term.model is not None:
        return term.model
    words = agreement.vocabulary.thing(term.category or "")
    return f"{words} of {bracket_words(term.calibre)}" if term.calibre else words


def _who(agreement: Agreement, rule: Rule) -> str:
    bearer = rule.bearer
    if bearer is None:
        return ""
    if bearer.of_trigger:
        return "that party"
    titles = [agreement.title_of(p) for p in bearer.parties]
    if rule.kind == "permission" and bearer.written == "a party":
        return f"any of {join(titles)}"
    return f"each of {join(titles)}" if len(titles) > 1 else join(titles)


def _line(agreement: Agreement, name: str) -> str:
    return _drawn(agreement.line(name))


def _drawn(what: Line | Zone) -> str:
    """A line or zone by its title, its name, and the days from which it was redrawn."""
    days = [f"{r.since.day} {r.since:%B %Y}" for r in what.redrawn]
    return f"{what.title} (`{what.name}`{f', redrawn from {join(days)}' if days else ''})"
