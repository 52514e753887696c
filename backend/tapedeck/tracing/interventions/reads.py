"""What a plan makes of the read vectors, for provenance: a gain and an offset for each element that it touches."""

from __future__ import annotations

import numpy as np

from tapedeck.ntm import MachineSpec
from tapedeck.tracing.applied import AppliedReads
from tapedeck.tracing.interventions.plan import ADD, SCALE, Plan
from tapedeck.tracing.interventions.sites import site_of


def applied_reads(plan: Plan, spec: MachineSpec) -> AppliedReads | None:
    """Every element of a read vector that the plan changes; None where it changes none."""
    places = [place for place, head in enumerate(spec.heads) if head.kind == "read"]
    readers = {site_of(place, "read_vector"): number for number, place in enumerate(places)}
    found: dict[tuple[int, int, int], tuple[float, float]] = {}
    step_of = np.repeat(np.arange(plan.steps), np.diff(plan.first))
    for k in np.flatnonzero(np.isin(plan.sites, list(readers))).tolist():
        begin, end = plan.spans[k]
        for column, value in zip(plan.places[begin:end].tolist(), plan.values[begin:end].tolist(), strict=True):
            key = (int(step_of[k]), readers[int(plan.sites[k])], column)
            gain, offset = found.get(key, (1.0, 0.0))
            if plan.operations[k] == SCALE:
                found[key] = (gain * value, offset * value)
            elif plan.operations[k] == ADD:
                found[key] = (gain, offset + value)
            else:
                found[key] = (0.0, value)
    if not found:
        return None
    steps, heads, columns = (np.array(each, np.int64) for each in zip(*found, strict=True))
    gains, offsets = (np.array(each) for each in zip(*found.values(), strict=True))
    return AppliedReads(steps, heads, columns, gains, offsets)
