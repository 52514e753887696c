"""The page's own tape as a component of Dash: what it is given is shown, and what becomes of it is told."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

TOLD = "(condition) => new Function('{ request, step, pin, status }', `return ${condition}`)(%s)"
PROPS = "dash_component_api.getLayout('tape').props"


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Deck:
    return open_shared()


def give(deck: Deck, **props: Any) -> None:
    """As a callback with this output does."""
    deck.page.evaluate("props => dash_clientside.set_props('tape', props)", props)


def wait_told(deck: Deck, condition: str) -> None:
    """Until Dash has heard of it."""
    deck.page.wait_for_function(TOLD % PROPS, arg=condition)


def test_the_pages_tape_tells_its_component_the_request_the_step_and_the_status(shared: Deck) -> None:
    shared.begin_with("Hi")
    wait_told(shared, "status?.state === 'done' && status.steps === 6 && status.wrong === 0")
    wait_told(shared, "request.checkpoint === 'copy-1' && request.input.sequence.length === 2")
    shared.go_to(4)
    wait_told(shared, "step === 4")


def test_a_step_and_a_pin_that_a_callback_sets_are_shown_on_the_page(shared: Deck) -> None:
    shared.begin_with("Hi")
    wait_told(shared, "status?.state === 'done'")
    give(shared, step=2)
    shared.expect_step(2)
    give(shared, pin={"panel": "outputs", "step": 5, "row": 0})
    shared.wait_deck("({ tape }) => tape.pin?.panel === 'outputs' && tape.pin.step === 5")
    shared.press("Escape")
    wait_told(shared, "pin === null")


def test_a_request_that_a_callback_sets_is_run_and_stands_in_the_composer(shared: Deck) -> None:
    shared.begin_with("Hi")
    rows = [[0, 1, 0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 1, 0]]
    give(shared, request={"checkpoint": "copy-1", "input": {"sequence": rows}}, step=3)
    expect(shared.readout("heard")).to_have_text("AB")
    expect(shared.page.locator("#composer-text")).to_have_value("AB")
    shared.expect_step(3)


def test_a_request_that_is_refused_is_told(shared: Deck) -> None:
    shared.begin_with("Hi")
    shared.set_locations(2)
    shared.press_run()
    wait_told(shared, "status.state === 'refused' && status.sentence.length > 10")
    shared.set_locations(None)
