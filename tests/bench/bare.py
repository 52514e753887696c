"""A Chromium that nobody listens to, for measuring what a page takes: what drives it for tests is told of everything.

Playwright has the browser report each message of a WebSocket, whole and in base64, and each request
(docs/benchmarks.md). Here a tab is only asked to evaluate something, and to take a press or a key.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.api.client import WAIT
from tests.browser.chromium import QUIET, installed_browser

LISTENING = re.compile(r"DevTools listening on (ws://\S+)")
VISIBLE = ("--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--hide-scrollbars")
"""A window without a screen counts as one that nobody sees."""


class Browser:
    """One Chromium, by its DevTools protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, count(1)

    def tab(self, *, profile: str | None = None, still: bool = True) -> Tab:
        """A tab of its own, in a window of 1440 × 900.

        Args:
            profile: see `profile`; the browser's own where there is none.
            still: whether its user wants no motion.
        """
        of = {} if profile is None else {"browserContextId": profile}
        target = self.send("Target.createTarget", url="about:blank", **of)["targetId"]
        tab = Tab(self, target, self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        size = {"width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        tab.send("Emulation.setDeviceMetricsOverride", **size)
        if still:
            tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        return tab

    def profile(self) -> str:
        """A browser that was never anywhere."""
        return str(self.send("Target.createBrowserContext")["browserContextId"])

    def forget(self, profile: str) -> None:
        """Closes all of it."""
        self.send("Target.disposeBrowserContext", browserContextId=profile)

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """What comes of a command."""
        number = next(self._numbers)
        addressed = {} if session is None else {"sessionId": session}
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters, **addressed}))
        while (answer := json.loads(self._socket.recv(WAIT))).get("id") != number:
            pass  # what happens meanwhile, which nobody asked for
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        found: dict[str, Any] = answer["result"]
        return found


class Tab:
    """A page in it."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser, self._target, self._session = browser, target, session

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What comes of a command."""
        return self._browser.send(method, self._session, **parameters)

    def open(self, url: str) -> None:
        """Goes to an address, until that answers."""
        self.send("Page.navigate", url=url)

    def close(self) -> None:
        """For good."""
        self._browser.send("Target.closeTarget", targetId=self._target)

    def evaluate(self, function: str, argument: object = None) -> Any:
        """What a function of the page gives for an argument, once it is there."""
        called = f"({function})({json.dumps(argument)})"
        found = self.send("Runtime.evaluate", expression=called, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"].get("exception", {}).get("description", function))
        return found["result"].get("value")

    def press(self, selector: str) -> None:
        """The middle of an element, with the mouse."""
        middle = """(selector) => {
            const found = document.querySelector(selector);
            found.scrollIntoView({ block: "center", behavior: "instant" });
            const box = found.getBoundingClientRect();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        }"""
        at = {**self.evaluate(middle, selector), "button": "left", "clickCount": 1}
        self.send("Input.dispatchMouseEvent", type="mouseMoved", **{**at, "button": "none"})
        self.send("Input.dispatchMouseEvent", type="mousePressed", **at)
        self.send("Input.dispatchMouseEvent", type="mouseReleased", **at)

    def key(self, name: str, code: int | None = None) -> None:
        """A key of the keyboard, by its name: a letter that it writes, or what it does, with its code."""
        key = {"key": name, **({"text": name} if code is None else {"windowsVirtualKeyCode": code})}
        self.send("Input.dispatchKeyEvent", type="keyDown", **key)
        key.pop("text", None)
        self.send("Input.dispatchKeyEvent", type="keyUp", **key)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless one, with nothing from before."""
    with TemporaryDirectory() as profile:
        arguments = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}", *QUIET, *VISIBLE]
        process = subprocess.Popen([installed_browser(), *arguments], stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        try:
            said, found = deque[str](maxlen=100), None
            for line in process.stderr:
                said.append(line)
                if found := LISTENING.search(line):
                    break
            if found is None:
                raise RuntimeError(f"Chromium did not start:\n{''.join(said)}")
            Thread(target=said.extend, args=(process.stderr,), daemon=True).start()  # else it would wait for a reader
            with connect(found[1], max_size=None, compression=None) as socket:
                browser = Browser(socket)
                yield browser
                browser.send("Browser.close")
            process.wait(WAIT)
        finally:
            process.kill()
            process.wait()
            process.stderr.close()
