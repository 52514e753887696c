"""`tapedeck train`: trains a machine, or one for each of several seeds."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli import machines
from tapedeck.cli.numbers import parse_numbers
from tapedeck.cli.recipe_options import recipe_fields
from tapedeck.cli.train_display import Display, Outcome, display, summary, table
from tapedeck.cli.workers import PANEL, TIMEOUT, ClusterOption, Place, TimeoutOption
from tapedeck.errors import CheckpointUnwritable, InvalidConfiguration, TrainingError, quoted
from tapedeck.executing import Cluster, Processes
from tapedeck.tasks import TASKS
from tapedeck.training import side_by_side
from tapedeck.training.compiling import Compilation
from tapedeck.training.controllers import Controller, caution
from tapedeck.training.interruption import StopRequests, stop_requests
from tapedeck.training.outcome import Ending, Fault, carry_out, last_progress
from tapedeck.training.patterns import PATTERNS
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run_files import check_name, prepare_folder
from tapedeck.training.side_by_side import Standing, train_side_by_side
from tapedeck.training.trainer import Progress

RECIPE = "The recipe: these options override --set, which overrides the file, which overrides the defaults"
MOST_SEEDS = 10_000


def train(
    task: Annotated[str, typer.Argument(help=f"The task to learn: {', '.join(TASKS)}.")],
    *,
    seed: Annotated[int | None, typer.Option(help="The seed of the run; 1 by default.", show_default=False)] = None,
    seeds: Annotated[
        str | None, typer.Option(metavar="1-20|1,3,5", help="Several runs side by side, with a table at the end.")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many train side by side; one for each core if left out.",
            rich_help_panel=PANEL,
            show_default=False,
        ),
    ] = None,
    cluster: ClusterOption = None,
    cluster_timeout: TimeoutOption = TIMEOUT,
    name: Annotated[
        str | None,
        typer.Option(help="Of the run and its files; with --seeds, what stands before each seed.", show_default=False),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MACHINE",
            help="Begin with a machine, an id or a file, and its recipe: to lengthen a finished run, or to teach its "
            "machine something else.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(envvar="TAPEDECK_RUNS", help="The folder for everything that a run writes.")
    ] = Path("runs"),
    resume: Annotated[bool, typer.Option("--resume", help="Continue a run that was stopped or killed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Start over, and replace what is there.")] = False,
    compilation: Annotated[
        Compilation, typer.Option("--compile", help="Compile the steps before training; a resumed run stays as it was.")
    ] = Compilation.AUTO,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Write event files as well.")] = False,
    recipe: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="A file with fields of the recipe.", rich_help_panel=RECIPE)
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Set any field, written as in TOML.", rich_help_panel=RECIPE),
    ] = None,
    sequences: Annotated[
        int | None, typer.Option(help="How many the run sees in total.", rich_help_panel=RECIPE)
    ] = None,
    batch_size: Annotated[int | None, typer.Option(help="Sequences per update.", rich_help_panel=RECIPE)] = None,
    shortest: Annotated[int | None, typer.Option(help="Copy: the fewest vectors.", rich_help_panel=RECIPE)] = None,
    longest: Annotated[int | None, typer.Option(help="Copy: the most vectors.", rich_help_panel=RECIPE)] = None,
    patterns: Annotated[
        str | None,
        typer.Option(
            metavar="NAME[=SHARE],…",
            help=f"Copy: kinds of sequences and their shares, from {', '.join(PATTERNS)}, until late_from; the "
            "recipe's late_patterns follow (--set late_from=1 for never).",
            rich_help_panel=RECIPE,
        ),
    ] = None,
    locations: Annotated[int | None, typer.Option(help="N, the rows of the memory.", rich_help_panel=RECIPE)] = None,
    width: Annotated[int | None, typer.Option(help="W, the columns of the memory.", rich_help_panel=RECIPE)] = None,
    bits: Annotated[int | None, typer.Option(help="Bits per vector.", rich_help_panel=RECIPE)] = None,
    controller_size: Annotated[
        int | None, typer.Option(help="Units in the controller.", rich_help_panel=RECIPE)
    ] = None,
    controller: Annotated[
        Controller | None,
        typer.Option(
            help="Its kind; left out, that of the task's recipe. The other one has a recipe of its own where it needs "
            "more heads or units.",
            rich_help_panel=RECIPE,
            show_default=False,
        ),
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="The learning rate before it falls.", rich_help_panel=RECIPE)
    ] = None,
) -> None:
    """Train a machine. Ctrl-C saves and stops; --resume continues, to the same parameters as a run without a pause."""
    if resume and force:
        raise TrainingError("--resume continues and --force starts over; give one of them, not both.")
    if seed is not None and seeds is not None:
        raise TrainingError("Give either --seed or --seeds, not both.")
    options = {
        "sequences": sequences,
        "batch_size": batch_size,
        "shortest": shortest,
        "longest": longest,
        "patterns": None if patterns is None else _shares(patterns),
        "locations": locations,
        "width": width,
        "bits": bits,
        "controller_size": controller_size,
        "controller": None if controller is None else controller.kind,
        "learning_rate": learning_rate,
    }
    fields = recipe_fields(task, recipe, settings or [], options)
    chosen = _seeds(seeds) if seeds is not None else (1 if seed is None else seed,)
    if name is not None:
        check_name(name)
    found = None if begin is None else machines.path_of(begin, SHIPPED_CHECKPOINTS, out).resolve()
    names = [name if name is None or seeds is None else f"{name}-{each}" for each in chosen]
    requests = [
        TrainingRequest(each, out, fields, compilation, resume, force, tensorboard, run, found)
        for each, run in zip(chosen, names, strict=True)
    ]
    _check(requests)
    with stop_requests(signal.SIGINT, signal.SIGTERM) as stop:
        if seeds is None and cluster is None:
            _train_one(requests[0], stop, name)
        else:
            which = f"--seed {chosen[0]}" if seeds is None else f"--seeds {seeds}"
            _train_several(requests, stop, Place(processes, cluster, cluster_timeout), _which(which, name))


def _shares(typed: str) -> dict[str, float]:
    """The patterns that training starts with, such as random=1,zeros=0.1; a share that is not given is 1."""
    shares = {}
    for word in typed.split(","):
        name, equals, share = word.strip().partition("=")
        try:
            shares[name] = float(share) if equals else 1.0
        except ValueError as error:
            raise InvalidConfiguration(
                f"--patterns must look like random=0.5,zeros=0.1; got {quoted(word)}."
            ) from error
    return shares


def _seeds(typed: str) -> tuple[int, ...]:
    seeds = parse_numbers(typed, "--seeds", "1-20 or 1,3,5")
    if len(seeds) > MOST_SEEDS:
        raise InvalidConfiguration(f"--seeds takes at most {MOST_SEEDS:,} seeds, got {len(seeds):,}.")
    return seeds


def _check(requests: Sequence[TrainingRequest]) -> None:
    """Finds everything that is known to go wrong, before anything starts."""
    for request in requests:
        request.check()
    new = [request for request in requests if not (request.is_over or request.begun)]
    if new:
        recipe = new[0].recipe
        prepare_folder(new[0].folder, recipe, len(new))
        if said := caution(recipe.task, recipe.controller):
            typer.echo(said)


def _train_one(request: TrainingRequest, stop: StopRequests, name: str | None) -> None:
    progress: Progress | None = last_progress(request) if request.is_over else None

    def report(now: Progress, compiled: bool | None) -> None:  # noqa: FBT001 - as it is told
        nonlocal progress
        progress = now
        shown.advance(request.name, now, compiled=compiled)

    with display(Console(), runs=1) as shown:
        try:
            outcome = Outcome(request, carry_out(request, stop, report), progress)
        except CheckpointUnwritable as error:
            raise TrainingError(_with_advice(Fault.of(error)).detail) from error
        shown.end(request.name, outcome.line)
    _end_if_stopped([request], [outcome], stop, _which(f"--seed {request.seed}", name))


def _train_several(requests: Sequence[TrainingRequest], stop: StopRequests, place: Place, which: str) -> None:
    console = Console()
    with place.workers(side_by_side.PRELOADED) as executor, display(console, runs=len(requests)) as shown:
        outcomes = _train_all(requests, executor, stop, shown)
    console.print(table(outcomes))
    _end_if_stopped(requests, outcomes, stop, which + place.options)
    console.print(summary(outcomes, requests[0].recipe), soft_wrap=True, highlight=False)
    failed = [outcome for outcome in outcomes if outcome.ending is Ending.FAILED]
    if failed:
        those = ",".join(str(outcome.request.seed) for outcome in failed)
        raise TrainingError(f"{len(failed)} of {len(outcomes)} runs failed (--seeds {those}): {failed[0].line}")


def _train_all(
    requests: Sequence[TrainingRequest], executor: Processes | Cluster, stop: StopRequests, shown: Display
) -> list[Outcome]:
    """What became of each request that was started, in order; a failure does not stop the others."""
    standing: dict[str, Standing] = {}
    outcomes: dict[str, Outcome] = {}
    for request, said in train_side_by_side(requests, executor, lambda: stop.asked):
        run = request.name
        if isinstance(said, Standing):
            before, standing[run] = standing.get(run), said
            if before is not None and before.where != said.where:
                shown.note(f"{run}: what trained it died ({before.where}); it goes on elsewhere ({said.where})")
            shown.advance(run, said.progress, compiled=said.compiled)
            continue
        where = last_progress(request) if run not in standing else standing[run].progress
        fault = None if said.fault is None else _with_advice(said.fault)
        outcomes[run] = Outcome(request, said.ending, where, fault)
        shown.end(run, outcomes[run].line)
    return [outcomes[request.name] for request in requests if request.name in outcomes]


def _which(seeds: str, name: str | None) -> str:
    """The options that say which runs, to continue them."""
    return seeds if name is None else f"{seeds} --name {name}"


def _with_advice(fault: Fault) -> Fault:
    """Adds what to do where a file of the run cannot be written."""
    if fault.code != CheckpointUnwritable.code:
        return fault
    return replace(fault, detail=f"{fault.detail} Make room or choose another folder, then continue with --resume.")


def _end_if_stopped(
    requests: Sequence[TrainingRequest], outcomes: Sequence[Outcome], stop: StopRequests, which: str
) -> None:
    """Says how to continue, and exits with the code of a process that the signal ended."""
    done = [outcome for outcome in outcomes if outcome.ending in (Ending.FINISHED, Ending.OVER)]
    if stop.by is None or len(done) == len(requests):
        return
    request = requests[0]
    folder = shlex.quote(str(request.folder))
    command = f"tapedeck train {request.fields['task']} {which} --out {folder} --resume"
    typer.echo(f"Everything is saved; continue with: {command}")
    raise typer.Exit(128 + stop.by)
