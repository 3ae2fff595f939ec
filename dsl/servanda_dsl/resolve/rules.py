"""Clauses and rules, from trees to rule objects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, cast

from servanda_dsl import model, tree
from servanda_dsl.anchors import Instant, Unmet, counts_days
from servanda_dsl.assumptions import LAPSES
from servanda_dsl.diagnostics import Severity
from servanda_dsl.resolve import breaches, excepting, figures, lapsing, measures, places, ratios, times
from servanda_dsl.resolve.assume import act_name
from servanda_dsl.resolve.declarations import is_category, is_object, not_fitting, weapon_name
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from lark import Token

    from servanda_dsl.resolve.context import Context

_CALLED = {
    "starts": "beginning",
    "ends": "end",
    "only_if": "list of conditions",
    "response_to": "act it responds to",
    "other_than": "list of what is left out",
    "counterpart": "recipient",
    "exceptions": "list of exceptions",
    "breach": "trigger",
    "quoted": "list of conditions",
    "including": "list of parts",
}
"""What a message calls a fact, where that is not its own name."""

_DEADLINES: dict[type[tree.Node], Literal["within", "no later than", "by", "before"]] = {
    tree.Within: "within",
    tree.NoLaterThan: "no later than",
    tree.By: "by",
    tree.Before: "before",
}

Kind = Literal["prohibition", "obligation", "permission"]


def clause(context: Context, node: tree.Clause) -> None:
    """A clause; what follows it, until the next, stands beneath it."""
    context.clause = node
    label = str(node.label.token)
    if any(c.label == label for c in context.clauses):
        context.report(
            "E202",
            node.label,
            f"clause {label} stands twice",
            "give this one its own number, or put its rules beneath the first",
        )
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
        context.report("E203", node, f"rule {node.letter} stands beneath no clause", 'begin with `clause 1 "…".`')
        return
    current = context.clauses[-1]
    if current.not_monitored is not None:
        context.report(
            "E204",
            node,
            f"clause {current.label} is not monitored and cannot have rules",
            "delete `not monitored because …`, or the rule",
        )
    if any(r.letter == str(node.letter) for r in current.rules):
        context.report(
            "E202",
            node.letter,
            f"rule {node.letter} of clause {current.label} stands twice",
            "give this one the next letter",
        )
        return
    made = _RuleMaker(context, node, current.label).make()
    context.clauses[-1] = current.model_copy(update={"rules": (*current.rules, made)})


def quiet(context: Context, node: tree.Gate, name: str, parts: list[object]) -> model.Rule:
    """What has to stay away for a gate to open, as a ban on every party."""
    maker = _RuleMaker(context, cast("tree.Rule", node), "")
    context.rule = f"gate/{name}"
    maker.facts = {
        "id": context.rule,
        "clause": "",
        "letter": name,
        "bearer": model.Bearer(written="a party", parties=context.parties),
        "text": _fold(context, node),
        "where": context.where(node),
    }
    maker.phrase(cast("tree.Phrase", node.items[3]), "permission")  # an effect may be what has to stay away
    for part in parts:
        if isinstance(part, tree.GateFrom):
            maker.put("starts", times.anchor(context, part.start_anchor), part)
        elif not isinstance(part, tree.Certifies):
            maker.qualifier(cast("tree.Node", part))
    if "other_than" in maker.nodes:
        left_out = cast("list[Token]", cast("tree.OtherThan", maker.nodes["other_than"]).items)
        maker.fitting(str(maker.facts["act"]), left_out)
    return model.Rule(**maker.facts, kind="prohibition")


@dataclass
class _RuleMaker:
    context: Context
    node: tree.Rule
    label: str
    facts: dict[str, object] = field(default_factory=dict)
    nodes: dict[str, tree.Node] = field(default_factory=dict)
    """Where each fact is said."""

    def make(self) -> model.Rule:
        node = self.node
        self.context.rule = f"{self.label}/{node.letter}"
        self.facts = {
            "id": self.context.rule,
            "clause": self.label,
            "letter": str(node.letter),
            "heading": None if node.heading is None else tree.unquote(node.heading),
            "text": _fold(self.context, node),
            "where": self.context.where(node),
        }
        if isinstance(node.body, tree.NotMonitored):
            return model.Rule(**self.facts, kind="not-monitored", not_monitored=node.body.because.value)
        items = node.body.items
        *leads, phrase, directs, qualifiers, burden, readings = items
        if isinstance(leads[-1], tree.AtNoTime):
            inverted = cast("tree.AtNoTime", leads.pop())
            subject, kind = cast("tree.Node", inverted.subject), self.at_no_time(inverted)
        else:
            modal, subject = cast("tree.Modal", leads.pop()), cast("tree.Node", leads.pop())
            kind = self.kind(subject, modal)
        for lead in leads:
            self.qualifier(cast("tree.Node", lead))
        limits = cast("tree.Limits | None", cast("tree.Phrase", phrase).items[-1])
        self.bearer(subject, kind, limited=limits is not None)
        self.phrase(cast("tree.Phrase", phrase), kind)
        for item in (*cast("tree.Directs", directs).items, *cast("tree.Qualifiers", qualifiers).items):
            self.qualifier(cast("tree.Node", item))
        if "other_than" in self.nodes and "act" in self.facts:
            self.fitting(
                str(self.facts["act"]), cast("list[Token]", cast("tree.OtherThan", self.nodes["other_than"]).items)
            )
        if not excepting.check(self.context, kind, self.nodes, cast("tree.Burden | None", burden)):
            self.facts["exceptions"] = ()
        if burden is not None:
            self.facts["burden"] = excepting.burden(self.context, cast("tree.Burden", burden))
            self.nodes["burden"] = cast("tree.Burden", burden)
        if readings is not None:
            self.readings(cast("tree.Readings", readings))
        whole = self.measured(limits, kind)
        made = model.Rule(**self.facts, kind=whole)
        self.check(made)
        if limits is not None:
            ratios.check_rule(self.context, made, self.nodes, limits)
        return made

    def measured(self, limits: tree.Limits | None, kind: Kind) -> Kind | Literal["maintenance"]:
        """The kind of rule, once it is known whether it limits how much."""
        period, parts = self.nodes.get("period"), self.nodes.get("including")
        if limits is None:
            for odd in (period, parts):
                if odd is not None:
                    measures.without_limit(self.context, odd)
            return kind
        if kind == "permission":
            self.context.report(
                "E370", limits, "a permission lifts a rule and limits nothing", "write `each party shall … at most`"
            )
        measures.together(self.context, limits, self.facts, self.nodes)
        said = measures.Said(limits, cast("measures.Period | None", period), cast("tree.Including | None", parts))
        act = str(self.facts.get("act", ""))
        self.facts["measure"] = measures.measure(self.context, said, act, forbidden=kind == "prohibition")
        return "maintenance"

    def at_no_time(self, node: tree.AtNoTime) -> Kind:
        if isinstance(node.subject, tree.NoParty):
            self.context.report(
                "E320", node, "`at no time shall no party` negates twice", "write `at no time shall a party`"
            )
        return "prohibition"

    def kind(self, subject: tree.Node, modal: tree.Modal) -> Kind:
        negated = modal.negation is not None
        none = isinstance(subject, tree.NoParty)
        if none and negated:
            self.context.report(
                "E320",
                modal,
                f"`no party … {modal.word} not` negates twice",
                "write `no party shall` or `each party shall`",
            )
        if none or negated:
            return "prohibition"
        return "obligation" if modal.word.type == "SHALL" else "permission"

    def bearer(self, subject: tree.Node, kind: Kind, *, limited: bool = False) -> None:
        context = self.context
        parties = context.parties
        match subject:
            case tree.Named():
                names = cast("list[Token]", subject.names.items)
                legal = [a.name for a in context.actors.values() if a.kind != "non-party"]
                parties = tuple(_declared(str(n), legal) for n in names)
                for name, meant in zip(names, parties, strict=True):
                    if meant not in legal:
                        context.unknown("party declared here", name, legal, f'declare it: `party {name} "…".`')
                written = " and ".join(parties)
            case tree.EveryParty():
                written = "each party"
            case tree.ThatParty():
                written = "that party"
            case tree.NoParty():
                written = "no party"
            case _:
                written = "a party"
                if kind == "obligation" and not limited:
                    context.report(
                        "E323",
                        subject,
                        "`a party shall` does not say which party",
                        "write `each party shall`, or name it",
                    )
        if not parties and not context.told("E324") and not context.broken:
            context.report(
                "E324", subject, "no party is declared, so nobody bears this rule", 'add `party name "Title".`'
            )
        of_trigger, by = isinstance(subject, tree.ThatParty), self.facts.get("trigger_by")
        if of_trigger and by in parties:
            parties = (str(by),)
        elif of_trigger and by is not None and by in context.actors:
            context.report(
                "E325",
                subject,
                f"`that party` points to no party: {by} is none",
                f"name who has the duty, such as `{by} shall …`, or say `by a party`",
            )
        self.facts["bearer"] = model.Bearer(written=written, parties=parties, of_trigger=of_trigger)
        if of_trigger and not {"trigger", "breach"} & self.facts.keys():
            context.report(
                "E325",
                subject,
                "`that party` points to no party",
                "begin with `After each … by a party, that party shall …`",
            )

    def phrase(self, phrase: tree.Phrase, kind: Kind) -> None:
        context = self.context
        *words, objects, _ = phrase.items
        tokens = cast("list[Token]", words)
        acts = context.vocabulary.acts
        for length in range(len(tokens), 0, -1):
            name = context.vocabulary.meant("-".join(str(t) for t in tokens[:length]))
            if name in acts:
                break
        else:
            self.unknown_act(tokens, kind)
            return
        rest = tokens[length:]
        if objects is not None:
            rest = [*rest, *cast("list[Token]", cast("tree.Alternatives", objects).items)]
        if len(tokens) - length > 1:
            self.one_thing_too_many(tokens[length:])
            rest = []
        self.facts["act"] = name
        self.facts["things"] = tuple(str(t) for t in rest if weapon_name(context, t))
        self.fitting(name, rest)
        if name in acts and acts[name].kind == "effect" and kind != "permission":
            context.report(
                "E322",
                tokens[0],
                f"`{name}` is an effect, something seen or heard of an act, and binds nobody",
                f'name the act, such as `fire`, and say `assuming {name} counts as fire, because "…".`',
            )

    def fitting(self, act: str, things: list[Token]) -> None:
        """An act is done to objects or with weapons; the other kind would match nothing, or something else."""
        known = self.context.vocabulary.acts.get(act)
        takes = known is not None and known.objects
        things = [t for t in things if known is not None and is_category(self.context, str(t))]
        for thing in things:
            if is_object(self.context, str(thing)) != takes:
                not_fitting(self.context, thing, f"`{act}` takes a category", objects=takes)

    def unknown_act(self, tokens: list[Token], kind: Kind) -> None:
        context = self.context
        self.facts["act"] = str(tokens[0])
        acts = context.vocabulary.acts
        if len(tokens) > 1 and kind != "prohibition" and nearest(tokens[0], ["not"]):
            context.report(
                "E201",
                tokens[0],
                f"`{tokens[0]}` is no act of the vocabulary",
                "did you mean `not`?",
                suggestions=("not",),
            )
            return
        for length in range(len(tokens), 1, -1):
            suggestions = nearest("-".join(str(t) for t in tokens[:length]), acts)
            if suggestions:
                place = context.source.place(tokens[0].start_pos or 0, tokens[length - 1].end_pos)
                written = " ".join(str(t) for t in tokens[:length])
                context.report(
                    "E201",
                    place,
                    f"`{written}` is no act of the vocabulary",
                    did_you_mean(suggestions),
                    suggestions=suggestions,
                )
                return
        context.unknown("act of the vocabulary", tokens[0], acts)

    def one_thing_too_many(self, words: list[Token]) -> None:
        place = self.context.source.place(words[0].start_pos or 0, words[-1].end_pos)
        written = [str(w) for w in words]
        self.context.report(
            "E326",
            place,
            f"`{' '.join(written)}` is more than one word for one thing",
            f"write one name as `{'-'.join(written)}`, several things as `of {' or '.join(written)}`",
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
            case tree.WhileMet():
                self.put("ends", lapsing.unmet(context, node), node)
            case tree.AfterEach():
                if act_name(context, node.act):
                    self.put("trigger", str(node.act), node)
                if node.who.type == "NAME":
                    self.triggered_by(node.who)
            case tree.AfterViolation() | tree.AfterDetermination():
                self.put("breach", breaches.breach(context, node), node)
            case tree.Within() | tree.NoLaterThan() | tree.By() | tree.Before():
                self.deadline(node)
            case tree.ExceptAs() | tree.ExceptForbidden():
                refs = tuple(times.rule_id(context, cast("tree.RuleRef", r)) for r in node.items)
                self.put("exceptions", refs, node)
            case tree.OnlyIf():
                records = [r.act for r in node.items if isinstance(r, tree.Record)]
                quoted = excepting.quoted(context, node)
                if quoted:
                    self.put("quoted", quoted, node)
                if records:
                    self.facts["only_if_before"] = any(isinstance(r, tree.BeforeIt) for r in node.items)
                    self.facts["only_if_in_turn"] = excepting.in_turn(context, node, len(records))
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
                self.how_much(node)

    def how_much(self, node: tree.Node) -> None:
        """The phase in which it binds, or a part of a limit; else a place."""
        match node:
            case tree.During():
                self.during(node)
            case tree.EachDay() | tree.EachMonth():
                self.note("period", node)
                if node.span is not None:
                    self.qualifier(node.span)
            case tree.InAny():
                self.note("period", node)
            case tree.Including():
                self.note("including", node)
            case _:
                self.place(node)

    def during(self, node: tree.During) -> None:
        """The span of a phase as that of the rule; what the phase waits for, the rule waits for."""
        phase = self.context.phases.get(str(node.phase))
        if phase is None:
            legal = self.context.phases
            declare = f'declare it: `phase {node.phase} "…" from … until ….`'
            self.context.unknown("phase declared here", node.phase, legal, declare)
            return
        self.put("starts", phase.starts, node)
        if phase.ends is not None:
            self.put("ends", phase.ends, node)
        self.facts["phase"] = phase.name
        for reference in [r for r in self.context.references if r.rule == f"phase/{phase.name}"]:
            self.context.references.append(replace(reference, rule=self.context.rule, copied=True))

    def place(self, node: tree.Node) -> None:
        """One more place; all of them must hold."""
        place = places.place(self.context, node)
        if place is None:
            return
        given = cast("tuple[model.Place, ...]", self.facts.get("places", ()))
        places.check_together(self.context, node, given, place)
        places.check_act(self.context, node, place, str(self.facts.get("act", "")))
        self.facts["places"] = (*given, place)

    def deadline(self, node: tree.Within | tree.NoLaterThan | tree.By | tree.Before) -> None:
        """Put by when a duty has to be done; the word says whether the last day counts."""
        word, counted = _DEADLINES[type(node)], node.offset if isinstance(node, tree.Within) else node.anchor
        self.put("deadline", model.Deadline(word=word, anchor=times.anchor(self.context, counted)), node)

    def triggered_by(self, who: Token) -> None:
        """Keep who has to have done what triggers the rule; anybody declared may, whether bound or not."""
        if str(who) in self.context.actors:
            self.facts["trigger_by"] = str(who)
            return
        legal = self.context.actors
        self.context.unknown("party, monitor or body declared here", who, legal, f'declare it: `party {who} "…".`')

    def recipients(self, node: tree.Recipient) -> None:
        names = cast("list[Token]", node.names.items)
        for name in names:
            if str(name) not in self.context.actors:
                self.context.unknown("party or monitor declared here", name, self.context.actors)
        self.put("counterpart", tuple(str(n) for n in names), node)

    def readings(self, node: tree.Readings) -> None:
        made: list[model.Reading] = []
        for item in cast("list[tree.Reading]", node.items):
            name = tree.unquote(item.name)
            match item.rule:
                case tree.LapseByViolation() | tree.LapseByDetermination():
                    by = lapsing.by(self.context, item.rule)
                    made.append(model.Reading(name=name, lapse=by, words=f"it {LAPSES[by]}"))
                    continue
                case tree.Recorded():
                    when = excepting.recorded(item.rule)
                    made.append(model.Reading(name=name, recorded=when, words=excepting.RECORDED[when]))
                    continue
                case tree.DaysCounted() as days:
                    counting = figures.counting(days.how)
                case tree.FirstDay() | tree.DayAfter() as counted:
                    counting = "inclusive" if isinstance(counted, tree.FirstDay) else "exclusive"
                    if str(counted.number) != "1":
                        self.context.report(
                            "E302", counted.number, "a reading says which day is day 1", "write `as day 1`"
                        )
            words = "the first day is day 1" if counting == "inclusive" else "the day after is day 1"
            made.append(model.Reading(name=name, counting=counting, words=words))
        if len({m.name for m in made}) < len(made):
            self.context.report("E202", node, "two readings have one name", "give each its own")
        elif len({(m.counting, m.lapse, m.recorded) for m in made}) < len(made):
            self.context.report("E329", node, "two readings say the same", "keep the readings that differ")
        elif len({(m.lapse is None, m.recorded is None) for m in made}) > 1:
            message = "the readings of one rule are about different things"
            self.context.report("E329", node, message, "give the readings of one of them, and settle the others")
        self.put("readings", tuple(made), node)

    def note(self, key: str, node: tree.Node) -> None:
        """Keep a part of what a limit is made from until all of it is known."""
        if key in self.nodes:
            self.context.report(
                "E205", node, f"the rule gives a second {_CALLED.get(key, key)}", "keep one, or write two rules"
            )
            return
        self.nodes[key] = node

    def put(self, key: str, value: object, node: tree.Node) -> None:
        if self.facts.get(key):
            self.context.report(
                "E205", node, f"the rule gives a second {_CALLED.get(key, key)}", "keep one, or write two rules"
            )
            return
        self.facts[key] = value
        self.nodes[key] = node

    def check(self, made: model.Rule) -> None:
        context, node = self.context, self.node
        breaches.check_rule(context, made, self.nodes)
        lapsing.check_rule(context, made, self.nodes)
        excepting.check_readings(context, made, self.nodes)
        if made.kind == "prohibition" and made.deadline is not None:
            context.report(
                "E321",
                self.nodes["deadline"],
                "a prohibition has no deadline",
                "say from when it binds with `from …`, until when with `until …`",
            )
        due = None if made.deadline is None else made.deadline.anchor
        shown = None if made.burden is None else made.burden.within
        given = (("starts", made.starts), ("ends", made.ends), ("deadline", due), ("burden", shown))
        counted = [(self.nodes[key], anchor) for key, anchor in given if anchor is not None and counts_days(anchor)]
        if made.reads_lapse and not isinstance(made.ends, Unmet):
            context.report(
                "E329",
                self.nodes["readings"],
                "the readings are about how the rule lapses, and nothing has to be met while it holds",
                "delete the readings, or write `while the obligations of … are met`",
            )
        if made.reads_days and not counted and all(r.counting for r in made.readings):
            context.report(
                "E329",
                self.nodes["readings"],
                "the readings are about counting days, and this rule counts none",
                "delete the readings",
            )
        assumed = [a for a in context.assumptions if a.kind == "days" and a.clause in {None, made.clause}]
        if counted and not made.reads_days and not assumed and not context.unread_assumption:
            at, anchor = counted[0]
            context.report(
                "E312",
                at,
                f"the text does not say how days are counted: {times.both_countings(context, anchor)}",
                'choose with `assuming days exclusive, because "…".`, or give both readings',
            )
        if isinstance(made.ends, Instant) and made.ends.time is None:
            day = f"{made.ends.date.day} {made.ends.date:%B %Y}"
            context.report(
                "W402",
                node,
                f"`until {made.ends.date}` leaves {day} out: the rule ends as that day begins",
                "write the hour, such as `00:00`, if that is meant, or `24:00` to include the day",
                severity=Severity.WARNING,
            )
        if made.kind == "permission" and not _has_a_condition(made):
            lifted = f"`{made.act}`" + (" of these things" if made.things else "")
            context.report(
                "W401" if made.things else "E334",
                node,
                f"this permission has no condition, so it lifts every prohibition of {lifted} that refers to it",
                "add `only if …` or `in response to …`",
                severity=Severity.WARNING if made.things else Severity.ERROR,
            )


def _has_a_condition(made: model.Rule) -> bool:
    """Whether a permission asks for something, or is cut back, so that it does not lift every prohibition."""
    asked = made.only_if or made.quoted or made.response_to
    return bool(asked or made.places or made.starts or made.exceptions)


def _declared(name: str, legal: list[str]) -> str:
    """A name as it is declared: at the beginning of a sentence it may have a capital."""
    small = name[:1].lower() + name[1:]
    return small if name not in legal and small in legal else name


def _fold(context: Context, node: tree.Node) -> str:
    return " ".join(context.source.text[node.start : node.end].split())
