"""How focused the heads are at every step, and whether what is read is where it was written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.ntm import NeuralTM
from tapedeck.parts import next_part
from tapedeck.tasks import Phase
from tapedeck.tasks.verdicts.copy.recall import circular, compare_recall
from tapedeck.tracing import invariants, measure, prepare
from tapedeck.tracing.invariants import measure_focus
from tests.ntm.strategies import machines
from tests.tracing.copy_machine import copy_machine, distinct_vectors


def test_the_extremes_of_focus() -> None:
    found = measure_focus(np.array([[0, 1, 0, 0], [0.25] * 4, [0.5, 0, 0.5, 0]], dtype=np.float32))
    assert found.sum.tolist() == [1, 1, 1]
    assert found.entropy.tolist() == [0, 2, 1]
    assert found.peak.tolist() == [1, 0.25, 0.5]
    assert found.location.tolist() == [1, 0, 0]


@given(machine=machines(), data=st.data())
def test_every_weighting_of_any_machine_sums_to_1(machine: NeuralTM, data: st.DataObject) -> None:
    vectors = st.lists(st.integers(0, 1), min_size=machine.spec.bits, max_size=machine.spec.bits)
    trace = prepare(machine.float(), "copy", data.draw(st.lists(vectors, min_size=1, max_size=4))).trace()
    found, locations = measure(trace), trace.initial.memory.shape[0]
    assert list(found.heads) == ["write", "read"]
    for head in found.heads.values():
        np.testing.assert_allclose(head.sum, 1, atol=1e-5)
        assert (head.entropy >= 0).all()
        assert (head.entropy <= np.log2(locations) + 1e-5).all()
        assert (head.peak >= 1 / locations - 1e-6).all()
        assert (head.peak <= 1 + 1e-6).all()
    assert (abs(found.recall.offset) <= locations / 2).all()


def test_an_exact_copy_reads_where_it_wrote() -> None:
    found = measure(prepare(copy_machine(), "copy", distinct_vectors(5)).trace())
    assert found.recall.written_at.tolist() == [1, 2, 3, 4, 5]
    assert found.recall.read_at.tolist() == [7, 8, 9, 10, 11]
    assert found.recall.written.tolist() == found.recall.read.tolist() == [10, 11, 12, 13, 14]
    assert found.recall.offset.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("locations", "distances", "offsets"),
    [
        (8, [0, 1, 3, 4, 5, 7, -1, -4, -7], [0, 1, 3, 4, -3, -1, -1, 4, 1]),
        (7, [3, 4, 6, -3, -4], [3, -3, -1, -3, 3]),
        (3, [1, 2, -1, -2], [1, -1, -1, 1]),
    ],
)
def test_offsets_go_the_shorter_way_round(locations: int, distances: list[int], offsets: list[int]) -> None:
    assert circular(np.array(distances), locations).tolist() == offsets


def test_a_run_that_is_no_copy_has_no_recall() -> None:
    anywhere = np.zeros(6, dtype=np.int64)
    for phases in [(Phase("input", 0, 6),), (Phase("input", 0, 2), Phase("recall", 2, 6))]:
        assert all(len(values) == 0 for values in compare_recall(phases, anywhere, anywhere, 4))


def test_the_arrays_have_names_like_those_of_a_trace(machine: NeuralTM, sequence: list[list[int]]) -> None:
    arrays = measure(prepare(machine, "copy", sequence).trace()).arrays
    of_a_head = ["sum", "entropy", "peak", "location"]
    expected = [f"{head}.{name}" for head in ("write", "read") for name in of_a_head]
    assert list(arrays) == [
        *expected,
        *(f"recall.{name}" for name in ("written_at", "read_at", "written", "read", "offset")),
    ]
    assert all(len(values) == (9 if name.startswith("recall") else 20) for name, values in arrays.items())


def test_no_piece_of_an_npz_measures_the_whole_run(
    machine: NeuralTM, sequence: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a long run on many locations that alone would take a third of a second; in stretches it is the same."""
    trace = prepare(machine, "copy", sequence).trace()
    whole = measure(trace).arrays
    monkeypatch.setattr(invariants, "MEASURED_AT_ONCE", 3 * trace.initial.memory.shape[0])
    parts, waits = invariants.measure_in_parts(trace), 0
    while not (found := next_part(parts)):
        waits += 1
    assert waits == 2 * 7  # of 20 steps by threes, for two heads
    for name, values in found[0].arrays.items():
        np.testing.assert_array_equal(values, whole[name], err_msg=name)
