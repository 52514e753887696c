"""Whether a machine has learned its task by now: the same episodes again and again, in one pass."""

from __future__ import annotations

import torch

from tapedeck.ntm import NeuralTM
from tapedeck.tasks import TASKS, bit_errors
from tapedeck.training.patterns import random
from tapedeck.training.recipe import Recipe
from tapedeck.training.unroll import outputs_together

SEQUENCES = 10
"""At each length."""

MOST_LENGTHS = 20
"""Evenly spread over shortest…longest; with the default recipe that is every one."""

SEED = 2014
"""Not that of any training: the episodes are the same for every run of a recipe."""


class Validation:
    """Episodes of fair random bits at the lengths of a recipe."""

    def __init__(self, recipe: Recipe) -> None:
        generator = torch.Generator().manual_seed(SEED)
        count = min(MOST_LENGTHS, recipe.longest - recipe.shortest + 1)
        lengths = torch.linspace(recipe.shortest, recipe.longest, count).round().int().tolist()
        task = TASKS[recipe.task]
        self._episodes = [task.episode(random(generator, length, SEQUENCES, recipe.bits)) for length in lengths]

    @property
    def bits(self) -> int:
        """Over all episodes."""
        return sum(episode.scored_bits for episode in self._episodes)

    def bit_errors(self, machine: NeuralTM) -> int:
        """Wrong bits over all episodes."""
        outputs = outputs_together(machine, self._episodes)
        return sum(int(bit_errors(*each).sum()) for each in zip(outputs, self._episodes, strict=True))
