"""A whole trace: its arrays by name, and the memory rebuilt from it."""

from __future__ import annotations

import numpy as np
import pytest

from tapedeck.ntm import NeuralTM
from tapedeck.tracing import Trace, prepare


@pytest.fixture
def trace(machine: NeuralTM, sequence: list[list[int]]) -> Trace:
    return prepare(machine, "copy", sequence).trace()


def test_every_field_is_an_array_of_its_shape(trace: Trace) -> None:
    assert trace.steps == 20
    assert list(trace.arrays) == [field.name for field in trace.layout.fields]
    for field in trace.layout.fields:
        expected = (20, *field.shape)
        assert trace.arrays[field.name].shape == expected
        assert np.shares_memory(trace.arrays[field.name], trace.rows)


def test_inputs_and_targets_are_the_episodes(machine: NeuralTM, sequence: list[list[int]], trace: Trace) -> None:
    episode = prepare(machine, "copy", sequence).episode
    np.testing.assert_array_equal(trace.arrays["inputs"], episode.inputs.numpy())
    np.testing.assert_array_equal(trace.arrays["targets"], episode.targets.numpy())
    assert trace.phases == episode.phases


def test_the_memory_rebuilt_is_the_machines_at_every_step(
    machine: NeuralTM, sequence: list[list[int]], trace: Trace
) -> None:
    memories, state = trace.memories(), machine.initial_state()
    assert memories.shape == (20, 7, 4)
    for x, rebuilt in zip(prepare(machine, "copy", sequence).episode.inputs, memories, strict=True):
        _, state, _ = machine.step(x, state)
        np.testing.assert_allclose(rebuilt, state.memory.detach().numpy(), rtol=1e-5, atol=2e-6)
    assert abs(memories[-1] - trace.initial.memory).max() > 0.1


def test_what_was_read_is_the_weighting_over_the_memory_just_written(trace: Trace) -> None:
    expected = np.einsum("tn,tnw->tw", trace.arrays["read.weighting"], trace.memories())
    np.testing.assert_allclose(trace.arrays["read.read_vector"], expected, rtol=1e-5, atol=1e-5)
