"""`tapedeck checkpoints`: what is in a folder of checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary, UnreadableEntry
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS

SHORT_HASH = 8


def list_checkpoints(
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder to look in.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """List the checkpoints of a folder, the best first, and say what is wrong with files that cannot be read."""
    entries = CheckpointLibrary(checkpoints).list()
    if not entries:
        typer.echo(f"No checkpoints in {checkpoints}.")
        return
    console = Console()
    if readable := [entry for entry in entries if isinstance(entry, CheckpointInfo)]:
        console.print(_table(readable))
    for entry in entries:
        if isinstance(entry, UnreadableEntry):
            console.print(Text.assemble(("unreadable  ", "red"), entry.error))


def _table(infos: list[CheckpointInfo]) -> Table:
    table = Table("id", "name", "task")
    for heading in ("sequences", "seed", "memory"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("sha256", no_wrap=True)
    for column in table.columns[:2]:
        column.overflow = "fold"  # an id that is cut off cannot be used
    for info in infos:
        table.add_row(*map(Text, _row(info)))  # Text, so that no name is taken for markup
    return table


def _row(info: CheckpointInfo) -> tuple[str, ...]:
    return (
        info.id,
        info.name,
        info.task,
        "–" if info.sequences_seen is None else f"{info.sequences_seen:,}",
        "–" if info.seed is None else str(info.seed),
        f"{info.spec.memory.locations} × {info.spec.memory.width}",
        info.sha256[:SHORT_HASH],
    )
