"""An evaluation in batches of sequences, and each batch in stretches of steps.

Between two stretches whoever evaluates may do something else, or leave off. What is kept then is the state of one
batch, which is small, and nothing that grows with the length of its sequences.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from tapedeck.errors import NonFinite
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.ntm.work import step_work
from tapedeck.tasks import TASKS
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.training.compiling import one_thread
from tapedeck.training.unroll import activated, unroll

BATCH_WORK = 250_000
"""Of all sequences of a batch at one step (see `step_work`): more gains nothing on a processor, and takes up room."""

STRETCH_WORK = 10_000_000
"""Of a stretch: some 50 ms."""

EPISODE_NUMBERS = 5_000_000
"""Of the inputs of a batch at all steps."""

STEP_WORK = 20_000
"""Of a step, however few its sequences: the calls take as long as the arithmetic."""

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
    def of(cls, config: NTMConfig, locations: int, total: int) -> Batching:
        """For a machine of these sizes on N locations, and sequences of so many steps."""
        work = step_work(config, locations)
        sequences = max(1, min(BATCH_WORK // work, EPISODE_NUMBERS // (total * config.channels)))
        steps = max(1, STRETCH_WORK // (sequences * work + STEP_WORK))
        rows = steps * (3 * config.channels + 2 * config.controller_size + 2 * config.width)
        numbers = 3 * total * config.channels + rows + TEMPORARY * locations * (config.width + 2)
        return cls(sequences, steps, sequences * numbers * np.float32().nbytes)


class Counted(NamedTuple):
    """A batch that is through."""

    wrong: list[int]
    """Wrong bits of each sequence"""
    margin: float
    """The least distance of an output from ½, over all bits that are scored"""


def count_errors(machine: NeuralTM, task: str, batch: Tensor, locations: int, steps: int) -> Iterator[Counted | None]:
    """Runs a batch of sequences [L, count, bits]: None after every stretch of so many steps, and last what was counted.

    Raises:
        InvalidLocations: the machine cannot run on so many locations.
        NonFinite: its numbers overflow.
    """
    dtype = machine.output_layer.weight.dtype
    episode = TASKS[task].episode(batch.to(dtype))
    inputs, targets = episode.inputs.bool(), episode.targets.bool()  # kept: an eighth of the episode
    total, first, bits = episode.steps, episode.scored.start, episode.bits
    del episode
    state = machine.initial_state(batch.shape[1], locations=locations)
    wrong, margin = torch.zeros(batch.shape[1], dtype=torch.int64), math.inf
    for start in range(0, total, steps):
        with one_thread(), torch.inference_mode():
            outputs, state = unroll(machine, inputs[start : start + steps].to(dtype), state)
        if not torch.isfinite(outputs).all():
            raise NonFinite(start + int((~torch.isfinite(outputs)).flatten(1).any(dim=1).nonzero()[0]))
        scored = slice(max(0, first - start), None)
        found, expected = (
            each[scored, :, :bits] for each in (activated(machine, outputs), targets[start : start + steps])
        )
        if len(found):
            wrong += ((found > THRESHOLD) != expected).sum(dim=(0, 2))
            margin = min(margin, float((found - THRESHOLD).abs().min()))
        del outputs, found  # nobody needs them while the next stretch waits for its turn
        yield None
    yield Counted(wrong.tolist(), margin)
