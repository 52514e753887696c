/** What stands at the axes of a panel, on the page and in its pictures. */

import { ticks } from "./scales.mjs";

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
