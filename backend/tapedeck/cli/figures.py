"""`tapedeck figures`: the paper's figures, of any machine: learning, memory use (`verification`), generalization."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tapedeck.checkpoints import SUFFIX, CheckpointInfo, CheckpointLibrary
from tapedeck.checkpoints.library import is_of_a_series
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli import machines, output_folder
from tapedeck.cli.evaluate import parse_sizes
from tapedeck.cli.workers import TIMEOUT, ClusterOption, Place, ProcessesOption, TimeoutOption
from tapedeck.errors import InvalidRequest, quoted
from tapedeck.figures import runs
from tapedeck.figures.generalization import generalization
from tapedeck.figures.learning import MOST_RUNS, learning
from tapedeck.figures.runs import random_run, traces
from tapedeck.figures.verification import verification
from tapedeck.tasks import CopyTask, Task, check_task
from tapedeck.tasks.task import Size
from tapedeck.training.curves import Curve, learning_curve, spread
from tapedeck.training.evaluation import Plan

LENGTHS = (10, 20, 60, 100, 120)
MOST_LENGTHS = 20
FIGURES = ("learning", "verification", "generalization")
FORMS = (".svg", ".pdf", ".png", ".html")


def figures(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; created if missing.")],
    *,
    checkpoint: Annotated[
        str | None, typer.Option(help="The id of a machine in the folder, or a file; by default the best.")
    ] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECKPOINT",
            help="Another run of the task in the learning figure, by an id or a file; again for more.",
            show_default=False,
        ),
    ] = None,
    over: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="In the learning figure, all runs in this folder that differ from the machine by their seed alone, as "
            "one: their median, in the band from the least to the greatest.",
        ),
    ] = None,
    length: Annotated[int, typer.Option(help="Vectors of the verified copy.")] = 20,
    lengths: Annotated[
        str | None,
        typer.Option(
            help="Vectors of each copy of the generalization figure, such as 10,20,60,100,120.",
            show_default=False,
        ),
    ] = None,
    size: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUES",
            help="Of any other task, the examples of the generalization figure: items=2,6,12, or length=5,10 and "
            "repeats=5,10.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the random bits: the same seed gives the same files.")] = 1,
    locations: Annotated[
        int | None, typer.Option(help="N, the rows of the memory; the machine's own if left out.")
    ] = None,
    processes: ProcessesOption = None,
    cluster: ClusterOption = None,
    cluster_timeout: TimeoutOption = TIMEOUT,
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Draw learning, memory use (verification) and generalization as SVG, PDF, PNG and interactive HTML."""
    lengths_of_copies = [] if lengths is None else parse_lengths(lengths)
    machine = machines.best(checkpoints) if checkpoint is None else machines.find(checkpoint, checkpoints)
    task = check_task(machine.info.task)
    if isinstance(task, CopyTask) and not size:
        chosen: list[Size] = [{"length": each} for each in lengths_of_copies or LENGTHS]
        first: Size = {"length": length}
    else:
        chosen, first = sizes_of(task, lengths, size or [])
    examples = [(machine, each, locations, seed) for each in (first, *chosen)]
    for example in examples:
        random_run(*example)  # raises before anything is run
    home = checkpoints if checkpoint is None else machines.folder_of(checkpoint, checkpoints)
    own = learning_curve(machine.info, home) if over is None else _over_seeds(machine.info, home, over)
    curves = [*([own] if own else []), *(_beside(machine.info, each, checkpoints) for each in beside or [])]
    if len(curves) > MOST_RUNS:
        raise InvalidRequest(f"A learning figure holds at most {MOST_RUNS} runs, got {len(curves)}.")
    output_folder.prepare(folder, [name + form for name in FIGURES for form in FORMS])
    with Place(processes, cluster, cluster_timeout).workers_if_any(runs.__name__) as executor:
        verified, *generalized = traces(examples, executor)
    drawings = (
        *([learning(curves, machine.info)] if curves else []),
        verification(verified, machine.info, seed),
        generalization(generalized, machine.info, seed),
    )
    from tapedeck.figures.renderers import RENDERERS  # noqa: PLC0415 (no other command should wait for its import)

    files = {drawing.name + form: RENDERERS[form](drawing) for drawing in drawings for form in FORMS}
    output_folder.write_together(folder, files)
    if not curves:
        typer.echo(f"No learning figure: there are no metrics beside {machine.info.id}; tapedeck train writes them.")
    for problem in filter(None, (curve.problem for curve in curves)):
        typer.echo(problem)
    for drawing in drawings:
        typer.echo(f"{drawing.title}. {drawing.summary}")
    for name, data in files.items():
        typer.echo(f"Wrote {folder / name} ({len(data):,} bytes).")


def _over_seeds(info: CheckpointInfo, home: Path, folder: Path) -> Curve:
    """The curve of a machine's run and of all those in a folder that differ from it by their seed alone.

    Raises:
        InvalidRequest: there is no other seed.
        CheckpointUnreadable: the folder cannot be read.
    """
    alike = [
        entry
        for entry in CheckpointLibrary(folder).list()
        if isinstance(entry, CheckpointInfo)
        and not is_of_a_series(entry)
        and (entry.task, entry.origin.get("recipe")) == (info.task, info.origin.get("recipe"))
    ]
    found = {info.seed: learning_curve(info, home)}
    for entry in alike:
        found.setdefault(entry.seed, learning_curve(entry, folder))
    curves = [curve for curve in found.values() if curve is not None]
    if len(curves) < 2:
        raise InvalidRequest(
            f"--over {folder} has no run of another seed with the recipe of {info.id} and its metrics beside it; train "
            f"some with: tapedeck train {info.task} --seeds 1-5 --out {folder}."
        )
    return spread(curves, f"{len(curves)} seeds, {info.task.replace('_', ' ')}")


def _beside(info: CheckpointInfo, checkpoint: str, folder: Path) -> Curve:
    """The curve of another run of a machine's task.

    Raises:
        InvalidRequest: it is of another task, or has no metrics.
        CheckpointNotFound, CheckpointUnreadable: as `machines.find`.
    """
    other = machines.find(checkpoint, folder).info
    if other.task != info.task:
        raise InvalidRequest(
            f"--beside must be a run of {info.task}, as {info.id} is; {checkpoint} is one of {other.task}."
        )
    curve = learning_curve(other, machines.folder_of(checkpoint, folder))
    if curve is None:
        raise InvalidRequest(f"--beside {checkpoint} has no metrics beside it; take a run of tapedeck train.")
    return replace(curve, name=checkpoint.removesuffix(SUFFIX))


def sizes_of(task: Task[Any], lengths: str | None, given: list[str]) -> tuple[list[Size], Size]:
    """The examples of the generalization figure, and the one that is verified: of the task's own sizes the middle.

    Without any given, the first value of each number goes with the first of the others, and so on.

    Raises:
        InvalidConfiguration: the task has other sizes, or they are more than a figure can hold.
    """
    middle = {each.name: each.values[(len(each.values) - 1) // 2] for each in task.sizes}
    if not given and lengths is None:
        values = zip(*(each.values for each in task.sizes), strict=False)
        return [dict(zip(middle, each, strict=True)) for each in values], middle
    chosen = Plan(parse_sizes(task, lengths, given)).sizes_of(task)
    if len(chosen) > MOST_LENGTHS:
        raise InvalidRequest(f"A figure holds at most {MOST_LENGTHS} examples, got {len(chosen)}.")
    return chosen, middle


def parse_lengths(typed: str) -> list[int]:
    """Whole numbers separated by commas, each once.

    Raises:
        InvalidRequest: anything else, none at all, or more than a figure can hold.
    """
    words = [word.strip() for word in typed.split(",")]
    for word in words:
        if not (word.isascii() and word.isdecimal() and len(word) < 10):
            raise InvalidRequest(
                f"--lengths must be whole numbers separated by commas, such as 10,20,60; got {quoted(word)}."
            )
    chosen = list(dict.fromkeys(map(int, words)))
    if len(chosen) > MOST_LENGTHS:
        raise InvalidRequest(f"--lengths takes at most {MOST_LENGTHS} lengths, got {len(chosen)}.")
    return chosen
