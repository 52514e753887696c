"""What a machine sees in training: an endless row of batches, the same for the same recipe and seed."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from jaxtyping import Float, UInt8
from torch import Generator, Tensor

from tapedeck.tasks import TASKS, Episode
from tapedeck.training.patterns import PATTERNS
from tapedeck.training.recipe import Recipe


class Batches:
    """Draws one batch after another. Its whole state is its random generator's."""

    def __init__(self, recipe: Recipe, seed: int) -> None:
        self._recipe = recipe
        self._task = TASKS[recipe.task]
        self._generator = Generator().manual_seed(seed)

    @property
    def state(self) -> UInt8[Tensor, " S"]:
        """Where in the row the next batch stands; setting it goes there."""
        return self._generator.get_state()

    @state.setter
    def state(self, value: UInt8[Tensor, " S"]) -> None:
        self._generator.set_state(value)

    def next(self, update: int) -> Episode:
        """The next batch, for an update: episodes of one length, drawn evenly, each of a kind drawn by its share."""
        recipe = self._recipe
        drawn = torch.randint(recipe.shortest, recipe.longest + 1, (), generator=self._generator)
        return self._task.episode(self._sequences(int(drawn), recipe.patterns_at(update)))

    def _sequences(self, length: int, patterns: Mapping[str, float]) -> Float[Tensor, "L batch bits"]:
        recipe = self._recipe
        kinds, shares = list(patterns), torch.tensor(list(patterns.values()), dtype=torch.float64)
        chosen = torch.multinomial(shares, recipe.batch_size, replacement=True, generator=self._generator)
        drawn = [PATTERNS[kinds[each]](self._generator, length, 1, recipe.bits) for each in chosen.tolist()]
        return torch.cat(drawn, dim=1)
