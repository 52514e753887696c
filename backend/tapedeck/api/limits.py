"""What one client may ask for: checks of single requests, bodies and messages. `runs` limits all clients together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from starlette._utils import get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tapedeck.api import errors
from tapedeck.api.schemas import RunRequest
from tapedeck.api.settings import ApiSettings
from tapedeck.errors import InvalidRequest, InvalidSequence, LimitExceeded, TooLarge, TooManyMessages
from tapedeck.ntm import DELIMITERS
from tapedeck.tasks import TASKS, CopyTask, Task
from tapedeck.tasks.task import Size
from tapedeck.training.evaluation import Plan
from tapedeck.training.recipe import Recipe

MEMORIES_A_STEP = 8
"""How many arrays of the memory's size training keeps of a step."""

LSTM_GATES = 4

ROWS_A_STEP = 4
"""How many arrays of each other size it keeps of a step: of the channels, the controller, a weighting."""

DRAINED = 16
"""How many times the limit a body is still read before it is refused: clients read an answer only after their body."""


def check_run(request: RunRequest, settings: ApiSettings) -> None:
    """A run within this deployment's limits.

    Raises:
        InvalidRequest: both forms of an input, or none.
        LimitExceeded: too long a sequence, or too few or too many locations.
    """
    if request.sequence is not None and request.input is not None:
        raise InvalidRequest("The request has both input and sequence; give one of them.", field="input")
    if request.sequence is None and request.input is None:
        what = "sequence is null" if "sequence" in request.model_fields_set else "The request has no sequence"
        raise InvalidSequence(
            f"{what}; give a list of vectors of 0s and 1s, such as [[1,0,1,1,0,0,1,1]], or the "
            "task's own input, as GET /api/tasks describes it.",
            field="sequence",
        )
    length, most = len(request.sequence or ()), settings.max_sequence_length
    if length > most:
        raise LimitExceeded(
            f"The sequence has {length:,} vectors; this service runs at most {most:,} (max_sequence_length). "
            f"Take out {length - most:,}.",
            field="sequence",
        )
    least, most = settings.min_locations, settings.max_locations
    if request.locations is not None and not least <= request.locations <= most:
        name = "min_locations" if request.locations < least else "max_locations"
        raise LimitExceeded(
            f"locations is {request.locations:,}; this service runs {least:,} to {most:,} ({name}).", field="locations"
        )


def check_steps(steps: int, settings: ApiSettings) -> None:
    """A run of no more steps than the copy of the longest sequence has.

    Raises:
        LimitExceeded: more.
    """
    most = CopyTask().steps({"length": settings.max_sequence_length})
    if steps > most:
        raise LimitExceeded(
            f"This run has {steps:,} steps; this service runs at most {most:,} (2 · max_sequence_length + 2). Ask for "
            "less.",
            field="input",
        )


def check_plan(plan: Plan, task: Task[Any], sizes: Sequence[Size], settings: ApiSettings) -> None:
    """An evaluation within this deployment's limits.

    A copy of L vectors has 2 L + 2 steps; what is asked of another task counts as a copy of as many steps does.

    Raises:
        LimitExceeded: too many sequences, too long ones, or too few or too many locations.
    """
    lengths = [(task.steps(size) - DELIMITERS) // 2 for size in sizes]
    vectors = plan.sequences * len(plan.patterns) * sum(lengths)
    if vectors > settings.max_evaluation_vectors:
        raise LimitExceeded(
            f"This evaluation runs {vectors:,} vectors; this service runs at most {settings.max_evaluation_vectors:,} "
            "(max_evaluation_vectors). Take fewer sequences, sizes or patterns.",
            field="sequences",
        )
    if max(lengths) > settings.max_sequence_length:
        raise LimitExceeded(
            f"A length is {max(lengths):,}; this service runs at most {settings.max_sequence_length:,} "
            "(max_sequence_length)."
            if isinstance(task, CopyTask)
            else f"A run has {max(map(task.steps, sizes)):,} steps; this service runs at most "
            f"{2 * settings.max_sequence_length + DELIMITERS:,} (2 · max_sequence_length + 2).",
            field="lengths" if isinstance(task, CopyTask) else "sizes",
        )
    if plan.locations is not None and not settings.min_locations <= plan.locations <= settings.max_locations:
        raise LimitExceeded(
            f"locations is {plan.locations:,}; this service runs {settings.min_locations:,} to "
            f"{settings.max_locations:,} (min_locations, max_locations).",
            field="locations",
        )


def check_recipe(recipe: Recipe, settings: ApiSettings) -> None:
    """A training within this deployment's limits.

    Raises:
        LimitExceeded: too many sequences, or too large a machine, batch or length.
    """
    if recipe.sequences > settings.max_training_sequences:
        raise LimitExceeded(
            f"sequences is {recipe.sequences:,}; this service trains at most {settings.max_training_sequences:,} "
            "(max_training_sequences).",
            field="recipe.sequences",
        )
    size, most = update_bytes(recipe), settings.max_training_bytes
    if size > most:
        raise LimitExceeded(
            f"One update of this recipe takes about {size:,} bytes; this service allows {most:,} "
            "(max_training_bytes). Take a smaller machine, a smaller batch_size or a smaller longest.",
            field="recipe",
        )


def update_bytes(recipe: Recipe) -> int:
    """About what one update takes up: what is kept of every step for the gradients, and four numbers a parameter."""
    channels, lstm = recipe.config.channels, recipe.spec.controller.kind == "lstm"
    steps = TASKS[recipe.task].steps({"length": recipe.longest}) * recipe.batch_size
    gates, units = LSTM_GATES if lstm else 1, recipe.controller_size
    memory, rows = recipe.locations * recipe.width, channels + gates * units + recipe.locations
    parameters = gates * units * (channels + recipe.width + (units if lstm else 0))
    parameters += 5 * units * recipe.width + channels * recipe.width
    return np.float32().nbytes * (steps * (MEMORIES_A_STEP * memory + ROWS_A_STEP * rows) + 4 * parameters)


def check_size(size: int, what: str, settings: ApiSettings) -> None:
    """A body or a message within the limit.

    Raises:
        TooLarge: more bytes.
    """
    if size > settings.max_body_bytes:
        raise TooLarge(f"{what} holds more than {settings.max_body_bytes:,} bytes (max_body_bytes); send less.")


class MessageRate:
    """Lets messages through at a steady rate, and a second's worth at once.

    Args:
        per_second: how many.
        clock: seconds that never run backwards.
    """

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._rate, self._clock = per_second, clock
        self._most = max(1.0, per_second)
        self._left, self._at = self._most, clock()

    def count(self) -> None:
        """One more message.

        Raises:
            TooManyMessages: it came too soon.
        """
        now = self._clock()
        self._left, self._at = min(self._most, self._left + (now - self._at) * self._rate), now
        if self._left < 1:
            raise TooManyMessages(
                f"Messages come faster than {self._rate:g} a second (max_messages_per_second); "
                "this one was not carried out. Wait a moment and send it again."
            )
        self._left -= 1


class Patience(NamedTuple):
    """How long a client may take to read, in seconds."""

    once: float
    """In which it reads nothing"""
    all_in_all: float
    """Of one run or answer"""

    def left(self, spent: float) -> float:
        """How long to wait once more, when it was waited that long already."""
        return max(0.0, min(self.once, self.all_in_all - spent))


class BodyLimit:
    """ASGI middleware: a request under /api whose body is too large is answered before any route sees it."""

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reads the body, and hands it on if it is small enough."""
        if scope["type"] != "http" or not get_route_path(scope).startswith("/api/"):
            await self._app(scope, receive, send)
            return
        try:
            messages = await self._read(receive)
        except TooLarge as error:
            await errors.response(error)(scope, receive, send)
        else:
            await self._app(scope, _replay(messages, receive), send)

    async def _read(self, receive: Receive) -> list[Message]:
        most = self._settings.max_body_bytes
        messages, size, more = list[Message](), 0, True
        while more and size <= most * DRAINED:
            message = await receive()
            more = message.get("more_body", False)
            size += len(message.get("body", b""))
            if size <= most:
                messages.append(message)
        check_size(size, "The request's body", self._settings)
        return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """First what was read already, then what is still to come."""
    pending = iter(messages)

    async def replay() -> Message:
        return next(pending, None) or await receive()

    return replay
