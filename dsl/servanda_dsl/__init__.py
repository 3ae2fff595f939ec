"""The language of ceasefire terms: from text to rule objects. Knows nothing of any engine."""

from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity
from servanda_dsl.load import Reading, load, read, read_text
from servanda_dsl.model import Agreement, Clause, Rule
from servanda_dsl.source import Source

__all__ = [
    "Agreement",
    "AgreementError",
    "Clause",
    "Diagnostic",
    "Place",
    "Reading",
    "Rule",
    "Severity",
    "Source",
    "load",
    "read",
    "read_text",
]
