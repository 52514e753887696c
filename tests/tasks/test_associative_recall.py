"""Associative recall: the episode step by step, and inputs that are none."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tapedeck.errors import InvalidSequence
from tapedeck.tasks import AssociativeRecallTask, bit_errors

TASK = AssociativeRecallTask()
ITEMS = [[[1, 0], [0, 0], [1, 1]], [[0, 1], [1, 1], [0, 0]], [[1, 1], [1, 0], [0, 1]]]


def test_the_episode_of_three_items_asked_with_the_second() -> None:
    episode = TASK.episode(TASK.parse({"items": ITEMS, "query": 1}, 2))
    heard = [row for item in ITEMS for row in [[0, 0, 1, 0], *([*vector, 0, 0] for vector in item)]]
    asked = [[0, 0, 0, 1], *([*vector, 0, 0] for vector in ITEMS[1]), [0, 0, 0, 1]]
    assert episode.inputs.tolist() == heard + asked + 3 * [[0, 0, 0, 0]]
    assert episode.targets.tolist() == 17 * [[0, 0]] + ITEMS[2]
    assert episode.mask.any(dim=1).tolist() == 17 * [False] + 3 * [True]
    assert [phase.role for phase in episode.phases] == [
        *3 * ["delimiter", "input"],
        "delimiter",
        "query",
        "delimiter",
        "recall",
    ]
    bounds = [(phase.start, phase.stop) for phase in episode.phases]
    assert [start for start, _ in bounds] == [0, *(stop for _, stop in bounds[:-1])]
    assert bounds[-1][1] == episode.steps == TASK.steps({"items": 3}) == 20
    assert [int(bit_errors(each, episode)) for each in (episode.targets, 1 - episode.targets)] == [0, 6]


def test_a_batch_asks_each_list_with_its_own_item() -> None:
    example = TASK.sample(torch.Generator().manual_seed(1), {"items": 5}, 8, 3)
    assert len(set(example.query.tolist())) > 1
    assert set(example.query.tolist()) <= {0, 1, 2, 3}
    whole = TASK.episode(example)
    assert whole.inputs.shape == (28, 8, len(TASK.input_channels(3)))
    assert whole.targets.shape == (28, 8, len(TASK.output_channels(3)))
    for each, query in enumerate(example.query):
        alone = TASK.episode(type(example)(example.items[:, :, each], query))
        assert torch.equal(whole.inputs[:, each], alone.inputs)
        assert torch.equal(whole.targets[:, each], alone.targets)


def test_the_last_item_is_never_asked_with() -> None:
    generator = torch.Generator().manual_seed(1)
    asked = torch.cat([TASK.sample(generator, {"items": 2}, 50, 1).query for _ in range(3)])
    assert not asked.any()


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"items": ITEMS[:1], "query": 0}, "items must be a list of at least two items of 3 vectors each.", "items"),
    ({"items": ITEMS, "query": 2}, "query must be a whole number of 0 to 1, got 2.", "query"),
    ({"items": [ITEMS[0], ITEMS[1][:2]], "query": 0}, "items.1 must have 3 vectors, got 2.", "items.1"),
    ({"sequence": [[1]]}, "An input for associative_recall has no “sequence”; it has “items”, “query”.", "sequence"),
]


@pytest.mark.parametrize(("document", "sentence", "field"), WRONG)
def test_an_input_that_is_none_is_refused_in_one_sentence(document: dict[str, Any], sentence: str, field: str) -> None:
    with pytest.raises(InvalidSequence) as caught:
        TASK.parse(document, 2)
    assert (caught.value.detail, caught.value.field) == (sentence, field)
