"""The stream's wire format: what each frame of a WebSocket holds.

Text frames are JSON: a header, then after the last step `done`, or `cancelled`, or `error`. Between them come binary
frames: four little-endian uint32 (version, first step, number of steps, total steps), then that many rows of float32,
the header's fields side by side.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson

from tapedeck.tracing import FRAME_STEPS, Diagnosis, Frame, Layout, Run
from tapedeck.tracing.diagnosis import judge
from tapedeck.tracing.evidence import Witness
from tapedeck.tracing.export import overview
from tapedeck.tracing.output import OutputLayer

VERSION = 1
PREFIX = struct.Struct("<4I")

FRAME_NUMBERS = 32768
"""The most numbers of a frame of several steps: a wide memory gets shorter frames, so that none takes long to send."""


class Message(NamedTuple):
    """A text or a binary frame, and whether the run is over with it."""

    content: str | bytes
    last: bool = False


def messages(run: Run, checkpoint: Mapping[str, Any]) -> Iterator[Message]:
    """All that a client is sent of a run that comes to its end. Each message is made when it is asked for."""
    yield Message(header(run, checkpoint))
    bit_errors, witness = 0, Witness.of(run)
    for frame in run.frames(frame_steps(run.layout)):
        bit_errors += run.bit_errors(frame.rows, frame.first_step)
        witness.see(frame)
        yield Message(binary_frame(frame, run.episode.steps))
    yield Message(done(bit_errors, judge(witness.evidence())), last=True)


def frame_steps(layout: Layout) -> int:
    """How many steps go into one frame: 1 to 16."""
    return max(1, min(FRAME_STEPS, FRAME_NUMBERS // layout.row_length))


def header(run: Run, checkpoint: Mapping[str, Any]) -> str:
    """Everything of a trace that is known before the run, and how to read the rows."""
    initial, layout, output = run.initial, run.layout, OutputLayer.of(run.machine)
    return _text(
        {
            "type": "header",
            **overview(checkpoint, run.episode.steps, run.episode.phases, initial),
            "heads": {head.name: {"kind": head.kind} for head in layout.heads},
            "initial": {"memory": initial.memory, "weighting": initial.weightings[layout.write_heads[0]]},
            "output_layer": {"weight": output.weight, "bias": output.bias},
            "fields": [{"name": field.name, "length": field.length} for field in layout.fields],
        }
    )


def binary_frame(frame: Frame, total_steps: int) -> bytes:
    """Some consecutive steps."""
    prefix = PREFIX.pack(VERSION, frame.first_step, len(frame.rows), total_steps)
    return prefix + np.ascontiguousarray(frame.rows, dtype="<f4").tobytes()


def done(bit_errors: int, diagnosis: Diagnosis) -> str:
    """The run came to its end."""
    return _text({"type": "done", "bit_errors": bit_errors, "diagnosis": diagnosis.document()})


def cancelled() -> str:
    """The run was ended by the client; no frame of it follows."""
    return _text({"type": "cancelled"})


def error(document: Mapping[str, Any], retry_after: int | None = None) -> str:
    """Something was refused, or went wrong; where it may work later, in how many seconds."""
    retry = {} if retry_after is None else {"retry_after": retry_after}
    return _text({"type": "error", **document, **retry})


def _text(message: Mapping[str, Any]) -> str:
    return orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY).decode()
