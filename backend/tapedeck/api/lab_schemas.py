"""What the lab takes and gives: importance and sweeps."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tapedeck.api.schemas import EXAMPLE_RUN, ErrorDetail, Hash, MachineId, RunRequest
from tapedeck.lab.sweeps import Axis
from tapedeck.tracing.interventions.declarations import MOST, Intervention

Map = list[list[float | None]]


class ImportanceRequest(RunRequest):
    """A run, and when the rows of its memory are set to 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_RUN]})

    row_step: Annotated[
        int | None,
        Field(
            ge=0,
            description="Before it, each row is set to 0; null for the first step that is scored, of predictions the "
            "middle one.",
        ),
    ] = None


class PartDocument(BaseModel):
    """What is taken out at a step."""

    name: Annotated[str, Field(description="`read.content`, `write.erase_vector`, `read` …")]
    intervention: Annotated[dict[str, Any], Field(description="That does it; with a `step` it is one of a request.")]


class RowsDocument(BaseModel):
    """Each row of the memory, set to 0."""

    step: Annotated[int, Field(description="Before whose first head.")]
    above: Annotated[list[float | None], Field(description="[N]")]
    change: Annotated[list[float | None], Field(description="[N]")]


class ImportanceDocument(BaseModel):
    """What the answer of a run hangs on. A number is null where the numbers of the changed run overflow."""

    parts: Annotated[list[PartDocument], Field(description="[K], the rows of the map.")]
    above: Annotated[
        Map,
        Field(
            description="[K][T]: wrong bits, or what predictions cost in bits, with the part taken out at the step, "
            "those of the run itself taken off."
        ),
    ]
    change: Annotated[
        Map, Field(description="[K][T]: the mean change of all outputs that are scored, before their activation.")
    ]
    rows: RowsDocument
    amount: Annotated[float, Field(description="Wrong bits of the run itself, or what its predictions cost.")]
    sentence: str


class SweepRequest(BaseModel):
    """One parameter, or two, turned through their values: each point on the same sampled examples."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "checkpoint": "copy-1",
                    "axes": [
                        {"vary": {"kind": "noise", "target": "memory", "phase": "recall"}, "values": [0, 0.1, 0.2]}
                    ],
                    "size": {"length": 20},
                    "sequences": 100,
                }
            ]
        },
    )

    checkpoint: MachineId
    axes: Annotated[list[Axis], Field(min_length=1, max_length=2, description="The last varies fastest.")]
    size: Annotated[
        dict[str, int],
        Field(
            max_length=10,
            description="The numbers that make an example longer, as GET /api/tasks names them; of one that is not "
            "named, the first that an evaluation takes.",
        ),
    ] = Field(default_factory=dict)
    interventions: Annotated[list[Intervention], Field(max_length=MOST, description="Of every point.")] = Field(
        default_factory=list
    )
    sequences: Annotated[int, Field(ge=1, le=10_000, description="Examples of each point.")] = 100
    locations: Annotated[int | None, Field(description="N of every point; null takes the machine's own.")] = None
    seed: Annotated[int, Field(ge=0, le=2**31, description="Of the examples.")] = 1
    sha256: Hash = None


class SweepHeader(BaseModel):
    """The first message of a sweep."""

    type: Literal["header"]
    checkpoint: str
    axes: Annotated[list[dict[str, Any]], Field(description="As they were asked for, each with a `title`.")]
    points: Annotated[int, Field(description="How many there will be, the last axis varying fastest.")]
    measure: Annotated[str, Field(description="The name of `rate` in an evaluation: bit_error_rate, or excess.")]
    title: Annotated[str, Field(description="Of the measure, for people.")]


class SweepPoint(BaseModel):
    """A point of a sweep, as soon as it is known."""

    type: Literal["point"]
    index: int
    values: Annotated[list[float], Field(description="One of each axis.")]
    rate: float | None = None
    interval: Annotated[list[float] | None, Field(description="95 %, clustered by example.")] = None
    exact: Annotated[int | None, Field(description="Examples without a wrong bit.")] = None
    sequences: int | None = None
    error: Annotated[ErrorDetail | None, Field(description="Why there is no result, such as an overflow.")] = None
