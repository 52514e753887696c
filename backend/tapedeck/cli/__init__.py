"""The command line, `tapedeck`: a module a command, imported when the command is given."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tapedeck.dependencies import sentence
from tapedeck.errors import TapedeckError


def main() -> None:
    """Runs the command. What goes wrong in a way that the project knows is one line on stderr and exit code 2."""
    try:
        with ended_by_ctrl_c():
            # Without the extras there is no typer, which is to be said.
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


@contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    """A block that leaves nothing behind, such as imports: Ctrl-C ends the process there and then, without a traceback.

    Only where Ctrl-C would raise KeyboardInterrupt: what a shell starts in the background ignores it.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _fail(detail: str) -> None:
    sys.stderr.write(f"Error: {detail}\n")
    sys.exit(2)
