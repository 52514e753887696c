"""The one place that maps errors to HTTP, in the one shape: {"error": {"code", "detail", "field"}}."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from tapedeck import errors
from tapedeck.api.problems import first_problem

logger = logging.getLogger(__name__)

STATUS: dict[type[errors.TapedeckError], int] = {
    errors.TapedeckError: 400,
    errors.InvalidConfiguration: 422,
    errors.InvalidRequest: 422,
    errors.MalformedJson: 400,
    errors.NonFinite: 422,
    errors.LimitExceeded: 422,
    errors.TooLarge: 413,
    errors.TooManyRuns: 503,
    errors.TooManyJobs: 503,
    errors.TooManyMessages: 429,
    errors.CheckpointNotFound: 404,
    errors.CheckpointChanged: 409,
    errors.CheckpointUnreadable: 500,
    errors.CheckpointUnwritable: 500,
    errors.TrainingError: 500,
    errors.TrainingDisabled: 403,
    errors.TrainingElsewhere: 503,
    errors.JobNotFound: 404,
    errors.JobConflict: 409,
}

RETRY_AFTER = {503: 1, 429: 1}
"""Seconds after which it is worth trying again, where the error does not know better."""

BROKEN = {
    "error": {
        "code": "internal_error",
        "detail": "Something in the service went wrong; its log has the details. Try again, or try another request.",
        "field": None,
    }
}
"""All that anyone outside learns of an error that nobody foresaw."""


CLIENT_GONE = 499
"""For the log alone: whoever asked is not there to read it."""


class ClientGone(Exception):
    """There is nobody any more to send to."""


class JsonResponse(Response):
    """JSON by orjson."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The content as JSON."""
        return orjson.dumps(content)


def document(error: errors.TapedeckError) -> dict[str, Any]:
    """The error in the one shape."""
    return _document(error.code, error.detail, error.field)


def response(error: errors.TapedeckError) -> Response:
    """The error as an answer over HTTP."""
    seconds = retry_after(error)
    return _response(_status(error), document(error), {} if seconds is None else {"Retry-After": str(seconds)})


def retry_after(error: errors.TapedeckError) -> int | None:
    """In how many seconds it is worth trying again; None where it never is."""
    return error.retry_after if isinstance(error, errors.TooManyRuns) else RETRY_AFTER.get(_status(error))


def refusal(status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """What HTTP itself has a status for, as an answer in the one shape."""
    return _response(status, _document(_code(status), detail), headers)


def install(app: FastAPI) -> None:
    """Every error that leaves a route gets the one shape."""
    app.add_exception_handler(errors.TapedeckError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientGone, _left)
    app.add_exception_handler(Exception, _unforeseen)


async def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, errors.TapedeckError)  # noqa: S101 - registered for nothing else
    return response(error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    problems = error.errors()
    if problems[0]["loc"] == ("body",) and isinstance(problems[0].get("input"), bytes):
        given = request.headers.get("content-type", "none")
        return refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send JSON with the header Content-Type: application/json, got {given}."
        )
    return response(first_problem(problems))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    detail = error.detail.rstrip(".") + "."
    if error.status_code == HTTPStatus.NOT_FOUND:
        docs = f"{request.scope.get('root_path', '')}/api/docs"
        detail = f"There is nothing at {request.url.path}; {docs} lists what there is."
    return refusal(HTTPStatus(error.status_code), detail, error.headers)


async def _left(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_GONE)


async def _unforeseen(_: Request, __: Exception) -> Response:
    return _response(500, BROKEN)  # the server logs the traceback: Starlette raises the error again


def _response(status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return JsonResponse(body, status_code=status, headers=dict(headers or {}))


def _status(error: errors.TapedeckError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _code(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "_").replace("-", "_")


def _document(code: str, detail: str, field: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "detail": _sendable(detail), "field": _sendable(field) if field else None}}


def _sendable(text: str) -> str:
    """Half a surrogate pair, which JSON can bring in, has no UTF-8 to go out as."""
    return text.encode(errors="replace").decode()
