"""One step explained: where the read vectors of all heads and the outputs come from, in numbers and in words.

Dimensions: T steps, W width, O outputs, E writes up to a step, one of each write head for each step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts, whole
from tapedeck.tracing.output import Doubles, OutputLayer
from tapedeck.tracing.picture import Picture
from tapedeck.tracing.provenance import OutputProvenance, StepProvenance, check_step, explain_read_in_parts
from tapedeck.tracing.trace import Array, Trace


@dataclass(frozen=True, repr=False)
class Explanation:
    """A step of a run; as text, its sentences.

    Attributes:
        reads: of each read head, in acting order.
        output: of the outputs before their activation.
        sentences: of each output.
    """

    reads: tuple[StepProvenance, ...]
    output: OutputProvenance
    sentences: list[str]

    @property
    def step(self) -> int:
        """t."""
        return self.reads[0].step

    @property
    def heads(self) -> tuple[str, ...]:
        """The write heads, in acting order."""
        return self.reads[0].write_heads

    def __repr__(self) -> str:
        return "\n".join([*(read.sentence for read in self.reads), *self.sentences])

    def document(self) -> dict[str, Any]:
        """As a JSON object, with arrays in float32: {"step", "reads", "outputs", "sentences"}.

        `reads` has for each read head, and `outputs` before its activation, the terms and their `total`: `writes` by
        write head [t + 1][W] or [t + 1][O], `initial`, and for the output `bias` and what else the layer sees, such as
        `hidden`; and the `shares` of all of them, signed for the output. Where an intervention set cells of the memory,
        `interventions` [t + 1][…] is what those set before each step gave.
        """
        return {
            "step": self.step,
            "reads": {read.head: self._of_read(read) for read in self.reads},
            "outputs": {
                **self._of_output(self.output),
                "total": _single(self.output.unclamped_output),
                "shares": self._of_output(self.output.shares),
            },
            "sentences": {"reads": {read.head: read.sentence for read in self.reads}, "outputs": self.sentences},
        }

    def short_document(self) -> dict[str, Any]:
        """The same of a machine with one head of each kind, without their names; see `POST /api/provenance`."""
        whole = self.document()
        (read,), output, (head,) = whole["reads"].values(), whole["outputs"], self.heads
        for terms in (read, read["shares"], output, output["shares"]):
            terms["writes"] = terms["writes"][head]
        shares = read.pop("shares")
        (sentence,) = whole["sentences"]["reads"].values()
        return {
            "step": self.step,
            "read_vector": read,
            "output": output,
            "shares": shares,
            "sentences": {"read": sentence, "output": self.sentences},
        }

    def _of_read(self, read: StepProvenance) -> dict[str, Any]:
        shares = read.shares
        return {
            "writes": self._by_head(read.writes),
            "initial": _single(read.initial),
            **_interventions(read.interventions),
            "total": _single(read.read_vector),
            "shares": {
                "writes": self._by_head(shares.writes),
                "initial": np.float32(shares.initial),
                **_interventions(shares.interventions),
            },
        }

    def _of_output(self, terms: OutputProvenance) -> dict[str, Any]:
        others = {name: _single(values) for name, values in terms.others.items()}
        return {
            "writes": self._by_head(terms.writes),
            "initial": _single(terms.initial),
            **_interventions(terms.interventions),
            **others,
            "bias": _single(terms.bias),
        }

    def _by_head(self, writes: Doubles) -> dict[str, Array]:
        return {head: _single(writes[at :: len(self.heads)]) for at, head in enumerate(self.heads)}


def step_document(found: Explanation) -> dict[str, Any]:
    """The short form of a machine with one head of each kind, the whole of any other."""
    return found.short_document() if len(found.heads) == len(found.reads) == 1 else found.document()


def picture_document(pictures: Mapping[str, Picture]) -> dict[str, Any]:
    """The same for the pictures of all read heads: with several, the shares are those of each head by name."""
    documents = {head: picture.document()["shares"] for head, picture in pictures.items()}
    return {"step": None, "shares": next(iter(documents.values())) if len(documents) == 1 else documents}


def explain_step(trace: Trace, step: int, layer: OutputLayer, spec: MachineSpec) -> Explanation:
    """Where all that a step reads and gives out comes from.

    Raises:
        InvalidStep: the run has no such step.
    """
    return whole(explain_step_in_parts(trace, step, layer, spec))


def explain_step_in_parts(trace: Trace, step: int, layer: OutputLayer, spec: MachineSpec) -> Parts[Explanation]:
    """The same, in parts."""
    check_step(step, trace.steps)
    reads = list[StepProvenance]()
    for head in trace.layout.read_heads:
        reads.append((yield from explain_read_in_parts(trace, step, head)))
        yield
    output = explain_output(reads, layer, {name: values[step] for name, values in trace.arrays.items()})
    sentences = list[str]()
    for sentence in output.sentences(step, spec.outputs, layer.activation, _places(reads), trace.layout.write_heads):
        sentences.append(sentence)
        yield
    return Explanation(tuple(reads), output, sentences)


def explain_output(
    reads: Sequence[StepProvenance], layer: OutputLayer, values: Mapping[str, Array]
) -> OutputProvenance:
    """The outputs of a step before their activation, from its reads and its other values, by field."""
    writes, initial = np.zeros((len(reads[0].writes), len(layer.bias))), np.zeros_like(layer.bias)
    seen = [(read, weight) for read in reads if (weight := layer.weight_of(f"{read.head}.read_vector")) is not None]
    for at, (read, weight) in enumerate(seen):
        through = read.writes @ weight.T, weight @ read.initial
        writes, initial = (writes + through[0], initial + through[1]) if at else through
    changed = [len(read.interventions) for read in reads if read.interventions is not None]
    applied = np.zeros((changed[0], len(layer.bias))) if changed else None
    for read, weight in seen:
        if applied is not None and read.interventions is not None:
            applied = applied + read.interventions @ weight.T
    return OutputProvenance(writes, initial, layer.bias, layer.beside_reads(values), applied)


def _places(reads: Sequence[StepProvenance]) -> list[int]:
    """[E], the location through which each write was read by the head that read most of it."""
    given = np.stack([np.abs(read.writes).sum(axis=1) for read in reads])
    places = np.stack([read.places for read in reads])
    found: list[int] = np.take_along_axis(places, given.argmax(axis=0)[np.newaxis], axis=0)[0].tolist()
    return found


def _interventions(terms: Doubles | None) -> dict[str, Array]:
    return {} if terms is None else {"interventions": _single(terms)}


def _single(values: Doubles) -> Array:
    return values.astype(np.float32)
