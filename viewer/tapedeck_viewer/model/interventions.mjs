/**
 * Interventions: what is changed inside a machine while it runs. What they are is the service's to say (`POST /api/trace`); here is what
 * of a run can be changed, and how a change is said in words.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./trace.mjs").Head} Head
 * @typedef {{step?: number, start?: number, stop?: number, phase?: string}} When none of them: every step; `stop` is not included
 * @typedef {When & {
 *   kind: string, target?: string, head?: string, value?: number | number[], elements?: (number | string)[], rows?: number[], columns?: number[],
 *   without?: string, by?: number, spread?: number, seed?: number,
 * }} Change as a request has it
 * @typedef {Pick<Trace, "heads" | "phases" | "steps" | "columns" | "header">} Run what words need of a trace
 * @typedef {{target: string, stage: string, head: Head | null, length: number, low: number | null, high: number | null, sums: boolean}} Target
 *   of a change; `low` and `high` are its range, null where that has no end; `sums` says that its numbers sum to 1
 */

import { nameOfChannel } from "./channels.mjs";
import { signedMove } from "./numbers.mjs";
import { titleOfHead } from "./titles.mjs";
import { stageOf, symbolOf, wordOf } from "./words.mjs";

export const MEMORY = "memory";
const INITIAL = "initial.";
export const PARAMETERS = "parameters.";
/** Fields that a machine makes and a change can be of; targets and estimates are not its own. */
const CHANGEABLE = ["input", "output", "hidden", "cell", "scalar", "key", "shift", "weighting", "erase", "add", "read"];
const SUMS = ["weighting", "shift"];
const WHEN = /** @type {const} */ (["step", "start", "stop", "phase"]);
/** What is longer is said by how many there are. */
const MOST_NAMED = 4;

/** What of a run can be changed, field by field, of each head and of none. @param {Trace} trace @returns {Target[]} */
export function targetsOf({ columns, heads }) {
  return [...columns.values()].filter(({ role, axes }) => CHANGEABLE.includes(role) && axes.length <= 1).map(({ name, role, length, range: [low, high] }) => ({
    target: name,
    stage: stageOf(name),
    head: heads.find(({ fields }) => [...fields.values()].includes(name)) ?? null,
    length,
    low,
    high,
    sums: SUMS.includes(role),
  }));
}

/** The steps that a change is made at. @param {Change} change @returns {When} */
export const whenOf = (change) => Object.fromEntries(WHEN.flatMap((name) => (change[name] === undefined ? [] : [[name, change[name]]])));

/** The same change at other steps. @param {Change} change @param {When} when @returns {Change} */
export const at = (change, when) => ({ ...Object.fromEntries(Object.entries(change).filter(([name]) => !WHEN.some((each) => each === name))), ...when, kind: change.kind });

/** Whether a change is made once, before the first step. @param {Change} change */
export const isInitial = ({ target = "" }) => target.startsWith(INITIAL) || target.startsWith(PARAMETERS);

/** The steps of a change, first and last but one; null for one before the first step. @param {Change} change @param {Run} run @returns {{start: number, stop: number} | null} */
export function stretchOf(change, { phases, steps }) {
  const { step, start = 0, stop = steps, phase } = change;
  if (isInitial(change)) return null;
  if (step !== undefined) return { start: step, stop: step + 1 };
  const named = phase === undefined ? undefined : phases.find(({ name }) => name === phase);
  return named ? { start: named.start, stop: named.stop } : { start, stop };
}

/** What two changes share of which the later one takes the place of the earlier: what is changed, how and when. @param {Change} change */
export const siteOf = ({ value: _value, by: _by, spread: _spread, seed: _seed, ...site }) => JSON.stringify(Object.entries(site).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What the parts of a change are, where they are there. @type {Record<string, (value: unknown) => boolean>} */
const PARTS = {
  ...Object.fromEntries(["kind", "target", "head", "without", "phase"].map((name) => [name, (value) => typeof value === "string"])),
  ...Object.fromEntries(["step", "start", "stop", "by", "spread", "seed"].map((name) => [name, (value) => typeof value === "number"])),
  ...Object.fromEntries(["elements", "rows", "columns"].map((name) => [name, (value) => Array.isArray(value) && value.every((each) => typeof each !== "object")])),
  value: (value) => [value].flat(Infinity).every((each) => typeof each === "number"),
};

/** Whether something that was made elsewhere can be said as a change. @param {any} change */
export function isChange(change) {
  if (typeof change?.kind !== "string") return false;
  return Object.entries(PARTS).every(([name, isRight]) => change[name] === undefined || isRight(change[name]));
}

/** Whether two changes are one. @param {Change} one @param {Change} other */
export function isSame(one, other) {
  const sorted = (/** @type {Change} */ change) => JSON.stringify(Object.entries(change).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** “Set the read head's sharpening γ to 2.5 at step 27.” @param {Change} change @param {Run} run */
export const wordsOf = (change, run) => `${deedOf(change, run)} ${whenWords(change, run)}.`;

/** “from step 12 on”. @param {Change} change @param {Pick<Run, "steps">} run */
export function whenWords(change, { steps }) {
  const { step, start, stop, phase } = change;
  if (isInitial(change)) return "before the first step";
  if (step !== undefined) return `at step ${step}`;
  if (phase !== undefined) return `in the ${phase} phase`;
  if (start === undefined && stop === undefined) return "at every step";
  if (stop === undefined || stop >= steps) return `from step ${start ?? 0} on`;
  return stop - (start ?? 0) === 1 ? `at step ${start ?? 0}` : `from step ${start ?? 0} to ${stop - 1}`;
}

/** @param {Change} change @param {Run} run */
function deedOf(change, run) {
  const { kind, target = "", by = 0, rows = [], without } = change;
  const head = run.heads.find(({ name }) => name === change.head);
  const called = head ? nameOf(head, run) : `the head “${change.head}”`;
  switch (kind) {
    case "addressing":
      return `Take ${without} addressing from ${called}`;
    case "freeze":
      return `Freeze ${called} where it is`;
    case "move":
      return `Move ${called} ${Math.abs(by)} ${Math.abs(by) === 1 ? "location" : "locations"} ${by < 0 ? "back" : "on"}`;
    case "ablate":
      return `Ablate ${called}, which ${head?.kind === "write" ? "writes nothing" : "reads zeros"}`;
    case "swap":
      return `Swap rows ${rows.join(" and ")} of the memory`;
    case "noise":
      return `Add noise of spread ${number(change.spread)}${target.startsWith(PARAMETERS) ? " deviations" : ""} (seed ${change.seed ?? 0}) to ${placeOf(change, run)}`;
    case "scale":
      return `Multiply ${placeOf(change, run)} by ${valueOf(change)}`;
    case "add":
      return `Add ${valueOf(change)} to ${placeOf(change, run)}`;
    default:
      return `Set ${placeOf(change, run)} to ${valueOf(change)}`;
  }
}

/** What a change is of. @param {Change} change @param {Run} run */
function placeOf(change, run) {
  const { target = "" } = change;
  if (target.startsWith(PARAMETERS)) return `the parameter ${target.slice(PARAMETERS.length)}`;
  const initial = target.startsWith(INITIAL);
  const plain = initial ? target.slice(INITIAL.length) : target;
  if (plain === MEMORY) return `${cellsOf(change)}the ${initial ? "initial " : ""}memory`;
  return `${elementsOf(change, plain, run)}${fieldOf(plain, run, initial)}`;
}

/** Of the memory. @param {Change} change */
function cellsOf({ rows, columns }) {
  const parts = [...(rows ? [counted("row", rows)] : []), ...(columns ? [counted("column", columns)] : [])];
  return parts.length > 0 ? `${parts.join(", ")} of ` : "";
}

/** “the read head's key strength β”. @param {string} field @param {Run} run @param {boolean} initial */
function fieldOf(field, run, initial = false) {
  const head = run.heads.find(({ name }) => field.startsWith(`${name}.`));
  const symbol = symbolOf(field);
  const words = `${initial ? "initial " : ""}${wordOf(field)}${symbol ? ` ${symbol}` : ""}`;
  return head ? `${nameOf(head, run)}'s ${words}` : `the ${words}`;
}

/** Which of its numbers. @param {Change} change @param {string} field @param {Run} run */
function elementsOf({ elements }, field, run) {
  if (!elements) return "";
  return elements.length > MOST_NAMED ? `${elements.length} elements of ` : `${elements.map((each) => elementName(field, each, run)).join(", ")} of `;
}

/** What a number of a field is called. @param {string} field @param {number | string} element @param {Run} run */
export function elementName(field, element, run) {
  if (typeof element === "string") return element;
  const column = run.columns.get(field);
  const { input_channels: heard, output_channels: said } = run.header;
  const channel = column?.role === "input" ? heard[element] : column?.role === "output" ? said[element] : undefined;
  if (channel) return nameOfChannel(channel);
  const move = column?.role === "shift" ? run.heads.find(({ name }) => field.startsWith(`${name}.`))?.shifts[element] : undefined;
  return move === undefined ? `${column?.axes[0] ?? "element"} ${element}` : `shift ${signedMove(move)}`;
}

/** “the read head”, “write head 2”. @param {Head} head @param {Run} run */
export function nameOf(head, { heads }) {
  const title = titleOfHead(head, heads);
  const named = `${title[0].toLowerCase()}${title.slice(1)}`;
  return heads.filter(({ kind }) => kind === head.kind).length > 1 ? named : `the ${named}`;
}

/** @param {string} noun @param {number[]} places */
const counted = (noun, places) =>
  places.length > MOST_NAMED ? `${places.length} ${noun}s` : `${noun}${places.length > 1 ? "s" : ""} ${places.join(", ")}`;

/** @param {Change} change */
const valueOf = ({ value }) => {
  const numbers = Array.isArray(value) ? value.flat() : [value]; // of rows of the memory they are lists in a list
  return numbers.length > MOST_NAMED ? `${numbers.length} numbers` : numbers.map(number).join(", ");
};

/** To so many digits as a value is read with. @param {number | undefined} value */
const number = (value) => (value === undefined ? "–" : String(Number(value.toPrecision(3))).replace("-", "−"));
