"""Machines with several heads: what the page shows is the service's, and each head can be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from typer.testing import CliRunner

from tapedeck.checkpoints import SUFFIX
from tapedeck.cli.commands import app
from tapedeck.ntm import NTMConfig
from tests.browser.conftest import opener
from tests.browser.deck import Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.checkpoints.importers.files import Sizes, family_c
from tests.made_machines import several_heads, write_machine
from tests.rows import random_rows

ROWS = random_rows(6, 0.5, seed=2)
STEP = 9
MACHINE, HABITS, ANOTHER, IMPORTED = "two-and-two", "three-and-three", "one-and-one", "theirs"
FIRST = {
    "heads": {"write": "", "read": ""},
    "kept": {"write": "", "read": ""},
    "folded": {"write": False, "read": False},
}
HEADS = [f"{kind}{number}" for number in (1, 2) for kind in ("write", "read")]


@pytest.fixture(scope="module")
def machines_of_several_heads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("several-heads")
    write_machine(folder, MACHINE, several_heads(2))
    write_machine(
        folder, HABITS, several_heads(3), {"write1": 0, "write2": 1, "write3": 0, "read1": 1, "read2": -1, "read3": -1}
    )
    write_machine(folder, ANOTHER, NTMConfig().spec)
    torch.save(family_c(Sizes(n=32, c=9, o=8)), folder / "theirs.pt")
    arguments = ["import", str(folder / "theirs.pt"), str(folder / f"{IMPORTED}{SUFFIX}"), "--task", "copy"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(profiles: Profiles, machines_of_several_heads: Server) -> Iterator[Deck]:
    for open_page in opener(profiles, machines_of_several_heads):
        yield open_page()


@pytest.fixture
def tape(opened: Deck) -> Deck:
    """A tape of the machine with two heads of each kind, the first ones looked at, nothing pinned."""
    show(opened, MACHINE)
    opened.go_to(STEP)
    return opened


@pytest.fixture
def habits(opened: Deck) -> Deck:
    """The same of the machine whose heads do the same at every step."""
    show(opened, HABITS)
    return opened


def show(deck: Deck, machine: str) -> None:
    """A run of a machine, viewed as if no test had been there before."""
    deck.leave_fields()
    deck.press("Escape")
    deck.page.evaluate("view => tapedeck.then(({ store }) => store.look(view))", FIRST)
    deck.choose_machine(machine)
    deck.run_bits(ROWS)


def answer_of(server: Server, path: str, **more: Any) -> dict[str, Any]:
    request = {"checkpoint": MACHINE, "input": {"sequence": [[int(bit) for bit in row] for row in ROWS]}, **more}
    return dict(httpx.post(f"{server.url}/api/{path}", json=request, timeout=30).raise_for_status().json())


@pytest.fixture(scope="module")
def trace(machines_of_several_heads: Server) -> dict[str, Any]:
    return answer_of(machines_of_several_heads, "trace")


def choose(deck: Deck, head: str) -> None:
    deck.page.locator(f"[data-choose={head}]").click()
    expect(deck.page.locator(f"[data-inspects={head}]")).to_be_visible()


def test_every_head_can_be_chosen_and_its_numbers_are_the_services(tape: Deck, trace: dict[str, Any]) -> None:
    for head in HEADS:
        choose(tape, head)
        weighting = trace[f"{head}.weighting"][STEP]
        expect(tape.value(head, "location")).to_have_text(str(int(np.argmax(weighting))))
        expect(tape.value(head, "weight")).to_have_text(f"{max(weighting):.3f}")
        expect(tape.value(head, "gate")).to_have_text(f"{trace[f'{head}.interpolation_gate'][STEP]:.3f}")
        kind, number = head[:-1], head[-1]
        title = f"{kind.capitalize()} weighting, head {number}"
        expect(tape.panel(f"{head}.weighting").locator("h2")).to_have_text(title)
        tape.panel(f"{head}.weighting").get_by_role("button", name="as a table").click(force=True)
        expect(tape.page.locator("#table-title")).to_have_text(title)
        cell = tape.page.locator("#table tbody tr").nth(0).locator("td").nth(STEP)
        first = int(tape.page.locator("#table tbody tr th").nth(0).inner_text())
        assert float(cell.inner_text()) == pytest.approx(trace[f"{head}.weighting"][STEP][first], abs=0.001)
        tape.button("close-table").click()


def test_the_memory_is_rebuilt_from_the_writes_of_all_heads_in_acting_order(tape: Deck, trace: dict[str, Any]) -> None:
    memory = np.array(trace["memory"]["start"])
    for step in range(STEP + 1):
        for head in ("write1", "write2"):
            weighting, erase, add = (
                np.array(trace[f"{head}.{name}"][step]) for name in ("weighting", "erase_vector", "add_vector")
            )
            memory = memory * (1 - np.outer(weighting, erase)) + np.outer(weighting, add)
    shown = tape.page.evaluate(f"tapedeck.then(({{ trace }}) => [...trace.memoryAt({STEP})])")
    np.testing.assert_allclose(np.reshape(shown, memory.shape), memory, atol=1e-5)
    low, high = (tape.page.locator(f"[data-memory] .scale-{end}").inner_text() for end in ("low", "high"))
    assert low == f"−{high}", "what can be negative is shown as far below 0 as above it"


def test_heads_are_chosen_by_arrow_keys_and_the_tape_stands_still(tape: Deck) -> None:
    choose(tape, "read1")
    chooser = tape.page.get_by_role("radiogroup", name="Read head")
    expect(chooser.get_by_role("radio", checked=True)).to_have_attribute("data-choose", "read1")
    tape.page.locator("[data-choose=read1]").focus()
    tape.press("ArrowRight")
    expect(tape.page.locator(":focus")).to_have_attribute("data-choose", "read2")
    expect(chooser.get_by_role("radio", checked=True)).to_have_attribute("data-choose", "read2")
    expect(tape.panel("read2.read_vector")).to_be_visible()
    tape.expect_step(STEP)
    tape.press("ArrowRight")
    expect(tape.page.locator(":focus")).to_have_attribute("data-choose", "read1")


def test_each_head_in_small_says_what_it_does(habits: Deck) -> None:
    for name in (
        "Write head 1: stays at 0",
        "Write head 2: one on each step",
        "Write head 3: stays at 0",
        "Read head 1: same as write 2",
        "Read head 2: one back each step",
        "Read head 3: same as read 2",
    ):
        small = habits.page.get_by_role("radio", name=name, exact=True)
        expect(small.locator(".small-words")).to_have_text(name.partition(": ")[2])
        small.hover()
        said = habits.page.locator(f".head-choice.{name.split()[0].lower()} .strip-words")
        expect(said).to_have_text(f"{name[name.index(':') - 1]} {name.partition(': ')[2]}")


def test_heads_that_never_move_are_folded_to_a_line_and_can_still_be_chosen(habits: Deck) -> None:
    writers = habits.page.locator(".head-choice.write")
    fold = writers.locator("[data-action=fold-heads]")
    expect(fold).to_have_text("Fold 2 that stay")
    expect(habits.page.locator(".head-choice.read [data-action=fold-heads]")).to_be_hidden()
    fold.click()
    expect(fold).to_have_attribute("aria-pressed", "true")
    expect(writers.locator(".small-line [role=radio]")).to_have_text(["1 stays at 0", "3 stays at 0"])
    expect(writers.locator(".small-plot").filter(visible=True)).to_have_count(1)
    writers.locator("[data-choose=write2]").click()
    habits.press("ArrowRight")
    expect(habits.page.locator(":focus")).to_have_attribute("data-choose", "write3")
    expect(habits.panel("write3.weighting")).to_be_visible()
    fold.click()
    expect(writers.locator(".small-plot").filter(visible=True)).to_have_count(3)


def test_a_head_is_kept_in_view_beside_the_chosen_one_and_a_link_holds_it(habits: Deck) -> None:
    choose(habits, "write2")
    habits.page.locator(".head-choice.write [data-action=keep-head]").click()
    expect(habits.page.locator("[data-action=let-go-of-head]")).to_have_count(0)
    choose(habits, "write3")
    for head in ("write3", "write2"):
        expect(habits.panel(f"{head}.weighting")).to_be_visible()
        expect(habits.page.locator(f"[data-inspects={head}]")).to_be_visible()
        expect(habits.page.locator(f"[data-head={head}]")).to_be_visible()
    habits.wait_fitted(1440, 900)
    large, kept = (habits.box(habits.panel(f"{head}.weighting").locator(".plot")) for head in ("write3", "write2"))
    assert (large["x"], large["width"]) == (kept["x"], kept["width"])
    assert large["y"] + large["height"] < kept["y"]
    habits.page.wait_for_function("() => location.hash.endsWith('&heads=write3&open=write2')")
    link = habits.address
    habits.panel("write2.weighting").get_by_role("button", name="Let go").click()
    expect(habits.panel("write2.weighting")).to_have_count(0)
    habits.page.wait_for_function("() => !location.hash.includes('open=')")
    habits.page.evaluate("link => { location.hash = link }", link.partition("#")[2])
    expect(habits.panel("write2.weighting")).to_be_visible()
    habits.panel("write2.weighting").get_by_role("button", name="Let go").click()
    expect(habits.page.locator("[data-inspects=write2]")).to_have_count(0)
    expect(habits.panel("write3.weighting")).to_be_visible()


def test_a_phone_has_the_heads_of_one_side_in_a_row(habits: Deck) -> None:
    habits.resize(375, 812)
    side = habits.page.get_by_role("radio", name="Write weighting")
    side.click()
    expect(habits.page.locator("[data-choose=write2]")).to_be_visible()
    expect(habits.page.locator("[data-choose=read2]")).to_be_hidden()
    habits.page.locator(".head-choice.write [data-action=keep-head]").click()
    habits.page.locator("[data-choose=write3]").click()
    expect(habits.panel("write1.weighting")).to_be_visible()
    habits.page.wait_for_function("document.documentElement.scrollWidth === 375")
    habits.wait_fitted(375, 812)
    tops = {habits.box(small)["y"] for small in habits.page.locator(".head-choice.write .small-head").all()}
    assert len(tops) == 1
    habits.resize(1440, 900)
    expect(habits.page.locator("[data-choose=read2]")).to_be_visible()


def test_where_reads_and_outputs_come_from_is_what_the_service_says(
    tape: Deck, machines_of_several_heads: Server
) -> None:
    said = answer_of(machines_of_several_heads, "provenance", step=STEP)["sentences"]
    origin = tape.readout("origin")
    tape.leave_fields()
    tape.press("Escape")
    for head in ("read1", "read2"):
        choose(tape, head)
        expect(origin).to_have_text(said["reads"][head])
    for channel in (0, 8):
        tape.page.evaluate(
            "lit => tapedeck.then(({ tape }) => { tape.unpin(); tape.press(lit); })",
            {"step": STEP, "kind": "channel", "row": channel, "panel": "outputs"},
        )
        expect(origin).to_have_text(said["outputs"][channel])
    expect(tape.page.locator("[data-readout=whole-beside]")).to_have_text(re.compile(r"^[+−]\d+\.\d\d$"))
    tape.press("Escape")


def test_what_the_controller_keeps_is_folded_away_until_it_is_asked_for(tape: Deck, trace: dict[str, Any]) -> None:
    hidden = tape.panel("controller.hidden")
    expect(hidden).to_be_hidden()
    tape.page.locator(".controller > summary").click()
    expect(hidden).to_be_visible()
    expect(tape.panel("controller.cell")).to_be_visible()
    hidden.locator(".plot").scroll_into_view_if_needed()
    assert any(colour.alpha for colour in tape.pixels(tape.cells("controller.hidden"), [(0.1, 0.1), (0.5, 0.5)]))
    hidden.get_by_role("button", name="as a table").click(force=True)
    cell = tape.page.locator("#table tbody tr").nth(3).locator("td").nth(STEP)
    assert float(cell.inner_text()) == pytest.approx(trace["controller.hidden"][STEP][3], abs=0.001)
    tape.button("close-table").click()
    tape.page.locator(".controller > summary").click()
    expect(hidden).to_be_hidden()


def test_a_pin_of_a_head_is_opened_with_that_head_chosen(tape: Deck) -> None:
    choose(tape, "read2")
    tape.page.evaluate(
        "tapedeck.then(({ tape }) => tape.press({ step: 4, kind: 'location', row: 1, panel: 'read2.weighting' }))"
    )
    tape.page.wait_for_function("() => location.hash.includes('pin=read2.weighting-4-1')")
    link = tape.address
    tape.page.goto("about:blank")
    tape.page.goto(link)
    tape.wait_done()
    expect(tape.page.locator("[data-choose=read2]")).to_have_attribute("aria-checked", "true")
    expect(tape.panel("read2.weighting").locator(".readout")).to_contain_text("step 4, location 1: ")
    expect(tape.notice).to_be_hidden()


def test_a_link_holds_the_heads_that_are_looked_at(tape: Deck) -> None:
    tape.leave_fields()
    tape.press("Escape")
    choose(tape, "write2")
    choose(tape, "read2")
    tape.page.wait_for_function("() => location.hash.endsWith('&heads=write2-read2')")
    link = tape.address
    choose(tape, "write1")
    tape.page.wait_for_function("() => location.hash.endsWith('&heads=read2')")
    tape.page.goto("about:blank")
    tape.page.goto(link)
    tape.wait_done()
    for head in ("write2", "read2"):
        expect(tape.page.locator(f"[data-choose={head}]")).to_have_attribute("aria-checked", "true")
        expect(tape.panel(f"{head}.weighting")).to_be_visible()
    expect(tape.notice).to_be_hidden()
    choose(tape, "write1")
    choose(tape, "read1")
    tape.page.wait_for_function("() => !location.hash.includes('heads=')")
    link = tape.address
    tape.page.evaluate("link => { location.hash = link }", f"{link.partition('#')[2]}&heads=write2")
    expect(tape.page.locator("[data-choose=write2]")).to_have_attribute("aria-checked", "true")
    tape.page.evaluate("link => { location.hash = link }", link.partition("#")[2])
    expect(tape.page.locator("[data-choose=write1]")).to_have_attribute("aria-checked", "true")


def test_a_link_with_a_head_that_the_machine_lacks_says_so_and_shows_the_others(tape: Deck) -> None:
    tape.page.wait_for_function("() => !location.hash.includes('heads=')")
    link = f"{tape.address}&heads=write7-read2"
    tape.page.goto("about:blank")
    tape.page.goto(link)
    tape.wait_done()
    expect(tape.notice).to_contain_text("This machine has no head “write7”; it has write1, read1, write2, read2.")
    expect(tape.page.locator("[data-choose=write1]")).to_have_attribute("aria-checked", "true")
    expect(tape.page.locator("[data-choose=read2]")).to_have_attribute("aria-checked", "true")
    tape.wait_deck("({ address }) => address.timer === 0")
    assert tape.address == link, "the link stays as it was written"


def test_a_tape_that_another_machines_has_taken_the_place_of_is_let_go(tape: Deck) -> None:
    page = tape.page
    page.evaluate("tapedeck.then(({ trace }) => void (window.before = new WeakRef(trace)))")
    tape.choose_machine(ANOTHER)
    tape.run_bits(ROWS)
    expect(page.locator("[data-inspects=write]")).to_be_visible()
    tape.wait_at_rest()
    tape.wait_entered()
    tape.wait_deck("({ address }) => address.timer === 0")
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    assert page.evaluate("window.before.deref() === undefined")


def test_an_imported_machine_plays_as_any_other_in_its_own_encoding(opened: Deck) -> None:
    """A delimiter after the sequence alone: 2 L + 1 steps. Outputs that see the hidden vector judge no location."""
    show(opened, IMPORTED)
    expect(opened.summary).to_have_text("6 vectors of 8 bits, 13 steps")
    phases = opened.page.evaluate(
        "tapedeck.then(({ trace }) => trace.phases.map(({ name, start, stop }) => [name, start, stop]))"
    )
    assert phases == [["input", 0, 6], ["end", 6, 7], ["recall", 7, 13]]
    opened.go_to(12)
    expect(opened.position).to_contain_text("step 12 of 12")
    expect(opened.readout("place").first).not_to_contain_text("✕")
    expect(opened.readout("count").first).to_contain_text("of 48 bits right")
