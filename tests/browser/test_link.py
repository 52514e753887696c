"""A link is the whole picture: the address follows, a fresh browser shows the same, a broken link says what is."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import FIELDS, Deck
from tests.rows import random_rows

ROWS = random_rows(12, 0.5, seed=3)
T = 26
SANE = 2_000
"""Characters that any mail program and messenger takes in a link."""

PICTURE = """({ cursor, tape, trace, page }) => trace?.over && ({
    step: cursor.step, rows: tape.memory.rows, pin: tape.pin, steps: trace.steps, page,
    locations: trace.locations, checkpoint: trace.header.checkpoint.id, last: [...trace.at("outputs", trace.steps - 1)],
})"""
RESTED = "({ address }) => address.timer === 0 && !address.opened && !address.reading"


@pytest.fixture(scope="module")
def reader(open_shared: Open) -> Deck:
    """Whoever links are sent to."""
    return open_shared()


@pytest.fixture
def deck(shared: Deck) -> Deck:
    """The page in which links are made, as it opens."""
    shared.go("Play")
    shared.choose_by_id("copy-1")
    shared.set_locations(None)
    shared.begin_with("Hello, tape machine!")
    shared.tell("({ tape }) => { tape.open = []; tape.showAll(false); }")
    return shared


def begin_anew(deck: Deck, link: str) -> Deck:
    """Opens a link as a page that was not there before."""
    deck.page.goto("about:blank")
    deck.open(link)
    deck.wait_done()
    return deck


def test_the_address_follows_and_a_fresh_browser_shows_the_same(deck: Deck, open_deck: Open) -> None:
    deck.set_locations(64)
    deck.run_bits(ROWS)
    deck.go_to(18)
    deck.button("all-rows").click()
    plot = deck.panel("outputs").locator(".plot")
    box = deck.box(plot)
    deck.page.mouse.click(box["x"] + 20.5 / T * box["width"], box["y"] + 2.5 / 10 * box["height"])
    deck.leave_fields()
    deck.press("ArrowLeft")
    deck.follow(step="19", rows="all", pin="outputs-20-2", locations="64", checkpoint="copy-1")

    other = open_deck(deck.link)
    other.expect_step(19)
    other.expect_told(PICTURE, deck.tell(PICTURE))
    expect(other.panel("outputs").locator(".readout")).to_contain_text("step 20, bit 3: ")
    expect(other.panel("write.weighting").locator(".source").first).to_be_attached()
    expect(other.button("all-rows")).to_have_attribute("aria-pressed", "true")
    expect(other.notice).to_be_hidden()

    deck.leave_fields()
    deck.press("Escape")
    deck.follow(pin=None)


def test_a_link_to_another_page_opens_that_page(deck: Deck, reader: Deck) -> None:
    deck.go_to(7)
    deck.follow(step="7")
    other = begin_anew(reader, f"/learn#{urlsplit(deck.address).fragment}")
    expect(other.page.locator(".page-learn")).to_have_attribute("aria-current", "page")
    other.expect_step(7)


def test_a_thousand_vectors_are_a_link_that_can_be_sent(deck: Deck, reader: Deck) -> None:
    deck.run_bits(random_rows(1000, 0.5, seed=1))
    deck.leave_fields()
    deck.press("5")
    deck.wait_step("step === 1001 || step === 1000")
    deck.follow(step=str(deck.step))
    assert len(deck.address) < SANE
    other = begin_anew(reader, deck.link)
    other.expect_told(PICTURE, deck.tell(PICTURE))


LINK = {"v": "1", "checkpoint": "copy-1", "sequence": "r2.SGk"}
SHA = "({ trace }) => trace.header.checkpoint.sha256.slice(0, 8)"
FRAMED = """({ tape, trace }) => ({
    rows: tape.memory.rows, scales: new URLSearchParams(location.hash.slice(1)).get("scales"),
    bars: [...document.querySelectorAll("#tape .scale")].map((bar) => bar.textContent),
    checkpoint: trace.header.checkpoint.id,
})"""
INVISIBLE = {
    "joiner": "👩\u200d🚀",
    "no-break": "a\u00a0b",
    "ideographic": "a\u3000b",
    "tab": "a\tb",
    "soft hyphen": "a\u00adb",
}

BROKEN = {
    "checkpoint=gone": "There is no machine “gone” here; copy-1 is shown instead.",
    "sha=00000000": "copy-1 is another machine here than where the link was made, so its numbers may differ.",
    "sequence=r20.SGVsbG8": "The link's sequence cannot be read: cut off or changed on its way.",
    "locations=2": "The link's run was refused.",
    "step=99": "This tape has no step 99; its last step, 5, is shown instead.",
    "loop=9-12": "This tape has no steps 9 to 12 to loop.",
    "pin=outputs-3-10": "This tape has no cell “outputs-3-10” to pin.",
    "v=7": "This link is of version “7”, and this page reads version 1.",
}


@pytest.mark.parametrize(("part", "sentence"), BROKEN.items(), ids=BROKEN)
def test_a_broken_link_says_what_is_broken(reader: Deck, part: str, sentence: str) -> None:
    whole = LINK | dict([part.split("=")])
    deck = begin_anew(reader, "/#" + "&".join(f"{name}={value}" for name, value in whole.items()))
    expect(deck.notice).to_contain_text(sentence)
    expect(deck.tape).to_have_attribute("data-state", "done")
    deck.notice.get_by_role("button", name="Dismiss").click()
    expect(deck.notice).to_be_hidden()


@pytest.mark.parametrize("part", ["sha=00000000", "checkpoint=gone", "step=99", "scales=1-2"])
def test_a_link_that_is_not_true_here_warns_as_long_as_it_is_shown_and_stays_as_it_was_written(
    reader: Deck, part: str
) -> None:
    name, value = part.split("=")
    written = "&".join(f"{key}={each}" for key, each in (LINK | {name: value}).items())
    deck = begin_anew(reader, f"/#{written}")
    notice = deck.readout("notice")
    expect(notice).not_to_be_empty()
    said = notice.inner_text()
    deck.wait_deck("({ address }) => address.held?.view && address.timer === 0")
    assert urlsplit(deck.address).fragment == written
    deck.go_to(2)
    deck.follow(step="2", **({name: value} if name in ("sha", "checkpoint") else {}))
    deck.run()
    expect(notice).to_have_text(said)  # the same run is still not the link's
    deck.go("Learn")
    deck.page.wait_for_function("location.pathname === '/learn' && location.hash !== ''")
    expect(notice).to_have_text(said)
    deck.go("Play")
    deck.write("Text", "another")
    deck.run()
    expect(deck.notice).to_be_hidden()
    deck.follow(**({"sha": deck.tell(SHA)} if name == "sha" else {}), checkpoint="copy-1")


def test_a_link_from_a_film_opens_with_its_scales_and_rows_on_every_page(deck: Deck, reader: Deck) -> None:
    deck.go("Learn")
    deck.write("Text", "Learn me")
    deck.run()
    deck.wait_deck("({ film: { reel } }) => reel.traces.length > 1 && reel.queue.length === 0")
    deck.page.locator("#film [role=slider]").focus()
    deck.press("Home", "ArrowRight", "ArrowRight")
    deck.follow(checkpoint="copy-1-000800", sequence="r8.TGVhcm4gbWU", step="17")
    deck.wait_painted()
    picture = deck.tell(FRAMED)
    assert picture["scales"]
    link = f"/#{urlsplit(deck.address).fragment}"
    other = begin_anew(reader, link)
    other.expect_told(FRAMED, picture)
    other.follow(scales=picture["scales"], checkpoint="copy-1-000800")
    expect(other.notice).to_be_hidden()
    begin_anew(reader, f"/learn{link[1:]}").expect_told(FRAMED, picture)


def test_text_with_signs_that_cannot_be_seen_reopens_as_text(deck: Deck, reader: Deck) -> None:
    begin_anew(reader, "/")
    for text in INVISIBLE.values():
        deck.write("Text", text)
        deck.run()
        data = text.encode()
        deck.follow(sequence=f"r{len(data)}.{urlsafe_b64encode(data).decode().rstrip('=')}")
        reader.choose_way("Bits")
        reader.page.evaluate("hash => { location.hash = hash }", urlsplit(deck.address).fragment)
        expect(reader.page.locator(FIELDS["Text"])).to_have_value(text)
        expect(reader.page.locator(FIELDS["Text"])).to_be_visible()


def test_back_and_forward_show_what_was_shown(deck: Deck) -> None:
    deck.wait_entered()
    link = "/#v=1&checkpoint=copy-1&sequence=r2.SGk&step="
    for step in (1, 4):
        deck.page.evaluate("url => { location.href = url }", f"{link}{step}")
        deck.expect_step(step)
        expect(deck.position).to_have_text(re.compile(" of 5 "))
        deck.wait_deck(RESTED)
    deck.page.go_back()
    deck.expect_step(1)
    deck.page.go_forward()
    deck.expect_step(4)
    deck.go("Guide")
    expect(deck.page.locator("#guide")).to_be_visible()
    deck.page.go_back()
    expect(deck.tape).to_be_visible()
    deck.expect_step(4)


def test_of_two_links_that_come_at_once_the_later_one_is_opened_and_stays(deck: Deck) -> None:
    links = [
        f"#v=1&checkpoint=copy-1&sequence={sequence}&step={step}"
        for sequence, step in (("r2.SGk", 1), ("r4.SGFsbw", 3))
    ]
    deck.page.evaluate("links => { for (const link of links) location.hash = link }", links)
    deck.expect_step(3)
    expect(deck.page.locator(FIELDS["Text"])).to_have_value("Halo")
    deck.wait_deck(RESTED)
    assert deck.address.endswith("&step=3")


def test_a_link_holds_the_way_in_and_what_is_folded_out(deck: Deck, reader: Deck) -> None:
    deck.follow(checkpoint="copy-1", way=None, open=None)
    deck.choose_way("Hex")
    deck.follow(way="hex")
    deck.page.locator("details.controller summary").click()
    deck.follow(way="hex", open="controller")
    other = begin_anew(reader, deck.link)
    expect(other.page.locator(FIELDS["Hex"])).to_be_visible()
    expect(other.page.locator("details.controller")).to_have_attribute("open", "")
    expect(other.readout("heard")).to_have_text("Hello, tape machine!")
    expect(other.notice).to_be_hidden()
    deck.choose_way("Text")
    deck.follow(way=None, open="controller")
