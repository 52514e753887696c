/**
 * A sweep (`WS /api/sweep`): one number turned through its values, each tried on the same sampled inputs. What is swept is the number of
 * an intervention, N, or a size of the task.
 *
 * @typedef {import("../contract/types.mjs").SweepHeader} Header
 * @typedef {import("../contract/types.mjs").SweepPoint} Point
 * @typedef {import("../contract/stream.mjs").Request} Request
 * @typedef {import("./interventions.mjs").Change} Change
 * @typedef {import("./interventions.mjs").When} When
 * @typedef {import("./tables.mjs").Table} Table
 * @typedef {import("./interventions.mjs").Run & Pick<import("./trace.mjs").Trace, "locations">} Run
 * @typedef {Record<string, number>} Sizes that make an input of the task longer, by their names
 * @typedef {{kind: string, target: string, when: When}} Subject `kind` is that of an intervention, `locations`, or the name of a size;
 *     the others say what of, and when, where it is an intervention
 * @typedef {{from: number, to: number, count: number}} Range
 */

import { MEMORY, isInitial, siteOf, targetsOf, whenWords, wordsOf } from "./interventions.mjs";
import { roundUp } from "./scales.mjs";
import { titleOf } from "./titles.mjs";

export const LOCATIONS = "locations";
/** The kinds of interventions that are swept: what is done, where nothing is changed, and from where to where at first. @type {Record<string, {words: string, neutral: number, range: [number, number]}>} */
const INTERVENTIONS = {
  scale: { words: "Multiply", neutral: 1, range: [0, 2] },
  add: { words: "Add to", neutral: 0, range: [-1, 1] },
  noise: { words: "Noise on", neutral: 0, range: [0, 0.5] },
};
/** The end of the scale of wrong bits: chance, and room for the band above it; all, where something is worse. */
const [CHANCE, ALL] = [0.6, 1];
/** Noise is the same at every point. */
const SEED = 1;
/** A sweep of sizes or of N goes to twice its own, and so far at least. */
const [TWICE, FAR] = [2, 10];

/** @param {string} kind */
export const isIntervention = (kind) => kind in INTERVENTIONS;

/** What can be swept. @param {Sizes} sizes @returns {[kind: string, words: string][]} */
export const kindsOf = (sizes) => [
  ...Object.entries(INTERVENTIONS).map(([kind, { words }]) => /** @type {[string, string]} */ ([kind, words])),
  [LOCATIONS, "Locations N"],
  ...Object.keys(sizes).map((name) => /** @type {[string, string]} */ ([name, `${name[0].toUpperCase()}${name.slice(1).replaceAll("_", " ")} of the input`])),
];

/** What of a run it can be; nothing where there is no choice. @param {string} kind @param {import("./trace.mjs").Trace} run @returns {[target: string, words: string][]} */
export function placesOf(kind, run) {
  if (kind === "noise") return [[MEMORY, "the memory"], [`initial.${MEMORY}`, "the initial memory"]];
  return isIntervention(kind) ? targetsOf(run).map(({ target }) => [target, titleOf(target, run.heads)]) : [];
}

/** When it can be, as values of a choice. @param {string} kind @param {string} target @param {Run} run @returns {[value: string, words: string][]} */
export function momentsOf(kind, target, run) {
  if (!isIntervention(kind) || isInitial({ kind, target })) return [];
  const phases = [...new Set(run.phases.map(({ name }) => name))].filter(Boolean);
  return [{}, ...phases.map((phase) => ({ phase }))].map((when) => [JSON.stringify(when), whenWords({ kind, ...when }, run)]);
}

/** Where nothing is other than in the run. @param {string} kind @param {Run} run @param {Sizes} sizes */
export const neutralOf = (kind, run, sizes) => INTERVENTIONS[kind]?.neutral ?? (kind === LOCATIONS ? run.locations : sizes[kind]);

/** From where to where at first. @param {string} kind @param {Run} run @param {Sizes} sizes @returns {[from: number, to: number]} */
export function rangeOf(kind, run, sizes) {
  const own = neutralOf(kind, run, sizes);
  return INTERVENTIONS[kind]?.range ?? (kind === LOCATIONS ? [Math.max(3, Math.round(own / TWICE)), TWICE * own] : [1, Math.max(FAR, TWICE * own)]);
}

/** As far from each other; each once, where they are whole numbers. @param {string} kind @param {Range} range */
export function valuesOf(kind, { from, to, count }) {
  const all = Array.from({ length: count }, (_, index) => Number((count === 1 ? from : from + ((to - from) * index) / (count - 1)).toPrecision(6)));
  return isIntervention(kind) ? all : [...new Set(all.map(Math.round))];
}

/** @param {Subject} subject @param {number} value @returns {Change} */
export function changeOf({ kind, target, when }, value) {
  return { kind, target, ...(kind === "noise" ? { spread: value, seed: SEED } : { value }), ...when };
}

/**
 * What the service is asked: the run's own machine, N, sizes and changes, but for the one whose number is turned.
 *
 * @param {Subject} subject @param {number[]} values @param {number} sequences @param {Request} request of the run @param {Sizes} sizes of its input
 */
export function requestOf(subject, values, sequences, request, sizes) {
  const { kind } = subject;
  const { checkpoint, sha256, locations } = request;
  const swept = isIntervention(kind) ? changeOf(subject, values[0]) : null;
  const { value: _value, spread: _spread, ...vary } = swept ?? { kind };
  const others = /** @type {Change[]} */ (request.interventions).filter((change) => !swept || siteOf(change) !== siteOf(swept));
  return {
    checkpoint,
    ...(sha256 ? { sha256 } : {}),
    axes: [{ vary: swept ? vary : kind, values }],
    size: Object.fromEntries(Object.entries(sizes).filter(([name]) => name !== kind)),
    interventions: others,
    sequences,
    locations: kind === LOCATIONS ? null : locations,
  };
}

export class Sweep {
  /** As they arrive, in the order of the values. @type {Point[]} */
  points = [];
  /** Whether the points are of predictions, which are judged by what they cost. */
  costs = false;

  /** @param {Subject} subject @param {ReturnType<typeof requestOf>} asked @param {Run} run that it was asked for @param {Sizes} sizes of its input */
  constructor(subject, asked, run, sizes) {
    this.subject = subject;
    this.asked = asked;
    this.run = run;
    this.values = asked.axes[0].values;
    this.neutral = neutralOf(subject.kind, run, sizes);
  }

  /** @param {Header} header */
  begin({ measure }) {
    this.costs = measure !== "bit_error_rate";
  }

  /** @param {Point} point */
  take(point) {
    this.points.push(point);
  }

  /** From left to right, on an axis from 0 to 1. @param {number} value */
  placeOf(value) {
    const [low, high] = this.ends;
    return high > low ? (value - low) / (high - low) : 0.5;
  }

  get ends() {
    return [Math.min(...this.values), Math.max(...this.values)];
  }

  /** What stands at the axis, whole numbers where those are swept. @param {number} parts @returns {number[]} */
  labels(parts) {
    const [from, to] = this.ends;
    return [...new Set(valuesOf(this.subject.kind, { from, to, count: parts + 1 }))];
  }

  /** Whether one of the values could be where nothing is other than in the run. */
  get hasNeutral() {
    const [low, high] = this.ends;
    return this.neutral >= low && this.neutral <= high;
  }

  /** The nearest of the points that are there; null before the first. @param {number} share of the axis @returns {number | null} */
  nearest(share) {
    const far = (/** @type {number} */ index) => Math.abs(this.placeOf(this.points[index].values[0]) - share);
    return this.points.reduce((/** @type {number | null} */ best, _, index) => (best === null || far(index) < far(best) ? index : best), null);
  }

  /** The ends of the scale. */
  get limits() {
    const all = this.points.flatMap(({ interval, rate }) => [...(interval ?? []), rate ?? 0]);
    const most = all.reduce((high, value) => Math.max(high, value), 0);
    const least = all.reduce((low, value) => Math.min(low, value), 0);
    if (!this.costs) return { low: 0, high: most > CHANCE ? ALL : CHANCE };
    return { low: least < 0 ? -roundUp(-least) : 0, high: roundUp(most) };
  }

  /** Points that follow on each other without one that could not be counted, as one draws a line through them. @returns {{x: number, rate: number, low: number, high: number}[][]} */
  get stretches() {
    /** @type {{x: number, rate: number, low: number, high: number}[][]} */
    const found = [[]];
    for (const { values, rate, interval } of this.points) {
      if (rate == null) found.push([]);
      else found[found.length - 1].push({ x: this.placeOf(values[0]), rate, low: interval?.[0] ?? rate, high: interval?.[1] ?? rate });
    }
    return found.filter((stretch) => stretch.length > 0);
  }

  /** What is counted. */
  get unit() {
    return this.costs ? "cost above the optimum" : "share of wrong bits";
  }

  /** What is turned. */
  get title() {
    const { kind, target } = this.subject;
    if (!isIntervention(kind)) return kind === LOCATIONS ? "locations N" : kind.replaceAll("_", " ");
    const place = kind === "noise" ? target.replace(".", " ") : titleOf(target, this.run.heads);
    return { scale: `${place} ×`, add: `${place} +`, noise: `spread of noise on the ${place}` }[kind] ?? place;
  }

  /** On what all points were counted. */
  get basis() {
    const { size, sequences, interventions, locations } = this.asked;
    const sizes = Object.entries(size).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
    const machine = [...(locations === null ? [] : [`${locations} locations`]), ...(interventions.length > 0 ? [`${interventions.length} ${interventions.length === 1 ? "change" : "changes"} more`] : [])];
    const inputs = sequences === 1 ? "random input" : `${sequences} random inputs`;
    return `Each value on the same ${inputs}${sizes.length > 0 ? ` of ${sizes.join(", ")}` : ""}${machine.length > 0 ? `, with ${machine.join(" and ")}` : ""}. The band is 95 %.`;
  }

  /** The change that a point stands for; null for N and sizes. @param {number} index @returns {Change | null} */
  changeAt(index) {
    return isIntervention(this.subject.kind) ? changeOf(this.subject, this.points[index].values[0]) : null;
  }

  /** What a point says. @param {number} index */
  sentenceOf(index) {
    const { values: [value], rate, interval, exact, sequences, error } = this.points[index];
    const change = this.changeAt(index);
    const named = change ? wordsOf(change, this.run).slice(0, -1) : this.subject.kind === LOCATIONS ? `With ${value} locations` : `With ${this.title} ${value}`;
    if (rate == null) return `${named}: ${error?.detail ?? "there is no result."}`;
    const counted = this.costs ? `predictions cost ${percent(rate)} more than the best possible` : `${percent(rate)} of the bits are wrong`;
    const within = interval ? ` (95 %: ${percent(interval[0])} to ${percent(interval[1])})` : "";
    return `${named}: ${counted}${within}${exact == null ? "" : `; ${exact} of ${sequences} answers ${exact === 1 ? "is" : "are"} exact`}.`;
  }

  /** Where it is best and worst. */
  get summary() {
    const known = [...this.points.keys()].filter((index) => this.points[index].rate != null);
    if (known.length === 0) return "";
    const rate = (/** @type {number} */ index) => /** @type {number} */ (this.points[index].rate);
    const worst = known.reduce((most, index) => (rate(index) > rate(most) ? index : most));
    const best = known.reduce((least, index) => (rate(index) < rate(least) ? index : least));
    if (rate(worst) === rate(best)) return `The ${this.unit} is ${percent(rate(best))} at every value.`;
    const at = (/** @type {number} */ index) => `${percent(rate(index))} at ${shown(this.points[index].values[0])}`;
    return `The ${this.unit} is least, ${at(best)}, and greatest, ${at(worst)}.`;
  }

  /** @returns {Table} */
  get table() {
    return {
      title: `Sweep of ${this.title}`,
      corner: "value",
      columns: [this.unit, "95 %, from", "to", ...(this.costs ? [] : ["exact answers"])],
      rows: this.points.map(({ values, rate, interval, exact }) => ({
        name: shown(values[0]),
        values: [rate ?? null, interval?.[0] ?? null, interval?.[1] ?? null, ...(this.costs ? [] : [exact ?? null])],
      })),
      note: this.basis,
    };
  }
}

/** To so many digits as one reads, in percent. @param {number} share */
export const percent = (share) => `${shown(Number((100 * share).toPrecision(3)))} %`;

/** @param {number} value */
export const shown = (value) => String(Number(value.toPrecision(4))).replace("-", "−");
