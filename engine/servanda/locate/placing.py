"""Where a place may be, worked out once for every observation that names the same one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from servanda.observations.shapes import Disc, Named, Shape, Unplaced, settle
from servanda.space import relations
from servanda.space.cover import Cover, cover

if TYPE_CHECKING:
    from servanda.observations.place import Place
    from servanda.observations.shapes import PlaceShape
    from servanda.space.drawn import Drawings, Drawn
    from servanda.space.maps import Maps
    from servanda.space.relations import Reach
    from servanda.truth import Truth


_MOST = 4096
"""How many places are kept worked out; the one that came first goes first."""


@dataclass(frozen=True)
class During:
    """The time of an observation, to pick the drawing of that day: an instant, or from and before."""

    earliest_us: int
    latest_us: int

    def of(self, drawings: Drawings) -> tuple[Drawn, ...]:
        """The drawings of a line or zone in force at some time of it."""
        return drawings.during(self.earliest_us, self.latest_us)


@dataclass
class Placed:
    """A place worked out, with what was found about it so far, for each drawing.

    Attributes:
        cover: Discs that hold every point it may be; None where it is unknown.
        shape: It as geometry; None where it is unknown.
        unplaced: Why it is unknown; empty where it is known.
        zone: The zone of the agreement it names, if it names one.
    """

    cover: Cover | None
    shape: PlaceShape | None
    unplaced: str
    zone: str | None = None
    distances: dict[Drawn, Reach] = field(default_factory=dict)
    zones: dict[tuple[Drawn, Truth], tuple[Reach, Truth]] = field(default_factory=dict)


@dataclass
class Placer:
    """Works out places against the maps of one agreement."""

    maps: Maps
    _known: dict[object, Placed] = field(default_factory=dict)
    _towns: dict[tuple[Drawn, str], tuple[float, float] | None] = field(default_factory=dict)

    def placed(self, place: Place | None, during: During) -> Placed:
        """Where a place may be; one that names a zone is the zone as it was drawn at the time."""
        if place is None:
            return Placed(None, None, "no place stated")
        drawings = self.maps.zones.get(place.zone) if place.zone else None
        drawn = () if drawings is None else during.of(drawings)
        key = (place.model_dump_json(exclude_none=True), drawn)
        if key not in self._known:
            if len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known[key] = self._zone(place.zone or "", drawn) if drawn else self._place(place)
        return self._known[key]

    def town(self, line: Drawn, name: str) -> tuple[float, float] | None:
        """A place of the gazetteer that tells a side of a line; None where it is not known to lie beside the line."""
        if (line, name) not in self._towns:
            found = None if self.maps.gazetteer is None else self.maps.gazetteer.find(name)
            clear = isinstance(found, Disc) and relations.reach(cover(found), line).least_m > 0
            self._towns[(line, name)] = (found.lon, found.lat) if clear and isinstance(found, Disc) else None
        return self._towns[(line, name)]

    def _place(self, place: Place) -> Placed:
        shape = settle(place, self.maps.gazetteer)
        if isinstance(shape, Named):
            return Placed(None, None, f'"{shape.name}" is no zone of the agreement')
        if isinstance(shape, Unplaced):
            return Placed(None, None, shape.reason)
        return Placed(cover(shape), shape, "")

    def _zone(self, name: str, drawn: tuple[Drawn, ...]) -> Placed:
        """A zone as a place, widened by the accuracy of its drawing; of several drawings, all of them."""
        whole = shapely.union_all([d.geometry for d in drawn])
        covers = [(cover(Shape(dict(d.geometry.__geo_interface__))), d.accuracy_m) for d in drawn]
        centres = np.concatenate([c.centres for c, _ in covers])
        radii = np.concatenate([c.radii + accuracy for c, accuracy in covers])
        return Placed(Cover(centres, radii), Shape(dict(whole.__geo_interface__)), "", name)
