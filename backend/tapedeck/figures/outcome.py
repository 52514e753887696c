"""What came of a run, as its pictures state it: the verdict, how much is right, what was to come out and what did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.figures import words
from tapedeck.figures.tracks import scored
from tapedeck.figures.words import place
from tapedeck.tasks import Diagnosis
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing import Trace
from tapedeck.tracing.vectors import BYTE, Vectors
from tapedeck_viewer.appearance import APPEARANCE

__all__ = ["Texts", "count", "numerals", "place", "summary", "texts", "vectors", "verdict", "visible"]

BITS = ("bit", "probability")

_FIRST_PICTURE, _PICTURE_OF_DELETE = 0x2400, "␡"


class Texts(NamedTuple):
    """The bits that count: as they were to come out, and as they did."""

    target: str
    output: str


def verdict(trace: Trace) -> str:
    """That nothing is wrong, in the words that the task has for it, or how many bits are."""
    if trace.score is None:
        return "Nothing is scored"
    if "excess" in trace.score:
        return words.cost(trace.score)
    if not trace.bit_errors:
        right: str = APPEARANCE["right"].get(trace.about["task"], APPEARANCE["right_of_any"])
        return right
    return f"{trace.bit_errors:,} wrong {'bit' if trace.bit_errors == 1 else 'bits'}"


def summary(checkpoint_id: str, trace: Trace, diagnosis: Diagnosis | None) -> Iterator[str]:
    """A run in a few lines: the machine and its sizes, how much of it is right, and what became of it."""
    locations, width = trace.initial.memory.shape
    yield f"{checkpoint_id}: {trace.steps:,} steps on {locations:,} × {width} memory"
    if trace.score is not None and "excess" in trace.score:
        yield f"{words.cost(trace.score)}: {words.excess(trace.score)}"
    elif trace.score is not None:
        yield f"{trace.bit_errors:,} bit errors of {trace.score['bits']:,}"
    if diagnosis is not None:
        yield f"{diagnosis.kind.replace('_', ' ').capitalize()}. {diagnosis.sentence}"


def count(trace: Trace) -> str:
    """How many of the bits that count are right."""
    if trace.score is None:
        return ""
    total = trace.score["bits"]
    if "excess" in trace.score:
        return f"{words.excess(trace.score)}, over {total:,} bits"
    return f"{total - trace.bit_errors:,} of {total:,} bits right"


def vectors(trace: Trace) -> Texts:
    """Both as bits, a word a vector."""
    return Texts(*(" ".join("".join(map(str, row)) for row in rows.astype(int)) for rows in _scored_bits(trace)))


def texts(trace: Trace) -> Texts:
    """Both as text where what was heard and the target are UTF-8, else as `numerals`; � is an invalid byte."""
    target, output = _scored_bits(trace)
    if target.shape[1] != BYTE or not Vectors(trace.about, trace.arrays).textual:
        return numerals(trace)
    wanted, said = (np.packbits(rows, axis=1).tobytes() for rows in (target, output))
    try:
        return Texts(visible(wanted.decode()), visible(said.decode(errors="replace")))
    except UnicodeDecodeError:
        return numerals(trace)


def numerals(trace: Trace) -> Texts:
    """Both in hexadecimal where vectors are bytes, otherwise as bits."""
    both = _scored_bits(trace)
    if both[0].shape[1] != BYTE:
        return vectors(trace)
    return Texts(*(np.packbits(rows, axis=1).tobytes().hex(" ") for rows in both))


def _scored_bits(trace: Trace) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """[vectors, bits] of the targets and of the outputs, at the steps and on the channels that count and are bits.

    Of predictions, which are none, what came next and whether it was held more likely.
    """
    mask = scored(trace)
    bits = np.array([channel["kind"] in BITS for channel in trace.about["output_channels"]])
    bits &= mask.any(axis=0)
    steps = mask[:, bits].any(axis=1)
    target, output = (trace.arrays[name][steps][:, bits] > THRESHOLD for name in ("targets", "outputs"))
    return target, output


def visible(text: str) -> str:
    """With pictures of the control characters in their places."""
    pictures = {code: chr(_FIRST_PICTURE + code) for code in range(ord(" "))} | {0x7F: _PICTURE_OF_DELETE}
    return text.translate(pictures)
