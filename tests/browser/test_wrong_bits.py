"""A copy that fails: its wrong bits in numbers, in signs and in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace
from tests.rows import random_rows

FAILING = "untrained"
ROWS = random_rows(12, 0.5, seed=3)
RECALL = 14
BITS = 96


@pytest.fixture(scope="module")
def failed(shared: Deck, trace_of: Callable[..., ServiceTrace]) -> tuple[Deck, ServiceTrace]:
    """A tape of a machine that has learned nothing, and the service's word on it."""
    shared.write("Bits", " ".join(ROWS))
    shared.choose_machine(FAILING)
    return shared, trace_of(ROWS, FAILING)


def test_wrong_bits_are_counted(failed: tuple[Deck, ServiceTrace]) -> None:
    deck, trace = failed
    wrong = trace.bit_errors
    assert wrong > 10, "the machine has learned nothing"
    expect(deck.readout("verdict")).to_have_text(f"{wrong} wrong bits, {100 * wrong / BITS:.0f} %")
    expect(deck.readout("verdict")).to_have_attribute("data-state", "wrong")
    expect(deck.readout("count")).to_have_text(f"{BITS - wrong} of {BITS} bits right")


@pytest.mark.parametrize("step", [14, 20, 25])
def test_wrong_bits_of_a_vector_have_a_sign(failed: tuple[Deck, ServiceTrace], step: int) -> None:
    deck, trace = failed
    deck.go_to(step)
    output, target = trace.bits("outputs", step), trace.bits("targets", step)
    expect(deck.readout("output")).to_have_text(f"{output} {'✓' if output == target else '✕'}")
    signed = [bit for bit, right in zip(output, target, strict=True) if bit != right]
    assert deck.readout("output").locator("mark").all_inner_texts() == signed


def test_marks_stand_on_the_wrong_bits(failed: tuple[Deck, ServiceTrace]) -> None:
    deck, trace = failed
    outputs, targets = (trace.field(name)[:, :8] > 0.5 for name in ("outputs", "targets"))
    wrong = outputs != targets
    wrong[:RECALL] = False
    cells = [(step, bit) for step in range(trace.steps) for bit in range(8)]
    for width in (1440, 800):
        deck.resize(width)
        places = [((step + 0.5) / trace.steps, (bit + 0.5) / 10) for step, bit in cells]
        marks = deck.pixels(deck.panel("outputs").locator("canvas").nth(1), places)
        assert [cell for cell, colour in zip(cells, marks, strict=True) if colour.alpha > 0] == [
            cell for cell in cells if wrong[cell]
        ]


def test_the_machine_that_ran_is_the_chosen_one(failed: tuple[Deck, ServiceTrace]) -> None:
    deck, _ = failed
    assert f'"checkpoint":"{FAILING}"' in deck.sent[-1]
    expect(deck.page.locator("#machine")).to_have_value("untrained · 0 sequences")


def test_the_chooser_offers_every_machine(failed: tuple[Deck, ServiceTrace]) -> None:
    deck, _ = failed
    offered = [machine["name"] for machine in deck.page.request.get(f"{deck.url}/api/checkpoints").json()]
    deck.page.locator("#machine").click()
    options = deck.page.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(len(offered))
    labels = options.all_inner_texts()
    assert [label.partition(" · ")[0] for label in labels] == offered
    deck.press("Escape")
