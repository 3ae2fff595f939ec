"""Observations: what sources say they saw, read from whatever it came in.

Nothing here knows what a rule means. A record is read, checked at the border
and kept as it was written; what could not be read is named by file, line and
field, and counted.
"""

from __future__ import annotations

from servanda.observations.collection import Observations, Origin, SourceFile
from servanda.observations.gazetteer import Entry, Gazetteer
from servanda.observations.mapping import MAPPING_CODES, Mapped, MappingError, load_mapping
from servanda.observations.model import Bounds, Interval, Observation, Source, Weapon
from servanda.observations.place import Place
from servanda.observations.preview import Preview, preview
from servanda.observations.problems import CODES, ObservationError, Rejection
from servanda.observations.read import read
from servanda.observations.record import from_record
from servanda.observations.shapes import (
    Disc,
    Named,
    PlaceShape,
    Sector,
    Shape,
    Unplaced,
    settle_place,
)
from servanda.observations.times import When, settle

__all__ = [
    "CODES",
    "MAPPING_CODES",
    "Bounds",
    "Disc",
    "Entry",
    "Gazetteer",
    "Interval",
    "Mapped",
    "MappingError",
    "Named",
    "Observation",
    "ObservationError",
    "Observations",
    "Origin",
    "Place",
    "PlaceShape",
    "Preview",
    "Rejection",
    "Sector",
    "Shape",
    "Source",
    "SourceFile",
    "Unplaced",
    "Weapon",
    "When",
    "from_record",
    "load_mapping",
    "preview",
    "read",
    "settle",
    "settle_place",
]
