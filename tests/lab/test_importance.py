"""What an answer hangs on: every number is that of a run with one intervention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tapedeck.errors import InvalidStep, NonFinite
from tapedeck.lab import importance as of
from tapedeck.lab.importance import Importance, importance, parts_of
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tracing import OutputLayer, Run, prepare
from tests.tracing.changes import Case, cases

VECTORS = [[1, 0], [0, 1]]
"""T = 6; scored from step 4."""


def alone(case: Case, change: dict[str, Any]) -> float:
    """What one change does to the outputs that are scored, by a run of its own."""
    runs = [prepare(case.machine, "copy", VECTORS, None, each) for each in ([case.change], [case.change, change])]
    layer, mask = OutputLayer.of(runs[0].machine), runs[0].episode.mask.numpy()
    before, after = (
        layer.decode(
            np.concatenate([arrays[field] for term in layer.terms for field in term.fields], axis=1).astype(np.float64)
        )
        for arrays in (run.trace().arrays for run in runs)
    )
    return float(np.abs(after - before)[mask].mean())


@settings(max_examples=3)
@given(case=cases(), data=st.data())
def test_every_number_of_the_map_is_that_of_a_run_with_that_intervention(case: Case, data: st.DataObject) -> None:
    """On top of an intervention that the run has already."""
    case = case._replace(change={"kind": "add", "target": "memory", "value": 0.25, "rows": [1], "step": 3})
    run = prepare(case.machine, "copy", VECTORS, None, [case.change])
    found = importance(run)
    for part in data.draw(st.sets(st.integers(0, len(found.parts) - 1), min_size=5, max_size=5)):
        step = data.draw(st.integers(0, run.episode.steps - 1))
        change = alone(case, found.intervention(part, step))
        assert np.isclose(found.change[part, step], change, rtol=1e-3, atol=1e-4), (found.parts[part].name, step)
    row = data.draw(st.integers(0, run.locations - 1))
    change = alone(case, {"kind": "set", "target": "memory", "rows": [row], "value": 0, "step": found.row_step})
    assert np.isclose(found.rows_change[row], change, rtol=1e-3, atol=1e-4)


def small() -> Run:
    torch.manual_seed(5)
    machine = NeuralTM(NTMConfig(locations=6, width=3, bits=2, controller_size=5))
    return prepare(machine, "copy", VECTORS)


def test_the_map_is_the_same_in_batches_of_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = importance(small())
    monkeypatch.setattr(of, "BATCH_NUMBERS", 6 * 3 * 7)
    single = importance(small())
    for name in ("above", "change", "rows_above", "rows_change"):
        np.testing.assert_allclose(getattr(single, name), getattr(whole, name), atol=1e-5)


def test_a_trained_machine_hangs_on_its_writes_its_reads_and_its_rows() -> None:
    import tapedeck as td  # noqa: PLC0415

    run = td.load("copy-1").run("Hello")
    found: Importance = run.importance()
    names = [part.name for part in found.parts]
    reads = found.above[names.index("read")]
    assert (reads[:6] == 0).all(), "before the recall nothing that is read matters"
    assert (reads[7:] > 0).all()
    assert found.row_step == 7
    written = run["write.weighting"][1:6].argmax(axis=1)
    assert set(np.flatnonzero(found.rows_above)) <= {*written.tolist(), int(written[0]) - 1}
    part, step = np.unravel_index(found.above.argmax(), found.above.shape)
    assert f"The answer hangs most on {names[part]} at step {step}" in found.sentence


def test_a_step_that_the_run_lacks_and_a_run_that_overflows_are_refused() -> None:
    with pytest.raises(InvalidStep, match="this run has the steps 0 to 5"):
        importance(small(), 6)
    run = small()
    with torch.no_grad():
        run.machine.r_to_s.bias.fill_(3e38)
        run.machine.r_to_s.weight.fill_(3e38)
        run.machine.writehead.produce_a_t.bias.fill_(1e3)
    with pytest.raises(NonFinite):
        importance(run)


def test_the_parts_are_named_in_the_order_in_which_a_step_comes_by() -> None:
    names = [part.name for part in parts_of(NTMConfig().spec)]
    assert names[:3] == ["inputs", "controller.hidden", "write.content"]
    assert names[-1] == "read"
