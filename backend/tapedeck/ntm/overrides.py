"""The seam through which a number of a step is replaced before the stage that uses it."""

from __future__ import annotations

from torch import Tensor

CONTROLLER = "controller"
"""What the controller is called where heads have their names."""


class Overrides:
    """What takes the place of a number while a step is computed: of nothing, unless a subclass says so."""

    def at(self, _part: str, _stage: str, value: Tensor, /) -> Tensor:
        """The value that counts, of a head's name (or `controller`) and a stage such as `key` (or `hidden`, `cell`):
        the one computed, or another like it.
        """
        return value


UNTOUCHED = Overrides()
