/**
 * The run card: unpacks the run that stands on it, and plays it. Everything it shows is on the page.
 *
 * @typedef {import("#viewer/contract/wire.mjs").Description} Description
 * @typedef {import("#viewer/contract/wire.mjs").Results} Results
 * @typedef {Omit<Description, "heads" | "memory"> & {
 *   heads: Omit<Description["heads"][number], "start">[], memory: {rule: string}, kept: {first: number, count: number}, results: Results,
 * }} Held the description without what was before the first step, and the locations whose numbers the card has
 */

import { lengthOf } from "#viewer/contract/wire.mjs";
import { find } from "#viewer/draw/dom.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { Card } from "./played.mjs";

/** Little-endian float32, deflated, in base64. @param {string} base64 @returns {Promise<Float32Array>} */
async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Float32Array(await new Response(inflated).arrayBuffer());
}

/** Reads one part of the numbers after another. */
class Reader {
  /** @param {Float32Array} numbers @param {Held} held */
  constructor(numbers, { kept, locations }) {
    this.numbers = numbers;
    this.kept = kept;
    this.locations = locations;
    this.at = 0;
  }

  /** @param {number} count */
  take(count) {
    return this.numbers.subarray(this.at, (this.at += count));
  }

  /** Of the kept locations, with nothing at the others. @param {number} each numbers of a location */
  spread(each = 1) {
    const all = new Float32Array(this.locations * each);
    for (let index = 0; index < this.kept.count; index++) {
      all.set(this.take(each), ((this.kept.first + index) % this.locations) * each);
    }
    return all;
  }
}

/** The trace of the run, with every location. @param {Held} held @param {Float32Array} numbers */
function traceOf(held, numbers) {
  const reader = new Reader(numbers, held);
  const memory = reader.spread(held.width);
  const start = Array.from({ length: held.locations }, (_, row) => [...memory.subarray(row * held.width, (row + 1) * held.width)]);
  const heads = held.heads.map((head) => ({ ...head, start: [...reader.spread()] }));
  const description = /** @type {Description} */ (/** @type {unknown} */ ({ ...held, heads, memory: { ...held.memory, start } }));
  const trace = new Trace(description);
  const rows = new Float32Array(held.steps * trace.rowLength);
  for (let to = 0; to < rows.length; ) {
    for (const field of held.fields) {
      const values = field.role === "weighting" ? reader.spread() : reader.take(lengthOf(field));
      rows.set(values, to);
      to += values.length;
    }
  }
  trace.append({ first: 0, count: held.steps, total: held.steps, rows });
  trace.finish(held.results);
  return trace;
}

/** Why the card cannot show all locations. @param {Held} held */
function lackingOf({ kept: { first, count }, locations }) {
  if (count === locations) return "";
  const [from, to, all] = [first, (first + count - 1) % locations, locations].map((each) => each.toLocaleString("en"));
  return `This card holds the locations ${from} to ${to}, those in use: all ${all} would make the file of so long a run too large.`;
}

const textOf = (/** @type {string} */ id) => find(`#${id}`).textContent ?? "";

async function begin() {
  /** @type {Held} */
  const held = JSON.parse(textOf("run"));
  new Card(traceOf(held, await unpack(textOf("numbers"))), lackingOf(held), true);
}

begin();
