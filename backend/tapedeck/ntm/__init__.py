"""The machine: torch alone, one pure function an equation, state in and state out."""

import tapedeck.installed  # noqa: F401 - before what needs it
from tapedeck.ntm.config import DELIMITERS, MIN_LOCATIONS, NTMConfig
from tapedeck.ntm.encoding import CountScale, Encoding, Stretch
from tapedeck.ntm.fields import Field, step_fields, step_values
from tapedeck.ntm.heads import Addressing, HeadTrace, ReadTrace, WriteTrace
from tapedeck.ntm.machine import NeuralTM, StepTrace
from tapedeck.ntm.specification import (
    Channel,
    ControllerSpec,
    Conventions,
    HeadSpec,
    MachineSpec,
    MemorySpec,
    OutputSpec,
    Start,
    Starts,
)
from tapedeck.ntm.state import State

__all__ = [
    "DELIMITERS",
    "MIN_LOCATIONS",
    "Addressing",
    "Channel",
    "ControllerSpec",
    "Conventions",
    "CountScale",
    "Encoding",
    "Field",
    "HeadSpec",
    "HeadTrace",
    "MachineSpec",
    "MemorySpec",
    "NTMConfig",
    "NeuralTM",
    "OutputSpec",
    "ReadTrace",
    "Start",
    "Starts",
    "State",
    "StepTrace",
    "Stretch",
    "WriteTrace",
    "step_fields",
    "step_values",
]
