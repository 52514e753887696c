"""What a browser is sent of the page: few files, each compressed once, kept for good."""

from __future__ import annotations

import gzip
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from dash import Dash
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tapedeck_page import whole
from tapedeck_page.components import navigation
from tapedeck_page.components.island import markup
from tapedeck_page.document import WAITS
from tapedeck_page.document import Page as DashPage
from tapedeck_page.keeping import Keeping
from tests.checks import NODE
from tests.frontend.conftest import Page, run

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "frontend/tapedeck_page/assets"


class Links(HTMLParser):
    """The attributes of every link and script of a document."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("link", "script"):
            self.found.append(dict(attrs))

    def of(self, rel: str) -> list[str | None]:
        return [link["href"] for link in self.found if link.get("rel") == rel]


class Pages(HTMLParser):
    """The parts of a document that only some pages show, and whether they are hidden."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.parts: list[tuple[list[str], bool]] = []
        self.links: list[str | None] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if pages := named.get("data-pages"):
            self.parts.append((pages.split(), "hidden" in named))
        if tag == "a":
            self.links.append(named.get("href"))


def test_the_page_asks_for_one_file_of_modules_and_one_of_styles(page: Page) -> None:
    links = Links(run(page.text("/")))
    served = whole.whole()
    assert links.of("modulepreload") == [f"/{served.address(whole.MODULES)}"]
    assert links.of("stylesheet") == [f"/{served.address(whole.STYLES)}"]
    asked, scripts = links.of("preload")[:2], links.of("preload")[2:]
    assert asked == ["/api/checkpoints", "/api/tasks"]
    own = [link["src"] for link in links.found if "/assets/" in (link.get("src") or "")]
    assert [str(src).partition("?")[0] for src in own] == ["/assets/bridge.js"]
    assert len(scripts) < 15


def test_nothing_of_dash_runs_before_the_pages_own_modules_say_so(page: Page) -> None:
    links = Links(run(page.text("/")))
    runs = [link for link in links.found if link.get("type") not in ("application/json", WAITS) and "rel" not in link]
    assert [link.get("src") for link in runs] == [None, f"/{whole.whole().address(whole.MODULES)}"]
    waiting = [link.get("src") for link in links.found if link.get("type") == WAITS]
    assert [src for src in waiting if src] == links.of("preload")[2:]
    assert waiting[-1] is None
    assert any("dash_renderer" in (src or "") for src in waiting)


@pytest.mark.parametrize(("path", "name"), [("/", "play"), ("/lab", "lab"), ("/guide", "guide"), ("/nowhere", "play")])
def test_the_document_shows_the_page_of_its_address_alone(app: Dash, path: str, name: str) -> None:
    assert isinstance(app, DashPage)
    page = navigation.page_of(path)
    found = Pages(markup(navigation.only(page.name, app.tree("/sub"))))
    assert page.name == name
    assert len(found.parts) > 8
    assert all(hidden == (name not in pages) for pages, hidden in found.parts)
    assert "/sub/learn" in found.links


def test_the_document_says_which_page_it_shows(page: Page) -> None:
    assert '<body data-page="play">' in run(page.text("/"))


def test_all_browser_modules_of_the_page_are_in_its_file(tmp_path: Path) -> None:
    for name in (whole.MODULES, whole.WORKER):
        program = tmp_path / name
        program.write_bytes(whole.whole().files[name])
        subprocess.run([NODE, "--check", program], check=True)
    text = whole.whole().files[whole.MODULES].decode()
    for path in ASSETS.rglob("*.mjs"):
        for name in re.findall(r"^export (?:class|function) (\w+)", path.read_text(), re.MULTILINE):
            assert re.search(rf"\b(?:class|function) {name}\b", text), f"{name} of {path.name}"


def test_the_tapes_own_sheets_come_before_the_pages() -> None:
    sheet = whole.whole().files[whole.STYLES].decode()
    sheets = (ROOT / "viewer/tapedeck_viewer/style/tape.css", ASSETS / "generalize.css", ASSETS / "style.css")
    at = [sheet.index(each.read_text()) for each in sheets]
    assert at == sorted(at)


@pytest.mark.parametrize("name", [whole.MODULES, whole.WORKER, whole.STYLES])
def test_a_browser_keeps_it_for_good_and_another_version_is_not_there(page: Page, name: str) -> None:
    served = whole.whole()
    answer = run(page.answer(f"/{served.address(name)}"))
    assert answer.content == served.files[name]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert run(page.answer(f"/whole/0123456789abcdef/{name}")).status_code == 404


class Counting:
    """A server that says how often it was asked, compressing what it sends."""

    def __init__(self, max_bytes: int = 2**20) -> None:
        self.asked = 0
        app = Starlette(routes=[Route("/{path:path}", self._answer)])
        app.add_middleware(GZipMiddleware)
        app.add_middleware(Keeping, max_bytes=max_bytes)
        self._transport = httpx.ASGITransport(app)

    async def _answer(self, request: Request) -> Response:
        self.asked += 1
        return PlainTextResponse(f"{self.asked} " * 500, 404 if "missing" in request.url.path else 200)

    def get(self, path: str, **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://page") as http:
                return await http.get(path, headers=headers)

        return run(ask())


@pytest.mark.parametrize("path", ["/_dash-component-suites/a.v1m2.js", "/whole/0f/page.mjs", "/assets/bridge.js?m=3"])
def test_what_never_changes_is_compressed_once(path: str) -> None:
    server = Counting()
    first, second = server.get(path), server.get(path)
    assert server.asked == 1
    assert first.content == second.content
    assert second.headers["content-encoding"] == "gzip"
    assert second.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in server.get(path, **{"accept-encoding": "identity"}).headers
    assert server.asked == 2


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/assets/bridge.js", "/api/checkpoints", "/whole/missing"])
def test_what_may_change_is_asked_for_again(path: str) -> None:
    server = Counting()
    assert server.get(path).content != server.get(path).content
    assert "cache-control" not in server.get(path).headers


def test_what_was_asked_for_longest_ago_goes_when_there_is_no_more_room() -> None:
    size = len(gzip.compress(b"1 " * 500))
    server = Counting(max_bytes=3 * size)
    for name in ("a", "b", "c", "a", "d", "a"):
        server.get(f"/whole/0f/{name}")
    assert server.asked == 4
    server.get("/whole/0f/b")
    assert server.asked == 5


def test_the_layout_is_made_once_for_each_sub_path(app: Dash, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    make = app.get_layout

    def counted() -> Any:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(app, "get_layout", counted)
    first, second = (run(page.text("/_dash-layout", **{"x-forwarded-prefix": "/once"})) for _ in range(2))
    assert first == second
    assert len(made) == 1
