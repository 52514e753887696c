"""What routes ask for: the parts of the service that `create_app` built."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from tapedeck.api.runs import Runs
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.errors import TrainingDisabled
from tapedeck.training.jobs import JobQueue


def _settings(connection: HTTPConnection) -> ApiSettings:
    settings: ApiSettings = connection.app.state.settings
    return settings


def _library(connection: HTTPConnection) -> CheckpointLibrary:
    library: CheckpointLibrary = connection.app.state.library
    return library


def _runs(connection: HTTPConnection) -> Runs:
    runs: Runs = connection.app.state.runs
    return runs


def _evaluations(connection: HTTPConnection) -> Runs:
    evaluations: Runs = connection.app.state.evaluations
    return evaluations


def _jobs(connection: HTTPConnection) -> JobQueue:
    """Raises TrainingDisabled where this deployment does not train."""
    if not _settings(connection).training:
        raise TrainingDisabled(
            "This service does not train machines; run your own, or let this one train (TAPEDECK_TRAINING=true)."
        )
    jobs: JobQueue = connection.app.state.jobs
    return jobs


def _patience(connection: HTTPConnection) -> Executor:
    patience: Executor = connection.app.state.patience
    return patience


Settings = Annotated[ApiSettings, Depends(_settings)]
Library = Annotated[CheckpointLibrary, Depends(_library)]
Jobs = Annotated[JobQueue, Depends(_jobs)]
Patience = Annotated[Executor, Depends(_patience)]
Evaluations = Annotated[Runs, Depends(_evaluations)]
ServiceRuns = Annotated[Runs, Depends(_runs)]
