"""Priority sort: the episode step by step, inputs that are none, and what is said of what came out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.errors import InvalidSequence
from tapedeck.parts import whole
from tapedeck.tasks import Diagnosis, PrioritySortTask, bit_errors
from tapedeck.tasks.priority_sort import sorted_out
from tapedeck.tasks.verdicts.ranking import Ranking, kendall
from tapedeck.training.starting import initial_machine
from tests.training.tiny import TINY_SORT

TASK = PrioritySortTask()
VECTORS = [[0, 0], [0, 1], [1, 0], [1, 1]]
PRIORITIES = [-0.5, 1, 0.25, -1]


def test_the_episode_of_four_vectors() -> None:
    episode = TASK.episode(TASK.parse({"vectors": VECTORS, "priorities": PRIORITIES}, 2))
    heard = [[*vector, priority, 0] for vector, priority in zip(VECTORS, PRIORITIES, strict=True)]
    assert episode.inputs.tolist() == [*heard, [0, 0, 0, 1], *3 * [[0, 0, 0, 0]]]
    assert episode.targets.tolist() == [*5 * [[0, 0]], [0, 1], [1, 0], [0, 0]]
    assert episode.mask.any(dim=1).tolist() == 5 * [False] + 3 * [True]
    assert [(phase.name, phase.role, phase.start, phase.stop) for phase in episode.phases] == [
        ("input", "input", 0, 4),
        ("end", "delimiter", 4, 5),
        ("recall", "recall", 5, 8),
    ]
    assert [int(bit_errors(each, episode)) for each in (episode.targets, 1 - episode.targets)] == [0, 6]
    assert [channel.kind for channel in TASK.input_channels(2)] == ["bit", "bit", "priority", "delimiter"]


@pytest.mark.parametrize(("count", "out"), [(1, 1), (2, 2), (3, 2), (4, 3), (8, 6), (20, 16)])
def test_so_many_come_out(count: int, out: int) -> None:
    example = TASK.sample(torch.Generator().manual_seed(1), {"vectors": count}, 3, 2)
    assert sorted_out(count) == out
    assert TASK.episode(example).steps == TASK.steps({"vectors": count}) == count + 1 + out


def test_a_batch_sorts_each_list_by_its_own_priorities_and_comes_back_as_requests() -> None:
    example = TASK.sample(torch.Generator().manual_seed(1), {"vectors": 5}, 8, 3)
    assert (example.priorities.abs() <= 1).all()
    episode = TASK.episode(example)
    for each in range(8):
        alone = TASK.part(example, each)
        again = TASK.parse(TASK.document(alone), 3)
        assert all(torch.equal(one, other) for one, other in zip(again, alone, strict=True))
        assert torch.equal(episode.inputs[:, each], TASK.episode(again).inputs)
        pairs = sorted(zip(alone.priorities.tolist(), alone.vectors.tolist(), strict=True), reverse=True)
        assert episode.targets[6:, each].tolist() == [vector for _, vector in pairs[:4]]


def refused(value: Any, said: str) -> tuple[dict[str, Any], str, str]:
    sentence = f"The priority of vector 2 must be a number from −1 to 1, got {said}."
    return {"vectors": VECTORS, "priorities": [0, value, 0.5, 1]}, sentence, "priorities.1"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    refused(1.5, "1.5"),
    refused(-1.0001, "-1.0001"),
    refused(float("nan"), "NaN"),
    refused(float("inf"), "Infinity"),
    refused(10**400, f"1{39 * '0'}"[:39] + "…"),
    refused("0.5", "“0.5”"),
    refused(True, "true"),
    refused(None, "null"),
    (
        {"vectors": VECTORS, "priorities": [0.5, 0.25, 0.1, 0.25]},
        "The priority of vector 4 must not be that of vector 2 as well, got 0.25 twice.",
        "priorities.3",
    ),
    (
        {"vectors": VECTORS[:2], "priorities": [0.5, 0.5 + 1e-12]},
        "The priority of vector 2 must not be that of vector 1 as well, got 0.500000000001 twice.",
        "priorities.1",
    ),
    (
        {"vectors": VECTORS, "priorities": [0.5]},
        "Each of the 4 vectors must have a priority, got 1 number.",
        "priorities",
    ),
    ({"vectors": VECTORS, "priorities": 0.5}, "priorities must be a list of 4 numbers, got 0.5.", "priorities"),
    ({"vectors": [], "priorities": []}, "vectors must be a list of at least one vector of 2 bits.", "vectors"),
    (
        {"vectors": VECTORS},
        "An input for priority_sort must have “priorities”; it has “vectors”, “priorities”.",
        "priorities",
    ),
]


@pytest.mark.parametrize(("document", "sentence", "field"), WRONG)
def test_an_input_that_is_none_is_refused_in_one_sentence(document: dict[str, Any], sentence: str, field: str) -> None:
    with pytest.raises(InvalidSequence) as caught:
        TASK.parse(document, 2)
    assert (caught.value.detail, caught.value.field) == (sentence, field)


# Five vectors of four bits, of ranks 3, 1, 5, 2, 4: of these the first four are to come out.
HEARD = [[1, 0, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 1, 1], [1, 0, 1, 0]]
RANKED = [0.1, 0.9, -0.7, 0.104, -0.2]
RIGHT = [HEARD[1], HEARD[3], HEARD[0], HEARD[4]]


def told(said: list[list[int]]) -> Diagnosis:
    """The verdict on a run that says this."""
    machine = initial_machine(replace(TINY_SORT, bits=4), seed=1)
    episode = TASK.episode(TASK.parse({"vectors": HEARD, "priorities": RANKED}, 4))
    outputs = np.zeros((episode.steps, 4), np.float32)
    outputs[-len(said) :] = said
    witness = TASK.witness(machine, episode, np.zeros((6, 4), np.float32))
    assert witness is not None
    weightings = np.full((episode.steps, 6), 1 / 6, np.float32)
    fields = {"outputs": outputs} | {f"{head.name}.weighting": weightings for head in machine.spec.heads}
    witness.see(0, fields, episode.wrong(torch.from_numpy(outputs)).numpy())
    return whole(witness.verdict())


@pytest.mark.parametrize(
    ("said", "kinds", "sentence"),
    [
        (RIGHT, {}, "The 4 vectors of the highest priorities came out in order: all 16 bits are right."),
        (
            [RIGHT[0], RIGHT[2], RIGHT[1], RIGHT[3]],
            {7: "swapped", 8: "swapped"},
            (
                "2 of 4 vectors came out right: vectors 4 and 1, of priorities 0.104 and 0.100, are "
                "swapped. 6 of 16 bits are wrong; Kendall’s τ of the order is 0.67."
            ),
        ),
        (
            [*RIGHT[:3], HEARD[2]],
            {9: "not_due"},
            (
                "3 of 4 vectors came out right: vector 3, of rank 5 and to be left out, came at "
                "place 4. 2 of 16 bits are wrong; Kendall’s τ of the order is 1.00."
            ),
        ),
        (
            [RIGHT[1], RIGHT[2], RIGHT[0], RIGHT[3]],
            {6: "out_of_order", 7: "out_of_order", 8: "out_of_order"},
            (
                "1 of 4 vectors came out right: vector 4 came at place 1, not 2, and 2 more like it. 8 of 16 bits are "
                "wrong; Kendall’s τ of the order is 0.33."
            ),
        ),
        (
            [RIGHT[0], [0, 0, 0, 1], *RIGHT[2:]],
            {7: "damaged"},
            (
                "3 of 4 vectors came out right: vector 4 came with 1 wrong bit. 1 of 16 bits are "
                "wrong; Kendall’s τ of the order is 1.00."
            ),
        ),
        (
            [RIGHT[0], RIGHT[1], RIGHT[2], [0, 1, 0, 1]],
            {9: "wrong"},
            (
                "3 of 4 vectors came out right: what came at place 4 is no vector that was heard. 4 "
                "of 16 bits are wrong; Kendall’s τ of the order is 1.00."
            ),
        ),
        (
            4 * [[0, 1, 0, 1]],
            dict.fromkeys(range(6, 10), "untrained"),
            (
                "This machine has not learned to sort: 69 % of the bits came out wrong, and most of "
                "what came out is no vector that was heard."
            ),
        ),
    ],
)
def test_what_came_out_where_is_said_in_a_sentence(said: list[list[int]], kinds: dict[int, str], sentence: str) -> None:
    found = told(said)
    assert found.sentence == sentence
    assert dict(found.marks) == kinds
    assert found.kind == next(iter(kinds.values()), "exact")
    assert found.first_wrong_step == next(iter(kinds), None)


@given(st.permutations(range(6)))
def test_kendalls_tau_is_that_of_all_pairs(ranks: list[int]) -> None:
    pairs = [(one, other) for at, one in enumerate(ranks) for other in ranks[at + 1 :]]
    assert kendall(ranks) == pytest.approx(sum(1 if one < other else -1 for one, other in pairs) / 15)


def test_there_is_no_order_of_one_or_of_the_same() -> None:
    assert kendall([3]) is None
    assert kendall([2, 2]) is None
    assert kendall([2, 2, 0]) == -1


def test_of_vectors_that_are_alike_the_one_came_whose_turn_is_nearest() -> None:
    heard = np.array([[1, 0], [0, 1], [1, 0], [1, 0]], bool)
    ranking = Ranking(heard, np.array([0.4, 0.3, 0.2, 0.1], np.float32))
    assert [ranking.came(rank, heard[0]) for rank in range(4)] == [0, 0, 2, 3]


def test_a_vector_that_is_alike_by_chance_came_from_no_farther_than_the_wrong_bits_of_the_right_one() -> None:
    """The vector of rank 1 with its last bit wrong is that of rank 6."""
    heard = np.array([[1, 1, 1, 1], [0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [1, 1, 1, 0]], bool)
    ranking = Ranking(heard, np.arange(6, 0, -1, dtype=np.float32))
    assert [ranking.came(rank, heard[5]) for rank in (0, 1, 2, 3)] == [0, 5, 5, 5]
