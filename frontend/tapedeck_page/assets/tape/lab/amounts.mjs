/**
 * What numbers of a run can be changed to.
 *
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/interventions.mjs").Target} Target
 */

import { roundUp } from "#viewer/model/scales.mjs";

/** Digits that are kept of a number that was dragged. */
const DIGITS = 4;

/** A number that was dragged. @param {number} value */
export const rounded = (value) => Number(value.toPrecision(DIGITS));

/** Numbers that sum to 1, one of them a given one, the others in the proportion that they had. @param {Float32Array} values @param {number} place @param {number} value */
export function summing(values, place, value) {
  const own = Math.min(1, Math.max(0, value));
  const others = [...values].reduce((sum, each, index) => (index === place ? sum : sum + each), 0);
  return [...values].map((each, index) => {
    if (index === place) return own;
    return rounded(others > 0 ? (each * (1 - own)) / others : (1 - own) / (values.length - 1));
  });
}

/** The range of a slider: what a number without bounds reaches in this run, with room above it. @param {Trace} trace @param {Target} target */
export function rangeOf(trace, { target, low, high, length }) {
  let [least, most] = [low ?? 0, high ?? 0];
  for (let step = 0; step < trace.arrived && (low === null || high === null); step++) {
    for (const value of trace.at(target, step)) {
      if (low === null && value < least) least = value;
      if (high === null && value > most) most = value;
    }
  }
  if (low === null && least < 0) least = -roundUp(Math.max(-least, most));
  return { low: least, high: high ?? roundUp(length === 1 ? 2 * Math.max(most, Math.abs(least), 1) : Math.max(most, -least)) };
}
