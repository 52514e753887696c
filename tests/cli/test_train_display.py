"""What training says as it goes: bars on a terminal, a few lines elsewhere."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from tapedeck.cli.train_display import Outcome, describe, display, summary, table
from tapedeck.training.outcome import Ending, Fault
from tapedeck.training.recipe import Recipe
from tapedeck.training.request import TrainingRequest
from tapedeck.training.trainer import Progress


def progress(sequences: int, *, errors: int | None = 3, solved: int | None = None, skipped: int = 0) -> Progress:
    after = None if solved is None else solved / 1000
    return Progress(sequences, 1000, 0.25, 0.5, errors, solved, after, skipped, seconds=1.0)


@pytest.mark.parametrize("runs", [1, 2])
def test_a_few_lines_where_no_bar_can_move(runs: int) -> None:
    console = Console(file=io.StringIO(), force_terminal=False, width=40)
    with display(console, runs=runs) as shown:
        for sequences in range(0, 1001, 2):
            shown.advance("copy-1", progress(sequences), compiled=True)
        shown.end("copy-1", "copy-1: [b]done[/b] " + "x" * 60)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert lines[0] == "copy-1: from 0 to 1,000 sequences"
    assert [line.partition(" · ")[0] for line in lines[1:-1]] == (
        [f"copy-1: {part * 100:,}/1,000" for part in range(1, 11)] if runs == 1 else []
    )
    assert lines[-1] == "copy-1: [b]done[/b] " + "x" * 60


def test_bars_on_a_terminal() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with display(console, runs=2) as shown:
        shown.advance("copy-1", progress(0), compiled=None)
        shown.advance("copy-2", progress(500), compiled=False)
        shown.end("copy-1", "copy-1: finished")
    assert isinstance(console.file, io.StringIO)
    said = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", console.file.getvalue())
    assert "copy-1: finished" in said
    assert "500/1,000 · loss 0.2500 · 50.0% wrong bits · 3 in validation" in said


def test_the_numbers_of_a_run() -> None:
    assert describe(progress(400, skipped=2), speed=4.0) == (
        "400/1,000 · 4/s · loss 0.2500 · 50.0% wrong bits · 3 in validation · 2 skipped · 2:30 left"
    )
    assert describe(Progress(0, 1000, None, None, None, None, None, 0, 0.0), None) == "0/1,000"


def outcome(seed: int, ending: Ending, where: Progress | None, fault: Fault | None = None) -> Outcome:
    return Outcome(TrainingRequest(seed, Path("[runs]")), ending, where, fault)


OUTCOMES = [
    outcome(1, Ending.FINISHED, progress(1000, errors=0, solved=400)),
    outcome(2, Ending.OVER, progress(1000, errors=0, solved=600, skipped=7)),
    outcome(3, Ending.FINISHED, progress(1000, errors=5)),
    outcome(4, Ending.STOPPED, progress(500, errors=0, solved=200)),
    outcome(5, Ending.FAILED, None, Fault("training_error", "No room.")),
]


def test_a_row_for_every_seed() -> None:
    console = Console(file=io.StringIO(), width=100)
    console.print(table(OUTCOMES))
    assert isinstance(console.file, io.StringIO)
    rows = [line.split("│")[1:-1] for line in console.file.getvalue().splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["1", "400", "0.4", "0", "0", "[runs]/copy-1.safetensors"],
        ["2", "600", "0.6", "0", "7", "[runs]/copy-2.safetensors"],
        ["3", "–", "–", "5", "0", "[runs]/copy-3.safetensors"],
        ["4", "200", "0.2", "0", "0", "stopped"],
        ["5", "–", "–", "–", "–", "failed"],
    ]


def test_all_in_one_line() -> None:
    assert summary(OUTCOMES, Recipe()) == "2 of 5 seeds at 0 errors on lengths 1–20; median 500 sequences, 0.5 s."
    assert summary(OUTCOMES[2:3], Recipe(longest=9)) == "0 of 1 seeds at 0 errors on lengths 1–9."


def test_what_became_of_each() -> None:
    assert [each.line for each in OUTCOMES] == [
        "copy-1: finished, without errors from 400 sequences on (0.4 s); [runs]/copy-1.safetensors",
        "copy-2: already over, without errors from 600 sequences on (0.6 s); [runs]/copy-2.safetensors",
        "copy-3: finished, 5 wrong bits in the last validation; [runs]/copy-3.safetensors",
        "copy-4: stopped at 500 of 1,000 sequences",
        "copy-5: No room.",
    ]
