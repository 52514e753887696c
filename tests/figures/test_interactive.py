"""Figures as pages: everything inside, nothing from elsewhere, and the numbers of the drawing."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures.drawing import Drawing, Values
from tapedeck.figures.interactive import html
from tapedeck.figures.plot import plot
from tapedeck.figures.runs import random_run
from tapedeck.figures.verification import verification


class Page(HTMLParser):
    """The elements, with their attributes, and the text outside of scripts and styles."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts = [""]
        self._inside = ""
        self.feed(source.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text += data

    def metadata(self) -> dict[str, str | None]:
        found = [attributes for tag, attributes in self.elements if tag == "meta"]
        return {str(each["name"]): each["content"] for each in found if "name" in each}


@pytest.fixture(scope="module")
def page(verified: Drawing) -> Page:
    return Page(html(verified))


def test_asks_no_host_for_anything(page: Page) -> None:
    """No element loads or links anything, and the policy forbids the scripts to."""
    for _, attributes in page.elements:
        assert not {"src", "href", "srcset", "data", "action"} & attributes.keys()
    policy = next(attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes)
    assert policy == "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def test_has_plotly_inside(page: Page) -> None:
    assert any(len(script) > 1_000_000 and "plotly.js v" in script[:300] for script in page.scripts)


def drawn_numbers(page: Page) -> list[dict[str, Any]]:
    """The traces that the page hands to Plotly."""
    call = next(script for script in page.scripts if re.search(r"Plotly\.newPlot\(\s*\"verification\"", script))
    start = call.index("[", call.index("newPlot("))
    traces: list[dict[str, Any]] = json.JSONDecoder().raw_decode(call[start:])[0]
    return traces


def decoded(values: dict[str, str]) -> Values:
    rows, columns = map(int, values["shape"].split(","))
    array = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
    return array.reshape(rows, columns).astype(np.float32)


def test_numbers_are_the_drawing_s(page: Page, verified: Drawing) -> None:
    heatmaps = [trace for trace in drawn_numbers(page) if trace["type"] == "heatmap"]
    for trace, panel in zip(heatmaps, verified.panels, strict=True):
        np.testing.assert_array_equal(decoded(trace["z"]), panel.values)
        assert trace["x"] == list(panel.columns.labels)
        assert trace["y"] == list(panel.rows.labels)


def test_errors_are_the_drawing_s(page: Page, verified: Drawing) -> None:
    crosses = next(trace for trace in drawn_numbers(page) if trace["type"] == "scatter")
    outputs = verified.panels[1]
    expected = [(outputs.columns.labels[cell.column], outputs.rows.labels[cell.row]) for cell in outputs.errors]
    assert list(zip(crosses["x"], crosses["y"], strict=True)) == expected


def test_panels_stand_where_the_drawing_puts_them(verified: Drawing, generalized: Drawing) -> None:
    for drawing in (verified, generalized):
        layout = plot(drawing).to_dict()["layout"]
        for number, panel in enumerate(drawing.panels, 1):
            suffix = "" if number == 1 else str(number)
            x, y = (layout[f"{letter}axis{suffix}"]["domain"] for letter in "xy")
            left, right = (place * drawing.width for place in x)
            bottom, top = ((1 - place) * drawing.height for place in y)
            assert (left, top, right - left, bottom - top) == pytest.approx(panel.box)


def test_panels_of_the_same_axis_are_zoomed_together(verified: Drawing) -> None:
    layout = plot(verified).to_dict()["layout"]
    assert [layout[f"xaxis{number}"]["matches"] for number in range(2, 7)] == ["x"] * 5
    assert [layout[f"yaxis{number}"].get("matches") for number in range(2, 7)] == ["y", None, "y3", None, "y5"]


def test_scales_are_fixed(verified: Drawing) -> None:
    layout = plot(verified).to_dict()["layout"]
    for number, bar in enumerate(verified.bars, 1):
        axis = layout[f"coloraxis{'' if number == 1 else number}"]
        assert (axis["cmin"], axis["cmax"]) == (0, bar.scale.high)


def test_words_and_metadata(page: Page, verified: Drawing, checkpoint: Checkpoint) -> None:
    written = {re.sub(r"</?b>", "", note["text"]) for note in plot(verified).to_dict()["layout"]["annotations"]}
    assert written >= {text.text for text in verified.texts}
    assert page.metadata()["dc.identifier"] == f"sha256:{checkpoint.info.sha256}"
    assert page.metadata()["dc.source"] == "small (Never trained)"
    assert verified.summary in page.text
    assert verified.title in page.text


def test_the_same_drawing_gives_the_same_bytes(verified: Drawing) -> None:
    assert html(verified) == html(verified)


def test_a_hostile_name_is_shown_and_not_obeyed(checkpoint: Checkpoint) -> None:
    info = replace(checkpoint.info, name='"><script>alert(1)</script><a href="//evil">')
    drawn = verification(random_run(checkpoint, 2, None, 1).trace(), info, 1)
    page, plain = Page(html(drawn)), Page(html(replace(drawn, texts=(), metadata={})))
    assert [tag for tag, _ in page.elements if tag != "meta"] == [tag for tag, _ in plain.elements if tag != "meta"]
    assert "<script>alert(1)</script>" in str(page.metadata()["dc.source"])
