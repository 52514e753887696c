"""`tapedeck sweep`: what becomes of a machine as a parameter, or two, go through their values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tapedeck.checkpoints.files import write_atomically
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli import machines
from tapedeck.cli.output_folder import check_files
from tapedeck.cli.sequence import parse_interventions
from tapedeck.cli.workers import TIMEOUT, ClusterOption, Place, ProcessesOption, TimeoutOption
from tapedeck.errors import InvalidConfiguration, quoted
from tapedeck.lab import points
from tapedeck.lab.sweeps import NUMBER_OF, Axis, SweepPlan
from tapedeck.library.machine import Machine
from tapedeck.library.sweeping import Sweep, swept
from tapedeck.tracing.interventions import read_interventions

EXAMPLES = "“scale read.sharpening=0.5:2:21”, “noise memory=0,0.1,0.3”, “move read=-2,-1,0,1,2”, “length=10,20,40”"


def sweep(
    checkpoint: Annotated[str, typer.Argument(metavar="MACHINE", help="The id of a machine in the folder, or a file.")],
    *,
    over: Annotated[
        list[str],
        typer.Option(
            metavar="WHAT=VALUES",
            help="What is varied, once or twice: locations, a size of the task, the number of an intervention (KIND "
            "TARGET, or its JSON). Values with commas, or FIRST:LAST:COUNT.",
            show_default=False,
        ),
    ],
    phase: Annotated[
        str | None, typer.Option(help="The phase in which a varied intervention acts; every step if left out.")
    ] = None,
    size: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Of the examples, once for each number: length=20, or items=6.",
            show_default=False,
        ),
    ] = None,
    interventions: Annotated[
        str | None, typer.Option(metavar="JSON|FILE", help="What is changed at every point.")
    ] = None,
    sequences: Annotated[int, typer.Option(help="Examples of each point.")] = 100,
    locations: Annotated[int | None, typer.Option(help="N; the machine's own if left out.")] = None,
    seed: Annotated[int, typer.Option(help="Of the examples.")] = 1,
    processes: ProcessesOption = None,
    cluster: ClusterOption = None,
    cluster_timeout: TimeoutOption = TIMEOUT,
    json: Annotated[Path | None, typer.Option(help="Also write every point here.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write a table here.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write the figure here: a curve with its band, or a map.")
    ] = None,
    checkpoints: Annotated[
        Path, typer.Option(envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Count how often a machine errs as a parameter is turned up or down."""
    check_files({"--json": json, "--csv": csv, "--html": html})
    changes = [] if interventions is None else parse_interventions(interventions)
    plan = SweepPlan(
        tuple(parse_axis(each, phase) for each in over),
        dict(_size(each) for each in size or []),
        tuple(each.document() for each in read_interventions(changes)),
        sequences,
        locations,
        seed,
    )
    machine, console = Machine.of(machines.find(checkpoint, checkpoints)), Console()
    with Place(processes, cluster, cluster_timeout).workers_if_any(points.__name__) as executor:
        todo = len(plan.points(machine.spec, machine.task))
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
        ) as progress:
            bar = progress.add_task(machine.id, total=todo)
            found = []
            for each in swept(machine, plan, executor):
                found.append(each)
                progress.advance(bar)
    result = Sweep(machine.info, plan, tuple(found))
    for path, suffix in ((json, ".json"), (csv, ".csv"), (html, ".html")):
        if path is not None:
            write_atomically(path, result.encoded(suffix))
    _show(result, console)


def parse_axis(typed: str, phase: str | None = None) -> Axis:
    """What is varied and its values, as they are typed.

    Raises:
        InvalidConfiguration: anything else; says what it may be.
    """
    what, equals, values = typed.rpartition("=")
    if not equals or not what.strip():
        raise InvalidConfiguration(f"--over takes WHAT=VALUES, such as {EXAMPLES}; got {quoted(typed)}.")
    return Axis(vary=_varied(what.strip(), phase), values=_values(values, typed))


def _varied(what: str, phase: str | None) -> str | dict[str, Any]:
    if what.startswith("{"):
        try:
            document: dict[str, Any] = orjson.loads(what)
        except orjson.JSONDecodeError as error:
            raise InvalidConfiguration(f"--over has {quoted(what)}, which is not valid JSON: {error.msg}.") from error
        return document
    kind, _, target = what.partition(" ")
    if not target:
        return what
    if kind not in NUMBER_OF:
        raise InvalidConfiguration(f"--over varies {', '.join(NUMBER_OF)}; got {quoted(kind)}. Give {EXAMPLES}.")
    named = {"head" if kind == "move" else "target": target.strip()}
    return {"kind": kind, **named, **({} if phase is None else {"phase": phase})}


def _values(typed: str, whole: str) -> list[float]:
    try:
        if typed.count(":") == 2:
            first, last, count = typed.split(":")
            return [float(value) for value in np.linspace(float(first), float(last), int(count))]
        return [float(value) for value in typed.split(",")]
    except ValueError as error:
        raise InvalidConfiguration(
            f"--over takes numbers with commas, or FIRST:LAST:COUNT; got {quoted(whole)}."
        ) from error


def _size(typed: str) -> tuple[str, int]:
    name, _, value = typed.partition("=")
    if not value.isdecimal():
        raise InvalidConfiguration(f"--size takes NAME=VALUE, such as length=20; got {quoted(typed)}.")
    return name, int(value)


def _show(found: Sweep, console: Console) -> None:
    table = Table(box=None)
    for axis in found.plan.axes:
        table.add_column(axis.title, justify="right")
    for name in ("measure", "95 % interval", "exact"):
        table.add_column(name, justify="right")
    for each in found.points:
        values = [f"{value:g}" for value in each.point.values]
        if each.result is None:
            table.add_row(*values, each.error.detail if each.error else "", "", "")
            continue
        low, high = each.result.interval.rounded()
        exact = getattr(each.result, "exact", None)
        table.add_row(
            *values,
            f"{100 * each.result.rate:.2f} %",
            f"{100 * low:.2g} – {100 * high:.2g} %",
            "" if exact is None else f"{exact} of {each.result.sequences}",
        )
    console.print(table)
