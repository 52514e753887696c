"""The checkpoints of the public repository dichotomies/ntm-pytorch: whole modules, pickled by torch 0.4.

Such a file is a row of parts: four pickles (a magic number, the protocol's version, facts about the writing system, the
module), the pickled list of its storages' keys, and the storages, each a count as int64 and that many float32, all
little-endian. The initial state is not in the reference's state_dict but in three attributes of its module.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from tapedeck.checkpoints.assembly import assemble
from tapedeck.checkpoints.files import StrPath, naming, read_file
from tapedeck.checkpoints.restricted_pickle import check_names, load, read_instructions
from tapedeck.checkpoints.shims import Module, Ordered, Storage, TensorView
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration
from tapedeck.ntm import DELIMITERS, NeuralTM, NTMConfig, State
from tapedeck.ntm.state import initial_tensors

MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The pickled number with which torch.save began every file until version 1.6."""

PROTOCOL_VERSION = 1001
COUNT_BYTES = 8
NUMBER_BYTES = 4

Storages = dict[str, Tensor]


def read_legacy(path: StrPath) -> tuple[NeuralTM, int | None]:
    """The machine in a file, and the sequences that it had seen where its name ends in them, such as i-99000.pt.

    Raises:
        UnsafePickle: the file asks for more than a checkpoint needs; nothing in it was run.
        CheckpointUnreadable: it is missing, cut short, something else, or not of a machine like these.
    """
    path = Path(path)
    with naming(path):
        module, storages = _read_parts(read_file(path))
        machine = _machine(module, storages)
    count = re.search(r"-(\d{1,15})$", path.stem, re.ASCII)
    return machine, int(count[1]) if count else None


def _read_parts(data: bytes) -> tuple[Module, Storages]:
    _check_magic(data)
    version, _, stop = load(data, len(MAGIC))
    if version != PROTOCOL_VERSION:
        raise CheckpointUnreadable("it is not of the format that torch 0.4 saved.")
    system, _, stop = load(data, stop)
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise CheckpointUnreadable("it was not saved on a little-endian system.")
    module, expected, stop = load(data, stop)
    if not isinstance(module, Module):
        raise CheckpointUnreadable("it holds no module.")
    keys, _, stop = load(data, stop)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys) or sorted(keys) != sorted(expected):
        raise CheckpointUnreadable("the storages in it are not those that its module needs.")
    return module, _read_storages(data, stop, [expected[key] for key in keys])


def _check_magic(data: bytes) -> None:
    if data.startswith(MAGIC):
        return
    if data.startswith(b"PK"):
        raise CheckpointUnreadable(
            "it is a zip archive, as torch saves since version 1.6; only whole modules of torch 0.4 can be imported."
        )
    what = "it is not a file that torch 0.4 saved."
    try:
        instructions, _ = read_instructions(data, 0)
    except CheckpointUnreadable as error:
        raise CheckpointUnreadable(what) from error
    check_names(instructions)  # some other pickle: if it is hostile, that is the thing to say
    raise CheckpointUnreadable(what)


def _read_storages(data: bytes, start: int, expected: list[Storage]) -> Storages:
    storages = {}
    for storage in expected:
        count = int.from_bytes(data[start : start + COUNT_BYTES], "little", signed=True)
        start += COUNT_BYTES
        stop = start + NUMBER_BYTES * storage.numel
        if stop > len(data):
            raise CheckpointUnreadable("it is cut short: not all of its numbers are there.")
        if count != storage.numel:
            raise CheckpointUnreadable(f"a storage in it has {count} numbers where {storage.numel} are expected.")
        storages[storage.key] = torch.from_numpy(np.frombuffer(data[start:stop], dtype="<f4").copy())
        start = stop
    if start != len(data):
        raise CheckpointUnreadable(f"{len(data) - start} bytes are left over after its last number.")
    return storages


def _machine(module: Module, storages: Storages) -> NeuralTM:
    start = State.of(NTMConfig().spec, initial_tensors(NTMConfig().spec))
    with torch.device("meta"):
        template = NeuralTM(NTMConfig(), start)  # for its structure: which module holds which
    parameters = {name: _tensor(view, storages, name) for name, view in _views(module, template)}
    memory, read_vector, weighting = (
        _tensor(module.state.get(name), storages, name) for name in ("memory_bias", "read_bias", "weight_bias")
    )
    initial = State(memory, (weighting, weighting.clone()), (read_vector,))
    return assemble(_sizes(memory, parameters).spec, initial, parameters)


def _views(module: Module, template: nn.Module, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every parameter by its name. Only what the template has is followed, so no cycle in a hostile file is."""
    own = _members(module, "_parameters", [name for name, _ in template.named_parameters(recurse=False)], prefix)
    for name, view in own.items():
        yield prefix + name, view
    children = dict(template.named_children())
    for name, child in _members(module, "_modules", list(children), prefix).items():
        if not isinstance(child, Module):
            raise CheckpointUnreadable(f"{prefix}{name} in it is not a module.")
        yield from _views(child, children[name], f"{prefix}{name}.")


def _members(module: Module, kind: str, expected: list[str], prefix: str) -> dict[str, object]:
    members = module.state.get(kind)
    where = prefix.rstrip(".") or "the machine"
    if not isinstance(members, Ordered) or members.keys() != set(expected):
        raise CheckpointUnreadable(f"{where} in it must have {kind[1:]} {', '.join(expected) or 'none'}.")
    return members


def _tensor(view: object, storages: Storages, name: str) -> Tensor:
    if not isinstance(view, TensorView):
        raise CheckpointUnreadable(f"{name} in it is not a tensor.")
    numbers = storages[view.storage.key]
    stop = view.offset + math.prod(view.size)
    if stop > len(numbers) or view.stride != _contiguous(view.size):
        raise CheckpointUnreadable(f"{name} in it does not lie in its storage, row after row.")
    return numbers[view.offset : stop].reshape(view.size).clone()


def _contiguous(size: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.prod(size[place + 1 :]) for place in range(len(size)))


def _sizes(memory: Tensor, parameters: dict[str, Tensor]) -> NTMConfig:
    """As the tensors have them; whether they fit one another is seen when the machine is put together."""
    try:
        return NTMConfig(
            locations=memory.shape[0],
            width=memory.shape[-1],
            bits=len(parameters["r_to_s.bias"]) - DELIMITERS,
            controller_size=len(parameters["controller.layer1.bias"]),
        )
    except InvalidConfiguration as error:
        raise CheckpointUnreadable(f"no machine has its sizes: {error.detail}") from error
