"""Type and see: what is short runs as it is typed, examples and the runs before are a press away, and nothing jumps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open, opener
from tests.browser.deck import ASKED, FIELDS, REPAINTED, Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.rows import random_rows

MOST = 40
CHANGED = "Input changed. This is the last run; press Run."
KEYS = """async ([selector, typed]) => {
    const field = document.querySelector(selector);
    for (const character of typed) {
        field.value += character;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await new Promise((done) => setTimeout(done, 7));
    }
}"""
"""Keys that come faster than a person's, and than the service takes messages."""


@pytest.fixture(scope="module")
def opened(open_shared: Open) -> Deck:
    return open_shared()


@pytest.fixture
def shared(opened: Deck) -> Deck:
    """A page for all, with the machine and the locations that it opens with."""
    opened.set_locations(None)
    opened.choose_machine("copy, seed 1")
    return opened


def chip(deck: Deck, name: str) -> Locator:
    return deck.page.locator(".chips").get_by_role("button", name=name, exact=True)


def choose(deck: Deck, machine: str) -> None:
    """The first machine whose name begins so, which runs an input of its task."""
    deck.wait_typed()
    asked = deck.page.evaluate(ASKED)
    deck.page.locator("#machine").click()
    deck.page.get_by_role("option", name=machine).first.click()
    deck.page.wait_for_function(REPAINTED, arg=asked)


def visit(deck: Deck, way: str) -> Locator:
    return deck.page.locator(f"[data-run={way}]")


def test_up_to_forty_vectors_run_as_one_types(shared: Deck) -> None:
    rows = random_rows(MOST, 0.5, 1)
    shared.see("Bits", " ".join(rows))
    expect(shared.readout("count")).to_have_text(f"{8 * MOST} of {8 * MOST} bits right")
    shared.expect_step(2 * MOST + 1)
    expect(shared.readout("changed")).to_be_empty()


def test_every_key_is_a_run(shared: Deck) -> None:
    shared.choose_way("Text")
    field = shared.page.locator(FIELDS["Text"])
    field.fill("")
    for typed in ("k", "ke", "key"):
        field.press(typed[-1])
        expect(shared.readout("heard")).to_have_text(typed)
        expect(shared.readout("said")).to_have_text(typed)
    expect(field).to_be_focused()


def test_more_than_forty_wait_for_run(shared: Deck) -> None:
    shared.begin_with("before")
    sent = len(shared.sent)
    shared.write("Bits", " ".join(random_rows(MOST + 1, 0.5, 1)))
    expect(shared.readout("changed")).to_have_text(CHANGED)
    expect(shared.readout("heard")).to_have_text("before")
    assert shared.sent[sent:] == []
    shared.run()
    expect(shared.readout("count")).to_have_text(f"{8 * MOST + 8} of {8 * MOST + 8} bits right")
    expect(shared.readout("changed")).to_be_empty()


@pytest.mark.parametrize(("way", "typed"), [("Text", ""), ("Bits", "10110011 101"), ("Hex", "b3 2")])
def test_what_is_no_input_yet_runs_nothing(shared: Deck, way: str, typed: str) -> None:
    shared.begin_with("before")
    sent = len(shared.sent)
    shared.write(way, typed)
    expect(shared.message).not_to_be_empty()
    expect(shared.readout("changed")).to_have_text(CHANGED)
    expect(shared.readout("heard")).to_have_text("before")
    assert shared.sent[sent:] == []


def test_nothing_runs_on_locations_that_there_cannot_be(shared: Deck) -> None:
    shared.begin_with("before")
    shared.set_locations(2)
    expect(shared.page.locator("#composer-flag")).to_contain_text("a whole number")
    sent = len(shared.sent)
    shared.write("Text", "behind")
    expect(shared.readout("changed")).to_have_text(CHANGED)
    assert shared.sent[sent:] == []
    shared.set_locations(None)
    expect(shared.page.locator("#composer-flag")).to_be_empty()


def test_typing_fast_never_shows_an_error_and_ends_with_the_last(shared: Deck) -> None:
    shared.begin_with("before")
    shared.choose_way("Text")
    shared.page.locator(FIELDS["Text"]).fill("")
    shared.note("#notice", "data-kind")
    typed = "The quick brown fox jumps over a dog."
    shared.page.evaluate(KEYS, [FIELDS["Text"], typed])
    expect(shared.readout("heard")).to_have_text(typed)
    expect(shared.readout("said")).to_have_text(typed)
    expect(shared.tape).to_have_attribute("data-state", "done")
    assert shared.page.evaluate("noted['#notice']") == []
    expect(shared.notice).to_be_hidden()


@pytest.fixture
def slow(profiles: Profiles, machines: Path) -> Iterator[Deck]:
    """A page of a service that takes three messages a second."""
    server = Server(machines, TAPEDECK_MAX_MESSAGES_PER_SECOND="3")
    server.start()
    for open_page in opener(profiles, server):
        yield open_page()
    server.stop()


def test_typing_faster_than_the_service_takes_messages_shows_no_error(slow: Deck) -> None:
    slow.choose_way("Text")
    slow.page.locator(FIELDS["Text"]).fill("")
    slow.note("#notice", "data-kind")
    slow.page.evaluate(KEYS, [FIELDS["Text"], "far too fast for it, key by key"])
    expect(slow.readout("said")).to_have_text("far too fast for it, key by key")
    assert slow.page.evaluate("noted['#notice']") == []


def test_what_is_wrong_is_told_once_it_rests(shared: Deck) -> None:
    shared.see("Bits", "00001111")
    told = shared.page.locator("#composer-told")
    expect(told).to_be_empty()
    shared.page.evaluate(
        """() => {
            window.told = [];
            const place = document.querySelector("#composer-told");
            new MutationObserver(() => told.push(place.textContent)).observe(place, { childList: true });
        }"""
    )
    shared.page.evaluate(KEYS, [FIELDS["Bits"], " 10110011 1011"])
    expect(told).to_contain_text("has 4 bits")
    assert len(shared.page.evaluate("window.told")) == 1


def test_the_last_picture_stays_until_there_is_another(shared: Deck) -> None:
    """At no paint the tape is without a step, and each is of the last step that has come."""
    shared.see("Text", "before")
    shared.page.evaluate(
        """() => tapedeck.then(({ tape }) => {
            window.arrived = [];
            const painted = tape.painted;
            tape.painted = (trace, step) => (arrived.push([trace.arrived, step]), painted(trace, step));
            const wait = window.setTimeout;
            window.setTimeout = (act, ms) => wait(act, ms === 40 ? 1e6 : ms);
            window.atLast = () => (window.setTimeout = wait);
        })"""
    )  # however busy the machine is: it does not wait in vain for the rest of the run
    shared.see("Text", "behind")
    shared.page.evaluate("() => void atLast()")
    found = shared.page.evaluate("arrived")
    assert found
    assert min(arrived for arrived, _ in found) > 0
    # A service that is busy sends the steps in pieces, and a picture may fall between two.
    assert [step for _, step in found] == [arrived - 1 for arrived, _ in found]
    assert found[-1] == [14, 13]


def test_typing_moves_nothing(shared: Deck) -> None:
    places = """() => ["textarea.typed:not([hidden] *)", ".shelf", "#tape", "#run"]
        .map((each) => document.querySelector(each).getBoundingClientRect().top)"""
    for width in (1440, 768, 375):
        shared.resize(width)
        shared.see("Bits", "10110011")
        before = shared.page.evaluate(places)
        for typed in ("10110011 1", "10110011 10x", "", "10110011 00101100"):
            shared.write("Bits", typed)
            expect(shared.message if typed != "10110011 00101100" else shared.summary).not_to_be_empty()
            assert shared.page.evaluate(places) == before, (width, typed)
    shared.resize(1440)


def test_a_chip_runs_its_example(shared: Deck) -> None:
    chips = shared.page.locator(".chips").get_by_role("button")
    expect(chips).to_have_count(7)
    asked = shared.page.evaluate(ASKED)
    chip(shared, "Counting up").click()
    shared.page.wait_for_function(REPAINTED, arg=asked)
    expect(shared.summary).to_have_text("32 vectors of 8 bits, 66 steps")
    expect(shared.readout("heard")).to_have_text(re.compile("^␀␁␂"))
    expect(chip(shared, "Counting up")).to_have_attribute("title", "Counting up from 0")
    chip(shared, "Greeting").focus()
    shared.press("Enter")
    expect(shared.readout("said")).to_have_text("Hello, tape machine!")


@pytest.mark.parametrize("machine", ["repeat copy", "associative recall"])
def test_chips_and_typing_are_of_the_task(shared: Deck, machine: str) -> None:
    deck = shared
    choose(deck, machine)
    chips = deck.page.locator(".chips").get_by_role("button")
    expect(chips.first).to_be_visible()
    for index in range(chips.count()):
        asked = deck.page.evaluate(ASKED)
        chips.nth(index).click()
        deck.page.wait_for_function(REPAINTED, arg=asked)
        expect(deck.readout("changed")).to_be_empty()
    deck.page.locator("#way-in label[data-way=draw]").click()
    asked = deck.page.evaluate(ASKED)
    chips.first.click()
    deck.page.wait_for_function(REPAINTED, arg=asked)
    summary = deck.summary.inner_text()
    asked = deck.page.evaluate(ASKED)
    deck.page.locator("[data-draw=add]").click()
    deck.page.wait_for_function(REPAINTED, arg=asked)
    expect(deck.summary).not_to_have_text(summary)
    expect(deck.readout("changed")).to_be_empty()


def test_a_count_that_is_typed_is_run(shared: Deck) -> None:
    deck = shared
    choose(deck, "repeat copy")
    asked = deck.page.evaluate(ASKED)
    deck.page.get_by_label("Repeats").fill("2")
    deck.page.wait_for_function(REPAINTED, arg=asked)
    expect(deck.summary).to_contain_text("2 repeats")
    expect(deck.readout("changed")).to_be_empty()


def test_after_a_failure_a_button_runs_with_enough_locations(shared: Deck) -> None:
    shared.see("Text", "first")
    expect(shared.button("run-with-locations")).to_be_hidden()
    shared.write("Bits", " ".join(random_rows(140, 0.5, 2)))
    shared.run()
    button = shared.button("run-with-locations")
    expect(button).to_have_text("Run with 142 locations")
    asked = shared.page.evaluate(ASKED)
    button.click()
    shared.page.wait_for_function(REPAINTED, arg=asked)
    expect(shared.readout("count")).to_have_text("1,120 of 1,120 bits right")
    expect(shared.page.locator("#locations")).to_have_value("142")
    expect(button).to_be_hidden()
    expect(shared.readout("changed")).to_be_empty()
    shared.set_locations(None)


def test_back_and_forward_through_runs_by_buttons(deck: Deck) -> None:
    for text in ("one", "two"):
        deck.see("Text", text)
        deck.run()
    expect(visit(deck, "forward")).to_have_attribute("aria-disabled", "true")
    expect(visit(deck, "back")).to_have_attribute("aria-label", "Back to “one” on copy-1")
    for text in ("one", "Hello, tape machine!"):
        visit(deck, "back").click()
        expect(deck.readout("heard")).to_have_text(text)
        expect(deck.page.locator(FIELDS["Text"])).to_have_value(text)
    expect(visit(deck, "back")).to_have_attribute("aria-disabled", "true")
    deck.leave_fields()
    deck.press("]")
    expect(deck.readout("heard")).to_have_text("one")
    expect(visit(deck, "forward")).to_have_attribute("aria-label", "Forward to “two” on copy-1")
    deck.go("Guide")
    expect(deck.page.locator("#guide")).to_be_visible()
    deck.go("Play")
    deck.press("[")
    expect(deck.readout("heard")).to_have_text("Hello, tape machine!")


def test_typing_ten_letters_is_one_place_to_go_back_to(deck: Deck) -> None:
    deck.wait_deck("({ typing }) => (typing.restMs = 1e8)")
    deck.choose_way("Text")
    field = deck.page.locator(FIELDS["Text"])
    field.fill("")
    before = deck.page.evaluate("history.length")
    for typed in ("t", "te", "ten", "ten ", "ten l", "ten le", "ten let", "ten lett", "ten lette", "ten letter"):
        field.press_sequentially(typed[-1])
        expect(deck.readout("heard")).to_have_text(typed)
    expect(visit(deck, "back")).to_have_attribute("aria-label", "Back to “Hello, tape machine!” on copy-1")
    deck.page.wait_for_function("location.hash.includes('dGVuIGxldHRlcg')")
    assert deck.page.evaluate("history.length") == before + 1
    deck.run()
    deck.see("Text", "another piece of work")
    expect(visit(deck, "back")).to_have_attribute("aria-label", "Back to “ten letter” on copy-1")
    assert deck.page.evaluate("history.length") == before + 2
