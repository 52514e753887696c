"""What each head does over a run: as the page says it, and what is true of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.tracing import prepare
from tapedeck.tracing.conduct import conduct_of, describe_conduct
from tests.figures.machines import DRAWN, run_of
from tests.narration_fixture import CONDUCT, FILE, bits, conduct_text, run_in

STEPS, ANSWER, LOCATIONS = 20, 11, 64
"""What is told has 11 steps, what is answered 9."""

CASES = json.loads(FILE.read_text(encoding="utf-8"))


def at(location: int, over: int = 1) -> list[float]:
    """All weight at a location, or evenly over so many from there on."""
    return [1 / over if (index - location) % LOCATIONS < over else 0.0 for index in range(LOCATIONS)]


def conducted(*, gate: float = 0.0, **weightings: Callable[[int], list[float]]) -> dict[str, str]:
    """Of heads by their names, whose weightings are these at each step."""
    heads = [
        {"name": name, "kind": name.rstrip("0123456789"), "previous": name, "shifts": [1, 0, -1], "start": at(0)}
        for name in weightings
    ]
    phases = [("input", 0, ANSWER), ("recall", ANSWER, STEPS)]
    about: dict[str, Any] = {
        "steps": STEPS,
        "locations": LOCATIONS,
        "heads": heads,
        "phases": [{"name": role, "role": role, "start": start, "stop": stop} for role, start, stop in phases],
    }
    arrays = {}
    for name, weighting in weightings.items():
        arrays[f"{name}.weighting"] = np.array([weighting(step) for step in range(STEPS)], np.float32)
        arrays[f"{name}.interpolation_gate"] = np.full(STEPS, gate, np.float32)
        arrays[f"{name}.shift_weighting"] = np.tile(np.array([0, 1, 0], np.float32), (STEPS, 1))
    return conduct_of(about, arrays)


@pytest.mark.parametrize(
    ("words", "weighting"),
    [
        ("stays at 12", lambda step: at(12)),
        ("stays around 12", lambda step: at(12, 3)),
        ("one on each step", at),
        ("one back each step, then stays at 54", lambda step: at(-min(step, ANSWER - 1))),
        ("spread over 4, then over 20", lambda step: at(0, 5 if step < ANSWER else 25)),
        ("looks at no location", lambda step: [0.0] * LOCATIONS),
        (
            "one on each step, 1 jump, then stays at 50",
            lambda step: at(50 if step >= ANSWER else step + 9 * (step > 5)),
        ),
    ],
)
def test_a_head_is_said_to_do_what_it_does(words: str, weighting: Callable[[int], list[float]]) -> None:
    assert conducted(write=lambda step: at(60), read=weighting)["read"] == words


def test_a_jump_is_by_content_where_the_gate_lets_content_through() -> None:
    assert conducted(write=lambda step: at(step * 17), gate=0.9)["write"] == "jumps by content"
    assert conducted(write=lambda step: at(step * 17), gate=0.1)["write"] == "jumps"


def test_a_head_that_looks_where_another_does_is_said_to_do_the_same() -> None:
    found = conducted(
        read1=at, write1=at, write2=lambda step: at(9), read2=lambda step: at(0, 30) if step < ANSWER else at(step)
    )
    assert found == {
        "write1": "one on each step",
        "write2": "stays at 9",
        "read1": "same as write 1",
        "read2": "spread over 24, then same as write 1",
    }


def test_the_conduct_of_every_case_is_the_one_that_the_page_says() -> None:
    kept = json.loads(CONDUCT.read_text(encoding="utf-8"))
    assert kept == {case["name"]: conduct_of(*run_in(case)) for case in CASES}, "python -m tests.narration_fixture"
    assert CONDUCT.read_text(encoding="utf-8") == conduct_text()


def test_the_heads_of_a_run_are_told_a_line_each() -> None:
    found = CheckpointLibrary(SHIPPED_CHECKPOINTS).get("copy-1")
    one = prepare(found.machine, "copy", {"sequence": bits("Tapedeck")}).trace()
    assert describe_conduct(one) == ["Write head: one on each step.", "Read head: stays at 64, then one on each step."]
    said = describe_conduct(run_of(DRAWN["one that writes and three that read"]))
    assert [line.partition(":")[0] for line in said] == ["Write head", *(f"Read head {number}" for number in (1, 2, 3))]
