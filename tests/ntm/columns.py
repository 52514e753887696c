"""A step's trace as one flat dictionary."""

from __future__ import annotations

from torch import Tensor

from tapedeck.ntm import ReadTrace, StepTrace


def columns(trace: StepTrace) -> dict[str, Tensor]:
    """One step's numbers under the reference's names."""
    named = {"unclamped_outputs": trace.unclamped_output}
    for head in trace.heads:
        kind = "read" if isinstance(head, ReadTrace) else "write"
        named |= {f"{kind}.{name}": value for name, value in head.addressing._asdict().items()}
        named |= {f"{kind}.{name}": value for name, value in head._asdict().items() if name != "addressing"}
    return named
