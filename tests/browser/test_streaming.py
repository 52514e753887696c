"""A tape that grows while the machine still runs."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.tap import Tap
from tests.rows import random_rows

LARGEST = 4096
LONG = random_rows(120, 0.5, seed=9)
STEPS = 242
HELD_AFTER, ARRIVED = 3, 1 + 2 * 16
"""Frames that come before the rest is held back, and their steps: the first frame has one."""
GROWING = "document.querySelector('#tape').dataset.state === 'running'"

MARKS = """performance.getEntriesByType("mark").map(({ name }) => name.split(":"))
    .filter(([whose]) => whose === "tapedeck").map(([, what]) => what)"""
"""What became of all runs, in its order."""


class Growing(NamedTuple):
    """A page on which some of a long run has arrived, and what holds back the rest."""

    deck: Deck
    tap: Tap


@pytest.fixture(scope="module")
def tapped(open_shared: Open) -> Growing:
    """A page whose stream can be held back."""
    deck = open_shared()
    tap = Tap(deck.page)
    deck.open()
    deck.wait_done()
    return Growing(deck, tap)


@pytest.fixture
def growing(tapped: Growing) -> Growing:
    """A long run, held back in the middle."""
    deck, tap = tapped
    tap.open()
    deck.write("Text", "before")
    deck.run()
    deck.write("Bits", " ".join(LONG))
    tap.hold_after(HELD_AFTER)
    deck.press_run()
    deck.wait_step(f"step === {ARRIVED - 1} && last === {STEPS - 1} && {GROWING}")
    return tapped


@pytest.fixture
def busy(shared: Deck) -> Deck:
    """A long run on the largest memory, which goes on as fast as it can."""
    shared.set_locations(None)
    shared.write("Text", "before")
    shared.run()
    shared.set_locations(LARGEST)
    shared.write("Bits", " ".join(LONG))
    shared.press_run()
    shared.wait_step(f"step > 20 && last === {STEPS - 1}")
    return shared


def test_a_growing_tape_is_followed_to_its_end(growing: Growing) -> None:
    deck, tap = growing
    for more in range(1, 4):
        tap.let(1)
        deck.wait_step(f"step === {ARRIVED + 16 * more - 1} && {GROWING}")
    tap.open()
    deck.wait_done()
    deck.expect_step(STEPS - 1)


@pytest.mark.parametrize("key", ["Home", "ArrowLeft"])
def test_a_seek_is_not_undone_by_what_arrives(growing: Growing, key: str) -> None:
    deck, tap = growing
    deck.leave_fields()
    deck.press("Escape", key)
    step = deck.step
    assert step < ARRIVED - 1
    tap.open()
    deck.wait_done()
    assert deck.step == step
    deck.press("End")
    deck.expect_step(STEPS - 1)
    expect(deck.readout("verdict")).to_have_text("Exact copy")


def test_play_goes_through_what_arrives(growing: Growing) -> None:
    deck, tap = growing
    deck.speed.select_option("0.25")  # the rest arrives sooner than it is played, on a busy machine too
    deck.leave_fields()
    deck.press("Home", "k")
    tap.open()
    deck.wait_done()
    expect(deck.button("play")).to_have_attribute("aria-label", "Pause")
    assert deck.step < STEPS - 1
    deck.press("k")
    deck.speed.select_option("1")


def test_play_waits_at_the_end_of_what_has_arrived(growing: Growing) -> None:
    deck, tap = growing
    deck.speed.select_option("8")
    deck.leave_fields()
    deck.press("Home", "k")
    deck.wait_step(f"step === {ARRIVED - 1}")
    deck.frames(10)
    deck.expect_step(ARRIVED - 1)
    expect(deck.button("play")).to_have_attribute("aria-label", "Pause")
    tap.open()
    deck.wait_step(f"step > {ARRIVED}")
    deck.press("k")
    deck.speed.select_option("1")
    deck.wait_done()


def test_a_run_in_the_middle_of_a_run_replaces_it(busy: Deck) -> None:
    busy.set_locations(None)
    busy.write("Text", "instead")
    busy.run()
    expect(busy.readout("heard")).to_have_text("instead")
    busy.expect_step(15)
    expect(busy.notice).to_be_hidden()
    busy.run_bits(["10110011"])
    expect(busy.readout("heard")).to_have_text("b3")


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


def test_the_first_picture_is_painted_while_the_rest_of_the_run_is_not_there(growing: Growing) -> None:
    deck, tap = growing
    assert deck.page.evaluate(MARKS)[-2:] == ["run", "first-paint"]
    tap.open()
    deck.wait_done()
    assert deck.page.evaluate(MARKS)[-3:] == ["run", "first-paint", "last-paint"]
