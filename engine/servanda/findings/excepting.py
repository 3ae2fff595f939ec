"""What a finding says of exceptions: what is open about one, who has to show it, and what cuts it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda import moments
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.outcomes import Outcome, Unknown
    from servanda_dsl.model import Agreement


def question(agreement: Agreement, missing: tuple[tuple[str, str], ...], unknown: Unknown) -> str:
    """What would settle an exception that is open, in words."""
    match unknown.kind:
        case "time-to-show":
            instant, rule = unknown.other.split(" ", 1)
            until = moments.say(int(instant), agreement.time_zone)
            return f"whether the exception of rule {rule} is shown in time: there is time until {until}"
        case "late":
            return f"whether a record that came when the time to show rule {unknown.other} had run out still counts"
        case "claim":
            return _claim(agreement, unknown.other)
        case "cut":
            ban = agreement.rule(unknown.other)
            return f"whether rule {unknown.other} forbids it all the same: {prose.duty(agreement, ban)}"
        case _:
            acts = [prose.gerund(agreement, act) for name, act in missing if name == unknown.other]
            lacking = f": not sure is a record of {prose.join(acts)}" if acts else ""
            return f"whether the exception of rule {unknown.other} is made out{lacking}{_unclaimed(agreement, unknown)}"


def _claim(agreement: Agreement, name: str) -> str:
    """A claim that is neither shown nor excluded: to whom it is left."""
    rule = agreement.rule(name)
    if rule.quoted:
        words = prose.join([f"“{q}”" for q in rule.quoted])
        return (
            f"whether {words}, as is claimed under rule {name}: no observation can show it, and it is referred to"
            " whoever may determine it"
        )
    return f"whether what rule {name} permits is so, as is claimed: the text does not say who has to show it"


def _unclaimed(agreement: Agreement, unknown: Unknown) -> str:
    """The tests of an open exception that no record meets."""
    quoted = agreement.rule(unknown.other).quoted
    return f"; that {prose.join([f'“{q}”' for q in quoted])} is not tested" if quoted else ""


def not_lifted(agreement: Agreement, outcome: Outcome) -> str:
    """Why the exceptions of a rule do not lift its breach, as the end of a sentence; empty where it has none."""
    cut = {name for name, _ in outcome.cut}
    said = []
    plain = [name for name, result in outcome.exceptions if result == "not-shown" and name not in cut]
    if plain:
        said.append(f"the exception of rule {prose.join(plain)} is not shown")
    for name in (name for name, _ in outcome.exceptions if name in cut):
        bans = [ban for permission, ban in outcome.cut if permission == name]
        said.append(f"what rule {name} permits is forbidden by rule {prose.join(bans)}")
    for name, result in outcome.exceptions:
        if result == "claimed":
            within = agreement.rule(name).burden
            time = f", within {within.written} after the act" if within is not None and within.written else ""
            said.append(
                f"the exception of rule {name} is claimed and not shown, as the party relying on it has to do{time}"
            )
    return "".join(f", and {part}" for part in said)
