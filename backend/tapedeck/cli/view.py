"""`tapedeck view`: trace files on the page, on this machine alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tapedeck.cli import interruption
from tapedeck.cli.serve import run
from tapedeck.serving import LOOPBACK, listen, url_of
from tapedeck.tracing.files import read_trace_file
from tapedeck.viewing import address, build_viewer, show_in_browser


def view(
    files: Annotated[list[Path], typer.Argument(help="Trace files, .npz, of Tapedeck or any other program.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 0,
    *,
    browser: Annotated[bool, typer.Option(help="Open the first one in the browser, where there is a terminal.")] = True,
) -> None:
    """Show trace files on the page, until stopped: runs that were recorded anywhere, by any program.

    The page is served to this machine alone, and reads these files and no others. docs/trace-format.md says what a file
    holds.
    """
    for file in files:
        read_trace_file(file)
    with listen(LOOPBACK, port) as listening:
        interruption.ends_at_once()
        app, settings = build_viewer(files)
        addresses = [address(url_of(LOOPBACK, listening), number) for number in range(len(files))]

        def ready() -> None:
            for file, each in zip(files, addresses, strict=True):
                typer.echo(f"{file.name} is shown at {each}")
            if browser and sys.stdout.isatty():
                show_in_browser(addresses[0])

        run(app, settings, listening, ready)
