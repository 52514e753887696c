"""One Chromium and one server for all browser tests; a page of its own for each test, or for each module."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from playwright.sync_api import Browser, expect, sync_playwright

from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import SUFFIX, write_checkpoint
from tapedeck.ntm import NeuralTM
from tapedeck.training.kept import ENDING
from tests.browser.chromium import launch
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.proxy import Proxy
from tests.browser.server import Server
from tests.browser.trace import ServiceTrace

Open = Callable[..., Deck]

PATIENCE_MS = 20_000
"""How long a test waits for what must come: far longer than it takes, for machines that are busy with other things."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Profiles:
    """Of that Chromium."""
    return Profiles(chromium, PATIENCE_MS)


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped machines with their evaluations, and one that never learned anything."""
    folder = tmp_path_factory.mktemp("machines")
    for path in ApiSettings().checkpoints.iterdir():
        if path.name.endswith((SUFFIX, ENDING)):
            shutil.copy(path, folder)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        machine = NeuralTM()
    facts = {"name": "untrained", "task": "copy", "sequences_seen": 0, "seed": 1}
    write_checkpoint(folder / f"untrained{SUFFIX}", machine, **facts, metrics={}, origin={"kind": "made"})  # type: ignore[arg-type]
    return folder


@pytest.fixture(scope="session")
def server(machines: Path) -> Iterator[Server]:
    """The server of all tests but those that kill it."""
    server = Server(machines)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def trace_of(server: Server) -> Callable[..., ServiceTrace]:
    """What the service itself says about a run: POST /api/trace."""

    def ask(rows: list[str], checkpoint: str | None = None, locations: int | None = None) -> ServiceTrace:
        best = httpx.get(f"{server.url}/api/checkpoints", timeout=30).json()[0]["id"]
        request = {
            "checkpoint": checkpoint or best,
            "sequence": [[int(bit) for bit in row] for row in rows],
            "locations": locations,
            "interventions": [],
        }
        answer = httpx.post(f"{server.url}/api/trace", json=request, timeout=30)
        answer.raise_for_status()
        return ServiceTrace(answer.json())

    return ask


@pytest.fixture
def open_deck(profiles: Profiles, server: Server) -> Iterator[Open]:
    """Opens the page in a browser profile of its own. At the end nothing may have gone wrong in it."""
    yield from opener(profiles, server)


@pytest.fixture(scope="module")
def open_shared(profiles: Profiles, server: Server) -> Iterator[Open]:
    """The same for a page that all tests of a module look at."""
    yield from opener(profiles, server)


@pytest.fixture
def deck(open_deck: Open) -> Deck:
    """The page in a window of 1440 × 900, on its first tape, which lies still."""
    return open_deck()


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Deck:
    """The same, shared by all tests of a module: each begins with a run of its own."""
    return open_shared()


def opener(profiles: Profiles, server: Server | Proxy) -> Iterator[Open]:
    """Opens pages of a server; at the end nothing may have gone wrong in any, and all are closed."""
    opened: list[Deck] = []

    def open_page(path: str = "/", *, width: int = 1440, height: int = 900, ready: bool = True, **wishes: Any) -> Deck:
        deck = Deck(profiles.open(server.url, (width, height), wishes), server.url)
        opened.append(deck)
        deck.open(path)
        if ready:
            deck.wait_done()
            deck.wait_whole()
        return deck

    yield open_page
    for deck in opened:
        profiles.close(deck.page)
    assert [fault for deck in opened for fault in deck.faults] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the server printed."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and server is not None:
        report.sections.append(("the server's output", server.output or "nothing"))
    return report
