"""From what was found in a file, a variant and a way of hearing to a machine of this project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import torch
from torch import Generator, Tensor

from tapedeck.checkpoints.assembly import MOST_OF_A_SIZE, assemble
from tapedeck.checkpoints.importers.declaration import Given, Hears, InFile, Variant
from tapedeck.checkpoints.importers.finding import Found
from tapedeck.checkpoints.importers.starting import shaped
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, quoted
from tapedeck.ntm import (
    Channel,
    ControllerSpec,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    NeuralTM,
    OutputSpec,
    Start,
    Starts,
    State,
)
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.heads import REFERENCE_NAMES
from tapedeck.ntm.machine import named_as_the_reference
from tapedeck.ntm.rules import check_seed
from tapedeck.ntm.state import made, parts_of


@dataclass(frozen=True)
class Chosen:
    """What is not in a file.

    Attributes:
        locations: N, where the file does not say it.
        seed: of the parts of the start that its program draws.
        start: parts by name, see `tapedeck.ntm.state.parts_of`.

    Raises:
        InvalidConfiguration: the seed is not a whole number of 0 … 2⁶³ − 1.
    """

    locations: int = 128
    seed: int = 0
    start: Mapping[str, Tensor] | None = None

    def __post_init__(self) -> None:
        """Checks the seed."""
        check_seed(self.seed)


def channels_of(hears: Hears, inputs: int, outputs: int) -> tuple[tuple[Channel, ...], tuple[Channel, ...]] | None:
    """The input and the output channels of a machine that has so many; None where it cannot hear a task so."""
    bits = inputs - len(hears.inputs) if hears.bits is None else hears.bits
    own = tuple(Channel(f"bit {number}", "bit") for number in range(1, bits + 1))
    said = own if hears.bits is None else ()
    found = (*own, *hears.inputs), (*said, *hears.outputs)
    fits = bits >= 1 and tuple(map(len, found)) == (inputs, outputs)
    return found if fits else None


def fits(found: Found, variant: Variant) -> bool:
    """Whether the heads and the output see as many numbers as a variant's do."""
    reads = sum(head.kind == "read" for head in found.heads) * found.width
    sizes = {"hidden": found.units[-1], "cell": found.units[-1], "inputs": found.inputs, "reads": reads}
    drive = {weight.shape[1] for head in found.heads for weight, _ in head.layers.values()}
    return drive == {sum(sizes[term] for term in variant.drives)} and found.output[0].shape[1] == sum(
        sizes[term] for term in variant.terms
    )


def build(found: Found, variant: Variant, hears: Hears, chosen: Chosen) -> NeuralTM:
    """The machine, in eval mode, without gradients.

    Raises:
        CheckpointUnreadable: its tensors do not fit one another.
    """
    locations = chosen.locations if found.locations is None else found.locations
    if max(found.inputs, found.outputs, locations) > MOST_OF_A_SIZE:
        raise CheckpointUnreadable(f"it has a size above {MOST_OF_A_SIZE}, which is the most.")
    channels = channels_of(hears, found.inputs, found.outputs)
    assert channels is not None  # noqa: S101 - whoever calls has asked
    try:
        starts, tensors = _start(found, chosen)
        spec = replace(_spec(found, variant, channels, locations), starts=starts, encoding=hears.encoding)
        state = _state(spec, tensors, chosen)
        parameters = _parameters(found, spec)
        parameters |= {
            f"initial_{name}": value
            for (name, part), value in zip(parts_of(spec).items(), state.tensors(), strict=True)
            if part.start.kind == "learned"
        }
        return assemble(spec, state, parameters)
    except InvalidConfiguration as error:
        raise CheckpointUnreadable(f"its tensors make no machine: {error.detail}") from error


def _spec(
    found: Found, variant: Variant, channels: tuple[tuple[Channel, ...], tuple[Channel, ...]], locations: int
) -> MachineSpec:
    fields: Mapping[str, Mapping[str, Any]] = {"read": variant.read, "write": variant.write}
    kind = "feed_forward" if found.keys.controller.kind == "linear" else "lstm"
    return MachineSpec(
        inputs=channels[0],
        outputs=channels[1],
        memory=MemorySpec(locations, found.width),
        controller=ControllerSpec(
            kind,  # type: ignore[arg-type]
            found.units,
            found.keys.controller.activation,
            variant.drives,
        ),
        heads=tuple(HeadSpec(head.name, head.kind, head.shifts, **fields[head.kind]) for head in found.heads),
        output=OutputSpec(variant.terms, variant.output),
        conventions=variant.conventions,
    )


def _start(found: Found, chosen: Chosen) -> tuple[Starts, dict[str, Tensor]]:
    """How each part begins, and the tensors of those that are in the file or drawn, by name."""
    tensors: dict[str, Tensor] = {}
    keys = found.keys
    if isinstance(keys.memory, InFile):
        tensors["memory"] = found.start(keys.memory)[0]
    for head in found.heads:
        if isinstance(keys.weightings, InFile):
            (tensors[f"{head.name}_weighting"],) = found.start(keys.weightings, kind=head.kind, n=head.number)
        if head.kind == "read" and isinstance(keys.reads, InFile):
            (tensors[f"{head.name}_vector"],) = found.start(keys.reads, kind=head.kind, n=head.number)
    if isinstance(keys.states, InFile) and keys.controller.kind != "linear":
        tensors |= _states(found, keys.states)
    if isinstance(keys.reads, Given) and keys.reads.start is None:
        generator, bound = Generator().manual_seed(chosen.seed), sqrt(6 / found.width)
        for head in found.heads:
            if head.kind == "read":
                tensors[f"{head.name}_vector"] = (2 * torch.rand(found.width, generator=generator) - 1) * bound
    given = chosen.start or {}
    starts = Starts(
        memory=_group(keys.memory, "memory", tensors, given),
        weightings=_group(keys.weightings, "_weighting", tensors, given),
        reads=_group(keys.reads, "_vector", tensors, given),
        controller=_begins(keys.states),
    )
    return starts, tensors


def _group(source: InFile | Given, ending: str, tensors: dict[str, Tensor], given: Mapping[str, Tensor]) -> Start:
    """How the parts whose names end so begin; where some are given, the others' tensors become what they begin with."""
    start, names = _begins(source), [name for name in tensors if name.endswith(ending)]
    if start.activation != "raw" and any(name.endswith(ending) for name in given):
        # What is given is what a run starts from, not the numbers that an activation makes it from.
        tensors |= {name: ACTIVATIONS[start.activation].function(tensors[name]) for name in names}
        return Start("stored")
    return _simplest(start, [tensors[name] for name in names])


def _states(found: Found, source: InFile) -> dict[str, Tensor]:
    """Hidden and cell of each layer, from the two of all layers."""
    tensors: dict[str, Tensor] = {}
    for kind, value in zip(("hidden", "cell"), found.start(source), strict=True):
        if value.numel() != sum(found.units):
            raise CheckpointUnreadable(
                f"the start of all layers’ {kind} must have {sum(found.units)} numbers, got {value.numel()}."
            )
        layers = value.flatten().split_with_sizes(found.units)
        tensors |= {f"{kind}{number}": layer for number, layer in enumerate(layers, 1)}
    return tensors


def _begins(source: InFile | Given) -> Start:
    if isinstance(source, Given):
        return source.start or Start("stored")
    return Start("learned", activation=source.activation) if source.learned else Start("stored")


def _simplest(start: Start, values: Sequence[Tensor]) -> Start:
    """A constant, and a weighting that is one, are called so: they may then have any number of locations."""
    if start.kind != "stored" or not all(value.numel() for value in values):
        return start
    numbers = torch.stack([value.flatten() for value in values]) if len({v.numel() for v in values}) == 1 else None
    if numbers is None:
        return start
    first = float(numbers[0, 0])
    if bool((numbers == first).all()):
        return Start("constant", first)
    place = int(numbers[0].argmax())
    one_hot = torch.zeros_like(numbers)
    one_hot[:, place] = 1
    if not torch.equal(numbers, one_hot):
        return start
    return Start("one_hot", location=None if place == numbers.shape[1] // 2 else place)


def _state(spec: MachineSpec, tensors: Mapping[str, Tensor], chosen: Chosen) -> State:
    parts, values = parts_of(spec), {}
    given = {**tensors, **(chosen.start or {})}
    if unknown := sorted(set(chosen.start or {}) - parts.keys()):
        raise CheckpointUnreadable(f"its start has no {quoted(unknown[0])}; it has {', '.join(parts)}.")
    for name, part in parts.items():
        if name not in given:
            if part.start.kind in ("learned", "stored"):
                raise CheckpointUnreadable(f"the start of {name} is not in it.")
            values[name] = made(part)
            continue
        values[name] = shaped(given[name], part.shape, name)
    return State.of(spec, values)


def _parameters(found: Found, spec: MachineSpec) -> dict[str, Tensor]:
    """By the names of this project's state_dict; what is wrong with their shapes is seen when they are assembled."""
    reference = named_as_the_reference(spec)
    parameters = {
        f"controller.layer{number}.{name}": value
        for number, layer in enumerate(found.controller, 1)
        for name, value in layer.items()
    }
    for head in found.heads:
        for stage, layer in head.layers.items():
            name = f"{head.kind}head.{REFERENCE_NAMES[stage]}" if reference else f"{head.name}.{stage}"
            parameters |= {f"{name}.{part}": value for part, value in zip(("weight", "bias"), layer, strict=True)}
    output = "r_to_s" if reference else "output"
    return parameters | {
        f"{output}.{part}": value for part, value in zip(("weight", "bias"), found.output, strict=True)
    }
