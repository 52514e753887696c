"""Provenance on the page: the service's shares, in numbers and in pictures, and what lights up with an output bit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tests.api.client import WAIT
from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.server import Server
from tests.browser.test_pixels import differing, shade
from tests.browser.trace import ServiceTrace
from tests.provenance_fixture import FILE
from tests.rows import random_rows

ROWS = random_rows(12, 0.5, seed=3)
T = 26
RECALL = 14
CHANNELS = 10
ROUNDING = 0.00051

Explain = Callable[[int | None], dict[str, Any]]


@pytest.fixture(scope="module")
def loaded(shared: Deck) -> Deck:
    shared.run_bits(ROWS)
    return shared


@pytest.fixture
def tape(loaded: Deck) -> Deck:
    """A tape on which nothing is pinned or pointed at."""
    loaded.page.mouse.move(2, 2)
    loaded.leave_fields()
    loaded.press("Escape")
    return loaded


@pytest.fixture(scope="module")
def explain(server: Server) -> Explain:
    """POST /api/provenance, for a step or for all."""
    best = httpx.get(f"{server.url}/api/checkpoints", timeout=WAIT).json()[0]["id"]
    sequence = [[int(bit) for bit in row] for row in ROWS]

    def ask(step: int | None) -> dict[str, Any]:
        request = {"checkpoint": best, "sequence": sequence, "locations": None, "interventions": [], "step": step}
        return dict(httpx.post(f"{server.url}/api/provenance", json=request, timeout=30).raise_for_status().json())

    return ask


def place_of(deck: Deck, plot: Locator, step: int, row: float, rows: int) -> tuple[float, float]:
    """The middle of a cell on the page, above the player."""
    plot.evaluate("it => it.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = deck.box(plot)
    return box["x"] + (step + 0.5) / T * box["width"], box["y"] + (row + 0.5) / rows * box["height"]


def output_bit(deck: Deck, step: int, channel: int) -> tuple[float, float]:
    return place_of(deck, deck.panel("outputs").locator(".plot"), step, channel, CHANNELS)


def shown_shares(deck: Deck) -> dict[str, float]:
    """The table of “Written at”: by what gave it, the share."""
    deck.page.get_by_role("button", name="Written at as a table").press("Enter")
    table = deck.page.get_by_role("dialog", name="Written at").get_by_role("table")
    names, values = (table.locator(f"tbody {cell}").all_inner_texts() for cell in ("th", "td:last-child"))
    deck.press("Escape")
    return dict(zip(names, (float(value.replace("−", "-")) for value in values), strict=True))


def shares_of_output(found: dict[str, Any], channel: int) -> dict[str, float]:
    """Of all magnitudes, each term's with its sign, from the signed terms of the service."""
    output = found["output"]
    terms = {"initial memory": output["initial"][channel], "bias": output["bias"][channel]}
    terms |= {f"write of step {tau}": write[channel] for tau, write in enumerate(output["writes"])}
    whole = sum(map(abs, terms.values()))
    return {name: term / whole for name, term in terms.items()}


@pytest.mark.parametrize("step", [0, 5, 14, 25])
def test_the_shares_of_what_the_cursor_reads(tape: Deck, explain: Explain, step: int) -> None:
    tape.go_to(step)
    shares = explain(step)["shares"]
    expected = {"initial memory": shares["initial"]}
    expected |= {f"write of step {tau}": share for tau, share in enumerate(shares["writes"])}
    assert shown_shares(tape) == pytest.approx(expected, abs=ROUNDING)
    expect(tape.readout("whole-bias")).to_have_text("none")
    expect(tape.readout("whole-initial")).to_have_text(f"{100 * shares['initial']:.1f} %")


@pytest.mark.parametrize(("step", "channel"), [(14, 0), (20, 5)])
def test_the_shares_of_an_output_bit_with_its_bias(tape: Deck, explain: Explain, step: int, channel: int) -> None:
    tape.page.mouse.click(*output_bit(tape, step, channel))
    expected = shares_of_output(explain(step), channel)
    assert shown_shares(tape) == pytest.approx(expected, abs=ROUNDING)
    bias = explain(step)["output"]["bias"][channel]
    expect(tape.readout("whole-bias")).to_have_text(f"{'−' if bias < 0 else '+'}{abs(bias):.2f}")
    expect(tape.readout("origin")).to_have_text(explain(step)["sentences"]["output"][channel])
    bar = tape.page.locator(".whole-bar")
    part = tape.box(bar.locator("[data-part=bias]"))["width"] / tape.box(bar)["width"]
    assert part == pytest.approx(abs(expected["bias"]), abs=0.005)

    bars = tape.page.locator("[data-origins=bars] canvas")
    height = tape.box(bars)["height"]
    tall = [abs(expected.get(f"write of step {tau}", 0.0)) for tau in range(T)]
    for margin, filled in ((-2 / height, True), (2 / height, False)):
        at = [(tau, share + margin) for tau, share in enumerate(tall) if 0 < share + margin < 1]
        colours = tape.pixels(bars, [((tau + 0.4) / T, 1 - share) for tau, share in at])
        assert [colour.alpha > 0 for colour in colours] == [filled] * len(at)
    tape.press("Escape")


def test_the_picture_of_all_reads(tape: Deck, explain: Explain) -> None:
    tape.wait_at_rest()
    writes: NDArray[np.float64] = np.array(explain(None)["shares"]["writes"])
    cells = [(read, wrote) for read in range(T) for wrote in range(T)]
    colours = tape.pixels(
        tape.page.locator("[data-origins=picture] canvas"),
        [((read + 0.4) / T, (wrote + 0.4) / T) for read, wrote in cells],
    )
    assert [cells[index] for index in differing(colours, [shade(writes[cell], "read") for cell in cells])] == []

    read, wrote = 20, int(np.argmax(writes[20]))
    figure = tape.page.locator("[data-origins=picture]")
    tape.page.mouse.move(*place_of(tape, figure.locator(".plot"), read, wrote, T))
    share = f"{100 * writes[read, wrote]:.1f} %"
    expect(figure.locator(".readout")).to_have_text(f"read of step {read}, write of step {wrote}: {share}")
    expect(tape.panel("inputs").locator(".step-hair")).to_be_visible()
    tape.page.mouse.move(2, 2)


# What lights up with an output bit.


def framed(panel: Locator) -> set[tuple[int, int | None]]:
    """The cells of a panel, or its whole columns, that are framed as sources."""
    found = panel.locator(".source").evaluate_all("all => all.map((it) => [it.dataset.step, it.dataset.row ?? null])")
    return {(int(step), None if row is None else int(row)) for step, row in found}


def assert_sources_lit(deck: Deck, trace: ServiceTrace, step: int) -> None:
    """The locations that were read, and the steps that wrote them, where a copy has one of each."""
    location = int(np.argmax(trace.field("read.weighting")[step]))
    wrote = step - RECALL + 1
    assert int(np.argmax(trace.field("write.weighting")[wrote])) == location
    assert framed(deck.panel("read.weighting")) == {(step, location)}
    assert framed(deck.panel("write.weighting")) == {(wrote, location)}
    assert framed(deck.panel("write.add_vector")) == framed(deck.panel("inputs")) == {(wrote, None)}
    assert framed(deck.page.locator("[data-origins=picture]")) == {(step, wrote)}
    rows = deck.page.locator("figure[data-memory] .source").evaluate_all("all => all.map((it) => it.dataset.row)")
    assert rows == [str(location)]


@pytest.fixture(scope="module")
def trace(trace_of: Callable[..., ServiceTrace]) -> ServiceTrace:
    return trace_of(ROWS)


def one_bit(trace: ServiceTrace, step: int) -> int:
    """A channel of the step whose output is 1: its read gives it, not the bias."""
    return int(np.argmax(trace.field("outputs")[step, :8]))


def test_a_hovered_output_bit_lights_up_what_it_came_from(tape: Deck, trace: ServiceTrace) -> None:
    tape.leave_fields()
    tape.press("Escape", "End")
    tape.page.mouse.move(*output_bit(tape, 18, one_bit(trace, 18)))
    expect(tape.panel("read.weighting").locator(".source")).to_have_count(1)
    assert_sources_lit(tape, trace, 18)
    tape.page.mouse.move(2, 2)
    expect(tape.page.locator("#tape .source")).to_have_count(0)


def test_a_pinned_output_bit_stays_lit_while_time_moves(tape: Deck, trace: ServiceTrace) -> None:
    place = output_bit(tape, 18, one_bit(trace, 18))
    tape.page.mouse.click(*place)
    tape.leave_fields()
    tape.press("ArrowLeft", "ArrowLeft", "Home")
    tape.expect_step(0)
    tape.wait_painted()
    assert_sources_lit(tape, trace, 18)
    expect(tape.readout("origin")).to_contain_text("of step 18 is 1 (")
    tape.page.mouse.click(*place)
    tape.page.mouse.move(2, 2)
    expect(tape.page.locator("#tape .source")).to_have_count(0)


def test_by_keys_too(tape: Deck, trace: ServiceTrace) -> None:
    tape.go_to(18)
    channel, plot = one_bit(trace, 18), tape.panel("outputs").locator(".plot")
    plot.focus()
    tape.press(*["ArrowDown"] * (channel + 1), "Enter")
    told = tape.page.locator("#transport [aria-live=polite]")
    expect(told).to_contain_text(f"Pinned: Output, step 18, bit {channel + 1}: ")
    expect(told).to_contain_text(" from step 5")
    tape.press("ArrowLeft")
    tape.expect_step(17)
    assert_sources_lit(tape, trace, 18)
    tape.press("Escape")
    expect(tape.page.locator("#tape .source")).to_have_count(0)
    tape.leave_fields()


def test_by_touch_too(open_deck: Open) -> None:
    deck = open_deck(width=375, height=812, has_touch=True)
    plot = deck.panel("outputs").locator(".plot")
    plot.evaluate("it => it.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = deck.box(plot)
    x, y = box["x"] + 30.5 / 42 * box["width"], box["y"] + 1.5 / CHANNELS * box["height"]
    deck.page.touchscreen.tap(x, y)
    deck.expect_step(30)
    expect(deck.panel("write.weighting").locator(".source")).to_have_count(1)
    deck.page.touchscreen.tap(x, y)
    expect(deck.page.locator("#tape .source")).to_have_count(0)


def test_what_takes_long_is_worked_out_by_a_worker_and_no_stale_answer_is_shown(open_deck: Open) -> None:
    deck = open_deck()
    deck.set_locations(4096)
    deck.choose_machine("untrained")
    deck.run_bits(["10110011"] * 60)
    deck.leave_fields()
    deck.page.evaluate(
        """() => {
            const origin = document.querySelector('[data-readout=origin]');
            window.said = [];
            new MutationObserver(() => said.push(origin.textContent)).observe(origin, { childList: true });
        }"""
    )
    deck.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    deck.expect_step(118)
    working = "Working out where this comes from …"
    expect(deck.readout("origin")).to_have_text(re.compile(r"\b(S|s)tep 118 reads"))
    said = deck.page.evaluate("said")
    assert working in said
    last = len(said) - 1 - said[::-1].index(working)
    assert len(said[last + 1 :]) == 1, "one answer follows what was asked last, and it is of that step"
    assert len(deck.page.workers) == 1


SHOW = """async (described) => {
    const { tape, store, trace } = await tapedeck;
    const changed = new trace.constructor(described);
    store.trace = changed;
    store.cursor.begin(changed.steps);
    tape.begin(changed);
    const row = (step) => described.fields.flatMap(({ name }) => [described[name][step]].flat());
    const rows = Float32Array.from(Array.from({ length: changed.steps }, (_, step) => row(step)).flat());
    changed.append({ first: 0, count: changed.steps, total: changed.steps, rows });
    changed.finish(described);
    store.cursor.grow(changed.steps);
    store.cursor.pause();
    store.cursor.seek(changed.steps - 1);
}"""
"""A recorded trace on the page's own tape: the service carries no interventions out yet."""


def test_what_an_intervention_set_is_a_source_of_its_own_on_the_page(deck: Deck) -> None:
    changed = json.loads(FILE.read_text(encoding="utf-8"))["changed"]
    deck.page.evaluate(SHOW, changed["trace"])
    (last,) = [each for each in changed["steps"] if each["step"] == len(changed["memories"]) - 1]
    shares = last["reads"]["read1"]["shares"]["interventions"]
    expect(deck.readout("origin")).to_have_text(last["sentences"]["reads"]["read1"])
    expect(deck.readout("whole-interventions")).to_have_text(f"{100 * sum(shares):.1f} %")
    rows = shown_shares(deck)
    set_before = sorted(set(changed["trace"]["memory.applied.steps"]))
    assert [name for name in rows if "intervention" in name] == [f"intervention at step {step}" for step in set_before]
    for step in set_before:
        assert abs(rows[f"intervention at step {step}"]) == pytest.approx(shares[step], abs=ROUNDING)


def test_nothing_is_said_of_interventions_in_a_run_without_any(tape: Deck) -> None:
    expect(tape.page.locator("dl .whole-initial")).to_be_visible()
    expect(tape.page.locator("dl .whole-interventions")).to_be_hidden()
