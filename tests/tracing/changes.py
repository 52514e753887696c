"""What Hypothesis draws for runs with interventions: any machine, and changes of every kind that fit it."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from tapedeck.ntm import HeadSpec, NeuralTM
from tapedeck.tracing import Run, prepare
from tapedeck.tracing.interventions.sites import NORMALIZED, Sites
from tests.tracing.specifications import any_machines


class Case(NamedTuple):
    """A machine, what it copies, and one intervention that starts at a step."""

    machine: NeuralTM
    vectors: list[list[int]]
    change: dict[str, Any]
    start: int

    def run(self, *interventions: dict[str, Any]) -> Run:
        return prepare(self.machine, "copy", self.vectors, None, list(interventions))


values = st.floats(-2, 2, width=32)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any kind of change, from some step on."""
    machine = draw(any_machines())
    vectors = draw(st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=2), min_size=1, max_size=3))
    start = draw(st.integers(0, 2 * len(vectors) + 1))
    make = draw(st.sampled_from((_of_field, _of_memory, _of_head)))
    return Case(machine, vectors, {**make(draw, machine), "start": start}, start)


def _of_field(draw: st.DrawFn, machine: NeuralTM) -> dict[str, Any]:
    name, field = draw(st.sampled_from(sorted(Sites(machine.spec, machine.spec.memory.locations).fields.items())))
    kind = draw(st.sampled_from(("set", "scale", "add")))
    least = 0.125 if name.rpartition(".")[2] in NORMALIZED else -2
    given = draw(st.lists(st.floats(least, 2, width=32), min_size=field.length, max_size=field.length))
    return {"kind": kind, "target": name, "value": given}


def _of_memory(draw: st.DrawFn, machine: NeuralTM) -> dict[str, Any]:
    memory = machine.spec.memory
    rows = draw(st.lists(st.integers(0, memory.locations - 1), min_size=2, max_size=2, unique=True))
    kind = draw(st.sampled_from(("set", "scale", "add", "noise", "swap")))
    if kind == "swap":
        return {"kind": kind, "rows": rows}
    more = {"spread": 1.0, "seed": draw(st.integers(0, 9))} if kind == "noise" else {"value": draw(values)}
    return {"kind": kind, "target": "memory", "rows": rows, **more}


def _of_head(draw: st.DrawFn, machine: NeuralTM) -> dict[str, Any]:
    head: HeadSpec = draw(st.sampled_from(machine.spec.heads))
    kinds = (
        {"kind": "freeze"},
        {"kind": "ablate"},
        {"kind": "move", "by": draw(st.integers(-3, 3))},
        {"kind": "addressing", "without": "content"},
        {"kind": "addressing", "without": "location"},
    )
    return {"head": head.name, **draw(st.sampled_from(kinds))}
