"""Carrying out runs beside the event loop.

A run is an iterator, and making its next items is a job of a small thread pool. Jobs are short and wait in one queue,
so runs that are under way together take turns, and a run whose next items nobody asks for has simply ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, ParamSpec, TypeVar

import torch

from tapedeck import tracing
from tapedeck.api import costs
from tapedeck.api.admission import Admission
from tapedeck.api.costs import Cost
from tapedeck.api.limits import check_run, check_steps
from tapedeck.api.schemas import RunRequest
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import Checkpoint, CheckpointLibrary
from tapedeck.errors import CheckpointChanged, InvalidSequence
from tapedeck.ntm import MachineSpec
from tapedeck.tracing import Run

FRAMES_AT_ONCE = 4
"""Of a run that is alone: some 12 ms of the shipped machine, which is how long one that comes then has to wait."""

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that may be asked for, with the machine that it is about; nothing of it is prepared."""

    request: RunRequest
    found: Checkpoint
    read: tracing.Asked

    @property
    def spec(self) -> MachineSpec:
        """What the machine is."""
        return self.found.info.spec

    @property
    def locations(self) -> int:
        """N."""
        return self.spec.memory.locations if self.request.locations is None else self.request.locations

    @property
    def steps(self) -> int:
        """T."""
        return self.read.steps

    @property
    def cost_of_interventions(self) -> Cost:
        """What they take beside the run."""
        return costs.of_interventions(self.spec, self.steps, self.locations, self.request.interventions)

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """The machine as it is described to clients."""
        return self.found.info.described


class Runs:
    """All runs of a service. Built once, shared by all connections, closed at the end."""

    def __init__(self, library: CheckpointLibrary, settings: ApiSettings, admission: Admission) -> None:
        self._library, self._settings, self._admission = library, settings, admission
        self._workers = ThreadPoolExecutor(settings.workers, "run", torch.set_num_threads, (1,))

    def close(self) -> None:
        """Waits for the items being made; nothing that waits behind them is begun."""
        self._workers.shutdown(cancel_futures=True)

    async def each(self, items: Iterator[T], at_once: int = 1) -> AsyncIterator[T]:
        """Every item, made by one of the workers; the next are begun when the ones before are taken.

        While no other run is under way, several are made at once, because handing over to a worker and back has both
        wait for one another. The first two still come alone, and then two together, so that they are there soon. Where
        one cannot be made, those made with it are lost.
        """
        taken = 0
        while made := await self.do(
            list, islice(items, max(1, min(taken, at_once)) if self._admission.count <= 1 else 1)
        ):
            for item in made:
                yield item
            taken += len(made)

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Something that takes no longer than the items of a turn, by one of the workers."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, partial(work, *args, **kwargs))

    async def look_up(self, checkpoint_id: str, sha256: str | None) -> Checkpoint:
        """A machine; not by the workers, so that nobody waits behind runs to hear that no machine has that id.

        Raises:
            CheckpointNotFound, CheckpointUnreadable
            CheckpointChanged: it has another hash than the one that is meant.
        """
        checkpoint = await asyncio.to_thread(self._library.get, checkpoint_id)
        found = checkpoint.info.sha256
        if sha256 is not None and sha256.lower() != found:
            raise CheckpointChanged(
                f"{checkpoint.info.id} has the SHA-256 {found[:12]}…, not {sha256[:12]}…: it was replaced. Leave "
                "sha256 out to run what is there now.",
                field="sha256",
            )
        return checkpoint

    async def ask(self, request: RunRequest) -> Asked:
        """Looks at everything that can be wrong with a request before it gets a place, which may take a while.

        Raises:
            LimitExceeded, InvalidSequence, CheckpointNotFound, CheckpointUnreadable, CheckpointChanged
            InvalidRequest: this version does not know the machine's task, or the machine lacks the channels for it.
        """
        check_run(request, self._settings)
        checkpoint = await self.look_up(request.checkpoint, request.sha256)
        read = await asyncio.to_thread(_read, checkpoint, request)
        check_steps(read.steps, self._settings)
        return Asked(request, checkpoint, read)

    def place(self, cost: Cost) -> AbstractAsyncContextManager[None]:
        """Room for one more run, see `Admission.place`."""
        return self._admission.place(cost)

    async def prepare(self, asked: Asked) -> Run:
        """The run that was asked for, by whoever has a place.

        Raises:
            InvalidLocations: the machine cannot run on so many.
            InvalidInterventions: one names what the machine or the run lacks, or contradicts another.
        """
        request = asked.request
        return await self.do(
            tracing.prepare_asked, asked.found.machine, asked.read, request.locations, request.interventions
        )


def _read(checkpoint: Checkpoint, request: RunRequest) -> tracing.Asked:
    """What the machine is asked; a fault of the task's input is named by its path in the request."""
    info = checkpoint.info
    if request.input is None:
        return tracing.ask(info.spec, info.task, request.sequence or [])
    try:
        return tracing.ask(info.spec, info.task, request.input)
    except InvalidSequence as error:
        raise InvalidSequence(error.detail, field=f"input.{error.field}" if error.field else "input") from error
