"""Machines that do not read 8 bits a vector are played like any other; each of them was made here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from tapedeck.checkpoints import SUFFIX, write_checkpoint
from tapedeck.ntm import NeuralTM, NTMConfig
from tests.browser.conftest import Open, opener
from tests.browser.deck import FIELDS, Deck
from tests.browser.profiles import Profiles
from tests.browser.server import Server
from tests.browser.test_link import begin_anew

WIDTHS = (8, 5, 12)


@pytest.fixture(scope="module")
def widths_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service with an untrained machine of each width, of which the one that reads 8 is the first."""
    folder = tmp_path_factory.mktemp("widths")
    for order, bits in enumerate(WIDTHS):
        with torch.random.fork_rng():
            torch.manual_seed(bits)
            machine = NeuralTM(NTMConfig(locations=32, bits=bits))
        facts = {"name": f"m{order}-{bits}-bits", "task": "copy", "sequences_seen": 0, "seed": bits}
        path = folder / f"m{order}-{bits}-bits{SUFFIX}"
        write_checkpoint(path, machine, **facts, metrics={}, origin={"kind": "made"})  # type: ignore[arg-type]
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def open_widths(profiles: Profiles, widths_server: Server) -> Iterator[Open]:
    yield from opener(profiles, widths_server)


@pytest.fixture(scope="module")
def opened(open_widths: Open) -> Deck:
    return open_widths()


@pytest.fixture
def deck(opened: Deck) -> Deck:
    """The page as it opens."""
    opened.choose_by_id("m0-8-bits")
    opened.begin_with("Hello, tape machine!")
    return opened


@pytest.fixture(scope="module")
def reader(open_widths: Open) -> Deck:
    """Whoever a link is sent to."""
    return open_widths()


def heard(deck: Deck) -> list[str]:
    """The input of the tape, as the page has it."""
    script = """() => tapedeck.then(({ trace }) => {
        const { start, stop } = trace.phases.find(({ name }) => name === "input");
        const bits = trace.field("inputs").length - 2;
        const steps = Array.from({ length: stop - start }, (_, index) => start + index);
        return steps.map((step) => [...trace.at("inputs", step)].slice(0, bits).join(""));
    })"""
    return list(deck.page.evaluate(script))


@pytest.mark.parametrize("bits", [5, 12])
def test_a_machine_that_reads_another_number_of_bits_is_played(deck: Deck, bits: int) -> None:
    expect(deck.readout("heard")).to_have_text("Hello, tape machine!")
    deck.choose_machine(f"m{WIDTHS.index(bits)}-{bits}-bits")
    assert {len(row) for row in heard(deck)} == {bits}, "choosing it runs a sequence that it reads"
    expect(deck.page.locator(FIELDS["Bits"])).to_have_value(" ".join(heard(deck)))

    rows = ["1" * bits, f"{1:0{bits}b}"]
    deck.run_bits(rows)
    assert heard(deck) == rows
    expect(deck.summary).to_have_text(f"2 vectors of {bits} bits, 6 steps")
    digits = -(-bits // 4)
    written = [f"{int(row, 2):0{digits}x}" for row in rows]
    expect(deck.readout("heard")).to_have_text(" ".join(written))
    expect(deck.page.locator(FIELDS["Hex"])).to_have_value(" ".join(written))
    # Where rows are low, both delimiters share a label.
    expect(deck.panel("inputs").locator(".row-axis")).to_contain_text(re.compile(f"{bits}S ?E"))

    deck.choose_way("Draw")
    deck.page.get_by_role("button", name="Add vector", exact=True).click()
    expect(deck.page.locator(FIELDS["Bits"])).to_have_value(" ".join([*rows, "0" * bits]))
    deck.choose_way("Random")
    deck.run()
    assert {len(row) for row in heard(deck)} == {bits}
    deck.page.get_by_role("button", name="Diagonal", exact=True).click()
    expect(deck.summary).to_contain_text(f"{2 * bits} vectors of {bits} bits")

    deck.choose_machine("m0-8-bits")
    expect(deck.page.locator(FIELDS["Text"])).to_have_value("Hello, tape machine!")
    expect(deck.readout("heard")).to_have_text("Hello, tape machine!")


@pytest.mark.parametrize("bits", [5, 12])
def test_a_link_to_a_machine_of_another_width_opens_the_same_picture(deck: Deck, reader: Deck, bits: int) -> None:
    deck.choose_machine(f"m{WIDTHS.index(bits)}-{bits}-bits")
    rows = ["1" * bits, "0" * bits, f"{2:0{bits}b}"]
    deck.run_bits(rows)
    other = begin_anew(reader, str(deck.tell("({ address }) => address.url()")).removeprefix(deck.url))
    assert heard(other) == rows
    expect(other.page.locator(FIELDS["Bits"])).to_have_value(" ".join(rows))
    expect(other.notice).to_be_hidden()


def test_a_link_with_vectors_that_the_machine_does_not_read_is_refused_with_a_sentence(reader: Deck) -> None:
    deck = begin_anew(reader, "/#v=1&checkpoint=m1-5-bits&sequence=r2.SGk")
    expect(deck.notice).to_contain_text("The link's run was refused.")
    assert {len(row) for row in heard(deck)} == {5}, "the page's own sequence is one that the machine reads"
    broken = begin_anew(reader, "/#v=1&checkpoint=m1-5-bits&bits=5&sequence=r2.__8")
    expect(broken.notice).to_contain_text("vector 1 has more than 5 bits")
    assert {len(row) for row in heard(broken)} == {5}


def test_a_page_without_a_machine_that_reads_8_bits_opens_on_a_tape(profiles: Profiles, tmp_path: Path) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(5)
        machine = NeuralTM(NTMConfig(locations=32, bits=5))
    facts = {"name": "five", "task": "copy", "sequences_seen": 0, "seed": 5}
    write_checkpoint(tmp_path / f"five{SUFFIX}", machine, **facts, metrics={}, origin={"kind": "made"})  # type: ignore[arg-type]
    server = Server(tmp_path)
    server.start()
    try:
        for deck_open in opener(profiles, server):
            deck = deck_open()
            assert {len(row) for row in heard(deck)} == {5}
            expect(deck.readout("changed")).to_be_empty()
            expect(deck.page.locator("#machine")).to_have_value(re.compile("^five"))
    finally:
        server.stop()
