"""What a machine sees in training: an endless row of batches, the same for the same recipe and seed."""

from __future__ import annotations

import torch
from jaxtyping import Float, UInt8
from torch import Generator, Tensor

from backend.tasks import TASKS, Episode
from backend.training.patterns import PATTERNS
from backend.training.recipe import Recipe


class Batches:
    """Draws one batch after another. Its whole state is its random generator's."""

    def __init__(self, recipe: Recipe, seed: int) -> None:
        self._recipe = recipe
        self._task = TASKS[recipe.task]
        self._kinds = [PATTERNS[name] for name in recipe.patterns]
        self._shares = torch.tensor(list(recipe.patterns.values()), dtype=torch.float64)
        self._generator = Generator().manual_seed(seed)

    @property
    def state(self) -> UInt8[Tensor, " S"]:
        """Where in the row the next batch stands; setting it goes there."""
        return self._generator.get_state()

    @state.setter
    def state(self, value: UInt8[Tensor, " S"]) -> None:
        self._generator.set_state(value)

    def next(self) -> Episode:
        """The next batch: episodes of one length, drawn evenly, each of a kind drawn by its share."""
        recipe = self._recipe
        drawn = torch.randint(recipe.shortest, recipe.longest + 1, (), generator=self._generator)
        return self._task.episode(self._sequences(int(drawn)))

    def _sequences(self, length: int) -> Float[Tensor, "L batch bits"]:
        recipe = self._recipe
        kinds = torch.multinomial(self._shares, recipe.batch_size, replacement=True, generator=self._generator)
        drawn = [self._kinds[kind](self._generator, length, 1, recipe.bits) for kind in kinds.tolist()]
        return torch.cat(drawn, dim=1)
