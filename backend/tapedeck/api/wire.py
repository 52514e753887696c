"""The stream's wire format: what each frame of a WebSocket holds.

Text frames are JSON: a header, then after the last step `done`, or `cancelled`, or `error`. Between them come binary
frames: four little-endian uint32 (version, first step, number of steps, total steps), then that many rows of float32,
the header's fields side by side.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson

from tapedeck.parts import next_part
from tapedeck.tracing import FRAME_STEPS, Applied, Frame, Layout, Run, joined, witness_of
from tapedeck.tracing.description import VERSION, description, results

PREFIX = struct.Struct("<4I")

FRAME_NUMBERS = 32768
"""The most numbers of a frame of several steps: a wide memory gets shorter frames, so that none takes long to send."""


class Message(NamedTuple):
    """A text or a binary frame, and whether the run is over with it."""

    content: str | bytes
    last: bool = False


def messages(run: Run, checkpoint: Mapping[str, Any]) -> Iterator[Message | None]:
    """All that a client is sent of a run that comes to its end. Each message is made when it is asked for; None is
    a moment at which others may have their turn.
    """
    layout, applied = run.layout, None
    frames: Iterable[Frame] = run.frames(frame_steps(layout))
    if run.changes_memory:
        # What stands there then depends on the run, and whoever rebuilds the memory must know it before the first row.
        ahead = list[Frame]()
        for frame in frames:
            ahead.append(frame)
            yield None
        frames, applied = ahead, joined(ahead)
    yield Message(header(run, checkpoint, applied))
    amount, witness = 0.0, witness_of(run)
    for frame in frames:
        wrong, added = run.judged(frame.rows, frame.first_step)
        amount += added
        if witness is not None:
            witness.see(frame.first_step, layout.arrays(frame.rows), wrong)
        yield Message(binary_frame(frame, run.episode.steps))
    diagnosis = None
    if witness is not None:
        parts = witness.verdict()
        while not (judged := next_part(parts)):
            yield None
        diagnosis = judged[0].document()
    yield Message(done(results(run.episode.score(amount), diagnosis)), last=True)


def frame_steps(layout: Layout) -> int:
    """How many steps go into one frame: 1 to 16."""
    return max(1, min(FRAME_STEPS, FRAME_NUMBERS // layout.row_length))


def header(run: Run, checkpoint: Mapping[str, Any], applied: Applied | None = None) -> str:
    """The run's description: everything of a trace that is known before the run, how to read the rows, and what
    interventions changed in the memory.
    """
    return _text({"type": "header", **description(run.about, checkpoint, applied, run.applied_reads)})


def binary_frame(frame: Frame, total_steps: int) -> bytes:
    """Some consecutive steps."""
    prefix = PREFIX.pack(VERSION, frame.first_step, len(frame.rows), total_steps)
    return prefix + np.ascontiguousarray(frame.rows, dtype="<f4").tobytes()


def done(found: Mapping[str, Any]) -> str:
    """The run came to its end, with what came of it."""
    return _text({"type": "done", **found})


def cancelled() -> str:
    """The run was ended by the client; no frame of it follows."""
    return _text({"type": "cancelled"})


def error(document: Mapping[str, Any], retry_after: int | None = None) -> str:
    """Something was refused, or went wrong; where it may work later, in how many seconds."""
    retry = {} if retry_after is None else {"retry_after": retry_after}
    return _text({"type": "error", **document, **retry})


def _text(message: Mapping[str, Any]) -> str:
    return orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY).decode()
