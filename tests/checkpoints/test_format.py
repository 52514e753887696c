"""What is written is what is read."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tapedeck.checkpoints import CheckpointInfo, read_checkpoint, read_info, write_checkpoint
from tapedeck.ntm import ControllerSpec, NeuralTM, NTMConfig, OutputSpec, Start, Starts
from tests.checkpoints.conftest import random_machine, write

CONFIGS = [
    NTMConfig(),
    NTMConfig(locations=3, width=1, bits=1, controller_size=1),
    NTMConfig(locations=10, width=7, bits=12, controller_size=9),
]


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_machine_comes_back_bit_for_bit(tmp_path: Path, config: NTMConfig) -> None:
    written = random_machine(1, config)
    read = read_checkpoint(write(tmp_path / "a.safetensors", written)).machine
    assert replace(read.spec, starts=config.spec.starts) == config.spec
    assert read.state_dict().keys() == written.state_dict().keys()
    for name, value in written.state_dict().items():
        assert torch.equal(read.state_dict()[name], value), name
    ours, theirs = (each.initial_state().named(each.spec) for each in (read, written))
    for name, value in theirs.items():
        assert torch.equal(ours[name], value), name


def test_info_comes_back(tmp_path: Path, machine: NeuralTM) -> None:
    path = tmp_path / "copy-1-000200.safetensors"
    written = write_checkpoint(
        path,
        machine,
        name="Größe γ ✓",
        task="copy",
        sequences_seen=200,
        seed=3,
        metrics={"bit_errors": {"20": 0.5, "126": None}},
        origin={"kind": "trained", "run": "copy-1", "recipe": {"batch": 8, "lengths": [1, 20]}},
    )
    assert written == read_info(path) == read_checkpoint(path).info
    assert written == CheckpointInfo(
        id="copy-1-000200",
        name="Größe γ ✓",
        task="copy",
        sequences_seen=200,
        seed=3,
        spec=machine.spec,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        metrics={"bit_errors": {"20": 0.5, "126": None}},
        origin={"kind": "trained", "run": "copy-1", "recipe": {"batch": 8, "lengths": [1, 20]}},
    )


def test_what_nobody_knows_stays_unknown(tmp_path: Path, machine: NeuralTM) -> None:
    info = write_checkpoint(
        tmp_path / "a.safetensors",
        machine,
        name="a",
        task="copy",
        sequences_seen=None,
        seed=None,
        metrics={"loss": math.nan},
        origin={},
    )
    assert (info.sequences_seen, info.seed, info.metrics) == (None, None, {"loss": None})


def test_machine_that_is_read_is_for_inference(checkpoint: Path) -> None:
    machine = read_checkpoint(checkpoint).machine
    assert not machine.training
    assert not any(parameter.requires_grad for parameter in machine.parameters())


def test_machine_that_is_read_runs_as_the_one_written(tmp_path: Path) -> None:
    written = random_machine(2).eval()
    inputs = torch.randint(0, 2, (9, len(written.spec.inputs))).float()
    read = read_checkpoint(write(tmp_path / "a.safetensors", written)).machine
    assert torch.equal(read(inputs)[0], written(inputs)[0])


def test_machine_that_is_read_can_be_trained_on(checkpoint: Path) -> None:
    machine = read_checkpoint(checkpoint).machine.train().requires_grad_(requires_grad=True)
    machine(torch.ones(3, len(machine.spec.inputs)))[0].sum().backward()
    assert machine.get_parameter("controller.layer1.weight").grad is not None


def test_reading_draws_no_random_number(checkpoint: Path) -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    read_checkpoint(checkpoint)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_same_machine_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    first, second = write(path).read_bytes(), write(path).read_bytes()
    assert first == second


def test_default_machine_is_small(tmp_path: Path) -> None:
    assert write(tmp_path / "a.safetensors", NeuralTM()).stat().st_size < 80_000


def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    """A file made like any other: not one that only its owner may read, as temporary files are."""
    (tmp_path / "plain").touch()
    assert write(tmp_path / "a.safetensors").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_any_machine_comes_back_with_its_specification(tmp_path: Path) -> None:
    reference = NTMConfig(locations=7, width=3, bits=2, controller_size=4).spec
    starts = Starts(memory=Start("learned"), weightings=Start("learned", activation="softmax"))
    writer, reader = reference.heads
    spec = replace(
        reference,
        controller=ControllerSpec("lstm", (4, 5), "raw", ("cell", "inputs")),
        heads=(replace(reader, name="read1"), writer, replace(reader, name="read2", previous="read1")),
        output=OutputSpec(("hidden", "reads"), "sigmoid"),
        starts=starts,
    )
    written = NeuralTM(spec)
    with torch.no_grad():
        written.get_parameter("initial_memory").copy_(torch.rand(7, 3))
    read_back = read_checkpoint(write(tmp_path / "a.safetensors", written)).machine
    assert read_back.spec == spec
    inputs = torch.randint(0, 2, (5, 4)).float()
    assert torch.equal(read_back(inputs)[0], written(inputs)[0])


def test_the_shipped_machines_are_of_the_first_format_and_read_as_specifications() -> None:
    found = read_checkpoint(Path(__file__).parents[2] / "checkpoints" / "copy-1.safetensors")
    assert found.info.spec == NTMConfig().spec
