/**
 * Works out where reads come from, away from the page: first what is asked for, then one read after another for the picture of
 * all. It works in short turns, so that what is asked anew is heard in between: an answer that nobody waits for any more is
 * given up, and never sent.
 *
 * @typedef {import("./provenance.mjs").Past} Past
 * @typedef {import("./provenance.mjs").Recorded} Recorded
 * @typedef {import("./provenance.mjs").Terms} Terms
 * @typedef {{kind: "begin", run: number, steps: number, lengths: Record<string, number>, past: Past}} Begin
 * @typedef {{kind: "rows", run: number, first: number, count: number, columns: Record<string, Float32Array>}} Rows
 * @typedef {{kind: "picture", run: number, reader: number}} Picture whose reads the picture is to be of, from now on
 * @typedef {import("./provenance.mjs").Asked & {kind: "ask", run: number, id: number}} Ask
 * @typedef {{kind: "answer", run: number, id: number, terms: Terms}} Answer
 * @typedef {{kind: "reads", run: number, reader: number, first: number, shares: Float32Array}} Reads of consecutive reads, signed, each with all steps
 * @typedef {Generator<void, Terms, void>} Work
 */

import { byStep, explaining, sharesOf } from "./provenance.mjs";

const TURN_MS = 10;
/** How many milliseconds of the picture are told at once. */
const TOLD_MS = 60;

export class Explainer {
  /** @param {(message: Answer | Reads) => void} tell @param {() => Promise<void>} pause lets what was sent meanwhile arrive */
  constructor(tell, pause) {
    this.tell = tell;
    this.pause = pause;
    this.run = -1;
    this.steps = 0;
    this.arrived = 0;
    /** What is asked for. @type {Ask | null} */
    this.asked = null;
    /** Whose reads the picture is of. */
    this.reader = 0;
    /** The next read of the picture, and its work as far as it has come. */
    this.next = 0;
    /** @type {Work | null} */
    this.reading = null;
    this.working = false;
    /** Whether a message came since it last looked for work. */
    this.heard = false;
  }

  /** @param {Begin | Rows | Picture | Ask} message */
  hear(message) {
    if (message.kind === "begin") this.#begin(message);
    else if (message.run !== this.run) return;
    else if (message.kind === "rows") this.#take(message);
    else if (message.kind === "picture") this.#picture(message.reader);
    else this.asked = message;
    this.heard = true;
    if (!this.working) void this.#work();
  }

  /** @param {Begin} begin */
  #begin({ run, steps, lengths, past }) {
    this.run = run;
    this.steps = steps;
    this.arrived = 0;
    this.asked = null;
    this.#picture(0);
    /** @type {Record<string, Float32Array>} */
    const columns = Object.fromEntries(Object.entries(lengths).map(([name, length]) => [name, new Float32Array(steps * length)]));
    this.columns = columns;
    /** @type {Recorded} */
    this.recorded = { ...past, at: (name, step) => columns[name].subarray(step * lengths[name], (step + 1) * lengths[name]) };
  }

  /** The picture begins anew. @param {number} reader */
  #picture(reader) {
    this.reader = reader;
    this.next = 0;
    this.reading = null;
  }

  /** @param {Rows} rows */
  #take({ first, count, columns }) {
    for (const [name, column] of Object.entries(columns)) this.columns?.[name].set(column, (first * column.length) / count);
    this.arrived = first + count;
  }

  async #work() {
    this.working = true;
    do {
      this.heard = false;
      while (await this.#one());
    } while (this.heard);
    this.working = false;
  }

  /** What comes next; false where there is nothing to do. */
  async #one() {
    const { asked, recorded, run } = this;
    if (!recorded) return false;
    if (asked && asked.step < this.arrived) {
      const terms = await this.#finish(explaining(recorded, asked), () => this.asked !== asked);
      if (!terms) return true;
      this.asked = null;
      this.tell({ kind: "answer", run, id: asked.id, terms });
      return true;
    }
    return this.next < this.arrived && (await this.#readOn(recorded));
  }

  /** Some reads of the picture. @param {Recorded} recorded */
  async #readOn(recorded) {
    const { run, reader, next: first } = this;
    const [rows, until] = [/** @type {Terms["writes"][]} */ ([]), performance.now() + TOLD_MS];
    const stale = () => this.run !== run || this.reader !== reader || (this.asked !== null && this.asked.step < this.arrived);
    while (this.next < this.arrived && !stale() && performance.now() < until) {
      this.reading ??= explaining(recorded, { step: this.next, reader, channel: null });
      const terms = await this.#finish(this.reading, stale);
      if (!terms) break; // what was begun goes on later, unless it is of a run that is over
      this.reading = null;
      rows.push(byStep(sharesOf(terms).writes, recorded.writers.length));
      this.next += 1;
    }
    if (this.run === run && this.reader === reader && rows.length > 0) {
      const shares = new Float32Array(rows.length * this.steps);
      rows.forEach((row, index) => shares.set(row, index * this.steps));
      this.tell({ kind: "reads", run, reader, first, shares });
    }
    await this.pause();
    return true;
  }

  /** To its end, in turns; null where nobody waits for it any more. @param {Work} work @param {() => boolean} stale */
  async #finish(work, stale) {
    const run = this.run;
    let until = performance.now() + TURN_MS;
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (performance.now() < until) continue;
      await this.pause();
      if (stale() || this.run !== run) return null;
      until = performance.now() + TURN_MS;
    }
  }
}
