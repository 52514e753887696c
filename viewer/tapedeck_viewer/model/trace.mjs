/**
 * The recording of one run, as far as it has arrived, made from the run's description: its fields, its heads in acting order,
 * its phases, and the memory at any of its steps.
 *
 * @typedef {import("../contract/wire.mjs").Description} Description
 * @typedef {import("../contract/wire.mjs").Results} Results
 * @typedef {import("../contract/wire.mjs").Frame} Frame
 * @typedef {import("../contract/wire.mjs").Field & {offset: number, length: number}} Column a field, and where it lies in a row
 * @typedef {{
 *   name: string, kind: "write" | "read", weighting: string, fields: Map<string, string>, shifts: number[], previous: string,
 *   sees: number, after: number,
 * }} Head `weighting` is the field of its weighting; `fields` are the names of all, by what follows the head's own name in them;
 *     `sees` says after how many writes of a step it looks at the memory to find its weighting, `after` after how many it acts
 * @typedef {{name: string, axes: string[], range: (number | null)[], equation: string, shape: number[], values: Float32Array}} Matrix a field of two
 *     axes, all its steps one after another
 * @typedef {{memory: Float32Array | null, matrices: Matrix[], narration: string[] | null}} Recorded what a trace file can hold beside a description
 *     and its rows: the memory after every step [T × N × W], and a sentence on each
 * @typedef {{first: number, count: number}} Rows memory locations, `first` and those after it, around the end
 */

import { MEMORY_RULE, lengthOf } from "../contract/wire.mjs";
import { appliedOf } from "./applied.mjs";
import { keptEvery, Memory, RecordedMemory } from "./memory.mjs";
import { MEMORY, Peaks } from "./peaks.mjs";

/** A location counts as in use when a head once put this much weight there: more than 1 / N of an untrained blur. */
const IN_USE = 0.02;

/** The roles whose scales traces share that are compared, in the order in which a link lists them. */
const SHARED = ["add", "read", MEMORY];
/** The role of a field that is shown under its own name. */
export const OTHER = "other";
/** A head's weighting of the step among all that its stages make. */
const WEIGHTING = "weighting";

/** The shares of every write in every read take the square of it. */
const MOST_EXPLAINED = 4096;

/** What a stream holds beside its description and rows. @type {Recorded} */
const NOTHING = { memory: null, matrices: [], narration: null };

/** What traces have in common that are to be compared: the limits of their scales, and the locations that they use. */
export class SharedScales {
  peaks = new Peaks();
  /** Which locations a head has put weight on. @type {Uint8Array | null} */
  used = null;

  /**
   * Takes what a link says of them, at the least.
   *
   * @param {{rows?: Rows | null, scales?: number[] | null}} view @param {number} locations
   */
  include({ rows, scales }, locations) {
    scales?.forEach((limit, index) => SHARED[index] && this.peaks.raise(SHARED[index], [limit]));
    if (!rows) return;
    const used = (this.used ??= new Uint8Array(locations));
    if (rows.count >= locations) used.fill(1);
    // One location at each end is shown beside those in use.
    else for (let i = 1; i < rows.count - 1; i++) used[(rows.first + i) % locations] = 1;
  }
}

/** What the whole trace of a run takes, in bytes. @param {Description} description */
export function bytesOf(description) {
  const { steps, locations, width, fields } = description;
  const rowLength = fields.reduce((sum, field) => sum + lengthOf(field), 0);
  // The memories that are kept, the newest, the one that is shown, and one within a step.
  return 4 * (steps * rowLength + (Math.ceil(steps / keptEvery(description)) + 4) * locations * width);
}

export class Trace {
  /**
   * @param {Description} header the run's description
   * @param {SharedScales | null} scales that it has in common with others; null where it stands alone
   * @param {Recorded} recorded of a trace file
   */
  constructor(header, scales = null, recorded = NOTHING) {
    this.header = header;
    this.recorded = recorded;
    this.steps = header.steps;
    this.locations = header.locations;
    this.width = header.width;
    this.phases = header.phases;
    /** Steps that have arrived, from the first on. */
    this.arrived = 0;
    /** What came of it; null until the run is over. @type {Results | null} */
    this.results = null;

    /** @type {Map<string, Column>} */
    this.columns = new Map();
    let offset = 0;
    for (const field of header.fields) {
      const length = lengthOf(field);
      this.columns.set(field.name, { ...field, offset, length });
      offset += length;
    }
    this.rowLength = offset;
    this.rows = new Float32Array(this.steps * this.rowLength);
    this.heads = headsOf(header);
    this.writers = this.heads.filter(({ kind }) => kind === "write");
    this.readers = this.heads.filter(({ kind }) => kind === "read");

    /** Its own, and those that it is shown with. */
    this.own = new SharedScales();
    this.scales = scales ?? this.own;
    this.ownUsed = this.own.used = new Uint8Array(this.locations);
    /** Which locations a head has put weight on, or an intervention has set, here or in what it is shown with. */
    this.used = this.scales.used ??= new Uint8Array(this.locations);
    header.heads.forEach(({ start }) => this.#use(start));

    const applied = appliedOf(header);
    for (const { cells } of applied.values()) cells.forEach((cell) => this.#mark(Math.floor(cell / this.width)));
    this.memory = this.#memoryWith(applied);
    if (this.memory) this.#raise(MEMORY, this.memory.start);
    /** Fields whose scale follows their numbers. */
    this.unbounded = [...this.columns.values()].filter(({ range, role }) => range.includes(null) && role !== "scalar");
  }

  /** Whether the memory follows from the writes: its rule is known, and so are its start and what every head adds. */
  get follows() {
    const { memory } = this.header;
    return memory.rule === MEMORY_RULE && memory.start.length > 0 && this.writers.length > 0 && this.writers.every(({ fields }) => fields.has("add_vector"));
  }

  /** Whether it can be said which writes a read comes from, and there is room for all of them. */
  get explains() {
    return this.follows && this.readers.length > 0 && this.steps <= MOST_EXPLAINED;
  }

  /** Null where nothing says what the memory is. @param {import("./applied.mjs").Applied} applied */
  #memoryWith(applied) {
    const { start } = this.header.memory;
    const writers = this.writers.map(writerOf);
    if (this.recorded.memory) return new RecordedMemory(this, writers, start, applied, this.recorded.memory);
    return this.follows ? new Memory(this, writers, start, applied) : null;
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

  /** The run is over. @param {Results} results */
  finish(results) {
    this.results = results;
  }

  /** Whether the run is over. */
  get over() {
    return this.results !== null;
  }

  /**
   * One field at one step.
   *
   * @param {string} name as on the wire
   * @param {number} step
   * @returns {Float32Array} a view
   */
  at(name, step) {
    const { offset, length } = this.column(name);
    const start = step * this.rowLength + offset;
    return this.rows.subarray(start, start + length);
  }

  /**
   * Where a field lies in `rows`: its first number, how far it is from one step to the next, and how many it has.
   *
   * @param {string} name
   */
  field(name) {
    const { offset, length } = this.column(name);
    return { data: this.rows, offset, stride: this.rowLength, length };
  }

  /** A field, as the description has it. @param {string} name @returns {Column} */
  column(name) {
    const column = this.columns.get(name);
    if (!column) throw new RangeError(`This trace has no field “${name}”.`);
    return column;
  }

  /** A head. @param {string} name @returns {Head} */
  head(name) {
    const head = this.heads.find((each) => each.name === name);
    if (!head) throw new RangeError(`This machine has no head “${name}”; it has ${this.heads.map((each) => each.name).join(", ")}.`);
    return head;
  }

  /** The memory after a step, −1 for the one before the first. @param {number} step @returns {Float32Array} [N × W], good until the next call */
  memoryAt(step) {
    if (!this.memory) throw new RangeError("This trace does not say what its memory is.");
    return this.memory.after(step);
  }

  /** The limits of a field's scale, so far. @param {string} name */
  limitsOf(name) {
    const column = this.column(name);
    return this.scales.peaks.limits(scaleOf(column), column.range);
  }

  /** The limits of the memory's scale, so far. */
  get memoryLimits() {
    return this.scales.peaks.limits(MEMORY);
  }

  /**
   * The locations in use so far: all but the longest stretch, around the end, that no head has put weight on.
   *
   * @returns {Rows}
   */
  rowsInUse(used = this.used) {
    const n = this.locations;
    if (!used.includes(1)) return { first: 0, count: n };
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
    const { own, scales } = this;
    if (own === scales) return { rows: null, scales: null };
    const [rows, alone] = [this.rowsInUse(), this.rowsInUse(this.ownUsed)];
    const [limits, ownLimits] = [scales, own].map(({ peaks }) => SHARED.map((role) => peaks.limits(role).high));
    return {
      rows: rows.first === alone.first && rows.count === alone.count ? null : rows,
      scales: limits.join() === ownLimits.join() ? null : limits,
    };
  }

  /**
   * The phase of a step, how far the step is into it, and how long it is.
   *
   * @param {number} step
   */
  phaseAt(step) {
    const phase = this.phases.find(({ start, stop }) => start <= step && step < stop) ?? { name: "", role: "", start: 0, stop: this.steps };
    return { name: phase.name, role: phase.role, index: step - phase.start, length: phase.stop - phase.start, start: phase.start };
  }

  /** Keeps what later questions need, once a step. @param {number} step */
  #note(step) {
    for (const column of this.unbounded) this.#raise(scaleOf(column), this.at(column.name, step));
    for (const { weighting } of this.heads) this.#use(this.at(weighting, step));
    if (!this.memory) return;
    this.memory.note(step);
    this.#raise(MEMORY, this.memory.newest);
  }

  /** @param {ArrayLike<number>} weighting */
  #use(weighting) {
    for (let i = 0; i < weighting.length; i++) {
      if (weighting[i] >= IN_USE) this.#mark(i);
    }
  }

  /** As in use. @param {number} location */
  #mark(location) {
    this.ownUsed[location] = this.used[location] = 1;
  }

  /** @param {string} role @param {Float32Array} values */
  #raise(role, values) {
    this.own.peaks.raise(role, values);
    if (this.scales !== this.own) this.scales.peaks.raise(role, values);
  }
}

/** Fields of one role share a scale; of what is no more than its name each has its own. @param {Column} column */
const scaleOf = ({ name, role }) => (role === OTHER ? name : role);

/** The heads in acting order. @param {Description} description @returns {Head[]} */
function headsOf({ heads }) {
  let written = 0;
  return heads.map(({ name, kind, fields, shifts, addresses, previous }) => {
    const after = written;
    if (kind === "write") written += 1;
    return {
      name,
      kind,
      weighting: `${name}.${WEIGHTING}`,
      fields: new Map(fields.map((field) => [field.slice(name.length + 1), field])),
      shifts,
      previous,
      sees: addresses === "previous" ? 0 : after,
      after,
    };
  });
}

/** @param {Head} head that writes @returns {import("./memory.mjs").Writer} */
export const writerOf = ({ name, weighting, fields }) => ({ weighting, erase: fields.get("erase_vector") ?? null, add: `${name}.add_vector` });
