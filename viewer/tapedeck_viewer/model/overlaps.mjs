/**
 * Changes that cannot both be made: a number cannot be set to two values at one step. The later one counts, and what the earlier one
 * set elsewhere stays.
 *
 * @typedef {import("./interventions.mjs").Change} Change
 * @typedef {import("./interventions.mjs").Run} Run
 */

import { at, isInitial, MEMORY, siteOf, stretchOf } from "./interventions.mjs";

/** What is left of earlier changes once another is made. @param {readonly Change[]} list @param {Change} change @param {Run} run */
export function yieldedTo(list, change, run) {
  const site = siteOf(change);
  return list.flatMap((each) => (siteOf(each) === site ? [each] : remainsOf(each, change, run)));
}

/** @param {Change} earlier @param {Change} later @param {Run} run @returns {Change[]} */
function remainsOf(earlier, later, run) {
  const sets = [earlier, later].every(({ kind }) => kind === "set");
  const [before, now] = [stretchOf(earlier, run), stretchOf(later, run)];
  if (!sets || earlier.target !== later.target || isInitial(earlier) || !before || !now) return [earlier];
  if (before.stop <= now.start || now.stop <= before.start) return [earlier];
  const outside = [{ start: before.start, stop: now.start }, { start: now.stop, stop: before.stop }].filter(({ start, stop }) => start < stop);
  // To the end stays to the end, however long the run becomes.
  const elsewhere = outside.map(({ start, stop }) => (stop === run.steps ? { start } : { start, stop }));
  if (earlier.target === MEMORY) return isWithin(earlier, later) ? elsewhere.map((when) => at(earlier, when)) : [earlier];
  const [own, taken] = [elementsOf(earlier, run), new Set(elementsOf(later, run))];
  const kept = own.filter((element) => !taken.has(element));
  if (kept.length === own.length) return [earlier];
  const shared = own.filter((element) => taken.has(element));
  const whole = (/** @type {number[]} */ elements) => (kept.length === 0 ? earlier : picked(earlier, own, elements));
  return [...(kept.length > 0 ? [picked(earlier, own, kept)] : []), ...elsewhere.map((when) => at(whole(shared), when))];
}

/** Whether all cells of the one are cells of the other. @param {Change} one @param {Change} other */
const isWithin = (one, other) => /** @type {const} */ (["rows", "columns"]).every((axis) => !other[axis] || one[axis]?.every((place) => other[axis]?.includes(place)));

/** The places of the numbers of a field that a change sets. @param {Change} change @param {Run} run */
export function elementsOf({ target = "", elements }, { columns, header }) {
  const column = columns.get(target);
  if (!elements) return Array.from({ length: column?.length ?? 0 }, (_, element) => element);
  const channels = column?.role === "output" ? header.output_channels : header.input_channels;
  return elements.map((each) => (typeof each === "number" ? each : channels.findIndex(({ name }) => name === each)));
}

/** Some of its numbers alone. @param {Change} change @param {number[]} own @param {number[]} elements @returns {Change} */
function picked(change, own, elements) {
  const { value } = change;
  return { ...change, elements, ...(Array.isArray(value) ? { value: elements.map((element) => value[own.indexOf(element)]) } : {}) };
}
