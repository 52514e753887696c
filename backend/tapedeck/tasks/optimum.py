"""The Bayes-optimal estimator of a stream of bits: what nobody can beat who does not know the table it was drawn from.

Each context of `ORDER` bits has its own probability of a 1, drawn from Beta(½, ½). Of one that has been followed by n1
ones and n0 zeros so far, P(1 | n1, n0) = (n1 + ½) / (n1 + n0 + 1) (Graves et al. 2014, equation 10; Murphy 2012).

Dimensions: T steps, of which each hears a bit and predicts the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

ORDER = 5
"""Bits of a context."""

CONTEXTS = 1 << ORDER

PRIOR = 0.5
"""Of Beta(½, ½): what each count begins with."""

NEAR = 0.02
"""The share above the optimum up to which predictions count as the best possible: the luck of a stream is larger."""

LEAST_PROBABILITY = 1e-12
"""A prediction that is surer than this and wrong costs no more than 40 bits."""


class Known(NamedTuple):
    """What is known of the context of each step, after hearing its bit.

    Attributes:
        contexts: the last `ORDER` bits as a number, the one heard first counting most; −1 where there are fewer.
        zeros, ones: how often that context was followed by either, before.
    """

    contexts: Int[Tensor, " T *batch"]
    zeros: Float[Tensor, " T *batch"]
    ones: Float[Tensor, " T *batch"]


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best estimator on streams of at least `ORDER` bits. It counts when it is first asked: training never does."""

    bits: Float[Tensor, " T *batch"]

    @cached_property
    def known(self) -> Known:
        """All that it goes by."""
        stream = self.bits.long().flatten(1) if self.bits.dim() > 1 else self.bits.long().unsqueeze(1)
        steps, count = stream.shape
        streams = torch.arange(count)
        contexts = torch.full_like(stream, -1)
        followed = torch.zeros(2, CONTEXTS, count)
        seen = torch.zeros(2, steps, count)
        complete = steps - ORDER + 1
        contexts[ORDER - 1 :] = sum(stream[at : at + complete] << (ORDER - 1 - at) for at in range(ORDER))
        for step in range(ORDER - 1, steps):
            context = contexts[step]
            seen[:, step] = followed[:, context, streams]
            if step + 1 < steps:
                followed[stream[step + 1], context, streams] += 1
        return Known(*(each.view_as(self.bits) for each in (contexts, *seen)))

    @property
    def probabilities(self) -> Float[Tensor, " T *batch"]:
        """Of a 1, next; ½ where the context is not complete."""
        _, zeros, ones = self.known
        return (ones + PRIOR) / (ones + zeros + 2 * PRIOR)

    def document(self) -> Mapping[str, Any]:
        """Of a single stream, as a run's description has it."""
        return {
            "order": ORDER,
            "contexts": self.known.contexts.tolist(),
            "zeros": self.known.zeros.int().tolist(),
            "ones": self.known.ones.int().tolist(),
        }


def cost(probabilities: Tensor, targets: Tensor) -> Tensor:
    """What predictions of a 1 cost where that bit came, each in bits: −log2 of the probability that it was given."""
    given = torch.where(targets > 0.5, probabilities, 1 - probabilities)
    return -given.double().clamp(LEAST_PROBABILITY, 1).log2()
