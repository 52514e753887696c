"""Every number on the page is the service's: what is read here stands in POST /api/trace."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace
from tests.rows import random_rows

TraceOf = Callable[..., ServiceTrace]

ROWS = random_rows(12, 0.5, seed=3)
STEPS = [0, 1, 7, 12, 13, 14, 20, 25]
"""Of 26: the delimiters, some inputs, the first, one and the last of the recall."""

SCALARS = {"gate": "interpolation_gate", "strength": "key_strength", "sharpening": "sharpening"}
VALUES = "all => all.map((it) => [it.dataset.value, it.textContent])"
SHARES = ["forward", "keep", "back"]


@pytest.fixture(scope="module")
def copied(shared: Deck, trace_of: TraceOf) -> tuple[Deck, ServiceTrace]:
    """A tape of the best machine, and the service's word on it."""
    shared.run_bits(ROWS)
    return shared, trace_of(ROWS)


@pytest.mark.parametrize("step", STEPS)
def test_the_heads_at_a_step(copied: tuple[Deck, ServiceTrace], step: int) -> None:
    deck, trace = copied
    deck.go_to(step)
    for head in ("write", "read"):
        weighting = trace.field(f"{head}.weighting")[step]
        found = deck.page.locator(f"[data-head={head}] [data-value]").evaluate_all(VALUES)
        shown = {name: float(value) for name, value in found}
        expected = {name: trace.field(f"{head}.{field}")[step] for name, field in SCALARS.items()}
        expected |= dict(zip(SHARES, trace.field(f"{head}.shift_weighting")[step], strict=True))
        expected |= {"location": np.argmax(weighting), "weight": np.max(weighting)}
        assert shown == pytest.approx(expected, abs=0.0051, rel=0), f"{head} head"
        fine = [name for name in shown if name not in ("strength", "sharpening")]
        assert {name: shown[name] for name in fine} == pytest.approx(
            {name: expected[name] for name in fine}, abs=0.00051
        )


@pytest.mark.parametrize("step", STEPS)
def test_the_position_and_the_vector_at_a_step(copied: tuple[Deck, ServiceTrace], step: int) -> None:
    deck, trace = copied
    deck.go_to(step)
    place = trace.place(step)
    expect(deck.readout("position")).to_have_text(f"step {step} of 25 · {place}")
    expect(deck.bar).to_have_attribute("aria-valuenow", str(step))
    expect(deck.bar).to_have_attribute("aria-valuemax", "25")
    expect(deck.bar).to_have_attribute("aria-valuetext", re.compile(rf"^Step {step} · (the )?{place}"))
    expect(deck.page.locator(".memory .at-step")).to_have_text(f"at step {step}")
    if place.startswith("recall"):
        expect(deck.readout("vector")).to_have_text(f"Vector {place.removeprefix('recall ')}")
        expect(deck.readout("target")).to_have_text(trace.bits("targets", step))
        expect(deck.readout("output")).to_have_text(f"{trace.bits('outputs', step)} ✓")
    elif place.startswith("input"):
        expect(deck.readout("target")).to_have_text(trace.bits("inputs", step))


def test_an_exact_copy_is_said(copied: tuple[Deck, ServiceTrace]) -> None:
    deck, trace = copied
    assert trace.bit_errors == 0
    deck.go_to(trace.steps - 1)
    expect(deck.readout("verdict")).to_have_text("Exact copy")
    expect(deck.readout("verdict")).to_have_attribute("data-state", "exact")
    expect(deck.readout("count")).to_have_text("96 of 96 bits right")
    expect(deck.panel("outputs").locator(".error-mark")).to_have_count(0)
