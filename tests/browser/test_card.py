"""The run card in a browser of its own: from a file, with no server and no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect
from plotly.colors import hex_to_rgb
from typer.testing import CliRunner

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.figures.card import card_pieces, numbers
from tapedeck.tracing import Applied, prepare
from tapedeck.tracing.narration import narrate
from tests.browser.conftest import PATIENCE_MS
from tests.browser.deck import AT_REST, Deck
from tests.figures.machines import DOCUMENT, DRAWN, run_of
from tests.narration_fixture import bits

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TEXT = "Tapedeck!"
STEPS = 2 * len(TEXT) + 2
HEADS = {
    "location": ("weighting", 0),
    "weight": ("weighting", 3),
    "gate": ("interpolation_gate", 3),
    "strength": ("key_strength", 2),
    "sharpening": ("sharpening", 2),
}
"""A number on the card, the array of the trace that it comes from, and its digits."""

SHOWN = """Object.fromEntries([...document.querySelectorAll("[data-head]")].map((head) => [head.dataset.head,
    Object.fromEntries([...head.querySelectorAll("dd")].map((place) => [place.dataset.value, place.textContent]))]))"""

NOTE_LABELS = """() => {
    const play = document.querySelector("[data-action=play]");
    window.labels = [];
    new MutationObserver(() => labels.at(-1) !== play.ariaLabel && labels.push(play.ariaLabel))
        .observe(play, { attributeFilter: ["aria-label"] });
}"""
"""What the button says from now on, however short."""

RED = """(canvas, [columns, rows]) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const at = (cell, cells, pixels) => Math.floor(((cell + 0.4) / cells) * pixels);
    return Array.from({ length: columns }, (_, x) => Array.from({ length: rows }, (_, y) =>
        copy.getImageData(at(x, columns, width), at(y, rows, height), 1, 1).data[0]));
}"""
"""The red part of the colour of every cell of a canvas, column after column."""

COLOUR_OF = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
"""A colour of the style sheet."""

IS_AS = f"([canvas, cells, colours, same]) => (String(({RED})(canvas, cells)) === String(colours)) === same"
"""Whether the colours are those that were seen before, or others."""

Arrays = dict[str, NDArray[Any]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the card and the trace of one run, as the command line writes them."""
    folder = tmp_path_factory.mktemp("cards")
    files = ("--html", str(folder / "run.html"), "--out", str(folder / "run.npz"))
    done = CliRunner().invoke(app, ["trace", "--checkpoint", "copy-1", "--text", TEXT, *files])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def trace(written: Path) -> Arrays:
    with np.load(written / "run.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """One of the test's own: a size or a medium that it was told of ends with it."""
    page = window.new_page()
    yield page
    page.close()


@pytest.fixture
def card(page: Page, written: Path) -> Iterator[Page]:
    """The card with its first picture. At the end nothing may have gone wrong in it, nor was more asked for."""
    faults: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    address = (written / "run.html").as_uri()
    page.goto(address)
    expect_step(page, STEPS - 1)
    page.wait_for_function(AT_REST, arg=[1440, 900])
    yield page
    assert (faults, requests) == ([], [address])


def slider(card: Page) -> Locator:
    return card.get_by_role("slider", name="Time")


def inputs(card: Page) -> Locator:
    return card.locator("[data-field=inputs] canvas").first


def expect_step(card: Page, step: int) -> None:
    """In words, on the bar, and painted."""
    expect(card.locator(".position")).to_have_text(re.compile(rf"^step {step} of {STEPS - 1} "))
    expect(slider(card)).to_have_attribute("aria-valuenow", str(step))
    expect(card.locator(".tape")).to_have_attribute("data-step", str(step))


def test_its_numbers_are_those_of_the_trace_at_every_step(card: Page, trace: Arrays) -> None:
    card.keyboard.press("Home")
    for step in range(STEPS):
        expect_step(card, step)
        heads = card.evaluate(SHOWN)
        for head in ("write", "read"):
            shown = heads[head]
            for name, (field, digits) in HEADS.items():
                value = trace[f"{head}.{field}"][step]
                number = value.argmax() if name == "location" else value.max()
                assert float(shown[name]) == pytest.approx(number, abs=0.51 * 10**-digits), (step, name)
            shifts = [float(shown[name]) for name in ("forward", "keep", "back")]
            assert shifts == pytest.approx(trace[f"{head}.shift_weighting"][step], abs=0.00051)
        card.keyboard.press("ArrowRight")
    expect(card.locator(".verdict")).to_contain_text("Exact copy")
    expect(card.locator(".about")).to_contain_text(str(trace["checkpoint_sha256"]))
    expect(card.locator(".texts dd")).to_have_text([TEXT, TEXT])


def test_the_slider_says_where_it_is_and_keys_move_it(card: Page) -> None:
    for key, step in (("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 6), ("PageUp", 16), ("End", STEPS - 1)):
        card.keyboard.press(key)
        expect_step(card, step)
    card.keyboard.press("Home")
    card.get_by_role("button", name="One step forward").click()
    expect_step(card, 1)
    expect(slider(card)).to_have_attribute("aria-valuetext", re.compile("^Step 1 · input 1 of 9: writes "))
    card.get_by_role("button", name="To the end").click()
    card.get_by_role("button", name="One step back").click()
    expect(card.locator(".transport [aria-live]")).to_have_text(
        re.compile(f"^Step {STEPS - 2} · recall 8 of 9: reads ")
    )


def test_plays_to_its_end_and_then_anew(card: Page) -> None:
    """Also where motion is to be reduced, it plays only when it is asked to."""
    card.get_by_label("Speed").select_option("8×")
    card.locator("h1").click()
    card.evaluate(NOTE_LABELS)
    card.keyboard.press("Space")
    card.wait_for_function("() => labels.at(-1) === 'Play'")
    assert card.evaluate("labels") == ["Pause", "Play"]
    expect_step(card, STEPS - 1)
    card.get_by_label("Speed").select_option("¼×")
    card.locator("h1").click()
    card.keyboard.press("Space")
    card.keyboard.press("Space")
    expect(card.get_by_role("button", name="Play")).to_be_visible()
    assert int(slider(card).get_attribute("aria-valuenow") or "") < STEPS - 1


def test_pictures_have_the_colours_of_the_trace(card: Page, trace: Arrays) -> None:
    """The input panel cell by cell."""
    colours = inputs(card).evaluate(RED, [STEPS, 10])
    ink, paper = (hex_to_rgb(card.evaluate(COLOUR_OF, name))[0] for name in ("--cell-ink", "--cell-paper"))
    np.testing.assert_array_equal(np.array(colours), np.where(trace["inputs"] > 0.5, ink, paper))


def test_pointing_at_a_cell_gives_its_value_and_pressing_goes_there(card: Page, trace: Arrays) -> None:
    panel = card.locator("[data-field='write.add_vector']")
    plot = panel.locator(".plot")
    box = plot.bounding_box()
    assert box is not None
    position = {"x": (6 + 0.5) * box["width"] / STEPS, "y": (3 + 0.5) * box["height"] / 20}
    plot.hover(position=position)  # type: ignore[arg-type]
    expect(panel.locator(".readout")).to_have_text(re.compile(r"^step 6, column 3: "))
    said = panel.locator(".readout").inner_text().rpartition(" ")[2]
    assert float(said) == pytest.approx(trace["write.add_vector"][6, 3], abs=0.005)
    plot.click(position=position)  # type: ignore[arg-type]
    expect_step(card, 6)


def test_all_locations_are_shown_on_request(card: Page) -> None:
    labels = card.locator("[data-field='read.weighting'] .row-axis .tick")
    expect(labels.first).not_to_have_text("0")  # the first picture has been painted
    card.get_by_role("button", name="All locations").click()
    expect(labels.first).to_have_text("0")


def test_a_word_is_explained_where_it_stands(card: Page) -> None:
    word = card.locator("[data-head=write]").get_by_role("button", name="gate g")
    word.click()
    expect(card.locator("#definition")).to_be_visible()
    expect(card.locator("#definition")).to_have_text(word.get_attribute("data-meaning") or "-")
    card.keyboard.press("Escape")
    expect(card.locator("#definition")).to_be_hidden()


def test_what_is_written_stands_on_the_left_and_what_is_read_on_the_right(card: Page) -> None:
    def left(field: str) -> float:
        box = card.locator(f"[data-field='{field}'] .plot").bounding_box()
        assert box is not None
        return box["x"]

    written, read = ("inputs", "write.add_vector", "write.weighting"), ("outputs", "read.read_vector", "read.weighting")
    assert {left(field) for field in written} == {left("inputs")}
    assert {left(field) for field in read} == {left("outputs")}
    assert left("inputs") < left("outputs") == left("targets")


@pytest.mark.parametrize("name", ["five of each on an LSTM", "associative recall on an LSTM"])
def test_any_run_plays_and_its_heads_can_be_chosen(page: Page, tmp_path: Path, name: str) -> None:
    faults: list[str] = []

    def note(error: Error) -> None:
        faults.append(str(error))

    trace = run_of(DRAWN[name])
    file = tmp_path / "card.html"
    file.write_bytes(b"".join(card_pieces(trace, DOCUMENT, {})))
    page.on("pageerror", note)
    page.goto(file.as_uri())
    expect(page.locator(".position")).to_contain_text(f"step {trace.steps - 1} of {trace.steps - 1}")
    for kind, heads in (("write", trace.layout.write_heads), ("read", trace.layout.read_heads)):
        choices = page.locator(f".head-choice.{kind} [role=radio]")
        assert choices.count() == (len(heads) if len(heads) > 1 else 0)
        if len(heads) > 1:
            expect(choices.first).to_have_attribute("aria-label", re.compile(rf"^{kind.capitalize()} head 1: \S"))
            page.locator(f".head-choice.{kind} [data-action=keep-head]").click()
            choices.nth(2).click()
            for shown in (heads[2], heads[0]):
                expect(page.locator(f"[data-field='{shown}.weighting']")).to_be_visible()
            peak = int(trace.arrays[f"{heads[2]}.weighting"][-1].argmax())
            expect(page.locator(f"[data-head={heads[2]}] [data-value=location]")).to_have_text(str(peak))
    wrong = page.locator(".vectors mark", has_not_text="✕").evaluate_all(
        "(all) => all.map((m) => m.textContent).join('')"
    )
    assert len(wrong) == trace.bit_errors
    page.remove_listener("pageerror", note)
    assert faults == []


def test_a_card_has_what_interventions_set_in_the_memory(page: Page, tmp_path: Path) -> None:
    plain = run_of(DRAWN["two of each on an LSTM"])
    rows, columns = np.repeat(range(12), 5), np.tile(range(5), 12)
    changes = Applied(np.full(60, plain.steps - 1), rows, columns, np.linspace(-9, 9, 60, dtype=np.float32))
    file = tmp_path / "card.html"
    shown = []
    for trace in (plain, replace(plain, applied=changes)):
        file.write_bytes(b"".join(card_pieces(trace, DOCUMENT, {})))
        page.goto(file.as_uri())
        memory = page.locator("[data-memory]")
        expect(page.locator(".tape")).to_have_attribute("data-step", str(trace.steps - 1))
        expect(memory.locator(".at-step")).to_have_text(f"at step {trace.steps - 1}")
        page.wait_for_function(AT_REST, arg=[1440, 900])
        limit = float(memory.locator(".scale-high").inner_text())
        greatest = np.abs(trace.memories()).max()
        assert greatest <= limit <= 2.5 * greatest
        shown.append(memory.locator(".plot canvas").evaluate(RED, [5, 12]))
    assert shown[0] != shown[1]


def test_is_dark_where_the_system_is_and_light_on_paper(card: Page) -> None:
    """Each change is one to the other colours, so that none of them can have been there before."""
    light = inputs(card).evaluate(RED, [STEPS, 10])
    for media, scheme, same in (
        ("screen", "dark", False),
        ("print", "dark", True),
        ("screen", "dark", False),
        ("screen", "light", True),
    ):
        card.emulate_media(media=media, color_scheme=scheme)  # type: ignore[arg-type]
        canvas = inputs(card).element_handle()
        card.wait_for_function(IS_AS, arg=[canvas, [STEPS, 10], light, same])
        expect(slider(card)).to_be_visible(visible=media == "screen")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(card: Page, scheme: str) -> None:
    card.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    card.wait_for_function("scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", arg=scheme)
    card.evaluate(AXE.read_text())  # as a script of the page its own policy would refuse it
    found = card.evaluate("axe.run(document)")
    assert found["passes"], "axe looked at nothing"
    assert [f"{each['impact']}: {each['help']}" for each in found["violations"]] == []


def test_fits_every_screen(card: Page) -> None:
    for width in (320, 768, 1440):
        card.set_viewport_size({"width": width, "height": 900})
        canvas = inputs(card).element_handle()
        card.wait_for_function(
            "([canvas, width]) => innerWidth === width && canvas.width === canvas.clientWidth", arg=[canvas, width]
        )
        card.wait_for_function("width => document.documentElement.scrollWidth === width", arg=width)


def test_a_card_that_lacks_locations_says_why_where_all_could_be_shown(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "MOST_WEIGHTS", 1)
    monkeypatch.setattr(numbers, "MOST_LOCATIONS", 5)
    file = tmp_path / "card.html"
    file.write_bytes(b"".join(card_pieces(run_of(DRAWN["one write and one read head"]), DOCUMENT, {})))
    page.goto(file.as_uri())
    memory = page.locator("[data-memory]")
    expect(memory.locator(".note")).to_have_text(
        re.compile(
            r"^This card holds the locations \d+ to \d+, those in use: "
            r"all 12 would make the file of so long a run too large\.$"
        )
    )
    assert memory.get_by_role("button", name="All locations").count() == 0


PLAYER_LOOK = """() => {
    const buttons = document.querySelectorAll(".transport .buttons button, .transport [data-action=loop]");
    return [...buttons].map((each) => {
        const [own, shape] = [getComputedStyle(each), getComputedStyle(each, "::before")];
        const box = [own.width, own.height, own.backgroundColor];
        return [each.dataset.action, ...box, shape.width, shape.height, shape.clipPath, shape.backgroundColor];
    });
}"""


def test_the_players_buttons_look_as_on_the_page(card: Page, deck: Deck) -> None:
    own = card.evaluate(PLAYER_LOOK)
    assert [action for action, *_ in own] == ["start", "back", "play", "forward", "end", "loop"]
    assert all(clip.startswith("path(") for *_, clip, _ in own)
    assert deck.page.evaluate(PLAYER_LOOK) == own


def test_the_card_tells_its_story_with_the_cursor(card: Page) -> None:
    said = narrate_text(TEXT)
    verdict, count, output = (card.locator(part) for part in (".verdict", ".count", ".texts dd:last-child"))
    card.keyboard.press("Home")
    expect(verdict).to_have_text("No output yet")
    for step, sentence in enumerate(said):
        expect(card.locator(".narration")).to_have_text(sentence)
        expect(slider(card)).to_have_attribute("aria-valuetext", sentence)
        come = TEXT[: max(0, step - len(TEXT) - 1)]
        if step < STEPS - 1:
            expect(verdict).to_have_text(f"Output so far: {come}" if come else "No output yet")
            expect(output).to_have_text(come)
        card.keyboard.press("ArrowRight")
    expect(verdict).to_have_text("Exact copy")
    expect(count).to_have_text("72 of 72 bits right")
    expect(output).to_have_text(TEXT)


def narrate_text(text: str) -> list[str]:
    """What Python says of its copy."""
    found = CheckpointLibrary(SHIPPED_CHECKPOINTS).get("copy-1")
    return narrate(prepare(found.machine, "copy", {"sequence": bits(text)}).trace())
