"""A browser that lets the page store nothing, as in a frame of another site."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

REFUSED = """for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("Access is denied.", "SecurityError"); } });
}"""

SAID_BY_MANTINE = "[@mantine/core] Local storage color scheme manager was unable to save"


@pytest.mark.parametrize("path", ["/", "/learn"])
def test_the_page_starts_where_storage_is_refused(open_deck: Open, path: str) -> None:
    deck = open_deck(ready=False)
    deck.page.add_init_script(REFUSED)
    deck.open(path)
    deck.wait_done()
    deck.go("Play")
    deck.button("help").click()
    deck.button("single-keys").click()
    expect(deck.button("single-keys")).to_have_attribute("aria-pressed", "false")
    deck.button("close-help").click()
    deck.page.get_by_role("button", name="No, thanks").click()
    deck.page.get_by_role("button", name="Switch between light and dark").click()
    expect(deck.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    deck.faults[:] = [fault for fault in deck.faults if SAID_BY_MANTINE not in fault]
