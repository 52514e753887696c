"""What machines are trained and run on: each task turns a sequence into an episode, and scores what comes out."""

import backend.installed  # noqa: F401 - before what needs it
from backend.tasks.associative_recall import AssociativeRecallTask
from backend.tasks.copy import CopyTask
from backend.tasks.episode import Episode, Phase, bit_errors
from backend.tasks.repeat_copy import RepeatCopyTask

TASKS = {CopyTask.name: CopyTask}
"""Every task by its name in checkpoints."""

__all__ = ["TASKS", "AssociativeRecallTask", "CopyTask", "Episode", "Phase", "RepeatCopyTask", "bit_errors"]
