"""What Hypothesis draws for the equations: float64 tensors of agreeing shapes, small enough to read when one fails."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import Tensor

from tapedeck.ntm import (
    Channel,
    ControllerSpec,
    Conventions,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    NeuralTM,
    NTMConfig,
    OutputSpec,
    Start,
    Starts,
)
from tapedeck.ntm.specification import ADDRESSING_STAGES, ALLOWED, WRITE_STAGES, HeadKind, Term

locations = st.integers(3, 24)
widths = st.integers(1, 6)
gates = st.floats(0, 1)
sharpenings = st.floats(1, 50)
key_strengths = st.floats(0, 50)
seeds = st.integers(0, 2**32 - 1)

precisions = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])


def scalar(value: float, dtype: torch.dtype = torch.float64) -> Tensor:
    """A β, g or γ of one head: [1]."""
    return torch.tensor([value], dtype=dtype)


@st.composite
def tensors(draw: st.DrawFn, *shape: int, least: float = -10, most: float = 10) -> Tensor:
    """Float64 values that float32 holds exactly, zeros and very small ones among them."""
    elements = st.floats(least, most, width=32)
    return torch.from_numpy(draw(hnp.arrays(np.float64, shape, elements=elements)))


@st.composite
def one_hots(draw: st.DrawFn, size: int) -> tuple[Tensor, int]:
    """A one-hot weighting, and where."""
    place = draw(st.integers(0, size - 1))
    weighting = torch.zeros(size, dtype=torch.float64)
    weighting[place] = 1
    return weighting, place


@st.composite
def weightings(draw: st.DrawFn, size: int) -> Tensor:
    """At least 0 everywhere, sum 1: anything from one-hot to uniform."""
    shares = draw(tensors(size, least=0, most=1))
    if shares.sum() < 1e-3:
        return draw(one_hots(size))[0]
    return shares / shares.sum()


class Located(NamedTuple):
    """A memory of N locations with a weighting and a vector of its width."""

    memory: Tensor
    weighting: Tensor
    vector: Tensor


@st.composite
def located(draw: st.DrawFn, least: float = -10, most: float = 10) -> Located:
    """Memory and vector with elements in least…most."""
    n, w = draw(locations), draw(widths)
    return Located(
        draw(tensors(n, w, least=-10, most=10)), draw(weightings(n)), draw(tensors(w, least=least, most=most))
    )


@st.composite
def machines(draw: st.DrawFn) -> NeuralTM:
    """Small float64 machines with parameters of any size between a whisper and saturation."""
    config = NTMConfig(
        locations=draw(st.integers(3, 12)),
        width=draw(st.integers(1, 5)),
        bits=draw(st.integers(1, 4)),
        controller_size=draw(st.integers(1, 8)),
    )
    machine = NeuralTM(config).double()
    generator = torch.Generator().manual_seed(draw(seeds))
    scale = draw(st.sampled_from([0.01, 0.3, 1.0, 3.0]))
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return machine


@st.composite
def bits(draw: st.DrawFn, *shape: int) -> Tensor:
    """0s and 1s, float64."""
    return torch.from_numpy(draw(hnp.arrays(np.float64, shape, elements=st.sampled_from([0.0, 1.0]))))


KINDS: tuple[HeadKind, ...] = ("write", "read")


@st.composite
def heads(draw: st.DrawFn) -> tuple[HeadSpec, ...]:
    """One to five, in any acting order, of any convention."""
    more: list[HeadKind] = draw(st.lists(st.sampled_from(KINDS), max_size=3))
    kinds = draw(st.permutations([*KINDS, *more]))
    names = [
        kind if kinds.count(kind) == 1 else f"{kind}{kinds[:place].count(kind) + 1}" for place, kind in enumerate(kinds)
    ]
    made = []
    for name, kind in zip(names, kinds, strict=True):
        chosen = {stage: draw(st.sampled_from(ALLOWED[stage])) for stage in ADDRESSING_STAGES}
        chosen |= {stage: draw(st.sampled_from(ALLOWED[stage])) for stage in WRITE_STAGES if kind == "write"}
        made.append(
            HeadSpec(
                name,
                kind,
                shifts=draw(
                    st.sampled_from([(1, 0, -1), (-1, 0, 1), (0, 1, -1), (2, 1, 0, -1, -2), (1,), (0, 2), (-1, -2)])
                ),
                addresses=draw(st.sampled_from(["current", "previous"])),
                previous=draw(st.sampled_from([None, *names])),
                **chosen,
            )
        )
    return tuple(made)


@st.composite
def specifications(draw: st.DrawFn) -> MachineSpec:
    """Small machines of every kind."""
    lstm = draw(st.booleans())
    drives: tuple[Term, ...] = draw(
        st.sampled_from([("hidden",), ("hidden", "inputs"), ("inputs", "hidden")] + [("cell",)] * lstm)
    )
    starts = Starts(
        memory=draw(
            st.sampled_from([Start("constant", 1e-6), Start("learned"), Start("learned", activation="sigmoid")])
        ),
        weightings=draw(
            st.sampled_from(
                [Start("one_hot"), Start("uniform"), Start("constant"), Start("learned", activation="softmax")]
            )
        ),
        reads=draw(st.sampled_from([Start("constant", 1e-6), Start("learned", activation="tanh")])),
        controller=draw(st.sampled_from([Start("constant"), Start("learned")])),
    )
    return MachineSpec(
        inputs=tuple(Channel(f"in {place}", "value") for place in range(draw(st.integers(1, 3)))),
        outputs=tuple(Channel(f"out {place}", "value") for place in range(draw(st.integers(1, 3)))),
        memory=MemorySpec(draw(st.integers(5, 8)), draw(st.integers(1, 4))),
        controller=ControllerSpec(
            "lstm" if lstm else "feed_forward",
            tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))),
            draw(st.sampled_from(["relu", "tanh", "sigmoid", "raw"])),
            drives,
        ),
        heads=draw(heads()),
        output=OutputSpec(
            draw(
                st.sampled_from(
                    [("reads",), ("hidden", "reads"), ("inputs", "reads"), ("hidden",), ("reads", "hidden", "inputs")]
                )
            ),
            draw(st.sampled_from(["clamp", "sigmoid", "raw"])),
        ),
        starts=starts,
        conventions=Conventions(
            draw(st.sampled_from(["clamped_norms", "clamped_product", "added", "root"])),
            draw(st.sampled_from([1e-8, 1e-4])),
            draw(st.sampled_from([0.0, 1e-3])),
            draw(st.sampled_from([0.0, 1e-16, 1e-3])),
        ),
    )


def general_machine(spec: MachineSpec, seed: int) -> NeuralTM:
    """A float64 machine whose every parameter is drawn."""
    machine = NeuralTM(spec).double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return machine
