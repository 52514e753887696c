"""Fingers and mice over the panels: what scrolls, what scrubs, what pins."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

SWIPE_PX = 260
BEFORE = """() => {
    window.scrolled = false;
    addEventListener("scrollend", () => (window.scrolled = true), { once: true });
    return scrollY;
}"""
"""Where the page is, and that it is to be noted when it has come to rest elsewhere."""
RESTS = """() => new Promise((done) => {
    let [before, still] = [scrollY, 0];
    const look = () => {
        still = scrollY === before ? still + 1 : 0;
        before = scrollY;
        if (still < 10) requestAnimationFrame(look);
        else done();
    };
    look();
})"""
"""Until the page lies still: a finger on one that still moves stops it, and does nothing else."""
PLOTS = {
    "over a panel": "#tape figure[data-field='outputs'] .plot",
    "over the memory": "figure[data-memory] .plot",
    "over who wrote what": "[data-origins=picture] .plot",
    "over a stage": "[data-inspects=write] [data-stage=content_weighting]",
    "over a timeline": "[data-inspects=write] [data-timeline='write.interpolation_gate'] .line",
}


@pytest.fixture(scope="module")
def phone(open_shared: Open) -> Deck:
    deck = open_shared(width=375, height=812, has_touch=True)
    deck.unfold()
    return deck


@pytest.fixture(scope="module")
def fingers(phone: Deck) -> CDPSession:
    """The browser's own input, below the page: it decides what scrolls."""
    return phone.page.context.new_cdp_session(phone.page)


def middle(deck: Deck, plot: Locator) -> tuple[float, float]:
    plot.evaluate("it => it.scrollIntoView({ block: 'center', behavior: 'instant' })")
    deck.page.evaluate(RESTS)
    box = deck.box(plot)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def move(fingers: CDPSession, places: list[tuple[float, float]]) -> None:
    """A finger goes down at the first place, over the others, and up at the last."""
    for index, (x, y) in enumerate(places):
        kind = "touchMove" if index else "touchStart"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def pinned(deck: Deck) -> bool:
    return bool(deck.page.evaluate("tapedeck.then(({ tape }) => tape.pinned)"))


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_a_swipe_over_a_panel_scrolls_and_neither_seeks_nor_pins(phone: Deck, fingers: CDPSession, plot: str) -> None:
    step = phone.step
    x, y = middle(phone, phone.page.locator(plot))
    before = phone.page.evaluate(BEFORE)
    move(fingers, [(x, y - part * SWIPE_PX / 10) for part in range(11)])
    phone.page.wait_for_function("before => window.scrolled && scrollY > before", arg=before)
    assert (phone.step, pinned(phone)) == (step, False)
    expect(phone.page.locator("#tape .hair:visible")).to_have_count(0)


def test_a_finger_that_is_moved_along_a_panel_scrubs_and_leaves_no_pin(phone: Deck, fingers: CDPSession) -> None:
    x, y = middle(phone, phone.page.locator(PLOTS["over a panel"]))
    move(fingers, [(x - 10 * part, y) for part in range(10)])
    box = phone.box(phone.page.locator(PLOTS["over a panel"]))
    steps = phone.page.evaluate("tapedeck.then(({ trace }) => trace.steps)")
    phone.expect_step(int((x - 90 - box["x"]) / box["width"] * steps))
    assert not pinned(phone)


def test_a_mouse_that_is_dragged_scrubs_and_leaves_no_pin(deck: Deck) -> None:
    plot = deck.page.locator(PLOTS["over a panel"])
    x, y = middle(deck, plot)
    box, steps = deck.box(plot), deck.tell("({ trace }) => trace.steps")
    pressed = int((x - box["x"]) / box["width"] * steps)
    deck.page.mouse.move(x, y)
    deck.page.mouse.down()
    deck.expect_step(pressed)
    deck.page.mouse.move(x + 90, y, steps=6)
    deck.page.mouse.up()
    deck.wait_step(f"step > {pressed}")
    assert not pinned(deck)
    deck.page.mouse.click(x, y)
    deck.expect_step(pressed)
    deck.wait_deck("({ tape }) => tape.pinned")
