"""The machine's modules and parameters: the reference's checkpoints are loaded by these names."""

from __future__ import annotations

import re

from tapedeck.ntm import NeuralTM

HEAD = {"produce_k_t": 20, "produce_beta_t": 1, "produce_g_t": 1, "produce_s_t": 3, "produce_gamma_t": 1}
WRITE_HEAD = HEAD | {"produce_e_t": 20, "produce_a_t": 20}

LAYERS: dict[str, tuple[int, int]] = {
    "controller.layer1": (30, 100),
    "r_to_s": (20, 10),
    **{f"readhead.{name}": (100, size) for name, size in HEAD.items()},
    **{f"writehead.{name}": (100, size) for name, size in WRITE_HEAD.items()},
}
"""Every linear layer, in the order of printing: numbers in, numbers out."""

MODULES = """\
NeuralTM(
  (controller): Controller(
  (r_to_s): Linear(
  (readhead): ReadHead(
  (writehead): WriteHead("""


def test_it_prints_exactly_the_modules_of_the_reference() -> None:
    printed = repr(NeuralTM())
    top = re.findall(r"^(?:  )?(?:\(\w+\): )?\w+\(", printed, flags=re.MULTILINE)
    assert "\n".join(top) == MODULES
    linear = re.findall(r"\((\w+)\): Linear\(in_features=(\d+), out_features=(\d+), bias=True\)", printed)
    assert [(name, (int(given), int(made))) for name, given, made in linear] == [
        (name.rpartition(".")[2], sizes) for name, sizes in LAYERS.items()
    ]


def test_its_parameters_are_the_references_by_name_shape_and_number() -> None:
    state = NeuralTM().state_dict()
    shapes: dict[str, tuple[int, ...]] = {f"{name}.weight": (made, given) for name, (given, made) in LAYERS.items()}
    shapes |= {f"{name}.bias": (made,) for name, (_, made) in LAYERS.items()}
    assert {name: tuple(value.shape) for name, value in state.items()} == shapes
    assert sum(value.numel() for value in state.values()) == 12_602
