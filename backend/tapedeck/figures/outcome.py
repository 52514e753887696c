"""What came of a run, as its pictures state it: the verdict, which bits are wrong, what was heard and what was said."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.ntm import DELIMITERS
from tapedeck.tasks import Phase
from tapedeck.tasks.episode import THRESHOLD
from tapedeck.tracing import Trace

BYTE = 8

_FIRST_PICTURE, _PICTURE_OF_DELETE = 0x2400, "␡"


class Texts(NamedTuple):
    """The same sequence on its way in and on its way out."""

    heard: str
    said: str


def bits(trace: Trace) -> int:
    """Of a vector, without the delimiters."""
    channels: int = trace.arrays["inputs"].shape[1]
    return channels - DELIMITERS


def wrong(trace: Trace) -> npt.NDArray[np.bool_]:
    """Which output bits came out wrong, [T, bits]."""
    found: npt.NDArray[np.bool_] = trace.wrong[:, : bits(trace)]
    return found


def verdict(trace: Trace) -> str:
    """Exact copy, or how many bits are wrong."""
    if not trace.bit_errors:
        return "Exact copy"
    return f"{trace.bit_errors:,} wrong {'bit' if trace.bit_errors == 1 else 'bits'}"


def count(trace: Trace) -> str:
    """How many of the bits that count are right."""
    recall = trace.phases[-1]
    total = (recall.stop - recall.start) * bits(trace)
    return f"{total - trace.bit_errors:,} of {total:,} bits right"


def vectors(trace: Trace) -> Texts:
    """Both as bits, a word a vector."""
    return Texts(*(" ".join("".join(map(str, row)) for row in rows.astype(int)) for rows in _heard_and_said(trace)))


def texts(trace: Trace) -> Texts:
    """Both as text where what was heard is UTF-8, otherwise as `numerals`; � in what was said is an invalid byte."""
    if bits(trace) != BYTE:
        return vectors(trace)
    heard, said = (np.packbits(rows, axis=1).tobytes() for rows in _heard_and_said(trace))
    try:
        return Texts(visible(heard.decode()), visible(said.decode(errors="replace")))
    except UnicodeDecodeError:
        return numerals(trace)


def numerals(trace: Trace) -> Texts:
    """Both in hexadecimal where vectors are bytes, otherwise as bits."""
    if bits(trace) != BYTE:
        return vectors(trace)
    return Texts(*(np.packbits(rows, axis=1).tobytes().hex(" ") for rows in _heard_and_said(trace)))


def place(trace: Trace, step: int) -> str:
    """A step within its phase: “recall 6 of 20”."""
    phase = next(phase for phase in trace.phases if phase.start <= step < phase.stop)
    length = phase.stop - phase.start
    return f"{phase.name} {step - phase.start + 1} of {length}" if length > 1 else phase.name


def _heard_and_said(trace: Trace) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    recall = trace.phases[-1]
    heard = next((phase for phase in trace.phases if phase.name == "input"), recall)
    return _bits_of(trace, "inputs", heard), _bits_of(trace, "outputs", recall)


def _bits_of(trace: Trace, name: str, phase: Phase) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = trace.arrays[name][phase.start : phase.stop, : bits(trace)] > THRESHOLD
    return found


def visible(text: str) -> str:
    """With pictures of the control characters in their places."""
    pictures = {code: chr(_FIRST_PICTURE + code) for code in range(ord(" "))} | {0x7F: _PICTURE_OF_DELETE}
    return text.translate(pictures)
