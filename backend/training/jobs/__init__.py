"""Jobs: trainings that services share. One trains at a time, in a process of its own; the others wait in a queue."""

from backend.training.jobs.job import Job, JobState, UnreadableJob
from backend.training.jobs.queue import JobQueue

__all__ = ["Job", "JobQueue", "JobState", "UnreadableJob"]
