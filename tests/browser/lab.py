"""The lab, as its tests begin with it: a short text, and no changes."""

from __future__ import annotations

from tests.browser.deck import Deck

TEXT = "Tape"
COMPARED = """({ lab, trace, tape, typing }, changes) => typing.waiting === null && trace?.over && !tape.requested
    && lab.changed === trace && trace.header.interventions.length === changes && lab.changes.list.length === changes
    && (changes === 0 || lab.found !== null)"""


def wait_compared(deck: Deck, changes: int) -> None:
    """Until the run of so many changes is there, painted and compared."""
    deck.wait_deck(COMPARED, changes)


def run_text(deck: Deck) -> None:
    """Waits until the run of the text is there as the machine makes it."""
    if deck.page.locator("#composer-text").input_value() != TEXT:
        deck.see("Text", TEXT)
    wait_compared(deck, 0)


def unfold(deck: Deck, question: str) -> bool:
    """Opens what a question folds out; whether it was closed."""
    toggle = deck.page.get_by_role("button", name=question)
    closed = toggle.get_attribute("aria-expanded") == "false"
    if closed:
        toggle.click()
    return closed
