"""Which of the vectors that were heard came out where, of a task that asks for them by their priority.

The page finds the same (`viewer/tapedeck_viewer/model/ranking.mjs`). Vectors and ranks are counted from 0 here, and
from 1 where people read of them.

Dimensions: n vectors heard, B bits of a vector, K vectors that came out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tapedeck.tasks.verdicts.witness import Array, Flags, Ints

NEAR = 0.25
"""The greatest share of wrong bits with which the vector whose turn it is is still said to have come out."""


FAR = 3
"""From more ranks away no vector came where the one that was due may have, with wrong bits: it is alike by chance."""


class Ranking:
    """The vectors that were heard, by rank.

    Attributes:
        heard: [n, B]
        priorities: [n]
        order: [n], the vector of each rank, from the highest priority down.
        ranks: [n], the rank of each vector.
    """

    def __init__(self, heard: Flags, priorities: Array) -> None:
        self.heard, self.priorities = heard, priorities
        self.order: Ints = np.argsort(-priorities, kind="stable")
        self.ranks: Ints = np.argsort(self.order, kind="stable")

    def due(self, count: int) -> Flags:
        """The first so many, in order: [K, B]."""
        found: Flags = self.heard[self.order[:count]]
        return found

    def came(self, rank: int, said: Flags) -> int | None:
        """The vector that came out where one of a rank was due, from its bits [B]; None of none that was heard.

        Of several that are alike it is the one whose turn is nearest.
        """
        right = int(self.order[rank])
        wrong = np.count_nonzero(self.heard != said, axis=1)
        away = np.where(wrong == 0, np.abs(self.ranks - rank), len(wrong))
        nearest, is_near = int(np.argmin(away)), bool(wrong[right] <= NEAR * self.heard.shape[1])
        if wrong[right] and away[nearest] < len(wrong) and not (is_near and away[nearest] > FAR):
            return nearest
        return right if is_near else None


def kendall(ranks: Sequence[int]) -> float | None:
    """Kendall's τ of ranks in the order in which they came: 1 where each is above the one before it, −1 where none is.

    None of fewer than two different ones. Of ranks that came twice the pair counts for neither.
    """
    came = np.array(ranks)
    first, second = np.triu_indices(len(came), k=1)
    signs = np.sign(came[second] - came[first])
    return float(signs.sum() / np.count_nonzero(signs)) if signs.any() else None
