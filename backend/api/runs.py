"""Carrying out runs beside the event loop.

A run is an iterator, and making its next items is a job of a small thread pool. Jobs are short and wait in one queue,
so runs that go on together take turns; and a run that nobody asks for its next items any more has simply ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import Any, ParamSpec, TypeVar

import numpy as np
import torch

from backend.api.limits import check_run
from backend.api.schemas import RunRequest
from backend.api.settings import ApiSettings
from backend.checkpoints import CheckpointLibrary
from backend.errors import LimitExceeded, TooManyRuns
from backend.tracing import Run, prepare

FRAMES_AT_ONCE = 4
"""Of a run that is alone: some 12 ms of the shipped machine, which is how long one that comes then has to wait."""

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is ready to start, and the machine it runs on as it is described to clients."""

    run: Run
    checkpoint: dict[str, Any]


class Runs:
    """All runs of a service. Built once, shared by all connections, closed at the end."""

    def __init__(self, library: CheckpointLibrary, settings: ApiSettings) -> None:
        self._library, self._settings = library, settings
        self._workers = ThreadPoolExecutor(settings.workers, "run", torch.set_num_threads, (1,))
        self._count = 0
        self._trace_bytes = 0

    def close(self) -> None:
        """Waits for the items being made; nothing that waits behind them is begun."""
        self._workers.shutdown(cancel_futures=True)

    async def each(self, items: Iterator[T], at_once: int = 1) -> AsyncIterator[T]:
        """Every item, made by one of the workers; the next are begun when the ones before are taken.

        While no other run goes on, several are made at once, because handing over to a worker and back has both wait
        for one another. The first two still come alone, and then two together, so that they are there soon. Where one
        cannot be made, those made with it are lost.
        """
        taken = 0
        while made := await self.do(list, islice(items, max(1, min(taken, at_once)) if self._count <= 1 else 1)):
            for item in made:
                yield item
            taken += len(made)

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Something that takes no longer than the items of a turn, by one of the workers."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, partial(work, *args, **kwargs))

    async def prepare(self, request: RunRequest) -> Prepared:
        """The run that is asked for.

        Raises:
            LimitExceeded, InvalidSequence, InvalidLocations, CheckpointNotFound, CheckpointUnreadable
        """
        check_run(request, self._settings)
        return await self.do(self._prepare, request)

    def _prepare(self, request: RunRequest) -> Prepared:
        checkpoint = self._library.get(request.checkpoint)
        run = prepare(checkpoint.machine, checkpoint.info.task, request.sequence, request.locations)
        return Prepared(run, asdict(checkpoint.info))

    @contextmanager
    def place(self) -> Iterator[None]:
        """Room for one more run while it goes on.

        Raises:
            TooManyRuns: there is none.
        """
        most = self._settings.max_concurrent_runs
        if self._count >= most:
            raise TooManyRuns(
                f"{self._count} runs are going on, as many as this service takes at once (max_concurrent_runs). "
                "Try again in a moment."
            )
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1

    @contextmanager
    def memory_for(self, run: Run) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
        """The rows of a whole trace, still empty, which count as in use until the end.

        Raises:
            LimitExceeded: they are more than all whole traces together may take.
            TooManyRuns: the traces being sent leave no room for them now.
        """
        shape, most = (run.episode.steps, run.layout.row_length), self._settings.max_trace_bytes
        size = shape[0] * shape[1] * np.float32().nbytes
        if size > most:
            raise LimitExceeded(
                f"This trace takes {size:,} bytes; this service makes traces to {most:,} (max_trace_bytes). "
                "Ask for fewer vectors or locations, or for the stream."
            )
        if self._trace_bytes + size > most:
            raise TooManyRuns(
                f"Other traces take the {most:,} bytes that this service has for them (max_trace_bytes). "
                "Try again in a moment."
            )
        self._trace_bytes += size
        try:
            yield np.empty(shape, np.float32)
        finally:
            self._trace_bytes -= size
