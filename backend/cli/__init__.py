"""The command line, `tapedeck`: a module a command."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from backend import __version__
from backend.cli.card import card
from backend.cli.checkpoints import list_checkpoints
from backend.cli.evaluate import evaluate_checkpoints
from backend.cli.figures import figures
from backend.cli.import_legacy import import_legacy
from backend.cli.serve import serve
from backend.cli.trace import trace
from backend.cli.train import train
from backend.errors import TapedeckError

app = typer.Typer(
    name="tapedeck",
    help="Watch a trained Neural Turing Machine write your sequence to memory and read it back, step by step.",
    no_args_is_help=True,
    add_completion=False,
)
app.command("serve")(serve)
app.command("trace")(trace)
app.command("train")(train)
app.command("evaluate")(evaluate_checkpoints)
app.command("card")(card)
app.command("figures")(figures)
app.command("import")(import_legacy)
app.command("checkpoints")(list_checkpoints)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"tapedeck {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The options before a command."""


def main() -> None:
    """Runs the command. What goes wrong in a way that the project knows is one line on stderr and exit code 2."""
    try:
        app()
    except TapedeckError as error:
        typer.echo(f"Error: {error.detail}", err=True)
        sys.exit(2)
