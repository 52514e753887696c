"""A run that fails says why: the service's sentence, the first wrong step, and marks on the time bar that go there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace
from tests.rows import random_rows

ROWS = random_rows(12, 0.5, seed=3)
ONE_LOCATION_SHORT = 13
"""N = L + 1, one less than a copy takes."""

TraceOf = Callable[..., ServiceTrace]


@pytest.fixture(scope="module", params=["one location short", "untrained"])
def failed(request: pytest.FixtureRequest, shared: Deck, trace_of: TraceOf) -> tuple[Deck, ServiceTrace]:
    """A tape that went wrong, and the service's word on it."""
    short = request.param != "untrained"
    shared.choose_machine("copy, seed 1" if short else "untrained")
    shared.set_locations(ONE_LOCATION_SHORT if short else None)
    shared.run_bits(ROWS)
    return shared, trace_of(ROWS, None, ONE_LOCATION_SHORT) if short else trace_of(ROWS, "untrained")


def test_the_sentence_and_the_first_wrong_step(failed: tuple[Deck, ServiceTrace]) -> None:
    deck, trace = failed
    assert trace.diagnosis["kind"] in ("wrap_around", "untrained")
    expect(deck.readout("diagnosis")).to_have_text(trace.diagnosis["sentence"])
    first = deck.button("first-wrong")
    deck.leave_fields()
    deck.press("End")
    expect(first).to_have_text(f"First wrong step: {trace.diagnosis['first_wrong_step']}")
    first.click()
    deck.expect_step(trace.diagnosis["first_wrong_step"])


def test_the_marks_have_words_and_go_to_their_steps(failed: tuple[Deck, ServiceTrace]) -> None:
    deck, trace = failed
    kinds = {mark["step"]: mark["kind"].replace("_", " ") for mark in trace.diagnosis["marks"]}
    marks = deck.marks
    deck.leave_fields()
    deck.press("End")
    expect(marks.first).to_be_visible()
    starts = [int(step) for step in marks.evaluate_all("all => all.map((it) => it.dataset.step)")]
    assert starts[0] == trace.diagnosis["first_wrong_step"]
    assert set(starts) <= set(kinds)
    for mark, step in zip(marks.all(), starts, strict=True):
        deck.leave_fields()
        deck.press("End")  # marks come with the cursor
        expect(mark).to_contain_text(f"✕ {kinds[step]}")
        expect(mark).to_have_attribute("aria-label", f"Wrong, {mark.get_attribute('title')}")
        box, bar = deck.box(mark), deck.box(deck.bar)
        assert min(box["width"], box["height"]) >= 24
        assert abs(box["x"] - bar["x"] - step / trace.steps * bar["width"]) <= 24
        mark.click()
        deck.expect_step(step)


def test_an_exact_copy_has_none(shared: Deck) -> None:
    deck = shared
    deck.choose_machine("copy, seed 1")
    deck.set_locations(None)
    deck.begin_with("copied")
    expect(deck.marks).to_have_count(0)
    expect(deck.readout("diagnosis")).to_be_hidden()
