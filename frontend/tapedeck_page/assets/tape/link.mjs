/**
 * A run as a link: all that the picture depends on, in the address's hash, which is never sent to a server.
 *
 *     #v=1&checkpoint=copy-1&sha=1a2b3c4d&sequence=r2.SGk&locations=64&step=27&rows=all&speed=2&loop=5-12&pin=outputs-27-3
 *
 * The sequence is packed, its vectors as numbers of whole bytes, the first bit the highest; `bits` says how many a vector has
 * where they are not a byte's. An input of more than a sequence stands in `input`, packed as JSON in which a vector is a string of
 * 0s and 1s. What is left out has its default: the machine's own locations, the last step, the rows that the run itself uses, speed 1, no loop, nothing pinned, of the heads the first of each side. `heads=write2-read3` are looked at instead. `way=hex` is the way in that shows the input, where another
 * would show it better, and `open=controller-write2` what is folded out, and which heads are kept in view beside those that are looked at. A pin names panel, step and row. In a film the tapes share their rows and scales:
 * `rows=60-24` are 24 from location 60 on, around the end, and `scales=2-1-1.5` the limits for add vectors, read vectors and
 * memory. Interventions stand in `do`, packed like the sequence, as JSON; so does the run that this one is compared with, where it
 * is another than the same without them, in `base`. `show=difference` has the tape show what both differ by, `baseline` the other one,
 * `both` the two side by side.
 *
 * @typedef {import("./task.mjs").Input} Input
 * @typedef {{
 *   checkpoint: string, sha: string, input: Input, locations: number | null, interventions: unknown[], base?: Base | null,
 * }} Run `sha` is how the checkpoint's hash begins, "" for any
 * @typedef {import("#viewer/contract/stream.mjs").Request} Base the run that it is compared with; null for the same without interventions
 * @typedef {import("#viewer/views/tape.mjs").Pin} Pin
 * @typedef {{
 *   step: number | null, allRows: boolean, rows?: import("#viewer/model/trace.mjs").Rows | null, scales?: number[] | null, speed: number, loop: boolean, range: {first: number, last: number} | null, pin: Pin | null,
 *   heads: string[], way: string | null, open: string[], show?: string | null,
 * }} View `heads` are those looked at that are not the first of their side, `way` the composer's way in where it is not the input's
 *   own, `open` the parts that are folded out and the heads that are kept in view, `show` what is shown of two runs
 * @typedef {{
 *   checkpoint: string | null, sha: string, input: Input | null, locations: number | null, interventions: unknown[], base?: Base | null, view: View,
 *   faults: string[],
 * }} Opened a link that was read; null for what it does not say, or does not say rightly, which the sentences name
 */

import { BYTE } from "#viewer/model/channels.mjs";
import { CUT_OFF, pack, unpack } from "./packing.mjs";

export const VERSION = 1;
export const SHA_DIGITS = 8;

const MAX_BITS = 512;
/** The fewest locations that are shown. */
const MIN_ROWS = 3;
const VIEW_PARTS = ["step", "rows", "scales", "speed", "loop", "pin", "heads", "way", "open", "show"];

/** What the tape shows of two runs, where it is not this one. */
const SHOWS = ["baseline", "difference", "both"];

/** The ways in that are views of a sequence. */
const WAYS = ["bits", "text", "hex", "draw"];
/** The parts of a tape that fold out, and one of several heads, which is kept in view. */
const OPEN = /^(controller|more|(write|read)\d{1,3})$/;

/** What a link shows that says nothing of its view. @type {View} */
export const DEFAULT_VIEW = { step: null, allRows: false, speed: 1, loop: false, range: null, pin: null, heads: [], way: null, open: [] };

/**
 * The part of a link that stays the same while its view changes, without the leading #.
 *
 * @param {Run} run
 * @throws {RangeError} a vector that a link cannot hold as it is: not of 0s and 1s, or of another number of bits than the first
 */
export async function describeRun({ checkpoint, sha, input, locations, interventions, base = null }) {
  const parts = new URLSearchParams({ v: String(VERSION), checkpoint });
  if (sha) parts.set("sha", sha);
  const { sequence, ...more } = input;
  if (sequence && Object.keys(more).length === 0) {
    const bits = sequence[0]?.length ?? BYTE;
    if (bits !== BYTE) parts.set("bits", String(bits));
    const bytes = sequence.flatMap((/** @type {number[]} */ vector, /** @type {number} */ index) => bytesOf(vector, bits, index));
    parts.set("sequence", await pack(Uint8Array.from(bytes)));
  } else {
    parts.set("input", await pack(new TextEncoder().encode(JSON.stringify(input, shortened))));
  }
  if (locations !== null) parts.set("locations", String(locations));
  if (interventions.length > 0) parts.set("do", await pack(new TextEncoder().encode(JSON.stringify(interventions))));
  if (base) parts.set("base", await pack(new TextEncoder().encode(JSON.stringify({ ...base, input: JSON.parse(JSON.stringify(base.input, shortened)) }))));
  return parts.toString();
}

/** The other part. @param {View} view */
export function describeView({ step, allRows, rows, scales, speed, loop, range, pin, heads, way, open, show }) {
  const parts = new URLSearchParams();
  if (step !== null) parts.set("step", String(step));
  if (allRows) parts.set("rows", "all");
  else if (rows) parts.set("rows", `${rows.first}-${rows.count}`);
  if (scales) parts.set("scales", scales.join("-"));
  if (speed !== 1) parts.set("speed", String(speed));
  if (loop) parts.set("loop", range ? `${range.first}-${range.last}` : "all");
  if (pin) parts.set("pin", `${pin.panel}-${pin.step}-${pin.row}`);
  if (heads.length > 0) parts.set("heads", heads.join("-"));
  if (way) parts.set("way", way);
  if (open.length > 0) parts.set("open", open.join("-"));
  if (show) parts.set("show", show);
  return parts.toString();
}

/** The part of a link that names the run, as it was written. @param {string} hash */
export function runPart(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  VIEW_PARTS.forEach((name) => parts.delete(name));
  return parts.toString();
}

/**
 * What a hash says; null where it is not a link to a run.
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
  const link = { checkpoint: null, sha: "", input: null, locations: null, interventions: [], view: { ...DEFAULT_VIEW }, faults: [] };
  if (version !== String(VERSION)) {
    link.faults.push(`This link is of version “${shorten(version)}”, and this page reads version ${VERSION}.`);
    return link;
  }
  link.checkpoint = parts.get("checkpoint") || null;
  link.sha = (parts.get("sha") ?? "").toLowerCase();
  if (link.checkpoint === null) link.faults.push("The link names no machine.");
  if (parts.has("input")) {
    await readInput(parts.get("input") ?? "", link);
  } else {
    const bits = parts.has("bits") ? number(parts, "bits", 1, link.faults, "is not a number of bits") : BYTE;
    if (bits !== null) await readSequence(parts.get("sequence"), bits, link);
  }
  await readInterventions(parts.get("do"), link);
  await readBase(parts.get("base"), link);
  link.locations = number(parts, "locations", 1, link.faults, "is not a number of locations");
  readView(parts, speeds, link);
  return link;
}

/** @param {string | null} packed @param {number} bits @param {Opened} link */
async function readSequence(packed, bits, link) {
  if (packed === null) {
    link.faults.push("The link holds no sequence.");
    return;
  }
  try {
    link.input = { sequence: rowsOf(await unpack(packed), bits).map((row) => [...row].map(Number)) };
  } catch (error) {
    link.faults.push(`The link's sequence cannot be read: ${reason(error)}.`);
  }
}

/** An input of any task. @param {string} packed @param {Opened} link */
async function readInput(packed, link) {
  try {
    const input = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await unpack(packed)), lengthened);
    if (typeof input !== "object" || input === null || Array.isArray(input)) throw new RangeError("it is not an object");
    link.input = input;
  } catch (error) {
    link.faults.push(`The link's input cannot be read: ${reason(error)}.`);
  }
}

/** A vector as a string of its bits; anything else as it is. @param {string} _name @param {unknown} value */
const shortened = (_name, value) =>
  Array.isArray(value) && value.length > 0 && value.every((bit) => bit === 0 || bit === 1) ? value.join("") : value;

/** A string of bits as the vector that it is; anything else as it is. @param {string} _name @param {unknown} value */
export const lengthened = (_name, value) => (typeof value === "string" && /^[01]+$/.test(value) ? [...value].map(Number) : value);

/** @param {string | null} packed @param {Opened} link */
async function readInterventions(packed, link) {
  if (packed === null) return;
  try {
    const interventions = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await unpack(packed)));
    if (!Array.isArray(interventions)) throw new RangeError("they are not a list");
    link.interventions = interventions;
  } catch (error) {
    link.faults.push(`The link's interventions cannot be read: ${reason(error)}. The run is shown without them.`);
  }
}

/** @param {string | null} packed @param {Opened} link */
async function readBase(packed, link) {
  if (packed === null) return;
  try {
    const { checkpoint, input, locations = null, interventions = [] } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await unpack(packed)));
    if (typeof checkpoint !== "string" || typeof input !== "object" || input === null || !Array.isArray(interventions)) throw new RangeError("it is not a run");
    link.base = { checkpoint, input: JSON.parse(JSON.stringify(input), lengthened), locations, interventions };
  } catch (error) {
    link.faults.push(`The run that the link compares with cannot be read: ${reason(error)}.`);
  }
}

/** @param {URLSearchParams} parts @param {readonly number[]} speeds @param {Opened} link */
function readView(parts, speeds, { view, faults }) {
  view.step = number(parts, "step", 0, faults, "is not a step");
  readFraming(parts, view, faults);
  const speed = parts.get("speed");
  if (speed !== null && speeds.includes(Number(speed))) view.speed = Number(speed);
  else if (speed !== null) faults.push(`The link's speed “${shorten(speed)}” is not one that the player has.`);
  const loop = parts.get("loop");
  const stretch = /^(\d{1,9})-(\d{1,9})$/.exec(loop ?? "");
  view.loop = loop === "all" || stretch !== null;
  if (stretch) {
    const ends = [Number(stretch[1]), Number(stretch[2])];
    view.range = { first: Math.min(...ends), last: Math.max(...ends) };
  } else if (loop !== null && !view.loop) {
    faults.push(`The link's loop “${shorten(loop)}” is not a range of steps.`);
  }
  const pin = parts.get("pin");
  const cell = /^([a-z_.0-9]+)-(\d{1,9})-(\d{1,9})$/.exec(pin ?? "");
  if (cell) view.pin = { panel: cell[1], step: Number(cell[2]), row: Number(cell[3]) };
  else if (pin !== null) faults.push(`The link's pin “${shorten(pin)}” names no cell.`);
  const heads = parts.get("heads");
  if (/^[a-z_0-9]+(-[a-z_0-9]+)*$/.test(heads ?? "")) view.heads = (heads ?? "").split("-");
  else if (heads !== null) faults.push(`The link's heads “${shorten(heads)}” are not names of heads.`);
  const way = parts.get("way");
  if (way === null || WAYS.includes(way)) view.way = way;
  else faults.push(`The link's way in “${shorten(way)}” is not one that shows a sequence.`);
  const show = parts.get("show");
  if (SHOWS.includes(show ?? "")) view.show = show;
  else if (show !== null) faults.push(`The link's “${shorten(show)}” is nothing that is shown of two runs.`);
  const open = parts.get("open")?.split("-") ?? [];
  view.open = open.filter((name) => OPEN.test(name));
  if (view.open.length < open.length) faults.push(`The link's “${shorten(open.join("-"))}” are not parts that fold out.`);
}

/** @param {URLSearchParams} parts @param {string} name @param {number} least @param {string[]} faults @param {string} wrong */
function number(parts, name, least, faults, wrong) {
  const written = parts.get(name);
  if (written === null) return null;
  if (/^\d{1,9}$/.test(written) && Number(written) >= least) return Number(written);
  faults.push(`“${shorten(written)}” in the link ${wrong}.`);
  return null;
}

/** @param {URLSearchParams} parts @param {View} view @param {string[]} faults */
function readFraming(parts, view, faults) {
  const rows = parts.get("rows");
  const stretch = /^(\d{1,6})-(\d{1,6})$/.exec(rows ?? "");
  view.allRows = rows === "all";
  if (stretch && Number(stretch[2]) >= MIN_ROWS) view.rows = { first: Number(stretch[1]), count: Number(stretch[2]) };
  else if (rows !== null && !view.allRows) faults.push(`The link's rows “${shorten(rows)}” are not a range of locations.`);
  const scales = parts.get("scales");
  if (scales === null) return;
  const limits = scales.split("-").map(Number);
  if (/^[0-9.]+-[0-9.]+-[0-9.]+$/.test(scales) && limits.every((limit) => limit > 0 && limit < Infinity)) view.scales = limits;
  else faults.push(`The link's scales “${shorten(scales)}” are not three limits.`);
}

/** A vector as whole bytes, its first bit the highest. @param {number[]} vector @param {number} bits @param {number} index */
function bytesOf(vector, bits, index) {
  const name = `Vector ${index + 1}`;
  if (vector.length !== bits || bits < 1 || bits > MAX_BITS) {
    throw new RangeError(`${name} has ${vector.length} bits; a link holds vectors that all have the same number, from 1 to ${MAX_BITS}.`);
  }
  const wrong = vector.findIndex((bit) => bit !== 0 && bit !== 1);
  if (wrong >= 0) throw new RangeError(`Bit ${wrong + 1} of ${name.toLowerCase()} is ${vector[wrong]}; a link holds 0s and 1s.`);
  const bytes = new Array(Math.ceil(bits / BYTE)).fill(0);
  const before = bytes.length * BYTE - bits;
  vector.forEach((bit, at) => (bytes[Math.floor((before + at) / BYTE)] |= bit << (BYTE - 1 - ((before + at) % BYTE))));
  return bytes;
}

/** The vectors that bytes are. @param {Uint8Array} bytes @param {number} bits */
function rowsOf(bytes, bits) {
  if (bits > MAX_BITS) throw new RangeError(`a vector has ${MAX_BITS} bits at most`);
  const each = Math.ceil(bits / BYTE);
  const count = Math.ceil(bytes.length / each);
  if (count === 0) throw new RangeError("it has no vectors");
  if (count * each !== bytes.length) throw new RangeError(`its last vector is not whole`);
  return Array.from({ length: count }, (_, index) => {
    const whole = [...bytes.subarray(index * each, (index + 1) * each)].map((byte) => byte.toString(2).padStart(BYTE, "0")).join("");
    const row = whole.slice(whole.length - bits);
    if (whole.slice(0, whole.length - bits).includes("1")) throw new RangeError(`vector ${index + 1} has more than ${bits} bits`);
    return row;
  });
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof RangeError) return error.message;
  if (error instanceof SyntaxError || error instanceof TypeError) return CUT_OFF;
  throw error;
}

/** @param {string} written */
const shorten = (written) => (written.length <= 24 ? written : `${written.slice(0, 23)}…`);
