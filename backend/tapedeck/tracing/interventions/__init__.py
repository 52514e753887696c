"""Changing something inside a run: what is asked for, checked, and made into a plan that every engine carries out."""

from tapedeck.tracing.interventions.carrying import Planned
from tapedeck.tracing.interventions.declarations import (
    Ablate,
    Add,
    Addressing,
    Freeze,
    Intervention,
    Move,
    Noise,
    Scale,
    Set,
    Swap,
)
from tapedeck.tracing.interventions.parameters import Parameter, parameters_of
from tapedeck.tracing.interventions.plan import Plan
from tapedeck.tracing.interventions.reading import problem_with, read_interventions
from tapedeck.tracing.interventions.reads import applied_reads
from tapedeck.tracing.interventions.resolving import Resolved, resolve

__all__ = [
    "Ablate",
    "Add",
    "Addressing",
    "Freeze",
    "Intervention",
    "Move",
    "Noise",
    "Parameter",
    "Plan",
    "Planned",
    "Resolved",
    "Scale",
    "Set",
    "Swap",
    "applied_reads",
    "parameters_of",
    "problem_with",
    "read_interventions",
    "resolve",
]
