"""What was made of a machine, kept as long as its numbers are those that it was made of.

Runs share a machine and begin many times; what is made of its parameters alone need not be made for each. A machine
that was trained on, or was given other parameters, is another one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from torch import Tensor
from torch.nn import Module

from tapedeck.ntm import NeuralTM

Made = TypeVar("Made")


class MadeOf(Generic[Made]):
    """The last thing that was made of each machine."""

    def __init__(self) -> None:
        self._last: WeakKeyDictionary[NeuralTM, tuple[Hashable, Made]] = WeakKeyDictionary()

    def get(self, machine: NeuralTM, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made last, or is made now: where the key is another, or the machine has other numbers."""
        now = key, _numbers(machine)
        known = self._last.get(machine)
        if known is None or known[0] != now:
            known = self._last[machine] = now, make()
        return known[1]


def _numbers(machine: NeuralTM) -> Hashable:
    """Where its numbers lie, and how often they were written to; by hand, because each run asks, and torch's own
    iterators take four times as long.
    """
    found, modules = list[int](), list[Module | None]([machine])
    for module in modules:  # which grows on the way
        if module is not None:
            modules += module._modules.values()  # noqa: SLF001
            for values in (module._parameters.values(), module._buffers.values()):  # noqa: SLF001
                for value in values:
                    if value is not None:
                        found += value.data_ptr(), _writes(value)
    return tuple(found)


def _writes(value: Tensor) -> int:
    return 0 if value.is_inference() else value._version  # noqa: SLF001 - torch's own count has no other name
