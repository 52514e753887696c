"""What a task counts: a measure, said once for evaluations, figures, the command line and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measure:
    """How the outputs of a task are judged.

    Attributes:
        name: of the number that a result has of it.
        title: for people: of an axis, of a column.
        chance: what it is when outputs are guessed; None where that depends on the example.
        foretold: whether outputs are probabilities, which are not right or wrong but cost bits, against an optimum.
    """

    name: Literal["bit_error_rate", "excess"]
    title: str
    chance: float | None
    foretold: bool


WRONG_BITS = Measure("bit_error_rate", "bit error rate", 0.5, foretold=False)
"""The share of the bits that came out wrong."""

EXCESS = Measure("excess", "bits above the optimum", None, foretold=True)
"""What predictions cost above the best possible, as a share of that."""
