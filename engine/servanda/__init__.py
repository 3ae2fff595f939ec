"""Servanda: agreements must be kept. Ceasefire terms, checked against observations, with the clause cited.

agreement = servanda.load("minsk-2-2015")
observations = servanda.read("night.jsonl")
result = servanda.check(agreement, observations)
for finding in result.findings:
    print(finding.verdict, finding.citation, finding.because)
"""

from servanda.archive import StateError
from servanda.check import Result, check
from servanda.engine import load
from servanda.findings.model import Finding
from servanda.monitor import Change, Monitor
from servanda.observations import (
    MappingError,
    Observation,
    ObservationError,
    Observations,
    Rejection,
    preview,
    read,
)
from servanda.outcomes import Verdict
from servanda.status import Status, status
from servanda_dsl.diagnostics import AgreementError, Diagnostic
from servanda_dsl.model import Agreement

__all__ = [
    "Agreement",
    "AgreementError",
    "Change",
    "Diagnostic",
    "Finding",
    "MappingError",
    "Monitor",
    "Observation",
    "ObservationError",
    "Observations",
    "Rejection",
    "Result",
    "StateError",
    "Status",
    "Verdict",
    "check",
    "load",
    "preview",
    "read",
    "status",
]
