"""The service goes away, and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import opener
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.browser.tap import Tap
from tests.rows import random_rows

LONG = random_rows(200, 0.5, seed=2)
STEPS = 402
SAID_BY_BROWSERS = re.compile(
    "ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|the server did not respond|a status of 426"
)
"""What a console says of a server that is killed, whatever the page does about it; 426 where it is back by then."""


@pytest.fixture(scope="module")
def server(machines: Path) -> Iterator[Server]:
    """A server to be killed."""
    server = Server(machines)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(profiles: Profiles, server: Server) -> Iterator[tuple[Deck, Tap]]:
    """A page whose console may say that the service does not answer, and whose stream can be held back."""
    for open_page in opener(profiles, server):
        deck = open_page()
        tap = Tap(deck.page)
        deck.open()
        deck.wait_done()
        yield deck, tap
        deck.faults[:] = [fault for fault in deck.faults if not SAID_BY_BROWSERS.search(fault)]


@pytest.fixture
def deck(opened: tuple[Deck, Tap]) -> Deck:
    """It shows what it opens with."""
    deck, tap = opened
    tap.open()
    deck.set_locations(None)
    deck.begin_with("Hello, tape machine!")
    return deck


def test_killed_in_the_middle_of_a_run(deck: Deck, server: Server, opened: tuple[Deck, Tap]) -> None:
    deck.write("Bits", " ".join(LONG))
    deck.set_locations(256)
    opened[1].hold_after(3)  # however fast the service is, the page has part of the run
    deck.press_run()
    deck.wait_step(f"step > 10 && last === {STEPS - 1}")
    server.kill()
    expect(deck.readout("notice")).to_have_text(
        "The service does not answer; trying again. The run continues when it is back."
    )
    assert 10 < deck.step < STEPS - 1
    deck.go_to(8)
    deck.press("k")
    deck.wait_step("step > 9")
    deck.press("k")
    opened[1].open()
    server.start()
    expect(deck.readout("notice")).to_have_text("The service is back.")
    deck.wait_done()
    expect(deck.readout("verdict")).to_have_text("Exact copy")
    expect(deck.readout("position")).to_contain_text(f"of {STEPS - 1}")


def test_killed_at_rest(deck: Deck, server: Server, opened: tuple[Deck, Tap]) -> None:
    deck.write("Text", "kept")
    deck.run()
    deck.go_to(3)
    opened[1].sent.clear()
    deck.tell("({ machines }) => void (window.known = machines)")
    server.kill()
    expect(deck.readout("notice")).to_have_text("The service does not answer; trying again. What you see stays usable.")
    deck.press("End", "ArrowLeft")
    deck.expect_step(8)
    expect(deck.readout("said")).to_have_text("kep")
    server.start()
    expect(deck.readout("notice")).to_have_text("The service is back.")
    deck.wait_deck("({ machines }) => machines !== window.known")  # Dash has asked it again
    deck.expect_step(8)
    assert opened[1].sent == [], "nothing is run that nobody asked for"
    deck.run()
    deck.expect_step(9)
    expect(deck.notice).to_be_hidden()


def test_run_while_it_is_away(deck: Deck, server: Server) -> None:
    deck.choose_way("Bits")
    server.kill()
    expect(deck.notice).to_be_visible()
    deck.button("dismiss").click()
    expect(deck.notice).to_be_hidden()
    deck.press_run()
    deck.press("Home", "ArrowRight", "End")
    expect(deck.readout("said")).to_have_text("Hello, tape machine!")
    server.start()
    expect(deck.readout("notice")).to_have_text("The service is back.")
    deck.run()
    expect(deck.readout("verdict")).to_have_text("Exact copy")
