/** Made-up recordings of runs, in the shape in which the service sends them. */

const BITS = 8;
const CHANNELS = BITS + 2;

/** A generator of numbers from 0 to 1 that gives the same ones every time (mulberry32). */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bits = Array.from({ length: BITS }, (_, bit) => ({ name: `bit ${bit + 1}`, kind: "bit" }));
const delimiters = ["start", "end"].map((name) => ({ name, kind: "delimiter" }));

const ROLES = { weighting: "weighting", key: "key", key_strength: "scalar", erase_vector: "erase", add_vector: "add", read_vector: "read" };
const RANGES = { weighting: [0, 1], erase_vector: [0, 1], add_vector: [0, null], key_strength: [0, null] };
const STAGES = { write: ["weighting", "key_strength", "erase_vector", "add_vector"], read: ["weighting", "key_strength", "read_vector"] };

/** The fields of heads by name, as a description lists them. */
function fieldsOfHead({ name, stages }, locations, width, ranges) {
  return stages.map((stage) => {
    const role = ROLES[stage];
    const shape = role === "scalar" ? [] : [role === "weighting" ? locations : width];
    const axes = role === "scalar" ? [] : [role === "weighting" ? "location" : "column"];
    return { name: `${name}.${stage}`, shape, axes, role, range: ranges[stage] ?? RANGES[stage] ?? [null, null], equation: "" };
  });
}

/**
 * The description of a copy of `vectors` vectors: 2L + 2 steps, on a machine with such heads in acting order. Its outputs are zero
 * times what is read unless `output` says otherwise; `hidden` is how many units the controller shows.
 */
export function header({
  vectors = 3, locations = 8, width = 4, focus = locations >> 1, initialMemory = 1e-6, heads = [["write", "write"], ["read", "read"]],
  ranges = {}, output = null, hidden = 0, task = "copy",
} = {}) {
  const steps = 2 * vectors + 2;
  const start = Array.from({ length: locations }, (_, i) => Number(i === focus));
  const made = heads.map(([name, kind, more = {}]) => ({ name, kind, stages: STAGES[kind], more }));
  const channels = (name, role, range) => ({ name, shape: [CHANNELS], axes: ["channel"], role, range, equation: "" });
  const units = { name: "controller.hidden", shape: [hidden], axes: ["unit"], role: "hidden", range: [-1, 1], equation: "" };
  const reads = made.filter(({ kind }) => kind === "read").map(({ name }) => `${name}.read_vector`);
  const nothing = Array.from({ length: CHANNELS }, () => new Array(reads.length * width).fill(0));
  return {
    type: "header",
    version: 2,
    checkpoint: { id: "made-up", name: "Made up" },
    task,
    input: {},
    steps,
    locations,
    width,
    input_channels: [...bits, ...delimiters],
    output_channels: [...bits, ...delimiters],
    phases: [
      { name: "start", role: "delimiter", start: 0, stop: 1 },
      { name: "input", role: "input", start: 1, stop: vectors + 1 },
      { name: "end", role: "delimiter", start: vectors + 1, stop: vectors + 2 },
      { name: "recall", role: "recall", start: vectors + 2, stop: steps },
    ],
    scored: [[vectors + 2, steps, 0, BITS]],
    heads: made.map(({ name, kind, stages, more }) => ({
      name, kind, fields: stages.map((stage) => `${name}.${stage}`), shifts: [1, 0, -1], addresses: "current", previous: name, start, ...more,
    })),
    memory: { rule: "erase_then_add", start: Array.from({ length: locations }, () => new Array(width).fill(initialMemory)) },
    output: output ?? { terms: [{ name: "reads", fields: reads, weights: nothing }], bias: new Array(CHANNELS).fill(0), activation: "clamp" },
    fields: [
      channels("inputs", "input", [null, null]),
      channels("targets", "target", [0, 1]),
      channels("outputs", "output", [0, 1]),
      ...made.flatMap((head) => fieldsOfHead(head, locations, width, ranges)),
      ...(hidden > 0 ? [units] : []),
    ],
    engine: { name: "made up", version: "0", dtype: "float32" },
    interventions: [],
  };
}

export const lengthOf = ({ shape }) => shape.reduce((all, each) => all * each, 1);

export const rowLength = ({ fields }) => fields.reduce((sum, field) => sum + lengthOf(field), 0);

/** All rows of a run, each value from `value(name, step, index)`. */
export function rows(head, value) {
  const all = new Float32Array(head.steps * rowLength(head));
  let at = 0;
  for (let step = 0; step < head.steps; step++) {
    for (const field of head.fields) {
      for (let index = 0; index < lengthOf(field); index++) all[at++] = value(field.name, step, index);
    }
  }
  return all;
}

/** The rows as frames whose numbers of steps repeat `sizes`. */
export function frames(head, all, sizes) {
  const length = rowLength(head);
  const cut = [];
  for (let first = 0, turn = 0; first < head.steps; turn++) {
    const count = Math.min(sizes[turn % sizes.length], head.steps - first);
    cut.push({ first, count, total: head.steps, rows: all.subarray(first * length, (first + count) * length) });
    first += count;
  }
  return cut;
}

/** A run that copies `vectors` (strings of eight bits); `said` is what comes out instead, where it is wrong. */
export function copyRun(vectors, said = vectors) {
  const head = header({ vectors: vectors.length });
  const recall = head.phases[3].start;
  const bit = (list, at, index) => (index < BITS ? Number(list[at]?.[index] ?? 0) : 0);
  const all = rows(head, (name, step, index) => {
    if (name === "inputs") return bit(vectors, step - 1, index);
    if (name === "targets") return bit(vectors, step - recall, index);
    if (name === "outputs") return bit(said, step - recall, index);
    return 0;
  });
  return { head, all };
}
