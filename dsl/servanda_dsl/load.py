"""Finding and loading an agreement: a file, or a folder with one in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity, sort_diagnostics
from servanda_dsl.model import Agreement
from servanda_dsl.parser import Parsed, parse
from servanda_dsl.resolve import resolve
from servanda_dsl.source import Source, read_source

FILE_NAMES = ("agreement.md", "agreement.terms")
"""The file of a folder that holds its terms."""


@dataclass(frozen=True)
class Reading:
    """What became of a text: its sentences, the agreement where there is one, and every diagnostic."""

    parsed: Parsed
    agreement: Agreement | None
    diagnostics: tuple[Diagnostic, ...]


def read_text(source: Source, folder: Path) -> Reading:
    """Read a text whole; never raises for what the text says.

    Args:
        source: The text.
        folder: The folder against which the files it names are found.
    """
    parsed = parse(source)
    agreement, found = resolve(parsed, folder)
    return Reading(parsed, agreement, sort_diagnostics([*parsed.diagnostics, *found]))


def read(path: Path | str) -> Reading:
    """Read the agreement in a file or folder; never raises for what the text says.

    Raises:
        AgreementError: There is no such file or folder, or no terms in it (E001).
    """
    given = Path(path)
    file = _file(given)
    return read_text(read_source(file, _shown(given, file)), file.parent)


def load(path: Path | str) -> Agreement:
    """The agreement in a file or folder.

    Raises:
        AgreementError: With every diagnostic, where the agreement cannot be used.
    """
    reading = read(path)
    if reading.agreement is None:
        raise AgreementError(reading.diagnostics)
    return reading.agreement


def _file(path: Path) -> Path:
    if path.is_dir():
        for name in FILE_NAMES:
            if (path / name).is_file():
                return path / name
        raise _nothing(path, f"the folder `{path}` holds no agreement", f"its terms stand in {' or '.join(FILE_NAMES)}")
    if not path.is_file():
        raise _nothing(path, f"there is no agreement `{path}`", "name a file, a folder, or an agreement that ships")
    if path.suffix.lower() not in {".md", ".markdown", ".terms"}:
        raise _nothing(path, f"`{path.name}` is neither `.terms` nor `.md`", "an agreement is a text file of terms")
    return path


def _shown(given: Path, file: Path) -> str:
    return given.as_posix() if given == file else file.as_posix()


def _nothing(path: Path, message: str, help_: str) -> AgreementError:
    return AgreementError((Diagnostic("E001", Severity.ERROR, Place(str(path), 1, 1), message, help_),))
