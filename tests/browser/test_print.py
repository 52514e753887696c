"""Prints, far zoom, text that runs from right to left, and Plotly's toolbar."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

LIGHT = "#f7f6f2"
INK = """() => [...document.querySelectorAll("[data-inspects] canvas")].map((canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, width, height).data.some((value) => value !== 0);
})"""


def test_a_print_of_the_dark_page_is_light_and_nothing_lies_under_the_player(open_deck: Open) -> None:
    deck = open_deck(color_scheme="dark")
    page = deck.page
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert deck.token("--page") == LIGHT
    paper = page.evaluate("tapedeck.then(({ tape }) => tape.theme.paper)")
    assert paper == deck.token("--surface"), "canvases are painted in the light theme before the print is made"
    player = deck.page.locator("#transport")
    assert player.evaluate("it => getComputedStyle(it).position") == "static"
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_an_inspector_out_of_sight_is_printed_while_the_tape_plays(open_deck: Open) -> None:
    deck = open_deck(height=300)
    page = deck.page
    deck.go_to(0)
    deck.button("play").click()
    deck.wait_step("step > 1")
    title = page.locator("[data-inspects=write] .at-step")
    before = title.inner_text()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert title.inner_text() != before, "it is drawn at the step where the tape is"
    assert all(page.evaluate(INK))


def test_at_400_percent_the_player_leaves_half_of_the_height(open_deck: Open) -> None:
    for width, height in ((320, 256), (320, 225), (480, 270)):
        deck = open_deck(width=width, height=height)
        assert deck.box(deck.page.locator("#transport"))["height"] <= height / 2
        deck.button("play").scroll_into_view_if_needed()
        expect(deck.button("play")).to_be_in_viewport()


def test_text_from_right_to_left_has_its_direction(shared: Deck) -> None:
    page = shared.page
    shared.begin_with("שלום עולם")
    shown = [
        page.locator("#composer-text"),
        *page.locator("dd:has([data-readout=heard]), dd:has([data-readout=said])").all(),
    ]
    assert [part.evaluate("it => getComputedStyle(it).direction") for part in shown] == ["rtl"] * 3
    shared.begin_with("hello")
    assert [part.evaluate("it => getComputedStyle(it).direction") for part in shown] == ["ltr"] * 3


@pytest.mark.parametrize("touch", [False, True])
def test_plotlys_toolbar_covers_no_annotation_and_is_away_on_touch(open_deck: Open, *, touch: bool) -> None:
    wishes = {"has_touch": True, "is_mobile": True} if touch else {}
    deck = open_deck("/generalize", ready=False, width=900, **wishes)
    figure = deck.page.locator("#generalization-graph")
    expect(figure.locator(".annotation").first).to_be_visible()
    toolbar = figure.locator(".modebar")
    if touch:
        expect(toolbar).to_be_hidden()
        return
    figure.hover()
    bar = deck.box(toolbar)
    for annotation in figure.locator(".annotation").all():
        box = deck.box(annotation)
        assert bar["y"] + bar["height"] <= box["y"] or bar["x"] >= box["x"] + box["width"]
