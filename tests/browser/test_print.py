"""Prints, far zoom, text that runs from right to left, and Plotly's toolbar."""

from __future__ import annotations

import re

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
    deck.speed.select_option("0.25")
    deck.button("play").click()
    deck.wait_step("step > 1")
    title = page.locator("[data-inspects=write] .at-step")
    before = title.inner_text()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert title.inner_text() != before, "it is drawn at the step where the tape is"
    assert all(page.evaluate(INK))


UNCOVERED = """() => {
    const graph = document.querySelector("#generalization-graph");
    const boxesOf = (what) => [...graph.querySelectorAll(what)].map((it) => it.getBoundingClientRect());
    const [[bar], annotations] = [".modebar", ".annotation"].map(boxesOf);
    return annotations.length > 0 && annotations.every((it) => bar.bottom <= it.top || bar.left >= it.right);
}"""
PRINTED = """() => [...document.querySelectorAll("canvas")]
    .filter((canvas) => canvas.checkVisibility() && !canvas.matches("canvas + canvas"))
    .map((canvas) => [canvas.width, canvas.height])"""
PLACES = """() => {
    const playheads = [...document.querySelectorAll("#tape .plot > .playhead, #tape .line > .playhead")];
    return playheads.filter((playhead) => playhead.checkVisibility()).map((playhead) => {
        const [own, plot] = [playhead, playhead.parentElement].map((part) => part.getBoundingClientRect());
        return ((own.left + own.right) / 2 - plot.left) / plot.width;
    });
}"""
AT_REST = """({ tape, trace }) => !tape.requested && tape.origins.awaited === null
    && tape.origins.done === trace.steps"""
"""All is painted, and a worker has answered where everything comes from."""
CELLS = """() => [...document.querySelectorAll("#tape canvas")].map((canvas) => canvas.toDataURL()).join()"""
"""All pictures of the tape."""
IMAGE = re.compile(rb"<<[^<>]*?/Subtype /Image[^<>]*>>")


def test_a_print_has_the_pictures_of_all_panels_and_no_white_over_them(open_deck: Open) -> None:
    deck = open_deck(color_scheme="dark")
    deck.run_bits(["10110011", "00101100"] * 70)  # with wrong bits, which are marked on a canvas over the cells
    deck.go_to(30)
    tape = deck.page.locator("#tape")
    deck.wait_deck(AT_REST)
    words = tape.inner_text()
    deck.page.evaluate(f"window.before = ({CELLS})()")
    pictures = [image.group() for image in IMAGE.finditer(deck.page.pdf(print_background=True))]
    assert not [picture for picture in pictures if b"/SMask" in picture], "what is clear is printed as white"
    sizes = {
        tuple(int(re.findall(rb"/%s (\d+)" % side, each)[0]) for side in (b"Width", b"Height")) for each in pictures
    }
    assert sizes == {tuple(size) for size in deck.page.evaluate(PRINTED)}
    expect(deck.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    deck.page.wait_for_function(f"window.before === ({CELLS})()")  # the tape is as it was
    assert tape.inner_text() == words


def test_the_playhead_is_printed_at_its_step_on_paper_of_any_width(open_deck: Open) -> None:
    deck = open_deck()
    deck.go_to(30)
    page = deck.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.wait_for_function("innerWidth === 794")
    assert page.evaluate(PLACES) == [pytest.approx(30.5 / 42, abs=0.01)] * len(page.evaluate(PLACES))


def test_at_400_percent_the_player_leaves_half_of_the_height(shared: Deck) -> None:
    deck = shared
    for width, height in ((320, 256), (320, 225), (480, 270)):
        deck.resize(width, height)
        assert deck.box(deck.page.locator("#transport"))["height"] <= height / 2
        deck.button("play").scroll_into_view_if_needed()
        expect(deck.button("play")).to_be_in_viewport()
    deck.resize(1440)


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
    expect(toolbar).to_be_visible()
    deck.page.wait_for_function(UNCOVERED)
