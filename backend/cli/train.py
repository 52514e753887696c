"""`tapedeck train`: a machine is trained, or one for each of several seeds."""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backend.cli.numbers import parse_numbers
from backend.cli.recipe_options import recipe_fields
from backend.cli.train_display import display
from backend.cli.train_run import Ending, Outcome, carry_out
from backend.cli.train_seeds import train_all
from backend.cli.train_table import summary, table
from backend.errors import InvalidConfiguration, TrainingError
from backend.training.compiling import Compilation
from backend.training.interruption import StopRequests, stop_requests
from backend.training.patterns import PATTERNS
from backend.training.request import RunRequest
from backend.training.run_files import prepare_folder

RECIPE = "The recipe: beats --set, which beats the file, which beats the defaults"
MOST_SEEDS = 10_000


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
    requests = [RunRequest(each, out, fields, compilation, resume, force, tensorboard) for each in chosen]
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


def _check(requests: Sequence[RunRequest]) -> None:
    """Everything that can be known to go wrong, before anything is begun."""
    for request in requests:
        request.check()
    new = [request for request in requests if not (request.is_over or request.begun)]
    if new:
        prepare_folder(new[0].folder, new[0].recipe, len(new))


def _train_one(request: RunRequest, stop: StopRequests) -> None:
    console = Console()
    with display(console, runs=1) as shown:
        outcome = carry_out(
            request,
            stop,
            lambda progress, compiled: shown.advance(request.name, progress, compiled=compiled),
        )
        shown.end(request.name, outcome.line)
    _end_if_stopped([outcome], stop, f"--seed {request.seed}")


def _train_several(requests: Sequence[RunRequest], stop: StopRequests, processes: int | None, seeds: str) -> None:
    console = Console()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with display(console, runs=len(requests)) as shown:
        outcomes = train_all(requests, processes or cores, stop, shown)
    console.print(table(outcomes))
    _end_if_stopped(outcomes, stop, f"--seeds {seeds}")
    console.print(summary(outcomes, requests[0].recipe), soft_wrap=True, highlight=False)
    failed = [outcome for outcome in outcomes if outcome.ending is Ending.FAILED]
    if failed:
        those = ",".join(str(outcome.request.seed) for outcome in failed)
        raise TrainingError(f"{len(failed)} of {len(outcomes)} runs failed (--seeds {those}): {failed[0].line}")


def _end_if_stopped(outcomes: Sequence[Outcome], stop: StopRequests, which: str) -> None:
    """With how to go on, and the exit code of a process that the signal has ended."""
    if stop.by is None or all(outcome.ending in (Ending.FINISHED, Ending.OVER) for outcome in outcomes):
        return
    request = outcomes[0].request
    folder = shlex.quote(str(request.folder))
    command = f"tapedeck train {request.fields['task']} {which} --out {folder} --resume"
    typer.echo(f"All is saved; go on with: {command}")
    raise typer.Exit(128 + stop.by)
