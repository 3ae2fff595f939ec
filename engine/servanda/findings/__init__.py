"""Findings: what the engine says, in the fixed fields, with the sentence a lawyer can read aloud."""

from servanda.findings.build import Builder
from servanda.findings.model import Finding

__all__ = ["Builder", "Finding"]
