"""Reaching things by key and by pointer, and hearing of them: the skip link, the order of focus, tooltips, steps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

FOCUSED = "() => document.activeElement.getAttribute('role') === 'slider'"
FEW_TABS = 20
SEQUENCE = "r20.SGVsbG8sIHRhcGUgbWFjaGluZSE"
"""The greeting, as an address holds it."""
CHANGES = """told => {
    window.said = [];
    new MutationObserver(() => window.said.push(told.textContent)).observe(told, { childList: true });
}"""

MOVED_AND_LEFT = """bar => {
    const [wait, waiting] = [window.setTimeout, []];
    window.setTimeout = (act) => waiting.push(act);
    bar.focus();
    bar.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    window.setTimeout = wait;
    bar.blur();
    waiting.forEach((act) => act());
}"""
"""A step is sought on the slider, which loses the focus before what rests until then is told."""


@pytest.fixture
def deck(shared: Deck) -> Deck:
    """The tape that the page opens with, at rest at its end."""
    shared.choose_machine("copy, seed 1")
    shared.begin_with("Hello, tape machine!")
    return shared


def tooltip(deck: Deck, word: str) -> tuple[float, float]:
    """Points at a word; where what explains it is, straight above or below."""
    button = deck.page.get_by_role("button", name=word, exact=True)
    button.hover()
    box, own = deck.box(deck.page.get_by_role("tooltip")), deck.box(button)
    return own["x"] + own["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("word", ["Read vectors", "Input"])
def test_a_tooltip_can_be_hovered_persists_and_is_dismissed_by_escape(deck: Deck, word: str) -> None:
    page, shown = deck.page, deck.page.get_by_role("tooltip")
    x, y = tooltip(deck, word)
    page.mouse.move(x, y, steps=25)  # over everything that lies between
    expect(shown).to_be_visible()
    page.mouse.move(x + 5, y + 5)
    deck.frames(30)
    expect(shown).to_be_visible()
    page.mouse.move(2, 2)
    expect(shown).to_be_hidden()
    tooltip(deck, word)
    deck.press("Escape")
    expect(shown).to_be_hidden()


def test_escape_on_a_tooltip_lets_go_of_no_pinned_cell(deck: Deck) -> None:
    deck.panel("outputs").locator(".plot").focus()
    deck.press("ArrowDown", "Enter")
    pinned = deck.panel("outputs").locator(".readout")
    expect(pinned).to_contain_text("step 41")
    said = pinned.inner_text()
    tooltip(deck, "Read vectors")
    deck.press("Escape")
    expect(deck.page.get_by_role("tooltip")).to_be_hidden()
    expect(pinned).to_have_text(said)


def tabs_to_the_slider(page: Page) -> int:
    """How many from the top of the page."""
    page.evaluate("() => { getSelection().collapse(document.body, 0); document.activeElement.blur(); }")
    for count in range(1, 400):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED):
            return count
    raise AssertionError("Tab does not reach the slider.")


def test_the_time_slider_is_reached_in_a_few_tabs(open_deck: Open) -> None:
    assert tabs_to_the_slider(open_deck().page) <= FEW_TABS


def test_a_skip_link_comes_first_and_goes_to_the_player(open_deck: Open) -> None:
    deck = open_deck()
    link = deck.page.get_by_role("link", name="Skip to the player")
    # The step is in the address a moment after the tape has come to its end.
    deck.follow(step="41", sequence=SEQUENCE)
    address = deck.address
    deck.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    deck.press("Enter")
    expect(deck.bar).to_be_focused()
    assert deck.address == address, "the address holds the run"
    deck.press("Home")
    deck.expect_step(0)


def test_a_step_is_announced_once_with_location_character_and_whether_it_is_right(deck: Deck) -> None:
    told = deck.page.locator("#transport [aria-live=polite]")
    deck.go_to(23)
    expect(told).to_have_text(re.compile(r"^Step 23 · recall 2 of 20: reads location \d+, gets ‘e’ ✓\.$"))
    told.evaluate(CHANGES)
    deck.bar.focus()
    deck.press("ArrowRight")
    said = re.compile(r"^Step 24 · recall 3 of 20: reads location \d+, gets ‘l’ ✓\.$")
    expect(deck.bar).to_have_attribute("aria-valuetext", said)
    deck.leave_fields()
    deck.press("Shift+ArrowLeft")
    expect(told).to_have_text(re.compile("^Step 19 · input 19 of 20: "))
    assert len(deck.page.evaluate("window.said")) == 1, "the slider that had the focus said its own step"


def test_a_step_that_the_slider_said_is_not_told_again_when_it_is_left_at_once(deck: Deck) -> None:
    told = deck.page.locator("#transport [aria-live=polite]")
    deck.go_to(23)
    expect(told).to_have_text(re.compile("^Step 23 · "))
    deck.bar.evaluate(MOVED_AND_LEFT)
    expect(deck.bar).to_have_attribute("aria-valuetext", re.compile("^Step 24 · "))
    expect(told).to_have_text(re.compile("^Step 23 · "))


def test_a_step_of_what_is_no_text_and_a_wrong_one_are_said_in_bits(deck: Deck) -> None:
    deck.choose_machine("untrained")
    deck.run_bits(["11111111", "00101100"])
    deck.go_to(1)
    expect(deck.bar).to_have_attribute("aria-valuetext", re.compile(": writes 11111111 "))
    deck.press("End", "ArrowLeft")
    expect(deck.bar).to_have_attribute("aria-valuetext", re.compile(r"gets [01]{8}, should be 11111111 ✗\.$"))
