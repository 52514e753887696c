"""The machine: torch alone, one pure function an equation, state in and state out."""

import backend.installed  # noqa: F401 - before what needs it
from backend.ntm.config import DELIMITERS, MIN_LOCATIONS, NTMConfig
from backend.ntm.fields import Field, step_fields, step_values
from backend.ntm.heads import Addressing, HeadTrace, ReadTrace, WriteTrace
from backend.ntm.machine import NeuralTM, StepTrace
from backend.ntm.specification import (
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
from backend.ntm.state import State

__all__ = [
    "DELIMITERS",
    "MIN_LOCATIONS",
    "Addressing",
    "Channel",
    "ControllerSpec",
    "Conventions",
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
    "WriteTrace",
    "step_fields",
    "step_values",
]
