/**
 * A sweep (`WS /api/sweep`): one number, or two, turned through their values, each point tried on the same sampled inputs. One makes a
 * curve, two a map.
 *
 * @typedef {import("../contract/types.mjs").SweepHeader} Header
 * @typedef {import("../contract/types.mjs").SweepPoint} Point
 * @typedef {import("./interventions.mjs").Change} Change
 * @typedef {import("./subjects.mjs").Axis} Axis
 * @typedef {import("./tables.mjs").Table} Table
 * @typedef {ReturnType<typeof import("./subjects.mjs").requestOf>} Asked
 */

import { roundUp } from "./scales.mjs";
import { wordsAt } from "./subjects.mjs";

/** The end of the scale of wrong bits: chance, and room for the band above it; all, where something is worse. */
const [CHANCE, ALL] = [0.6, 1];

export class Sweep {
  /** As they arrive, in order, the last axis varying fastest. @type {Point[]} */
  points = [];
  /** What the service says of it. @type {Header | null} */
  header = null;

  /** @param {Axis[]} axes one, or two for a map @param {Asked} asked */
  constructor(axes, asked) {
    this.axes = axes;
    this.asked = asked;
    /** How many points there will be. */
    this.count = axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** @param {Header} header */
  begin(header) {
    this.header = header;
  }

  /** @param {Point} point */
  take(point) {
    this.points.push(point);
  }

  get isMap() {
    return this.axes.length > 1;
  }

  /** Whether the points are of predictions, which are judged by what they cost. */
  get costs() {
    return this.header !== null && this.header.measure !== "bit_error_rate";
  }

  /** The nearest of the points of a curve that are there; null before the first. @param {number} share of the axis @returns {number | null} */
  nearest(share) {
    const far = (/** @type {number} */ index) => Math.abs(this.axes[0].placeOf(this.points[index].values[0]) - share);
    return this.points.reduce((/** @type {number | null} */ best, _, index) => (best === null || far(index) < far(best) ? index : best), null);
  }

  /** The ends of the scale; of a map without room for the band. */
  get limits() {
    const all = this.points.flatMap(({ interval, rate }) => [...((!this.isMap && interval) || []), rate ?? 0]);
    const most = all.reduce((high, value) => Math.max(high, value), 0);
    const least = all.reduce((low, value) => Math.min(low, value), 0);
    if (!this.costs) return { low: 0, high: most > CHANCE ? ALL : CHANCE };
    const high = roundUp(Math.max(most, this.isMap ? -least : 0));
    return { low: least >= 0 ? 0 : this.isMap ? -high : -roundUp(-least), high };
  }

  /** Points of a curve that follow on each other without one that could not be counted, as one draws a line through them. @returns {{x: number, rate: number, low: number, high: number}[][]} */
  get stretches() {
    /** @type {{x: number, rate: number, low: number, high: number}[][]} */
    const found = [[]];
    for (const { values, rate, interval } of this.points) {
      if (rate == null) found.push([]);
      else found[found.length - 1].push({ x: this.axes[0].placeOf(values[0]), rate, low: interval?.[0] ?? rate, high: interval?.[1] ?? rate });
    }
    return found.filter((stretch) => stretch.length > 0);
  }

  /** What is counted. */
  get unit() {
    return this.costs ? "cost above the optimum" : "share of wrong bits";
  }

  /** What is turned. */
  get title() {
    return this.axes.map(({ title }) => title).join(" and ");
  }

  /** On what all points were counted. */
  get basis() {
    const { size, sequences, interventions, locations } = this.asked;
    const sizes = Object.entries(size).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
    const machine = [...(locations === null ? [] : [`${locations} locations`]), ...(interventions.length > 0 ? [`${interventions.length} ${interventions.length === 1 ? "change" : "changes"} more`] : [])];
    const inputs = sequences === 1 ? "random input" : `${sequences} random inputs`;
    return `Each ${this.isMap ? "pair of values" : "value"} on the same ${inputs}${sizes.length > 0 ? ` of ${sizes.join(", ")}` : ""}${machine.length > 0 ? `, with ${machine.join(" and ")}` : ""}.${this.isMap ? "" : " The band is 95 %."}`;
  }

  /** Whether points stand for changes that can be made in the run; N and sizes are none. */
  get hasChanges() {
    return this.axes.some(({ isIntervention }) => isIntervention);
  }

  /** The changes that a point stands for. @param {number} index @returns {Change[]} */
  changesAt(index) {
    return this.axes.flatMap((axis, at) => axis.changeAt(this.points[index].values[at]) ?? []);
  }

  /** What a point says. @param {number} index */
  sentenceOf(index) {
    const { values, rate, interval, exact, sequences, error } = this.points[index];
    const named = wordsAt(this.axes, values);
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
    if (rate(worst) === rate(best)) return `The ${this.unit} is ${percent(rate(best))} at every ${this.isMap ? "pair of values" : "value"}.`;
    const at = (/** @type {number} */ index) => `${percent(rate(index))} at ${this.#valuesOf(index)}`;
    const alike = known.filter((index) => rate(index) === rate(best)).length;
    const least = this.isMap && alike > 1 ? `${percent(rate(best))} at ${alike} of ${this.count} pairs of values` : at(best);
    return `The ${this.unit} is least, ${least}, and greatest, ${at(worst)}.`;
  }

  /** @param {number} index */
  #valuesOf(index) {
    const { values } = this.points[index];
    return this.isMap ? this.axes.map(({ title }, at) => `${title} ${shown(values[at])}`).join(", ") : shown(values[0]);
  }

  /** @returns {Table} */
  get table() {
    if (this.isMap) return this.#mapTable;
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

  /** As the map is drawn. @returns {Table} */
  get #mapTable() {
    const [across, up] = this.axes;
    const downwards = up.values.map((value, at) => ({ value, at })).reverse();
    return {
      title: `Sweep of ${this.title}`,
      corner: "",
      columns: across.values.map(shown),
      rows: downwards.map(({ value, at }) => ({ name: shown(value), values: across.values.map((_, column) => this.points[column * up.values.length + at]?.rate ?? null) })),
      note: `The ${this.unit}; across ${across.title}, down ${up.title}. ${this.basis}`,
    };
  }
}

/** To so many digits as one reads, in percent. @param {number} share */
export const percent = (share) => `${shown(Number((100 * share).toPrecision(3)))} %`;

/** @param {number} value */
export const shown = (value) => String(Number(value.toPrecision(4))).replace("-", "−");
