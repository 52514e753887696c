"""What /api/training takes and returns, as pydantic models: shapes only, no behaviour."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from tapedeck.api.schemas import ErrorDetail
from tapedeck.training.jobs import JobState
from tapedeck.training.recipe import Recipe
from tapedeck.training.trainer import Progress

EXAMPLE_JOB: JsonDict = {"seed": 7, "recipe": {"sequences": 16000, "longest": 10}}

MOST_SEED = 2**53 - 1
"""Beyond it JavaScript's numbers are not exact."""

MOST_NUMBER = 2.0**53


def _plain(value: object) -> object:
    """A value of a type that a recipe's fields have; the recipe itself checks the rest."""
    if isinstance(value, dict):
        if not all(_is_number(share) for share in value.values()):
            raise PydanticCustomError("recipe_value", "every share in it must be a number")
    elif not isinstance(value, str) and not _is_number(value):
        raise PydanticCustomError("recipe_value", "GET /api/training shows what it may be")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_NUMBER


RECIPE_SCHEMA = TypeAdapter(Recipe).json_schema() | {
    "description": "Fields of a recipe; those left out have their defaults, which GET /api/training returns.",
    "examples": [EXAMPLE_JOB["recipe"]],
}

RecipeOverrides = Annotated[dict[str, Annotated[Any, AfterValidator(_plain)]], WithJsonSchema(RECIPE_SCHEMA)]


class JobRequest(BaseModel):
    """A training: with a recipe, a seed decides every parameter of the machine that comes of it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, json_schema_extra={"examples": [EXAMPLE_JOB]})

    seed: Annotated[int, Field(ge=0, le=MOST_SEED, description="A whole number from 0 to 2⁵³ − 1.")]
    recipe: RecipeOverrides = Field(default_factory=dict)


class JobDocument(BaseModel):
    """A training job as it stands."""

    id: Annotated[
        str, Field(description="Also the name of its run: `<id>-<sequences>` are the machines along the way.")
    ]
    seed: int
    recipe: Annotated[Recipe, Field(description="Every field of it.")]
    created: Annotated[float, Field(description="When it was asked for, in seconds since 1970.")]
    state: JobState
    place: Annotated[
        int | None, Field(description="Place in the queue, from 1; null for a training that is not waiting.")
    ]
    progress: Annotated[Progress | None, Field(description="null until its process has started.")]
    compiled: Annotated[
        bool | None, Field(description="Whether its steps are compiled; null while they are being compiled.")
    ]
    sequences_per_second: Annotated[float | None, Field(description="Over the last ten seconds of training.")]
    seconds_left: Annotated[float | None, Field(description="At that speed.")]
    checkpoints: Annotated[int, Field(description="How many machines of its series there are so far.")]
    checkpoint: Annotated[str | None, Field(description="The id of its machine, once it is finished.")]
    error: Annotated[ErrorDetail | None, Field(description="What went wrong, if it failed.")]


class UnreadableJobDocument(BaseModel):
    """A training whose record cannot be read, which hides no other."""

    id: str
    state: Literal["unreadable"] = "unreadable"
    error: Annotated[ErrorDetail, Field(description="What is wrong with its record.")]


class TrainingDocument(BaseModel):
    """All trainings, and the recipe of a new one that sets no field."""

    jobs: Annotated[
        list[JobDocument | UnreadableJobDocument],
        Field(
            description="First the one that trains, then those that wait, then the others from the newest, and last "
            "the unreadable."
        ),
    ]
    recipe: Annotated[Recipe, Field(description="The defaults.")]


class MetricsDocument(BaseModel):
    """How a training went: one line per hundred updates."""

    lines: list[Progress]
    error: Annotated[ErrorDetail | None, Field(description="What is wrong with lines that cannot be read.")]
