"""A link is the whole picture: the address follows, a fresh browser shows the same, a broken link says what is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from frontend.sequence import random_rows
from tests.browser.conftest import Open
from tests.browser.deck import Deck

ROWS = random_rows(12, 0.5, seed=3)
T = 26
SANE = 2_000
"""Characters that any mail program and messenger takes in a link."""

PICTURE = """() => tapedeck.then(({ cursor, tape, trace, page }) => ({
    step: cursor.step, rows: tape.memory.rows, pin: tape.pin, steps: trace.steps, page,
    locations: trace.locations, checkpoint: trace.header.checkpoint.id, last: [...trace.at("outputs", trace.steps - 1)],
}))"""


def follow(deck: Deck, **expected: str | None) -> None:
    """Until the address says so; None for what it must not say."""
    for name, value in expected.items():
        deck.page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.hash.slice(1)).get(name) === value", arg=[name, value]
        )


def test_the_address_follows_and_a_fresh_browser_shows_the_same(deck: Deck, open_deck: Open) -> None:
    deck.set_locations(64)
    deck.run_bits(ROWS)
    deck.go_to(18)
    deck.button("all-rows").click()
    plot = deck.panel("outputs").locator(".plot")
    box = deck.box(plot)
    deck.page.mouse.click(box["x"] + 20.5 / T * box["width"], box["y"] + 2.5 / 10 * box["height"])
    deck.leave_fields()
    deck.press("ArrowLeft")
    follow(deck, step="19", rows="all", pin="outputs-20-2", locations="64", checkpoint="copy-1")

    other = open_deck(deck.page.url.removeprefix(deck.url))
    other.expect_step(19)
    assert other.page.evaluate(PICTURE) == deck.page.evaluate(PICTURE)
    expect(other.panel("outputs").locator(".readout")).to_contain_text("step 20, bit 3: ")
    expect(other.panel("write.weighting").locator(".source").first).to_be_attached()
    expect(other.button("all-rows")).to_have_attribute("aria-pressed", "true")
    expect(other.notice).to_be_hidden()

    deck.leave_fields()
    deck.press("Escape")
    follow(deck, pin=None)


def test_a_link_to_another_page_opens_that_page(deck: Deck, open_deck: Open) -> None:
    deck.run_bits(ROWS)
    deck.go_to(7)
    follow(deck, step="7")
    other = open_deck(f"/learn#{urlsplit(deck.page.url).fragment}")
    expect(other.page.locator(".page-learn")).to_have_attribute("aria-current", "page")
    other.expect_step(7)


def test_a_thousand_vectors_are_a_link_that_can_be_sent(deck: Deck, open_deck: Open) -> None:
    deck.run_bits(random_rows(1000, 0.5, seed=1))
    deck.leave_fields()
    deck.press("5")
    deck.wait_step("step === 1001 || step === 1000")
    follow(deck, step=str(deck.step))
    assert len(deck.page.url) < SANE
    other = open_deck(deck.page.url.removeprefix(deck.url))
    assert other.page.evaluate(PICTURE) == deck.page.evaluate(PICTURE)


BROKEN = {
    "checkpoint=gone": "There is no machine “gone” here; copy-1 is shown instead.",
    "sha=00000000": "copy-1 is another machine here than where the link was made, so its numbers may differ.",
    "sequence=r20.SGVsbG8": "The link's sequence cannot be read: cut off or changed on its way.",
    "locations=2": "The link's run was refused.",
    "step=99": "This tape has no step 99; its last step, 5, is shown instead.",
    "loop=9-12": "This tape has no steps 9 to 12 to loop.",
    "pin=outputs-3-10": "This tape has no cell “outputs-3-10” to pin.",
    "v=7": "This link is of version “7”, and this page reads version 1.",
}


@pytest.mark.parametrize(("part", "sentence"), BROKEN.items(), ids=BROKEN)
def test_a_broken_link_says_what_is_broken(open_deck: Open, part: str, sentence: str) -> None:
    whole = {"v": "1", "checkpoint": "copy-1", "sequence": "r2.SGk"} | dict([part.split("=")])
    deck = open_deck("/#" + "&".join(f"{name}={value}" for name, value in whole.items()))
    expect(deck.notice).to_contain_text(sentence)
    expect(deck.tape).to_have_attribute("data-state", "done")
    deck.notice.get_by_role("button", name="Dismiss").click()
    expect(deck.notice).to_be_hidden()


def test_back_and_forward_show_what_was_shown(deck: Deck) -> None:
    link = "/#v=1&checkpoint=copy-1&sequence=r2.SGk&step="
    for step in (1, 4):
        deck.page.evaluate("url => { location.href = url }", f"{link}{step}")
        deck.expect_step(step)
        expect(deck.readout("position")).to_have_text(re.compile(" of 5 "))
    deck.page.go_back()
    deck.expect_step(1)
    deck.page.go_forward()
    deck.expect_step(4)
    deck.page.get_by_role("link", name="Guide").click()
    expect(deck.page.locator("#guide")).to_be_visible()
    deck.page.go_back()
    expect(deck.tape).to_be_visible()
    deck.expect_step(4)
