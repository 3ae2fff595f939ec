"""Where: distances, zones, lines, and the sets of points a place may be."""
