"""What a run took is let go of when another takes its place: however many were run, the page keeps one."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import opener
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.browser.test_several_heads import ANOTHER, MACHINE, choose, machines_of_several_heads
from tests.rows import random_rows

__all__ = ["machines_of_several_heads"]

PROTOTYPE = "tapedeck.then(({ trace }) => trace.constructor.prototype)"
AT_REST = """({ tape, trace, address }) => trace.over && !tape.requested && tape.origins.done === trace.steps
    && address.timer === 0"""
"""Nothing is under way that would need the trace before."""

WHICH = """function() {
    const traces = this.filter((it) => Object.hasOwn(it, "header"));
    return traces.map(({ header, steps }) => `${steps} steps on ${header.checkpoint.name}`);
}"""
"""Not the prototype of what is made from traces, such as the difference of two."""


def traces_held(deck: Deck) -> list[str]:
    """All traces that the page can still reach, after what it cannot is collected."""
    deck.wait_deck(AT_REST)
    deck.wait_entered()
    session = deck.page.context.new_cdp_session(deck.page)

    def evaluated(method: str, **asked: Any) -> Any:
        return session.send(method, asked)["result"]

    prototype = evaluated("Runtime.evaluate", expression=PROTOTYPE, awaitPromise=True)["objectId"]
    session.send("HeapProfiler.collectGarbage")
    held = session.send("Runtime.queryObjects", {"prototypeObjectId": prototype})["objects"]["objectId"]
    said = evaluated("Runtime.callFunctionOn", objectId=held, functionDeclaration=WHICH, returnByValue=True)
    session.detach()
    return list(said["value"])


def test_old_traces_are_let_go_of_whatever_was_run_and_looked_at(
    profiles: Profiles, machines_of_several_heads: Server
) -> None:
    for open_page in opener(profiles, machines_of_several_heads):
        deck = open_page()
        for turn in range(2):
            deck.choose_machine(MACHINE)
            deck.run_bits(random_rows(5 + turn, 0.5, turn))
            choose(deck, "read2")
            deck.panel("outputs").locator(".plot").click()
            deck.page.get_by_role("button", name="Written at as a table").press("Enter")
            deck.button("close-table").click()
            assert traces_held(deck) == [f"{2 * (5 + turn) + 2} steps on {MACHINE}"]
            deck.choose_machine(ANOTHER)
            deck.run_bits(random_rows(9 + turn, 0.5, turn))
            assert traces_held(deck) == [f"{2 * (9 + turn) + 2} steps on {ANOTHER}"]
