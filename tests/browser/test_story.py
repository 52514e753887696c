"""The page tells its story: what comes out comes with the cursor, a sentence tells each step, and the time bar stands
under the panels.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.tracing import prepare
from tapedeck.tracing.narration import narrate
from tests.browser.conftest import Open
from tests.browser.deck import Deck

TEXT = "Tape"
FIRST_RECALL, LAST = 6, 9
WRONG = ["11111111", "00101100", "10101010", "01010101"]

CURTAIN = """plot => {
    const curtain = plot.querySelector(".curtain");
    const [own, after] = [plot, curtain].map((part) => part.getBoundingClientRect());
    const colour = (part) => getComputedStyle(part).backgroundColor;
    const children = [...plot.children];
    return {
        from: (after.left - own.left) / own.width,
        opaque: colour(curtain) === colour(document.body),
        over: children.indexOf(curtain) > children.findLastIndex((part) => part.matches("canvas")),
    };
}"""
"""Where what is to come begins, and whether it can be seen."""

STEPS = """() => tapedeck.then(({ cursor, trace, request, transport }) => ({
    input: request.input, checkpoint: request.checkpoint,
    said: Array.from({ length: trace.steps }, (_, step) => {
        cursor.seek(step);
        return [transport.narration.textContent, transport.bar.getAttribute("aria-valuetext")];
    }),
}))"""
"""What the page says at every step, by eye and by ear."""

OFF = """({ cursor, trace, tape, transport }) => {
    const boxOf = (part) => part.getBoundingClientRect();
    const middle = (part) => (boxOf(part).left + boxOf(part).right) / 2;
    const strips = transport.strips.map(({ thumb, bar }) => {
        const { left, width } = boxOf(bar);
        return { left, width, thumb: middle(thumb) };
    });
    const plots = tape.panels.map(({ plot }) => plot).filter((plot) => plot.checkVisibility());
    return Math.max(...plots.map((plot) => {
        const { left, width } = boxOf(plot);
        const off = (strip) => Math.abs(strip.left - left);
        const strip = strips.reduce((best, each) => (off(each) < off(best) ? each : best));
        const column = left + ((cursor.step + 0.5) * width) / trace.steps;
        const head = middle(plot.querySelector(".playhead"));
        return Math.max(off(strip), ...[strip.thumb - column, head - column, strip.width - width].map(Math.abs));
    }));
}"""
"""By how many pixels the bar is off the panels: its ends, its thumb, and each panel's cursor, at the worst."""

ALIGNED = f"(deck, width) => innerWidth === width && ({OFF})(deck) <= 1"

CUT = """() => [...document.querySelectorAll(".bar-phase, .bar-mark")]
    .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"""


@pytest.fixture
def copied(shared: Deck) -> Deck:
    """A short text, copied; in a window of 1440 × 900."""
    for dialog in shared.page.locator("dialog[open]").all():
        shared.press("Escape")
        expect(dialog).to_be_hidden()
    shared.resize(1440)
    shared.choose_machine("copy, seed 1")
    shared.begin_with(TEXT)
    return shared


def verdict(deck: Deck) -> Any:
    return deck.readout("verdict")


def expect_curtain(deck: Deck, step: int, steps: int) -> None:
    """Nothing of the output is to be seen after a step."""
    plot = deck.panel("outputs").locator(".plot")
    deck.page.wait_for_function(
        f"([plot, share]) => Math.abs(({CURTAIN})(plot).from - share) < 0.01",
        arg=[plot.element_handle(), (step + 1) / steps],
    )
    found = plot.evaluate(CURTAIN)
    assert (found["opaque"], found["over"]) == (True, True)


def test_output_and_verdict_appear_with_the_cursor(copied: Deck) -> None:
    deck = copied
    deck.go_to(3)
    expect(verdict(deck)).to_have_text("No output yet")
    expect(deck.readout("count")).to_have_text("")
    expect_curtain(deck, 3, LAST + 1)
    deck.go_to(FIRST_RECALL + 1)
    expect(verdict(deck)).to_have_text("Output so far: Ta")
    expect(deck.readout("count")).to_have_text("16 of 16 bits right so far")
    expect(deck.readout("said")).to_have_text("Ta")
    expect(deck.readout("heard")).to_have_text(TEXT)
    expect_curtain(deck, FIRST_RECALL + 1, LAST + 1)
    deck.press("End")
    expect(verdict(deck)).to_have_text("Exact copy")
    expect(deck.readout("count")).to_have_text("32 of 32 bits right")
    deck.press("ArrowLeft")
    expect(verdict(deck)).to_have_text("Output so far: Tap")


def test_a_drag_and_play_tell_the_same_as_steps(copied: Deck) -> None:
    deck = copied
    deck.wait_at_rest()
    box = deck.box(deck.bar)
    at = [box["x"] + (step + 0.5) / (LAST + 1) * box["width"] for step in range(LAST + 1)]
    deck.page.mouse.move(at[LAST], box["y"] + 25)
    deck.page.mouse.down()
    deck.page.mouse.move(at[FIRST_RECALL], box["y"] + 25, steps=3)
    expect(verdict(deck)).to_have_text("Output so far: T")
    deck.page.mouse.move(at[LAST], box["y"] + 25, steps=3)
    expect(verdict(deck)).to_have_text("Exact copy")
    deck.page.mouse.move(at[1], box["y"] + 25, steps=3)
    expect(verdict(deck)).to_have_text("No output yet")
    deck.page.mouse.up()
    deck.press("k")
    expect(verdict(deck)).to_have_text("Exact copy")


def test_what_is_to_come_out_is_not_said_where_it_is_pointed_at(copied: Deck) -> None:
    deck = copied
    deck.go_to(FIRST_RECALL)
    box = deck.box(deck.panel("outputs").locator(".plot"))
    readout = deck.panel("outputs").locator(".readout")
    row = box["y"] + 1.5 / 10 * box["height"]
    deck.page.mouse.move(box["x"] + (FIRST_RECALL + 0.5) / (LAST + 1) * box["width"], row)
    expect(readout).to_have_text(re.compile(f"^step {FIRST_RECALL}, bit 2: "))
    deck.page.mouse.move(box["x"] + (LAST + 0.5) / (LAST + 1) * box["width"], row)
    expect(readout).to_have_text("")
    deck.panel("outputs").get_by_role("button", name="as a table").click()
    cells = deck.page.locator("#table tbody tr").first.locator("td")
    expect(cells.nth(FIRST_RECALL)).not_to_have_text("")
    expect(cells.nth(FIRST_RECALL + 1)).to_have_text("")


@pytest.fixture
def failed(copied: Deck) -> Deck:
    """A run with wrong bits, which are marked on the bar."""
    copied.choose_machine("untrained")
    copied.run_bits(WRONG)
    copied.leave_fields()
    return copied


def test_nothing_moves_when_the_verdict_comes(failed: Deck) -> None:
    deck = failed
    result, mark = deck.page.locator(".result"), deck.marks.first
    deck.press("End")
    deck.leave_fields()
    expect(deck.readout("diagnosis")).to_be_visible()
    expect(deck.page.get_by_role("button", name="First wrong step")).to_be_visible()
    expect(mark).to_be_visible()
    deck.wait_at_rest()
    before = [deck.box(part) for part in (result, deck.panel("write.weighting"), deck.page.locator("#transport"))]
    deck.press("Home")
    expect(verdict(deck)).to_have_text("No output yet")
    expect(deck.readout("diagnosis")).to_be_hidden()
    expect(deck.page.get_by_role("button", name="First wrong step")).to_be_hidden()
    expect(mark).to_be_hidden()
    deck.wait_at_rest()
    after = [deck.box(part) for part in (result, deck.panel("write.weighting"), deck.page.locator("#transport"))]
    assert after == before
    deck.press("m")
    expect(mark).to_be_visible()


def test_a_link_opens_at_its_step_with_what_has_come_out_by_then(copied: Deck, open_deck: Open) -> None:
    deck = copied
    deck.go_to(FIRST_RECALL + 2)
    deck.follow(sequence="r4.VGFwZQ", step=str(FIRST_RECALL + 2))
    other = open_deck(deck.link)
    other.expect_step(FIRST_RECALL + 2)
    expect(verdict(other)).to_have_text("Output so far: Tap")


def test_a_print_has_the_verdict_wherever_the_cursor_is(copied: Deck) -> None:
    deck = copied
    deck.go_to(3)
    page = deck.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(verdict(deck)).to_have_text("Exact copy")
    assert not deck.panel("outputs").locator(".plot").evaluate(CURTAIN)["opaque"]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(verdict(deck)).to_have_text("No output yet")


def test_the_verdict_is_told_to_who_hears_the_page_at_the_end_and_not_before(copied: Deck) -> None:
    deck = copied
    told = deck.page.locator("#transport [aria-live=polite]")
    deck.go_to(LAST - 1)
    expect(told).to_have_text(re.compile(rf"^Step {LAST - 1} · recall 3 of 4: .* ✓\.$"))
    deck.press("ArrowRight")
    expect(told).to_have_text(re.compile(rf"^Step {LAST} · recall 4 of 4: .* ✓\. Exact copy\.$"))


@pytest.mark.parametrize("machine", ["copy, seed 1", "repeat copy, seed 1", "associative recall, seed 2", "untrained"])
def test_the_sentence_of_every_step_is_the_one_python_says(copied: Deck, machine: str, machines: Any) -> None:
    deck = copied
    deck.choose_machine(machine)
    found = deck.page.evaluate(STEPS)
    known = CheckpointLibrary(machines).get(found["checkpoint"])
    said = narrate(prepare(known.machine, known.info.task, found["input"]).trace())
    assert found["said"] == [[sentence, sentence] for sentence in said]
    assert len(said) >= LAST


@pytest.mark.parametrize("width", [2000, 1440, 1000, 768, 375])
def test_the_time_bar_is_aligned_with_the_panels(copied: Deck, width: int) -> None:
    deck = copied
    deck.resize(width)
    for rows in (WRONG, WRONG * 30):  # some pixels a step, and less than two
        deck.run_bits(rows)
        for key in ("Home", "5", "End"):
            deck.leave_fields()
            deck.press(key)
            deck.wait_deck(ALIGNED, width)
    strip = deck.page.locator(".time-strip").last
    box = deck.box(strip.locator(".bar"))
    plot = deck.panel("read.weighting").locator(".plot")
    place = deck.box(plot)
    assert abs(place["x"] - box["x"]) <= 1
    deck.page.mouse.click(place["x"] + 30.5 / (2 * 4 * 30 + 2) * place["width"], box["y"] + 25)
    deck.expect_step(30)


def test_the_time_bar_stays_aligned_while_the_window_changes(copied: Deck) -> None:
    deck = copied
    for width in (900, 1900, 500, 1440):
        deck.page.set_viewport_size({"width": width, "height": 900})
        deck.wait_deck(ALIGNED, width)
        strips = 1 if width <= 620 else 2
        expect(deck.page.locator(".time-strip")).to_have_count(strips)


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("machine", ["copy, seed 1", "repeat copy, seed 1", "associative recall, seed 2"])
def test_every_phase_is_named_and_no_name_is_cut(copied: Deck, machine: str, width: int) -> None:
    deck = copied
    deck.resize(width)
    deck.choose_machine(machine)
    deck.wait_fitted(width, 900)
    phases = deck.page.locator(".time-strip:first-child .bar-phase")
    names = deck.page.evaluate("tapedeck.then(({ trace }) => trace.phases.map(({ name }) => name))")
    deck.page.wait_for_function(f"({CUT})().length === 0")
    titles = [each.get_attribute("title") or "" for each in phases.all()]
    assert [title.startswith(name) for title, name in zip(titles, names, strict=True)] == [True] * len(names)
    shown = phases.all_inner_texts()
    assert "recall" in shown or width < 400
    assert all(
        not text or name.lower().startswith(text.lower().rstrip(".")) or text.isdigit()
        for text, name in zip(shown, names, strict=True)
    )


def test_words_of_marks_that_fit_are_said(failed: Deck) -> None:
    deck = failed
    deck.press("End")
    marks = deck.marks
    expect(marks.last).to_be_visible()
    deck.page.wait_for_function(f"({CUT})().length === 0")
    assert any(len(text) > 3 for text in marks.all_inner_texts())


def steps_of(page: Page) -> list[int]:
    """Where phases begin."""
    return list(page.evaluate("tapedeck.then(({ trace }) => trace.phases.map(({ start }) => start))"))


def test_keys_and_buttons_lead_to_phases_and_marks(failed: Deck) -> None:
    deck = failed
    deck.press("Home")
    starts = steps_of(deck.page)
    for start in starts[1:]:
        deck.press("n")
        deck.expect_step(start)
    for start in reversed(starts[:-1]):
        deck.press("Shift+N")
        deck.expect_step(start)
    deck.button("next-phase").click()
    deck.expect_step(starts[1])
    deck.button("previous-phase").click()
    deck.expect_step(0)
    first = int(deck.marks.first.get_attribute("data-step") or -1)
    deck.leave_fields()
    deck.press("m")
    deck.expect_step(first)
    deck.press("End")
    deck.button("previous-mark").click()
    deck.wait_step("step < last")
    deck.leave_fields()
    deck.press("Home")
    deck.button("next-mark").click()
    deck.expect_step(first)
    deck.leave_fields()
    deck.press("?")
    for words in ("next and previous phase", "next and previous mark"):
        expect(deck.page.get_by_role("dialog", name="Keys of the player")).to_contain_text(words)


def test_without_marks_their_buttons_are_off(copied: Deck) -> None:
    deck = copied
    for action in ("previous-mark", "next-mark"):
        expect(deck.button(action)).to_be_disabled()
