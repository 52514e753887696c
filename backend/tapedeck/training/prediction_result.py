"""How well a machine predicts: what its predictions cost above the best possible, and how certain that is.

The streams are drawn independently, and their bits are not: an interval counts streams, as that of wrong bits counts
sequences. Rubin (1981), The Bayesian Bootstrap: the streams that were seen are weighted at random, and each
weighting gives a ratio of what was paid to what the best would have paid. Of a single stream it says nothing of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from tapedeck.tasks.measure import EXCESS, Measure
from tapedeck.tasks.task import Size
from tapedeck.training.intervals import CONFIDENCE, DRAWS, DRAWS_SEED, Interval

DECIMALS = 4
"""Of the bits of a single stream."""


@dataclass(frozen=True, slots=True)
class PredictionResult:
    """A machine at one size.

    Attributes:
        size, pattern, locations: of the streams, and N of the run.
        bits: that were predicted and came, of all streams together.
        cost_by_sequence, optimum_by_sequence: what each stream cost in bits, and what the best predictions would have.
        worst: the stream that cost most above the optimum, as a request has it.
        sequences: how many there were.
        cost, optimum: of all together, in bits.
        excess: cost / optimum − 1.
        interval: where the excess lies with 95 % confidence.
    """

    size: Size
    pattern: str
    locations: int
    bits: int
    cost_by_sequence: list[float]
    optimum_by_sequence: list[float]
    worst: dict[str, Any]
    sequences: int = field(init=False)
    cost: float = field(init=False)
    optimum: float = field(init=False)
    excess: float = field(init=False)
    interval: Interval = field(init=False)

    def __post_init__(self) -> None:
        cost, optimum = sum(self.cost_by_sequence), sum(self.optimum_by_sequence)
        found = {
            "sequences": len(self.cost_by_sequence),
            "cost": cost,
            "optimum": optimum,
            "excess": cost / optimum - 1,
            "interval": excess_interval(self.cost_by_sequence, self.optimum_by_sequence),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @property
    def measure(self) -> Measure:
        """How it is counted."""
        return EXCESS

    @property
    def rate(self) -> float:
        """The number of its measure."""
        return self.excess

    def document(self) -> dict[str, Any]:
        """As plain JSON; each number of its size stands under its own name."""
        plain = asdict(self)
        for name in ("cost_by_sequence", "optimum_by_sequence"):
            plain[name] = [round(bits, DECIMALS) for bits in plain[name]]
        return {**plain.pop("size"), **plain, "interval": list(self.interval)}


def excess_interval(cost: Sequence[float], optimum: Sequence[float]) -> Interval:
    """Where Σ cost / Σ optimum − 1 lies, from those of each stream, at least one."""
    generator = np.random.default_rng(DRAWS_SEED)
    paid, least = np.zeros(DRAWS), np.zeros(DRAWS)
    for of_stream, best in zip(cost, optimum, strict=True):
        weight = generator.standard_exponential(DRAWS)
        paid += of_stream * weight
        least += best * weight
    low, high = np.quantile(paid / least - 1, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    excess = sum(cost) / sum(optimum) - 1
    return Interval(min(float(low), excess), max(float(high), excess))
