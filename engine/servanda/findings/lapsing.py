"""What findings say of rules that hold while obligations are met: with what they lapsed, or may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda import moments
from servanda.outcomes import Verdict, finding_id
from servanda_dsl import prose

if TYPE_CHECKING:
    from servanda.outcomes import Ended, Outcome
    from servanda_dsl.model import Agreement


def question(agreement: Agreement, outcome: Outcome) -> str:
    """What would settle whether a rule had lapsed."""
    said = prose.join([_with(agreement, one) for one in outcome.ended], "or")
    return f"whether what holds while obligations are met had lapsed by then, with {said}"


def told(agreement: Agreement, outcome: Outcome) -> str:
    """When, and with what, it lapsed, with a semicolon before it; empty where it did not, or another part says so."""
    if outcome.verdict is Verdict.INDETERMINATE and any(u.kind == "lapse" for u in outcome.unknowns):
        return ""
    return "".join(f"; {_one(agreement, one)}" for one in outcome.ended)


def _one(agreement: Agreement, one: Ended) -> str:
    when, zone = one.when, agreement.time_zone
    read = f"read as {prose.join([f'“{name}”' for name in one.reading])}, " if one.reading else ""
    if when.latest_us >= moments.NEVER_US:
        lapsed = f"may have lapsed, not before {moments.say(when.earliest_us, zone)}"
    else:
        lapsed = f"lapsed {moments.say_bounds(when, zone)}"
    return f"{read}what holds while obligations are met {lapsed}, with {_with(agreement, one)}"


def _with(agreement: Agreement, one: Ended) -> str:
    """The violations, each by its rule and the finding that shows it."""
    what = "the determination of a violation" if one.determined else "a violation"
    named = [f"rule {rule} (finding {finding_id(agreement.name, rule, key)})" for rule, key in one.of]
    return f"{what} of {prose.join(named, 'or')}"
