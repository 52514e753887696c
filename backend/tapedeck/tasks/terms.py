"""How a number grows with the sizes of a task, for clients that have to say it before anything is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from tapedeck.tasks.task import Size

FAR = 1000
"""Where a function is looked at: a multiple of what any task divides by."""


class Term(NamedTuple):
    """A product of sizes, so many times."""

    times: float
    of: tuple[str, ...]


def terms_of(function: Callable[[Size], int], names: Sequence[str]) -> list[Term]:
    """A function of sizes that is linear in each of them, such as a task's number of steps, as a sum of products.

    3 + L + L·R of length and repeats is [(3, ()), (1, ("length",)), (1, ("length", "repeats"))]. It may be rounded to
    a whole number: then so must the sum be.
    """
    found = []
    for part in _parts(names):
        corners = [(far, function({name: FAR * (name in far) for name in names})) for far in _parts(part)]
        volume = FAR ** len(part)
        times = sum((-1) ** (len(part) - len(far)) * value for far, value in corners)
        if times:
            found.append(Term(times / volume if times % volume else times // volume, part))
    return found


def _parts(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))
