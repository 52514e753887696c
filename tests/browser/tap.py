"""Between a page and the service: what the service streams is let through as far as a test wants it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, WebSocketRoute


class Tap:
    """Of a page whose stream goes through it. Open until it is told otherwise.

    Nothing is made up and nothing is left out: what is held back goes on in its order once the tap is opened.
    """

    def __init__(self, page: Page) -> None:
        self._left: int | None = None
        self._held: list[str | bytes] = []
        self._page_side: WebSocketRoute | None = None
        self.sent: list[str | bytes] = []
        """What the page has sent."""
        page.route_web_socket(re.compile("/api/stream$"), self._connect)

    def hold_after(self, frames: int) -> None:
        """Lets so many binary frames through, and then nothing."""
        self._left = frames

    def let(self, frames: int) -> None:
        """Lets so many more through of those that come or are held back."""
        held, self._held, self._left = self._held, [], frames
        for message in held:
            self._receive(message)

    def open(self) -> None:
        """Lets everything through, what was held back first."""
        self._left = None
        held, self._held = self._held, []
        for message in held:
            self._pass(message)

    def _connect(self, page_side: WebSocketRoute) -> None:
        self._page_side, self._held = page_side, []  # of a stream that broke off nothing more comes
        service = page_side.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            self.sent.append(message)
            service.send(message)

        page_side.on_message(pass_on)
        service.on_message(self._receive)

    def _receive(self, message: str | bytes) -> None:
        if self._left is not None and isinstance(message, bytes):
            self._left -= 1
        if self._held or (self._left is not None and self._left < 0):
            self._held.append(message)
        else:
            self._pass(message)

    def _pass(self, message: str | bytes) -> None:
        assert self._page_side is not None
        self._page_side.send(message)
