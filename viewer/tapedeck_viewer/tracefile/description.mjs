/**
 * The description of a run that a trace file holds, made whole: what its text does not say is taken from its arrays, and what neither
 * says is left empty, so that the page shows nothing of it.
 *
 * @typedef {import("../contract/wire.mjs").Description} Description
 * @typedef {import("../contract/wire.mjs").Channel} Channel
 * @typedef {import("./fields.mjs").Known} Known
 * @typedef {import("./sizes.mjs").Sizes} Sizes
 * @typedef {Record<string, any>} Meta the text of a file
 * @typedef {{name: string, kind: "write" | "read", said: Meta}} FoundHead
 * @typedef {(name: string) => number[]} ShapeOf of a field at a step
 */

import { VERSION } from "../contract/wire.mjs";
import { headOf, listOf, nameIn, objectOf, oneOf } from "./fields.mjs";
import { WrongFile, grouped, shown } from "./wrong.mjs";

const KINDS = /** @type {const} */ (["write", "read"]);
/** What only heads have that write. */
const WRITES = ["add_vector", "erase_vector"];
/** The first of these is meant where nothing is said. */
const ROLES = ["input", "delimiter", "query", "recall", "prediction"];
const CHANNEL_KINDS = ["value", "bit", "delimiter", "count", "priority", "probability"];
const ADDRESSES = ["current", "previous"];
const ACTIVATIONS = ["raw", "clamp", "sigmoid"];

/**
 * The heads that a file has, in acting order: those that the text lists, then the others, first those that write.
 *
 * @param {Meta} meta @param {string[]} names of the file's arrays
 * @returns {FoundHead[]}
 */
export function headsIn(meta, names) {
  const there = names.map(headOf).filter(Boolean);
  const writes = (/** @type {string} */ name) => name.startsWith("write") || WRITES.some((field) => names.includes(`${name}.${field}`));
  const found = (/** @type {string} */ name, /** @type {Meta} */ said, place = "") => {
    const kind = /** @type {FoundHead["kind"]} */ (said.kind == null ? (writes(name) ? "write" : "read") : oneOf(said.kind, KINDS, `${place}.kind`));
    return { name, kind, said };
  };
  const listed = listOf(meta.heads, "meta.heads").map((each, at) => {
    const place = `meta.heads[${at}]`;
    const said = objectOf(each, place);
    return found(nameIn(said, place), said, place);
  });
  const called = listed.map(({ name }) => name);
  if (new Set(called).size < called.length) throw new WrongFile(`meta.heads must have a name each; it has ${called.join(", ")}.`);
  const others = there.filter((name) => !called.includes(name)).map((name) => found(name, {}));
  return [...listed.filter(({ name }) => there.includes(name)), ...KINDS.flatMap((kind) => others.filter((head) => head.kind === kind))];
}

/**
 * All but the memory.
 *
 * @param {Meta} meta
 * @param {FoundHead[]} heads
 * @param {Map<string, Known>} fields of at most one axis, in the order in which they stand in a row
 * @param {ShapeOf} shapeOf
 * @param {Sizes} sizes
 * @returns {Description}
 */
export function describe(meta, heads, fields, shapeOf, sizes) {
  const steps = sizes.of("steps");
  const channels = { inputs: channelsOf(meta, "inputs", sizes), outputs: channelsOf(meta, "outputs", sizes) };
  const judged = ["outputs", "targets"].every((name) => fields.has(name));
  const scored = scoredOf(meta, steps, channels.outputs.length);
  return /** @type {Description} */ (/** @type {unknown} */ ({
    version: VERSION,
    checkpoint: { ...objectIn(meta.checkpoint), id: wordIn(meta.checkpoint?.id), name: wordIn(meta.checkpoint?.name) },
    task: wordIn(meta.task),
    input: objectIn(meta.input),
    steps,
    locations: sizes.of("locations"),
    width: sizes.of("width"),
    input_channels: channels.inputs,
    output_channels: channels.outputs,
    phases: phasesOf(meta, steps),
    scored: judged ? scored : [],
    heads: heads.map((head) => headOfRun(head, heads, fields, shapeOf, sizes.of("locations"))),
    memory: { rule: "erase_then_add", start: [] },
    output: outputOf(meta, fields, shapeOf, channels.outputs.length),
    fields: [...fields].map(([name, { axes, role, range, equation }]) => ({ name, axes, role, range, equation, shape: shapeOf(name) })),
    estimator: judged ? estimatorOf(meta, steps) : null,
    engine: objectIn(meta.engine),
    interventions: listOf(meta.interventions, "meta.interventions"),
  }));
}

/** Nothing of what is no object. @param {unknown} value @returns {Meta} */
const objectIn = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {});

/** @param {unknown} value */
const wordIn = (value) => (typeof value === "string" ? value : "");

/** The text's key for the channels of inputs or outputs. @param {"inputs" | "outputs"} name */
export const channelsKey = (name) => `${name.slice(0, -1)}_channels`;

/** @param {Meta} meta @param {"inputs" | "outputs"} name @param {Sizes} sizes @returns {Channel[]} */
function channelsOf(meta, name, sizes) {
  const key = channelsKey(name);
  if (meta[key] == null) return Array.from({ length: sizes.of(`${name} channel`) }, (_, at) => ({ name: String(at + 1), kind: "value" }));
  return listOf(meta[key], `meta.${key}`).map((each, at) => {
    const place = `meta.${key}[${at}]`;
    const said = objectOf(each, place);
    return { name: nameIn(said, place), kind: /** @type {Channel["kind"]} */ (oneOf(said.kind, CHANNEL_KINDS, `${place}.kind`)) };
  });
}

/** @param {Meta} meta @param {number} steps */
function phasesOf(meta, steps) {
  let before = 0;
  return listOf(meta.phases, "meta.phases").map((each, at) => {
    const place = `meta.phases[${at}]`;
    const said = objectOf(each, place);
    const { start, stop } = said;
    const name = nameIn(said, place);
    if (![start, stop].every(Number.isInteger) || !(before <= start && start < stop && stop <= steps)) {
      throw new WrongFile(`meta.phases: “${name}” goes from ${start} to ${stop}; phases follow one another from 0 to ${steps}, each of at least one step, its stop not included.`);
    }
    before = stop;
    return { name, role: oneOf(said.role, ROLES, `${place}.role`), start, stop };
  });
}

/** @param {Meta} meta @param {number} steps @param {number} outputs @returns {number[][]} */
function scoredOf(meta, steps, outputs) {
  return listOf(meta.scored, "meta.scored").map((area) => {
    const isArea = Array.isArray(area) && area.length === 4 && area.every(Number.isInteger);
    const [start, stop, first, last] = isArea ? area : [1, 0, 1, 0];
    if (!(start >= 0 && start < stop && stop <= steps && first >= 0 && first < last && last <= outputs)) {
      throw new WrongFile(
        `meta.scored has [${listOf(area, "meta.scored").join(", ")}]; it must be [start_step, stop_step, first_channel, stop_channel] within ${grouped(steps)} steps and ${outputs} outputs, each stop above its start.`,
      );
    }
    return area;
  });
}

/** @param {FoundHead} head @param {FoundHead[]} all @param {Map<string, Known>} fields @param {ShapeOf} shapeOf @param {number} locations */
function headOfRun({ name, kind, said }, all, fields, shapeOf, locations) {
  const start = listOf(said.start, `meta.heads: start of ${name}`);
  if (said.start != null && (start.length !== locations || !start.every(Number.isFinite))) {
    throw new WrongFile(`meta.heads: start of ${name} must have ${grouped(locations)} numbers, one a location; it has ${grouped(start.length)}.`);
  }
  const previous = said.previous ?? name;
  const isListed = all.some((each) => each.name === previous);
  if (!isListed) throw new WrongFile(`meta.heads: previous of ${name} is ${shown(previous)}, which is not a head of the file.`);
  return {
    name,
    kind,
    fields: [...fields.keys()].filter((field) => field.startsWith(`${name}.`)),
    shifts: shiftsOf(name, said, fields, shapeOf),
    addresses: oneOf(said.addresses, ADDRESSES, `meta.heads: addresses of ${name}`),
    previous,
    start,
  };
}

/** How far each share of a shift weighting moves. @param {string} name @param {Meta} said @param {Map<string, Known>} fields @param {ShapeOf} shapeOf @returns {number[]} */
function shiftsOf(name, said, fields, shapeOf) {
  const shares = `${name}.shift_weighting`;
  const count = fields.has(shares) ? shapeOf(shares)[0] : 0;
  if (said.shifts == null) return Array.from({ length: count }, (_, at) => at - Math.floor(count / 2));
  const shifts = listOf(said.shifts, `meta.heads: shifts of ${name}`);
  if (!shifts.every(Number.isInteger)) throw new WrongFile(`meta.heads: shifts of ${name} must be whole numbers.`);
  if (count > 0 && shifts.length !== count) throw new WrongFile(`meta.heads: shifts of ${name} must have ${count} numbers, one a share of ${shares}; it has ${shifts.length}.`);
  return shifts;
}

/** What outputs are made of; nothing where the file does not have all of it. @param {Meta} meta @param {Map<string, Known>} fields @param {ShapeOf} shapeOf @param {number} outputs @returns {Description["output"]} */
function outputOf(meta, fields, shapeOf, outputs) {
  const nothing = /** @type {Description["output"]} */ ({ terms: [], bias: [], activation: "raw" });
  if (meta.output == null || outputs === 0) return nothing;
  const { terms, bias, activation } = objectOf(meta.output, "meta.output");
  if (!isMatrix([bias], 1, outputs)) throw new WrongFile(`meta.output.bias must have ${outputs} numbers, one an output; it has ${Array.isArray(bias) ? bias.length : "none"}.`);
  const all = listOf(terms, "meta.output.terms").map((each, at) => objectOf(each, `meta.output.terms[${at}]`));
  for (const { name, fields: names, weights } of all) {
    const seen = listOf(names, "meta.output.terms.fields");
    if (!seen.every((field) => fields.has(field))) return nothing;
    const count = seen.reduce((sum, field) => sum + (shapeOf(field)[0] ?? 1), 0);
    if (!isMatrix(weights, outputs, count)) throw new WrongFile(`meta.output: weights of ${name} must be [${outputs}][${count}], a row an output, as wide as ${seen.join(", ")} together.`);
  }
  return /** @type {Description["output"]} */ ({ terms: all, bias, activation: oneOf(activation, ACTIVATIONS, "meta.output.activation") });
}

/** @param {unknown} value @param {number} rows @param {number} columns */
export const isMatrix = (value, rows, columns) =>
  Array.isArray(value) && value.length === rows && value.every((row) => Array.isArray(row) && row.length === columns && row.every(Number.isFinite));

/** How often each context of a stream was seen, as this project's own files have it. @param {Meta} meta @param {number} steps */
function estimatorOf(meta, steps) {
  const { order, contexts, zeros, ones } = objectIn(meta.estimator);
  const isWhole = Number.isInteger(order) && [contexts, zeros, ones].every((list) => isMatrix([list], 1, steps));
  return isWhole ? { ...objectIn(meta.estimator), order, contexts, zeros, ones } : null;
}
