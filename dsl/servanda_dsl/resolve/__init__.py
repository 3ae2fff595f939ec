"""From syntax trees to rule objects: names are looked up, figures checked, and every mistake collected."""

from servanda_dsl.resolve.agreement import resolve

__all__ = ["resolve"]
