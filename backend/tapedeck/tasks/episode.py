"""An episode: what goes into a machine at every step, what should come out, and how it is scored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from tapedeck.tasks.optimum import Optimum, cost

THRESHOLD = 0.5
"""An output above it counts as a 1."""

Role = Literal["delimiter", "input", "query", "recall", "prediction"]


class Phase(NamedTuple):
    """A stretch of steps, `start` included, `stop` not; its role is the same for every task."""

    name: str
    start: int
    stop: int
    role: Role = "input"


@dataclass(frozen=True, slots=True)
class Episode:
    """One run's inputs and targets, time first, with any batch dimensions between.

    Attributes:
        inputs: what each of the C input channels hears; flags where all of it is 0 or 1 and room is short.
        targets: 0 or 1, numbers or flags; zero where nothing is scored.
        phases: in order, together all T steps.
        mask: the outputs that count: the first channels of consecutive steps.
        optimum: where outputs are probabilities, the best that can be said; they are not right or wrong then, but cost
            more or fewer bits.
    """

    inputs: Float[Tensor, "T *batch C"] | Bool[Tensor, "T *batch C"]
    targets: Float[Tensor, "T *batch O"] | Bool[Tensor, "T *batch O"]
    phases: tuple[Phase, ...]
    mask: Bool[Tensor, "T O"]
    optimum: Optimum | None = None

    @property
    def steps(self) -> int:
        """T, at least 1."""
        return self.inputs.shape[0]

    @property
    def scored(self) -> Phase:
        """The phase whose outputs count."""
        first = int(self.mask.any(dim=1).int().argmax())
        return next(phase for phase in self.phases if phase.start <= first < phase.stop)

    @property
    def bits(self) -> int:
        """The first channels that count."""
        return int(self.mask.any(dim=0).sum())

    def wrong(self, outputs: Float[Tensor, "S *batch O"], start: int = 0) -> Bool[Tensor, "S *batch O"]:
        """Which outputs of so many steps from one on came out wrong: output > 0.5 against target, where it counts.

        A probability is not wrong.
        """
        steps = slice(start, start + len(outputs))
        if self.optimum is not None:
            return torch.zeros_like(outputs, dtype=torch.bool)
        mask = self.mask[steps].reshape(-1, *(1 for _ in outputs.shape[1:-1]), self.mask.shape[1])
        return ((outputs > THRESHOLD) != (self.targets[steps] > THRESHOLD)) & mask

    def margins(self, outputs: Float[Tensor, "S *batch O"], start: int = 0) -> Float[Tensor, "*batch"]:
        """The least distance from ½ of an output that counts, in each example, of so many steps from one on; ∞ where
        none does.
        """
        counted = outputs.movedim(-1, 1)[self.mask[start : start + len(outputs)]]
        none = counted.new_full((1, *counted.shape[1:]), math.inf)
        return torch.cat([none, (counted - THRESHOLD).abs()]).amin(dim=0)

    def amounts(self, outputs: Float[Tensor, "S *batch O"], start: int = 0) -> Float[Tensor, "*batch"]:
        """What so many steps from one on add to the score of each example: wrong bits, or the cost of predictions."""
        return self.judged(outputs, start)[1]

    def judged(
        self, outputs: Float[Tensor, "S *batch O"], start: int = 0
    ) -> tuple[Bool[Tensor, "S *batch O"], Float[Tensor, "*batch"]]:
        """Which of them came out wrong, and what they add to the score."""
        wrong = self.wrong(outputs, start)
        if self.optimum is None:
            return wrong, wrong.sum(dim=(0, -1)).double()
        return wrong, self._costs(outputs[..., 0], start)

    @property
    def best(self) -> Float[Tensor, "*batch"]:
        """The least that each example can add up to: no wrong bit, or what the best predictions cost."""
        if self.optimum is None:
            return torch.zeros(self.inputs.shape[1:-1], dtype=torch.float64)
        return self._costs(self.optimum.probabilities)

    def _costs(self, probabilities: Float[Tensor, " S *batch"], start: int = 0) -> Float[Tensor, "*batch"]:
        steps = slice(start, start + len(probabilities))
        counts = self.mask[steps, 0]
        return cost(probabilities[counts], self.targets[steps, ..., 0][counts]).sum(dim=0)

    def score(self, amount: float) -> dict[str, int | float] | None:
        """What came of it, from all that was added up; None where nothing counts."""
        bits = self.scored_bits
        if not bits:
            return None
        if self.optimum is None:
            return {"wrong_bits": round(amount), "bits": bits, "bit_error_rate": amount / bits}
        best = float(self.best.sum())
        return {"cost": amount, "optimum": best, "excess": amount / best - 1, "bits": bits}

    @property
    def scored_bits(self) -> int:
        """How many bits count, over the whole batch."""
        return int(self.mask.sum()) * math.prod(self.inputs.shape[1:-1])


def bit_errors(outputs: Float[Tensor, "T *batch O"], episode: Episode) -> Int[Tensor, "*batch"]:
    """How many of the outputs that count came out wrong, see `Episode.wrong`."""
    start = episode.scored.start
    return episode.wrong(outputs[start : episode.scored.stop], start).sum(dim=(0, -1))
