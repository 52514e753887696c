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

/** The header of a copy of `vectors` vectors: 2L + 2 steps. */
export function header({ vectors = 3, locations = 8, width = 4, focus = locations >> 1, initialMemory = 1e-6 } = {}) {
  const head = (name, ...own) => [
    { name: `${name}.weighting`, length: locations },
    { name: `${name}.key_strength`, length: 1 },
    ...own.map((field) => ({ name: `${name}.${field}`, length: width })),
  ];
  return {
    type: "header",
    checkpoint: { id: "made-up", name: "Made up" },
    steps: 2 * vectors + 2,
    locations,
    width,
    phases: [
      { name: "start", start: 0, stop: 1 },
      { name: "input", start: 1, stop: vectors + 1 },
      { name: "end", start: vectors + 1, stop: vectors + 2 },
      { name: "recall", start: vectors + 2, stop: 2 * vectors + 2 },
    ],
    fields: [
      { name: "inputs", length: CHANNELS },
      { name: "targets", length: CHANNELS },
      { name: "outputs", length: CHANNELS },
      ...head("write", "erase_vector", "add_vector"),
      ...head("read", "read_vector"),
    ],
    initial: {
      memory: Array.from({ length: locations }, () => new Array(width).fill(initialMemory)),
      weighting: Array.from({ length: locations }, (_, i) => Number(i === focus)),
    },
  };
}

/** The same as the service sends it. */
export function described({ type, checkpoint, steps, locations, width, phases, fields, initial }) {
  const head = (name) => ({ name, kind: name, start: initial.weighting });
  return {
    type,
    version: 2,
    checkpoint,
    steps,
    locations,
    width,
    phases,
    fields: fields.map(({ name, length }) => ({ name, shape: name.endsWith("key_strength") ? [] : [length] })),
    heads: [head("write"), head("read")],
    memory: { rule: "erase_then_add", start: initial.memory },
    output: { terms: [{ name: "reads", weights: [[1], [2]] }], bias: [3, 4] },
  };
}

export const rowLength = ({ fields }) => fields.reduce((sum, { length }) => sum + length, 0);

/** All rows of a run, each value from `value(name, step, index)`. */
export function rows(head, value) {
  const all = new Float32Array(head.steps * rowLength(head));
  let at = 0;
  for (let step = 0; step < head.steps; step++) {
    for (const { name, length } of head.fields) {
      for (let index = 0; index < length; index++) all[at++] = value(name, step, index);
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
