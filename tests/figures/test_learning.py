"""The learning figure holds the numbers of its runs, on axes that show them, in every form."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures.charts import linear, logarithmic
from tapedeck.figures.interactive import html
from tapedeck.figures.learning import learning
from tapedeck.figures.plot import plot
from tapedeck.figures.printed import pdf, png, svg
from tapedeck.training.curves import Curve, spread

FIRST = Curve("first", 1, (0, 100, 200), (1.0, 0.5, 0.001), 6, 0.0, 150)
SECOND = Curve("second", 2, (0, 100), (1.0, 0.75), 6, 0.0, None)
FORETOLD = Curve("foretold", 1, (0, 100), (0.9, 0.7), 195, 0.66, None)
OF_ANY_SIZE = Curve("any", 1, (0, 100), (1.0, 0.2), None, 0.0, None)


def test_lines_are_the_runs_in_bits_a_sequence(checkpoint: Checkpoint) -> None:
    drawing = learning([FIRST, SECOND], checkpoint.info)
    (chart,) = drawing.charts
    first, second = chart.lines
    assert (first.name, first.x, first.y) == ("first", (0, 100, 200), (6, 3, 0.006))
    assert (second.name, second.x, second.y) == ("second", (0, 100), (6, 4.5))
    ((seen, cost),) = first.marked
    assert seen == 150
    assert cost == pytest.approx((3 * 0.006) ** 0.5)  # halfway on a logarithmic axis
    assert second.marked == ()
    assert (first.colour, first.dashes) != (second.colour, second.dashes)
    assert chart.y_name == "bits"
    assert (
        "first: 0.006 bits after 200 sequences, first without a wrong bit at 150; second: 4.5 bits" in drawing.summary
    )


@pytest.mark.parametrize(
    ("curves", "kind", "low", "high"),
    [
        ([FIRST], True, 0.001, 10),
        ([SECOND], False, 0, 6),
        ([FORETOLD], False, 120, 180),
        ([OF_ANY_SIZE], False, 0, 1),
        ([FIRST, OF_ANY_SIZE], True, 0.001, 1),
    ],
    ids=["over three powers of ten", "over one", "above the best possible", "of a bit", "sizes and none together"],
)
def test_the_axis_is_logarithmic_where_a_linear_one_would_hide_the_end(
    checkpoint: Checkpoint, curves: list[Curve], kind: bool, low: float, high: float
) -> None:
    (chart,) = learning(curves, checkpoint.info).charts
    assert (chart.y.logarithmic, chart.y.low, chart.y.high) == (kind, low, high)
    drawn = [value for line in chart.lines for value in line.y]
    assert low <= min(drawn) <= max(drawn) <= high


def test_the_best_possible_stands_beside_what_is_foretold(checkpoint: Checkpoint) -> None:
    drawing = learning([FORETOLD], checkpoint.info)
    best, run = drawing.charts[0].lines
    assert best.y == pytest.approx((128.7, 128.7))
    assert run.y == pytest.approx((175.5, 136.5))
    assert "128.7 at best" in drawing.summary


def test_names_stand_on_lines_of_their_own_where_there_is_no_room(checkpoint: Checkpoint) -> None:
    curves = [Curve(f"a run with a name of some length {n}", n, (0, 9), (1.0, 0.5), 6, 0.0, None) for n in range(5)]
    drawing = learning(curves, checkpoint.info)
    names = [text for text in drawing.texts if "a run with" in text.text]
    assert len(names) == 5
    assert len({text.y for text in names}) > 1
    assert max(text.y for text in names) < drawing.charts[0].box.top


def test_every_form_has_words_and_numbers(checkpoint: Checkpoint) -> None:
    drawing = learning([FIRST, SECOND], checkpoint.info)
    (chart,) = drawing.charts
    written = [element.text for element in ET.fromstring(svg(drawing)).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
    expected = [text.text for text in drawing.texts] + [text for _, text in (*chart.x.ticks, *chart.y.ticks)]
    assert [text for text in expected if text not in written] == []
    assert png(drawing).startswith(b"\x89PNG")
    page = html(drawing).decode()
    call = page[re.search(r"Plotly\.newPlot\(\s*\"learning\"", page).end() :]  # type: ignore[union-attr]
    traces: list[dict[str, Any]] = json.JSONDecoder().raw_decode(call[call.index("[") :])[0]
    drawn = {trace["name"]: (trace["x"], trace["y"]) for trace in traces if trace["mode"] == "lines"}
    assert drawn == {line.name: ([*line.x], [*line.y]) for line in chart.lines}


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 40_000, ["0", "10,000", "20,000", "30,000", "40,000"]),
        (0, 246_400, ["0", "50,000", "100,000", "150,000", "200,000", "250,000"]),
        (133.2, 151, ["130", "135", "140", "145", "150", "155"]),
        (0, 0.031, ["0", "0.01", "0.02", "0.03", "0.04"]),
        (0, 0, ["0", "1"]),
    ],
)
def test_marks_of_a_linear_axis_are_round(low: float, high: float, ticks: list[str]) -> None:
    axis = linear(low, high, 6)
    assert [text for _, text in axis.ticks] == ticks
    assert axis.low <= low <= high <= axis.high


def test_marks_of_a_logarithmic_axis_are_powers_of_ten() -> None:
    axis = logarithmic(0.0059, 140)
    assert [text for _, text in axis.ticks] == ["0.001", "0.01", "0.1", "1", "10", "100", "1,000"]
    assert (logarithmic(0.1, 0.1).low, logarithmic(0.1, 0.1).high) == (0.1, 1)


SEEDS = [
    Curve("copy-1", 1, (0, 100, 200), (1.0, 0.5, 0.1), 6, 0.0, 150),
    Curve("copy-2", 2, (0, 100, 200), (1.0, 0.9, 0.3), 6, 0.0, None),
    Curve("copy-3", 3, (0, 100), (0.8, 0.7), 6, 0.0, 100, "a line is cut short."),
]


def test_several_seeds_are_their_median_in_the_band_that_all_are_in() -> None:
    together = spread(SEEDS, "3 seeds")
    assert (together.name, together.sequences, together.solved_at) == ("3 seeds", (0, 100, 200), None)
    assert together.bit_costs == pytest.approx((1.0, 0.7, 0.2))
    assert [value for edge in together.band for value in edge] == pytest.approx([0.8, 0.5, 0.1, 1.0, 0.9, 0.3])
    assert together.problem == "a line is cut short."


def test_a_band_is_drawn_in_every_form_and_fits_on_the_axis(checkpoint: Checkpoint) -> None:
    drawing = learning([spread(SEEDS, "3 seeds"), SECOND], checkpoint.info)
    (chart,) = drawing.charts
    band, alone = chart.lines
    assert [value for edge in band.band for value in edge] == pytest.approx([4.8, 3.0, 0.6, 6.0, 5.4, 1.8])
    assert alone.band == ()
    assert (chart.y.low, chart.y.high) == (0, 6)
    assert "3 seeds: 1.2 bits after 200 sequences in the median, 0.6 to 1.8" in drawing.summary
    figure = plot(drawing)
    assert [trace.fill for trace in figure.data[:3]] == [None, "tonexty", None]
    assert [*figure.data[1].y] == pytest.approx([4.8, 3.0, 0.6])
    assert b"fill-opacity: 0.2" in svg(drawing)
    assert b"fill-opacity: 0.2" not in svg(learning([SEEDS[0], SECOND], checkpoint.info))
    assert pdf(drawing) == pdf(drawing)
    assert pdf(drawing).startswith(b"%PDF-")
    assert checkpoint.info.sha256.encode() in pdf(drawing)
