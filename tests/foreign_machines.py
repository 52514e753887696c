"""Machines that others trained, built through the specification: their conventions as data, their tensors by name.

The files do not ship with this project; FOLDER is where they are. What each convention is was found by reading these
projects' programs and by playing their files (loudinthecloud/pytorch-ntm and its fork by geektoni, clemkoa/ntm,
vlgiitr/ntm-pytorch).
"""

from __future__ import annotations

import os
import pickle
import types
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest
import torch
from torch import Tensor

from tapedeck.ntm import (
    Channel,
    ControllerSpec,
    Conventions,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    NeuralTM,
    OutputSpec,
    Start,
    Starts,
    State,
)
from tapedeck.ntm.state import parts_of

VARIABLE = "TAPEDECK_FOREIGN_CHECKPOINTS"
FOLDER = Path(os.environ.get(VARIABLE) or Path(__file__).parents[2] / "shared" / "foreign-checkpoints")

needs_them = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"machines of others are not here ({VARIABLE} names their folder): skipped"
)

CONVENTIONS = Conventions(cosine="clamped_norms", cosine_epsilon=1e-8, cosine_offset=1e-16, sharpening_epsilon=1e-16)
LEARNED = Start("learned")
STAGES: dict[str, Any] = {"key": "raw", "key_strength": "softplus"}
ADDRESSING = ("key", "key_strength", "interpolation_gate", "shift_weighting", "sharpening")

Tensors = Mapping[str, Tensor]


def pairs(count: int, **write: Any) -> tuple[HeadSpec, ...]:
    """A read and a write head, and so on: each acts at once, so that later heads see earlier writes of the step."""
    made = []
    for number in range(1, count + 1):
        suffix = "" if count == 1 else str(number)
        made += [HeadSpec(f"read{suffix}", "read", **STAGES), HeadSpec(f"write{suffix}", "write", **STAGES, **write)]
    return tuple(made)


def spec(
    channels: int,
    outputs: int,
    heads: tuple[HeadSpec, ...],
    sizes: tuple[int, ...],
    drives: Any = ("hidden",),
    **starts: Start,
) -> MachineSpec:
    """128 × 20, an LSTM, σ(V [h, r …])."""
    return MachineSpec(
        inputs=tuple(Channel(f"in {each}", "value") for each in range(channels)),
        outputs=tuple(Channel(f"out {each}", "value") for each in range(outputs)),
        memory=MemorySpec(128, 20),
        controller=ControllerSpec("lstm", sizes, "raw", drives),
        heads=heads,
        output=OutputSpec(("hidden", "reads"), "sigmoid"),
        starts=Starts(**{"memory": LEARNED, "reads": LEARNED, "controller": LEARNED, **starts}),
        conventions=CONVENTIONS,
    )


def geektoni() -> NeuralTM:
    """Family A3: 5 + 5 heads, two layers; each head's layers are rows of one."""
    found = torch.load(FOLDER / "geektoni-prioritysort-8-16.model", weights_only=True)
    heads = pairs(5, erase_vector="sigmoid", add_vector="raw")
    tensors = {**lstm_of_torch(found, "ntm.controller.lstm.", 2), **linear(found, "ntm.fc", "output")}
    rows = [20, 1, 1, 3, 1]
    for number, head in enumerate(heads):
        kind, sizes = ("fc_read", rows) if head.kind == "read" else ("fc_write", [*rows, 20, 20])
        for what in ("weight", "bias"):
            parts = found[f"ntm.heads.{number}.{kind}.{what}"].split(sizes)
            tensors |= {f"{head.name}.{stage}.{what}": part for stage, part in zip(head.stages, parts, strict=True)}
    starts = {"memory": found["memory.mem_bias"]}
    starts |= {f"read{number + 1}_vector": found[f"ntm.read{number}_bias"][0] for number in range(5)}
    for layer in (0, 1):
        starts[f"hidden{layer + 1}"] = found["ntm.controller.lstm_h_bias"][layer, 0]
        starts[f"cell{layer + 1}"] = found["ntm.controller.lstm_c_bias"][layer, 0]
    return build(spec(10, 10, heads, (100, 100), weightings=Start("constant")), tensors, starts)


def clemkoa(previous: str | None = "read") -> NeuralTM:
    """Family C: the write head's previous weighting is the read head's, a fault that was mended later."""
    found = torch.load(FOLDER / "clemkoa-copy.pt", weights_only=True)
    heads = (
        HeadSpec("read", "read", **STAGES),
        HeadSpec("write", "write", **STAGES, erase_vector="sigmoid", add_vector="raw", previous=previous),
    )
    tensors = {**lstm_of_torch(found, "controller._controller.layer.", 1), **linear(found, "fc", "output")}
    letters = dict(zip(heads[1].stages, ("k", "beta", "g", "s", "gamma", "e", "a"), strict=True))
    for head in heads:
        for stage in head.stages:
            tensors |= linear(found, f"{head.name}_head.{letters[stage]}_layer", f"{head.name}.{stage}")
    starts = {
        "memory": found["memory.initial_state"],
        "read_weighting": found["read_head._initial_state"][0],
        "write_weighting": found["write_head._initial_state"][0],
        "read_vector": found["memory.initial_read"][0],
        "hidden1": found["controller._controller.lstm_h_state"][0, 0],
        "cell1": found["controller._controller.lstm_c_state"][0, 0],
    }
    weightings = Start("learned", activation="softmax")
    return build(spec(9, 8, heads, (100,), memory=Start("stored"), weightings=weightings), tensors, starts)


def vlgiitr(name: str, initial_reads: Tensor) -> NeuralTM:
    """Family B: heads driven by the cell, nothing erased but all; the reads begin at random numbers."""
    found = whole_module(FOLDER / f"vlgiitr-{name}.pt")
    count = len(initial_reads)
    heads = pairs(count, erase_vector="ones", add_vector="raw")
    tensors = {**linear(found, "controller.out_net", "output")}
    for what in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        tensors[f"controller.layer1.{what}"] = found[f"controller.controller_net.{what}"]
    names = dict(
        zip(ADDRESSING, ("key", "key_strength", "interpolation_gate", "shift_weighting", "sharpen_factor"), strict=True)
    )
    names["add_vector"] = "write_data"
    for number, head in enumerate(heads):
        for stage in head.sizes(20):
            tensors |= linear(found, f"heads.{number}.{names[stage]}_fc", f"{head.name}.{stage}")
    starts = {"memory": found["memory.memory_bias_fc.bias"].view(128, 20)}
    starts |= {f"{head.name}_vector": reads for head, reads in zip(heads[::2], initial_reads, strict=True)}
    starts |= {f"{what}1": found[f"controller.{what[0]}_bias_fc.bias"] for what in ("hidden", "cell")}
    channels = tensors["controller.layer1.weight_ih"].shape[1] - 20 * count
    outputs, units = len(tensors["output.bias"]), tensors["controller.layer1.weight_hh"].shape[1]
    memory = Start("learned", activation="sigmoid")
    made = spec(
        channels,
        outputs,
        heads,
        (units,),
        ("cell",),
        memory=memory,
        reads=Start("stored"),
        weightings=Start("constant"),
    )
    return build(made, tensors, starts)


def build(made: MachineSpec, tensors: Tensors, starts: Tensors) -> NeuralTM:
    """The machine, with every parameter given."""
    empty = torch.zeros(made.memory.locations)
    given = {name: starts.get(name, empty) for name in parts_of(made)}
    machine = NeuralTM(made, State.of(made, given))
    expected = {name for name in machine.state_dict() if not name.startswith("initial_")}
    assert tensors.keys() == expected
    machine.load_state_dict(dict(tensors), strict=False)
    return machine.eval().requires_grad_(requires_grad=False)


def linear(found: Tensors, theirs: str, ours: str) -> dict[str, Tensor]:
    """Weight and bias under our name."""
    return {f"{ours}.{what}": found[f"{theirs}.{what}"] for what in ("weight", "bias")}


def lstm_of_torch(found: Tensors, prefix: str, layers: int) -> dict[str, Tensor]:
    """The parameters of torch.nn.LSTM, layer by layer."""
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return {
        f"controller.layer{layer + 1}.{kind}": found[f"{prefix}{kind}_l{layer}"]
        for layer in range(layers)
        for kind in kinds
    }


class _Inert:
    """Stands for a module's class: keeps its attributes, does nothing."""

    dump_patches = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.state = state


MODULES = {
    ("ntm.ntm", "NTM"),
    ("ntm.modules.controller", "NTMController"),
    ("ntm.modules.head", "NTMHead"),
    ("ntm.modules.memory", "NTMMemory"),
    ("torch.nn.modules.linear", "Linear"),
    ("torch.nn.modules.rnn", "LSTMCell"),
    ("torch.nn.modules.container", "ModuleList"),
    ("torch.nn.backends.thnn", "_get_thnn_function_backend"),
}


class _Unpickler(pickle.Unpickler):
    """Knows the names that these files need, and no other."""

    def find_class(self, module: str, name: str, /) -> Any:
        if (module, name) in MODULES:
            return (lambda: None) if name.startswith("_") else _Inert
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return torch._utils._rebuild_tensor_v2
        if (module, name) == ("torch", "FloatStorage"):
            return torch.FloatStorage
        raise pickle.UnpicklingError(f"{module}.{name} is not needed")


def _load(file: IO[bytes], **options: Any) -> Any:
    return _Unpickler(file, **options).load()


def whole_module(path: Path) -> dict[str, Tensor]:
    """The parameters of a module that was pickled whole, by name."""
    reader = types.ModuleType("reader")
    reader.Unpickler, reader.load = _Unpickler, _load  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the classes' sources are not these
        module = torch.load(path, pickle_module=reader, weights_only=False)
    return dict(_parameters(module, ""))


def _parameters(module: _Inert, prefix: str) -> Iterator[tuple[str, Tensor]]:
    for name, value in module.state["_parameters"].items():
        if value is not None:
            yield prefix + name, value.detach()
    for name, child in module.state["_modules"].items():
        yield from _parameters(child, f"{prefix}{name}.")
