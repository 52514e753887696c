"""What is done to the numbers that a layer emits before they are used: activations by name, with the range of each.

A specification names them, so that machines of other conventions differ in data, not in code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

ONE = torch.ones(())
"""The 1 of the equations. A Python number would be made a tensor at each use, which takes longer than the use."""

ActivationName = Literal[
    "raw",
    "tanh",
    "relu",
    "sigmoid",
    "softplus",
    "1+softplus",
    "1+relu",
    "softmax",
    "softmax(softplus)",
    "softmax(relu)",
    "clamp",
    "ones",
]


class Range(NamedTuple):
    """The least and the greatest value that can come out; None for no bound."""

    least: float | None
    greatest: float | None


class Activation(NamedTuple):
    """A function of a layer's numbers. Ones need no layer."""

    function: Callable[[Tensor], Tensor]
    range: Range
    sums_to_1: bool = False


def _raw(values: Tensor) -> Tensor:
    return values


def _one_plus_softplus(values: Tensor) -> Tensor:
    return ONE + functional.softplus(values)


def _one_plus_relu(values: Tensor) -> Tensor:
    return ONE + torch.relu(values)


def _softmax(values: Tensor) -> Tensor:
    return torch.softmax(values, dim=-1)


def _softmax_softplus(values: Tensor) -> Tensor:
    return torch.softmax(functional.softplus(values), dim=-1)


def _softmax_relu(values: Tensor) -> Tensor:
    return torch.softmax(torch.relu(values), dim=-1)


def _clamp(values: Tensor) -> Tensor:
    return values.clamp(0, 1)


ACTIVATIONS: Mapping[ActivationName, Activation] = {
    "raw": Activation(_raw, Range(None, None)),
    "tanh": Activation(torch.tanh, Range(-1, 1)),
    "relu": Activation(torch.relu, Range(0, None)),
    "sigmoid": Activation(torch.sigmoid, Range(0, 1)),
    "softplus": Activation(functional.softplus, Range(0, None)),
    "1+softplus": Activation(_one_plus_softplus, Range(1, None)),
    "1+relu": Activation(_one_plus_relu, Range(1, None)),
    "softmax": Activation(_softmax, Range(0, 1), sums_to_1=True),
    "softmax(softplus)": Activation(_softmax_softplus, Range(0, 1), sums_to_1=True),
    "softmax(relu)": Activation(_softmax_relu, Range(0, 1), sums_to_1=True),
    "clamp": Activation(_clamp, Range(0, 1)),
    "ones": Activation(torch.ones_like, Range(1, 1)),
}
"""Every activation by its name."""
