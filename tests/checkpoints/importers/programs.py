"""The public programs once more, in NumPy float64, written from their equations and reading a file's tensors by the
names that it has: nothing of the project is called.

Each gives the outputs [T, O] and the weightings [T, heads, N] in acting order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Tensors = Mapping[str, Array]


def sigmoid(x: Array) -> Array:
    shares: Array = 1 / (1 + np.exp(-x))
    return shares


def softplus(x: Array) -> Array:
    return np.log1p(np.exp(x))


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max())
    shares: Array = powers / powers.sum()
    return shares


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def affine(found: Tensors, name: str, x: Array) -> Array:
    return found[f"{name}.weight"] @ x + found[f"{name}.bias"]


def lstm(found: Tensors, name: str, end: str, x: Array, *before: Array) -> tuple[Array, Array]:
    """A step, with torch's order of gates: input, forget, candidate, output."""
    hidden, cell = before
    gates = found[f"{name}.weight_ih{end}"] @ x + found[f"{name}.bias_ih{end}"]
    gates = gates + found[f"{name}.weight_hh{end}"] @ hidden + found[f"{name}.bias_hh{end}"]
    i, f, g, o = np.split(gates, 4)
    cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(cell), cell


def look(memory: Array, before: Array, *numbers: Any, offset: float, more: float) -> Array:
    """A weighting, from numbers that have been through their activations."""
    k, beta, g, s, gamma = numbers
    m, k = memory + offset, k + offset
    norms = np.maximum(np.linalg.norm(m, axis=1), 1e-8) * max(float(np.linalg.norm(k)), 1e-8)
    gated = g * softmax(beta * (m @ k) / norms) + (1 - g) * before
    # conv1d over what is padded around the end: the first share looks one place back, so it moves the focus forward
    around = np.concatenate([gated[-(len(s) // 2) :], gated, gated[: len(s) // 2]])
    shifted = np.array([around[i : i + len(s)] @ s for i in range(len(gated))])
    powers: Array = shifted**gamma
    weighting: Array = powers / (powers.sum() + more)
    return weighting


A: dict[str, dict[str, Callable[[Array], Array]]] = {
    "3": {
        "k": lambda x: x, "beta": softplus, "s": softmax, "gamma": lambda x: 1 + softplus(x), "e": sigmoid,
        "a": lambda x: x,
    },
    "2": {
        "k": lambda x: x, "beta": softplus, "s": lambda x: softmax(softplus(x)), "gamma": lambda x: 1 + softplus(x),
        "e": sigmoid, "a": lambda x: x,
    },
    "1": {
        "k": relu, "beta": relu, "s": lambda x: softmax(relu(x)), "gamma": lambda x: 1 + relu(x), "e": relu, "a": relu,
    },
}  # fmt: skip


def family_a(found: Tensors, inputs: Array, variant: str) -> tuple[Array, Array]:
    """loudinthecloud and geektoni, or vaibhavjindal where there is no prefix."""
    act, one_pair = A[variant], "fc.weight" in found
    top = "" if one_pair else "ntm."
    memory = found[f"{'' if one_pair else 'ntm.'}memory.mem_bias"]
    heads = ["read_head.fc", "write_head.fc"] if one_pair else []
    while not one_pair:
        kind = next((k for k in ("read", "write") if f"ntm.heads.{len(heads)}.fc_{k}.weight" in found), None)
        if kind is None:
            break
        heads.append(f"ntm.heads.{len(heads)}.fc_{kind}")
    reading = ["read" in name.split(".")[-1 if not one_pair else 0] for name in heads]
    (n, w), count = memory.shape, sum(reading)
    reads = [found["read_bias" if one_pair else f"ntm.read{i}_bias"][0] for i in range(count)]
    hidden, cell = (list(found[f"{top}controller.lstm_{x}_bias"][:, 0]) for x in "hc")
    weightings = [np.zeros(n) for _ in heads]
    outputs, recorded = [], []
    for x in inputs:
        below = np.concatenate([x, *reads])
        for layer in range(len(hidden)):
            end = f"_l{layer}"
            hidden[layer], cell[layer] = lstm(found, f"{top}controller.lstm", end, below, hidden[layer], cell[layer])
            below = hidden[layer]
        reads = []
        for place, (name, reads_it) in enumerate(zip(heads, reading, strict=True)):
            o = affine(found, name, below)
            shifts = len(o) - w * (1 if reads_it else 3) - 3
            k, beta, g, s, gamma, *rest = np.split(o, np.cumsum([w, 1, 1, shifts, 1, *([] if reads_it else [w])]))
            weightings[place] = look(
                memory, weightings[place], act["k"](k), act["beta"](beta), sigmoid(g), act["s"](s), act["gamma"](gamma),
                offset=1e-16, more=1e-16,
            )  # fmt: skip
            if reads_it:
                reads.append(weightings[place] @ memory)
            else:
                e, a = (act[name](value) for name, value in zip("ea", rest, strict=True))
                memory = memory * (1 - np.outer(weightings[place], e)) + np.outer(weightings[place], a)
        outputs.append(sigmoid(affine(found, f"{top}fc", np.concatenate([below, *reads]))))
        recorded.append(np.stack(weightings))
    return np.stack(outputs), np.stack(recorded)


def family_b(found: Tensors, inputs: Array, reads: Sequence[Array]) -> tuple[Array, Array]:
    """vlgiitr, whose first reads are drawn."""
    w = len(found["heads.0.key_fc.bias"])
    memory = sigmoid(found["memory.memory_bias_fc.bias"]).reshape(-1, w)
    return _cell_driven(found, inputs, memory, np.zeros(len(memory)), reads=reads, key=lambda key: key, erases=False)


def family_b2(found: Tensors, inputs: Array, count: int) -> tuple[Array, Array]:
    """theneuralbeing, with so many pairs of heads."""
    before = softmax(found["head_weights_fc.bias"])
    memory = np.full((len(before), len(found["heads.0.key_fc.bias"])), 1e-6)
    reads = [found["reads_fc.bias"]] * count
    return _cell_driven(found, inputs, memory, before, reads=reads, key=np.tanh, erases=True)


def _cell_driven(
    found: Tensors, inputs: Array, memory: Array, before: Array, *, reads: Sequence[Array], key: Any, erases: bool
) -> tuple[Array, Array]:
    heads = 2 * len(reads)
    hidden, cell = found["controller.h_bias_fc.bias"], found["controller.c_bias_fc.bias"]
    weightings, outputs, recorded = [before] * heads, [], []
    for x in inputs:
        hidden, cell = lstm(found, "controller.controller_net", "", np.concatenate([x, *reads]), hidden, cell)
        reads = []
        for place in range(heads):
            at = f"heads.{place}"
            weightings[place] = w = look(
                memory,
                weightings[place],
                key(affine(found, f"{at}.key_fc", cell)),
                softplus(affine(found, f"{at}.key_strength_fc", cell)),
                sigmoid(affine(found, f"{at}.interpolation_gate_fc", cell)),
                softmax(affine(found, f"{at}.shift_weighting_fc", cell)),
                1 + softplus(affine(found, f"{at}.sharpen_factor_fc", cell)),
                offset=0,
                more=1e-16,
            )
            if place % 2 == 0:
                reads.append(w @ memory)
            elif erases:
                e, a = (
                    sigmoid(affine(found, f"{at}.erase_weight_fc", cell)),
                    np.tanh(affine(found, f"{at}.add_data_fc", cell)),
                )
                memory = memory * (1 - np.outer(w, e)) + np.outer(w, a)
            else:
                memory = np.outer(w, affine(found, f"{at}.write_data_fc", cell)) + (1 - w[:, None]) * memory
        outputs.append(sigmoid(affine(found, "controller.out_net", np.concatenate([hidden, *reads]))))
        recorded.append(np.stack(weightings))
    return np.stack(outputs), np.stack(recorded)


def family_c(found: Tensors, inputs: Array, variant: str) -> tuple[Array, Array]:
    """clemkoa: as it was (1), or mended (2)."""
    memory, read = found["memory.initial_state"], found["memory.initial_read"][0]
    of_read, of_write = (softmax(found[f"{kind}_head._initial_state"][0]) for kind in ("read", "write"))
    base = "controller._controller"
    recurrent = f"{base}.lstm_h_state" in found
    hidden, cell = (found[f"{base}.lstm_{x}_state"][0, 0] if recurrent else np.zeros(1) for x in "hc")
    outputs, recorded = [], []
    for x in inputs:
        seen = np.concatenate([x, read])
        if recurrent:
            hidden, cell = lstm(found, f"{base}.layer", "_l0", seen, hidden, cell)
        else:
            hidden = relu(affine(found, f"{base}.layer_2", relu(affine(found, f"{base}.layer_1", seen))))
        previous = {"read": of_read, "write": of_read if variant == "1" else of_write}
        found_now = {}
        for kind in ("read", "write"):
            at = f"{kind}_head"
            w = found_now[kind] = look(
                memory,
                previous[kind],
                affine(found, f"{at}.k_layer", hidden),
                softplus(affine(found, f"{at}.beta_layer", hidden)),
                sigmoid(affine(found, f"{at}.g_layer", hidden)),
                softmax(affine(found, f"{at}.s_layer", hidden)),
                1 + softplus(affine(found, f"{at}.gamma_layer", hidden)),
                offset=1e-16,
                more=1e-16,
            )
            if kind == "read":
                read = w @ memory
            else:
                e, a = sigmoid(affine(found, f"{at}.e_layer", hidden)), affine(found, f"{at}.a_layer", hidden)
                memory = memory * (1 - np.outer(w, e)) + np.outer(w, a)
        of_read, of_write = found_now["read"], found_now["write"]
        outputs.append(sigmoid(affine(found, "fc", np.concatenate([hidden, read]))))
        recorded.append(np.stack([of_read, of_write]))
    return np.stack(outputs), np.stack(recorded)


def family_d(found: Tensors, inputs: Array) -> tuple[Array, Array]:
    """patricebechard: both heads look at the old memory, one writes, the other reads the new one."""
    memory, read = found["memory0"].reshape(found["memory0"].shape[-2:]), found["read0"][0]
    weightings = {kind: softmax(found[f"{kind}_weight0"][0]) for kind in ("write", "read")}
    recurrent = "controller.hidden0" in found
    layers = len(found["controller.hidden0"]) if recurrent else 0
    hidden, cell = (list(found[f"controller.{x}0"][:, 0]) if recurrent else [] for x in ("hidden", "cell"))
    outputs, recorded = [], []
    for x in inputs:
        below = np.concatenate([x, read])
        for layer in range(layers):
            hidden[layer], cell[layer] = lstm(
                found, "controller.controller", f"_l{layer}", below, hidden[layer], cell[layer]
            )
            below = hidden[layer]
        h = np.tanh(below if recurrent else affine(found, "controller.controller", below))
        for kind in ("write", "read"):
            at = f"{kind}_head"
            weightings[kind] = look(
                memory,
                weightings[kind],
                relu(affine(found, f"{at}.fc_key", h)),
                softplus(affine(found, f"{at}.fc_beta", h)),
                sigmoid(affine(found, f"{at}.fc_blending", h)),
                softmax(affine(found, f"{at}.fc_shift", h)),
                1 + relu(affine(found, f"{at}.fc_gamma", h)),
                offset=0,
                more=0,
            )
        e, a = sigmoid(affine(found, "fc_erase", h)), sigmoid(affine(found, "fc_add", h))
        memory = memory * (1 - np.outer(weightings["write"], e)) + np.outer(weightings["write"], a)
        read = weightings["read"] @ memory
        outputs.append(sigmoid(affine(found, "fc_out", read)))
        recorded.append(np.stack([weightings["write"], weightings["read"]]))
    return np.stack(outputs), np.stack(recorded)
