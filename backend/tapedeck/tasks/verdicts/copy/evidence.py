"""What a diagnosis needs of a run, kept during the run: far less than its trace.

Dimensions: T steps, C channels, N locations, W width.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.tasks.episode import Phase
from tapedeck.tasks.verdicts.copy.recall import Recall, compare_recall
from tapedeck.tasks.verdicts.witness import Array, Flags, Focused, Ints

Doubles = npt.NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""A write with no more weight than this leaves nothing on a location that a share would show."""


class Origin(NamedTuple):
    """Whose what stands at a location is, by the shares of its magnitude."""

    own: float
    """Of the step that was asked for"""
    others: float
    """Of all other steps at which the write head was focused on the location"""


class OutputWeights(NamedTuple):
    """From a read vector to the outputs before their activation: y = V r + b."""

    weight: Doubles
    """V [O, W]"""
    bias: Doubles
    """b [O]"""

    def decode(self, vectors: Doubles) -> Doubles:
        """[..., O] of read vectors [..., W]."""
        outputs: Doubles = vectors @ self.weight.T + self.bias
        return outputs


@dataclass(frozen=True)
class Evidence:
    """What was seen of a whole run.

    Attributes:
        phases: of the task.
        start: the memory before step 0, [N, W].
        layer: from read vectors to outputs.
        outputs, targets: [T, C] of 0s and 1s, above the threshold or not, as bits are counted.
        wrong: [T, bits], the bits that count and came out wrong.
        write_weightings: [T, N].
        erase_vectors, add_vectors: [T, W].
        write, read: the two heads.
    """

    phases: tuple[Phase, ...]
    start: Array
    layer: OutputWeights
    outputs: Flags
    targets: Flags
    wrong: Flags
    write_weightings: Array
    erase_vectors: Array
    add_vectors: Array
    write: Focused
    read: Focused

    @property
    def locations(self) -> int:
        """N."""
        return int(self.write_weightings.shape[1])

    @property
    def bits(self) -> int:
        """Of a vector."""
        return int(self.wrong.shape[1])

    @cached_property
    def recall(self) -> Recall:
        """The reads against the writes; empty where the run is not a copy."""
        return compare_recall(self.phases, self.write.location, self.read.location, self.locations)

    def later_writes(self, location: int, after: int, until: int) -> Ints:
        """The steps after one, up to another, at which the write head was focused on a location."""
        return np.flatnonzero(self.write.location[after + 1 : until + 1] == location) + after + 1

    def origin(self, location: int, step: int, own: int) -> Origin:
        """Whose what stands at a location after a step is: the sum of `tapedeck.tracing.provenance`, there alone."""
        steps = np.flatnonzero(self.write_weightings[: step + 1, location] > NEGLIGIBLE)
        weights = self.write_weightings[steps, location, np.newaxis].astype(np.float64)
        kept = 1 - weights * self.erase_vectors[steps]
        # left[τ] = Π_{τ≤u≤t} kept[u], from the last step down; of what step τ itself gave, left[τ + 1] is left
        left = np.cumprod(np.vstack([np.ones_like(self.start[:1]), kept[::-1]]), axis=0)[::-1]
        given = np.abs(weights * self.add_vectors[steps] * left[1:]).sum(axis=1)
        initial = np.abs(self.start[location] * left[0]).sum()
        shares: Doubles = given / ((given.sum() + initial) or 1)
        others = np.where((self.write.location[steps] == location) & (steps != own), shares, 0)
        return Origin(float(shares[steps == own].sum()), float(others.sum()))
