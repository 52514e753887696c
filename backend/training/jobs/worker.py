"""The process that trains: `python -m backend.training.jobs.worker ORDER`, started by `process.WorkerProcess`.

It says how far it is on its standard output, and does what it reads on its standard input. When that ends, the service
is gone, in whatever way: it saves and ends as well. So there is never a training that nobody knows of.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TextIO

from filelock import FileLock, Timeout

from backend.errors import TapedeckError
from backend.training.jobs.job import Fault, JobState
from backend.training.jobs.messages import Advance, Command, End, Order
from backend.training.recipe import Recipe
from backend.training.run import TrainingRun
from backend.training.run_files import resume_path

NICENESS = 10
"""The service, and whatever else a person does on the machine, comes first."""

GRACE = 5.0
"""Seconds in which what is told is done. After that the process ends where it stands, in the middle of compiling for
instance; the run goes on later from its last resume file, to the same parameters."""

OVERDUE = 75
"""The exit code then."""

LOCK = ".worker.lock"
"""Held while a process trains in a folder: one whose service was killed may still be saving."""


class Commands:
    """The last thing that the process was told."""

    def __init__(self) -> None:
        self.told: Command | None = None

    def listen(self) -> None:
        """To standard input, from now on, and to SIGTERM."""
        signal.signal(signal.SIGTERM, lambda *_: self.take(Command.PAUSE))
        threading.Thread(target=self._listen, daemon=True).start()

    def take(self, command: Command) -> None:
        """A command; the first starts the time in which it must be done."""
        if self.told is None:
            timer = threading.Timer(GRACE, os._exit, (OVERDUE,))
            timer.daemon = True
            timer.start()
        self.told = command

    def _listen(self) -> None:
        # Not through sys.stdin: Python cannot end while another thread holds that.
        while read := os.read(0, 64):
            self.take(Command(read.decode().split()[-1]))
        self.take(Command.PAUSE)


def main() -> NoReturn:
    """Trains, and ends the process."""
    told = _take_stdout()
    order = Order.model_validate_json(sys.argv[1])
    commands = Commands()
    commands.listen()

    def say(message: Advance | End) -> None:
        try:
            told.write(message.model_dump_json() + "\n")
            told.flush()
        except BrokenPipeError:
            commands.take(Command.PAUSE)  # nobody listens

    try:
        end = End(state=_train(order, commands, say))
    except TapedeckError as error:
        end = End(state=JobState.FAILED, error=Fault.of(error))
    say(end)
    os._exit(0)  # all is written; taking torch down would take seconds


def _take_stdout() -> TextIO:
    """Standard output for the messages alone; what a library prints goes to the log."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return told


def _train(order: Order, commands: Commands, say: Callable[[Advance], None]) -> JobState:
    """Until the end of the run, or until told otherwise.

    Raises:
        TapedeckError: the run cannot begin or go on.
    """
    try:
        with _lock(order.folder).acquire(cancel_check=lambda: commands.told is not None):
            run = _open(order)
            os.nice(NICENESS)  # not before: until here somebody waits for a first sign of life
            for progress in run:
                say(Advance(progress=progress, compiled=run.compiled))
                if commands.told is Command.STOP:
                    return JobState.STOPPED
                if commands.told is Command.PAUSE and not run.trainer.finished:
                    # Before the steps are chosen there is nothing new to save.
                    if run.compiled is not None:
                        run.save()
                    return JobState.PAUSED
            return JobState.FINISHED
    except Timeout:
        return JobState.STOPPED if commands.told is Command.STOP else JobState.PAUSED


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / LOCK, poll_interval=0.05)


def _open(order: Order) -> TrainingRun:
    """The run, from its resume file where there is one."""
    if resume_path(order.folder, order.run).exists():
        return TrainingRun.go_on(order.folder, order.run, order.compilation)
    recipe = Recipe.from_dict(order.recipe)
    return TrainingRun.start(recipe, order.seed, order.folder, order.compilation, name=order.run, replace=order.begun)


if __name__ == "__main__":
    main()
