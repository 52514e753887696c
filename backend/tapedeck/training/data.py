"""What a machine sees in training: an endless row of batches, the same for the same recipe and seed."""

from __future__ import annotations

from jaxtyping import UInt8
from torch import Generator, Tensor

from tapedeck.tasks import Episode
from tapedeck.training.recipes import AnyRecipe


class Batches:
    """Draws one batch after another. Its whole state is its random generator's."""

    def __init__(self, recipe: AnyRecipe, seed: int) -> None:
        self._recipe = recipe
        self._generator = Generator().manual_seed(seed)

    @property
    def state(self) -> UInt8[Tensor, " S"]:
        """Where in the row the next batch stands; setting it goes there."""
        return self._generator.get_state()

    @state.setter
    def state(self, value: UInt8[Tensor, " S"]) -> None:
        self._generator.set_state(value)

    def next(self, update: int, level: int = 0) -> Episode:
        """The next batch, for an update, at a level of the recipe."""
        return self._recipe.draw(self._generator, update, level)
