/**
 * The arrays that a trace file's format knows (docs/trace-format.md): what their axes count, what they are to the page, and the limits
 * of their numbers. What else a file holds is shown where its `meta.fields` declares it.
 *
 * @typedef {{axes: string[], role: string, range: (number | null)[], equation: string, shape: number[] | null}} Known `shape` of a step, where
 *     the file declares it
 */

import { OTHER } from "../model/trace.mjs";
import { WrongFile, shown } from "./wrong.mjs";

/** A field has as many beside time. */
const MOST_AXES = 2;
const ROLES = ["weighting", "key", "scalar", "shift", "erase", "add", "read", "hidden", "cell", OTHER];

/** @param {string[]} axes @param {string} role @param {(number | null)[]} range @param {string} equation @returns {Known} */
const known = (axes, role, range = [null, null], equation = "") => ({ axes, role, range, equation, shape: null });
/** @type {(number | null)[]} */
const SHARE = [0, 1];

/** Of the run, and of the machine beside its heads; the memory's are those of a DNC. */
const OF_RUN = new Map([
  ["inputs", known(["channel"], "input")],
  ["targets", known(["channel"], "target", SHARE)],
  ["outputs", known(["channel"], "output")],
  ["optimum", known(["channel"], "optimum", SHARE)],
]);

const OF_MACHINE = new Map([
  ["controller.hidden", known(["unit"], "hidden")],
  ["controller.cell", known(["unit"], "cell")],
  ["memory.usage", known(["location"], OTHER, SHARE)],
  ["memory.precedence", known(["location"], OTHER, SHARE)],
  ["memory.link", known(["location", "location"], OTHER, SHARE)],
]);

/** Of a head, after its name. */
const OF_HEAD = new Map([
  ["weighting", known(["location"], "weighting", SHARE)],
  ["content_weighting", known(["location"], "weighting", SHARE)],
  ["gated_weighting", known(["location"], "weighting", SHARE)],
  ["shifted_weighting", known(["location"], "weighting", SHARE)],
  ["key", known(["column"], "key")],
  ["key_strength", known([], "scalar", [0, null])],
  ["interpolation_gate", known([], "scalar", SHARE)],
  ["sharpening", known([], "scalar", [1, null])],
  ["shift_weighting", known(["shift"], "shift", SHARE)],
  ["erase_vector", known(["column"], "erase")],
  ["add_vector", known(["column"], "add")],
  ["read_vector", known(["column"], "read")],
  ["allocation_weighting", known(["location"], OTHER, SHARE)],
  ["allocation_gate", known([], OTHER, SHARE)],
  ["write_gate", known([], OTHER, SHARE)],
  ["free_gate", known([], OTHER, SHARE)],
  ["forward_weighting", known(["location"], OTHER, SHARE)],
  ["backward_weighting", known(["location"], OTHER, SHARE)],
  ["read_mode", known(["mode"], OTHER, SHARE)],
]);

const HEAD_NAME = /^[A-Za-z0-9_-]{1,40}$/;
/** What stands before a dot and is no head. */
const NO_HEADS = ["initial", "memory", "controller"];
export const WEIGHTING = ".weighting";

/** Whose weighting an array is; “” where it is no head's. @param {string} name */
export function headOf(name) {
  const head = name.endsWith(WEIGHTING) ? name.slice(0, -WEIGHTING.length) : "";
  return HEAD_NAME.test(head) && !NO_HEADS.includes(head) ? head : "";
}

/**
 * What interventions changed, in arrays of which all are there or none: their places, which are integers, and their values.
 *
 * @typedef {{before: string, places: string[], values: string[], axis: string, needs: string}} Group
 * @type {Group[]}
 */
export const CHANGES = [
  { before: "memory.applied", places: ["steps", "rows", "columns"], values: ["values"], axis: "change", needs: "a change of the memory needs all four" },
  { before: "reads.applied", places: ["steps", "heads", "columns"], values: ["gains", "offsets"], axis: "read change", needs: "a change of a read vector needs all five" },
];

/** Of all arrays of a group, the places first. @param {Group} group */
export function namesOf({ before, places, values }) {
  return [...places, ...values].map((part) => `${before}.${part}`);
}

/** Arrays that are no fields. */
const APART = ["meta", "memory", "initial.memory", ...CHANGES.flatMap(namesOf)];

/**
 * The fields of a run that a file has: all that the format knows, and what is declared. First those of the run, then the heads' in the
 * file's order, then the machine's and further ones.
 *
 * @param {string[]} names of the file's arrays
 * @param {string[]} heads
 * @param {unknown} declared `meta.fields`
 * @returns {Map<string, Known>}
 */
export function fieldsIn(names, heads, declared) {
  const said = new Map(declarationsIn(declared));
  const found = new Map();
  const ofHeads = names.filter((name) => heads.includes(name.slice(0, Math.max(0, name.lastIndexOf(".")))));
  for (const name of new Set([...OF_RUN.keys(), ...ofHeads, ...OF_MACHINE.keys(), ...said.keys()])) {
    if (!names.includes(name) || APART.includes(name)) continue;
    const [fixed, more] = [knownAs(name, heads), said.get(name)];
    if (fixed && more) found.set(name, together(name, fixed, more));
    else if (fixed) found.set(name, fixed);
    else if (more?.axes) found.set(name, { ...known(more.axes, OTHER), ...more });
  }
  return found;
}

/** @param {string} name @param {string[]} heads */
function knownAs(name, heads) {
  const dot = name.lastIndexOf(".");
  return OF_RUN.get(name) ?? OF_MACHINE.get(name) ?? (heads.includes(name.slice(0, dot)) ? OF_HEAD.get(name.slice(dot + 1)) : undefined);
}

/** @param {string} name @param {Known} fixed @param {Partial<Known>} said */
function together(name, fixed, said) {
  if (said.axes && said.axes.join() !== fixed.axes.join()) {
    throw new WrongFile(`meta.fields: ${name} must have the axes [${fixed.axes.join(", ")}]; it has [${said.axes.join(", ")}]. Choose another name for what is counted otherwise.`);
  }
  const role = said.role && said.role !== OTHER ? said.role : fixed.role;
  return { ...fixed, ...said, axes: fixed.axes, role: fixed.role === OTHER ? role : fixed.role };
}

/** @param {unknown} declared @returns {Generator<[string, Partial<Known>]>} */
function* declarationsIn(declared) {
  for (const [at, field] of listOf(declared, "meta.fields").entries()) {
    const place = `meta.fields[${at}]`;
    const { name, axes, shape, role, range, equation } = objectOf(field, place);
    nameIn(field, place);
    if (axes == null) throw new WrongFile(`${place}.axes is missing.`);
    const isList = Array.isArray(axes) && axes.every((axis) => typeof axis === "string" && axis);
    if (!isList) throw new WrongFile(`${place}.axes is ${shown(axes)}; it must be a list of words, what each dimension after the first counts.`);
    if (axes.length > MOST_AXES) throw new WrongFile(`${place}.axes has ${axes.length} entries; it must have at most ${MOST_AXES}.`);
    if (range != null && !isRange(range)) throw new WrongFile(`${place}.range is ${shown(range)}; it must be a list of two numbers, null for no bound.`);
    if (role != null && typeof role !== "string") throw new WrongFile(`${place}.role is ${shown(role)}; it must be a word.`);
    if (shape != null && (!Array.isArray(shape) || shape.length !== axes.length)) {
      throw new WrongFile(`meta.fields: ${name} has the shape ${JSON.stringify(shape)} and the axes [${axes.join(", ")}]; they must be as many.`);
    }
    const said = { axes, shape: shape ?? null, ...(range ? { range } : {}), ...(typeof equation === "string" && equation ? { equation } : {}) };
    yield [name, ROLES.includes(role) ? { ...said, role } : said];
  }
}

/** @param {unknown} range */
const isRange = (range) => Array.isArray(range) && range.length === 2 && range.every((bound) => bound === null || Number.isFinite(bound));

/** @param {unknown} value null where it is missing @param {string} place @returns {any[]} */
export function listOf(value, place) {
  if (value == null) return [];
  if (Array.isArray(value)) return value;
  throw new WrongFile(`${place} is ${shown(value)}; it must be a list.`);
}

/** @param {unknown} value @param {string} place @returns {Record<string, any>} */
export function objectOf(value, place) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new WrongFile(`${place} is ${shown(value)}; it must be an object.`);
}

/** What a part of the text is called. @param {Record<string, any>} part @param {string} place @returns {string} */
export function nameIn({ name }, place) {
  if (name == null) throw new WrongFile(`${place}.name is missing.`);
  if (name === "") throw new WrongFile(`${place}.name has 0 characters; it must have at least 1.`);
  if (typeof name === "string") return name;
  throw new WrongFile(`${place}.name is ${shown(name)}; it must be a word.`);
}

/** One of some words; the first of them where it is missing. @param {unknown} value @param {readonly string[]} words @param {string} place */
export function oneOf(value, words, place) {
  if (value == null) return words[0];
  if (typeof value === "string" && words.includes(value)) return value;
  throw new WrongFile(`${place} is ${shown(value)}; it must be ${words.slice(0, -1).join(", ")} or ${words.at(-1)}.`);
}
