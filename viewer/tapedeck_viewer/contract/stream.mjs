/**
 * The connection to the service: one WebSocket that is kept open, one run at a time on it.
 *
 * @typedef {{checkpoint: string, input: Record<string, any>, locations: number | null, interventions: unknown[], sha256?: string, then?: string[]}} Request
 *   `then` are machines on which the same is run afterwards, without being asked for
 * @typedef {{code: string, detail: string, field: string | null}} Fault
 * @typedef {import("./wire.mjs").Results} Results
 * @typedef {import("./wire.mjs").Description} Description
 * @typedef {{
 *   header: (description: Description) => void,
 *   frame: (message: ArrayBuffer) => void,
 *   done: (results: Results) => void,
 *   fault: (fault: Fault) => void,
 *   away: (running: boolean, obstacle: import("./reachability.mjs").Obstacle) => void,
 *   back: () => void,
 *   busy?: (seconds: number) => void,
 * }} Listener what is told of the runs; frames come in order, and never of a run that was replaced
 */

import { UNKNOWN, findObstacle } from "./reachability.mjs";

/** The code of a fault that is not the service's: what it sent could not be taken. */
export const NOT_UNDERSTOOD = "not_understood";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;
/** The service counts messages by the second. */
const PAUSE_MS = 1000;

export class Stream {
  /**
   * @param {string} url
   * @param {Listener} listener
   * @param {typeof WebSocket} Socket
   * @param {() => Promise<import("./reachability.mjs").Obstacle>} look
   */
  constructor(url, listener, Socket = WebSocket, look = () => findObstacle(url)) {
    this.url = url;
    this.listener = listener;
    this.Socket = Socket;
    this.look = look;
    /** What keeps the stream from opening, as it was told last, and as it was found last. */
    this.told = UNKNOWN;
    this.found = UNKNOWN;
    /** What is being run: sent again when the service comes back in the middle. @type {Request | null} */
    this.current = null;
    /** What follows the current run, once that is cancelled. @type {Request | null} */
    this.next = null;
    /** Whether the current run was told to end. */
    this.cancelled = false;
    /** Whether the header of the current run has come. */
    this.begun = false;
    /** Whether something of the current run could not be taken: of what follows nothing is. */
    this.broken = false;
    this.wait = FIRST_WAIT_MS;
    this.wasAway = false;
    this.closed = false;
    /** Until it is connected again, or what was refused is sent again. @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.socket = this.#connect();
  }

  /**
   * Whether the machines that are still to run are those of a request, or none are and none is asked for.
   *
   * @param {Request | null} request
   */
  goesOnWith(request) {
    const machines = (/** @type {Request | null} */ each) => each && [each.checkpoint, ...(each.then ?? [])].join("\n");
    return machines(this.current) === machines(request);
  }

  /** Ends what runs. */
  stop() {
    if (this.open && this.current && !this.waiting && !this.cancelled) this.#cancel();
  }

  get open() {
    return this.socket.readyState === this.Socket.OPEN;
  }

  /** Runs a request; one that is still running is cancelled first. @param {Request} request */
  run(request) {
    if (!this.open) {
      this.current = request;
      if (this.wasAway) this.listener.away(true, this.told);
    } else if (this.waiting) {
      clearTimeout(this.timer);
      this.#send(request); // nothing of the one that waits is there to cancel
    } else if (this.current) {
      this.next = request;
      if (!this.cancelled) this.#cancel();
    } else {
      this.#send(request);
    }
  }

  /**
   * Runs a request that follows closely on others, as while someone types: one that has yet to begin is let begin, and of those
   * that come meanwhile only the last is sent.
   *
   * @param {Request} request
   */
  revise(request) {
    if (!this.open || !this.current || this.begun) this.run(request);
    else if (this.waiting) this.current = request;
    else this.next = request;
  }

  #cancel() {
    this.cancelled = true;
    this.socket.send(JSON.stringify({ type: "cancel" }));
  }

  #connect() {
    const socket = new this.Socket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => {
      try {
        this.#received(event.data);
      } catch (error) {
        this.giveUp(error);
      }
    };
    socket.onclose = () => this.#closed();
    return socket;
  }

  #opened() {
    this.wait = FIRST_WAIT_MS;
    if (this.wasAway) {
      this.wasAway = false;
      this.listener.back();
    }
    if (this.current) {
      this.#send(this.current);
    }
  }

  /** For good: nothing is tried again. */
  close() {
    clearTimeout(this.timer);
    this.closed = true;
    this.socket.onclose = null;
    this.socket.close();
  }

  /** Said once, however often the service is then tried in vain. */
  #closed() {
    this.current = this.next ?? this.current;
    this.next = null;
    this.waiting = false;
    if (!this.wasAway) {
      this.wasAway = true;
      this.told = this.found = UNKNOWN;
      this.listener.away(this.current !== null, this.told);
    } else {
      this.#explain();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.socket = this.#connect()), this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
  }

  /**
   * It was tried again in vain: what is in the way is told once it was found twice, for a service that has just come back answers
   * over HTTP before the next attempt.
   */
  async #explain() {
    const found = await this.look();
    if (!this.wasAway || this.closed) return;
    const again = found.kind === this.found.kind;
    this.found = found;
    if (!again || found.sentence === this.told.sentence) return;
    this.told = found;
    this.listener.away(this.current !== null, found);
  }

  /** @param {Request} request */
  #send(request) {
    this.current = request;
    this.begun = this.waiting = this.cancelled = false;
    this.broken = false;
    this.socket.send(JSON.stringify({ type: "run", ...request }));
  }

  /**
   * A message came too soon, and the error does not say which. The run is sent again where nothing shows that it began;
   * one that did begin is not touched by that.
   */
  #again() {
    if (this.current && !this.begun) this.#send(this.current);
    if (this.next) this.#cancel();
  }

  /** No room for the run now: it is sent again by itself. @param {number} seconds */
  #wait(seconds) {
    this.waiting = true;
    this.listener.busy?.(seconds);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.current && this.#send(this.current), 1000 * seconds);
  }

  /** Whether an error left alone what runs. @param {string} code */
  #survived(code) {
    if (!this.current) return false;
    if (code === "too_many_messages") {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#again(), PAUSE_MS);
      return true;
    }
    if (code !== "run_in_progress") return false;
    if (!this.begun) this.next ??= this.current; // whichever run it is that goes on, this one follows it
    return true;
  }

  /**
   * What came is not what this page knows how to show. The run is given up, and whoever listens is told, once a run.
   *
   * @param {unknown} error
   */
  giveUp(error) {
    console.error(error);
    if (this.broken) return;
    this.broken = true;
    if (this.current && !this.cancelled) this.#cancel();
    const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    const detail = `This page cannot show what the service sent (${reason}); reload it, in case the service is newer than the page.`;
    this.listener.fault({ code: NOT_UNDERSTOOD, detail, field: null });
  }

  /** @param {string | ArrayBuffer} data */
  #received(data) {
    if (data instanceof ArrayBuffer) {
      if (!this.next && !this.broken) this.listener.frame(data);
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "header") {
      this.begun = true;
      if (!this.next && !this.broken) this.listener.header(message);
      else if (this.next && !this.cancelled) this.#cancel();
      return;
    }
    if (message.type === "error" && this.#survived(message.error.code)) return;
    if (message.type === "error" && message.error.code === "too_many_runs" && this.current && !this.next) {
      this.#wait(message.retry_after ?? 1);
      return;
    }
    const [checkpoint, ...then] = (message.type === "done" && this.current?.then) || [];
    if (this.current && checkpoint !== undefined) {
      this.current = { ...this.current, checkpoint, then };
      delete this.current.sha256;
      if (!this.next && !this.broken) this.listener.done(message);
      else if (!this.cancelled) this.#cancel();
      return;
    }
    // done of the last run, cancelled and every other error end what was asked for.
    this.current = null;
    if (this.next) {
      const request = this.next;
      this.next = null;
      this.#send(request);
    } else if (message.type === "done" && !this.broken) {
      this.listener.done(message);
    } else if (message.type === "error") {
      this.listener.fault(message.error);
    }
  }
}
