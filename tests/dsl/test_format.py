"""`servanda fmt` changes white space and nothing else, and says so by refusing what it cannot read."""

# ruff: noqa: E501, ISC004 - the sentences stand whole

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda_dsl.format import WIDTH, format_source
from servanda_dsl.load import Reading, read_text
from servanda_dsl.parser import lex, parse
from servanda_dsl.source import Source, read_source

HERE = Path(__file__).parent
AGREEMENTS = sorted(p for p in (HERE.parents[1] / "agreements").glob("*/agreement.*"))
READABLE = [f for f in sorted((HERE / "golden").glob("*.terms")) if not parse(read_source(f)).diagnostics]

NAMES = st.sampled_from(
    ["north", "south", "mission", "the-lull", "shall-x", "withinn", "північ", "الجنوب", "zone-3", "a1"]
)
TEXTS = st.sampled_from(
    ['"a text"', "“curly, with. dots”", "«guillemets: # no comment»", '"' + "long " * 30 + '"', '""', '"rule A: x."']
)
SENTENCES = [
    "agreement {n} {t} source {t} authentic in {n} and {n} encoded from {t} , {n} , not authentic encoded by {t} on 2020-01-02 "
    "reviewed by {t} on 2020-01-03 signed 2015-02-12 in force 2015-02-15 24:00 time zone Europe/Kyiv version {t} "
    "provenance {n} status {t} .",
    "agreement {n} {t} in force not known time zone UTC .",
    "use vocabulary {n} .",
    "gazetteer {t} .",
    "event {n} {t} on 2015-02-15 12:00 Europe/Kyiv .",
    "event {n} {t} not known .",
    "party {n} {t} .",
    "non-party {n} {t} .",
    "body {n} {t} .",
    "body {n} {t} may determine and attribute and remedy .",
    "monitor {n} {t} may attribute .",
    "line {n} {t} from {t} , accurate to 5 km , approximate because {t} {t} , {n} on the side of {t} and {n} on the side of {t} .",
    "weapon {n} {t} is {n} of calibre between 6,000.5 mm and 12.5 cm or {t} or {n} , other than {n} and {n} .",
    "gate {n} {t} is 48 hours without {n} of {n} or {n} in {n} , outside {n} , other than {n} , from the opening of {n} , "
    "as {n} certifies .",
    "phase {n} {t} from entry into force until 15 days after the opening of {n} .",
    "phase {n} {t} from the opening of {n} .",
    "rule {n} : During {n} , no party shall {n} , until the opening of {n} .",
    "assuming days exclusive , because {t} {t} {t} .",
    "assuming ungraded reports of {n} and {n} meet {n} {n} , because {t} .",
    "assuming reports graded {n} or better meet {n} {n} , because {t} .",
    "assuming {n} registers each {n} or {n} within 2 days , because {t} .",
    "assuming {n} {n} needs 2 independent origins , because {t} .",
    "assuming {n} or {n} or {n} count as {n} , because {t} .",
    "assuming unattributed {n} or {n} in {n} counts as by a party , because {t} .",
    "assuming {t} , because {t} .",
    "clause 4.1.2 {t} gist {t} {t} {t} not monitored because {t} .",
    "clause 2bis {t} .",
    "rule A {t} : not monitored because {t} .",
    "rule {n} : From entry into force until the end of clause 2 rule {n} , after each {n} by a party , that party shall not "
    "{n} {n} {n} of {n} or {n} in a zone 50 km wide , half on each side of the line , measured for {n} from {n} and for {n} "
    "from {n} , except as rule {n} and clause {n} rule {n} permit , only if a {n} and an {n} were recorded before it , "
    "to {n} and {n} , other than {n} .",
    "rule {n} : a party may {n} , only if {t} and {t} and a {n} is recorded , except as rule {n} and rule {n} forbid ; "
    "the party relying on this shall show it within 72 hours reading {t} : days inclusive ; reading {t} : days exclusive .",
    "rule {n} : {n} may {n} , only if {t} , except as clause {n} rule {n} forbids ; the party relying on this shall show it .",
    "rule B : {n} and {n} may {n} in response to a {n} , no later than 14 days after day 2 of the start of rule A or if that is "
    "not shown after signature reading {t} : counting the first day of the {n} as day 1 ; reading {t} : "
    "counting the day after it as day 1 ; reading {t} : days inclusive .",
    "rule D : After each violation of clause 2 rule {n} , that party shall {n} , within 48 hours after it .",
    "rule E : after each violation of clause 4a , {n} shall {n} .",
    "rule C : between 2015-01-01 00:00:00 and 2016-01-01 , each party shall {n} on its own side within 3 km of {n} , "
    "before the deadline of rule B .",
    "rule D : at no time shall a party {n} more than 6,000 {n} or more than 75 {n} of {n} on its own side within 3 km of {n} , "
    "until 2016-01-01 .",
    "rule E : no party shall {n} of {n} more than 5 times in any 7 days , in {n} .",
    "rule F : on each day from 2015-01-01 until 2016-01-01 , {n} shall {n} at least 600 {n} into {n} , including at least 50 {n} "
    "of {n} and at most 300 {n} into {n} .",
    "rule H : no party shall {n} more than 1 {n} for each {n} {n} by that party or more than 2 {n} of {n} for each {n} of {n} "
    "{n} in {n} by {n} , in {n} .",
    "rule I : {n} shall {n} at least 30 {n} of {n} for each {n} of {n} {n} by {n} , within 24 hours after it .",
    "rule G : in each month , a party shall {n} at most 35,000 {n} , on each day .",
]
GAPS = st.sampled_from(
    [
        " ",
        " ",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n\n\n\n",
        "\t",
        "\r\n",
        "\u00a0",
        ' # why, "and" rule A.\n',
        "\n#\n",
        "# x  \n\n# y\n",
    ]
)
GLUED = st.sampled_from(["", "", "", " ", "\n", " # before the stop\n"])


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """A file of readable sentences with any white space and comments between their words, plain or literate."""
    parts: list[str] = []
    literate = draw(st.booleans())
    for template in draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6)):
        for word in template.split():
            filled = draw(NAMES) if word == "{n}" else draw(TEXTS) if word == "{t}" else word
            parts += [draw(GLUED if word in {".", ",", ":", ";"} else GAPS), filled]
        parts.append(draw(GAPS))
        if literate and draw(st.booleans()):
            parts.append("\n```\n\nProse. rule A: prose,   untouched.  \n\n```terms\n")
    body = "".join(parts)
    text = f"# Title  \n\n```terms\n{body}\n```\ntail  \n" if literate else body
    return Source("x.md" if literate else "x.terms", text, literate)


def _words(source: Source) -> tuple[list[str], list[str]]:
    tokens, comments = lex(source)
    return [str(t) for t in tokens], [str(c).rstrip() for c in comments]


def _formatted(source: Source) -> Source:
    return Source(source.file, format_source(source), source.literate)


def _hold(source: Source) -> None:
    once = _formatted(source)
    assert _words(once) == _words(source)
    assert "".join(once.terms.split()) == "".join(source.terms.split()), "comments keep their places among the words"
    assert parse(once).statements == parse(source).statements
    assert _formatted(once).text == once.text, "formatting twice is formatting once"
    assert not any(line != line.rstrip() for line in _block_lines(once))


def _block_lines(source: Source) -> list[str]:
    return [line.removesuffix("\r") for start, end in source.blocks for line in source.text[start:end].split("\n")]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sources())
def test_no_word_and_no_comment_is_lost_or_moved(source: Source) -> None:
    assert parse(source).diagnostics == ()
    _hold(source)


@pytest.mark.parametrize("file", [*READABLE, *AGREEMENTS], ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_files_keep_their_words(file: Path) -> None:
    _hold(read_source(file))


@pytest.mark.parametrize("file", AGREEMENTS, ids=lambda f: f.parent.name)
def test_a_shipped_agreement_means_the_same_laid_out(file: Path) -> None:
    source = read_source(file)
    before, after = read_text(source, file.parent), read_text(_formatted(source), file.parent)
    assert before.agreement is not None
    assert after.agreement is not None
    texts = [[(r.id, r.text) for r in reading.agreement.rules] for reading in (before, after) if reading.agreement]
    assert texts[0] == texts[1]


def test_prose_outside_the_blocks_is_left_alone() -> None:
    page = 'Title  \n\n\n```terms\nparty   b  \n"A"  .\n```\n  prose .  \n```terms\nuse vocabulary x .\n```'
    assert format_source(Source("x.md", page, literate=True)) == (
        'Title  \n\n\n```terms\nparty b "A".\n```\n  prose .  \n```terms\nuse vocabulary x.\n```'
    )


def test_lines_end_as_the_file_ends_them() -> None:
    text = format_source(Source("x.terms", 'party c "A" .\r\nparty b\r\n"B".\r\n'))
    assert text == 'party c "A".\r\nparty b "B".\r\n'


def test_lines_are_no_longer_than_the_width_where_a_break_can_be_had(read_terms: Callable[..., Reading]) -> None:
    body = 'clause 1 "X".\nrule A: No party shall keep of ' + " or ".join(["rocket-artillery"] * 40) + " in area."
    text = format_source(read_terms(body).parsed.source)
    assert max(len(line) for line in text.splitlines()) <= WIDTH


@pytest.mark.parametrize("text", ["party b.", 'party b "B', "party b “B”", "nonsense", 'party b "B". ;'])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        format_source(Source("x.terms", text))
