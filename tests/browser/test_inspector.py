"""The inspector: every number and bar is the service's, and a term of an equation lights up what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace
from tests.rows import random_rows

ROWS = random_rows(12, 0.5, seed=3)
STEPS = [0, 1, 7, 13, 14, 25]
"""Of 26: the delimiters, some inputs, the first and the last of the recall."""

HEADS = ["write", "read"]
STAGES = ["content_weighting", "gated_weighting", "shifted_weighting", "weighting"]
HUNDREDTHS = {"strength": "key_strength", "sharpening": "sharpening"}
SHOWN = """([place, values, rounding]) => {
    const shown = place.textContent.trim().split(/\\s+/).map(Number);
    return shown.length === values.length && shown.every((each, index) => Math.abs(each - values[index]) <= rounding);
}"""
"""Whether these numbers are read there: where the pointer is now is told with the next frame."""
LIT = re.compile(r"(^| )lit( |$)")
MARGIN = 0.05
"""Of a stage's height: what is nearer than this to the end of a bar may be either colour."""


@pytest.fixture(scope="module")
def inspected(shared: Deck, trace_of: Callable[..., ServiceTrace]) -> tuple[Deck, ServiceTrace]:
    """A tape of the best machine with its inspector in view, and the service's word on it."""
    shared.run_bits(ROWS)
    shared.page.locator("#inspector").scroll_into_view_if_needed()
    return shared, trace_of(ROWS)


@pytest.fixture
def at_step_7(inspected: tuple[Deck, ServiceTrace]) -> Deck:
    inspected[0].go_to(7)
    return inspected[0]


def head_of(deck: Deck, head: str) -> Locator:
    return deck.page.locator(f"[data-inspects={head}]")


def stage_of(deck: Deck, head: str, stage: str) -> Locator:
    return head_of(deck, head).locator(f"[data-stage={stage}]")


@pytest.mark.parametrize("step", STEPS)
def test_the_numbers_in_the_equations(inspected: tuple[Deck, ServiceTrace], step: int) -> None:
    deck, trace = inspected
    deck.go_to(step)
    for head in HEADS:
        expect(head_of(deck, head).locator(".at-step")).to_have_text(f" at step {step}")
        found = (
            head_of(deck, head)
            .locator("[data-value]")
            .evaluate_all("all => all.map((it) => [it.dataset.value, parseFloat(it.textContent)])")
        )
        expected = numbers(trace, head, step)
        assert {name for name, _ in found} == set(expected)
        for name, value in found:
            rounding = 0.0051 if name in HUNDREDTHS or name == "entropy" else 0.00051
            assert value == pytest.approx(expected[name], abs=rounding), f"{name} of the {head} head"


def numbers(trace: ServiceTrace, head: str, step: int) -> dict[str, float]:
    """What the equations should say, from the service's trace."""
    at = {name: trace.field(f"{head}.{name}")[step] for name in ("weighting", "content_weighting", "key")}
    gate, shares = trace.field(f"{head}.interpolation_gate")[step], trace.field(f"{head}.shift_weighting")[step]
    row = trace.memory(step - 1 if head == "write" else step)[np.argmax(at["content_weighting"])]
    positive = at["weighting"][at["weighting"] > 0]
    return {
        **{name: trace.field(f"{head}.{field}")[step] for name, field in HUNDREDTHS.items()},
        **dict(zip(("forward", "keep", "back"), shares, strict=True)),
        "gate": gate,
        "kept": 1 - gate,
        "cosine": at["key"] @ row / (np.linalg.norm(at["key"]) * np.linalg.norm(row)),
        "sum": at["weighting"].sum(),
        "entropy": -np.sum(positive * np.log2(positive)),
    }


@pytest.mark.parametrize("step", [1, 14])
def test_the_bars_of_the_stages(inspected: tuple[Deck, ServiceTrace], step: int) -> None:
    deck, trace = inspected
    deck.go_to(step)
    shown = deck.shown_locations()
    for head in HEADS:
        for stage in STAGES:
            bars, weighting = stage_of(deck, head, stage), trace.field(f"{head}.{stage}")[step]
            peak = int(np.argmax(weighting))
            expect(bars.locator(".bar-number")).to_have_text(f"{weighting[peak]:.3f} at {peak}")
            scale = float(bars.locator(".tick.high").inner_text())
            assert weighting[peak] <= scale
            if stage == "gated_weighting":
                continue  # an outline of the weighting before stands in it
            places, filled = [], []
            for index, location in enumerate(shown):
                tall = weighting[location] / scale
                for share in (tall - MARGIN, tall + MARGIN):
                    if 0 < share < 1:
                        places.append(((index + 0.5) / len(shown), 1 - share))
                        filled.append(share < tall)
            assert [colour.alpha > 0 for colour in deck.pixels(bars.locator("canvas"), places)] == filled


def test_a_flat_weighting_is_drawn_on_a_finer_scale_that_says_so(at_step_7: Deck) -> None:
    scales = [stage_of(at_step_7, "write", stage).locator(".tick.high").inner_text() for stage in STAGES]
    assert scales == ["0.01", "1", "1", "1"]
    expect(stage_of(at_step_7, "write", "content_weighting")).to_have_class(re.compile("finer"))


def test_the_shares_of_the_shift_are_bars_with_their_moves(inspected: tuple[Deck, ServiceTrace]) -> None:
    deck, trace = inspected
    deck.go_to(7)
    for head in HEADS:
        shares = head_of(deck, head).locator(".share")
        assert [text.split()[0] for text in shares.all_inner_texts()] == ["+1", "0", "−1"]
        for share, value in zip(shares.all(), trace.field(f"{head}.shift_weighting")[7], strict=True):
            whole, filled = (deck.box(share.locator(part))["width"] for part in (".share-bar", ".share-fill"))
            assert filled / whole == pytest.approx(value, abs=0.001)


def test_beside_each_key_strength_stands_its_gate(at_step_7: Deck) -> None:
    for head in HEADS:
        stage = head_of(at_step_7, head).locator(".stage").first
        assert stage.locator("[data-value]").evaluate_all("all => all.map((it) => it.dataset.value)") == [
            "strength",
            "gate",
            "cosine",
        ]


@pytest.mark.parametrize(
    ("term", "step", "panel", "places"),
    [
        ("write.weighting", 7, "write.weighting", ["[data-stage=weighting]"]),
        ("read.weighting@-1", 6, "read.weighting", []),
        ("read.gated_weighting", None, None, ["[data-stage=gated_weighting]"]),
        ("write.key", None, None, ["[data-vector='write.key'] .strip"]),
        ("write.add_vector", 7, "write.add_vector", ["[data-vector='write.add_vector'] .strip"]),
        ("read.read_vector", 7, "read.read_vector", ["[data-vector='read.read_vector'] .strip"]),
        ("read.interpolation_gate", None, None, ["[data-timeline='read.interpolation_gate'] .line"]),
        ("read.memory", None, None, []),
    ],
)
def test_a_term_lights_up_what_it_speaks_of(
    at_step_7: Deck, term: str, step: int | None, panel: str | None, places: list[str]
) -> None:
    deck, head = at_step_7, head_of(at_step_7, term.partition(".")[0])
    written = head.locator(f"[data-term='{term}']").first
    for point_at in (written.hover, written.focus):
        point_at()
        assert_lit(deck, head, panel, step, places)
        assert_memory_lit(deck, term.endswith(".memory"))
        deck.page.mouse.move(2, 2)
        written.blur()
        expect(deck.page.locator(".lit")).to_have_count(0)


def assert_memory_lit(deck: Deck, lit: bool) -> None:
    expect(deck.page.locator("figure[data-memory] .plot.lit")).to_have_count(int(lit))


def assert_lit(deck: Deck, head: Locator, panel: str | None, step: int | None, places: list[str]) -> None:
    expect(deck.page.locator("#inspector .lit")).to_have_count(len(places))
    for place in places:
        expect(head.locator(place)).to_have_class(LIT)
    hairs = deck.page.locator("#tape figure[data-field] .step-hair:visible")
    expect(hairs).to_have_count(0 if panel is None else 1)
    if panel is not None and step is not None:
        plot, hair = deck.box(deck.panel(panel).locator(".plot")), deck.box(hairs)
        assert int((hair["x"] + hair["width"] / 2 - plot["x"]) / plot["width"] * 26) == step


@pytest.mark.parametrize("field", ["interpolation_gate", "key_strength", "sharpening", "shift_weighting"])
def test_the_timelines_have_the_values_of_every_step(inspected: tuple[Deck, ServiceTrace], field: str) -> None:
    deck, trace = inspected
    timeline = deck.page.locator(f"[data-timeline='read.{field}']")
    timeline.scroll_into_view_if_needed()
    box = deck.box(timeline.locator(".line"))
    for step in (0, 9, 25):
        deck.page.mouse.move(box["x"] + (step + 0.5) / trace.steps * box["width"], box["y"] + 10)
        values = np.atleast_1d(trace.field(f"read.{field}")[step]).tolist()
        rounding = 0.0051 if len(values) > 1 else 0.00051
        deck.page.wait_for_function(SHOWN, arg=[timeline.locator(".limits").element_handle(), values, rounding])
    deck.page.mouse.move(2, 2)
    expect(timeline.locator(".limits")).to_contain_text("0")


def test_a_bar_that_is_pointed_at_lights_up_its_location_everywhere(at_step_7: Deck) -> None:
    deck = at_step_7
    bars, shown = stage_of(deck, "read", "weighting"), deck.shown_locations()
    bars.scroll_into_view_if_needed()
    box = deck.box(bars)
    deck.page.mouse.move(box["x"] + 3.5 / len(shown) * box["width"], box["y"] + 30)
    expect(bars.locator(".bar-number")).to_contain_text(f"at {shown[3]}")
    expect(deck.panel("write.weighting").locator(".readout")).to_contain_text(f"step 7, location {shown[3]}: ")
    expect(deck.page.locator("figure[data-memory] .row-hair")).to_be_visible()
    deck.page.mouse.move(2, 2)
    expect(deck.page.locator("figure[data-memory] .row-hair")).to_be_hidden()
