"""Jobs: training in a process of its own, one at a time, beside a service that starts and stops at any moment."""

from backend.training.jobs.job import Fault, Job, JobState
from backend.training.jobs.queue import JobQueue

__all__ = ["Fault", "Job", "JobQueue", "JobState"]
