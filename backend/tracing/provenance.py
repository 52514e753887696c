"""Where what is read comes from: a read vector, and an output before its clamp, as an exact sum over earlier writes.

The memory is linear in the add vectors. Equations 3 and 4 of Graves et al. 2014 (arXiv 1410.5401), unrolled from the
read at step t back to the start, give

    r_t[m] = Σ_τ a_τ[m] Σ_i w^r_t(i) w^w_τ(i) Π_{τ<u≤t} (1 − w^w_u(i) e_u[m])      what each write τ ≤ t gave
           + Σ_i w^r_t(i) M_0(i)[m] Π_{u≤t} (1 − w^w_u(i) e_u[m])                   what is left of the initial memory

and y_t = V r_t + b, before its clamp, is the same sum through V (r_to_s.weight), and the bias.

Computed in float64 from the float32 of a trace, with products only: no logarithm of a factor that is 0 and no division
by one. The machine itself adds up in float32, so the terms meet its numbers to about 1e-6 of the greatest number in the
memory: an erasure that leaves less than that leaves what float32 rounds to.

Dimensions: T steps, N locations, W width, C channels. `backend.tracing.picture` has all steps at once.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.errors import InvalidStep
from backend.ntm import DELIMITERS, NeuralTM
from backend.tracing.accounts import account_of_output, account_of_read
from backend.tracing.trace import Array, Trace

FOCUSED = 0.5
"""The least weight with which a write overwrites a location: more than half of its weighting."""

Doubles = npt.NDArray[np.float64]


class OutputLayer(NamedTuple):
    """r_to_s, from the read vector to the output before its clamp: y = V r + b."""

    weight: Doubles
    """V [C, W]"""
    bias: Doubles
    """b [C]"""

    @classmethod
    def of(cls, machine: NeuralTM) -> OutputLayer:
        """A copy, which later changes of the machine do not reach."""
        layer = machine.r_to_s
        weight, bias = (value.detach().double().numpy().copy() for value in (layer.weight, layer.bias))
        return cls(weight, bias)

    def decode(self, vectors: Doubles) -> Doubles:
        """The outputs before their clamp, [..., C], of read vectors [..., W]."""
        outputs: Doubles = vectors @ self.weight.T + self.bias
        return outputs


class Writing(NamedTuple):
    """What the write head did in the first steps of a run, float64."""

    weightings: Doubles
    """w^w [T, N]"""
    erase_vectors: Doubles
    """e [T, W]"""
    add_vectors: Doubles
    """a [T, W]"""

    @classmethod
    def of(cls, trace: Trace, steps: int | None = None) -> Writing:
        """The first steps, or all."""
        names = ("write.weighting", "write.erase_vector", "write.add_vector")
        return cls(*(trace.arrays[name][:steps].astype(np.float64) for name in names))


class Shares(NamedTuple):
    """How much of a read vector's magnitude comes from where: each at least 0, together 1. See `to_shares`."""

    writes: Doubles
    """[t + 1], of each step's write"""
    initial: float


@dataclass(frozen=True)
class OutputProvenance:
    """One step's output before its clamp, as a sum of signed terms.

    Attributes:
        writes: [t + 1, C], what each step's write gave.
        initial: [C], what the initial memory gave.
        bias: [C], what the output layer adds whatever is read.
    """

    writes: Doubles
    initial: Doubles
    bias: Doubles

    @property
    def unclamped_output(self) -> Doubles:
        """[C], the sum of all terms."""
        total: Doubles = self.writes.sum(axis=0) + self.initial + self.bias
        return total

    @property
    def shares(self) -> OutputProvenance:
        """The same terms as parts of all their magnitudes: signed, their absolute values together 1 for each output."""
        whole = np.abs(self.writes).sum(axis=0) + np.abs(self.initial) + np.abs(self.bias)
        whole[whole == 0] = 1
        return OutputProvenance(self.writes / whole, self.initial / whole, self.bias / whole)


@dataclass(frozen=True)
class StepProvenance:
    """One step's read vector as a sum.

    Attributes:
        step: t.
        writes: [t + 1, W], what each step's write gave, step t's own last: the machine writes before it reads.
        initial: [W], what is left of the initial memory.
        places: [t + 1], of each write the location through which most of it was read; −1 where it had no focus there.
    """

    step: int
    writes: Doubles
    initial: Doubles
    places: npt.NDArray[np.int64]

    @property
    def read_vector(self) -> Doubles:
        """[W], the sum of all terms."""
        total: Doubles = self.writes.sum(axis=0) + self.initial
        return total

    @property
    def shares(self) -> Shares:
        """The shares of this read vector: one row of the picture of all steps."""
        row = to_shares(np.abs(np.vstack([self.initial, self.writes])).sum(axis=1))
        return Shares(row[1:], float(row[0]))

    def through(self, layer: OutputLayer) -> OutputProvenance:
        """The same sum for the output before its clamp."""
        return OutputProvenance(self.writes @ layer.weight.T, layer.weight @ self.initial, layer.bias)

    def document(self, layer: OutputLayer) -> dict[str, Any]:
        """As a JSON object, with arrays in float32: {"step", "read_vector", "output", "shares", "sentences"}.

        `read_vector` and `output` (before its clamp) have the terms and their `total`: `writes` [t + 1][W] or
        [t + 1][C], `initial`, and for the output `bias` and the signed `shares` of all three. `shares` has `writes`
        [t + 1] and `initial`, of the read vector. `sentences` has one for the `read` and one for each `output`.
        """
        output, shares = self.through(layer), self.shares
        parts = output.shares
        return {
            "step": self.step,
            "read_vector": _single(writes=self.writes, initial=self.initial, total=self.read_vector),
            "output": {
                **_single(
                    writes=output.writes, initial=output.initial, bias=output.bias, total=output.unclamped_output
                ),
                "shares": _single(writes=parts.writes, initial=parts.initial, bias=parts.bias),
            },
            "shares": {"writes": shares.writes.astype(np.float32), "initial": np.float32(shares.initial)},
            "sentences": {"read": self.sentence, "output": self.output_sentences(layer)},
        }

    @property
    def sentence(self) -> str:
        """Where the read vector comes from."""
        shares = self.shares
        return account_of_read(self.step, shares.writes.tolist(), shares.initial, self.places.tolist())

    def output_sentences(self, layer: OutputLayer) -> list[str]:
        """Where each output comes from, the delimiters' last."""
        writes, initial, bias = (terms.T.tolist() for terms in astuple(self.through(layer)))
        bits, places = len(bias) - DELIMITERS, self.places.tolist()
        return [
            account_of_output(self.step, channel, bits, terms, places)
            for channel, terms in enumerate(zip(writes, initial, bias, strict=True))
        ]


def explain_read(trace: Trace, step: int) -> StepProvenance:
    """Where the read vector of a step comes from. About 10 ms for step 1000 with N = 128.

    Raises:
        InvalidStep: the run has no such step.
    """
    check_step(step, trace.steps)
    read_weighting = trace.arrays["read.weighting"][step].astype(np.float64)
    return trace_back(step, Writing.of(trace, step + 1), read_weighting, trace.initial.memory.astype(np.float64))


def check_step(step: int, steps: int) -> None:
    """A step that the run has.

    Raises:
        InvalidStep: it has not.
    """
    if not 0 <= step < steps:
        raise InvalidStep(f"step is {step:,}; this run has the steps 0 to {steps - 1:,}.", field="step")


def trace_back(step: int, writing: Writing, read_weighting: Doubles, initial_memory: Doubles) -> StepProvenance:
    """The provenance of a read with the weighting [N] after steps 0 … step, from the initial memory [N, W]."""
    given = np.empty((step + 1, initial_memory.shape[1]))
    # ∂r[m] / ∂M_τ(i)[m]: how much of what stands at location i after step τ reaches the read, from step t down to 0.
    reaching = np.repeat(read_weighting[:, np.newaxis], initial_memory.shape[1], axis=1)
    kept = np.empty_like(reaching)
    for at in range(step, -1, -1):
        weighting, erase_vector = writing.weightings[at], writing.erase_vectors[at]
        given[at] = writing.add_vectors[at] * (weighting @ reaching)
        np.multiply.outer(weighting, erase_vector, out=kept)
        np.subtract(1, kept, out=kept)
        reaching *= kept
    places = (writing.weightings[: step + 1] * read_weighting).argmax(axis=1)
    places[writing.weightings[np.arange(step + 1), places] < FOCUSED] = -1
    return StepProvenance(step, given, (initial_memory * reaching).sum(axis=0), places)


def _single(**terms: Doubles) -> dict[str, Array]:
    return {name: values.astype(np.float32) for name, values in terms.items()}


def to_shares(magnitudes: Doubles) -> Doubles:
    """From magnitudes [..., K], at least 0, to shares that sum to 1 along the last axis.

    The magnitude of a term is the sum of its absolute elements. Add vectors and weightings are never negative, so
    where the initial memory is not either, no term cancels another, and a share is exactly that part of the read
    vector's sum. Where every magnitude is 0 nothing was ever written: the first one, the initial memory's, gets all.
    """
    totals = magnitudes.sum(axis=-1, keepdims=True)
    nothing = totals == 0
    divided: Doubles = magnitudes / np.where(nothing, 1, totals)
    divided[..., 0] += nothing[..., 0]
    return divided
