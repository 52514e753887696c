"""What the service runs and flags, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.client import WAIT
from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace
from tests.rows import random_rows

ROWS = random_rows(30, 0.5, seed=4)
SMALL = 16


@pytest.fixture
def tape(shared: Deck) -> Deck:
    """A tape of five vectors."""
    shared.set_locations(None)
    shared.write("Text", "first")
    shared.run()
    return shared


def test_more_than_the_memory_holds_is_flagged_and_run(tape: Deck, trace_of: Callable[..., ServiceTrace]) -> None:
    tape.write("Bits", " ".join(ROWS))
    tape.set_locations(SMALL)
    expect(tape.page.locator("#composer-flag")).to_contain_text("more than the 14 that 16 locations can hold")
    tape.run()
    wrong = trace_of(ROWS, locations=SMALL).bit_errors
    assert wrong > 0
    expect(tape.readout("verdict")).to_contain_text(f"{wrong} wrong bits")
    expect(tape.message).to_be_empty()
    expect(tape.notice).to_be_hidden()


@pytest.mark.parametrize("locations", [2, 5000])
def test_a_refusal_is_the_services_sentence_and_the_tape_stays(tape: Deck, locations: int) -> None:
    request = {"checkpoint": "any", "sequence": [[0] * 8], "locations": locations, "interventions": []}
    answer = httpx.post(f"{tape.url}/api/trace", json=request, timeout=WAIT)
    sentence = answer.json()["error"]["detail"]
    assert f"{locations:,}" in sentence
    setting = " (min_locations)" if locations == 2 else " (max_locations)"
    assert setting in sentence
    tape.set_locations(locations)
    tape.press_run()
    expect(tape.readout("notice")).to_have_text(sentence.replace(setting, ""))
    expect(tape.notice).to_have_attribute("role", "alert")
    expect(tape.readout("heard")).to_have_text("first")
    tape.go_to(7)
    expect(tape.notice).to_be_visible()
    tape.button("dismiss").click()
    expect(tape.notice).to_be_hidden()
    tape.expect_step(7)


def test_the_next_good_run_takes_the_refusal_away(tape: Deck) -> None:
    tape.set_locations(2)
    tape.press_run()
    expect(tape.notice).to_be_visible()
    tape.set_locations(64)
    tape.run()
    expect(tape.notice).to_be_hidden()
    expect(tape.readout("verdict")).to_have_text("Exact copy")


def test_more_locations_than_pixels_are_run_and_shown(tape: Deck) -> None:
    tape.set_locations(1024)
    tape.run()
    expect(tape.readout("verdict")).to_have_text("Exact copy")
    tape.button("all-rows").click()
    tape.wait_painted()
    assert tape.shown_locations() == list(range(1024))
    tape.button("all-rows").click()
