"""What the generalization page asks for, and the figure that it begins with."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tapedeck_page import ids
from tapedeck_page.evaluation import MOST_POINTS, MOST_ROWS, axes_of, job, usual
from tapedeck_page.figures.generalization import Axis, Bounds, frame, spread
from tests.frontend.conftest import Json, Page, machine, run

COPY = Bounds("copy-1", 128, {"length": 20})
TASK: Json = {
    "name": "copy",
    "sizes": [{"name": "length", "of": "vectors", "least": 1, "most": 1000, "values": [10, 126]}],
    "locations": [{"times": 2, "of": []}, {"times": 1, "of": ["length"]}],
    "patterns": ["random", "any-density"],
}
REPEAT: Json = TASK | {
    "name": "repeat_copy",
    "sizes": [*TASK["sizes"], {"name": "repeats", "of": "repeats", "least": 1, "most": 100, "values": [1, 12]}],
}
ITEMS: Json = {
    "name": "associative_recall",
    "sizes": [{"name": "items", "of": "items", "least": 2, "most": 250, "values": [2, 12]}],
    "locations": [{"times": 3, "of": ["items"]}],
    "patterns": [],
}


def labels(figure: Any) -> list[str]:
    return [each["text"] for each in figure["layout"]["annotations"]]


def test_the_sizes_go_from_the_least_to_the_most_and_are_40_at_most() -> None:
    for longest in range(1, 1001):
        found = spread(1, longest, min(MOST_POINTS, longest))
        assert (found[0], found[-1]) == (1, longest)
        assert len(found) == min(longest, MOST_POINTS)
        gaps = [after - before for before, after in pairwise(found)]
        assert all(gap > 0 for gap in gaps), "each length once, in order"
        assert max(gaps, default=0) - min(gaps, default=0) <= 1, "evenly"


def test_a_task_of_two_sizes_is_evaluated_at_every_combination_of_a_few_of_each() -> None:
    length, repeats = axes_of(REPEAT, [20, 12], {})
    assert (length.name, repeats.name) == ("length", "repeats")
    assert [len(axis.values) for axis in (length, repeats)] == [MOST_ROWS, MOST_ROWS]
    assert (length.values[-1], repeats.values[-1]) == (20, 12)
    asked = job(REPEAT, [COPY], "random", [20, 12], each=5, locations=None, kept={})
    assert [*asked["requests"][0]["sizes"]] == ["length", "repeats"]
    assert asked["caption"] == "random, 5 sequences of each size, on 128 locations, seed 1"


def test_a_list_of_items_has_its_own_bounds_and_no_patterns() -> None:
    recall = Bounds("recall", 128, {"items": 6})
    asked = job(ITEMS, [recall], "sparse", [40], each=5, locations=None, kept={})
    assert asked["requests"][0]["patterns"] == ["random"]
    assert asked["requests"][0]["sizes"]["items"][0] == 2
    assert labels(asked["frame"].to_plotly_json()) == ["trained to 6", "N / 3 = 42"]


def test_maps_stand_beside_one_another_with_what_each_machine_was_trained_to() -> None:
    machines = [Bounds("a", 128, {"length": 10, "repeats": 10}), Bounds("b", 128)]
    figure = frame(machines, axes_of(REPEAT, [20, 12], {})).to_plotly_json()
    assert labels(figure) == ["a, trained to 10 × 10", "b"]
    assert [figure["layout"][name]["domain"][0] for name in ("xaxis", "xaxis2")] == [0, pytest.approx(0.54)]
    (box,) = figure["layout"]["shapes"]
    values = spread(1, 20, MOST_ROWS)
    assert box["x1"] == sum(value <= 10 for value in values) - 0.5


@pytest.mark.parametrize(("size", "most"), [(TASK, 140), (ITEMS, 20)], ids=["copy", "items"])
def test_the_fields_begin_a_little_beyond_what_is_usual(size: Json, most: int) -> None:
    assert usual(size["sizes"][0]) == most


@pytest.mark.parametrize(
    ("chosen", "locations", "said"),
    [
        (["copy-1"], None, ["trained to 20", "N − 2 = 126"]),
        (["small"], None, ["trained to 7", "N − 2 = 14"]),
        (["small"], 64, ["trained to 7", "N − 2 = 62"]),
        (["imported"], "", ["N − 2 = 126"]),
        (["copy-1", "imported"], None, ["trained to 20 (copy-1)", "N − 2 = 126"]),
        (
            ["copy-1", "small"],
            None,
            ["trained to 7 (small)", "trained to 20 (copy-1)", "N − 2 = 14 (small)", "N − 2 = 126 (copy-1)"],
        ),
        ([], None, []),
    ],
)
def test_the_figure_opens_with_the_bounds_of_the_machines_that_are_chosen(
    page: Page, chosen: list[str], locations: Any, said: list[str]
) -> None:
    small = {"config": {"locations": 16, "width": 20, "bits": 8}, "origin": {"recipe": {"longest": 7}}}
    listed: list[Json] = [
        machine("copy-1", origin={"recipe": {"longest": 20}}),
        machine("small", **small),
        machine("imported"),
        {"id": "broken", "error": "it is empty"},
    ]
    values = {
        f"{ids.EVALUATED}.value": chosen,
        f"{ids.LONGEST}.value": 140,
        f"{ids.EVALUATION_LOCATIONS}.value": locations,
        f"{ids.MACHINES}.data": listed,
        f"{ids.TASKS}.data": [TASK],
    }
    told = run(page.call(f"{ids.FRAME}.data", f"{ids.EVALUATED}.value", values))
    figure = told[ids.FRAME]["data"]["frame"]
    assert [each["text"] for each in figure["layout"].get("annotations", [])] == said


def test_labels_of_several_machines_do_not_lie_on_one_another() -> None:
    machines = [COPY, Bounds("small", 16, {"length": 7}), Bounds("other", 12)]
    figure = frame(machines, [Axis("length", "L", [140], (2, 1))]).to_plotly_json()
    left = [each["yshift"] for each in figure["layout"]["annotations"] if each["xanchor"] == "left"]
    assert sorted(left) == [0, 16, 32, 48]


def test_every_output_of_the_page_has_one_owner(page: Page) -> None:
    """Of the figure the browser's function; the message belongs to the browser alone, and no callback sets it."""
    owners = [each["output"] for each in page.dependencies if ids.GENERALIZATION + ".figure" in each["output"]]
    assert owners == [f"{ids.GENERALIZATION}.figure"]
    assert not [each for each in page.dependencies if ids.EVALUATION_MESSAGE in each["output"]]


@pytest.mark.parametrize(
    ("machines", "longest", "each", "says"),
    [
        ([], 10, 10, "Choose at least one machine."),
        ([COPY], "", 10, "Longest must be a whole number from 1 to 1,000; the field is empty."),
        ([COPY], 1001, 10, "Longest must be a whole number from 1 to 1,000; got 1001."),
        ([COPY], 10, 0, "Sequences each must be a whole number from 1 to 1,000; got 0."),
    ],
)
def test_what_cannot_be_evaluated_is_said(machines: list[Bounds], longest: Any, each: Any, says: str) -> None:
    assert job(TASK, machines, "random", [longest], each=each, locations=None, kept={}) == {"problem": says}


def test_machines_of_different_tasks_are_not_evaluated_together(page: Page) -> None:
    listed: list[Json] = [machine("copy-1"), machine("repeat-1", task="repeat_copy")]
    values = {
        f"{ids.EVALUATED}.value": ["copy-1", "repeat-1"],
        f"{ids.MACHINES}.data": listed,
        f"{ids.TASKS}.data": [TASK, REPEAT],
    }
    told = run(page.call(f"{ids.EVALUATION}.data", f"{ids.EVALUATE}.n_clicks", values))
    assert told[ids.EVALUATION]["data"]["problem"] == (
        "These machines have different tasks (Copy and Repeat copy); evaluate those of one task at a time."
    )


def test_the_caption_says_what_the_figure_is_of() -> None:
    both = job(TASK, [COPY, Bounds("small", 16)], "any-density", [10], each=1, locations=None, kept={})
    assert both["caption"] == "any density, 1 sequence of each length, on each machine’s own locations, seed 1"
    one = job(TASK, [COPY], "random", [10], each=20, locations=128, kept={})
    assert one["caption"] == "random, 20 sequences of each length, on 128 locations, seed 1"
    assert {request["seed"] for request in one["requests"]} == {1}
