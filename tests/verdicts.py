"""The verdict on a trace whose run is not at hand."""

from __future__ import annotations

from tapedeck.ntm import NeuralTM
from tapedeck.tasks import Diagnosis
from tapedeck.tracing import Trace, prepare, verdict


def verdict_on(trace: Trace, machine: NeuralTM) -> Diagnosis:
    """What became of a run of a machine that its task judges."""
    about = trace.about
    found = verdict(prepare(machine, about["task"], about["input"], about["locations"]), trace)
    assert found is not None
    return found
