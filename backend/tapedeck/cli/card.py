"""`tapedeck card`: what machines can do, as Markdown beside them, from evaluations that were written as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.checkpoints.files import write_atomically
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.evaluation_files import Counted, EvaluationFile, read
from tapedeck.cli.numbers import percent
from tapedeck.cli.output_folder import check_files
from tapedeck.errors import CheckpointNotFound
from tapedeck.ntm import MachineSpec
from tapedeck.training.intervals import Interval, clustered_interval

MOST_COLUMNS = 12
"""A table of more lengths than these is summed up in a line for each pattern."""


def card(
    evaluations: Annotated[list[Path], typer.Argument(metavar="JSON …", help="From `tapedeck evaluate … --json`.")],
    *,
    out: Annotated[Path, typer.Option(help="The Markdown file to write.")],
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Write a card of what the machines of a folder can do."""
    check_files({"--out": out})
    counted = [read(path) for path in evaluations]
    machines = {entry.id: entry for entry in CheckpointLibrary(checkpoints).list() if isinstance(entry, CheckpointInfo)}
    _check(counted, machines, checkpoints)
    write_atomically(out, ("\n".join(_lines(counted, machines)) + "\n").encode())
    typer.echo(f"Wrote {out} ({out.stat().st_size:,} bytes).")


def _check(counted: list[EvaluationFile], machines: dict[str, CheckpointInfo], folder: Path) -> None:
    """A card describes the machines that are there, not others that once had their names.

    Raises:
        CheckpointNotFound: an evaluation is of a machine that is not there, or of another of that name.
    """
    for result in (each for evaluation in counted for each in evaluation.results):
        machine = machines.get(result.checkpoint)
        if machine is None or machine.sha256 != result.sha256:
            raise CheckpointNotFound(
                f"The evaluation is of {result.checkpoint} with the SHA-256 {result.sha256[:12]}…, which is not in "
                f"{folder}; evaluate the one that is there."
            )


def _lines(counted: list[EvaluationFile], machines: dict[str, CheckpointInfo]) -> Iterator[str]:
    yield "# The machines of this folder"
    yield ""
    yield "Made by `tapedeck card` from the counts of `tapedeck evaluate`; not written by hand."
    yield ""
    yield (
        "In brackets: the 95 % confidence interval. It counts sequences, because the bits of a sequence fail together: "
        "if none of 1,000 sequences is wrong, up to 3 in 1,000 may still be."
    )
    names = list(dict.fromkeys(each.checkpoint for evaluation in counted for each in evaluation.results))
    for name in names:
        yield from _about(machines[name])
        for evaluation in counted:
            if own := evaluation.of(name):
                yield from _table(own, evaluation)


def _about(machine: CheckpointInfo) -> Iterator[str]:
    seen = "an unknown number of" if machine.sequences_seen is None else f"{machine.sequences_seen:,}"
    spec = machine.spec
    yield ""
    yield f"## {machine.id}"
    yield ""
    yield (
        f"{machine.name}. Task: {machine.task}. Trained on {seen} sequences, seed {machine.seed}. "
        f"{spec.memory.locations} locations × {spec.memory.width}, controller {_controller(spec)}."
    )
    yield ""
    yield f"SHA-256 `{machine.sha256}`"
    recipe: Any = machine.origin.get("recipe")
    if recipe:
        yield ""
        yield f"Recipe: `{orjson.dumps(recipe).decode()}`"


def _controller(spec: MachineSpec) -> str:
    sizes = " + ".join(map(str, spec.controller.sizes))
    return f"LSTM {sizes}" if spec.controller.kind == "lstm" else sizes


def _table(results: list[Counted], evaluation: EvaluationFile) -> Iterator[str]:
    """A column for each value of the first number of the size, a row for each pattern and value of the others."""
    first, (across, *others) = results[0], evaluation.plan.sizes
    values = sorted({each.size(across) for each in results})
    *before, last = "pattern", across, *others
    made_with = ", ".join(f"{name} {version}" for name, version in evaluation.versions.items())
    yield ""
    what = "Wrong bits" if first.excess is None else "Bits above the optimum"
    yield (
        f"{what} over {first.sequences:,} sequences of each {', '.join(before)} and {last}, on "
        f"{first.locations:,} locations (seed {evaluation.plan.seed}; {made_with}):"
    )
    yield ""
    if len(values) > MOST_COLUMNS:
        yield from _sums(results, across, values)
        return
    columns = (f"{'L' if across == 'length' else across} = {value:,}" for value in values)
    yield f"| {' | '.join(['pattern', *others, *columns])} |"
    yield "| --- |" + " ---: |" * (len(others) + len(values))
    for pattern, *rest in dict.fromkeys((each.pattern, *map(each.size, others)) for each in results):
        row = {
            each.size(across): each for each in results if [each.pattern, *map(each.size, others)] == [pattern, *rest]
        }
        cells = (cell(row[value]) if value in row else "" for value in values)
        yield f"| {' | '.join([str(pattern), *(f'{value:,}' for value in rest), *cells])} |"


def cell(result: Counted) -> str:
    """A result in a table: what was counted, and the 95 % confidence interval."""
    if result.excess is not None:
        low, high = map(percent, result.interval)
        cost, best = (bits / result.sequences for bits in (result.cost, result.optimum))
        return f"{percent(result.excess)} ({low} … {high}): {cost:.1f} bits, best {best:.1f}"
    return f"{result.wrong_bits:,} of {result.bits:,} ({_percent(Interval(*result.interval))})"


def _percent(interval: Interval) -> str:
    low, high = interval.rounded()
    return f"{100 * low:.2g} … {100 * high:.2g} %"


def _sums(results: list[Counted], across: str, values: list[int]) -> Iterator[str]:
    for pattern, group in groupby(sorted(results, key=lambda each: each.pattern), key=lambda each: each.pattern):
        each = list(group)
        wrong, bits = sum(one.wrong_bits for one in each), sum(one.bits for one in each)
        exact, sequences = sum(one.exact for one in each), sum(one.sequences for one in each)
        failed = clustered_interval([1] * (sequences - exact) + [0] * exact, 1)
        many = "lengths" if across == "length" else across
        span = f"each of {len(each):,} {many} from {values[0]:,} to {values[-1]:,}"
        yield (
            f"- {pattern}, {span}: {wrong:,} of {bits:,} bits wrong; "
            f"{sequences - exact:,} of {sequences:,} sequences not exact ({_percent(failed)})"
        )
