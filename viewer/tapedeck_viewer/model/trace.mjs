/**
 * The recording of one run, as far as it has arrived, and the memory at any of its steps.
 *
 * @typedef {import("../contract/wire.mjs").Header} Header
 * @typedef {import("../contract/wire.mjs").Frame} Frame
 * @typedef {{first: number, count: number}} Rows memory locations, `first` and those after it, around the end
 */

import { roundUp } from "./scales.mjs";

/** A location counts as in use when a head once put this much weight there: more than 1 / N of an untrained blur. */
const IN_USE = 0.02;
/** What the kept memories may take, in bytes: it bounds how far a seek has to rebuild from. */
const KEPT_MEMORY_BYTES = 32e6;
const LEAST_KEPT_EVERY = 16;

/** What traces have in common that are to be compared: the limits of their scales, and the locations that they use. */
export class SharedScales {
  /** The largest value so far of what has no fixed scale. @type {Map<string, number>} */
  peaks = new Map([["write.add_vector", 0], ["read.read_vector", 0], ["memory", 0]]);
  /** Which locations a head has put weight on. @type {Uint8Array | null} */
  used = null;

  /**
   * Takes what a link says of them, at the least.
   *
   * @param {{rows?: Rows | null, scales?: number[] | null}} view @param {number} locations
   */
  include({ rows, scales }, locations) {
    if (scales) [...this.peaks].forEach(([name, peak], index) => this.peaks.set(name, Math.max(peak, scales[index])));
    if (!rows) return;
    const used = (this.used ??= new Uint8Array(locations));
    if (rows.count >= locations) used.fill(1);
    // One location at each end is shown beside those in use.
    else for (let i = 1; i < rows.count - 1; i++) used[(rows.first + i) % locations] = 1;
  }
}

/** @param {number} steps @param {number} cells */
const keptEvery = (steps, cells) => Math.max(LEAST_KEPT_EVERY, Math.ceil((steps * cells * 4) / KEPT_MEMORY_BYTES));

/** What the whole trace of a run takes, in bytes. @param {Header} header */
export function bytesOf({ steps, locations, width, fields }) {
  const rowLength = fields.reduce((sum, { length }) => sum + length, 0);
  const cells = locations * width;
  return 4 * (steps * rowLength + Math.ceil(steps / keptEvery(steps, cells)) * cells);
}

export class Trace {
  /**
   * @param {Header} header
   * @param {SharedScales | null} scales that it has in common with others; null where it stands alone
   */
  constructor(header, scales = null) {
    this.header = header;
    this.steps = header.steps;
    this.locations = header.locations;
    this.width = header.width;
    this.phases = header.phases;
    /** Steps that have arrived, from the first on. */
    this.arrived = 0;
    /** Null until the run is over. @type {number | null} */
    this.bitErrors = null;
    /** Why the copy failed, or that it did not. @type {import("../contract/stream.mjs").Diagnosis | null} */
    this.diagnosis = null;

    /** @type {Map<string, {offset: number, length: number}>} */
    this.columns = new Map();
    let offset = 0;
    for (const { name, length } of header.fields) {
      this.columns.set(name, { offset, length });
      offset += length;
    }
    this.rowLength = offset;
    this.rows = new Float32Array(this.steps * this.rowLength);

    /** Its own, and those that it is shown with. */
    this.own = new SharedScales();
    this.scales = scales ?? this.own;
    this.peaks = this.scales.peaks;
    this.ownUsed = this.own.used = new Uint8Array(this.locations);
    /** Which locations a head has put weight on, here or in what it is shown with. */
    this.used = this.scales.used ??= new Uint8Array(this.locations);
    const start = header.initial.weighting.indexOf(Math.max(...header.initial.weighting));
    this.ownUsed[start] = this.used[start] = 1;

    const cells = this.locations * this.width;
    this.keptEvery = keptEvery(this.steps, cells);
    const initial = Float32Array.from(header.initial.memory.flat());
    this.#raise("memory", initial);
    /** Memories before the steps 0, keptEvery, 2 keptEvery … @type {Float32Array[]} */
    this.kept = [initial];
    this.newest = { step: -1, memory: initial.slice() };
    this.shown = { step: -1, memory: initial.slice() };
  }

  /**
   * Takes the next frame. Frames come in order; one that does not is a fault of the service.
   *
   * @param {Frame} frame
   */
  append(frame) {
    if (frame.first !== this.arrived || frame.total !== this.steps) {
      throw new RangeError(`Expected the frame of step ${this.arrived} of ${this.steps}, got step ${frame.first}.`);
    }
    this.rows.set(frame.rows, frame.first * this.rowLength);
    for (let step = frame.first; step < frame.first + frame.count; step++) {
      this.#note(step);
    }
    this.arrived += frame.count;
  }

  /**
   * One field at one step.
   *
   * @param {string} name as on the wire
   * @param {number} step
   * @returns {Float32Array} a view
   */
  at(name, step) {
    const { offset, length } = this.#column(name);
    const start = step * this.rowLength + offset;
    return this.rows.subarray(start, start + length);
  }

  /**
   * Where a field lies in `rows`: its first number, how far it is from one step to the next, and how many it has.
   *
   * @param {string} name
   */
  field(name) {
    const { offset, length } = this.#column(name);
    return { data: this.rows, offset, stride: this.rowLength, length };
  }

  /**
   * The memory after a step, rebuilt: M ← M ∘ (1 − w eᵀ) + w aᵀ.
   *
   * @param {number} step −1 for the memory before the first step
   * @returns {Float32Array} [N × W], good until the next call
   */
  memoryAt(step) {
    const keptAt = Math.floor((step + 1) / this.keptEvery);
    const keptStep = keptAt * this.keptEvery - 1;
    if (this.shown.step > step || this.shown.step < keptStep) {
      this.shown.memory.set(this.kept[keptAt]);
      this.shown.step = keptStep;
    }
    while (this.shown.step < step) {
      this.shown.step += 1;
      this.#write(this.shown.memory, this.shown.step);
    }
    return this.shown.memory;
  }

  /**
   * The locations in use so far: all but the longest stretch, around the end, that no head has put weight on.
   *
   * @returns {Rows}
   */
  rowsInUse(used = this.used) {
    const n = this.locations;
    let longest = 0;
    let after = 0;
    let gap = 0;
    for (let i = 0; i < 2 * n; i++) {
      gap = used[i % n] ? 0 : gap + 1;
      if (gap > longest && gap < n) {
        longest = gap;
        after = (i + 1) % n;
      }
    }
    return longest < 3 ? { first: 0, count: n } : { first: (after + n - 1) % n, count: Math.min(n, n - longest + 2) };
  }

  /**
   * The rows and the limits of the scales, as add and read vectors and the memory are shown; null where they are its own.
   *
   * @returns {{rows: Rows | null, scales: number[] | null}}
   */
  framing() {
    const { own, peaks } = this;
    if (own === this.scales) return { rows: null, scales: null };
    const [rows, alone] = [this.rowsInUse(), this.rowsInUse(this.ownUsed)];
    const scales = [...peaks.values()].map(roundUp);
    const same = [...own.peaks.values()].every((peak, index) => roundUp(peak) === scales[index]);
    return { rows: rows.first === alone.first && rows.count === alone.count ? null : rows, scales: same ? null : scales };
  }

  /**
   * The name of the phase of a step, how far the step is into it, and how long it is.
   *
   * @param {number} step
   */
  phaseAt(step) {
    const phase = this.phases.find(({ start, stop }) => start <= step && step < stop) ?? this.phases[0];
    return { name: phase.name, index: step - phase.start, length: phase.stop - phase.start, start: phase.start };
  }

  /** @param {string} name */
  #column(name) {
    const column = this.columns.get(name);
    if (!column) {
      throw new RangeError(`This trace has no field “${name}”.`);
    }
    return column;
  }

  /** Keeps what later questions need, once a step. @param {number} step */
  #note(step) {
    for (const name of ["write.add_vector", "read.read_vector"]) {
      this.#raise(name, this.at(name, step));
    }
    for (const name of ["write.weighting", "read.weighting"]) {
      const weighting = this.at(name, step);
      for (let i = 0; i < weighting.length; i++) {
        if (weighting[i] >= IN_USE) this.ownUsed[i] = this.used[i] = 1;
      }
    }
    this.#write(this.newest.memory, step);
    this.newest.step = step;
    this.#raise("memory", this.newest.memory);
    if ((step + 1) % this.keptEvery === 0) {
      this.kept.push(this.newest.memory.slice());
    }
  }

  /** @param {string} name @param {Float32Array} values */
  #raise(name, values) {
    let peak = this.own.peaks.get(name) ?? 0;
    for (let i = 0; i < values.length; i++) {
      if (values[i] > peak) peak = values[i];
    }
    this.own.peaks.set(name, peak);
    if (peak > (this.peaks.get(name) ?? 0)) this.peaks.set(name, peak);
  }

  /** @param {Float32Array} memory changed in place @param {number} step */
  #write(memory, step) {
    const weighting = this.at("write.weighting", step);
    const erase = this.at("write.erase_vector", step);
    const add = this.at("write.add_vector", step);
    const width = this.width;
    for (let i = 0; i < weighting.length; i++) {
      const w = weighting[i];
      for (let m = 0, cell = i * width; m < width; m++, cell++) {
        memory[cell] = memory[cell] * (1 - w * erase[m]) + w * add[m];
      }
    }
  }
}
