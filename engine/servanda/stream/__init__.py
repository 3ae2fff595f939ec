"""The stream interpreter: the plan, run in process, one observation at a time, in any order."""

from servanda.stream.interpreter import Stream

__all__ = ["Stream"]
