"""What can be wrong with a record, as values.

A night's batch is never stopped by one bad row: each problem is collected,
named by file, line and field, and counted. Only a caller who asks for
``strict`` gets an exception, and then with every problem in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

CODES: dict[str, str] = {
    "O100": "the file cannot be opened",
    "O101": "the text is not JSON, or is cut off",
    "O102": "a byte does not belong to the text encoding",
    "O103": "a key stands twice in one JSON object",
    "O104": "the JSON is nested too deeply",
    "O105": "a number is not finite",
    "O106": "the row has more or fewer cells than the header",
    "O107": "the header is missing, or names a column twice",
    "O108": "the compressed data is damaged or cut off",
    "O109": "this kind of file cannot be read",
    "O110": "one id, two different contents",
    "O111": "the record is not an object with named fields",
    "O112": "a row of the table is not closed: a quotation mark is missing",
    "O120": "the field is not known",
    "O121": "a field is missing",
    "O122": "the value is of the wrong kind",
    "O123": "the value is not one of those allowed",
    "O124": "the number is out of range",
    "O125": "the text does not have the form it must have",
    "O130": "the time is not understood",
    "O131": "the date or time is impossible",
    "O132": "a local time without an offset or a time zone",
    "O133": "a local time that does not exist",
    "O134": "a local time that exists twice",
    "O135": "the interval ends before it starts",
    "O136": "the time zone is not known",
    "O137": "the date can be read in two ways",
    "O140": "the place has no form, or more than one",
    "O141": "the coordinates are out of range",
    "O142": "the bearing is not understood",
    "O143": "the range is not understood",
    "O144": "the geometry is not valid",
    "O150": "the value is not in the mapping's value map",
    "O151": "the text is not a number",
    "O152": "no block of the mapping covers this row",
    "O153": "a template needs a column that is empty here",
    "O154": "a column the mapping uses is not in the file",
    "O155": "a column is neither used nor ignored by the mapping",
    "O170": "the record comes later than the declared lateness allows",
}
"""Each rejection code with its meaning in one line."""

_CLOSE_ENOUGH = 75.0


@dataclass(frozen=True, slots=True)
class Flaw:
    """A problem not yet tied to a file and a line.

    Attributes:
        field: Dotted name of the field (``place.lon``), or None for the whole record.
        code: A key of `CODES`.
        message: What is wrong, in one sentence.
        help: What to write instead; may be empty.
        value: The offending value as text, shortened; None if there is none to show.
    """

    field: str | None
    code: str
    message: str
    help: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that was set aside, and why.

    Attributes:
        file: The file as the caller named it, or ``<records>``, ``<pandas>`` and so on.
        line: First physical line of the record, from 1 (for frames the row); None for a whole file.
        field: The field, or the column where a mapping was used; None for the whole record.
        code: A key of `CODES`.
        message: What is wrong, in one sentence.
        help: What to write instead; may be empty.
        value: The offending value as text, shortened.
        id: The record's id, where it could be read.
    """

    file: str
    line: int | None
    field: str | None
    code: str
    message: str
    help: str = ""
    value: str | None = None
    id: str | None = None

    def __str__(self) -> str:
        """Return one line a person can act on.

        Returns:
            ``file:line: field: message (help) [code]``.
        """
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        field = f" {self.field}:" if self.field else ""
        advice = f" ({self.help})" if self.help else ""
        return f"{where}:{field} {self.message}{advice} [{self.code}]"


class ObservationError(Exception):
    """Observations could not be read, or ``strict`` found some rejected.

    Attributes:
        rejections: Every problem found, not only the first.
    """

    def __init__(self, rejections: Sequence[Rejection]) -> None:
        """Hold the problems.

        Args:
            rejections: At least one problem.
        """
        self.rejections = tuple(rejections)
        count = len(self.rejections)
        head = f"{count} problem{'s' if count != 1 else ''} in the observations"
        super().__init__("\n".join([head, *map(str, self.rejections)]))


def locate(flaw: Flaw, file: str, line: int | None, record_id: str | None = None) -> Rejection:
    """Tie a flaw to its place.

    Args:
        flaw: The problem.
        file: The file as the caller named it.
        line: Physical line from 1, or None.
        record_id: The record's id, where known.

    Returns:
        The rejection.
    """
    return Rejection(file, line, flaw.field, flaw.code, flaw.message, flaw.help, flaw.value, record_id)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Suggest the nearest known word.

    Args:
        word: What was written.
        known: What could have been meant.

    Returns:
        ``did you mean "x"?``, or the known words if none is near and they are few.
    """
    best = process.extractOne(word.lower(), {k: k.lower() for k in known}, scorer=fuzz.ratio)
    if best is not None and best[1] >= _CLOSE_ENOUGH:
        return f'did you mean "{best[2]}"?'
    few = 20
    return f"known: {', '.join(sorted(known))}" if 0 < len(known) <= few else ""


def shown(value: object) -> str:
    """Return a value as short text for a message.

    Args:
        value: Anything.

    Returns:
        At most 80 characters.
    """
    longest = 80
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= longest else text[: longest - 1] + "…"
