"""The recording of a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.tasks import Phase
from tapedeck.tracing.applied import Applied, AppliedReads
from tapedeck.tracing.layout import Layout

Array = npt.NDArray[np.float32]

WRITTEN = ("weighting", "erase_vector", "add_vector")
"""The fields of a write head from which the memory follows."""


class InitialState(NamedTuple):
    """What the heads find before step 0."""

    memory: Array
    """[N, W]"""
    weightings: dict[str, Array]
    """[N] of each head by name, in acting order"""


@dataclass(frozen=True)
class Trace:
    """Every number of every step.

    Attributes:
        rows: [T, F] float32, one row a step, in the columns of `layout`.
        phases: of the task, in order, together all T steps.
        initial: before step 0.
        wrong: [T, O], the bits that count and came out wrong.
        score: the task's own; None where nothing counts.
        about: the run's description but for its checkpoint, see `tapedeck.tracing.description`.
        applied: what interventions changed in the memory; None where nothing was.
        applied_reads: what interventions made of read vectors; None where they left them alone.
    """

    rows: Array
    layout: Layout
    phases: tuple[Phase, ...]
    initial: InitialState
    wrong: npt.NDArray[np.bool_]
    score: Mapping[str, Any] | None
    about: Mapping[str, Any]
    applied: Applied | None = None
    applied_reads: AppliedReads | None = None

    def __post_init__(self) -> None:
        if self.applied is not None:
            self.applied.check(self.steps, *self.initial.memory.shape)

    @property
    def bit_errors(self) -> int:
        """How many bits came out wrong."""
        return int(self.wrong.sum())

    @property
    def steps(self) -> int:
        """T."""
        return len(self.rows)

    @cached_property
    def arrays(self) -> dict[str, Array]:
        """Every field by name: [T, length], a number a step as [T]. Views of `rows`, not copies."""
        return self.layout.arrays(self.rows)

    @property
    def set_locations(self) -> list[int]:
        """Those of which interventions set a cell."""
        return [] if self.applied is None else np.unique(self.applied.rows).tolist()

    def changed_reads(self, head: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """[T, W] each: r ← gain · r + offset of a head's reads, 1 and 0 where no intervention changed them."""
        width, number = self.initial.memory.shape[1], self.layout.read_heads.index(head)
        gains, offsets = np.ones((self.steps, width)), np.zeros((self.steps, width))
        if self.applied_reads is not None:
            for step in range(self.steps):
                if (found := self.applied_reads.at(step, number, width)) is not None:
                    gains[step], offsets[step] = found
        return gains, offsets

    def memories(self) -> Array:
        """The memory after every step, [T, N, W]: what was applied, then head by head M ← M ∘ (1 − w eᵀ) + w aᵀ."""
        memory, memories = self.initial.memory, []
        for step in range(self.steps):
            if self.applied is not None and (cells := self.applied.at(step)) is not None:
                memory = memory.copy()
                cells.set_in(memory)
            for head in self.layout.write_heads:
                w, e, a = (self.arrays[f"{head}.{name}"][step] for name in WRITTEN)
                memory = memory * (1 - np.outer(w, e)) + np.outer(w, a)
            memories.append(memory)
        return np.stack(memories)
