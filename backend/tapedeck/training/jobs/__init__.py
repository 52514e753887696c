"""Jobs: trainings that services share. One trains at a time, in a process of its own; the others wait in a queue."""

from tapedeck.training.jobs.job import Job, JobState, UnreadableJob
from tapedeck.training.jobs.queue import JobQueue

__all__ = ["Job", "JobQueue", "JobState", "UnreadableJob"]
