"""The commands, and what becomes of our own faults."""

from __future__ import annotations

import os
import sys
import traceback
from importlib.metadata import version as installed
from typing import Annotated

import typer

from servanda.cli import checking, common, language, standing

app = typer.Typer(
    name="servanda",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Servanda: agreements must be kept. Checks ceasefire terms against observations and cites the clause.\n\n"
    "Begin with: servanda read minsk-2-2015. Data go to standard output, everything else to standard error.",
)
app.command("check")(checking.check)
app.command("explain")(checking.explain)
app.command("status")(standing.status)
app.command("watch")(checking.watch)
app.command("map")(checking.map_)
app.command("lint")(language.lint)
app.command("fmt")(language.fmt)
app.command("read")(language.read)
app.command("export")(language.export)


def _version(asked: bool) -> None:  # noqa: FBT001 - typer's form of a callback
    if asked:
        sys.stdout.write(f"servanda {installed('servanda')}\n")
        raise typer.Exit


@app.callback()
def options(
    color: Annotated[bool, typer.Option("--color/--no-color", help="Colours; NO_COLOR turns them off too.")] = True,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every command."""
    if version:
        return
    if not color:
        os.environ["NO_COLOR"] = "1"


def main() -> None:
    """Run the command line; a fault of ours is told from a finding by exit code 4."""
    try:
        app(prog_name="servanda")
    except BrokenPipeError:
        sys.stdout = None
        raise SystemExit(0) from None
    except Exception:  # noqa: BLE001 - whatever we did wrong must not look like a violation
        traceback.print_exc()
        common.err().print(
            "servanda: this is a fault of ours, not a finding; please report it with the lines above", style="bold red"
        )
        raise SystemExit(common.Exit.OUR_FAULT) from None
