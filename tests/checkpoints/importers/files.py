"""State_dicts with the names of each family and random numbers, of any sizes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

Tensors = dict[str, Tensor]


@dataclass(frozen=True)
class Sizes:
    """N, W, H, C, O, pairs of heads, layers of an LSTM, shifts."""

    n: int = 7
    w: int = 4
    h: int = 6
    c: int = 5
    o: int = 4
    pairs: int = 1
    layers: int = 1
    shifts: int = 3


class Drawing:
    """Draws tensors by name."""

    def __init__(self, seed: int) -> None:
        self._generator = torch.Generator().manual_seed(seed)
        self.drawn: Tensors = {}

    def tensor(self, name: str, *shape: int) -> None:
        self.drawn[name] = torch.randn(*shape, generator=self._generator)

    def linear(self, name: str, rows: int, columns: int) -> None:
        self.tensor(f"{name}.weight", rows, columns)
        self.tensor(f"{name}.bias", rows)

    def lstm(self, name: str, end: str, units: int, columns: int) -> None:
        for part, shape in (("weight_ih", (4 * units, columns)), ("weight_hh", (4 * units, units))):
            self.tensor(f"{name}.{part}{end}", *shape)
        for part in ("bias_ih", "bias_hh"):
            self.tensor(f"{name}.{part}{end}", 4 * units)

    def layers(self, name: str, s: Sizes, columns: int) -> None:
        for layer in range(s.layers):
            self.lstm(name, f"_l{layer}", s.h, s.h if layer else columns)


def family_a(s: Sizes, order: str | None = None, *, one_pair: bool = False, seed: int = 1) -> Tensors:
    """With heads in such an order, "rw" a pair; vaibhavjindal's names where it is one pair."""
    d, top = Drawing(seed), "" if one_pair else "ntm."
    order = order or "rw" * s.pairs
    reads = order.count("r")
    d.layers(f"{top}controller.lstm", s, s.c + reads * s.w)
    for state in "hc":
        d.tensor(f"{top}controller.lstm_{state}_bias", s.layers, 1, s.h)
    for number in range(reads):
        d.tensor("read_bias" if one_pair else f"ntm.read{number}_bias", 1, s.w)
    d.tensor(f"{top}memory.mem_bias", s.n, s.w)
    for place, kind in enumerate(order):
        word, rows = ("read", 0) if kind == "r" else ("write", 2 * s.w)
        name = f"{word}_head.fc" if one_pair else f"ntm.heads.{place}.fc_{word}"
        d.linear(name, s.w + 3 + s.shifts + rows, s.h)
        head = f"{word}_head" if one_pair else f"ntm.heads.{place}"
        d.drawn[f"{head}.memory.mem_bias"] = d.drawn[f"{top}memory.mem_bias"]
    d.linear(f"{top}fc", s.o, s.h + reads * s.w)
    return d.drawn


def family_b(s: Sizes, *, erases: bool, seed: int = 1) -> Tensors:
    """Of B, or of B2, which erases; both kinds of heads have all layers."""
    d = Drawing(seed)
    d.lstm("controller.controller_net", "", s.h, s.c + s.pairs * s.w)
    for state in "hc":
        d.linear(f"controller.{state}_bias_fc", s.h, 1)
    d.linear("controller.out_net", s.o, s.h + s.pairs * s.w)
    written = {"erase_weight": s.w, "add_data": s.w} if erases else {"write_data": s.w}
    rows = {"key": s.w, "key_strength": 1, "interpolation_gate": 1, "shift_weighting": s.shifts, "sharpen_factor": 1}
    for place in range(2 * s.pairs):
        for name, count in (rows | written).items():
            d.linear(f"heads.{place}.{name}_fc", count, s.h)
    if erases:
        d.linear("head_weights_fc", s.n, 1)
        d.linear("reads_fc", s.w, 1)
    else:
        d.linear("memory.memory_bias_fc", s.n * s.w, 1)
    return d.drawn


def family_c(s: Sizes, *, feed_forward: bool = False, seed: int = 1) -> Tensors:
    d, base = Drawing(seed), "controller._controller"
    if feed_forward:
        d.linear(f"{base}.layer_1", s.h, s.c + s.w)
        d.linear(f"{base}.layer_2", s.h, s.h)
    else:
        d.tensor(f"{base}.lstm_h_state", 1, 1, s.h)
        d.tensor(f"{base}.lstm_c_state", 1, 1, s.h)
        d.lstm(f"{base}.layer", "_l0", s.h, s.c + s.w)
    d.tensor("memory.initial_read", 1, s.w)
    d.drawn["memory.initial_state"] = torch.full((s.n, s.w), 1e-6)
    rows = {"k": s.w, "beta": 1, "g": 1, "s": s.shifts, "gamma": 1}
    for kind, layers in (("read", rows), ("write", rows | {"e": s.w, "a": s.w})):
        d.tensor(f"{kind}_head._initial_state", 1, s.n)
        for name, count in layers.items():
            d.linear(f"{kind}_head.{name}_layer", count, s.h)
        for name in ("initial_read", "initial_state"):
            d.drawn[f"{kind}_head.memory.{name}"] = d.drawn[f"memory.{name}"]
    d.linear("fc", s.o, s.h + s.w)
    return d.drawn


def family_d(s: Sizes, *, feed_forward: bool = False, seed: int = 1) -> Tensors:
    d = Drawing(seed)
    d.tensor("memory0", 1, s.n, s.w)
    for kind in ("write", "read"):
        d.tensor(f"{kind}_weight0", 1, s.n)
    d.tensor("read0", 1, s.w)
    if feed_forward:
        d.linear("controller.controller", s.h, s.c + s.w)
    else:
        d.tensor("controller.hidden0", s.layers, 1, s.h)
        d.tensor("controller.cell0", s.layers, 1, s.h)
        d.layers("controller.controller", s, s.c + s.w)
    for kind in ("write", "read"):
        for name, count in {"key": s.w, "beta": 1, "blending": 1, "shift": s.shifts, "gamma": 1}.items():
            d.linear(f"{kind}_head.fc_{name}", count, s.h)
    d.linear("fc_erase", s.w, s.h)
    d.linear("fc_add", s.w, s.h)
    d.linear("fc_out", s.o, s.w)
    return d.drawn
