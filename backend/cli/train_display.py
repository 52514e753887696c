"""Training on a terminal: bars that move where one is, and a few lines where the output goes somewhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from backend.training.jobs.speed import Speed
from backend.training.trainer import Progress

PARTS = 10
"""Lines that a run of its own gets where no bar can move."""


class Display(Protocol):
    """Is told how runs come on; `compiled` is None while the steps are compiled."""

    def advance(self, name: str, progress: Progress, *, compiled: bool | None) -> None:
        """A run has come so far."""

    def end(self, name: str, line: str) -> None:
        """A run is over, or goes no further: a line that stays."""


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
        self._bars.console.print(Text(line))


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

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)
