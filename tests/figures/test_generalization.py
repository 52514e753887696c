"""The generalization figure holds the traces' numbers, and its lines are filled in the order of the lengths."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from tapedeck.checkpoints import Checkpoint
from tapedeck.figures.drawing import Drawing, Panel
from tapedeck.figures.generalization import LEFT, LINE_WIDTH, generalization
from tapedeck.figures.palette import BIT, ERROR_SIZE
from tapedeck.figures.runs import random_run
from tapedeck.tracing import Trace
from tests.figures.conftest import LENGTHS


def strips(drawing: Drawing) -> list[tuple[Panel, Panel, Panel]]:
    """Target, output and error of each sequence."""
    return list(zip(drawing.panels[::3], drawing.panels[1::3], drawing.panels[2::3], strict=True))


Draw = Callable[..., Drawing]


@pytest.fixture(scope="module")
def draw(checkpoint: Checkpoint) -> Draw:
    """The figure of these lengths; no run is run twice."""

    @cache
    def run(length: int, locations: int) -> Trace:
        return random_run(checkpoint, length, locations, 1).trace()

    def figure(*lengths: int, locations: int = 122) -> Drawing:
        return generalization([run(length, locations) for length in lengths], checkpoint.info, 1)

    return figure


def test_strips_of_each_length_in_order(generalized: Drawing) -> None:
    assert [panel.title for panel in generalized.panels] == [
        f"{length} vectors: {name}" for length in LENGTHS for name in ("target", "output", "error")
    ]


def test_values_are_the_traces(generalized: Drawing, traces: list[Trace]) -> None:
    for trace, length, (target, output, error) in zip(traces, LENGTHS, strips(generalized), strict=True):
        np.testing.assert_array_equal(target.values, trace.arrays["targets"][-length:, :3].T)
        np.testing.assert_array_equal(output.values, trace.arrays["outputs"][-length:, :3].T)
        np.testing.assert_array_equal(error.values, abs(output.values - target.values))
        assert len(output.errors) == trace.bit_errors
        assert all(abs(error.values[cell]) >= 0.5 for cell in output.errors)


def test_some_bits_are_wrong_and_said_to_be(generalized: Drawing, traces: list[Trace]) -> None:
    assert sum(trace.bit_errors for trace in traces) > 0
    texts = [text.text for text in generalized.texts]
    for trace, length in zip(traces, LENGTHS, strict=True):
        assert f"{length} vectors" in texts
        assert f"{trace.bit_errors} of {3 * length} wrong" in texts or not trace.bit_errors


def test_scales_are_fixed(generalized: Drawing) -> None:
    for target, output, error in strips(generalized):
        assert target.scale == output.scale == BIT
        assert error.scale == ERROR_SIZE
    assert ERROR_SIZE.high == 1
    assert [bar.scale for bar in generalized.bars] == [BIT, ERROR_SIZE]


def test_all_cells_are_as_wide_and_strips_share_their_axes(generalized: Drawing) -> None:
    assert len({round(panel.cell[0], 6) for panel in generalized.panels}) == 1
    for target, output, error in strips(generalized):
        assert target.columns.labels == output.columns.labels == error.columns.labels
        assert target.box.left == output.box.left == error.box.left
        assert target.box.bottom < output.box.top
        assert output.box.bottom < error.box.top


def lines(drawing: Drawing) -> list[list[int]]:
    """The lengths that stand side by side."""
    found: dict[float, list[int]] = {}
    for target, _, _ in strips(drawing):
        found.setdefault(target.box.top, []).append(target.values.shape[1])
    return list(found.values())


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((10, 20, 60, 100, 120), [[10, 20, 60], [100], [120]]),
        ((10, 20, 60, 100), [[10, 20, 60], [100]]),  # as in the reference
        ((20, 10, 60, 100), [[20, 10, 60], [100]]),
        ((1, 2, 3), [[1, 2, 3]]),
    ],
)
def test_lines(draw: Draw, lengths: tuple[int, ...], expected: list[list[int]]) -> None:
    drawing = draw(*lengths)
    assert lines(drawing) == expected
    assert max(panel.box.right for panel in drawing.panels) <= LEFT + LINE_WIDTH + 1e-6


def test_a_memory_that_is_too_small_is_said(draw: Draw) -> None:
    assert any("needs 12 locations" in text.text for text in draw(10, locations=11).texts)
    assert not any("needs" in text.text for text in draw(10, locations=12).texts)
