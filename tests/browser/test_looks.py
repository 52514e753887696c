"""Windows of every size, themes, and what lights up under the pointer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect
from plotly.colors import hex_to_rgb

from tests.browser.conftest import Open
from tests.browser.deck import Colour, Deck

WIDTHS = [320, 375, 768, 1440]
WAYS = ["Bits", "Text", "Hex", "Draw", "Random", "File"]
STEPS = 12
LEAST_TARGET = 24
"""Pixels of what is pressed (WCAG 2.5.8)."""

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LOWEST = """Math.max(...[...document.querySelectorAll(":is(main, main > .place) > :not(#transport, dialog, .place)")]
    .map((it) => it.getBoundingClientRect().bottom))"""
SMALL = """least => [...document.querySelectorAll("button, a, input, select, textarea, [role=slider]")]
    .filter((it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((it) => !it.closest("p, [aria-hidden=true]") && it.tabIndex >= 0)
    .map((it) => ({ it, box: it.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && (box.width < least || box.height < least))
    .map(({ it, box }) => `${it.outerHTML.slice(0, 80)} ${box.width} × ${box.height}`)"""


@pytest.fixture(scope="module")
def windows(open_shared: Open) -> Deck:
    """A page in windows of many sizes."""
    return open_shared()


def test_no_page_is_wider_than_its_window(deck: Deck) -> None:
    for page in deck.page.locator(".page-link").all():
        deck.resize(1440)
        page.click()
        expect(page).to_have_attribute("aria-current", "page")
        for width in WIDTHS:
            deck.resize(width, 800)
            deck.page.wait_for_function(FITS)


def test_no_way_in_is_wider_than_its_window(windows: Deck) -> None:
    deck = windows
    deck.resize(320, 700)
    for way in WAYS:
        deck.choose_way(way)
        expect(deck.page.locator(f"#way-in-{way.lower()}")).to_be_visible()
        deck.page.wait_for_function(FITS)


def test_a_machines_name_is_not_cut_on_a_phone(windows: Deck) -> None:
    deck = windows
    deck.resize(375, 700)
    name = deck.page.locator("#machine")
    assert len(name.input_value()) > 20
    deck.page.wait_for_function(
        "() => { const it = document.querySelector('#machine'); return it.scrollWidth <= it.clientWidth; }"
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_the_player_is_in_reach_and_large_enough(windows: Deck, width: int) -> None:
    deck = windows
    deck.resize(width, 700)
    for place in ("start", "end"):
        deck.page.evaluate("place => scrollTo(0, place === 'end' ? document.body.scrollHeight : 0)", place)
        for action in ("start", "back", "play", "forward", "end", "loop", "help"):
            expect(deck.button(action)).to_be_in_viewport(ratio=1)
        expect(deck.bar).to_be_in_viewport(ratio=1)
        expect(deck.readout("narration")).to_be_in_viewport(ratio=1)
    deck.expect_told(f"(_, least) => ({SMALL})(least)", [], LEAST_TARGET)


@pytest.mark.parametrize("width", [320, 360, 375, 390, 620])
def test_nothing_of_the_player_leaves_a_narrow_window(windows: Deck, width: int) -> None:
    windows.resize(width, 740)
    windows.leave_fields()
    windows.press("End")
    windows.expect_step(41)
    parts = windows.page.locator("#transport :is(button, select, .bar, .bar-thumb, .position)")
    ends = parts.evaluate_all("parts => parts.map((part) => part.getBoundingClientRect().right)")
    assert max(ends) <= width


def test_nothing_of_the_page_ends_behind_the_player(windows: Deck) -> None:
    deck = windows
    for width in WIDTHS:
        deck.resize(width, 700)
        deck.wait_at_rest()  # what the worker says has its own height
        deck.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        end = deck.page.evaluate(LOWEST)
        assert end <= deck.box(deck.page.locator("#transport"))["y"], f"at {width} pixels"


def test_the_theme_follows_the_system_until_one_is_chosen(open_deck: Open) -> None:
    deck = open_deck(color_scheme="dark")
    html = deck.page.locator("html")
    for scheme in ("dark", "light"):
        deck.page.emulate_media(color_scheme=scheme)
        expect(html).to_have_attribute("data-mantine-color-scheme", scheme)
        ground, paper = (Colour(*hex_to_rgb(deck.token(name))) for name in ("--page", "--cell-paper"))
        assert (sum(ground[:3]) > 3 * 128) == (scheme == "light")
        assert deck.pixels(deck.cells("inputs"), [(0.5 / 42, 0.5 / 10)]) == [paper]
    deck.page.get_by_role("button", name="Switch between light and dark").click()
    expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
    deck.open()
    deck.wait_done()
    expect(html).to_have_attribute("data-mantine-color-scheme", "dark")


def test_touch_scrubs_on_a_phone(open_deck: Open) -> None:
    deck = open_deck(width=375, height=812, has_touch=True)
    box = deck.box(deck.bar)
    deck.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    deck.wait_step("step === 20 || step === 21")


# What lights up under the pointer.


@pytest.fixture
def tape(shared: Deck) -> Deck:
    """A tape of five vectors, nothing lit."""
    shared.begin_with("light")
    return shared


def point(deck: Deck, field: str, step: int, row: int, rows: int) -> tuple[float, float]:
    """The middle of a cell on the page."""
    plot = deck.panel(field).locator(".plot")
    plot.scroll_into_view_if_needed()
    box = deck.box(plot)
    return box["x"] + (step + 0.5) / STEPS * box["width"], box["y"] + (row + 0.5) / rows * box["height"]


def hair(deck: Deck, field: str, kind: str) -> Locator:
    return deck.panel(field).locator(f".{kind}-hair")


def test_a_hovered_cell_is_read_out_and_its_step_lights_up_everywhere(tape: Deck) -> None:
    tape.page.mouse.move(*point(tape, "inputs", 3, 1, 10))
    value = "1.000"  # “g” is 01100111
    expect(tape.panel("inputs").locator(".readout")).to_have_text(f"step 3, bit 2: {value}")
    for panel in tape.page.locator(":is(#tape, .explained) > .panels > figure[data-field]").all():
        expect(panel.locator(".step-hair")).to_be_visible()
    expect(hair(tape, "outputs", "row")).to_be_visible()
    expect(hair(tape, "write.weighting", "row")).to_be_hidden()
    expect(tape.panel("outputs").locator(".readout")).to_contain_text("step 3, bit 2: ")
    tape.page.mouse.move(2, 2)
    expect(hair(tape, "inputs", "step")).to_be_hidden()
    expect(tape.panel("inputs").locator(".readout")).to_be_empty()


def test_a_hovered_location_lights_up_in_the_memory(tape: Deck) -> None:
    shown = tape.shown_locations()
    tape.page.mouse.move(*point(tape, "read.weighting", 8, 2, len(shown)))
    expect(tape.panel("read.weighting").locator(".readout")).to_contain_text(f"step 8, location {shown[2]}: ")
    expect(tape.panel("write.weighting").locator(".readout")).to_contain_text(f"step 8, location {shown[2]}: ")
    expect(tape.page.locator("figure[data-memory] .row-hair")).to_be_visible()


def test_a_hovered_memory_cell_is_read_out(tape: Deck) -> None:
    plot = tape.page.locator("figure[data-memory] .plot")
    box, shown = tape.box(plot), tape.shown_locations()
    tape.page.mouse.move(box["x"] + 4.5 / 20 * box["width"], box["y"] + 1.5 / len(shown) * box["height"])
    readout = tape.page.locator("figure[data-memory] .readout")
    expect(readout).to_have_text(re.compile(rf"^location {shown[1]}, column 4: \d"))
    expect(hair(tape, "write.weighting", "row")).to_be_visible()


def test_a_click_pins_a_cell_and_escape_lets_go(tape: Deck) -> None:
    tape.page.mouse.click(*point(tape, "inputs", 3, 1, 10))
    tape.expect_step(3)
    tape.page.mouse.move(*point(tape, "inputs", 7, 5, 10))
    expect(tape.panel("inputs").locator(".readout")).to_contain_text("step 3, bit 2")
    tape.press("ArrowRight")
    tape.expect_step(4)
    expect(tape.panel("inputs").locator(".readout")).to_contain_text("step 3, bit 2")
    tape.press("Escape")
    expect(tape.panel("inputs").locator(".readout")).to_be_empty()


def test_a_second_click_lets_go_too(tape: Deck) -> None:
    place = point(tape, "inputs", 3, 1, 10)
    tape.page.mouse.click(*place)
    tape.page.mouse.click(*place)
    tape.page.mouse.move(2, 2)
    expect(tape.panel("inputs").locator(".readout")).to_be_empty()


def test_a_pinned_cell_stays_where_it_is_when_the_picture_changes(tape: Deck) -> None:
    shown = tape.shown_locations()
    tape.page.mouse.click(*point(tape, "write.weighting", 3, 2, len(shown)))
    field = "write.weighting"
    for change in ("all", "narrow", "used"):
        if change == "narrow":
            tape.resize(1200)
        else:
            tape.button("all-rows").click()
        tape.wait_painted()
        rows = tape.shown_locations()
        plot, row, step = (
            tape.box(each)
            for each in (tape.panel(field).locator(".plot"), hair(tape, field, "row"), hair(tape, field, "step"))
        )
        middle = (row["y"] + row["height"] / 2 - plot["y"]) / plot["height"] * len(rows)
        assert rows[int(middle)] == shown[2], change
        middle = (step["x"] + step["width"] / 2 - plot["x"]) / plot["width"] * STEPS
        assert int(middle) == 3, change
    tape.resize(1440)
    tape.press("Escape")
