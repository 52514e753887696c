"""Runs of other machines without the page's Open: the card of a recording in a notebook, and `td.view`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

import tapedeck as td
from tests.browser.conftest import PATIENCE_MS
from tests.traces_by_hand import write_by_hand


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def test_a_recording_is_a_card_in_a_notebook_that_plays_with_what_it_has_and_asks_for_nothing(
    window: BrowserContext, tmp_path: Path
) -> None:
    """A DNC's: usage, links as a matrix at the cursor, no vectors and no controller; and no name that is markup."""
    with td.Recorder({"write": "write", "read": "read"}, title="Mine <b>") as rec:
        for step in range(6):
            eye = np.eye(8)
            heads: Any = {"write": {"weighting": eye[step]}, "read": {"weighting": eye[step // 2]}}
            rec.step(outputs=eye[step][:3], memory=np.outer(eye[step], [1, 2]), usage=eye[0], link=eye, **heads)
    framed = rec._repr_html_()
    assert framed.startswith('<iframe title="Run card: Mine &lt;b&gt;, 1 write head · 1 read head · 6 steps')
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f'<meta charset="utf-8">{framed}', encoding="utf-8")
    page, said = window.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto(notebook.as_uri())
    card = page.frame_locator("iframe")
    expect(card.locator("h1")).to_have_text("Mine <b>")
    expect(card.locator(".tape")).to_have_attribute("data-step", "5")
    for field in ("outputs", "write.weighting", "read.weighting", "memory.usage"):
        expect(card.locator(f"[data-field='{field}']")).to_be_visible()
    expect(card.locator(".matrix .at-step")).to_have_text("at step 5")
    expect(card.locator(".memory .at-step")).to_have_text("at step 5")
    expect(card.locator(".result .verdict")).to_be_hidden()
    card.get_by_role("slider", name="Time").press("Home")
    expect(card.locator(".matrix .at-step")).to_have_text("at step 0")
    assert said == [notebook.as_uri()]
    page.close()


def test_view_shows_a_file_that_a_program_of_a_dozen_lines_wrote(window: BrowserContext, tmp_path: Path) -> None:
    """The real page, on a server of its own: two read heads, and which step wrote what they read."""
    page = window.new_page()
    with td.view(write_by_hand("ntm", tmp_path / "ntm.npz"), browser=False) as viewer:
        page.goto(viewer.url)
        expect(page.locator("[data-readout=opened-title]")).to_have_text("My NTM")
        expect(page.locator("#tape")).to_have_attribute("data-state", "done")
        for field in ("inputs", "outputs", "targets", "write.weighting", "read1.weighting", "write.add_vector"):
            expect(page.locator(f"[data-field='{field}']").first).to_be_visible()
        expect(page.locator(".origins").first).to_be_visible()
    page.close()
