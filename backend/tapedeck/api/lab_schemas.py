"""What the lab takes and gives: importance and sweeps."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from tapedeck.api.schemas import EXAMPLE_RUN, RunRequest

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
