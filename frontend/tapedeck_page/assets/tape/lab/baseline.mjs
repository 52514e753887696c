/**
 * The run that another is compared with: the same without its changes, or one that was kept to be compared with. It has a connection of
 * its own, which is opened when it is first needed, so that both runs are computed side by side.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {{came: () => void, refuse: (sentence: string) => void}} Told `came` that it is there, or is not any more
 */

import { Stream } from "#viewer/contract/stream.mjs";
import { checked, decodeFrame } from "#viewer/contract/wire.mjs";
import { Trace } from "#viewer/model/trace.mjs";

export class Baseline {
  /** All of it. @type {Trace | null} */
  trace = null;
  /** What it is a run of; null where it is a file's. @type {Request | null} */
  request = null;
  /** Whether it was kept to be compared with, whatever is run next. */
  pinned = false;

  /** @type {Trace | null} */
  #arriving = null;
  /** @type {Stream | null} */
  #stream = null;

  /** @param {string} url of the stream @param {Told} told */
  constructor(url, told) {
    this.url = url;
    this.told = told;
  }

  /** Whether it is, or will be, the run of that. @param {Request} request */
  isOf(request) {
    return this.request !== null && JSON.stringify(this.request) === JSON.stringify(request);
  }

  /** Takes a run that is there already. @param {Trace} trace @param {Request | null} request @param {{pinned?: boolean}} how */
  take(trace, request, { pinned = false } = {}) {
    Object.assign(this, { trace, request, pinned });
    this.#arriving = null;
    this.told.came();
  }

  /** Has it computed; what there was before stands until it is there. @param {Request} request @param {{pinned?: boolean}} how */
  ask(request, { pinned = false } = {}) {
    Object.assign(this, { request, pinned });
    this.#arriving = null;
    this.#stream ??= this.#open();
    this.#stream.revise(request);
  }

  /** There is none. */
  drop() {
    if (!this.request && !this.trace) return;
    Object.assign(this, { trace: null, request: null, pinned: false });
    this.#arriving = null;
    this.told.came();
  }

  /** For good. */
  close() {
    this.#stream?.close();
  }

  #open() {
    return new Stream(this.url, {
      header: (description) => (this.#arriving = this.request && new Trace(checked(description))),
      frame: (message) => this.#arriving?.append(decodeFrame(message, this.#arriving.rowLength)),
      done: (results) => {
        if (!this.#arriving) return;
        this.#arriving.finish(results);
        this.trace = this.#arriving;
        this.#arriving = null;
        this.told.came();
      },
      fault: ({ detail }) => {
        this.drop();
        this.told.refuse(`The baseline was refused. ${detail}`);
      },
      away: () => {}, // the run itself says so
      back: () => {},
    });
  }
}
