from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda_dsl.load import Reading

GOOD = """
clause 1 "Ceasefire".
rule A: From entry into force, no party shall fire in area.
"""
GOLDEN = Path(__file__).parent / "golden" / "odd-files"

ODD: dict[str, Callable[[str], bytes]] = {
    "bom": lambda good: b"\xef\xbb\xbf" + good.encode(),
    "bom-twice": lambda good: b"\xef\xbb\xbf" * 2 + good.encode(),
    "crlf": lambda good: good.replace("in area", "in aera").replace("\n", "\r\n").encode(),
    "old-mac": lambda good: good.replace("in area", "in aera").replace("\n", "\r").encode(),
    "latin-1": lambda good: good.replace("Ceasefire", "Cessez-le-feu à").encode("latin-1"),
    "utf-16": lambda good: good.encode("utf-16"),
    "nul": lambda good: good.replace("no party", "no\0 party").encode(),
    "escape": lambda good: good.replace("no party", "no \x1b[31mparty").encode(),
    "zero-width": lambda good: good.replace("no party", "no\u200b party").encode(),
    "hard-blank": lambda good: good.replace("no party", "no\u00a0party").encode(),
    "line-separator": lambda good: good.replace("no party", "no\u2028party").encode(),
    "binary": lambda _: bytes(range(256)) * 40,
    "nothing-but-brackets": lambda _: b"(" * 10_000 + b")" * 10_000,
    "nothing-but-full-stops": lambda _: b"." * 20_000,
    "not-terms-at-all": lambda _: b"The parties have agreed as follows. Nothing here is in the language.\n" * 200,
    "times-in-times": lambda good: (good + _nested(10_000)).encode(),
    "times-in-times-by-the-hundred": lambda good: (good + _nested(300)).encode(),
    "sentence-of-1-mb": lambda good: (good + "rule B: No party shall keep of " + "tank or " * 130_000).encode(),
    "quotation-of-1-mb": lambda good: (good + f'rule B "{"x" * 1_000_000}" no party shall fire.').encode(),
    "word-of-1-mb": lambda good: (good + f'clause {"x" * 1_000_000}.').encode(),
    "quotation-marks-of-1-mb": lambda good: (good + "clause 2 " + '"' * 1_000_001).encode(),
    "larger-than-any-agreement": lambda _: b"#" * 5_000_001,
}  # fmt: skip


def _nested(times: int) -> str:
    return "rule B: From " + "3 hours after " * times + "entry into force, no party shall fire in area.\n"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_refused_in_words_or_read(
    name: str,
    header: str,
    read_bytes: Callable[..., Reading],
    shown: Callable[[Reading], str],
    golden: Callable[[Path, str], None],
) -> None:
    began = time.monotonic()
    text = shown(read_bytes(ODD[name](header + GOOD), f"{name}.terms"))
    assert time.monotonic() - began < 60, "it hangs"
    assert all(len(line) < 400 for line in text.splitlines())
    assert all(c.isprintable() or c == "\n" for c in text)
    several = text.split("\n\n")
    golden(GOLDEN / f"{name}.txt", text if len(several) < 5 else "\n\n".join([*several[:2], "…", several[-1]]))


def test_dots_that_climb_and_links_that_lead_out_are_refused(
    header: str, tmp_path: Path, read_bytes: Callable[..., Reading]
) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.geojson"
    outside.write_text("{}", encoding="utf-8")
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "link.geojson").symlink_to(outside)
    terms = f'zone linked "a link" from "maps/link.geojson".\nzone absolute "absolute" from "{outside.as_posix()}".\n'
    found = read_bytes((header + terms + GOOD).encode()).diagnostics
    assert [d.code for d in found] == ["E305", "E305"]
