/**
 * What can be swept: the number of an intervention, N, or a size of the task. What of a run it can be, when, from where to where, and the
 * change that a value stands for.
 *
 * @typedef {import("../contract/stream.mjs").Request} Request
 * @typedef {import("./interventions.mjs").Change} Change
 * @typedef {import("./interventions.mjs").When} When
 * @typedef {import("./interventions.mjs").Run & Pick<import("./trace.mjs").Trace, "locations">} Run
 * @typedef {Record<string, number>} Sizes that make an input of the task longer, by their names
 * @typedef {{kind: string, target: string, when: When}} Subject `kind` is that of an intervention, `locations`, or the name of a size;
 *     the others say what of, and when, where it is an intervention
 * @typedef {import("../contract/types.mjs").ParameterDocument} Parameter
 * @typedef {{from: number, to: number, count: number}} Range
 */

import { MEMORY, PARAMETERS, isInitial, siteOf, targetsOf, whenWords, wordsOf } from "./interventions.mjs";
import { titleOf } from "./titles.mjs";

export const LOCATIONS = "locations";
/** The kinds of interventions that are swept: what is done, where nothing is changed, and from where to where at first. @type {Record<string, {words: string, neutral: number, range: [number, number]}>} */
const INTERVENTIONS = {
  scale: { words: "Multiply", neutral: 1, range: [0, 2] },
  add: { words: "Add to", neutral: 0, range: [-1, 1] },
  noise: { words: "Noise on", neutral: 0, range: [0, 0.5] },
};
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

/** What of a run it can be; nothing where there is no choice. @param {string} kind @param {import("./trace.mjs").Trace} run @param {Parameter[]} parameters of its machine @returns {[target: string, words: string][]} */
export function placesOf(kind, run, parameters = []) {
  if (kind === "noise") return [[MEMORY, "the memory"], [`initial.${MEMORY}`, "the initial memory"], ...parameters.map((each) => /** @type {[string, string]} */ ([`${PARAMETERS}${each.name}`, parameterWords(each)]))];
  return isIntervention(kind) ? targetsOf(run).map(({ target }) => [target, titleOf(target, run.heads)]) : [];
}

/** What a choice says of a parameter. @param {Parameter} parameter */
export const parameterWords = ({ name, shape }) => `${name} (${shape.join(" × ")})`;

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

/** As far from each other, upwards, each once; whole where they count something. @param {string} kind @param {Range} range */
export function valuesOf(kind, { from, to, count }) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const all = Array.from({ length: count }, (_, index) => Number((count === 1 ? from : low + ((high - low) * index) / (count - 1)).toPrecision(6)));
  return [...new Set(isIntervention(kind) ? all : all.map(Math.round))];
}

/** @param {Subject} subject @param {number} value @returns {Change} */
export function changeOf({ kind, target, when }, value) {
  return { kind, target, ...(kind === "noise" ? { spread: value, seed: SEED } : { value }), ...when };
}

/** One number and its values, in the order in which they are tried. */
export class Axis {
  /** @param {Subject} subject @param {number[]} values @param {Run} run that it was asked for @param {Sizes} sizes of its input */
  constructor(subject, values, run, sizes) {
    this.subject = subject;
    this.values = values;
    this.run = run;
    this.neutral = neutralOf(subject.kind, run, sizes);
  }

  get isIntervention() {
    return isIntervention(this.subject.kind);
  }

  get ends() {
    return [Math.min(...this.values), Math.max(...this.values)];
  }

  /** From left to right, on an axis from 0 to 1. @param {number} value */
  placeOf(value) {
    const [low, high] = this.ends;
    return high > low ? (value - low) / (high - low) : 0.5;
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

  /** What is turned. */
  get title() {
    const { kind, target } = this.subject;
    if (!this.isIntervention) return kind === LOCATIONS ? "locations N" : kind.replaceAll("_", " ");
    const place = titleOf(target, this.run.heads);
    const disturbed = target.startsWith(PARAMETERS) ? target.slice(PARAMETERS.length) : `the ${target.replace(".", " ")}`;
    return { scale: `${place} ×`, add: `${place} +`, noise: `spread of noise on ${disturbed}` }[kind] ?? place;
  }

  /** The change that a value stands for; null for N and sizes. @param {number} value @returns {Change | null} */
  changeAt(value) {
    return this.isIntervention ? changeOf(this.subject, value) : null;
  }

  /** What a value is: a deed, or what there is in N and sizes. @param {number} value */
  wordsOf(value) {
    const change = this.changeAt(value);
    if (change) return wordsOf(change, this.run).slice(0, -1);
    return this.subject.kind === LOCATIONS ? `${value} locations` : `${this.title} ${value}`;
  }

  /** As the service is asked for it. */
  get asked() {
    const { subject, values } = this;
    if (!this.isIntervention) return { vary: subject.kind, values };
    const { value: _value, spread: _spread, ...vary } = changeOf(subject, values[0]);
    return { vary, values };
  }
}

/** What is done at a point, in words that begin a sentence: deeds first, then with what. @param {Axis[]} axes @param {number[]} values one of each */
export function wordsAt(axes, values) {
  const [deeds, others] = [true, false].map((kind) => axes.flatMap((axis, at) => (axis.isIntervention === kind ? [axis.wordsOf(values[at])] : [])));
  const done = deeds.map((words, at) => (at === 0 ? words : `${words[0].toLowerCase()}${words.slice(1)}`)).join(", and ");
  if (others.length === 0) return done;
  return `${done ? `${done}, with` : "With"} ${others.join(" and ")}`;
}

/**
 * What the service is asked: the run's own machine, N, sizes and changes, but for those whose number is turned.
 *
 * @param {Axis[]} axes @param {number} sequences @param {Request} request of the run @param {Sizes} sizes of its input
 */
export function requestOf(axes, sequences, request, sizes) {
  const { checkpoint, sha256, locations } = request;
  const kinds = axes.map(({ subject }) => subject.kind);
  const sites = axes.flatMap((axis) => axis.changeAt(0) ?? []).map(siteOf);
  return {
    checkpoint,
    ...(sha256 ? { sha256 } : {}),
    axes: axes.map(({ asked }) => asked),
    size: Object.fromEntries(Object.entries(sizes).filter(([name]) => !kinds.includes(name))),
    interventions: /** @type {Change[]} */ (request.interventions).filter((change) => !sites.includes(siteOf(change))),
    sequences,
    locations: kinds.includes(LOCATIONS) ? null : locations,
  };
}
