"""The checkpoints of the public repository dichotomies/ntm-pytorch: whole modules, pickled by torch 0.4.

The initial state is not in the reference's state_dict but in three attributes of its module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from tapedeck.checkpoints.assembly import assemble
from tapedeck.checkpoints.files import StrPath, naming, read_file
from tapedeck.checkpoints.shims import Module, Ordered
from tapedeck.checkpoints.torch_files import Storages, read_torch, tensor_of
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration
from tapedeck.ntm import DELIMITERS, NeuralTM, NTMConfig, State
from tapedeck.ntm.state import initial_tensors


def read_legacy(path: StrPath) -> tuple[NeuralTM, int | None]:
    """The machine in a file, and the sequences that it had seen where its name ends in them, such as i-99000.pt.

    Raises:
        UnsafePickle: the file asks for more than a checkpoint needs; nothing in it was run.
        CheckpointUnreadable: it is missing, cut short, something else, or not of a machine like these.
    """
    path = Path(path)
    with naming(path):
        module, storages = read_torch(read_file(path))
        if not isinstance(module, Module):
            raise CheckpointUnreadable("it holds no module.")
        machine = _machine(module, storages)
    count = re.search(r"-(\d{1,15})$", path.stem, re.ASCII)
    return machine, int(count[1]) if count else None


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
    """In float32; the same machine may have been saved in another type."""
    return tensor_of(view, storages, name).float()


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
