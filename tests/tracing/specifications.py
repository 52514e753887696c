"""What Hypothesis draws for runs of any machine: specifications of every sort, with heads in any order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from hypothesis import strategies as st

from tapedeck.ntm import (
    ControllerSpec,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    NeuralTM,
    NTMConfig,
    OutputSpec,
    Start,
    Starts,
)
from tapedeck.ntm.specification import ADDRESSING_STAGES, ALLOWED, WRITE_STAGES
from tests.ntm.strategies import seeds


@st.composite
def heads(draw: st.DrawFn) -> tuple[HeadSpec, ...]:
    """One to three of each kind in any acting order, with activations of every sort."""
    counts = {kind: draw(st.integers(1, 3)) for kind in ("write", "read")}
    kinds: list[Any] = draw(st.permutations([kind for kind, count in counts.items() for _ in range(count)]))
    made, numbers = list[HeadSpec](), dict.fromkeys(counts, 0)
    for kind in kinds:
        numbers[kind] += 1
        stages = (*ADDRESSING_STAGES, *(WRITE_STAGES if kind == "write" else ()))
        activations: dict[str, Any] = {stage: draw(st.sampled_from(ALLOWED[stage])) for stage in stages}
        name = kind if counts[kind] == 1 else f"{kind}{numbers[kind]}"
        addresses: Any = draw(st.sampled_from(("current", "previous")))
        made.append(HeadSpec(name, kind, addresses=addresses, **activations))
    return tuple(made)


@st.composite
def specs(draw: st.DrawFn, bits: int = 2) -> MachineSpec:
    """Machines that could be asked to copy: feed-forward or LSTM, any output terms in any order."""
    channels = NTMConfig(bits=bits).spec.inputs
    sizes = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=2)))
    kind: Any = draw(st.sampled_from(("feed_forward", "lstm")))
    terms: Any = draw(st.permutations(("reads", "hidden", "inputs")))[: draw(st.integers(1, 3))]
    activation: Any = draw(st.sampled_from(("clamp", "sigmoid", "raw")))
    start: Any = draw(st.sampled_from((Start("constant", 1e-6), Start("constant", -0.5), Start("learned"))))
    return MachineSpec(
        inputs=channels,
        outputs=channels,
        memory=MemorySpec(draw(st.integers(3, 6)), draw(st.integers(1, 3))),
        controller=ControllerSpec(kind, sizes, "tanh"),
        heads=draw(heads()),
        output=OutputSpec(tuple(terms), activation),
        starts=Starts(memory=start, weightings=Start(draw(st.sampled_from(("one_hot", "uniform"))))),
    )


@st.composite
def any_machines(draw: st.DrawFn, bits: int = 2) -> NeuralTM:
    """A machine of any specification with numbers that show."""
    machine = NeuralTM(draw(specs(bits)))
    generator = torch.Generator().manual_seed(draw(seeds))
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.7)
    return machine


def with_two_read_heads(config: NTMConfig) -> MachineSpec:
    """The reference's machine with a second read head, which acts first."""
    spec = config.spec
    write, read = spec.heads
    return replace(spec, heads=(replace(read, name="read1"), write, replace(read, name="read2")))
