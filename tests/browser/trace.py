"""A run as POST /api/trace tells it: what the page is measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 8


class ServiceTrace:
    """One answer of the service, with its arrays as float64."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self.steps: int = answer["steps"]
        self.locations: int = answer["locations"]
        self.bit_errors: int = answer["bit_errors"]
        self.diagnosis: dict[str, Any] = answer["diagnosis"]

    def field(self, name: str) -> NDArray[np.float64]:
        """An array by its name on the wire, such as `outputs` or `read.weighting`; the first axis is time."""
        head, _, field = name.rpartition(".")
        return np.array(self._answer["heads"][head][field] if head else self._answer[field])

    def bits(self, name: str, step: int) -> str:
        """The 8 bits of `inputs`, `targets` or `outputs` at a step."""
        return "".join("1" if value > 0.5 else "0" for value in self.field(name)[step, :BITS])

    def place(self, step: int) -> str:
        """A step's place in its phase, in words."""
        phase = next(each for each in self._answer["phases"] if each["start"] <= step < each["stop"])
        length = phase["stop"] - phase["start"]
        return f"{phase['name']} {step - phase['start'] + 1} of {length}" if length > 1 else str(phase["name"])

    def memory(self, step: int) -> NDArray[np.float64]:
        """M ← M ∘ (1 − w eᵀ) + w aᵀ up to a step, in float64: [N, W]."""
        memory = np.array(self._answer["initial"]["memory"])
        weighting, erase, add = (self.field(f"write.{name}") for name in ("weighting", "erase_vector", "add_vector"))
        for t in range(step + 1):
            memory = memory * (1 - np.outer(weighting[t], erase[t])) + np.outer(weighting[t], add[t])
        return memory
