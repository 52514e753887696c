"""The machine once more, written to be compared with: explicit loops over NumPy float64, one function an equation.

Independent of `tapedeck.ntm` on purpose: no torch, nothing of the project, nothing vectorised, the equations in the
form in which Graves et al. 2014 (arXiv 1410.5401) print them. Slow, and meant to be.

Dimensions: T steps, C channels, H controller size, N locations, W width.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEAST_NORM = 1e-8


class Start(NamedTuple):
    """What a run starts from."""

    memory: Array
    write_weighting: Array
    read_weighting: Array
    read_vector: Array


def start(locations: int, width: int) -> Start:
    """Memory and read vector filled with 1e-6, both weightings one-hot at N // 2."""
    weighting = np.zeros(locations)
    weighting[locations // 2] = 1.0
    return Start(np.full((locations, width), 1e-6), weighting, weighting.copy(), np.full(width, 1e-6))


def run(
    parameters: Mapping[str, npt.ArrayLike], inputs: npt.ArrayLike, locations: int, initial: Start | None = None
) -> dict[str, Array]:
    """Every number of every step, under the names of the trace: `outputs`, `write.weighting`, `read.key` …

    `parameters` by the state_dict's names, `inputs` [T][C], `initial` what `start` gives when left out. Beside the
    trace's own there are `memory` [T][N][W] and `unclamped_outputs` [T][C].
    """
    weights = {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}
    memory, write_weighting, read_weighting, read_vector = initial or start(
        locations, weights["r_to_s.weight"].shape[1]
    )
    assert memory.shape[0] == locations
    record: dict[str, list[Array]] = {}
    for x in np.asarray(inputs, dtype=np.float64):
        hidden = controller(weights, x, read_vector)

        stages = address(weights, "writehead", hidden, memory, write_weighting)
        write_weighting = stages["weighting"]
        erase_vector = sigmoid(linear(weights, "writehead.produce_e_t", hidden))
        add_vector = relu(linear(weights, "writehead.produce_a_t", hidden))
        memory = add(erase(memory, write_weighting, erase_vector), write_weighting, add_vector)
        step = {f"write.{name}": value for name, value in stages.items()}
        step |= {"write.erase_vector": erase_vector, "write.add_vector": add_vector}

        stages = address(weights, "readhead", hidden, memory, read_weighting)
        read_weighting = stages["weighting"]
        read_vector = read(memory, read_weighting)
        step |= {f"read.{name}": value for name, value in stages.items()}

        unclamped = linear(weights, "r_to_s", read_vector)
        step |= {"read.read_vector": read_vector, "memory": memory, "unclamped_outputs": unclamped}
        step |= {"inputs": x, "outputs": clamp(unclamped)}
        for name, value in step.items():
            record.setdefault(name, []).append(value)
    return {name: np.array(values) for name, values in record.items()}


def controller(weights: Mapping[str, Array], x: Array, prev_read_vector: Array) -> Array:
    """h = relu(layer1([x, r₋₁]))."""
    return relu(linear(weights, "controller.layer1", np.array([*x, *prev_read_vector])))


def address(
    weights: Mapping[str, Array], head: str, hidden: Array, memory: Array, prev_weighting: Array
) -> dict[str, Array]:
    """One head's weighting with all stages; key strength, gate and sharpening without a dimension."""
    key = tanh(linear(weights, f"{head}.produce_k_t", hidden))
    key_strength = softplus(linear(weights, f"{head}.produce_beta_t", hidden)[0])
    gate = sigmoid(linear(weights, f"{head}.produce_g_t", hidden))[0]
    shift_weighting = softmax(linear(weights, f"{head}.produce_s_t", hidden))
    sharpening = 1.0 + softplus(linear(weights, f"{head}.produce_gamma_t", hidden)[0])
    content = content_weighting(memory, key, key_strength)
    gated = interpolate(content, prev_weighting, gate)
    shifted = shift(gated, shift_weighting)
    return {
        "weighting": sharpen(shifted, sharpening),
        "content_weighting": content,
        "gated_weighting": gated,
        "shifted_weighting": shifted,
        "key": key,
        "key_strength": np.float64(key_strength),
        "interpolation_gate": gate,
        "sharpening": np.float64(sharpening),
        "shift_weighting": shift_weighting,
    }


def cosine(u: Array, v: Array) -> float:
    """Equation 6: K(u, v) = u · v / (|u| |v|), each norm at least 1e-8."""
    dot = squares_u = squares_v = 0.0
    for a, b in zip(u.tolist(), v.tolist(), strict=True):
        dot += a * b
        squares_u += a * a
        squares_v += b * b
    return dot / (max(math.sqrt(squares_u), LEAST_NORM) * max(math.sqrt(squares_v), LEAST_NORM))


def content_weighting(memory: Array, key: Array, key_strength: float) -> Array:
    """Equation 5: w^c(i) = exp(β K(k, M(i))) / Σ_j exp(β K(k, M(j)))."""
    return softmax(np.array([key_strength * cosine(key, location) for location in memory]))


def interpolate(content: Array, prev_weighting: Array, gate: float) -> Array:
    """Equation 7: w^g(i) = g w^c(i) + (1 − g) w₋₁(i)."""
    gated = np.zeros(len(content))
    for i in range(len(content)):
        gated[i] = gate * content[i] + (1.0 - gate) * prev_weighting[i]
    return gated


def shift(gated: Array, shift_weighting: Array) -> Array:
    """Equation 8: what was at i goes to i + 1 by s[0], stays by s[1], goes to i − 1 by s[2], all modulo N."""
    shifted = np.zeros(len(gated))
    for i in range(len(gated)):
        for index, move in enumerate((+1, 0, -1)):
            shifted[(i + move) % len(gated)] += gated[i] * shift_weighting[index]
    return shifted


def sharpen(shifted: Array, sharpening: float) -> Array:
    """Equation 9: w(i) = w̃(i)^γ / Σ_j w̃(j)^γ, each as a share of the greatest, so that no power vanishes in both."""
    greatest = max(shifted.tolist())
    powers = [(value / greatest) ** sharpening for value in shifted.tolist()]
    total = math.fsum(powers)
    return np.array([power / total for power in powers])


def erase(memory: Array, weighting: Array, erase_vector: Array) -> Array:
    """Equation 3: M̃(i, m) = M₋₁(i, m) (1 − w(i) e(m))."""
    erased = np.zeros(memory.shape)
    for i in range(memory.shape[0]):
        for m in range(memory.shape[1]):
            erased[i, m] = memory[i, m] * (1.0 - weighting[i] * erase_vector[m])
    return erased


def add(memory: Array, weighting: Array, add_vector: Array) -> Array:
    """Equation 4: M(i, m) = M̃(i, m) + w(i) a(m)."""
    added = np.zeros(memory.shape)
    for i in range(memory.shape[0]):
        for m in range(memory.shape[1]):
            added[i, m] = memory[i, m] + weighting[i] * add_vector[m]
    return added


def read(memory: Array, weighting: Array) -> Array:
    """Equation 2: r(m) = Σ_i w(i) M(i, m)."""
    read_vector = np.zeros(memory.shape[1])
    for i in range(memory.shape[0]):
        for m in range(memory.shape[1]):
            read_vector[m] += weighting[i] * memory[i, m]
    return read_vector


def linear(weights: Mapping[str, Array], name: str, x: Array) -> Array:
    """y(o) = b(o) + Σ_i A(o, i) x(i)."""
    values = x.tolist()
    rows, biases = weights[f"{name}.weight"].tolist(), weights[f"{name}.bias"].tolist()
    return np.array(
        [bias + sum(a * v for a, v in zip(row, values, strict=True)) for row, bias in zip(rows, biases, strict=True)]
    )


def softmax(x: Array) -> Array:
    """exp(x(i)) / Σ_j exp(x(j)), against overflow relative to the greatest."""
    greatest = max(x.tolist())
    exponentials = [math.exp(value - greatest) for value in x.tolist()]
    total = math.fsum(exponentials)
    return np.array([value / total for value in exponentials])


def softplus(x: float) -> float:
    """log(1 + exp(x)), against overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(−x))."""
    return np.array([0.5 * (1.0 + math.tanh(0.5 * value)) for value in x.tolist()])


def tanh(x: Array) -> Array:
    """tanh of each element."""
    return np.array([math.tanh(value) for value in x.tolist()])


def relu(x: Array) -> Array:
    """max(0, x) of each element."""
    return np.array([max(0.0, value) for value in x.tolist()])


def clamp(x: Array) -> Array:
    """Each element kept within 0…1."""
    return np.array([min(1.0, max(0.0, value)) for value in x.tolist()])
