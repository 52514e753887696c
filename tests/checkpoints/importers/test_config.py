"""Machines of no known family, with a JSON file that says what they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tapedeck.checkpoints.importers import Chosen, import_configured
from tapedeck.checkpoints.importers.config import read_config
from tapedeck.errors import CheckpointUnreadable, InvalidRequest
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import task_as_heard
from tests.checkpoints.importers.files import Sizes, family_a

ROOT = Path(__file__).parents[3]
TENSORS = {f"mine.{name}": value for name, value in family_a(Sizes(n=32, c=9, o=8)).items() if "heads" not in name}
ROWS = {
    "key": [0, 4],
    "key_strength": [4, 5],
    "interpolation_gate": [5, 6],
    "shift_weighting": [6, 9],
    "sharpening": [9, 10],
}
WRITTEN = {**ROWS, "erase_vector": [10, 14], "add_vector": [14, 18]}


def tensors() -> dict[str, Tensor]:
    """With both heads' layers as rows of one matrix each, and the output turned."""
    found = dict(TENSORS)
    for kind, rows in (("read", ROWS), ("write", WRITTEN)):
        count = max(stop for _, stop in rows.values())
        found[f"mine.{kind}.weight"], found[f"mine.{kind}.bias"] = torch.randn(count, 6), torch.randn(count)
    found["mine.ntm.fc.weight"] = found["mine.ntm.fc.weight"].T.contiguous()
    return found


def document() -> dict[str, Any]:
    bits = [{"name": f"bit {number}", "kind": "bit"} for number in range(1, 9)]
    stages = {"key": "raw", "key_strength": "softplus"}
    heads = [
        {"name": "read", "kind": "read", **stages},
        {"name": "write", "kind": "write", **stages, "erase_vector": "sigmoid", "add_vector": "raw"},
    ]
    stretches = [{"name": name, "of": name} for name in ("input", "end", "recall")]
    return {
        "task": "copy",
        "machine": {
            "inputs": [*bits, {"name": "end", "kind": "delimiter"}],
            "outputs": bits,
            "memory": {"locations": 32, "width": 4},
            "controller": {"kind": "lstm", "sizes": [6], "activation": "raw"},
            "heads": heads,
            "output": {"terms": ["hidden", "reads"], "activation": "sigmoid"},
            "starts": {"memory": {"kind": "stored"}, "weightings": {"kind": "constant"}},
            "encoding": {"stretches": stretches},
        },
        "tensors": {
            "controller.layer1": "mine.ntm.controller.lstm.{}_l0",
            "memory": "mine.ntm.memory.mem_bias",
            "output.weight": {"tensor": "mine.ntm.fc.weight", "transpose": True},
            "output.bias": "mine.ntm.fc.bias",
            **{f"read.{stage}": {"tensor": "mine.read", "rows": rows} for stage, rows in ROWS.items()},
            **{f"write.{stage}": {"tensor": "mine.write.{}", "rows": rows} for stage, rows in WRITTEN.items()},
        },
    }


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("mine") / "mine.pt"
    torch.save(tensors(), path)
    return path


def imported(file: Path, tmp_path: Path, said: object) -> NeuralTM:
    config = tmp_path / "machine.json"
    config.write_text(said if isinstance(said, str) else json.dumps(said))
    return import_configured(file, config, Chosen()).machine


def test_a_configuration_makes_a_machine_of_tensors_of_any_names(file: Path, tmp_path: Path) -> None:
    config = tmp_path / "machine.json"
    config.write_text(json.dumps(document()))
    found = import_configured(file, config)
    saved, state = torch.load(file, weights_only=True), found.machine.state_dict()
    assert torch.equal(state["read.sharpening.weight"], saved["mine.read.weight"][9:10])
    assert torch.equal(state["write.add_vector.bias"], saved["mine.write.bias"][14:18])
    assert torch.equal(state["output.weight"], saved["mine.ntm.fc.weight"].T)
    assert torch.equal(state["controller.layer1.weight_hh"], saved["mine.ntm.controller.lstm.weight_hh_l0"])
    assert torch.equal(found.machine.initial_state().memory, saved["mine.ntm.memory.mem_bias"])
    assert found.played.bits == 160
    assert (found.origin["family"], found.origin["program"]) == ("machine.json", "machine.json")


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not valid JSON"),
    "not an object": ("[]", "must be an object with “task”, “machine”, “tensors”"),
    "a field more": ({**document(), "run": "rm"}, "must be an object with"),
    "no machine": (
        {**document(), "machine": {}},
        "its “machine” is none: the specification must have the field “inputs”",
    ),
    "no task": ({**document(), "task": 3}, "its “task” must be a name"),
    "a tensor that is none": ({**document(), "tensors": {"read.key": 3}}, "“read.key” must be a tensor's name"),
    "no rows": ({**document(), "tensors": {"read.key": {"tensor": "a", "rows": [1]}}}, "must be two whole numbers"),
    "no turn": ({**document(), "tensors": {"read.key": {"tensor": "a", "transpose": 1}}}, "must be true or false"),
}


def changed(**tensors: object) -> dict[str, Any]:
    said = document()
    said["tensors"] = {**said["tensors"], **tensors}
    return said


WRONG |= {
    "a layer less": (
        {**document(), "tensors": {"memory": "mine.ntm.memory.mem_bias"}},
        "must say in “tensors” which layer is “controller.layer1”",
    ),
    "no memory": ({**document(), "tensors": {}}, "must say in “tensors” which tensor is “memory”"),
    "a layer more": (changed(**{"read2.key": "a"}), "names “read2.key”; this machine has controller.layer1"),
    "rows that are not there": (
        changed(**{"read.key": {"tensor": "mine.read", "rows": [0, 99]}}),
        "“mine.read.weight” has no rows 0 to 99",
    ),
    "a tensor that is not there": (
        changed(**{"read.key": "mine.a"}),
        "tensor “mine.a.weight”, which the configuration names, is not in it",
    ),
    "another shape": (
        changed(**{"read.key": {"tensor": "mine.read", "rows": [0, 3]}}),
        "“read.key.weight” must have shape (4, 6), got (3, 6)",
    ),
    "a memory of another size": (changed(memory="mine.ntm.fc.bias"), "the start of memory must have 128 numbers"),
}


def test_what_does_not_fit_is_said_in_one_sentence(file: Path, tmp_path: Path, subtests: pytest.Subtests) -> None:
    for kind, (said, sentence) in WRONG.items():
        with subtests.test(kind=kind):
            with pytest.raises(CheckpointUnreadable) as caught:
                imported(file, tmp_path, said)
            assert sentence in caught.value.detail.replace("’", "'")
            assert "\n" not in caught.value.detail


def test_a_task_that_is_not_known_or_has_other_channels_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="the machine was trained on “chess”"):
        imported(file, tmp_path, {**document(), "task": "chess"})
    with pytest.raises(InvalidRequest, match="This machine"):
        imported(file, tmp_path, {**document(), "task": "dynamic_ngrams"})


def test_the_example_of_the_documentation_is_a_configuration(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```json\n(.*?)^```", (ROOT / "docs" / "importing.md").read_text("utf-8"), re.M | re.S)
    path = tmp_path / "machine.json"
    path.write_text(example)
    said = read_config(path)
    assert task_as_heard(said.spec, said.task).steps({"length": 3}) == 7
    assert said.tensors["read.key_strength"].rows == (0, 1)
