"""From named tensors to a machine, with everything about them checked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, quoted
from tapedeck.ntm import MachineSpec, NeuralTM, State

MOST_OF_A_SIZE = 65536
"""Of locations, width, channels and units. Beyond it torch's own sizes would overflow."""

MOST_PARTS = 64
"""Heads and layers: each is made, whatever its size, before anything is compared with it."""


def assemble(spec: MachineSpec, initial: State, parameters: Mapping[str, Tensor]) -> NeuralTM:
    """A machine of this specification and these numbers, in eval mode, without gradients; it shares their memory.

    No random number is drawn and nothing of the sizes is allocated, so sizes that the tensors do not have cost nothing.

    Raises:
        CheckpointUnreadable: a parameter is missing, unknown, of another shape or not finite; or the initial state is
            not one that a machine can start from.
    """
    check_sizes(spec)
    try:
        with torch.device("meta"):
            machine = NeuralTM(spec, initial)
    except InvalidConfiguration as error:
        raise CheckpointUnreadable(error.detail) from error
    expected = machine.state_dict()
    check_names(parameters, expected)
    for name, like in expected.items():
        _check_parameter(name, parameters[name], like)
    machine.load_state_dict(parameters, assign=True)
    return machine.eval().requires_grad_(requires_grad=False)


def check_sizes(spec: MachineSpec) -> None:
    """Raises CheckpointUnreadable for a machine that is larger than any."""
    sizes = (spec.memory.locations, spec.memory.width, len(spec.inputs), len(spec.outputs), *spec.controller.sizes)
    if max(sizes) > MOST_OF_A_SIZE:
        raise CheckpointUnreadable(f"it has a size of {max(sizes)}; {MOST_OF_A_SIZE} is the most.")
    parts = len(spec.heads) + len(spec.controller.sizes)
    if parts > MOST_PARTS:
        raise CheckpointUnreadable(f"it has {parts} heads and layers; {MOST_PARTS} is the most.")


def check_names(given: Iterable[str], expected: Iterable[str]) -> None:
    """Raises CheckpointUnreadable unless exactly the expected tensors are there."""
    given, expected = set(given), set(expected)
    if missing := sorted(expected - given):
        raise CheckpointUnreadable(f"tensor {quoted(missing[0])} is missing{_and_more(missing)}.")
    if unknown := sorted(given - expected):
        raise CheckpointUnreadable(
            f"tensor {quoted(unknown[0][:80])} does not belong to this machine{_and_more(unknown)}."
        )


def _and_more(names: list[str]) -> str:
    return f", and {len(names) - 1} more" if len(names) > 1 else ""


def _check_parameter(name: str, value: Tensor, like: Tensor) -> None:
    if value.shape != like.shape:
        raise CheckpointUnreadable(
            f"tensor {quoted(name)} must have shape {tuple(like.shape)}, got {tuple(value.shape)}."
        )
    if not torch.isfinite(value).all():
        raise CheckpointUnreadable(f"tensor {quoted(name)} must hold finite numbers only.")
