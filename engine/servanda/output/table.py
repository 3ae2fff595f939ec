"""The result as a table an adviser can read: by clause and rule, with what would settle what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from servanda.outcomes import Verdict
from servanda.output.totals import totals
from servanda_dsl.prose import join

if TYPE_CHECKING:
    from servanda.check import Result
    from servanda.findings.model import Finding, Measure
    from servanda_dsl.model import Agreement, Clause, Rule

STYLES = {
    Verdict.VIOLATED: "bold red",
    Verdict.INDETERMINATE: "bold yellow",
    Verdict.EXCUSED: "cyan",
    Verdict.COMPLIED: "green",
    Verdict.PENDING: "blue",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.UNOBSERVED: "magenta",
}

_NOT_RUN = {"permission", "not-monitored"}


def table(result: Result) -> RenderableType:
    """The whole result for a terminal."""
    parts: list[RenderableType] = [_head(result)]
    for clause in result.agreement.clauses:
        if not any(f.clause == clause.label for f in result.findings):
            continue
        parts.append(Text(f"\nClause {clause.label}: {clause.heading}", "bold"))
        if clause.gist:
            parts.append(Text(f"  {clause.gist}", "dim"))
        parts.extend(_rule(result, clause, rule) for rule in clause.rules if rule.kind not in _NOT_RUN)
    parts.append(totals(result.totals, result.agreement.time_zone))
    parts.append(_not_monitored(result))
    parts.append(_assumptions(result))
    parts.append(_account(result))
    return Group(*parts)


def _head(result: Result) -> RenderableType:
    agreement = result.agreement
    source = f"{agreement.source}; " if agreement.source else ""
    lines = [
        Text(agreement.title, "bold underline"),
        Text(f"{source}encoding {agreement.name}, evaluated at {result.evaluated_at} ({result.chosen})"),
    ]
    if agreement.reviewed_by is None:
        lines.append(Text("This encoding has not been reviewed by a second person.", "yellow"))
    determined = sum(f.status == "determined" for f in result.findings)
    said = (
        "Every finding is a proposal"
        if not determined
        else f"{determined} determined; every other finding is a proposal"
    )
    lines.append(Text(f"{said}: only a body the agreement empowers can determine a breach.", "dim"))
    return Group(*lines)


def _rule(result: Result, clause: Clause, rule: Rule) -> RenderableType:
    found = [f for f in result.findings if f.rule == rule.id]
    if not found:
        return Group()
    counts = result.summary[clause.label][rule.letter]
    named = f" ({rule.heading})" if rule.heading else ""
    summary = ", ".join(f"{n} {verdict}" for verdict, n in counts.items())
    head = Text.assemble((f"\n  Rule {rule.id}{named}: ", "bold"), summary)
    seen = [f for f in found if f.seen]
    parts: list[RenderableType] = [head]
    if seen:
        parts.append(_seen(result.agreement, seen))
    unseen = [f for f in found if not f.seen]
    if unseen:
        rows = Table.grid(padding=(0, 2, 0, 2))
        for finding in unseen:
            text = "\n".join([finding.because.split(": ", 1)[1], *_filed(result.agreement, finding)])
            rows.add_row(
                Text(finding.verdict.value, STYLES[finding.verdict]), Text(text), Text(finding.id, "dim", no_wrap=True)
            )
        parts.append(rows)
    return Group(*parts)


def _seen(agreement: Agreement, found: list[Finding]) -> RenderableType:
    """The findings that rest on observations, as rows; a column that nothing needs is left out."""
    figures = any(_figures(f) for f in found)
    rows = Table(show_header=True, header_style="bold", pad_edge=False, box=None, padding=(0, 2, 0, 2))
    rows.add_column("Verdict", no_wrap=True)
    rows.add_column("What, when, where", ratio=5)
    if figures:
        rows.add_column("Figure against limit", ratio=4)
    rows.add_column("What would settle it / note", ratio=5)
    rows.add_column("Finding", no_wrap=True)
    for finding in found:
        cells = [Text(finding.verdict.value, STYLES[finding.verdict]), Text(finding.seen)]
        if figures:
            cells.append(Text(_figures(finding)))
        rows.add_row(*cells, Text(_settles(agreement, finding)), Text(finding.id, "dim"))
    return rows


def _figures(finding: Finding) -> str:
    lines = [_measure(m) for m in finding.measured if m.name != "calibre"]
    return "\n".join(dict.fromkeys(lines))


def _measure(measure: Measure) -> str:
    if measure.unit != "m":
        return _amount(measure)
    low, high = (measure.min or 0) / 1000, (measure.max or 0) / 1000
    name = measure.name.removeprefix("distance to ")
    if not measure.limit:
        return f"{low:.1f} to {high:.1f} km from {name}"
    return f"{low:.1f} to {high:.1f} km from {name}, limit {measure.limit / 1000:g} km"


def _amount(measure: Measure) -> str:
    """How much there was against a limit, as far as anybody knows."""
    low, high = measure.min or 0, measure.max
    seen = f"at least {low:,g}" if high is None else f"{low:,g}" if low == high else f"{low:,g} to {high:,g}"
    return f"{seen} {measure.name}" + ("" if measure.limit is None else f", limit {measure.limit:,g}")


def _settles(agreement: Agreement, finding: Finding) -> str:
    lines = [f"- {u}" for u in finding.undecided_by]
    if finding.verdict is Verdict.VIOLATED:
        lines.append(f"by {agreement.title_of(finding.bearer)}" if finding.bearer else "by whom: not known")
    lines.extend(_filed(agreement, finding))
    lines.extend(f"the source itself says: {a.text}" for a in finding.source_assessments)
    return "\n".join(lines)


def _filed(agreement: Agreement, finding: Finding) -> list[str]:
    """What bodies and parties put on record, each in a line."""
    lines, made = [], finding.determination
    if made is not None:
        dissent = f" (dissent: {'; '.join(made.dissents)})" if made.dissents else ""
        by = join([agreement.title_of(name) for name in made.by])
        lines.append(f"determined: {made.outcome.replace('-', ' ')}, by {by}{dissent}")
    differing = [f.observation for f in finding.procedure if f.effect == "differs" and f.act == "determine"]
    if differing:
        lines.append(f"not determined: {join(differing)} differ")
    if finding.attribution.by is not None:
        party = finding.attribution.party
        whom = f" to {agreement.title_of(party)}" if party and finding.attribution.status != "admitted" else ""
        status = finding.attribution.status.replace("-", " ")
        lines.append(f"{status}{whom}, by {agreement.title_of(finding.attribution.by)}")
    if finding.remedy:
        lines.append(f"remedy: {finding.remedy}")
    return lines


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _not_monitored(result: Result) -> RenderableType:
    if not result.not_monitored:
        return Text("")
    lines = [Text("\nNot monitored", "bold")]
    lines += [Text(f"  {name}: {reason}") for name, reason in result.not_monitored.items()]
    return Group(*lines)


def _assumptions(result: Result) -> RenderableType:
    used = {a.id: a for f in result.findings for a in f.assumptions}
    if not used:
        return Text("")
    lines = [Text("\nThese findings rest on assumptions of the encoder", "bold")]
    lines += [Text(f"  {a.id}: {a.text}, because {a.because}") for a in used.values()]
    return Group(*lines)


def _account(result: Result) -> RenderableType:
    record = result.record()["observations"]
    used, unused = record["used"], record["unused"]
    lines = [
        Text("\nObservations", "bold"),
        Text(f"  {_many(result.read, 'row')} read, {_many(result.rejected_rows, 'row')} rejected"),
        Text(f"  {_many(len(result.accounts), 'observation')} made of them, {used} used as evidence"),
    ]
    lines += [Text(f"  {n} not used: {reason}") for reason, n in unused.items()]
    lines += [Text(f"  {n} left out: {reason}") for reason, n in result.ignored.items()]
    kept_apart = [a for a in result.accounts if a.status == "unused" and a.source_assessment]
    if kept_apart:
        lines.append(Text("\nNo finding, though the source itself drew a conclusion", "bold"))
    for account in kept_apart:
        why = "; ".join(f"{t.rule}: {t.why}" for t in account.tested)
        lines.append(
            Text(f"  {account.observation}: the source says “{account.source_assessment}”; {why or account.reason}")
        )
    return Group(*lines)
