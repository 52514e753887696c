/**
 * The page's side of the worker that works out where reads come from: what it is sent, a little at a time, and what it answers.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./provenance.mjs").Terms} Terms
 * @typedef {import("./explainer.mjs").Answer} Answer
 * @typedef {import("./explainer.mjs").Reads} Reads
 */

import { fieldsOf, recordedOf } from "./provenance.mjs";

/** So many bytes are copied for the worker at once. */
const MOST_BYTES = 2e6;

export class Aside {
  /** @param {{answer: (terms: Terms) => void, reads: (first: number, shares: Float32Array) => void, failed: (reason: string) => void}} listener */
  constructor(listener) {
    this.listener = listener;
    this.run = 0;
    this.sent = 0;
    this.asked = 0;
    /** Whose reads the picture is of. */
    this.reader = 0;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Trace | null} */
    this.trace = null;
  }

  /** Of what was asked before nothing is told any more. @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.run += 1;
    this.reader = 0;
    this.sent = 0;
    this.asked += 1;
  }

  /** Whether steps have arrived that the worker does not have. */
  get hungry() {
    return this.trace !== null && this.sent < this.trace.arrived;
  }

  /** Sends some of them. */
  feed() {
    const { trace, run, sent: first } = this;
    if (!trace || !this.hungry) return;
    const { at: _, ...past } = recordedOf(trace);
    const lengths = Object.fromEntries(fieldsOf(past).map((name) => [name, trace.field(name).length]));
    if (first === 0) {
      this.#post({ kind: "begin", run, steps: trace.steps, lengths, past });
      if (this.reader > 0) this.#post({ kind: "picture", run, reader: this.reader });
    }
    const bytes = 4 * Object.values(lengths).reduce((sum, length) => sum + length, 0);
    const count = Math.min(trace.arrived - first, Math.max(1, Math.floor(MOST_BYTES / bytes)));
    const columns = Object.fromEntries(
      Object.keys(lengths).map((name) => {
        const column = new Float32Array(count * lengths[name]);
        for (let index = 0; index < count; index++) column.set(trace.at(name, first + index), index * lengths[name]);
        return [name, column];
      }),
    );
    this.sent = first + count;
    this.#post({ kind: "rows", run, first, count, columns }, Object.values(columns).map(({ buffer }) => buffer));
  }

  /** The picture is of another's reads from now on. @param {number} reader */
  choose(reader) {
    this.reader = reader;
    if (this.sent > 0) this.#post({ kind: "picture", run: this.run, reader });
  }

  /** What was asked before is given up. @param {import("./provenance.mjs").Asked} asked */
  ask(asked) {
    this.asked += 1;
    if (this.sent === 0) this.feed();
    this.#post({ kind: "ask", run: this.run, id: this.asked, ...asked });
  }

  /** Nobody waits for an answer any more. */
  forget() {
    this.asked += 1;
  }

  /** @param {import("./explainer.mjs").Begin | import("./explainer.mjs").Rows | import("./explainer.mjs").Picture | import("./explainer.mjs").Ask} message @param {Transferable[]} transfer */
  #post(message, transfer = []) {
    this.worker ??= this.#start();
    this.worker.postMessage(message, transfer);
  }

  #start() {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => this.#received(data);
    worker.onerror = ({ message }) => this.listener.failed(message);
    return worker;
  }

  /** @param {Answer | Reads} message */
  #received(message) {
    if (message.run !== this.run) return;
    if (message.kind === "reads" && message.reader === this.reader) this.listener.reads(message.first, message.shares);
    else if (message.kind === "answer" && message.id === this.asked) this.listener.answer(message.terms);
  }
}
