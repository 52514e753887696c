"""What became of a stream of predictions: how far above the best possible it is, and in which contexts it falls short.

Bits are counted from 1, as people count what they type; steps from 0, as the axes do.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts
from tapedeck.tasks.episode import Episode
from tapedeck.tasks.optimum import NEAR, ORDER, Optimum, cost
from tapedeck.tasks.verdicts.diagnosis import Diagnosis
from tapedeck.tasks.verdicts.witness import Array, Flags, Witness, counted

GUESSED = 0.95
"""The least cost of a prediction, in bits, of a machine that might as well say ½ each time."""

FAR = 0.5
"""The least that a context costs too much, in bits, to be named."""

MOST_NAMED = 3
"""Contexts."""


class Kind(StrEnum):
    """What became of a stream of predictions."""

    OPTIMAL = "optimal"
    """as good as the best possible, but for 2 %"""
    SHORT = "short"
    """worse than that"""
    UNTRAINED = "untrained"
    """no better than saying one half each time"""


class Short(NamedTuple):
    """A context, and what its predictions cost above the optimum."""

    context: str
    bits: float
    times: int


class DynamicNgramsWitness(Witness):
    """Judges by the probabilities that were said."""

    def __init__(self, spec: MachineSpec, episode: Episode, optimum: Optimum) -> None:
        super().__init__(spec, episode)
        self._optimum = optimum
        self._said = np.empty(episode.steps, np.float32)

    def see(self, first_step: int, fields: Mapping[str, Array], wrong: Flags) -> None:
        """The next steps."""
        super().see(first_step, fields, wrong)
        self._said[first_step : first_step + len(wrong)] = fields["outputs"][:, 0]

    def verdict(self) -> Parts[Diagnosis]:
        """By the cost of all predictions."""
        yield from ()
        counts = self.episode.mask[:, 0]
        targets = self.episode.targets[counts, 0]
        said = cost(torch.from_numpy(self._said)[counts], targets)
        best = cost(self._optimum.probabilities[counts], targets)
        total, least = float(said.sum()), float(best.sum())
        excess, predictions = total / least - 1, len(said)
        if excess > NEAR and total >= GUESSED * predictions:
            sentence = (
                f"This machine has not learned to predict: {total:.1f} bits for {counted(predictions, 'bit')}, no "
                f"fewer than 0.50 each time would cost; the best possible is {least:.1f}."
            )
            return Diagnosis(Kind.UNTRAINED, None, None, sentence)
        sentence = f"{total:.1f} bits where the best possible is {least:.1f}; {_compared(excess)}"
        contexts = self._optimum.known.contexts[counts]
        found = _short(contexts, said - best) if excess > NEAR else []
        kind = Kind.SHORT if excess > NEAR else Kind.OPTIMAL
        return Diagnosis(kind, None, None, f"{sentence}{_named(found)}.")


def _short(contexts: Int[Tensor, " K"], above: Float[Tensor, " K"]) -> list[Short]:
    """The contexts that cost most above the optimum, the worst first."""
    found = []
    for context in sorted(set(contexts.tolist())):
        own = above[contexts == context]
        found.append(Short(f"{context:0{ORDER}b}", float(own.sum()), len(own)))
    return sorted((each for each in found if each.bits >= FAR), key=lambda each: -each.bits)[:MOST_NAMED]


def _compared(excess: float) -> str:
    percent = 100 * excess
    if abs(percent) < 0.05:
        return "as good as that"
    return f"{abs(percent):.1f} % {'above' if excess > 0 else 'below: this stream fell as it guessed'}"


def _named(found: list[Short]) -> str:
    """Where most of it is lost."""
    if not found:
        return ""
    listed = ", ".join(f"{each.context} (+{each.bits:.1f} in {counted(each.times, 'prediction')})" for each in found)
    return f". Most is lost after {listed}"
