"""`tapedeck card`: what machines can do, as Markdown beside them, from evaluations that were written as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

from backend.api.settings import SHIPPED_CHECKPOINTS
from backend.checkpoints import CheckpointInfo, CheckpointLibrary
from backend.checkpoints.files import read_file, write_atomically
from backend.errors import CheckpointNotFound, InvalidRequest

MOST_COLUMNS = 12
"""With more lengths than these a table is summed up in a sentence for each kind of sequence."""


class Counted(BaseModel):
    """One result, as far as a card tells of it; see `backend.training.evaluation.Result`."""

    checkpoint: str
    sha256: str
    pattern: str
    length: int
    locations: int
    sequences: int
    exact: int
    bits: int
    wrong_bits: int


def card(
    evaluations: Annotated[list[Path], typer.Argument(metavar="JSON …", help="Of `tapedeck evaluate … --json`.")],
    *,
    out: Annotated[Path, typer.Option(help="The Markdown file to write.")],
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Write down what the machines of a folder can do."""
    counted = [_read(path) for path in evaluations]
    machines = {entry.id: entry for entry in CheckpointLibrary(checkpoints).list() if isinstance(entry, CheckpointInfo)}
    _check(counted, machines, checkpoints)
    write_atomically(out, ("\n".join(_lines(counted, machines)) + "\n").encode())
    typer.echo(f"Wrote {out} ({out.stat().st_size:,} bytes).")


def _read(path: Path) -> list[Counted]:
    """The results in a file.

    Raises:
        InvalidRequest: it holds anything else.
        CheckpointUnreadable: it cannot be read.
    """
    try:
        return TypeAdapter(list[Counted]).validate_json(read_file(path))
    except ValidationError as error:
        raise InvalidRequest(f"{path} is no evaluation; write one with tapedeck evaluate … --json {path}.") from error


def _check(counted: list[list[Counted]], machines: dict[str, CheckpointInfo], folder: Path) -> None:
    """A card tells of the machines that are there, and not of others that had their names.

    Raises:
        CheckpointNotFound: an evaluation is of a machine that is not there, or of another one.
    """
    for result in (each for results in counted for each in results):
        machine = machines.get(result.checkpoint)
        if machine is None or machine.sha256 != result.sha256:
            raise CheckpointNotFound(
                f"The evaluation is of {result.checkpoint} with the SHA-256 {result.sha256[:12]}…, which is not in "
                f"{folder}; evaluate the machine that is."
            )


def _lines(counted: list[list[Counted]], machines: dict[str, CheckpointInfo]) -> Iterator[str]:
    yield "# The machines of this folder"
    yield ""
    yield "Made by `tapedeck card` from what `tapedeck evaluate` counted; not written by hand."
    names = list(dict.fromkeys(each.checkpoint for results in counted for each in results))
    for name in names:
        yield from _about(machines[name])
        for results in counted:
            if own := [each for each in results if each.checkpoint == name]:
                yield from _table(own)


def _about(machine: CheckpointInfo) -> Iterator[str]:
    seen = "an unknown number of" if machine.sequences_seen is None else f"{machine.sequences_seen:,}"
    config = machine.config
    yield ""
    yield f"## {machine.id}"
    yield ""
    yield (
        f"{machine.name}. Task: {machine.task}. Trained on {seen} sequences, seed {machine.seed}. "
        f"{config.locations} locations × {config.width}, controller {config.controller_size}."
    )
    yield ""
    yield f"SHA-256 `{machine.sha256}`"
    recipe: Any = machine.origin.get("recipe")
    if recipe:
        yield ""
        yield f"Recipe: `{orjson.dumps(recipe).decode()}`"


def _table(results: list[Counted]) -> Iterator[str]:
    first = results[0]
    lengths = sorted({each.length for each in results})
    yield ""
    yield (f"Wrong bits over {first.sequences:,} sequences of each kind and length, on {first.locations:,} locations:")
    yield ""
    if len(lengths) > MOST_COLUMNS:
        yield from _sums(results, lengths)
        return
    yield "| sequences | " + " | ".join(f"L = {length:,}" for length in lengths) + " |"
    yield "| --- |" + " ---: |" * len(lengths)
    for pattern in dict.fromkeys(each.pattern for each in results):
        row = {each.length: each for each in results if each.pattern == pattern}
        cells = (f"{row[length].wrong_bits:,} of {row[length].bits:,}" if length in row else "" for length in lengths)
        yield f"| {pattern} | " + " | ".join(cells) + " |"


def _sums(results: list[Counted], lengths: list[int]) -> Iterator[str]:
    for pattern, group in groupby(sorted(results, key=lambda each: each.pattern), key=lambda each: each.pattern):
        each = list(group)
        wrong, bits = sum(one.wrong_bits for one in each), sum(one.bits for one in each)
        exact, sequences = sum(one.exact for one in each), sum(one.sequences for one in each)
        stretch = f"each of {len(each):,} lengths from {lengths[0]:,} to {lengths[-1]:,}"
        yield f"- {pattern}, {stretch}: {wrong:,} of {bits:,}; {exact:,} of {sequences:,} sequences exact"
