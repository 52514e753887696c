"""Who wrote what is read: the share of every write in every read of a run, T × T.

The exact sum of `backend.tracing.provenance` for all steps, by blocks of writers. What is left of a write τ at step t
is Π_{τ<u≤t} (1 − w_u e_u), and once its block is over that product splits into a part of its own, up to the end of the
block, and one that it shares with the whole block. So inside a block every write's remains are carried along step by
step; after it one matrix product a column of the memory gives every later read of every write of the block. All
factors are in 0…1 and none is divided by, so nothing overflows where much was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch

from backend.tracing.provenance import Doubles, Writing, to_shares
from backend.tracing.trace import Trace

BLOCK = 32
"""Writers of a block, and steps read at once: inside a block the work grows with it, after the block it falls."""


NEGLIGIBLE = 1e-9
"""A share that no picture shows."""


class Patch(NamedTuple):
    """A part of the picture before its rows are made to sum to 1."""

    step: int
    """The first step that reads"""
    writer: int
    """The first writer; the initial memory is writer 0, the write of step τ writer τ + 1"""
    magnitudes: Doubles
    """Σ_m |what the writer gave to r_t[m]|, [steps, writers]"""


@dataclass(frozen=True)
class Picture:
    """The shares of every read vector, as `backend.tracing.provenance.to_shares` defines them.

    Attributes:
        writes: [T, T], row t the read of step t, column τ what the write of step τ has of it; 0 for τ > t.
        initial: [T], what the initial memory has of it. It and the row sum to 1.
    """

    writes: Doubles
    initial: Doubles

    def document(self) -> dict[str, Any]:
        """As a JSON object, with arrays in float32: {"step": null, "shares": {"writes": [T][T], "initial": [T]}}.

        Shares below 1e-9 are given as 0, which most are, so that a picture is a third as long in JSON.
        """
        writes = np.where(self.writes < NEGLIGIBLE, 0, self.writes)
        shares = {"writes": writes.astype(np.float32), "initial": self.initial.astype(np.float32)}
        return {"step": None, "shares": shares}


def explain_reads(trace: Trace) -> Picture:
    """The picture of a whole run. About 0.03 s for T = 200 with N = 128, and 0.3 s for T = 1000."""
    return assemble(patches(trace), trace.steps)


def assemble(parts: Iterable[Patch], steps: int) -> Picture:
    """The picture from what `patches` yields."""
    magnitudes = np.zeros((steps, 1 + steps))
    for step, writer, part in parts:
        magnitudes[step : step + part.shape[0], writer : writer + part.shape[1]] = part
    rows = to_shares(magnitudes)
    return Picture(rows[:, 1:], rows[:, 0])


def patches(trace: Trace) -> Iterator[Patch]:
    """All parts in which something was given, a block of writers after the other; each takes about as long to make."""
    writing, steps = Writing.of(trace), trace.steps
    read_weightings = trace.arrays["read.weighting"].astype(np.float64)
    left: Doubles = trace.initial.memory.T[np.newaxis].astype(np.float64)  # [1, W, N], before step 0
    for start in range(0, steps, BLOCK):
        stop, writer = min(steps, start + BLOCK), start + 1 - len(left)
        given = np.zeros((stop - start, len(left) + stop - start))
        for t in range(start, stop):
            left = np.concatenate([left * _kept(writing, t), _written(writing, t)])
            given[t - start, : len(left)] = np.abs(left @ read_weightings[t]).sum(axis=1)
        yield Patch(start, writer, given)
        for step, reaching in _later(writing, read_weightings, stop):
            # [W, steps, N] @ [W, N, writers]: a matrix product a column of the memory. By torch, which a service keeps
            # to one thread: the threads of NumPy's own spin where there are more runs than cores.
            read = torch.from_numpy(reaching) @ torch.from_numpy(left).permute(1, 2, 0)
            yield Patch(step, writer, read.abs_().sum(dim=0).numpy())
        left = left[:0]


def _later(writing: Writing, read_weightings: Doubles, start: int) -> Iterator[tuple[int, Doubles]]:
    """For some steps t ≥ start at a time: the first, and w^r_t(i) Π_{start≤u≤t} (1 − w_u(i) e_u[m]), [W, steps, N]."""
    (steps, locations), width = read_weightings.shape, writing.erase_vectors.shape[1]
    kept = np.ones((width, locations))
    for first in range(start, steps, BLOCK):
        last = min(steps, first + BLOCK)
        reaching = np.empty((width, last - first, locations))
        for t in range(first, last):
            kept *= _kept(writing, t)
            np.multiply(kept, read_weightings[t], out=reaching[:, t - first])
        yield first, reaching


def _kept(writing: Writing, step: int) -> Doubles:
    """1 − e wᵀ [W, N]: what a step's erasure leaves."""
    kept: Doubles = 1 - np.multiply.outer(writing.erase_vectors[step], writing.weightings[step])
    return kept


def _written(writing: Writing, step: int) -> Doubles:
    """a wᵀ [1, W, N]: what a step adds."""
    written: Doubles = np.multiply.outer(writing.add_vectors[step], writing.weightings[step])
    return written[np.newaxis]
