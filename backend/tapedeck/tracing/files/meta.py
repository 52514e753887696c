"""The text `meta` of a trace file, as pydantic models: what docs/trace-format.md says of it, and its JSON schema.

It is a run's description (`tapedeck.tracing.description`) of which all but the version may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from tapedeck.errors import TraceFileUnreadable, shown
from tapedeck.ntm.specification import ChannelKind, HeadKind
from tapedeck.tasks.episode import Role as PhaseRole
from tapedeck.tracing.description import VERSION
from tapedeck.tracing.files.faults import sentence

RESERVED = ("initial", "memory", "controller")
NAME = r"^[A-Za-z0-9_-]{1,40}$"
"""Of a head."""

MAX_STEPS = MAX_LOCATIONS = 1_000_000
MAX_LISTED = 1_000
"""Heads, fields or channels."""
MAX_AXES = 2

Whole = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=1, le=MAX_STEPS)]
Text = Annotated[str, Field(max_length=400)]
Name = Annotated[str, Field(min_length=1, max_length=400)]
Row = list[float]


def is_head_name(name: object) -> bool:
    """Whether a head may be called so."""
    return isinstance(name, str) and re.fullmatch(NAME, name) is not None and name not in RESERVED


class Part(BaseModel):
    """Numbers are numbers, not text; keys that are not known are left alone."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, frozen=True)


class ChannelMeta(Part):
    """One element of an input or an output vector."""

    name: Name
    kind: ChannelKind | None = None


class PhaseMeta(Part):
    """A stretch of steps, `start` included, `stop` not."""

    name: Name
    role: PhaseRole | None = None
    start: Whole
    stop: Whole


class HeadMeta(Part):
    """A head, in acting order."""

    name: Annotated[str, Field(pattern=NAME)]
    kind: HeadKind | None = None
    shifts: Annotated[
        list[int] | None, Field(description="How far each share of its shift weighting moves the focus.")
    ] = None
    addresses: Annotated[
        Literal["current", "previous"] | None,
        Field(description="The memory that it compares its key with: as earlier heads of the step left it, or before."),
    ] = None
    previous: Annotated[
        str | None, Field(description="The head whose weighting of the step before its gate keeps; its own if missing.")
    ] = None
    start: Annotated[Row | None, Field(description="[N], its weighting before step 0")] = None


class MemoryMeta(Part):
    """How the memory follows from the writes."""

    rule: Annotated[
        Literal["erase_then_add", "recorded"] | None,
        Field(
            description="erase_then_add: each write head in acting order, M ← M ∘ (1 − w eᵀ) + w aᵀ; recorded: as the "
            "array `memory` says."
        ),
    ] = None
    start: Annotated[
        float | list[Row] | None, Field(description="[N][W] before step 0, or one number for all cells")
    ] = None


class OutputTermMeta(Part):
    """One of the terms that the outputs are sums of."""

    name: Literal["reads", "hidden", "inputs"]
    fields: Annotated[list[str], Field(description="Side by side as the weights see them.")]
    weights: Annotated[list[Row], Field(description="[O][K]")]


class OutputMeta(Part):
    """outputs = activation(Σ weights · term + bias)."""

    terms: list[OutputTermMeta]
    bias: Annotated[Row, Field(description="[O]")]
    activation: Literal["clamp", "sigmoid", "raw"]


class FieldMeta(Part):
    """One field of a step: a further one that is declared, or more about one that the format knows."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    axes: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]],
        Field(
            max_length=MAX_AXES,
            description="What each dimension after the first counts: location, column, channel, unit, shift, mode or "
            "any other word; none of a number a step.",
        ),
    ]
    shape: Annotated[list[Whole] | None, Field(description="Of one step.")] = None
    role: Text | None = None
    range: Annotated[
        Annotated[list[float | None], Field(min_length=2, max_length=2)] | None,
        Field(description="[low, high]; null for no bound."),
    ] = None
    equation: Text | None = None


class EstimatorMeta(Part):
    """What the best estimator goes by, see `optimum`."""

    order: Whole
    contexts: list[int]
    zeros: list[Whole]
    ones: list[Whole]


class DiagnosisMeta(Part):
    """What became of the run, in words."""

    model_config = ConfigDict(extra="allow")

    kind: Text
    sentence: Annotated[str, Field(max_length=4000)]


class Meta(Part):
    """What a trace file says of its run. Only the version must be there; null is the same as missing."""

    model_config = ConfigDict(
        title="The text `meta` of a trace file",
        json_schema_extra={"$schema": "https://json-schema.org/draft/2020-12/schema"},
    )

    version: Literal[2]
    title: Annotated[Text | None, Field(description="What the run is called.")] = None
    checkpoint: Annotated[
        dict[str, JsonValue] | None, Field(description="What was run: `id`, `name`, `sha256`, and whatever else.")
    ] = None
    task: Text | None = None
    input: dict[str, JsonValue] | None = None
    steps: Annotated[Count | None, Field(description="T")] = None
    locations: Annotated[Count | None, Field(description="N")] = None
    width: Annotated[Count | None, Field(description="W")] = None
    input_channels: Annotated[list[ChannelMeta] | None, Field(max_length=MAX_LISTED)] = None
    output_channels: Annotated[list[ChannelMeta] | None, Field(max_length=MAX_LISTED)] = None
    phases: Annotated[list[PhaseMeta] | None, Field(max_length=MAX_LISTED)] = None
    scored: Annotated[
        list[Annotated[list[Whole], Field(min_length=4, max_length=4)]] | None,
        Field(description="Which outputs count: [start_step, stop_step, first_channel, stop_channel] each, half-open."),
    ] = None
    heads: Annotated[list[HeadMeta] | None, Field(max_length=MAX_LISTED, description="In acting order.")] = None
    memory: MemoryMeta | None = None
    output: OutputMeta | None = None
    fields: Annotated[list[FieldMeta] | None, Field(max_length=MAX_LISTED)] = None
    estimator: EstimatorMeta | None = None
    engine: Annotated[dict[str, JsonValue] | None, Field(description="`name`, `version`, `dtype`")] = None
    interventions: list[JsonValue] | None = None
    wrong: Annotated[Whole | None, Field(description="Wrong bits.")] = None
    score: dict[str, JsonValue] | None = None
    diagnosis: DiagnosisMeta | None = None
    narration: Annotated[list[str] | None, Field(description="[T], a sentence a step")] = None


def read_meta(text: str | bytes) -> Meta:
    """What the text says.

    Raises:
        TraceFileUnreadable: it is not valid JSON, of another version, or a key of it is not what it must be.
    """
    try:
        document = orjson.loads(text)
    except ValueError as error:
        raise TraceFileUnreadable(f"meta is not valid JSON: {str(error).rstrip('.')}.") from error
    if not isinstance(document, Mapping):
        raise TraceFileUnreadable(f"meta must be a JSON object with `version`; it is {shown(document)}.")
    if document.get("version") is None:
        raise TraceFileUnreadable(f"meta has no `version`; write {VERSION}, that of the format.")
    if document["version"] != VERSION or isinstance(document["version"], bool):
        raise TraceFileUnreadable(
            f"meta.version is {shown(document['version'])}; this Tapedeck reads {VERSION}. Write the file anew, or get "
            "the Tapedeck that reads it."
        )
    try:
        return Meta.model_validate({**document, "version": VERSION})
    except ValidationError as error:
        raise TraceFileUnreadable(sentence(error.errors(include_url=False)[0])) from error


def schema() -> dict[str, Any]:
    """The JSON schema, as it stands in `trace_file.schema.json`."""
    return Meta.model_json_schema()
