"""What came of several seeds, as a table and in one line."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from backend.cli.train_run import Ending, Outcome
from backend.training.recipe import Recipe
from backend.training.run_files import final_path


def table(outcomes: Sequence[Outcome]) -> Table:
    """A row for each seed."""
    shown = Table("seed", title="Until the first validation without an error, and at the end")
    for heading in ("sequences", "seconds", "wrong bits", "skipped"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("checkpoint", overflow="fold")
    for outcome in outcomes:
        shown.add_row(*map(Text, _row(outcome)))  # Text, so that no path is taken for markup
    return shown


def summary(outcomes: Sequence[Outcome], recipe: Recipe) -> str:
    """Such as "20 of 20 seeds at 0 errors on lengths 1–20; median 6,200 sequences, 9.3 s"."""
    solved = [outcome.progress for outcome in outcomes if outcome.solved and outcome.progress]
    said = f"{len(solved)} of {len(outcomes)} seeds at 0 errors on lengths {recipe.shortest}–{recipe.longest}"
    sequences = [progress.solved_at for progress in solved if progress.solved_at is not None]
    seconds = [progress.solved_after for progress in solved if progress.solved_after is not None]
    if not sequences or not seconds:
        return f"{said}."
    return f"{said}; median {statistics.median(sequences):,.0f} sequences, {statistics.median(seconds):.1f} s."


def _row(outcome: Outcome) -> tuple[str, ...]:
    request, progress = outcome.request, outcome.progress
    there = outcome.ending in (Ending.FINISHED, Ending.OVER)
    last = str(final_path(request.folder, request.name)) if there else outcome.ending
    if progress is None:
        return (str(request.seed), "–", "–", "–", "–", last)
    return (
        str(request.seed),
        "–" if progress.solved_at is None else f"{progress.solved_at:,}",
        "–" if progress.solved_after is None else f"{progress.solved_after:.1f}",
        "–" if progress.validation_errors is None else f"{progress.validation_errors:,}",
        f"{progress.skipped:,}",
        last,
    )
