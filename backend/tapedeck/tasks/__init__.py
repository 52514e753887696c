"""What machines are trained and run on: each task turns a sequence into an episode, and scores what comes out."""

import tapedeck.installed  # noqa: F401 - before what needs it
from tapedeck.tasks.associative_recall import AssociativeRecallTask
from tapedeck.tasks.copy import CopyTask
from tapedeck.tasks.dynamic_ngrams import DynamicNgramsTask
from tapedeck.tasks.episode import Episode, Phase, bit_errors
from tapedeck.tasks.priority_sort import PrioritySortTask
from tapedeck.tasks.registry import TASKS, bits_of, check_task, register_task, task_as_heard, task_of
from tapedeck.tasks.repeat_copy import RepeatCopyTask
from tapedeck.tasks.task import Task
from tapedeck.tasks.verdicts import Diagnosis, Witness

__all__ = [
    "TASKS",
    "AssociativeRecallTask",
    "CopyTask",
    "Diagnosis",
    "DynamicNgramsTask",
    "Episode",
    "Phase",
    "PrioritySortTask",
    "RepeatCopyTask",
    "Task",
    "Witness",
    "bit_errors",
    "bits_of",
    "check_task",
    "register_task",
    "task_as_heard",
    "task_of",
]
