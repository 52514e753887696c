"""Recording a run for a single answer, for as long as its client waits for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Annotated, Any, NamedTuple, TypeVar

import numpy as np
from fastapi import Depends, Request

from tapedeck.api import wire
from tapedeck.api.costs import Cost
from tapedeck.api.errors import ClientGone
from tapedeck.api.runs import Asked, Runs
from tapedeck.api.schemas import ErrorDocument
from tapedeck.tracing import Frame, Parts, Run, Trace, joined

T = TypeVar("T")

BATCH_BYTES = 128 * 1024
"""The least that is sent at once."""

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorDocument, "description": "The body is not valid JSON."},
    404: {"model": ErrorDocument, "description": "There is no machine with that id."},
    409: {"model": ErrorDocument, "description": "The machine's hash is not the one in the request."},
    413: {"model": ErrorDocument, "description": "The body is too large."},
    415: {"model": ErrorDocument, "description": "The Content-Type is not JSON."},
    422: {"model": ErrorDocument, "description": "The request is wrong, or more than a limit allows."},
    503: {"model": ErrorDocument, "description": "Busy: Retry-After says in how many seconds to try again."},
}
"""Of every path that answers with what came of a run."""


async def _held() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as held:
        yield held


Held = Annotated[AsyncExitStack, Depends(_held)]
"""What a request takes up until the last byte of its answer is sent."""


class Recorded(NamedTuple):
    """A run and its trace."""

    run: Run
    trace: Trace


async def record(
    asked: Asked, cost: Cost, request: Request, runs: Runs, held: AsyncExitStack, *, last_step: int | None = None
) -> Recorded:
    """The run that is asked for and its trace, up to a step or to its end; its place is held until the answer is sent.

    Raises:
        ClientGone
        LimitExceeded: it takes more than this service has.
        TooManyRuns: its turn did not come in time.
        InvalidLocations: the machine cannot run on so many.
        InvalidInterventions: one names what the machine or the run lacks, or contradicts another.
        NonFinite: its numbers overflow.
    """
    await held.enter_async_context(runs.place(cost.and_then(asked.cost_of_interventions)))
    await still_there(request)
    run = await runs.prepare(asked)
    wanted = run.episode.steps if last_step is None else last_step + 1
    rows = np.empty((wanted, run.layout.row_length), np.float32)
    stop, applied = 0, list[Frame]()
    async for frames in runs.turns(wire.stretches(run, wanted)):
        for frame in frames:
            stop = frame.first_step + len(frame.rows)
            rows[frame.first_step : stop] = frame.rows
            if frame.applied is not None:
                applied.append(frame)
        await still_there(request)
        if stop >= wanted:
            break  # to ask for one more would be one more turn
    return Recorded(run, run.recorded(rows, joined(applied)))


async def finish(parts: Parts[T], request: Request, runs: Runs) -> T:
    """What is made in parts, in turns with other runs.

    Raises:
        ClientGone
    """
    while not (found := await runs.go_on(parts)):
        await still_there(request)
    return found[0]


async def still_there(request: Request) -> None:
    """Whoever asked is waiting for the answer.

    Raises:
        ClientGone
    """
    if await request.is_disconnected():
        raise ClientGone


async def sent(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The parts in which there is something: an empty one only marks a moment at which others may have their turn."""
    async for part in parts:
        if part:
            yield part


def batches(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces, with every empty one in its place."""
    batch = bytearray()
    for piece in pieces:
        batch += piece
        if len(batch) >= BATCH_BYTES:
            yield bytes(batch)
            batch.clear()
        elif not piece:
            yield b""
    yield bytes(batch)
