"""`tapedeck evaluate`: how well machines generalize, by size and by pattern, side by side."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from tapedeck.checkpoints.files import write_atomically
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli import machines
from tapedeck.cli.numbers import parse_numbers, percent
from tapedeck.cli.output_folder import check_files
from tapedeck.cli.workers import TIMEOUT, ClusterOption, Place, ProcessesOption, TimeoutOption
from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.library import counting
from tapedeck.library.counting import evaluated, labelled, one_task
from tapedeck.library.evaluation import Evaluation
from tapedeck.library.machine import Machine
from tapedeck.tasks import CopyTask, Task
from tapedeck.tasks.measure import Measure
from tapedeck.training.evaluation import AnyResult, Plan
from tapedeck.training.patterns import PATTERNS
from tapedeck.training.prediction_result import PredictionResult

Results = dict[str, list[AnyResult]]
"""The results of each machine, by its label."""


def evaluate_checkpoints(
    checkpoints: Annotated[
        list[str],
        typer.Argument(metavar="MACHINE|FOLDER …", help="Ids of machines, files, or folders for all machines in them."),
    ],
    *,
    lengths: Annotated[
        str | None, typer.Option(help="Of copies: such as 10,20,60 or 1-126 or 1-20,60.", show_default=False)
    ] = None,
    size: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUES",
            help="Of any task, once for each number that makes its examples longer: items=2-6,12, or length=10 and "
            "repeats=5,10. Every combination is evaluated; the task's own values if left out.",
            show_default=False,
        ),
    ] = None,
    locations: Annotated[int | None, typer.Option(help="N; each machine's own if left out.")] = None,
    patterns: Annotated[
        str, typer.Option(help=f"“all”, or names separated by commas: {', '.join(PATTERNS)}.")
    ] = "random",
    sequences: Annotated[int, typer.Option(help="At each size and pattern.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the examples, 0 or more; every machine gets the same ones.")] = 1,
    task: Annotated[
        str | None,
        typer.Option(help="Of folders with machines of several tasks: those of this one.", show_default=False),
    ] = None,
    processes: ProcessesOption = None,
    cluster: ClusterOption = None,
    cluster_timeout: TimeoutOption = TIMEOUT,
    json: Annotated[
        Path | None, typer.Option(help="Also write the counts of each sequence here; tapedeck card reads them.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write a table here.")] = None,
    html: Annotated[Path | None, typer.Option(help="Also write an interactive page here.")] = None,
    folder: Annotated[
        Path, typer.Option("--checkpoints", envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
    runs: Annotated[
        list[Path],
        typer.Option(
            envvar="TAPEDECK_RUNS", help="The folder of machines trained here, if there is one; again for more."
        ),
    ] = [Path("runs")],  # noqa: B006 - nothing writes to it
) -> None:
    """Count bit errors on examples that the machines have not seen; of predictions, bits above the optimum."""
    check_files({"--json": json, "--csv": csv, "--html": html})
    named = list(machines.named(checkpoints, task))
    found = labelled(named, (Machine.of(machines.find(name, folder, *runs)) for name in named))
    evaluated_on = one_task(found)
    plan = Plan(
        parse_sizes(evaluated_on, lengths, size or []),
        tuple(PATTERNS) if patterns == "all" else tuple(name.strip() for name in patterns.split(",")),
        sequences,
        locations,
        seed,
    )
    plan.sizes_of(evaluated_on)  # raises before anything is run
    console = Console()
    with Place(processes, cluster, cluster_timeout).workers_if_any(counting.__name__) as executor:
        results = _run(found, plan, console, executor)
    infos = {name: machine.info for name, machine in found.items()}
    evaluation = Evaluation(infos, plan, results, _command(named, plan))
    for path, suffix in ((json, ".json"), (csv, ".csv"), (html, ".html")):
        if path is not None:
            write_atomically(path, evaluation.encoded(suffix))
    _show(results, plan, console)


def parse_lengths(typed: str) -> tuple[int, ...]:
    """Whole numbers and ranges of them, with commas between.

    Raises:
        InvalidConfiguration: anything else.
    """
    return parse_numbers(typed, "--lengths", "10,20,60 or 1-126")


def parse_sizes(task: Task[Any], lengths: str | None, given: list[str]) -> dict[str, tuple[int, ...]]:
    """The values of each size: those that are given, the task's own where none are.

    Raises:
        InvalidConfiguration: both forms, or one that is not understood.
    """
    sizes = {} if lengths is None else {"length": parse_lengths(lengths)}
    for each in given:
        name, equals, values = each.partition("=")
        if not equals or name in sizes:
            names = " and ".join(size.name for size in task.sizes)
            raise InvalidConfiguration(
                f"--size gives each number once, such as {task.sizes[0].name}=2-6,12; {task.name} has {names}; got "
                f"{quoted(each)}.",
            )
        sizes[name] = parse_numbers(values, f"--size {name}", "2-6,12")
    return sizes or {size.name: size.values for size in task.sizes}


def _command(given: Sequence[str], plan: Plan) -> str:
    """What counts the same again, with every default spelled out."""
    sizes = {name: ",".join(map(str, values)) for name, values in plan.sizes.items()}
    short = list(sizes) == [CopyTask.sizes[0].name]
    options: list[tuple[str, object]] = [
        *(("--lengths", values) if short else ("--size", f"{name}={values}") for name, values in sizes.items()),
        ("--patterns", ",".join(plan.patterns)),
        ("--sequences", plan.sequences),
        ("--seed", plan.seed),
    ]
    if plan.locations is not None:
        options.append(("--locations", plan.locations))
    words = [str(word) for option in options for word in option]
    return shlex.join(["tapedeck", "evaluate", *given, *words])


def _run(found: Mapping[str, Machine], plan: Plan, console: Console, executor: Executor | None) -> Results:
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    results: Results = {}
    with bar:
        for name, result in evaluated(found, plan, executor):
            if name not in results:
                results[name], running = [], bar.add_task(name, total=plan.parts)
            results[name].append(result)
            bar.advance(running)
    return results


def _show(results: Results, plan: Plan, console: Console) -> None:
    """The machines side by side where the terminal has room for that, else below one another; no digit is cut off."""
    table = _side_by_side(results, plan)
    if _width(table, console) > console.width:
        table = _below_one_another(results, plan)
    Console(width=max(console.width, _width(table, console))).print(table)
    console.print(
        "95 %: the confidence interval. It counts sequences, because the bits of a sequence fail together.",
        soft_wrap=True,
        highlight=False,
    )


def _width(table: Table, console: Console) -> int:
    """Of the columns alone: a title can be broken into lines."""
    unlimited = console.options.update(width=100_000)
    return Measurement.get(console, unlimited, table).maximum


def _side_by_side(results: Results, plan: Plan) -> Table:
    """A row for each size and pattern, three columns for each machine."""
    locations = _locations(results)
    together = len(set(locations.values())) == 1
    table = _titled(results, plan, "pattern", *plan.sizes)
    for name in results:
        # Text, so that no name is taken for markup.
        heading = Text(name if together else f"{name}, N = {locations[name]:,}")
        for each in (heading, "95 %", _third(results)):
            table.add_column(each, justify="right", no_wrap=True, style="dim" if each == "95 %" else None)
    for row in zip(*results.values(), strict=True):
        table.add_row(row[0].pattern, *_size(row[0]), *(cell for result in row for cell in _cells(result)))
    return table


def _below_one_another(results: Results, plan: Plan) -> Table:
    """A row for each size, pattern and machine."""
    locations = _locations(results)
    together = len(set(locations.values())) == 1
    table = _titled(results, plan, "pattern", *plan.sizes, "machine", *([] if together else ["N"]))
    for each in ("rate", "95 %", _third(results)):
        table.add_column(each, justify="right", no_wrap=True, style="dim" if each == "95 %" else None)
    for row in zip(*results.values(), strict=True):
        for name, result in zip(results, row, strict=True):
            own = [] if together else [f"{locations[name]:,}"]
            table.add_row(result.pattern, *_size(result), Text(name), *own, *_cells(result))
        table.add_section()
    return table


def _titled(results: Results, plan: Plan, *columns: str) -> Table:
    locations = set(_locations(results).values())
    own = f"{next(iter(locations)):,} locations" if len(locations) == 1 else "each on its own locations"
    what = _measure(results).title
    table = Table(title=f"{what[0].upper()}{what[1:]}, {plan.sequences:,} sequences each, {own}")
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table


def _locations(results: Results) -> dict[str, int]:
    """N of each machine's runs."""
    return {name: each[0].locations for name, each in results.items()}


def _size(result: AnyResult) -> list[str]:
    return [f"{value}" for value in result.size.values()]


def _cells(result: AnyResult) -> tuple[str, str, str]:
    """The rate, its interval, and how many came out whole: as counts, because 999 of 1,000 are not 100 %.

    Of predictions the share above the optimum, and the bits that a stream cost against the least possible.
    """
    if isinstance(result, PredictionResult):
        cost, best = (bits / result.sequences for bits in (result.cost, result.optimum))
        interval = " … ".join(map(percent, result.interval))
        return percent(result.excess), interval, f"{cost:.2f}, best {best:.2f}"
    low, high = result.interval.rounded()
    rate = "0" if result.wrong_bits == 0 else f"{result.bit_error_rate:.2g}"
    return rate, f"{low:.2g} … {high:.2g}", f"{result.exact:,} of {result.sequences:,}"


def _third(results: Results) -> str:
    """What stands beside the rate and its interval."""
    return "bits a stream" if _measure(results).foretold else "exact"


def _measure(results: Results) -> Measure:
    return next(iter(results.values()))[0].measure
