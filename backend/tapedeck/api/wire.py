"""The stream's wire format: what each frame of a WebSocket holds.

Text frames are JSON: a header, then after the last step `done`, or `cancelled`, or `error`. Between them come binary
frames: four little-endian uint32 (version, first step, number of steps, total steps), then that many rows of float32,
the header's fields side by side.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import orjson

from tapedeck.parts import next_part
from tapedeck.tracing import FRAME_STEPS, Applied, Frame, Layout, Run, joined, witness_of
from tapedeck.tracing.description import VERSION, description, results, together

PREFIX = struct.Struct("<4I")

FRAME_NUMBERS = 32768
"""The most numbers of a frame of several steps: a wide memory gets shorter frames, so that none takes long to send."""


STRETCH_NUMBERS = 4 * FRAME_NUMBERS
"""The most numbers of the steps that are computed at once."""


MOST_WRITTEN, MOST_WRITTEN_BYTES = 64, 256 * 1024
"""Descriptions of machines that are kept as they are sent, and what one of them may take."""

_WRITTEN: dict[tuple[str, str, int], Mapping[str, orjson.Fragment]] = {}
_WRITING = Lock()


class Message(NamedTuple):
    """A text or a binary frame, and whether the run is over with it."""

    content: str | bytes
    last: bool = False


def messages(run: Run, checkpoint: Mapping[str, Any]) -> Iterator[Message | None]:
    """All that a client is sent of a run that comes to its end. Each message is made when it is asked for; None is
    a moment at which others may have their turn, and what was made goes out: an engine that takes its steps one by one
    may take long.
    """
    layout, applied = run.layout, None
    frames: Iterable[Frame] = stretches(run)
    if run.changes_memory:
        # What stands there then depends on the run, and whoever rebuilds the memory must know it before the first row.
        ahead = list[Frame]()
        for frame in frames:
            ahead.append(frame)
            yield None
        frames, applied = ahead, joined(ahead)
    yield Message(header(run, checkpoint, applied))
    if run.engine.steps_at_once == 1:
        yield None
    amount, witness = 0.0, witness_of(run)
    for frame in frames:
        wrong, added = run.judged(frame.rows, frame.first_step)
        amount += added
        if witness is not None:
            witness.see(frame.first_step, layout.arrays(frame.rows), wrong)
        for part in _parts(frame, frame_steps(layout)):
            yield Message(binary_frame(part, run.episode.steps))
        if len(frame.rows) == 1:
            yield None
    diagnosis = None
    if witness is not None:
        parts = witness.verdict()
        while not (judged := next_part(parts)):
            yield None
        diagnosis = judged[0].document()
    yield Message(done(results(run.episode.score(amount), diagnosis)), last=True)


def stretches(run: Run, steps: int | None = None) -> Iterator[Frame]:
    """Runs the machine, for so many steps or to the end, in frames of the steps that are computed at once: of an engine
    that takes many in no time, whole binary frames; else the first step alone, for which somebody waits.
    """
    most, at_once = frame_steps(run.layout), run.engine.steps_at_once
    if at_once == 1:
        return run.frames(most, steps)
    several = most * max(1, min(at_once, STRETCH_NUMBERS // run.layout.row_length) // most)
    return run.frames(several, steps, first_steps=several)


def frame_steps(layout: Layout) -> int:
    """How many steps go into one binary frame: 1 to 16."""
    return max(1, min(FRAME_STEPS, FRAME_NUMBERS // layout.row_length))


def _parts(frame: Frame, most_steps: int) -> Iterator[Frame]:
    """The same steps, so many at a time."""
    for begin in range(0, len(frame.rows), most_steps):
        yield Frame(frame.first_step + begin, frame.rows[begin : begin + most_steps])


def header(run: Run, checkpoint: Mapping[str, Any], applied: Applied | None = None) -> str:
    """The run's description: everything of a trace that is known before the run, how to read the rows, and what
    interventions changed in the memory.
    """
    about = together(run.about_itself, _written(run, checkpoint))
    return _text({"type": "header", **description(about, checkpoint, applied, run.applied_reads)})


def _written(run: Run, checkpoint: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a header says of the machine: of a run that nothing changes it is written once for all its runs, for it is
    nearly all of the header. What a machine is its hash says.
    """
    sha256 = checkpoint.get("sha256")
    if run.changes is not None or sha256 is None:
        return run.about_machine
    key = (sha256, run.task, run.locations)
    with _WRITING:
        known = _WRITTEN.get(key)
    if known is not None:
        return known
    made = {name: orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY) for name, value in run.about_machine.items()}
    written = {name: orjson.Fragment(text) for name, text in made.items()}
    if sum(map(len, made.values())) <= MOST_WRITTEN_BYTES:
        with _WRITING:
            while len(_WRITTEN) >= MOST_WRITTEN:
                del _WRITTEN[next(iter(_WRITTEN))]
            _WRITTEN[key] = written
    return written


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
