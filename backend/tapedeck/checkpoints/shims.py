"""What the names in a legacy checkpoint stand for while it is read.

None of these does anything when it is called, and none has a `__dict__`, a state or an attribute that a pickle could
set, except a module, which keeps what it is given and looks at none of it.
"""

from __future__ import annotations

from typing import Any

from tapedeck.errors import CheckpointUnreadable, UnsafePickle


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
    """collections.OrderedDict, which unlike this has a `__dict__`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__()


class Storage(Shim):
    """Numbers that come after the pickle: `numel` float32."""

    __slots__ = ("key", "numel")

    def __init__(self, key: str, numel: int) -> None:
        self.key = key
        self.numel = numel


class TensorView(Shim):
    """Where a tensor lies in its storage."""

    __slots__ = ("offset", "size", "storage", "stride")

    def __init__(self, storage: Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
        self.storage = storage
        self.offset = offset
        self.size = size
        self.stride = stride


class FloatStorage(Shim):
    """torch.FloatStorage, a word in persistent ids."""

    __slots__ = ()


class RebuildTensor(Shim):
    """torch._utils._rebuild_tensor_v2."""

    __slots__ = ()

    def __call__(
        self, storage: object, offset: int, size: Any, stride: Any, *_gradient_and_hooks: object
    ) -> TensorView:
        """The view, with every part checked."""
        if not (isinstance(storage, Storage) and is_size(offset) and _are_sizes(size) and _are_sizes(stride)):
            raise CheckpointUnreadable("a tensor in it has no valid storage, offset, size or strides.")
        return TensorView(storage, offset, size, stride)


class GetBackend(Shim):
    """torch.nn.backends.thnn._get_thnn_function_backend, whose result nobody needs."""

    __slots__ = ()

    def __call__(self) -> None:
        """Nothing."""


def is_size(value: object) -> bool:
    """A plain whole number from 0 on."""
    return type(value) is int and value >= 0


def _are_sizes(values: object) -> bool:
    return type(values) is tuple and 1 <= len(values) <= 2 and all(map(is_size, values))


FLOAT_STORAGE = FloatStorage()

SHIMS: dict[str, object] = {
    "ntm.ntm.NeuralTM": Module,
    "ntm.controller.Controller": Module,
    "ntm.head.ReadHead": Module,
    "ntm.head.WriteHead": Module,
    "torch.nn.modules.linear.Linear": Module,
    "collections.OrderedDict": Ordered,
    "torch.FloatStorage": FLOAT_STORAGE,
    "torch._utils._rebuild_tensor_v2": RebuildTensor(),
    "torch.nn.backends.thnn._get_thnn_function_backend": GetBackend(),
}
"""Every name that a legacy checkpoint may hold."""
