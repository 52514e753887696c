"""The lab: every way to change something in the machine, what the tape then shows of both runs, and links to both."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.lab import wait_compared
from tests.browser.trace_files import ntm

TEXT = "Hello, tape machine!"
STEP = 25
"""Of 42: the fourth of the recall."""


@pytest.fixture(scope="module")
def opened(open_shared: Open) -> Deck:
    return open_shared("/lab")


@pytest.fixture
def lab(opened: Deck) -> Deck:
    """The lab on its first text, without changes, in the middle of the recall; changes are of this step."""
    deck = opened
    deck.leave_fields()
    deck.tell(
        "({ lab }) => { lab.hold(null); lab.show('changed'); lab.changes.clear(); lab.experiments.chosen = null; }"
    )
    deck.choose_machine("copy, seed 1")
    if deck.page.locator("#composer-text").input_value() != TEXT or deck.tell("({ trace }) => trace.steps") != 42:
        deck.see("Text", TEXT)
    wait_compared(deck, 0)
    deck.go_to(STEP)
    choose(deck, "knobs-spans", "step")
    choose(deck, "knobs-parts", "read")
    return deck


def choose(deck: Deck, group: str, value: str) -> None:
    deck.page.locator(f".{group} label[data-choice='{value}']").click()


def list_of(deck: Deck) -> Any:
    return deck.tell("({ lab }) => lab.changes.list")


def words(deck: Deck) -> Locator:
    return deck.page.locator(".changes summary")


def number(deck: Deck, label: str) -> Locator:
    return deck.page.get_by_label(label, exact=True)


def drag(deck: Deck, target: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of an element to another, given in shares of its width and height."""
    box = deck.box(target)
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    deck.page.mouse.move(*places[0])
    deck.page.mouse.down()
    deck.page.mouse.move(*places[1], steps=4)
    deck.page.mouse.up()


def touch(deck: Deck, places: list[tuple[float, float]]) -> None:
    """A finger goes down at the first place of the window, along the others, and up."""
    session: CDPSession = deck.page.context.new_cdp_session(deck.page)
    for index, (x, y) in enumerate(places):
        kind = "touchMove" if index else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_a_bar_is_dragged_and_both_runs_are_on_the_tape_at_once(lab: Deck) -> None:
    choose(lab, "knobs-fields", "read.shift_weighting")
    drag(lab, lab.page.locator(".grab-bars"), (0.5, 0.9), (0.5, -0.1))
    wait_compared(lab, 1)
    expect(words(lab)).to_have_text("Set the read head's shift weighting s to 0, 1, 0 at step 25.")
    expect(lab.page.locator(".versus-counts")).to_have_text("40 wrong · baseline 0")
    expect(lab.page.locator(".versus-sentence")).to_contain_text("The runs part at step 25 (recall 4 of 20)")
    expect(lab.page.locator(".bar-parting").first).to_be_visible()
    lab.expect_step(STEP)
    lab.page.get_by_role("button", name="Undo").click()  # the whole drag
    wait_compared(lab, 0)
    expect(lab.page.locator(".bar-parting").first).to_be_hidden()


def test_a_finger_drags_a_bar(lab: Deck) -> None:
    choose(lab, "knobs-fields", "read.key")
    box = lab.box(lab.page.locator(".grab-bars"))
    x, top = box["x"] + 0.02 * box["width"], box["y"]
    touch(lab, [(x, top + share * box["height"]) for share in (0.5, 0.3, 0.1)])
    wait_compared(lab, 1)
    [change] = list_of(lab)
    assert change["elements"] == [0]
    assert change["value"][0] == pytest.approx(0.8, abs=0.05)


def test_keys_choose_a_bar_and_change_it(lab: Deck) -> None:
    choose(lab, "knobs-fields", "read.key")
    before = lab.tell("({ trace }) => trace.at('read.key', 25)[1]")
    lab.page.locator(".grab-bars").focus()
    lab.press("Home" if before > 0 else "End")  # of the first, which the next key leaves
    wait_compared(lab, 1)
    lab.press("ArrowRight", "PageUp")
    lab.wait_deck("({ lab }) => lab.changes.list[0]?.elements.length === 2")
    wait_compared(lab, 1)
    assert list_of(lab)[0]["value"][1] == pytest.approx(before + 0.2, abs=0.01)
    lab.expect_step(STEP)  # the arrow was not the player's


def strip(deck: Deck, field: str) -> Locator:
    """A vector of the inspector."""
    return deck.page.locator(f"#inspector [data-vector='{field}'] .strip")


def test_a_number_of_the_inspectors_strips_is_dragged_turned_by_keys_and_typed(lab: Deck) -> None:
    before = lab.tell("({ trace }) => trace.at('write.erase_vector', 25)[3]")
    erase = strip(lab, "write.erase_vector")
    erase.scroll_into_view_if_needed()
    up = -3 if before < 0.5 else 3  # of its own height, which is a fraction of what goes from end to end
    drag(lab, erase, (3.5 / 20, 0.5), (3.5 / 20, up))
    wait_compared(lab, 1)
    [change] = list_of(lab)
    assert (change["target"], change["elements"], change["step"]) == ("write.erase_vector", [3], STEP)
    assert abs(change["value"][0] - before) > 0.2
    expect(number(lab, "Which number of it")).to_have_value("3")  # beside the tape, too
    key = strip(lab, "read.key")
    key.focus()
    lab.press(*["ArrowLeft"] * 19, "ArrowRight", "Home")  # the second, wherever it begins
    lab.wait_deck("({ lab }) => lab.changes.list[1]?.elements.join() === '1'")
    wait_compared(lab, 2)
    assert list_of(lab)[1]["value"] == [-1]
    expect(key).to_have_attribute("aria-valuetext", "column 1: -1.000")
    number(lab, "key k, column 1, as a number").fill("0.25")
    lab.expect_told("({ trace }) => trace.at('read.key', 25)[1]", 0.25)
    wait_compared(lab, 2)
    lab.expect_step(STEP)  # no key was the player's
    lab.go("Play")
    expect(key).not_to_have_attribute("role", "slider")
    expect(key).not_to_have_attribute("aria-valuenow", "0.25")
    lab.go("Lab")
    expect(key).to_have_attribute("role", "slider")
    wait_compared(lab, 2)


def test_a_finger_drags_a_number_of_a_strip(lab: Deck) -> None:
    read = strip(lab, "read.read_vector")
    read.scroll_into_view_if_needed()
    box = lab.box(read)
    x, y = box["x"] + 0.5 * box["width"] / 20, box["y"] + box["height"] / 2
    touch(lab, [(x, y), (x, y - 20), (x, y - 60)])
    wait_compared(lab, 1)
    [change] = list_of(lab)
    assert (change["target"], change["elements"]) == ("read.read_vector", [0])


def test_a_slider_moves_the_gate_and_a_number_is_typed_from_here_on(lab: Deck) -> None:
    choose(lab, "knobs-spans", "on")
    lab.page.get_by_label("interpolation gate g", exact=True).press("End")
    wait_compared(lab, 1)
    expect(words(lab)).to_have_text("Set the read head's interpolation gate g to 1 from step 25 on.")
    number(lab, "sharpening γ, as a number").fill("1.5")
    wait_compared(lab, 2)
    assert list_of(lab)[1] == {"kind": "set", "target": "read.sharpening", "value": 1.5, "start": 25}
    lab.expect_told("({ trace }) => trace.at('read.sharpening', 30)[0]", 1.5)
    number(lab, "sharpening γ, as a number").fill("")
    expect(number(lab, "sharpening γ, as a number")).to_have_attribute("aria-invalid", "true")
    assert len(list_of(lab)) == 2


def test_a_cell_of_the_memory_is_dragged_and_its_row_emptied_and_swapped(lab: Deck) -> None:
    plot = lab.page.locator(".memory .plot")
    drag(lab, plot, (0.33, 0.3), (0.33, 0.05))
    wait_compared(lab, 1)
    [change] = list_of(lab)
    row, column = change["rows"][0], change["columns"][0]
    assert change["value"] > 0
    expect(number(lab, "Location of the cell")).to_have_value(str(row))
    number(lab, "Value of the cell, as a number").fill("3.5")
    wait_compared(lab, 1)
    place = row * 20 + column
    lab.expect_told("({ trace }, place) => trace.memory.within(25, 0)[place]", 3.5, place)
    lab.page.get_by_role("button", name="Set the row to zero").click()
    wait_compared(lab, 1)  # it takes the place of the cell's
    expect(words(lab)).to_have_text(f"Set row {row} of the memory to 0 at step 25.")
    lab.page.get_by_role("button", name="Swap it with").click()
    wait_compared(lab, 2)
    expect(words(lab).nth(1)).to_have_text(f"Swap rows {row} and {row + 1} of the memory at step 25.")


def test_inputs_and_the_controllers_state_are_changed_like_a_head(lab: Deck) -> None:
    choose(lab, "knobs-parts", "task")
    number(lab, "Which number of it").fill("9")
    number(lab, "Its value").fill("1")
    wait_compared(lab, 1)
    expect(words(lab)).to_have_text("Set end delimiter of the input x to 1 at step 25.")
    choose(lab, "knobs-parts", "controller")
    number(lab, "Which number of it").fill("3")
    number(lab, "Its value").fill("2")
    wait_compared(lab, 2)
    expect(words(lab).nth(1)).to_have_text("Set unit 3 of the hidden vector h to 2 at step 25.")


OTHERS: list[tuple[str, dict[str, str], str]] = [
    ("content", {}, "Take content addressing from the write head at step 25."),
    ("location", {}, "Take location addressing from the write head at step 25."),
    ("freeze", {}, "Freeze the write head where it is at step 25."),
    ("move", {"Locations on, or below 0 back": "-2"}, "Move the write head 2 locations back at step 25."),
    ("ablate", {}, "Ablate the write head, which writes nothing at step 25."),
    ("scale", {"Number": "0.5"}, "Multiply the input x by 0.5 at step 25."),
    ("add", {"Number": "0.5"}, "Add 0.5 to the input x at step 25."),
    ("empty", {}, "Set the memory to 0 at step 25."),
    ("noise", {"Spread": "0.2"}, "Add noise of spread 0.2 (seed 1) to the memory at step 25."),
    ("initial", {"Seed": "4"}, "Add noise of spread 0.1 (seed 4) to the initial memory before the first step."),
    ("begin", {"Location": "3"}, "Set the write head's initial weighting w to 128 numbers before the first step."),
]
"""Kinds that no bar stands for, what is typed, and what the list says."""


def test_other_changes_are_added_in_words(lab: Deck) -> None:
    adding = lab.page.locator(".adding")
    adding.evaluate("it => { it.open = true; }")
    for kind, fields, said in OTHERS:
        adding.get_by_label("Kind of change").select_option(kind)
        for label, typed in {"Spread": "0.1", "Seed": "1", **fields}.items():
            field = adding.get_by_label(label, exact=True)
            if field.is_visible():
                field.fill(typed)
        adding.get_by_role("button", name="Add", exact=True).click()
        wait_compared(lab, 1)
        expect(words(lab)).to_have_text(said)
        lab.page.get_by_role("button", name="Undo").click()
        wait_compared(lab, 0)


def test_a_change_is_edited_moved_in_time_removed_and_brought_back(lab: Deck) -> None:
    number(lab, "sharpening γ, as a number").fill("2")
    wait_compared(lab, 1)
    words(lab).click()
    item = lab.page.locator(".changes li").first
    item.get_by_label("What is done").select_option("scale")
    item.get_by_label("Change 1, value").fill("0.25")
    item.get_by_label("When").select_option(label="in the recall phase")
    wait_compared(lab, 1)
    expect(words(lab)).to_have_text("Multiply the read head's sharpening γ by 0.25 in the recall phase.")
    item.get_by_role("button", name=re.compile("Remove")).click()
    wait_compared(lab, 0)
    lab.leave_fields()
    lab.press("Control+z")
    wait_compared(lab, 1)
    assert list_of(lab) == [{"kind": "scale", "target": "read.sharpening", "value": 0.25, "phase": "recall"}]
    lab.press("Control+z", "Control+Shift+z")
    wait_compared(lab, 1)


def test_what_the_service_refuses_is_said_beside_the_change_and_the_tape_stays(lab: Deck) -> None:
    number(lab, "sharpening γ, as a number").fill("2")
    wait_compared(lab, 1)
    lab.tell(
        "({ lab, trace }) => lab.changes.put({ kind: 'noise', target: 'parameters.gamma', spread: 1, seed: 1 }, trace)"
    )
    faults = lab.page.locator(".changes .field-message")
    expect(faults.nth(1)).to_contain_text("no parameter “gamma”; close to it are ")
    expect(faults.first).to_be_empty()
    expect(lab.notice).to_be_hidden()
    assert lab.tell("({ trace }) => trace.header.interventions.length") == 1
    lab.page.get_by_role("button", name=re.compile("Remove: Add noise")).click()
    wait_compared(lab, 1)


def test_noise_is_added_to_a_parameter_that_is_chosen_from_those_of_the_machine(lab: Deck) -> None:
    adding = lab.page.locator(".adding")
    adding.evaluate("it => { it.open = true; }")
    adding.get_by_label("Kind of change").select_option("parameter")
    names = adding.get_by_label("Name of the parameter")
    expect(names.locator("option").first).to_have_text("controller.layer1.weight (100 × 30)")
    expect(names.locator("option[value='readhead.produce_beta_t.bias']")).to_have_count(0)  # one number has no spread
    names.select_option("readhead.produce_k_t.weight")
    adding.get_by_role("button", name="Add", exact=True).click()
    wait_compared(lab, 1)
    expect(words(lab)).to_contain_text("to the parameter readhead.produce_k_t.weight before the first step.")


def test_the_tape_shows_baseline_difference_and_both(lab: Deck) -> None:
    number(lab, "sharpening γ, as a number").fill("1")
    wait_compared(lab, 1)
    choose(lab, "versus-choice", "baseline")
    lab.expect_told("({ tape, lab }) => tape.trace === lab.baseline.trace", True)
    choose(lab, "versus-choice", "difference")
    title = lab.panel("read.weighting").locator("h2")
    expect(title).to_have_attribute("data-contrast", "difference")
    expect(lab.panel("inputs").locator("h2")).to_have_attribute("data-contrast", "the same")
    expect(lab.panel("read.weighting").locator(".scale-low")).to_have_text(re.compile("^−"))
    choose(lab, "versus-choice", "both")
    expect(lab.page.locator(".versus-sides .compared h2").nth(0)).to_have_text("Changed")
    expect(lab.page.locator(".versus-sides figure")).to_have_count(6)
    lab.page.get_by_role("button", name=re.compile("First difference")).click()
    lab.expect_step(STEP)
    choose(lab, "versus-choice", "changed")
    expect(title).not_to_have_attribute("data-contrast", "difference")


def test_any_two_runs_are_compared_and_the_link_holds_both(lab: Deck, open_shared: Open) -> None:
    number(lab, "sharpening γ, as a number").fill("1")
    wait_compared(lab, 1)
    lab.page.get_by_role("button", name="Compare with this run").click()
    lab.see("Text", "Hello, TAPE machine!")
    lab.wait_deck("({ lab }) => lab.found !== null && lab.baseline.pinned")
    choose(lab, "versus-choice", "difference")
    sentence = lab.page.locator(".versus-sentence")
    expect(sentence).to_contain_text(f"Baseline: “{TEXT}” on copy-1, 1 change.")
    lab.leave_fields()
    lab.follow(show="difference")
    lab.page.wait_for_function("() => new URLSearchParams(location.hash).get('base') !== null")
    said = sentence.inner_text()
    other = open_shared(lab.link.replace("/lab#", "/#"))  # a link of before the lab had a page
    expect(other.page.locator(".versus-sentence")).to_have_text(said)
    expect(other.panel("inputs").locator("h2")).to_have_attribute("data-contrast", "difference")
    assert other.link == lab.link
    lab.page.get_by_role("button", name=re.compile("Remove: Set")).click()
    wait_compared(lab, 0)
    lab.see("Text", "Shorter")
    expect(sentence).to_contain_text("16 steps and the baseline 42")


def test_a_trace_file_is_compared_with_another(lab: Deck, tmp_path: Path) -> None:
    ntm(tmp_path / "one.npz")
    for _ in range(2):
        with lab.page.expect_file_chooser() as chosen:
            lab.page.get_by_role("button", name=re.compile("Open")).and_(lab.page.locator(":visible")).first.click()
        chosen.value.set_files(tmp_path / "one.npz")
        expect(lab.page.locator("[data-readout=opened-title]")).to_have_text("Two readers")
        lab.wait_deck("({ lab, trace }) => lab.changed === trace && trace.steps === 12")
        expect(lab.page.locator(".knobs")).to_be_hidden()
        if lab.page.get_by_role("button", name="Compare with this run").is_visible():
            lab.page.get_by_role("button", name="Compare with this run").click()
    expect(lab.page.locator(".versus-sentence")).to_contain_text("Every number is the same in both runs.")
    lab.page.get_by_role("button", name="Close file").click()
    lab.wait_deck("({ opened, trace }) => !opened.shown && trace.steps === 42")


def test_an_experiment_asks_for_a_prediction_and_then_shows_what_happens(lab: Deck) -> None:
    lab.page.locator(".experiments").evaluate("it => { it.open = true; }")
    lab.page.get_by_role("button", name="The way back to the start").click()
    choices = lab.page.locator(".experiment-choices label")
    expect(choices.first.locator("input")).to_be_enabled()
    assert lab.tell("({ trace }) => [trace.header.checkpoint.id, trace.results.wrong]") == ["repeat_copy-1", 0]
    choices.nth(1).click()
    expect(lab.page.locator(".experiment-verdict")).to_have_text("✓ As you said.")
    expect(words(lab)).to_have_text("Take content addressing from the read head from step 8 on.")
    expect(lab.page.locator(".versus-counts")).to_have_text("43 wrong · baseline 0")
    lab.expect_step(13)


def test_play_runs_the_machine_as_it_is_and_the_lab_keeps_its_changes(lab: Deck) -> None:
    number(lab, "sharpening γ, as a number").fill("1")
    wait_compared(lab, 1)
    lab.go("Play")
    lab.wait_deck("({ trace }) => trace.over && trace.header.interventions.length === 0")
    lab.expect_step(STEP)
    lab.go("Lab")
    wait_compared(lab, 1)
    lab.expect_step(STEP)


def test_changes_that_another_machine_does_not_have_are_left_out_in_a_sentence_and_undo_brings_them_back(
    lab: Deck,
) -> None:
    read, kept, write = (
        {"kind": "scale", "target": "read.sharpening", "value": 0.5},
        {"kind": "set", "target": "memory", "value": 0, "rows": [3], "step": 9},
        {"kind": "ablate", "head": "write", "step": 3},
    )
    lab.tell("({ lab }, changes) => lab.changes.become(changes)", [read, kept, write])
    wait_compared(lab, 3)
    lab.choose_by_id("priority_sort-1")
    note = lab.page.locator(".changes-note")
    expect(note).to_have_text(
        "2 changes are left out, which this machine or its task does not have: Multiply the read head's sharpening γ "
        "by 0.5 at every step; Ablate the write head, which writes nothing at step 3. Undo brings them back."
    )
    wait_compared(lab, 1)
    assert list_of(lab) == [kept]
    lab.choose_by_id("copy-1")
    wait_compared(lab, 1)
    lab.page.get_by_role("button", name="Undo").click()
    wait_compared(lab, 3)
    assert list_of(lab) == [read, kept, write]
    expect(note).to_be_empty()


def test_what_is_wrong_in_a_link_is_left_out_and_named_and_the_rest_is_run(lab: Deck) -> None:
    fine = {"kind": "set", "target": "read.sharpening", "value": 2}
    wrong: list[Any] = [
        None,
        {"kind": "set", "target": "read.sharpning", "value": 1},
        {"kind": "freeze", "head": "write", "step": 99},
        {**fine, "value": 3, "step": 5},
    ]
    text = json.dumps([fine, *wrong]).encode()
    changes = f"r{len(text)}.{base64.urlsafe_b64encode(text).decode().rstrip('=')}"
    lab.page.evaluate("hash => { location.hash = hash; }", f"v=1&checkpoint=copy-1&sequence=r2.SGk&do={changes}&step=3")
    for said in (
        "The link's change “null” is left out: must be an object with a kind, got null.",
        "The link's change “set read.sharpning” is left out: this machine has no “read.sharpning”; close to it ",
        "The link's change “freeze write” is left out: step is 99; this run has the steps 0 to 5.",
        "The link's change “set read.sharpening” is left out: contradicts intervention 0 (set): both decide ",
    ):
        expect(lab.notice).to_contain_text(said)
    wait_compared(lab, 1)
    assert [list_of(lab), lab.tell("({ trace }) => trace.steps")] == [[fine], 6]
    lab.notice.get_by_role("button", name="Dismiss").click()
