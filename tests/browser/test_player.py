"""The player: one cursor, moved by buttons, keys and pointer, and never by a request."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.deck import Deck
from tests.rows import random_rows

ROWS = random_rows(20, 0.5, seed=5)
LAST = 41
FIRST_RECALL = 22
SEEN_PLAYING = """() => tapedeck.then(({ cursor, transport }) => {
    window.seen = [];
    cursor.addEventListener("change", () => seen.push([transport.play.ariaLabel, cursor.step]));
})"""
"""What the button says and where the cursor is, at each move from now on."""


@pytest.fixture(scope="module")
def loaded(shared: Deck) -> Deck:
    shared.run_bits(ROWS)
    return shared


@pytest.fixture
def tape(loaded: Deck) -> Deck:
    """A tape of 42 steps, at its start and at rest, with everything about the player as the page opens with it."""
    loaded.leave_fields()
    loaded.press("Escape", "Home")
    loaded.speed.select_option("1")
    if loaded.button("loop").get_attribute("aria-pressed") == "true":
        loaded.button("loop").click()
    loaded.leave_fields()
    loaded.expect_step(0)
    return loaded


def play_button(deck: Deck, label: str) -> Locator:
    return deck.page.get_by_role("button", name=label, exact=True)


def test_play_and_pause_by_button(tape: Deck) -> None:
    tape.button("loop").click()  # it does not come to its end, however busy the machine is
    play_button(tape, "Play").click()
    tape.wait_step("step > 2")
    play_button(tape, "Pause").click()
    step = tape.step
    tape.frames(20)
    assert tape.step == step
    expect(play_button(tape, "Play")).to_be_visible()


@pytest.mark.parametrize("key", ["Space", "k"])
def test_play_and_pause_by_key(tape: Deck, key: str) -> None:
    tape.press("l", key)
    tape.wait_step("step > 1")
    tape.press(key)
    step = tape.step
    tape.frames(20)
    assert tape.step == step


@pytest.mark.parametrize(
    ("keys", "step"),
    [
        (["ArrowRight"], 1),
        (["ArrowRight", "ArrowRight", "ArrowLeft"], 1),
        (["ArrowLeft"], 0),
        (["Shift+ArrowRight"], 5),
        (["Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft"], 5),
        (["PageUp"], 10),
        (["PageUp", "PageUp", "PageDown"], 10),
        (["End"], LAST),
        (["End", "ArrowRight"], LAST),
        (["End", "Home"], 0),
        (["0"], 0),
        (["5"], 21),
        (["9"], 37),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else None,
)
def test_keys_move_the_cursor(tape: Deck, keys: list[str], step: int) -> None:
    tape.press(*keys)
    tape.expect_step(step)
    expect(tape.bar).to_have_attribute("aria-valuenow", str(step))


@pytest.mark.parametrize(
    ("actions", "step"),
    [(["end"], LAST), (["end", "start"], 0), (["forward", "forward"], 2), (["end", "back"], LAST - 1)],
    ids=lambda given: " ".join(given) if isinstance(given, list) else None,
)
def test_buttons_move_the_cursor(tape: Deck, actions: list[str], step: int) -> None:
    for action in actions:
        tape.button(action).click()
    tape.expect_step(step)


def test_play_stops_at_the_end_and_starts_over(tape: Deck) -> None:
    tape.speed.select_option("8")
    tape.leave_fields()
    tape.press("8", "k")
    expect(play_button(tape, "Play")).to_be_visible()
    tape.expect_step(LAST)
    tape.page.evaluate(SEEN_PLAYING)
    tape.press("k")
    expect(play_button(tape, "Play")).to_be_visible()
    tape.expect_step(LAST)
    seen = tape.page.evaluate("seen")
    assert {label for label, _ in seen[:-1]} == {"Pause"}
    assert seen[0][1] < 20, "from the start, however few pictures a busy machine makes of the way"
    assert seen[-1] == ["Play", LAST]


def test_speed_by_chooser_and_by_keys(tape: Deck) -> None:
    assert tape.speed.locator("option").all_inner_texts() == ["¼×", "½×", "1×", "2×", "4×", "8×"]
    tape.press(">")
    expect(tape.speed).to_have_value("2")
    tape.press("<", "<", "<", "<", "<")
    expect(tape.speed).to_have_value("0.25")
    tape.press(*[">"] * 7)
    expect(tape.speed).to_have_value("8")


def test_a_loop_goes_round(tape: Deck) -> None:
    tape.speed.select_option("8")
    tape.leave_fields()
    tape.press("l")
    expect(tape.button("loop")).to_have_attribute("aria-pressed", "true")
    tape.press("9", "k")
    tape.wait_step("step < 10")
    tape.wait_step("step > 30")
    tape.wait_step("step < 10")
    tape.press("k")


def along(deck: Deck, locator: Locator, step: int, share: float = 0.5) -> tuple[float, float]:
    """The point of the page where a step is, on the bar or on a panel."""
    box = deck.box(locator)
    return box["x"] + (step + 0.5) / (LAST + 1) * box["width"], box["y"] + share * box["height"]


def test_a_range_is_looped(tape: Deck) -> None:
    tape.page.keyboard.down("Shift")
    tape.page.mouse.move(*along(tape, tape.bar, 10))
    tape.page.mouse.down()
    tape.page.mouse.move(*along(tape, tape.bar, 14), steps=4)
    tape.page.mouse.up()
    tape.page.keyboard.up("Shift")
    expect(tape.button("loop")).to_have_attribute("aria-pressed", "true")
    tape.leave_fields()
    seen = tape.page.evaluate(
        """() => tapedeck.then(({ cursor }) => {
            cursor.seek(10);
            cursor.play();
            const seen = Array.from({ length: 12 }, () => (cursor.advance(0.1), cursor.step));
            cursor.pause();
            return seen;
        })"""
    )
    assert seen == [11, 12, 13, 14, 10] * 2 + [11, 12], "a step in each tenth of a second"


def test_the_bar_is_scrubbed(tape: Deck) -> None:
    tape.page.mouse.move(*along(tape, tape.bar, 30))
    tape.page.mouse.down()
    tape.expect_step(30)
    for step in (21, 5, 38):
        tape.page.mouse.move(*along(tape, tape.bar, step), steps=3)
        tape.expect_step(step)
    tape.page.mouse.move(*along(tape, tape.bar, 60))
    tape.expect_step(LAST)
    tape.page.mouse.up()
    tape.page.mouse.move(*along(tape, tape.bar, 10))
    tape.frames(3)
    tape.expect_step(LAST)


def test_scrubbing_pauses(tape: Deck) -> None:
    tape.press("k")
    tape.wait_step("step > 0")
    tape.page.mouse.click(*along(tape, tape.bar, 30))
    tape.frames(20)
    tape.expect_step(30)


@pytest.mark.parametrize("field", ["inputs", "outputs", "write.weighting", "read.read_vector"])
def test_a_panel_is_scrubbed(tape: Deck, field: str) -> None:
    plot = tape.panel(field).locator(".plot")
    plot.scroll_into_view_if_needed()
    tape.page.mouse.move(*along(tape, plot, 12, 0.3))
    tape.page.mouse.down()
    tape.expect_step(12)
    tape.page.mouse.move(*along(tape, plot, 33, 0.6), steps=5)
    tape.expect_step(33)
    tape.page.mouse.up()


def test_the_playhead_is_at_the_same_step_in_every_panel(tape: Deck) -> None:
    tape.go_to(17)
    for panel in tape.page.locator(":is(#tape, .explained) > .panels > figure[data-field]").all():
        plot, head = tape.box(panel.locator(".plot")), tape.box(panel.locator(".playhead"))
        middle = head["x"] + head["width"] / 2 - plot["x"]
        assert int(middle / plot["width"] * (LAST + 1)) == 17, panel.get_attribute("data-field")


def test_scrubbing_playing_and_hovering_cause_no_request(tape: Deck) -> None:
    requests, sent = len(tape.requests), len(tape.sent)
    tape.press("End", "Home", "5", "k")
    tape.wait_step("step > 24")
    tape.press("k")
    tape.page.mouse.move(*along(tape, tape.bar, 2))
    tape.page.mouse.down()
    tape.page.mouse.move(*along(tape, tape.bar, 40), steps=20)
    tape.page.mouse.up()
    plot = tape.panel("read.weighting").locator(".plot")
    plot.scroll_into_view_if_needed()
    tape.page.mouse.move(*along(tape, plot, 4))
    tape.page.mouse.move(*along(tape, plot, 30), steps=20)
    tape.speed.select_option("4")
    tape.button("all-rows").click()
    tape.button("all-rows").click()
    tape.frames(5)
    assert tape.requests[requests:] == []
    assert tape.sent[sent:] == []


def test_keys_are_not_the_players_while_she_types(tape: Deck) -> None:
    tape.go_to(7)
    tape.choose_way("Text")
    field = tape.page.locator("#composer-text")
    before = "so long that it waits for Run " * 2
    field.fill(before)
    field.press_sequentially("k 5 l?<>0")
    field.press("Home")
    field.press("ArrowRight")
    tape.frames(5)
    assert field.input_value() == before + "k 5 l?<>0"
    tape.expect_step(7)
    expect(tape.speed).to_have_value("1")
    expect(tape.button("loop")).to_have_attribute("aria-pressed", "false")
    expect(tape.page.locator("#help")).to_be_hidden()
    tape.page.locator("#locations").press("5")
    tape.page.locator("#locations").fill("")
    tape.expect_step(7)


def test_space_on_a_button_presses_that_button(tape: Deck) -> None:
    tape.button("forward").focus()
    tape.press("Space", "Space")
    tape.expect_step(2)
    expect(play_button(tape, "Play")).to_be_visible()


def test_the_bar_is_a_slider_of_its_own(tape: Deck) -> None:
    """Even with single keys switched off."""
    tape.press("?")
    switch = tape.button("single-keys")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    tape.button("close-help").click()
    tape.leave_fields()
    tape.press("End", "5", "k")
    tape.frames(3)
    tape.expect_step(0)
    tape.bar.focus()
    tape.press("ArrowRight", "PageUp")
    tape.expect_step(11)
    tape.press("End")
    tape.expect_step(LAST)
    tape.button("help").click()
    switch.click()
    tape.button("close-help").click()
    tape.leave_fields()
    tape.press("5")
    tape.expect_step(21)


def test_the_list_of_keys(tape: Deck) -> None:
    tape.press("?")
    dialog = tape.page.get_by_role("dialog", name="Keys of the player")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Space or K")
    tape.press("?", "Escape")
    expect(dialog).to_be_hidden()
    tape.button("help").click()
    expect(dialog).to_be_visible()
    tape.button("close-help").click()
    expect(dialog).to_be_hidden()


def test_a_pause_is_told_to_screen_readers_and_steps_of_play_are_not(tape: Deck) -> None:
    told = tape.page.locator("#transport [aria-live=polite]")
    tape.press("ArrowRight")
    expect(told).to_have_text(re.compile("^Step 1 · input "))
    before = told.inner_text()
    tape.press("l", "k")
    tape.wait_step("step > 1")
    expect(told).to_have_text(before)
    tape.press("k")
    expect(told).to_have_text(re.compile(rf"^Paused\. Step {tape.step} · input "))


def test_phases_are_named_on_the_bar(tape: Deck) -> None:
    phases = tape.page.locator(".time-strip").first.locator(".bar-phase")
    assert phases.all_inner_texts() == ["S", "input", "E", "recall"]
    names = ["start (delimiter): step 0", "input: steps 1 to 20", "end (delimiter): step 21", "recall: steps 22 to 41"]
    assert [phase.get_attribute("title") for phase in phases.all()] == names
    bar, recall = tape.box(tape.bar), tape.box(phases.nth(3))
    assert abs(recall["x"] - bar["x"] - FIRST_RECALL / (LAST + 1) * bar["width"]) < 3
