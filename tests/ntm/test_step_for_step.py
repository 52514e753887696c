"""The shipped copy machines step as they always have: each step against the reference's operations in their order.

Not to the last bit: which of two sums of the same numbers a processor's libraries take depends on it and on how
many rows are multiplied at once. And step by step, because a machine that is half trained amplifies that over a run.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import read_checkpoint
from tapedeck.tasks import CopyTask
from tests import reference_float32

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
SHIPPED = sorted(path.stem for path in CHECKPOINTS.glob("copy-1*.safetensors"))
TOLERANCE = 5e-6
"""Relative, and absolute below 1: some fifty times what float32 rounds a number to."""


@pytest.mark.parametrize("locations", [128, 200])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_machine_steps_as_the_reference(name: str, locations: int) -> None:
    machine = read_checkpoint(CHECKPOINTS / f"{name}.safetensors").machine
    bits = torch.randint(0, 2, (20, 8), generator=torch.Generator().manual_seed(20)).float()
    parameters, state = machine.state_dict(), machine.initial_state(locations=locations)
    with torch.inference_mode():
        for x in CopyTask.episode(bits).inputs:
            before = reference_float32.State(state.memory, *state.weightings, *state.reads)
            wanted, after = reference_float32.step(parameters, x, before)
            output, state, _ = machine.step(x, state)
            found = (output, state.memory, *state.weightings, *state.reads)
            for one, other in zip(found, (wanted, *after), strict=True):
                torch.testing.assert_close(one, other, rtol=TOLERANCE, atol=TOLERANCE)
