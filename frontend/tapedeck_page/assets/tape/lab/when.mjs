/**
 * When a change is made: at the cursor's step, from there on, in its phase, or at every step; as choices with values that say it.
 *
 * @typedef {import("#viewer/model/interventions.mjs").When} When
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {"step" | "on" | "phase" | "every"} Span
 */

import { whenOf, whenWords } from "#viewer/model/interventions.mjs";

/** The spans at a step. @param {Trace} trace @param {number} step @returns {[Span, string][]} */
export function spansAt(trace, step) {
  const { name } = trace.phaseAt(step);
  return [["step", "this step"], ["on", "from here on"], ...(name ? [/** @type {[Span, string]} */ (["phase", name])] : []), ["every", "every step"]];
}

/** @param {Span} span @param {Trace} trace @param {number} step @returns {When} */
export function whenOfSpan(span, trace, step) {
  const { name } = trace.phaseAt(step);
  if (span === "step") return { step };
  if (span === "on") return { start: step };
  return span === "phase" && name ? { phase: name } : {};
}

/** What stands for it in a choice. @param {When} when */
export const whenValue = (when) => JSON.stringify(when);

/** What a change can be moved to: its own steps, every phase, all. @param {Change} change @param {Trace} run @returns {[string, string][]} */
export function whenOptions(change, run) {
  const own = whenOf(change);
  const from = own.step ?? own.start;
  const phases = [...new Set(run.phases.map(({ name }) => name))].filter(Boolean);
  const all = [own, ...(from === undefined ? [] : [{ step: from }, { start: from }]), ...phases.map((phase) => ({ phase })), {}];
  const values = [...new Set(all.map(whenValue))];
  return values.map((value) => [value, whenWords({ ...JSON.parse(value), kind: change.kind }, run)]);
}
