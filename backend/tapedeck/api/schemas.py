"""What the service takes and gives, as pydantic models: shapes only, no behaviour."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from tapedeck.tracing.interventions.declarations import MOST, Intervention
from tapedeck.training.patterns import PATTERNS

Bit = Annotated[int, Field(strict=True, ge=0, le=1)]
"""Not Literal[0, 1], which takes true and 1.0 as well."""

Vector = Annotated[list[Bit], Field(fail_fast=True)]
"""The first bit that is wrong ends the look at them."""

MachineId = Annotated[
    str, Field(min_length=1, max_length=200, description="The id of a machine, from GET /api/checkpoints.")
]

Hash = Annotated[
    str | None,
    Field(
        pattern="^[0-9a-fA-F]{64}$",
        description="The SHA-256 of the machine that is meant. If the id leads to another one, the request is "
        "refused (409); null takes whatever the id leads to.",
    ),
]

MOST_THEN = 1000
"""Machines after the first, in one message: more than any training leaves checkpoints."""

EXAMPLE_RUN: JsonDict = {"checkpoint": "copy-1", "sequence": [[1, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 0, 1, 1, 0, 0]]}


class RunRequest(BaseModel):
    """A run: a pure function of these."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, json_schema_extra={"examples": [EXAMPLE_RUN]})

    checkpoint: MachineId
    input: Annotated[
        dict[str, JsonValue] | None,
        Field(description="What the machine's task takes, as GET /api/tasks describes it. Or give a sequence."),
    ] = None
    sequence: Annotated[
        Annotated[list[Vector], Field(fail_fast=True)] | None,
        Field(
            description="The short form of the copy task's input: vectors of 0s and 1s, each with as many bits "
            "as the machine reads."
        ),
    ] = None
    locations: Annotated[
        int | None, Field(description="N, the rows of the memory in this run; null takes the machine's own.")
    ] = None
    interventions: Annotated[
        list[Intervention],
        Field(
            max_length=MOST,
            description="What is changed inside the run, in this order where two meet. Recorded is what counts then, "
            "not what was computed; weightings that were changed are normalized, and named as `normalized`.",
        ),
    ] = Field(default_factory=list)
    sha256: Hash = None


class StreamedRunRequest(RunRequest):
    """A run that is streamed, and the same on other machines after it."""

    then: Annotated[
        list[MachineId],
        Field(
            max_length=MOST_THEN,
            description="Machines on which the same is run afterwards, one after another as if each were asked for "
            "when the one before is over: the checkpoints of a training, say. `sha256` is of the first machine "
            "alone. An error ends all that follow.",
        ),
    ] = Field(default_factory=list)


class ProvenanceRequest(RunRequest):
    """A run, and the step to explain."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**EXAMPLE_RUN, "step": 4}]})

    step: Annotated[int | None, Field(description="From 0; null for the picture of all steps.")] = None


class PictureQuery(BaseModel):
    """What a picture of a run shows; of no other form."""

    model_config = ConfigDict(frozen=True)

    step: Annotated[
        int | None, Field(description="Draws a line there in every panel, and the memory as it is after the step.")
    ] = None
    rows: Annotated[
        str,
        Field(
            max_length=40,
            description="The locations that are shown: `used`, those that a head used; `all`; or the first and the "
            "last one, such as `60-83`, around the end of the memory where the last is the smaller one.",
        ),
    ] = "used"
    panel: Annotated[
        str | None,
        Field(max_length=200, description="One panel alone: a field's name, or `memory`, which needs a step."),
    ] = None


class EvaluationRequest(BaseModel):
    """What to evaluate a machine on: every size with every pattern."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={
            "examples": [
                {"checkpoint": "copy-1", "lengths": [10, 60, 126], "sequences": 20},
                {"checkpoint": "associative_recall-2", "sizes": {"items": [2, 6, 12]}, "sequences": 20},
            ]
        },
    )

    checkpoint: MachineId
    lengths: Annotated[
        list[int] | None,
        Field(max_length=1000, description="Vectors of a sequence, 1 to 1000: the short form of a copy."),
    ] = None
    sizes: Annotated[
        dict[str, Annotated[list[int], Field(max_length=1000)]] | None,
        Field(
            max_length=10,
            description="The values of each number that makes an example of the task longer, as GET /api/tasks names "
            "them; every combination is evaluated. The task's own values where neither lengths nor sizes are given.",
        ),
    ] = None
    patterns: Annotated[
        list[str], Field(max_length=20, description=f"Kinds of sequences, of {', '.join(PATTERNS)}.")
    ] = Field(default_factory=lambda: ["random"])
    sequences: Annotated[int, Field(ge=1, description="At each size and pattern.")] = 20
    locations: Annotated[int | None, Field(description="N; null takes the machine's own.")] = None
    seed: Annotated[int, Field(ge=0, le=2**31, description="Of the examples, the same for every machine.")] = 1
    sha256: Hash = None


class EvaluationResult(BaseModel):
    """A machine at one size and pattern; each number of the size stands under its name, as `length` does."""

    model_config = ConfigDict(extra="allow")

    checkpoint: str
    length: Annotated[int | None, Field(description="Vectors, where a task has a length.")] = None
    pattern: str
    locations: int
    sequences: int
    exact: Annotated[int, Field(description="Sequences without a wrong bit.")]
    exact_share: float
    bits: int
    wrong_bits: int
    bit_error_rate: float
    interval: Annotated[
        list[float],
        Field(
            description="[low, high]: where the rate lies with 95 % confidence. The sequence is the unit, because its "
            "bits fail together; where no bit is wrong, high is a one-sided bound.",
        ),
    ]
    wrong_by_sequence: Annotated[list[int], Field(description="The wrong bits of each sequence.")]
    margin: Annotated[float, Field(description="The smallest distance of an output from one half.")]
    worst: Annotated[
        list[str] | dict[str, JsonValue],
        Field(
            description="The example with the most wrong bits: of a copy one string per vector, of any other task the "
            "`input` of a request."
        ),
    ]


class PredictionEvaluationResult(BaseModel):
    """A machine at one size of a task whose outputs are probabilities."""

    model_config = ConfigDict(extra="allow")

    checkpoint: str
    length: Annotated[int | None, Field(description="Bits of a stream, where a task has a length.")] = None
    pattern: str
    locations: int
    sequences: int
    bits: Annotated[int, Field(description="That were predicted and came, of all streams.")]
    cost: Annotated[float, Field(description="Of all predictions, in bits.")]
    optimum: Annotated[float, Field(description="The same of the Bayes-optimal estimator.")]
    excess: Annotated[float, Field(description="cost / optimum − 1")]
    interval: Annotated[
        list[float], Field(description="[low, high]: where the excess lies with 95 % confidence, clustered by stream.")
    ]
    cost_by_sequence: list[float]
    optimum_by_sequence: list[float]
    worst: Annotated[
        dict[str, JsonValue], Field(description="The stream that cost most above the optimum, as an `input`.")
    ]


class KeptEvaluation(BaseModel):
    """An evaluation that was written down, with all that it takes to count it again."""

    command: Annotated[str, Field(description="That does it.")]
    versions: Annotated[dict[str, str], Field(description="Of what has a part in the numbers.")]
    plan: Annotated[dict[str, JsonValue], Field(description="Sizes, patterns, sequences, locations, seed.")]
    results: list[EvaluationResult | PredictionEvaluationResult]


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: Annotated[str, Field(description="For programs.", examples=["invalid_sequence"])]
    detail: Annotated[
        str,
        Field(
            description="For people: what was expected, what came, what to do.",
            examples=["Vector 3 is empty; give it a bit for each that the machine reads."],
        ),
    ]
    field: Annotated[
        str | None, Field(description="The part of the request that is at fault.", examples=["sequence.2"])
    ]


class ErrorDocument(BaseModel):
    """The one shape of every error."""

    error: ErrorDetail


class Health(BaseModel):
    """The service answers."""

    status: Annotated[Literal["ok", "degraded"], Field(description="degraded: a part is missing; see problems.")]
    version: str
    checkpoints: Annotated[int, Field(description="How many machines can be run.")]
    problems: Annotated[
        list[str] | None, Field(description="What cannot be read, one sentence each; absent if nothing is wrong.")
    ] = None


class MachineSizes(BaseModel):
    """The sizes of a machine."""

    locations: Annotated[int, Field(description="N, the rows of its memory.")]
    width: Annotated[int, Field(description="W, the columns of its memory.")]
    bits: Annotated[
        int, Field(description="Of one vector; inputs and outputs may have more channels, such as delimiters.")
    ]
    controller_size: int


class TermDocument(BaseModel):
    """A product of sizes, so many times; a sum of such terms is rounded to a whole number."""

    times: int | float
    of: Annotated[list[str], Field(description="Names of sizes; none is the constant 1.")]


class CheckpointDocument(BaseModel):
    """A trained machine."""

    id: str
    name: str
    task: str
    sequences_seen: int | None
    seed: int | None
    machine: Annotated[
        dict[str, Any] | None, Field(description="Its specification: what the machine is; not in a trace of version 1.")
    ] = None
    config: MachineSizes
    steps: Annotated[
        list[TermDocument] | None,
        Field(
            description="How many a run of any size has, the sum of these, where the machine hears its task in a way "
            "of its own, see `machine.encoding`; not there where it is as `GET /api/tasks` says.",
            exclude_if=lambda steps: steps is None,
        ),
    ] = None
    sha256: Annotated[str, Field(description="Of the file.")]
    metrics: dict[str, Any]
    origin: dict[str, Any]


class ParameterDocument(BaseModel):
    """A parameter of a machine, which noise can be added to: the target `parameters.NAME`."""

    name: Annotated[str, Field(description="As the file has it.")]
    shape: list[int]
    deviation: Annotated[
        float, Field(description="The standard deviation of its numbers, of which noise is a share; without one, none.")
    ]


class UnreadableDocument(BaseModel):
    """A file among the machines that cannot be read."""

    id: str
    error: ErrorDetail


class PhaseDocument(BaseModel):
    """A stretch of steps, `start` included, `stop` not."""

    name: str
    start: int
    stop: int


class HeadDocument(BaseModel):
    """One head: its kind, and what it computed at each of T steps."""

    kind: Literal["write", "read"]
    weighting: Annotated[list[list[float]], Field(description="[T][N]")]
    content_weighting: Annotated[list[list[float]], Field(description="[T][N]")]
    gated_weighting: Annotated[list[list[float]], Field(description="[T][N]")]
    shifted_weighting: Annotated[list[list[float]], Field(description="[T][N]")]
    key: Annotated[list[list[float]], Field(description="[T][W]")]
    key_strength: Annotated[list[float], Field(description="[T]")]
    interpolation_gate: Annotated[list[float], Field(description="[T]")]
    sharpening: Annotated[list[float], Field(description="[T]")]
    shift_weighting: Annotated[list[list[float]], Field(description="[T][3], for the shifts +1, 0, −1")]
    erase_vector: Annotated[list[list[float]] | None, Field(description="[T][W], of a write head only")] = None
    add_vector: Annotated[list[list[float]] | None, Field(description="[T][W], of a write head only")] = None
    read_vector: Annotated[list[list[float]] | None, Field(description="[T][W], of a read head only")] = None


class InitialDocument(BaseModel):
    """Before step 0."""

    memory: Annotated[list[list[float]], Field(description="[N][W]")]
    weighting: Annotated[list[float], Field(description="[N]")]


class MarkDocument(BaseModel):
    """A step at which wrong bits came out."""

    step: int
    kind: Annotated[str, Field(description="One of those of the diagnosis.")]


class DiagnosisDocument(BaseModel):
    """What became of a run, and why."""

    kind: Annotated[
        str,
        Field(
            description="exact, or a word of the task's own. A copy: untrained: what the machine writes is not what it "
            "was given; dead_channel: an output bit is the same whatever is read; wrap_around: more writes than "
            "locations; overwritten: a vector's location was written to again, though there was room; slip: the read "
            "head is not where the vector is; duplication: nor is it there, because a vector was read twice; blur: a "
            "weighting is spread over many locations; wrong: none of these. Associative recall: ambiguous: the item "
            "after another one that is like the one asked with; wrong_item: another item of the list; damaged: the "
            "right one with wrong bits; no_item: none of them. Repeat copy: untrained; stopped_early: the end marker "
            "after fewer repeats; went_on: another repeat instead of it; end_marker: at another step, or not at all; "
            "slip: another vector than the one whose turn it is; blur; wrong. Priority sort: untrained; swapped: two "
            "vectors, each in the place of the other; out_of_order: a vector in the place of another; not_due: one "
            "whose priority is too low to come out; damaged: the right one with wrong bits; wrong: none that was "
            "heard. Dynamic n-grams: optimal: within 2 % of the best possible; short: worse; untrained: no better than "
            "saying one half each time."
        ),
    ]
    first_wrong_step: Annotated[int | None, Field(description="The first at which a wrong bit came out.")]
    offset: Annotated[
        int | None,
        Field(description="From the location written to the one read, at the first vector missed; > 0 is too far."),
    ]
    sentence: Annotated[str, Field(description="For people.")]
    marks: Annotated[list[MarkDocument], Field(description="Every wrong step, and what went wrong there.")]


class TraceDocument(BaseModel):
    """Every number of every step of a run, in the form of version 1: for a request with `sequence`."""

    checkpoint: CheckpointDocument
    steps: Annotated[int, Field(description="T")]
    locations: Annotated[int, Field(description="N of this run")]
    width: Annotated[int, Field(description="W")]
    phases: list[PhaseDocument]
    inputs: Annotated[list[list[float]], Field(description="[T][bits + 2]")]
    targets: Annotated[list[list[float]], Field(description="[T][bits + 2]")]
    outputs: Annotated[list[list[float]], Field(description="[T][bits + 2]")]
    bit_errors: Annotated[int, Field(description="Wrong bits of the recall phase: output > 0.5 against target.")]
    heads: Annotated[dict[str, HeadDocument], Field(description="By name, in the order in which they act.")]
    initial: InitialDocument
    diagnosis: Annotated[DiagnosisDocument | None, Field(description="null where nobody can say.")]


class SharesDocument(BaseModel):
    """How much of the read vector comes from where."""

    writes: Annotated[list[float] | list[list[float]], Field(description="[t + 1] for one step, [T][T] for all")]
    initial: Annotated[float | list[float], Field(description="A number for one step, [T] for all")]


class OutputSharesDocument(BaseModel):
    """An output's terms as parts of all their magnitudes: signed; for each output their absolute values sum to 1."""

    writes: Annotated[list[list[float]], Field(description="[t + 1][bits + 2]")]
    initial: Annotated[list[float], Field(description="[bits + 2]")]
    bias: Annotated[list[float], Field(description="[bits + 2]")]


class SentencesDocument(BaseModel):
    """Every source that matters, with its sign, in words."""

    read: Annotated[str, Field(description="Of the read vector")]
    output: Annotated[list[str], Field(description="[bits + 2], of each output before its clamp")]


class TermsDocument(BaseModel):
    """A vector as an exact sum: of the read vector with K = W, of the output before its clamp with K = bits + 2."""

    writes: Annotated[list[list[float]], Field(description="[t + 1][K], what each step's write gave")]
    initial: Annotated[list[float], Field(description="[K], what is left of the initial memory")]
    bias: Annotated[list[float] | None, Field(description="[K], of an output only")] = None
    total: Annotated[list[float], Field(description="[K], the sum")]
    shares: Annotated[OutputSharesDocument | None, Field(description="Of an output only")] = None


class ProvenanceDocument(BaseModel):
    """Where the reads of a run come from: the terms of one step, or the shares of all."""

    checkpoint: CheckpointDocument
    steps: Annotated[int, Field(description="T")]
    locations: Annotated[int, Field(description="N of this run")]
    width: Annotated[int, Field(description="W")]
    phases: list[PhaseDocument]
    step: Annotated[int | None, Field(description="t, or null for all steps")]
    read_vector: Annotated[TermsDocument | None, Field(description="Of one step only")] = None
    output: Annotated[TermsDocument | None, Field(description="Before its clamp; of one step only")] = None
    shares: SharesDocument
    sentences: Annotated[SentencesDocument | None, Field(description="Of one step only")] = None
