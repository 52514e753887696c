/**
 * A sweep as it is asked of the service: a connection of its own, from the first message to the last.
 *
 * @typedef {import("#viewer/model/sweep.mjs").Header} Header
 * @typedef {import("#viewer/model/sweep.mjs").Point} Point
 * @typedef {{begin: (header: Header) => void, point: (point: Point) => void, busy: (seconds: number) => void, end: (problem: string) => void}} Told
 *   `end` is told once: why there is no more, or nothing where it is whole or was cancelled
 */

import { sentenceOf } from "../patience.mjs";
import { addressOf } from "../root.mjs";
import { worded } from "../worded.mjs";
import { reasonOf } from "./refusals.mjs";

const BUSY = "too_many_runs";

export class Sweeping {
  over = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer = undefined;

  /** @param {object} request @param {Told} told */
  constructor(request, told) {
    this.told = told;
    const socket = (this.socket = new WebSocket(addressOf("api/sweep").replace(/^http/, "ws")));
    const send = () => socket.send(JSON.stringify({ type: "sweep", ...request }));
    socket.onopen = send;
    socket.onclose = () => this.#end(sentenceOf(new TypeError("closed")));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "header") told.begin(message);
      else if (message.type === "point") told.point(message);
      else if (message.type !== "error") this.#end("");
      else if (message.error.code === BUSY) this.#wait(message.retry_after ?? 1, send);
      else this.#end(begun(reasonOf(worded(message.error.detail))));
    };
  }

  /** What has come stays; the service ends what it does for a client that is gone. */
  cancel() {
    this.#end("");
  }

  /** @param {number} seconds @param {() => void} send */
  #wait(seconds, send) {
    this.told.busy(seconds);
    this.#timer = setTimeout(send, 1000 * seconds);
  }

  /** @param {string} problem */
  #end(problem) {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.#timer);
    this.socket.onclose = this.socket.onmessage = this.socket.onopen = null;
    this.socket.close();
    this.told.end(problem);
  }
}

/** @param {string} sentence */
const begun = (sentence) => `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
