"""Where the numbers of one field are kept: float32, a row a step, in room that doubles."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tapedeck.errors import InvalidRecording
from tapedeck.recorder.values import array_of

FLOAT, DENSE = torch.float32, torch.strided
ROOM = 64
"""Steps that there is room for at first."""


class Slot:
    """One field.

    Attributes:
        name: as in the file.
        given: the shape that every step must give, with its batch.
        axes: what each dimension of a step counts; none of a number a step.
    """

    __slots__ = ("axes", "example", "given", "name", "rows")

    def __init__(self, name: str, given: tuple[int, ...], axes: tuple[str, ...], example: int | None) -> None:
        self.name, self.given, self.axes, self.example = name, given, axes, example
        shape = given if example is None else given[1:]
        # A number a step may come as an array of one.
        self.rows: npt.NDArray[np.float32] = np.empty((ROOM, *(shape or (1,))), np.float32)

    def put(self, step: int, value: Any) -> None:
        """Copies the numbers of a step.

        Raises:
            InvalidRecording: they are not numbers, or of another shape than at step 0.
        """
        if value.__class__ is Tensor and value.dtype is FLOAT and value.is_cpu and value.layout is DENSE:
            values = value.numpy(force=True)  # what most loops give, without a call in between
        else:
            values = array_of(self.name, value)
        if values.shape != self.given:
            raise InvalidRecording(
                f"{self.name} must have the shape {self.given}, as at step 0; it has {tuple(values.shape)}."
            )
        if step == len(self.rows):
            self.rows = np.concatenate([self.rows, np.empty_like(self.rows)])
        self.rows[step] = values if self.example is None else values[self.example]

    def taken(self, steps: int) -> npt.NDArray[np.float32]:
        """The first steps: [T, …], a number a step as [T]."""
        rows = self.rows[:steps]
        return rows if self.axes else rows[:, 0]
