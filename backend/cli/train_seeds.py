"""Several runs of training side by side: a process for each core, and this one to see how they come on.

A process trains one run after another. It gets SIGTERM where this one is asked to stop, and saves. It cannot outlive
this one: where that is killed, it ends as well, and every run goes on later from its last resume file.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from threading import Thread

from backend.cli.train_display import Display
from backend.cli.train_run import Ending, Outcome, carry_out
from backend.errors import TapedeckError, TrainingError
from backend.training.interruption import StopRequests, stop_requests
from backend.training.request import RunRequest
from backend.training.trainer import Progress

GLANCE = 0.2
"""Seconds between two looks whether somebody asked to stop."""

Message = tuple[Progress, bool | None] | Outcome


def train_all(requests: Sequence[RunRequest], processes: int, stop: StopRequests, display: Display) -> list[Outcome]:
    """What became of each request that was begun, in their order; one that fails leaves the others to train."""
    waiting = deque(requests)
    outcomes: dict[str, Outcome] = {}
    told = False
    with _ended_at_last() as workers:
        while True:
            while waiting and not stop.by and len(workers) < processes:
                workers.append(_Worker(waiting.popleft()))
            if not workers:
                return [outcomes[each.name] for each in requests if each.name in outcomes]
            if stop.by and not told:
                told = True
                for worker in workers:
                    worker.stop()
            ready = wait([worker.connection for worker in workers], GLANCE)
            for worker in [each for each in workers if each.connection in ready]:
                message = worker.receive()
                if not isinstance(message, Outcome):
                    display.advance(worker.request.name, message[0], compiled=message[1])
                    continue
                outcomes[worker.request.name] = message
                display.end(worker.request.name, message.line)
                if not (waiting and not stop.by and worker.begin(waiting[0])):
                    workers.remove(worker)
                    worker.dismiss()
                else:
                    waiting.popleft()


class _Worker:
    """A process that trains, seen from this one."""

    def __init__(self, request: RunRequest) -> None:
        context = multiprocessing.get_context("spawn")
        self.request = request
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), name=f"training {request.name}")
        with _blocked():
            self._process.start()
        theirs.close()
        self.begin(request)

    def begin(self, request: RunRequest) -> bool:
        """Hands over the next run; whether there was still somebody to take it."""
        try:
            self.connection.send(request)
        except OSError:
            return False
        self.request = request
        return True

    def receive(self) -> Message:
        """The next message; where the process is gone, what that means."""
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode or 0
            how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"broke off (exit code {code})"
            error = TrainingError(f"the process that trained it {how}; --resume goes on from what it saved last.")
            return Outcome(self.request, Ending.FAILED, error=error)
        return message

    def stop(self) -> None:
        """Asks it to save and to end."""
        self._process.terminate()

    def dismiss(self) -> None:
        """Lets it end: there is nothing more to do."""
        self.connection.close()

    def kill(self) -> None:
        """Ends it where it stands."""
        self._process.kill()


@contextmanager
def _ended_at_last() -> Iterator[list[_Worker]]:
    """A list of workers; those that are still in it at the end, however that comes, are killed."""
    workers: list[_Worker] = []
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()


@contextmanager
def _blocked() -> Iterator[None]:
    """Signals to stop wait outside, also those to a process that is started inside, until it lets them in.

    So none comes to a process that does not know yet what to do; and Ctrl-C, which the terminal sends to all of them,
    is for this one alone.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection) -> None:
    """The life of a process: a request comes, messages go, until nobody is at the other end any more."""
    Thread(target=_end_with_parent, daemon=True).start()
    with stop_requests(signal.SIGTERM) as stop:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM,))
        try:
            while True:
                connection.send(_answer(connection.recv(), stop, connection))
        except (EOFError, BrokenPipeError):
            os._exit(0)  # all is written; taking torch down would take seconds


def _answer(request: RunRequest, stop: StopRequests, connection: Connection) -> Outcome:
    try:
        return carry_out(request, stop, lambda *where: connection.send(where))
    except TapedeckError as error:
        return Outcome(request, Ending.FAILED, error=error)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
