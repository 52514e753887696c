"""Whether a machine has learned its task by now: the same episodes again and again, in one pass."""

from __future__ import annotations

import torch

from tapedeck.ntm import NeuralTM
from tapedeck.training.recipes import AnyRecipe
from tapedeck.training.unroll import activated, outputs_together

SEED = 2014
"""Not that of any training: the episodes are the same for every run of a recipe."""


class Validation:
    """Episodes of the sizes of a recipe."""

    def __init__(self, recipe: AnyRecipe) -> None:
        self._episodes = recipe.validation_episodes(torch.Generator().manual_seed(SEED))

    @property
    def bits(self) -> int:
        """Over all episodes."""
        return sum(episode.scored_bits for episode in self._episodes)

    @property
    def best(self) -> float:
        """The least amount that there can be."""
        return sum(float(episode.best.sum()) for episode in self._episodes)

    def amount(self, machine: NeuralTM) -> float:
        """Wrong bits over all episodes, or what their predictions cost."""
        outputs = [activated(machine, each) for each in outputs_together(machine, self._episodes)]
        return sum(float(episode.amounts(each).sum()) for each, episode in zip(outputs, self._episodes, strict=True))
