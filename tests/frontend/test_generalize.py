"""What the generalization page asks for, and the figure that it begins with."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tapedeck_page import ids
from tapedeck_page.figures.generalization import Bounds, frame
from tapedeck_page.pages.generalize import MOST_POINTS, job, lengths
from tests.frontend.conftest import Json, Page, machine, run

COPY = Bounds("copy-1", 128, 20)


def labels(figure: Any) -> list[str]:
    return [each["text"] for each in figure["layout"]["annotations"]]


def test_the_lengths_go_from_1_to_the_longest_and_are_40_at_most() -> None:
    for longest in range(1, 1001):
        found = lengths(longest)
        assert (found[0], found[-1]) == (1, longest)
        assert len(found) == min(longest, MOST_POINTS)
        gaps = [after - before for before, after in pairwise(found)]
        assert all(gap > 0 for gap in gaps), "each length once, in order"
        assert max(gaps, default=0) - min(gaps, default=0) <= 1, "evenly"


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
    }
    told = run(page.call(f"{ids.FRAME}.data", f"{ids.EVALUATED}.value", values))
    figure = told[ids.FRAME]["data"]
    assert [each["text"] for each in figure["layout"].get("annotations", [])] == said


def test_labels_of_several_machines_do_not_lie_on_one_another() -> None:
    machines = [COPY, Bounds("small", 16, 7), Bounds("other", 12, None)]
    figure = frame(machines, 140).to_plotly_json()
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
    assert job(machines, "random", longest, each, None) == {"problem": says}


def test_the_caption_says_what_the_figure_is_of() -> None:
    both = job([COPY, Bounds("small", 16, 7)], "any-density", 10, 1, None)
    assert both["caption"] == "any density, 1 sequence of each length, on each machine’s own locations, seed 1"
    one = job([COPY], "random", 10, 20, 128)
    assert one["caption"] == "random, 20 sequences of each length, on 128 locations, seed 1"
    assert {request["seed"] for request in one["requests"]} == {1}
