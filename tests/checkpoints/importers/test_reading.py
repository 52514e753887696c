"""Files of unknown origin: every layout gives the same tensors, and none that is wrong or hostile does anything."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn
from typer.testing import CliRunner

from tapedeck.checkpoints import read_checkpoint
from tapedeck.checkpoints.importers import Chosen, import_file
from tapedeck.checkpoints.importers.reading import read_tensors
from tapedeck.checkpoints.importers.starting import read_start
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.cli.commands import app
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration, UnsafePickle
from tests.checkpoints.importers.files import Sizes, family_a, family_b
from tests.checkpoints.legacy_files import LegacyPickler, LegacyTensor, StorageRef

FOUND = family_a(Sizes())


def saved(what: object, *, zipped: bool = True) -> bytes:
    file = io.BytesIO()
    torch.save(what, file, _use_new_zipfile_serialization=zipped)
    return file.getvalue()


def module() -> nn.Module:
    made = nn.Module()
    made.ntm = nn.Linear(3, 2)
    return made


LAYOUTS: dict[str, Callable[[], bytes]] = {
    "zip": lambda: saved(FOUND),
    "before 1.6": lambda: saved(FOUND, zipped=False),
    "state_dict with versions": lambda: saved(_with_versions()),
    "parameters": lambda: saved({name: nn.Parameter(value) for name, value in FOUND.items()}),
    "safetensors": lambda: safetensors.torch.save({name: value.clone() for name, value in FOUND.items()}),
    "turned": lambda: saved(
        {name: value.clone().mT if value.dim() == 2 else value for name, value in _turned().items()}
    ),
}


def _with_versions() -> OrderedDict[str, Tensor]:
    state = OrderedDict(FOUND)
    state._metadata = OrderedDict({"": {"version": 1}})  # type: ignore[attr-defined]
    return state


def _turned() -> dict[str, Tensor]:
    """Whose transposes have the numbers of FOUND, in the other order in their storages."""
    return {name: value.mT.contiguous() if value.dim() == 2 else value for name, value in FOUND.items()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_tensors(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "machine.bin"
    path.write_bytes(LAYOUTS[layout]())
    found, data = read_tensors(path)
    assert data == path.read_bytes()
    assert found.keys() == FOUND.keys()
    for name, value in FOUND.items():
        assert torch.equal(found[name], value), name


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_numbers_of_another_type_become_float32(dtype: torch.dtype, tmp_path: Path) -> None:
    path = tmp_path / "machine.pt"
    for data in (
        saved({"a": torch.tensor([0.5, -2]).to(dtype)}),
        safetensors.torch.save({"a": torch.tensor([0.5, -2]).to(dtype)}),
    ):
        path.write_bytes(data)
        (value,) = read_tensors(path)[0].values()
        assert value.dtype == torch.float32
        assert value.tolist() == [0.5, -2]


def test_what_stands_around_a_state_dict_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    training = {
        "epoch": 3,
        "loss": 0.25,
        "name": "mine",
        "done": True,
        "lr": [0.1, 0.2],
        "model_state_dict": family_b(Sizes(o=3), erases=True),
    }
    path.write_bytes(saved(training))
    imported = import_file(path)
    assert (imported.played.family.name, imported.unknown) == ("B2", [])


def zip_of(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def pickled(what: object, numbers: dict[str, bytes] | None = None) -> bytes:
    """A zip as torch writes it, of anything with LegacyTensors in it."""
    file = io.BytesIO()
    pickler = LegacyPickler(file)
    pickler.dump(what)
    storages = {key: value.numpy().tobytes() for key, value in pickler.storages.items()}
    return zip_of({"a/data.pkl": file.getvalue()} | {f"a/data/{k}": v for k, v in (storages | (numbers or {})).items()})


def view(count: int, size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> LegacyTensor:
    # Of tuples of their own: torch never writes one twice.
    return LegacyTensor(StorageRef("0", torch.ones(count)), [*size], [*stride], offset)


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch marker",)


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"a": view(1, (1,), (1,))}
    for _ in range(depth):
        found = {"a": found}
    return found


def itself(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    found[name] = found[f"{name}2"] = found
    return found


WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "hostile in a zip": (
        lambda: pickled({"a": Hostile()}),
        "system”, which no checkpoint needs; nothing in it was run",
    ),
    "hostile as it is": (lambda: pickle.dumps(Hostile()), "system”, which no checkpoint needs; nothing in it was run"),
    "module of an unknown class": (lambda: saved(module()), "asks for “torch.nn.modules.module.Module”"),
    "numbers over and over": (lambda: pickled({"a": view(1, (10**6, 10**6), (0, 0))}), "does not lie in its storage"),
    "strides beyond the storage": (lambda: pickled({"a": view(6, (2, 3), (4, 1))}), "does not lie in its storage"),
    "more sizes than strides": (lambda: pickled({"a": view(6, (2, 3), (1,))}), "does not lie in its storage"),
    "offset beyond it": (lambda: pickled({"a": view(6, (6,), (1,), 1)}), "does not lie in its storage"),
    "five dimensions": (lambda: pickled({"a": view(1, (1,) * 5, (1,) * 5)}), "no valid storage"),
    "a storage of another size": (lambda: pickled({"a": view(6, (6,), (1,))}, {"0": b"1234"}), "of another size"),
    "one storage many times": (
        lambda: pickled({f"{n}": view(10**6, (10**6,), (1,)) for n in range(20)}),
        "than 64 MB of numbers",
    ),
    "nested without end": (lambda: pickled(nested(40)), "nested more than 32 deep"),
    "in itself": (lambda: pickled(itself("a")), "nested more than 32 deep"),
    "in itself under no name": (lambda: pickled(itself("")), "nested more than 32 deep"),
    "compressed": (lambda: zip_of({"a/data.pkl": b"\0" * 10**6}, zipfile.ZIP_DEFLATED), "compressed"),
    "another zip": (lambda: zip_of({"a/readme": b"hello"}), "not one that torch saved"),
    "TorchScript": (lambda: zip_of({"a/data.pkl": b"N.", "a/constants.pkl": b"N."}), "it is a TorchScript program"),
    "big-endian": (lambda: zip_of({"a/data.pkl": b"N.", "a/byteorder": b"big"}), "little-endian"),
    "too many files": (lambda: zip_of({f"a/{n}": b"" for n in range(5000)}), "far more than a checkpoint has"),
    "something behind the pickle": (lambda: zip_of({"a/data.pkl": b"}.more"}), "left over after its pickle"),
    "no tensor": (lambda: saved({"a": 3}), "there is no tensor in it"),
    "safetensors cut short": (lambda: LAYOUTS["safetensors"]()[:-1], "not a whole safetensors file"),
    "safetensors of huge sizes": (
        lambda: (
            (70).to_bytes(8, "little")
            + b'{"a":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,399999996]}}'[:70]
        ),
        "not a whole safetensors file",
    ),
    "a checkpoint of ours": (
        (SHIPPED_CHECKPOINTS / "copy-1.safetensors").read_bytes,
        "it is a checkpoint of Tapedeck already",
    ),
    "something else": (lambda: b"\x7fELF" + b"\0" * 100, "not a file that torch saved"),
    "nothing": (lambda: b"", "it is empty"),
}


def test_what_is_wrong_or_hostile_is_refused_in_one_sentence_and_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    monkeypatch.chdir(tmp_path)
    for kind, (make, said) in WRONG.items():
        with subtests.test(kind=kind):
            path = tmp_path / "machine.pt"
            path.write_bytes(make())
            with pytest.raises(CheckpointUnreadable) as caught:
                import_file(path)
            detail = caught.value.detail
            assert detail.startswith("machine.pt: ")
            assert said in detail
            assert len(detail) < 250
            assert not (tmp_path / "marker").exists()
            assert isinstance(caught.value, UnsafePickle) == ("nothing in it was run" in detail)


def test_every_truncation_of_a_zip_is_refused(tmp_path: Path) -> None:
    whole, path = saved({"a": torch.ones(4)}), tmp_path / "machine.pt"
    for length in range(1, len(whole), 13):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointUnreadable):
            import_file(path)


def test_tensors_of_no_family_are_listed_and_the_way_out_is_named(tmp_path: Path) -> None:
    path = tmp_path / "machine.pt"
    path.write_bytes(saved({f"layer{n}.weight": torch.zeros(2, n + 1) for n in range(8)}))
    with pytest.raises(CheckpointUnreadable) as caught:
        import_file(path)
    assert caught.value.detail == (
        "machine.pt: its 8 tensors are of no family that this version knows: “layer0.weight” 2 × 1, “layer1.weight” "
        "2 × 2, “layer2.weight” 2 × 3, “layer3.weight” 2 × 4, “layer4.weight” 2 × 5, “layer5.weight” 2 × 6 and 2 more. "
        "Say with --config what machine it is and which tensor is what."
    )


MENDED: dict[str, tuple[Callable[[dict[str, Tensor]], object], str]] = {
    "a tensor less": (lambda f: f.pop("ntm.read0_bias"), "tensor “ntm.read0_bias” is missing"),
    "a head less": (lambda f: f.pop("ntm.heads.1.fc_write.weight"), "of no family"),
    "rows less": (
        lambda f: f.update({f"ntm.heads.0.fc_read.{n}": f[f"ntm.heads.0.fc_read.{n}"][:6] for n in ("weight", "bias")}),
        "tensor “ntm.heads.0.fc_read.bias” has 6 rows, too few for a width of 4",
    ),
    "a bias of another length": (
        lambda f: f.update({"ntm.fc.bias": torch.zeros(3)}),
        "layer “ntm.fc” must have a row of weights for each bias, got (4, 10) and (3,)",
    ),
    "a bias that is a number": (lambda f: f.update({"ntm.fc.bias": torch.zeros(())}), "layer “ntm.fc” must have"),
    "gates that are no four": (
        lambda f: f.update({"ntm.controller.lstm.bias_hh_l0": torch.zeros(23)}),
        "must be the four of an LSTM cell",
    ),
    "an output that sees something else": (
        lambda f: f.update({"ntm.fc.weight": torch.zeros(4, 11)}),
        "5 inputs, 4 outputs, 6 units and 2 heads, but its layers fit no variant of it",
    ),
    "outputs of no task": (
        lambda f: f.update({"ntm.fc.weight": torch.zeros(40, 10), "ntm.fc.bias": torch.zeros(40)}),
        "but no task has these channels",
    ),
    "a memory without columns": (lambda f: f.update({"ntm.memory.mem_bias": torch.zeros(7)}), "the shape of a memory"),
    "a memory of two rows": (
        lambda f: f.update({"ntm.memory.mem_bias": torch.zeros(2, 4)}),
        "its tensors make no machine",
    ),
    "a memory of no rows": (
        lambda f: f.update({"ntm.memory.mem_bias": torch.zeros(0, 4)}),
        "its tensors make no machine: locations must be a whole number of at least 1, got 0",
    ),
    "a memory of no columns": (
        lambda f: f.update({"ntm.memory.mem_bias": torch.zeros(7, 0)}),
        "its memory must have a width of at least 1, got 0",
    ),
    "no states of its layers": (
        lambda f: f.update({"ntm.controller.lstm_h_bias": torch.zeros(0)}),
        "the start of all layers’ hidden must have 6 numbers, got 0",
    ),
    "numbers that are none": (lambda f: f["ntm.fc.bias"].fill_(torch.nan), "must hold finite numbers only"),
}


def test_a_machine_of_a_known_family_that_does_not_fit_is_refused(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for kind, (change, said) in MENDED.items():
        with subtests.test(kind=kind):
            found = {name: value.clone() for name, value in FOUND.items()}
            change(found)
            path = tmp_path / "machine.pt"
            path.write_bytes(saved(found))
            with pytest.raises(CheckpointUnreadable) as caught:
                import_file(path)
            assert said in caught.value.detail


def test_reads_that_a_program_draws_are_seeded_or_given_and_said(tmp_path: Path) -> None:
    path = tmp_path / "machine.pt"
    path.write_bytes(saved(family_b(Sizes(o=3), erases=False)))
    first, again, other = (import_file(path, Chosen(seed=seed)) for seed in (1, 1, 2))
    vectors = [each.machine.initial_state().reads[0] for each in (first, again, other)]
    assert torch.equal(vectors[0], vectors[1])
    assert not torch.equal(vectors[0], vectors[2])
    assert float(vectors[0].abs().max()) <= (6 / 4) ** 0.5
    assert "drawn once with seed 1 (--seed, or --start)" in first.invented[0]
    assert first.origin["seed"] == 1

    given = tmp_path / "start.npz"
    np.savez(given, initial_reads=np.full((1, 4), 0.25), output=np.zeros(3))
    known = import_file(path, Chosen(start=read_start(given)))
    assert known.machine.initial_state().reads[0].tolist() == [0.25] * 4
    assert not known.invented
    assert "seed" not in known.origin


@pytest.mark.parametrize("seed", [-1, 2**63, 99999999999999999999])
def test_a_seed_that_no_generator_takes_is_refused(seed: int, tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="seed must be a whole number of 0 to 2⁶³ − 1"):
        Chosen(seed=seed)
    path = tmp_path / "machine.pt"
    path.write_bytes(saved(FOUND))
    done = CliRunner().invoke(app, ["import", str(path), f"--seed={seed}"])
    assert done.exit_code == 2
    assert "--seed" in done.stderr


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"output": np.zeros(3)}, "it has no array “initial_reads”"),
        ({"memory": np.zeros((9, 7, 4))}, "it has no array “initial_reads”"),  # of every step, no start
        ({"initial_reads": np.zeros(3)}, "initial_reads must have shape (heads, W), got (3,)"),
        ({"initial_reads": np.array([[object()]])}, "it is no .npz of arrays of numbers"),
    ],
)
def test_a_start_that_is_none_is_refused(arrays: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = tmp_path / "start.npz"
    np.savez(path, **arrays)
    with pytest.raises(CheckpointUnreadable) as caught:
        read_start(path)
    assert said in caught.value.detail


def test_a_memory_to_start_from_may_be_given(tmp_path: Path) -> None:
    """Family B learns what a sigmoid makes its memory from: what is given is the memory itself."""
    path, given = tmp_path / "machine.pt", tmp_path / "start.npz"
    memory = np.linspace(-2, 2, 28, dtype=np.float32).reshape(7, 4)
    for made in (family_a(Sizes()), family_b(Sizes(o=3), erases=False)):
        path.write_bytes(saved(made))
        np.savez(given, memory=memory, initial_reads=np.zeros((1, 4)))
        assert import_file(path, Chosen(start=read_start(given)), "copy").machine.initial_state().memory.tolist() == (
            memory.tolist()
        )
        np.savez(given, memory=memory.T)
        with pytest.raises(CheckpointUnreadable, match=r"start of memory must have shape \(7, 4\), got \(4, 7\)"):
            import_file(path, Chosen(start=read_start(given)), "copy")


def test_arrays_of_a_trace_that_are_no_parts_of_a_start_are_left_out(tmp_path: Path) -> None:
    given = tmp_path / "own.npz"
    trace = {
        "read.weighting": np.zeros((9, 7)),
        "read.content_weighting": np.zeros((9, 7)),
        "read.read_vector": np.zeros((9, 4)),
        "controller.hidden": np.zeros((9, 6)),
        "hidden": np.zeros((9, 6)),
        "cells": np.zeros(3),
        "my_weighting": np.zeros((9, 7)),
        "memory": np.zeros((9, 7, 4)),
    }
    start = {
        name: np.zeros(2)
        for name in ("write_weighting", "read12_weighting", "read_vector", "read2_vector", "hidden1", "cell1")
    }
    np.savez(given, **trace, **start)  # type: ignore[arg-type]
    assert read_start(given).keys() == start.keys()


def test_a_start_of_another_machine_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "machine.pt"
    path.write_bytes(saved(family_b(Sizes(o=3), erases=False)))
    with pytest.raises(CheckpointUnreadable, match="its start has no “read9_vector”"):
        import_file(path, Chosen(start={"read9_vector": torch.zeros(4)}))
    with pytest.raises(CheckpointUnreadable, match="must have 4 numbers, got 5"):
        import_file(path, Chosen(start={"read_vector": torch.zeros(5)}))


def test_a_checkpoint_that_is_torch_s_says_what_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "machine.safetensors"
    for zipped in (True, False):
        path.write_bytes(saved(FOUND, zipped=zipped))
        with pytest.raises(CheckpointUnreadable, match="tapedeck import makes a checkpoint of it"):
            read_checkpoint(path)


REBUILD = b"ctorch._utils\n_rebuild_tensor\n"
STORAGE = b"((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x06NtQ"
SIZES = {"called": b"ctorch\nSize\nK\x02K\x03\x86\x85R", "made": b"ctorch\nSize\nK\x02K\x03\x86\x85\x81"}


@pytest.mark.parametrize("size", SIZES)
def test_tensors_that_python_2_and_torch_before_0_4_wrote_are_read(size: str, tmp_path: Path) -> None:
    """Strings of bytes, sizes that are torch's, and tensors without a gradient."""
    path = tmp_path / "old.pt"
    program = b"\x80\x02}U\x01a" + REBUILD + STORAGE + b"K\x00" + SIZES[size] + b"K\x03K\x01\x86tRs."
    path.write_bytes(zip_of({"a/data.pkl": program, "a/data/0": np.arange(6, dtype="<f4").tobytes()}))
    assert read_tensors(path)[0]["a"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_size_of_anything_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.pt"
    for size in (b"ctorch\nSize\nU\x01a\x85R", b"ctorch\nSize\nJ\xff\xff\xff\xff\x85\x85R"):
        path.write_bytes(zip_of({"a/data.pkl": b"\x80\x02}U\x01a" + size + b"s."}))
        with pytest.raises(CheckpointUnreadable, match="a size in it is none"):
            read_tensors(path)
