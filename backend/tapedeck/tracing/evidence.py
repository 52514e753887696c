"""What a diagnosis needs of a run, kept while the run goes on: far less than its trace.

Dimensions: T steps, C channels, N locations, W width.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.ntm import DELIMITERS
from tapedeck.tasks import Phase
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing.engine import Frame, Run
from tapedeck.tracing.invariants import Ints, Recall, compare_recall
from tapedeck.tracing.layout import Layout
from tapedeck.tracing.output import Doubles, OutputLayer
from tapedeck.tracing.trace import Array, InitialState

Flags = npt.NDArray[np.bool_]

NEGLIGIBLE = 1e-9
"""A write with no more weight than this leaves nothing on a location that a share would show."""


class Origin(NamedTuple):
    """Whose what stands at a location is, by the shares of its magnitude."""

    own: float
    """Of the step that was asked for"""
    others: float
    """Of all other steps at which the write head was focused on the location"""


class Focused(NamedTuple):
    """Where a head's weighting has its peak, and how high it is."""

    location: Ints
    """[T]"""
    peak: Array
    """[T]"""


@dataclass(frozen=True)
class Evidence:
    """What was seen of a whole run.

    Attributes:
        phases: of the task.
        initial: before step 0.
        layer: from read vectors to outputs.
        outputs, targets: [T, C] of 0s and 1s, above the threshold or not, as bits are counted.
        wrong: [T, bits], the bits that count and came out wrong.
        write_weightings: [T, N].
        erase_vectors, add_vectors: [T, W].
        write, read: the two heads.
    """

    phases: tuple[Phase, ...]
    initial: InitialState
    layer: OutputLayer
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
        """Channels without the delimiters."""
        return int(self.targets.shape[1]) - DELIMITERS

    @cached_property
    def recall(self) -> Recall:
        """The reads against the writes; empty where the run is no copy."""
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
        left = np.cumprod(np.vstack([np.ones_like(self.initial.memory[:1]), kept[::-1]]), axis=0)[::-1]
        given = np.abs(weights * self.add_vectors[steps] * left[1:]).sum(axis=1)
        initial = np.abs(self.initial.memory[location] * left[0]).sum()
        shares: Doubles = given / ((given.sum() + initial) or 1)
        others = np.where((self.write.location[steps] == location) & (steps != own), shares, 0)
        return Origin(float(shares[steps == own].sum()), float(others.sum()))


class Witness:
    """Sees a run's frames, in order, and keeps what a diagnosis needs: 4 N bytes a step and little more."""

    def __init__(self, layout: Layout, phases: tuple[Phase, ...], initial: InitialState, layer: OutputLayer) -> None:
        steps, (locations, width) = phases[-1].stop, initial.memory.shape
        channels = len(layer.bias)
        (self._writer,), (self._reader,) = layout.write_heads, layout.read_heads
        self._columns = {field.name: where for field, where in layout.columns()}
        self._evidence = Evidence(
            phases,
            initial,
            layer,
            outputs=np.empty((steps, channels), np.bool_),
            targets=np.empty((steps, channels), np.bool_),
            wrong=np.empty((steps, channels - DELIMITERS), np.bool_),
            write_weightings=np.empty((steps, locations), np.float32),
            erase_vectors=np.empty((steps, width), np.float32),
            add_vectors=np.empty((steps, width), np.float32),
            write=Focused(np.empty(steps, np.int64), np.empty(steps, np.float32)),
            read=Focused(np.empty(steps, np.int64), np.empty(steps, np.float32)),
        )

    @classmethod
    def of(cls, run: Run) -> Witness:
        """Of a run that is about to start."""
        return cls(run.layout, run.episode.phases, run.initial, OutputLayer.of(run.machine))

    def see(self, frame: Frame, wrong: Flags) -> None:
        """The next steps, and which of their outputs came out wrong, [steps, C]."""
        kept, at = self._evidence, slice(frame.first_step, frame.first_step + len(frame.rows))
        kept.outputs[at] = self._of(frame, "outputs") > THRESHOLD
        kept.targets[at] = self._of(frame, "targets") > THRESHOLD
        kept.wrong[at] = wrong[:, : kept.bits]
        kept.write_weightings[at] = self._of(frame, f"{self._writer}.weighting")
        kept.erase_vectors[at] = self._of(frame, f"{self._writer}.erase_vector")
        kept.add_vectors[at] = self._of(frame, f"{self._writer}.add_vector")
        for head, name in ((kept.write, self._writer), (kept.read, self._reader)):
            weightings = self._of(frame, f"{name}.weighting")
            head.location[at] = weightings.argmax(axis=1)
            head.peak[at] = weightings.max(axis=1)

    def evidence(self) -> Evidence:
        """After the last frame."""
        return self._evidence

    def _of(self, frame: Frame, name: str) -> Array:
        values: Array = frame.rows[:, self._columns[name]]
        return values
