"""Whether a machine has learned its task by now: the same episodes again and again, in one pass."""

from __future__ import annotations

import torch

from tapedeck.ntm import NeuralTM
from tapedeck.tasks import bit_errors
from tapedeck.training.recipes import AnyRecipe
from tapedeck.training.unroll import activated, outputs_together

SEED = 2014
"""Not that of any training: the episodes are the same for every run of a recipe."""


class Validation:
    """Episodes of fair random bits at the sizes of a recipe."""

    def __init__(self, recipe: AnyRecipe) -> None:
        self._episodes = recipe.validation_episodes(torch.Generator().manual_seed(SEED))

    @property
    def bits(self) -> int:
        """Over all episodes."""
        return sum(episode.scored_bits for episode in self._episodes)

    def bit_errors(self, machine: NeuralTM) -> int:
        """Wrong bits over all episodes."""
        outputs = [activated(machine, each) for each in outputs_together(machine, self._episodes)]
        return sum(int(bit_errors(*each).sum()) for each in zip(outputs, self._episodes, strict=True))
