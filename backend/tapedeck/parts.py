"""Work in parts: what takes long is a generator that stops after every stretch, a moment for something else.

A service makes the parts of all that it computes in turns, so that nobody waits behind the whole of anything.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Parts = Generator[None, None, T]
"""Yields after every stretch and returns the result; another one is made in parts as well by `yield from`."""


def whole(parts: Parts[T]) -> T:
    """The result, at once."""
    while True:
        match next_part(parts):
            case (result,):
                return result


def next_part(parts: Parts[T]) -> tuple[()] | tuple[T]:
    """Makes the next part: nothing, or where it was the last, the result."""
    try:
        next(parts)
    except StopIteration as end:
        return (end.value,)
    return ()
