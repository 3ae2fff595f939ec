"""One agreement, ready: loaded, its maps read, its plan lowered. What `check`, `Monitor` and `explain` share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pyproj
import tzdata

import servanda_dsl
from servanda.findings.build import Builder
from servanda.locate import Locator
from servanda.lower import lower
from servanda.space.maps import Maps, load_maps
from servanda_dsl.diagnostics import AgreementError, Diagnostic, Place, Severity
from servanda_dsl.load import FILE_NAMES
from servanda_dsl.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from servanda.plan import Plan
    from servanda_dsl.model import Agreement

_HERE = Path(__file__).resolve().parent
_SHELVES = (_HERE / "agreements", _HERE.parent.parent / "agreements")
"""Where shipped agreements stand: in the wheel, or in a checkout."""


@dataclass(frozen=True)
class Engine:
    """An agreement with its maps and plan.

    Raises:
        AgreementError: A map cannot be used, or a date has no single answer.
    """

    agreement: Agreement

    @cached_property
    def maps(self) -> Maps:
        """The lines and zones."""
        return load_maps(self.agreement)

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return lower(self.agreement)

    @cached_property
    def locator(self) -> Locator:
        """Settles observations."""
        return Locator(self.agreement, self.plan, self.maps)

    @cached_property
    def builder(self) -> Builder:
        """Makes findings."""
        return Builder(self.agreement, self.plan)

    def provenance(self) -> dict[str, object]:
        """What the answer depends on besides the observations: versions and digests."""
        return {
            "servanda": version("servanda"),
            "tzdata": tzdata.IANA_VERSION,
            "proj": pyproj.proj_version_str,
            "agreement": self.agreement.digest,
            "vocabulary": f"{self.agreement.vocabulary.name} {self.agreement.vocabulary.version}",
            "geometry": self.maps.digests,
        }


def shipped() -> tuple[str, ...]:
    """Names of the agreements that ship."""
    folders = [p for shelf in _SHELVES if shelf.is_dir() for p in shelf.iterdir()]
    return tuple(sorted({p.name for p in folders if any((p / name).is_file() for name in FILE_NAMES)}))


def find(name: str | Path) -> Path:
    """The file or folder of an agreement: a path as it stands, or else the name of one that ships."""
    path = Path(name)
    if path.exists():
        return path
    if path.name == str(name):
        for shelf in _SHELVES:
            if (shelf / str(name)).is_dir():
                return _shortest(shelf / str(name))
    return path


def load(agreement: str | Path | Agreement) -> Agreement:
    """Load an agreement and check everything that can be checked without observations, maps and dates included.

    Args:
        agreement: A file (`.terms`, `.md`), a folder, or the name of an agreement that ships.

    Raises:
        AgreementError: With every diagnostic.
    """
    if not isinstance(agreement, str | Path):
        return agreement
    found = find(agreement)
    if not found.exists():
        raise _unknown(str(agreement))
    loaded = servanda_dsl.load(found)
    engine = Engine(loaded)
    _ = engine.maps, engine.plan
    return loaded


def _unknown(name: str) -> AgreementError:
    near = nearest(name, shipped()) or tuple(n for n in shipped() if name.lower() in n)
    help_ = did_you_mean(near) or f"agreements that ship: {', '.join(shipped())}"
    message = f"there is no agreement `{name}`"
    return AgreementError((Diagnostic("E001", Severity.ERROR, Place(name, 1, 1), message, help_, near),))


def _shortest(path: Path) -> Path:
    """The path as seen from here, where it lies beneath: shorter, and the same wherever the checkout stands."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
