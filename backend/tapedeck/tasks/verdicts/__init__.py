"""What became of a run, in words: each task judges its own, during the run, from less than its whole trace."""

from tapedeck.tasks.verdicts.diagnosis import Diagnosis, Mark
from tapedeck.tasks.verdicts.witness import Array, Flags, Focused, Ints, Witness

__all__ = ["Array", "Diagnosis", "Flags", "Focused", "Ints", "Mark", "Witness"]
