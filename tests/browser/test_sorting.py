"""Vectors with a priority each: how they are composed, and what stands under the tape's columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, expect

from tapedeck.checkpoints import write_checkpoint
from tapedeck.training.starting import initial_machine
from tests.browser.conftest import opener
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.browser.test_accessibility import AXE, assert_axe_finds_nothing
from tests.training.tiny import TINY_SORT

VECTORS = [[1, 0, 1, 1, 0, 0, 1, 1], [0, 1, 1, 0, 1, 0, 0, 1], [1, 1, 0, 0, 1, 0, 1, 0], [0, 0, 1, 0, 0, 1, 1, 1]]
PRIORITIES = [0.2, -0.9, 0.75, -0.4]


@pytest.fixture(scope="module")
def sorter(profiles: Profiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    """On a machine that nobody trained."""
    folder = tmp_path_factory.mktemp("sorting")
    recipe = replace(TINY_SORT, bits=8, locations=40, heads=5)  # as many as the paper's
    path = folder / "sorter.safetensors"
    facts = {"name": "sorter", "sequences_seen": 0, "seed": 1}
    write_checkpoint(path, initial_machine(recipe, seed=1), task=recipe.task, **facts, metrics={}, origin={})  # type: ignore[arg-type]
    server = Server(folder)
    server.start()
    for open_page in opener(profiles, server):
        yield open_page()
    server.stop()


@pytest.fixture
def composed(sorter: Deck) -> Deck:
    """Four vectors as bits, with these priorities, and the tape that shows them."""
    sorter.leave_fields()
    sorter.write("Bits", " ".join("".join(map(str, vector)) for vector in VECTORS))
    expect(value(sorter, 4)).to_be_visible()
    expect(sorter.page.locator(".slider-box")).to_have_count(len(VECTORS))
    for number, priority in enumerate(PRIORITIES, 1):
        value(sorter, number).fill(str(100 + number))  # none is in the way of another
        value(sorter, number).fill(str(priority))
    shows(sorter, PRIORITIES)
    return sorter


def value(deck: Deck, number: int) -> Locator:
    """The field of a vector's priority."""
    return deck.page.get_by_label(f"The priority of vector {number}, as a number", exact=True)


def slider(deck: Deck, number: int) -> Locator:
    return deck.page.get_by_label(f"The priority of vector {number}", exact=True)


def shows(deck: Deck, priorities: list[float]) -> None:
    """Until the tape is of these."""
    wanted = {"vectors": VECTORS, "priorities": priorities}
    deck.wait_deck("({ request }, wanted) => JSON.stringify(request?.input) === JSON.stringify(wanted)", wanted)


def under(deck: Deck, panel: str) -> Locator:
    """What stands under the columns of the inputs or the outputs."""
    return deck.page.locator(f"#tape .panel-{panel} .letters .letter")


def test_the_tape_says_rank_and_priority_under_each_input_and_which_came_under_each_output(composed: Deck) -> None:
    expect(under(composed, "input")).to_have_text(["20.20", "4−0.90", "10.75", "3−0.40"])
    expect(under(composed, "output")).to_have_count(3)
    expect(composed.page.locator(".slider-rank")).to_have_text(["#2", "–", "#1", "#3"])


def test_the_story_of_five_heads_and_its_composer_stand_on_one_screen(composed: Deck) -> None:
    composed.choose_way("Vectors")
    composed.wait_fitted(1440, 900)
    bottom = composed.box(composed.page.locator("#transport"))["y"]
    fields = ("inputs", "outputs", "write1.weighting", "read1.weighting")
    for part in (
        *map(composed.panel, fields),
        composed.page.locator(".verdict"),
        composed.page.locator("[data-memory]"),
    ):
        box = composed.box(part)
        assert box["y"] + box["height"] <= bottom
    expect(composed.page.get_by_role("radio", name="Write head 5: ")).to_be_visible()


def test_bits_beside_a_slider_are_pressed_where_they_stand(composed: Deck) -> None:
    composed.choose_way("Vectors")
    composed.wait_fitted(1440, 900)
    grid, knob = composed.page.locator(".drawing-cells canvas"), slider(composed, 2)
    box = composed.box(grid)
    place = composed.box(knob)
    assert place["y"] == pytest.approx(box["y"], abs=1)
    assert place["height"] == pytest.approx(box["height"], abs=1)
    composed.page.mouse.click(place["x"] + place["width"] + 6, box["y"] + box["height"] / 16)
    flipped = [VECTORS[0], [1 - VECTORS[1][0], *VECTORS[1][1:]], *VECTORS[2:]]
    wanted = {"vectors": flipped, "priorities": PRIORITIES}
    composed.wait_deck("({ request }, wanted) => JSON.stringify(request?.input) === JSON.stringify(wanted)", wanted)


def test_a_slider_moves_by_keys_and_runs_what_it_says(composed: Deck) -> None:
    slider(composed, 2).focus()
    composed.page.keyboard.press("End")
    expect(value(composed, 2)).to_have_value("1")
    expect(slider(composed, 2)).to_have_attribute("aria-valuetext", "1, rank 1")
    shows(composed, [0.2, 1, 0.75, -0.4])
    expect(composed.page.locator(".slider-rank")).to_have_text(["#3", "#1", "#2", "–"])
    composed.page.keyboard.press("ArrowDown")
    expect(value(composed, 2)).to_have_value("0.98")
    shows(composed, [0.2, 0.98, 0.75, -0.4])


def test_what_is_wrong_with_a_priority_is_said_beside_it_and_nothing_is_run(composed: Deck) -> None:
    for typed, says in (
        ("1.5", "The priority of vector 1 must be a number from −1 to 1."),
        ("", "The priority of vector 1 must be a number from −1 to 1."),
        ("0.75", "The priority of vector 3 must not be that of vector 1 as well."),
    ):
        value(composed, 1).fill(typed)
        expect(composed.message).to_have_text(says)
    shows(composed, PRIORITIES)
    value(composed, 1).fill("−0,2")  # as some keyboards write it
    expect(composed.message).to_have_text("")
    shows(composed, [-0.2, -0.9, 0.75, -0.4])


def test_vectors_at_random_have_priorities_at_random(composed: Deck) -> None:
    composed.choose_way("Random")
    composed.page.locator("#random-length").fill("6")
    composed.page.locator("#composer-random").click()
    expect(composed.page.locator(".slider-box")).to_have_count(6)
    composed.wait_deck("({ request }) => new Set(request.input.priorities).size === 6")


def test_axe_finds_nothing_in_the_sliders(composed: Deck) -> None:
    composed.page.add_script_tag(path=AXE)
    assert_axe_finds_nothing(composed)
