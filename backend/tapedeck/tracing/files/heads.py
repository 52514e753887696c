"""Which heads a file has, in which order they act, and of what kind each is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tapedeck.errors import TraceFileUnreadable, quoted
from tapedeck.tracing.files.meta import HeadMeta, Meta, is_head_name
from tapedeck.tracing.files.shapes import Array

WEIGHTING = "weighting"
WRITTEN = ("add_vector", "erase_vector")


@dataclass(frozen=True)
class Head:
    """A head of which the file has the weighting.

    Attributes:
        shifts: how far each share of its shift weighting moves the focus; empty where the file has none.
        addresses: which memory the key is compared with: as earlier heads of the step left it, or before the step.
        previous: the head whose weighting of the step before its gate keeps.
        start: [N], its weighting before step 0; None where the file does not say.
    """

    name: str
    kind: Literal["write", "read"]
    shifts: tuple[int, ...]
    addresses: Literal["current", "previous"]
    previous: str
    start: Array | None

    @property
    def weighting(self) -> str:
        """The name of its weighting's array."""
        return f"{self.name}.{WEIGHTING}"


def names(arrays: Collection[str]) -> tuple[str, ...]:
    """The heads that have a weighting, in the order of the file."""
    found = (name.removesuffix(f".{WEIGHTING}") for name in arrays if name.endswith(f".{WEIGHTING}"))
    return tuple(name for name in found if is_head_name(name))


def heads(meta: Meta, found: tuple[str, ...], arrays: Mapping[str, Array]) -> tuple[Head, ...]:
    """In acting order: those that `meta` lists, then those that write, then those that read.

    Raises:
        TraceFileUnreadable: `meta` says of a head what its arrays contradict, or lists one twice.
    """
    listed = {head.name: head for head in meta.heads or ()}
    if len(listed) < len(meta.heads or ()):
        raise TraceFileUnreadable(
            f"meta.heads must have a name each; it has {', '.join(h.name for h in meta.heads or ())}."
        )
    kinds: dict[str, Literal["write", "read"]] = {
        name: (listed[name].kind if name in listed else None) or _kind(name, arrays) for name in found
    }
    beside = sorted((name for name in found if name not in listed), key=lambda name: kinds[name] != "write")
    order = [*(name for name in listed if name in found), *beside]
    return tuple(_head(name, kinds[name], listed.get(name, HeadMeta(name=name)), listed, arrays) for name in order)


def _kind(name: str, arrays: Mapping[str, Array]) -> Literal["write", "read"]:
    writes = name.startswith("write") or any(f"{name}.{stage}" in arrays for stage in WRITTEN)
    return "write" if writes else "read"


def _head(
    name: str,
    kind: Literal["write", "read"],
    said: HeadMeta,
    listed: Mapping[str, HeadMeta],
    arrays: Mapping[str, Array],
) -> Head:
    locations = arrays[f"{name}.{WEIGHTING}"].shape[1]
    if said.start is not None and len(said.start) != locations:
        raise TraceFileUnreadable(
            f"meta.heads: start of {name} must have {locations:,} numbers, one a location; it has {len(said.start):,}."
        )
    previous = said.previous or name
    if previous not in listed and f"{previous}.{WEIGHTING}" not in arrays:
        raise TraceFileUnreadable(
            f"meta.heads: previous of {name} is {quoted(previous)}, which is not a head of the file."
        )
    return Head(
        name,
        kind,
        _shifts(name, said, arrays),
        said.addresses or "current",
        previous if f"{previous}.{WEIGHTING}" in arrays else name,
        None if said.start is None else np.array(said.start, np.float32),
    )


def _shifts(name: str, said: HeadMeta, arrays: Mapping[str, Array]) -> tuple[int, ...]:
    shares = arrays.get(f"{name}.shift_weighting")
    if shares is None:
        return tuple(said.shifts or ())
    count = shares.shape[1]
    if said.shifts is None:
        return tuple(range(-(count // 2), count - count // 2))
    if len(said.shifts) != count:
        raise TraceFileUnreadable(
            f"meta.heads: shifts of {name} must have {count} numbers, one a share of {name}.shift_weighting; it has "
            f"{len(said.shifts)}."
        )
    return tuple(said.shifts)
