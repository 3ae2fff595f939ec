"""Every example of the documentation is run: terms parse and resolve, commands print what is shown, Python runs.

How a page says what is to be done with a fenced block (the comments are invisible to readers):

    <!-- file: two-rivers/agreement.md -->   the block is a file, written before what follows
    <!-- not run: reason -->                 the block is only looked at
    <!-- excerpt of: servanda check … -->    the lines of the block stand in this order in what the command prints
    <!-- list of: words -->                  the block lists what the program holds
    <!-- because of: 2/D -->                 the sentence of the first finding of that rule on the shipped sample
    <!-- gives: E104 -->                     reading the terms gives this diagnostic, or reading the record this one
    <!-- check: 2025-06-10T00:00+02:00 -->   terms and records up to the next `text` block are checked at this instant,
                                             and that block says what comes out

A `console` block is `$ command` followed by what is printed; a line `…` stands for any lines, ` …` at the end of a line
for the rest of it.
`SERVANDA_DOCS=rewrite python -m pytest tests/docs/test_examples.py -n 0` puts what really comes out into the pages.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import servanda
from servanda import engine
from servanda.observations import Observation, from_record
from servanda_dsl import lexicon, tree
from servanda_dsl.load import Reading, read_text
from servanda_dsl.source import Source
from servanda_dsl.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
TUTORIAL = ROOT / "docs/tutorial.md"
REWRITE = os.environ.get("SERVANDA_DOCS") == "rewrite"
FIELDS = vocabulary("ceasefire").fields
COLUMNS = 100
"""Width of the terminal in which the commands are shown."""

_OPEN = re.compile(r"^(?P<indent> *)(?P<fence>`{3,})(?P<lang>[\w-]*)[^`\n]*$")
_ROW = re.compile(rf"(?m)^(?:{'|'.join(v.value for v in servanda.Verdict)}) ")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_COMMENT = re.compile(r"^ *<!-- (?P<key>[a-z ]+): (?P<value>.+?) -->$")


@dataclass
class Block:
    """A fenced block: its language, text, place, and the comments above it."""

    lang: str
    text: str
    first: int
    last: int
    notes: dict[str, str] = field(default_factory=dict)


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    notes: dict[str, str] = {}
    lines = page.read_text(encoding="utf-8").splitlines()
    i = 0
    while i < len(lines):
        if comment := _COMMENT.match(lines[i]):
            notes[comment["key"]] = comment["value"]
        elif opened := _OPEN.match(lines[i]):
            end = next(j for j in range(i + 1, len(lines)) if lines[j].strip() == opened["fence"])
            cut = len(opened["indent"])
            text = "\n".join(line[cut:] for line in lines[i + 1 : end])
            found.append(Block(opened["lang"], text + "\n", i + 1, end, notes))
            notes = {}
            i = end
        elif lines[i].strip():
            notes = {}
        i += 1
    return found


@dataclass
class Run:
    """One page being run in a folder of its own."""

    page: Path
    folder: Path
    prelude: str = ""
    names: dict[str, object] = field(default_factory=dict)
    pending: list[Block] = field(default_factory=list)
    at: str = ""
    since: str | None = None
    shows: tuple[str, ...] = ()
    new: list[tuple[Block, str]] = field(default_factory=list)

    def block(self, block: Block) -> None:
        if "file" in block.notes:
            self.file(block)
        if "not run" in block.notes or ("file" in block.notes and block.lang in {"python", "terms"}):
            return
        if "check" in block.notes:
            self.at, self.pending = block.notes["check"], []
            self.since = block.notes.get("since")
            self.shows = tuple(n for n in block.notes.get("shows", "").split(", ") if n)
        if self.at:
            self.pending.append(block)
            if block.lang == "text":
                self.result(block)
                self.at = ""
            return
        handlers = {
            "console": self.console,
            "python": self.python,
            "terms": self.terms,
            "json": self.json,
            "toml": self.toml,
            "text": self.text,
        }
        if block.lang in handlers:
            handlers[block.lang](block)

    def file(self, block: Block) -> None:
        target = self.folder / block.notes["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")

    def toml(self, block: Block) -> None:
        tomllib.loads(block.text)

    def text(self, block: Block) -> None:
        if "excerpt of" in block.notes:
            self.excerpt(block)
        elif "list of" in block.notes:
            self.said(block, listed(block.notes["list of"]))
        elif "because of" in block.notes:
            self.said(
                block, textwrap.fill(first_because(block.notes["because of"]), 100, break_on_hyphens=False) + "\n"
            )

    def said(self, block: Block, real: str) -> None:
        """What stands in the page is what comes out."""
        if REWRITE:
            self.new.append((block, real))
            return
        assert fits(block.text, real), f"{self.page.name}:{block.first}: not what comes out, which is:\n{real}"

    def shell(self, command: str) -> str:
        """What a command prints, standard error last, as in a terminal of 100 columns without colours."""
        words = shlex.split(command)
        stdin = None
        if "<" in words:
            at = words.index("<")
            stdin = (self.folder / words[at + 1]).read_text(encoding="utf-8")
            del words[at : at + 2]
        assert words[0] == "servanda", f"only servanda is run, not {words[0]}"
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            master, terminal = pty.openpty()
            process = subprocess.Popen(  # noqa: S603 - our own examples
                [sys.executable, "-c", "from servanda.cli import main; main()", *words[1:]],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=terminal,
                stderr=errors,
                env={**os.environ, "NO_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm", "PYTHONUTF8": "1"},
            )
            os.close(terminal)
            assert process.stdin is not None
            process.stdin.write((stdin or "").encode())
            process.stdin.close()
            printed = b""
            with contextlib.suppress(OSError):  # how a terminal says that there is no more
                while piece := os.read(master, 65536):
                    printed += piece
            os.close(master)
            code = process.wait(timeout=60)
            errors.seek(0)
            said = errors.read()
        assert code in {0, 1, 2, 3}, said
        text = _COLOURS.sub("", printed.decode().replace("\r\n", "\n"))
        return text + said

    def console(self, block: Block) -> None:
        commands = [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
        assert commands, f"{self.page.name}:{block.first}: a console block begins with `$ `"
        if REWRITE and re.search(r"(?m)(^| )…$", block.text):
            parts = re.split(r"(?m)^\$ .*\n", block.text)[1:]
            for command, part in zip(commands, parts, strict=True):
                if not fits(part, self.shell(command)):
                    sys.stderr.write(f"{self.page.name}:{block.first}: mend by hand: {command}\n")
            return
        whole = "".join(f"$ {c}\n{strip(self.shell(c))}" for c in commands)
        self.said(block, whole)

    def excerpt(self, block: Block) -> None:
        real = strip(self.shell(block.notes["excerpt of"]))
        if REWRITE:
            self.said(block, same_part(block.text, real))
        else:
            assert fits("…\n" + block.text + "…\n", real), f"{self.page.name}:{block.first}: no excerpt of:\n{real}"

    def python(self, block: Block) -> None:
        out = io.StringIO()
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(block.text, f"{self.page.name}:{block.first}", "exec"), self.names)  # noqa: S102 - our own examples
        finally:
            os.chdir(here)
        assert block.notes.get("prints", "") in out.getvalue(), out.getvalue()

    def reading(self, text: str) -> Reading:
        """Terms, with the page's declarations and a clause before them where they have none."""
        clause = "" if re.search(r"(?m)^clause ", text) else 'clause 99 "Example".\n'
        whole = text + clause if re.search(r"(?m)^agreement ", text) else self.prelude + clause + text
        folder = ROOT / "agreements/minsk-2-2015" if self.page.name == "README.md" else self.folder
        return read_text(Source("example.terms", whole), folder)

    def terms(self, block: Block) -> None:
        reading = self.reading(block.text)
        codes = [d.code for d in reading.diagnostics]
        where = f"{self.page.name}:{block.first}"
        if reading.agreement is not None and not codes:
            codes = made_ready(reading.agreement)
        if "gives" in block.notes:
            assert block.notes["gives"] in codes, f"{where}: gives {codes}"
            return
        assert reading.agreement is not None, f"{where}: " + "\n".join(d.as_line() for d in reading.diagnostics)
        assert not codes, f"{where}: {codes}"
        if not self.prelude:
            self.prelude = block.text

    def json(self, block: Block) -> None:
        if block.lang == "json" and block.text.lstrip().startswith("{\n"):
            json.loads(block.text)
            return
        for line in block.text.splitlines():
            made = from_record(json.loads(line), time_zone="Europe/Belgrade")
            if "gives" in block.notes:
                assert isinstance(made, list), line
                assert block.notes["gives"] in {flaw.code for flaw in made}, (line, made)
            elif '"act"' in line:
                assert isinstance(made, Observation), (line, made)

    def result(self, block: Block) -> None:
        """Check the terms and records gathered, and compare what comes out."""
        terms = "".join(b.text for b in self.pending if b.lang == "terms")
        records = [json.loads(x) for b in self.pending if b.lang in {"json", "jsonl"} for x in b.text.splitlines()]
        reading = self.reading(terms)
        where = f"{self.page.name}:{block.first}"
        assert reading.agreement is not None, f"{where}: " + "\n".join(d.as_line() for d in reading.diagnostics)
        given = servanda.read(records, time_zone=reading.agreement.time_zone, known_fields=FIELDS)
        at = None if self.at == "latest" else self.at
        result = servanda.check(reading.agreement, given, at=at, since=self.since)
        lines = [] if at else [f"evaluated at {result.evaluated_at}"]
        for finding in result.findings:
            whose = f", {finding.bearer}" if finding.bearer else ""
            lines.append(f"{finding.rule} {finding.verdict.value}{whose}: {finding.instance}")
            lines += [f"    {question}" for question in finding.undecided_by]
            lines += [f"    {'; '.join(r.readings.values())}: {r.verdict.value}" for r in finding.readings]
            lines += [f"    {name}: {text}" for name in self.shows if (text := field_of(finding, name))]
        for account in result.accounts:
            if account.status == "unused":
                lines.append(f"not used: {account.observation}: {account.reason}")
        lines += [f"set aside: {r.id}: {r.message} [{r.code}]" for r in result.rejected]
        self.said(block, "\n".join(lines) + "\n")


def field_of(finding: servanda.Finding, name: str) -> str:
    """A field of a finding in one line; empty where it holds nothing."""
    if name == "candidates":
        return ", ".join(finding.attribution.candidates)
    if name == "assumptions":
        return "; ".join(a.text for a in finding.assumptions)
    if name == "procedure":
        return ", ".join(f"{p.observation} {p.effect}{f' from {p.to}' if p.to else ''}" for p in finding.procedure)
    if name == "determination":
        return "" if finding.determination is None else finding.determination.outcome
    if name == "attribution":
        made = finding.attribution
        return " ".join(x for x in (made.status, made.party, f"by {made.by}" if made.by else "") if x)
    if name == "measured":
        told = [m for m in finding.measured if m.observation is None]
        return "; ".join(
            f"{_figure(m.min)} to {_figure(m.max)} {m.name}"
            + ("" if m.limit is None else f", limit {_figure(m.limit)}")
            for m in told
        )
    if name == "evidence":
        return ", ".join(f"{e.observation} {e.role}" for e in finding.evidence)
    bounds = getattr(finding, name)
    if bounds is None or isinstance(bounds, str):
        return bounds or ""
    return bounds.earliest if bounds.earliest == bounds.latest else f"{bounds.earliest} to {bounds.latest or 'open'}"


def _figure(number: float | None) -> str:
    return "any number" if number is None else f"{number:,g}"


def made_ready(agreement: servanda.Agreement) -> list[str]:
    """The codes of what keeps an agreement from being run, once its maps and dates are looked at."""
    ready = engine.Engine(agreement)
    try:
        _ = ready.maps, ready.plan
    except servanda.AgreementError as error:
        return [d.code for d in error.diagnostics]
    return []


def same_part(shown: str, real: str) -> str:
    """The part of what comes out that begins like what is shown, with as many findings."""
    head = shown.split(":", 1)[0] + ":"
    rows = len(re.findall(_ROW, shown))
    lines = real[real.index(head) :].splitlines(keepends=True)
    met, kept = 0, []
    for line in lines:
        met += bool(re.match(_ROW, line))
        if met > rows or (kept and not line.strip()):
            break
        kept.append(line)
    return "".join(kept)


def first_because(rule: str) -> str:
    """The sentence of the first finding of a rule of the Package of Measures on the sample of observations."""
    sample = ROOT / "agreements/minsk-2-2015/observations/osce-smm-sample"
    observations = servanda.read(sample.with_suffix(".csv"), sample.with_suffix(".toml"))
    return servanda.check("minsk-2-2015", observations, rules=[rule]).findings[0].because


def listed(what: str) -> str:
    """A list that the program holds: words, acts, effects, records, participles, categories, objects, standards …"""
    stock = vocabulary("ceasefire")
    if what == "ends":
        meant = {
            "from": "where it was done from",
            "into": "where it arrived",
            "either": "one of the two ends, nobody can say which",
            "over": "the ground beneath it",
            "at": "where it is",
        }
        acts = {key: [a.name for a in stock.acts.values() if a.place == key and a.kind != "record"] for key in meant}
        lines = [textwrap.fill(f"{meant[k]}: {', '.join(n)}", 100, break_on_hyphens=False) for k, n in acts.items()]
        return "\n".join(lines) + "\n"
    if what == "units":
        return "".join(f"{unit}: {', '.join(said)}\n" for unit, said in stock.units.items())
    names = {
        "words": sorted(lexicon.keywords()),
        "categories": list(stock.categories),
        "standards": list(stock.standards),
        "objects": list(stock.objects),
        "participles": list(stock.participles),
        **{f"{kind}s": [a.name for a in stock.acts.values() if a.kind == kind] for kind in ("act", "effect", "record")},
    }[what]
    return textwrap.fill(", ".join(names), 100, break_on_hyphens=False) + "\n"


def strip(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def fits(shown: str, real: str) -> bool:
    """Whether a text is what is shown, where `…` on a line of its own stands for any lines, at an end for its rest."""
    parts = []
    for line in shown.splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        elif line.endswith(" …"):
            parts.append(re.escape(line.removesuffix("…")) + r".*\n")
        else:
            parts.append(re.escape(line.rstrip()) + r"\n")
    return re.fullmatch("".join(parts), strip(real)) is not None


def run(page: Path, folder: Path) -> Run:
    (folder / "agreements").symlink_to(ROOT / "agreements")
    if page != TUTORIAL:
        for block in blocks(TUTORIAL):
            if "file" in block.notes:
                target = folder / block.notes["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
        (folder / "maps").symlink_to(folder / "two-rivers/maps")
    running = Run(page, folder)
    for block in blocks(page):
        running.block(block)
    return running


@pytest.mark.parametrize("page", PAGES, ids=[p.relative_to(ROOT).as_posix() for p in PAGES])
def test_every_example_of_the_page_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    running = run(page, tmp_path)
    if running.new:
        lines = page.read_text(encoding="utf-8").splitlines()
        for block, real in sorted(running.new, key=lambda pair: -pair[0].first):
            lines[block.first : block.last] = real.splitlines()
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_page_on_the_language_shows_every_construct_of_the_grammar(tmp_path: Path) -> None:
    running = run(ROOT / "docs/reference/language.md", tmp_path)
    seen: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, tree.Node):
            seen.add(type(node).__name__)
            for value in vars(node).values():
                walk(value)
        elif isinstance(node, list | tuple):
            for item in node:
                walk(item)

    for block in blocks(running.page):
        if block.lang == "terms":
            for statement in running.reading(block.text).parsed.statements:
                walk(statement)
    made = {name for name, value in vars(tree).items() if isinstance(value, type) and issubclass(value, tree.Node)}
    abstract = {"Node", "Items"} | {n for n in made if n.startswith("_")}
    assert made - abstract - seen == set()
