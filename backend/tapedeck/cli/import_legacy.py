"""`tapedeck import`: a checkpoint of the reference repository becomes one of this project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tapedeck.checkpoints import read_legacy, write_checkpoint
from tapedeck.errors import CheckpointUnwritable
from tapedeck.tasks import CopyTask


def import_legacy(
    file: Annotated[Path, typer.Argument(help="A whole module pickled by torch 0.4, such as i-99000.pt.")],
    out: Annotated[Path, typer.Argument(help="The checkpoint to write; ends in .safetensors.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people call it; the file's name when left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it is there.")] = False,
) -> None:
    """Import a checkpoint of dichotomies/ntm-pytorch. Nothing in the pickle is run."""
    if out.exists() and not force:
        raise CheckpointUnwritable(f"{out} is there already; give --force to replace it.")
    machine, sequences_seen = read_legacy(file)
    info = write_checkpoint(
        out,
        machine,
        name=file.stem if name is None else name,
        task=CopyTask.name,
        sequences_seen=sequences_seen,
        seed=None,
        metrics={},
        origin={"kind": "imported", "file": file.name},
    )
    spec = info.spec
    parameters = sum(value.numel() for value in machine.parameters())
    typer.echo(f"{out}: {info.name}, {parameters:,} parameters, {spec.memory.locations} × {spec.memory.width} memory")
