/**
 * Where a head looks at a step, and how it came there, in words: from its weighting, its gate and its shift.
 *
 * The service says the same (`tapedeck.tracing.focus`); `tests/fixtures/narration.json` holds both to it.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./trace.mjs").Head} Head
 * @typedef {{location: number | null, mostly: boolean, spread: string}} Focus `location` is the one place, or that of most of the weight;
 *     null where the weighting is spread, over what `spread` says; nothing where there is no weight
 * @typedef {{kind: "on" | "start" | "content" | "other", moved: number, found: number, whose: string}} Arrival on from where it was, on from
 *     where it starts, by content, or no way to say; `moved` forward from there, or from the location `found`; `whose` where that is another's
 */

import { argmax } from "./numbers.mjs";

/** A location with at least this share of the weight is where a head looks. */
const SINGLE = 0.8;
/** With at least this share it is where a head mostly looks; with less the head is spread. */
const MOSTLY = 0.5;
/** The most locations that are named one by one, and as a stretch; more are counted. */
const [MOST_NAMED, MOST_TOGETHER] = [3, 8];

/** Where a head may have moved to of which nobody says how it moves. */
const NEIGHBOURS = [1, 0, -1];

/** Where most of a weighting lies. @param {ArrayLike<number>} weighting @returns {Focus} */
export function focusOf(weighting) {
  const { peak, total } = peakOf(weighting);
  if (!(total > 0)) return { location: null, mostly: false, spread: "" };
  if (weighting[peak] >= MOSTLY * total) return { location: peak, mostly: weighting[peak] < SINGLE * total, spread: "" };
  return { location: null, mostly: false, spread: spreadOf(weighting) };
}

/** The one place where a head looks, with at least a share of the weight; null where there is none. @param {ArrayLike<number>} weighting */
export function locationOf(weighting, share = MOSTLY) {
  const { peak, total } = peakOf(weighting);
  return total > 0 && weighting[peak] >= share * total ? peak : null;
}

/** Where the greatest weight is, the first of equals, and the sum of all. @param {ArrayLike<number>} weighting */
function peakOf(weighting) {
  let [peak, total] = [0, 0];
  for (let location = 0; location < weighting.length; location++) {
    const weight = weighting[location];
    total += weight;
    if (weight > weighting[peak]) peak = location;
  }
  return { peak, total };
}

/** The fewest locations that hold most of the weight, the heaviest first; none where there is no weight. @param {ArrayLike<number>} weights */
export function heldBy(weights) {
  const { total } = peakOf(weights);
  if (!(total > 0)) return [];
  const order = Array.from(weights, (_, location) => location).sort((a, b) => weights[b] - weights[a]);
  let held = 0;
  for (let sum = 0; held < order.length && sum < SINGLE * total; held++) sum += weights[order[held]];
  return order.slice(0, held);
}

/** Where a weighting is spread: a stretch, a few, or how many of all. @param {ArrayLike<number>} weights */
function spreadOf(weights) {
  const heaviest = heldBy(weights).sort((a, b) => a - b);
  const held = heaviest.length;
  const { first, length } = stretchOf(heaviest, weights.length);
  const from = (/** @type {number} */ location) => (location - first + weights.length) % weights.length;
  const around = heaviest.sort((a, b) => from(a) - from(b));
  const last = around[around.length - 1];
  if (held <= MOST_NAMED) return `locations ${around.slice(0, -1).join(", ")} and ${last}`;
  if (length === held && length <= MOST_TOGETHER) return `locations ${first}–${last}`;
  return `${held} of ${weights.length} locations`;
}

/** The shortest stretch around the memory that holds all these. @param {number[]} locations in order @param {number} count */
function stretchOf(locations, count) {
  const gaps = locations.map((location, index) => (location - (locations.at(index - 1) ?? 0) + count) % count || count);
  const widest = argmax(gaps);
  return { first: locations[widest], length: count - gaps[widest] + 1 };
}

/** How a head came to a location at a step. @param {Trace} trace @param {Head} head @param {number} step @param {number} location @returns {Arrival} */
export function arrivalOf(trace, head, step, location) {
  const earlier = step > 0 ? trace.at(trace.head(head.previous).weighting, step - 1) : startOf(trace, head.previous);
  return arrivalFrom(locationOf(earlier), trace, head, step, location);
}

/**
 * The same from where it was, or the head whose place it moves on from.
 *
 * @param {number | null} origin @param {Trace} trace @param {Head} head @param {number} step @param {number} location @returns {Arrival}
 */
export function arrivalFrom(origin, trace, head, step, location) {
  const count = trace.locations;
  if (origin !== null) {
    const moves = [...(head.shifts.length > 0 ? head.shifts : NEIGHBOURS)].sort((a, b) => Math.abs(a) - Math.abs(b) || b - a);
    const moved = moves.find((move) => (origin + move - location) % count === 0);
    const whose = head.previous === head.name ? "" : head.previous;
    if (moved !== undefined) return { kind: step > 0 ? "on" : "start", moved, found: 0, whose };
  }
  const number = (/** @type {string} */ stage) => trace.at(/** @type {string} */ (head.fields.get(stage)), step);
  const other = /** @type {const} */ ({ kind: "other", moved: 0, found: 0, whose: "" });
  if (!head.fields.has("interpolation_gate") || number("interpolation_gate")[0] < MOSTLY) return other;
  const moved = head.fields.has("shift_weighting") ? head.shifts[argmax(number("shift_weighting"))] : 0;
  return { kind: "content", moved, found: (((location - moved) % count) + count) % count, whose: "" };
}

/** Before the first step. @param {Trace} trace @param {string} name @returns {ArrayLike<number>} */
export const startOf = ({ header }, name) => header.heads.find((head) => head.name === name)?.start ?? [];

/** One on, 2 back. @param {number} moved */
export const distance = (moved) => `${Math.abs(moved) === 1 ? "one" : Math.abs(moved)} ${moved > 0 ? "on" : "back"}`;
