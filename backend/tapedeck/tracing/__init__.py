"""Running a machine on a sequence, recording every step, and explaining what was recorded."""

import tapedeck.installed  # noqa: F401 - before what needs it
from tapedeck.parts import Parts
from tapedeck.tracing.applied import Applied
from tapedeck.tracing.engine import FRAME_STEPS, Asked, Frame, Run, ask, joined, prepare, prepare_asked
from tapedeck.tracing.explanation import (
    Explanation,
    explain_step,
    explain_step_in_parts,
    picture_document,
    step_document,
)
from tapedeck.tracing.invariants import Invariants, measure
from tapedeck.tracing.layout import Layout
from tapedeck.tracing.output import OutputLayer
from tapedeck.tracing.picture import Picture, explain_reads
from tapedeck.tracing.provenance import StepProvenance, explain_read
from tapedeck.tracing.trace import InitialState, Trace
from tapedeck.tracing.verdicts import verdict, verdict_in_parts, witness_of

__all__ = [
    "FRAME_STEPS",
    "Applied",
    "Asked",
    "Explanation",
    "Frame",
    "InitialState",
    "Invariants",
    "Layout",
    "OutputLayer",
    "Parts",
    "Picture",
    "Run",
    "StepProvenance",
    "Trace",
    "ask",
    "explain_read",
    "explain_reads",
    "explain_step",
    "explain_step_in_parts",
    "joined",
    "measure",
    "picture_document",
    "prepare",
    "prepare_asked",
    "step_document",
    "verdict",
    "verdict_in_parts",
    "witness_of",
]
