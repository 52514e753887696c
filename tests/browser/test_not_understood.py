"""A service that sends what this page does not know: it is said, and the last tape can still be used."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck

SAYS = re.compile(r"^This page cannot show what the service sent \(.+\); reload it, in case the service is newer")


class Newer:
    """Between page and service: once it is told to, every header is of a newer service."""

    def __init__(self, page: Page) -> None:
        self.change: tuple[str, str] | None = None
        page.route_web_socket(re.compile("/api/stream$"), self._connect)

    def _connect(self, page_side: WebSocketRoute) -> None:
        service = page_side.connect_to_server()
        page_side.on_message(service.send)
        service.on_message(lambda message: page_side.send(self._newer(message)))

    def _newer(self, message: str | bytes) -> str | bytes:
        if self.change is None or isinstance(message, bytes) or json.loads(message)["type"] != "header":
            return message
        header: dict[str, Any] = json.loads(message)
        old, new = self.change
        header["fields"] = [field | {"name": field["name"].replace(old, new)} for field in header["fields"]]
        return json.dumps(header)


@pytest.fixture(scope="module")
def opened(open_shared: Open) -> tuple[Deck, Newer]:
    """A page, and what makes its service a newer one."""
    deck = open_shared(ready=False)
    newer = Newer(deck.page)
    deck.page.reload()
    deck.wait_done()
    return deck, newer


@pytest.mark.parametrize(
    "change",
    [("read.", "read1."), ("write.key", "write.keys"), ("outputs", "answers")],
    ids=["an unknown head", "a field that is missed when it is painted", "no outputs"],
)
def test_an_exception_in_the_streams_handling_reaches_the_notice_and_the_last_tape_stays_usable(
    opened: tuple[Deck, Newer], change: tuple[str, str]
) -> None:
    deck, newer = opened
    deck.begin_with("first")
    deck.go_to(7)
    newer.change = change
    deck.write("Text", "second one")
    deck.press_run()
    expect(deck.readout("notice")).to_have_text(SAYS)
    expect(deck.readout("heard")).to_have_text("first")
    deck.expect_step(7)
    deck.leave_fields()
    deck.press("ArrowRight")
    deck.expect_step(8)
    newer.change = None
    deck.run()
    expect(deck.readout("heard")).to_have_text("second one")
    expect(deck.notice).to_be_hidden()
    # The developer's console has the reason with its stack.
    assert [fault for fault in deck.faults if "no field" not in fault] == []
    deck.faults.clear()
