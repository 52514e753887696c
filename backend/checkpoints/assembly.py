"""From named tensors to a machine, with everything about them checked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from backend.errors import CheckpointUnreadable, InvalidConfiguration
from backend.ntm import NeuralTM, NTMConfig, State

MOST_OF_A_SIZE = 65536
"""Of locations, width, bits and controller size. Beyond it torch's own sizes would overflow."""


def assemble(config: NTMConfig, initial: State, parameters: Mapping[str, Tensor]) -> NeuralTM:
    """A machine of these sizes and numbers, in eval mode, without gradients. It shares the tensors' memory.

    No random number is drawn and nothing of the sizes is allocated, so sizes that the tensors do not have cost nothing.

    Raises:
        CheckpointUnreadable: a parameter is missing, unknown, of another shape or not finite; or the initial state is
            not one that a machine can start from.
    """
    greatest = max(config.locations, config.width, config.bits, config.controller_size)
    if greatest > MOST_OF_A_SIZE:
        raise CheckpointUnreadable(f"it has a size of {greatest}; {MOST_OF_A_SIZE} is the most.")
    try:
        with torch.device("meta"):
            machine = NeuralTM(config, initial)
    except InvalidConfiguration as error:
        raise CheckpointUnreadable(error.detail) from error
    expected = machine.state_dict()
    check_names(parameters, expected)
    for name, like in expected.items():
        _check_parameter(name, parameters[name], like)
    machine.load_state_dict(parameters, assign=True)
    return machine.eval().requires_grad_(requires_grad=False)


def check_names(given: Iterable[str], expected: Iterable[str]) -> None:
    """Raises CheckpointUnreadable unless exactly the expected tensors are there."""
    given, expected = set(given), set(expected)
    if missing := sorted(expected - given):
        raise CheckpointUnreadable(f"tensor {missing[0]!r} is missing{_and_more(missing)}.")
    if unknown := sorted(given - expected):
        raise CheckpointUnreadable(f"tensor {unknown[0][:80]!r} does not belong to this machine{_and_more(unknown)}.")


def _and_more(names: list[str]) -> str:
    return f", and {len(names) - 1} more" if len(names) > 1 else ""


def _check_parameter(name: str, value: Tensor, like: Tensor) -> None:
    if value.shape != like.shape:
        raise CheckpointUnreadable(f"tensor {name!r} must have shape {tuple(like.shape)}, got {tuple(value.shape)}.")
    if not torch.isfinite(value).all():
        raise CheckpointUnreadable(f"tensor {name!r} must hold finite numbers only.")
