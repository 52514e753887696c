"""`tapedeck import`: a machine that somebody else trained becomes a checkpoint of this project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from tapedeck.checkpoints import SUFFIX, write_checkpoint
from tapedeck.checkpoints.importers import Chosen, Imported, import_configured, import_file
from tapedeck.checkpoints.importers.starting import read_start
from tapedeck.errors import CheckpointUnwritable, quoted
from tapedeck.ntm import MIN_LOCATIONS
from tapedeck.ntm.rules import MOST_SEED

SHOWN = 3
"""So many tensors of which nothing is known, or machines that were not taken, are told of."""

LONGEST = 60
"""Characters of a name."""


def import_checkpoint(
    file: Annotated[Path, typer.Argument(help="A state_dict or a whole module that torch saved, or safetensors.")],
    out: Annotated[
        Path | None,
        typer.Argument(
            help="The checkpoint to write, ending in .safetensors; the file’s name, here, when left out.",
            show_default=False,
        ),
    ] = None,
    *,
    name: Annotated[str | None, typer.Option(help="What people call it; the file's name when left out.")] = None,
    task: Annotated[
        str | None, typer.Option(help="What it was trained on, where that is known; otherwise each task is tried.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=MOST_SEED, help="Of state that its program draws and its file does not hold.")
    ] = 0,
    start: Annotated[
        Path | None,
        typer.Option(help="An .npz with parts of its start: initial_reads, or memory, read_vector …"),
    ] = None,
    locations: Annotated[
        int, typer.Option(min=MIN_LOCATIONS, help="N, the rows of the memory, where the file does not say it.")
    ] = 128,
    config: Annotated[
        Path | None,
        typer.Option(help="A JSON file that says what the machine is, and which tensor is what: of no known family."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it is there.")] = False,
) -> None:
    """Import a machine that others trained, by playing its own task. Nothing in the file is run."""
    out = Path(file.name).with_suffix(SUFFIX) if out is None else out
    if out.exists() and not force:
        raise CheckpointUnwritable(f"{out} is there already; give --force to replace it.")
    known = None if start is None else read_start(start)
    chosen = Chosen(locations, seed, known)
    imported = import_file(file, chosen, task) if config is None else import_configured(file, config, chosen)
    machine = imported.machine
    info = write_checkpoint(
        out,
        machine,
        name=file.stem if name is None else name,
        task=imported.played.hears.task,
        sequences_seen=imported.sequences_seen,
        seed=None,
        metrics={},
        origin=imported.origin,
    )
    spec, parameters = info.spec, sum(value.numel() for value in machine.parameters())
    typer.echo(f"{out}: {info.name}, {parameters:,} parameters, {spec.memory.locations} × {spec.memory.width} memory")
    for line in _report(imported):
        typer.echo(line)


def _report(imported: Imported) -> Iterator[str]:
    """What it was taken for, how it played, and what is not known."""
    played = imported.played
    size = ", ".join(f"{name} {value}" for name, value in played.size.items())
    came = (
        f"{played.bits:,} bits at {played.wrong:.1f} above the optimum"
        if played.foretold
        else f"{played.bits - round(played.wrong):,} of {played.bits:,} bits"
    )
    yield (
        f"{played.hears.task}, {size}: played {came} as family {played.family.name}, variant {played.variant.name} "
        f"({imported.program}: {played.variant.about})."
    )
    if imported.alike:
        others = " and ".join(each.variant.name for each in imported.alike)
        yield f"Variant {others} plays alike; nothing in the file tells them apart."
    if played.is_noise:
        yield (
            "It plays no better than a machine that has learned nothing. If it was trained, say with --config what it "
            "is."
        )
    if played.hears.said:
        yield f"Its own way of the task: {played.hears.said}. Wrong bits are counted against that."
    for said in imported.invented:
        yield f"Not in the file: {said}."
    if imported.others:
        taken, others = _place(imported.prefix), _listed([_place(prefix) for prefix in imported.others])
        yield f"More than one machine is in the file: this is the one {taken}; not taken: {others}."
    if imported.unknown:
        yield f"Nothing is known of {_listed(imported.unknown)}, which were left out."
    yield f"SHA-256 of the file {imported.sha256}; its licence is not in it."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(name[:LONGEST] for name in names[:SHOWN]) + more


def _place(prefix: str) -> str:
    """Where a machine is in its file, whose names begin so."""
    return f"under {quoted(prefix.removesuffix('.')[:LONGEST])}" if prefix else "at its top"
