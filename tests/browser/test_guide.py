"""The guide: five chapters on live tapes, with the numbers of their steps, each a link to that very step; the words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tapedeck_page.glossary import GLOSSARY
from tapedeck_page.pages.guide import CHAPTERS, Stop
from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace

SCALARS = {"gate": "interpolation_gate", "sharpening": "sharpening"}
SHARES = {"forward": 0, "keep": 1, "back": 2}
FILLED = "() => [...document.querySelectorAll('.stop')].every((stop) => !stop.textContent.includes('…'))"
ROWS = "index => tapedeck.then(({ guide }) => guide.chapters[index].rows)"
TERMS = "all => all.map((it) => [it.dataset.define, it.dataset.meaning])"


@pytest.fixture(scope="module")
def guide(open_shared: Open) -> Deck:
    """The guide, with the numbers of its runs."""
    deck = open_shared("/guide", ready=False)
    deck.page.locator(".stop").last.wait_for()
    deck.page.wait_for_function(FILLED)
    return deck


def number(trace: ServiceTrace, step: int, name: str) -> str:
    """A number by its name in the guide's sentences."""
    if name == "origin":
        at = int(np.argmax(trace.field("read.weighting")[step]))
        left, shares = 1.0, []
        for tau in range(step, -1, -1):  # a focused read: what is left of each write at its location
            weight = trace.field("write.weighting")[tau, at]
            shares.append(weight * left * trace.field("write.add_vector")[tau].sum())
            left *= 1 - weight * trace.field("write.erase_vector")[tau].mean()
        return str(step - int(np.argmax(shares)))
    head, what = name.split(".")
    weighting = trace.field(f"{head}.weighting")[step]
    if what in SCALARS:
        value = trace.field(f"{head}.{SCALARS[what]}")[step]
        return f"{value:.2f}" if what == "sharpening" else f"{value:.3f}"
    if what in SHARES:
        return f"{trace.field(f'{head}.shift_weighting')[step, SHARES[what]]:.3f}"
    return f"{weighting.max():.3f}" if what == "weight" else str(int(np.argmax(weighting)))


def said(stop: Stop, trace: ServiceTrace) -> str:
    return re.sub(r"\{([\w.]+)\}", lambda found: number(trace, stop.step, found[1]), stop.says)


@pytest.mark.parametrize("index", range(len(CHAPTERS)), ids=[chapter.title for chapter in CHAPTERS])
def test_a_chapter_says_the_numbers_of_its_tape(guide: Deck, trace_of: Callable[..., Any], index: int) -> None:
    chapter, shown = CHAPTERS[index], guide.page.locator(".chapter").nth(index)
    trace = trace_of(guide.page.evaluate(ROWS, index))
    buttons = shown.locator(".stop")
    assert buttons.all_inner_texts() == [said(stop, trace) for stop in chapter.stops]
    for button, stop in zip(buttons.all(), chapter.stops, strict=True):
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        for panel in shown.locator("figure").all():
            plot, head = guide.box(panel.locator(".plot")), guide.box(panel.locator(".playhead"))
            assert int((head["x"] + head["width"] / 2 - plot["x"]) / plot["width"] * trace.steps) == stop.step


def test_each_step_opens_in_the_player_at_that_step(guide: Deck, shared: Deck) -> None:
    links = guide.page.locator(".stop-link").all()
    steps = [stop.step for chapter in CHAPTERS for stop in chapter.stops]
    for link, step in list(zip(links, steps, strict=True))[::4]:
        shared.page.goto("about:blank")
        shared.page.goto(str(link.get_attribute("href")))
        shared.wait_done()
        shared.expect_step(step)
        expect(shared.notice).to_be_hidden()


def test_every_word_is_explained_where_it_stands(guide: Deck) -> None:
    found = dict(guide.page.locator("[data-define]").evaluate_all(TERMS))
    of_others = {"cell state"}  # which this machine does not have
    assert found == {word: entry.meaning for word, entry in GLOSSARY.items() if word not in of_others}
    word = guide.page.locator("#guide [data-define=delimiter]")
    note = guide.page.get_by_role("tooltip")
    ways: list[tuple[Callable[[], object], Callable[[], object]]] = [
        (word.hover, lambda: guide.page.mouse.move(2, 2)),
        (word.focus, word.blur),
        (word.click, lambda: guide.press("Escape")),
    ]
    for show, leave in ways:
        show()
        expect(note).to_have_text(GLOSSARY["delimiter"].meaning)
        leave()
        expect(note).to_be_hidden()


def test_a_word_is_explained_by_tap(open_deck: Open) -> None:
    deck = open_deck(width=375, height=812, has_touch=True)
    word = deck.page.get_by_role("button", name="Write weighting", exact=True)
    word.tap()
    expect(deck.page.get_by_role("tooltip")).to_have_text(GLOSSARY["weighting"].meaning)


def test_the_first_chapter_stands_clear_of_the_top_bar(guide: Deck) -> None:
    for width in (1440, 768, 375):
        guide.resize(width)
        guide.page.evaluate("scrollTo(0, 0)")
        top = guide.box(guide.page.locator(".top"))
        heading = guide.box(guide.page.locator(".chapter h2").first)
        assert heading["y"] >= top["y"] + top["height"] + 16
