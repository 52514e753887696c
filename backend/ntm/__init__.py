"""The machine: torch alone, one pure function an equation, state in and state out."""

import backend.installed  # noqa: F401 - before what needs it
from backend.ntm.config import DELIMITERS, MIN_LOCATIONS, HeadSpec, NTMConfig
from backend.ntm.head import Addressing, HeadTrace, ReadTrace, WriteTrace
from backend.ntm.ntm import NeuralTM, StepTrace
from backend.ntm.state import NTMState

__all__ = [
    "DELIMITERS",
    "MIN_LOCATIONS",
    "Addressing",
    "HeadSpec",
    "HeadTrace",
    "NTMConfig",
    "NTMState",
    "NeuralTM",
    "ReadTrace",
    "StepTrace",
    "WriteTrace",
]
