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

from tapedeck.compiled.made import MadeOf
from tapedeck.ntm.work import step_work
from tapedeck.parts import next_part
from tapedeck.tracing import FRAME_STEPS, Applied, Frame, Layout, Run, joined, witness_of
from tapedeck.tracing.description import VERSION, description, results, together

PREFIX = struct.Struct("<4I")

FRAME_NUMBERS = 32768
"""The most numbers of a frame of several steps: a wide memory gets shorter frames, so that none takes long to send."""


STRETCH_NUMBERS = 4 * FRAME_NUMBERS
"""The most numbers of the steps that are computed at once."""


STRETCH_WORK = 400_000
"""The most work of these steps: some 2 ms."""

MOST_WRITTEN_BYTES = 256 * 1024
"""Of the description of a machine that is kept as it is sent."""


class Message(NamedTuple):
    """A text or a binary frame, and whether the run is over with it."""

    content: str | bytes
    last: bool = False


class Written:
    """What headers say of machines, as it is sent: of a run that nothing changes it is the same each time, and nearly
    all of the header. The last of each machine is kept.
    """

    def __init__(self) -> None:
        self._kept: MadeOf[Mapping[str, Any]] = MadeOf()

    def of(self, run: Run) -> Mapping[str, Any]:
        """`Run.about_machine`, written down where it is no longer than most."""
        if run.changes is not None:
            return run.about_machine
        return self._kept.get(run.machine, (run.task, run.locations), lambda: _as_sent(run.about_machine))


def _as_sent(said: Mapping[str, Any]) -> Mapping[str, Any]:
    texts = {name: orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY) for name, value in said.items()}
    short = sum(map(len, texts.values())) <= MOST_WRITTEN_BYTES
    return {name: orjson.Fragment(text) for name, text in texts.items()} if short else said


def messages(run: Run, checkpoint: Mapping[str, Any], written: Written) -> Iterator[Message | None]:
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
    one_by_one = run.engine.steps_at_once == 1
    yield Message(header(run, checkpoint, written, applied))
    if one_by_one:
        yield None
    amount, witness = 0.0, witness_of(run)
    for frame in frames:
        wrong, added = run.judged(frame.rows, frame.first_step)
        amount += added
        if witness is not None:
            witness.see(frame.first_step, layout.arrays(frame.rows), wrong)
        for part in _parts(frame, frame_steps(layout)):
            yield Message(binary_frame(part, run.episode.steps))
        if one_by_one and frame.first_step == 0:
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
    in_time = STRETCH_WORK // step_work(run.machine.spec, run.locations)
    several = most * max(1, min(at_once, in_time, STRETCH_NUMBERS // run.layout.row_length) // most)
    return run.frames(several, steps, first_steps=several)


def frame_steps(layout: Layout) -> int:
    """How many steps go into one binary frame: 1 to 16."""
    return max(1, min(FRAME_STEPS, FRAME_NUMBERS // layout.row_length))


def _parts(frame: Frame, most_steps: int) -> Iterator[Frame]:
    """The same steps, so many at a time."""
    for begin in range(0, len(frame.rows), most_steps):
        yield Frame(frame.first_step + begin, frame.rows[begin : begin + most_steps])


def header(run: Run, checkpoint: Mapping[str, Any], written: Written, applied: Applied | None = None) -> str:
    """The run's description: everything of a trace that is known before the run, how to read the rows, and what
    interventions changed in the memory.
    """
    about = together(run.about_itself, written.of(run))
    return _text({"type": "header", **description(about, checkpoint, applied, run.applied_reads)})


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
