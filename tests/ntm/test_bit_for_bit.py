"""The shipped copy machines step as they always have, to the last bit: against the reference's operations in order.

What is compared with is `tests.reference_float32`, not numbers in a file: those of another processor would be others.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import read_checkpoint
from tapedeck.tasks import CopyTask
from tests import reference_float32

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
SHIPPED = sorted(path.stem for path in CHECKPOINTS.glob("copy-*.safetensors"))


@pytest.mark.parametrize("locations", [128, 200])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_machine_steps_to_the_last_bit_as_the_reference(name: str, locations: int) -> None:
    machine = read_checkpoint(CHECKPOINTS / f"{name}.safetensors").machine
    bits = torch.randint(0, 2, (20, 8), generator=torch.Generator().manual_seed(20)).float()
    inputs = CopyTask.episode(bits).inputs
    state = machine.initial_state(locations=locations)
    start = reference_float32.State(state.memory, *state.weightings, *state.reads)
    with torch.inference_mode():
        wanted = reference_float32.run(machine.state_dict(), inputs, start)
        outputs, _, traces = machine(inputs, state)
    assert torch.equal(outputs, wanted["outputs"])
    for place, head in enumerate(("write", "read")):
        found = torch.stack([step.heads[place].addressing.weighting for step in traces])
        assert torch.equal(found, wanted[f"{head}.weighting"]), head
