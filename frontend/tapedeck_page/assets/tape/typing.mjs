/**
 * Type and see: what is composed runs while it is being composed, the first of it at once and then no more often than the service
 * takes messages. What is typed without a long pause is one piece of work: one place to go back to, told of once it rests.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 */

/** Between two runs. Each is two messages, with the end of the one before, and the service takes 50 a second. */
const APART_MS = 60;
/** After which what is typed next is another piece of work. */
const REST_MS = 2000;
/** After which what has come of it is told. */
const TELL_MS = 700;

export class Typing {
  /** What waits for its turn. @type {Request | null} */
  waiting = null;
  /** Which piece of work this is; the next one is another. */
  piece = 0;
  /** Changed by who wants more time, or less. */
  restMs = REST_MS;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer = undefined;
  #last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling = undefined;

  /** @param {(request: Request) => void} run */
  constructor(run) {
    this.run = run;
  }

  /** Something was typed that is to be run. @param {Request} request */
  take(request) {
    performance.mark("tapedeck:key");
    const due = this.waiting !== null;
    this.waiting = request;
    clearTimeout(this.#resting);
    clearTimeout(this.#telling);
    this.#resting = setTimeout(() => (this.piece += 1), this.restMs);
    if (due) return;
    const wait = this.#last + APART_MS - performance.now();
    if (wait <= 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), wait);
  }

  /** Something else is run: what waits is not, and what is typed next is another piece of work. */
  end() {
    this.drop();
    clearTimeout(this.#resting);
    clearTimeout(this.#telling);
    this.piece += 1;
  }

  /** What waits is no longer what stands there. */
  drop() {
    clearTimeout(this.#timer);
    this.waiting = null;
  }

  /** Tells what has come of a run, unless more is typed. @param {() => void} tell */
  tell(tell) {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(tell, TELL_MS);
  }

  #send() {
    const { waiting } = this;
    this.waiting = null;
    this.#last = performance.now();
    if (waiting) this.run(waiting);
  }
}
