"""The verdict on a copy: what is to blame, of all the troubles of its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from tapedeck.ntm import NeuralTM
from tapedeck.parts import Parts
from tapedeck.tasks.episode import THRESHOLD, Episode
from tapedeck.tasks.verdicts.copy import sentences
from tapedeck.tasks.verdicts.copy.evidence import Evidence, OutputWeights
from tapedeck.tasks.verdicts.copy.symptoms import CHANCE, Kind, Symptom, decode_writes, examine, first_displaced
from tapedeck.tasks.verdicts.diagnosis import Diagnosis, Mark
from tapedeck.tasks.verdicts.witness import FOCUSED, Array, Flags, Witness

DISPLACED = (Kind.SLIP, Kind.DUPLICATION)

SUSTAINED = 0.25
"""The least share of the wrong steps that a trouble needs to have for the run to be called after it."""


class CopyWitness(Witness):
    """Keeps 4 N bytes a step and little more.

    Args:
        machine: with one write head, one read head, and outputs that see nothing but what is read.
        episode: of a copy.
        start: the memory before step 0, [N, W].
    """

    def __init__(self, machine: NeuralTM, episode: Episode, start: Array) -> None:
        super().__init__(machine.spec, episode)
        steps, (locations, width) = episode.steps, start.shape
        (self._writer,) = (head.name for head in machine.spec.heads if head.kind == "write")
        (self._reader,) = (head.name for head in machine.spec.read_heads)
        layer = machine.output_layer
        weight, bias = (each.detach().double().numpy().copy() for each in (layer.weight, layer.bias))
        if machine.spec.output.activation == "sigmoid":  # above ½ where what goes in is above 0
            bias += THRESHOLD
        self._evidence = Evidence(
            episode.phases,
            start,
            OutputWeights(weight, bias),
            self.outputs,
            (episode.targets > THRESHOLD).numpy(),
            self.wrong[:, : episode.bits],
            write_weightings=np.empty((steps, locations), np.float32),
            erase_vectors=np.empty((steps, width), np.float32),
            add_vectors=np.empty((steps, width), np.float32),
            write=self.heads[self._writer],
            read=self.heads[self._reader],
        )

    def see(self, first_step: int, fields: Mapping[str, Array], wrong: Flags) -> None:
        """Adds what the write head wrote."""
        super().see(first_step, fields, wrong)
        kept, at = self._evidence, slice(first_step, first_step + len(wrong))
        kept.write_weightings[at] = fields[f"{self._writer}.weighting"]
        kept.erase_vectors[at] = fields[f"{self._writer}.erase_vector"]
        kept.add_vectors[at] = fields[f"{self._writer}.add_vector"]

    def verdict(self) -> Parts[Diagnosis]:
        """As `judge` gives it."""
        return (yield from judge(self._evidence))


def judge(evidence: Evidence) -> Parts[Diagnosis]:
    """The verdict on what was seen of a run."""
    wrong_steps = np.flatnonzero(evidence.wrong.any(axis=1)).tolist()
    if not wrong_steps:
        return Diagnosis(Kind.EXACT, None, None, sentences.exact(evidence))
    if not len(evidence.recall.read_at):
        return Diagnosis.of_all(Kind.WRONG, wrong_steps, sentences.no_copy(evidence))
    decoded = decode_writes(evidence)
    if decoded.error_rate >= CHANCE:
        return Diagnosis.of_all(Kind.UNTRAINED, wrong_steps, sentences.untrained(decoded.error_rate))
    found = yield from examine(evidence, decoded.dead)
    kind, example = _verdict(evidence, found)
    offset = int(evidence.recall.offset[example.vector]) if example.kind in DISPLACED else None
    sentence = sentences.SENTENCES[kind](evidence, example, decoded)
    marks = tuple(Mark(int(evidence.recall.read_at[each.vector]), each.kind) for each in found)
    return Diagnosis(kind, wrong_steps[0], offset, sentence, marks)


def _verdict(evidence: Evidence, found: list[Symptom]) -> tuple[Kind, Symptom]:
    """What is to blame, with the first example of it."""
    trouble = [Kind.SLIP if each.kind in DISPLACED else each.kind for each in found]
    first = _first_that_counts(trouble)
    if first is not Kind.DEAD_CHANNEL and _came_round(evidence):
        telling: list[Kind] = [each for each in trouble if each in (Kind.OVERWRITTEN, Kind.SLIP)]
        return Kind.WRAP_AROUND, found[trouble.index(_first_that_counts(telling or trouble))]
    example = found[trouble.index(first)]
    if first is Kind.SLIP:
        example = first_displaced(evidence) or example
    return example.kind, example


def _first_that_counts(trouble: list[Kind]) -> Kind:
    """What comes first brings on what follows, unless it is a mere moment of a run that goes wrong in another way."""
    counts = Counter(trouble)  # in the order of their first steps
    least = min(SUSTAINED * len(trouble), max(counts.values()))
    return next(kind for kind, count in counts.items() if count >= least)


def _came_round(evidence: Evidence) -> bool:
    """More writes before the recall than locations, by a write head that was focused as far as these reached."""
    writes, locations = evidence.phases[-1].start, evidence.locations
    return writes > locations and float(np.median(evidence.write.peak[:locations])) >= FOCUSED
