"""The command line, `tapedeck`: a module a command, imported when the command is given.

This one imports next to nothing, so that `main` is there before anything takes long.
"""

from __future__ import annotations

from tapedeck.cli import interruption


def main() -> None:
    """Runs the command. What goes wrong in a way that the project knows is one line on stderr and exit code 2.

    Ctrl-C ends it at once but while the command works, see `tapedeck.cli.commands`.
    """
    interruption.ends_at_once()
    try:
        from tapedeck.cli.running import run  # noqa: PLC0415

        run()
    finally:
        interruption.ends_at_once()
