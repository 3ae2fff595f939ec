"""Clauses and rules, from trees to rule objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from servanda_dsl import model, tree
from servanda_dsl.resolve import figures, times
from servanda_dsl.resolve.assume import act_name
from servanda_dsl.resolve.declarations import weapon_name

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.anchors import Anchor
    from servanda_dsl.resolve.context import Context

Kind = Literal["prohibition", "obligation", "permission"]


def clause(context: Context, node: tree.Clause) -> None:
    """A clause; what follows it, until the next, stands beneath it."""
    context.clause = node
    label = str(node.label.token)
    if any(c.label == label for c in context.clauses):
        context.report("E202", node.label, f"clause {label} stands twice")
    reason = None if node.not_monitored is None else node.not_monitored.because.value
    context.clauses.append(
        model.Clause(
            label=label,
            heading=tree.unquote(node.heading),
            gist=None if node.gist is None else node.gist.value,
            not_monitored=reason,
            where=context.where(node),
        )
    )


def unreadable_clause(context: Context, opener: Token, label: str) -> None:
    """A clause whose sentence could not be read: its rules still belong beneath it."""
    context.clauses.append(model.Clause(label=label, heading="", where=context.where(opener)))
    context.clause = None


def rule(context: Context, node: tree.Rule) -> None:
    """A rule, beneath the clause it belongs to."""
    if not context.clauses:
        context.report("E203", node, f"rule {node.letter} stands beneath no clause", "begin with `clause 1 \"…\".`")
        return
    current = context.clauses[-1]
    if current.not_monitored is not None:
        context.report(
            "E204", node, f"clause {current.label} is not monitored and cannot have rules", "delete one or the other"
        )
    if any(r.letter == str(node.letter) for r in current.rules):
        context.report("E202", node.letter, f"rule {node.letter} of clause {current.label} stands twice")
        return
    made = _RuleMaker(context, node, current.label).make()
    context.clauses[-1] = current.model_copy(update={"rules": (*current.rules, made)})


@dataclass
class _RuleMaker:
    context: Context
    node: tree.Rule
    label: str
    facts: dict[str, object] = field(default_factory=dict)

    def make(self) -> model.Rule:
        node = self.node
        self.facts = {
            "id": f"{self.label}/{node.letter}",
            "clause": self.label,
            "letter": str(node.letter),
            "heading": None if node.heading is None else tree.unquote(node.heading),
            "text": _fold(self.context, node),
            "where": self.context.where(node),
        }
        if isinstance(node.body, tree.NotMonitored):
            return model.Rule(**self.facts, kind="not-monitored", not_monitored=node.body.because.value)  # type: ignore[arg-type]
        items = node.body.items
        at = next(i for i, item in enumerate(items) if isinstance(item, tree.Modal))
        subject, modal, phrase, direct, qualifiers, readings = items[at - 1 :]
        for lead in items[: at - 1]:
            self.qualifier(cast("tree.Node", lead))
        kind = self.kind(cast("tree.Node", subject), cast("tree.Modal", modal))
        self.bearer(cast("tree.Node", subject), kind)
        self.phrase(cast("tree.Phrase", phrase), kind)
        if direct is not None:
            self.qualifier(cast("tree.Node", direct))
        for item in cast("tree.Qualifiers", qualifiers).items:
            self.qualifier(cast("tree.Node", item))
        if readings is not None:
            self.readings(cast("tree.Readings", readings))
        made = model.Rule(**self.facts, kind=kind)  # type: ignore[arg-type]
        self.check(made)
        return made

    def kind(self, subject: tree.Node, modal: tree.Modal) -> Kind:
        negated = modal.negation is not None
        none = isinstance(subject, tree.NoParty)
        if none and negated:
            self.context.report(
                "E320", modal, f"`no party … {modal.word} not` negates twice", "write `no party shall` or `each party shall`"
            )
        if none or negated:
            return "prohibition"
        return "obligation" if modal.word.type == "SHALL" else "permission"

    def bearer(self, subject: tree.Node, kind: Kind) -> None:
        context = self.context
        parties = context.parties
        match subject:
            case tree.Named():
                names = cast("list[Token]", subject.names.items)
                legal = [a.name for a in context.actors.values() if a.kind != "non-party"]
                for name in names:
                    if str(name) not in legal:
                        context.unknown("party", name, legal, f"declare it: `party {name} \"…\".`")
                written, parties = " and ".join(str(n) for n in names), tuple(str(n) for n in names)
            case tree.EveryParty():
                written = "each party"
            case tree.ThatParty():
                written = "that party"
            case tree.NoParty():
                written = "no party"
            case _:
                written = "a party"
                if kind == "obligation":
                    context.report(
                        "E323", subject, "`a party shall` does not say which party", "write `each party shall`, or name it"
                    )
        if not parties:
            context.report("E324", subject, "no party is declared, so nobody bears this rule", 'add `party name "Title".`')
        of_trigger = isinstance(subject, tree.ThatParty)
        self.facts["bearer"] = model.Bearer(written=written, parties=parties, of_trigger=of_trigger)
        if of_trigger and "trigger" not in self.facts:
            context.report(
                "E325", subject, "`that party` points to no party", "begin with `After each … by a party, that party shall …`"
            )

    def phrase(self, phrase: tree.Phrase, kind: Kind) -> None:
        context = self.context
        *words, objects = phrase.items
        tokens = cast("list[Token]", words)
        acts = context.vocabulary.acts
        for length in range(len(tokens), 0, -1):
            name = "-".join(str(t) for t in tokens[:length])
            if name in acts:
                break
        else:
            length, name = 1, str(tokens[0])
            context.unknown("act of the vocabulary", tokens[0], acts)
        rest = tokens[length:]
        if objects is not None:
            rest = [*rest, *cast("list[Token]", cast("tree.Alternatives", objects).items)]
        if len(tokens) - length > 1:
            context.report(
                "E326", tokens[length + 1], f"`{tokens[length + 1]}` is one word too many", "join things with `of … or …`"
            )
        self.facts["act"] = name
        self.facts["things"] = tuple(str(t) for t in rest if weapon_name(context, t))
        if name in acts and acts[name].kind == "effect" and kind != "permission":
            context.report(
                "E322",
                tokens[0],
                f"`{name}` is an effect, something seen or heard, and nobody can be bound not to be heard",
                "name the act, and say with `assuming … counts as …` which effects count as it",
            )

    def qualifier(self, node: tree.Node) -> None:
        context = self.context
        match node:
            case tree.FromUntil() | tree.Between():
                self.put("starts", times.anchor(context, node.start_anchor), node)
                if node.end_anchor is not None:
                    self.put("ends", times.anchor(context, node.end_anchor), node)
            case tree.Until():
                self.put("ends", times.anchor(context, node.end_anchor), node)
            case tree.AfterEach():
                if act_name(context, node.act):
                    self.put("trigger", str(node.act), node)
            case tree.Within():
                self.put("deadline", model.Deadline(word="within", anchor=times.anchor(context, node.offset)), node)
            case tree.NoLaterThan():
                anchor = times.anchor(context, node.anchor)
                self.put("deadline", model.Deadline(word="no later than", anchor=anchor), node)
            case tree.By():
                self.put("deadline", model.Deadline(word="by", anchor=times.anchor(context, node.anchor)), node)
            case tree.Before():
                self.put("deadline", model.Deadline(word="before", anchor=times.anchor(context, node.anchor)), node)
            case tree.ExceptAs():
                refs = tuple(times.rule_id(context, cast("tree.RuleRef", r)) for r in node.items)
                self.put("exceptions", refs, node)
            case tree.OnlyIf():
                records = [cast("tree.Record", r).act for r in node.items]
                self.put("only_if", tuple(str(r) for r in records if act_name(context, r)), node)
            case tree.Response():
                if act_name(context, node.act):
                    self.put("response_to", str(node.act), node)
            case tree.OtherThan():
                others = cast("list[Token]", node.items)
                self.put("other_than", tuple(str(t) for t in others if weapon_name(context, t)), node)
            case tree.Recipient():
                self.recipients(node)
            case _:
                place = self.place(node)
                if place is not None:
                    self.put("place", place, node)

    def recipients(self, node: tree.Recipient) -> None:
        names = cast("list[Token]", node.names.items)
        for name in names:
            if str(name) not in self.context.actors:
                self.context.unknown("party or monitor", name, self.context.actors)
        self.put("counterpart", tuple(str(n) for n in names), node)

    def place(self, node: tree.Node) -> model.Place | None:
        context = self.context
        match node:
            case tree.InZone() | tree.OutsideZone():
                if str(node.zone) not in context.zones:
                    context.unknown("zone", node.zone, context.zones, f'declare it: `zone {node.zone} "…" from "maps/….geojson".`')
                    return None
                return model.InZone(zone=str(node.zone), inside=isinstance(node, tree.InZone))
            case tree.Band():
                width = figures.metres(context, node.width)
                lines = self.reference(node.reference)
                return model.NearLine(distance_m=width / 2, lines=lines, width_m=width) if lines else None
            case tree.NearLine() | tree.OwnSide():
                lines = self.reference(node.reference)
                distance = figures.metres(context, node.distance)
                own = isinstance(node, tree.OwnSide)
                for name in {line.line for line in lines} if own else ():
                    if not context.lines[name].sides:
                        context.report(
                            "E327",
                            node,
                            f"line `{name}` does not say which party is on which side",
                            'add to the line: `, ukraine on the side of "Kramatorsk" and …`',
                        )
                return model.NearLine(distance_m=distance, lines=lines, own_side=own) if lines else None
            case _:
                msg = f"no place: {node!r}"
                raise TypeError(msg)

    def reference(self, node: tree.OneLine | tree.LinePerParty) -> tuple[model.LineFor, ...]:
        context = self.context
        pairs: list[tuple[Token | None, Token]] = (
            [(None, node.line)]
            if isinstance(node, tree.OneLine)
            else [(f.party, f.line) for f in cast("list[tree.Frame]", node.items)]
        )
        made = []
        for party, line in pairs:
            if party is not None and str(party) not in context.parties:
                context.unknown("party", party, context.parties)
            elif str(line) not in context.lines:
                context.unknown("line", line, context.lines, f'declare it: `line {line} "…" from "maps/….geojson".`')
            else:
                made.append(model.LineFor(party=None if party is None else str(party), line=str(line)))
        missing = set(context.parties) - {m.party for m in made}
        if isinstance(node, tree.LinePerParty) and len(made) == len(pairs) and missing:
            context.report("E328", node, f"no line is given for {' and '.join(sorted(missing))}", "give each party a line")
        return tuple(made)

    def readings(self, node: tree.Readings) -> None:
        made = []
        for item in cast("list[tree.Reading]", node.items):
            name = tree.unquote(item.name)
            match item.rule:
                case tree.DaysCounted() as days:
                    counting = figures.counting(days.how)
                case tree.FirstDay() | tree.DayAfter() as counted:
                    counting = "inclusive" if isinstance(counted, tree.FirstDay) else "exclusive"
                    if str(counted.number) != "1":
                        self.context.report("E302", counted.number, "a reading says which day is day 1")
            words = "the first day is day 1" if counting == "inclusive" else "the day after is day 1"
            made.append(model.Reading(name=name, counting=counting, words=words))
        if len({m.name for m in made}) < len(made):
            self.context.report("E202", node, "two readings have one name")
        if len({m.counting for m in made}) < len(made):
            self.context.report("E329", node, "two readings say the same", "keep the readings that differ")
        self.facts["readings"] = tuple(made)

    def put(self, key: str, value: object, node: tree.Node) -> None:
        if self.facts.get(key):
            self.context.report("E205", node, "the rule says this twice", "keep one, or write two rules")
            return
        self.facts[key] = value

    def check(self, made: model.Rule) -> None:
        context, node = self.context, self.node
        if made.kind == "prohibition" and made.deadline is not None:
            context.report(
                "E321", node, "a prohibition has no deadline", "say from when it binds with `from …`, until when with `until …`"
            )
        anchors_: list[Anchor] = [a for a in (made.starts, made.ends) if a is not None]
        if made.deadline is not None:
            anchors_.append(made.deadline.anchor)
        counted = next((a for a in anchors_ if times.counts_days(a)), None)
        if made.readings and counted is None:
            context.report("E329", node, "the readings are about counting days, and this rule counts none")
        assumed = [a for a in context.assumptions if a.kind == "days" and a.clause in {None, made.clause}]
        if counted is not None and not made.readings and not assumed:
            context.report(
                "E312",
                node,
                f"the text does not say how days are counted: {times.both_countings(context, counted)}",
                'choose with `assuming days exclusive, because "…".`, or give both readings',
            )
        if made.kind == "permission" and not (made.only_if or made.response_to or made.place or made.starts):
            context.report(
                "W401" if made.things else "E331",
                node,
                f"this permission has no condition, so it lifts every prohibition of `{made.act}` that refers to it",
                "add `only if …` or `in response to …`",
            )


def _fold(context: Context, node: tree.Node) -> str:
    return " ".join(context.source.text[node.start : node.end].split())
