"""What a watch would surely have seen: the acts, the kinds of thing and the place a rule is about, all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely.geometry import shape

from servanda.plan import InZone, NearLine, OfThing, Predicate, Sees
from servanda.space.holding import surely_holds
from servanda.truth import Truth

if TYPE_CHECKING:
    from servanda.locate.placing import During
    from servanda.observations.model import Observation, Sight
    from servanda.observations.place import Place
    from servanda.space.maps import Maps
    from servanda_dsl.model import Agreement


def sees(agreement: Agreement, maps: Maps, watch: Observation, during: During, predicate: Sees, actor: str) -> Truth:
    """Whether a watch would have seen every mark of a selection, if this actor had made one: true, or not known.

    It takes a watch that was able to see the act the rule names and whatever is taken for it by assumption, every kind
    of thing, and (unless it is a register) the whole of the place. What is seen of an act (an explosion) is not the
    act: who can see that alone may miss the other, and who can see the act alone may miss what counts as it.
    """
    sight, select = watch.able_to_see, predicate.select
    taken_for_it = {act for act, assumption in select.acts if assumption is not None}
    if sight is None or not {select.name, *taken_for_it} <= set(sight.acts):
        return Truth.UNKNOWN
    things = [p for p in select.predicates if isinstance(p, OfThing)]
    if not all(_every_kind(agreement, sight, p) for p in things or [OfThing(())]):
        return Truth.UNKNOWN
    if predicate.register:
        return Truth.TRUE
    mine = [p for p in select.predicates if not isinstance(p, InZone) or p.end == "place"]
    if watch.place is None or not any(whole(maps, watch.place, during, p, actor) for p in mine):
        return Truth.UNKNOWN
    return Truth.TRUE


def _every_kind(agreement: Agreement, sight: Sight, wanted: OfThing) -> bool:
    """Whether no kind of thing escapes the watch; a rule about every kind needs a watch without limits."""
    if not sight.categories and sight.calibre_from_mm is None:
        return True
    for name in wanted.things:
        weapon = agreement.weapon(name)
        terms = [(name, None)] if weapon is None else [(t.category, t.calibre) for t in weapon.terms]
        for category, calibre in terms:
            if sight.categories and category not in sight.categories:
                return False
            least = None if calibre is None else calibre.least
            if sight.calibre_from_mm is not None and (least is None or least < sight.calibre_from_mm):
                return False
    return bool(wanted.things)


def whole(maps: Maps, place: Place, during: During, predicate: Predicate, actor: str) -> bool:
    """Whether a place that was watched or counted surely holds the whole of a place of the rule."""
    if isinstance(predicate, InZone) and predicate.inside:
        drawings, distance = maps.zones[predicate.zone], 0.0
        if place.zone == predicate.zone:
            return True
    elif isinstance(predicate, NearLine) and predicate.line_for(actor) is not None:
        drawings, distance = maps.lines[predicate.line_for(actor) or ""], predicate.distance_m
    else:
        return False
    area = place.geometry
    if area is None or area.get("type") not in {"Polygon", "MultiPolygon"}:
        return False
    error = place.error_m or 0.0
    return all(surely_holds(shape(area), d.geometry, d.accuracy_m + distance + error) for d in during.of(drawings))
