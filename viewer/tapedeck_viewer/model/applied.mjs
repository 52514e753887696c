/**
 * What interventions set in the memory: cells before the first head of a step, of one cell in one step the last. The service says the
 * same (`tapedeck/tracing/applied.py`).
 *
 * @typedef {import("../contract/wire.mjs").Description} Description
 * @typedef {{cells: Uint32Array, values: Float32Array}} Cells places in a memory [N × W], and what stands there from then on
 * @typedef {Map<number, Cells>} Applied by step
 */

/** @typedef {{gains: Float64Array, offsets: Float64Array}} Changed what became of a read vector [W]: r ← gain · r + offset */

/**
 * What interventions made of read vectors, by step and reader (of those that read, from 0) as `step/reader`; empty where nothing was.
 *
 * @param {Description} description
 * @returns {Map<string, Changed>}
 * @throws {RangeError} a change of another run
 */
export function changedReadsOf(description) {
  const [steps, heads, columns, gains, offsets] = [
    description["reads.applied.steps"] ?? [],
    description["reads.applied.heads"] ?? [],
    description["reads.applied.columns"] ?? [],
    description["reads.applied.gains"] ?? [],
    description["reads.applied.offsets"] ?? [],
  ];
  const readers = description.heads.filter(({ kind }) => kind === "read").length;
  const most = /** @type {[string, number[], number][]} */ ([["step", steps, description.steps], ["head", heads, readers], ["column", columns, description.width || Infinity]]);
  for (const [called, given, count] of most) {
    const wrong = given.find((at) => !(at >= 0 && at < count));
    if (wrong !== undefined) throw new RangeError(`A change of a read vector has the ${called} ${wrong}; this run has ${count}, counted from 0.`);
  }
  /** @type {Map<string, Changed>} */
  const found = new Map();
  steps.forEach((step, at) => {
    const key = `${step}/${heads[at]}`;
    const changed = found.get(key) ?? { gains: new Float64Array(description.width).fill(1), offsets: new Float64Array(description.width) };
    [changed.gains[columns[at]], changed.offsets[columns[at]]] = [gains[at], offsets[at]];
    found.set(key, changed);
  });
  return found;
}

/** What a change has, and how many of each the run has. @type {[string, "steps" | "rows" | "columns", "steps" | "locations" | "width"][]} */
const PLACES = [["step", "steps", "steps"], ["row", "rows", "locations"], ["column", "columns", "width"]];

/**
 * Of a run.
 *
 * @param {Description} description
 * @returns {Applied} empty where nothing was set, or nothing says how wide the memory is
 * @throws {RangeError} a change of another memory
 */
export function appliedOf(description) {
  const given = (/** @type {"steps" | "rows" | "columns" | "values"} */ name) => description[`memory.applied.${name}`] ?? [];
  const [steps, rows, columns, values] = [given("steps"), given("rows"), given("columns"), given("values")];
  if ([rows, columns, values].some(({ length }) => length !== steps.length)) {
    throw new RangeError("Each change of the memory needs a step, a row, a column and a value.");
  }
  for (const [called, name, count] of PLACES) {
    const most = count === "width" && description.width === 0 ? Infinity : description[count];
    const wrong = given(name).find((at) => !(Number.isInteger(at) && at >= 0 && at < most));
    if (wrong !== undefined) throw new RangeError(`A change of the memory has the ${called} ${wrong}; this run has ${description[count]}, counted from 0.`);
  }
  if (!values.every(Number.isFinite)) throw new RangeError("A change of the memory is set to what is no number.");
  if (description.width === 0) return new Map(); // of a memory that is not shown
  /** @type {Map<number, Map<number, number>>} */
  const found = new Map();
  steps.forEach((step, at) => {
    if (!found.has(step)) found.set(step, new Map());
    found.get(step)?.set(rows[at] * description.width + columns[at], values[at]);
  });
  return new Map([...found].map(([step, set]) => [step, { cells: Uint32Array.from(set.keys()), values: Float32Array.from(set.values()) }]));
}
