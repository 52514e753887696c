"""A process that trains: `python -m tapedeck.training.worker`, started and told what to do by `supervisor`.

When its standard input ends, its parent is gone, in whatever way; then it saves and ends as well. So there is never a
training that nobody knows of.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn, TextIO

from filelock import FileLock, Timeout

from tapedeck.errors import TapedeckError
from tapedeck.training.outcome import Ending, Fault, carry_out
from tapedeck.training.supervisor import GRACE, Advance, Command, End, Instruction, Order

NICENESS = 10
"""Of what trains in the background: the service, and whatever else the machine is used for, comes first."""

OVERDUE = 75
"""The exit code of a process that did not do what it was told in time."""

LOCK = ".worker.lock"
"""Held while a process trains in the background: one whose service was killed may still be saving."""


class Instructions:
    """What the process was told: the runs to train, and whether to end the one that it trains (`outcome.Stop`)."""

    def __init__(self) -> None:
        self.at_once = False
        self._told: Command | None = None
        self._overdue: threading.Timer | None = None
        self._orders = SimpleQueue[Order | None]()

    @property
    def asked(self) -> bool:
        """Whether the run is to end …"""
        return self._told is not None

    @property
    def drop(self) -> bool:
        """… for good."""
        return self._told is Command.STOP

    def listen(self) -> None:
        """To standard input, from now on, and to signals that ask to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._leave())
        threading.Thread(target=self._read, daemon=True).start()

    def next_order(self) -> Order | None:
        """The next run; None after the last."""
        return self._orders.get()

    def _read(self) -> None:
        with open(0, "rb", closefd=False) as lines:
            for line in lines:
                instruction = Instruction.model_validate_json(line).root
                if isinstance(instruction, Order):
                    self._forget()
                    self._orders.put(instruction)
                else:
                    self._tell(instruction.command)
        self._leave()

    def _leave(self) -> None:
        self._tell(Command.PAUSE)
        self._orders.put(None)

    def _tell(self, command: Command) -> None:
        """The first command starts the time in which it must be done; a stop is not taken back by a pause."""
        if self._told is not Command.STOP:
            self._told = command
        if self.at_once:
            os._exit(OVERDUE)
        if self._overdue is None:
            self._overdue = threading.Timer(GRACE, os._exit, (OVERDUE,))
            self._overdue.daemon = True
            self._overdue.start()

    def _forget(self) -> None:
        """What was told about the run before."""
        self._told = None
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None


def main() -> NoReturn:
    """Trains one run after another, and ends the process."""
    said = _take_stdout()
    instructions = Instructions()
    instructions.listen()

    def say(message: Advance | End) -> None:
        try:
            said.write(message.model_dump_json() + "\n")
            said.flush()
        except BrokenPipeError:
            pass  # nobody listens: standard input has ended as well, and that is what ends the run

    while (order := instructions.next_order()) is not None:
        say(_train(order, instructions, say))
    os._exit(0)  # all is written; taking torch down would take seconds


def _take_stdout() -> TextIO:
    """Standard output for the messages alone; what a library prints goes to the log."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return said


def _train(order: Order, instructions: Instructions, say: Callable[[Advance], None]) -> End:
    try:
        with _turn(order, instructions):
            ending = carry_out(
                order.request,
                instructions,
                lambda progress, compiled: say(Advance(progress=progress, compiled=compiled)),
            )
    except Timeout:  # told to end while it waited for its turn
        return End(ending=Ending.STOPPED)
    except TapedeckError as error:
        return End(ending=Ending.FAILED, error=Fault.of(error))
    return End(ending=ending)


@contextmanager
def _turn(order: Order, instructions: Instructions) -> Iterator[None]:
    """What trains in the background is alone in its folder."""
    if not order.background:
        yield
        return
    lock = FileLock(Path(LOCK), poll_interval=0.05)
    with lock.acquire(cancel_check=lambda: instructions.asked):
        os.nice(max(0, NICENESS - os.nice(0)))
        yield


if __name__ == "__main__":
    main()
