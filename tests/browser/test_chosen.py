"""One machine is chosen, one input counts: chooser, tape, address, Run and exports agree on every page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.deck import ASKED, FIELDS, REPAINTED, Deck

NAMED = """({ trace, request, composer: { chosen }, address }) => ({
    tape: trace?.header.checkpoint.id, request: request?.checkpoint, run: chosen.machine,
    address: address.request?.checkpoint, named: chosen.named,
})"""
"""The machine of each; what the chooser was told to name and has yet to say."""
FILMED = "({ film: { reel } }) => reel.traces.length > 1 && reel.queue.length === 0"
CHANGED = "Input changed. This is the last run; press Run."
BEFORE, BEHIND = (" ".join([word] * 7) for word in ("before", "behind"))
"""Too long to be run as it is typed."""
AS_IT_OPENS = "({ cursor }) => { cursor.setLoop(false); cursor.setSpeed(1); }"


def chooser(deck: Deck) -> Locator:
    return deck.page.locator("#machine")


def expect_machine(deck: Deck, name: str) -> None:
    """Everything on the page names it."""
    deck.expect_told(NAMED, dict.fromkeys(("tape", "request", "run", "address"), name) | {"named": None})
    seen = int(name.rpartition("-")[2])
    expect(chooser(deck)).to_have_value(re.compile(f"{seen:,} sequences$"))
    deck.follow(checkpoint=name)


@pytest.fixture(scope="module")
def learn(open_shared: Open) -> Deck:
    """A page with the film of a training."""
    return open_shared("/learn")


def test_the_machine_named_is_the_machine_playing_over_learn_play_and_run(learn: Deck) -> None:
    deck = learn
    deck.go("Learn")
    deck.write("Text", "Tape")
    deck.run()
    deck.wait_deck(FILMED)
    deck.page.locator("#film [role=slider]").focus()
    deck.press("Home", "ArrowRight", "ArrowRight")
    expect_machine(deck, "copy-1-000800")
    sent = len(deck.sent)

    deck.go("Play")
    expect_machine(deck, "copy-1-000800")
    deck.write("Text", "Decks")
    deck.run()
    expect_machine(deck, "copy-1-000800")
    runs = [json.loads(message) for message in deck.sent[sent:] if '"run"' in message]
    assert {run["checkpoint"] for run in runs} == {"copy-1-000800"}
    assert {len(run["input"]["sequence"]) for run in runs} == {5}, "naming it runs nothing"

    deck.go("Learn")
    deck.wait_deck(FILMED)
    expect_machine(deck, "copy-1-000800")
    expect(deck.page.locator("#film [role=slider]")).to_have_attribute("aria-valuenow", "2")


def test_every_name_of_a_checkpoint_stands_where_it_is_in_the_film(learn: Deck) -> None:
    """The last that was saved on the way, before the machine itself."""
    deck = learn
    deck.go("Learn")
    deck.wait_deck(FILMED)
    name = deck.tell("({ film }) => film.reel.checkpoints.at(-2).id")
    asked = deck.page.evaluate(ASKED)
    deck.page.evaluate("([id, value]) => dash_clientside.set_props(id, { value })", ["machine", name])
    deck.page.wait_for_function(REPAINTED, arg=asked)
    expect_machine(deck, name)
    slider = deck.page.locator("#film [role=slider]")
    expect(slider).to_have_attribute("aria-valuenow", str(int(slider.get_attribute("aria-valuemax") or 0) - 1))


def press_in(deck: Deck, way: str, button: str) -> None:
    deck.choose_way(way)
    deck.page.get_by_role("button", name=button, exact=True).click()


def draw_at_random(deck: Deck, length: int) -> None:
    deck.choose_way("Random")
    deck.page.locator("#random-length").fill(str(length))
    deck.page.get_by_role("button", name="Draw at random", exact=True).click()


@pytest.fixture
def ran(shared: Deck) -> Deck:
    """A run on the page as it opens, that is too long to be run as it is typed."""
    shared.go("Play")
    shared.resize(1440)
    shared.set_locations(None)
    shared.begin_with(BEFORE)
    shared.tell(AS_IT_OPENS)
    expect(shared.readout("changed")).to_be_empty()
    return shared


EDITS: dict[str, Callable[[Deck], object]] = {
    "text": lambda deck: deck.page.locator(FIELDS["Text"]).fill(BEHIND),
    "what is no sequence": lambda deck: deck.page.locator(FIELDS["Text"]).fill(""),
    "locations": lambda deck: deck.set_locations(64),
    "a draw": lambda deck: draw_at_random(deck, 41),
    "a drawing": lambda deck: press_in(deck, "Draw", "Add vector"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_tape_of_another_input_says_that_the_input_changed(ran: Deck, edit: str) -> None:
    EDITS[edit](ran)
    expect(ran.readout("changed")).to_have_text(CHANGED)
    expect(ran.readout("heard")).to_have_text(BEFORE)
    if edit == "what is no sequence":
        return
    ran.run()
    expect(ran.readout("changed")).to_be_empty()


@pytest.mark.parametrize("place", ["play", "learn"])
def test_to_say_that_the_input_changed_moves_nothing(ran: Deck, place: str) -> None:
    deck, field = ran, ran.page.locator(FIELDS["Text"])
    if place == "learn":
        deck.go("Learn")
        deck.wait_deck(FILMED)
        expect(deck.readout("verdict")).to_have_text("Exact copy")
    heights = """() => [...document.querySelectorAll(".panels, .result, .verdict, .panel")]
        .map((it) => [it.offsetTop, it.offsetHeight])"""
    for width in (1440, 1280, 1024, 768, 375):
        deck.resize(width)
        field.fill(BEFORE)
        expect(deck.readout("changed")).to_be_empty()
        deck.wait_at_rest()  # what the worker says has its own height
        before = deck.page.evaluate(heights)
        field.fill(BEHIND)
        expect(deck.readout("changed")).to_have_text(CHANGED)
        deck.wait_painted()
        assert deck.page.evaluate(heights) == before, width
        deck.page.wait_for_function("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_is_taken_away_after_an_edit_says_that_it_is_of_the_run_before(ran: Deck) -> None:
    ran.write("Text", BEHIND)
    ran.button("take-away").click()
    with ran.page.expect_download() as download:
        ran.page.locator("[data-take=html]").click()
    expect(ran.readout("away-said")).to_contain_text("It shows the last run: the input has changed since.")
    card = download.value.path().read_text()
    assert "before" in card
    ran.press("Escape")
    ran.page.locator(FIELDS["Text"]).fill(BEFORE)
    expect(ran.readout("changed")).to_be_empty()


def test_enter_runs_and_shift_enter_breaks_the_line(ran: Deck) -> None:
    field = ran.page.locator(FIELDS["Text"])
    field.fill("two")
    field.press("Shift+Enter")
    field.press_sequentially("lines")
    field.press("Enter")
    expect(ran.readout("heard")).to_have_text("two␊lines")
    expect(field).to_have_value("two\nlines")


@pytest.mark.parametrize("way", ["Run", "Enter"])
def test_run_draws_at_random_what_the_fields_ask_for(ran: Deck, way: str) -> None:
    ran.choose_way("Random")
    ran.page.locator("#random-length").fill("12")
    if way == "Run":
        ran.press_run()
    else:
        ran.page.locator("#random-length").press("Enter")
    expect(ran.readout("count")).to_have_text("96 of 96 bits right")
    first = ran.readout("heard").inner_text()
    ran.run()
    expect(ran.readout("heard")).to_have_text(first)
    ran.page.locator("#random-length").fill("0")
    expect(ran.readout("changed")).to_have_text(CHANGED)
    before = len(ran.sent)
    ran.press_run()
    expect(ran.message).to_contain_text("The length must be a whole number from 1")
    assert ran.sent[before:] == []


@pytest.mark.parametrize("typed", ["64,5", "64.5"])
def test_a_decimal_number_of_locations_is_refused_and_made_no_other(ran: Deck, typed: str) -> None:
    field = ran.page.locator("#locations")
    field.press_sequentially(typed)
    expect(field).to_have_value("64.5")
    expect(ran.page.locator("#composer-flag")).to_contain_text("a whole number")
    ran.press_run()
    expect(ran.notice).to_be_visible()
    expect(ran.readout("heard")).to_have_text(BEFORE)


def test_play_to_learn_keeps_step_loop_and_speed(ran: Deck) -> None:
    ran.go_to(9)
    ran.tell("({ cursor }) => { cursor.setSpeed(4); cursor.setRange(3, 9); }")
    ran.go("Learn")
    ran.wait_deck(FILMED)
    ran.expect_step(9)
    cursor = "({ cursor: { step, speed, loop, range } }) => ({ step, speed, loop, range })"
    ran.expect_told(cursor, {"step": 9, "speed": 4, "loop": True, "range": {"first": 3, "last": 9}})
    ran.go("Play")
    ran.expect_step(9)


def test_back_returns_to_the_run_before(ran: Deck) -> None:
    deck = ran
    for text in ("one", "two", "two", "three"):
        deck.write("Text", text)
        deck.run()
    deck.wait_entered()
    for text in ("two", "one", BEFORE):
        deck.page.go_back()
        expect(deck.readout("heard")).to_have_text(text)
        expect(deck.page.locator(FIELDS["Text"])).to_have_value(text)
        expect(deck.readout("changed")).to_be_empty()
    deck.page.go_forward()
    expect(deck.readout("heard")).to_have_text("one")


@pytest.mark.parametrize("pasted", ["6 4", "64abc5", "64,5", "1e3", "٣"])
def test_what_is_pasted_into_a_number_field_never_becomes_another_number(shared: Deck, pasted: str) -> None:
    page = shared.page
    field, place = page.locator("#locations"), page.locator("#machine-message")
    field.fill("7")
    field.select_text()
    page.keyboard.insert_text(pasted)
    expect(place).to_contain_text(f"“{pasted}” was left out")
    expect(field).to_have_value("7")
    field.select_text()
    page.keyboard.insert_text(" 12 ")
    expect(place).to_have_text("")
    expect(field).to_have_value("12")
    field.fill("")


@pytest.mark.parametrize("pasted", ["6 4", "64abc5", "64,5", "1e3", "0x10", "٣"])
def test_what_is_pasted_into_the_composer_stays_and_a_sentence_says_what_is_wrong(shared: Deck, pasted: str) -> None:
    shared.begin_with("before")
    shared.choose_way("Random")
    field = shared.page.locator("#random-length")
    field.fill(pasted)
    before = len(shared.sent)
    shared.press_run()
    expect(field).to_have_value(pasted)
    expect(shared.message).to_have_text(f"The length must be a whole number from 1 to 1,000; got “{pasted}”.")
    assert shared.sent[before:] == []
    field.fill(" 12 ")
    shared.run()
    expect(shared.message).to_be_empty()
    expect(shared.readout("count")).to_have_text("96 of 96 bits right")
