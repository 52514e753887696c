"""Computations on their way through an executor: few at a time, their outcomes as they come, errors as rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from tapedeck import __version__
from tapedeck.errors import ClusterError, TapedeckError, WorkerLost

S = TypeVar("S")
T = TypeVar("T")

IN_FLIGHT = 64
"""Tasks that an executor has at most, unless it says that it has many workers (`workers`): a cluster that grows with
what waits has something to grow for."""

GLANCE = 1.0
"""Seconds after which it is seen whether an executor still has workers, and how many."""

AHEAD = 2
"""Tasks for each of them: the next is there when one ends."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one specification.

    Attributes:
        number: of the specification, from 0, in the order in which they were given.
        value: that the function returned; None where there is an error.
        error: why there is no value: what the function raised of `TapedeckError`, `WorkerLost` where all that tried
            died or had too little memory. Anything else that it raises is a fault and is raised.
    """

    number: int
    value: T | None = None
    error: TapedeckError | None = None

    def result(self) -> T:
        """The value.

        Raises:
            TapedeckError: the error.
        """
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value] # None only where T is


class Flight(Generic[S, T]):
    """Specifications on their way through an executor, which stays open. Left as a context, it cancels the others.

    Args:
        executor: any; None computes here, a batch whenever somebody waits for it.
        function: importable, of one specification.
        specifications: read as there is room for them.
        batch: specifications in a task, for those that take less than some 0.2 s.
        in_flight: tasks at most that the executor has; left out, two for each of its workers, and at least 64.
    """

    def __init__(
        self,
        executor: Executor | None,
        function: Callable[[S], T],
        specifications: Iterable[S],
        *,
        batch: int = 1,
        in_flight: int | None = None,
    ) -> None:
        self._executor, self._function, self._in_flight = executor, function, in_flight
        self._batches = _batches(specifications, batch)
        self._next: tuple[int, Sequence[S]] | None = None
        self._stopped = False
        self._pending: dict[Future[list[_Computed[T]]], tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        for future in self._pending:
            future.cancel()

    @property
    def over(self) -> bool:
        """Whether nothing is to come any more."""
        return not self._pending and self._peek() is None

    def stop(self) -> None:
        """Begins nothing new; what the executor has goes on."""
        self._stopped = True

    def landed(self, timeout: float | None = None) -> list[Outcome[T]]:
        """What has come since the last time, as soon as that is anything.

        Args:
            timeout: seconds after which nothing is an answer as well.

        Raises:
            WorkerLost: the executor has lost all its processes.
            ClusterError: it has lost its cluster.
            Exception: what the function raised beside `TapedeckError`.
        """
        if self._executor is None:
            return self._here()
        done: set[Future[list[_Computed[T]]]] = set()
        while not done and not self.over:
            self._fill(self._executor)
            done, _ = wait(self._pending, GLANCE if timeout is None else timeout, FIRST_COMPLETED)
            if timeout is not None:
                break
        return [outcome for future in done for outcome in self._outcomes(future)]

    def _here(self) -> list[Outcome[T]]:
        if (due := self._peek()) is None:
            return []
        self._next = None
        return _numbered(due[0], _compute(_Task(self._function, due[1])))

    def _peek(self) -> tuple[int, Sequence[S]] | None:
        """The next batch, read when it is wanted."""
        if self._next is None and not self._stopped:
            self._next = next(self._batches, None)
        return None if self._stopped else self._next

    def _fill(self, executor: Executor) -> None:
        workers: int | None = getattr(executor, "workers", None)
        room = self._in_flight or max(IN_FLIGHT, AHEAD * (workers or 0))
        while len(self._pending) < room and (due := self._peek()) is not None:
            first, batch = due
            try:
                future = executor.submit(_compute, _Task(self._function, batch))
            except BrokenExecutor as error:
                raise WorkerLost(
                    "The executor has lost its processes and computes nothing more; make another, with fewer processes "
                    "if memory is short."
                ) from error
            self._pending[future] = first, len(batch)
            self._next = None

    def _outcomes(self, future: Future[list[_Computed[T]]]) -> list[Outcome[T]]:
        first, count = self._pending.pop(future)
        try:
            return _numbered(first, future.result())
        except CancelledError as error:
            raise ClusterError(
                "The connection to the cluster's scheduler was lost; see whether it still runs, and start again."
            ) from error
        except Exception as error:
            if (lost := _lost(error)) is None:
                raise
            return _numbered(first, [_Computed(None, lost)] * count)


def outcomes(
    executor: Executor | None,
    function: Callable[[S], T],
    specifications: Iterable[S],
    *,
    batch: int = 1,
    in_flight: int | None = None,
) -> Generator[Outcome[T], None, None]:
    """Each outcome as soon as it is known; closing the iterator cancels what has not begun.

    Args:
        executor: any; None computes here.
        function: importable, of one specification.
        specifications: read as there is room for them.
        batch: specifications in a task, for those that take less than some 0.2 s.
        in_flight: tasks at most that the executor has; left out, two for each of its workers, and at least 64.

    Raises:
        As `Flight.landed`.
    """
    with Flight(executor, function, specifications, batch=batch, in_flight=in_flight) as flight:
        while not flight.over:
            yield from flight.landed()


def in_order(found: Iterable[Outcome[T]]) -> Iterator[Outcome[T]]:
    """The outcomes in the order of their specifications, each as soon as those before it are known."""
    early: dict[int, Outcome[T]] = {}
    due = 0
    for outcome in found:
        early[outcome.number] = outcome
        while due in early:
            yield early.pop(due)
            due += 1


@dataclass(frozen=True, slots=True)
class _Task(Generic[S, T]):
    """What a worker is given: one argument, which no executor takes for one of its own."""

    function: Callable[[S], T]
    specifications: Sequence[S]
    version: str = __version__


@dataclass(frozen=True, slots=True)
class _Computed(Generic[T]):
    value: T | None
    error: TapedeckError | None = None


def _compute(task: _Task[S, T]) -> list[_Computed[T]]:
    """In whatever process."""
    if task.version != __version__:
        raise ClusterError(
            f"A worker has tapedeck {__version__} where {task.version} is needed; install the same on all workers."
        )
    return [_computed(task.function, specification) for specification in task.specifications]


def _computed(function: Callable[[S], T], specification: S) -> _Computed[T]:
    try:
        return _Computed(function(specification))
    except TapedeckError as error:
        return _Computed(None, error)
    except MemoryError:
        return _Computed(None, WorkerLost("It needs more memory than there is; give each worker more."))


def _numbered(first: int, computed: Iterable[_Computed[T]]) -> list[Outcome[T]]:
    return [Outcome(number, each.value, each.error) for number, each in enumerate(computed, start=first)]


def _batches(specifications: Iterable[S], size: int) -> Iterator[tuple[int, Sequence[S]]]:
    first, rest = 0, iter(specifications)
    while batch := tuple(islice(rest, size)):
        yield first, batch
        first += len(batch)


def _lost(error: Exception) -> WorkerLost | None:
    """What to say where it was not the function that failed, but whoever was to compute it."""
    if isinstance(error, WorkerLost):
        return error
    if isinstance(error, BrokenExecutor):
        return WorkerLost("A process of the executor died while this was in its hands, most likely for want of memory.")
    distributed: Any = sys.modules.get("distributed.scheduler")  # whose errors only it can have raised
    if distributed is not None and isinstance(error, distributed.KilledWorker):
        return WorkerLost(
            f"{error.allowed_failures + 1} workers died in computing it, the last of them "
            f"{error.last_worker.address}, most likely for want of memory; "
            "give each worker more (dask worker --memory-limit, or the cluster's own), and see their logs."
        )
    return None
