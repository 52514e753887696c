"""The story on one screen: inputs above how they are written, outputs above how they are read, and the memory."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

FRONT = ("inputs", "outputs", "write.weighting", "read.weighting")


@pytest.fixture
def desk(shared: Deck) -> Deck:
    """The page as it opens."""
    shared.resize(1440)
    shared.set_locations(None)
    shared.choose_machine("copy, seed 1")
    shared.begin_with("Hello, tape machine!")
    shared.page.evaluate("scrollTo(0, 0)")
    return shared


def boxes(deck: Deck) -> dict[str, FloatRect]:
    places = {field: deck.box(deck.panel(field)) for field in FRONT}
    page = deck.page
    return places | {"memory": deck.box(page.locator("[data-memory]")), "result": deck.box(page.locator(".result"))}


@pytest.mark.parametrize("machine", ["copy, seed 1", "associative recall", "repeat copy", "dynamic ngrams"])
def test_the_story_stands_on_one_screen(desk: Deck, machine: str) -> None:
    desk.choose_machine(machine)
    desk.wait_fitted(1440, 900)
    places = boxes(desk)
    bottom = desk.box(desk.page.locator("#transport"))["y"]
    for name, box in places.items():
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= bottom, name
    left, right = places["inputs"]["x"], places["outputs"]["x"]
    assert (places["write.weighting"]["x"], places["read.weighting"]["x"]) == (left, right)
    assert left < right < places["memory"]["x"]
    assert places["write.weighting"]["y"] == places["read.weighting"]["y"] > places["inputs"]["y"]
    assert desk.page.evaluate("scrollY") == 0


def test_nothing_of_the_story_moves_while_it_is_told(desk: Deck) -> None:
    at_the_end = boxes(desk)
    for key in ("Home", "PageDown", "PageDown"):
        desk.press(key)
        desk.wait_painted()
        assert boxes(desk) == at_the_end


def test_characters_stand_under_their_columns_and_come_with_the_cursor(desk: Deck) -> None:
    desk.go_to(41)
    steps = 42
    for field, first in (("inputs", 1), ("outputs", 22)):
        panel = desk.panel(field)
        letters = panel.locator(".letter")
        assert "".join(letters.all_inner_texts()) == "Hello,␣tape␣machine!"
        plot = desk.box(panel.locator(".plot"))
        for index in (0, 7, 19):
            letter = desk.box(letters.nth(index))
            middle = (letter["x"] + letter["width"] / 2 - plot["x"]) / plot["width"] * steps
            assert middle == pytest.approx(first + index + 0.5, abs=0.1)
    desk.go_to(24)  # the third character has come out
    veil = desk.box(desk.panel("outputs").locator(".letters-veil"))
    shown = [desk.box(letter) for letter in desk.panel("outputs").locator(".letter").all()]
    assert [box["x"] + box["width"] <= veil["x"] + 0.5 for box in shown] == [True] * 3 + [False] * 17


def test_a_wrong_character_is_marked_under_its_column(desk: Deck) -> None:
    desk.set_locations(16)
    desk.run()
    expect(desk.panel("outputs").locator(".letter.wrong").first).to_be_attached()


def test_a_phone_shows_one_weighting_at_a_time_and_folds_what_explains(open_deck: Open) -> None:
    phone = open_deck(width=375, height=812)
    write, read = (phone.page.locator(f"[data-field='{kind}.weighting']") for kind in ("write", "read"))
    expect(read).to_be_visible()  # the run is at its recall
    expect(write).to_be_hidden()
    phone.page.get_by_role("radio", name="Write weighting").click()
    expect(write).to_be_visible()
    expect(read).to_be_hidden()
    phone.page.keyboard.press("ArrowRight")
    expect(phone.page.get_by_role("radio", name="Read weighting")).to_be_focused()
    expect(read).to_be_visible()

    memory = phone.page.locator("[data-memory]")
    expect(memory).to_be_hidden()
    phone.page.get_by_text("Memory, vectors, origins and addressing").click()
    expect(memory).to_be_visible()
    expect(phone.page.locator(".inspector")).to_be_visible()
    phone.wait_fitted(375, 812)


def test_a_wide_window_folds_nothing(desk: Deck) -> None:
    phone = desk
    phone.resize(375, 812)
    expect(phone.page.locator("[data-memory]")).to_be_hidden()
    phone.resize(1440)
    for part in (
        phone.page.locator("[data-memory]"),
        phone.page.locator(".inspector"),
        *map(
            phone.page.locator,
            (
                "[data-field='write.weighting']",
                "[data-field='read.weighting']",
                "[data-field='write.add_vector']",
            ),
        ),
    ):
        expect(part).to_be_visible()
    expect(phone.page.get_by_text("Memory, vectors, origins and addressing")).to_be_hidden()
