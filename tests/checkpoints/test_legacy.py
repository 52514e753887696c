"""Whole modules pickled by torch 0.4 are read, and what is wrong with others is said."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapedeck.checkpoints import read_legacy
from tapedeck.errors import CheckpointUnreadable
from tapedeck.ntm import NeuralTM, NTMConfig
from tests.checkpoints.conftest import random_machine
from tests.checkpoints.legacy_files import (
    SYSTEM,
    LegacyTensor,
    StorageRef,
    legacy_bytes,
    legacy_file,
    legacy_tensor,
)


def reference_like(config: NTMConfig | None = None) -> NeuralTM:
    """As in the reference, both weightings start the same."""
    machine = random_machine(3, config)
    machine.initial_read_weighting = machine.initial_write_weighting.clone()
    return machine


WHOLE = legacy_bytes(reference_like())


def fault(tmp_path: Path, data: bytes) -> str:
    """The sentence that reading such a file ends in, without the file's name."""
    path = tmp_path / "i-7.pt"
    path.write_bytes(data)
    with pytest.raises(CheckpointUnreadable) as caught:
        read_legacy(path)
    assert caught.value.detail.startswith("i-7.pt: ")
    return caught.value.detail.removeprefix("i-7.pt: ")


@pytest.mark.parametrize("config", [None, NTMConfig(), NTMConfig(locations=3, width=1, bits=1, controller_size=1)])
def test_every_number_is_read(tmp_path: Path, config: NTMConfig | None) -> None:
    machine = reference_like(config)
    path = tmp_path / "i-27000.pt"
    path.write_bytes(legacy_bytes(machine))
    read, seen = read_legacy(path)
    assert seen == 27000
    assert replace(read.spec, starts=machine.spec.starts) == machine.spec
    assert read.state_dict().keys() == machine.state_dict().keys()
    for name, value in machine.state_dict().items():
        assert torch.equal(read.state_dict()[name], value), name
    ours, theirs = (each.initial_state().named(each.spec) for each in (read, machine))
    for name, value in theirs.items():
        assert torch.equal(ours[name], value), name
    assert not read.training
    assert not any(parameter.requires_grad for parameter in read.parameters())


def test_sequences_seen_are_in_the_name(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for name, seen in {"i-0.pt": 0, "copy.pt": None, "machine2.pt": None, "a-1-2.pt": 2, "i-.pt": None}.items():
        with subtests.test(name=name):
            (tmp_path / name).write_bytes(WHOLE)
            assert read_legacy(tmp_path / name)[1] == seen


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnreadable, match=r"none\.pt: there is no such file"):
        read_legacy(tmp_path / "none.pt")
    with pytest.raises(CheckpointUnreadable, match="it is not a file"):
        read_legacy(tmp_path)


def test_files_of_another_kind(tmp_path: Path) -> None:
    archive = io.BytesIO()
    torch.save(NeuralTM().state_dict(), archive)
    assert zipfile.is_zipfile(archive)
    assert fault(tmp_path, archive.getvalue()) == "it holds no module."
    assert fault(tmp_path, b"") == "it is empty."
    for data in (b"hello\n", b"\0" * 1000, pickle.dumps({"a": 1}), b"#!/bin/sh\nexit\n", "Größe".encode()):
        assert fault(tmp_path, data) == "it is not a file that torch saved."


def test_parameters_without_their_module(tmp_path: Path) -> None:
    file = io.BytesIO()
    torch.save(OrderedDict(reference_like().state_dict()), file, _use_new_zipfile_serialization=False)
    assert fault(tmp_path, file.getvalue()) == "it holds no module."


def test_every_truncation(tmp_path: Path) -> None:
    for length in range(0, len(WHOLE), 31):
        assert fault(tmp_path, WHOLE[:length])


def test_numbers_cut_off_and_left_over(tmp_path: Path) -> None:
    assert fault(tmp_path, WHOLE[:-1]) == "it is cut short: not all of its numbers are there."
    assert fault(tmp_path, WHOLE + b"\0\0") == "2 bytes are left over after its last number."


def test_storage_of_another_length(tmp_path: Path) -> None:
    at = WHOLE.rindex((4).to_bytes(8, "little"))
    for count in (3, 5, -1, 2**62):
        data = WHOLE[:at] + count.to_bytes(8, "little", signed=True) + WHOLE[at + 8 :]
        assert f"has {count} numbers where" in fault(tmp_path, data)


def test_other_system(tmp_path: Path) -> None:
    systems: list[object] = [SYSTEM | {"little_endian": False}, {}, [], 3]
    for system in systems:
        assert "little-endian" in fault(tmp_path, legacy_file(b"N.", {}, system=system))


def test_other_protocol(tmp_path: Path) -> None:
    assert "not of the format" in fault(tmp_path, WHOLE.replace(b"\x80\x02M\xe9\x03.", b"\x80\x02M\xea\x03."))


def nan(like: torch.Tensor) -> LegacyTensor:
    return legacy_tensor(torch.full_like(like, torch.nan), "nan")


def set_weight(weight: LegacyTensor) -> Callable[[Any], object]:
    """Gives r_to_s, 5 from 4, another weight."""
    return lambda module: module._modules["r_to_s"]._parameters.update(weight=weight)


def numbers(count: int) -> StorageRef:
    return StorageRef("own", torch.ones(count))


CHANGES: dict[str, tuple[Callable[[Any], object], str]] = {
    "no start": (lambda m: m.__dict__.pop("memory_bias"), "memory_bias in it is not a tensor"),
    "start of another kind": (lambda m: setattr(m, "read_bias", [1]), "read_bias in it is not a tensor"),
    "start of another shape": (
        lambda m: setattr(m, "read_bias", legacy_tensor(torch.zeros(5), "read")),
        "initial read_vector must have shape (4,), got (5,)",
    ),
    "no weighting": (lambda m: setattr(m, "weight_bias", legacy_tensor(torch.zeros(6), "w")), "sum to 1"),
    "no modules": (lambda m: m.__dict__.pop("_modules"), "the machine in it must have modules controller, r_to_s"),
    "modules of another kind": (lambda m: setattr(m, "_modules", {}), "must have modules"),
    "a module less": (lambda m: m._modules.pop("readhead"), "the machine in it must have modules"),
    "a module more": (lambda m: m._modules.update(lstm=m), "the machine in it must have modules"),
    "a module of another kind": (lambda m: m._modules.update(readhead=3), "readhead in it is not a module"),
    "a module in itself": (lambda m: m._modules.update(readhead=m), "readhead in it must have modules produce_k_t"),
    "a parameter less": (
        lambda m: m._modules["r_to_s"]._parameters.pop("bias"),
        "r_to_s in it must have parameters weight, bias",
    ),
    "a parameter more": (
        lambda m: m._parameters.update(lr=legacy_tensor(torch.zeros(1), "lr")),
        "the machine in it must have parameters none",
    ),
    "a parameter of another kind": (
        lambda m: m._modules["r_to_s"]._parameters.update(bias=None),
        "r_to_s.bias in it is not a tensor",
    ),
    "NaN": (set_weight(nan(torch.zeros(5, 4))), "“r_to_s.weight” must hold finite numbers only"),
    "turned": (set_weight(legacy_tensor(torch.zeros(4, 5), "t")), "must have shape (5, 4), got (4, 5)"),
    "three dimensions": (set_weight(LegacyTensor(numbers(20), (5, 4, 1), (4, 1, 1))), "got (5, 4, 1)"),
    "five dimensions": (set_weight(LegacyTensor(numbers(20), (5, 4, 1, 1, 1), (4, 1, 1, 1, 1))), "no valid storage"),
    "beyond the storage": (set_weight(LegacyTensor(numbers(19), (5, 4), (4, 1))), "does not lie in its storage"),
    "offset beyond it": (set_weight(LegacyTensor(numbers(20), (5, 4), (4, 1), 1)), "does not lie in its storage"),
    "offset before it": (set_weight(LegacyTensor(numbers(20), (5, 4), (4, 1), -1)), "no valid storage"),
    "a number over and over": (
        set_weight(LegacyTensor(numbers(1), (10**9, 10**9), (0, 0))),
        "r_to_s.weight in it does not lie in its storage",
    ),
    "strides beyond it": (set_weight(LegacyTensor(numbers(20), (5, 4), (5, 1))), "does not lie in its storage"),
    "sizes that are no numbers": (set_weight(LegacyTensor(numbers(20), ("5", 4), (4, 1))), "no valid storage"),  # type: ignore[arg-type]
    "two locations": (
        lambda m: setattr(m, "memory_bias", legacy_tensor(torch.zeros(2, 4), "memory")),
        "no machine has its sizes: locations must be a whole number of at least 3, got 2",
    ),
    "no bits": (
        lambda m: m._modules["r_to_s"]._parameters.update(bias=legacy_tensor(torch.zeros(2), "bias")),
        "no machine has its sizes: bits",
    ),
    "more of a size than there may be": (
        lambda m: setattr(m, "memory_bias", legacy_tensor(torch.zeros(70_000, 4), "memory")),
        "it has a size of 70000; 65536 is the most",
    ),
    "another type of storage": (
        lambda m: setattr(m, "extra", torch.CharStorage),
        "asks for “torch.CharStorage”",
    ),
    "another class": (lambda m: setattr(m, "extra", nn_gru()), "asks for “torch.nn.modules.rnn.GRU”"),
    "another thing": (
        lambda m: setattr(m, "_modules", OrderedDict(a={1, 2})),
        "which torch never writes|must have modules",
    ),
}


def nn_gru() -> torch.nn.Module:
    return torch.nn.GRU(1, 1)


def test_modules_that_are_no_such_machine(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for kind, (change, said) in CHANGES.items():
        with subtests.test(kind=kind):
            found = fault(tmp_path, legacy_bytes(reference_like(), change))
            assert any(part in found for part in said.split("|")), found
            assert len(found) < 250


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_any_changed_byte_gives_a_machine_or_an_error(tmp_path: Path, place: float, byte: int) -> None:
    data = bytearray(WHOLE)
    data[int(place * len(data))] = byte
    path = tmp_path / "i-7.pt"
    path.write_bytes(data)
    with suppress(CheckpointUnreadable):  # any other error fails the test
        assert read_legacy(path)[1] == 7
