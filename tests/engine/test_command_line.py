"""The command line as a user meets it: exit codes, forms of output, what is set aside, how mistakes are answered."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from groundwork import NO_FIRE, raw, terms, write
from typer.testing import CliRunner

from servanda import cli
from servanda.cli import checking
from servanda.cli.app import app

BAD = '{"id": "bad", "act": "fire", "at": "yesterday"}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("trial")
    write(made, terms(NO_FIRE))
    return made


def lines(path: Path, *records: dict[str, Any] | str) -> Path:
    text = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_text("".join(line + "\n" for line in text), encoding="utf-8")
    return path


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return lines(tmp_path / "night.jsonl", raw("shot"), raw("away", place={"lon": 30, "lat": 48, "error_m": 1}))


def run(*words: object, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, [str(w) for w in words], input=stdin)


def check(folder: Path, *words: object) -> Any:
    return run("check", folder, *words, "--at", "2020-12-31")


# ---- check ----


def test_a_violation_is_exit_1_and_the_table_names_it(folder: Path, night: Path) -> None:
    result = check(folder, night)
    assert result.exit_code == 1
    assert "violated" in result.stdout
    assert "Clause 1: One" in result.stdout
    assert "proposal" in result.stdout
    assert "\x1b[" not in result.stdout


def test_silence_is_exit_3(folder: Path, tmp_path: Path) -> None:
    quiet = lines(tmp_path / "quiet.jsonl", raw("c", "comment"))
    assert check(folder, quiet).exit_code == 3


def test_all_complied_is_exit_0(tmp_path: Path) -> None:
    write(tmp_path, terms("rule A: red shall release, no later than 2020-02-20.\n"))
    assert check(tmp_path, lines(tmp_path / "n.jsonl", raw("r", "release"))).exit_code == 0


def test_json_has_the_fixed_keys_and_nothing_else_on_standard_output(folder: Path, night: Path) -> None:
    result = check(folder, night, "--format", "json")
    data = json.loads(result.stdout)
    assert set(data) >= {"agreement", "evaluated_at", "engine", "observations", "provenance", "summary", "findings"}
    assert data["observations"]["read"] == 2
    assert result.exit_code == 1


def test_every_form_can_be_read_back(folder: Path, night: Path) -> None:
    (one,) = [json.loads(line) for line in check(folder, night, "--format", "jsonl").stdout.splitlines()]
    (row,) = csv.DictReader(io.StringIO(check(folder, night, "--format", "csv").stdout))
    collection = json.loads(check(folder, night, "--format", "geojson").stdout)
    (feature,) = collection["features"]
    assert one["id"] == row["id"] == feature["id"]
    assert one["verdict"] == row["verdict"] == feature["properties"]["verdict"] == "violated"
    assert feature["geometry"]["type"] == "Point"


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(folder: Path, tmp_path: Path) -> None:
    night = lines(tmp_path / "n.jsonl", raw("=1+1"))
    (row,) = csv.DictReader(io.StringIO(check(folder, night, "--format", "csv").stdout))
    assert row["evidence"] == "'=1+1"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_output_goes_to_the_file(folder: Path, night: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    result = check(folder, night, "--format", form, "--output", target)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "violated" in target.read_text(encoding="utf-8")


def test_the_instant_that_was_chosen_is_said_on_standard_error(folder: Path, night: Path) -> None:
    result = run("check", folder, night)
    assert "2020-02-01T10:00:00Z" in result.stderr
    assert "--at" in result.stderr


def test_rule_and_without_and_since_and_known_at(folder: Path, night: Path) -> None:
    assert len(json.loads(check(folder, night, "--rule", "1/A", "--format", "json").stdout)["findings"]) == 1
    assert check(folder, night, "--rule", "9/Z").exit_code == 2
    assert "1/A" in check(folder, night, "--rule", "9/Z").stderr
    assert check(folder, night, "--without", "shot").exit_code == 3
    assert check(folder, night, "--without", "nothing").exit_code == 2
    assert check(folder, night, "--since", "2020-03-01T00:00+02:00").exit_code == 3
    data = json.loads(check(folder, night, "--known-at", "2020-03-01T00:00+02:00", "--format", "json").stdout)
    assert sum(data["observations"]["unused"].values()) == 2


def test_an_instant_that_is_none_is_exit_2(folder: Path, night: Path) -> None:
    result = run("check", folder, night, "--at", "tomorrow")
    assert result.exit_code == 2
    assert "tomorrow" in result.stderr


def test_a_bad_row_is_set_aside_and_named_by_file_line_and_field(folder: Path, tmp_path: Path) -> None:
    night = lines(tmp_path / "n.jsonl", raw("shot"), BAD, "not json", raw("x", actor="nobody"))
    reject = tmp_path / "rejected.jsonl"
    result = check(folder, night, "--reject", reject, "--format", "json")
    assert result.exit_code == 1
    assert f"{night}:2" in result.stderr
    assert f"{night}:3" in result.stderr
    assert "actor" in result.stderr
    kept = [json.loads(line) for line in reject.read_text(encoding="utf-8").splitlines()]
    assert {(r["line"], r["field"]) for r in kept} == {(2, "at"), (3, None), (4, "actor")}
    assert json.loads(result.stdout)["observations"]["rejected"] == 3


def test_strict_is_exit_2(folder: Path, tmp_path: Path) -> None:
    night = lines(tmp_path / "n.jsonl", raw("shot"), BAD)
    result = check(folder, night, "--strict")
    assert result.exit_code == 2
    assert "--strict" in result.stderr
    assert result.stdout == ""


def test_a_csv_row_is_named_by_its_line_too(folder: Path, tmp_path: Path) -> None:
    night = tmp_path / "n.csv"
    night.write_text(
        "id,act,actor,at,lon,lat,error_m\n"
        "shot,fire,red,2020-02-01T12:00+02:00,38,48,10\n"
        "odd,fire,red,2020-02-01T12:00+02:00,380,48,10\n",
        encoding="utf-8",
    )
    result = check(folder, night)
    assert result.exit_code == 1
    assert f"{night}:3" in result.stderr
    assert "lon" in result.stderr


def test_a_truncated_file_is_said_to_be_one(folder: Path, tmp_path: Path) -> None:
    import gzip

    whole = gzip.compress("".join(json.dumps(raw(f"o{n}")) + "\n" for n in range(500)).encode())
    night = tmp_path / "night.jsonl.gz"
    night.write_bytes(whole[: len(whole) // 2])
    result = check(folder, night)
    assert result.exit_code in {1, 2, 3}
    assert "night.jsonl.gz" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_file_is_exit_2(folder: Path, tmp_path: Path) -> None:
    result = check(folder, tmp_path / "nothing.jsonl")
    assert result.exit_code == 2
    assert "nothing.jsonl" in result.stderr


def test_a_missing_agreement_suggests_a_name(night: Path) -> None:
    result = run("check", "minsk-2-2051", night)
    assert result.exit_code == 2
    assert "minsk-2-2015" in result.stderr


def test_a_broken_agreement_is_exit_2_with_its_place(tmp_path: Path, night: Path) -> None:
    file = write(tmp_path / "broken", terms("rule A: From entry into force, no party shall fier in square.\n"))
    result = check(file, night)
    assert result.exit_code == 2
    assert "fire" in result.stderr
    assert result.stdout == ""


def test_an_unknown_option_is_exit_2(folder: Path, night: Path) -> None:
    assert check(folder, night, "--formt", "json").exit_code == 2


# ---- explain ----


def test_explain_tells_clause_observation_test_and_conclusion(folder: Path, night: Path) -> None:
    name = json.loads(check(folder, night, "--format", "jsonl").stdout)["id"]
    result = run("explain", folder, night, "--finding", name, "--at", "2020-12-31")
    assert result.exit_code == 0
    for word in ("violated", "no party shall fire in square", "shot", "the square? yes", "So: "):
        assert word in result.stdout


def test_explain_of_an_unknown_finding_suggests_one(folder: Path, night: Path) -> None:
    name = json.loads(check(folder, night, "--format", "jsonl").stdout)["id"]
    result = run("explain", folder, night, "--finding", name[:-1] + "x", "--at", "2020-12-31")
    assert result.exit_code == 2
    assert name in result.stderr


# ---- watch ----


def test_watch_prints_changes_and_names_a_bad_line(folder: Path) -> None:
    stdin = "\n".join([json.dumps(raw("one")), "{broken", "", json.dumps(raw("two", at="2020-02-02T12:00+02:00"))])
    result = run("watch", folder, stdin=stdin + "\n")
    assert result.exit_code == 0
    changes = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(c["change"], c["finding"]["instance"]) for c in changes] == [
        ("opened", "observation:one"),
        ("opened", "observation:two"),
    ]
    assert "<standard input>:2" in result.stderr


def test_watch_strict_is_exit_2(folder: Path) -> None:
    assert run("watch", folder, "--strict", stdin="{broken\n").exit_code == 2


def test_watch_reads_a_file_at_a_given_instant(folder: Path, night: Path) -> None:
    result = run("watch", folder, night, "--at", "2020-01-15")
    (change,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert change["finding"]["verdict"] == "unobserved"


# ---- map ----


def test_map_previews_what_is_read_and_what_is_rejected(tmp_path: Path) -> None:
    night = lines(tmp_path / "n.jsonl", raw("shot"), BAD)
    result = run("map", night)
    assert result.exit_code == 1
    assert "2020-02-01" in result.stdout
    assert f"{night}:2" in result.stderr
    assert run("map", lines(tmp_path / "good.jsonl", raw("shot"))).exit_code == 0


def test_map_with_a_mapping_that_is_none_is_exit_2(tmp_path: Path) -> None:
    night = lines(tmp_path / "n.jsonl", raw("shot"))
    odd = tmp_path / "m.toml"
    odd.write_text("[[row", encoding="utf-8")
    result = run("map", night, "--map", odd)
    assert result.exit_code == 2
    assert "m.toml" in result.stderr


# ---- the text ----


def test_lint_takes_a_broken_text_as_an_answer(tmp_path: Path) -> None:
    file = write(tmp_path, terms("rule A: From entry into force, no party shall fier in square.\n"))
    result = run("lint", file, "--format", "json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["diagnostics"]
    assert set(found) >= {"code", "severity", "file", "line", "column", "message", "help"}
    assert found["line"] == len(terms(NO_FIRE).splitlines())
    assert "fire" in found["help"]


def test_lint_finds_a_bad_map(tmp_path: Path) -> None:
    file = write(tmp_path, terms(NO_FIRE), square="{")
    result = run("lint", file, "--format", "json")
    assert result.exit_code == 1
    assert [d["code"] for d in json.loads(result.stdout)["diagnostics"]] == ["E341"]


def test_lint_finds_a_date_that_is_none(tmp_path: Path) -> None:
    text = terms("rule A: From 2020-03-29 03:30, no party shall fire in square.\n")
    result = run("lint", write(tmp_path, text), "--format", "json")
    (found,) = json.loads(result.stdout)["diagnostics"]
    assert found["code"] == "E316"
    assert "does not exist" in found["message"]


def test_lint_of_nothing_is_exit_2(tmp_path: Path) -> None:
    assert run("lint", tmp_path / "nothing.terms").exit_code == 2


def test_fmt_check_changes_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, terms(NO_FIRE.replace("no party", "no    party")))
    before = file.read_text(encoding="utf-8")
    assert run("fmt", file, "--check").exit_code == 1
    assert file.read_text(encoding="utf-8") == before
    assert run("fmt", file).exit_code == 0
    assert run("fmt", file, "--check").exit_code == 0


def test_read_says_the_rules_in_english(folder: Path) -> None:
    result = run("read", folder)
    assert result.exit_code == 0
    assert "Rule 1/A" in result.stdout
    assert "10 January 2020" in result.stdout


def test_read_prints_the_exceptions_alone_as_a_tree(folder: Path, tmp_path: Path) -> None:
    assert run("read", folder, "--exceptions").stdout == "no rule has an exception\n"
    rules = (
        "rule A: No party shall fire, except as rule B permits.\n"
        "rule B: A party may fire in response to an attack; the party relying on this shall show it within 72 hours.\n"
    )
    result = run("read", write(tmp_path, terms(rules)), "--exceptions")
    assert result.stdout.splitlines() == [
        "Rule 1/A: no party may fire",
        "└─ rule 1/B permits: a party may fire",
        "      - it answers attacking by someone else, which came before it",
        "      the party relying on this has to show it, within 72 hours after the act",
    ]


def test_export_gives_rule_objects_and_their_schema(folder: Path) -> None:
    data = json.loads(run("export", folder).stdout)
    assert data["name"] == "trial"
    assert data["clauses"][0]["rules"][0]["id"] == "1/A"
    schema = json.loads(run("export", "--to", "schema").stdout)
    assert "clauses" in schema["properties"]
    assert run("export").exit_code == 2


# ---- the program itself ----


def test_a_fault_of_ours_is_exit_4_and_never_a_violation(
    monkeypatch: pytest.MonkeyPatch, folder: Path, night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        msg = "our mistake"
        raise RuntimeError(msg)

    monkeypatch.setattr(checking, "run_check", broken)
    monkeypatch.setattr(sys, "argv", ["servanda", "check", str(folder), str(night)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert "fault of ours" in told.err


@pytest.fixture
def command() -> Any:
    def call(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        code = "from servanda.cli import main; main()"
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", code, *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )

    return call


def test_the_installed_command_keeps_its_exit_codes(command: Any, folder: Path, night: Path) -> None:
    result = command("check", folder, night, "--at", "2020-12-31", NO_COLOR="1")
    assert result.returncode == 1
    assert "\x1b[" not in result.stdout + result.stderr
    assert command("check", folder, night, "--nonsense").returncode == 2


def test_no_color_is_kept_even_where_colours_are_forced_by_habit(command: Any, night: Path) -> None:
    result = command("check", "nothing-such", night, NO_COLOR="1", TERM="xterm-256color")
    assert "\x1b[" not in result.stdout + result.stderr
