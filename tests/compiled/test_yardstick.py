"""The yardstick of `make bench` computes what it is compared with: a fast loop that does less would be none."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.tasks import task_as_heard
from tapedeck.tracing import prepare
from tests.bench import yardstick


@pytest.mark.parametrize(("name", "size"), [("copy-1", {"length": 5}), ("priority_sort-1", {"vectors": 4})])
def test_the_yardstick_records_the_same_numbers(name: str, size: dict[str, int]) -> None:
    found = CheckpointLibrary(SHIPPED_CHECKPOINTS).get(name)
    task = task_as_heard(found.info.spec, found.info.task)
    example = task.sample(torch.Generator().manual_seed(1), size, 1, found.info.spec.bits)
    run = prepare(found.machine, task.name, task.document(task.part(example, 0)))
    rows = yardstick.run(run.machine, run.inputs)
    expected = run.trace().rows
    np.testing.assert_allclose(rows, expected[:, -rows.shape[1] :], rtol=1e-3, atol=2e-3)
