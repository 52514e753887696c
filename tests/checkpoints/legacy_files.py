"""Files as torch 0.4 wrote them: a whole module in the legacy layout of torch.save, written by the standard pickler."""

from __future__ import annotations

import io
import pickle
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn

from tapedeck.ntm import NeuralTM

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
SYSTEM = {"protocol_version": PROTOCOL_VERSION, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}

CLASSES = {
    "": ("ntm.ntm", "NeuralTM"),
    "controller": ("ntm.controller", "Controller"),
    "readhead": ("ntm.head", "ReadHead"),
    "writehead": ("ntm.head", "WriteHead"),
}
LINEAR = ("torch.nn.modules.linear", "Linear")
BACKEND = ("torch.nn.backends.thnn", "_get_thnn_function_backend")


class StorageRef:
    """Where a tensor's numbers are."""

    def __init__(self, key: str, numbers: Tensor) -> None:
        self.key = key
        self.numbers = numbers


class LegacyTensor:
    """Pickled as torch 0.4 pickled tensors and parameters."""

    def __init__(self, ref: StorageRef, size: Sequence[int], stride: Sequence[int], offset: int = 0) -> None:
        self.parts = (ref, offset, tuple(size), tuple(stride), False, None)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return torch._utils._rebuild_tensor_v2, self.parts


class Backend:
    """What every module of torch 0.4 held beside its parameters."""

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return getattr(sys.modules[BACKEND[0]], BACKEND[1]), ()


class LegacyPickler(pickle.Pickler):
    """With the persistent ids of torch 0.4: a module's class with its source, once, and every storage."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=2)
        self.storages: dict[str, Tensor] = {}
        self.classes: set[type] = set()

    def persistent_id(self, thing: Any) -> tuple[object, ...] | None:
        if isinstance(thing, StorageRef):
            self.storages[thing.key] = thing.numbers
            return ("storage", torch.FloatStorage, thing.key, "cuda:0", thing.numbers.numel(), None)
        if isinstance(thing, type) and f"{thing.__module__}.{thing.__name__}" in self._module_names():
            if thing in self.classes:
                return None
            self.classes.add(thing)
            return ("module", thing, f"/home/somebody/{thing.__module__}.py", f"class {thing.__name__}: pass\n")
        return None

    @staticmethod
    def _module_names() -> set[str]:
        return {".".join(name) for name in (*CLASSES.values(), LINEAR)}


def legacy_tensor(values: Tensor, key: str) -> LegacyTensor:
    return LegacyTensor(StorageRef(key, values.flatten()), values.shape, values.stride())


def legacy_module(module: nn.Module, path: str = "") -> Any:
    """The module as an object with the attributes that torch 0.4 gave one."""
    module_name, class_name = CLASSES.get(path, LINEAR)
    cls = getattr(sys.modules[module_name], class_name)
    legacy = cls.__new__(cls)
    legacy.__dict__ = {
        "_backend": Backend(),
        "_parameters": OrderedDict(
            (name, legacy_tensor(value.detach(), f"{path}.{name}"))
            for name, value in module.named_parameters("", False)
        ),
        "_buffers": OrderedDict(),
        "_forward_hooks": OrderedDict(),
        "_modules": OrderedDict(
            (name, legacy_module(child, f"{path}.{name}".lstrip("."))) for name, child in module.named_children()
        ),
        "training": True,
    }
    return legacy


@contextmanager
def legacy_names() -> Iterator[None]:
    """The names of the reference repository and of torch 0.4, for as long as a pickle is written."""
    modules: dict[str, ModuleType] = {}
    for module_name, name in CLASSES.values():
        module = modules.setdefault(module_name, ModuleType(module_name))
        setattr(module, name, type(name, (), {"__module__": module_name}))
    backend = ModuleType(BACKEND[0])

    def get_backend() -> None: ...

    get_backend.__module__, get_backend.__qualname__ = BACKEND
    setattr(backend, BACKEND[1], get_backend)
    with patch.dict(sys.modules, modules | {"ntm": ModuleType("ntm"), BACKEND[0]: backend}):
        yield


def storage_bytes(numbers: Tensor) -> bytes:
    return struct.pack("<q", numbers.numel()) + numbers.numpy().astype("<f4").tobytes()


def legacy_bytes(machine: NeuralTM, change: Callable[[Any], object] | None = None) -> bytes:
    """The file of a machine; `change` may first do something to its module."""
    with legacy_names():
        module = legacy_module(machine)
        module.memory_bias = legacy_tensor(machine.initial_memory, "memory")
        module.read_bias = legacy_tensor(machine.initial_read_vector, "read")
        module.weight_bias = legacy_tensor(machine.initial_write_weighting, "weighting")
        if change:
            change(module)
        file = io.BytesIO()
        pickler = LegacyPickler(file)
        pickler.dump(module)
    return legacy_file(file.getvalue(), pickler.storages)


def legacy_file(pickled: bytes, storages: dict[str, Tensor], *, system: object = SYSTEM) -> bytes:
    """The parts of a file, one after the other."""
    head = [pickle.dumps(part, protocol=2) for part in (MAGIC, PROTOCOL_VERSION, system)]
    keys = sorted(storages)
    return b"".join([*head, pickled, pickle.dumps(keys, protocol=2), *(storage_bytes(storages[key]) for key in keys)])
