"""What a step records, field by field: made from the specification, for traces, tables, figures and files alike.

The range of a field is that of its activation, None where there is no bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from tapedeck.ntm.activations import ACTIVATIONS, ActivationName, Range
from tapedeck.ntm.heads import Addressing
from tapedeck.ntm.machine import StepTrace
from tapedeck.ntm.specification import HeadSpec, MachineSpec

Role = Literal[
    "input",
    "target",
    "optimum",
    "output",
    "weighting",
    "key",
    "scalar",
    "shift",
    "erase",
    "add",
    "read",
    "hidden",
    "cell",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a step.

    Attributes:
        name: `HEAD.weighting` …, `controller.hidden`; as in trace files and on the wire.
        shape: of one step; () for a number.
        axes: what each dimension counts: `location`, `column` (of the memory), `shift`, `channel`, `unit`.
        role: how it is shown.
        range: the least and the greatest value that it can have.
        equation: as printed, with its number where the paper has one.
    """

    name: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    role: Role
    range: Range
    equation: str

    @property
    def length(self) -> int:
        """How many numbers: columns in a row of a trace."""
        return self.shape[0] if self.shape else 1


SHARE = Range(0, 1)

WEIGHTING_EQUATIONS = {
    "weighting": "w(i) = w̃(i)^γ / Σ w̃(j)^γ (9)",
    "content_weighting": "w^c = softmax(β · cosine(M, k)) (5, 6)",
    "gated_weighting": "w^g = g w^c + (1 − g) w₋₁ (7)",
    "shifted_weighting": "w̃(i) = Σ s(j) w^g(i − j) (8)",
}

SYMBOLS = {
    "key": "k",
    "key_strength": "β",
    "interpolation_gate": "g",
    "shift_weighting": "s",
    "sharpening": "γ",
    "erase_vector": "e",
    "add_vector": "a",
}

ROLES: dict[str, tuple[Role, tuple[str, ...]]] = {
    "key": ("key", ("column",)),
    "key_strength": ("scalar", ()),
    "interpolation_gate": ("scalar", ()),
    "sharpening": ("scalar", ()),
    "shift_weighting": ("shift", ("shift",)),
    "erase_vector": ("erase", ("column",)),
    "add_vector": ("add", ("column",)),
}


def step_fields(spec: MachineSpec, locations: int | None = None) -> tuple[Field, ...]:
    """What a step computes, in the order of `step_values`: outputs, heads in acting order, the controller."""
    n = spec.memory.locations if locations is None else locations
    activation = spec.output.activation
    outputs = (len(spec.outputs),)
    fields = [
        Field("outputs", outputs, ("channel",), "output", ACTIVATIONS[activation].range, f"y = {activation}(V v + b)")
    ]
    for head in spec.heads:
        fields.extend(_of_head(head, n, spec.memory.width))
    return (*fields, *_of_controller(spec))


def _of_head(head: HeadSpec, locations: int, width: int) -> list[Field]:
    sizes = {"column": width, "shift": len(head.shifts)}
    fields = []
    for stage in (*Addressing._fields, *head.stages[len(Addressing._fields) - len(WEIGHTING_EQUATIONS) :]):
        name = f"{head.name}.{stage}"
        if stage in WEIGHTING_EQUATIONS:
            fields.append(Field(name, (locations,), ("location",), "weighting", SHARE, WEIGHTING_EQUATIONS[stage]))
            continue
        role, axes = ROLES[stage]
        activation: ActivationName = getattr(head, stage)
        equation = f"{SYMBOLS[stage]} = {activation}"
        fields.append(
            Field(name, tuple(sizes[axis] for axis in axes), axes, role, ACTIVATIONS[activation].range, equation)
        )
    if head.kind == "read":
        fields.append(
            Field(f"{head.name}.read_vector", (width,), ("column",), "read", Range(None, None), "r = wᵀ M (2)")
        )
    return fields


def _of_controller(spec: MachineSpec) -> list[Field]:
    controller, size = spec.controller, (spec.controller.sizes[-1],)
    lstm = controller.kind == "lstm"
    reach = Range(-1, 1) if lstm and controller.activation == "raw" else ACTIVATIONS[controller.activation].range
    equation = "h = σ(o) tanh(c)" if lstm else f"h = {controller.activation}(A [x, r₋₁] + b)"
    fields = [Field("controller.hidden", size, ("unit",), "hidden", reach, equation)]
    if lstm:
        fields.append(
            Field("controller.cell", size, ("unit",), "cell", Range(None, None), "c = σ(f) c₋₁ + σ(i) tanh(g)")
        )
    return fields


def step_values(output: Tensor, step: StepTrace) -> list[Tensor]:
    """What a step computed, in the order of `step_fields`."""
    values = [output]
    for head in step.heads:
        values.extend(head.addressing)
        values.extend(head[1:])
    values.append(step.hidden)
    if step.cell is not None:
        values.append(step.cell)
    return values
