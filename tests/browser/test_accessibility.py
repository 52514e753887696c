"""What axe finds, on every page in both themes; and what it cannot see: keys, words, numbers as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
BRIGHTEST = """window.tapedeck.then(({ trace, tape }) => {
    const { rows } = tape.panels.find(({ spec }) => spec.name === "write.weighting");
    const weights = rows.map((row) => trace.at("write.weighting", 3)[row]);
    const row = weights.indexOf(Math.max(...weights));
    return [row, weights[row]];
})"""
SETTLED = "({ trace }) => trace !== null && trace.bitErrors !== null"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/learn", "/generalize", "/guide"])
def test_axe_finds_nothing(open_deck: Open, path: str, theme: str) -> None:
    deck = open_deck(path, ready=False, color_scheme=theme)
    deck.wait_deck(SETTLED)
    page = deck.page
    page.add_script_tag(path=AXE)

    found = page.evaluate("axe.run(document)")

    assert found["passes"], "axe looked at nothing"
    assert [f"{each['impact']}: {each['help']}" for each in found["violations"]] == []


def test_a_panel_is_a_table_on_request(deck: Deck) -> None:
    page = deck.page
    page.get_by_role("button", name="Write weighting as a table").focus()
    page.keyboard.press("Enter")

    table = page.get_by_role("dialog", name="Write weighting").get_by_role("table")
    row, value = page.evaluate(BRIGHTEST)
    expect(table.get_by_role("columnheader", name="step 3", exact=True)).to_be_visible()
    expect(table.locator("tbody tr").nth(row).locator("td").nth(3)).to_have_text(f"{value:.3f}")
    page.keyboard.press("Escape")
    expect(table).to_be_hidden()


def test_a_word_is_explained_by_key_and_by_tap(deck: Deck) -> None:
    word = deck.page.get_by_role("button", name="Read vectors", exact=True)
    word.focus()
    expect(deck.page.get_by_role("tooltip")).to_contain_text("What the read head reads")
    deck.page.keyboard.press("Escape")
    expect(deck.page.get_by_role("tooltip")).to_be_hidden()
    word.click()
    expect(deck.page.get_by_role("tooltip")).to_be_visible()


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
