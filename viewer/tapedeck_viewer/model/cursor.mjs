/**
 * The one time cursor of the page: where it is, and how it moves. No drawing, no clock of its own.
 *
 * A seek is never undone: while the tape still grows the cursor goes with it only as long as it follows, and every seek
 * leaves that state.
 */

/** Steps a second at speed 1. */
export const STEPS_PER_SECOND = 10;
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export class TimeCursor extends EventTarget {
  /** Steps of the whole run. */
  total = 0;
  /** Steps that have arrived. */
  arrived = 0;
  /** Where the cursor is, in steps and parts of a step; −1 on an empty tape. */
  position = -1;
  playing = false;
  following = true;
  loop = false;
  speed = 1;
  /** The steps that a loop repeats, both included; null for all. @type {{first: number, last: number} | null} */
  range = null;
  /** Where leaps lead: the first steps of phases, and of what went wrong. @type {Record<"phase" | "mark", number[]>} */
  landmarks = { phase: [], mark: [] };

  /** The step that the page shows; −1 on an empty tape. */
  get step() {
    return Math.min(Math.floor(this.position), this.arrived - 1);
  }

  get atEnd() {
    return this.total > 0 && this.step >= this.total - 1;
  }

  /** Whether steps arrive and the cursor goes with them. */
  get growing() {
    return this.following && this.arrived < this.total;
  }

  /** A new run begins: an empty tape, followed as it grows. @param {number} total */
  begin(total) {
    Object.assign(this, { total, arrived: 0, position: -1, playing: false, following: true, range: null });
    this.#tell();
  }

  /** More of the tape has arrived. @param {number} arrived */
  grow(arrived) {
    this.arrived = arrived;
    if (this.following || this.position < 0) {
      this.position = this.following ? arrived - 1 : 0;
    }
    this.#tell();
  }

  /** Goes to a step, within what has arrived, and stays there. @param {number} step */
  seek(step) {
    if (this.arrived === 0) {
      return;
    }
    this.following = false;
    this.position = Math.min(Math.max(Math.round(step), 0), this.arrived - 1);
    this.#tell();
  }

  /** @param {number} steps forward, or back when negative */
  move(steps) {
    this.pause();
    this.seek(this.step + steps);
  }

  /** To the next landmark, or the one before; stays where there is none. @param {"phase" | "mark"} kind @param {1 | -1} direction */
  leap(kind, direction) {
    const { step } = this;
    const steps = this.landmarks[kind];
    const to = direction > 0 ? steps.find((each) => each > step) : steps.filter((each) => each < step).at(-1);
    this.pause();
    if (to !== undefined) this.seek(to);
  }

  play() {
    if (this.arrived === 0) {
      return;
    }
    this.following = false;
    if (this.atEnd || this.#outsideRange()) {
      this.position = this.range?.first ?? 0;
    }
    this.playing = true;
    this.#tell();
  }

  pause() {
    if (this.playing) {
      this.playing = false;
      this.position = this.step;
      this.#tell();
    }
  }

  toggle() {
    this.playing ? this.pause() : this.play();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed;
    this.#tell();
  }

  /** One speed up or down. @param {1 | -1} direction */
  changeSpeed(direction) {
    const next = SPEEDS.indexOf(this.speed) + direction;
    this.setSpeed(SPEEDS[Math.min(Math.max(next, 0), SPEEDS.length - 1)]);
  }

  /** @param {boolean} loop */
  setLoop(loop) {
    this.loop = loop;
    if (!loop) {
      this.range = null;
    }
    this.#tell();
  }

  /** Loops a stretch of steps, both ends included. @param {number} first @param {number} last */
  setRange(first, last) {
    this.range = { first: Math.min(first, last), last: Math.max(first, last) };
    this.loop = true;
    this.#tell();
  }

  /**
   * Time passes. At the end of the tape, or of the range, play stops or starts over; at the end of what has arrived it waits.
   *
   * @param {number} seconds since the last call
   */
  advance(seconds) {
    if (!this.playing) {
      return;
    }
    const before = this.step;
    this.position += seconds * STEPS_PER_SECOND * this.speed;
    const first = this.loop ? (this.range?.first ?? 0) : 0;
    const last = this.loop ? (this.range?.last ?? this.total - 1) : this.total - 1;
    if (this.position >= last + 1) {
      if (this.loop) {
        this.position = first;
      } else {
        this.position = last;
        this.playing = false;
      }
    }
    this.position = Math.min(this.position, this.arrived - 1 + 0.999);
    if (this.step !== before || !this.playing) {
      this.#tell();
    }
  }

  #outsideRange() {
    return this.loop && this.range !== null && (this.step < this.range.first || this.step >= this.range.last);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
