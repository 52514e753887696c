"""The page and the service under a sub-path, behind a real proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api.client import WAIT
from tests.browser.conftest import opener
from tests.browser.profiles import Profiles
from tests.browser.proxy import Proxy
from tests.browser.server import ROOT, Server

PREFIX = "/lab/tapedeck"


@pytest.fixture(scope="module")
def told(machines: Path) -> Iterator[Server]:
    """A server that is told its sub-path by a setting."""
    server = Server(machines, TAPEDECK_ROOT_PATH=PREFIX)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=["header", "setting", "setting, left on"])
def proxy(request: pytest.FixtureRequest, server: Server) -> Iterator[Proxy]:
    """A proxy that serves Tapedeck under a sub-path, in each of the three ways of saying so."""
    by_header = request.param == "header"
    port = urlsplit((server if by_header else request.getfixturevalue("told")).url).port
    assert port is not None
    proxy = Proxy(port, prefix=PREFIX, strips="left on" not in request.param, names_prefix=by_header)
    yield proxy
    proxy.stop()


def test_every_page_works_under_a_sub_path(proxy: Proxy, profiles: Profiles) -> None:
    for open_page in opener(profiles, proxy):
        deck = open_page(f"{PREFIX}/")
        page = deck.page
        deck.write("Text", "below")
        deck.run()
        expect(deck.readout("verdict")).to_have_text("Exact copy")
        for name in ("Learn", "Generalize", "Guide", "Play"):
            page.get_by_role("link", name=name, exact=True).click()
            _expect_page(page, name)
        page.get_by_role("link", name="Guide", exact=True).click()
        stop = page.locator(".chapter-link").first
        expect(stop).to_have_attribute("href", re.compile(f"^{re.escape(proxy.url + PREFIX)}/#"))
        deck.open(f"{PREFIX}/generalize")
        _expect_page(page, "Generalize")
        outside = [url for url in deck.requests if not urlsplit(url).path.startswith(f"{PREFIX}/")]
        assert outside == []
        assert {urlsplit(url).path for url in deck.sockets} == {f"{PREFIX}/api/stream"}


def _expect_page(page: Page, name: str) -> None:
    link = page.get_by_role("link", name=name, exact=True)
    expect(link).to_have_attribute("aria-current", "page")
    path = f"{PREFIX}/{'' if name == 'Play' else name.lower()}"
    page.wait_for_function("path => location.pathname === path", arg=path)


def test_docs_and_errors_name_addresses_under_the_sub_path(proxy: Proxy) -> None:
    docs = httpx.get(f"{proxy.url}{PREFIX}/api/docs", timeout=WAIT).text
    addresses = re.findall(r"""(?:href|src)=["']([^"']+)|url: ["']([^"']+)""", docs)
    found = [first or second for first, second in addresses]
    assert f"{PREFIX}/api/openapi.json" in found
    for address in found:
        assert address.startswith(f"{PREFIX}/"), address
        assert httpx.get(proxy.url + address, timeout=WAIT).status_code == 200, address
    assert httpx.get(f"{proxy.url}{PREFIX}/api/openapi.json", timeout=WAIT).json()["servers"] == [{"url": PREFIX}]
    missing = httpx.get(f"{proxy.url}{PREFIX}/api/nowhere", timeout=WAIT)
    assert f"{PREFIX}/api/docs lists" in missing.json()["error"]["detail"]
    too_large = httpx.post(f"{proxy.url}{PREFIX}/api/trace", content=b" " * 300_000, timeout=WAIT)
    assert too_large.status_code == 413, "limits hold under a sub-path, too"


def test_no_absolute_address_is_left_in_the_browser_modules() -> None:
    sources = [
        *ROOT.glob("frontend/tapedeck_page/assets/**/*.*js"),
        *ROOT.glob("viewer/**/*.mjs"),
        *ROOT.glob("backend/tapedeck/figures/card/*.*"),
        *ROOT.glob("frontend/**/*.css"),
    ]
    absolute = re.compile(r"""(?:["'`(]|=\s*)/(?:api|assets|viewer|learn|generalize|guide|#)|location\.host""")
    found = [
        f"{path.name}: {line}" for path in sources for line in path.read_text().splitlines() if absolute.search(line)
    ]
    assert found == []
