/**
 * Where a tape stands, for whoever placed it: told once it rests, and shown as soon as it has arrived. What was told is no news when it
 * comes back, however late that is, and whatever has become of it since.
 *
 * @typedef {import("../contract/stream.mjs").Request} Request
 * @typedef {import("../store.mjs").Pin} Pin
 * @typedef {{step?: number | null, pin?: Pin | null}} Place
 * @typedef {{state: "running" | "done" | "refused" | "away", sentence: string, steps: number | null, wrong: number | null}} Status
 * @typedef {Place & {request?: Request, status?: Status}} Told
 */

/** How long the cursor must stand still before its step is told. */
const REST_MS = 150;

/** A property that both sides set, in JSON. */
class Shared {
  /** As it was given last. */
  given = "null";
  /** What was told, and has not come back. @type {string[]} */
  told = [];
  /** As it was given, or told, last. */
  known = "null";

  /** @param {string} value @returns {boolean} whether it was another */
  tell(value) {
    if (value === this.known) return false;
    this.known = value;
    this.told.push(value);
    return true;
  }

  /** @param {string} value @returns {boolean} whether whoever gives it wants it, and does not only say it after the tape */
  give(value) {
    if (value === this.given) {
      if (this.told.at(-1) === value) this.told = [];
      return false;
    }
    this.given = value;
    const place = this.told.indexOf(value);
    this.told.splice(0, place + 1);
    if (place < 0) this.known = value;
    return place < 0;
  }
}

export class Standing {
  step = new Shared();
  pin = new Shared();
  /** Where to stand as soon as that has arrived. @type {number | null} */
  target = null;
  /** @type {Pin | null} */
  wantedPin = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resting = undefined;

  /**
   * @param {import("../store.mjs").Store} store
   * @param {import("../views/tape.mjs").Tape} tape
   * @param {(told: Told) => void} tell
   */
  constructor(store, tape, tell) {
    this.store = store;
    this.tape = tape;
    this.tell = tell;
    store.cursor.addEventListener("change", () => this.#rest());
    store.addEventListener("view", () => this.#rest());
  }

  /** Where the run that begins is to stand. @param {Place} place */
  begin({ step = null, pin = null }) {
    this.step.give(JSON.stringify(step));
    this.pin.give(JSON.stringify(pin));
    this.target = step;
    this.wantedPin = pin;
  }

  /** Another step or pin; what is as it was is left alone. @param {Place} place */
  show({ step = null, pin = null }) {
    if (this.step.give(JSON.stringify(step)) && step !== null) {
      this.target = step;
      this.arrive();
    }
    if (this.pin.give(JSON.stringify(pin))) this.tape.pin = pin;
  }

  /** What was asked for is there by now. */
  arrive() {
    const { cursor } = this.store;
    if (this.target !== null && cursor.arrived > this.target) {
      cursor.pause();
      cursor.seek(this.target);
      this.target = null;
    }
    if (this.wantedPin && cursor.arrived > this.wantedPin.step) {
      this.tape.pin = this.wantedPin;
      this.wantedPin = null;
    }
  }

  /** @param {Status["state"]} state @param {string} sentence */
  say(state, sentence) {
    const { trace } = this.store;
    this.tell({ status: { state, sentence, steps: trace?.steps ?? null, wrong: trace?.results?.wrong ?? null } });
  }

  close() {
    clearTimeout(this.resting);
  }

  /** Tells where the cursor stands, and what is pinned, once neither moves. */
  #rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const { cursor } = this.store;
      if (cursor.playing || cursor.growing || this.target !== null || cursor.step < 0) return;
      const { pin } = this.tape;
      const { step } = cursor;
      const changed = [this.step.tell(JSON.stringify(step)), this.pin.tell(JSON.stringify(pin))];
      if (changed.includes(true)) this.tell({ step, pin });
    }, REST_MS);
  }
}
