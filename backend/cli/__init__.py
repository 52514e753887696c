"""The command line, `tapedeck`: a module a command, imported when the command is given."""

from __future__ import annotations

import sys

from backend.dependencies import sentence
from backend.errors import TapedeckError


def main() -> None:
    """Runs the command. What goes wrong in a way that the project knows is one line on stderr and exit code 2."""
    try:
        from backend.cli.commands import app  # noqa: PLC0415 (without the extras there is no typer, which is to be said)
        from backend.cli.encoding import say_what_can_be_said  # noqa: PLC0415

        say_what_can_be_said(sys.stdout, sys.stderr)
        app()
    except TapedeckError as error:
        _fail(error.detail)
    except ModuleNotFoundError as error:
        if (said := sentence(error.name)) is None:
            raise
        _fail(said)


def _fail(detail: str) -> None:
    sys.stderr.write(f"Error: {detail}\n")
    sys.exit(2)
