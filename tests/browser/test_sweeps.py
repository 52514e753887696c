"""A number that is turned in the lab, or two: the curve or the map over sampled inputs, and what its points do."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.lab import run_text, unfold, wait_compared
from tests.browser.test_accessibility import AXE, assert_axe_finds_nothing


@pytest.fixture(scope="module")
def opened(open_shared: Open) -> Deck:
    deck = open_shared("/lab")
    deck.page.add_script_tag(path=AXE)
    return deck


@pytest.fixture
def lab(opened: Deck) -> Deck:
    """The lab on a short text without changes, the sweep of its read head's sharpening ready to begin."""
    deck = opened
    deck.leave_fields()
    deck.tell("({ lab }) => { lab.changes.clear(); lab.probes.sweep.close(); }")
    deck.choose_machine("copy, seed 1")
    run_text(deck)
    unfold(deck, "Sweep a number")
    panel(deck).get_by_label("What is done").select_option("scale")
    panel(deck).get_by_label("What else is done").select_option("")
    ask(deck, values=3, inputs=2)
    return deck


def panel(deck: Deck) -> Locator:
    return deck.page.locator("#sweep")


def ask(deck: Deck, values: int, inputs: int) -> None:
    panel(deck).get_by_label("Number of values").fill(str(values))
    panel(deck).get_by_label("Number of sampled inputs").fill(str(inputs))


def start(deck: Deck) -> Locator:
    return panel(deck).get_by_role("button", name="Start")


def test_a_curve_arrives_and_pressing_a_point_makes_its_change(lab: Deck) -> None:
    start(lab).click()
    expect(panel(lab).locator(".probe-summary")).to_have_text(
        re.compile(r"^The share of wrong bits is least, 0 % at 1")
    )
    expect(panel(lab).locator(".sweep-dots")).to_have_attribute("d", re.compile(r"^(M\d+ \d+h0){3}$"))
    plot = panel(lab).locator(".sweep-plot")
    plot.focus()
    lab.press("ArrowRight")
    said = re.compile(r"^Multiply the read head's sharpening γ by 0 at every step: \d+(\.\d+)? % of the bits are wrong")
    expect(panel(lab).locator(".probe-sentence")).to_have_text(said)
    lab.press("Enter")
    wait_compared(lab, 1)
    first = {"kind": "scale", "target": "read.sharpening", "value": 0}
    assert lab.tell("({ lab }) => lab.changes.list") == [first]
    # The curve stays, and a further press is instead of the one before.
    plot.click()
    wait_compared(lab, 1)
    lab.expect_told("({ lab }) => lab.changes.list", [first | {"value": 1}])
    panel(lab).get_by_role("button", name="Take it back").click()
    wait_compared(lab, 0)
    panel(lab).get_by_role("button", name="as a table").click()
    dialog = lab.page.get_by_role("dialog", name="Sweep of ")
    expect(dialog.get_by_role("row")).to_have_count(4)
    lab.press("Escape")
    assert_axe_finds_nothing(lab)
    lab.resize(375, 800)
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 375
    lab.resize(1440, 900)


def test_two_numbers_make_a_map_and_pressing_a_cell_makes_both_its_changes(lab: Deck) -> None:
    panel(lab).get_by_label("What else is done").select_option("noise")
    panel(lab).get_by_label("Values of the second number").fill("2")
    start(lab).click()
    expect(panel(lab)).to_have_attribute("aria-busy", "false")
    expect(panel(lab).locator(".probe-summary")).to_contain_text("The share of wrong bits is least, 0 %")
    expect(panel(lab).locator(".sweep-key")).to_contain_text(["60 %", "unchanged", "first wrong bits"])
    cells = panel(lab).locator(".sweep-cells")
    cells.focus()
    lab.press("Home", "End", "PageUp", "ArrowLeft", "ArrowDown", "ArrowUp")
    said = re.compile(
        r"^Multiply the read head's sharpening γ by 1 at every step, and add noise of spread 0\.5 \(seed 1\) to the "
        r"memory at every step: [\d.]+ % of the bits are wrong \(95 %"
    )
    expect(panel(lab).locator(".probe-sentence")).to_have_text(said)
    lab.press("Enter")
    wait_compared(lab, 2)
    gain = {"kind": "scale", "target": "read.sharpening", "value": 1}
    noise = {"kind": "noise", "target": "memory", "spread": 0.5, "seed": 1}
    assert lab.tell("({ lab }) => lab.changes.list") == [gain, noise]
    # A pressed cell is instead of the one before; its changes are undone together.
    box = lab.box(cells)
    cells.click(position={"x": box["width"] / 6, "y": box["height"] / 4})
    lab.expect_told("({ lab }) => lab.changes.list", [gain | {"value": 0}, noise])
    lab.page.get_by_role("button", name="Undo").click()
    lab.expect_told("({ lab }) => lab.changes.list", [gain, noise])
    lab.page.get_by_role("button", name="Undo").click()
    wait_compared(lab, 0)
    panel(lab).get_by_role("button", name="as a table").click()
    table = lab.page.get_by_role("dialog", name="Sweep of ")
    expect(table.get_by_role("columnheader")).to_have_text(["", "0", "1", "2"])
    expect(table.get_by_role("rowheader")).to_have_text(["0.5", "0"])
    lab.press("Escape")
    with lab.page.expect_download() as saved:
        panel(lab).get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "copy-1-sweep.csv"
    rows = [*csv.DictReader(saved.value.path().read_text().splitlines())]
    assert [row["noise on memory"] for row in rows] == ["0", "0.5"] * 3
    assert_axe_finds_nothing(lab)
    lab.resize(375, 800)
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= 375
    lab.resize(1440, 900)


def test_a_sweep_is_cancelled_and_what_has_come_stays(lab: Deck) -> None:
    ask(lab, values=200, inputs=1000)
    start(lab).click()
    expect(panel(lab).locator(".probe-waiting")).to_contain_text(re.compile(r"^[1-9]\d* of 200 values"))
    panel(lab).get_by_role("button", name="Cancel", exact=True).click()
    expect(panel(lab)).to_have_attribute("aria-busy", "false")
    expect(panel(lab).locator(".probe-summary")).to_contain_text(re.compile(r"Only \d+ of 200 values were counted\."))
    expect(start(lab)).to_be_enabled()


def test_a_sweep_that_cannot_be_is_refused_in_a_sentence(lab: Deck) -> None:
    panel(lab).get_by_label("What is done").select_option("length")
    panel(lab).get_by_label("From", exact=True).fill("0")
    start(lab).click()
    said = re.compile(r"^Length must be a whole number from 1 to [\d,]+, got 0\.$")
    expect(panel(lab).get_by_role("alert")).to_have_text(said)
    expect(start(lab)).to_be_enabled()
    ask(lab, values=0, inputs=2)
    start(lab).click()
    expect(panel(lab).get_by_role("alert")).to_have_text("Number of values must be a whole number from 1 to 200.")
    panel(lab).get_by_label("What is done").select_option("scale")
    panel(lab).get_by_label("What else is done").select_option("noise")
    for label in ("Number of values", "Values of the second number"):
        panel(lab).get_by_label(label).fill("60")
    start(lab).click()
    expect(panel(lab).get_by_role("alert")).to_have_text("A sweep has at most 2,500 points, got 3,600.")


def test_a_curve_is_forgotten_when_the_machine_changes(lab: Deck) -> None:
    start(lab).click()
    expect(panel(lab).locator(".sweep-plot")).to_be_visible()
    expect(panel(lab)).to_have_attribute("aria-busy", "false")
    lab.choose_machine("untrained")
    expect(panel(lab).locator(".sweep-plot")).to_be_hidden()
    expect(start(lab)).to_be_enabled()
