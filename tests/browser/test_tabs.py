"""Two pages at once, of one person or of two."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.deck import Deck


@pytest.mark.parametrize("whose", ["one person's", "two people's"])
def test_pages_do_not_disturb_one_another(open_deck: Open, whose: str) -> None:
    first = open_deck()
    if whose == "one person's":
        second = Deck(first.page.context.new_page(), first.url)
        second.open()
        second.wait_done()
    else:
        second = open_deck()
    first.write("Text", "mine")
    second.write("Bits", "11111111 00000000")
    first.run()
    second.run()
    second.go_to(3)
    expect(first.readout("said")).to_have_text("mine")
    first.expect_step(9)
    second.expect_step(3)
    second.press("End")
    expect(second.readout("said")).to_have_text("ff 00")
    expect(first.page.locator("#composer-text")).to_have_value("mine")
    expect(first.summary).to_have_text("4 vectors of 8 bits, 10 steps")
    second.write("Bits", "1")
    expect(second.message).to_contain_text("has 1 bit")
    expect(first.message).to_be_empty()
    assert second.faults == []
