"""A tape that grows while the machine still runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from frontend.sequence import random_rows
from tests.browser.deck import Deck

LARGEST = 4096
LONG = random_rows(200, 0.5, seed=9)
STEPS = 402
GROWING = "document.querySelector('#tape').dataset.state === 'running'"


@pytest.fixture
def growing(shared: Deck) -> Deck:
    """A long run on the largest memory, of which some has arrived and most has not."""
    shared.set_locations(None)
    shared.write("Text", "before")
    shared.run()
    shared.set_locations(LARGEST)
    shared.write("Bits", " ".join(LONG))
    shared.press_run()
    shared.wait_step(f"step > 20 && last === {STEPS - 1} && {GROWING}")
    return shared


def test_a_growing_tape_is_followed_to_its_end(shared: Deck) -> None:
    deck = shared
    deck.page.evaluate(
        """() => {
            window.seen = [];
            new MutationObserver(() => seen.push(document.querySelector("[data-readout=position]").textContent))
                .observe(document.querySelector("[data-readout=position]"), { childList: true });
        }"""
    )
    deck.set_locations(LARGEST)
    deck.run_bits(LONG)
    deck.expect_step(STEPS - 1)
    seen = deck.page.evaluate("[...new Set(seen)].filter((words) => words.includes(`of 401`))")
    assert len(seen) > 5, "steps were seen while later ones were still being computed"


@pytest.mark.parametrize("key", ["Home", "ArrowLeft"])
def test_a_seek_is_not_undone_by_what_arrives(growing: Deck, key: str) -> None:
    growing.press("Escape")
    growing.leave_fields()
    growing.press(key)
    step = growing.step
    assert growing.page.evaluate(GROWING), "the run was still going on"
    growing.wait_done()
    assert growing.step == step < STEPS - 1
    expect(growing.readout("verdict")).to_have_text("Exact copy")
    growing.press("End")
    growing.expect_step(STEPS - 1)


def test_play_goes_through_what_arrives(growing: Deck) -> None:
    growing.leave_fields()
    growing.press("Home", "k")
    growing.wait_done()
    expect(growing.button("play")).to_have_attribute("aria-label", "Pause")
    assert growing.step < STEPS - 1


def test_a_run_in_the_middle_of_a_run_replaces_it(growing: Deck) -> None:
    growing.set_locations(None)
    growing.write("Text", "instead")
    growing.run()
    expect(growing.readout("heard")).to_have_text("instead")
    growing.expect_step(15)
    expect(growing.notice).to_be_hidden()
    growing.run_bits(["10110011"])
    expect(growing.readout("heard")).to_have_text("b3")


def test_many_runs_in_a_row_end_with_the_last(shared: Deck) -> None:
    deck = shared
    deck.set_locations(None)
    for text in ("one", "two", "three"):
        deck.write("Text", text)
        for _ in range(4):
            deck.press_run()
    expect(deck.readout("said")).to_have_text("three")
    deck.wait_done()
    expect(deck.notice).to_be_hidden()


def test_the_first_paint_comes_long_before_the_last(growing: Deck) -> None:
    growing.wait_done()
    first, last = growing.page.evaluate(
        """["first-paint", "last-paint"].map((name) =>
            performance.getEntriesByName("tapedeck:" + name).at(-1).startTime
            - performance.getEntriesByName("tapedeck:run").at(-1).startTime)"""
    )
    assert 0 < first < last / 3
