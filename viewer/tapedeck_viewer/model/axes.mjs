/** What stands at the axes of a panel, on the page and in its pictures. */

import { nameOfChannel, shortName } from "./channels.mjs";
import { ticks } from "./scales.mjs";

/** While a tape grows, its locations come in blocks of so many. */
const ROWS_AT_ONCE = 32;

/** What a label takes from top to bottom. */
const LABEL = 11;

/**
 * @typedef {import("../contract/wire.mjs").Channel} Channel
 * @typedef {string} Axis what the rows of a panel are: channel, location, column, unit, shift; of a file's own fields any word
 * @typedef {{text: string, index: number}} Label of the row or column `index` of those that are shown
 */

/**
 * The rows of a panel over time. Of a stretch of bits the first and the last are named, and every other channel.
 *
 * @param {Axis} axis
 * @param {number[]} rows from top to bottom
 * @param {Channel[]} channels where the rows are channels
 * @param {number} height of the axis, in pixels or points
 * @param {number} apart how far from one another the labels of many rows are to stand at the least
 * @returns {Label[]}
 */
export function rowLabels(axis, rows, channels, height, apart) {
  if (axis === "channel") return channelLabels(rows.map((row) => channels[row]), height / rows.length);
  const most = Math.floor(height / apart);
  return ticks(rows.length, Math.max(2, most)).map((index) => ({ text: String(rows[index]), index }));
}

/**
 * Those that do not touch: neighbours that are no bits rather share a label, and the first bit stays away.
 *
 * @param {Channel[]} channels that are shown @param {number} each height of a row
 */
function channelLabels(channels, each) {
  /** @type {Label[]} */
  const labels = [];
  for (const { first, last } of stretchesOf(channels)) {
    const bits = isNumbered(channels[first]);
    const names = channels.slice(first, last + 1).map(shortName);
    if (!bits && each < LABEL) labels.push({ text: names.join(" "), index: (first + last) / 2 });
    else if (!bits) names.forEach((text, at) => labels.push({ text, index: first + at }));
    else if ((last - first) * each < LABEL) labels.push({ text: names[names.length - 1], index: last });
    else labels.push({ text: names[0], index: first }, { text: names[names.length - 1], index: last });
  }
  const fits = (/** @type {Label} */ label, /** @type {Label | undefined} */ next) => !next || (next.index - label.index) * each >= LABEL;
  // From the last up, because what is no bit stands there, and says more.
  return labels.reduceRight((kept, label) => (fits(label, kept[0]) ? [label, ...kept] : kept), /** @type {Label[]} */ ([]));
}

/** Whether the first and the last of such channels say what those between them are. @param {Pick<Channel, "kind">} channel */
const isNumbered = ({ kind }) => kind === "bit" || kind === "value";

/** Stretches of channels that are numbered, and of others. @param {Channel[]} channels */
function stretchesOf(channels) {
  /** @type {{first: number, last: number, bits: boolean}[]} */
  const found = [];
  channels.forEach(({ kind }, index) => {
    const [open, bits] = [found.at(-1), isNumbered({ kind })];
    if (open && open.bits === bits) open.last = index;
    else found.push({ first: index, last: index, bits });
  });
  return found;
}

/**
 * What a row is called in a sentence: channels have names, locations, columns and units are counted from 0.
 *
 * @param {Axis} axis
 * @param {number} row
 * @param {Channel[]} channels where the rows are channels
 */
export function nameOfRow(axis, row, channels) {
  if (axis !== "channel") return `${axis} ${row}`;
  return channels[row].kind === "value" && /^\d+$/.test(channels[row].name) ? `channel ${channels[row].name}` : nameOfChannel(channels[row]);
}

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
