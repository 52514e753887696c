"""What is said of associative recall and of repeat copy: from runs whose outputs and weightings are made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.ntm import NeuralTM
from tapedeck.ntm.specification import HeadSpec
from tapedeck.parts import whole
from tapedeck.tasks import TASKS, Diagnosis, Episode
from tapedeck.tracing import prepare, verdict
from tapedeck.training.starting import initial_machine
from tests.training.tiny import TINY_RECALL, TINY_REPEAT

LOCATIONS = 40

ITEMS = [[[1, 0], [0, 0], [0, 1]], [[0, 1], [1, 1], [0, 0]], [[1, 1], [1, 0], [1, 1]], [[0, 0], [0, 1], [1, 0]]]
SEQUENCE = [[1, 0], [0, 1], [1, 1]]


def one_hot(locations: list[int], peak: float = 1.0) -> np.ndarray[Any, np.dtype[np.float32]]:
    weightings = np.full((len(locations), LOCATIONS), (1 - peak) / (LOCATIONS - 1), np.float32)
    weightings[np.arange(len(locations)), locations] = peak
    return weightings


def told(
    task: str, document: dict[str, Any], said: list[list[int]], read: list[int] | None = None, peak: float = 1.0
) -> Diagnosis:
    """The verdict on a run that says this in the steps that count, and writes step t on location t."""
    machine = initial_machine(TINY_RECALL if task == "associative_recall" else TINY_REPEAT, seed=1)
    episode: Episode = TASKS[task].episode(TASKS[task].parse(document, 2))
    outputs = np.zeros((episode.steps, len(said[0])), np.float32)
    outputs[-len(said) :] = said
    places = list(range(episode.steps))
    reading = places[: -len(said)] + (places[-len(said) :] if read is None else read)
    fields = {
        "outputs": outputs,
        "write.weighting": one_hot(places),
        "read.weighting": one_hot(reading, peak),
    }
    witness = TASKS[task].witness(machine, episode, np.zeros((LOCATIONS, 4), np.float32))
    assert witness is not None
    witness.see(0, fields, episode.wrong(torch.from_numpy(outputs)).numpy())
    found = whole(witness.verdict())
    wrong = episode.wrong(torch.from_numpy(outputs)).any(dim=1).nonzero().flatten().tolist()
    assert [mark.step for mark in found.marks] == wrong
    assert found.first_wrong_step == (wrong[0] if wrong else None)
    return found


def recalled(said: list[list[int]], query: int = 1, items: list[Any] = ITEMS, **more: Any) -> Diagnosis:
    return told("associative_recall", {"items": items, "query": query}, said, **more)


def test_the_right_item_is_exact_and_named_by_the_one_before_it() -> None:
    found = recalled(ITEMS[2])
    assert (found.kind, found.sentence) == ("exact", "The item after “01 11 00” came out, 6 of 6 bits.")


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_another_item_that_was_looked_up_is_shown_by_where_it_was_written(lag: int) -> None:
    found = recalled(ITEMS[0], read=[1 + lag, 2 + lag, 3 + lag])
    assert found.kind == "wrong_item"
    assert found.sentence == (
        "Item 1 came out instead of item 3: the read head looked up the wrong item, on locations "
        f"{1 + lag}, {2 + lag} and {3 + lag}, where item 1 was written."
    )


@pytest.mark.parametrize(
    ("read", "peak"), [([1, 3, 2], 1.0), ([30, 31, 32], 1.0), ([9, 10, 11], 1.0), ([1, 2, 3], 0.4)]
)
def test_where_the_weightings_do_not_show_it_nothing_is_said_of_them(read: list[int], peak: float) -> None:
    assert recalled(ITEMS[0], read=read, peak=peak).sentence == "Item 1 came out instead of item 3."


def test_an_item_that_follows_one_alike_is_as_right() -> None:
    items = [ITEMS[0], ITEMS[1], ITEMS[0], ITEMS[2]]
    found = recalled(ITEMS[2], query=0, items=items)
    assert found.kind == "ambiguous"
    assert found.sentence == "Item 4 came out instead of item 2: items 1 and 3 are alike, so either may follow."


def test_the_right_item_with_a_wrong_bit_is_damaged() -> None:
    found = recalled([[1, 1], [1, 0], [1, 0]])
    assert (found.kind, found.sentence) == ("damaged", "Item 3 came out with 1 of 6 bits wrong.")


def test_what_is_no_item_is_said_to_be_none_and_that_the_read_head_had_no_place() -> None:
    found = recalled([[0, 0], [0, 0], [0, 0]], peak=0.25)
    assert found.kind == "no_item"
    assert found.sentence == (
        "What came out is no item of the list, 5 of 6 bits are wrong: the read head was on no location, with at most "
        "0.25 of its weighting on one at step 21."
    )


def repeated(said: list[list[int]], repeats: int = 4, **more: Any) -> Diagnosis:
    return told("repeat_copy", {"sequence": SEQUENCE, "repeats": repeats}, said, **more)


ONE_BIT = "3 of 4 repeats came out right. The first to go wrong is vector 1 of repeat 2, at step 8, with 1 bit wrong."
UNTRAINED = (
    "This machine has not learned to repeat: 50 % of the bits came out wrong, and most of what came out is no vector "
    "of the sequence."
)
ONCE = [[*vector, 0] for vector in SEQUENCE]
END, SILENCE = [[0, 0, 1]], [[0, 0, 0]]


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        (ONCE * 4 + END, "exact", "The 3 vectors came out 4 times, then the end marker: all 39 bits are right."),
        (
            ONCE * 2 + END + SILENCE * 6,
            "stopped_early",
            "The machine stopped after 2 of 4 repeats: the end marker came at step 11, not at step 17.",
        ),
        (
            END + SILENCE * 12,
            "stopped_early",
            "The machine stopped before the first repeat: the end marker came at step 5, not at step 17.",
        ),
        (
            ONCE * 2 + ONCE[:1] + [[0, 1, 1]] + ONCE[2:] + ONCE + END,
            "end_marker",
            "The end marker came at step 12, not at step 17: in the midst of repeat 3 of 4.",
        ),
        (
            ONCE * 4 + ONCE[:1],
            "went_on",
            "All 4 repeats came out, but then another one began, at step 17, instead of the end marker.",
        ),
        (ONCE * 4 + SILENCE, "end_marker", "All 4 repeats came out, but the end marker did not, at step 17."),
        (
            ONCE * 4 + [[0, 1, 1]],
            "wrong",
            "All 4 repeats came out, and the end marker with 1s beside it, at step 17.",
        ),
        (
            ONCE + ONCE[1:] + ONCE[:1] + ONCE * 2 + END,
            "slip",
            "3 of 4 repeats came out right. At step 8 vector 2 came out instead of vector 1 of repeat 2.",
        ),
        (
            ONCE + [[0, 0, 0]] + ONCE[1:] + ONCE * 2 + END,
            "wrong",
            ONE_BIT,
        ),
        (
            SILENCE * 12 + END,
            "untrained",
            UNTRAINED,
        ),
    ],
)
def test_what_became_of_a_repeat_copy(said: list[list[int]], kind: str, sentence: str) -> None:
    # The read head is where it was in the first repeat, so that only what came out speaks.
    found = repeated(said, read=[5, 6, 7] * 4 + [8])
    assert (found.kind, found.sentence) == (kind, sentence)


SLIPPED = ONCE + ONCE[1:] + ONCE[:1] + ONCE * 2 + END


def test_a_slip_is_shown_by_where_the_first_repeat_was_read() -> None:
    found = repeated(SLIPPED, read=[5, 6, 7, 6, 7, 5, 5, 6, 7, 5, 6, 7, 8])
    assert found.kind == "slip"
    assert found.sentence == (
        "3 of 4 repeats came out right. At step 8, vector 1 of repeat 2, the read head was on location 6, not on 5, "
        "where the first repeat read it."
    )


def test_a_machine_of_any_heads_is_judged_by_what_came_out() -> None:
    """With more than one of a kind nothing is said of where they were."""
    heads = (
        *(HeadSpec(f"write{n}", "write", erase_vector="sigmoid", add_vector="tanh") for n in (1, 2)),
        *(HeadSpec(f"read{n}", "read") for n in (1, 2)),
    )
    for recipe in (TINY_RECALL, TINY_REPEAT):
        torch.manual_seed(2)
        machine = NeuralTM(replace(recipe.spec, heads=heads))
        task = TASKS[recipe.task]
        document = task.document(task.part(task.sample(torch.Generator().manual_seed(1), _least(recipe), 1, 2), 0))
        run = prepare(machine, recipe.task, document)
        found = verdict(run, run.trace())
        assert found is not None
        assert "location" not in found.sentence


def _least(recipe: Any) -> dict[str, int]:
    return {name: most for name, (_, most) in recipe.sizes.items()}


@pytest.mark.parametrize(
    ("checkpoint", "kinds"),
    [
        ("associative_recall-2", {"exact"}),
        ("associative_recall-2-064000", {"no_item", "damaged", "wrong_item"}),
        ("associative_recall-2-000000", {"no_item"}),
    ],
)
def test_the_shipped_series_from_noise_to_exact(checkpoint: str, kinds: set[str]) -> None:
    machine = CheckpointLibrary(SHIPPED_CHECKPOINTS).get(checkpoint).machine
    task = TASKS["associative_recall"]
    examples = task.sample(torch.Generator().manual_seed(3), {"items": 6}, 5, 6)
    for each in range(5):
        run = prepare(machine, task.name, task.document(task.part(examples, each)))
        trace = run.trace()
        found = verdict(run, trace)
        assert found is not None
        assert found.kind in kinds
        assert (found.kind == "exact") == (trace.bit_errors == 0)
