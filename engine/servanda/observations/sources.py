"""Opening files: bytes, digest, compression and text encoding.

A byte that does not belong to the encoding is carried along as a lone
surrogate, so that only its own row is refused and the rest is still read.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.observations.collection import SourceFile
from servanda.observations.problems import ObservationError, Rejection


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's content.

    Attributes:
        name: The file as the caller named it.
        kind: Its ending without ``.gz``: ``csv``, ``jsonl``, ``json``, ``geojson``, ``parquet``.
        data: The bytes, decompressed.
        sha256: Digest of the bytes as they lie on disk.
        damage: Set if the compressed data broke off.
    """

    name: str
    kind: str
    data: bytes
    sha256: str
    damage: Rejection | None = None

    def text(self, encodings: Sequence[str] = ("utf-8",)) -> tuple[str, SourceFile]:
        """Decode the bytes.

        Args:
            encodings: Tried in this order; the first that fits the whole file is used, or,
                where none does, the first, with the bad bytes marked.

        Returns:
            The text without a byte order mark, and the account of the file.
        """
        for encoding in encodings:
            try:
                return self._decoded(encoding, "strict")
            except UnicodeDecodeError:
                continue
        return self._decoded(encodings[0], "surrogateescape")

    def _decoded(self, encoding: str, errors: str) -> tuple[str, SourceFile]:
        text = self.data.decode(encoding, errors).removeprefix("\ufeff")
        return text, SourceFile(self.name, self.sha256, encoding)


ENDINGS = {"csv": "csv", "jsonl": "jsonl", "ndjson": "jsonl", "json": "json"} | {
    "geojson": "geojson",
    "parquet": "parquet",
}
"""File endings that can be read, and the format each stands for."""


def open_source(path: str | os.PathLike[str], kind: str | None = None) -> Opened:
    """Read a file whole.

    Args:
        path: The file; ``.gz`` is decompressed.
        kind: The format, where a mapping states it; else the file's ending says.

    Returns:
        Its content.

    Raises:
        ObservationError: If it cannot be opened, or its ending is not known.
    """
    name = os.fspath(path)
    ending = Path(name.removesuffix(".gz")).suffix.removeprefix(".").lower()
    kind = kind or ENDINGS.get(ending)
    if kind is None:
        advice = f"known endings: {', '.join(sorted(ENDINGS))}, each also with .gz"
        message = f'files ending in ".{ending}" are not read' if ending else "it has no ending"
        raise ObservationError([Rejection(name, None, None, "O109", message, advice)])
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        message = f"it cannot be opened: {error.strerror or error}"
        raise ObservationError([Rejection(name, None, None, "O100", message)]) from error
    digest = hashlib.sha256(data).hexdigest()
    if not name.endswith(".gz"):
        return Opened(name, kind, data, digest)
    whole, problem = _unzip(data)
    message = f"the compressed data is damaged or cut off ({problem}); what came before it was read"
    damage = Rejection(name, None, None, "O108", message) if problem else None
    return Opened(name, kind, whole, digest, damage)


def _unzip(data: bytes) -> tuple[bytes, str]:
    try:
        return gzip.decompress(data), ""
    except (OSError, EOFError, zlib.error) as error:
        try:
            # what can still be got out of the first member; damage is reported, not hidden
            return zlib.decompressobj(wbits=31).decompress(data), str(error)
        except zlib.error:
            return b"", str(error)
