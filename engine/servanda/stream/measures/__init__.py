"""Ceilings, floors and quotas: how much there was, as bounds, against limits; at an instant or over a time."""

from servanda.stream.measures.evaluate import evaluate, of_episodes, of_no_episode, of_no_period, of_period

__all__ = ["evaluate", "of_episodes", "of_no_episode", "of_no_period", "of_period"]
