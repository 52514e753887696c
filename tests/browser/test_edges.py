"""Where the pages begin and end: one left edge for the header and for whatever a page shows."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.deck import Deck

FIRST = {
    "play": ".composer",
    "learn": ".composer",
    "generalize": ".evaluation label",
    "guide": ".chapter h2",
}
"""Of each page what stands first, at its left."""
WIDTHS = (2200, 1440, 768, 375)


@pytest.fixture(scope="module")
def shared(open_shared: Open) -> Deck:
    return open_shared()


def test_every_page_begins_at_the_same_left_edge(shared: Deck) -> None:
    page = shared.page
    for width in WIDTHS:
        shared.resize(width)
        edges = {"header": shared.box(page.locator("h1"))["x"]}
        for name, first in FIRST.items():
            shared.go(name.capitalize())
            edges[name] = shared.box(page.locator(f"main:not([hidden]) :is({first})").locator("visible=true").first)[
                "x"
            ]
            edges[f"{name}, its content"] = page.locator("main:not([hidden])").evaluate(
                "main => main.getBoundingClientRect().left + parseFloat(getComputedStyle(main).paddingLeft)"
            )
        assert edges == {part: pytest.approx(edges["header"], abs=0.5) for part in edges}, f"at {width} pixels"
        assert edges["header"] == (16 if width < 620 else 24 if width < 1680 else (width - 1632) / 2)
        shared.go("Play")
