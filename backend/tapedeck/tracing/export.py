"""A whole trace as JSON, as a NumPy .npz or as CSV, in small pieces.

All are iterators of bytes: a file takes the pieces one after another, and a server may do something else between two
of them. A piece holds some thousand numbers, so that none takes longer than about a millisecond to make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import RawIOBase
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import orjson
from typing_extensions import Buffer

from tapedeck.parts import next_part
from tapedeck.tasks import Phase
from tapedeck.tracing.description import applied_arrays, description, results
from tapedeck.tracing.invariants import measure_in_parts
from tapedeck.tracing.trace import Array, InitialState, Trace

Document = Mapping[str, Any]
"""What becomes a JSON object: by name arrays, further documents, and anything else that JSON has a form for."""

Export = Callable[[Trace, Document, Document], Iterator[bytes]]
"""A form that a trace can be written in: the trace, its machine as it is described to people, and what else is said
of the run, such as its `diagnosis` and a `provenance`."""

TEXT_BYTES = 65536
"""The most bytes of a piece of text."""

PIECE_NUMBERS = 16384
"""The most numbers of a piece."""


def overview(checkpoint: Document, steps: int, phases: Iterable[Phase], initial: InitialState) -> dict[str, Any]:
    """What is known of a run before its first step, as version 1 and a run card have it."""
    locations, width = initial.memory.shape
    return {
        "checkpoint": checkpoint,
        "steps": steps,
        "locations": locations,
        "width": width,
        "phases": [{"name": phase.name, "start": phase.start, "stop": phase.stop} for phase in phases],
    }


def short_json_pieces(trace: Trace, checkpoint: Document, said: Document) -> Iterator[bytes]:
    """The trace as one JSON object of version 1: of what version 2 says, what a copy needs, in another order."""
    checkpoint = {name: value for name, value in checkpoint.items() if name != "machine"}
    about = overview(checkpoint, trace.steps, trace.phases, trace.initial)
    yield _dumps(about)[:-1]
    for name in ("inputs", "targets", "outputs"):
        yield from _member(name, trace.arrays[name], b",")
    yield b',"bit_errors":%d,"heads":{' % trace.bit_errors
    for index, head in enumerate(trace.layout.heads):
        yield b"%b%b:%b" % (b"," if index else b"", _dumps(head.name), _dumps({"kind": head.kind})[:-1])
        for field, values in _of_head(trace, head.name):
            yield from _member(field, values, b",")
        yield b"}"
    yield b'},"initial":{'
    yield from _member("memory", trace.initial.memory)
    yield from _member("weighting", trace.initial.weightings[trace.layout.write_heads[0]], b",")
    yield b"}"
    yield from _members(said, b",")
    yield b"}"


def json_pieces(trace: Trace, checkpoint: Document, said: Document) -> Iterator[bytes]:
    """The trace as one JSON object: the description, the results, what else is said, and every field under its name.

    Every number has as few digits as give back its float32.
    """
    described = _described(trace, checkpoint, said)
    yield from document_pieces(
        {**described, **said, **trace.arrays, **applied_arrays(trace.applied, trace.applied_reads)}
    )


def _described(trace: Trace, checkpoint: Document, said: Document) -> dict[str, Any]:
    return {**description(trace.about, checkpoint), **results(trace.score, said.get("diagnosis"))}


def document_pieces(document: Document) -> Iterator[bytes]:
    """A document as one JSON object."""
    yield b"{"
    yield from _members(document)
    yield b"}"


def npz_pieces(trace: Trace, checkpoint: Document, said: Document) -> Iterator[bytes]:
    """The trace's arrays as an uncompressed .npz: the same bytes for the same trace.

    Where interventions set cells of the memory before a step, `memory.applied.steps`, `.rows`, `.columns` and
    `.values` say which: whoever rebuilds the memory applies them. `meta` is the run's description with its results
    as JSON text. Beside it and the arrays of every step: `initial.memory`, `initial.weighting`, `bit_errors` and
    `checkpoint_sha256`; the invariants, `write.entropy`, `read.peak`, `recall.offset` …; and of what else is said
    the arrays under their names with dots between, `provenance.shares.writes` …, and what holds no array, such as
    `diagnosis`, as JSON text.
    """
    parts = measure_in_parts(trace)
    while not (measured := next_part(parts)):
        yield b""
    arrays: dict[str, npt.NDArray[Any]] = {
        "meta": np.array(_dumps(_described(trace, checkpoint, said)).decode()),
        **trace.arrays,
        **applied_arrays(trace.applied, trace.applied_reads),
        "initial.memory": trace.initial.memory,
        "initial.weighting": trace.initial.weightings[trace.layout.write_heads[0]],
        "bit_errors": np.array(trace.bit_errors, dtype=np.int64),
        "checkpoint_sha256": np.array(checkpoint["sha256"]),
        **measured[0].arrays,
        **dict(_flat(said)),
    }
    out = _Outlet()
    with ZipFile(out, "w") as archive:
        for name, values in arrays.items():
            with archive.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array_header_1_0(member, _npy_header(values))
                for part in _parts(values):
                    member.write(part.tobytes())
                    yield out.take()
    yield out.take()


def csv_pieces(trace: Trace, checkpoint: Document, said: Document) -> Iterator[bytes]:
    """The trace as CSV (RFC 4180): a row a step, a column a number, named `write.weighting.17`, `read.sharpening` …

    Before the numbers stand the machine's id and hash, the step and its phase. What else is said has no place in it.
    """
    named = ["checkpoint", "checkpoint_sha256", "step", "phase"]
    for field in trace.layout.fields:
        named += [f"{field.name}.{index}" for index in range(field.length)] if field.shape else [field.name]
    yield ",".join(named).encode() + b"\r\n"
    phases = [_quoted(phase.name).encode() for phase in trace.phases for _ in range(phase.start, phase.stop)]
    machine = ",".join(_quoted(checkpoint[key]) for key in ("id", "sha256")).encode()
    rows = _rows_of_a_part(trace.layout.row_length)
    for start in range(0, trace.steps, rows):
        steps = range(start, min(start + rows, trace.steps))
        numbers = (_dumps(trace.rows[step])[1:-1] for step in steps)
        yield b"".join(b"%b,%d,%b,%b\r\n" % (machine, t, phases[t], row) for t, row in zip(steps, numbers, strict=True))


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if re.search('[",\r\n]', value) else value


class _Outlet(RawIOBase):
    """A file to write to, whose bytes are taken out again."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        self._written += data
        return memoryview(data).nbytes

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def _of_head(trace: Trace, head: str) -> Iterator[tuple[str, Array]]:
    for name, values in trace.arrays.items():
        owner, _, field = name.rpartition(".")
        if owner == head:
            yield field, values


def _flat(document: Document, prefix: str = "") -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, value in document.items():
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, Mapping) and any(isinstance(each, np.ndarray | Mapping) for each in value.values()):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, int | float | np.number):
            yield prefix + name, np.array(value)
        elif value is not None:
            yield prefix + name, np.array(_dumps(value).decode())


def _members(document: Document, comma: bytes = b"") -> Iterator[bytes]:
    for name, value in document.items():
        if isinstance(value, np.ndarray):
            yield from _member(name, value, comma)
        elif isinstance(value, Mapping):
            yield comma + _dumps(name) + b":{"
            yield from _members(value)
            yield b"}"
        else:
            yield comma + _dumps(name) + b":" + _dumps(value)
        comma = b","


def _member(name: str, values: npt.NDArray[Any], comma: bytes = b"") -> Iterator[bytes]:
    opening = comma + _dumps(name) + b":["
    for part in _parts(values):
        yield opening + _dumps(np.ascontiguousarray(part))[1:-1]
        opening = b","
    yield b"]"


def _parts(values: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    if values.ndim == 0:  # a long text is one element
        whole = np.frombuffer(values.tobytes(), np.uint8)
        yield from np.split(whole, range(TEXT_BYTES, len(whole), TEXT_BYTES))
        return
    rows = _rows_of_a_part(int(np.prod(values.shape[1:])))
    for start in range(0, len(values), rows):
        yield values[start : start + rows]


def _rows_of_a_part(row_length: int) -> int:
    return max(1, PIECE_NUMBERS // row_length)


def _npy_header(values: npt.NDArray[Any]) -> dict[str, Any]:
    return {
        "descr": np.lib.format.dtype_to_descr(values.dtype),
        "fortran_order": False,
        "shape": values.shape,
    }


def _dumps(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
