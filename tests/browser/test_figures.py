"""A figure's interactive page, opened from the disk."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from tapedeck.cli.commands import app


def test_works_offline(chromium: Browser, tmp_path: Path) -> None:
    """It is drawn, says what is under the pointer, and neither asks for anything nor complains."""
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["figures", str(out), "--length", "4", "--lengths", "2,3"])
    assert done.exit_code == 0
    with chromium.new_context(offline=True) as context:
        page = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((out / "verification.html").as_uri())
        expect(page.locator(".heatmaplayer image")).to_have_count(6)
        for words in ("Add vectors", "Read weightings", "memory location", "SHA-256"):
            expect(page.get_by_text(words).first).to_be_visible()
        page.locator(".plotly .nsewdrag").first.hover()
        expect(page.locator(".hoverlayer")).to_contain_text("Inputs")
        assert (requests, complaints) == ([page.url], [])
