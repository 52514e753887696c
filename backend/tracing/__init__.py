"""Running a machine on a sequence, recording every step, and explaining what was recorded."""

import backend.installed  # noqa: F401 - before what needs it
from backend.tracing.diagnosis import Diagnosis, diagnose
from backend.tracing.engine import FRAME_STEPS, Frame, Run, check_sequence, check_task, prepare
from backend.tracing.explanation import Explanation, explain_step
from backend.tracing.invariants import Invariants, measure
from backend.tracing.layout import Layout
from backend.tracing.output import OutputLayer
from backend.tracing.picture import Picture, explain_reads
from backend.tracing.provenance import StepProvenance, explain_read
from backend.tracing.symptoms import Kind
from backend.tracing.trace import InitialState, Trace

__all__ = [
    "FRAME_STEPS",
    "Diagnosis",
    "Explanation",
    "Frame",
    "InitialState",
    "Invariants",
    "Kind",
    "Layout",
    "OutputLayer",
    "Picture",
    "Run",
    "StepProvenance",
    "Trace",
    "check_sequence",
    "check_task",
    "diagnose",
    "explain_read",
    "explain_reads",
    "explain_step",
    "measure",
    "prepare",
]
