"""A run's description and trace, version 2, as pydantic models: shapes only, no behaviour."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tapedeck.api.schemas import CheckpointDocument, DiagnosisDocument, TermDocument
from tapedeck.ntm.fields import Role


class ChannelDocument(BaseModel):
    """One element of an input or an output vector."""

    name: str
    kind: Literal["bit", "delimiter", "count", "priority", "probability", "value"]


class RolePhaseDocument(BaseModel):
    """A stretch of steps, `start` included, `stop` not."""

    name: str
    role: Literal["delimiter", "input", "query", "recall", "prediction"]
    start: int
    stop: int


class HeadDescription(BaseModel):
    """A head, in acting order."""

    name: str
    kind: Literal["write", "read"]
    fields: Annotated[list[str], Field(description="The names of its fields.")]
    shifts: Annotated[list[int], Field(description="How far each share of its shift weighting moves the focus.")]
    addresses: Annotated[
        Literal["current", "previous"],
        Field(description="The memory that it compares its key with: as earlier heads of the step left it, or before."),
    ]
    previous: Annotated[str, Field(description="The head whose weighting of the step before its gate keeps.")]
    start: Annotated[list[float], Field(description="[N], its weighting before step 0")]


class MemoryDescription(BaseModel):
    """How the memory follows from the writes."""

    rule: Annotated[
        Literal["erase_then_add"],
        Field(description="Each write head in acting order: M ← M ∘ (1 − w eᵀ) + w aᵀ."),
    ]
    start: Annotated[list[list[float]], Field(description="[N][W], before step 0")]


class OutputTermDescription(BaseModel):
    """One of the terms that the outputs are sums of."""

    name: Literal["reads", "hidden", "inputs"]
    fields: Annotated[list[str], Field(description="Side by side as the weights see them.")]
    weights: Annotated[list[list[float]], Field(description="[O][K]")]


class OutputDescription(BaseModel):
    """outputs = activation(Σ weights · term + bias)."""

    terms: list[OutputTermDescription]
    bias: Annotated[list[float], Field(description="[O]")]
    activation: Literal["clamp", "sigmoid", "raw"]


class FieldDescription(BaseModel):
    """One field of a step."""

    name: str
    shape: Annotated[list[int], Field(description="Of one step; [] for a number.")]
    axes: list[Literal["location", "column", "shift", "channel", "unit"]]
    role: Role
    range: Annotated[list[float | None], Field(description="[low, high]; null for no bound.")]
    equation: str


class EngineDescription(BaseModel):
    """What computed it, see docs/engine.md."""

    name: Annotated[str, Field(description="“torch”, which is the definition, or “compiled”.")]
    version: Annotated[str, Field(description="Of torch, or of Numba.")]
    dtype: str
    cpu: Annotated[str | None, Field(description="That it was compiled for.")] = None
    reason: Annotated[str | None, Field(description="Why torch serves where the compiled engine might.")] = None


class ScoreDocument(BaseModel):
    """What came of the bits that count."""

    wrong_bits: int
    bits: int
    bit_error_rate: float


class PredictionScoreDocument(BaseModel):
    """What predictions cost, in bits: the less the better, and no less than the optimum in the long run."""

    cost: Annotated[float, Field(description="Σ −log2 of the probability that was given to the bit that came.")]
    optimum: Annotated[float, Field(description="The same of the Bayes-optimal estimator.")]
    excess: Annotated[float, Field(description="cost / optimum − 1")]
    bits: Annotated[int, Field(description="That were predicted and came.")]


class EstimatorDescription(BaseModel):
    """What the best estimator goes by, after hearing the bit of each step: Beta(½, ½) for each context of its own.

    Its probability of a 1 is (ones + ½) / (zeros + ones + 1), in the field `optimum`.
    """

    order: Annotated[int, Field(description="Bits of a context.")]
    contexts: Annotated[
        list[int],
        Field(description="[T], the last `order` bits as a number, the first of them counting most; −1: fewer so far"),
    ]
    zeros: Annotated[list[int], Field(description="[T], how often that context was followed by a 0 before")]
    ones: Annotated[list[int], Field(description="[T], how often by a 1")]


class Description(BaseModel):
    """All of a run that is known before its first step: in a trace, in a stream's header, in `meta` of a trace file."""

    version: Literal[2]
    checkpoint: CheckpointDocument
    task: str
    input: Annotated[dict[str, JsonValue], Field(description="As GET /api/tasks describes it.")]
    steps: Annotated[int, Field(description="T")]
    locations: Annotated[int, Field(description="N of this run")]
    width: Annotated[int, Field(description="W")]
    input_channels: list[ChannelDocument]
    output_channels: list[ChannelDocument]
    phases: list[RolePhaseDocument]
    scored: Annotated[
        list[list[int]],
        Field(description="Which outputs count: [start_step, stop_step, first_channel, stop_channel] each, half-open."),
    ]
    heads: list[HeadDescription]
    memory: MemoryDescription
    output: OutputDescription
    fields: list[FieldDescription]
    estimator: Annotated[
        EstimatorDescription | None,
        Field(description="Of a task whose outputs are probabilities; of others it is absent."),
    ] = None
    engine: EngineDescription
    interventions: Annotated[
        list[JsonValue], Field(description="As they were asked for; recorded is what counts then.")
    ]
    normalized: Annotated[
        list[str] | None, Field(description="Weightings that were changed, and normalized after it, where any")
    ] = None
    changed_steps: Annotated[
        list[int] | None,
        Field(
            alias="reads.applied.steps",
            description="Where interventions changed an element of a read vector, r ← gain · r + offset, where any",
        ),
    ] = None
    changed_heads: Annotated[
        list[int] | None, Field(alias="reads.applied.heads", description="Whose: of those that read, from 0")
    ] = None
    changed_columns: Annotated[list[int] | None, Field(alias="reads.applied.columns", description="Which elements")] = (
        None
    )
    changed_gains: Annotated[list[float] | None, Field(alias="reads.applied.gains")] = None
    changed_offsets: Annotated[list[float] | None, Field(alias="reads.applied.offsets")] = None
    applied_steps: Annotated[
        list[int] | None,
        Field(alias="memory.applied.steps", description="Before whose first head interventions set a cell, where any"),
    ] = None
    applied_rows: Annotated[list[int] | None, Field(alias="memory.applied.rows", description="Their locations")] = None
    applied_columns: Annotated[
        list[int] | None, Field(alias="memory.applied.columns", description="Their columns of the memory")
    ] = None
    applied_values: Annotated[
        list[float] | None, Field(alias="memory.applied.values", description="What stands there from then on")
    ] = None


class DescribedTrace(Description):
    """A run and every number of every step: each field stands under its name, [T] or [T][…]."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any] = Field(init=False)

    wrong: Annotated[int | None, Field(description="Wrong bits; null where no bits count.")]
    score: Annotated[ScoreDocument | PredictionScoreDocument | None, Field(description="The task's own.")]
    diagnosis: Annotated[DiagnosisDocument | None, Field(description="What became of it; null where nobody can say.")]


class WriteSharesDocument(BaseModel):
    """How much of a head's read vector comes from where: at least 0, together 1."""

    writes: Annotated[dict[str, list[float]], Field(description="By write head, [t + 1]")]
    initial: float
    interventions: Annotated[
        list[float] | None, Field(description="[t + 1], of the cells set before each step, where any were")
    ] = None


class PictureDocument(BaseModel):
    """The shares of every read of a head."""

    writes: Annotated[list[list[float]], Field(description="[T][T]: of the read of a step what each step wrote")]
    initial: Annotated[list[float], Field(description="[T]")]
    interventions: Annotated[
        list[list[float]] | None, Field(description="[T][T], of the cells set before each step, where any were")
    ] = None


class ReadTermsDocument(BaseModel):
    """A read vector as an exact sum."""

    writes: Annotated[dict[str, list[list[float]]], Field(description="By write head, [t + 1][W]")]
    initial: Annotated[list[float], Field(description="[W], what is left of the memory before step 0")]
    interventions: Annotated[
        list[list[float]] | None, Field(description="[t + 1][W], of the cells set before each step, where any were")
    ] = None
    total: Annotated[list[float], Field(description="[W], the sum")]
    shares: WriteSharesDocument


class OutputPartsDocument(BaseModel):
    """Terms of the outputs before their activation, signed."""

    writes: Annotated[dict[str, list[list[float]]], Field(description="By write head, [t + 1][O]")]
    initial: Annotated[list[float], Field(description="[O]")]
    interventions: Annotated[
        list[list[float]] | None, Field(description="[t + 1][O], of the cells set before each step, where any were")
    ] = None
    hidden: Annotated[list[float] | None, Field(description="[O], where the outputs see the controller")] = None
    inputs: Annotated[list[float] | None, Field(description="[O], where they see the inputs")] = None
    bias: Annotated[list[float], Field(description="[O]")]


class OutputTermsDocument(OutputPartsDocument):
    """The outputs before their activation as an exact sum."""

    total: Annotated[list[float], Field(description="[O], the sum")]
    shares: Annotated[OutputPartsDocument, Field(description="For each output their absolute values sum to 1.")]


class HeadSentencesDocument(BaseModel):
    """Every source that matters, with its sign, in words."""

    reads: Annotated[dict[str, str], Field(description="By read head")]
    outputs: Annotated[list[str], Field(description="[O]")]


class DescribedProvenance(Description):
    """Where the reads and the outputs of a run come from: the terms of one step, or the shares of all."""

    step: Annotated[int | None, Field(description="t, or null for all steps")]
    reads: Annotated[dict[str, ReadTermsDocument] | None, Field(description="By read head; of one step only")] = None
    outputs: Annotated[OutputTermsDocument | None, Field(description="Of one step only")] = None
    shares: Annotated[dict[str, PictureDocument] | None, Field(description="By read head; of all steps only")] = None
    sentences: Annotated[HeadSentencesDocument | None, Field(description="Of one step only")] = None


class SizeDocument(BaseModel):
    """A number that makes an example of a task longer."""

    name: str
    of: Annotated[str, Field(description="What it counts, for people.")]
    least: int
    most: Annotated[int, Field(description="In an evaluation.")]
    values: Annotated[list[int], Field(description="Evaluated where nothing else is asked for.")]


class MeasureDocument(BaseModel):
    """How the outputs of a task are judged."""

    name: Annotated[
        Literal["bit_error_rate", "excess"],
        Field(
            description="The number that a result of an evaluation has of it: the share of wrong bits, or the cost of "
            "predictions above the optimum's, as a share of that."
        ),
    ]
    title: Annotated[str, Field(description="For people.")]
    chance: Annotated[float | None, Field(description="What guessing gets; null where that depends on the example.")]
    foretold: Annotated[
        bool,
        Field(
            description="Whether outputs are probabilities: a run then has the field `optimum`, its description the "
            "`estimator`, its `wrong` is null, and its score is in bits against the optimum."
        ),
    ]


class TaskDocument(BaseModel):
    """A task that a machine can be run on."""

    name: str
    input: Annotated[
        dict[str, Any],
        Field(
            description="A JSON schema of a request's `input`, with an example. A number with `x-index-of` is an index "
            "of that list, from 0; `x-followed-by` is how many entries must come after the one that it names."
        ),
    ]
    input_channels: Annotated[list[ChannelDocument], Field(description="Of a machine for the example.")]
    output_channels: Annotated[list[ChannelDocument], Field(description="The same, of its outputs.")]
    phases: Annotated[list[RolePhaseDocument], Field(description="Of the example.")]
    scored: Annotated[str, Field(description="What counts, for people.")]
    measure: MeasureDocument
    sizes: Annotated[
        list[SizeDocument], Field(description="The numbers that make an example longer; an evaluation takes them.")
    ]
    steps: Annotated[list[TermDocument], Field(description="How many a run of any size has: the sum of these.")]
    locations: Annotated[list[TermDocument], Field(description="How many an exact answer needs: the sum of these.")]
    patterns: Annotated[
        list[str],
        Field(description="Kinds of sequences that it can be evaluated on; empty where all are random."),
    ]
