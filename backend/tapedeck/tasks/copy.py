"""The copy task: say back what was heard (Graves et al. 2014, section 4.1)."""

from __future__ import annotations

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import DELIMITERS
from tapedeck.tasks.episode import Episode, Phase
from tapedeck.tasks.task import mask_of


class CopyTask:
    """L vectors in, the same L vectors out: 2L + 2 steps.

    Step 0 is the start delimiter (channel `bits`), steps 1…L the vectors, step L + 1 the end delimiter (channel
    `bits` + 1), then L silent steps in which the copy is expected.
    """

    name: ClassVar[str] = "copy"

    @staticmethod
    def locations_needed(length: int) -> int:
        """The least N that an exact copy of L vectors needs: L + 2."""
        return length + 2

    @staticmethod
    def steps(length: int) -> int:
        """T of the episode of L vectors: 2L + 2."""
        return 2 * length + 2

    @staticmethod
    def episode(sequence: Float[Tensor, "L *batch bits"]) -> Episode:
        """The episode of a sequence of 0s and 1s, or of a batch of sequences of one length L ≥ 1."""
        length, *batch, bits = sequence.shape
        inputs = sequence.new_zeros(CopyTask.steps(length), *batch, bits + DELIMITERS)
        targets = torch.zeros_like(inputs)
        inputs[0, ..., bits] = 1
        inputs[1 : length + 1, ..., :bits] = sequence
        inputs[length + 1, ..., bits + 1] = 1
        targets[length + 2 :, ..., :bits] = sequence
        phases = (
            Phase("start", 0, 1, "delimiter"),
            Phase("input", 1, length + 1, "input"),
            Phase("end", length + 1, length + 2, "delimiter"),
            Phase("recall", length + 2, CopyTask.steps(length), "recall"),
        )
        mask = mask_of(targets, slice(length + 2, None))
        mask[:, bits:] = False
        return Episode(inputs, targets, phases, mask)
