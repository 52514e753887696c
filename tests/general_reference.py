"""Machines of any specification once more, in loops over NumPy float64, one function an equation.

Independent of `tapedeck.ntm`: it reads a specification's JSON document and the state_dict's names. The equations that
all machines share are those of `tests.reference`. Slow, and meant to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tests import reference
from tests.reference import linear, sigmoid, softmax, softplus, tanh

ADDRESSING = ("key", "key_strength", "interpolation_gate", "shift_weighting", "sharpening")

Array = npt.NDArray[np.float64]
Weights = Mapping[str, Array]

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "raw": lambda x: x,
    "tanh": tanh,
    "relu": reference.relu,
    "sigmoid": sigmoid,
    "clamp": reference.clamp,
    "softmax": softmax,
    "softplus": lambda x: np.array([softplus(value) for value in x.tolist()]),
    "1+softplus": lambda x: np.array([1 + softplus(value) for value in x.tolist()]),
    "1+relu": lambda x: 1 + reference.relu(x),
    "softmax(softplus)": lambda x: softmax(np.array([softplus(value) for value in x.tolist()])),
    "softmax(relu)": lambda x: softmax(reference.relu(x)),
}


def run(spec: Mapping[str, Any], weights: Weights, start: Mapping[str, Array], inputs: Array) -> dict[str, list[Array]]:
    """Every field of every step by name, `memory` and `outputs` among them."""
    memory = start["memory"]
    weightings = {head["name"]: start[f"{head['name']}_weighting"] for head in spec["heads"]}
    reads = {head["name"]: start[f"{head['name']}_vector"] for head in spec["heads"] if head["kind"] == "read"}
    cells = {name: value for name, value in start.items() if name.startswith(("hidden", "cell"))}
    record: dict[str, list[Array]] = {}

    def note(name: str, value: Array) -> None:
        record.setdefault(name, []).append(value)

    for x in inputs:
        hidden, cell = control(spec, weights, np.concatenate([x, *reads.values()]), cells)
        note("controller.hidden", hidden)
        if cell is not None:
            note("controller.cell", cell)
        terms = {"hidden": hidden, "cell": cell, "inputs": x}
        drive = np.concatenate([terms[term] for term in spec["controller"]["drives"]])
        before, old = memory, dict(weightings)
        for head in spec["heads"]:
            name = head["name"]
            seen = before if head["addresses"] == "previous" else memory
            sizes = {"key": memory.shape[1], "shift_weighting": len(head["shifts"])}
            stages = {stage: emit(head, weights, stage, drive, sizes.get(stage, 1)) for stage in ADDRESSING}
            stages = address(spec["conventions"], head, stages, seen, old[head["previous"] or name])
            weightings[name] = stages["weighting"]
            if head["kind"] == "write":
                stages["erase_vector"] = emit(head, weights, "erase_vector", drive, memory.shape[1])
                stages["add_vector"] = emit(head, weights, "add_vector", drive, memory.shape[1])
                erased = reference.erase(memory, weightings[name], stages["erase_vector"])
                memory = reference.add(erased, weightings[name], stages["add_vector"])
            else:
                reads[name] = stages["read_vector"] = reference.read(memory, weightings[name])
            for stage, value in stages.items():
                note(f"{name}.{stage}", value)
        terms["reads"] = np.concatenate(list(reads.values()))
        layer = "r_to_s" if "r_to_s.weight" in weights else "output"
        raw = linear(weights, layer, np.concatenate([terms[term] for term in spec["output"]["terms"]]))
        note("outputs", ACTIVATIONS[spec["output"]["activation"]](raw))
        note("memory", memory)
    return record


def control(
    spec: Mapping[str, Any], weights: Weights, seen: Array, cells: dict[str, Array]
) -> tuple[Array, Array | None]:
    """The hidden vector, and of an LSTM the last layer's cell; `cells` goes on by a step."""
    controller = spec["controller"]
    activate = ACTIVATIONS[controller["activation"]]
    if controller["kind"] == "feed_forward":
        for number in range(1, len(controller["sizes"]) + 1):
            seen = activate(linear(weights, f"controller.layer{number}", seen))
        return seen, None
    for number, size in enumerate(controller["sizes"], 1):
        layer = f"controller.layer{number}"
        gates = weights[f"{layer}.weight_ih"] @ seen + weights[f"{layer}.bias_ih"]
        gates = gates + weights[f"{layer}.weight_hh"] @ cells[f"hidden{number}"] + weights[f"{layer}.bias_hh"]
        i, f, g, o = (gates[part * size : (part + 1) * size] for part in range(4))
        cell = sigmoid(f) * cells[f"cell{number}"] + sigmoid(i) * tanh(g)
        seen = sigmoid(o) * tanh(cell)
        cells[f"hidden{number}"], cells[f"cell{number}"] = seen, cell
    return activate(seen), cell


def emit(head: Mapping[str, Any], weights: Weights, stage: str, drive: Array, size: int) -> Array:
    """What a layer of a head emits, after its activation."""
    if head[stage] == "ones":
        return np.ones(size)
    theirs = {
        "key": "produce_k_t", "key_strength": "produce_beta_t", "interpolation_gate": "produce_g_t",
        "shift_weighting": "produce_s_t", "sharpening": "produce_gamma_t", "erase_vector": "produce_e_t",
        "add_vector": "produce_a_t",
    }  # fmt: skip
    named = f"{head['name']}.{stage}"
    if f"{named}.weight" not in weights:
        named = f"{head['name']}head.{theirs[stage]}"
    return ACTIVATIONS[head[stage]](linear(weights, named, drive))


def address(
    rules: Mapping[str, Any], head: Mapping[str, Any], stages: dict[str, Array], memory: Array, prev: Array
) -> dict[str, Array]:
    """Equations 5 to 9, with the conventions of the specification."""
    count = len(memory)
    strength, gate, gamma = (float(stages[name][0]) for name in ("key_strength", "interpolation_gate", "sharpening"))
    content = softmax(np.array([strength * cosine(rules, row, stages["key"]) for row in memory]))
    gated = reference.interpolate(content, prev, gate)
    shifted = np.zeros(count)
    for i in range(count):
        for share, move in zip(stages["shift_weighting"].tolist(), head["shifts"], strict=True):
            shifted[(i + move) % count] += share * gated[i]
    if rules["sharpening_epsilon"]:
        powers = np.array([value**gamma for value in shifted.tolist()])
        weighting = powers / (math.fsum(powers.tolist()) + rules["sharpening_epsilon"])
    else:
        weighting = reference.sharpen(shifted, gamma)
    return {
        "weighting": weighting, "content_weighting": content, "gated_weighting": gated, "shifted_weighting": shifted,
        **stages,
    }  # fmt: skip


def cosine(rules: Mapping[str, Any], u: Array, v: Array) -> float:
    """Equation 6, kept finite as the conventions say."""
    epsilon, offset = float(rules["cosine_epsilon"]), rules["cosine_offset"]
    u, v = u + offset, v + offset
    squares = [math.fsum((vector * vector).tolist()) for vector in (u, v)]
    dot = math.fsum((u * v).tolist())
    first, second = (math.sqrt(value) for value in squares)
    match rules["cosine"]:
        case "clamped_norms":
            return dot / (max(first, epsilon) * max(second, epsilon))
        case "clamped_product":
            return dot / max(first * second, epsilon)
        case "added":
            return dot / (first * second + epsilon)
    return dot / (math.sqrt(squares[0] + epsilon) * math.sqrt(squares[1] + epsilon))
