"""Where what is read comes from: a read vector, and an output before its clamp, as an exact sum over earlier writes.

The memory is linear in the add vectors. Equations 3 and 4 of Graves et al. 2014 (arXiv 1410.5401), unrolled from the
read at step t back to the start, give

    r_t[m] = Σ_τ a_τ[m] Σ_i w^r_t(i) w^w_τ(i) Π_{τ<u≤t} (1 − w^w_u(i) e_u[m])      what each write τ ≤ t gave
           + Σ_i w^r_t(i) M_0(i)[m] Π_{u≤t} (1 − w^w_u(i) e_u[m])                   what is left of the initial memory

where an intervention set a cell of the memory before a step, what was there is gone (a factor of 0), and the value is
read like what a write added, as a term of its own for each such step; where one changed a read vector itself, each term
has a gain, and what was put in is a term of the intervention's, too;

and y_t = V r_t + b, before its activation, is the same sum through V, and the bias. Where several heads write, τ and u
count their writes one after another, in acting order, up to the last before the read; several reads, and what else the
output layer sees, are further terms of y_t.

Computed in float64 from the float32 of a trace, with products only: no logarithm of a factor that is 0 and no division
by one. The machine itself adds up in float32, so the terms meet its numbers to about 1e-6 of the greatest number in the
memory: an erasure that leaves less than that leaves what float32 rounds to.

Dimensions: T steps, N locations, W width, O outputs, E writes up to a step, one of each write head for each step.
`tapedeck.tracing.picture` has all steps at once, `tapedeck.tracing.explanation` all heads of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.errors import InvalidStep
from tapedeck.ntm import Channel
from tapedeck.parts import Parts, whole
from tapedeck.tracing.accounts import BESIDE_READS, BIAS, INITIAL, Output, Writes, account_of_output, account_of_read
from tapedeck.tracing.applied import Applied
from tapedeck.tracing.output import MIDDLE, Doubles, OutputLayer, is_likely, label
from tapedeck.tracing.trace import WRITTEN, Trace

FOCUSED = 0.5
"""The least weight with which a write overwrites a location: more than half of its weighting."""

PART_WORK = 5_000_000
"""Cells of the memory that a part goes over: some 20 ms."""

WRITE_WORK = 5_000
"""What a write takes beside its N · W cells, in cells."""


class Write(NamedTuple):
    """What one write head did in one step; float64."""

    weighting: Doubles
    """w^w [N]"""
    erase_vector: Doubles
    """e [W]"""
    add_vector: Doubles
    """a [W]"""


class Writing(NamedTuple):
    """What the write heads did in the first steps of a run: [T, …] of each head, in acting order, as recorded."""

    weightings: Sequence[npt.NDArray[np.floating]]
    """w^w [T, N]"""
    erase_vectors: Sequence[npt.NDArray[np.floating]]
    """e [T, W]"""
    add_vectors: Sequence[npt.NDArray[np.floating]]
    """a [T, W]"""

    @classmethod
    def of(cls, trace: Trace, steps: int | None = None) -> Writing:
        """The first steps, or all."""
        heads = trace.layout.write_heads
        return cls(*([trace.arrays[f"{head}.{name}"][:steps] for head in heads] for name in WRITTEN))

    @property
    def writes(self) -> int:
        """E."""
        return len(self.weightings) * len(self.weightings[0])

    def at(self, index: int) -> Write:
        """One of the writes, which stand one after another."""
        step, head = divmod(index, len(self.weightings))
        return Write(*(by_head[head][step].astype(np.float64, copy=False) for by_head in self))

    def doubled(self) -> Writing:
        """The same in float64, for whoever goes over it many times."""
        return type(self)(*([values.astype(np.float64) for values in by_head] for by_head in self))


class Shares(NamedTuple):
    """How much of a read vector's magnitude comes from where: their magnitudes together 1. See `to_shares`."""

    writes: Doubles
    """[E], of each write"""
    initial: float
    interventions: Doubles | None = None
    """[t + 1], of what was set before each step; None where nothing was"""


@dataclass(frozen=True)
class OutputProvenance:
    """One step's outputs before their activation, as a sum of signed terms.

    Attributes:
        writes: [E, O], what each write gave.
        initial: [O], what the initial memory gave.
        bias: [O], what the output layer adds whatever is read.
        others: [O] each, what the terms that are not reads gave, such as `hidden`.
        interventions: [t + 1, O], what the cells set before each step gave; None where none were.
    """

    writes: Doubles
    initial: Doubles
    bias: Doubles
    others: dict[str, Doubles] = field(default_factory=dict)
    interventions: Doubles | None = None

    @property
    def unclamped_output(self) -> Doubles:
        """[O], the sum of all terms."""
        total: Doubles = self.writes.sum(axis=0) + self.initial + self.bias
        for other in self.others.values():
            total = total + other
        return total if self.interventions is None else total + self.interventions.sum(axis=0)

    @property
    def shares(self) -> OutputProvenance:
        """The same terms as parts of all their magnitudes: signed, their absolute values together 1 for each output."""
        whole = np.abs(self.writes).sum(axis=0)
        for term in (self.initial, self.bias, *self.others.values()):
            whole = whole + np.abs(term)
        if self.interventions is not None:
            whole = whole + np.abs(self.interventions).sum(axis=0)
        whole[whole == 0] = 1
        others = {name: each / whole for name, each in self.others.items()}
        interventions = None if self.interventions is None else self.interventions / whole
        return OutputProvenance(self.writes / whole, self.initial / whole, self.bias / whole, others, interventions)

    def sentences(
        self, step: int, channels: Sequence[Channel], activation: str, places: Sequence[int], heads: Sequence[str] = ()
    ) -> Iterator[str]:
        """Where each output comes from, one after another."""
        others = {BESIDE_READS[name]: each for name, each in self.others.items()}
        single = {INITIAL: self.initial, **by_intervention(self.interventions), **others, BIAS: self.bias}
        for at, channel in enumerate(channels):
            yield account_of_output(
                step,
                Output(label(channel), activation, MIDDLE[activation], is_likely(channel, activation)),
                Writes(self.writes[:, at].tolist(), places, heads),
                {name: float(each[at]) for name, each in single.items()},
            )


@dataclass(frozen=True)
class StepProvenance:
    """One step's read vector of one head as a sum.

    Attributes:
        step: t.
        writes: [E, W], what each write gave; zeros for those of step t that come after the read.
        initial: [W], what is left of the initial memory.
        places: [E], of each write the location through which most of it was read; −1 where it had no focus there.
        head: that reads.
        write_heads: in acting order; the writes of each step are theirs.
        interventions: [t + 1, W], what the cells set before each step gave; None where none were set in the run.
    """

    step: int
    writes: Doubles
    initial: Doubles
    places: npt.NDArray[np.int64]
    head: str = ""
    write_heads: tuple[str, ...] = ()
    interventions: Doubles | None = None

    @property
    def read_vector(self) -> Doubles:
        """[W], the sum of all terms."""
        total: Doubles = self.writes.sum(axis=0) + self.initial
        return total if self.interventions is None else total + self.interventions.sum(axis=0)

    @property
    def shares(self) -> Shares:
        """The shares of this read vector; summed over the heads that wrote, a row of the picture of all steps."""
        terms = [self.initial, self.writes, *([] if self.interventions is None else [self.interventions])]
        row = to_shares(np.abs(np.vstack(terms)).sum(axis=1))
        writes, interventions = np.split(row[1:], [len(self.writes)])
        return Shares(writes, float(row[0]), None if self.interventions is None else interventions)

    def through(self, layer: OutputLayer) -> OutputProvenance:
        """The same sum for the outputs before their activation, of a layer that sees this read vector alone."""
        interventions = None if self.interventions is None else self.interventions @ layer.weight.T
        return OutputProvenance(
            self.writes @ layer.weight.T, layer.weight @ self.initial, layer.bias, interventions=interventions
        )

    @property
    def sentence(self) -> str:
        """Where the read vector comes from."""
        shares = self.signed_shares
        writes = Writes(shares.writes.tolist(), self.places.tolist(), self.write_heads)
        others = {name: float(share) for name, share in by_intervention(shares.interventions).items()}
        return account_of_read(self.step, writes, {INITIAL: shares.initial, **others})

    @property
    def signed_shares(self) -> Shares:
        """The same, below 0 where a term points against the whole read vector, as only signed numbers can."""
        shares, whole = self.shares, self.read_vector
        writes = np.where(self.writes @ whole < 0, -shares.writes, shares.writes)
        interventions = shares.interventions
        if self.interventions is not None and interventions is not None:
            interventions = np.where(self.interventions @ whole < 0, -interventions, interventions).astype(np.float64)
        return Shares(writes, -shares.initial if self.initial @ whole < 0 else shares.initial, interventions)


def explain_read(trace: Trace, step: int, head: str | None = None) -> StepProvenance:
    """Where the read vector of a step comes from, of a head or of the first that reads. About 10 ms for step 1000 with
    N = 128 and one write head.

    Raises:
        InvalidStep: the run has no such step.
        InvalidRequest: no head of that name reads.
    """
    return whole(explain_read_in_parts(trace, step, head))


def explain_read_in_parts(trace: Trace, step: int, head: str | None = None) -> Parts[StepProvenance]:
    """The same, in parts."""
    check_step(step, trace.steps)
    layout = trace.layout
    head = layout.read_head(head)
    read_weighting = trace.arrays[f"{head}.weighting"][step].astype(np.float64)
    writing, initial = Writing.of(trace, step + 1).doubled(), trace.initial.memory.astype(np.float64)
    seen = step * len(layout.write_heads) + layout.writes_before(head)
    found = yield from trace_back_in_parts(step, writing, read_weighting, initial, seen, trace.applied)
    return replace(_as_changed(found, trace, head), head=head, write_heads=layout.write_heads)


def _as_changed(found: StepProvenance, trace: Trace, head: str) -> StepProvenance:
    """With what interventions made of the read vector: a gain of each term, and an offset that is their own."""
    if trace.applied_reads is None:
        return found
    width = trace.initial.memory.shape[1]
    interventions = np.zeros((found.step + 1, width)) if found.interventions is None else found.interventions
    changed = trace.applied_reads.at(found.step, trace.layout.read_heads.index(head), width)
    if changed is not None:
        gains, offsets = changed
        interventions = interventions * gains
        interventions[found.step] += offsets
        found = replace(found, writes=found.writes * gains, initial=found.initial * gains)
    return replace(found, interventions=interventions)


def check_step(step: int, steps: int) -> None:
    """A step that the run has.

    Raises:
        InvalidStep: it has not.
    """
    if not 0 <= step < steps:
        raise InvalidStep(f"step is {step:,}; this run has the steps 0 to {steps - 1:,}.", field="step")


def trace_back_in_parts(  # noqa: PLR0917 - what was done to a memory, and how it is read
    step: int,
    writing: Writing,
    read_weighting: Doubles,
    initial_memory: Doubles,
    seen: int | None = None,
    applied: Applied | None = None,
) -> Parts[StepProvenance]:
    """The provenance of a read with the weighting [N] after the first writes, all of them or as many as it has seen,
    from the initial memory [N, W], with what was applied to it.
    """
    count, writes_of_a_part = writing.writes, max(1, PART_WORK // (initial_memory.size + WRITE_WORK))
    seen = count if seen is None else seen
    given, places = np.zeros((count, initial_memory.shape[1])), np.empty(count, np.int64)
    # ∂r[m] / ∂M_τ(i)[m]: how much of what stands at location i after a write reaches the read, from the last one down.
    reaching = np.repeat(read_weighting[:, np.newaxis], initial_memory.shape[1], axis=1)
    kept, heads = np.empty_like(reaching), len(writing.weightings)
    interventions = None if applied is None else np.zeros((step + 1, initial_memory.shape[1]))
    for done, at in enumerate(range(count)[::-1], start=1):
        weighting, erase_vector, add_vector = writing.at(at)
        place = (weighting * read_weighting).argmax()
        places[at] = place if weighting[place] >= FOCUSED else -1
        if at < seen:
            np.multiply(add_vector, weighting @ reaching, out=given[at])
            np.multiply(weighting[:, np.newaxis], erase_vector, out=kept)
            np.subtract(1, kept, out=kept)
            reaching *= kept
        if applied is not None and at % heads == 0 and (cells := applied.at(at // heads)) is not None:
            assert interventions is not None  # noqa: S101 - made with what was applied
            interventions[at // heads] = cells.given(reaching)
            reaching[cells.rows, cells.columns] = 0
        if done % writes_of_a_part == 0:
            yield
    left = (initial_memory * reaching).sum(axis=0)
    return StepProvenance(step, given, left, places, interventions=interventions)


def by_intervention(terms: Doubles | None) -> dict[str, Any]:
    """Of the terms [steps, …] of what was set before each step those that are not 0, each with a name."""
    if terms is None:
        return {}
    return {f"the intervention at step {step}": term for step, term in enumerate(terms) if np.any(term)}


def to_shares(magnitudes: Doubles) -> Doubles:
    """From magnitudes [..., K], at least 0, to shares that sum to 1 along the last axis.

    The magnitude of a term is the sum of its absolute elements. Where neither add vectors nor the initial memory are
    negative, no term cancels another, and a share is exactly that part of the read vector's sum. Where every magnitude
    is 0 nothing was ever written: the first one, the initial memory's, gets all.
    """
    totals = magnitudes.sum(axis=-1, keepdims=True)
    nothing = totals == 0
    divided: Doubles = magnitudes / np.where(nothing, 1, totals)
    divided[..., 0] += nothing[..., 0]
    return divided
