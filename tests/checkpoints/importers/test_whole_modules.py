"""Whole modules, saved by torch as it is, of classes that are not there when they are read."""

from __future__ import annotations

import io
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
import torch
from torch import Tensor, nn

from tapedeck.checkpoints.importers import import_file
from tapedeck.checkpoints.importers.reading import read_tensors
from tapedeck.errors import UnsafePickle
from tests.checkpoints.importers.files import Sizes, family_b

CLASSES = {
    "": ("ntm.ntm", "NTM"),
    "controller": ("ntm.modules.controller", "NTMController"),
    "controller.controller_net": ("torch.nn", "LSTMCell"),
    "memory": ("ntm.modules.memory", "NTMMemory"),
    "heads": ("torch.nn", "ModuleList"),
}


def bare(module_name: str, name: str) -> nn.Module:
    """An instance, of which nothing is made but what every module has."""
    made = getattr(sys.modules[module_name], name)
    found: nn.Module = made.__new__(made)
    nn.Module.__init__(found)
    return found


def whole(state: dict[str, Tensor], classes: dict[str, tuple[str, str]]) -> nn.Module:
    """The module whose state_dict this is, with tensors and lists of tensors as attributes beside it."""
    root = bare(*classes[""])
    for name, value in state.items():
        *path, leaf = name.split(".")
        module = root
        for depth, part in enumerate(path, 1):
            if part not in module._modules:
                at = ".".join(path[:depth])
                head = at.startswith("heads.") and depth == 2
                module.add_module(
                    part, bare(*(("ntm.modules.head", "NTMHead") if head else classes.get(at, ("torch.nn", "Linear"))))
                )
            module = module._modules[part]  # type: ignore[assignment]
        module.register_parameter(leaf, nn.Parameter(value))
    extra: Any = root
    extra.prev_reads, extra.num_heads = [torch.zeros(1, 4), torch.zeros(1, 4)], 1
    extra.memory.memory = torch.zeros(1, 7, 4)
    extra.controller.h_state = torch.zeros(1, 6)
    return root


def saved(*, zipped: bool, name: str = "NTM") -> bytes:
    modules = {
        n: ModuleType(n)
        for n in ("ntm", "ntm.ntm", "ntm.modules", "ntm.modules.controller", "ntm.modules.head", "ntm.modules.memory")
    }
    classes = CLASSES | {"": ("ntm.ntm", name)}
    with patch.dict(sys.modules, modules), warnings.catch_warnings():
        for module_name, made in (*classes.values(), ("ntm.modules.head", "NTMHead")):
            if module_name in modules:
                setattr(modules[module_name], made, type(made, (nn.Module,), {"__module__": module_name}))
        file = io.BytesIO()
        warnings.simplefilter("ignore")  # there is no source of these classes
        torch.save(whole(family_b(Sizes(o=3), erases=False), classes), file, _use_new_zipfile_serialization=zipped)
    return file.getvalue()


@pytest.mark.parametrize("zipped", [True, False])
def test_a_whole_module_gives_its_parameters_and_nothing_of_it_is_run(zipped: bool, tmp_path: Path) -> None:
    path = tmp_path / "whole.pt"
    path.write_bytes(saved(zipped=zipped))
    found, _ = read_tensors(path)
    for name, value in family_b(Sizes(o=3), erases=False).items():
        assert torch.equal(found[name], value), name
    imported = import_file(path)
    assert (imported.played.family.name, imported.unknown) == ("B", [])


def test_a_whole_module_of_another_class_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "whole.pt"
    path.write_bytes(saved(zipped=True, name="Other"))
    with pytest.raises(UnsafePickle) as caught:
        import_file(path)
    assert "asks for “ntm.ntm.Other”, which no checkpoint needs; nothing in it was run" in caught.value.detail
