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
    if isinstance(value, np.ndarray) and value.dtype.kind in NUMBERS:
        return value
    try:
        found = _of_tensor(value) if isinstance(value, Tensor) else _of_others(value)
    except (TypeError, ValueError, RuntimeError, BufferError) as error:
        raise _refusal(name, value) from error
    if found.dtype.kind not in NUMBERS:
        raise _refusal(name, value)
    return found


def _of_tensor(tensor: Tensor) -> Array:
    try:
        values: Array = tensor.numpy(force=True)
    except TypeError:  # bfloat16 and other types that NumPy has none for, and layouts
        values = tensor.detach().to_dense().to(torch.float32).numpy(force=True)
    return values


def _of_others(value: Any) -> Array:
    values: Array
    if hasattr(value, "__array__") or not hasattr(value, "__dlpack__"):
        values = np.asarray(value)
    else:
        values = np.from_dlpack(value)
    return values.astype(np.float32) if values.dtype.kind == FOREIGN else values


def _refusal(name: str, value: Any) -> InvalidRecording:
    return InvalidRecording(
        f"{name} must be an array of numbers (torch, NumPy, JAX or lists); it is {_described(value)}."
    )


def _described(value: Any) -> str:
    kind = type(value).__qualname__
    return f"{kind} of {value.dtype}" if isinstance(value, Tensor | np.ndarray) else kind
