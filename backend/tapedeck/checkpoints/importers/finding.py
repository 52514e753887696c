"""Finding where the numbers of a machine are in a file: which family's keys fit, and what each tensor is.

Sizes are read from the tensors: N and W from the memory, or from a key; C, O and H from the controller and the output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from torch import Tensor

from tapedeck.checkpoints.importers.declaration import ADDRESSING, WRITING, HeadKeys, InFile, Keys
from tapedeck.errors import CheckpointUnreadable, quoted
from tapedeck.ntm.specification import HeadKind

TOP = "top."
PARTS = ("weight", "bias")
CELL_PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
DEEPEST_PREFIX = 3
"""Dots in what may stand before all names, such as `module.` or `model_state_dict.`."""


@dataclass(frozen=True)
class FoundHead:
    """A head: what it does, its layers as pairs of weight and bias, and how many shifts it has."""

    name: str
    kind: HeadKind
    number: int
    layers: Mapping[str, tuple[Tensor, Tensor]]

    @property
    def shifts(self) -> tuple[int, ...]:
        """From the furthest forward to the furthest back, as a convolution with padding on both sides has them."""
        count = len(self.layers["shift_weighting"][1])
        return tuple(range(count // 2, count // 2 - count, -1))


@dataclass
class Found:
    """All that a machine is made of.

    Attributes:
        keys: those that fit.
        heads: in acting order.
        controller: parameters of each layer by their names in an LSTM cell or a linear layer.
        output: weight and bias.
        width: W.
        taken: the tensors of the file below its prefix, and which of them it is made of.
    """

    keys: Keys
    heads: list[FoundHead]
    controller: list[dict[str, Tensor]]
    output: tuple[Tensor, Tensor]
    width: int
    taken: _Taken = field(repr=False)

    @property
    def units(self) -> tuple[int, ...]:
        """Of each layer."""
        share = 1 if self.keys.controller.kind == "linear" else 4
        return tuple(
            len(next(value for name, value in layer.items() if "bias" in name)) // share for layer in self.controller
        )

    @property
    def inputs(self) -> int:
        """C."""
        reads = sum(head.kind == "read" for head in self.heads)
        weight = self.controller[0]["weight" if self.keys.controller.kind == "linear" else "weight_ih"]
        return weight.shape[1] - reads * self.width

    @property
    def outputs(self) -> int:
        """O."""
        return len(self.output[1])

    def start(self, source: InFile, **of: object) -> list[Tensor]:
        """The tensors of a part of the start."""
        return [self.taken(key.format(**of)) for key in source.keys]

    @property
    def locations(self) -> int | None:
        """N; None where nothing in the file says it."""
        if self.keys.locations is not None:
            return self.taken(self.keys.locations).numel()
        memory = self.keys.memory
        return self.taken(memory.keys[0]).numel() // self.width if isinstance(memory, InFile) else None

    @property
    def unknown(self) -> list[str]:
        """Tensors that are neither used nor known to play no part, by their whole names."""
        known = [re.compile(pattern) for pattern in self.keys.unused]
        left = [name for name in self.taken.left if not any(pattern.fullmatch(name) for pattern in known)]
        return [self.prefix + name for name in left] + self.taken.outside

    @property
    def prefix(self) -> str:
        """What stands before the names of all that it is made of, such as `module.`."""
        return self.taken.prefix


class _Taken:
    """The tensors below a prefix, and which of them were asked for."""

    def __init__(self, tensors: Mapping[str, Tensor], prefix: str) -> None:
        self.prefix = prefix
        self.outside = [name for name in tensors if not name.startswith(prefix)]
        self._tensors = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __call__(self, name: str) -> Tensor:
        if name not in self._tensors:
            raise CheckpointUnreadable(f"tensor {quoted(self.prefix + name)} is missing.")
        self._asked.add(name)
        return self._tensors[name]

    @property
    def left(self) -> list[str]:
        return [name for name in self._tensors if name not in self._asked]


def find(tensors: Mapping[str, Tensor], keys: Keys) -> Found | None:
    """The machine, where the names are those of some keys; None where they are not.

    Raises:
        CheckpointUnreadable: they are, but a tensor is missing or of a shape that fits no machine.
    """
    fitting = next(_fitting(tensors, keys), None)
    return None if fitting is None else _found(fitting, keys)


def prefixes_that_fit(tensors: Mapping[str, Tensor], keys: Keys) -> list[str]:
    """What stands before the names of each machine of these keys; that of the one that `find` takes comes first."""
    return [taken.prefix for taken in _fitting(tensors, keys)]


def _fitting(tensors: Mapping[str, Tensor], keys: Keys) -> Iterator[_Taken]:
    """The tensors below each prefix where the controller, the output and heads of both kinds are."""
    suffix = {"lstm": "weight_ih_l0", "lstm_cell": "weight_ih", "linear": "weight"}[keys.controller.kind]
    wanted = [f"{keys.controller.layers[0]}.{suffix}", f"{keys.output}.weight"]
    wanted += keys.memory.keys if isinstance(keys.memory, InFile) else []
    for prefix in _prefixes(tensors):
        if all(prefix + name in tensors for name in wanted):
            taken = _Taken(tensors, prefix)
            if all(_numbers(taken, head) for head in keys.heads):
                yield taken


def _prefixes(names: Iterable[str]) -> list[str]:
    found = {"": None}
    for name in names:
        parts = name.split(".")
        for depth in range(1, min(len(parts), DEEPEST_PREFIX + 1)):
            found[".".join(parts[:depth]) + "."] = None
    return list(found)


def _numbers(taken: _Taken, head: HeadKeys) -> list[tuple[int, str]]:
    """The heads of a declaration: their place and what their names begin with."""
    marked = f"{head.layers['key']}." if head.layers else ""
    pattern = re.compile(rf"({head.at})\.{re.escape(marked)}weight" if marked else rf"({head.at})\.weight")
    # The layer that no head of another kind has says which heads these are, where the names do not.
    last = [*head.layers.values(), ""][len(head.layers) - 1] if head.layers else ""
    found = []
    for name in taken:
        if match := pattern.fullmatch(name):
            place = int(match[2] or 0) if match.re.groups > 1 else 0
            layer = last.removeprefix(TOP) if last.startswith(TOP) else f"{match[1]}.{last}"
            if not last or f"{layer}.weight" in taken:
                found.append((place, match[1]))
    return sorted(found)


def _found(taken: _Taken, keys: Keys) -> Found:
    listed = [(place, order, at, head) for order, head in enumerate(keys.heads) for place, at in _numbers(taken, head)]
    listed.sort(key=lambda each: each[:2] if keys.in_turn else (each[1], each[0]))
    total = {kind: sum(head.kind == kind for *_, head in listed) for kind in ("read", "write")}
    width = _width(taken, keys, listed[0][2], listed[0][3])
    if width < 1:
        raise CheckpointUnreadable("its memory must have a width of at least 1, got 0.")
    heads: list[FoundHead] = []
    seen = {"read": 0, "write": 0}
    for _, _, at, head in listed:
        name = head.kind if total[head.kind] == 1 else f"{head.kind}{seen[head.kind] + 1}"
        heads.append(FoundHead(name, head.kind, seen[head.kind], _head_layers(taken, at, head, width)))
        seen[head.kind] += 1
    output = _layer(taken, keys.output)
    return Found(keys, heads, _controller(taken, keys), output, width, taken)


def _width(taken: _Taken, keys: Keys, at: str, head: HeadKeys) -> int:
    """W: the rows of a key; where a head's layer has all its numbers, the columns of the memory."""
    if head.layers:
        return taken(f"{at}.{head.layers['key']}.bias").numel()
    assert isinstance(keys.memory, InFile)  # noqa: S101 - a declaration whose heads are rows says so
    memory = taken(keys.memory.keys[0])
    if memory.dim() < 2:
        raise CheckpointUnreadable(f"tensor {quoted(keys.memory.keys[0])} must have the shape of a memory.")
    return memory.shape[-1]


def _head_layers(taken: _Taken, at: str, head: HeadKeys, width: int) -> dict[str, tuple[Tensor, Tensor]]:
    if head.layers:
        names = {
            stage: layer.removeprefix(TOP) if layer.startswith(TOP) else f"{at}.{layer}"
            for stage, layer in head.layers.items()
        }
        return {stage: _layer(taken, name) for stage, name in names.items()}
    stages = WRITING if head.kind == "write" else ADDRESSING
    weight, bias = _layer(taken, at)
    shifts = len(bias) - width * (3 if head.kind == "write" else 1) - 3
    if shifts < 1:
        raise CheckpointUnreadable(
            f"tensor {quoted(at + '.bias')} has {len(bias)} rows, too few for a width of {width}."
        )
    sizes = {"key": width, "shift_weighting": shifts, "erase_vector": width, "add_vector": width}
    rows = [sizes.get(stage, 1) for stage in stages]
    return dict(zip(stages, zip(weight.split_with_sizes(rows), bias.split_with_sizes(rows), strict=True), strict=True))


def _layer(taken: _Taken, name: str) -> tuple[Tensor, Tensor]:
    weight, bias = (taken(f"{name}.{part}") for part in PARTS)
    if weight.dim() != 2 or bias.shape != weight.shape[:1]:
        raise CheckpointUnreadable(
            f"layer {quoted(name)} must have a row of weights for each bias, got {tuple(weight.shape)} and "
            f"{tuple(bias.shape)}."
        )
    return weight, bias


def _controller(taken: _Taken, keys: Keys) -> list[dict[str, Tensor]]:
    kind, layers = keys.controller.kind, keys.controller.layers
    if kind == "linear":
        return [dict(zip(PARTS, _layer(taken, layer), strict=True)) for layer in layers if f"{layer}.weight" in taken]
    if kind == "lstm_cell":
        return [_cell(taken, layer) for layer in layers]
    (name,) = layers
    count = 1
    while f"{name}.weight_ih_l{count}" in taken:
        count += 1
    return [_cell(taken, name, f"_l{number}") for number in range(count)]


def _cell(taken: _Taken, name: str, end: str = "") -> dict[str, Tensor]:
    found = {part: taken(f"{name}.{part}{end}") for part in CELL_PARTS}
    rows = {len(value) if value.dim() else 0 for value in found.values()}
    dims = [value.dim() for value in found.values()]
    if len(rows) != 1 or dims != [2, 2, 1, 1] or rows.pop() % 4:
        raise CheckpointUnreadable(
            f"tensor {quoted(f'{name}.weight_ih{end}')} and those beside it must be the four of an LSTM cell."
        )
    return found
