/**
 * A run as a link: all that the picture depends on, in the address's hash, which is never sent to a server.
 *
 *     #v=1&checkpoint=copy-1&sha=1a2b3c4d&sequence=r2.SGk&locations=64&step=27&rows=all&speed=2&loop=5-12&pin=outputs-27-3
 *
 * The sequence is packed, one byte a vector, its first bit the highest. What is left out has its default: the machine's own
 * locations, the last step, the rows in use, speed 1, no loop, nothing pinned. A pin names panel, step and row. Later
 * interventions stand in `do`, packed like the sequence, as JSON.
 *
 * @typedef {{
 *   checkpoint: string, sha: string, sequence: number[][], locations: number | null, interventions: unknown[],
 * }} Run `sha` is how the checkpoint's hash begins, "" for any
 * @typedef {{panel: string, step: number, row: number}} Pin
 * @typedef {{
 *   step: number | null, allRows: boolean, speed: number, loop: boolean, range: {first: number, last: number} | null, pin: Pin | null,
 * }} View
 * @typedef {{
 *   checkpoint: string | null, sha: string, rows: string[] | null, locations: number | null, interventions: unknown[], view: View,
 *   faults: string[],
 * }} Opened a link that was read; null for what it does not say, or does not say rightly, which the sentences name
 */

import { CUT_OFF, pack, unpack } from "./packing.mjs";

export const VERSION = 1;
export const SHA_DIGITS = 8;

const BITS = 8;

/** What a link shows that says nothing of its view. @type {View} */
export const DEFAULT_VIEW = { step: null, allRows: false, speed: 1, loop: false, range: null, pin: null };

/**
 * The part of a link that stays the same while its view changes, without the leading #.
 *
 * @param {Run} run
 */
export async function describeRun({ checkpoint, sha, sequence, locations, interventions }) {
  const parts = new URLSearchParams({ v: String(VERSION), checkpoint });
  if (sha) parts.set("sha", sha);
  parts.set("sequence", await pack(Uint8Array.from(sequence, byteOf)));
  if (locations !== null) parts.set("locations", String(locations));
  if (interventions.length > 0) parts.set("do", await pack(new TextEncoder().encode(JSON.stringify(interventions))));
  return parts.toString();
}

/** The other part. @param {View} view */
export function describeView({ step, allRows, speed, loop, range, pin }) {
  const parts = new URLSearchParams();
  if (step !== null) parts.set("step", String(step));
  if (allRows) parts.set("rows", "all");
  if (speed !== 1) parts.set("speed", String(speed));
  if (loop) parts.set("loop", range ? `${range.first}-${range.last}` : "all");
  if (pin) parts.set("pin", `${pin.panel}-${pin.step}-${pin.row}`);
  return parts.toString();
}

/**
 * What a hash says; null where it is no link to a run.
 *
 * @param {string} hash with or without the leading #
 * @param {readonly number[]} speeds that there are
 * @returns {Promise<Opened | null>}
 */
export async function readLink(hash, speeds = [1]) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const version = parts.get("v");
  if (version === null) return null;
  /** @type {Opened} */
  const link = { checkpoint: null, sha: "", rows: null, locations: null, interventions: [], view: { ...DEFAULT_VIEW }, faults: [] };
  if (version !== String(VERSION)) {
    link.faults.push(`This link is of version “${shorten(version)}”, and this page reads version ${VERSION}.`);
    return link;
  }
  link.checkpoint = parts.get("checkpoint") || null;
  link.sha = (parts.get("sha") ?? "").toLowerCase();
  if (link.checkpoint === null) link.faults.push("The link names no machine.");
  await readSequence(parts.get("sequence"), link);
  await readInterventions(parts.get("do"), link);
  link.locations = number(parts, "locations", 1, link.faults, "are no number of locations");
  readView(parts, speeds, link);
  return link;
}

/** @param {string | null} packed @param {Opened} link */
async function readSequence(packed, link) {
  if (packed === null) {
    link.faults.push("The link holds no sequence.");
    return;
  }
  try {
    const rows = [...(await unpack(packed))].map((byte) => byte.toString(2).padStart(BITS, "0"));
    if (rows.length === 0) throw new RangeError("no vector in it");
    link.rows = rows;
  } catch (error) {
    link.faults.push(`The link's sequence cannot be read: ${reason(error)}.`);
  }
}

/** @param {string | null} packed @param {Opened} link */
async function readInterventions(packed, link) {
  if (packed === null) return;
  try {
    const interventions = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await unpack(packed)));
    if (!Array.isArray(interventions)) throw new RangeError("no list");
    link.interventions = interventions;
  } catch (error) {
    link.faults.push(`The link's interventions cannot be read: ${reason(error)}. The run is shown without them.`);
  }
}

/** @param {URLSearchParams} parts @param {readonly number[]} speeds @param {Opened} link */
function readView(parts, speeds, { view, faults }) {
  view.step = number(parts, "step", 0, faults, "is no step");
  view.allRows = parts.get("rows") === "all";
  const speed = parts.get("speed");
  if (speed !== null && speeds.includes(Number(speed))) view.speed = Number(speed);
  else if (speed !== null) faults.push(`The link's speed “${shorten(speed)}” is none that the player has.`);
  const loop = parts.get("loop");
  const stretch = /^(\d{1,9})-(\d{1,9})$/.exec(loop ?? "");
  view.loop = loop === "all" || stretch !== null;
  if (stretch) {
    const ends = [Number(stretch[1]), Number(stretch[2])];
    view.range = { first: Math.min(...ends), last: Math.max(...ends) };
  } else if (loop !== null && !view.loop) {
    faults.push(`The link's loop “${shorten(loop)}” is no stretch of steps.`);
  }
  const pin = parts.get("pin");
  const cell = /^([a-z_.]+)-(\d{1,9})-(\d{1,9})$/.exec(pin ?? "");
  if (cell) view.pin = { panel: cell[1], step: Number(cell[2]), row: Number(cell[3]) };
  else if (pin !== null) faults.push(`The link's pin “${shorten(pin)}” names no cell.`);
}

/** @param {URLSearchParams} parts @param {string} name @param {number} least @param {string[]} faults @param {string} wrong */
function number(parts, name, least, faults, wrong) {
  const written = parts.get(name);
  if (written === null) return null;
  if (/^\d{1,9}$/.test(written) && Number(written) >= least) return Number(written);
  faults.push(`“${shorten(written)}” in the link ${wrong}.`);
  return null;
}

/** @param {number[]} vector */
const byteOf = (vector) => vector.reduce((byte, bit) => 2 * byte + bit, 0);

/** @param {unknown} error */
function reason(error) {
  if (error instanceof RangeError) return error.message;
  if (error instanceof SyntaxError || error instanceof TypeError) return CUT_OFF;
  throw error;
}

/** @param {string} written */
const shorten = (written) => (written.length <= 24 ? written : `${written.slice(0, 23)}…`);
