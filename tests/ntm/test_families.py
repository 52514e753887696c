"""Conventions of machines that others train, of which no file is at hand: the families D, E and F as specifications.

Each is played once more by a small program of its own, written from what that family's code does and not from the
specification: patricebechard's (D, feed-forward and LSTM), rs9000's (E) and bombs-kim's (F).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

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

Array = npt.NDArray[np.float64]
Weights = Mapping[str, Array]

LOCATIONS, WIDTH, CHANNELS, OUTPUTS, STEPS = 7, 3, 4, 2, 9

LEARNED, ZEROS = Start("learned"), Start("constant")
D = {"key": "relu", "key_strength": "softplus", "sharpening": "1+relu", "addresses": "previous"}
E = {"key": "tanh", "key_strength": "softplus"}


def channels(count: int) -> tuple[Channel, ...]:
    return tuple(Channel(f"{each}", "value") for each in range(count))


def machine(controller: ControllerSpec, heads: Any, output: OutputSpec, starts: Starts, rules: Conventions) -> NeuralTM:
    """With numbers that show, and a start of which every number differs."""
    spec = MachineSpec(
        channels(CHANNELS), channels(OUTPUTS), MemorySpec(LOCATIONS, WIDTH), controller, heads, output, starts, rules
    )
    generator = torch.Generator().manual_seed(7)
    drawn = {
        name: torch.zeros(part.shape) if part.start.kind == "constant" else torch.rand(part.shape, generator=generator)
        for name, part in parts_of(spec).items()
    }
    made = NeuralTM(spec, State.of(spec, drawn))
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if not name.startswith("initial_"):
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.8)
    return made.double()


def family_d(kind: Any) -> NeuralTM:
    """Both heads look at the memory before the step; then one writes, and the other reads what was just written."""
    heads = (
        HeadSpec("write", "write", **D, erase_vector="sigmoid", add_vector="sigmoid"),  # type: ignore[arg-type]
        HeadSpec("read", "read", **D),  # type: ignore[arg-type]
    )
    starts = Starts(LEARNED, Start("learned", activation="softmax"), LEARNED, LEARNED if kind == "lstm" else ZEROS)
    rules = Conventions("clamped_norms", 1e-8)
    return machine(ControllerSpec(kind, (5,), "tanh"), heads, OutputSpec(("reads",), "sigmoid"), starts, rules)


def read_then_write(controller: ControllerSpec, starts: Starts) -> NeuralTM:
    """Families E and F: weightings that start at zero, and outputs that see the input."""
    heads = (
        HeadSpec("read", "read", **E),  # type: ignore[arg-type]
        HeadSpec("write", "write", **E, erase_vector="sigmoid", add_vector="tanh"),  # type: ignore[arg-type]
    )
    rules = Conventions("clamped_norms", 1e-16, sharpening_epsilon=1e-16)
    return machine(controller, heads, OutputSpec(("inputs", "reads"), "sigmoid"), starts, rules)


def family_e() -> NeuralTM:
    return read_then_write(
        ControllerSpec("feed_forward", (6, 5), "sigmoid"), Starts(Start("stored"), ZEROS, Start("stored"), ZEROS)
    )


def family_f() -> NeuralTM:
    return read_then_write(ControllerSpec("lstm", (6, 5), "raw"), Starts(LEARNED, ZEROS, LEARNED, LEARNED))


def sigmoid(x: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-x))
    return found


def softmax(x: Array) -> Array:
    found: Array = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
    return found


def softplus(x: Array) -> Array:
    return np.log1p(np.exp(x))


class Layers:
    """The layers of a machine and its starts, as the family's program would hold them."""

    def __init__(self, made: NeuralTM) -> None:
        self._weights = {name: value.numpy() for name, value in made.state_dict().items()}
        starts = {**dict(made.named_parameters()), **dict(made.named_buffers())}
        self.start = {name.removeprefix("initial_"): value.detach().numpy() for name, value in starts.items()}
        reference = ("produce_k_t", "produce_beta_t", "produce_g_t", "produce_s_t", "produce_gamma_t", "produce_e_t")
        stages = ("key", "key_strength", "interpolation_gate", "shift_weighting", "sharpening", "erase_vector")
        self._theirs = dict(zip((*stages, "add_vector"), (*reference, "produce_a_t"), strict=True))

    def __call__(self, name: str, x: Array) -> Array:
        head, _, stage = name.partition(".")
        for each in (name, f"{head}head.{self._theirs.get(stage)}", "r_to_s" if name == "output" else ""):
            if f"{each}.weight" in self._weights:
                given: Array = self._weights[f"{each}.weight"] @ x + self._weights[f"{each}.bias"]
                return given
        raise KeyError(name)

    def lstm(self, number: int, x: Array, h: Array, c: Array) -> tuple[Array, Array]:
        of = {part: self._weights[f"controller.layer{number}.{part}"] for part in
              ("weight_ih", "bias_ih", "weight_hh", "bias_hh")}  # fmt: skip
        i, f, g, o = np.split(of["weight_ih"] @ x + of["bias_ih"] + of["weight_hh"] @ h + of["bias_hh"], 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c


def focus(layers: Layers, head: str, h: Array, memory: Array, prev: Array, *, of_d: bool) -> Array:
    """w of a head, eq. 5–9."""
    key, gamma = layers(f"{head}.key", h), layers(f"{head}.sharpening", h)
    key, gamma = (np.maximum(key, 0), 1 + np.maximum(gamma, 0)) if of_d else (np.tanh(key), 1 + softplus(gamma))
    least, small = (1e-8, 0.0) if of_d else (1e-16, 1e-16)
    norms = np.maximum(np.linalg.norm(memory, axis=1), least) * max(float(np.linalg.norm(key)), least)
    content = softmax(softplus(layers(f"{head}.key_strength", h)) * (memory @ key) / norms)
    gate = sigmoid(layers(f"{head}.interpolation_gate", h))
    gated = gate * content + (1 - gate) * prev
    ahead, stay, back = softmax(layers(f"{head}.shift_weighting", h))
    shifted = ahead * np.roll(gated, 1) + stay * gated + back * np.roll(gated, -1)
    sharp = shifted**gamma
    found: Array = sharp / (sharp.sum() + small)
    return found


def write(layers: Layers, h: Array, memory: Array, w: Array, add: Callable[[Array], Array]) -> Array:
    memory = memory * (1 - np.outer(w, sigmoid(layers("write.erase_vector", h))))
    return memory + np.outer(w, add(layers("write.add_vector", h)))


def play_d(layers: Layers, inputs: Array) -> tuple[list[Array], list[list[Array]], Array]:
    memory, read, start = layers.start["memory"], layers.start["read_vector"], layers.start
    w_write, w_read = softmax(start["write_weighting"]), softmax(start["read_weighting"])
    h, c = start.get("hidden1"), start.get("cell1")
    outputs, weightings = [], []
    for x in inputs:
        seen = np.concatenate([x, read])
        if h is None or c is None:
            out = np.tanh(layers("controller.layer1", seen))
        else:
            h, c = layers.lstm(1, seen, h, c)
            out = np.tanh(h)
        w_write = focus(layers, "write", out, memory, w_write, of_d=True)
        w_read = focus(layers, "read", out, memory, w_read, of_d=True)
        memory = write(layers, out, memory, w_write, sigmoid)
        read = w_read @ memory
        outputs.append(sigmoid(layers("output", read)))
        weightings.append([w_write, w_read])
    return outputs, weightings, memory


def play_e_or_f(layers: Layers, inputs: Array) -> tuple[list[Array], list[list[Array]], Array]:
    memory, read, start = layers.start["memory"], layers.start["read_vector"], layers.start
    w_read, w_write = np.zeros(LOCATIONS), np.zeros(LOCATIONS)
    states = [(start[f"hidden{n}"], start[f"cell{n}"]) for n in (1, 2)] if "hidden1" in start else []
    outputs, weightings = [], []
    for x in inputs:
        out = np.concatenate([x, read])
        for number in (1, 2):
            if states:
                states[number - 1] = layers.lstm(number, out, *states[number - 1])
                out = states[number - 1][0]
            else:
                out = sigmoid(layers(f"controller.layer{number}", out))
        w_read = focus(layers, "read", out, memory, w_read, of_d=False)
        read = w_read @ memory
        w_write = focus(layers, "write", out, memory, w_write, of_d=False)
        memory = write(layers, out, memory, w_write, np.tanh)
        outputs.append(sigmoid(layers("output", np.concatenate([x, read]))))
        weightings.append([w_read, w_write])
    return outputs, weightings, memory


Play = Callable[[Layers, Array], tuple[list[Array], list[list[Array]], Array]]

FAMILIES: dict[str, tuple[Callable[[], NeuralTM], Play]] = {
    "D, feed-forward": (lambda: family_d("feed_forward"), play_d),
    "D, LSTM": (lambda: family_d("lstm"), play_d),
    "E": (family_e, play_e_or_f),
    "F": (family_f, play_e_or_f),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_plays_as_its_own_program_does(name: str) -> None:
    make, play = FAMILIES[name]
    made = make()
    assert MachineSpec.from_document(made.spec.as_document()) == made.spec
    inputs = torch.rand((STEPS, CHANNELS), generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    with torch.inference_mode():
        outputs, state, traces = made(inputs)
    expected, weightings, memory = play(Layers(made), inputs.numpy())
    found = [[head.addressing.weighting.numpy() for head in step.heads] for step in traces]
    np.testing.assert_allclose(outputs.numpy(), np.array(expected), rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.array(found), np.array(weightings), rtol=0, atol=1e-9)
    np.testing.assert_allclose(state.memory.numpy(), memory, rtol=0, atol=1e-9)
