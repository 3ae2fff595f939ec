"""The stream interpreter: the plan, run in process, one observation at a time, in any order."""

from servanda.stream.interpreter import Answer, Stream

__all__ = ["Answer", "Stream"]
