"""Who wrote what is read: the share of every step's writes in every read of a head, T × T.

The exact sum of `tapedeck.tracing.provenance` for all steps, by blocks of steps that write. What is left of a write τ
at step t is Π_{τ<u≤t} (1 − w_u e_u), and once its block is over that product splits into a part of its own, up to the
end of the block, and one that it shares with the whole block. So inside a block every write's remains are carried along
step by step; after it one matrix product a column of the memory gives every later read of every write of the block.
None of the factors is divided by, so nothing overflows where much was erased.

Dimensions: T steps, N locations, W width, K write heads; a step's writes stand one after another, in acting order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch

from tapedeck.tracing.applied import Applied, Cells
from tapedeck.tracing.output import Doubles
from tapedeck.tracing.provenance import Writing, to_shares
from tapedeck.tracing.trace import Array, Trace

BLOCK = 32
"""Writers of a block, and steps read at once: inside a block the work grows with it, after the block it falls."""


NEGLIGIBLE = 1e-9
"""A share that no picture shows."""


class Patch(NamedTuple):
    """A part of the picture before its rows are made to sum to 1."""

    step: int
    """The first step that reads"""
    writer: int
    """The first writer; the initial memory is writer 0, all that step τ wrote writer τ + 1, and what interventions set
    before it writer T + τ + 1"""
    magnitudes: Doubles
    """Σ_m |what the writer gave to r_t[m]|, [steps, writers]"""


@dataclass(frozen=True)
class Picture:
    """The shares of every read vector, as `tapedeck.tracing.provenance.to_shares` defines them.

    Attributes:
        writes: [T, T], row t the read of step t, column τ what the write of step τ has of it; 0 for τ > t.
        initial: [T], what the initial memory has of it. All of a read together sum to 1.
        interventions: [T, T], what the cells set before step τ have of it; None where none were set.
    """

    writes: Doubles
    initial: Doubles
    interventions: Doubles | None = None

    def document(self) -> dict[str, Any]:
        """As a JSON object, with arrays in float32: {"step": null, "shares": {"writes": [T][T], "initial": [T]}}.

        Shares below 1e-9 are given as 0, which most are, so that a picture is a third as long in JSON.
        """
        shares = {"writes": _shown(self.writes), "initial": self.initial.astype(np.float32)}
        if self.interventions is not None:
            shares["interventions"] = _shown(self.interventions)
        return {"step": None, "shares": shares}


def explain_reads(trace: Trace, head: str | None = None) -> Picture:
    """The picture of a whole run, of a head or of the first that reads.

    About 0.03 s for T = 200 with N = 128 and one write head, and 0.3 s for T = 1000.
    """
    return assemble(patches(trace, head), trace.steps)


def assemble(parts: Iterable[Patch], steps: int) -> Picture:
    """The picture from what `patches` yields."""
    found = list(parts)
    applied = any(part.writer > steps for part in found)
    magnitudes = np.zeros((steps, 1 + (2 * steps if applied else steps)))
    for step, writer, part in found:
        magnitudes[step : step + part.shape[0], writer : writer + part.shape[1]] = part
    rows = to_shares(magnitudes)
    return Picture(rows[:, 1 : steps + 1], rows[:, 0], rows[:, steps + 1 :] if applied else None)


def _shown(shares: Doubles) -> Array:
    return np.where(shares < NEGLIGIBLE, 0, shares).astype(np.float32)


def patches(trace: Trace, head: str | None = None) -> Iterator[Patch]:
    """All parts in which something was given, a block of writers after the other; each takes about as long to make."""
    head = trace.layout.read_head(head)
    heads, before = len(trace.layout.write_heads), trace.layout.writes_before(head)
    read_weightings = trace.arrays[f"{head}.weighting"].astype(np.float64)
    gains, offsets = trace.changed_reads(head)
    history = _History(Writing.of(trace).doubled(), read_weightings, heads, before, trace.steps, trace.applied, gains)
    left: Doubles = trace.initial.memory.T[np.newaxis].astype(np.float64)  # [1, W, N], before step 0
    for start in range(0, trace.steps, BLOCK):
        stop, first = min(trace.steps, start + BLOCK), len(left)  # 1 where the initial memory is among them
        writer = start + 1 - first
        given = np.zeros((stop - start, first + stop - start))
        changed = list[int]()  # the steps of the block before which cells were set
        rest = left[:0]  # of what they were set to
        for t in range(start, stop):
            if history.cells(t) is not None:
                left, rest = history.cleared(left, t), np.concatenate([history.cleared(rest, t), history.set_to(t)])
                changed.append(t)
            left, rest = history.written(left, t, 0, before), history.left(rest, t, 0, before)
            magnitudes = np.abs(history.read(left, t)).sum(axis=1)
            of_cells = dict(zip(changed, history.read(rest, t), strict=True))
            if offsets[t].any():
                of_cells[t] = of_cells.get(t, 0) + offsets[t]
            for place, of_rest in of_cells.items():
                yield Patch(t, trace.steps + 1 + place, np.abs(of_rest).sum().reshape(1, 1))
            left, rest = history.written(left, t, before, heads), history.left(rest, t, before, heads)
            by_step = _by_step(magnitudes[np.newaxis], first, heads)[0]
            given[t - start, : len(by_step)] = by_step
        yield Patch(start, writer, given)
        for step, reaching in history.later(stop):
            # [W, steps, N] @ [W, N, writes]: a matrix product a column of the memory. By torch, which a service keeps
            # to one thread: the threads of NumPy's own spin where there are more runs than cores.
            read = torch.from_numpy(reaching) @ torch.from_numpy(left).permute(1, 2, 0)
            yield Patch(step, writer, _by_step(read.abs_().sum(dim=0).numpy(), first, heads))
            for place, kept in zip(changed, rest, strict=True):
                of_rest = np.abs(np.einsum("wtn,wn->tw", reaching, kept)).sum(axis=1, keepdims=True)
                yield Patch(step, trace.steps + 1 + place, of_rest)
        left = left[:0]


class _History(NamedTuple):
    """What was written, and how a head read it."""

    writing: Writing
    read_weightings: Doubles
    """[T, N]"""
    heads: int
    """K"""
    before: int
    """How many of them write before the read"""
    steps: int
    applied: Applied | None
    gains: Doubles
    """[T, W], of what is read"""

    def read(self, values: Doubles, step: int) -> Doubles:
        """[…, W]: what reaches the read vector of a step of what stands in the memory, […, W, N]."""
        found: Doubles = (values @ self.read_weightings[step]) * self.gains[step]
        return found

    def cells(self, step: int) -> Cells | None:
        """Those that were set before a step."""
        return None if self.applied is None else self.applied.at(step)

    def cleared(self, left: Doubles, step: int) -> Doubles:
        """[…, W, N] without what stood in the cells that were set before a step."""
        if (cells := self.cells(step)) is not None:
            left = left.copy()
            left[..., cells.columns, cells.rows] = 0
        return left

    def set_to(self, step: int) -> Doubles:
        """[1, W, N]: what the cells were set to, and nothing else."""
        memory = np.zeros((self.read_weightings.shape[1], self.writing.erase_vectors[0].shape[1]))
        if (cells := self.cells(step)) is not None:
            cells.set_in(memory)
        return memory.T[np.newaxis]

    def left(self, values: Doubles, step: int, first: int, last: int) -> Doubles:
        """[…, W, N] after the erasures of some of the write heads of a step."""
        if len(values):
            for at in range(step * self.heads + first, step * self.heads + last):
                values = values * self._kept(at)
        return values

    def written(self, left: Doubles, step: int, first: int, last: int) -> Doubles:
        """[writes, W, N] after some of the write heads of a step: what is left of each write, and theirs."""
        for at in range(step * self.heads + first, step * self.heads + last):
            left = np.concatenate([left * self._kept(at), self._added(at)])
        return left

    def later(self, start: int) -> Iterator[tuple[int, Doubles]]:
        """For some steps t ≥ start at a time: the first, and w^r_t(i) Π (1 − w_u(i) e_u[m]) over the writes from start
        up to the read, [W, steps, N].
        """
        locations, width = self.read_weightings.shape[1], self.writing.erase_vectors[0].shape[1]
        kept = np.ones((width, locations))
        for first in range(start, self.steps, BLOCK):
            last = min(self.steps, first + BLOCK)
            reaching = np.empty((width, last - first, locations))
            for t in range(first, last):
                kept = self.cleared(kept, t)
                for head in range(self.heads):
                    if head == self.before:
                        np.multiply(kept, self.read_weightings[t], out=reaching[:, t - first])
                    kept *= self._kept(t * self.heads + head)
                if self.before == self.heads:
                    np.multiply(kept, self.read_weightings[t], out=reaching[:, t - first])
            yield first, reaching * self.gains[first:last].T[:, :, np.newaxis]

    def _kept(self, at: int) -> Doubles:
        """1 − e wᵀ [W, N]: what a write's erasure leaves."""
        write = self.writing.at(at)
        kept: Doubles = 1 - np.multiply.outer(write.erase_vector, write.weighting)
        return kept

    def _added(self, at: int) -> Doubles:
        """a wᵀ [1, W, N]: what a write adds."""
        write = self.writing.at(at)
        added: Doubles = np.multiply.outer(write.add_vector, write.weighting)
        return added[np.newaxis]


def _by_step(magnitudes: Doubles, first: int, heads: int) -> Doubles:
    """From [reads, writes] to [reads, steps that wrote]: the heads' together; `first` is 1 with the initial memory."""
    if heads == 1:
        return magnitudes
    writes = magnitudes[:, first:]
    missing = -writes.shape[1] % heads  # of the step that is under way
    by_step = np.pad(writes, ((0, 0), (0, missing))).reshape(len(writes), -1, heads).sum(axis=2)
    return np.concatenate([magnitudes[:, :first], by_step], axis=1)
