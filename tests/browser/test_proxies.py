"""Proxies that are set up wrongly, told apart on the page with a sentence each that says what to change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import UNKNOWN_NAME
from tests.browser.proxy import Proxy
from tests.browser.server import Server

SENTENCES = {
    "no upgrade": "must pass on the headers Upgrade and Connection for /api/stream",
    "no host": "must pass on the Host header unchanged",
    "unknown name": f"does not know {UNKNOWN_NAME} as a name of its own: add it to TAPEDECK_ALLOWED_HOSTS",
    "down": "The service does not answer; trying again.",
}


@contextmanager
def proxied(server: Server, obstacle: str) -> Iterator[tuple[str, Proxy]]:
    """The address of the page behind a proxy with one fault."""
    port = urlsplit(server.url).port
    assert port is not None
    host = f"127.0.0.1:{port}" if obstacle == "no host" else None
    proxy = Proxy(port, upgrades=obstacle != "no upgrade", host=host)
    name = UNKNOWN_NAME if obstacle == "unknown name" else "127.0.0.1"
    try:
        yield f"http://{name}:{proxy.port}", proxy
    finally:
        proxy.stop()


@pytest.mark.parametrize("obstacle", ["no upgrade", "no host", "unknown name"])
def test_what_a_proxy_must_pass_on_is_said(server: Server, chromium: Browser, obstacle: str) -> None:
    with proxied(server, obstacle) as (url, _), chromium.new_context() as context:
        page = context.new_page()
        page.goto(url)
        notice = page.locator("[data-readout=notice]")
        expect(notice).to_contain_text(SENTENCES[obstacle])
        others = [sentence for name, sentence in SENTENCES.items() if name != obstacle]
        assert not any(sentence in notice.inner_text() for sentence in others)


def test_a_service_that_is_down_behind_a_proxy_comes_back(machines: Path, chromium: Browser) -> None:
    server = Server(machines)
    server.start()
    with proxied(server, "down") as (url, _), chromium.new_context() as context:
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector("#tape[data-state=done]", state="attached")
        server.kill()
        notice = page.locator("[data-readout=notice]")
        expect(notice).to_have_text(re.compile(f"^{re.escape(SENTENCES['down'])}"))
        with page.expect_response(lambda answer: "/api/stream?" in answer.url and answer.status == 502):
            pass  # it was asked why, and the proxy itself answered
        expect(notice).to_have_text(re.compile(f"^{re.escape(SENTENCES['down'])}"))
        server.start()
        expect(notice).to_have_text("The service is back.")
    server.stop()
