"""A monitor's state as a file: JSON lines, the first saying what it is, the last the digest of all before it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from servanda.archive import Archive, StateError
from servanda.engine import Engine
from servanda.live import Counts, Live
from servanda.observations import Observation, Origin, Rejection
from servanda.stream.unit import Unit
from servanda.told import Told, as_written, packed, unpacked, written

_KIND = "servanda monitor state"
_FORMAT = 2
_WORDS = {
    "servanda": "version of servanda",
    "tzdata": "table of time zones",
    "proj": "version of PROJ",
    "agreement": "agreement",
    "vocabulary": "vocabulary",
    "geometry": "maps",
}


def save(live: Live, path: Path) -> None:
    """Write the state of a monitor, and its archive for good, so that the two belong together.

    Raises:
        StateError: It cannot be written.
    """
    archive = live.archive
    token = None if archive is None or not archive.content else archive.mark()
    part = _part(path)
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            digest = hashlib.sha256()
            for line in _lines(live, token):
                text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
                digest.update(text.encode())
                file.write(text)
            file.write(json.dumps({"end": digest.hexdigest()}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if archive is not None and archive.content:
            archive.commit()
        part.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise StateError(msg) from error


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _lines(live: Live, token: str | None) -> Iterator[dict[str, Any]]:
    archive, current = live.archive, live.current
    yield {
        "kind": _KIND,
        "format": _FORMAT,
        "provenance": live.engine.provenance(),
        "at_us": live.at_us,
        "lateness_us": live.lateness_us,
        "archive": None if archive is None or archive.path is None else str(archive.path.resolve()),
        "token": token,
        "counts": asdict(live.counts),
        "current": current.note(),
        "conflicts": sorted(live.conflicts),
        "known": sorted([name, digest] for name, digest in live.contents.items() if name not in live.located),
    }
    yield from ({"rejected": asdict(rejection)} for rejection in live.rejected)
    for name, found in live.located.items():
        origin = live.origins.get(name)
        where = {} if origin is None else {"file": origin.file, "line": origin.line}
        yield {"record": found.observation.to_record(), "digest": live.contents[name]} | where
    for unit, kept in current.kept.items():
        yield {"unit": unit, "outcomes": written(kept.outcomes)}
    for name, told in live.told.items():
        yield {
            "told": name,
            "outcome": written((told.outcome,)),
            "finding": unpacked(told.content),
            "digest": told.digest,
            "revision": told.revision,
            "supersedes": told.supersedes,
        }
    yield from ({"gone": name, "revision": revision} for name, revision in live.gone.items())
    for table, row in () if archive is None or archive.content else archive.dump():
        yield {"row": table, "values": [_told(value) for value in row]}


def _told(value: object) -> object:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _untold(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value


def restored(engine: Engine, path: Path, moved: Path | None) -> Live:
    """The state that a file holds; what it held back then has to be brought up to date.

    Raises:
        StateError: The file cannot be used, and why.
    """
    head = _head(engine, path)
    wanted = moved or (None if head["archive"] is None else Path(head["archive"]))
    archive = _archive(wanted, path, head)
    if archive is not None and archive.content and archive.meta("token") != head["token"]:
        part = _part(path)
        if not part.exists() or _head(engine, part)["token"] != archive.meta("token"):
            msg = (
                f"the archive {archive.path} was written after {path} was saved, so the two do not belong together:"
                " restore the state that was saved last"
            )
            raise StateError(msg)
        part.replace(path)  # the archive was written for good, and the state beside it, but not yet under its name
        head = _head(engine, path)
    live = Live(engine, archive=archive, lateness_us=head["lateness_us"])
    live.at_us = head["at_us"]
    live.conflicts.update(head["conflicts"])
    live.contents.update(head["known"])
    live.current.resume(head["current"])
    _fill(live, path)
    if live.at_us is not None:  # else nothing was evaluated yet
        live.current.know_again(live.current.clusters.by_number)
    live.counts = Counts(**head["counts"])
    return live


def _archive(path: Path | None, state: Path, head: dict[str, Any]) -> Archive | None:
    if path is None:
        return None if head["lateness_us"] is None else Archive()
    if head["token"] is None:
        msg = f"{state} was saved by a monitor that has no archive"
        raise StateError(msg)
    if not path.exists():
        msg = f"the archive {path} that belongs to {state} is not there; say where it lies now"
        raise StateError(msg)
    return Archive(path)


def _fill(live: Live, path: Path) -> None:
    for line in _read(path):
        match line:
            case {"record": record, "digest": digest}:
                observation = Observation.model_validate(record)
                origin = Origin(line["file"], line["line"]) if "file" in line else None
                live.enter(observation, digest, origin)
            case {"rejected": rejection}:
                live.rejected.append(Rejection(**rejection))
            case {"unit": [number, key], "outcomes": outcomes}:
                unit: Unit = (number, key)
                live.current.give(unit, as_written(outcomes))
            case {"told": name, "outcome": text, "finding": finding}:
                (outcome,) = as_written(text)
                live.told[name] = Told(outcome, line["digest"], packed(finding), line["revision"], line["supersedes"])
            case {"gone": name, "revision": revision}:
                live.gone[name] = revision
            case {"row": table, "values": values} if live.archive is not None and not live.archive.content:
                live.archive.load(table, [_untold(value) for value in values])


def _head(engine: Engine, path: Path) -> dict[str, Any]:
    """The first line of a state, where the whole file can be used here."""
    if not _whole(path):
        msg = f"{path} is cut off or damaged, it does not end as it should; restore another, or observe all again"
        raise StateError(msg)
    head = next(_read(path))
    if head["format"] != _FORMAT:
        msg = f"{path} was saved by another version of servanda; observe everything again"
        raise StateError(msg)
    ours, theirs = engine.provenance(), head["provenance"]
    for key, word in _WORDS.items():
        if ours[key] != theirs.get(key):
            shown = f" ({_short(theirs.get(key))}, and this is {_short(ours[key])})" if key != "geometry" else ""
            msg = f"{path} was saved under another {word}{shown}; under this one observe everything again"
            raise StateError(msg)
    return head


def _short(value: object) -> str:
    return str(value)[:16]


def _whole(path: Path) -> bool:
    """Whether a file is a state, and all of it.

    Raises:
        StateError: It is something else, or cannot be read.
    """
    digest, last, first = hashlib.sha256(), b"", True
    try:
        with path.open("rb") as file:
            for line in file:
                if first and not line.startswith(f'{{"kind":"{_KIND}"'.encode()):
                    break
                digest.update(last)
                first, last = False, line
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
        raise StateError(msg) from error
    if first:
        msg = f"{path} is no saved state of a monitor"
        raise StateError(msg)
    return last == (json.dumps({"end": digest.hexdigest()}) + "\n").encode()


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
