"""The result as CSV and GeoJSON: one row or feature for each finding."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servanda.check import Result
    from servanda.findings.model import Finding

COLUMNS = (
    "id",
    "agreement",
    "clause",
    "rule",
    "heading",
    "verdict",
    "bearer",
    "at_earliest",
    "at_latest",
    "deadline_earliest",
    "deadline_latest",
    "evidence",
    "measured",
    "assumptions",
    "undecided_by",
    "source_assessments",
    "because",
    "file",
    "line",
    "status",
    "determination",
    "attribution",
    "attributed_to",
    "remedy",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(result: Result) -> str:
    """The findings as CSV. A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for finding in result.findings:
        writer.writerow({k: _safe(v) for k, v in _row(finding).items()})
    return out.getvalue()


def to_geojson(result: Result) -> dict[str, Any]:
    """The findings as GeoJSON; where no place is known the geometry is null, as RFC 7946 section 3.2 has it."""
    features = [
        {
            "type": "Feature",
            "id": finding.id,
            "geometry": (finding.place or {}).get("geometry"),
            "properties": {**_row(finding), "error_m": (finding.place or {}).get("error_m")},
        }
        for finding in result.findings
    ]
    return {"type": "FeatureCollection", "features": features}


def _row(finding: Finding) -> dict[str, Any]:
    at, deadline = finding.at, finding.deadline
    return {
        "id": finding.id,
        "agreement": finding.citation.agreement,
        "clause": finding.clause,
        "rule": finding.rule,
        "heading": finding.citation.heading,
        "verdict": finding.verdict.value,
        "bearer": finding.bearer,
        "at_earliest": at.earliest if at else None,
        "at_latest": at.latest if at else None,
        "deadline_earliest": deadline.earliest if deadline else None,
        "deadline_latest": deadline.latest if deadline else None,
        "evidence": "|".join(e.observation for e in finding.evidence),
        "measured": "|".join(
            f"{m.name}{f' for {m.for_}' if m.for_ else ''}: {m.min} to {m.max} {m.unit}, limit {m.limit}"
            for m in finding.measured
        ),
        "assumptions": "|".join(a.id for a in finding.assumptions),
        "undecided_by": "|".join(finding.undecided_by),
        "source_assessments": "|".join(a.text for a in finding.source_assessments),
        "because": finding.because,
        "file": finding.citation.file,
        "line": finding.citation.line,
        "status": finding.status,
        "determination": finding.determination.outcome if finding.determination else None,
        "attribution": finding.attribution.status,
        "attributed_to": finding.attribution.party,
        "remedy": finding.remedy,
    }


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
