/**
 * Opens a trace file (docs/trace-format.md): an .npz of plain arrays and one text. It is read here, in the browser, and only as far as
 * its arrays are known; nothing in it is run, and of what it says of itself nothing is believed before it was measured.
 *
 * @typedef {import("./description.mjs").Meta} Meta
 * @typedef {import("./zip.mjs").Member} Member
 * @typedef {import("./npy.mjs").Header} Header
 * @typedef {{name: string, member: Member, header: Header, shape: number[]}} Held an array: `shape` without an axis of one number a step
 */

import { changedReadsOf } from "../model/applied.mjs";
import { Trace } from "../model/trace.mjs";
import { channelsKey, describe, headsIn } from "./description.mjs";
import { CHANGES, fieldsIn, listOf, namesOf } from "./fields.mjs";
import { checkAgreement, startOf } from "./memory.mjs";
import { META, metaOf, narrationOf, resultsOf, ruleOf } from "./meta.mjs";
import { MOST_HEADER, checkNumbers, checkSize, countOf, headerOf, nameOf, numbersOf, shapeInWords } from "./npy.mjs";
import { Sizes } from "./sizes.mjs";
import { WrongFile, grouped } from "./wrong.mjs";
import { bytesOf, isZip, membersOf } from "./zip.mjs";

/** The most that a file's arrays take together, unpacked, and as the numbers that the page holds. */
const MOST_BYTES = 2 ** 30;
const FLOAT_BYTES = 4;
const ENDING = ".npy";
const [MEMORY, INITIAL] = ["memory", "initial.memory"];

/**
 * Whether a file is a trace file, and no other .npz or zip file, such as one that holds a sequence.
 *
 * @param {Blob} file
 * @throws {WrongFile} a zip file that cannot be looked into
 */
export async function isTraceFile(file) {
  if (!(await isZip(file))) return false;
  const names = (await membersOf(file)).map(({ name }) => name);
  return names.some((name) => name === META + ENDING || name.endsWith(`.weighting${ENDING}`));
}

/**
 * The run that a trace file holds.
 *
 * @param {Blob} file
 * @returns {Promise<{trace: Trace, title: string}>} `title` as the file says it, “” where it does not
 * @throws {WrongFile} in one sentence what is wrong with it
 */
export async function openTraceFile(file) {
  try {
    const members = await arraysOf(file);
    const meta = await metaOf(file, members);
    const { trace, results } = await new Reader(file, members, meta).read();
    trace.finish(results);
    return { trace, title: typeof meta.title === "string" ? meta.title : "" };
  } catch (error) {
    // An array that is within all bounds may still be more than the browser has room for.
    if (error instanceof RangeError && /allocation|array length/i.test(error.message)) throw new WrongFile("It needs more memory than your browser has.");
    if (error instanceof DOMException) throw new WrongFile(`Your browser cannot read it: ${error.message}`);
    throw error;
  }
}

/** By name. @param {Blob} file @returns {Promise<Map<string, Member>>} */
async function arraysOf(file) {
  const members = new Map();
  let bytes = 0;
  for (const member of await membersOf(file)) {
    if (!member.name.endsWith(ENDING)) continue;
    const name = member.name.slice(0, -ENDING.length);
    if (members.has(name)) throw new WrongFile(`It holds “${name}” twice; which is meant, nobody can say.`);
    members.set(name, member);
    bytes += member.size;
  }
  if (bytes > MOST_BYTES) throw new WrongFile(`Its arrays take ${grouped(bytes)} bytes unpacked; the most is ${grouped(MOST_BYTES)}. The largest is “${largestOf(members)}”: leave it out, or record fewer steps.`);
  return members;
}

/** @param {Map<string, Member>} members */
const largestOf = (members) => [...members].reduce((largest, each) => (each[1].size > largest[1].size ? each : largest))[0];

class Reader {
  sizes = new Sizes();
  /** Numbers that the page holds of this file. */
  held = 0;

  /** @param {Blob} file @param {Map<string, Member>} members @param {Meta} meta */
  constructor(file, members, meta) {
    this.file = file;
    this.members = members;
    this.meta = meta;
  }

  async read() {
    const { meta, members, sizes } = this;
    const names = [...members.keys()];
    const heads = headsIn(meta, names);
    if (heads.length === 0) throw new WrongFile("It has no weighting; add that of at least one head, such as `read.weighting`, [T, N].");
    if (!members.has("inputs") && !members.has("outputs")) throw new WrongFile("It has neither `inputs` [T, I] nor `outputs` [T, O]; add one of them.");
    const known = fieldsIn(names, heads.map(({ name }) => name), meta.fields);
    for (const name of /** @type {const} */ (["steps", "locations", "width"])) sizes.say(name, meta[name]);
    for (const name of /** @type {const} */ (["inputs", "outputs"])) {
      const key = channelsKey(name);
      if (meta[key] != null) sizes.sayChannels(name, listOf(meta[key], `meta.${key}`).length, `meta.${key}`);
    }
    /** @type {Map<string, Held>} */
    const arrays = new Map();
    for (const [name, { axes, shape }] of known) {
      const held = await this.#measure(name, ["step", ...axes]);
      arrays.set(name, held);
      if (shape && shape.join() !== held.shape.slice(1).join()) throw new WrongFile(`${name} must have the shape (${[held.shape[0], ...shape].join(", ")}), as meta.fields says; it has ${shapeInWords(held.shape)}.`);
    }
    const memory = members.has(MEMORY) ? await this.#measure(MEMORY, ["step", "location", "column"]) : null;
    const initial = members.has(INITIAL) ? await this.#measure(INITIAL, ["location", "column"]) : null;
    const shapeOf = (/** @type {string} */ name) => /** @type {Held} */ (arrays.get(name)).shape.slice(1);
    const flat = new Map([...known].filter(([, { axes }]) => axes.length < 2));
    const start = startOf(meta, initial && (await this.#numbers(initial, ["location", "column"])), sizes);
    const description = describe(meta, heads, flat, shapeOf, sizes);
    description.memory = /** @type {typeof description.memory} */ ({ rule: ruleOf(meta, memory !== null), start });
    for (const group of CHANGES) Object.assign(description, await this.#changes(group));
    const rows = await this.#rows(flat, arrays, description.steps);
    const matrices = [];
    for (const [name, { axes, range, equation }] of known) {
      if (axes.length < 2) continue;
      matrices.push({ name, axes, range, equation, shape: shapeOf(name), values: await this.#numbers(/** @type {Held} */ (arrays.get(name)), ["step", ...axes]) });
    }
    const recorded = { memory: memory && (await this.#numbers(memory, ["step", "location", "column"])), matrices, narration: narrationOf(meta, description.steps) };
    const trace = traceOf(description, recorded);
    trace.append({ first: 0, count: description.steps, total: description.steps, rows });
    checkAgreement(trace);
    return { trace, results: resultsOf(meta, description.scored.length > 0) };
  }

  /** An array's header, and that its shape is that of its axes. @param {string} name @param {string[]} axes @returns {Promise<Held>} */
  async #measure(name, axes) {
    const member = /** @type {Member} */ (this.members.get(name));
    const header = headerOf(await bytesOf(this.file, member, MOST_HEADER), name);
    checkNumbers(header, name);
    const { shape } = header;
    const squeezed = axes.length === 1 && shape.length === 2 && shape[1] === 1 ? [shape[0]] : shape;
    this.sizes.hold(name, squeezed, axes);
    checkSize(header, member.size, name);
    this.held += countOf(header);
    if (this.held * FLOAT_BYTES > MOST_BYTES) throw new WrongFile(`Its arrays take more than ${grouped(MOST_BYTES)} bytes as float32, which is the most. Record fewer steps.`);
    return { name, member, header, shape: squeezed };
  }

  /** All of an array, all of it finite. @param {Held} held @param {string[]} axes */
  async #numbers({ name, member, header, shape }, axes) {
    const values = numbersOf(await bytesOf(this.file, member), header);
    for (let at = 0; at < values.length; at++) {
      if (!Number.isFinite(values[at])) throw new WrongFile(`${name} is ${Number.isNaN(values[at]) ? "NaN" : values[at] > 0 ? "inf" : "-inf"} at ${placeOf(at, shape, axes)}; every number must be finite, and fit float32.`);
    }
    return values;
  }

  /** All fields side by side, a row a step. @param {Map<string, import("./fields.mjs").Known>} fields @param {Map<string, Held>} arrays @param {number} steps */
  async #rows(fields, arrays, steps) {
    const held = [...fields].map(([name, { axes }]) => ({ array: /** @type {Held} */ (arrays.get(name)), axes: ["step", ...axes] }));
    const rowLength = held.reduce((sum, { array }) => sum + (array.shape[1] ?? 1), 0);
    const rows = new Float32Array(steps * rowLength);
    let offset = 0;
    for (const { array, axes } of held) {
      const length = array.shape[1] ?? 1;
      const values = await this.#numbers(array, axes);
      for (let step = 0; step < steps; step++) rows.set(values.subarray(step * length, (step + 1) * length), step * rowLength + offset);
      offset += length;
    }
    return rows;
  }

  /** What was changed from outside. @param {import("./fields.mjs").Group} group */
  async #changes(group) {
    const names = namesOf(group);
    const [there, missing] = [true, false].map((has) => names.filter((name) => this.members.has(name) === has));
    if (there.length === 0) return {};
    if (missing.length > 0) throw new WrongFile(`It has ${there[0]} and no ${missing[0]}; ${group.needs}.`);
    const changes = [];
    for (const name of names) {
      const member = /** @type {Member} */ (this.members.get(name));
      const bytes = await bytesOf(this.file, member);
      const header = headerOf(bytes, name);
      checkNumbers(header, name);
      checkSize(header, member.size, name);
      if (countOf(header) === 0) return {};
      this.sizes.hold(name, header.shape, [group.axis]);
      if (changes.length < group.places.length && !"iu".includes(header.kind)) throw new WrongFile(`${name} must hold integers; it holds ${nameOf(header)}.`);
      changes.push([name, [...numbersOf(bytes, header)]]);
    }
    return Object.fromEntries(changes);
  }
}

/** @param {import("../contract/wire.mjs").Description} description @param {import("../model/trace.mjs").Recorded} recorded */
function traceOf(description, recorded) {
  ofThisRun("reads.applied", () => changedReadsOf(description));
  return ofThisRun("memory.applied", () => new Trace(description, null, recorded));
}

/** What is made of changes, which may be those of another run. @template Made @param {string} before @param {() => Made} make @returns {Made} */
function ofThisRun(before, make) {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError) || /allocation|array length/i.test(error.message)) throw error;
    throw new WrongFile(`${before}: ${error.message}`);
  }
}

/** @param {number} at @param {number[]} shape @param {string[]} axes */
function placeOf(at, shape, axes) {
  const index = shape.map((_, axis) => Math.floor(at / countOf({ shape: shape.slice(axis + 1) })) % shape[axis]);
  return axes.map((axis, place) => `${axis} ${index[place]}`).join(", ");
}
