"""The composer of every task: made from what the service says of it, run as the task takes it, held by a link."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import ASKED, FIELDS, REPAINTED, Deck
from tests.browser.test_link import begin_anew

ITEMS = "101100 001011 110010\n010011 111000 000101\n111101 010101 100001"
RECALL = "associative recall, seed 2"


def choose(deck: Deck, name: str, part: str = "items") -> None:
    """A machine of any task, which is run at once."""
    deck.choose_machine(name)
    deck.wait_deck("({ request }, part) => request && part in request.input", part)


def asked(deck: Deck) -> dict[str, Any]:
    """The input that was last asked for."""
    found = [json.loads(message) for message in deck.sent if '"run"' in message]
    return dict(found[-1]["input"])


def head(deck: Deck, number: int) -> Any:
    """Over an item's box."""
    return deck.page.locator(".box-head").nth(number - 1)


@pytest.fixture
def deck(shared: Deck) -> Deck:
    """The page as it opens, with the first example of a copy."""
    shared.go("Play")
    shared.choose_by_id("copy-1")
    shared.begin_with("Hello, tape machine!")
    return shared


@pytest.fixture
def recall(deck: Deck) -> Deck:
    """A machine of another task, with the first example of that."""
    deck.choose_by_id("associative_recall-2")
    asked = deck.page.evaluate(ASKED)
    deck.page.locator(".chips").get_by_role("button").first.click()
    deck.page.wait_for_function(REPAINTED, arg=asked)
    return deck


@pytest.fixture(scope="module")
def reader(open_shared: Open) -> Deck:
    """Whoever a link is sent to."""
    return open_shared()


def link_of(deck: Deck) -> str:
    """The address of exactly what is shown."""
    return str(deck.tell("({ address }) => address.url()")).removeprefix(deck.url)


def test_items_stand_in_boxes_and_the_one_that_is_pressed_is_asked_with(recall: Deck) -> None:
    expect(recall.summary).to_have_text("4 items of 3 vectors of 6 bits, 24 steps")
    expect(head(recall, 2)).to_have_attribute("aria-checked", "true")
    head(recall, 1).click()
    expect(head(recall, 1)).to_have_text("1asked")
    expect(head(recall, 2)).to_have_text("2answer")
    expect(head(recall, 4)).to_be_disabled()
    recall.page.get_by_role("button", name="Add item").click()
    expect(recall.summary).to_have_text("5 items of 3 vectors of 6 bits, 28 steps")
    head(recall, 1).press("ArrowRight")
    recall.run()
    recall.wait_deck("({ request }) => request.input.query === 1 && request.input.items.length === 5")
    assert asked(recall)["items"][4] == [[0] * 6] * 3


def test_items_are_typed_as_bits_and_a_part_of_one_is_named(recall: Deck) -> None:
    recall.write("Bits", ITEMS)
    expect(recall.summary).to_have_text("3 items of 3 vectors of 6 bits, 20 steps")
    expect(recall.page.locator(".box-head")).to_have_count(3)
    recall.run()
    recall.wait_deck("({ request }) => request.input.items.length === 3")
    rows = [line.split() for line in ITEMS.split("\n")]
    assert asked(recall)["items"] == [[[int(bit) for bit in row] for row in item] for item in rows]
    recall.write("Bits", ITEMS + " 111111")
    expect(recall.message).to_have_text("Each item has 3 vectors; after 3 whole items 1 vector is left.")
    recall.choose_way("Text")
    expect(recall.message).to_have_text(
        "Text needs a machine that reads 8 bits a vector; this one reads 6. Type bits instead."
    )


def test_what_was_written_for_another_task_comes_back_with_its_machine(recall: Deck) -> None:
    head(recall, 1).click()
    recall.choose_machine("copy, seed 1")
    expect(recall.readout("said")).to_have_text("Hello, tape machine!")
    expect(recall.page.locator(FIELDS["Text"])).to_have_value("Hello, tape machine!")
    expect(recall.page.locator(".box-head").first).to_be_hidden()
    choose(recall, RECALL)
    assert asked(recall)["query"] == 0


def test_examples_and_vectors_at_random_are_of_the_task(recall: Deck) -> None:
    recall.page.get_by_role("button", name="Longer", exact=True).click()
    expect(recall.summary).to_have_text("12 items of 3 vectors of 6 bits, 56 steps")
    expect(recall.page.locator("#composer-flag")).to_contain_text("more than the 6 items")
    recall.choose_way("Random")
    recall.page.get_by_label("Items", exact=True).last.fill("3")
    recall.run()
    recall.wait_deck("({ request }) => request.input.items.length === 3")


def test_the_chooser_has_the_machines_of_each_task_together(deck: Deck) -> None:
    deck.page.locator("#machine").click()
    groups = deck.page.locator(".mantine-Select-groupLabel")
    expect(groups.first).to_have_text("Copy")
    expect(groups.get_by_text("Checkpoints of copy-1", exact=True)).to_be_attached()
    names = groups.all_inner_texts()
    assert names.index("Associative recall") < names.index("Checkpoints of copy-1")
    deck.press("Escape")


def test_a_link_holds_the_input_of_any_task_and_opens_the_same_run(recall: Deck, reader: Deck) -> None:
    head(recall, 3).click()
    recall.run()
    recall.go_to(7)
    recall.wait_deck("({ address }) => address.timer === 0")
    assert recall.link == link_of(recall)
    other = begin_anew(reader, recall.link)
    other.expect_step(7)
    other.leave_fields()
    other.press("End")
    expect(other.readout("verdict")).to_have_text("The right answer")
    expect(head(other, 3)).to_have_attribute("aria-checked", "true")
    expect(other.summary).to_have_text("4 items of 3 vectors of 6 bits, 24 steps")
    assert asked(other) == asked(recall)
    expect(other.notice).to_be_hidden()
    other.leave_fields()
    other.press("End")
    expect(other.readout("verdict")).to_have_text("The right answer")


def test_a_link_that_pins_a_cell_of_a_head_that_the_machine_lacks_says_so_and_shows_the_run(recall: Deck) -> None:
    link = link_of(recall) + "&pin=read3.weighting-2-1"
    begin_anew(recall, link)
    expect(recall.readout("notice")).to_have_text("This tape has no cell “read3.weighting-2-1” to pin.")
    expect(recall.readout("verdict")).to_have_text("The right answer")
    recall.wait_deck("({ address }) => address.timer === 0")
    assert recall.link == link, "the address stays as it was written"


def test_a_link_with_the_input_of_another_task_is_refused_in_a_sentence_and_the_page_shows_its_own(
    reader: Deck, recall: Deck
) -> None:
    run, _, _ = link_of(recall).partition("&step=")
    deck = begin_anew(reader, run.replace("associative_recall-2", "copy-1"))
    expect(deck.readout("notice")).to_contain_text("The link's run was refused. An input for copy ")
    expect(deck.readout("notice")).to_contain_text("The page's own input is shown instead.")
    expect(deck.readout("said")).to_have_text("Hello, tape machine!")


def test_the_film_of_another_task_runs_its_series(recall: Deck) -> None:
    recall.go("Learn")
    recall.wait_deck("({ film: { reel } }) => reel.checkpoints.length > 3 && reel.queue.length === 0")
    expect(recall.readout("film-own")).to_have_text("0 of 18")
    recall.page.locator("#film [role=slider]").focus()
    recall.press("Home")
    expect(recall.readout("film-seen")).to_have_text("0")
    expect(recall.page.locator("#machine")).to_have_value("associative recall, seed 2 · 0 sequences")


def test_a_sequence_and_a_count_are_run_as_repeat_copy_takes_them(deck: Deck) -> None:
    choose(deck, "repeat copy, seed 1", "repeats")
    expect(deck.summary).to_have_text("4 vectors of 8 bits, 3 repeats, 19 steps")
    expect(deck.readout("said")).to_have_text("TapeTapeTape")
    deck.page.get_by_label("Repeats").fill("0")
    expect(deck.message).to_have_text("Repeats must be a whole number from 1 to 1,000.")
    deck.page.get_by_label("Repeats").fill("2")
    expect(deck.readout("said")).to_have_text("TapeTape")
    deck.write("Text", "Hi")
    deck.run()
    expect(deck.readout("said")).to_have_text("HiHi")
    assert asked(deck)["repeats"] == 2
