"""Predictions on the page: a stream that is typed, or drawn from a table; what is foretold, and what was counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tapedeck.checkpoints import SUFFIX, write_checkpoint
from tapedeck.training.recipes import DYNAMIC_NGRAMS
from tapedeck.training.starting import initial_machine
from tests.browser.conftest import opener
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server

STREAM = "0110110110 1101"
BITS = [int(bit) for bit in STREAM if bit != " "]
SHOWS = "({ request, trace }, bits) => request?.input.bits?.join('') === bits && trace?.over"


@pytest.fixture(scope="module")
def machine_that_predicts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("predictions")
    facts: dict[str, Any] = {"name": "ngrams", "task": DYNAMIC_NGRAMS.task, "sequences_seen": 0, "seed": 1}
    machine = initial_machine(DYNAMIC_NGRAMS, seed=1).eval().requires_grad_(requires_grad=False)
    write_checkpoint(folder / f"ngrams{SUFFIX}", machine, **facts, metrics={}, origin={"kind": "made"})
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(profiles: Profiles, machine_that_predicts: Server) -> Iterator[Deck]:
    for open_page in opener(profiles, machine_that_predicts):
        yield open_page()


@pytest.fixture
def stream(opened: Deck) -> Deck:
    """The tape of the typed stream, at its end."""
    opened.leave_fields()
    opened.write("Bits", STREAM)
    opened.run()
    opened.wait_deck(SHOWS, "".join(map(str, BITS)))
    opened.go_to(len(BITS) - 1)
    return opened


def test_a_typed_stream_is_judged_in_bits_as_the_service_does(stream: Deck, machine_that_predicts: Server) -> None:
    request = {"checkpoint": "ngrams", "input": {"bits": BITS}}
    trace = httpx.post(f"{machine_that_predicts.url}/api/trace", json=request, timeout=30).raise_for_status().json()
    cost, best = trace["score"]["cost"], trace["score"]["optimum"]
    expect(stream.readout("verdict")).to_have_text(f"{cost:.1f} bits, best possible {best:.1f}")
    expect(stream.readout("count")).to_have_text(re.compile(r"above the optimum, over 9 bits$"))
    expect(stream.readout("diagnosis")).to_have_text(trace["diagnosis"]["sentence"])
    stream.go_to(8)
    expect(stream.readout("count")).to_have_text("5 of 9 bits predicted")
    said, optimum = trace["outputs"][8][0], trace["optimum"][8][0]
    expect(stream.readout("output")).to_have_text(f"{said:.2f} for a 1, best {optimum:.2f} (seen once: a {BITS[6]})")
    expect(stream.readout("target")).to_have_text(f"{BITS[9]} came next")


def test_each_context_shows_what_followed_it_and_where_it_was_read(stream: Deck) -> None:
    contexts = stream.page.locator(".context")
    expect(contexts).to_have_count(32)
    now = stream.page.locator(".context.now .context-bits")
    expect(now).to_have_text("".join(map(str, BITS[-5:])))
    of_01101 = contexts.nth(0b01101)
    expect(of_01101.locator(".context-counts")).to_have_text(f"0 · {followed('01101')}")
    expect(of_01101.locator(".context-place")).to_have_text(re.compile(r"^at \d+$"))
    expect(contexts.nth(0)).to_have_class(re.compile("unseen"))


def followed(context: str) -> int:
    """How often it was, by a 1."""
    text = "".join(map(str, BITS))
    return sum(text[at : at + 6] == context + "1" for at in range(len(text) - 5))


def test_a_stream_is_drawn_from_a_table_that_is_shown_and_can_be_set(stream: Deck) -> None:
    stream.choose_way("Random")
    bars = stream.page.get_by_role("slider", name=re.compile("^After [01]{5}$"))
    expect(bars).to_have_count(32)
    bars.first.focus()
    bars.first.press("End")
    expect(stream.page.get_by_text("After 00000 a 1 comes with probability 1.00.")).to_be_visible()
    stream.page.locator("#random-length").fill("40")
    stream.page.get_by_role("button", name="Draw at random").click()
    stream.wait_deck("({ request, trace }) => request?.input.bits?.length === 40 && trace?.over")
    stream.page.get_by_role("button", name="As the seed says").click()
    expect(stream.page.get_by_role("button", name="As the seed says")).to_be_hidden()
    stream.choose_way("Bits")


def test_a_stream_that_is_too_short_or_holds_something_else_is_refused_in_one_sentence(stream: Deck) -> None:
    stream.write("Bits", "011")
    expect(stream.message).to_have_text("There must be at least 6 bits; there are 3.")
    stream.write("Bits", "0110 2")
    expect(stream.message).to_have_text("After 4 bits comes “2”; a stream has 0s and 1s alone.")
