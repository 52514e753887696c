"""An evaluation in batches of sequences, and each batch in stretches of steps.

Between two stretches whoever evaluates may do something else, or leave off. What is kept then is the state of one
batch, which is small, and nothing that grows with the length of its sequences.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.compiled.running import CompiledBatch
from tapedeck.errors import NonFinite
from tapedeck.ntm import MachineSpec, NeuralTM
from tapedeck.ntm.threads import one_thread
from tapedeck.ntm.work import step_work
from tapedeck.tasks import Episode, Task
from tapedeck.training.unroll import activated, unroll

BATCH_WORK = 250_000
"""Of all sequences of a batch at one step (see `step_work`): more gains nothing on a processor, and takes up room."""

STRETCH_WORK = 10_000_000
"""Of a stretch: some 50 ms."""

EPISODE_NUMBERS = 5_000_000
"""Of the inputs of a batch at all steps."""

STEP_WORK = 20_000
"""Of a step, however few its sequences: the calls take as long as the arithmetic."""

CLOSE = 1e-4
"""The distance from ½ at which the rounding of an engine might decide a bit: ten times what is tolerated."""

TEMPORARY = 10
"""How many arrays of the memory's size there are at one moment of a step."""


@dataclass(frozen=True, slots=True)
class Batching:
    """How an evaluation of a machine is cut up.

    Attributes:
        sequences: of a batch.
        steps: of a stretch.
        size: bytes that a batch takes up, at most.
    """

    sequences: int
    steps: int
    size: int

    @classmethod
    def of(cls, spec: MachineSpec, locations: int, total: int) -> Batching:
        """For a machine of these sizes on N locations, and sequences of so many steps."""
        work, channels = step_work(spec, locations), max(len(spec.inputs), len(spec.outputs))
        sequences = max(1, min(BATCH_WORK // work, EPISODE_NUMBERS // (total * channels)))
        steps = max(1, STRETCH_WORK // (sequences * work + STEP_WORK))
        width, units = spec.memory.width, sum(spec.controller.sizes)
        rows = steps * (3 * channels + 2 * units + 2 * width)
        numbers = 3 * total * channels + rows + TEMPORARY * locations * (width + len(spec.heads))
        return cls(sequences, steps, sequences * numbers * np.float32().nbytes)


class Counted(NamedTuple):
    """A batch that is through."""

    amounts: list[float]
    """Of each sequence: wrong bits, or what its predictions cost"""
    best: list[float]
    """The least that each could have"""
    margin: float
    """The least distance of an output from ½, over all bits that are scored"""


class Unrolled(Protocol):
    """A batch of sequences under way."""

    def advance(self, inputs: Float[Tensor, "S batch C"]) -> tuple[Float[Tensor, "S batch O"], int]:
        """Takes S steps: their outputs before the activation, and how many steps are finite, from the first on."""
        ...


class _TorchBatch:
    """All sequences at once, by the torch module on one thread."""

    def __init__(self, machine: NeuralTM, count: int, locations: int) -> None:
        self._machine, self._state = machine, machine.initial_state(count, locations=locations)

    def advance(self, inputs: Float[Tensor, "S batch C"]) -> tuple[Float[Tensor, "S batch O"], int]:
        """See `Unrolled`."""
        with one_thread(), torch.inference_mode():
            outputs, self._state = unroll(self._machine, inputs, self._state)
        finite = torch.isfinite(outputs).flatten(1).all(dim=1)
        return outputs, len(finite) if bool(finite.all()) else int((~finite).nonzero()[0])


def _begin(machine: NeuralTM, count: int, locations: int, *, compiled: bool) -> Unrolled:
    if compiled:
        return CompiledBatch(machine, machine.initial_state(locations=locations), count, torch.get_num_threads())
    return _TorchBatch(machine, count, locations)


def count_errors(
    machine: NeuralTM, task: Task[Any], examples: Any, locations: int, steps: int, *, compiled: bool = False
) -> Iterator[Counted | None]:
    """Runs a batch of examples: None after every stretch of so many steps, and last what was counted.

    Compiled, which the kernels must be ready for, it takes as many threads as torch has here; where an output comes
    close to ½, torch counts that sequence again, so that it is the definition that decides.

    Raises:
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: its numbers overflow.
    """
    episode = task.episode(examples)
    episode = replace(episode, inputs=_small(episode.inputs), targets=episode.targets.bool())
    amounts, margins = yield from _counted(machine, episode, locations, steps, compiled=compiled)
    close = margins < CLOSE
    if compiled and episode.optimum is None and close.any():
        few = replace(episode, inputs=episode.inputs[:, close], targets=episode.targets[:, close])
        amounts[close], margins[close] = yield from _counted(machine, few, locations, steps, compiled=False)
    yield Counted(amounts.tolist(), episode.best.tolist(), float(margins.min()))


def _counted(
    machine: NeuralTM, episode: Episode, locations: int, steps: int, *, compiled: bool
) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """The amount and the margin of each sequence; what is yielded marks the ends of stretches."""
    dtype = machine.output_layer.weight.dtype
    total, count = episode.inputs.shape[:2]
    batch = _begin(machine, count, locations, compiled=compiled)
    amounts, margins = torch.zeros(count, dtype=torch.float64), torch.full((count,), math.inf, dtype=dtype)
    for start in range(0, total, steps):
        outputs, finite = batch.advance(episode.inputs[start : start + steps].to(dtype))
        if finite < len(outputs):
            raise NonFinite(start + finite)
        if episode.mask[start : start + steps].any():
            found = activated(machine, outputs)
            amounts += episode.amounts(found, start)
            margins = torch.minimum(margins, episode.margins(found, start))
            del found
        del outputs  # nobody needs them while the next stretch waits for its turn
        yield None
    return amounts, margins


def _small(values: Tensor) -> Tensor:
    """The same in an eighth of the room where they are all 0 or 1; they are kept while the batch is run."""
    flags = values.bool()
    return flags if bool((values == flags).all()) else values
