"""The supervisor of processes that train: one for the service and the command line alike.

It knows what a run is called and how it ends, and nothing of what is learned in it. A process trains one run after
another. It reads `Order`s and `Command`s from its standard input and says how far it is on its standard output, a line
of JSON each. It cannot outlive the process that started it: when its standard input ends, it saves and ends as well.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Literal, Self

from pydantic import BaseModel, Field, RootModel

import tapedeck
from tapedeck.errors import TrainingError
from tapedeck.training.outcome import Ending, Fault
from tapedeck.training.request import TrainingRequest
from tapedeck.training.trainer import Progress

ROOT = Path(tapedeck.__file__).resolve().parents[1]

GRACE = 5.0
"""Seconds that a process gives itself to do what it was told. After that it exits on the spot; the run resumes from its
last resume file, to the same parameters."""

PATIENCE = 8.0
"""Seconds after which a process that was told something is killed: one that cannot even count its own."""


class Command(StrEnum):
    """What a process is told to do with its run."""

    PAUSE = "pause"
    """Save exactly this update, and end the run."""
    STOP = "stop"
    """End the run for good."""


class Order(BaseModel):
    """A run to train.

    Attributes:
        request: the run.
        background: at low priority, and only while no other process trains in the background in the same folder.
    """

    kind: Literal["order"] = "order"
    request: TrainingRequest
    background: bool = False


class Told(BaseModel):
    """A command to the process, about the run that it trains."""

    kind: Literal["told"] = "told"
    command: Command


class Instruction(RootModel[Order | Told]):
    """Anything that a process is given to read."""

    root: Order | Told = Field(discriminator="kind")


class Advance(BaseModel):
    """A run has got this far."""

    kind: Literal["advance"] = "advance"
    progress: Progress
    compiled: bool | None


class End(BaseModel):
    """A run has ended."""

    kind: Literal["end"] = "end"
    ending: Ending
    error: Fault | None = None


class Said(RootModel[Advance | End]):
    """Anything that a process says."""

    root: Advance | End = Field(discriminator="kind")


class Supervisor:
    """Processes that train the runs of one folder, started when they are needed.

    Used by one thread at a time, but for `wait` and `wake`. Left as a context, it kills what still trains.

    Args:
        folder: of the runs. It is their working directory: should another folder take its place, they stay in theirs.
        patience: seconds that a process gets to do what it was told.
    """

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self._folder, self._patience = folder, patience
        self._processes: list[_Process] = []
        self._said = SimpleQueue[tuple[_Process, Advance | End | int]]()
        self._arrived = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for process in self._processes:
            process.kill()

    @property
    def running(self) -> list[str]:
        """The names of the runs that have not ended."""
        return [process.run for process in self._processes if process.run is not None]

    def start(self, order: Order) -> None:
        """Trains a run, in a process that has nothing to do or else in a new one.

        Raises:
            TrainingError: the system has no room for one more process.
        """
        idle = [process for process in self._processes if process.run is None and process.alive]
        if not idle:
            try:
                idle = [_Process(self._folder, self._take)]
            except OSError as error:
                raise TrainingError(
                    f"No process to train in could be started in {self._folder}: {error.strerror}. Try again."
                ) from error
            self._processes += idle
        idle[0].begin(order)

    def tell(self, run: str, command: Command) -> None:
        """Tells the process of a run what to do with it. A stop is not taken back by a pause."""
        for process in self._processes:
            if process.run == run:
                process.tell(command, self._patience)

    def leave(self) -> None:
        """Lets go of all processes, without waiting: they save and end, as if this one had died."""
        for process in self._processes:
            process.leave(self._patience)

    def dismiss(self) -> None:
        """Ends the processes that have nothing to do."""
        for process in self._processes:
            if process.run is None:
                process.leave(self._patience)

    def wake(self) -> None:
        """Ends the present `wait`, or the next one."""
        self._arrived.set()

    def wait(self, seconds: float) -> None:
        """Until something was said, or the time is over."""
        self._arrived.wait(seconds)

    def said(self) -> list[tuple[str, Advance | End]]:
        """What was said since the last time, each with the name of its run. Every run that was started ends once."""
        self._arrived.clear()
        for process in self._processes:
            process.kill_if_overdue()
        messages: list[tuple[str, Advance | End]] = []
        with suppress(Empty):
            while True:
                process, said = self._said.get_nowait()
                if isinstance(said, int):
                    self._processes.remove(process)
                    said = process.silent_end(said)
                    process.hang_up()
                process.advanced = process.advanced or isinstance(said, Advance)
                if process.run is not None:
                    messages.append((process.run, said))
                if isinstance(said, End):
                    process.run = process.told = None
        return messages

    def _take(self, process: _Process, said: Advance | End | int) -> None:
        self._said.put((process, said))
        self._arrived.set()


class _Process:
    """One process: what it says, and at last its exit code, is handed on by a thread of its own."""

    def __init__(self, folder: Path, take: Callable[[_Process, Advance | End | int], None]) -> None:
        self.run: str | None = None
        self.told: Command | None = None
        self.advanced = False
        self._deadline = float("inf")
        self._take = take
        self._process = subprocess.Popen(
            # -P: what lies in the folder of the runs is not to be imported.
            [sys.executable, "-P", "-m", "tapedeck.training.worker"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": _path(), "OMP_NUM_THREADS": "1", "TORCHINDUCTOR_COMPILE_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is for this process alone
        )
        Thread(target=self._read, name=f"training process {self._process.pid}", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it still takes orders, as far as is known."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        return self._process.poll() is None and not self._process.stdin.closed

    def begin(self, order: Order) -> None:
        """Gives it its next run."""
        self.run, self.told, self.advanced, self._deadline = order.request.name, None, False, float("inf")
        self._write(order.model_copy(update={"request": replace(order.request, folder=Path())}))

    def tell(self, command: Command, patience: float) -> None:
        """Tells it what to do with its run, once; a stop is told to one that pauses, too."""
        if self.told in (command, Command.STOP):
            return
        self._be_overdue_after(patience)
        self.told = command
        if self.advanced:
            self._write(Told(command=command))
        else:
            self.kill()  # it still imports what it needs, or waits for its turn: nothing is unsaved

    def leave(self, patience: float) -> None:
        """Closes its standard input."""
        assert self._process.stdin is not None  # noqa: S101
        if not self._process.stdin.closed:
            self._be_overdue_after(patience)
            self.told = self.told or Command.PAUSE
            self.hang_up()

    def hang_up(self) -> None:
        """Closes its standard input for good."""
        assert self._process.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError):  # of what it did not read any more
            self._process.stdin.close()

    def kill(self) -> None:
        """Ends it on the spot."""
        self._process.kill()

    def kill_if_overdue(self) -> None:
        """Ends one that did not do what it was told."""
        if time.monotonic() > self._deadline:
            self.kill()

    def silent_end(self, code: int) -> End:
        """What became of its run, where it ended without saying so."""
        if self.told is not None or code == -signal.SIGTERM:  # before it could listen to that
            return End(ending=Ending.STOPPED)
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"crashed (exit code {code})"
        log = "" if code < 0 else "; its log says why"
        fault = Fault(
            "training_error", f"The process that trained {how}{log}. Resume continues from what it saved last."
        )
        return End(ending=Ending.FAILED, error=fault)

    def _be_overdue_after(self, patience: float) -> None:
        self._deadline = min(self._deadline, time.monotonic() + patience)

    def _write(self, instruction: Order | Told) -> None:
        assert self._process.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError, ValueError):  # it is gone, or let go of; its end says so
            self._process.stdin.write(instruction.model_dump_json().encode() + b"\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101
        with self._process.stdout as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # cut off when the process was killed
                self._take(self, Said.model_validate_json(line).root)
        self._take(self, self._process.wait())


def _path() -> str:
    """Where a process that stands in another folder finds this project, and all that this process found."""
    given = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    return os.pathsep.join(map(str, (ROOT, *(Path(each).resolve() for each in given))))
