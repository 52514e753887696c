"""What axe finds, on every page in both themes; and what it cannot see: keys, words, numbers as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.trace import ServiceTrace

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
BRIGHTEST = """window.tapedeck.then(({ trace, tape }) => {
    const { rows } = tape.panels.find(({ spec }) => spec.name === "write.weighting");
    const weights = rows.map((row) => trace.at("write.weighting", 3)[row]);
    const row = weights.indexOf(Math.max(...weights));
    return [row, weights[row]];
})"""
AXE_SAYS = """async (options) => {
    const { passes, violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
    return [passes.length, violations.map(({ impact, help, nodes }) => `${impact}: ${help} ${nodes[0].html}`)];
}"""
THEMES = {"dark": {"runOnly": ["color-contrast", "link-in-text-block"]}, "light": {}}
"""What axe is asked in each, one after the other: they differ by their colours, and pages open in the last."""
FIELDS = "all => all.map((it) => it.dataset.field)"
TABBED = (
    """() => [...document.querySelectorAll("body *")].filter((it) => it.tabIndex >= 0 && it.checkVisibility()).length"""
)
NOTE_PLACES = """() => {
    window.reached = new Set();
    document.addEventListener("focusin", () => reached.add(placeOf(document.activeElement)));
    const placeOf = ({ dataset, role, parentElement }) => {
        if (dataset.action) return `action ${dataset.action}`;
        if (dataset.term) return `term ${dataset.term}`;
        return role === "group" ? `plot ${parentElement.dataset.field}` : role;
    };
}"""
SETTLED = "({ trace }) => trace !== null && trace.bitErrors !== null"
THERE = {
    "Play": SETTLED,
    "Learn": "({ film: { reel, drawing } }) => reel.traces.length > 1 && reel.queue.length === 0 && drawing === 0",
    "Generalize": "() => document.querySelector('#generalization-graph .scatter .points') !== null",
    "Lab": "({ lab, trace }) => trace?.over && lab.changed === trace",
    "Guide": "() => [...document.querySelectorAll('.stop')].every((stop) => !stop.textContent.includes('…'))",
}
"""Whether all of a page is there."""


@pytest.fixture(scope="module")
def looked_at(open_shared: Open) -> Deck:
    """A page that axe is in."""
    deck = open_shared()
    deck.page.add_script_tag(path=AXE)
    return deck


@pytest.fixture
def calm(looked_at: Deck) -> Deck:
    """The tape that the page opens with, at rest at its end, with nothing pinned."""
    looked_at.go("Play")
    looked_at.choose_machine("copy, seed 1")
    looked_at.begin_with("Hello, tape machine!")
    return looked_at


def go(deck: Deck, name: str) -> None:
    """To another page, until all of it is there."""
    deck.go(name)
    deck.wait_deck(THERE[name])


@pytest.mark.parametrize("name", THERE)
def test_axe_finds_nothing(looked_at: Deck, name: str) -> None:
    go(looked_at, name)
    assert_axe_finds_nothing(looked_at)


def test_axe_finds_nothing_in_a_comparison(looked_at: Deck) -> None:
    go(looked_at, "Learn")
    looked_at.page.get_by_label("compare with").select_option(index=1)
    expect(looked_at.page.locator(".compared figure")).to_have_count(6)
    assert_axe_finds_nothing(looked_at)
    looked_at.page.get_by_role("button", name="Close the comparison").click()


def assert_axe_finds_nothing(deck: Deck) -> None:
    for theme, options in THEMES.items():
        deck.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        expect(deck.page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
        deck.wait_painted()  # in the colours of the theme
        passes, violations = deck.page.evaluate(AXE_SAYS, options)
        assert passes > 0, "axe looked at nothing"
        assert violations == [], theme


def test_a_panel_is_a_table_on_request(calm: Deck) -> None:
    page = calm.page
    page.get_by_role("button", name="Write weighting as a table").focus()
    page.keyboard.press("Enter")

    table = page.get_by_role("dialog", name="Write weighting").get_by_role("table")
    row, value = page.evaluate(BRIGHTEST)
    expect(table.get_by_role("columnheader", name="step 3", exact=True)).to_be_visible()
    expect(table.locator("tbody tr").nth(row).locator("td").nth(3)).to_have_text(f"{value:.3f}")
    page.keyboard.press("Escape")
    expect(table).to_be_hidden()


def test_a_word_is_explained_by_key_and_by_tap(calm: Deck) -> None:
    word = calm.page.get_by_role("button", name="Read vectors", exact=True)
    word.focus()
    expect(calm.page.get_by_role("tooltip")).to_contain_text("What a read head reads")
    calm.page.keyboard.press("Escape")
    expect(calm.page.get_by_role("tooltip")).to_be_hidden()
    word.click()
    expect(calm.page.get_by_role("tooltip")).to_be_visible()


def test_the_tour_is_walked_by_keys_and_goes_on_where_it_was_left(deck: Deck) -> None:
    page, card = deck.page, deck.page.get_by_role("dialog", name="Tour")
    page.get_by_role("button", name="Take the tour").first.click()
    expect(card).to_contain_text("Your sequence")
    page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("What it hears")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()

    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").get_by_role("button", name="Take the tour").click()
    expect(card).to_contain_text("What it hears")


def test_axe_finds_nothing_while_a_word_is_explained(calm: Deck) -> None:
    calm.page.locator("#tape [data-define]").first.hover()
    expect(calm.page.locator("#definition")).to_be_visible()
    assert_axe_finds_nothing(calm)


def take_the_tour(deck: Deck) -> Locator:
    """As it is always offered; its card."""
    deck.leave_fields()
    deck.press("?")
    deck.page.get_by_role("dialog", name="Keys").get_by_role("button", name="Take the tour").click()
    card = deck.page.get_by_role("dialog", name="Tour")
    expect(card).to_be_visible()
    return card


def test_axe_finds_nothing_in_a_failed_run_with_a_pin_and_the_tour(calm: Deck) -> None:
    calm.choose_machine("untrained")
    calm.panel("outputs").locator(".plot").focus()
    calm.press("ArrowDown", "Enter")
    card = take_the_tour(calm)
    assert_axe_finds_nothing(calm)
    calm.press("Escape")
    expect(card).to_be_hidden()


def test_every_panel_has_a_name_a_sentence_and_a_table(calm: Deck) -> None:
    parts = calm.page.locator("#tape figure:visible, #tape [data-inspects]")
    expect(parts).to_have_count(12)
    for part in parts.all():
        assert len(str(part.get_attribute("aria-label")).split()) > 5
        part.locator("[data-action=table]").press("Enter")
        table = calm.page.locator("#table")
        expect(table.get_by_role("columnheader").nth(1)).to_be_attached()
        expect(table.locator("tbody td").first).to_have_text(re.compile(r"^(-?\d.*)?$"))
        calm.press("Escape")
        expect(table).to_be_hidden()


def test_the_tables_of_the_memory_and_of_a_head_are_the_trace(
    calm: Deck, trace_of: Callable[..., ServiceTrace]
) -> None:
    rows = ["10110011", "00101100", "11110000"]
    calm.run_bits(rows)
    calm.go_to(3)
    trace, shown = trace_of(rows), calm.shown_locations()
    columns = [trace.field(f"{head}.weighting")[3] for head in ("write", "read")]
    columns += list(trace.memory(3).T)
    assert_table(calm, "Memory", [[column[row] for column in columns] for row in shown])
    stages = ["content_weighting", "gated_weighting", "shifted_weighting", "weighting"]
    columns = [trace.field(f"read.{stage}")[3] for stage in stages]
    assert_table(calm, "Read head at the cursor", [[column[row] for column in columns] for row in shown])


def assert_table(deck: Deck, name: str, expected: list[list[float]]) -> None:
    deck.page.get_by_role("button", name=f"{name} as a table").press("Enter")
    expect(deck.page.locator("#table tbody td")).to_have_count(len(expected) * len(expected[0]))
    values = deck.page.locator("#table tbody td").all_inner_texts()
    assert [float(value) for value in values] == pytest.approx(list(chain(*expected)), abs=0.00051)
    deck.press("Escape")


def test_a_seek_is_told_once_it_rests(calm: Deck) -> None:
    calm.leave_fields()
    calm.press("Home", *["ArrowRight"] * 5, "PageUp")
    told = calm.page.locator("#transport [aria-live=polite]")
    expect(told).to_have_text(
        re.compile(r"^Step 15 · input 15 of 20: writes ‘c’ to location \d+, one on from the last\.$")
    )
    calm.button("end").click()
    expect(told).to_have_text(re.compile(r"^Step 41 · recall 20 of 20: reads location \d+, gets ‘!’ ✓\. Exact copy\.$"))


def test_tab_reaches_everything_and_is_caught_nowhere(calm: Deck) -> None:
    """From the field, through every plot, term and button, around to where it began."""
    calm.page.locator("#composer-text").focus()
    calm.page.evaluate(NOTE_PLACES)
    calm.press(*["Tab"] * (calm.page.evaluate(TABBED) + 10))
    reached: set[str | None] = set(calm.page.evaluate("[...reached]"))
    wanted = {
        f"plot {panel}"
        for panel in calm.page.locator(":is(#tape, .explained) > .panels > figure[data-field]").evaluate_all(FIELDS)
    }
    wanted |= {
        "slider",
        "term write.weighting",
        "term read.key_strength",
        "action play",
        "action all-rows",
        "action help",
    }
    assert wanted - reached == set()


def test_escape_in_a_table_keeps_what_is_pinned(calm: Deck) -> None:
    calm.panel("outputs").locator(".plot").focus()
    calm.press("ArrowDown", "Enter")
    calm.page.get_by_role("button", name="Memory as a table").press("Enter")
    expect(calm.page.locator("#table")).to_be_visible()
    calm.press("ArrowLeft", "Escape")
    expect(calm.page.locator("#table")).to_be_hidden()
    calm.expect_step(41)
    expect(calm.panel("outputs").locator(".readout")).to_contain_text("step 41, bit 1")


def test_the_tour_can_be_skipped_for_good(deck: Deck) -> None:
    offer = deck.page.locator(".tour-offer")
    deck.page.get_by_role("button", name="No, thanks").press("Enter")
    expect(offer).to_be_hidden()
    deck.open()
    deck.wait_done()
    expect(offer).to_be_hidden()


CLEAR = """card => card.getBoundingClientRect().bottom
    <= document.querySelector("#transport").getBoundingClientRect().top"""


@pytest.mark.parametrize("width", [1440, 375])
def test_the_card_of_every_stop_is_in_view(calm: Deck, width: int) -> None:
    deck = calm
    deck.resize(width)
    card = take_the_tour(deck)
    for place in range(1, 9):
        expect(card).to_contain_text(f"{place} of 8")
        expect(card).to_be_in_viewport(ratio=1)
        deck.page.wait_for_function(CLEAR, arg=card.element_handle())
        deck.press("ArrowRight")
    expect(card).to_be_hidden()
    deck.resize(1440)
