"""The ways to write a sequence down, and what is said when it is none."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.deck import FIELDS, Deck

FIRST = ["10110011", "00101100", "11111111"]


def value(deck: Deck, way: str) -> str:
    return deck.page.locator(FIELDS[way]).input_value()


def test_bits_are_run(shared: Deck) -> None:
    shared.write("Bits", "10110011, 00101100\n11111111")
    expect(shared.summary).to_have_text("3 vectors of 8 bits, 8 steps")
    shared.run()
    expect(shared.readout("verdict")).to_have_text("Exact copy")
    expect(shared.readout("heard")).to_have_text("b3 2c ff")
    expect(shared.readout("said")).to_have_text("b3 2c ff")


def test_text_is_run_as_its_bytes(shared: Deck) -> None:
    shared.write("Text", "Grüße 🎞️")
    expect(shared.summary).to_have_text("15 vectors of 8 bits, 32 steps")
    shared.run()
    expect(shared.readout("heard")).to_have_text("Grüße 🎞️")
    expect(shared.readout("said")).to_have_text("Grüße 🎞️")


def test_hex_is_run(shared: Deck) -> None:
    shared.write("Hex", "0x48 65,6C 6c6f")
    expect(shared.summary).to_have_text("5 vectors of 8 bits, 12 steps")
    shared.run()
    expect(shared.readout("said")).to_have_text("Hello")


def test_all_fields_show_the_same_sequence(shared: Deck) -> None:
    shared.write("Text", "Hi")
    expect(shared.page.locator(FIELDS["Bits"])).to_have_value("01001000 01101001")
    expect(shared.page.locator(FIELDS["Hex"])).to_have_value("48 69")
    shared.write("Hex", "ff 00")
    expect(shared.page.locator(FIELDS["Bits"])).to_have_value("11111111 00000000")
    expect(shared.page.locator(FIELDS["Text"])).to_have_value("")


def test_drawing_shows_and_changes_the_sequence(shared: Deck) -> None:
    shared.write("Bits", "00000000 00000000")
    expect(shared.summary).to_have_text("2 vectors of 8 bits, 6 steps")
    shared.choose_way("Draw")
    grid = shared.page.locator(".drawing canvas")
    box = shared.box(grid)
    cell = {"width": box["width"] / 2, "height": box["height"] / 8}
    shared.page.mouse.move(box["x"] + 0.5 * cell["width"], box["y"] + 0.5 * cell["height"])
    shared.page.mouse.down()
    shared.page.mouse.move(box["x"] + 0.5 * cell["width"], box["y"] + 2.5 * cell["height"], steps=8)
    shared.page.mouse.up()
    shared.page.get_by_role("button", name="Add vector", exact=True).click()
    shared.page.get_by_role("button", name="Invert", exact=True).click()
    expect(shared.summary).to_have_text("3 vectors of 8 bits, 8 steps")
    expect(shared.page.locator(FIELDS["Bits"])).to_have_value("00011111 11111111 11111111")
    shared.run()
    expect(shared.readout("heard")).to_have_text("1f ff ff")


def test_drawing_by_keyboard(shared: Deck) -> None:
    shared.write("Bits", "00000000 00000000")
    expect(shared.summary).to_have_text("2 vectors of 8 bits, 6 steps")
    shared.choose_way("Draw")
    grid = shared.page.locator(".drawing canvas")
    expect(grid).to_be_visible()
    grid.focus()
    shared.press("ArrowLeft", "ArrowUp", *["ArrowUp"] * 7, "Space", "ArrowRight", "ArrowDown", "Space")
    expect(shared.page.locator(FIELDS["Bits"])).to_have_value("10000000 01000000")
    expect(shared.readout("drawn")).to_have_text("vector 2, bit 2: 1")


def test_random_vectors_are_the_same_for_the_same_seed(shared: Deck) -> None:
    shared.choose_way("Random")
    found = []
    for seed in ("7", "8", "7"):
        shared.page.locator("#random-length").fill("12")
        shared.page.locator("#random-seed").fill(seed)
        before = value(shared, "Bits")
        shared.page.get_by_role("button", name="Draw at random").click()
        expect(shared.page.locator(FIELDS["Bits"])).not_to_have_value(before)
        found.append(value(shared, "Bits"))
    assert found[0] == found[2] != found[1]
    expect(shared.summary).to_have_text("12 vectors of 8 bits, 26 steps")
    shared.run()
    expect(shared.readout("count")).to_have_text("96 of 96 bits right")


def test_control_characters_are_drawn_by_name_whatever_the_font_has(shared: Deck) -> None:
    shared.write("Hex", "00 1b 41 7f")
    shared.run()
    for name in ("heard", "said"):
        expect(shared.readout(name)).to_have_text("␀␛A␡")
        drawn = shared.readout(name).locator(".control")
        shown = "all => all.map((it) => [getComputedStyle(it, '::before').content, getComputedStyle(it).fontSize])"
        assert drawn.evaluate_all(shown) == [['"NUL"', "0px"], ['"ESC"', "0px"], ['"DEL"', "0px"]]


WRONG = [
    ("Bits", "", "Nothing to run yet"),
    ("Bits", "  \n ", "Nothing to run yet"),
    ("Bits", "10110011 1011x011", "Vector 2, character 5 is “x”; a bit is 0 or 1."),
    ("Bits", "10110011 101100111", "Vector 2, “101100111”, has 9 bits; each one has 8."),
    ("Bits", "10110011 🎞️", "Vector 2, character 1 is “🎞”; a bit is 0 or 1."),
    ("Bits", " ".join(["10110011"] * 1001), "That is 1,001 vectors; at most 1,000 fit in one run. Take out 1."),
    ("Bits", "10110011 " * 60_000, "That is 60,000 vectors; at most 1,000 fit in one run. Take out 59,000."),
    ("Bits", "01" * 300_000, "That is 75,000 vectors; at most 1,000 fit in one run. Take out 74,000."),
    ("Text", "", "Nothing to run yet"),
    ("Text", "Tape " * 100_000, "That is 500,000 vectors; at most 1,000 fit in one run. Take out 499,000."),
    ("Hex", "", "Nothing to run yet"),
    ("Hex", "b3 2g", "After 1 whole vector comes “g”; a hexadecimal digit is 0–9 or a–f."),
    ("Hex", "b3 2c 1", "“1” has 1 hexadecimal digit; each vector of 8 bits takes 2, such as b3."),
]


@pytest.mark.parametrize(("way", "typed", "said"), WRONG, ids=[f"{way}-{said[:36]}" for way, _, said in WRONG])
def test_what_is_wrong_is_said_beside_the_field_and_the_tape_stays(
    shared: Deck, way: str, typed: str, said: str
) -> None:
    shared.write("Text", "last tape")
    shared.run()
    shared.write(way, typed)
    expect(shared.message).to_contain_text(said)
    field, message = shared.box(shared.page.locator(FIELDS[way])), shared.box(shared.message)
    assert 0 <= field["y"] - (message["y"] + message["height"]) < 24, "the message stands right above the field"
    before = len(shared.sent)
    shared.press_run()
    expect(shared.message).to_contain_text(said)
    expect(shared.readout("heard")).to_have_text("last tape")
    expect(shared.tape).to_have_attribute("data-state", "done")
    shared.go_to(3)
    assert shared.sent[before:] == []


def test_a_message_goes_when_what_is_wrong_is_mended(shared: Deck) -> None:
    shared.write("Bits", "10110011 1011x011")
    expect(shared.message).to_contain_text("“x”")
    shared.write("Bits", "10110011 10110011")
    expect(shared.message).to_be_empty()
    expect(shared.summary).to_have_text("2 vectors of 8 bits, 6 steps")


def test_ctrl_and_enter_run_what_is_being_typed(shared: Deck) -> None:
    shared.write("Text", "Enter")
    shared.press("Control+Enter")
    expect(shared.readout("said")).to_have_text("Enter")


def test_running_the_same_again_runs_it_again(shared: Deck) -> None:
    shared.run_bits(FIRST)
    shared.go_to(2)
    shared.run()
    shared.expect_step(7)


def test_run_takes_what_was_just_typed(shared: Deck) -> None:
    shared.choose_way("Text")
    field = shared.page.locator(FIELDS["Text"])
    field.fill("")
    field.press_sequentially("typed in a hurry")
    shared.run()
    expect(shared.readout("heard")).to_have_text("typed in a hurry")
