"""From named tensors to a machine, with everything about them checked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, quoted, shown
from tapedeck.ntm import DELIMITERS, MachineSpec, NeuralTM, NTMConfig, State
from tapedeck.ntm.state import initial_tensors

MOST_OF_A_SIZE = 65536
"""Of locations, width, channels and units. Beyond it torch's own sizes would overflow."""

SIZED = ("r_to_s.weight", "controller.layer1.bias")
"""Of the reference's parameters those that have all its sizes but N."""

INITIAL = "initial_"
"""What the name of a part of the start that is learned begins with, among the parameters."""

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


def from_parameters(parameters: Mapping[str, Tensor], spec: MachineSpec | None = None) -> NeuralTM:
    """A machine of these parameters by name, in float32, that starts as its specification says.

    Args:
        parameters: a state_dict, which is copied.
        spec: left out, the reference's with the sizes that the parameters have, and its 128 locations.

    Raises:
        CheckpointUnreadable: as `assemble`; or nothing tells the sizes.
        InvalidConfiguration: the start of a part is stored beside the parameters, which a state_dict has not.
    """
    for name, value in parameters.items():
        _check_tensor(name, value)
    copied = {
        name: value.detach().to(torch.float32).cpu().clone(memory_format=torch.contiguous_format)
        for name, value in parameters.items()
    }
    spec = spec or reference_sizes(copied).spec
    learned = {name.removeprefix(INITIAL): value for name, value in copied.items() if name.startswith(INITIAL)}
    return assemble(spec, State.of(spec, initial_tensors(spec) | learned), copied)


def reference_sizes(parameters: Mapping[str, Tensor], locations: int = NTMConfig().locations) -> NTMConfig:
    """Of a machine of the reference's architecture, as the tensors have them; whether they fit one another is seen when
    the machine is put together.

    Raises:
        CheckpointUnreadable: there is no such machine, or one of its tensors is missing.
    """
    check_names(set(SIZED) & parameters.keys(), SIZED)
    output, hidden = (parameters[name] for name in SIZED)
    if output.ndim != 2 or hidden.ndim != 1:
        raise CheckpointUnreadable("the parameters are not those of the reference's machine; say which it is: spec.")
    try:
        return NTMConfig(locations, output.shape[1], output.shape[0] - DELIMITERS, hidden.shape[0])
    except InvalidConfiguration as error:
        raise CheckpointUnreadable(f"no machine has its sizes: {error.detail}") from error


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


def _check_tensor(name: object, value: object) -> None:
    if not isinstance(name, str):
        raise CheckpointUnreadable(f"parameters have names, got {shown(name)} as one.")
    if not isinstance(value, Tensor):
        raise CheckpointUnreadable(f"{quoted(name[:80])} must be a tensor, got {shown(value)}.")
    if value.layout != torch.strided or value.is_complex() or value.is_quantized or value.is_meta:
        raise CheckpointUnreadable(f"tensor {quoted(name[:80])} must be dense and hold real numbers.")


def _check_parameter(name: str, value: Tensor, like: Tensor) -> None:
    if value.shape != like.shape:
        raise CheckpointUnreadable(
            f"tensor {quoted(name)} must have shape {tuple(like.shape)}, got {tuple(value.shape)}."
        )
    if not torch.isfinite(value).all():
        raise CheckpointUnreadable(f"tensor {quoted(name)} must hold finite numbers only.")
