/** What stands at the axes of a panel, on the page and in its pictures. */

import { ticks } from "./scales.mjs";

/** While a tape grows, its locations come in blocks of so many. */
const ROWS_AT_ONCE = 32;

/** What a label takes from top to bottom. */
const LABEL = 11;

/** @typedef {{text: string, index: number}} Label of the row or column `index` of those that are shown */

/**
 * The rows of a panel over time. Of bits the first and the last are named, and the two delimiters after them.
 *
 * @param {"bits" | "locations" | "width"} kind
 * @param {number[]} rows from top to bottom
 * @param {number} bits of a vector
 * @param {number} height of the axis, in pixels or points
 * @param {number} apart how far from one another the labels of many rows are to stand at the least
 * @returns {Label[]}
 */
export function rowLabels(kind, rows, bits, height, apart) {
  if (kind === "bits") return bitLabels(rows.length, bits, height / rows.length);
  const most = Math.floor(height / apart);
  return ticks(rows.length, Math.max(2, most)).map((index) => ({ text: String(rows[index]), index }));
}

/** Those that do not touch: rather both delimiters in one label, and no last bit. @param {number} rows @param {number} bits @param {number} each height of a row */
function bitLabels(rows, bits, each) {
  const last = { text: String(bits), index: bits - 1 };
  const first = last.index * each >= LABEL ? [{ text: "1", index: 0 }] : [];
  if (rows === bits) return [...first, last];
  if (each >= LABEL) return [...first, last, { text: "S", index: bits }, { text: "E", index: bits + 1 }];
  return [...first, ...(1.5 * each >= LABEL ? [last] : []), { text: "S E", index: bits + 0.5 }];
}

/**
 * What a row is called in a sentence: bits are counted from 1, locations and columns from 0.
 *
 * @param {"bits" | "locations" | "width"} kind
 * @param {number} row
 * @param {number} bits of a vector
 */
export function nameOfRow(kind, row, bits) {
  if (kind === "locations") return `location ${row}`;
  if (kind === "width") return `column ${row}`;
  return row < bits ? `bit ${row + 1}` : `${row === bits ? "start" : "end"} delimiter`;
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
