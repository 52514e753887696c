"""Comparing two runs, as a user of the library holds them."""

from __future__ import annotations

from tapedeck.errors import InvalidRequest
from tapedeck.library.recorded import RecordedRun
from tapedeck.tracing import comparison
from tapedeck.tracing.comparison import Comparison


def compare(a: RecordedRun, b: RecordedRun) -> Comparison:
    """What differs between two runs of as many steps: of two machines, two numbers of locations, or with and without
    interventions.

    Args:
        a: a baseline.
        b: what is compared with it.

    Returns:
        The first step at which they part, the difference of each field, the wrong bits of each, and a `sentence` of
        what the change did; `comparison["read.weighting"]` is b − a.

    Raises:
        InvalidRequest: one is not a run, or they have not as many steps.
    """
    for each in (a, b):
        if not isinstance(each, RecordedRun):
            raise InvalidRequest(f"Give two runs, as Machine.run returns them; got {type(each).__qualname__}.")
    return comparison.compare(a.trace, b.trace)
