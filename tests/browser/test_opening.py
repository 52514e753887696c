"""The first moments of the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

GREETING = "Hello, tape machine!"
PLAY = "[data-action=play]"
PAUSE_ON_ITS_WAY = """new MutationObserver(() => {
    const [play, bar] = ["[data-action=play]", "#transport [role=slider]"].map((each) => document.querySelector(each));
    if (window.pressed || play?.ariaLabel !== "Pause" || !(Number(bar.ariaValueNow) > 2)) return;
    window.pressed = true;
    play.click();
}).observe(document, { attributes: true, subtree: true });"""
"""Presses Pause once the first steps have been played, however busy the machine is with other things."""


@pytest.fixture(scope="module", autouse=True)
def opened(shared: Deck) -> tuple[list[str], list[str]]:
    """The sockets of the page, and what it sent, before any test has touched it."""
    return [*shared.sockets], [*shared.sent]


def test_opens_on_a_tape_of_the_default_run(shared: Deck) -> None:
    expect(shared.readout("verdict")).to_have_text("Exact copy")
    expect(shared.readout("heard")).to_have_text(GREETING)
    expect(shared.readout("said")).to_have_text(GREETING)
    expect(shared.readout("position")).to_have_text("step 41 of 41 · recall 20 of 20")
    expect(shared.page.locator(".promise:visible")).to_contain_text("Neural Turing Machine")


def test_asks_no_other_host_and_opens_one_websocket(shared: Deck, opened: tuple[list[str], list[str]]) -> None:
    # What goes to another host is a fault of the page, and fails every test.
    sockets, sent = opened
    assert sockets == [f"{shared.url.replace('http', 'ws')}/api/stream"]
    assert len(sent) == 1
    assert '"type":"run"' in sent[0]


def test_page_opens_with_at_most_12_callbacks_and_36_requests(shared: Deck) -> None:
    asked = shared.page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert len([each for each in asked if "_dash-update-component" in each]) <= 12
    assert len(asked) <= 36


def test_the_first_tape_waits_for_nothing_of_dash(open_deck: Open) -> None:
    deck = open_deck("/generalize", ready=False)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    deck.page.route("**/_dash-component-suites/**", hold)
    deck.open("/")
    deck.wait_done()
    expect(deck.readout("verdict")).to_have_text("Exact copy")
    expect(deck.page.locator("#machine")).to_have_count(0)
    for route in held:
        route.continue_()
    deck.wait_whole()
    expect(deck.page.locator("#machine")).to_have_value(re.compile("copy, seed 1"))
    expect(deck.readout("verdict")).to_have_text("Exact copy")


def test_every_id_is_there_once(shared: Deck) -> None:
    ids = shared.page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) > 20
    assert sorted(set(ids)) == sorted(ids)


def test_the_composer_comes_first_in_the_order_of_focus_after_the_skip_link(deck: Deck) -> None:
    deck.press("Tab")
    expect(deck.page.locator(":focus")).to_have_class(re.compile("skip"))
    reached = []
    for _ in range(24):  # ways, field, machine, locations, Run, runs, examples, tour
        deck.press("Tab")
        reached.append(
            deck.page.evaluate(
                """() => ["composer", "chooser", "tape", "transport", "pages", "theme"]
                    .find((name) => document.activeElement.closest("." + name))"""
            )
        )
    assert reached[:2] == ["composer", "composer"], "the ways in, and the field"
    assert reached[2] == "chooser"
    assert reached.index("chooser") < reached.index("transport"), "the player comes before the many cells of the tape"
    assert "tape" not in reached[: reached.index("transport")]


def test_everything_to_press_has_a_name(shared: Deck) -> None:
    nameless = shared.page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, select, textarea, canvas[tabindex], [role=slider]")]
            .filter((it) => !it.closest("[aria-hidden=true]") && it.type !== "hidden")
            .filter((it) => !(it.ariaLabel || it.textContent?.trim() || it.labels?.length))
            .map((it) => it.outerHTML)"""
    )
    assert nameless == []


def test_without_a_wish_for_less_motion_the_first_tape_plays_once(open_deck: Open) -> None:
    deck = open_deck(ready=False, reduced_motion="no-preference")
    deck.note(PLAY, "aria-label", anew=True)
    deck.wait_done()
    deck.press(">", ">", ">")
    deck.wait_noted(PLAY, "values.includes('Pause') && values.at(-1) === 'Play'")
    deck.expect_step(41)
    deck.run()
    deck.expect_step(41)
    assert deck.wait_noted(PLAY, "true").count("Pause") == 1


def test_the_first_tape_can_be_paused(open_deck: Open) -> None:
    deck = open_deck(ready=False, reduced_motion="no-preference")
    deck.page.add_init_script(PAUSE_ON_ITS_WAY)
    deck.open("/")  # anew: the address may already hold the step of the tape that is there, with which nothing plays
    deck.page.wait_for_function("window.pressed")
    expect(deck.button("play")).to_have_attribute("aria-label", "Play")
    step = deck.step
    deck.frames(20)
    assert deck.step == step < 41


def test_with_a_wish_for_less_motion_nothing_moves_by_itself(deck: Deck) -> None:
    deck.frames(20)
    deck.expect_step(41)
    expect(deck.button("play")).to_have_attribute("aria-label", "Play")
    deck.press("ArrowLeft")
    deck.expect_step(40)


def test_says_its_name(shared: Deck) -> None:
    expect(shared.page).to_have_title(re.compile("Tapedeck"))
