"""Where the microseconds of a compiled step go: `python -m tests.bench.profile [ROUNDS]`.

Each part of a step is a function of the kernels; it is called over and over on the numbers that a run has half way.
Its limit is what its multiplications and additions take at the speed of a layer whose weights lie in the nearest cache.
What a step takes beside its parts, it copies: what is recorded, and what the next step sees.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numba
import numpy as np
import torch

from tapedeck.compiled.flat import ACTIVATION_CODES, NO_PLAN, FlatMachine, FlatState, Floats, aligned
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.running import CompiledRun
from tapedeck.compiled.settings import ENGINE
from tapedeck.ntm import HeadSpec
from tapedeck.ntm.specification import ADDRESSING_STAGES, WRITE_STAGES
from tapedeck.tracing import Run
from tapedeck.tracing.engines.compiled_engine import COMPILED
from tests.bench.engine import Row, example
from tests.bench.table import printed, row, shown

ROUNDS, CALLS = 7, 2000
MACHINES: tuple[tuple[str, dict[str, int]], ...] = (("copy-1", {"length": 20}), ("priority_sort-1", {"vectors": 20}))
NEAREST = (24, 256)
"""Rows and columns of weights that lie in the nearest cache."""


LIMIT = "limit "
BEGIN, END = "<!-- the profile, by `make bench` -->", "<!-- its end -->"


@dataclass(frozen=True)
class Part:
    """A kernel with its arguments: how often a step calls it, and how much it multiplies and adds in all."""

    name: str
    kernel: Any
    arguments: tuple[Any, ...]
    times: int = 1
    products: int = 0


def measure(rounds: int = ROUNDS) -> list[Row]:
    """All rows, machine by machine, the whole step first."""
    os.environ[ENGINE] = "compiled"
    assert KERNELS.load(), KERNELS.problem
    weights, others, out = aligned(NEAREST, NEAREST[1:], NEAREST[1:])
    weights[:], others[:] = 1, 1
    pace = weights.size / min(_times(_kernels()._layer, (weights, others, others[: NEAREST[0]], out), rounds))
    return [each for name, size in MACHINES for each in _profile(name, size, rounds, pace)]


def _kernels() -> Any:
    """Only once they are ready: where they are kept is decided when they are imported."""
    return importlib.import_module("tapedeck.compiled.kernels")


def _profile(name: str, size: dict[str, int], rounds: int, pace: float) -> Iterator[Row]:
    """One machine; `pace` is how many products a microsecond are the limit."""
    run = replace(example(name, size), engine=COMPILED)
    parts = list(_parts(run))
    times = {part.name: [part.times * each for each in _times(part.kernel, part.arguments, rounds)] for part in parts}
    whole = _whole(run, rounds)
    limit = sum(part.products for part in parts) / pace
    yield row(f"{name}: a step, all of it", whole, "µs", f"{LIMIT}{limit:.2g}")
    for part in parts:
        to = f"{LIMIT}{part.products / pace:.2g}" if part.products else None
        yield row(f"{name}: {part.name}", times[part.name], "µs", to)
    rest = min(whole) - sum(map(min, times.values()))  # of the best rounds, which other work on the machine left alone
    yield row(f"{name}: the step less these parts", [rest], "µs")


def _times(kernel: Any, arguments: tuple[Any, ...], rounds: int) -> list[float]:
    """Microseconds of a call, round by round."""

    @numba.njit(nogil=True)
    def repeated(calls: int, given: tuple[Any, ...]) -> None:
        for _ in range(calls):
            kernel(*given)

    repeated(1, arguments)
    return [_timed(lambda: repeated(CALLS, arguments)) / CALLS for _ in range(rounds)]


def _whole(run: Run, rounds: int) -> list[float]:
    """Microseconds of a step in one stretch, without what begins a run."""
    rows = np.empty((run.episode.steps, run.layout.row_length), np.float32)
    first = sum(field.length for field in run.layout.fields if field.role in {"input", "target", "optimum"})
    found = []
    for _ in range(20 * rounds):
        session = CompiledRun(run.machine, run.start)
        found.append(_timed(lambda begun=session: begun.advance(run.inputs, rows, first)) / len(rows))  # type: ignore[misc]
    return [min(found[place::rounds]) for place in range(rounds)]


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return 1e6 * (perf_counter() - began)


def _parts(run: Run) -> Iterator[Part]:
    """In the order of a step, on what a trace of the run holds half way."""
    kernels, spec, flat = _kernels(), run.machine.spec, FlatMachine.of(run.machine, run.locations)
    state = FlatState.of(flat, run.start)
    sizes, _, moves, rules, layers, _, _, *parameters = flat.arguments
    below, below_biases, own, own_biases, weights, biases, output_weights, output_biases = parameters
    memory, _, reads, hidden, cell = state.before
    gates, seen, projected, norms, *_ = state.after
    memory += np.random.default_rng(1).random(memory.shape, np.float32)
    width, locations = memory.shape
    for room in (gates, seen, projected, norms):
        room[:] = 0.1
    plan, nothing = (*NO_PLAN[1:6], NO_PLAN.failed), np.int64(0)
    given = (sizes, layers, below, below_biases, own, own_biases, hidden, cell, seen[: len(spec.inputs) + len(reads)])
    lstm = spec.controller.kind == "lstm"
    products = below.size + (own.size if lstm else 0)
    yield Part("LSTM" if lstm else "controller", kernels._drive, (*given, gates, plan, nothing, nothing), 1, products)
    yield Part("heads' layers", kernels._layer, (weights, biases, seen[: len(weights)], projected), 1, weights.size)
    emitted = _emitted(spec.heads[0], len(spec.heads[0].shifts), width)
    room = np.empty(max(width, *emitted[1]), np.float32)
    yield Part("heads' parameters", _emit_all(), (*emitted, projected, room), len(spec.heads))
    half = {name: each[run.episode.steps // 2] for name, each in run.trace().arrays.items()}
    head, count = spec.heads[0], len(spec.heads)
    key, weighting = half[f"{head.name}.key"].copy(), half[f"{head.name}.weighting"].copy()
    gated, shifted = (half[f"{head.name}.{name}_weighting"].copy() for name in ("gated", "shifted"))
    out, cells = np.empty(locations, np.float32), memory.size
    strength, sharpening = (np.float32(half[f"{head.name}.{name}"]) for name in ("key_strength", "sharpening"))
    read = len(spec.read_heads)
    writes = count - read
    yield Part("norms of the memory", kernels._norms, (sizes, rules, memory, norms[0]), max(writes, 1), writes * cells)
    content = (sizes, rules, memory, norms[0], key, strength, out)
    yield Part("content addressing", kernels._content, content, count, count * cells)
    shares = half[f"{head.name}.shift_weighting"].copy()
    shift = (gated, shares, moves[0][: len(shares)].copy(), out)
    yield Part("shift", kernels._shift, shift, count, count * len(shares) * locations)
    yield Part("sharpening", kernels._sharpen, (shifted, sharpening, rules[2], out), count)
    yield Part("erase and add", kernels._write, (memory, weighting, key * 0, key * 0), writes, 2 * writes * cells)
    yield Part("read", _read(), (weighting, memory, np.empty(width, np.float32)), read, read * cells)
    outputs = np.empty(len(output_biases), np.float32)
    layer = (output_weights, output_biases, seen[: len(output_weights)], outputs)
    yield Part("output", kernels._layer, layer, 1, output_weights.size)


def _emitted(head: HeadSpec, shifts: int, width: int) -> tuple[Any, Any]:
    """Activation and length of each number that a head has; of a read head without those of a write head."""
    stages = (*ADDRESSING_STAGES, *(WRITE_STAGES if head.kind == "write" else ()))
    lengths = dict(zip((*ADDRESSING_STAGES, *WRITE_STAGES), (width, 1, 1, shifts, 1, width, width), strict=True))
    codes = [ACTIVATION_CODES[getattr(head, stage)] for stage in stages]
    return np.array(codes), np.array([lengths[stage] for stage in stages])


def _emit_all() -> Any:
    emit = _kernels()._emit

    @numba.njit(nogil=True)
    def emitted(codes: Any, lengths: Any, projected: Floats, room: Floats) -> None:
        start = 0
        for place in range(len(codes)):
            start = emit(codes[place], projected, start, room[: lengths[place]])

    return emitted


def _read() -> Any:
    dot = _kernels()._dot

    @numba.njit(nogil=True)
    def read(weighting: Floats, memory: Floats, vector: Floats) -> None:
        for column in range(len(vector)):
            vector[column] = dot(weighting, memory[column])

    return read


def filled(text: str, found: Mapping[str, Any]) -> str:
    """A Markdown page with the table of it between two marks, made of docs/benchmarks/latest.json."""
    table: dict[str, list[str]] = {}
    names = [name for name, _ in MACHINES]
    for each in (each for each in found["rows"] if each["part"] == "profile"):
        name, _, part = each["name"].partition(": ")
        cells = table.setdefault(part.replace("LSTM", "controller"), [""] * (2 * len(names)))
        limit = (each["to_reach"] or "").removeprefix(LIMIT)
        cells[2 * names.index(name) : 2 * names.index(name) + 2] = shown(each["median"]), limit
    heads = ["µs of a step", *(cell for name in names for cell in (name, "limit"))]
    lines = [heads, ["---"] * len(heads), *([part, *cells] for part, cells in table.items())]
    rows = [f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") for cells in lines]
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    return "\n".join([f"{before}{BEGIN}", "", *rows, "", f"{END}{after}"])


if __name__ == "__main__":
    torch.set_num_threads(1)
    printed({"profile": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)})
