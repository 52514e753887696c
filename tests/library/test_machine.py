"""`load` and `Machine.run`: the forms that a machine and its input come in, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import tapedeck as td
from tapedeck.checkpoints.shipped import SHIPPED_CHECKPOINTS
from tapedeck.errors import (
    CheckpointNotFound,
    CheckpointUnreadable,
    InvalidInterventions,
    InvalidLocations,
    InvalidRequest,
)
from tapedeck.ntm import Channel, Encoding, NeuralTM, NTMConfig, Stretch
from tapedeck.tracing import prepare
from tests.checkpoints.conftest import random_machine, write
from tests.checkpoints.legacy_files import legacy_bytes
from tests.made_machines import several_heads

HELLO = [[int(bit) for bit in f"{byte:08b}"] for byte in b"Hello"]


@pytest.fixture(scope="module")
def copier() -> td.Machine:
    return td.load("copy-1")


def same(run: td.RecordedRun, other: td.RecordedRun) -> bool:
    return np.array_equal(run.trace.rows, other.trace.rows)


@pytest.mark.parametrize(
    "given",
    [
        "Hello",
        b"Hello",
        HELLO,
        " ".join("".join(map(str, row)) for row in HELLO),
        ["".join(map(str, row)) for row in HELLO],
        np.array(HELLO),
        np.array(HELLO, bool),
        np.array(HELLO, np.float64),
        torch.tensor(HELLO, dtype=torch.float32, requires_grad=True),
        torch.tensor(HELLO, dtype=torch.bfloat16),
        list(torch.tensor(HELLO)),
        {"sequence": HELLO},
        {"sequence": np.array(HELLO, np.float32)},
    ],
    ids=lambda given: type(given).__name__,
)
def test_text_bits_arrays_tensors_and_a_tasks_input_are_one_run(given: Any, copier: td.Machine) -> None:
    run = copier.run(given)
    assert same(run, td.RecordedRun(copier.info, run.prepared, prepare(copier.module, "copy", HELLO).trace()))


def test_a_string_of_whole_vectors_is_bits_and_as_bytes_it_is_text(copier: td.Machine) -> None:
    assert copier.run("10110011").steps == 4
    assert copier.run(b"10110011").steps == 18
    assert copier.run("1011001").steps == 16


@pytest.mark.parametrize(
    "given", ["He", b"He", "01001000 01100101", HELLO[:2], np.array(HELLO[:2])], ids=lambda given: type(given).__name__
)
def test_a_machine_that_hears_its_task_in_its_own_way_takes_every_form_of_input(given: Any) -> None:
    own = NTMConfig().spec
    stretches = (Stretch("input", of="input"), Stretch("end", of="end"), Stretch("recall", of="recall"))
    end, bits = Channel("end", "delimiter"), own.inputs[: own.bits]
    spec = replace(own, inputs=(*bits, end), outputs=bits, encoding=Encoding(stretches))
    run = td.load(NeuralTM(spec), task="copy").run(given)
    assert run.trace.about["input"] == {"sequence": HELLO[:2]}
    assert run.steps == 5


def test_other_tasks_take_their_input_by_name() -> None:
    machine = td.load("priority_sort-1")
    given = {"vectors": np.eye(4, 8), "priorities": torch.tensor([0.5, 1.0, -1.0, 0.0])}
    assert machine.run(given).trace.about["input"] == {"vectors": np.eye(4, 8).tolist(), "priorities": [0.5, 1, -1, 0]}
    with pytest.raises(InvalidRequest, match="“vectors” and “priorities”, not a sequence alone"):
        machine.run("Hello")
    stream = td.load("dynamic_ngrams-1")
    assert same(stream.run("0110" * 5), stream.run(np.array([0, 1, 1, 0] * 5)))
    with pytest.raises(InvalidRequest, match="Text needs a machine that reads 8 bits a vector; this one reads 1"):
        stream.run("Hello")


@pytest.mark.parametrize(
    "given",
    [
        "",
        [],
        [[1, 0]],
        np.full((2, 8), 0.5),
        np.full((2, 8), np.inf),
        ["Hello"],
        ["1011001"],
        {"sequences": HELLO},
        7,
        np.zeros((3, 8), complex),
        torch.zeros(3, 8, dtype=torch.complex64).conj(),
        [[0j] * 8],
        torch.eye(8).to_sparse(),
        torch.eye(8, device="meta"),
        {3: 3},
        {"sequence": torch.eye(8).to_sparse()},
    ],
)
def test_what_is_no_input_is_refused_in_a_sentence(given: Any, copier: td.Machine) -> None:
    with pytest.raises(InvalidRequest) as refused:
        copier.run(given)
    assert refused.value.detail.endswith(".")


def test_locations_are_those_of_the_run(copier: td.Machine) -> None:
    assert copier.run("Hello", locations=np.int64(64))["read.weighting"].shape == (12, 64)
    for wrong in (64.0, "64", True):
        with pytest.raises(InvalidLocations, match="locations must be a whole number, got"):
            copier.run("Hello", locations=wrong)  # type: ignore[arg-type]
    for many in (838_861, 10**9, 10**30):
        with pytest.raises(InvalidLocations, match=rf"locations must be at most 838,860, got {many:,}: .* 64 MB\."):
            copier.run("Hello", locations=many)
    with pytest.raises(InvalidInterventions, match=r"Intervention 0 has no kind; give one of set, scale"):
        copier.run("Hello", interventions=[{"step": 3}])
    with pytest.raises(InvalidInterventions, match=r"interventions must be a list, got 5\."):
        copier.run("Hello", interventions=5)  # type: ignore[arg-type]
    assert same(copier.run("Hi", interventions=None), copier.run("Hi", interventions=()))


def test_a_machine_comes_from_an_id_a_path_its_parameters_or_its_module(copier: td.Machine, tmp_path: Path) -> None:
    path = SHIPPED_CHECKPOINTS / "copy-1.safetensors"
    (tmp_path / "mine.safetensors").write_bytes(path.read_bytes())
    sources: list[Any] = [path, str(path), copier.module, copier.module.state_dict(), copier]
    for machine in (*map(td.load, sources), td.load("mine", folder=tmp_path)):
        assert same(machine.run("Hello"), copier.run("Hello"))
        assert (machine.task, machine.spec) == (copier.task, copier.spec)


def test_a_file_of_others_is_imported_and_says_what_it_was_taken_for(tmp_path: Path) -> None:
    torch.manual_seed(3)
    module = NeuralTM(NTMConfig())
    (tmp_path / "theirs.pt").write_bytes(legacy_bytes(module))
    machine = td.load(tmp_path / "theirs.pt")
    assert same(machine.run("Hello"), td.load(module).run("Hello"))
    assert (machine.id, machine.task, machine.info.origin["kind"]) == ("theirs", "copy", "imported")
    assert "played" in machine.info.origin


def test_a_safetensors_file_is_told_by_its_metadata_and_not_by_its_suffix(copier: td.Machine, tmp_path: Path) -> None:
    plain, renamed = tmp_path / "plain.safetensors", tmp_path / "copied.bin"
    save_file(copier.module.state_dict(), plain, {"format": "pt"})
    renamed.write_bytes((SHIPPED_CHECKPOINTS / "copy-1.safetensors").read_bytes())
    imported, own = td.load(plain), td.load(renamed)
    assert (imported.info.origin["kind"], imported.task) == ("imported", "copy")
    assert own.info.sha256 == copier.info.sha256
    assert same(imported.run("Hello"), own.run("Hello"))


def test_a_module_is_taken_as_it_is_now() -> None:
    module = NeuralTM(several_heads(2))
    machine = td.load(module, task="copy")
    before = machine.run("Hi")
    with torch.no_grad():
        module.output_layer.weight.add_(1.0)
    assert same(machine.run("Hi"), before)
    assert machine.info.sha256 != td.load(module, task="copy").info.sha256


def test_a_state_dict_of_any_specification_is_a_machine_of_it() -> None:
    module = NeuralTM(several_heads(2))
    machine = td.load(module.state_dict(), spec=module.spec)
    assert same(machine.run("Hi"), td.load(module).run("Hi"))


def test_the_folder_of_trained_machines_is_looked_in_after_those_that_ship(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPEDECK_RUNS", str(tmp_path))
    path = write(tmp_path / "mine.safetensors", random_machine(1), run="mine")
    assert td.load("mine").info.sha256 == td.load(path).info.sha256


WRONG: list[tuple[Any, type[td.TapedeckError], str]] = [
    ("copy-9", CheckpointNotFound, "There is no checkpoint “copy-9”; there are copy-1, copy-lstm-1, repeat_copy-1"),
    ("./gone.safetensors", CheckpointUnreadable, "there is no such file"),
    (nn.Linear(2, 2), InvalidRequest, "a tapedeck.ntm.NeuralTM, got Linear; record a machine of your own"),
    (7, InvalidRequest, "got int"),
    ({}, CheckpointUnreadable, "tensor “controller.layer1.bias” is missing"),
    ({"weight": torch.zeros(2)}, CheckpointUnreadable, "is missing"),
    (
        {**NeuralTM(NTMConfig()).state_dict(), "r_to_s.bias": torch.zeros(3)},
        CheckpointUnreadable,
        r"tensor “r_to_s.bias” must have shape \(10,\), got \(3,\)",
    ),
    (
        {**NeuralTM(NTMConfig()).state_dict(), "r_to_s.bias": torch.full((10,), torch.nan)},
        CheckpointUnreadable,
        "finite numbers only",
    ),
    ({"a": 3}, CheckpointUnreadable, r"“a” must be a tensor, got 3\."),
    ({3: torch.zeros(2)}, CheckpointUnreadable, r"parameters have names, got 3 as one\."),
    ({"a": torch.eye(2).to_sparse()}, CheckpointUnreadable, "tensor “a” must be dense and hold real numbers"),
    ({"a": torch.zeros(2, dtype=torch.complex64)}, CheckpointUnreadable, "must be dense and hold real numbers"),
    ("a" * 5000, CheckpointNotFound, "There is no checkpoint “a"),
    ("a/" * 2500, CheckpointUnreadable, "cannot be read"),
    ("a" * 5000 + ".pt", CheckpointNotFound, "There is no checkpoint “a"),
]


@pytest.mark.parametrize(("source", "error", "sentence"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_what_is_no_machine_is_refused_in_a_sentence(source: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        td.load(source)


def test_a_specification_of_another_kind_is_refused(copier: td.Machine) -> None:
    with pytest.raises(InvalidRequest, match=r"spec must be a tapedeck\.ntm\.MachineSpec, got int\."):
        td.load(copier.module.state_dict(), spec=3)  # type: ignore[arg-type]


def test_a_task_that_no_channels_tell_has_to_be_named() -> None:
    config: Mapping[str, int] = {"locations": 8, "width": 4, "bits": 3, "controller_size": 5}
    assert td.load(NeuralTM(NTMConfig(**config))).task == "copy"
    with pytest.raises(InvalidRequest, match=r"This version runs copy, .*“sing”"):
        td.load(NeuralTM(NTMConfig(**config)), task="sing")
