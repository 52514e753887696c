"""A sentence on every step: the cases that the page is held to, and what is true of every machine that ships."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.tasks import TASKS
from tapedeck.tracing import Trace, prepare
from tapedeck.tracing.narration import Narrator, narrate
from tests.narration_fixture import FILE, bits, run_in, shipped_runs, text

CASES = json.loads(FILE.read_text(encoding="utf-8"))
LIBRARY = CheckpointLibrary(SHIPPED_CHECKPOINTS)
MACHINES = [entry.id for entry in LIBRARY.list() if isinstance(entry, CheckpointInfo)]
ASKED: dict[str, list[dict[str, Any]]] = {
    "copy": [{"sequence": bits("Tapedeck")}, {"sequence": bits("ÿ")}],
    "repeat_copy": [{"sequence": bits("ab"), "repeats": 3}, {"sequence": bits("a"), "repeats": 2}],
    "associative_recall": [dict(TASKS["associative_recall"].example)],
    "dynamic_ngrams": [dict(TASKS["dynamic_ngrams"].example)],
    "priority_sort": [dict(TASKS["priority_sort"].example)],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_sentence_of_every_step_is_the_one_that_the_page_says(case: dict[str, Any]) -> None:
    about, arrays = run_in(case)
    assert list(Narrator(about, arrays, case["heads"]).sentences()) == case["says"]


def test_the_runs_of_shipped_machines_are_told_as_the_cases_have_them() -> None:
    kept = {case["name"]: case["says"] for case in CASES}
    for name, trace in shipped_runs():
        assert narrate(trace) == kept[name], "python -m tests.narration_fixture"


def test_the_cases_are_what_their_script_makes() -> None:
    names = [json.loads(line.rstrip(","))["name"] for line in text().splitlines()[1:-1]]
    assert names == [case["name"] for case in CASES], "python -m tests.narration_fixture"


@pytest.mark.parametrize("machine", MACHINES)
def test_every_step_of_every_shipped_machine_has_a_true_sentence(machine: str) -> None:
    found = LIBRARY.get(machine)
    for given in ASKED[found.info.task]:
        trace = prepare(found.machine, found.info.task, given).trace()
        said = narrate(trace)
        assert len(said) == trace.steps
        for step, sentence in enumerate(said):
            _check(trace, step, sentence)


def _check(trace: Trace, step: int, sentence: str) -> None:
    """Against the trace, by other ways than those that made it."""
    assert re.fullmatch(rf"Step {step} · [^:]+: .+\.", sentence)
    phase = next(phase for phase in trace.phases if phase.start <= step < phase.stop)
    predicts = "optimum" in trace.arrays
    assert predicts or phase.name.split()[0] in sentence.partition(":")[0] or phase.role == "delimiter"
    kind = "read" if re.search(r": (reads|jumps)|, (reads|jumps)", sentence) and phase.role != "input" else "write"
    head = next(each["name"] for each in trace.about["heads"] if each["kind"] == kind)
    weighting = trace.arrays[f"{head}.weighting"][step]
    if place := re.search(r"(mostly )?(?:to )?location (\d+)", sentence):
        assert int(place[2]) == weighting.argmax()
        assert bool(weighting.max() < 0.8) is bool(place[1])
    else:
        assert "spread over" in sentence
        assert weighting.max() < 0.5
    if predicts:
        _check_prediction(trace, step, sentence)
        return
    scored = any(start <= step < stop for start, stop, _, _ in trace.about["scored"])
    right = not trace.wrong[step].any()
    assert ("✓" in sentence, "✗" in sentence) == (scored and right, scored and not right)
    if "one on from the last" in sentence:
        before = trace.arrays[f"{head}.weighting"][step - 1].argmax()
        assert weighting.argmax() == (before + 1) % len(weighting)
    if "by content" in sentence:
        assert trace.arrays[f"{head}.interpolation_gate"][step] >= 0.5


def _check_prediction(trace: Trace, step: int, sentence: str) -> None:
    """What is heard, what is said of the next, and what can be known of it."""
    bits = "".join(str(int(bit)) for bit in trace.arrays["inputs"][:, 0])
    assert f"· bit {step + 1} of {trace.steps}: hears {bits[step]}" in sentence
    found = re.search(
        r" after (\d+), .* says (\S+) for a 1 \(best (\S+), (not seen|seen once|seen (\d+) times)", sentence
    )
    assert bool(found) is (step >= 4)
    if not found:
        return
    context = bits[step - 4 : step + 1]
    assert context == found[1] + bits[step]
    for number, name in ((found[2], "outputs"), (found[3], "optimum")):
        assert abs(float(number) - trace.arrays[name][step, 0]) < 0.00501
    seen = sum(bits[start : start + 5] == context for start in range(step - 4))
    assert seen == {"not seen": 0, "seen once": 1}.get(found[4], int(found[5] or 0))
