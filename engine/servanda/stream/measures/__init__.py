"""Ceilings, floors and quotas: how much there was, as bounds, against limits; at an instant or over a time."""

from servanda.stream.measures.evaluate import evaluate

__all__ = ["evaluate"]
