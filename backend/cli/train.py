"""`tapedeck train`: a machine is trained, or one for each of several seeds."""

from __future__ import annotations

import os
import shlex
import signal
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backend.cli.numbers import parse_numbers
from backend.cli.recipe_options import recipe_fields
from backend.cli.train_display import Display, Outcome, display, summary, table
from backend.errors import CheckpointUnwritable, InvalidConfiguration, TrainingError
from backend.training.compiling import Compilation
from backend.training.interruption import StopRequests, stop_requests
from backend.training.outcome import Ending, Fault, carry_out, last_progress
from backend.training.patterns import PATTERNS
from backend.training.request import TrainingRequest
from backend.training.run_files import prepare_folder
from backend.training.supervisor import Advance, Command, Order, Supervisor
from backend.training.trainer import Progress

RECIPE = "The recipe: beats --set, which beats the file, which beats the defaults"
MOST_SEEDS = 10_000

GLANCE = 0.2
"""Seconds between two looks whether somebody asked to stop."""


def train(
    task: Annotated[str, typer.Argument(help="What to learn: copy.")],
    *,
    seed: Annotated[int | None, typer.Option(help="Of the run; 1 if left out.", show_default=False)] = None,
    seeds: Annotated[
        str | None, typer.Option(metavar="1-20|1,3,5", help="Several runs, on several cores, and a table at the end.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="That train side by side; one for each core if left out.")
    ] = None,
    out: Annotated[Path, typer.Option(envvar="TAPEDECK_RUNS", help="The folder for all that a run leaves.")] = Path(
        "runs"
    ),
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what was stopped or killed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Start over what is there.")] = False,
    compilation: Annotated[
        Compilation, typer.Option("--compile", help="The steps, before training; a run goes on as it began.")
    ] = Compilation.AUTO,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Write event files as well.")] = False,
    recipe: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Fields of the recipe.", rich_help_panel=RECIPE)
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Any field, as in TOML.", rich_help_panel=RECIPE),
    ] = None,
    sequences: Annotated[int | None, typer.Option(help="Of the whole run.", rich_help_panel=RECIPE)] = None,
    batch_size: Annotated[int | None, typer.Option(help="Sequences an update.", rich_help_panel=RECIPE)] = None,
    shortest: Annotated[int | None, typer.Option(help="Vectors, at least.", rich_help_panel=RECIPE)] = None,
    longest: Annotated[int | None, typer.Option(help="Vectors, at most.", rich_help_panel=RECIPE)] = None,
    patterns: Annotated[
        str | None,
        typer.Option(
            metavar="NAME[=SHARE],…",
            help=f"Kinds of sequences until late_from, and their shares, of {', '.join(PATTERNS)}; the recipe's "
            "late_patterns come after it (--set late_from=1 for never).",
            rich_help_panel=RECIPE,
        ),
    ] = None,
    locations: Annotated[int | None, typer.Option(help="N of the memory.", rich_help_panel=RECIPE)] = None,
    width: Annotated[int | None, typer.Option(help="W of the memory.", rich_help_panel=RECIPE)] = None,
    bits: Annotated[int | None, typer.Option(help="Of a vector.", rich_help_panel=RECIPE)] = None,
    controller_size: Annotated[int | None, typer.Option(help="Of the controller.", rich_help_panel=RECIPE)] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Before it falls.", rich_help_panel=RECIPE)] = None,
) -> None:
    """Train a machine. Ctrl-C saves and ends; --resume goes on, to the very parameters of a run without a pause."""
    if resume and force:
        raise TrainingError("--resume goes on and --force starts over; give one of them.")
    if seed is not None and seeds is not None:
        raise TrainingError("Give either --seed or --seeds.")
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
        "learning_rate": learning_rate,
    }
    fields = recipe_fields(task, recipe, settings or [], options)
    chosen = _seeds(seeds) if seeds is not None else (1 if seed is None else seed,)
    requests = [TrainingRequest(each, out, fields, compilation, resume, force, tensorboard) for each in chosen]
    _check(requests)
    with stop_requests(signal.SIGINT, signal.SIGTERM) as stop:
        if seeds is None:
            _train_one(requests[0], stop)
        else:
            _train_several(requests, stop, processes, seeds)


def _shares(typed: str) -> dict[str, float]:
    """The patterns that training begins with, such as random=1,zeros=0.1; a share that is not given is 1."""
    shares = {}
    for word in typed.split(","):
        name, equals, share = word.strip().partition("=")
        try:
            shares[name] = float(share) if equals else 1.0
        except ValueError as error:
            raise InvalidConfiguration(f"--patterns must be such as random=0.5,zeros=0.1; got {word!r}.") from error
    return shares


def _seeds(typed: str) -> tuple[int, ...]:
    seeds = parse_numbers(typed, "--seeds", "1-20 or 1,3,5")
    if len(seeds) > MOST_SEEDS:
        raise InvalidConfiguration(f"--seeds can be {MOST_SEEDS:,} at most, got {len(seeds):,}.")
    return seeds


def _check(requests: Sequence[TrainingRequest]) -> None:
    """Everything that can be known to go wrong, before anything is begun."""
    for request in requests:
        request.check()
    new = [request for request in requests if not (request.is_over or request.begun)]
    if new:
        prepare_folder(new[0].folder, new[0].recipe, len(new))


def _train_one(request: TrainingRequest, stop: StopRequests) -> None:
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
    _end_if_stopped([request], [outcome], stop, f"--seed {request.seed}")


def _train_several(requests: Sequence[TrainingRequest], stop: StopRequests, processes: int | None, seeds: str) -> None:
    console = Console()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with display(console, runs=len(requests)) as shown:
        outcomes = _train_all(requests, processes or cores, stop, shown)
    console.print(table(outcomes))
    _end_if_stopped(requests, outcomes, stop, f"--seeds {seeds}")
    console.print(summary(outcomes, requests[0].recipe), soft_wrap=True, highlight=False)
    failed = [outcome for outcome in outcomes if outcome.ending is Ending.FAILED]
    if failed:
        those = ",".join(str(outcome.request.seed) for outcome in failed)
        raise TrainingError(f"{len(failed)} of {len(outcomes)} runs failed (--seeds {those}): {failed[0].line}")


def _train_all(
    requests: Sequence[TrainingRequest], processes: int, stop: StopRequests, shown: Display
) -> list[Outcome]:
    """What became of each request that was begun, in their order; one that fails leaves the others to train."""
    waiting, begun = deque(requests), dict[str, TrainingRequest]()
    progress: dict[str, Progress] = {}
    outcomes: dict[str, Outcome] = {}
    with Supervisor(requests[0].folder) as supervisor:
        while supervisor.running or (waiting and not stop.asked):
            while waiting and not stop.asked and len(supervisor.running) < processes:
                request = waiting.popleft()
                begun[request.name] = request
                try:
                    supervisor.start(Order(request=request))
                except TrainingError as error:
                    outcomes[request.name] = Outcome(request, Ending.FAILED, fault=Fault.of(error))
            if stop.asked:
                for run in supervisor.running:
                    supervisor.tell(run, Command.PAUSE)
            supervisor.wait(GLANCE)
            for run, said in supervisor.said():
                if isinstance(said, Advance):
                    progress[run] = said.progress
                    shown.advance(run, said.progress, compiled=said.compiled)
                    continue
                request = begun[run]
                where = last_progress(request) if said.ending is Ending.OVER else progress.get(run)
                fault = None if said.error is None else _with_advice(said.error)
                outcomes[run] = Outcome(request, said.ending, where, fault)
                shown.end(run, outcomes[run].line)
    return [outcomes[request.name] for request in requests if request.name in outcomes]


def _with_advice(fault: Fault) -> Fault:
    """What to do where a file of the run cannot be written."""
    if fault.code != CheckpointUnwritable.code:
        return fault
    return replace(fault, detail=f"{fault.detail} Make room or choose another folder; --resume goes on.")


def _end_if_stopped(
    requests: Sequence[TrainingRequest], outcomes: Sequence[Outcome], stop: StopRequests, which: str
) -> None:
    """With how to go on, and the exit code of a process that the signal has ended."""
    done = [outcome for outcome in outcomes if outcome.ending in (Ending.FINISHED, Ending.OVER)]
    if stop.by is None or len(done) == len(requests):
        return
    request = requests[0]
    folder = shlex.quote(str(request.folder))
    command = f"tapedeck train {request.fields['task']} {which} --out {folder} --resume"
    typer.echo(f"All is saved; go on with: {command}")
    raise typer.Exit(128 + stop.by)
