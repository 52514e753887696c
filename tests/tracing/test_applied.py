"""What interventions set in the memory is a source of its own, exact, whatever machine read it and however often."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import orjson
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.errors import InvalidInterventions, InvalidRequest
from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tracing import (
    Applied,
    OutputLayer,
    Trace,
    explain_read,
    explain_reads,
    explain_step,
    picture_document,
    prepare,
)
from tapedeck.tracing.export import json_pieces, npz_pieces
from tapedeck.tracing.output import Doubles
from tapedeck.tracing.picture import BLOCK
from tests.tracing.specifications import any_machines


def applied(*changes: tuple[int, int, int, float]) -> Applied:
    steps, rows, columns, values = (np.array(of) for of in zip(*changes, strict=True))
    return Applied(steps, rows, columns, values.astype(np.float32))


class Changed(NamedTuple):
    """What is run, and how its memory is changed on the way."""

    machine: NeuralTM
    vectors: list[list[int]]
    changes: list[tuple[int, int, int, float]]

    def trace(self) -> Trace:
        return replace(prepare(self.machine, "copy", self.vectors).trace(), applied=applied(*self.changes))


@st.composite
def changed_runs(draw: st.DrawFn) -> Changed:
    """Of any machine; of one cell several in a step, too."""
    machine = draw(any_machines())
    vectors = draw(st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=2), min_size=1, max_size=3))
    places = (2 * len(vectors) + 2, machine.spec.memory.locations, machine.spec.memory.width)
    change = st.tuples(*(st.integers(0, most - 1) for most in places), st.floats(-4, 4, width=32))
    return Changed(machine, vectors, draw(st.lists(change, min_size=1, max_size=6)))


def read_by_loops(trace: Trace, step: int, head: str, *, only: int | None = None) -> Doubles:
    """What a head reads: the memory is rebuilt change by change and head by head. With `only`, of what was set before
    that step alone: nothing else puts anything into the memory.
    """
    memory = trace.initial.memory.astype(np.float64) * (only is None)
    assert trace.applied is not None
    for t in range(step + 1):
        for s, row, column, value in zip(*trace.applied.arrays.values(), strict=True):
            if s == t:
                memory[row, column] = value if only in (None, t) else 0
        for each in trace.layout.heads:
            if t == step and each.name == head:
                found: Doubles = trace.arrays[f"{head}.weighting"][step].astype(np.float64) @ memory
                return found
            if each.kind == "write":
                w, e, a = (
                    trace.arrays[f"{each.name}.{name}"][t].astype(np.float64)
                    for name in ("weighting", "erase_vector", "add_vector")
                )
                memory = memory * (1 - np.outer(w, e)) + np.outer(w, a) * (only is None)
    raise AssertionError


@given(run=changed_runs())
def test_a_read_is_exactly_the_sum_of_writes_initial_memory_and_interventions(run: Changed) -> None:
    trace = run.trace()
    for head in trace.layout.read_heads:
        for step in range(trace.steps):
            found = explain_read(trace, step, head)
            np.testing.assert_allclose(found.read_vector, read_by_loops(trace, step, head), rtol=1e-9, atol=1e-9)
            assert found.interventions is not None
            for s, term in enumerate(found.interventions):
                alone = read_by_loops(trace, step, head, only=s)
                np.testing.assert_allclose(term, alone, rtol=1e-9, atol=1e-12)
            shares = found.shares
            assert shares.interventions is not None
            np.testing.assert_allclose(shares.writes.sum() + shares.initial + shares.interventions.sum(), 1, rtol=1e-9)


@given(run=changed_runs())
def test_the_picture_has_the_shares_of_interventions_of_every_step(run: Changed) -> None:
    trace = run.trace()
    heads = len(trace.layout.write_heads)
    for head in trace.layout.read_heads:
        picture = explain_reads(trace, head)
        assert picture.interventions is not None
        for step in range(trace.steps):
            shares = explain_read(trace, step, head).shares
            assert shares.interventions is not None
            by_step = shares.writes.reshape(-1, heads).sum(axis=1)
            np.testing.assert_allclose(picture.writes[step, : step + 1], by_step, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(
                picture.interventions[step, : step + 1], shares.interventions, rtol=1e-9, atol=1e-12
            )
            np.testing.assert_allclose(picture.initial[step], shares.initial, rtol=1e-9, atol=1e-12)


def small_trace(length: int = 3) -> Trace:
    torch.manual_seed(3)
    return prepare(NeuralTM(NTMConfig(9, 4, 3, 6)), "copy", torch.randint(2, (length, 3)).float()).trace()


def test_across_the_blocks_of_the_picture() -> None:
    trace = small_trace(BLOCK + 3)
    changes = [(step, step % 9, step % 4, 3.0) for step in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK)]
    trace = replace(trace, applied=applied(*changes))
    picture = explain_reads(trace)
    assert picture.interventions is not None
    for step in range(trace.steps):
        shares = explain_read(trace, step).shares
        assert shares.interventions is not None
        np.testing.assert_allclose(picture.interventions[step, : step + 1], shares.interventions, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(picture.writes[step, : step + 1], shares.writes, rtol=1e-9, atol=1e-14)


def test_an_output_counts_interventions_among_its_terms_and_names_them() -> None:
    plain = small_trace()
    machine = NeuralTM(NTMConfig(9, 4, 3, 6))
    layer = OutputLayer.of(machine)
    trace = replace(plain, applied=applied(*((2, row, column, 50.0) for row in range(9) for column in range(4))))
    found, without = (explain_step(each, 5, layer, machine.spec) for each in (trace, plain))
    terms = found.output
    assert terms.interventions is not None
    np.testing.assert_allclose(
        terms.unclamped_output, layer.decode(read_by_loops(trace, 5, "read")[np.newaxis])[0], atol=1e-9
    )
    shares = terms.shares
    assert shares.interventions is not None
    several = np.abs(shares.writes).sum(axis=0) + np.abs(shares.interventions).sum(axis=0)
    np.testing.assert_allclose(several + np.abs(shares.initial) + np.abs(shares.bias), 1)
    assert "the intervention at step 2" in found.reads[0].sentence
    assert any("from the intervention at step 2" in sentence for sentence in found.sentences)
    document = found.short_document()
    assert document["read_vector"]["interventions"].shape == (6, 4)
    assert document["output"]["interventions"].shape == (6, 5)
    assert "interventions" not in str(without.document()), "nothing is said of what was not done"
    assert list(picture_document({"read": explain_reads(plain)})["shares"]) == ["writes", "initial"]


def test_the_memory_of_every_step_has_what_was_set_and_files_say_what() -> None:
    plain = small_trace()
    changes = applied((1, 2, 3, 7.5), (1, 2, 3, -1.25), (4, 0, 0, 2.0))
    trace = replace(plain, applied=changes)
    read = trace.arrays["read.weighting"]
    for step, memory in enumerate(trace.memories()):
        np.testing.assert_allclose(read[step] @ memory, read_by_loops(trace, step, "read"), rtol=1e-5, atol=1e-6)
    about = {"id": "a", "sha256": "0" * 64}
    with np.load(io.BytesIO(b"".join(npz_pieces(trace, about, {})))) as file:
        for name, values in changes.arrays.items():
            np.testing.assert_array_equal(file[f"memory.applied.{name}"], values)
    told = orjson.loads(b"".join(json_pieces(trace, about, {})))
    assert told["memory.applied.values"] == [7.5, -1.25, 2.0]
    assert b"memory.applied" not in b"".join(json_pieces(plain, about, {}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((8, 0, 0, 1.0), "has the step 8; this run has 8, counted from 0"),
        ((0, 9, 0, 1.0), "has the row 9; this run has 9"),
        ((0, 0, 4, 1.0), "has the column 4; this run has 4"),
        ((-1, 0, 0, 1.0), "below 0"),
        ((0, 0, 0, float("nan")), "is set to what is no number"),
    ],
)
def test_a_change_of_another_memory_is_refused_with_a_sentence(change: tuple[int, int, int, float], says: str) -> None:
    with pytest.raises(InvalidInterventions, match=says):
        replace(small_trace(), applied=applied(change))


@pytest.mark.parametrize(
    "explain", [lambda trace: explain_read(trace, 2, "read7"), lambda t: explain_reads(t, "write")]
)
def test_a_head_that_the_machine_lacks_is_one_sentence(explain: object) -> None:
    with pytest.raises(InvalidRequest, match=r"This machine has no read head “(read7|write)”; it has read\."):
        explain(small_trace())  # type: ignore[operator]
