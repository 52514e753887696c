/**
 * Predictions: what is said of a step at which a machine predicts the next bit, and what its predictions cost against the best possible.
 *
 * The service says the same (`tapedeck.tracing.predictions`); `tests/fixtures/narration.json` holds both to it.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {{said: Float64Array, best: Float64Array | null, upTo: number}} Costs in bits, of all steps before each, as far as they have
 *     arrived; `best` is null where the run has no optimum
 */

import { hundredths } from "./vectors.mjs";

/** A prediction that is surer than this and wrong costs no more. */
const LEAST_PROBABILITY = 1e-12;

/** Up to this share above the optimum predictions count as the best possible: the luck of a stream is larger. */
export const NEAR = 0.02;

/** @type {WeakMap<Trace, Costs>} */
const known = new WeakMap();

/** Whether what comes out are probabilities, which are not right or wrong. @param {Trace} trace */
export const foretells = ({ header, columns }) => columns.has("outputs") && header.output_channels.every(({ kind }) => kind === "probability");

/** The field of the best possible predictions; undefined where there is none. @param {Trace} trace */
export const optimumOf = ({ columns }) => [...columns.values()].find(({ role }) => role === "optimum")?.name;

/** What the predictions before each step cost, up to as many as have arrived. @param {Trace} trace @returns {Costs} */
export function costsOf(trace) {
  const { header, steps } = trace;
  const optimum = optimumOf(trace);
  const costs = known.get(trace) ?? { said: new Float64Array(steps + 1), best: optimum ? new Float64Array(steps + 1) : null, upTo: 0 };
  known.set(trace, costs);
  for (let step = costs.upTo; step < trace.arrived; step++) {
    const counts = header.scored.some(([start, stop]) => start <= step && step < stop);
    const came = trace.at("targets", step)[0] > 0.5;
    costs.said[step + 1] = costs.said[step] + (counts ? costOf(trace.at("outputs", step)[0], came) : 0);
    if (costs.best && optimum) costs.best[step + 1] = costs.best[step] + (counts ? costOf(trace.at(optimum, step)[0], came) : 0);
  }
  costs.upTo = trace.arrived;
  return costs;
}

/** In bits: what a probability of a 1 costs where that came, or a 0. @param {number} probability @param {boolean} came */
export const costOf = (probability, came) => Math.log2(1 / Math.min(1, Math.max(LEAST_PROBABILITY, came ? probability : 1 - probability)));

/** “134.1 bits where the best possible is 133.0”. @param {number} said @param {number | null} best */
export const costInWords = (said, best) => `${said.toFixed(1)} bits${best === null ? "" : `, best possible ${best.toFixed(1)}`}`;

/** “0.8 % above the optimum”. @param {number} excess */
export function excessInWords(excess) {
  const percent = Math.abs(100 * excess);
  return percent < 0.05 ? "as good as the optimum" : `${percent.toFixed(1)} % ${excess > 0 ? "above" : "below"} the optimum`;
}

/** The same in little room: “+0.8 %”. @param {number} excess */
export const inPercent = (excess) => `${excess < 0 ? "−" : "+"}${Math.abs(100 * excess).toFixed(1)} %`;

/** The bits of a context, as they were heard. @param {number} context @param {number} order */
export const contextBits = (context, order) => context.toString(2).padStart(order, "0");

/** What a step is in its task. @param {Trace} trace @param {number} step */
export const placeOfBit = ({ steps }, step) => `bit ${step + 1} of ${steps}`;

/** The bit, and those of its context before it; empty where there are too few of them. @param {Trace} trace @param {number} step */
export function heardAfter({ header: { estimator } }, step) {
  if (!estimator || estimator.contexts[step] < 0) return "";
  const bits = contextBits(estimator.contexts[step], estimator.order);
  return `${bits.slice(-1)} after ${bits.slice(0, -1)}`;
}

/** The probability of a 1, beside the best possible and what that goes by. @param {Trace} trace @param {number} step */
export function saidFor(trace, step) {
  const best = optimumOf(trace);
  const said = `says ${hundredths(trace.at("outputs", step)[0])} for a 1`;
  return best ? `${said} (best ${hundredths(trace.at(best, step)[0])}, ${seenBefore(trace, step)})` : said;
}

/** How often the context of a step was seen before, and what followed. @param {Trace} trace @param {number} step */
export function seenBefore({ header: { estimator } }, step) {
  const [zeros, ones] = [estimator?.zeros[step] ?? 0, estimator?.ones[step] ?? 0];
  if (zeros + ones === 0) return "not seen before";
  if (zeros + ones === 1) return `seen once: a ${ones}`;
  return `seen ${zeros + ones} times: ${ones} ${ones === 1 ? "one" : "ones"}`;
}
