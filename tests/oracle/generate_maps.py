"""The maps of the agreements that are made, and every limit that is measured from them.

What is placed by a sector or an outline is kept clear of all of these (`generate_places`), so who draws another map or
names another distance adds it here.
"""

from __future__ import annotations

AREA = [[[37.5, 47.5], [38.5, 47.5], [38.5, 48.5], [37.5, 48.5], [37.5, 47.5]]]
PORT = [[[38.0, 47.9], [38.4, 47.9], [38.4, 48.2], [38.0, 48.2], [38.0, 47.9]]]
CROSSED = [[[38.0, 47.9], [38.4, 48.2], [38.4, 47.9], [38.0, 48.2], [38.0, 47.9]]]
"""The port as drawn by someone who went round it the wrong way: to be mended."""
BELT_1 = [[[37.4, 47.0], [38.2, 47.0], [38.2, 49.0], [37.4, 49.0], [37.4, 47.0]]]
BELT_2 = [[[37.8, 47.0], [38.4, 47.0], [38.4, 49.0], [37.8, 49.0], [37.8, 47.0]]]
LINE_A = [[37.0, 48.0], [38.0, 48.0], [39.0, 48.05]]
LINE_B = ([[37.0, 48.2], [38.1, 48.2]], [[38.1, 48.2], [39.0, 48.2]])
GAZETTEER = """name,also,lon,lat,error_m,kind,source
Upper,,38.0,49.0,1000,town,made
Lower,,38.0,47.0,1000,town,made
Mill,The Mill,37.9,48.1,500,village,made
Ford,,38.22,47.86,300,village,made
Gate,,37.52,47.8,400,village,made
Hill,,38.44,48.33,200,village,made
"""

LIMITS_M = (0, 9_000, 10_000, 20_000, 25_000)
"""Distances from a zone or line at which an answer may change."""
ACCURACIES_M = (0, 2_000, 4_000, 5_000)
"""How far off the drawing may be."""
