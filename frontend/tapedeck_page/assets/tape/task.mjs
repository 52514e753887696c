/**
 * What a task asks for, from `GET /api/tasks`: its input's JSON schema says of which parts the composer is made. A list of vectors,
 * or of items of several vectors each; numbers beside it; a number beside each of the vectors; and which of the items is meant.
 *
 * @typedef {{times: number, of: string[]}} Term a product of sizes, so many times
 * @typedef {{name: string, input: {properties?: Record<string, any>}, steps?: Term[], locations?: Term[]}} TaskDocument
 * @typedef {{name: string, each: number, least: number, stream: number}} RowsPart `each`: the vectors of an item; 0 where there are
 *   no items. `stream`: the bits of a context, where the rows are single bits; 0 where they are vectors
 * @typedef {{name: string, least: number, most: number}} CountPart
 * @typedef {{name: string, of: string, followed: number}} PlacePart which item, from 0; so many must follow it
 * @typedef {import("./beside.mjs").BesidePart} BesidePart a number for each vector
 * @typedef {{name: string, rows: RowsPart, counts: CountPart[], places: PlacePart[], beside: BesidePart | null, steps: Term[], locations: Term[]}} Task
 * @typedef {{rows: string[], numbers: Record<string, number>, beside?: number[]}} Written an input as it is composed: its vectors,
 *   each a string of 0s and 1s, its counts and places by name, and the numbers beside the vectors
 * @typedef {Record<string, any>} Input a request's `input`
 * @typedef {{id: string, task: string, config: {bits: number, locations: number}, origin?: any, machine?: any, steps?: Term[] | null}} Machine
 *   as the service lists it; `steps` where it hears its task in a way of its own
 */

import { checkBeside } from "./beside.mjs";
import { counted, grouped, Problem } from "./sequences/problem.mjs";

/** Locations of a memory, as the service runs them. */
const [MIN_LOCATIONS, MAX_LOCATIONS] = [3, 4096];

/** The parts of a task's input; null where the page has no fields for one of them. @param {TaskDocument} document @returns {Task | null} */
export function readTask({ name, input, steps = [], locations = [] }) {
  /** @type {{rows: RowsPart[], counts: CountPart[], places: PlacePart[]}} */
  const found = { rows: [], counts: [], places: [] };
  /** @type {BesidePart | null} */
  let beside = null;
  for (const [part, schema] of Object.entries(input.properties ?? {})) {
    const least = schema.minItems ?? 1;
    if (schema.type === "integer" && "x-index-of" in schema) {
      found.places.push({ name: part, of: schema["x-index-of"], followed: schema["x-followed-by"] ?? 0 });
    } else if (schema.type === "integer") {
      found.counts.push({ name: part, least: schema.minimum ?? 1, most: schema.maximum ?? Number.MAX_SAFE_INTEGER });
    } else if ("x-one-of-each" in schema && schema.items?.type === "number" && !beside) {
      beside = { name: part, of: schema["x-one-of-each"], least: schema.items.minimum, most: schema.items.maximum };
    } else if (isVector(schema) && "x-stream" in schema) {
      found.rows.push({ name: part, each: 0, least, stream: schema["x-stream"].order });
    } else if (isVector(schema.items)) {
      found.rows.push({ name: part, each: 0, least, stream: 0 });
    } else if (isVector(schema.items?.items) && schema.items.minItems === schema.items.maxItems) {
      found.rows.push({ name: part, each: schema.items.minItems, least, stream: 0 });
    } else {
      return null;
    }
  }
  const [rows] = found.rows;
  return found.rows.length === 1 ? { name, rows, counts: found.counts, places: found.places, beside, steps, locations } : null;
}

/** @param {any} schema */
const isVector = (schema) => schema?.type === "array" && schema.items?.type === "integer";

/** “item”, “vector”: what the rows of a task are counted in. @param {Task} task */
export const nounOf = ({ rows }) => (rows.each > 0 || rows.stream > 0 ? singular(rows.name) : "vector");

/** @param {string} name */
export const singular = (name) => name.replace(/s$/, "");

/** A part's name as a label. @param {string} name */
export const titleOf = (name) => name[0].toUpperCase() + name.slice(1).replace(/_/g, " ");

/** How many vectors, or items, there are. @param {Task} task @param {string[]} rows */
export const lengthOf = ({ rows: { each } }, rows) => (each > 0 ? rows.length / each : rows.length);

/**
 * What was written, if it is an input of the task.
 *
 * @param {Task} task @param {Written} written
 * @throws {Problem} too few items, a part of one, or a number out of its range
 */
export function check(task, { rows, numbers, beside = [] }) {
  const { each, least } = task.rows;
  const noun = nounOf(task);
  if (each > 0 && rows.length % each > 0) {
    const [whole, over] = [Math.floor(rows.length / each), rows.length % each];
    const left = over === 1 ? "1 vector is" : `${over} vectors are`;
    throw new Problem(`Each ${noun} has ${each} vectors; after ${counted(whole, `whole ${noun}`)} ${left} left.`);
  }
  const length = lengthOf(task, rows);
  if (length < least) throw new Problem(`There must be at least ${counted(least, noun)}; there ${length === 1 ? "is" : "are"} ${length}.`);
  for (const { name, least: from, most } of task.counts) {
    if (!Number.isInteger(numbers[name]) || numbers[name] < from || numbers[name] > most) {
      throw new Problem(`${titleOf(name)} must be a whole number from ${grouped(from)} to ${grouped(most)}.`);
    }
  }
  if (task.beside) checkBeside(task.beside, beside, length, noun);
  for (const { name, followed } of task.places) {
    const place = numbers[name];
    if (Number.isInteger(place) && place >= 0 && place < length - followed) continue;
    throw new Problem(`${titleOf(name)} must be one of the ${counted(length, noun)}${followed > 0 ? ", and not the last" : ""}.`);
  }
}

/** The places that are there to be meant: moved to the last one where the list has become shorter. @param {Task} task @param {Written} written @returns {Written} */
export function withinPlaces(task, { rows, numbers }) {
  const length = Math.floor(lengthOf(task, rows));
  const places = task.places.map(({ name, followed }) => [name, Math.max(0, Math.min(numbers[name] ?? 0, length - 1 - followed))]);
  return { rows, numbers: { ...numbers, ...Object.fromEntries(places) } };
}

/** The request's input. @param {Task} task @param {Written} written @returns {Input} */
export function inputOf({ rows: part, counts, places, beside }, { rows, numbers, beside: values = [] }) {
  const vectors = rows.map((row) => [...row].map(Number));
  const { each: size, stream } = part;
  const items = stream > 0 ? vectors.flat() : size > 0 ? Array.from({ length: vectors.length / size }, (_, at) => vectors.slice(at * size, (at + 1) * size)) : vectors;
  const each = beside ? [[beside.name, values]] : [];
  return Object.fromEntries([[part.name, items], ...each, ...[...counts, ...places].map(({ name }) => [name, numbers[name]])]);
}

/** What was written, from a request's input; null where it is not an input of this task for vectors of so many bits. @param {Task} task @param {Input} input @param {number} bits @returns {Written | null} */
export function writtenOf(task, input, bits) {
  const { rows: part, counts, places } = task;
  const names = [part.name, ...[...counts, ...places].map(({ name }) => name)];
  const beside = task.beside ? input[task.beside.name] : undefined;
  if (task.beside && !Array.isArray(beside)) return null;
  if (Object.keys(input).length !== names.length + Number(Boolean(task.beside)) || !names.every((name) => name in input)) return null;
  const given = input[part.name];
  const vectors = part.stream > 0 && Array.isArray(given) ? given.map((bit) => [bit]) : part.each > 0 ? given?.flat?.() : given;
  if (!Array.isArray(vectors) || !vectors.every((vector) => isOfBits(vector, bits))) return null;
  const rows = vectors.map((vector) => vector.join(""));
  const numbers = Object.fromEntries(names.slice(1).map((name) => [name, input[name]]));
  const written = { rows, numbers, ...(beside ? { beside: [...beside] } : {}) };
  try {
    check(task, written);
    return written;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return null;
  }
}

/** @param {unknown} vector @param {number} bits */
const isOfBits = (vector, bits) => Array.isArray(vector) && vector.length === bits && vector.every((bit) => bit === 0 || bit === 1);

/** The numbers that make an input longer, as an evaluation and a recipe name them. @param {Task} task @param {Written} written @returns {Record<string, number>} */
export function sizesOf(task, { rows, numbers }) {
  const counts = task.counts.map(({ name }) => [name, numbers[name]]);
  return Object.fromEntries([[sizeOf(task), lengthOf(task, rows)], ...counts]);
}

/** What the number of vectors, or items, is called there: by their name, where the steps are counted in it. @param {Task} task */
const sizeOf = ({ rows, steps }) => (rows.each > 0 || steps.some(({ of }) => of.includes(rows.name)) ? rows.name : "length");

/** A sum of products of sizes, rounded. @param {Term[]} terms @param {Record<string, number>} sizes */
export function total(terms, sizes) {
  return Math.round(terms.reduce((sum, { times, of }) => sum + of.reduce((product, name) => product * sizes[name], times), 0));
}

/** How long the input is and what that means, in words. @param {Task} task @param {Written} written @param {number} bits */
export function summaryOf(task, written, bits) {
  const { each } = task.rows;
  const parts = [counted(lengthOf(task, written.rows), nounOf(task))];
  if (each > 0) parts[0] += ` of ${counted(each, "vector")}`;
  if (task.rows.stream === 0) parts[0] += ` of ${counted(bits, "bit")}`;
  for (const { name } of task.counts) parts.push(counted(written.numbers[name], singular(name)));
  if (task.steps.length > 0) parts.push(counted(stepsOf(task, written), "step"));
  return parts.join(", ");
}

/**
 * What to expect of an input that is longer than the machine knew or its memory holds; it is run all the same.
 *
 * @param {Task | null} task
 * @param {Written | null} written
 * @param {Machine | undefined} machine
 * @param {unknown} locations as the field has them
 */
export function warningOf(task, written, machine, locations) {
  if (!task || !written || !machine) return "";
  const asked = locations === "" || locations === null || locations === undefined ? machine.config.locations : Number(locations);
  if (!isNumberOfLocations(asked)) {
    return ` · a memory has ${MIN_LOCATIONS} to ${grouped(MAX_LOCATIONS)} locations, a whole number of them`;
  }
  if (asked !== machine.config.locations && !areLocationsFree(machine)) {
    return ` · this machine learned what its ${grouped(machine.config.locations)} locations begin with: it runs on no other number of them`;
  }
  const sizes = sizesOf(task, written);
  if (total(task.locations, sizes) > asked) {
    const [[name, size]] = Object.entries(sizes);
    let holds = size;
    while (holds > 0 && total(task.locations, { ...sizes, [name]: holds }) > asked) holds--;
    const most = task.rows.each > 0 ? counted(holds, nounOf(task)) : grouped(holds);
    return ` · more than the ${most} that ${grouped(asked)} locations can hold: expect errors`;
  }
  const longest = trainedSizes(machine);
  for (const [name, size] of Object.entries(sizes)) {
    const trained = longest[name];
    if (!trained || size <= trained) continue;
    const [than, noun] = name === "length" ? ["longer", nounOf(task)] : ["more", singular(name)];
    return ` · ${than} than the ${counted(trained, noun)} that this machine was trained on`;
  }
  return "";
}

/** A task as a machine hears it. @param {Task | null | undefined} task @param {Machine | undefined} machine @returns {Task | null} */
export const asHeard = (task, machine) => (task && machine?.steps ? { ...task, steps: machine.steps } : (task ?? null));

/** How many of the steps in which it hears its input are not a vector's: delimiters. @param {Machine | undefined} machine */
export function delimitersOf(machine) {
  const stretches = machine?.machine?.encoding?.stretches ?? [];
  return stretches.length === 0 ? 1 : stretches.filter((/** @type {{of: string | null}} */ { of }) => of !== "input" && of !== "recall").length;
}

/** How many steps its run has; 0 where the task does not say. @param {Task} task @param {Written} written */
export const stepsOf = (task, written) => total(task.steps, sizesOf(task, written));

/** Whether a machine runs on any number of locations: not where it learned what each of them begins with. @param {Machine} listed */
export const areLocationsFree = ({ machine }) => !["memory", "weightings"].some((part) => machine?.starts?.[part]?.kind === "learned");

/** How many locations hold an input, where fewer were too few and a memory may have as many; else null. @param {Task} task @param {Written} written @param {number} locations that there were */
export function locationsFor(task, written, locations) {
  const needed = total(task.locations, sizesOf(task, written));
  return needed > locations && isNumberOfLocations(needed) ? needed : null;
}

/** @param {unknown} locations */
export const isNumberOfLocations = (locations) =>
  typeof locations === "number" && Number.isInteger(locations) && locations >= MIN_LOCATIONS && locations <= MAX_LOCATIONS;

/** The greatest sizes of a machine's training, where they are known. @param {Machine} machine @returns {Record<string, number | undefined>} */
export function trainedSizes({ origin }) {
  const { longest, sizes = {} } = origin?.recipe ?? {};
  return { length: longest, ...Object.fromEntries(Object.entries(sizes).map(([name, range]) => [name, range[1]])) };
}
