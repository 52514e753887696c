"""What is asked of many runs at once in the lab: what the answer hangs on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.lab import run_text, unfold, wait_compared
from tests.browser.test_accessibility import AXE, assert_axe_finds_nothing

LONG = "Long enough to be cancelled before it is"
AT = "({ store: { cursor } }, step) => cursor.step === step"
CELL = """({ lab: { probes: { importance: { found } } } }, name) => {
    const part = found.parts.findIndex((part) => part.name === name);
    const above = Array.from({ length: found.steps }, (_, step) => found.valueAt({ part, row: null, step }, "above"));
    const step = above.indexOf(Math.max(...above));
    const [change] = [found.changeOf({ part, row: null, step })];
    return { part, step, steps: found.steps, parts: found.parts.length, wrong: above[step], change };
}"""
"""Where a part matters most."""


@pytest.fixture(scope="module")
def opened(open_shared: Open) -> Deck:
    deck = open_shared("/lab")
    deck.page.add_script_tag(path=AXE)
    return deck


@pytest.fixture
def lab(opened: Deck) -> Deck:
    """The lab on a short text without changes, its map asked for."""
    deck = opened
    deck.leave_fields()
    deck.tell("({ lab }) => { lab.changes.clear(); lab.probes.importance.map.cell = null; }")
    run_text(deck)
    if not unfold(deck, "What does the answer hang on?") and again(deck).is_visible():
        again(deck).click()
    expect(plot(deck)).to_be_visible()
    return deck


def again(deck: Deck) -> Locator:
    return deck.page.get_by_role("button", name="Ask again")


def plot(deck: Deck) -> Locator:
    return deck.page.locator(".importance-plot")


def sentence(deck: Deck) -> Locator:
    return deck.page.locator("#importance .probe-sentence")


def test_a_cell_says_what_it_means_and_pressing_it_is_that_run(lab: Deck) -> None:
    cell = lab.tell(CELL, "read.location")
    plot(lab).scroll_into_view_if_needed()
    box = lab.box(plot(lab))
    place = (
        box["x"] + (cell["step"] + 0.5) / cell["steps"] * box["width"],
        box["y"] + (cell["part"] + 0.5) / cell["parts"] * box["height"],
    )
    lab.page.mouse.move(*place)
    said = f"Without the location addressing of the read head at step {cell['step']}, {cell['wrong']} bits are wrong."
    expect(sentence(lab)).to_have_text(said)
    lab.page.mouse.click(*place)
    wait_compared(lab, 1)
    assert lab.tell("({ lab }) => lab.changes.list") == [cell["change"]]
    lab.expect_told("({ lab }) => lab.found.wrong", [cell["wrong"], 0])
    lab.wait_deck(AT, cell["step"])
    # The map stays, and each further press is instead of the one before.
    lab.page.mouse.click(box["x"] + box["width"] / 2, place[1])
    wait_compared(lab, 1)
    lab.page.get_by_role("button", name="Take it back").click()
    wait_compared(lab, 0)


def test_the_map_is_walked_by_keys_and_read_as_a_table(lab: Deck) -> None:
    lab.go_to(3)
    plot(lab).focus()
    lab.press("ArrowDown", "ArrowDown", "ArrowRight")
    lab.wait_deck(AT, 4)
    expect(sentence(lab)).to_contain_text("Without the hidden vector at step 4, ")
    lab.press("Enter")
    lab.expect_told(
        "({ lab }) => lab.changes.list", [{"kind": "set", "target": "controller.hidden", "value": 0, "step": 4}]
    )
    table = lab.page.get_by_role("button", name="What the answer hangs on as a table")
    table.focus()
    lab.press("Enter")
    dialog = lab.page.get_by_role("dialog", name="What the answer hangs on")
    expect(dialog.get_by_role("rowheader", name="controller.hidden")).to_be_visible()
    lab.press("Escape")


def test_rows_are_asked_for_before_another_step(lab: Deck) -> None:
    field = lab.page.get_by_label("Step before which rows are set to 0")
    expect(field).to_have_value("6")  # the first of the recall
    above = lab.tell("({ lab }) => [...lab.probes.importance.found.map.above]")
    lab.go_to(8)
    lab.page.get_by_role("button", name="At the cursor", exact=True).click()
    rows = lab.page.locator(".importance-rows")
    expect(rows).to_contain_text("Rows, each 0 before step 8")
    expect(field).to_have_value("8")
    assert lab.tell("({ lab }) => [...lab.probes.importance.found.map.above]") == above
    field.fill("99")
    field.press("Enter")
    said = "Rows can be set to 0 before the steps 0 to 9; choose one of these."
    expect(lab.page.locator("#importance .field-message")).to_have_text(said)
    field.fill("1")
    field.press("Enter")
    expect(rows).to_contain_text("Rows, each 0 before step 1")
    expect(lab.page.locator("#importance .field-message")).to_be_empty()
    lab.page.locator(".importance-bars").focus()
    lab.press("ArrowDown")
    expect(sentence(lab)).to_contain_text("of the memory set to 0 before step 1, ")


def test_what_is_known_is_forgotten_with_the_run_and_asking_can_be_cancelled(lab: Deck) -> None:
    lab.see("Text", LONG)
    expect(plot(lab)).to_be_hidden()
    again(lab).click()
    lab.page.get_by_role("button", name="Cancel", exact=True).click()
    expect(again(lab)).to_be_visible()
    expect(lab.page.locator("#importance .probe-waiting")).to_be_hidden()
    expect(lab.page.locator("#importance")).to_have_attribute("aria-busy", "false")


def test_the_map_is_accessible_and_fits_a_phone(lab: Deck) -> None:
    expect(lab.page.locator("#importance .probe-summary")).to_have_text(re.compile(r"^At worst: .+ bits are wrong\."))
    assert_axe_finds_nothing(lab)
    lab.resize(375, 800)
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 375
    lab.resize(1440, 900)
