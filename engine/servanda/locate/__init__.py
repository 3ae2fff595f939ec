"""From observations to facts: truth values of every predicate the plan names, settled before any interpreter runs."""

from servanda.locate.facts import Fact
from servanda.locate.locator import Located, Locator

__all__ = ["Fact", "Located", "Locator"]
