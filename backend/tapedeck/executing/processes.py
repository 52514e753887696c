"""A pool of processes of this machine that survives the death of any of them.

Each worker is a pool of one process. So a death takes one computation with it and no other, which is begun again in a
new process; `concurrent.futures.ProcessPoolExecutor` of several is lost as a whole. A worker ends when the process that
made it does, in whatever way.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import forkserver, get_all_start_methods, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from tapedeck.errors import WorkerLost

ALLOWED_DEATHS = 3
"""Of workers in one computation before it is given up, as Dask has it: it may be what kills them."""

GRACE = 5.0
"""Seconds that a worker that is to end gives what it computes to save (`on_leaving`)."""

LEFT = 75
"""The exit code of a worker that was to end."""


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes(Executor):
    """The pool.

    Args:
        workers: how many processes at most; they are started as they are needed.
        preload: modules that they are forked with, where that can be, so that only the first waits for their import.
    """

    def __init__(self, workers: int, preload: Sequence[str] = ()) -> None:
        self.workers = workers
        self._context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
        if self._context.get_start_method() == "forkserver":
            self._context.set_forkserver_preload([__name__, *preload])
        self._changed = threading.Condition()
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._closed = self._left = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any executor's."""
        task = _Task(partial(fn, *args, **kwargs))
        with self._changed:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._waiting.append(task)
            self._dispatch()
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """As any executor's."""
        with self._changed:
            self._closed = True
            if cancel_futures:
                self._drop()
            if wait:
                self._changed.wait_for(lambda: not (self._busy or self._waiting))
        for worker in [*self._idle, *self._busy]:
            worker.pool.shutdown(wait)

    def leave(self) -> None:
        """Ends all processes at once; what they compute may save (`on_leaving`), and has no result."""
        with self._changed:
            self._closed = self._left = True
            self._drop()
            workers = [*self._idle, *self._busy]
        for worker in workers:
            worker.lifeline.close()
        for worker in workers:
            worker.pool.shutdown()

    def _drop(self) -> None:
        for task in self._waiting:
            task.future.cancel()
        self._waiting.clear()

    def _dispatch(self) -> None:
        """Gives the workers what waits; the lock is held."""
        while self._waiting and (self._idle or len(self._busy) < self.workers):
            task = self._waiting.popleft()
            if not (task.future.running() or task.future.set_running_or_notify_cancel()):
                continue
            worker = self._idle.pop() if self._idle else _started(self._context)
            try:
                computed = worker.pool.submit(task.compute)
            except BrokenExecutor:  # it died while it had nothing to do
                worker.lifeline.close()
                self._waiting.appendleft(task)
                continue
            self._busy.append(worker)
            computed.add_done_callback(partial(self._computed, worker, task))

    def _computed(self, worker: _Worker, task: _Task, computed: Future[Any]) -> None:
        error = computed.exception()
        died = isinstance(error, BrokenExecutor)
        with self._changed:
            self._busy.remove(worker)
            if died:
                worker.lifeline.close()
                task.deaths += 1
            else:
                self._idle.append(worker)
            again = died and not self._left and task.deaths <= ALLOWED_DEATHS
            if again:
                self._waiting.appendleft(task)
            self._dispatch()
            self._changed.notify_all()
        if again:
            return
        if died:
            error = WorkerLost(
                f"{task.deaths} processes died in computing it, most likely because the system ended them for want of "
                "memory; take fewer at once (--processes), or something smaller."
            )
        if error is None:
            task.future.set_result(computed.result())
        else:
            task.future.set_exception(error)


@contextmanager
def processes(count: int, preload: Sequence[str] = ()) -> Iterator[Processes]:
    """So many processes of this machine, until the end of the block, whatever they compute then.

    Args:
        count: at most; they are started as they are needed.
        preload: modules that they are forked with.
    """
    executor = Processes(count, preload)
    try:
        yield executor
    finally:
        executor.leave()


@contextmanager
def on_leaving(ask: Callable[[], None]) -> Iterator[None]:
    """While inside, a worker that is to end asks so, and waits until the block is left, or `GRACE` is over.

    Args:
        ask: called once, from another thread. Elsewhere than in a worker of `Processes` it never is.
    """
    _worker.begin(ask)
    try:
        yield
    finally:
        _worker.end()


@dataclass(slots=True)
class _Task:
    compute: Callable[[], Any]
    future: Future[Any]
    deaths: int = 0

    def __init__(self, compute: Callable[[], Any]) -> None:
        self.compute, self.future, self.deaths = compute, Future(), 0


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A pool of one process, and the pipe that keeps it alive: it ends when that is closed."""

    pool: ProcessPoolExecutor
    lifeline: Connection


def _started(context: Any) -> _Worker:
    if context.get_start_method() == "forkserver":
        # What forks workers is started with Ctrl-C held back, and so is each of them until `_begin`: between the two it
        # would end with a traceback. Starting it would start the tracker, where there is none, which lets the signal in
        # again: so that comes first.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    end, lifeline = context.Pipe(duplex=False)
    return _Worker(ProcessPoolExecutor(1, context, _begin, (end,)), lifeline)


class _Leaving:
    """What a worker does with its computation when it is to end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ask: Callable[[], None] | None = None
        self._ended = threading.Event()
        self._to_leave = False

    def begin(self, ask: Callable[[], None]) -> None:
        with self._lock:
            self._ask = ask
            self._ended.clear()

    def end(self) -> None:
        with self._lock:
            self._ask = None
            self._ended.set()

    def leave(self) -> None:
        with self._lock:
            ask = self._ask
        if ask is not None:
            ask()
            self._ended.wait(GRACE)
        os._exit(LEFT)


_worker = _Leaving()


def _begin(lifeline: Connection) -> None:
    """In a new worker. Ctrl-C in the terminal is for the process that made it alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    parent = parent_process()
    assert parent is not None  # noqa: S101 - it was started by one

    def watch() -> None:
        wait([parent.sentinel, lifeline])
        _worker.leave()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
