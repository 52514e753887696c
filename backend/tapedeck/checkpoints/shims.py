"""What the names in a pickled checkpoint stand for while it is read.

None of these does anything when it is called, and none has a `__dict__`, a state or an attribute that a pickle could
set, except a module, which keeps what it is given and looks at none of it.
"""

from __future__ import annotations

from typing import Any

import torch

from tapedeck.errors import CheckpointUnreadable, UnsafePickle

MOST_DIMENSIONS = 4
"""Of a tensor: the layers and the batch of a state, and the memory."""


class Shim:
    """Takes no state, and so no attribute."""

    __slots__ = ()

    def __setstate__(self, state: object) -> None:
        raise UnsafePickle("its pickle sets attributes where a checkpoint sets none.")


class Module(Shim):
    """Any torch.nn.Module: the attributes that it was saved with."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: object) -> None:
        if type(state) is not dict:
            raise UnsafePickle("its pickle gives a module something other than attributes.")
        self.state = state


class Ordered(Shim, dict[str, Any]):
    """collections.OrderedDict, which unlike this has a `__dict__`: a state_dict keeps versions there."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__()

    def __setstate__(self, state: object) -> None:
        """Only the versions may be there; nobody needs them."""
        if type(state) is not dict or state.keys() != {"_metadata"}:
            super().__setstate__(state)


class Storage(Shim):
    """Numbers that stand outside the pickle: `numel` of a kind."""

    __slots__ = ("key", "kind", "numel")

    def __init__(self, key: str, numel: int, kind: StorageKind) -> None:
        self.key = key
        self.numel = numel
        self.kind = kind

    @property
    def size(self) -> int:
        """Bytes."""
        return self.numel * self.kind.dtype.itemsize


class TensorView(Shim):
    """Where a tensor lies in its storage."""

    __slots__ = ("offset", "size", "storage", "stride")

    def __init__(self, storage: Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
        self.storage = storage
        self.offset = offset
        self.size = size
        self.stride = stride


class StorageKind(Shim):
    """torch.FloatStorage and the like, words in persistent ids: of which type the numbers are."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype = dtype


class RebuildTensor(Shim):
    """torch._utils._rebuild_tensor_v2, and the one before it, which had no gradient and no hooks."""

    __slots__ = ()

    def __call__(
        self, storage: object, offset: int, size: Any, stride: Any, *_gradient_and_hooks: object
    ) -> TensorView:
        """The view, with every part checked."""
        if not (isinstance(storage, Storage) and is_size(offset) and _are_sizes(size) and _are_sizes(stride)):
            raise CheckpointUnreadable("a tensor in it has no valid storage, offset, size or strides.")
        return TensorView(storage, offset, tuple(size), tuple(stride))


class RebuildParameter(Shim):
    """torch._utils._rebuild_parameter."""

    __slots__ = ()

    def __call__(self, tensor: object, *_gradient_and_hooks: object) -> TensorView:
        """The tensor that it is made of."""
        if not isinstance(tensor, TensorView):
            raise CheckpointUnreadable("a parameter in it is no tensor.")
        return tensor


class Size(Shim):
    """torch.Size, of which an instance is a plain tuple; torch calls it, and before 0.4 made a new object of it."""

    __slots__ = ()

    def __new__(cls, values: object = ()) -> tuple[int, ...]:  # type: ignore[misc]
        """The sizes alone."""
        if not _are_sizes(values):
            raise CheckpointUnreadable("a size in it is none.")
        return tuple(values)  # type: ignore[arg-type]


class Names(Shim):
    """set, of names of buffers that are not saved; nobody needs it."""

    __slots__ = ()

    def __call__(self, *_names: object) -> None:
        """Nothing."""


class GetBackend(Shim):
    """torch.nn.backends.thnn._get_thnn_function_backend, whose result nobody needs."""

    __slots__ = ()

    def __call__(self) -> None:
        """Nothing."""


def is_size(value: object) -> bool:
    """A plain whole number from 0 on."""
    return type(value) is int and value >= 0


def _are_sizes(values: object) -> bool:
    if type(values) is not tuple and type(values) is not list:
        return False
    return len(values) <= MOST_DIMENSIONS and all(map(is_size, values))


FLOAT_STORAGE = StorageKind(torch.float32)

_STORAGES = {
    "FloatStorage": FLOAT_STORAGE,
    "DoubleStorage": StorageKind(torch.float64),
    "HalfStorage": StorageKind(torch.float16),
    "BFloat16Storage": StorageKind(torch.bfloat16),
    "LongStorage": StorageKind(torch.int64),
    "IntStorage": StorageKind(torch.int32),
    "ByteStorage": StorageKind(torch.uint8),
    "BoolStorage": StorageKind(torch.bool),
}

_MODULES = (
    "ntm.ntm.NeuralTM",
    "ntm.controller.Controller",
    "ntm.head.ReadHead",
    "ntm.head.WriteHead",
    "ntm.ntm.NTM",
    "ntm.modules.controller.NTMController",
    "ntm.modules.head.NTMHead",
    "ntm.modules.memory.NTMMemory",
    "torch.nn.modules.linear.Linear",
    "torch.nn.modules.rnn.LSTMCell",
    "torch.nn.modules.rnn.LSTM",
    "torch.nn.modules.container.ModuleList",
)
"""Of the public programs that save whole modules: the reference's, and vlgiitr/ntm-pytorch."""

SHIMS: dict[str, object] = {
    **dict.fromkeys(_MODULES, Module),
    **{f"torch.{name}": kind for name, kind in _STORAGES.items()},
    "collections.OrderedDict": Ordered,
    "torch._utils._rebuild_tensor": RebuildTensor(),
    "torch._utils._rebuild_tensor_v2": RebuildTensor(),
    "torch._utils._rebuild_parameter": RebuildParameter(),
    "torch.Size": Size,
    "torch.nn.backends.thnn._get_thnn_function_backend": GetBackend(),
    "__builtin__.set": Names(),
    "builtins.set": Names(),
}
"""Every name that a pickled checkpoint may hold."""
