/**
 * Two runs on one cursor: where they part, what came out of each, and the difference of every number that both have.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {{
 *   first: {step: number, field: string} | null, bits: {count: number, first: number, last: number} | null, wrong: [number, number] | null,
 *   cost: [number, number] | null, sentence: string,
 * }} Found `first` is where the runs part, null where every number is the same; `bits` are the outputs that count and are decided otherwise,
 *     null where there are none; `wrong` are the wrong bits of both, `cost` what predictions cost in bits, null where they are not counted so
 */

import { THRESHOLD } from "./channels.mjs";
import { MEMORY } from "./peaks.mjs";
import { placeOf } from "./narration.mjs";
import { costsOf, foretells } from "./predictions.mjs";
import { compare, isJudged } from "./result.mjs";
import { roundUp } from "./scales.mjs";
import { titleOf } from "./titles.mjs";
import { Trace as Recording } from "./trace.mjs";

/** Numbers are the same that differ by no more: of one run on two engines, or in a file, the last digit may be another. */
const SAME = 1e-6;
/** A scale of differences is no finer than this share of the field's own: what is smaller is no more than its last digits. */
const FINEST = 0.01;
/** In the order in which a step computes what it has. */
const STAGES = [
  "key", "key_strength", "content_weighting", "interpolation_gate", "gated_weighting", "shift_weighting", "shifted_weighting", "sharpening", "weighting", "erase_vector",
  "add_vector", "read_vector",
];
/** What a machine is given, and what is worked out beside it, cannot part by itself. */
const GIVEN = ["target", "optimum"];

/** Why two runs cannot be on one cursor; empty where they can. @param {Trace} changed @param {Trace} baseline */
export function obstacleTo(changed, baseline) {
  if (changed.steps === baseline.steps) return "";
  return `This run has ${changed.steps} steps and the baseline ${baseline.steps}; runs are compared that have the same number.`;
}

/** The fields that both have, with as many numbers a step, in the order in which a step computes them. @param {Trace} changed @param {Trace} baseline */
export function sharedFields(changed, baseline) {
  const shared = [...changed.columns.values()].filter(({ name, length }) => baseline.columns.get(name)?.length === length);
  const rank = (/** @type {string} */ name) => orderOf(name, changed);
  return shared.map(({ name }) => name).sort((a, b) => rank(a) - rank(b));
}

/** @param {string} name @param {Trace} trace */
function orderOf(name, { heads, columns }) {
  const head = heads.findIndex(({ fields }) => [...fields.values()].includes(name));
  const { role } = /** @type {import("./trace.mjs").Column} */ (columns.get(name));
  if (head >= 0) return 100 * (head + 1) + Math.max(0, STAGES.indexOf(name.slice(heads[head].name.length + 1)));
  return role === "input" ? 0 : role === "hidden" || role === "cell" ? 1 : 1e6;
}

/** What there is to say of two whole runs of as many steps. @param {Trace} changed @param {Trace} baseline @returns {Found} */
export function comparisonOf(changed, baseline) {
  const first = firstDifference(changed, baseline);
  const bits = otherBits(changed, baseline);
  const counted = [changed, baseline].every((trace) => isJudged(trace) && trace.header.scored.length > 0);
  const told = counted && foretells(changed) && foretells(baseline);
  const ofBoth = (/** @type {(trace: Trace) => number} */ count) => /** @type {[number, number]} */ ([count(changed), count(baseline)]);
  const wrong = counted && !told && !foretells(changed) && !foretells(baseline) ? ofBoth((trace) => compare(trace).wrong.length) : null;
  const cost = told ? ofBoth((trace) => costsOf(trace).said[trace.steps]) : null;
  return { first, bits, wrong, cost, sentence: sentenceOf(changed, { first, bits, wrong, cost }) };
}

/** @param {Trace} changed @param {Trace} baseline @returns {Found["first"]} */
function firstDifference(changed, baseline) {
  const fields = sharedFields(changed, baseline).filter((name) => !GIVEN.includes(changed.column(name).role));
  const steps = Math.min(changed.arrived, baseline.arrived);
  for (let step = 0; step < steps; step++) {
    const field = fields.find((name) => differs(changed.at(name, step), baseline.at(name, step)));
    // What is set in the memory stands there before any head looks at it.
    if (field) return { step, field: changed.memory?.applied.has(step) && !baseline.memory?.applied.has(step) ? MEMORY : field };
  }
  return null;
}

/** @param {Float32Array} one @param {Float32Array} other */
function differs(one, other) {
  for (let i = 0; i < one.length; i++) if (Math.abs(one[i] - other[i]) > SAME) return true;
  return false;
}

/** @param {Trace} changed @param {Trace} baseline @returns {Found["bits"]} */
function otherBits(changed, baseline) {
  if (changed.columns.get("outputs")?.length !== baseline.columns.get("outputs")?.length || !changed.columns.has("outputs")) return null;
  let [count, first, last] = [0, -1, -1];
  for (const [start, stop, from, to] of changed.header.scored) {
    for (let step = start; step < stop; step++) {
      const [one, other] = [changed.at("outputs", step), baseline.at("outputs", step)];
      for (let channel = from; channel < to; channel++) {
        if (one[channel] > THRESHOLD === other[channel] > THRESHOLD) continue;
        count += 1;
        first = first < 0 ? step : Math.min(first, step);
        last = Math.max(last, step);
      }
    }
  }
  return count > 0 ? { count, first, last } : null;
}

/** What the changes did, in a sentence or two. @param {Trace} changed @param {Omit<Found, "sentence">} found */
function sentenceOf(changed, { first, bits, wrong, cost }) {
  if (!first) return "Every number is the same in both runs.";
  const place = placeOf(changed, first.step);
  const title = titleOf(first.field, changed.heads);
  const parted = `The runs part at step ${first.step}${place ? ` (${place})` : ""}, first in the ${title[0].toLowerCase()}${title.slice(1)}.`;
  if (cost) return `${parted} The predictions cost ${cost[0].toFixed(1)} bits, in the baseline ${cost[1].toFixed(1)}.`;
  if (!wrong) return parted;
  if (!bits) return `${parted} No output bit is another: what comes out does not hang on it.`;
  const where = bits.first === bits.last ? `at step ${bits.first}` : `from step ${bits.first} to ${bits.last}`;
  const others = bits.count === 1 ? "1 output bit is another" : `${bits.count.toLocaleString("en")} output bits are others`;
  return `${parted} ${others}, ${where}: ${wrong[0].toLocaleString("en")} wrong, in the baseline ${wrong[1].toLocaleString("en")}.`;
}

/**
 * One run less another, in the shape of a trace, for panels and the memory to draw. What is the same in both throughout, as inputs often
 * are, is shown as it is; what the other run lacks is empty.
 */
export class Difference extends Recording {
  /** @param {Trace} changed @param {Trace} baseline */
  constructor(changed, baseline) {
    super(changed.header, changed.scales, changed.recorded);
    this.changed = changed;
    this.baseline = baseline;
    this.arrived = Math.min(changed.arrived, baseline.arrived);
    this.results = changed.results;
    /** How far each field is from the other run's at the most, of those that both have. @type {Map<string, number>} */
    this.most = new Map();
    /** Those that are shown as they are. @type {Set<string>} */
    this.plain = new Set();
    for (const { name, length } of this.columns.values()) {
      if (baseline.columns.get(name)?.length === length) this.#subtract(name);
    }
  }

  /** Whether the other run has no such field. @param {string} name */
  lacks(name) {
    return !this.most.has(name);
  }

  /** What a panel shows of a field, in a few words. @param {string} name */
  noteOn(name) {
    if (this.lacks(name)) return "not in both";
    if (this.plain.has(name)) return "the same";
    return (this.most.get(name) ?? 0) > SAME ? "difference" : "unchanged";
  }

  /** @override @param {string} name */
  limitsOf(name) {
    if (this.plain.has(name)) return this.changed.limitsOf(name);
    const own = this.changed.limitsOf(name).high;
    const most = this.most.get(name) ?? 0;
    const high = most > SAME ? roundUp(Math.max(most, own * FINEST)) : own;
    return { low: -high, high };
  }

  /** Whether both memories have as many cells. */
  get sharesMemory() {
    const { changed, baseline } = this;
    return changed.memory !== null && baseline.memory !== null && changed.locations === baseline.locations && changed.width === baseline.width;
  }

  /** @override @param {number} step @returns {Float32Array} */
  memoryAt(step) {
    const cells = this.changed.memoryAt(step).slice();
    if (!this.sharesMemory) return cells;
    const others = this.baseline.memoryAt(step);
    for (let i = 0; i < cells.length; i++) cells[i] -= others[i];
    return cells;
  }

  /** @override */
  get memoryLimits() {
    if (!this.sharesMemory) return this.changed.memoryLimits;
    const high = Math.max(this.changed.memoryLimits.high, this.baseline.memoryLimits.high);
    return { low: -high, high };
  }

  /** @param {string} name */
  #subtract(name) {
    const { changed, baseline } = this;
    let most = 0;
    for (let step = 0; step < this.arrived; step++) {
      const [own, one, other] = [this, changed, baseline].map((trace) => trace.at(name, step));
      for (let i = 0; i < own.length; i++) {
        own[i] = one[i] - other[i];
        most = Math.max(most, Math.abs(own[i]));
      }
    }
    this.most.set(name, most);
    const { role } = changed.column(name);
    if (most > SAME || !(role === "input" || GIVEN.includes(role))) return;
    this.plain.add(name);
    for (let step = 0; step < this.arrived; step++) this.at(name, step).set(changed.at(name, step));
  }
}
