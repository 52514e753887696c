/** What stands at the axes of a panel, on the page and in its pictures. */

import { ticks } from "./scales.mjs";

/** While a tape grows, its locations come in blocks of so many. */
const ROWS_AT_ONCE = 32;

/** @typedef {{text: string, index: number}} Label of the row or column `index` of those that are shown */

/**
 * The rows of a panel over time. Of bits the first and the last are named, and the two delimiters after them.
 *
 * @param {"bits" | "locations" | "width"} kind
 * @param {number[]} rows from top to bottom
 * @param {number} bits channels that hold bits
 * @param {number} most labels that there is room for
 * @returns {Label[]}
 */
export function rowLabels(kind, rows, bits, most) {
  if (kind === "bits") {
    const delimiters = rows.length > bits ? ["S", "E"].map((text, index) => ({ text, index: bits + index })) : [];
    return [{ text: "0", index: 0 }, { text: String(bits - 1), index: bits - 1 }, ...delimiters];
  }
  return ticks(rows.length, Math.max(2, most)).map((index) => ({ text: String(rows[index]), index }));
}

/** @param {number} count @param {number} most @returns {Label[]} */
export const columnLabels = (count, most) => ticks(count, most).map((index) => ({ text: String(index), index }));

/**
 * The locations that are shown, from top to bottom: all N, or those in use.
 *
 * @param {import("./trace.mjs").Trace} trace
 * @param {boolean} all
 */
export function locationsShown(trace, all) {
  const { first, count } = all ? { first: 0, count: trace.locations } : trace.rowsInUse();
  // While the tape grows, rows come in blocks: each change of them draws the panels from their first step again.
  const block = trace.arrived < trace.steps ? ROWS_AT_ONCE : 1;
  const shown = Math.min(trace.locations, Math.ceil(count / block) * block);
  return Array.from({ length: shown }, (_, index) => (first + index) % trace.locations);
}
