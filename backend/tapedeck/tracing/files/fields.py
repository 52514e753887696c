"""The fields that the format knows: what each dimension counts, how it is shown, and its range.

What an NTM's step records is known from `tapedeck.ntm.fields`; what else machines with an external memory have stands
here. Any other field is declared by the file.
"""

from __future__ import annotations

from typing import NamedTuple

from tapedeck.ntm.fields import ROLES, WEIGHTING_EQUATIONS

Bounds = tuple[float | None, float | None]

FREE: Bounds = (None, None)
SHARE: Bounds = (0.0, 1.0)

OTHER = "other"
"""The role of a field that the format does not know."""


class Known(NamedTuple):
    """A field that the format knows."""

    axes: tuple[str, ...]
    role: str
    range: Bounds = FREE
    equation: str = ""


OF_RUN = {
    "inputs": Known(("channel",), "input"),
    "targets": Known(("channel",), "target", SHARE),
    "optimum": Known(("channel",), "optimum", SHARE),
    "outputs": Known(("channel",), "output"),
}
"""In the order in which they are shown, before the heads'."""

RANGES: dict[str, Bounds] = {
    "key_strength": (0.0, None),
    "interpolation_gate": SHARE,
    "sharpening": (1.0, None),
    "shift_weighting": SHARE,
}

OF_HEAD = {
    **{stage: Known(("location",), "weighting", SHARE) for stage in WEIGHTING_EQUATIONS},
    **{stage: Known(axes, role, RANGES.get(stage, FREE)) for stage, (role, axes) in ROLES.items()},
    "read_vector": Known(("column",), "read"),
    # Of a DNC (Graves et al. 2016)
    "allocation_weighting": Known(("location",), "weighting", SHARE),
    "allocation_gate": Known((), OTHER, SHARE),
    "write_gate": Known((), OTHER, SHARE),
    "free_gate": Known((), OTHER, SHARE),
    "forward_weighting": Known(("location",), "weighting", SHARE),
    "backward_weighting": Known(("location",), "weighting", SHARE),
    "read_mode": Known(("mode",), OTHER, SHARE),
}
"""Below a head's name."""

OF_MACHINE = {
    "controller.hidden": Known(("unit",), "hidden"),
    "controller.cell": Known(("unit",), "cell"),
    "memory.usage": Known(("location",), OTHER, SHARE),
    "memory.precedence": Known(("location",), OTHER, SHARE),
    "memory.link": Known(("location", "location"), OTHER, SHARE),
}
"""After the heads'."""


def known(name: str, heads: tuple[str, ...]) -> Known | None:
    """What the format knows of a field, in a file with these heads; None of any other."""
    head, _, stage = name.rpartition(".")
    return OF_HEAD.get(stage) if head in heads else OF_RUN.get(name) or OF_MACHINE.get(name)
