"""Carrying out runs beside the event loop, but for those that are over before they could be handed over.

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
from time import perf_counter
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

import torch

from tapedeck import tracing
from tapedeck.api import costs
from tapedeck.api.admission import Admission
from tapedeck.api.costs import Cost
from tapedeck.api.limits import check_run, check_steps
from tapedeck.api.schemas import RunRequest
from tapedeck.api.settings import ApiSettings
from tapedeck.api.wire import Written
from tapedeck.checkpoints import Checkpoint, CheckpointLibrary
from tapedeck.compiled.choice import decides_at_once
from tapedeck.errors import CheckpointChanged, InvalidSequence
from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts, next_part
from tapedeck.tracing import Run

TURN = 0.003
"""Seconds for which a run goes on before it is another's turn: a short one is over within a single turn of the compiled
engine, and handing over to a worker and back, which has both wait for one another, takes a thirtieth of it.
"""

READ_HERE = 64
"""Vectors of a request that is read on the event loop."""

T = TypeVar("T")
P = ParamSpec("P")


class _Turn(NamedTuple, Generic[T]):
    """What was made in one turn, whether nothing comes after it, and why not, where something went wrong."""

    made: list[T]
    over: bool = True
    problem: Exception | None = None


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
    def begins_at_once(self) -> bool:
        """Whether it is prepared without a wait, so that this may be done on the event loop."""
        return not self.request.interventions and decides_at_once(self.found.machine)

    @property
    def cost_of_interventions(self) -> Cost:
        """What they take beside the run."""
        return costs.of_interventions(self.spec, self.steps, self.locations, self.request.interventions)

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """The machine as it is described to clients."""
        return self.found.info.described


class Runs:
    """All runs of a service. Built once, shared by all connections, closed at the end.

    Attributes:
        written: of its machines.
    """

    def __init__(
        self,
        library: CheckpointLibrary,
        settings: ApiSettings,
        admission: Admission,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._library, self._settings, self._admission, self._clock = library, settings, admission, clock
        self.written = Written()
        self._workers = ThreadPoolExecutor(settings.workers, "run", torch.set_num_threads, (1,))

    def close(self) -> None:
        """Waits for the items being made; nothing that waits behind them is begun."""
        self._workers.shutdown(cancel_futures=True)

    async def each(self, items: Iterator[T], *, here: bool = False) -> AsyncIterator[T]:
        """Every item, made in turns, see `turns`."""
        async for made in self.turns(items, here=here):
            for item in made:
                yield item

    async def turns(self, items: Iterator[T], *, here: bool = False) -> AsyncIterator[list[T]]:
        """All items, those of each turn together, in turns with whatever else the workers make.

        None ends a turn. What was made before an item that cannot be, comes before its error.

        Args:
            items: each takes no longer than a turn.
            here: makes those of the first turn on the event loop. Where all of them are, there is nothing to hand over.
        """
        over = False
        while not over:
            made, over, problem = self._turn(items) if here else await self.do(self._turn, items)
            here = False
            yield made
            if problem is not None:
                raise problem

    def _turn(self, items: Iterator[T]) -> _Turn[T]:
        made, until = list[T](), self._clock() + TURN
        try:
            for item in items:
                made.append(item)
                if item is None or self._clock() >= until:
                    return _Turn(made, over=False)
        except Exception as error:  # raised where the items are taken
            return _Turn(made, problem=error)
        return _Turn(made)

    async def go_on(self, parts: Parts[T]) -> tuple[()] | tuple[T]:
        """Makes the parts of one turn: nothing, or where the last of them is made, the result."""
        return await self.do(self._go_on, parts)

    def _go_on(self, parts: Parts[T]) -> tuple[()] | tuple[T]:
        until = self._clock() + TURN
        while not (found := next_part(parts)) and self._clock() < until:
            pass
        return found

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Something that takes no longer than the items of a turn, by one of the workers."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, partial(work, *args, **kwargs))

    async def look_up(self, checkpoint_id: str, sha256: str | None) -> Checkpoint:
        """A machine; not by the workers, so that nobody waits behind runs to hear that no machine has that id.

        Raises:
            CheckpointNotFound, CheckpointUnreadable
            CheckpointChanged: it has another hash than the one that is meant.
        """
        return await asyncio.to_thread(self._look_up, checkpoint_id, sha256)

    async def ask(self, request: RunRequest) -> Asked:
        """Looks at everything that can be wrong with a request before it gets a place, which may take a while.

        Raises:
            LimitExceeded, InvalidSequence, CheckpointNotFound, CheckpointUnreadable, CheckpointChanged
            InvalidRequest: this version does not know the machine's task, or the machine lacks the channels for it.
        """
        check_run(request, self._settings)
        at_hand = self._library.at_hand(request.checkpoint) if _is_short(request) else None
        if at_hand is None:
            asked = await asyncio.to_thread(self._ask, request)
        else:
            asked = self._asked(request, at_hand)
        check_steps(asked.steps, self._settings)
        return asked

    def _ask(self, request: RunRequest) -> Asked:
        return self._asked(request, self._library.get(request.checkpoint))

    def _asked(self, request: RunRequest, checkpoint: Checkpoint) -> Asked:
        _check_hash(checkpoint, request.sha256)
        return Asked(request, checkpoint, _read(checkpoint, request))

    def _look_up(self, checkpoint_id: str, sha256: str | None) -> Checkpoint:
        checkpoint = self._library.get(checkpoint_id)
        _check_hash(checkpoint, sha256)
        return checkpoint

    def place(self, cost: Cost) -> AbstractAsyncContextManager[None]:
        """Room for one more run, see `Admission.place`."""
        return self._admission.place(cost)

    async def prepare(self, asked: Asked) -> Run:
        """The run that was asked for, by whoever has a place.

        Raises:
            InvalidLocations: the machine cannot run on so many.
            InvalidInterventions: one names what the machine or the run lacks, or contradicts another.
        """
        return await self.do(_prepare, asked)

    @staticmethod
    def begun(asked: Asked, made: Callable[[Run], Iterator[T]]) -> Iterator[T]:
        """What is made of the run that was asked for, which is prepared in the same turn; raises as `prepare` does."""
        yield from made(_prepare(asked))


def _is_short(request: RunRequest) -> bool:
    """Whether it is read in less time than handing it to a thread takes."""
    given = [request.sequence] if request.input is None else request.input.values()
    return sum(len(each) if isinstance(each, list | str) else 1 for each in given) <= READ_HERE


def _check_hash(checkpoint: Checkpoint, sha256: str | None) -> None:
    found = checkpoint.info.sha256
    if sha256 is not None and sha256.lower() != found:
        raise CheckpointChanged(
            f"{checkpoint.info.id} has the SHA-256 {found[:12]}…, not {sha256[:12]}…: it was replaced. Leave "
            "sha256 out to run what is there now.",
            field="sha256",
        )


def _prepare(asked: Asked) -> Run:
    request = asked.request
    return tracing.prepare_asked(asked.found.machine, asked.read, request.locations, request.interventions)


def _read(checkpoint: Checkpoint, request: RunRequest) -> tracing.Asked:
    """What the machine is asked; a fault of the task's input is named by its path in the request."""
    info = checkpoint.info
    if request.input is None:
        return tracing.ask(info.spec, info.task, request.sequence or [])
    try:
        return tracing.ask(info.spec, info.task, request.input)
    except InvalidSequence as error:
        raise InvalidSequence(error.detail, field=f"input.{error.field}" if error.field else "input") from error
