/**
 * How many checkpoints a learning film has room for: it keeps a whole trace of each, and a long run on a large memory takes
 * tens of megabytes.
 */

import { bytesOf } from "#viewer/model/trace.mjs";

/** What a film may take of the browser's memory. */
const BUDGET_BYTES = 400e6;

/** How many such runs fit. @param {import("#viewer/contract/wire.mjs").Description} header */
export const roomFor = (header) => Math.floor(BUDGET_BYTES / bytesOf(header));

/**
 * So many of a number of checkpoints, evenly, those that are fixed among them.
 *
 * @param {number} count
 * @param {number} room 2 at least, and no less than are fixed
 * @param {Set<number>} fixed the first and the last among them
 */
export function evenly(count, room, fixed) {
  const spread = Array.from({ length: room }, (_, place) => Math.round((place * (count - 1)) / (room - 1)));
  return thinned([...spread, ...fixed], room, fixed);
}

/**
 * As many as there is room for, in order: one after another those leave that stand closest to their neighbours.
 *
 * @param {number[]} members
 * @param {number} room no less than are fixed
 * @param {Set<number>} fixed the first and the last among them
 */
export function thinned(members, room, fixed) {
  const kept = [...new Set(members)].sort((a, b) => a - b);
  const gap = (/** @type {number} */ member) => kept[kept.indexOf(member) + 1] - kept[kept.indexOf(member) - 1];
  while (kept.length > room) {
    const closest = kept.filter((member) => !fixed.has(member)).reduce((best, each) => (gap(each) < gap(best) ? each : best));
    kept.splice(kept.indexOf(closest), 1);
  }
  return kept;
}

/** What is said where some are left out. @param {number} filmed @param {number} all */
export function inFew(filmed, all) {
  if (filmed === all) return "";
  if (filmed > 1) return `${filmed} of ${all} checkpoints: this run is long.`;
  return `Only the checkpoint of this machine, of ${all}: this run is so long that the page has no room for more.`;
}
