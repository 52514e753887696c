"""The commands of `tapedeck`. A command's module is imported when it is given: the list of them needs no torch."""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tapedeck import __version__
from tapedeck.cli import interruption

COMMANDS = {
    "serve": "serve.serve",
    "view": "view.view",
    "trace": "trace.trace",
    "train": "train.train",
    "evaluate": "evaluate.evaluate_checkpoints",
    "sweep": "sweep.sweep",
    "card": "card.card",
    "figures": "figures.figures",
    "paper": "paper.paper",
    "import": "import_checkpoint.import_checkpoint",
    "checkpoints": "checkpoints.list_checkpoints",
    "tasks": "tasks.list_tasks",
    "warm": "warm.warm",
}
"""The function of each, in a module beside this one."""


class Commands(TyperGroup):
    """Commands that are declared by their names and their help; the one that is given is imported."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is given, by its name."""
        name, declared, rest = super().resolve_command(ctx, args)
        return name, declared if declared is None or name is None else command(name), rest


app = typer.Typer(
    name="tapedeck",
    cls=Commands,
    help="Watch a trained Neural Turing Machine write your sequence to memory and read it back, step by step.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def command(name: str) -> Any:
    """A command with its options, imported now."""
    module, function = COMMANDS[name].split(".")
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(getattr(import_module(f"tapedeck.cli.{module}"), function))
    interruption.is_raised()
    return typer.main.get_command(alone)


def _help(name: str) -> str:
    """The docstring of a command, from its source."""
    module, function = COMMANDS[name].split(".")
    source = Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    found = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function)
    return ast.get_docstring(next(found)) or ""


def _declare(name: str) -> None:
    callback: Callable[[], None] = lambda: None  # noqa: E731 (never called: the command itself is, see above)
    app.command(name, help=_help(name))(callback)


for _name in COMMANDS:
    _declare(_name)


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
