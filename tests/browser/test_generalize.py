"""The generalization page: a live figure, its numbers as text, and the way from a point to the tape."""

from __future__ import annotations

from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.server import Server

REFUSED = "error: Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
FIGURE = "document.querySelector('#generalization-graph .js-plotly-plot')"
KEPT = "random, counted with 500 sequences of each length, on 128 locations, seed 1; ships with the machine"
CHOSEN = ".evaluated .mantine-MultiSelect-pill"
NUMBERED = """({ evaluation }) => {
    if (window.told !== undefined) return;
    window.told = 0;
    const { draw } = evaluation;
    evaluation.draw = (figure) => draw({ ...figure, layout: { ...figure.layout, meta: (told += 1) } });
    evaluation.prepare(evaluation.shown, null);
}"""
"""Every figure that Dash is told to draw has a number, from one on that is as the last."""
DRAWN = f"""() => {{
    const figure = {FIGURE};
    return figure?.layout.meta === told && Math.abs(figure._fullLayout.width - figure.clientWidth) < 1;
}}"""
"""Whether Plotly has drawn the last one, as large as its place is."""


def points_of(page: Page, legend: str) -> Locator:
    """The points of the line that the legend calls so."""
    names = page.locator("#generalization-graph .legendtext")
    expect(names.get_by_text(legend, exact=True)).to_be_visible()
    return (
        page.locator("#generalization-graph .scatter")
        .nth(names.all_text_contents().index(legend))
        .locator(".points path")
    )


OPACITY = "point => getComputedStyle(point).opacity * getComputedStyle(point.closest('.scatter')).opacity"


def evaluation_of(server: Server, machine: str) -> list[dict[str, Any]]:
    """The results that ship with a machine, as the service has them."""
    answer = httpx.get(f"{server.url}/api/checkpoints/{machine}/evaluation", timeout=30).raise_for_status()
    return list(answer.json()["results"])


def wait_drawn(deck: Deck) -> None:
    """Until an evaluation is over, and the figure is as it is to stay."""
    expect(deck.page.locator(".evaluation-progress")).to_be_hidden()
    deck.page.wait_for_function(DRAWN)


def press(deck: Deck, point: Locator) -> None:
    box = deck.box(point)
    press_at(deck, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def press_at(deck: Deck, x: float, y: float) -> None:
    """Plotly takes a press for what it points at by then."""
    deck.page.mouse.move(x, y)
    expect(deck.page.locator("#generalization-graph .hoverlayer .hovertext").first).to_be_visible()
    deck.page.mouse.down()
    deck.page.mouse.up()


def choose(page: Page, machine: str) -> None:
    """That machine in the place of the one that is chosen."""
    page.locator(f"{CHOSEN} button").click()
    page.locator("#evaluated").click()
    page.get_by_role("option", name=machine).first.click()
    page.locator("h1").click()


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Deck:
    """The page that the tests of this module share."""
    return open_shared("/generalize")


@pytest.fixture
def counting(shared: Deck) -> Deck:
    """The page as it opens: one machine with what ships with it, and nothing counted."""
    shared.go("Generalize")
    shared.tell(NUMBERED)
    kept = shared.page.locator("[data-readout=kept]")
    for field, value in (("longest", 140), ("each", 20), ("locations", "")):
        set_props(shared, f"evaluation-{field}", value)
    for machine, said in (("untrained", ""), ("copy-1", KEPT)):  # what was counted of another goes
        set_props(shared, "evaluated", [machine])
        expect(kept).to_have_text(said)
    expect(shared.page.locator(CHOSEN)).to_have_count(1)
    expect(shared.page.locator(".results-table .counted tr")).to_have_count(0)
    expect(shared.page.locator("#generalization-graph").get_by_text("N − 2 = 126")).to_be_visible()
    return shared


def set_props(deck: Deck, component: str, value: object) -> None:
    deck.wait_whole()
    deck.page.evaluate("([id, value]) => dash_clientside.set_props(id, { value })", [component, value])


def test_generalize_opens_on_the_evaluation_that_ships(open_deck: Open, server: Server) -> None:
    """As a line, its caption and a table; one of its points opens the worst input that was found of that size."""
    deck = open_deck("/generalize")
    deck.tell(NUMBERED)
    page, kept = deck.page, evaluation_of(server, "copy-1")
    expect(page.locator("[data-readout=kept]")).to_have_text(KEPT)
    expect(page.locator("#generalization-graph .legendtext")).to_have_text(["copy-1, ships with it"])
    rows = page.locator(".results-table .ships tr")
    expect(rows).to_have_count(len(kept))
    expect(rows.last).to_contain_text(f"{kept[-1]['wrong_bits']:,} of {kept[-1]['bits']:,}")
    expect(page.locator("[data-readout=evaluated]")).to_have_text("")
    points = points_of(page, "copy-1, ships with it")
    expect(points).to_have_count(len(kept))
    wait_drawn(deck)
    press(deck, points.last)
    page.wait_for_url(lambda url: "/generalize" not in url)
    deck.wait_deck("({ request }, length) => request?.input.sequence?.length === length", kept[-1]["length"])
    deck.expect_told("({ request }) => request.input.sequence.map((row) => row.join(''))", kept[-1]["worst"])


def test_live_counts_are_drawn_on_top_of_the_kept_ones(counting: Deck, server: Server) -> None:
    page = counting.page
    kept = page.locator("#generalization-graph .scatter").first
    expect(kept.locator(".points path")).to_have_count(len(evaluation_of(server, "copy-1")))
    page.locator("#evaluation-longest").fill("40")
    page.locator("#evaluation-each").fill("1")
    page.get_by_role("button", name="Evaluate").click()
    expect(page.locator("#generalization-graph .legendtext")).to_have_text(["copy-1, ships with it", "copy-1"])
    expect(points_of(page, "copy-1")).to_have_count(40)
    wait_drawn(counting)
    # Plotly draws traces in their order: what is counted here stands last, and alone in full strength.
    live = page.locator("#generalization-graph .scatter").last
    assert live.locator(".points path").first.evaluate(OPACITY) == 1
    assert kept.locator(".points path").first.evaluate(OPACITY) < 1
    expect(page.locator("[data-readout=kept]")).to_contain_text("500 sequences of each length")
    expect(page.locator("[data-readout=evaluated]")).to_contain_text("1 sequence of each length")
    # Another machine: what was counted of this one goes, and what ships with that one comes.
    choose(page, "associative recall, seed 2")
    expect(page.locator("#generalization-graph .legendtext")).to_have_text(["associative_recall-2, ships with it"])
    expect(page.locator("[data-readout=kept]")).to_contain_text("1,000 sequences of each size")
    expect(page.locator("[data-readout=evaluated]")).to_have_text("")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_map_goes_from_paper_to_error_and_a_cell_opens_its_worst_input(
    counting: Deck, server: Server, theme: Literal["light", "dark"]
) -> None:
    deck = counting
    page, kept = deck.page, evaluation_of(server, "repeat_copy-1")
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
    choose(page, "repeat copy, seed 1")
    expect(page.locator(".results-table .ships tr")).to_have_count(len(kept))
    page.wait_for_function(f"{FIGURE}.data.length === 1 && {FIGURE}.data[0].type === 'heatmap'")
    wait_drawn(deck)
    expected = [[0, deck.token("--cell-paper")], [1, deck.token("--error")]]
    deck.expect_told(f"() => {FIGURE}.data[0].colorscale", expected)
    lengths = [str(length) for length in sorted({each["length"] for each in kept})]
    deck.expect_told(f"() => {FIGURE}.layout.xaxis.categoryarray", lengths)
    numbers = page.locator("#generalization-graph .heatmap-label")
    expect(numbers).to_have_count(len(kept))
    page.set_viewport_size({"width": 375, "height": 900})
    expect(numbers).to_have_count(0)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(numbers).to_have_count(len(kept))
    wait_drawn(deck)
    (most,) = [each for each in kept if (each["length"], each["repeats"]) == (20, 20)]
    box = deck.box(page.locator("#generalization-graph .nsewdrag").first)
    press_at(deck, box["x"] + box["width"] - 8, box["y"] + 8)
    page.wait_for_url(lambda url: "/generalize" not in url)
    deck.wait_deck("({ request }) => request?.input.repeats === 20")
    deck.expect_told("({ request }) => request.input.sequence", most["worst"]["sequence"])
    page.emulate_media(color_scheme="light")


def test_a_machine_without_an_evaluation_opens_on_the_empty_frame(counting: Deck) -> None:
    page = counting.page
    choose(page, "untrained")
    expect(page.locator("[data-readout=kept]")).to_have_text("")
    expect(page.locator("#generalization-graph").get_by_text("N − 2 = 126")).to_be_visible()
    expect(page.locator("#generalization-graph .scatter")).to_have_count(0)
    expect(page.locator(".results-table table")).to_have_count(0)


def test_what_cannot_be_is_said(counting: Deck) -> None:
    page = counting.page
    page.locator("#evaluation-longest").fill("0")
    page.get_by_role("button", name="Evaluate").click()
    message = page.locator("#evaluation-message")
    expect(message).to_have_text("Longest must be a whole number from 1 to 1,000; got 0.")


def test_an_error_goes_when_the_next_evaluation_begins(counting: Deck) -> None:
    """One that the page found and one that the service answered."""
    page = counting.page
    message, evaluate = page.locator("#evaluation-message"), page.get_by_role("button", name="Evaluate")
    page.locator("#evaluation-longest").fill("2")
    page.locator("#evaluation-each").fill("1")
    page.locator("#evaluation-locations").fill("")
    for field, wrong, right, says in (
        ("#evaluation-each", "0", "1", "got 0"),
        ("#evaluation-locations", "2", "", "3 to 4,096"),
        ("#evaluation-each", "0", "1", "got 0"),
    ):
        page.locator(field).fill(wrong)
        evaluate.click()
        expect(message).to_contain_text(says)
        page.locator(field).fill(right)
        evaluate.click()
        expect(message).to_have_text("")
        expect(page.locator(".results-table .counted tr")).to_have_count(2)
    counting.faults.remove(REFUSED)


def test_nothing_is_said_to_be_evaluated_that_was_refused(counting: Deck) -> None:
    page = counting.page
    page.locator("#evaluation-locations").fill("2")
    page.get_by_role("button", name="Evaluate").click()
    expect(page.locator("#evaluation-message")).to_contain_text("3 to 4,096")
    expect(page.locator("[data-readout=evaluated]")).to_have_text("")
    expect(page.locator(".results-table .counted tr")).to_have_count(0)
    page.locator("#evaluation-locations").fill("")
    counting.faults.remove(REFUSED)


def test_the_figure_opens_with_the_bounds_of_what_is_chosen(counting: Deck) -> None:
    page = counting.page
    figure = page.locator("#generalization-graph")
    expect(figure.get_by_text("N − 2 = 126")).to_be_visible()
    page.locator("#evaluation-locations").fill("32")
    page.keyboard.press("Enter")
    expect(figure.get_by_text("N − 2 = 30")).to_be_visible()
    expect(figure.get_by_text("N − 2 = 126")).to_have_count(0)
    page.locator("#evaluated").click()
    page.get_by_role("option", name="untrained").click()
    page.locator("h1").click()
    expect(figure.get_by_text("trained to 20 (copy-1)")).to_be_visible()

    page.locator("#evaluation-longest").fill("20")
    page.locator("#evaluation-each").fill("1")
    page.get_by_role("button", name="Evaluate").click()
    rows = page.locator(".results-table .counted tr")
    expect(rows).to_have_count(40)
    page.locator("#evaluation-locations").fill("16")
    expect(page.locator("[data-readout=evaluated]")).to_contain_text("on 32 locations")
    # What is evaluated keeps its own bounds, whatever the fields say since; so does a figure that is drawn anew.
    counting.go("Play")
    counting.go("Generalize")
    expect(figure.get_by_text("N − 2 = 30")).to_be_visible()
    expect(points_of(page, "copy-1")).to_have_count(20)
    expect(points_of(page, "untrained")).to_have_count(20)


def test_the_trained_range_and_what_the_memory_holds_are_marked(counting: Deck) -> None:
    page = counting.page
    figure = page.locator("#generalization-graph")
    page.locator("#evaluation-longest").fill("40")
    page.locator("#evaluation-each").fill("1")
    page.locator("#evaluation-locations").fill("32")
    page.get_by_role("button", name="Evaluate").click()
    expect(figure.get_by_text("N − 2 = 30")).to_be_visible()
    expect(figure.get_by_text("trained to 20")).to_be_visible()
    expect(page.locator(".results-table .counted tr")).to_have_count(40)
    wait_drawn(counting)
    shapes = figure.locator(".shapelayer path")
    expect(shapes).to_have_count(2)
    band, limit = (shapes.nth(each).bounding_box() for each in range(2))
    assert band is not None
    assert limit is not None
    # Both stand on the one axis, from 0 on: 20 of 30.
    assert abs(band["width"] / (limit["x"] + limit["width"] / 2 - band["x"]) - 20 / 30) < 0.01


def test_a_machine_is_evaluated_and_a_point_opens_on_the_tape(counting: Deck) -> None:
    page = counting.page
    page.locator("#evaluation-longest").fill("6")
    page.locator("#evaluation-each").fill("3")
    page.locator("#evaluation-locations").fill("")
    page.get_by_role("button", name="Evaluate").click()

    rows = page.locator(".results-table .counted tr")
    expect(rows).to_have_count(6)
    expect(rows.last).to_contain_text("0 of 144")
    expect(rows.last).to_contain_text("3 of 3")
    wait_drawn(counting)

    points = points_of(page, "copy-1")
    expect(points).to_have_count(6)
    press(counting, points.last)
    page.wait_for_url(lambda url: "/generalize" not in url)
    counting.wait_done()
    expect(page.locator("#transport [data-readout=position]")).to_contain_text("of 13")


def test_a_press_right_after_typing_counts_what_was_typed(counting: Deck) -> None:
    """All in one task of the browser's, in which no timer can run; with the focus where a press puts it."""
    page = counting.page
    page.locator("#evaluation-each").fill("1")
    page.locator("#evaluation-locations").fill("")
    for typed in (7, 4, 5):
        page.locator("#evaluation-longest").evaluate(
            """(field, typed) => {
                field.focus();
                Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, typed);
                field.dispatchEvent(new Event("input", { bubbles: true }));
                const button = document.querySelector("#evaluate");
                button.focus();
                button.click();
            }""",
            str(typed),
        )
        expect(page.locator(".results-table .counted tr")).to_have_count(typed)


def test_cancel_keeps_what_was_counted(counting: Deck) -> None:
    page = counting.page
    page.locator("#evaluation-longest").fill("1000")
    page.get_by_role("button", name="Evaluate").click()
    expect(page.locator(".results-table .counted tr").first).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".evaluation-progress")).to_be_hidden()
    wait_drawn(counting)
    assert 0 < page.locator(".results-table .counted tr").count() < 40


def test_machines_are_counted_one_after_another_with_progress(counting: Deck) -> None:
    page = counting.page
    page.locator("#evaluated").click()
    page.get_by_role("option", name="untrained").click()
    page.locator("h1").click()
    page.locator("#evaluation-longest").fill("30")
    page.locator("#evaluation-each").fill("20")
    counting.note(".evaluation-progress", "hidden")
    page.get_by_role("button", name="Evaluate").click()
    counting.wait_noted(".evaluation-progress", "values.length > 1")  # it was there, and went
    expect(page.get_by_role("progressbar", name="Evaluation", include_hidden=True)).to_be_attached()
    expect(page.locator("[data-readout=evaluation]")).to_have_text("60 of 60 lengths")
    rows = page.locator(".results-table .counted tr")
    expect(rows).to_have_count(60)
    expect(rows.first).to_contain_text("copy-1")
    expect(rows.last).to_contain_text("untrained")
    expect(page.locator("#generalization-graph .legendtext")).to_have_text(
        ["copy-1, ships with it", "copy-1", "untrained"]
    )
    expect(page.locator(".evaluation-progress")).to_be_hidden()


def test_associative_recall_is_evaluated_by_items_and_a_point_opens_its_worst_list(counting: Deck) -> None:
    deck = counting
    page = deck.page
    choose(page, "associative recall, seed 2")
    expect(page.get_by_label("Most items")).to_have_value("20")
    expect(page.locator("#evaluation-pattern-place")).to_be_hidden()
    expect(page.locator("#generalization-graph").get_by_text("trained to 6")).to_be_visible()
    page.locator("#evaluation-longest").fill("3")
    page.locator("#evaluation-each").fill("2")
    page.get_by_role("button", name="Evaluate").click()
    rows = page.locator(".results-table .counted tr")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("2 of 2")
    points = points_of(page, "associative_recall-2")
    expect(points).to_have_count(2)
    wait_drawn(deck)
    press(deck, points.last)
    page.wait_for_url(lambda url: "/generalize" not in url)
    deck.wait_deck("({ request }) => request?.input.items?.length === 3")
    deck.wait_done()
