"""The pictures: the colour of a cell is the service's value on the scale that the panel states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect
from plotly.colors import hex_to_rgb

from tapedeck_viewer.appearance import ramps_of
from tests.browser.deck import Colour, Deck
from tests.browser.trace import ServiceTrace
from tests.rows import random_rows

ROWS = random_rows(12, 0.5, seed=3)
SHADES = 256


@pytest.fixture(scope="module")
def drawn(shared: Deck, trace_of: Callable[..., ServiceTrace]) -> tuple[Deck, ServiceTrace]:
    """A tape, and the service's word on it."""
    shared.run_bits(ROWS)
    return shared, trace_of(ROWS)


def shade(share: float, ramp: str) -> Colour:
    """The colour of a share of a ramp, in the page's 256 shades of the light theme."""
    anchors = np.array([hex_to_rgb(colour) for colour in ramps_of("light")[ramp]], dtype=float)
    place = round(min(max(share, 0), 1) * (SHADES - 1)) / (SHADES - 1) * (len(anchors) - 1)
    return Colour(*(round(np.interp(place, range(len(anchors)), channel)) for channel in anchors.T))


def token(deck: Deck, name: str) -> Colour:
    """A colour of the style sheet."""
    return Colour(*hex_to_rgb(deck.token(name)))


def differing(found: list[Colour], expected: list[Colour]) -> list[int]:
    """Which are not the same but for rounding: float32 there and float64 here may fall on neighbouring shades."""
    return [
        index for index, pair in enumerate(zip(found, expected, strict=True)) if np.max(np.abs(np.subtract(*pair))) > 3
    ]


def first_row(panel: Locator) -> int:
    return int(panel.locator(".row-axis .tick").first.inner_text())


def assert_drawn(deck: Deck, canvas: Locator, values: NDArray[np.float64], rows: list[int], ramp: str) -> None:
    """Each cell [step, row], 0…1, has its colour of a ramp in the middle of its place."""
    cells = [(step, index) for step in range(len(values)) for index in range(len(rows))]
    places = [((step + 0.5) / len(values), (index + 0.5) / len(rows)) for step, index in cells]
    wrong = differing(deck.pixels(canvas, places), [shade(values[step, rows[index]], ramp) for step, index in cells])
    assert [cells[index] for index in wrong] == []


@pytest.mark.parametrize("field", ["write.weighting", "read.weighting"])
def test_weightings_of_the_locations_in_use(drawn: tuple[Deck, ServiceTrace], field: str) -> None:
    deck, trace = drawn
    values = trace.field(field)
    panel = deck.panel(field)
    expect(panel.locator(".scale-low")).to_have_text("0")
    expect(panel.locator(".scale-high")).to_have_text("1")
    used = np.flatnonzero(
        np.max(np.maximum(trace.field("write.weighting"), trace.field("read.weighting")), axis=0) >= 0.02
    )
    first = first_row(panel)
    assert first == used[0] - 1
    assert_drawn(deck, deck.cells(field), values, list(range(first, int(used[-1]) + 2)), field.partition(".")[0])


@pytest.mark.parametrize("field", ["write.weighting", "read.weighting"])
def test_weightings_of_all_locations(drawn: tuple[Deck, ServiceTrace], field: str) -> None:
    deck, trace = drawn
    switch = deck.button("all-rows")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    deck.wait_painted()
    panel = deck.panel(field)
    assert first_row(panel) == 0
    assert deck.box(panel.locator(".plot"))["height"] >= trace.locations, "each location has a pixel at least"
    assert_drawn(deck, deck.cells(field), trace.field(field), list(range(trace.locations)), field.partition(".")[0])
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    deck.wait_painted()
    assert first_row(panel) > 0


@pytest.mark.parametrize("field", ["write.add_vector", "read.read_vector"])
def test_vectors_on_a_scale_to_a_round_number(drawn: tuple[Deck, ServiceTrace], field: str) -> None:
    deck, trace = drawn
    values = trace.field(field)
    panel = deck.panel(field)
    high = float(panel.locator(".scale-high").inner_text())
    assert np.max(values) <= high < 2 * np.max(values)
    assert_drawn(deck, deck.cells(field), values / high, list(range(values.shape[1])), field.partition(".")[0])


@pytest.mark.parametrize("step", [0, 5, 13, 25])
def test_the_memory_at_the_cursor(drawn: tuple[Deck, ServiceTrace], step: int) -> None:
    deck, trace = drawn
    deck.go_to(step)
    panel = deck.page.locator("figure[data-memory]")
    high = float(panel.locator(".scale-high").inner_text())
    assert high >= max(np.max(trace.memory(at)) for at in range(trace.steps))
    shown = deck.shown_locations()
    assert shown[0] == first_row(panel)
    # Columns run from left to right as time does elsewhere.
    assert_drawn(deck, panel.locator(".plot canvas"), trace.memory(step).T / high, shown, "ink")


@pytest.mark.parametrize("field", ["inputs", "outputs", "targets"])
def test_bits_from_paper_to_ink(drawn: tuple[Deck, ServiceTrace], field: str) -> None:
    deck, trace = drawn
    paper, ink = (np.array(token(deck, name), dtype=float) for name in ("--cell-paper", "--cell-ink"))
    values = trace.field(field)
    rows = 8 if field == "targets" else 10
    cells = [(step, row) for step in range(trace.steps) for row in range(rows)]
    found = deck.pixels(deck.cells(field), [((step + 0.5) / trace.steps, (row + 0.5) / rows) for step, row in cells])
    expected = [Colour(*np.rint(paper + values[cell] * (ink - paper)).astype(int).tolist()) for cell in cells]
    assert [cells[index] for index in differing(found, expected)] == []


@pytest.mark.parametrize("step", [4, 20])
@pytest.mark.parametrize("head", ["write", "read"])
def test_the_bars_beside_the_memory(drawn: tuple[Deck, ServiceTrace], head: str, step: int) -> None:
    deck, trace = drawn
    deck.go_to(step)
    shown = deck.shown_locations()
    weighting = trace.field(f"{head}.weighting")[step, shown]
    # Bars grow from the memory's edge: the write head's to the left, the read head's to the right.
    share = np.array([0.25, 0.75])
    places = [
        (1 - reach if head == "write" else reach, (index + 0.4) / len(shown))
        for index in range(len(shown))
        for reach in share
    ]
    filled = [
        colour == token(deck, f"--{head}") for colour in deck.pixels(deck.page.locator(f".bars-{head} canvas"), places)
    ]
    assert filled == [bool(weight > reach) for weight in weighting for reach in share]


def test_light_and_dark_are_drawn_anew(drawn: tuple[Deck, ServiceTrace]) -> None:
    deck, _ = drawn
    html = deck.page.locator("html")
    colours = []
    for scheme in ("dark", "light"):
        deck.page.get_by_role("button", name="Switch between light and dark").click()
        expect(html).to_have_attribute("data-mantine-color-scheme", scheme)
        colours += deck.pixels(deck.cells("inputs"), [(0.5 / 26, 0.5 / 10)])
        assert colours[-1] == token(deck, "--cell-paper")
    assert colours[0] != colours[1]
