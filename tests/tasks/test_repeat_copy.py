"""Repeat copy: the episode step by step, and inputs that are none."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tapedeck.errors import InvalidSequence
from tapedeck.tasks import Phase, RepeatCopyTask, bit_errors

TASK = RepeatCopyTask()


def test_the_episode_of_two_vectors_three_times() -> None:
    episode = TASK.episode(TASK.parse({"sequence": [[1, 0], [1, 1]], "repeats": 3}, 2))
    heard = [[0, 0, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, -2.5 / 8.25**0.5]]
    torch.testing.assert_close(episode.inputs, torch.tensor(heard + 7 * [[0, 0, 0, 0]], dtype=torch.float32))
    said = 3 * [[1, 0, 0], [1, 1, 0]] + [[0, 0, 1]]
    assert episode.targets.tolist() == 4 * [[0, 0, 0]] + said
    assert episode.mask.tolist() == 4 * [3 * [False]] + 7 * [3 * [True]]
    assert episode.phases == (
        Phase("start", 0, 1, "delimiter"),
        Phase("input", 1, 3, "input"),
        Phase("count", 3, 4, "delimiter"),
        Phase("recall", 4, 11, "recall"),
    )
    assert episode.steps == TASK.steps({"length": 2, "repeats": 3}) == 11
    assert [int(bit_errors(each, episode)) for each in (episode.targets, 1 - episode.targets)] == [0, 21]
    assert episode.scored_bits == 21


def test_channels_are_those_of_the_episode() -> None:
    episode = TASK.episode(TASK.sample(torch.Generator().manual_seed(1), {"length": 4, "repeats": 2}, 5, 3))
    assert episode.inputs.shape == (15, 5, len(TASK.input_channels(3)))
    assert episode.targets.shape == (15, 5, len(TASK.output_channels(3)))
    assert [channel.kind for channel in TASK.input_channels(3)] == ["bit", "bit", "bit", "delimiter", "count"]


def test_a_batch_is_its_examples() -> None:
    example = TASK.sample(torch.Generator().manual_seed(1), {"length": 4, "repeats": 2}, 2, 3)
    whole = TASK.episode(example)
    for each in (0, 1):
        alone = TASK.episode(example._replace(sequence=example.sequence[:, each]))
        assert torch.equal(whole.inputs[:, each], alone.inputs)
        assert torch.equal(whole.targets[:, each], alone.targets)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"sequence": [[1, 0]]}, "An input for repeat_copy must have “repeats”; it has “sequence”, “repeats”.", "repeats"),
    ({"sequence": [[1, 0]], "repeats": 0}, "repeats must be a whole number of 1 to 1,000, got 0.", "repeats"),
    ({"sequence": [[1, 0]], "repeats": True}, "repeats must be a whole number of 1 to 1,000, got true.", "repeats"),
    ({"sequence": [], "repeats": 2}, "sequence must be a list of at least one vector of 2 bits.", "sequence"),
    ({"sequence": [[1, 0], [1]], "repeats": 2}, "Vector 2 of sequence must have 2 bits, got 1 bits.", "sequence.1"),
    ({"sequence": [[1, 2]], "repeats": 2}, "Bit 2 of vector 1 of sequence must be 0 or 1, got 2.", "sequence.0.1"),
    (
        {"sequence": [[1, 0]], "repeats": 2, "query": 1},
        "An input for repeat_copy has no “query”; it has “sequence”, “repeats”.",
        "query",
    ),
]


@pytest.mark.parametrize(("document", "sentence", "field"), WRONG)
def test_an_input_that_is_none_is_refused_in_one_sentence(document: dict[str, Any], sentence: str, field: str) -> None:
    with pytest.raises(InvalidSequence) as caught:
        TASK.parse(document, 2)
    assert (caught.value.detail, caught.value.field) == (sentence, field)
