"""Files and folders that are dropped on the page: none is opened by the browser in the page's place."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.deck import Deck


def drop(page: Page, at: tuple[int, int], *paths: Path) -> None:
    """As the system drops files or a folder, wherever the pointer is."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": at[0], "y": at[1], "data": data})


@pytest.mark.parametrize("place", [(720, 400), (700, 45), (300, 100)], ids=["on a panel", "at the top", "on the field"])
def test_a_file_dropped_anywhere_is_taken(shared: Deck, tmp_path: Path, place: tuple[int, int]) -> None:
    shared.begin_with("before")
    shared.page.evaluate("window.stays = true")
    file = tmp_path / "rows.txt"
    file.write_text("10110011\n00101100\n")
    drop(shared.page, place, file)
    expect(shared.summary).to_contain_text("2 vectors")
    shared.follow(sequence="r2.syw")
    assert shared.page.evaluate("window.stays"), "the browser did not open it"


def test_a_file_dropped_on_a_page_that_takes_none_is_not_opened(shared: Deck, tmp_path: Path) -> None:
    page = shared.page
    page.get_by_role("link", name="Guide", exact=True).click()
    expect(page.get_by_role("link", name="Guide", exact=True)).to_have_attribute("aria-current", "page")
    page.evaluate(
        """() => addEventListener("dragover", (event) => {
            window.stays = event.defaultPrevented && event.dataTransfer.dropEffect === "none";
        })"""
    )
    file = tmp_path / "rows.txt"
    file.write_text("10110011\n")
    drop(page, (720, 400), file)
    page.wait_for_function("window.stays")  # else the browser would open it
    page.get_by_role("link", name="Play", exact=True).click()
    shared.begin_with("behind")
    assert page.evaluate("window.stays"), "nor has it by now"


def test_a_dropped_folder_says_that_it_is_one(shared: Deck, tmp_path: Path) -> None:
    shared.begin_with("before")
    folder = tmp_path / "holiday"
    folder.mkdir()
    drop(shared.page, (300, 100), folder)
    expect(shared.message).to_have_text("holiday is a folder; drop one of the files in it.")
    expect(shared.summary).to_contain_text("6 vectors")


def test_several_files_dropped_at_once_are_refused_in_words(shared: Deck, tmp_path: Path) -> None:
    shared.begin_with("before")
    files = [tmp_path / "first.txt", tmp_path / "second.txt"]
    for file in files:
        file.write_text("10110011\n")
    drop(shared.page, (300, 100), *files)
    expect(shared.message).to_have_text("One file is read at a time, and 2 came; drop only one.")
    expect(shared.summary).to_contain_text("6 vectors")
