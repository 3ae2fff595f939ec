"""Assumptions: what the encoder chose where the text is silent, each with its reason."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from servanda_dsl.anchors import Frozen, Unit


class Where(Frozen):
    """Where in the encoding something stands: file, line and column from 1."""

    file: str
    line: int
    column: int


class _Assumption(Frozen):
    id: str
    """`A1`, `A2`, … in the order of the text; `actual-line` for what a line or zone assumes."""
    because: str
    clause: str | None = None
    """The clause beneath which it stands; None where it holds for the whole agreement."""
    where: Where

    @property
    def words(self) -> str:
        """The assumption as a sentence part, without its reason."""
        raise NotImplementedError


class DaysCounted(_Assumption):
    """How days are counted: inclusive counts the day of the event as day 1, exclusive the day after it.

    Where the text bears either, both are readings, which all the rules have in common that count days by it.
    """

    kind: Literal["days"] = "days"
    counting: Literal["inclusive", "exclusive", "either"]

    @property
    def words(self) -> str:
        """The assumption in words."""
        if self.counting == "either":
            return "days are counted inclusively or exclusively: both are read"
        first = "the day of the event" if self.counting == "inclusive" else "the day after the event"
        return f"days are counted {self.counting}ly ({first} is day 1)"


class Lapse(_Assumption):
    """What holds while obligations are met lapses with the first violation, or when one is determined, or either."""

    kind: Literal["lapse"] = "lapse"
    by: Literal["violation", "determination", "either"]

    @property
    def words(self) -> str:
        """The assumption in words."""
        if self.by == "either":
            later = LAPSES["determination"].removeprefix("lapses ")
            return f"what holds while obligations are met {LAPSES['violation']}, or {later}: both are read"
        return f"what holds while obligations are met {LAPSES[self.by]}"


LAPSES = {
    "violation": "lapses by itself, with the first violation",
    "determination": "lapses when a violation is first determined",
}
"""The two ways in which it can lapse, in words."""


class Edges(_Assumption):
    """Whether an edge or limit belongs to the zone, band, side or height that it bounds."""

    kind: Literal["edges"] = "edges"
    edge: Literal["inside", "outside"]

    @property
    def words(self) -> str:
        """The assumption in words."""
        return f"what lies exactly on an edge or at a limit is {self.edge}"


class Ungraded(_Assumption):
    """Ungraded reports of some sources meet a standard of proof."""

    kind: Literal["ungraded"] = "ungraded"
    sources: tuple[str, ...]
    standard: str

    @property
    def words(self) -> str:
        """The assumption in words."""
        standard = self.standard.replace("-", " ")
        return f"ungraded reports of {' and '.join(self.sources)} meet the standard of {standard}"


class Graded(_Assumption):
    """Reports of a least grade of the Admiralty code meet a standard of proof.

    The letter (the source's reliability, A to E) and the figure (the report's credibility, 1 to 5) are two things and
    are compared one by one; `F` and `6` say that nothing can be judged, and never meet a standard.
    NATO AJP-2.1 (2016), annex on source and information evaluation.
    """

    kind: Literal["graded"] = "graded"
    grade: str
    standard: str

    @property
    def words(self) -> str:
        """The assumption in words."""
        return f"reports graded {self.grade} or better meet the standard of {self.standard.replace('-', ' ')}"


class Origins(_Assumption):
    """A standard of proof needs reports of several origins that do not depend on each other."""

    kind: Literal["origins"] = "origins"
    standard: str
    least: int

    @property
    def words(self) -> str:
        """The assumption in words."""
        return f"{self.standard.replace('-', ' ')} needs {self.least} independent origins"


class Registered(_Assumption):
    """A keeper registers every act of some kind within a time, so that what is not in the register did not happen."""

    kind: Literal["registered"] = "registered"
    keeper: str
    acts: tuple[str, ...]
    amount: int
    unit: Unit

    @property
    def words(self) -> str:
        """The assumption in words."""
        unit = self.unit if self.amount != 1 else self.unit.removesuffix("s")
        return f"{self.keeper} registers each `{_list(self.acts, 'or')}` within {self.amount} {unit}"


class CountsAs(_Assumption):
    """Effects count as an act."""

    kind: Literal["counts-as"] = "counts-as"
    effects: tuple[str, ...]
    act: str

    @property
    def words(self) -> str:
        """The assumption in words."""
        verb = "counts" if len(self.effects) == 1 else "count"
        return f"{_list(self.effects, 'or')} {verb} as `{self.act}`"


class Unattributed(_Assumption):
    """Acts in a zone whose actor nobody saw count as acts by a party, whichever."""

    kind: Literal["unattributed"] = "unattributed"
    acts: tuple[str, ...]
    zone: str

    @property
    def words(self) -> str:
        """The assumption in words."""
        return f"unattributed `{_list(self.acts, 'or')}` in {self.zone} counts as by a party, whichever"


class Approximation(_Assumption):
    """A line or zone drawn by the encoder, for want of a surveyed one."""

    kind: Literal["approximation"] = "approximation"
    name: str
    accurate_to_m: float | None

    @property
    def words(self) -> str:
        """The assumption in words."""
        accuracy = "" if self.accurate_to_m is None else f", accurate to {self.accurate_to_m / 1000:g} km"
        return f"`{self.name}` is an approximation{accuracy}"


class Mended(_Assumption):
    """The drawing of a zone is no valid area as it stands, and is mended."""

    kind: Literal["mended"] = "mended"
    name: str

    @property
    def words(self) -> str:
        """The assumption in words."""
        return f"the drawing of `{self.name}` is no valid area, and is taken to be what its rings enclose"


class Stated(_Assumption):
    """Any other choice, in the encoder's own words; it stands on every finding in its scope."""

    kind: Literal["stated"] = "stated"
    text: str

    @property
    def words(self) -> str:
        """The assumption in words."""
        return self.text


Assumption = Annotated[
    DaysCounted
    | Lapse
    | Edges
    | Ungraded
    | Graded
    | Origins
    | Registered
    | CountsAs
    | Unattributed
    | Approximation
    | Mended
    | Stated,
    Field(discriminator="kind"),
]


def _list(names: tuple[str, ...], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
