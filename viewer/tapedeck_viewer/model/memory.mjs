/**
 * The memory of a run at any step, rebuilt from what was applied to it and from its writes: every write head in acting order,
 * M ← M ∘ (1 − w eᵀ) + w aᵀ.
 *
 * Some memories are kept, evenly over the run, from which a seek rebuilds; they have a budget, whatever the run's size.
 *
 * @typedef {{weighting: string, erase: string | null, add: string}} Writer the fields of a head that writes; one without `erase` erases nothing
 * @typedef {import("./applied.mjs").Applied} Applied
 * @typedef {{steps: number, locations: number, width: number, at: (name: string, step: number) => Float32Array}} Recorded
 */

/** What the kept memories may take, in bytes: it bounds how far a seek has to rebuild from. */
const KEPT_BYTES = 32e6;
const LEAST_KEPT_EVERY = 16;

/** From how many steps one memory is kept. @param {{steps: number, locations: number, width: number}} run */
export const keptEvery = ({ steps, locations, width }) =>
  Math.max(LEAST_KEPT_EVERY, Math.ceil((steps * locations * width * 4) / KEPT_BYTES));

export class Memory {
  /** @param {Recorded} recorded @param {Writer[]} writers in acting order @param {number[][]} start [N][W] @param {Applied} applied */
  constructor(recorded, writers, start, applied) {
    this.recorded = recorded;
    this.writers = writers;
    this.applied = applied;
    this.every = keptEvery(recorded);
    const initial = new Float32Array(start.flat());
    /** Memories before the steps 0, every, 2 every … @type {Float32Array[]} */
    this.kept = [initial];
    /** After the last step that was noted. */
    this.newest = initial.slice();
    this.shown = { step: -1, cells: initial.slice() };
    /** What a head sees that acts between two writes of a step. @type {Float32Array | null} */
    this.between = null;
  }

  /** Before the first step. */
  get start() {
    return this.kept[0];
  }

  /** Takes the next step; `newest` is the memory after it. @param {number} step */
  note(step) {
    this.#write(this.newest, step, this.writers.length);
    if ((step + 1) % this.every === 0) this.kept.push(this.newest.slice());
  }

  /**
   * After a step.
   *
   * @param {number} step −1 for the memory before the first step
   * @returns {Float32Array} [N × W], good until the next call
   */
  after(step) {
    const { shown, kept, every } = this;
    const keptAt = Math.floor((step + 1) / every);
    const keptStep = keptAt * every - 1;
    if (shown.step > step || shown.step < keptStep) {
      shown.cells.set(kept[keptAt]);
      shown.step = keptStep;
    }
    while (shown.step < step) {
      shown.step += 1;
      this.#write(shown.cells, shown.step, this.writers.length);
    }
    return shown.cells;
  }

  /**
   * Within a step, when so many of its heads have written.
   *
   * @param {number} step
   * @param {number} writes
   * @returns {Float32Array} [N × W], good until the next call
   */
  within(step, writes) {
    if (writes === this.writers.length) return this.after(step);
    const before = this.after(step - 1);
    if (writes === 0 && !this.applied.has(step)) return before;
    const between = (this.between ??= new Float32Array(before.length));
    between.set(before);
    this.#write(between, step, writes);
    return between;
  }

  /** What was applied before a step, and its first writes. @param {Float32Array} cells changed in place @param {number} step @param {number} writes */
  #write(cells, step, writes) {
    const { recorded, writers } = this;
    const set = this.applied.get(step);
    set?.cells.forEach((cell, at) => (cells[cell] = set.values[at]));
    for (let head = 0; head < writers.length && head < writes; head++) {
      const weighting = recorded.at(writers[head].weighting, step);
      const { erase: erases } = writers[head];
      const erase = erases === null ? null : recorded.at(erases, step);
      const add = recorded.at(writers[head].add, step);
      const { width } = recorded;
      for (let i = 0; i < weighting.length; i++) {
        const w = weighting[i];
        for (let m = 0, cell = i * width; m < width; m++, cell++) {
          cells[cell] = cells[cell] * (erase ? 1 - w * erase[m] : 1) + w * add[m];
        }
      }
    }
  }
}

/** The memory of a run that a file has recorded after every step, whatever made it. */
export class RecordedMemory {
  /** @param {Recorded} recorded @param {Writer[]} writers in acting order @param {number[][]} start [N][W]; empty where it is not known @param {Applied} applied @param {Float32Array} cells [T × N × W] */
  constructor(recorded, writers, start, applied, cells) {
    this.writers = writers;
    this.applied = applied;
    this.cells = cells;
    this.size = recorded.locations * recorded.width;
    /** Before the first step; where that is not known, as it is after it. */
    this.start = start.length > 0 ? new Float32Array(start.flat()) : this.after(0);
    this.newest = this.start;
  }

  /** @param {number} step */
  note(step) {
    this.newest = this.after(step);
  }

  /** @param {number} step −1 for the memory before the first @returns {Float32Array} [N × W], a view */
  after(step) {
    return step < 0 ? this.start : this.cells.subarray(step * this.size, (step + 1) * this.size);
  }

  /** Within a step only what was there before it, and what is there after it, are known. @param {number} step @param {number} writes */
  within(step, writes) {
    return this.after(writes === 0 ? step - 1 : step);
  }
}
