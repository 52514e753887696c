"""Taking a run away from the page: every form, cancelling, and the link."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, expect

from tests.api.client import WAIT
from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.server import Server

ROWS = ["10110011", "00101100", "11110000"]
STEPS = 2 * len(ROWS) + 2
FORMS = {
    "json": "application/json",
    "npz": "application/x-npz",
    "csv": "text/csv",
    "html": "text/html",
    "gif": "image/gif",
}
PRINT_DOTS = 2400
"""Pixels across: 8 inches at 300 dots an inch."""

Take = Callable[[str], Download]


@pytest.fixture(scope="module")
def taken_from(open_shared: Open) -> Deck:
    """A page with a short run on it, and the menu open."""
    deck = open_shared(permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    deck.run_bits(ROWS)
    deck.go_to(6)
    deck.button("take-away").click()
    return deck


@pytest.fixture(scope="module")
def opened(open_shared: Open) -> Deck:
    return open_shared(accept_downloads=True)


@pytest.fixture
def hindered(opened: Deck) -> Deck:
    """A page in whose browser something is missing or in the way, with a short run and the menu closed."""
    opened.page.evaluate("document.querySelector('#away-menu').hidePopover()")
    opened.run_bits(ROWS[:1])
    return opened


@pytest.fixture
def take(taken_from: Deck) -> Take:
    """Presses a button of the menu, and gives what is saved."""

    def pressed(form: str) -> Download:
        with taken_from.page.expect_download() as download:
            button(taken_from, form).click()
        expect(taken_from.readout("away-said")).to_contain_text("Saved ")
        return download.value

    return pressed


def button(deck: Deck, form: str) -> Locator:
    return deck.page.locator(f"#away-menu [data-take={form}]")


def choose(deck: Deck, picture: str) -> None:
    deck.page.get_by_label("Which picture").select_option(picture)


def read(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def test_pictures_are_fit_for_print(taken_from: Deck, take: Take) -> None:
    for picture in ("Verification figure", "Read weighting", "Memory"):
        choose(taken_from, picture)
        with Image.open(io.BytesIO(read(take("png")))) as image:
            assert image.format == "PNG"
            assert image.width >= (PRINT_DOTS if picture == "Verification figure" else PRINT_DOTS / 2), picture
            pixels = np.asarray(image.convert("RGB"))
            assert pixels[0, 0].tolist() == [255, 255, 255]
            assert len(np.unique(pixels[::8, ::8].reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize(
    ("picture", "labels"),
    [
        (
            "Verification figure",
            ["Inputs", "Outputs", "Targets", "Add vectors", "Read vectors", "Memory at step 6", "no bit errors"],
        ),
        ("Write weighting", ["Write weightings", "memory location", "time step", "At step 6, recall 2 of 3."]),
        ("Memory", ["Memory at step 6", "column"]),
        ("Who wrote what is read", ["Who wrote what is read", "written at step"]),
        ("Read sharpening", ["Read sharpening", "time step"]),
    ],
)
def test_a_picture_is_labelled_in_itself(taken_from: Deck, take: Take, picture: str, labels: list[str]) -> None:
    choose(taken_from, picture)
    download = take("svg")
    root = ET.fromstring(read(download))  # noqa: S314 (the service made it)
    words = " | ".join(element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text"))
    for label in [*labels, "SHA-256"]:
        assert label in words, label
    named = "" if picture == "Verification figure" else r"-[a-z-]+"
    assert re.fullmatch(rf"copy-1-3-vectors{named}-step-6\.svg", download.suggested_filename)


def test_a_picture_shows_the_locations_that_the_page_shows(taken_from: Deck, take: Take, server: Server) -> None:
    shown = taken_from.page.evaluate("tapedeck.then(({ tape }) => tape.memory.rows)")
    choose(taken_from, "Memory")
    checkpoint = httpx.get(f"{server.url}/api/checkpoints", timeout=WAIT).json()[0]
    request = {"checkpoint": checkpoint["id"], "sequence": [[int(bit) for bit in row] for row in ROWS]}
    address = f"{server.url}/api/trace?step=6&panel=memory&rows={shown[0]}-{shown[-1]}"
    drawn = httpx.post(address, json=request, headers={"Accept": "image/svg+xml"}, timeout=WAIT).content
    assert read(take("svg")) == drawn


OPENED_AT_ONCE = """new MutationObserver((_, watcher) => {
    const menu = document.querySelector("#away-menu[popover]");
    if (!menu) return;
    watcher.disconnect();
    menu.showPopover();
}).observe(document, { attributes: true, attributeFilter: ["popover"], subtree: true });"""
"""Opens the menu as soon as it can be, before anything has come from the service."""


def test_a_menu_that_is_open_before_the_run_offers_its_pictures(open_deck: Open) -> None:
    deck = open_deck(ready=False)
    deck.page.add_init_script(OPENED_AT_ONCE)
    deck.page.reload()
    deck.wait_done()
    expect(deck.page.locator("#away-menu")).to_be_visible()
    expect(deck.page.get_by_label("Which picture").locator("option", has_text="Read weighting")).to_have_count(1)
    expect(deck.page.get_by_label("Which picture")).to_have_value("figure")


def test_without_the_service_a_picture_says_why_there_is_none(hindered: Deck) -> None:
    deck = hindered
    deck.button("take-away").click()
    deck.page.context.set_offline(True)
    try:
        for form in ("svg", "webm"):
            button(deck, form).click()
            expect(deck.readout("away-said")).to_have_text(
                "The service does not answer, and what is exported is made there; try again when it is back."
            )
    finally:
        deck.page.context.set_offline(False)
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in deck.faults)  # Chromium's own, of every request
    deck.faults.clear()


@pytest.mark.parametrize("form", FORMS)
def test_what_the_service_makes_is_saved_as_it_is(take: Take, server: Server, form: str) -> None:
    checkpoint = httpx.get(f"{server.url}/api/checkpoints", timeout=WAIT).json()[0]
    sequence = [[int(bit) for bit in row] for row in ROWS]
    request = {"checkpoint": checkpoint["id"], "input": {"sequence": sequence}, "sha256": checkpoint["sha256"]}
    download = take(form)
    data = read(download)
    assert download.suggested_filename == f"{checkpoint['id']}-3-vectors.{form}"
    assert (
        data
        == httpx.post(f"{server.url}/api/trace", json=request, headers={"Accept": FORMS[form]}, timeout=WAIT).content
    )
    if form == "json":
        assert json.loads(data)["checkpoint"]["sha256"] == checkpoint["sha256"]
    elif form == "npz":
        with np.load(io.BytesIO(data)) as arrays:
            assert arrays["read.weighting"].shape == (STEPS, checkpoint["config"]["locations"])
    elif form == "gif":
        with Image.open(io.BytesIO(data)) as image:
            assert getattr(image, "n_frames", 1) == STEPS
    else:
        assert checkpoint["sha256"].encode() in data


def test_a_film_is_recorded(taken_from: Deck, take: Take) -> None:
    taken_from.speed.evaluate(
        "(speed) => { speed.value = '8'; speed.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    download = take("webm")
    data = read(download)
    assert data.startswith(b"\x1aE\xdf\xa3")  # EBML
    assert b"webm" in data[:64]
    assert download.suggested_filename == "copy-1-3-vectors.webm"
    size = taken_from.page.evaluate(
        """async (base64) => {
            const video = document.createElement("video");
            video.muted = true;
            video.src = `data:video/webm;base64,${base64}`;
            await video.play();
            return [video.videoWidth, video.videoHeight];
        }""",
        base64.b64encode(data).decode(),
    )
    assert min(size) > 500


HELD = """() => {
    const { read } = ReadableStreamDefaultReader.prototype;
    const released = new Promise((release) => (window.release = release));
    let parts = 0;
    ReadableStreamDefaultReader.prototype.read = async function () {
        const part = await read.call(this);
        if (parts++ > 0) await released;
        return part;
    };
}"""
"""Of what the page reads, all but the first part waits until it is released."""


def test_cancelling_saves_nothing(hindered: Deck) -> None:
    deck = hindered
    deck.run_bits(["10110011"] * 200)
    saved: list[Download] = []

    def note(download: Download) -> None:
        saved.append(download)

    deck.page.on("download", note)
    deck.page.evaluate(HELD)
    deck.button("take-away").click()
    button(deck, "gif").click()
    expect(deck.readout("away-progress")).to_have_text(re.compile(r"^[\d.]+ (bytes|kB|MB)$"))
    deck.button("cancel-away").click()
    deck.page.evaluate("release()")
    expect(deck.readout("away-said")).to_have_text("Cancelled; nothing was saved.")
    expect(button(deck, "gif")).to_be_enabled()
    with deck.page.expect_download() as download:  # what comes next is the next thing that was asked for
        button(deck, "npz").click()
    assert saved == [download.value]
    deck.page.remove_listener("download", note)


def test_the_link_is_copied(taken_from: Deck, open_deck: Open) -> None:
    deck = taken_from
    deck.page.locator("#away-menu [data-action=copy-link]").click()
    expect(deck.readout("away-said")).to_have_text("Link copied.")
    link = str(deck.page.evaluate("navigator.clipboard.readText()"))
    assert link == deck.page.locator("[data-away=link]").inner_text()
    assert link.startswith(deck.url)
    other = open_deck(link.removeprefix(deck.url))
    other.expect_step(6)
    assert other.page.evaluate("tapedeck.then(({ trace }) => trace.steps)") == STEPS


NO_CLIPBOARD = {
    "on plain http": "Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })",
    "with permission refused": """Object.defineProperty(navigator.clipboard, 'writeText', { value: () =>
        Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError')), configurable: true })""",
}
AGAIN = "() => void (delete navigator.clipboard, delete navigator.clipboard.writeText)"
"""As it was."""


@pytest.mark.parametrize("without", NO_CLIPBOARD.values(), ids=NO_CLIPBOARD)
def test_where_copying_is_refused_the_link_stays_selected_and_the_sentence_stays(hindered: Deck, without: str) -> None:
    deck = hindered
    deck.page.evaluate(f"() => void {without}")
    toggled = """() => {
        window.toggled = false;
        document.querySelector('#away-menu').addEventListener('toggle',
            () => requestAnimationFrame(() => requestAnimationFrame(() => (window.toggled = true))), { once: true });
    }"""
    deck.page.evaluate(toggled)
    deck.page.locator(".away [data-action=copy-link]").click()
    expect(deck.readout("away-said")).to_contain_text("The link is selected")
    deck.page.wait_for_function("window.toggled")  # and what the menu does by itself when it opens is done
    expect(deck.readout("away-said")).to_contain_text("The link is selected")
    link = deck.page.locator("[data-away=link]")
    expect(link).to_be_focused()
    assert deck.page.evaluate("getSelection().toString()") == link.inner_text() != ""
    deck.page.evaluate(AGAIN)


WITHOUT = {
    "as in Firefox": """window.ofTrack ??= CanvasCaptureMediaStreamTrack.prototype.requestFrame;
        MediaStream.prototype.requestFrame = function () { ofTrack.call(this.getVideoTracks()[0]); };
        delete CanvasCaptureMediaStreamTrack.prototype.requestFrame;""",
    "on neither": """window.ofTrack ??= CanvasCaptureMediaStreamTrack.prototype.requestFrame;
        delete MediaStream.prototype.requestFrame;
        delete CanvasCaptureMediaStreamTrack.prototype.requestFrame;""",
}


@pytest.mark.parametrize("missing", WITHOUT.values(), ids=WITHOUT)
def test_a_film_is_recorded_where_the_track_has_no_request_frame(hindered: Deck, missing: str) -> None:
    deck = hindered
    deck.page.evaluate(f"() => {{ {missing} }}")
    deck.button("take-away").click()
    with deck.page.expect_download() as download:
        button(deck, "webm").click()
    assert read(download.value).startswith(b"\x1aE\xdf\xa3")


LACKING = [
    ("delete HTMLCanvasElement.prototype.captureStream", "This browser cannot record what a page draws; take the GIF."),
    ("delete window.ImageDecoder", "This browser cannot take an animation apart; take the GIF."),
    ("delete window.MediaRecorder", "This browser cannot record video; take the GIF."),
]
"""One after the other, until all of it is lacking."""


def test_a_browser_that_cannot_record_says_what_is_missing(open_deck: Open) -> None:
    deck = open_deck(ready=False)
    for missing, sentence in LACKING:
        deck.page.add_init_script(missing)
        deck.page.reload()
        deck.wait_done()
        deck.button("take-away").click()
        expect(deck.readout("away-film")).to_have_text(sentence)
        expect(button(deck, "webm")).to_be_hidden()
