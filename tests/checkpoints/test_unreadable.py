"""Every file that is no checkpoint is refused by its name and its fault."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load, save

from tapedeck.checkpoints import read_checkpoint, read_info
from tapedeck.checkpoints.files import MOST_BYTES
from tapedeck.errors import CheckpointUnreadable

Json = dict[str, Any]


def fault(path: Path) -> str:
    """The sentence that reading the file ends in, without the file's name."""
    with pytest.raises(CheckpointUnreadable) as caught:
        read_checkpoint(path)
    assert caught.value.detail.startswith(f"{path.name}: ")
    with pytest.raises(CheckpointUnreadable):
        read_info(path)
    return caught.value.detail.removeprefix(f"{path.name}: ")


def document_of(path: Path) -> Json:
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])
    document: Json = json.loads(header["__metadata__"]["tapedeck"])
    return document


def rewrite(path: Path, text: str) -> None:
    """The same tensors with another metadata document."""
    path.write_bytes(save(load(path.read_bytes()), {"tapedeck": text}))


def with_header(header: bytes, *, length: int | None = None, rest: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + rest


def test_the_file_that_the_others_break_is_good(checkpoint: Path) -> None:
    rewrite(checkpoint, json.dumps(document_of(checkpoint)))
    assert read_checkpoint(checkpoint).info.name == "good"


def test_missing_file(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.safetensors") == "there is no such file."


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").mkdir()
    assert fault(tmp_path / "a.safetensors") == "it is not a file."


def test_pipe_that_never_ends(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.safetensors")
    assert fault(tmp_path / "a.safetensors") == "it is not a file."


def test_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnreadable):
        read_checkpoint(tmp_path / "a\0b.safetensors")
    with pytest.raises(CheckpointUnreadable, match="File name too long"):
        read_checkpoint(tmp_path / ("a" * 300 + ".safetensors"))


def test_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").symlink_to(tmp_path / "a.safetensors")
    assert fault(tmp_path / "a.safetensors")


def test_far_too_large_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert "larger than 64 MB" in fault(path)


FOREIGN: list[tuple[bytes, str]] = [
    (b"", "it is empty."),
    (b"PK\x03\x04 something else", "not a whole safetensors file"),
    (b"\x80\x02}q\x00." + b"0" * 50, "not a whole safetensors file"),
    (b"hello\n", "not a whole safetensors file"),
    (with_header(b"{}", length=1), "not a whole safetensors file"),
    (with_header(b"{}", length=3), "not a whole safetensors file"),
    (with_header(b"{}", length=2**63), "not a whole safetensors file"),
    (with_header(b"no json"), "not a whole safetensors file"),
    (with_header(b"[]"), "not a whole safetensors file"),
    (with_header(b"{}"), "not a Tapedeck checkpoint"),
    (with_header(b'{"__metadata__":null}'), "not a Tapedeck checkpoint"),
    (with_header(b'{"__metadata__":{}}'), "not a Tapedeck checkpoint"),
    (with_header(b'{"__metadata__":{"format":"pt"}}'), "not a Tapedeck checkpoint"),
    (with_header(b'{"__metadata__":{"tapedeck":1}}'), "not a whole safetensors file"),
    (with_header(b'{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4]}}', rest=b"1234"), "not a"),
    (with_header(b'{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', rest=b"1234"), "not a whole"),
    (with_header(b'{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}', rest=b"1234"), "must be F32, got F4"),
]


def test_foreign_and_damaged_files(tmp_path: Path, subtests: pytest.Subtests) -> None:
    path = tmp_path / "a.safetensors"
    for data, said in FOREIGN:
        with subtests.test(data=data):
            path.write_bytes(data)
            assert said in fault(path)


def test_every_truncation(checkpoint: Path) -> None:
    data = checkpoint.read_bytes()
    for length in range(0, len(data), 13):
        checkpoint.write_bytes(data[:length])
        assert fault(checkpoint)


def test_bytes_after_the_end(checkpoint: Path) -> None:
    checkpoint.write_bytes(checkpoint.read_bytes() + b"\0")
    assert "not a whole safetensors file" in fault(checkpoint)


DOCUMENTS: list[tuple[str, str]] = [
    ("", "not valid JSON"),
    ("{", "not valid JSON"),
    ("NaN", "not valid JSON"),
    ("[" * 900 + "]" * 900, "not valid JSON"),  # valid, but too deep to be sent on
    ("[" * 100_000, "not valid JSON"),
    ("3", "the top"),
    ("null", "the top"),
    ("[]", "the top"),
    ("{}", "“name”"),
    ('{"format_version": 3}', "format version 3; this version of Tapedeck reads 1 and 2"),
]


def test_document_that_is_none(checkpoint: Path, subtests: pytest.Subtests) -> None:
    for text, said in DOCUMENTS:
        with subtests.test(text=text[:80]):
            rewrite(checkpoint, text)
            assert said in fault(checkpoint)


WRONG_FIELDS: list[tuple[str, object]] = [
    ("format_version", "1"),
    ("format_version", True),
    ("name", 3),
    ("name", ""),
    ("name", "n" * 201),
    ("task", None),
    ("task", "../copy"),
    ("task", "copy\n"),
    ("sequences_seen", -1),
    ("sequences_seen", "7"),
    ("sequences_seen", 7.0),
    ("sequences_seen", 2**53),
    ("seed", [1]),
    ("seed", 10**400),
    ("machine", None),
    ("metrics", []),
    ("origin", "here"),
    ("more", 1),
]


def test_wrong_field(checkpoint: Path, subtests: pytest.Subtests) -> None:
    document = document_of(checkpoint)
    for field, value in WRONG_FIELDS:
        with subtests.test(field=field, value=repr(value)[:80]):
            rewrite(checkpoint, json.dumps(document | {field: value}))
            said = fault(checkpoint)
            assert f"“{field}”" in said or "not valid JSON" in said


def test_missing_field(checkpoint: Path, subtests: pytest.Subtests) -> None:
    document = document_of(checkpoint)
    for field in ("name", "task", "sequences_seen", "seed", "machine", "metrics", "origin"):
        with subtests.test(field=field):
            rewrite(checkpoint, json.dumps({name: value for name, value in document.items() if name != field}))
            assert f"“{field}”" in fault(checkpoint)


FIRST_FORMAT = {"locations": 6, "width": 4, "bits": 3, "controller_size": 5}


def as_first_format(document: dict[str, Any], sizes: dict[str, Any]) -> str:
    known = {name: value for name, value in document.items() if name != "machine"}
    return json.dumps(known | {"format_version": 1, "config": sizes})


def test_wrong_size_in_the_first_format(checkpoint: Path, subtests: pytest.Subtests) -> None:
    document = document_of(checkpoint)
    values = [0, -1, 2, 1.5, "8", True, None, 10**12, 10**30]
    for size, value in product(FIRST_FORMAT, values):
        with subtests.test(size=size, value=value):
            rewrite(checkpoint, as_first_format(document, FIRST_FORMAT | {size: value}))
            assert fault(checkpoint)


def test_sizes_that_would_take_all_memory_if_anything_were_made_of_them(checkpoint: Path) -> None:
    rewrite(checkpoint, as_first_format(document_of(checkpoint), dict.fromkeys(FIRST_FORMAT, 65534)))
    assert fault(checkpoint) == "initial memory must have shape (65534, 65534), got (6, 4)."


WRONG_MACHINES: list[tuple[str, object, str]] = [
    ("memory", {"locations": 70_000, "width": 4}, "it has a size of 70000; 65536 is the most."),
    (
        "memory",
        {"locations": 2, "width": 4},
        "it does not describe a machine: locations must be a whole number of at least 3, got 2:",
    ),
    (
        "controller",
        {"kind": "gru"},
        "it does not describe a machine: controller: kind must be one of feed_forward, lstm; got “gru”.",
    ),
    ("controller", {"sizes": [5] * 65}, "it has 67 heads and layers; 64 is the most."),
    ("controller", {"kind": "lstm", "sizes": [5]}, "tensor “initial.cell1” is missing, and 1 more."),
    ("heads", [], "it does not describe a machine: a machine must have at least one write head, got none."),
    ("wheels", 4, "it does not describe a machine: the specification has no field “wheels”; it has inputs,"),
]


def test_wrong_machine(checkpoint: Path, subtests: pytest.Subtests) -> None:
    document = document_of(checkpoint)
    for field, value, said in WRONG_MACHINES:
        with subtests.test(field=field, value=repr(value)[:80]):
            rewrite(checkpoint, json.dumps(document | {"machine": document["machine"] | {field: value}}))
            assert fault(checkpoint).startswith(said)


def test_surrogate_that_no_answer_could_carry(checkpoint: Path) -> None:
    rewrite(checkpoint, json.dumps(document_of(checkpoint) | {"name": "\ud800"}))
    assert "not valid JSON" in fault(checkpoint)


Tensors = dict[str, torch.Tensor]

BREAKS: dict[str, tuple[Callable[[Tensors], object], str]] = {
    "missing parameter": (lambda t: t.pop("r_to_s.bias"), "“r_to_s.bias” is missing"),
    "missing initial state": (lambda t: t.pop("initial.memory"), "“initial.memory” is missing"),
    "no tensors": (lambda t: t.clear(), "“initial.memory” is missing, and 3 more"),
    "extra": (lambda t: t.update({"lstm.weight": torch.zeros(2)}), "“lstm.weight” does not belong to this machine"),
    "extra with a long name": (lambda t: t.update({"x" * 9999: torch.zeros(2)}), "does not belong to this machine"),
    "shape": (lambda t: t.update({"r_to_s.bias": torch.zeros(6)}), "“r_to_s.bias” must have shape (5,), got (6,)"),
    "rank": (lambda t: t.update({"r_to_s.bias": torch.zeros(5, 1)}), "must have shape (5,), got (5, 1)"),
    "scalar": (lambda t: t.update({"r_to_s.bias": torch.tensor(1.0)}), "must have shape (5,), got ()"),
    "empty": (lambda t: t.update({"r_to_s.bias": torch.zeros(0)}), "must have shape (5,), got (0,)"),
    "float64": (lambda t: t.update({"r_to_s.bias": torch.zeros(5).double()}), "must be F32, got F64"),
    "float16": (lambda t: t.update({"initial.memory": torch.zeros(6, 4).half()}), "must be F32, got F16"),
    "integers": (lambda t: t.update({"r_to_s.bias": torch.zeros(5).long()}), "must be F32, got I64"),
    "NaN": (lambda t: t["r_to_s.bias"].fill_(np.nan), "“r_to_s.bias” must hold finite numbers only"),
    "infinity": (lambda t: t["r_to_s.weight"][0].fill_(np.inf), "“r_to_s.weight” must hold finite numbers only"),
    "NaN at the start": (lambda t: t["initial.memory"].fill_(np.nan), "initial memory must hold finite numbers"),
    "weighting": (lambda t: t["initial.read_weighting"].fill_(0.0), "initial read_weighting must be at least 0"),
    "initial shape": (
        lambda t: t.update({"initial.read_vector": torch.zeros(3)}),
        "initial read_vector must have shape (4,), got (3,)",
    ),
}


def test_wrong_tensors(checkpoint: Path, subtests: pytest.Subtests) -> None:
    text, whole = json.dumps(document_of(checkpoint)), checkpoint.read_bytes()
    for kind, (change, said) in BREAKS.items():
        with subtests.test(kind=kind):
            tensors = load(whole)
            change(tensors)
            checkpoint.write_bytes(save(tensors, {"tapedeck": text}))
            assert said in fault(checkpoint)
            assert len(fault(checkpoint)) < 300


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_any_changed_byte_gives_a_checkpoint_or_its_error(checkpoint: Path, place: float, byte: int) -> None:
    whole = checkpoint.read_bytes()
    data = bytearray(whole)
    data[int(place * len(data))] = byte
    changed = checkpoint.with_name("changed.safetensors")
    changed.write_bytes(data)
    with suppress(CheckpointUnreadable):  # any other error fails the test
        assert read_checkpoint(changed).info.id == "changed"
