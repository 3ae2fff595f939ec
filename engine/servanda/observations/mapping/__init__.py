"""Mapping files: any table read as observations, without writing Python."""

from __future__ import annotations

from servanda.observations.mapping.apply import Outcome, map_row
from servanda.observations.mapping.load import MAPPING_CODES, Mapped, MappingError, load_mapping

__all__ = ["MAPPING_CODES", "Mapped", "MappingError", "Outcome", "load_mapping", "map_row"]
