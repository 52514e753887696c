"""What may be changed inside a run, as a request says it: one frozen model a kind, told apart by `kind`.

When: at `step`, or from `start` up to but without `stop`, or in a `phase`; none of them: at every step. A change acts
on what was computed, before the stage that uses it; what a trace records is the changed value, not the computed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST = 100
"""The most interventions of a run."""

Number = Annotated[float, Field(allow_inf_nan=False)]
Place = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Places = Annotated[list[Place], Field(min_length=1)]

Target = Annotated[
    Name,
    Field(
        description="A field of the step, as the description names it: `HEAD.key`, `HEAD.weighting` …, "
        "`controller.hidden`, `controller.cell`, `inputs`, `outputs`; `memory`; or, before step 0, `initial.memory` "
        "and `initial.HEAD.weighting`."
    ),
]
Elements = Annotated[
    list[Place | Name] | None,
    Field(min_length=1, description="Which elements of a field: indices, or names of channels; all where left out."),
]
Rows = Annotated[Places | None, Field(description="Locations of the memory; all where left out.")]
Columns = Annotated[Places | None, Field(description="Columns of the memory; all where left out.")]
Value = Annotated[
    Number | list[Number] | list[list[Number]],
    Field(
        description="A number for every element, or a list with one for each; of the memory one for each column, or "
        "a list of such for each row."
    ),
]


class _Declared(BaseModel):
    """What all kinds share."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def document(self) -> dict[str, Any]:
        """As it was asked for."""
        asked = self.model_dump(exclude_unset=True)
        return {"kind": type(self).model_fields["kind"].default, **asked}


class _Timed(_Declared):
    """What happens at some steps."""

    step: Annotated[Place | None, Field(description="At this step alone.")] = None
    start: Annotated[Place | None, Field(description="From this step on; from 0 where only `stop` is given.")] = None
    stop: Annotated[Place | None, Field(description="Before this step; to the end where only `start` is given.")] = None
    phase: Annotated[Name | None, Field(description="In the steps of this phase, such as `recall`.")] = None


class _OfElements(_Timed):
    """A change of elements of a field, or of cells of the memory."""

    target: Target
    elements: Elements = None
    rows: Rows = None
    columns: Columns = None


class Set(_OfElements):
    """Elements of a field, or cells of the memory, are set. A weighting is normalized after it."""

    kind: Literal["set"] = "set"
    value: Value


class Scale(_OfElements):
    """Elements of a field, or cells of the memory, are multiplied. A weighting is normalized after it."""

    kind: Literal["scale"] = "scale"
    value: Value


class Add(_OfElements):
    """Something is added to elements of a field, or to cells of the memory. A weighting is normalized after it."""

    kind: Literal["add"] = "add"
    value: Value


class Noise(_OfElements):
    """Seeded normal noise is added to cells of the memory, to what a run starts from, or to a named parameter of a copy
    of the machine.
    """

    kind: Literal["noise"] = "noise"
    target: Annotated[
        Name,
        Field(
            description="`memory`; before step 0 `initial.memory`, `initial.HEAD.weighting` or `parameters.NAME`, by "
            "the names of the machine's state_dict."
        ),
    ]
    spread: Annotated[
        Number,
        Field(ge=0, description="The standard deviation; of a parameter, as a share of that parameter's own."),
    ]
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


class Swap(_Timed):
    """Two rows of the memory change places, before the first head of the step."""

    kind: Literal["swap"] = "swap"
    target: Literal["memory"] = "memory"
    rows: Annotated[list[Place], Field(min_length=2, max_length=2, description="The two locations.")]


class Addressing(_Timed):
    """A head finds its weighting without content (g = 0), or without location (g = 1, no shift, γ = 1)."""

    kind: Literal["addressing"] = "addressing"
    head: Name
    without: Literal["content", "location"]


class Freeze(_Timed):
    """A head's weighting stays what it was in the step before."""

    kind: Literal["freeze"] = "freeze"
    head: Name


class Move(_Timed):
    """A head's weighting is moved some locations on, circularly."""

    kind: Literal["move"] = "move"
    head: Name
    by: Annotated[int, Field(description="Locations; below 0 backwards.", ge=-(2**31), lt=2**31)]


class Ablate(_Timed):
    """A write head writes nothing (it erases and adds 0); a read head reads zeros."""

    kind: Literal["ablate"] = "ablate"
    head: Name


Intervention = Annotated[
    Set | Scale | Add | Noise | Swap | Addressing | Freeze | Move | Ablate, Field(discriminator="kind")
]

Given = Mapping[str, Any] | Set | Scale | Add | Noise | Swap | Addressing | Freeze | Move | Ablate
"""One as a request has it, or already read."""
