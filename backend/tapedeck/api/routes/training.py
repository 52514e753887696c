"""/api/training: machines that are trained here, in processes of their own."""

from __future__ import annotations

from asyncio import get_running_loop, to_thread
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException

from tapedeck.api.dependencies import Jobs, Patience, Settings
from tapedeck.api.limits import check_recipe
from tapedeck.api.origin import objection
from tapedeck.api.schemas import ErrorDetail, ErrorDocument
from tapedeck.api.training_schemas import (
    JobDocument,
    JobRequest,
    MetricsDocument,
    TrainingDocument,
    UnreadableJobDocument,
)
from tapedeck.errors import InvalidConfiguration, TrainingError
from tapedeck.training.jobs import Job, UnreadableJob
from tapedeck.training.recipe import Recipe
from tapedeck.training.recipes import DEFAULT_TASK, default_recipe

Responses = dict[int | str, dict[str, Any]]

OFF: Responses = {403: {"model": ErrorDocument, "description": "This service does not train."}}
UNKNOWN: Responses = {404: {"model": ErrorDocument, "description": "There is no training with that id."}}
CONFLICT: Responses = {409: {"model": ErrorDocument, "description": "Its state does not allow that."}}
ELSEWHERE: Responses = {
    503: {
        "model": ErrorDocument,
        "description": "The service that trains does not answer, or this one is being stopped.",
    }
}
UNWRITABLE: Responses = {500: {"model": ErrorDocument, "description": "The folder of the runs cannot be written."}}
REFUSED: Responses = {422: {"model": ErrorDocument, "description": "The recipe is wrong, or more than a limit allows."}}

router = APIRouter(prefix="/training", responses=OFF | ELSEWHERE | UNWRITABLE)


async def _from_here(request: Request, settings: Settings) -> None:
    """A browser lets any page send a POST without a body, and no other page may stop what trains here."""
    detail = objection(request.headers, settings.allowed_origins, settings.allowed_hosts)
    if detail is not None:
        raise HTTPException(HTTPStatus.FORBIDDEN, detail)


OWN_PAGES = [Depends(_from_here)]


@router.get("", summary="Every training, and the default recipe")
async def list_jobs(jobs: Jobs) -> TrainingDocument:
    """Ask as often as you like; it costs the training nothing. Every service on the runs folder answers alike."""
    return TrainingDocument(jobs=[_listed(job) for job in await to_thread(jobs.list)], recipe=Recipe())


@router.post("", summary="Start a training", status_code=HTTPStatus.CREATED, responses=REFUSED, dependencies=OWN_PAGES)
async def start_job(asked: JobRequest, jobs: Jobs, settings: Settings) -> JobDocument:
    """It trains at once, or as soon as those before it are done. Its checkpoints are machines like any other."""
    recipe = _recipe(asked)
    check_recipe(recipe, settings)
    return _document(await to_thread(jobs.start, recipe, asked.seed))


@router.get("/{job_id}", summary="One training", responses=UNKNOWN)
async def get_job(job_id: str, jobs: Jobs) -> JobDocument:
    """As it stands now."""
    return _document(await to_thread(jobs.get, job_id))


@router.get("/{job_id}/metrics", summary="The curves of a training", responses=UNKNOWN)
async def get_metrics(
    job_id: str, jobs: Jobs, after: Annotated[int, Query(description="Only lines after this many sequences.")] = -1
) -> MetricsDocument:
    """The lines so far, also while it trains."""
    metrics = await to_thread(jobs.metrics, job_id, after)
    error = None
    if metrics.problem is not None:
        error = ErrorDetail(code=TrainingError.code, detail=metrics.problem, field=None)
    return MetricsDocument(lines=metrics.lines, error=error)


@router.post("/{job_id}/pause", summary="Pause it", responses=UNKNOWN | CONFLICT, dependencies=OWN_PAGES)
async def pause_job(job_id: str, jobs: Jobs, patience: Patience) -> JobDocument:
    """Answers when everything is saved; then the next one in the queue trains."""
    return _document(await get_running_loop().run_in_executor(patience, jobs.pause, job_id))


@router.post("/{job_id}/resume", summary="Resume it", responses=UNKNOWN | CONFLICT, dependencies=OWN_PAGES)
async def resume_job(job_id: str, jobs: Jobs) -> JobDocument:
    """Puts what was paused, or has failed, at the end of the queue. It ends with exactly the machine that it would have
    become without a pause.
    """
    return _document(await to_thread(jobs.resume, job_id))


@router.post("/{job_id}/stop", summary="Stop it", responses=UNKNOWN | CONFLICT, dependencies=OWN_PAGES)
async def stop_job(job_id: str, jobs: Jobs, patience: Patience) -> JobDocument:
    """For good. The checkpoints made so far stay."""
    return _document(await get_running_loop().run_in_executor(patience, jobs.stop, job_id))


def _recipe(asked: JobRequest) -> Recipe:
    try:
        default = default_recipe(DEFAULT_TASK, asked.recipe.get("controller"))
        return Recipe.from_dict(default.as_dict() | asked.recipe)
    except InvalidConfiguration as error:
        raise InvalidConfiguration(error.detail, field=f"recipe.{error.field}" if error.field else "recipe") from error


def _listed(job: Job | UnreadableJob) -> JobDocument | UnreadableJobDocument:
    if isinstance(job, UnreadableJob):
        return UnreadableJobDocument.model_validate(job, from_attributes=True)
    return _document(job)


def _document(job: Job) -> JobDocument:
    return JobDocument.model_validate(job, from_attributes=True)
