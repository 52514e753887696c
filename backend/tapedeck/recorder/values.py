"""Numbers of any library as NumPy arrays: torch tensors of any device and type, NumPy's own, JAX's, and lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tapedeck.errors import InvalidRecording

Array = npt.NDArray[Any]

NUMBERS = "fiub"
"""The kinds of NumPy's types that are numbers and no complex ones."""
FOREIGN = "V"
"""That of bfloat16 and its like, which say themselves how they become float32."""


def array_of(name: str, value: Any) -> Array:
    """The numbers, where possible without a copy. Whoever keeps them must copy them.

    Raises:
        InvalidRecording: it is not an array of numbers.
    """
    if isinstance(value, Tensor):
        try:
            found: Array = value.numpy(force=True)
        except TypeError:  # bfloat16 and other types that NumPy has none for
            found = value.to(torch.float32).numpy(force=True)
        return found
    if isinstance(value, np.ndarray) and value.dtype.kind in NUMBERS:
        return value
    try:
        if hasattr(value, "__array__") or not hasattr(value, "__dlpack__"):
            values: Array = np.asarray(value)
        else:
            values = np.from_dlpack(value)
        if values.dtype.kind in NUMBERS:
            return values
        if values.dtype.kind != FOREIGN:
            raise TypeError  # noqa: TRY301 - said below, with all others
        return values.astype(np.float32)
    except (TypeError, ValueError, RuntimeError, BufferError) as error:
        raise InvalidRecording(
            f"{name} must be an array of numbers (torch, NumPy, JAX or lists); it is {type(value).__qualname__}."
        ) from error
