/** The service's contract, made from its OpenAPI document by `make types`. Not to be edited. */

/** A write head writes nothing (it erases and adds 0); a read head reads zeros. */
export interface Ablate {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  kind?: "ablate";
  head: string;
}

/** Something is added to elements of a field, or to cells of the memory. A weighting is normalized after it. */
export interface Add {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  /** A field of the step, as the description names it: `HEAD.key`, `HEAD.weighting` …, `controller.hidden`, `controller.cell`, `inputs`, `outputs`; `memory`; or, before step 0, `initial.memory` and `initial.HEAD.weighting`. */
  target: string;
  /** Which elements of a field: indices, or names of channels; all where left out. */
  elements?: (number | string)[] | null;
  /** Locations of the memory; all where left out. */
  rows?: number[] | null;
  /** Columns of the memory; all where left out. */
  columns?: number[] | null;
  kind?: "add";
  /** A number for every element, or a list with one for each; of the memory one for each column, or a list of such for each row. */
  value: number | number[] | number[][];
}

/** A head finds its weighting without content (g = 0), or without location (g = 1, no shift, γ = 1). */
export interface Addressing {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  kind?: "addressing";
  head: string;
  without: "content" | "location";
}

/** What is varied, and its values. */
export interface Axis {
  /** `locations`, the name of a size such as `length`, or an intervention whose number is varied: the `value` of set, scale and add, the `spread` of noise, `by` of move, which may be left out. */
  vary: string | Record<string, unknown>;
  values: number[];
}

/** One element of an input or an output vector. */
export interface ChannelDocument {
  name: string;
  kind: "bit" | "delimiter" | "count" | "priority" | "probability" | "value";
}

/** A trained machine. */
export interface CheckpointDocument {
  id: string;
  name: string;
  task: string;
  sequences_seen: number | null;
  seed: number | null;
  /** Its specification: what the machine is; not in a trace of version 1. */
  machine?: Record<string, unknown> | null;
  config: MachineSizes;
  /** How many a run of any size has, the sum of these, where the machine hears its task in a way of its own, see `machine.encoding`; not there where it is as `GET /api/tasks` says. */
  steps?: TermDocument[] | null;
  /** Of the file. */
  sha256: string;
  metrics: Record<string, unknown>;
  origin: Record<string, unknown>;
}

/** Where the reads and the outputs of a run come from: the terms of one step, or the shares of all. */
export interface DescribedProvenance {
  version: 2;
  checkpoint: CheckpointDocument;
  task: string;
  /** As GET /api/tasks describes it. */
  input: Record<string, JsonValue>;
  /** T */
  steps: number;
  /** N of this run */
  locations: number;
  /** W */
  width: number;
  input_channels: ChannelDocument[];
  output_channels: ChannelDocument[];
  phases: RolePhaseDocument[];
  /** Which outputs count: [start_step, stop_step, first_channel, stop_channel] each, half-open. */
  scored: number[][];
  heads: HeadDescription[];
  memory: MemoryDescription;
  output: OutputDescription;
  fields: FieldDescription[];
  /** Of a task whose outputs are probabilities; of others it is absent. */
  estimator?: EstimatorDescription | null;
  engine: EngineDescription;
  /** As they were asked for; recorded is what counts then. */
  interventions: JsonValue[];
  /** Weightings that were changed, and normalized after it, where any */
  normalized?: string[] | null;
  /** Where interventions changed an element of a read vector, r ← gain · r + offset, where any */
  "reads.applied.steps"?: number[] | null;
  /** Whose: of those that read, from 0 */
  "reads.applied.heads"?: number[] | null;
  /** Which elements */
  "reads.applied.columns"?: number[] | null;
  "reads.applied.gains"?: number[] | null;
  "reads.applied.offsets"?: number[] | null;
  /** Before whose first head interventions set a cell, where any */
  "memory.applied.steps"?: number[] | null;
  /** Their locations */
  "memory.applied.rows"?: number[] | null;
  /** Their columns of the memory */
  "memory.applied.columns"?: number[] | null;
  /** What stands there from then on */
  "memory.applied.values"?: number[] | null;
  /** t, or null for all steps */
  step: number | null;
  /** By read head; of one step only */
  reads?: Record<string, ReadTermsDocument> | null;
  /** Of one step only */
  outputs?: OutputTermsDocument | null;
  /** By read head; of all steps only */
  shares?: Record<string, PictureDocument> | null;
  /** Of one step only */
  sentences?: HeadSentencesDocument | null;
}

/** A run and every number of every step: each field stands under its name, [T] or [T][…]. */
export interface DescribedTrace {
  version: 2;
  checkpoint: CheckpointDocument;
  task: string;
  /** As GET /api/tasks describes it. */
  input: Record<string, JsonValue>;
  /** T */
  steps: number;
  /** N of this run */
  locations: number;
  /** W */
  width: number;
  input_channels: ChannelDocument[];
  output_channels: ChannelDocument[];
  phases: RolePhaseDocument[];
  /** Which outputs count: [start_step, stop_step, first_channel, stop_channel] each, half-open. */
  scored: number[][];
  heads: HeadDescription[];
  memory: MemoryDescription;
  output: OutputDescription;
  fields: FieldDescription[];
  /** Of a task whose outputs are probabilities; of others it is absent. */
  estimator?: EstimatorDescription | null;
  engine: EngineDescription;
  /** As they were asked for; recorded is what counts then. */
  interventions: JsonValue[];
  /** Weightings that were changed, and normalized after it, where any */
  normalized?: string[] | null;
  /** Where interventions changed an element of a read vector, r ← gain · r + offset, where any */
  "reads.applied.steps"?: number[] | null;
  /** Whose: of those that read, from 0 */
  "reads.applied.heads"?: number[] | null;
  /** Which elements */
  "reads.applied.columns"?: number[] | null;
  "reads.applied.gains"?: number[] | null;
  "reads.applied.offsets"?: number[] | null;
  /** Before whose first head interventions set a cell, where any */
  "memory.applied.steps"?: number[] | null;
  /** Their locations */
  "memory.applied.rows"?: number[] | null;
  /** Their columns of the memory */
  "memory.applied.columns"?: number[] | null;
  /** What stands there from then on */
  "memory.applied.values"?: number[] | null;
  /** Wrong bits; null where no bits count. */
  wrong: number | null;
  /** The task's own. */
  score: ScoreDocument | PredictionScoreDocument | null;
  /** What became of it; null where nobody can say. */
  diagnosis: DiagnosisDocument | null;
}

/** What became of a run, and why. */
export interface DiagnosisDocument {
  /** exact, or a word of the task's own. A copy: untrained: what the machine writes is not what it was given; dead_channel: an output bit is the same whatever is read; wrap_around: more writes than locations; overwritten: a vector's location was written to again, though there was room; slip: the read head is not where the vector is; duplication: nor is it there, because a vector was read twice; blur: a weighting is spread over many locations; wrong: none of these. Associative recall: ambiguous: the item after another one that is like the one asked with; wrong_item: another item of the list; damaged: the right one with wrong bits; no_item: none of them. Repeat copy: untrained; stopped_early: the end marker after fewer repeats; went_on: another repeat instead of it; end_marker: at another step, or not at all; slip: another vector than the one whose turn it is; blur; wrong. Priority sort: untrained; swapped: two vectors, each in the place of the other; out_of_order: a vector in the place of another; not_due: one whose priority is too low to come out; damaged: the right one with wrong bits; wrong: none that was heard. Dynamic n-grams: optimal: within 2 % of the best possible; short: worse; untrained: no better than saying one half each time. */
  kind: string;
  /** The first at which a wrong bit came out. */
  first_wrong_step: number | null;
  /** From the location written to the one read, at the first vector missed; > 0 is too far. */
  offset: number | null;
  /** For people. */
  sentence: string;
  /** Every wrong step, and what went wrong there. */
  marks: MarkDocument[];
}

/** What computed it, see docs/engine.md. */
export interface EngineDescription {
  /** “torch”, which is the definition, or “compiled”. */
  name: string;
  /** Of torch, or of Numba. */
  version: string;
  dtype: string;
  /** That it was compiled for. */
  cpu?: string | null;
  /** Why torch serves where the compiled engine might. */
  reason?: string | null;
}

/** What went wrong. */
export interface ErrorDetail {
  /** For programs. */
  code: string;
  /** For people: what was expected, what came, what to do. */
  detail: string;
  /** The part of the request that is at fault. */
  field: string | null;
}

/** The one shape of every error. */
export interface ErrorDocument {
  error: ErrorDetail;
}

/** What the best estimator goes by, after hearing the bit of each step: Beta(½, ½) for each context of its own.

Its probability of a 1 is (ones + ½) / (zeros + ones + 1), in the field `optimum`. */
export interface EstimatorDescription {
  /** Bits of a context. */
  order: number;
  /** [T], the last `order` bits as a number, the first of them counting most; −1: fewer so far */
  contexts: number[];
  /** [T], how often that context was followed by a 0 before */
  zeros: number[];
  /** [T], how often by a 1 */
  ones: number[];
}

/** What to evaluate a machine on: every size with every pattern. */
export interface EvaluationRequest {
  /** The id of a machine, from GET /api/checkpoints. */
  checkpoint: string;
  /** Vectors of a sequence, 1 to 1000: the short form of a copy. */
  lengths?: number[] | null;
  /** The values of each number that makes an example of the task longer, as GET /api/tasks names them; every combination is evaluated. The task's own values where neither lengths nor sizes are given. */
  sizes?: Record<string, number[]> | null;
  /** Kinds of sequences, of random, any-density, sparse, dense, zeros, ones, one-hot, repeated, edge-rows. */
  patterns?: string[];
  /** At each size and pattern. */
  sequences?: number;
  /** N; null takes the machine's own. */
  locations?: number | null;
  /** Of the examples, the same for every machine. */
  seed?: number;
  /** The SHA-256 of the machine that is meant. If the id leads to another one, the request is refused (409); null takes whatever the id leads to. */
  sha256?: string | null;
}

/** A machine at one size and pattern; each number of the size stands under its name, as `length` does. */
export interface EvaluationResult {
  checkpoint: string;
  /** Vectors, where a task has a length. */
  length?: number | null;
  pattern: string;
  locations: number;
  sequences: number;
  /** Sequences without a wrong bit. */
  exact: number;
  exact_share: number;
  bits: number;
  wrong_bits: number;
  bit_error_rate: number;
  /** [low, high]: where the rate lies with 95 % confidence. The sequence is the unit, because its bits fail together; where no bit is wrong, high is a one-sided bound. */
  interval: number[];
  /** The wrong bits of each sequence. */
  wrong_by_sequence: number[];
  /** The smallest distance of an output from one half. */
  margin: number;
  /** The example with the most wrong bits: of a copy one string per vector, of any other task the `input` of a request. */
  worst: string[] | Record<string, JsonValue>;
}

/** One field of a step. */
export interface FieldDescription {
  name: string;
  /** Of one step; [] for a number. */
  shape: number[];
  axes: ("location" | "column" | "shift" | "channel" | "unit")[];
  role: "input" | "target" | "optimum" | "output" | "weighting" | "key" | "scalar" | "shift" | "erase" | "add" | "read" | "hidden" | "cell";
  /** [low, high]; null for no bound. */
  range: (number | null)[];
  equation: string;
}

/** A head's weighting stays what it was in the step before. */
export interface Freeze {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  kind?: "freeze";
  head: string;
}

/** A head, in acting order. */
export interface HeadDescription {
  name: string;
  kind: "write" | "read";
  /** The names of its fields. */
  fields: string[];
  /** How far each share of its shift weighting moves the focus. */
  shifts: number[];
  /** The memory that it compares its key with: as earlier heads of the step left it, or before. */
  addresses: "current" | "previous";
  /** The head whose weighting of the step before its gate keeps. */
  previous: string;
  /** [N], its weighting before step 0 */
  start: number[];
}

/** One head: its kind, and what it computed at each of T steps. */
export interface HeadDocument {
  kind: "write" | "read";
  /** [T][N] */
  weighting: number[][];
  /** [T][N] */
  content_weighting: number[][];
  /** [T][N] */
  gated_weighting: number[][];
  /** [T][N] */
  shifted_weighting: number[][];
  /** [T][W] */
  key: number[][];
  /** [T] */
  key_strength: number[];
  /** [T] */
  interpolation_gate: number[];
  /** [T] */
  sharpening: number[];
  /** [T][3], for the shifts +1, 0, −1 */
  shift_weighting: number[][];
  /** [T][W], of a write head only */
  erase_vector?: number[][] | null;
  /** [T][W], of a write head only */
  add_vector?: number[][] | null;
  /** [T][W], of a read head only */
  read_vector?: number[][] | null;
}

/** Every source that matters, with its sign, in words. */
export interface HeadSentencesDocument {
  /** By read head */
  reads: Record<string, string>;
  /** [O] */
  outputs: string[];
}

/** The service answers. */
export interface Health {
  /** degraded: a part is missing; see problems. */
  status: "ok" | "degraded";
  version: string;
  /** How many machines can be run. */
  checkpoints: number;
  /** What cannot be read, one sentence each; absent if nothing is wrong. */
  problems?: string[] | null;
}

/** What the answer of a run hangs on. A number is null where the numbers of the changed run overflow. */
export interface ImportanceDocument {
  /** [K], the rows of the map. */
  parts: PartDocument[];
  /** [K][T]: wrong bits, or what predictions cost in bits, with the part taken out at the step, those of the run itself taken off. */
  above: ((number | null)[])[];
  /** [K][T]: the mean change of all outputs that are scored, before their activation. */
  change: ((number | null)[])[];
  rows: RowsDocument;
  /** Wrong bits of the run itself, or what its predictions cost. */
  amount: number;
  sentence: string;
}

/** A run, and when the rows of its memory are set to 0. */
export interface ImportanceRequest {
  /** The id of a machine, from GET /api/checkpoints. */
  checkpoint: string;
  /** What the machine's task takes, as GET /api/tasks describes it. Or give a sequence. */
  input?: Record<string, JsonValue> | null;
  /** The short form of the copy task's input: vectors of 0s and 1s, each with as many bits as the machine reads. */
  sequence?: number[][] | null;
  /** N, the rows of the memory in this run; null takes the machine's own. */
  locations?: number | null;
  /** What is changed inside the run, in this order where two meet. Recorded is what counts then, not what was computed; weightings that were changed are normalized, and named as `normalized`. */
  interventions?: (Set | Scale | Add | Noise | Swap | Addressing | Freeze | Move | Ablate)[];
  /** The SHA-256 of the machine that is meant. If the id leads to another one, the request is refused (409); null takes whatever the id leads to. */
  sha256?: string | null;
  /** Before it, each row is set to 0; null for the first step that is scored, of predictions the middle one. */
  row_step?: number | null;
}

/** Before step 0. */
export interface InitialDocument {
  /** [N][W] */
  memory: number[][];
  /** [N] */
  weighting: number[];
}

/** A training job as it stands. */
export interface JobDocument {
  /** Also the name of its run: `<id>-<sequences>` are the machines along the way. */
  id: string;
  seed: number;
  /** Every field of it. */
  recipe: Recipe;
  /** When it was asked for, in seconds since 1970. */
  created: number;
  state: JobState;
  /** Place in the queue, from 1; null for a training that is not waiting. */
  place: number | null;
  /** null until its process has started. */
  progress: Progress | null;
  /** Whether its steps are compiled; null while they are being compiled. */
  compiled: boolean | null;
  /** Over the last ten seconds of training. */
  sequences_per_second: number | null;
  /** At that speed. */
  seconds_left: number | null;
  /** How many machines of its series there are so far. */
  checkpoints: number;
  /** The id of its machine, once it is finished. */
  checkpoint: string | null;
  /** What went wrong, if it failed. */
  error: ErrorDetail | null;
}

/** A training: with a recipe, a seed decides every parameter of the machine that comes of it. */
export interface JobRequest {
  /** A whole number from 0 to 2⁵³ − 1. */
  seed: number;
  /** Fields of a recipe; those left out have their defaults, which GET /api/training returns. */
  recipe?: { task?: string; sequences?: number; batch_size?: number; shortest?: number; longest?: number; patterns?: Record<string, number>; late_patterns?: Record<string, number>; late_from?: number; locations?: number; width?: number; bits?: number; controller_size?: number; controller?: string; gate_bias?: number; forward_bias?: number; steepness?: number; learning_rate?: number; momentum?: number; smoothing?: number; epsilon?: number; gradient_norm?: number; decay?: number; final_rate?: number; };
}

/** The state of a job. */
export type JobState = "queued" | "running" | "paused" | "finished" | "stopped" | "failed";

export type JsonValue = unknown;

/** An evaluation that was written down, with all that it takes to count it again. */
export interface KeptEvaluation {
  /** That does it. */
  command: string;
  /** Of what has a part in the numbers. */
  versions: Record<string, string>;
  /** Sizes, patterns, sequences, locations, seed. */
  plan: Record<string, JsonValue>;
  results: (EvaluationResult | PredictionEvaluationResult)[];
}

/** The sizes of a machine. */
export interface MachineSizes {
  /** N, the rows of its memory. */
  locations: number;
  /** W, the columns of its memory. */
  width: number;
  /** Of one vector; inputs and outputs may have more channels, such as delimiters. */
  bits: number;
  controller_size: number;
}

/** A step at which wrong bits came out. */
export interface MarkDocument {
  step: number;
  /** One of those of the diagnosis. */
  kind: string;
}

/** How the outputs of a task are judged. */
export interface MeasureDocument {
  /** The number that a result of an evaluation has of it: the share of wrong bits, or the cost of predictions above the optimum's, as a share of that. */
  name: "bit_error_rate" | "excess";
  /** For people. */
  title: string;
  /** What guessing gets; null where that depends on the example. */
  chance: number | null;
  /** Whether outputs are probabilities: a run then has the field `optimum`, its description the `estimator`, its `wrong` is null, and its score is in bits against the optimum. */
  foretold: boolean;
}

/** How the memory follows from the writes. */
export interface MemoryDescription {
  /** Each write head in acting order: M ← M ∘ (1 − w eᵀ) + w aᵀ. */
  rule: "erase_then_add";
  /** [N][W], before step 0 */
  start: number[][];
}

/** How a training went: one line per hundred updates. */
export interface MetricsDocument {
  lines: Progress[];
  /** What is wrong with lines that cannot be read. */
  error: ErrorDetail | null;
}

/** A head's weighting is moved some locations on, circularly. */
export interface Move {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  kind?: "move";
  head: string;
  /** Locations; below 0 backwards. */
  by: number;
}

/** Seeded normal noise is added to cells of the memory, to what a run starts from, or to a named parameter of a copy
of the machine. */
export interface Noise {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  /** `memory`; before step 0 `initial.memory`, `initial.HEAD.weighting` or `parameters.NAME`, by the names of the machine's state_dict. */
  target: string;
  /** Which elements of a field: indices, or names of channels; all where left out. */
  elements?: (number | string)[] | null;
  /** Locations of the memory; all where left out. */
  rows?: number[] | null;
  /** Columns of the memory; all where left out. */
  columns?: number[] | null;
  kind?: "noise";
  /** The standard deviation; of a parameter, as a share of that parameter's own. */
  spread: number;
  seed?: number;
}

/** outputs = activation(Σ weights · term + bias). */
export interface OutputDescription {
  terms: OutputTermDescription[];
  /** [O] */
  bias: number[];
  activation: "clamp" | "sigmoid" | "raw";
}

/** Terms of the outputs before their activation, signed. */
export interface OutputPartsDocument {
  /** By write head, [t + 1][O] */
  writes: Record<string, number[][]>;
  /** [O] */
  initial: number[];
  /** [t + 1][O], of the cells set before each step, where any were */
  interventions?: number[][] | null;
  /** [O], where the outputs see the controller */
  hidden?: number[] | null;
  /** [O], where they see the inputs */
  inputs?: number[] | null;
  /** [O] */
  bias: number[];
}

/** An output's terms as parts of all their magnitudes: signed; for each output their absolute values sum to 1. */
export interface OutputSharesDocument {
  /** [t + 1][bits + 2] */
  writes: number[][];
  /** [bits + 2] */
  initial: number[];
  /** [bits + 2] */
  bias: number[];
}

/** One of the terms that the outputs are sums of. */
export interface OutputTermDescription {
  name: "reads" | "hidden" | "inputs";
  /** Side by side as the weights see them. */
  fields: string[];
  /** [O][K] */
  weights: number[][];
}

/** The outputs before their activation as an exact sum. */
export interface OutputTermsDocument {
  /** By write head, [t + 1][O] */
  writes: Record<string, number[][]>;
  /** [O] */
  initial: number[];
  /** [t + 1][O], of the cells set before each step, where any were */
  interventions?: number[][] | null;
  /** [O], where the outputs see the controller */
  hidden?: number[] | null;
  /** [O], where they see the inputs */
  inputs?: number[] | null;
  /** [O] */
  bias: number[];
  /** [O], the sum */
  total: number[];
  /** For each output their absolute values sum to 1. */
  shares: OutputPartsDocument;
}

/** A parameter of a machine, which noise can be added to: the target `parameters.NAME`. */
export interface ParameterDocument {
  /** As the file has it. */
  name: string;
  shape: number[];
  /** The standard deviation of its numbers, of which noise is a share; without one, none. */
  deviation: number;
}

/** What is taken out at a step. */
export interface PartDocument {
  /** `read.content`, `write.erase_vector`, `read` … */
  name: string;
  /** That does it; with a `step` it is one of a request. */
  intervention: Record<string, unknown>;
}

/** A stretch of steps, `start` included, `stop` not. */
export interface PhaseDocument {
  name: string;
  start: number;
  stop: number;
}

/** The shares of every read of a head. */
export interface PictureDocument {
  /** [T][T]: of the read of a step what each step wrote */
  writes: number[][];
  /** [T] */
  initial: number[];
  /** [T][T], of the cells set before each step, where any were */
  interventions?: number[][] | null;
}

/** A machine at one size of a task whose outputs are probabilities. */
export interface PredictionEvaluationResult {
  checkpoint: string;
  /** Bits of a stream, where a task has a length. */
  length?: number | null;
  pattern: string;
  locations: number;
  sequences: number;
  /** That were predicted and came, of all streams. */
  bits: number;
  /** Of all predictions, in bits. */
  cost: number;
  /** The same of the Bayes-optimal estimator. */
  optimum: number;
  /** cost / optimum − 1 */
  excess: number;
  /** [low, high]: where the excess lies with 95 % confidence, clustered by stream. */
  interval: number[];
  cost_by_sequence: number[];
  optimum_by_sequence: number[];
  /** The stream that cost most above the optimum, as an `input`. */
  worst: Record<string, JsonValue>;
}

/** What predictions cost, in bits: the less the better, and no less than the optimum in the long run. */
export interface PredictionScoreDocument {
  /** Σ −log2 of the probability that was given to the bit that came. */
  cost: number;
  /** The same of the Bayes-optimal estimator. */
  optimum: number;
  /** cost / optimum − 1 */
  excess: number;
  /** That were predicted and came. */
  bits: number;
}

/** Where a run of training stands.

Attributes:
    sequences, total: seen so far, and in the whole run.
    loss: mean over the updates of the current stretch (`Trainer.begin_stretch`); None before the first.
    bit_error_rate: share of wrong bits in the batches of these updates, each before it was learned from.
    validation_errors: wrong bits in the last validation; None before the first.
    validation_excess: of a task whose outputs are probabilities, which have neither wrong bits nor a rate of them:
        the share above the optimum of what they cost in the last validation.
    solved_at: sequences seen at the first validation without an error; None until then.
    solved_after: seconds of training until then.
    skipped: updates left out so far because a number was not finite.
    seconds: of training so far, compiling not counted. */
export interface Progress {
  sequences: number;
  total: number;
  loss: number | null;
  bit_error_rate: number | null;
  validation_errors: number | null;
  solved_at: number | null;
  solved_after: number | null;
  skipped: number;
  seconds: number;
  validation_excess?: number | null;
}

/** Where the reads of a run come from: the terms of one step, or the shares of all. */
export interface ProvenanceDocument {
  checkpoint: CheckpointDocument;
  /** T */
  steps: number;
  /** N of this run */
  locations: number;
  /** W */
  width: number;
  phases: PhaseDocument[];
  /** t, or null for all steps */
  step: number | null;
  /** Of one step only */
  read_vector?: TermsDocument | null;
  /** Before its clamp; of one step only */
  output?: TermsDocument | null;
  shares: SharesDocument;
  /** Of one step only */
  sentences?: SentencesDocument | null;
}

/** A run, and the step to explain. */
export interface ProvenanceRequest {
  /** The id of a machine, from GET /api/checkpoints. */
  checkpoint: string;
  /** What the machine's task takes, as GET /api/tasks describes it. Or give a sequence. */
  input?: Record<string, JsonValue> | null;
  /** The short form of the copy task's input: vectors of 0s and 1s, each with as many bits as the machine reads. */
  sequence?: number[][] | null;
  /** N, the rows of the memory in this run; null takes the machine's own. */
  locations?: number | null;
  /** What is changed inside the run, in this order where two meet. Recorded is what counts then, not what was computed; weightings that were changed are normalized, and named as `normalized`. */
  interventions?: (Set | Scale | Add | Noise | Swap | Addressing | Freeze | Move | Ablate)[];
  /** The SHA-256 of the machine that is meant. If the id leads to another one, the request is refused (409); null takes whatever the id leads to. */
  sha256?: string | null;
  /** From 0; null for the picture of all steps. */
  step?: number | null;
}

/** A read vector as an exact sum. */
export interface ReadTermsDocument {
  /** By write head, [t + 1][W] */
  writes: Record<string, number[][]>;
  /** [W], what is left of the memory before step 0 */
  initial: number[];
  /** [t + 1][W], of the cells set before each step, where any were */
  interventions?: number[][] | null;
  /** [W], the sum */
  total: number[];
  shares: WriteSharesDocument;
}

/** A training recipe. The defaults solve the copy task in about 6,000 sequences.

Attributes:
    task: the copy task's name.
    sequences: seen in the whole run; rounded up to whole batches.
    batch_size: sequences an update. All of a batch have one length.
    shortest, longest: the length of a batch is drawn evenly from shortest…longest.
    patterns: kinds of sequences (`tapedeck.training.patterns`) and their shares.
    late_patterns: the same, for the rest of the run. Sequences of nearly all zeros teach a machine that copies
        to hold its place without a landmark; one that does not copy yet, they keep from learning to.
    late_from: the share of the run after which they take the place of `patterns`; 1 for never.
    locations, width, bits, controller_size: the machine's sizes.
    controller: its kind, `feed_forward` as the reference's, or `lstm`.
    gate_bias: added to the interpolation gates' initial bias; negative starts with following the last weighting.
    forward_bias: added to the initial bias of the shift by +1.
    steepness: the loss is binary cross-entropy with the logits steepness · (z − ½), z the output before its clamp.
    learning_rate, momentum, smoothing, epsilon: of RMSprop.
    gradient_norm: gradients are scaled down to it.
    decay: the last share of the run, in which the learning rate falls linearly …
    final_rate: … to this share of it.

Raises:
    InvalidConfiguration: a field is of the wrong type or out of its range, or the sizes do not fit the task. */
export interface Recipe {
  task?: string;
  sequences?: number;
  batch_size?: number;
  shortest?: number;
  longest?: number;
  patterns?: Record<string, number>;
  late_patterns?: Record<string, number>;
  late_from?: number;
  locations?: number;
  width?: number;
  bits?: number;
  controller_size?: number;
  controller?: string;
  gate_bias?: number;
  forward_bias?: number;
  steepness?: number;
  learning_rate?: number;
  momentum?: number;
  smoothing?: number;
  epsilon?: number;
  gradient_norm?: number;
  decay?: number;
  final_rate?: number;
}

/** A stretch of steps, `start` included, `stop` not. */
export interface RolePhaseDocument {
  name: string;
  role: "delimiter" | "input" | "query" | "recall" | "prediction";
  start: number;
  stop: number;
}

/** Each row of the memory, set to 0. */
export interface RowsDocument {
  /** Before whose first head. */
  step: number;
  /** [N] */
  above: (number | null)[];
  /** [N] */
  change: (number | null)[];
}

/** A run: a pure function of these. */
export interface RunRequest {
  /** The id of a machine, from GET /api/checkpoints. */
  checkpoint: string;
  /** What the machine's task takes, as GET /api/tasks describes it. Or give a sequence. */
  input?: Record<string, JsonValue> | null;
  /** The short form of the copy task's input: vectors of 0s and 1s, each with as many bits as the machine reads. */
  sequence?: number[][] | null;
  /** N, the rows of the memory in this run; null takes the machine's own. */
  locations?: number | null;
  /** What is changed inside the run, in this order where two meet. Recorded is what counts then, not what was computed; weightings that were changed are normalized, and named as `normalized`. */
  interventions?: (Set | Scale | Add | Noise | Swap | Addressing | Freeze | Move | Ablate)[];
  /** The SHA-256 of the machine that is meant. If the id leads to another one, the request is refused (409); null takes whatever the id leads to. */
  sha256?: string | null;
}

/** Elements of a field, or cells of the memory, are multiplied. A weighting is normalized after it. */
export interface Scale {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  /** A field of the step, as the description names it: `HEAD.key`, `HEAD.weighting` …, `controller.hidden`, `controller.cell`, `inputs`, `outputs`; `memory`; or, before step 0, `initial.memory` and `initial.HEAD.weighting`. */
  target: string;
  /** Which elements of a field: indices, or names of channels; all where left out. */
  elements?: (number | string)[] | null;
  /** Locations of the memory; all where left out. */
  rows?: number[] | null;
  /** Columns of the memory; all where left out. */
  columns?: number[] | null;
  kind?: "scale";
  /** A number for every element, or a list with one for each; of the memory one for each column, or a list of such for each row. */
  value: number | number[] | number[][];
}

/** What came of the bits that count. */
export interface ScoreDocument {
  wrong_bits: number;
  bits: number;
  bit_error_rate: number;
}

/** Every source that matters, with its sign, in words. */
export interface SentencesDocument {
  /** Of the read vector */
  read: string;
  /** [bits + 2], of each output before its clamp */
  output: string[];
}

/** Elements of a field, or cells of the memory, are set. A weighting is normalized after it. */
export interface Set {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  /** A field of the step, as the description names it: `HEAD.key`, `HEAD.weighting` …, `controller.hidden`, `controller.cell`, `inputs`, `outputs`; `memory`; or, before step 0, `initial.memory` and `initial.HEAD.weighting`. */
  target: string;
  /** Which elements of a field: indices, or names of channels; all where left out. */
  elements?: (number | string)[] | null;
  /** Locations of the memory; all where left out. */
  rows?: number[] | null;
  /** Columns of the memory; all where left out. */
  columns?: number[] | null;
  kind?: "set";
  /** A number for every element, or a list with one for each; of the memory one for each column, or a list of such for each row. */
  value: number | number[] | number[][];
}

/** How much of the read vector comes from where. */
export interface SharesDocument {
  /** [t + 1] for one step, [T][T] for all */
  writes: number[] | number[][];
  /** A number for one step, [T] for all */
  initial: number | number[];
}

/** A number that makes an example of a task longer. */
export interface SizeDocument {
  name: string;
  /** What it counts, for people. */
  of: string;
  least: number;
  /** In an evaluation. */
  most: number;
  /** Evaluated where nothing else is asked for. */
  values: number[];
}

/** Two rows of the memory change places, before the first head of the step. */
export interface Swap {
  /** At this step alone. */
  step?: number | null;
  /** From this step on; from 0 where only `stop` is given. */
  start?: number | null;
  /** Before this step; to the end where only `start` is given. */
  stop?: number | null;
  /** In the steps of this phase, such as `recall`. */
  phase?: string | null;
  kind?: "swap";
  target?: "memory";
  /** The two locations. */
  rows: number[];
}

/** The first message of a sweep. */
export interface SweepHeader {
  type: "header";
  checkpoint: string;
  /** As they were asked for, each with a `title`. */
  axes: Record<string, unknown>[];
  /** How many there will be, the last axis varying fastest. */
  points: number;
  /** The name of `rate` in an evaluation: bit_error_rate, or excess. */
  measure: string;
  /** Of the measure, for people. */
  title: string;
}

/** A point of a sweep, as soon as it is known. */
export interface SweepPoint {
  type: "point";
  index: number;
  /** One of each axis. */
  values: number[];
  rate?: number | null;
  /** 95 %, clustered by example. */
  interval?: number[] | null;
  /** Examples without a wrong bit. */
  exact?: number | null;
  sequences?: number | null;
  /** Why there is no result, such as an overflow. */
  error?: ErrorDetail | null;
}

/** One parameter, or two, turned through their values: each point on the same sampled examples. */
export interface SweepRequest {
  /** The id of a machine, from GET /api/checkpoints. */
  checkpoint: string;
  /** The last varies fastest. */
  axes: Axis[];
  /** The numbers that make an example longer, as GET /api/tasks names them; of one that is not named, the first that an evaluation takes. */
  size?: Record<string, number>;
  /** Of every point. */
  interventions?: (Set | Scale | Add | Noise | Swap | Addressing | Freeze | Move | Ablate)[];
  /** Examples of each point. */
  sequences?: number;
  /** N of every point; null takes the machine's own. */
  locations?: number | null;
  /** Of the examples. */
  seed?: number;
  /** The SHA-256 of the machine that is meant. If the id leads to another one, the request is refused (409); null takes whatever the id leads to. */
  sha256?: string | null;
}

/** A task that a machine can be run on. */
export interface TaskDocument {
  name: string;
  /** A JSON schema of a request's `input`, with an example. A number with `x-index-of` is an index of that list, from 0; `x-followed-by` is how many entries must come after the one that it names. */
  input: Record<string, unknown>;
  /** Of a machine for the example. */
  input_channels: ChannelDocument[];
  /** The same, of its outputs. */
  output_channels: ChannelDocument[];
  /** Of the example. */
  phases: RolePhaseDocument[];
  /** What counts, for people. */
  scored: string;
  measure: MeasureDocument;
  /** The numbers that make an example longer; an evaluation takes them. */
  sizes: SizeDocument[];
  /** How many a run of any size has: the sum of these. */
  steps: TermDocument[];
  /** How many an exact answer needs: the sum of these. */
  locations: TermDocument[];
  /** Kinds of sequences that it can be evaluated on; empty where all are random. */
  patterns: string[];
}

/** A product of sizes, so many times; a sum of such terms is rounded to a whole number. */
export interface TermDocument {
  times: number;
  /** Names of sizes; none is the constant 1. */
  of: string[];
}

/** A vector as an exact sum: of the read vector with K = W, of the output before its clamp with K = bits + 2. */
export interface TermsDocument {
  /** [t + 1][K], what each step's write gave */
  writes: number[][];
  /** [K], what is left of the initial memory */
  initial: number[];
  /** [K], of an output only */
  bias?: number[] | null;
  /** [K], the sum */
  total: number[];
  /** Of an output only */
  shares?: OutputSharesDocument | null;
}

/** Every number of every step of a run, in the form of version 1: for a request with `sequence`. */
export interface TraceDocument {
  checkpoint: CheckpointDocument;
  /** T */
  steps: number;
  /** N of this run */
  locations: number;
  /** W */
  width: number;
  phases: PhaseDocument[];
  /** [T][bits + 2] */
  inputs: number[][];
  /** [T][bits + 2] */
  targets: number[][];
  /** [T][bits + 2] */
  outputs: number[][];
  /** Wrong bits of the recall phase: output > 0.5 against target. */
  bit_errors: number;
  /** By name, in the order in which they act. */
  heads: Record<string, HeadDocument>;
  initial: InitialDocument;
  /** null where nobody can say. */
  diagnosis: DiagnosisDocument | null;
}

/** All trainings, and the recipe of a new one that sets no field. */
export interface TrainingDocument {
  /** First the one that trains, then those that wait, then the others from the newest, and last the unreadable. */
  jobs: (JobDocument | UnreadableJobDocument)[];
  /** The defaults. */
  recipe: Recipe;
}

/** A file among the machines that cannot be read. */
export interface UnreadableDocument {
  id: string;
  error: ErrorDetail;
}

/** A training whose record cannot be read, which hides no other. */
export interface UnreadableJobDocument {
  id: string;
  state?: "unreadable";
  /** What is wrong with its record. */
  error: ErrorDetail;
}

/** How much of a head's read vector comes from where: at least 0, together 1. */
export interface WriteSharesDocument {
  /** By write head, [t + 1] */
  writes: Record<string, number[]>;
  initial: number;
  /** [t + 1], of the cells set before each step, where any were */
  interventions?: number[] | null;
}
