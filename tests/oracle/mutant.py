"""A way of breaking the interpreter, for a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Patch = Callable[[pytest.MonkeyPatch], None]


def sets(target: object, name: str, value: object) -> Patch:
    """It does something else in one place."""
    return lambda patch: patch.setattr(target, name, value)
