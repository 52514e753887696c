"""Every family, variant and size against its program, written once more in NumPy from the equations alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest
import torch

from tapedeck.checkpoints.importers import FAMILIES, Chosen
from tapedeck.checkpoints.importers.building import build
from tapedeck.checkpoints.importers.declaration import Hears
from tapedeck.checkpoints.importers.finding import find
from tapedeck.ntm import Channel, MachineSpec
from tests.checkpoints.importers import files, programs
from tests.checkpoints.importers.files import Sizes, Tensors

Array = npt.NDArray[np.float64]
Program = Callable[[programs.Tensors, Array], tuple[Array, Array]]

SMALL, WIDE = Sizes(), Sizes(n=11, w=3, h=5, c=3, o=2, shifts=5)
TWO_LAYERS, PAIRS = Sizes(layers=2), Sizes(pairs=3, layers=2, c=4, o=6)
READS = torch.linspace(-0.5, 0.5, 12).reshape(3, 4)

CASES: dict[str, tuple[str, str, Tensors, Program]] = {}
for _variant in "123":
    for _name, _tensors in {
        "one pair": files.family_a(SMALL),
        "five shifts": files.family_a(WIDE),
        "three pairs, two layers": files.family_a(PAIRS),
        "another order": files.family_a(SMALL, "wrrwr"),
        "vaibhavjindal": files.family_a(SMALL, one_pair=True),
        "within another module": {f"module.{n}": t for n, t in files.family_a(SMALL).items()},
    }.items():
        CASES[f"A{_variant}, {_name}"] = "A", _variant, _tensors, partial(programs.family_a, variant=_variant)
CASES["B"] = (
    "B",
    "1",
    files.family_b(SMALL, erases=False),
    partial(programs.family_b, reads=[*READS.double().numpy()[:1]]),
)
CASES["B, three pairs"] = (
    "B", "1", files.family_b(PAIRS, erases=False), partial(programs.family_b, reads=[*READS.double().numpy()]),
)  # fmt: skip
CASES["B2"] = "B2", "1", files.family_b(SMALL, erases=True), partial(programs.family_b2, count=1)
CASES["B2, three pairs"] = "B2", "1", files.family_b(PAIRS, erases=True), partial(programs.family_b2, count=3)
for _variant in "12":
    for _forward in (False, True):
        CASES[f"C{_variant}{', feed-forward' if _forward else ''}"] = (
            "C", _variant, files.family_c(SMALL, feed_forward=_forward), partial(programs.family_c, variant=_variant),
        )  # fmt: skip
CASES["D"] = "D", "1", files.family_d(SMALL), programs.family_d
CASES["D, two layers"] = "D", "1", files.family_d(TWO_LAYERS), programs.family_d
CASES["D, feed-forward"] = "D", "1", files.family_d(WIDE, feed_forward=True), programs.family_d


@pytest.mark.parametrize("case", CASES)
def test_a_family_plays_as_its_program(case: str) -> None:
    name, variant_name, tensors, program = CASES[case]
    family, found = next(
        (family, found) for family in FAMILIES for keys in family.keys if (found := find(tensors, keys)) is not None
    )
    assert family.name == name
    variant = next(each for each in family.variants if each.name == variant_name)
    # No task: channels that mean nothing.
    inputs, outputs = (tuple(Channel(f"{n}", "value") for n in range(count)) for count in (found.inputs, found.outputs))
    hears = Hears("copy", inputs[1:], outputs[1:], None, ())
    reads = {
        head: READS[n]
        for n, head in enumerate(["read_vector"] if len(found.heads) == 2 else [f"read{n}_vector" for n in (1, 2, 3)])
    }
    machine = build(found, variant, hears, Chosen(start=reads if name == "B" else None))
    assert found.unknown == []  # every tensor is used, or known to play no part
    assert MachineSpec.from_document(machine.spec.as_document()) == machine.spec

    x = torch.randn(9, found.inputs, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        played, _, steps = machine.double()(x.double())  # in float32 processors come apart by more than this
    plain = {key.removeprefix("module."): value.double().numpy() for key, value in tensors.items()}
    expected, weightings = program(plain, x.double().numpy())
    np.testing.assert_allclose(played.numpy(), expected, rtol=0, atol=1e-5)
    ours = np.stack([np.stack([head.addressing.weighting.numpy() for head in step.heads]) for step in steps])
    np.testing.assert_allclose(ours, weightings, rtol=0, atol=1e-5)
