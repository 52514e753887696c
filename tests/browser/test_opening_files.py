"""Trace files on the page: chosen or dropped, read in the browser, played as any run, and closed again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import tapedeck as td
from tests.browser import trace_files
from tests.browser.conftest import Open
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.test_accessibility import AXE, assert_axe_finds_nothing
from tests.browser.test_dropping import drop

VALUE = "({ tape }, [row, column]) => tape.memory.valueAt(row, column)"


@pytest.fixture
def page(shared: Deck) -> Iterator[Deck]:
    """With a run of its own on the tape, and no file open at the end."""
    shared.begin_with("before")
    yield shared
    close = shared.button("close-file")
    if close.is_visible():
        close.click()
    expect(shared.page.locator(".desk")).to_be_visible()


def choose(deck: Deck, path: Path) -> None:
    """Presses Open and chooses a file."""
    with deck.page.expect_file_chooser() as chooser:
        deck.button("open-file").locator("visible=true").click()
    chooser.value.set_files(path)


def expect_open(deck: Deck, title: str) -> None:
    expect(deck.readout("opened-title")).to_have_text(title)
    deck.page.wait_for_selector("#tape[data-state=done]", state="attached")
    deck.wait_painted()


def test_a_chosen_file_is_played_with_all_that_it_has_and_sent_nowhere(page: Deck, tmp_path: Path) -> None:
    run = trace_files.ntm(tmp_path / "mine.npz")
    page.wait_deck("({ address }) => address.timer === 0")
    requests, sent = len(page.requests), len(page.sent)
    choose(page, tmp_path / "mine.npz")
    expect_open(page, "Two readers")
    expect(page.readout("opened-run")).to_have_text(
        "mine.npz · My LSTM machine · repeat copy · 1 write head · 2 read heads · 12 steps · 16 locations of 4"
    )
    expect(page.page.locator(".desk")).to_be_hidden()
    expect(page.button("copy-link").first).to_be_hidden()
    for field in ("inputs", "outputs", "write.weighting", "read1.weighting", "write.add_vector", "read1.read_vector"):
        expect(page.panel(field)).to_be_visible()
    expect(page.panel("targets")).to_have_count(0)
    expect(page.readout("verdict")).to_be_hidden()
    page.go_to(7)
    expect(page.position).to_have_text("step 7 of 11")
    for head in ("write", "read1"):
        expect(page.value(head, "location")).to_have_text(str(run[f"{head}.weighting"][7].argmax()))
    page.page.locator("[data-choose=read2]").click()
    expect(page.value("read2", "weight")).to_have_text("0.900")
    expect(page.page.locator("[data-inspects=read2] [data-stage=weighting]")).to_be_visible()
    row, column = (int(at) for at in np.unravel_index(np.abs(run["memory"][7]).argmax(), (16, 4)))
    page.page.evaluate("tapedeck.then((deck) => void (window.lookedAt = deck))")
    found = page.page.evaluate(f"at => ({VALUE})(window.lookedAt, at)", [row, column])
    assert found == pytest.approx(run["memory"][7, row, column], abs=1e-5)
    # Read head 2 reads at step 7 what the write head wrote at step 6, which is in the same place.
    expect(page.readout("origin")).to_contain_text("comes from step 6")
    assert (len(page.requests), len(page.sent)) == (requests, sent), "the file was read in the browser"


def test_a_dropped_file_shows_fields_of_its_own_by_what_their_axes_count(page: Deck, tmp_path: Path) -> None:
    run = trace_files.dnc(tmp_path / "named.zip")  # known by what is in it
    drop(page.page, (720, 400), tmp_path / "named.zip")
    expect_open(page, "named.zip")
    expect(page.readout("opened-run")).to_have_text("1 write head · 1 read head · 12 steps · 16 locations of 4")
    expect(page.panel("memory.usage").locator("h2")).to_have_text("Usage")
    expect(page.panel("lookup.weighting").locator("h2")).to_have_text("Read weighting")
    expect(page.page.locator("[data-matrix='memory.link']")).to_be_visible()
    page.go_to(4)
    expect(page.value("write", "allocation_gate")).to_have_text(f"{run['write.allocation_gate'][4]:.3f}")
    expect(page.page.locator(".further [data-value=surprise]")).to_have_text(f"{run['surprise'][4, 0]:.3f}")
    expect(page.page.locator("figure.origins")).to_have_count(0)
    expect(page.page.locator("figure.memory")).to_be_visible()
    page.page.get_by_role("button", name="Temporal links as a table").click()
    cell = page.page.get_by_role("dialog", name="Temporal links at step 4").locator("tbody td").first
    expect(cell).to_have_text(f"{run['memory.link'][4, 0, 0]:.3f}")
    page.button("close-table").click()
    page.page.add_script_tag(path=AXE)
    assert_axe_finds_nothing(page)


def test_a_wrong_file_is_told_in_a_sentence_and_what_was_shown_stays(page: Deck, tmp_path: Path) -> None:
    run = trace_files.dnc(tmp_path / "right.npz")
    run["memory.usage"] = run["memory.usage"][:, :9]
    np.savez(tmp_path / "wrong.npz", meta='{"version": 2}', **run)  # type: ignore[arg-type]
    choose(page, tmp_path / "wrong.npz")
    expect(page.notice).to_contain_text(
        "wrong.npz: memory.usage must have the shape (12, 16), 16 locations as in write.weighting; it has (12, 9)."
    )
    expect(page.page.locator(".desk")).to_be_visible()
    expect(page.readout("said").first).to_have_text("before")
    choose(page, tmp_path / "right.npz")
    expect_open(page, "right.npz")
    expect(page.notice).to_be_hidden()
    (tmp_path / "half.npz").write_bytes((tmp_path / "right.npz").read_bytes()[:5000])
    drop(page.page, (720, 400), tmp_path / "half.npz")
    expect(page.notice).to_contain_text("half.npz: It is not a whole .npz file")
    expect(page.readout("opened-title")).to_have_text("right.npz")
    (tmp_path / "rows.txt").write_text("10110011\n")
    drop(page.page, (720, 400), tmp_path / "rows.txt")
    expect(page.notice).to_contain_text("rows.txt is not a trace file; close the file that is open")
    page.button("dismiss").click()


def test_closing_a_file_leads_back_to_the_run_before_it(page: Deck, tmp_path: Path) -> None:
    page.go_to(3)
    page.wait_deck("() => location.hash.includes('step=3')")
    address = page.address
    trace_files.dnc(tmp_path / "mine.npz")
    choose(page, tmp_path / "mine.npz")
    expect_open(page, "mine.npz")
    expect(page.page).not_to_have_url(re.compile("#"))
    page.button("close-file").click()
    expect(page.page.locator(".desk")).to_be_visible()
    expect(page.page.locator(".open-file")).to_be_focused()
    page.expect_step(3)
    expect(page.readout("heard").first).to_have_text("before")
    expect(page.page).to_have_url(address)
    choose(page, tmp_path / "mine.npz")
    expect_open(page, "mine.npz")
    expect(page.page).not_to_have_url(re.compile("#"))  # by now it has an entry of its own in the history
    page.page.go_back()
    expect(page.page.locator(".desk")).to_be_visible()
    expect(page.readout("heard").first).to_have_text("before")


def test_a_run_that_was_asked_for_before_a_file_was_opened_does_not_take_its_place(page: Deck, tmp_path: Path) -> None:
    trace_files.dnc(tmp_path / "mine.npz")
    sent = len(page.sent)
    page.page.evaluate(
        """async (bytes) => {
            const deck = await tapedeck;
            const { show } = deck.opened.told;
            deck.opened.told.show = (...file) => {
                deck.run({ ...deck.request, input: { sequence: [[1, 0, 1, 0, 1, 0, 1, 0]] } });
                deck.opened.told.show = show;
                show(...file);
            };
            await deck.opened.open(new Blob([Uint8Array.from(bytes)]), "mine.npz");
        }""",
        [*(tmp_path / "mine.npz").read_bytes()],
    )
    page.wait_deck("({ stream }) => stream.current === null")
    assert len(page.sent) > sent, "it was asked for"
    expect_open(page, "mine.npz")
    expect(page.page.locator(".desk")).to_be_hidden()
    page.button("close-file").click()
    expect(page.readout("heard").first).to_have_text("before")


def test_a_page_that_was_opened_for_a_file_shows_it_first_and_its_own_run_once_it_is_closed(
    profiles: Profiles, tmp_path: Path
) -> None:
    trace_files.ntm(tmp_path / "mine.npz")
    with td.view(tmp_path / "mine.npz", browser=False) as viewer:
        url, _, query = viewer.url.partition("/?")
        deck = Deck(profiles.open(url, (1440, 900), {}), url)
        deck.open(f"/?{query}")
        expect_open(deck, "Two readers")
        deck.wait_deck("({ first }) => Boolean(first)")  # its own run waits
        expect(deck.page.locator(".desk")).to_be_hidden()
        deck.button("close-file").click()
        expect(deck.readout("heard").first).to_have_text("Hello, tape machine!")
        expect(deck.page).not_to_have_url(re.compile("file="))
        assert deck.faults == []
        profiles.close(deck.page)


def test_an_address_opens_no_file_but_those_that_the_server_offers(open_shared: Open) -> None:
    deck = open_shared("/?file=/api/health")
    expect(deck.notice).to_contain_text("The address names the file “/api/health”; only files that this server offers")
    expect(deck.readout("heard").first).not_to_be_empty()
