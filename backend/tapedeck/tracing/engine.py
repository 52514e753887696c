"""Running a machine on an episode, step by step, with every number of every step recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.errors import InvalidLocations, InvalidRequest, InvalidSequence, NonFinite
from tapedeck.ntm import MIN_LOCATIONS, NeuralTM
from tapedeck.tasks import TASKS, Episode
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing.layout import Layout, row
from tapedeck.tracing.trace import InitialState, Trace

FRAME_STEPS = 16
"""The most steps of one frame: above it a frame saves nothing more, and the first paint waits longer."""


Vectors = Sequence[Sequence[int] | npt.NDArray[Any]] | npt.NDArray[Any] | Float[Tensor, "L bits"]
"""Vectors of 0s and 1s: lists, or an array [L, bits] of any type of numbers."""


class Frame(NamedTuple):
    """Rows of consecutive steps, float32, one row a step in the columns of the run's layout."""

    first_step: int
    rows: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is ready to start: a pure function of its parts, which may be started any number of times.

    Attributes:
        machine: read only; any number of runs share it.
        episode: of a single sequence, no batch.
        locations: N of this run.
    """

    machine: NeuralTM
    episode: Episode
    locations: int

    @property
    def layout(self) -> Layout:
        """The columns of the rows."""
        return Layout.of(self.machine.spec, self.locations)

    @property
    def initial(self) -> InitialState:
        """The memory and the weightings before step 0, from which the memory of every step can be rebuilt."""
        # Clones: a float32 machine's own would be the same memory, open to whoever holds the trace.
        state = self.machine.initial_state(locations=self.locations).map(torch.clone)
        names = [head.name for head in self.machine.spec.heads]
        return InitialState(_float32(state.memory), dict(zip(names, map(_float32, state.weightings), strict=True)))

    def frames(self, most_steps: int = FRAME_STEPS, steps: int | None = None) -> Iterator[Frame]:
        """Runs the machine, for so many steps or to the end; yields each frame as soon as its steps are computed.

        The first frame holds one step.

        Raises:
            NonFinite: a number of a step is none any more. Nothing of the frame that has it is given.
        """
        steps = self.episode.steps if steps is None else min(steps, self.episode.steps)
        pairs = list(zip(self.episode.inputs, self.episode.targets, strict=True))
        state = self.machine.initial_state(locations=self.locations)
        projection = self.machine.projection()
        stop = 0
        while stop < steps:
            start, stop = stop, min(steps, stop + most_steps if stop else 1)
            rows, unclamped = [], []
            with torch.inference_mode():
                for x, target in pairs[start:stop]:
                    output, state, trace = self.machine.step(x, state, projection)
                    rows.append(row(x, target, output, trace))
                    unclamped.append(trace.unclamped_output)
                recorded = _float32(torch.stack(rows))
                # The clamp makes a sure bit of an infinite output, so it is looked at before.
                finite = np.isfinite(recorded).all(axis=1) & np.isfinite(_float32(torch.stack(unclamped))).all(axis=1)
            if not finite.all():
                raise NonFinite(start + int(finite.argmin()))
            yield Frame(start, recorded)

    def trace(self) -> Trace:
        """Runs the machine to the end.

        Raises:
            NonFinite: its numbers overflow.
        """
        recorded = np.concatenate([frame.rows for frame in self.frames()])
        return Trace(recorded, self.layout, self.episode.phases, self.initial, self.bit_errors(recorded))

    def bit_errors(self, rows: npt.NDArray[np.float32], first_step: int = 0) -> int:
        """Wrong bits of the scored phase among the rows of consecutive steps, so that a run may be counted in parts."""
        columns = {field.name: where for field, where in self.layout.columns()}
        scored = rows[max(0, self.episode.scored.start - first_step) : max(0, self.episode.scored.stop - first_step)]
        wrong = (scored[:, columns["outputs"]] > THRESHOLD) != (scored[:, columns["targets"]] > THRESHOLD)
        return int(wrong[:, : self.episode.bits].sum())


def _float32(values: Tensor) -> npt.NDArray[np.float32]:
    return values.detach().to(torch.float32).contiguous().numpy()


def prepare(
    machine: NeuralTM,
    task: str,
    sequence: Vectors,
    locations: int | None = None,
) -> Run:
    """A run of the machine on a sequence of 0s and 1s.

    Raises:
        InvalidSequence: no vector at all, a vector of another width, or anything but 0 and 1.
        InvalidLocations: fewer than 3 locations, or too few for where the machine starts.
        InvalidRequest: a task that this version does not know.
    """
    config = machine.config
    rows = check_sequence(task, sequence, config.bits)
    chosen = config.locations if locations is None else locations
    if chosen < MIN_LOCATIONS:
        raise InvalidLocations(f"locations must be at least {MIN_LOCATIONS}, got {chosen}.", field="locations")
    machine.initial_state(locations=chosen)  # raises now rather than at the first frame
    vectors = torch.tensor(rows, dtype=machine.output_layer.weight.dtype)
    return Run(machine, TASKS[task].episode(vectors), chosen)


def check_task(task: str) -> None:
    """A task that this version knows.

    Raises:
        InvalidRequest: it does not.
    """
    if task not in TASKS:
        raise InvalidRequest(
            f"This version runs {', '.join(TASKS)}; the machine was trained on “{task}”.", field="checkpoint"
        )


def check_sequence(task: str, sequence: Vectors, bits: int) -> list[Any]:
    """The vectors of a sequence as lists, from which nothing is made yet.

    Raises:
        InvalidRequest: a task that this version does not know.
        InvalidSequence: no vector at all, a vector of another width, or anything but 0 and 1.
    """
    check_task(task)
    rows = _listed(sequence)
    if not rows:
        raise InvalidSequence(
            f"The sequence is empty; give at least one vector of {bits} bits, such as {'10110011'[:bits]}.",
            field="sequence",
        )
    for index, vector in enumerate(map(_listed, rows)):
        if not isinstance(vector, Sequence):
            raise InvalidSequence(
                f"Vector {index + 1} is {vector!r}; each one is a list of {bits} bits.", field=f"sequence.{index}"
            )
        if len(vector) != bits:
            raise InvalidSequence(
                f"Vector {index + 1} has {len(vector)} bits; this machine reads {bits} bits a vector.",
                field=f"sequence.{index}",
            )
        for place, bit in enumerate(vector):
            if bit not in (0, 1):
                raise InvalidSequence(
                    f"Bit {place + 1} of vector {index + 1} is {bit!r}; every bit must be 0 or 1.",
                    field=f"sequence.{index}.{place}",
                )
    return [_listed(vector) for vector in rows]


def _listed(values: Any) -> Any:
    """An array as lists of Python's own numbers; anything else as it is."""
    return values.tolist() if isinstance(values, Tensor | np.ndarray) else values
