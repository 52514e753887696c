"""The copy task's episodes: what goes in at every step, what should come out, and which phase is scored."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tapedeck.tasks import TASKS, CopyTask, Phase
from tests.ntm.strategies import bits


@st.composite
def sequences(draw: st.DrawFn) -> Tensor:
    return draw(bits(draw(st.integers(1, 12)), draw(st.integers(1, 8))))


def test_an_episode_written_out() -> None:
    episode = CopyTask.episode(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    assert episode.inputs.tolist() == [
        [0, 0, 1, 0],  # start
        [1, 0, 0, 0],  # input
        [0, 1, 0, 0],
        [0, 0, 0, 1],  # end
        [0, 0, 0, 0],  # recall
        [0, 0, 0, 0],
    ]
    assert episode.targets.tolist() == [[0] * 4] * 4 + [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert episode.phases == (
        Phase("start", 0, 1, "delimiter"),
        Phase("input", 1, 3, "input"),
        Phase("end", 3, 4, "delimiter"),
        Phase("recall", 4, 6, "recall"),
    )
    assert episode.scored == episode.phases[-1]
    assert episode.bits == 2
    assert episode.steps == 6


@given(sequence=sequences())
def test_any_episode_says_the_sequence_once_and_expects_it_once(sequence: Tensor) -> None:
    length, width = sequence.shape
    episode = CopyTask.episode(sequence)
    assert episode.steps == 2 * length + 2
    said, expected = (slice(phase.start, phase.stop) for phase in (episode.phases[1], episode.scored))
    assert torch.equal(episode.inputs[said, :width], sequence)
    assert torch.equal(episode.targets[expected, :width], sequence)
    assert episode.inputs.sum() == sequence.sum() + 2
    assert episode.targets.sum() == sequence.sum()
    assert episode.inputs[0, width] == episode.inputs[length + 1, width + 1] == 1


@given(sequence=sequences())
def test_the_phases_follow_one_another_over_all_steps(sequence: Tensor) -> None:
    episode = CopyTask.episode(sequence)
    assert episode.phases[0].start == 0
    assert episode.phases[-1].stop == episode.steps
    for phase, following in zip(episode.phases, episode.phases[1:], strict=False):
        assert phase.start < phase.stop == following.start


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_batch_of_sequences_is_its_single_episodes(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    batch = torch.randint(0, 2, (5, 2, 3, 8)).to(dtype)
    episode = CopyTask.episode(batch)
    assert episode.inputs.shape == (12, 2, 3, 10)
    for i in range(2):
        for j in range(3):
            single = CopyTask.episode(batch[:, i, j])
            assert torch.equal(episode.inputs[:, i, j], single.inputs)
            assert torch.equal(episode.targets[:, i, j], single.targets)
            assert episode.phases == single.phases
    assert episode.inputs.dtype == episode.targets.dtype == dtype


def test_an_episode_does_not_change_the_sequence_it_was_made_of() -> None:
    sequence = torch.ones(3, 8)
    episode = CopyTask.episode(sequence)
    episode.inputs.zero_()
    episode.targets.zero_()
    assert sequence.all()


def test_the_task_is_found_by_its_name_and_says_what_it_needs() -> None:
    assert isinstance(TASKS["copy"], CopyTask)
    assert TASKS["copy"].locations_needed({"length": 126}) == 128
