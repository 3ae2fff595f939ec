"""The status as an adviser reads it: what binds, what waits, what is over, and what has to be done by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from servanda import moments
from servanda.findings import words
from servanda_dsl import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servanda.status import Duty, Stand, Status

STATES = {
    "in-force": ("In force", "bold green"),
    "open": ("Perhaps in force: nobody can say", "bold yellow"),
    "not-yet": ("Not yet in force", "bold blue"),
    "dormant": ("Waiting for what has not come", "bold blue"),
    "ended": ("Over", "bold"),
    "not-bound": ("Binding nobody: who would bear it did not come to be bound in time", "bold"),
}


def status_table(status: Status) -> RenderableType:
    """The whole status for a terminal."""
    agreement, read = status.agreement, status.result.read
    seen = f"{read} observations" if read else "no observations: what they would fix or show is taken as not seen"
    zone = agreement.time_zone
    parts: list[RenderableType] = [
        Text(agreement.title, "bold underline"),
        Text(f"How things stand at {moments.say(status.at_us, zone)} {zone}, by {seen}"),
    ]
    for state, (title, style) in STATES.items():
        stands = [s for s in status.stands if s.state == state]
        if stands:
            parts += [Text(f"\n{title}", style), _stands(status, stands)]
    if status.conditions:
        parts += [Text("\nWho is bound by an act of its own", "bold"), _conditions(status)]
    if status.gates:
        parts += [Text("\nGates", "bold"), _gates(status)]
    days = f"{status.days} day" + ("" if status.days == 1 else "s")
    titles = {
        "past": "Past the deadline, and not known to be done",
        "may-be-past": "Perhaps past the deadline, of which nobody can say when it is exactly",
        "soon": f"Due in the next {days}",
        "later": "Due later",
        "waiting": "Due, once what the date counts from has come",
        "no-deadline": "To be done, without a deadline",
        "done-late": "Reported done, after the deadline",
        "done": "Done",
    }
    for state, title in titles.items():
        duties = [d for d in status.duties if d.state == state]
        if duties:
            parts += [Text(f"\n{title}", "bold"), _duties(duties)]
        elif state == "soon":
            parts.append(Text(f"\nNothing falls due in the next {days}.", "bold"))
    unseen = status.result.not_monitored
    if unseen:
        names = prose.join([f"{'rule' if '/' in name else 'clause'} {name}" for name in unseen])
        parts.append(Text(f"\nNot monitored, so not said here: {names}.", "dim"))
    return Group(*parts)


def _conditions(status: Status) -> Table:
    """Which conditions are met, by whom, since when and on which record; and which are not."""
    agreement, zone = status.agreement, status.agreement.time_zone
    rows = Table.grid(padding=(0, 2, 0, 2))
    for one in status.conditions:
        on = f" ({prose.join(one.records)})" if one.records else ""
        if one.since is not None:
            said = f"bound since {moments.say_bounds(one.since, zone)}{on}"
        elif one.state == "failed":
            said = f"not bound: done too late{on}" if one.late else f"not bound: not done ({prose.join(one.watched)})"
        elif one.state == "not-met":
            said = f"not bound so far: not done ({prose.join(one.watched)})" if one.watched else "not bound so far"
        else:
            said = "nobody can say: " + (f"what is on record{on} does not settle it" if on else "none is on record")
            if one.unseen_from is not None:
                until = moments.say(one.unseen_from, zone)
                said += f"; until {until} it was not done ({prose.join(one.watched)})"
        about = Text(f"{prose.joining(agreement, one.party)}.")
        about.append(f"\n{said}", "cyan")
        rows.add_row(Text(one.party, "bold", no_wrap=True), about)
    return rows


def _gates(status: Status) -> Table:
    """How each gate stands: since when it is open, or when it can open at the earliest, and how quiet it has been."""
    agreement, zone = status.agreement, status.agreement.time_zone
    rows = Table.grid(padding=(0, 2, 0, 2))
    for one in status.gates:
        gate = agreement.gate(one.gate)
        about = Text(prose.read_gate(agreement, gate))
        if one.opens is None:
            said = f"shut; it waits for {one.waits_for}"
        elif one.state == "open":
            said = f"open since {moments.say_bounds(one.opens, zone)}"
        elif one.state == "shut":
            said = f"shut; it cannot open before {moments.say(one.opens.earliest_us, zone)}"
        else:
            said = f"perhaps open, not before {moments.say(one.opens.earliest_us, zone)}: nobody can say"
        if one.quiet_since is not None:
            said += f"; surely quiet since {moments.say(one.quiet_since, zone)}"
        about.append(f"\n{said}", "cyan")
        rows.add_row(Text(one.gate, "bold", no_wrap=True), about)
    return rows


def _stands(status: Status, stands: list[Stand]) -> Table:
    agreement = status.agreement
    rows = Table.grid(padding=(0, 2, 0, 2))
    for name in dict.fromkeys(s.rule for s in stands):
        about = Text(prose.read_rule(agreement, agreement.rule(name)))
        for stand in stands:
            if stand.rule == name:
                about.append("\n" + "; ".join(_times(status, stand)), "cyan")
        rows.add_row(Text(name, "bold", no_wrap=True), about)
    return rows


def _times(status: Status, stand: Stand) -> Iterator[str]:
    agreement, zone = status.agreement, status.agreement.time_zone
    yield prose.join([agreement.title_of(b) for b in stand.bearers])
    if stand.readings:
        yield prose.join([f"with {words.read_as(rule, reading)}" for rule, reading in stand.readings])
    if stand.waits_for:
        yield f"waits for {stand.waits_for}"
    if stand.since is not None:
        yield f"{'from' if stand.state == 'not-yet' else 'since'} {moments.say_bounds(stand.since, zone)}"
    if stand.until is not None and stand.until.latest_us >= moments.NEVER_US:
        yield f"perhaps until {moments.say(stand.until.earliest_us, zone)}"
    elif stand.until is not None:
        yield f"until {moments.say_bounds(stand.until, zone)}"
    if stand.lapse:
        yield f"{'' if stand.state == 'ended' else 'perhaps '}ended by finding {prose.join(stand.lapse, 'or')}"
    if stand.open_end:
        yield f"until {stand.open_end}, and nobody knows when that is"


def _duties(duties: list[Duty]) -> Table:
    rows = Table.grid(padding=(0, 2, 0, 2))
    for found in (d.finding for d in duties):
        said = Text(found.because.split(": ", 1)[1])
        rows.add_row(Text(found.rule, "bold", no_wrap=True), Text(found.verdict.value, no_wrap=True), said)
    return rows
