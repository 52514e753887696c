"""A machine of no known family, with a JSON file that says what it is and which tensor is what.

    {
      "task": "copy",
      "machine": {"inputs": […], "outputs": […], "memory": …, "controller": …, "heads": […], …},
      "tensors": {
        "controller.layer1": "rnn.{}_l0",
        "read.key": "reader.key",
        "read.sharpening": {"tensor": "reader.rest.{}", "rows": [4, 5]},
        "output": {"tensor": "out.{}", "transpose": true},
        "memory": "bank"
      }
    }

`machine` is a specification, as `GET /api/checkpoints` shows it. A name of `tensors` is a layer's, a parameter's or a
part of the start's; {} in a tensor stands for the layer's parts, `weight` and `bias` or those of an LSTM cell, and is
put behind a point where it is missing. Rows are from one to before another; `transpose` turns a matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import torch
from torch import Tensor

from tapedeck.checkpoints.assembly import assemble, check_sizes
from tapedeck.checkpoints.files import naming, read_file
from tapedeck.checkpoints.importers.starting import shaped
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, quoted
from tapedeck.ntm import MachineSpec, NeuralTM, State
from tapedeck.ntm.state import made, parts_of

MOST_BYTES = 1 << 20
FIELDS = ("task", "machine", "tensors")
SOURCE_FIELDS = ("tensor", "rows", "transpose")


@dataclass(frozen=True)
class Source:
    """Where the numbers of a tensor are: another one, of which rows, turned or not."""

    tensor: str
    rows: tuple[int, int] | None = None
    transpose: bool = False

    def of(self, tensors: Mapping[str, Tensor], part: str = "") -> Tensor:
        """The numbers, of a part of a layer where it is one."""
        name = self.tensor.replace("{}", part) if "{}" in self.tensor or not part else f"{self.tensor}.{part}"
        if name not in tensors:
            raise CheckpointUnreadable(f"tensor {quoted(name[:80])}, which the configuration names, is not in it.")
        value = tensors[name]
        if self.rows is not None:
            start, stop = self.rows
            if value.dim() == 0 or not 0 <= start < stop <= len(value):
                raise CheckpointUnreadable(f"tensor {quoted(name[:80])} has no rows {start} to {stop}.")
            value = value[start:stop]
        return value.mT if self.transpose and value.dim() == 2 else value


@dataclass(frozen=True)
class Config:
    """What a configuration says."""

    task: str
    spec: MachineSpec
    tensors: Mapping[str, Source]

    def build(self, found: Mapping[str, Tensor], start: Mapping[str, Tensor]) -> NeuralTM:
        """The machine, from the tensors of a file and what is known of its start beside.

        Raises:
            CheckpointUnreadable: a tensor is missing or of another shape, or a name belongs to no part of the machine.
        """
        check_sizes(self.spec)
        state = self._start(found, start)
        try:
            with torch.device("meta"):
                expected = list(NeuralTM(self.spec, state).state_dict())
        except InvalidConfiguration as error:
            raise CheckpointUnreadable(error.detail) from error
        names = [name for name in expected if not name.startswith("initial_")]
        self._check_names(names)
        learned = {f"initial_{name}": value for name, value in state.named(self.spec).items()}
        parameters = {name: learned[name] if name in learned else self._parameter(name, found) for name in expected}
        return assemble(self.spec, state, parameters)

    def _start(self, found: Mapping[str, Tensor], start: Mapping[str, Tensor]) -> State:
        values = {}
        for name, part in parts_of(self.spec).items():
            if name in self.tensors:
                values[name] = shaped(self.tensors[name].of(found), part.shape, name)
            elif name in start:
                values[name] = shaped(start[name], part.shape, name)
            elif part.start.kind in ("learned", "stored"):
                raise CheckpointUnreadable(f"the configuration must say in “tensors” which tensor is {quoted(name)}.")
            else:
                values[name] = made(part)
        return State.of(self.spec, values)

    def _check_names(self, names: list[str]) -> None:
        layers, parts = {name.rpartition(".")[0] for name in names}, parts_of(self.spec)
        for name in self.tensors:
            if name not in {*names, *layers, *parts}:
                raise CheckpointUnreadable(
                    f"the configuration names {quoted(name[:60])}; this machine has {', '.join(sorted(layers))}, and "
                    f"of its start {', '.join(parts)}."
                )

    def _parameter(self, name: str, found: Mapping[str, Tensor]) -> Tensor:
        layer, _, part = name.rpartition(".")
        if name in self.tensors:
            return self.tensors[name].of(found)
        if layer not in self.tensors:
            raise CheckpointUnreadable(f"the configuration must say in “tensors” which layer is {quoted(layer)}.")
        return self.tensors[layer].of(found, part)


def read_config(path: Path) -> Config:
    """What a configuration says.

    Raises:
        CheckpointUnreadable: it is missing, no JSON, or wrong at some place, which is named.
    """
    with naming(path):
        try:
            document = orjson.loads(read_file(path, MOST_BYTES))
        except orjson.JSONDecodeError as error:
            raise CheckpointUnreadable(f"it is not valid JSON: {error}.") from error
        if not isinstance(document, dict) or sorted(document) != sorted(FIELDS):
            raise CheckpointUnreadable(f"it must be an object with {', '.join(map(quoted, FIELDS))}.")
        try:
            spec = MachineSpec.from_document(document["machine"])
        except InvalidConfiguration as error:
            raise CheckpointUnreadable(f"its “machine” is none: {error.detail}") from error
        if not isinstance(document["task"], str) or not isinstance(document["tensors"], dict):
            raise CheckpointUnreadable("its “task” must be a name, its “tensors” an object.")
        return Config(document["task"], spec, dict(_sources(document["tensors"])))


def _sources(document: dict[str, Any]) -> Iterator[tuple[str, Source]]:
    for name, said in document.items():
        given = {"tensor": said} if isinstance(said, str) else said
        if not isinstance(given, dict) or not isinstance(given.get("tensor"), str) or set(given) - set(SOURCE_FIELDS):
            raise CheckpointUnreadable(
                f"what it says of {quoted(name[:60])} must be a tensor's name, or an object with "
                f"{', '.join(map(quoted, SOURCE_FIELDS))}."
            )
        rows, transpose = given.get("rows"), given.get("transpose", False)
        if rows is not None and not (
            isinstance(rows, list) and len(rows) == 2 and all(type(row) is int for row in rows)
        ):
            raise CheckpointUnreadable(f"the rows of {quoted(name[:60])} must be two whole numbers, such as [0, 20].")
        if not isinstance(transpose, bool):
            raise CheckpointUnreadable(f"“transpose” of {quoted(name[:60])} must be true or false.")
        yield name, Source(given["tensor"], None if rows is None else (rows[0], rows[1]), transpose)
