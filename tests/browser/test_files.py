"""Files with a sequence: chosen, dropped, pasted, and refused."""

from __future__ import annotations

import io

import numpy as np
from playwright.sync_api import FilePayload, expect

from tests.browser.deck import FIELDS, Deck

SPREADSHEET = """([selector, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    data.items.add(new File(["\\x89PNG"], "image.png", { type: "image/png" }));
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
    document.querySelector(selector).dispatchEvent(event);
    return event.defaultPrevented;
}"""
"""A paste from a spreadsheet, which brings a picture of its cells along; whether the page took it from the field."""

HAND = """async ([kind, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const [type, carrier] = kind === "drop" ? [DragEvent, "dataTransfer"] : [ClipboardEvent, "clipboardData"];
    const event = new type(kind, { bubbles: true, cancelable: true, [carrier]: data });
    document.querySelector(".composer").dispatchEvent(event);
    return event.defaultPrevented;
}"""


def choose(deck: Deck, name: str, data: bytes) -> None:
    deck.choose_way("File")
    with deck.page.expect_file_chooser() as opened:
        deck.page.get_by_role("button", name="Choose a file").click()
    opened.value.set_files(FilePayload(name=name, mimeType="application/octet-stream", buffer=data))


def test_a_chosen_file_is_seen_in_every_way_and_runs(shared: Deck) -> None:
    out = io.BytesIO()
    np.save(out, np.eye(8, dtype=np.uint8))
    choose(shared, "eye.npy", out.getvalue())
    expect(shared.summary).to_have_text("8 vectors of 8 bits, 18 steps")
    expect(shared.page.locator(FIELDS["Hex"])).to_have_value("80 40 20 10 08 04 02 01")
    expect(shared.page.locator("#composer-file-read")).to_have_text(
        "Read 8 vectors from eye.npy: an array of 8 × 8, uint8."
    )
    shared.run()
    expect(shared.readout("heard")).to_have_text("80 40 20 10 08 04 02 01")


def test_the_same_file_may_come_again(shared: Deck) -> None:
    for _ in range(2):
        shared.write("Bits", "00000000")
        expect(shared.summary).to_have_text("1 vector of 8 bits, 4 steps")
        choose(shared, "again.csv", b"1,0,1,1,0,0,1,1\n0,0,1,0,1,1,0,0\n")
        expect(shared.summary).to_have_text("2 vectors of 8 bits, 6 steps")


def test_files_are_dropped_on_the_composer_and_pasted(shared: Deck) -> None:
    shared.choose_way("Text")
    assert shared.page.evaluate(HAND, ["drop", "note.txt", "dropped"])
    expect(shared.page.locator(FIELDS["Text"])).to_have_value("dropped")
    read = shared.page.locator("#composer-file-read")
    expect(read).to_have_text("Read 7 vectors from note.txt: text, 7 bytes, each a vector.")
    shared.write("Text", "typed")
    expect(read).to_be_empty()
    assert shared.page.evaluate(HAND, ["paste", "note.txt", "pasted"])
    expect(shared.page.locator(FIELDS["Text"])).to_have_value("pasted")


def test_a_file_that_holds_no_sequence_is_refused_and_what_stands_there_stays(shared: Deck) -> None:
    shared.write("Text", "stays")
    expect(shared.summary).to_have_text("5 vectors of 8 bits, 12 steps")
    choose(shared, "bad.json", b"[[1,0,1]]")
    expect(shared.message).to_have_text("bad.json: line 1: vector 1 has 3 bits; each one has 8.")
    choose(shared, "large.txt", b"0" * 1_000_001)
    expect(shared.message).to_contain_text("large.txt has 1,000,001 bytes")
    shared.choose_way("Text")
    expect(shared.page.locator(FIELDS["Text"])).to_have_value("stays")
    expect(shared.message).to_be_empty()


def test_cells_of_a_spreadsheet_are_pasted_as_text_though_a_picture_comes_with_them(shared: Deck) -> None:
    cells = "1\t0\t1\t1\t0\t0\t1\t1\n0\t0\t1\t0\t1\t1\t0\t0\n"
    shared.choose_way("Draw")
    assert shared.page.evaluate(SPREADSHEET, [".composer", cells])
    expect(shared.summary).to_contain_text("2 vectors of 8 bits, 6 steps")
    shared.choose_way("Bits")
    expect(shared.page.locator(FIELDS["Bits"])).to_have_value("10110011 00101100")
    assert not shared.page.evaluate(SPREADSHEET, [FIELDS["Bits"], cells]), "a field takes its text itself"
    expect(shared.message).to_be_empty()
