"""Running the command that was given, and saying what went wrong."""

from __future__ import annotations

import sys

from tapedeck.dependencies import sentence
from tapedeck.errors import TapedeckError


def run() -> None:
    """Ends the process, as the command did."""
    try:
        # Without the extras typer is missing, and the user has to be told.
        from tapedeck.cli.commands import app  # noqa: PLC0415
        from tapedeck.cli.encoding import say_what_can_be_said  # noqa: PLC0415

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
