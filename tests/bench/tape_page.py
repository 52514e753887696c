"""The page as benches handle it: pressed and typed into as a person would, in a browser that nobody listens to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tapedeck.api.settings import ApiSettings
from tests.bench.bare import Tab, chromium
from tests.browser.deck import FIELDS
from tests.browser.lab import COMPARED
from tests.browser.server import Server

PRESSES = """() => ["pointerdown", "keydown"].forEach((type) => {
    document.addEventListener(type, () => performance.mark("bench:press"), true);
})"""
UNTIL = """async (arg) => {
    const later = () => new Promise((done) => setTimeout(done, 20));
    while (!window.tapedeck) await later();
    const deck = await tapedeck;
    while (!(%s)(deck, arg)) await later();
}"""
LINK = """(name) => {
    const links = [...document.querySelectorAll("a, button, label")];
    links.find((each) => each.checkVisibility() && each.textContent.trim() === name).click();
}"""
COUNTED = """({ typing, typed }, counted) => typing.waiting === null && !typed
    && document.querySelector("#composer-summary").textContent.includes(counted)"""
FOCUSED = """(selector) => {
    const field = document.querySelector(selector);
    field.focus();
    field.select?.();
}"""


class TapePage:
    """A tab with the page.

    Attributes:
        url: of the service.
    """

    def __init__(self, tab: Tab, url: str) -> None:
        self.tab, self.url = tab, url

    def evaluate(self, function: str, argument: object = None) -> Any:
        """What a function of the page gives, once it is there."""
        return self.tab.evaluate(function, argument)

    def wait(self, condition: str, argument: object = None) -> None:
        """Until something holds of the deck."""
        self.tab.evaluate(UNTIL % condition, argument)

    def click(self, name: str) -> None:
        """What has that name, whatever it is."""
        self.tab.evaluate(LINK, name)

    def go(self, name: str) -> None:
        """To another page of the site."""
        self.click(name)
        self.wait("({ page }, name) => page === name && document.body.dataset.page === name", name.lower())

    def type(self, selector: str, text: str) -> None:
        """Over all that stands in a field."""
        self.tab.evaluate(FOCUSED, selector)
        if text:
            self.tab.send("Input.insertText", text=text)
        else:
            self.tab.key("Delete", 46)

    def write(self, way: str, typed: str, vectors: int) -> None:
        """Over what stands in the composer; until the page has counted its vectors, and run them where they are few."""
        self.click(way)
        self.type(FIELDS[way], typed)
        self.wait(COUNTED, f"{vectors:,} vectors")
        self.wait_done()

    def wait_done(self) -> None:
        """Until the tape that was asked for last is painted."""
        self.wait("({ root, shown, asked }) => root.dataset.state === 'done' && shown === asked")

    def wait_compared(self, changes: int) -> None:
        """Until the run of so many changes is there, painted and compared."""
        self.wait(COMPARED, changes)

    def choose(self, checkpoint: str) -> None:
        """A machine, by its id; until it has run."""
        asked = self.evaluate("async () => (await tapedeck).asked")
        self.evaluate("(value) => void dash_clientside.set_props('machine', { value })", checkpoint)
        self.wait("({ asked }, before) => asked > before", asked)
        self.wait_done()


@contextmanager
def opened(machines: Path | None = None) -> Iterator[TapePage]:
    """A page that lies still, on the machines of a folder, or on those that ship; with compiled kernels."""
    server = Server(machines or ApiSettings().checkpoints, TAPEDECK_ENGINE="compiled")
    server.start()
    try:
        with chromium() as browser:
            page = TapePage(browser.tab(), server.url)
            page.tab.open(server.url)
            page.wait_done()
            page.wait("() => Boolean(document.querySelector('#machine')?.value)")
            page.evaluate(PRESSES)
            yield page
    finally:
        server.stop()
