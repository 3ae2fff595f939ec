"""The stream interpreter: facts in, in any order; the outcomes at an instant out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from servanda.locate.facts import Fact
from servanda.outcomes import Evidence, Outcome, Verdict
from servanda.plan import Plan, RulePlan, VerdictOf
from servanda.stream import breach, lapsing, measures, performance, reparation
from servanda.stream.breach import Account, Breach
from servanda.stream.grouping import Grouped, Grouping
from servanda.stream.parting import parted
from servanda.stream.procedure import Procedure
from servanda.stream.proof import bars
from servanda.stream.register import Register, instance_of
from servanda.stream.standing import Condition, GateStanding, Standing, conditions, gates, standings
from servanda.stream.taken import taken
from servanda.stream.timing import by, clipped
from servanda.stream.world import World
from servanda.truth import Truth

BEFORE_SINCE = "before --since"


@dataclass(frozen=True)
class Answer:
    """What the plan gives at one instant.

    Attributes:
        outcomes: One for each instance, in the order of the rules, then of the instances.
        tested: For each observation, how it fared under each prohibition that can take it: (rule, account).
        standing: For each record that does not count, why.
        later: Observations that lie after the instant.
    """

    outcomes: tuple[Outcome, ...]
    tested: dict[str, list[tuple[str, Account]]]
    standing: dict[str, str]
    later: frozenset[str]


@dataclass
class Stream:
    """Runs a plan in process. Facts may come in any order and any batches: the answer is that of the set.

    Attributes:
        plan: What is run.
        since_us: What ended by this instant shows no breach any more, though it still corrects, denies and excuses.
        held: What is made of an outcome that a record which could not be read may turn, before anything hangs on it.
        register: Which facts count.
        grouping: Which of them are of one incident.
        doubt: What of the record could not be read, in words; empty where everything could.
    """

    plan: Plan
    since_us: int | None = None
    held: Callable[[Outcome], Outcome] = field(default=lambda outcome: outcome)
    register: Register = field(init=False)
    grouping: Grouping = field(init=False)
    doubt: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Index the plan."""
        judges = tuple({r.proof: r for r in self.plan.rules}.values())
        self.register = Register(lambda pointer, target: bars(pointer, target, judges))
        self.grouping = Grouping(judges)
        self._numbers = {p: i for i, p in enumerate(self.plan.predicates)}
        self._by_act: dict[str, dict[str, Fact]] = {}
        self._grouped: dict[str, Grouped] = {}
        self._denials: dict[str, Fact] = {}
        self._standing: dict[str, str] = {}
        self._early: set[str] = set()
        self._paths: dict[str, tuple[str, ...]] = {}
        self._instances: dict[str, dict[str, set[str]]] = {r.rule: {} for r in self.plan.rules if r.forbids}
        self._keys: dict[str, tuple[str, str]] = {}
        self._taking: dict[str, list[RulePlan]] = {}
        for rule in self.plan.rules:
            for act, _ in rule.select.acts if rule.forbids else ():
                self._taking.setdefault(act, []).append(rule)
        self._kept: dict[tuple[str, str], tuple[int, int | None, Breach]] = {}

    def add(self, fact: Fact) -> None:
        """Take in a fact."""
        self._settle(self.register.add(fact))

    def remove(self, fact_id: str) -> None:
        """Take out a fact whose id turned out to stand for two contents."""
        changed = self.register.remove(fact_id)
        self._settle(changed)

    def _settle(self, changed: set[str]) -> None:
        for fact_id in changed | self.grouping.update(changed, self.register):
            self._drop(fact_id)
            fact = self.register.facts.get(fact_id)
            if fact is None:
                continue
            standing = self.register.standing(fact_id)
            if standing:
                self._standing[fact_id] = standing
            else:
                self._enter(fact)

    def _drop(self, fact_id: str) -> None:
        self._standing.pop(fact_id, None)
        self._early.discard(fact_id)
        self._paths.pop(fact_id, None)
        self._grouped.pop(fact_id, None)
        if self._denials.pop(fact_id, None) is not None:
            self._kept.clear()
        key, act = self._keys.pop(fact_id, ("", ""))
        self._by_act.get(act, {}).pop(fact_id, None)
        for rule in self._taking.get(act, ()):
            instances = self._instances[rule.rule]
            if fact_id not in instances.get(key, ()):
                continue
            instances[key].discard(fact_id)
            self._kept.pop((rule.rule, key), None)
            if not instances[key]:
                del instances[key]

    def _enter(self, fact: Fact) -> None:
        self._paths[fact.id] = self.register.path(fact.id)
        if fact.denies:
            self._denials[fact.id] = fact
            self._kept.clear()
        own = None if fact.incident is None or self.register.means_record(fact.incident) else fact.incident
        grouped = self.grouping.of(fact, self._paths[fact.id], own)
        if grouped.by or grouped.disputed:
            self._grouped[fact.id] = grouped
        if grouped.incident != fact.incident:
            fact = replace(fact, incident=grouped.incident, reported_incident=fact.incident)
        self._by_act.setdefault(fact.act, {})[fact.id] = fact
        key = instance_of(fact, self._paths[fact.id][-1])
        self._keys[fact.id] = (key, fact.act)
        if self.since_us is not None and fact.latest_us <= self.since_us:
            self._early.add(fact.id)
            return
        for rule in self._taking.get(fact.act, ()):
            self._instances[rule.rule].setdefault(key, set()).add(fact.id)
            self._kept.pop((rule.rule, key), None)

    def standing(self, fact_id: str) -> str:
        """Why a record does not count as an observation; empty where it does."""
        return self._standing.get(fact_id, "")

    def outcomes(self, at_us: int) -> tuple[Outcome, ...]:
        """The outcomes at an instant, in microseconds since the epoch, without the account of every observation."""
        procedure = Procedure(self.world(at_us), self.plan)
        return tuple(
            procedure.file(rule, self._with_groups(o))
            for rule, found, others in self._evaluated(at_us)
            for o in (*_outcomes(found), *others)
        )

    def answer(self, at_us: int) -> Answer:
        """The outcomes at an instant, in microseconds since the epoch, and how every observation fared."""
        outcomes: list[Outcome] = []
        procedure = Procedure(self.world(at_us), self.plan)
        tested: dict[str, list[tuple[str, Account]]] = {}
        for rule, found, others in self._evaluated(at_us):
            outcomes.extend(procedure.file(rule, self._with_groups(o)) for o in (*_outcomes(found), *others))
            for one in found:
                for fact_id, account in one.accounts.items():
                    tested.setdefault(fact_id, []).append((rule.rule, account))
        later = frozenset(i for i, f in self.register.facts.items() if by(f, at_us) is Truth.FALSE)
        return Answer(tuple(outcomes), tested, self._standing | dict.fromkeys(self._early, BEFORE_SINCE), later)

    def taken(self, at_us: int, wanted: Collection[str]) -> Iterator[tuple[str, Fact, Truth]]:
        """For each prohibition, those of the wanted facts that are, or may be, what it forbids, and whether surely."""
        world, counting = self._knowing(at_us), frozenset(wanted) - self._early
        for rule in self.plan.rules:
            if rule.forbids:
                yield from ((rule.rule, fact, value) for fact, value in taken(world, rule, counting))

    def standings(self, at_us: int) -> Iterator[Standing]:
        """How every rule stands at an instant, in microseconds since the epoch, for each of those it binds."""
        return standings(self._knowing(at_us), self.plan)

    def gates(self, at_us: int) -> Iterator[GateStanding]:
        """How every gate stands at an instant, in microseconds since the epoch."""
        return gates(self.world(at_us), self.plan)

    def conditions(self, at_us: int) -> Iterator[Condition]:
        """How it stands, at an instant, with every act by which a party comes to be bound."""
        return conditions(self.world(at_us), self.plan)

    def ungrouped(self, group_id: str) -> str:
        """Why a group record that counts groups nothing; empty where it groups something."""
        if group_id not in self.grouping.groups:
            return self.grouping.lacks(self.register.facts[group_id])
        if any(group_id in g.by for g in self._grouped.values()):
            return ""
        others = sorted({o for g in self._grouped.values() if group_id in g.disputed for o in g.disputed} - {group_id})
        return f"groups nothing: {', '.join(others)} says otherwise" if others else "groups no record that counts here"

    def _with_groups(self, outcome: Outcome) -> Outcome:
        """An outcome that rests on observations of a group rests on the record that groups them."""
        groups = {
            g for e in outcome.evidence if e.observation in self._grouped for g in self._grouped[e.observation].by
        }
        if not groups:
            return outcome
        evidence = (*outcome.evidence, *(Evidence(g, "groups") for g in sorted(groups)))
        return replace(outcome, evidence=evidence)

    def counting(self, fact_id: str) -> Fact | None:
        """A fact as it counts, in the incident where it belongs; None where it does not count."""
        if fact_id in self._denials:
            return self._denials[fact_id]
        return self._by_act[self._keys[fact_id][1]][fact_id] if fact_id in self._keys else None

    def key(self, fact_id: str) -> str:
        """What an instance of which a fact is part is called after; empty where it is part of none."""
        return self._keys.get(fact_id, ("", ""))[0]

    def prohibiting(self, act: str) -> list[RulePlan]:
        """The prohibitions that take an act."""
        return self._taking.get(act, [])

    def incident(self, world: World, rule: RulePlan, key: str) -> Outcome | None:
        """What became of one incident under a prohibition; None where it is none, or no breach."""
        ids = self._instances[rule.rule].get(key)
        if not ids:
            return None
        facts = tuple(clipped(self._by_act[self._keys[i][1]][i], world.at_us) for i in sorted(ids))
        outcome = breach.evaluate(world, rule, key, facts).outcome
        return None if outcome is None else self._with_groups(resting(world, rule, outcome))

    def others(
        self, world: World, rule: RulePlan, verdicts: Mapping[str, Sequence[Outcome]] | None = None
    ) -> list[Outcome]:
        """What a rule gives that is no prohibition, in the world that is given; `verdicts` are those it waits for."""
        return [self._with_groups(outcome) for outcome in self._made(world, rule, verdicts or {})]

    def remainder(self, world: World, rule: RulePlan) -> Outcome:
        """What a prohibition gives under which nothing was seen."""
        return self._with_groups(resting(world, rule, breach.remainder(world, rule)))

    def whole(
        self, world: World, rule: RulePlan, verdicts: Mapping[str, Sequence[Outcome]] | None = None
    ) -> list[Outcome]:
        """Everything a rule gives, evaluated at once; `verdicts` are those it waits for."""
        found, others = self._of(world, rule, verdicts or {})
        return [self._with_groups(outcome) for outcome in (*_outcomes(found), *others)]

    def of_period(self, world: World, rule: RulePlan, bearer: str, period: str) -> list[Outcome]:
        """What a rule about how much in each period gives for one bearer in one period."""
        return self._rested(world, rule, measures.of_period(world, rule, bearer, period))

    def of_no_period(self, world: World, rule: RulePlan, bearer: str, told: Sequence[Collection[str]]) -> list[Outcome]:
        """What it gives for one bearer for the periods that nobody tells of, given those that somebody tells of."""
        return self._rested(world, rule, measures.of_no_period(world, rule, bearer, told))

    def of_episodes(self, world: World, rule: RulePlan, bearer: str) -> list[Outcome]:
        """What a rule about how much in any stretch of time gives for one bearer: what was, or may be, too much."""
        return self._rested(world, rule, measures.of_episodes(world, rule, bearer))

    def of_no_episode(self, world: World, rule: RulePlan, bearer: str, limit: str) -> list[Outcome]:
        """What it gives for one bearer and one limit where nothing was, or may be, too much."""
        return self._rested(world, rule, measures.of_no_episode(world, rule, bearer, limit))

    def _rested(self, world: World, rule: RulePlan, outcomes: Iterable[Outcome]) -> list[Outcome]:
        return [self._with_groups(resting(world, rule, outcome)) for outcome in outcomes]

    def awaited(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """What a rule gave, as another waits for it: by itself, and as far as it may be said beside what was set aside.

        Without what is on record about it, and without the records that group what it rests on.
        """
        return [
            replace(held, filed=(), evidence=tuple(e for e in held.evidence if e.role != "groups"))
            for held in map(self.held, outcomes)
        ]

    def filed(self, world: World, rule: RulePlan, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Outcomes of a rule with what is on record about them in the world that is given."""
        procedure = Procedure(world, self.plan)
        return [procedure.file(rule, outcome) for outcome in outcomes]

    def _on_record(
        self, world: World, marks: VerdictOf, verdicts: Mapping[str, Sequence[Outcome]]
    ) -> Mapping[str, Sequence[Outcome]]:
        """What rules gave, with what is on record about it where that marks."""
        if not marks.determined:
            return verdicts
        procedure, named = Procedure(world, self.plan), [r for r in self.plan.rules if r.rule in marks.rules]
        return {r.rule: [procedure.file(r, outcome) for outcome in verdicts.get(r.rule, ())] for r in named}

    def forget(self, facts: set[str]) -> None:
        """Let go of facts that nothing else here speaks of, as though they had never come."""
        for fact_id in facts:
            self._drop(fact_id)
            self.grouping.forget(fact_id)
            self.register.forget(fact_id)

    def _knowing(self, at_us: int) -> World:
        """What rules look at, once what they have to know of one another's violations is known."""
        world = self.world(at_us)
        if any(rule.lapses for rule in self.plan.rules):
            for _ in self._evaluated_in(world):
                pass
        return world

    def world(
        self, at_us: int, near: dict[str, dict[str, Fact]] | None = None, denials: dict[str, Fact] | None = None
    ) -> World:
        """What rules look at: everything that counts, or only what is given."""
        by_act = self._by_act if near is None else near
        denied = self._denials if denials is None else denials
        zone, agreement, means_record = self.plan.zone, self.plan.agreement, self.register.means_record
        paths, since_us = self._paths, self.since_us
        return World(zone, at_us, by_act, denied, self._numbers, paths, since_us, means_record, agreement, self.doubt)

    def _made(self, world: World, rule: RulePlan, verdicts: Mapping[str, Sequence[Outcome]]) -> list[Outcome]:
        """Every outcome of a rule that is no prohibition, given those of the rules that it waits for."""
        if rule.beyond:
            found = measures.evaluate(world, rule)
        elif rule.breach is not None:
            found = reparation.evaluate(world, rule, self._on_record(world, rule.breach, verdicts))
        else:
            found = performance.evaluate(world, rule)
        return [resting(world, rule, outcome) for outcome in found]

    def _evaluated(self, at_us: int) -> Iterator[tuple[RulePlan, list[Breach], list[Outcome]]]:
        """Each rule with what became of its incidents, and its other outcomes."""
        yield from self._evaluated_in(self.world(at_us))

    def _evaluated_in(self, world: World) -> Iterator[tuple[RulePlan, list[Breach], list[Outcome]]]:
        made: dict[str, tuple[list[Breach], list[Outcome]]] = {}
        verdicts: dict[str, list[Outcome]] = {}
        for rule in self.plan.in_order:
            found, made_of = self._of(world, rule, verdicts)
            others = [self.held(o) for o in made_of]
            made[rule.rule] = found, others
            if rule.rule in self.plan.awaited:
                ever = self._ever(world, rule, found) if rule.forbids else _outcomes(found)
                verdicts[rule.rule] = [*ever, *others]
        for rule in self.plan.rules:
            yield rule, *made[rule.rule]

    def _of(
        self, world: World, rule: RulePlan, verdicts: Mapping[str, Sequence[Outcome]]
    ) -> tuple[list[Breach], list[Outcome]]:
        """What became of the incidents of one rule, and its other outcomes."""
        for lapse in rule.lapses:
            world.violations[lapse.marks] = self._on_record(world, lapse.marks, verdicts)
        if rule.beyond or not rule.forbids:
            return [], self._made(world, rule, verdicts)
        found = [self._breach(world, rule, key) for key in sorted(self._instances[rule.rule])]
        breached = any(o.verdict is not Verdict.NOT_APPLICABLE for o in _outcomes(found))
        return found, [] if breached else [resting(world, rule, breach.remainder(world, rule))]

    def _ever(self, world: World, rule: RulePlan, found: list[Breach]) -> list[Outcome]:
        """The breaches of a rule, those included that ended before --since: a duty that one triggered goes on."""
        early: dict[str, list[Fact]] = {}
        for fact in world.of(rule.select) if self._early else ():
            early.setdefault(self._keys[fact.id][0], []).append(fact)
        early = {key: facts for key, facts in early.items() if any(f.id in self._early for f in facts)}
        outcomes = [o for o in _outcomes(found) if o.instance not in early]
        again = [breach.evaluate(world, rule, k, tuple(sorted(f, key=lambda x: x.id))) for k, f in early.items()]
        return [*outcomes, *(resting(world, rule, outcome) for outcome in _outcomes(again))]

    def _breach(self, world: World, rule: RulePlan, key: str) -> Breach:
        kept = self._kept.get((rule.rule, key))
        if kept is not None and kept[0] <= world.at_us and (kept[1] is None or world.at_us < kept[1]):
            return kept[2]
        ids = sorted(self._instances[rule.rule][key])
        facts = tuple(clipped(self._by_act[self._keys[i][1]][i], world.at_us) for i in ids)
        found = breach.evaluate(world, rule, key, facts)
        if found.outcome is not None:
            found.outcome = resting(world, rule, found.outcome)
        lasting = any(f.kind == "throughout" and f.latest_us > world.at_us for f in facts)
        elsewhere = rule.unless or rule.gates or rule.joining or rule.lapses or len(rule.selects) > 1
        if not elsewhere and not lasting:
            ahead = [t for f in facts for t in (f.earliest_us, f.latest_us) if t > world.at_us]
            self._kept[(rule.rule, key)] = (world.at_us, min(ahead, default=None), found)
        return found


def resting(world: World, rule: RulePlan, outcome: Outcome) -> Outcome:
    """An outcome with what it rests on besides its own facts, and where readings part on it."""
    return parted(world, rule, lapsing.resting(world, rule, outcome))


def _outcomes(found: list[Breach]) -> list[Outcome]:
    return [one.outcome for one in found if one.outcome is not None]
