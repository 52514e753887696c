"""What is said of a file that no family fits: what is in it, and what would be needed."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from tapedeck.checkpoints.importers.declaration import Family
from tapedeck.checkpoints.importers.finding import Found
from tapedeck.errors import quoted

SHOWN = 6
"""So many tensors are told of."""

LONGEST = 60
"""Characters of a name."""


def unknown_layout(tensors: Mapping[str, Tensor]) -> str:
    """Of tensors that no family has."""
    listed = [f"{quoted(name[:LONGEST])} {_shape(value)}" for name, value in list(tensors.items())[:SHOWN]]
    more = f" and {len(tensors) - SHOWN:,} more" if len(tensors) > SHOWN else ""
    return (
        f"its {len(tensors):,} tensors are of no family that this version knows: {', '.join(listed)}{more}. Say with "
        "--config what machine it is and which tensor is what."
    )


def unknown_sizes(family: Family, found: Found, why: str) -> str:
    """Of a machine of a known family that has other sizes than its program's."""
    return (
        f"it is of family {family.name} ({found.keys.about}), with {found.inputs} inputs, {found.outputs} outputs, "
        f"{found.units[-1]} units and {len(found.heads)} heads, but {why}. Say with --config what machine it is."
    )


def _shape(value: Tensor) -> str:
    return " × ".join(map(str, value.shape)) or "number"
