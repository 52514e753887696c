"""What tells a good step from a bad one: how focused each head is, and whether it reads what it is meant to read.

A weighting sums to 1. Its entropy is 0 bits on a single location and log2 N spread over all; its peak is 1 and 1/N.
In a copy, the read of recall step j should fall on the location where the vector of input step j was written: see
`tapedeck.tasks.verdicts.copy.recall`.

Dimensions: T steps, N locations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.parts import Parts, whole
from tapedeck.tasks.verdicts import Ints
from tapedeck.tasks.verdicts.copy.recall import Recall, compare_recall
from tapedeck.tracing.trace import Array, Trace

MEASURED_AT_ONCE = 500_000
"""Weights of a stretch of steps: some 20 ms."""


class Focus(NamedTuple):
    """How focused one head's weightings are, a number a step."""

    sum: Array
    """Σ w [T], 1 but for rounding"""
    entropy: Array
    """−Σ w log2 w [T], in bits, 0 … log2 N"""
    peak: Array
    """max w [T], 1/N … 1"""
    location: Ints
    """Where the peak is [T], the first of equals"""


class Invariants(NamedTuple):
    """All of a run."""

    heads: dict[str, Focus]
    """By the heads' names"""
    recall: Recall
    """Empty where the run is not a copy"""

    @property
    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Flat and named, as in an .npz: `write.entropy`, `read.peak`, `recall.offset` …"""
        named = {f"{head}.{name}": values for head, focus in self.heads.items() for name, values in _items(focus)}
        return named | {f"recall.{name}": values for name, values in _items(self.recall)}


def measure(trace: Trace) -> Invariants:
    """The invariants of every step."""
    return whole(measure_in_parts(trace))


def measure_in_parts(trace: Trace) -> Parts[Invariants]:
    """The same, in parts."""
    heads, locations = dict[str, Focus](), trace.initial.memory.shape[0]
    steps = max(1, MEASURED_AT_ONCE // locations)
    for head in trace.layout.heads:
        weightings, parts = trace.arrays[f"{head.name}.weighting"], list[Focus]()
        for start in range(0, trace.steps, steps):
            parts.append(measure_focus(weightings[start : start + steps]))
            yield
        heads[head.name] = Focus(*map(np.concatenate, zip(*parts, strict=True)))
    written, read = (heads[names[0]].location for names in (trace.layout.write_heads, trace.layout.read_heads))
    return Invariants(heads, compare_recall(trace.phases, written, read, locations))


def measure_focus(weightings: Array) -> Focus:
    """The focus of a head's weightings [T, N]."""
    w = weightings.astype(np.float64)
    # 0 log 0 is 0: the limit, and what a location without weight should count.
    entropy = np.maximum(-(w * np.log2(np.where(w > 0, w, 1))).sum(axis=1), 0)
    return Focus(
        w.sum(axis=1).astype(np.float32),
        entropy.astype(np.float32),
        weightings.max(axis=1),
        weightings.argmax(axis=1),
    )


def _items(values: Focus | Recall) -> list[tuple[str, npt.NDArray[np.generic]]]:
    return list(values._asdict().items())
