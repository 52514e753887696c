"""The verification figure holds the trace's numbers, in the reference's order, on shared axes and fixed scales."""

from __future__ import annotations

import numpy as np
import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures.drawing import Drawing, Panel
from tapedeck.figures.palette import BIT, KINDS, WEIGHTINGS
from tapedeck.figures.runs import random_run
from tapedeck.figures.verification import verification
from tapedeck.tracing import Trace

FIELDS = {
    "Inputs": "inputs",
    "Outputs": "outputs",
    "Add vectors": "write.add_vector",
    "Read vectors": "read.read_vector",
    "Write weightings": "write.weighting",
    "Read weightings": "read.weighting",
}


def panel(drawing: Drawing, title: str) -> Panel:
    return next(panel for panel in drawing.panels if panel.title == title)


def location(label: str) -> int:
    return int(label.removeprefix("location "))


def test_panels_in_the_reference_s_order(verified: Drawing) -> None:
    assert [panel.title for panel in verified.panels] == list(FIELDS)
    by_place = sorted(verified.panels, key=lambda panel: (panel.box.top, panel.box.left))
    assert by_place == list(verified.panels)


@pytest.mark.parametrize("title", FIELDS)
def test_values_are_the_trace_s(verified: Drawing, trace: Trace, title: str) -> None:
    shown = panel(verified, title)
    values = trace.arrays[FIELDS[title]].T
    rows = [location(label) for label in shown.rows.labels] if "weightings" in title else range(len(values))
    np.testing.assert_array_equal(shown.values, values[list(rows)])
    assert shown.values.shape == (len(shown.rows.labels), len(shown.columns.labels))


def test_all_weight_is_shown(verified: Drawing, trace: Trace) -> None:
    shown = {location(label) for label in panel(verified, "Read weightings").rows.labels}
    left_out = [row for row in range(12) if row not in shown]
    assert trace.arrays["write.weighting"][:, left_out].max(initial=0) < 0.02
    assert trace.arrays["read.weighting"][:, left_out].max(initial=0) < 0.02


def test_axes_are_shared(verified: Drawing) -> None:
    assert len({panel.columns.labels for panel in verified.panels}) == 1
    for left, right in zip(verified.panels[::2], verified.panels[1::2], strict=True):
        assert left.rows.labels == right.rows.labels
        assert (left.box.top, left.box.height) == (right.box.top, right.box.height)
    for column in (verified.panels[::2], verified.panels[1::2]):
        assert len({(panel.box.left, panel.box.width) for panel in column}) == 1


def test_scales_are_fixed(verified: Drawing, trace: Trace) -> None:
    assert panel(verified, "Inputs").scale == panel(verified, "Outputs").scale == BIT
    assert panel(verified, "Write weightings").scale == WEIGHTINGS["write"]
    assert panel(verified, "Read weightings").scale == WEIGHTINGS["read"]
    assert {scale.high for scale in (BIT, *WEIGHTINGS.values())} == {1}
    content, read = panel(verified, "Add vectors").scale, panel(verified, "Read vectors").scale
    assert (content.low, content.high) == (read.low, read.high)
    assert content.high >= max(trace.arrays["write.add_vector"].max(), trace.arrays["read.read_vector"].max())
    assert [bar.scale for bar in verified.bars] == [BIT, content, read, *WEIGHTINGS.values()]


def test_errors_are_the_trace_s(verified: Drawing, trace: Trace) -> None:
    marked = panel(verified, "Outputs").errors
    assert len(marked) == trace.bit_errors > 0
    for row, column in marked:
        assert column >= trace.phases[-1].start
        assert (trace.arrays["outputs"][column, row] > 0.5) != (trace.arrays["targets"][column, row] > 0.5)
    assert all(not other.errors for other in verified.panels if other.title != "Outputs")


def test_phases_have_brackets(verified: Drawing) -> None:
    assert panel(verified, "Inputs").spans == panel(verified, "Outputs").spans == (("input", 1, 7), ("recall", 8, 14))


def test_words(verified: Drawing, trace: Trace, checkpoint: Checkpoint) -> None:
    texts = {text.text: text for text in verified.texts}
    assert texts.keys() >= {*FIELDS, "time step", "memory location", "element", "weighting", "bit"}
    assert texts["Write weightings"].colour == KINDS["write"]
    assert texts["Read weightings"].colour == KINDS["read"]
    assert f"SHA-256 of the machine’s file: {checkpoint.info.sha256}" in texts
    about = (
        "Machine: small (Never trained), trained on 1,200 sequences. Memory: 12 locations × 4. Random bits of seed 5."
    )
    assert about in texts
    assert any(f"{trace.bit_errors} of 18 bits wrong" in text for text in texts)
    assert verified.metadata["Identifier"] == f"sha256:{checkpoint.info.sha256}"


def test_everything_is_within_the_figure(verified: Drawing, generalized: Drawing) -> None:
    for drawing in (verified, generalized):
        for box in [panel.box for panel in drawing.panels] + [bar.box for bar in drawing.bars]:
            assert box.left >= 0
            assert box.top >= 0
            assert box.right <= drawing.width
            assert box.bottom <= drawing.height
        assert all(0 <= text.x <= drawing.width and 0 <= text.y <= drawing.height for text in drawing.texts)


def test_more_locations_than_can_be_shown(checkpoint: Checkpoint) -> None:
    drawn = verification(random_run(checkpoint, 2, 4096, 1).trace(), checkpoint.info, 1)
    assert len(panel(drawn, "Read weightings").values) <= 1024


def test_a_single_vector(checkpoint: Checkpoint) -> None:
    drawn = verification(random_run(checkpoint, 1, 3, 1).trace(), checkpoint.info, 1)
    assert drawn.title == "Verification: a copy of 1 vector"
    assert panel(drawn, "Inputs").values.shape == (5, 4)
