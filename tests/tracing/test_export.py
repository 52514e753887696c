"""A trace as JSON and as .npz: the same numbers, in pieces of any size."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from tapedeck.ntm import NeuralTM
from tapedeck.tracing import Trace, export, measure, prepare

CHECKPOINT = {"id": "a", "sha256": "0123abcd"}


@pytest.fixture
def trace(machine: NeuralTM, sequence: list[list[int]]) -> Trace:
    return prepare(machine, "copy", sequence).trace()


@pytest.fixture(params=[1, 10, 10**6])
def piece_numbers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """From a piece for every row to one for every array."""
    numbers: int = request.param
    monkeypatch.setattr(export, "PIECE_NUMBERS", numbers)
    return numbers


@pytest.mark.usefixtures("piece_numbers")
def test_json_gives_back_every_float32(trace: Trace) -> None:
    document = json.loads(b"".join(export.json_pieces(trace, CHECKPOINT, {})))
    assert (document["version"], document["checkpoint"], document["wrong"]) == (2, CHECKPOINT, trace.bit_errors)
    for name, expected in trace.arrays.items():
        got = np.array(document[name], np.float32)
        np.testing.assert_array_equal(got, expected, err_msg=name, strict=True)
    np.testing.assert_array_equal(np.array(document["memory"]["start"], np.float32), trace.initial.memory)


@pytest.mark.usefixtures("piece_numbers")
def test_short_json_gives_back_every_float32(trace: Trace) -> None:
    document = json.loads(b"".join(export.short_json_pieces(trace, CHECKPOINT | {"machine": {}}, {})))
    for name, expected in trace.arrays.items():
        head, _, field = name.rpartition(".")
        if head == "controller":
            continue  # not part of version 1
        got = np.array((document["heads"][head] if head else document)[field], np.float32)
        np.testing.assert_array_equal(got, expected, err_msg=name, strict=True)
    np.testing.assert_array_equal(np.array(document["initial"]["memory"], np.float32), trace.initial.memory)
    assert document["checkpoint"] == CHECKPOINT
    assert (document["steps"], document["locations"], document["width"]) == (20, 7, 4)


@pytest.mark.usefixtures("piece_numbers")
def test_npz_gives_back_every_array(trace: Trace, tmp_path: Path) -> None:
    file = tmp_path / "trace.npz"
    file.write_bytes(b"".join(export.npz_pieces(trace, CHECKPOINT, {})))
    with np.load(file, allow_pickle=False) as arrays:
        for name, expected in trace.arrays.items():
            np.testing.assert_array_equal(arrays[name], expected, err_msg=name, strict=True)
        np.testing.assert_array_equal(arrays["initial.weighting"], trace.initial.weightings["write"], strict=True)
        assert arrays["bit_errors"] == trace.bit_errors
        assert arrays["checkpoint_sha256"] == CHECKPOINT["sha256"]


@pytest.mark.usefixtures("piece_numbers")
def test_what_else_is_said_of_a_run_is_in_both(trace: Trace, tmp_path: Path) -> None:
    shares = np.array([[0.5, 0], [0.25, 0.75]], np.float32)
    said = {
        "verdict": {"kind": "slip", "marks": []},
        "provenance": {"step": 1, "of": {"a": shares, "b": np.float32(2)}},
    }
    document = json.loads(b"".join(export.json_pieces(trace, CHECKPOINT, said)))
    plain = {"kind": "slip", "marks": []}
    assert document["verdict"] == plain
    assert document["provenance"] == {"step": 1, "of": {"a": shares.tolist(), "b": 2}}
    assert json.loads(b"".join(export.document_pieces(said))) == {
        name: document[name] for name in ("verdict", "provenance")
    }
    file = tmp_path / "trace.npz"
    file.write_bytes(b"".join(export.npz_pieces(trace, CHECKPOINT, said)))
    with np.load(file, allow_pickle=False) as arrays:
        assert json.loads(str(arrays["verdict"])) == plain
        assert (arrays["provenance.step"], arrays["provenance.of.b"]) == (1, 2)
        np.testing.assert_array_equal(arrays["provenance.of.a"], shares, strict=True)
        for name, values in measure(trace).arrays.items():
            np.testing.assert_array_equal(arrays[name], values, err_msg=name, strict=True)


def test_npz_is_what_numpy_itself_would_write(trace: Trace) -> None:
    """Member for member, to the byte."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, inputs=trace.arrays["inputs"])
    buffer.seek(0)
    ours = io.BytesIO(b"".join(export.npz_pieces(trace, CHECKPOINT, {})))
    with np.load(buffer) as expected, np.load(ours) as got:
        assert got.zip.read("inputs.npy") == expected.zip.read("inputs.npy")


@pytest.mark.parametrize("write", [export.json_pieces, export.npz_pieces])
def test_pieces_are_small(machine: NeuralTM, sequence: list[list[int]], write: export.Export) -> None:
    """Nobody waits long for one: a few bytes for each of PIECE_NUMBERS numbers, however large the whole."""
    trace = prepare(machine, "copy", sequence, locations=4096).trace()
    pieces = list(write(trace, CHECKPOINT, {}))
    assert sum(map(len, pieces)) > 10 * max(map(len, pieces))
    assert max(map(len, pieces)) < 16 * export.PIECE_NUMBERS
