"""What is said of a step at which a machine predicts the next bit: its context, its probability, and the best possible.

The page says the same (`viewer/tapedeck_viewer/model/predictions.mjs`); `tests/fixtures/narration.json` holds both to
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tapedeck.tracing.trace import Array
from tapedeck.tracing.vectors import hundredths


class Predictions:
    """Of a run whose description has an estimator."""

    def __init__(self, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        self._estimator, self._arrays, self._steps = about["estimator"], arrays, about["steps"]
        self._optimum = next(field["name"] for field in about["fields"] if field["role"] == "optimum")

    @classmethod
    def of(cls, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Predictions | None:
        """None for a run of any other kind."""
        return cls(about, arrays) if about.get("estimator") else None

    def place(self, step: int) -> str:
        """What a step is in its task."""
        return f"bit {step + 1} of {self._steps}"

    def heard(self, step: int) -> str:
        """The bit, and those of its context before it; empty where there are too few of them."""
        context = self._estimator["contexts"][step]
        if context < 0:
            return ""
        bits = f"{context:0{self._estimator['order']}b}"
        return f"{bits[-1]} after {bits[:-1]}"

    def said(self, step: int) -> str:
        """The probability of a 1, beside the best possible and what that goes by."""
        said, best = (hundredths(float(self._arrays[name][step][0])) for name in ("outputs", self._optimum))
        return f"says {said} for a 1 (best {best}, {self._seen(step)})"

    def _seen(self, step: int) -> str:
        zeros, ones = (self._estimator[name][step] for name in ("zeros", "ones"))
        if zeros + ones == 0:
            return "not seen before"
        if zeros + ones == 1:
            return f"seen once: a {ones}"
        return f"seen {zeros + ones} times: {ones} {'one' if ones == 1 else 'ones'}"
