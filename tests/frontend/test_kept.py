"""What ships with machines: how much of it the page shows, how that was counted, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from tapedeck_page import ids
from tapedeck_page.app import create_app
from tapedeck_page.evaluation import job, prospect
from tapedeck_page.figures.generalization import Bounds
from tapedeck_page.kept import caption_of, kept_of, sizes_of
from tapedeck_page.settings import PageSettings
from tests.frontend.conftest import Json, Page, run
from tests.frontend.test_generalize import REPEAT, TASK


def evaluation(*patterns: str, sequences: int = 500, **sizes: list[int]) -> Json:
    """As `tapedeck evaluate --json` writes it, of every combination of some sizes."""
    points: list[Json] = [{}]
    for name, values in sizes.items():
        points = [{**point, name: value} for point in points for value in values]
    counted = {"bits": 80, "wrong_bits": 0, "bit_error_rate": 0.0, "interval": [0, 0.1], "exact": sequences}
    results = [
        {**point, **counted, "pattern": pattern, "sequences": sequences, "locations": 128, "worst": [], "margin": 0.1}
        for pattern in patterns
        for point in points
    ]
    return {"plan": {"sizes": sizes, "locations": None, "seed": 1}, "results": results}


def test_the_chosen_pattern_is_shown_or_the_first_where_that_was_not_counted() -> None:
    document = evaluation("random", "any-density", length=[1, 5])
    captions = [kept_of("copy-1", document, pattern)["caption"] for pattern in ("any-density", "sparse")]
    how = "counted with 500 sequences of each length, on 128 locations, seed 1; ships with the machine"
    assert captions == [f"any density, {how}", f"random, {how}"]
    assert [result["length"] for result in kept_of("copy-1", document, None)["results"]] == [1, 5]


def test_machines_that_were_counted_alike_have_one_caption_and_others_each_its_own() -> None:
    one, two = (kept_of(name, evaluation("random", length=[1]), None) for name in ("one", "two"))
    few = kept_of("few", evaluation("random", length=[1, 9], sequences=1), None)
    assert caption_of([one, two], ["one", "two"]) == one["caption"]
    assert caption_of([one, few], ["one", "few", "without"]) == f"one: {one['caption']} · few: {few['caption']}"
    assert "1 sequence of each length" in few["caption"]
    assert caption_of([], ["without"]) == ""
    assert sizes_of([one, few], ["few"]) == {"length": [1, 9]}


def test_the_cells_of_a_map_are_counted_where_they_ship_and_at_the_most_that_is_asked_for() -> None:
    kept = {"length": [1, 5, 20], "repeats": [*range(1, 31)]}
    asked = job(REPEAT, [Bounds("r", 128)], "random", [10, 30], each=5, locations=None, kept=kept)
    sizes = asked["requests"][0]["sizes"]
    assert sizes["length"] == [1, 5, 10]
    assert (len(sizes["repeats"]), sizes["repeats"][-1]) == (10, 30)
    shown = [prospect(REPEAT, [Bounds("r", 128)], [10, 30], kept)["frame"], asked["frame"]]
    assert [figure.layout.xaxis.categoryarray for figure in shown] == [("1", "5", "20"), ("1", "5", "10", "20")]


def test_a_line_has_room_for_what_ships_until_something_is_counted() -> None:
    machines, kept = [Bounds("c", 4096)], {"length": [1, 200]}
    before = prospect(TASK, machines, [10], kept)["frame"]
    after = job(TASK, machines, "random", [10], each=5, locations=None, kept=kept)["frame"]
    assert [round(figure.layout.xaxis.range[1] / 1.06) for figure in (before, after)] == [200, 10]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"results": [{}]}, "What ships with copy-1 is not an evaluation"),
        ({"plan": {"sizes": {}}, "results": []}, "What ships with copy-1 is not an evaluation"),
        ({"error": {"code": "x", "detail": "It is cut short."}}, "What ships with copy-1 cannot be shown: It is cut"),
        (None, ""),
        (evaluation("random", length=[1, 2]), ""),
    ],
    ids=["no plan", "no results", "an error", "none", "an evaluation"],
)
def test_what_is_wrong_with_what_ships_is_said(answer: Any, says: str) -> None:
    service = FastAPI()

    @service.get("/api/checkpoints/{name}/evaluation")
    async def kept(name: str) -> JSONResponse:
        return JSONResponse(answer)

    page = Page(create_app(PageSettings(), server=service))
    values = {f"{ids.ADDRESS}.pathname": "/generalize", f"{ids.EVALUATED}.value": ["copy-1"]}
    told = run(page.call(f"{ids.KEPT}.data", f"{ids.EVALUATED}.value", values))[ids.KEPT]["data"]
    assert told["problem"].startswith(says)
    assert bool(told["problem"]) == bool(says)
    assert len(told["kept"]) == ("plan" in (answer or {}) and not says)
