"""Interventions as code: what `Machine.run` carries out, each made by a function of its kind.

When: `step`, or `start` and `stop` (which is not included), or `phase`; none of them: at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, SupportsIndex, TypedDict, TypeVar, Unpack, cast

import numpy as np
import numpy.typing as npt

from tapedeck.errors import InvalidInterventions
from tapedeck.tracing.interventions import (
    Ablate,
    Add,
    Addressing,
    Freeze,
    Move,
    Noise,
    Scale,
    Set,
    Swap,
    read_interventions,
)

Kind = TypeVar("Kind", Set, Scale, Add, Noise, Swap, Addressing, Freeze, Move, Ablate)
Values = Any
"""A number, or as many as there are elements: a list, an array or a tensor."""


class When(TypedDict, total=False):
    """The steps at which something is changed."""

    step: SupportsIndex
    start: SupportsIndex
    stop: SupportsIndex
    phase: str


class Where(When, total=False):
    """The elements, or the cells of the memory, that are changed; all where none are named."""

    elements: Sequence[SupportsIndex | str] | npt.NDArray[Any]
    rows: Sequence[SupportsIndex] | npt.NDArray[Any]
    columns: Sequence[SupportsIndex] | npt.NDArray[Any]


def set(target: str, value: Values, **where: Unpack[Where]) -> Set:  # noqa: A001 - the kind's name, used as td.set
    """Elements of a field, or cells of the memory, are set; a weighting is normalized after it.

    Args:
        target: a field such as `read.key`, `memory`, `initial.memory` or `initial.HEAD.weighting`.
        value: a number, or one for each element; of the memory one for each column, or rows of such.
        where: `elements` (indices or channels' names), or `rows` and `columns` of the memory; and when.

    Raises:
        InvalidInterventions: something is not what it must be. What the machine lacks is found when it runs.
    """
    return _made(Set, target=target, value=value, **where)


def scale(target: str, value: Values, **where: Unpack[Where]) -> Scale:
    """Elements of a field, or cells of the memory, are multiplied; otherwise as `set`."""
    return _made(Scale, target=target, value=value, **where)


def add(target: str, value: Values, **where: Unpack[Where]) -> Add:
    """Something is added to elements of a field, or to cells of the memory; otherwise as `set`."""
    return _made(Add, target=target, value=value, **where)


def noise(target: str, spread: float, *, seed: SupportsIndex = 0, **where: Unpack[Where]) -> Noise:
    """Seeded normal noise is added.

    Args:
        target: `memory`, `initial.memory`, `initial.HEAD.weighting`, or `parameters.NAME` of a copy of the machine.
        spread: the standard deviation; of a parameter, as a share of that parameter's own.
        seed: of the noise.
        where: as in `set`.
    """
    return _made(Noise, target=target, spread=spread, seed=seed, **where)


def swap(one: SupportsIndex, other: SupportsIndex, **when: Unpack[When]) -> Swap:
    """Two rows of the memory change places, before the first head of the step."""
    return _made(Swap, rows=[one, other], **when)


def freeze(head: str, **when: Unpack[When]) -> Freeze:
    """A head's weighting stays what it was in the step before."""
    return _made(Freeze, head=head, **when)


def move(head: str, by: SupportsIndex, **when: Unpack[When]) -> Move:
    """A head's weighting is moved some locations on, circularly; below 0 backwards."""
    return _made(Move, head=head, by=by, **when)


def ablate(head: str, **when: Unpack[When]) -> Ablate:
    """A write head writes nothing (it erases and adds 0); a read head reads zeros."""
    return _made(Ablate, head=head, **when)


def without(head: str, addressing: Literal["content", "location"], **when: Unpack[When]) -> Addressing:
    """A head finds its weighting without content (g = 0), or without location (g = 1, no shift, γ = 1)."""
    return _made(Addressing, head=head, without=addressing, **when)


def _made(kind: type[Kind], **fields: Any) -> Kind:
    name = kind.model_fields["kind"].default
    given = {field: _plain(value) for field, value in fields.items() if value is not None}
    try:
        (made,) = read_interventions([{"kind": name, **given}])
    except InvalidInterventions as error:
        detail = error.detail.replace("Intervention 0", f"The intervention “{name}”", 1)
        raise InvalidInterventions(detail, field=error.field) from error
    return cast("Kind", made)


def _plain(value: Any) -> Any:
    """Arrays, tensors, ranges and NumPy's numbers as Python's."""
    if hasattr(value, "__array__"):
        return np.asarray(value).tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value
