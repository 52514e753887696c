/**
 * The run that the card holds: every number of every step, and the memory at any of them.
 *
 * @typedef {{name: string, start: number, stop: number}} Phase
 * @typedef {{
 *   steps: number, locations: number, width: number, bits: number, phases: Phase[], fields: {name: string, length: number}[],
 *   threshold: number, kept: number[], in_use: number[], peaks: Record<string, number>, colours: string[],
 *   initial_memory: string,
 * }} About `kept` are the locations that the card holds; `in_use` is their place in it
 */

/** Memories are kept every so many steps: it bounds how far a seek has to rebuild from. */
const KEPT_EVERY = 64;

export class Run {
  /** @param {About} about @param {Float32Array} rows the fields side by side, a row a step */
  constructor(about, rows) {
    this.about = about;
    this.steps = about.steps;
    this.rows = rows;
    /** @type {Map<string, {offset: number, length: number}>} */
    this.columns = new Map();
    this.rowLength = 0;
    for (const { name, length } of about.fields) {
      this.columns.set(name, { offset: this.rowLength, length });
      this.rowLength += length;
    }
    if (rows.length !== this.steps * this.rowLength) {
      throw new RangeError(`The card has ${rows.length} numbers; ${this.steps} steps have ${this.steps * this.rowLength}.`);
    }
    /** Memories before the steps 0, 64, 128 … @type {Float32Array[]} */
    this.keptMemories = [];
    this.shown = { step: -1, memory: unpack(about.initial_memory) };
    this.memoryPeak = this.#remember();
  }

  /** A field at a step: a view. @param {string} name @param {number} step */
  at(name, step) {
    const { offset, length } = this.field(name);
    return this.rows.subarray(offset + step * this.rowLength, offset + step * this.rowLength + length);
  }

  /** Where a field lies in `rows`. @param {string} name */
  field(name) {
    const column = this.columns.get(name);
    if (!column) throw new RangeError(`This card has no field “${name}”.`);
    return { data: this.rows, stride: this.rowLength, ...column };
  }

  /** The kept locations' memory after a step, good until the next call. @param {number} step */
  memoryAt(step) {
    const kept = Math.floor((step + 1) / KEPT_EVERY);
    if (this.shown.step > step || this.shown.step < kept * KEPT_EVERY - 1) {
      this.shown.memory.set(this.keptMemories[kept]);
      this.shown.step = kept * KEPT_EVERY - 1;
    }
    while (this.shown.step < step) this.#write();
    return this.shown.memory;
  }

  /** A step in words: “recall 6 of 20”. @param {number} step */
  placeOf(step) {
    const { name, start, stop } = this.about.phases.find((phase) => phase.start <= step && step < phase.stop) ?? this.about.phases[0];
    return stop - start > 1 ? `${name} ${step - start + 1} of ${stop - start}` : name;
  }

  /** Where an output bit is on the wrong side of the threshold; only the last phase counts. @returns {{step: number, bit: number}[]} */
  wrongBits() {
    const { bits, threshold, phases } = this.about;
    const { start, stop } = phases[phases.length - 1];
    const found = [];
    for (let step = start; step < stop; step++) {
      const [output, target] = [this.at("outputs", step), this.at("targets", step)];
      for (let bit = 0; bit < bits; bit++) {
        if (output[bit] > threshold !== target[bit] > threshold) found.push({ step, bit });
      }
    }
    return found;
  }

  /** Goes through all steps once. @returns {number} the largest value that the memory ever holds */
  #remember() {
    let peak = 0;
    for (let step = -1; step < this.steps; step++) {
      if (step >= 0) this.#write();
      if ((step + 1) % KEPT_EVERY === 0) this.keptMemories.push(this.shown.memory.slice());
      for (const value of this.shown.memory) if (value > peak) peak = value;
    }
    return peak;
  }

  /** The next step's write: M ← M ∘ (1 − w eᵀ) + w aᵀ. */
  #write() {
    const step = (this.shown.step += 1);
    const { memory } = this.shown;
    const [weighting, erase, add] = ["write.weighting", "write.erase_vector", "write.add_vector"].map((name) => this.at(name, step));
    for (let location = 0, cell = 0; location < weighting.length; location++) {
      for (let column = 0; column < add.length; column++, cell++) {
        memory[cell] = memory[cell] * (1 - weighting[location] * erase[column]) + weighting[location] * add[column];
      }
    }
  }
}

/** Little-endian float32 in base64. @param {string} base64 */
export function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
