"""Recording a run for a single answer, for as long as its client waits for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import Depends, Request

from backend.api import wire
from backend.api.runs import FRAMES_AT_ONCE, Runs
from backend.api.schemas import ErrorDocument
from backend.tracing import Run, Trace

BATCH_BYTES = 128 * 1024
"""The least that is sent at once."""

CLIENT_GONE = 499
"""For the log alone: whoever asked is not there to read it."""

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorDocument, "description": "The body is no JSON."},
    404: {"model": ErrorDocument, "description": "No machine of that id."},
    413: {"model": ErrorDocument, "description": "The body is too large."},
    415: {"model": ErrorDocument, "description": "The body is not said to be JSON."},
    422: {"model": ErrorDocument, "description": "The request is wrong, or more than a limit allows."},
    503: {"model": ErrorDocument, "description": "Too many runs are going on now."},
}
"""Of every path that answers with what came of a run."""


async def _held() -> AsyncIterator[ExitStack]:
    with ExitStack() as held:
        yield held


Held = Annotated[ExitStack, Depends(_held)]
"""What a request takes up until the last byte of its answer is sent."""


async def record(run: Run, request: Request, runs: Runs, held: ExitStack, last_step: int | None = None) -> Trace | None:
    """The run's trace, up to a step or to its end; None where the client has left.

    Raises:
        LimitExceeded: it is more than all whole traces together may take up.
        TooManyRuns: there is no room for one more run now.
    """
    held.enter_context(runs.place())
    rows = held.enter_context(runs.memory_for(run))
    wanted = run.episode.steps if last_step is None else last_step + 1
    bit_errors = stop = 0
    async for frame in runs.each(run.frames(wire.frame_steps(run.layout), wanted), FRAMES_AT_ONCE):
        stop = frame.first_step + len(frame.rows)
        rows[frame.first_step : stop] = frame.rows
        bit_errors += run.bit_errors(frame.rows, frame.first_step)
        if await request.is_disconnected():
            return None
        if stop >= wanted:
            break  # to ask for one more would be one more turn
    return Trace(rows[:stop], run.layout, run.episode.phases, run.initial, bit_errors)


def batches(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces."""
    batch = bytearray()
    for piece in pieces:
        batch += piece
        if len(batch) >= BATCH_BYTES:
            yield bytes(batch)
            batch.clear()
    yield bytes(batch)
