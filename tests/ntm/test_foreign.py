"""Machines that others trained, through the specification and the one step, against traces of their own programs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from tapedeck.ntm import MachineSpec, NeuralTM
from tests import foreign_machines
from tests.foreign_machines import FOLDER, needs_them

pytestmark = needs_them

MACHINES: dict[str, Callable[[torch.Tensor | None], NeuralTM]] = {
    "geektoni-prioritysort-8-16": lambda _: foreign_machines.geektoni(),
    "clemkoa-copy": lambda _: foreign_machines.clemkoa(),
    **{
        f"vlgiitr-{name}": lambda reads, name=name: foreign_machines.vlgiitr(name, reads)  # type: ignore[misc]
        for name in ("copy_500000", "associative_100000", "prioritysort_100000")
    },
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_of_others_plays_as_in_its_own_program(name: str) -> None:
    recorded = np.load(FOLDER / f"{name}.trace.npz")
    reads = torch.from_numpy(recorded["initial_reads"]) if "initial_reads" in recorded else None
    machine = MACHINES[name](reads)
    assert MachineSpec.from_document(machine.spec.as_document()) == machine.spec
    with torch.inference_mode():
        outputs, state, traces = machine(torch.from_numpy(recorded["input"]))
    weightings = np.stack([[head.addressing.weighting.numpy() for head in step.heads] for step in traces])
    np.testing.assert_allclose(outputs.numpy(), recorded["output"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(weightings, recorded["weightings"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(state.memory.numpy(), recorded["memory"][-1], rtol=0, atol=3e-5)


def test_the_fault_of_a_machine_is_part_of_its_specification() -> None:
    """Its write head learned to go on from where the read head was; with its own weighting it does something else."""
    recorded = np.load(FOLDER / "clemkoa-copy.trace.npz")
    with torch.inference_mode():
        outputs, _, _ = foreign_machines.clemkoa(previous=None)(torch.from_numpy(recorded["input"]))
    assert np.abs(outputs.numpy() - recorded["output"]).max() > 0.5
