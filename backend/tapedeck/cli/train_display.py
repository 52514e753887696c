"""Training in words: bars that move on a terminal, a few lines without one, and what came of each run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from tapedeck.training.outcome import Ending, Fault
from tapedeck.training.recipes import AnyRecipe
from tapedeck.training.request import TrainingRequest
from tapedeck.training.run_files import final_path
from tapedeck.training.speed import Speed
from tapedeck.training.trainer import Progress

PARTS = 10
"""Lines that a single run prints where there are no bars."""


class Display(Protocol):
    """Is told how runs progress; `compiled` is None while the steps are compiled."""

    def advance(self, name: str, progress: Progress, *, compiled: bool | None) -> None:
        """A run has got this far."""

    def end(self, name: str, line: str) -> None:
        """A run is over, or goes no further: prints a line that stays."""

    def note(self, line: str) -> None:
        """Prints a line that stays, of a run that goes on."""


@contextmanager
def display(console: Console, *, runs: int) -> Iterator[Display]:
    """Bars on a terminal, lines elsewhere, for as long as the block lasts."""
    if not console.is_terminal:
        yield _Lines(console, PARTS if runs == 1 else 0)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[numbers]}"))
    with Bars(*columns, console=console) as bars:
        yield _Bars(bars)


def describe(progress: Progress, speed: float | None) -> str:
    """The numbers of a run: 4,000/40,000 · 812/s · loss 0.0123 · 4.1 % wrong bits · 12 in validation · 0:44 left."""
    parts = [f"{progress.sequences:,}/{progress.total:,}"]
    if speed:
        parts.append(f"{speed:,.0f}/s")
    if progress.loss is not None:
        parts.append(f"loss {progress.loss:.4f}")
    if progress.bit_error_rate is not None:
        parts.append(f"{progress.bit_error_rate:.1%} wrong bits")
    if progress.validation_errors is not None:
        parts.append(f"{progress.validation_errors:,} in validation")
    if progress.validation_excess is not None:
        parts.append(f"{100 * progress.validation_excess:.2f} % above the optimum in validation")
    if progress.skipped:
        parts.append(f"{progress.skipped:,} skipped")
    if speed and progress.sequences < progress.total:
        minutes, seconds = divmod(round((progress.total - progress.sequences) / speed), 60)
        parts.append(f"{minutes}:{seconds:02} left")
    return " · ".join(parts)


class _Speeds:
    """Of every run, by its name; the time before its steps were chosen does not count."""

    def __init__(self) -> None:
        self._speeds: dict[str, Speed] = {}

    def note(self, name: str, progress: Progress, *, compiled: bool | None) -> float | None:
        """How fast it is now."""
        speed = self._speeds.setdefault(name, Speed(time.monotonic))
        if compiled is not None:
            speed.note(progress.sequences)
        return speed.per_second


class _Bars:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._speeds = _Speeds()

    def advance(self, name: str, progress: Progress, *, compiled: bool | None) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(escape(name), total=progress.total, numbers="")
        speed = self._speeds.note(name, progress, compiled=compiled)
        numbers = "compiling …" if compiled is None else describe(progress, speed)
        self._bars.update(self._tasks[name], completed=progress.sequences, numbers=numbers)

    def end(self, name: str, line: str) -> None:
        if name in self._tasks:
            self._bars.remove_task(self._tasks.pop(name))
        self.note(line)

    def note(self, line: str) -> None:
        self._bars.console.print(Text(line), soft_wrap=True)


class _Lines:
    def __init__(self, console: Console, parts: int) -> None:
        self._console = console
        self._parts = parts
        self._next: dict[str, int] = {}
        self._speeds = _Speeds()

    def advance(self, name: str, progress: Progress, *, compiled: bool | None) -> None:
        speed = self._speeds.note(name, progress, compiled=compiled)
        part = self._parts * progress.sequences // progress.total
        if name not in self._next:
            self._say(f"{name}: from {progress.sequences:,} to {progress.total:,} sequences")
        elif part >= self._next[name] and part:
            self._say(f"{name}: {describe(progress, speed)}")
        else:
            return
        self._next[name] = part + 1

    def end(self, name: str, line: str) -> None:
        self._say(line)

    def note(self, line: str) -> None:
        self._say(line)

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request.

    Attributes:
        request: the run that was asked for.
        ending: how it ended.
        progress: where it stands now, as far as that is known.
        fault: why it failed, where it did.
    """

    request: TrainingRequest
    ending: Ending
    progress: Progress | None = None
    fault: Fault | None = None

    @property
    def solved(self) -> bool:
        """Whether its machine is there, and makes no error on the lengths of its recipe."""
        progress = self.progress
        return progress is not None and progress.sequences == progress.total and progress.validation_errors == 0

    @property
    def line(self) -> str:
        """The outcome as a sentence."""
        request, progress = self.request, self.progress
        if self.fault is not None:
            return f"{request.name}: {self.fault.detail}"
        if self.ending is Ending.STOPPED:
            where = f" at {progress.sequences:,} of {progress.total:,} sequences" if progress else " before it began"
            return f"{request.name}: stopped{where}"
        said = f"{request.name}: {self.ending}"
        if progress is not None and progress.solved_at is not None and progress.solved_after is not None:
            said += f", without errors from {progress.solved_at:,} sequences on ({progress.solved_after:.1f} s)"
        if progress is not None and progress.validation_errors:
            said += f", {progress.validation_errors:,} wrong bits in the last validation"
        if progress is not None and progress.validation_excess is not None:
            said += f", {100 * progress.validation_excess:.2f} % above the optimum in the last validation"
        return f"{said}; {final_path(request.folder, request.name)}"


def table(outcomes: Sequence[Outcome]) -> Table:
    """A row for each seed."""
    shown = Table("seed", title="Until the first validation without an error, and at the end")
    for heading in ("sequences", "seconds", "wrong bits", "skipped"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("checkpoint", overflow="fold")
    for outcome in outcomes:
        shown.add_row(*map(Text, _row(outcome)))  # Text, so that no path is taken for markup
    return shown


def summary(outcomes: Sequence[Outcome], recipe: AnyRecipe) -> str:
    """Such as "20 of 20 seeds at 0 errors on lengths 1–20; median 6,200 sequences, 9.3 s"."""
    solved = [outcome.progress for outcome in outcomes if outcome.solved and outcome.progress]
    said = f"{len(solved)} of {len(outcomes)} seeds at 0 errors on {recipe.judged_on}"
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
