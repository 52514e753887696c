"""`tapedeck evaluate`: how well machines generalize, by length and by kind of sequence, side by side."""

from __future__ import annotations

import csv as tables
import io
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import orjson
import torch
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from backend.api.settings import SHIPPED_CHECKPOINTS
from backend.checkpoints import Checkpoint
from backend.checkpoints.files import write_atomically
from backend.cli import machines
from backend.cli.numbers import parse_numbers
from backend.training.evaluation import Plan, Result, evaluate
from backend.training.patterns import PATTERNS

Results = dict[str, list[Result]]
"""The results of each machine, by its label."""

COLUMNS = ("label", "checkpoint", "sha256", *(name for name in Result.__dataclass_fields__ if name != "worst"))


def evaluate_checkpoints(
    checkpoints: Annotated[list[str], typer.Argument(metavar="CHECKPOINT …", help="Ids of the folder, or files.")],
    *,
    lengths: Annotated[str, typer.Option(help="Such as 10,20,60 or 1-126 or 1-20,60.")] = "10,20,50,60,100,120,126",
    locations: Annotated[int | None, typer.Option(help="N; each machine's own if left out.")] = None,
    patterns: Annotated[str, typer.Option(help=f"“all”, or of {', '.join(PATTERNS)}.")] = "random",
    sequences: Annotated[int, typer.Option(help="At each length and pattern.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the sequences, the same for every machine.")] = 1,
    json: Annotated[Path | None, typer.Option(help="Also write the results here; tapedeck card reads them.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write a table here.")] = None,
    html: Annotated[Path | None, typer.Option(help="Also write an interactive page here.")] = None,
    folder: Annotated[
        Path, typer.Option("--checkpoints", envvar="TAPEDECK_CHECKPOINTS", help="The folder of the machines.")
    ] = SHIPPED_CHECKPOINTS,
) -> None:
    """Count bit errors on sequences that the machines have not seen."""
    plan = Plan(
        parse_lengths(lengths),
        tuple(PATTERNS) if patterns == "all" else tuple(name.strip() for name in patterns.split(",")),
        sequences,
        locations,
        seed,
    )
    found = label(checkpoints, [machines.find(name, folder) for name in checkpoints])
    torch.set_num_threads(1)  # the machines are too small for more to help
    console = Console()
    results = _run(found, plan, console)
    console.print(_table(results, plan))
    documents = _documents(results, found)
    if json:
        write_atomically(json, orjson.dumps(documents, option=orjson.OPT_INDENT_2))
    if csv:
        write_atomically(csv, _csv(documents).encode())
    if html:
        from backend.figures.evaluation import page  # noqa: PLC0415 (no other command should wait for its import)

        write_atomically(html, page(results).encode())


def parse_lengths(typed: str) -> tuple[int, ...]:
    """Whole numbers and stretches of them, with commas between.

    Raises:
        InvalidConfiguration: anything else.
    """
    return parse_numbers(typed, "--lengths", "10,20,60 or 1-126")


def label(given: list[str], found: list[Checkpoint]) -> dict[str, Checkpoint]:
    """The machines by what tells them apart: their ids, or what was typed where two share one. Typed twice is once."""
    typed = dict(zip(given, found, strict=True))
    shared = Counter(machine.info.id for machine in typed.values())
    return {name if shared[machine.info.id] > 1 else machine.info.id: machine for name, machine in typed.items()}


def _run(found: dict[str, Checkpoint], plan: Plan, console: Console) -> Results:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )
    results: Results = {}
    with bar:
        for name, machine in found.items():
            running = bar.add_task(name, total=plan.parts)
            results[name] = []
            for result in evaluate(machine.machine, machine.info.task, plan):
                results[name].append(result)
                bar.advance(running)
    return results


def _table(results: Results, plan: Plan) -> Table:
    locations = {name: each[0].locations for name, each in results.items()}
    together = len(set(locations.values())) == 1
    own = f"{next(iter(locations.values())):,} locations" if together else "each on its own locations"
    table = Table(title=f"Bit error rate, {plan.sequences:,} sequences each, {own}")
    for name in ("pattern", "length"):
        table.add_column(name)
    for name in results:
        # Text, so that no name is taken for markup.
        table.add_column(Text(name if together else f"{name}, N = {locations[name]:,}"), justify="right")
        table.add_column("95 %", justify="right", style="dim")
        table.add_column("exact", justify="right")
    for row in zip(*results.values(), strict=True):
        cells = [text for result in row for text in (_rate(result), _interval(result), f"{result.exact_share:.0%}")]
        table.add_row(row[0].pattern, str(row[0].length), *cells)
    return table


def _rate(result: Result) -> str:
    return "0" if result.wrong_bits == 0 else f"{result.bit_error_rate:.2g}"


def _interval(result: Result) -> str:
    return f"{result.interval.low:.1g} … {result.interval.high:.1g}"


def _documents(results: Results, found: dict[str, Checkpoint]) -> list[dict[str, Any]]:
    return [
        {"label": name, "checkpoint": found[name].info.id, "sha256": found[name].info.sha256, **result.document()}
        for name, each in results.items()
        for result in each
    ]


def _csv(documents: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = tables.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**document, "interval": "{} {}".format(*document["interval"])} for document in documents)
    return out.getvalue()
