"""What machines are trained and run on: each task turns a sequence into an episode, and scores what comes out."""

from collections.abc import Mapping
from typing import Any

import tapedeck.installed  # noqa: F401 - before what needs it
from tapedeck.tasks.associative_recall import AssociativeRecallTask
from tapedeck.tasks.copy import CopyTask
from tapedeck.tasks.episode import Episode, Phase, bit_errors
from tapedeck.tasks.repeat_copy import RepeatCopyTask
from tapedeck.tasks.task import Playable

TASKS = {CopyTask.name: CopyTask}
"""Every task that can be trained, by its name in checkpoints."""

PLAYABLE: Mapping[str, Playable[Any]] = {
    task.name: task for task in (CopyTask(), RepeatCopyTask(), AssociativeRecallTask())
}
"""Every task that can be run, by its name in checkpoints and requests."""

__all__ = [
    "PLAYABLE",
    "TASKS",
    "AssociativeRecallTask",
    "CopyTask",
    "Episode",
    "Phase",
    "Playable",
    "RepeatCopyTask",
    "bit_errors",
]
