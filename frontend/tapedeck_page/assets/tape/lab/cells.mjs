/**
 * A cell of the memory that is grabbed: dragged up or along on the memory itself, or chosen by its location and column and typed. What
 * is set stands there before the heads of the step act.
 *
 * @typedef {import("#viewer/views/memory.mjs").MemoryPanel} MemoryPanel
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {{put: (change: Change, gesture?: unknown) => void, chosen: () => void, active: () => boolean}} Told
 */

import { build, element } from "#viewer/draw/dom.mjs";
import { MEMORY } from "#viewer/model/interventions.mjs";
import { button, numberField } from "./fields.mjs";

/** So far is a cell dragged from one end of the memory's scale to the other. */
const WHOLE_PX = 120;
/** A hand is never quite still. */
const STILL_PX = 4;

export class Cells {
  row = 0;
  column = 0;
  /** Whether one was chosen: until then it is the one that is most written to. */
  isChosen = false;
  /** @type {Trace | null} */
  trace = null;
  step = 0;

  /** @param {MemoryPanel} memory @param {Told} told */
  constructor(memory, told) {
    this.memory = memory;
    this.told = told;
    this.range = Object.assign(element("input", "lab-range"), { type: "range", step: "any" });
    this.range.setAttribute("aria-label", "Value of the cell");
    this.range.addEventListener("input", () => this.#set(this.range.valueAsNumber, this.range));
    this.rowField = numberField("Location of the cell", (row) => this.choose(row, this.column), { min: 0, whole: true });
    this.columnField = numberField("Column of the cell", (column) => this.choose(this.row, column), { min: 0, whole: true });
    this.value = numberField("Value of the cell, as a number", (value) => this.#set(value, this.value));
    this.other = numberField("The other location", () => {}, { min: 0, whole: true });
    const cell = (/** @type {string} */ words, /** @type {HTMLElement} */ field) => build("label", { class: "lab-label" }, words, field);
    this.root = build("div", { class: "knobs-cells" },
      build("p", { class: "hint" }, "Drag a cell of the memory, or choose one here. It stands there before the heads act."),
      build("div", { class: "knob-line" }, cell("location", this.rowField.root), cell("column", this.columnField.root)),
      build("div", { class: "knob" }, build("span", {}, "value"), this.range, this.value.root),
      build("div", { class: "knob-line" }, button("Set the row to zero", "zero-row", () => this.told.put({ kind: "set", target: MEMORY, rows: [this.row], value: 0 })),
        button("Swap it with", "swap-rows", () => this.other.isRight() && this.told.put({ kind: "swap", target: MEMORY, rows: [this.row, this.other.root.valueAsNumber] })), this.other.root));
    this.mark = element("div", "grabbed-cell");
    memory.plot.append(this.mark);
    this.#listen();
  }

  /** @param {number} row @param {number} column */
  choose(row, column) {
    const { trace } = this;
    if (!trace || row >= trace.locations || column >= trace.width) return;
    Object.assign(this, { row, column, isChosen: true });
    this.other.show((row + 1) % trace.locations);
    this.told.chosen();
  }

  /** What it is about, shown or not: any cell can be grabbed. @param {Trace} trace @param {number} step */
  know(trace, step) {
    Object.assign(this, { trace, step });
  }

  /** @param {Trace} trace @param {number} step */
  show(trace, step) {
    if (!this.isChosen || this.row >= trace.locations || this.column >= trace.width) this.#guess(trace, step);
    const { low, high } = trace.memoryLimits;
    const value = this.#valueOf(this.row, this.column);
    Object.assign(this.range, { min: String(low), max: String(high) });
    if (this.range.valueAsNumber !== value) this.range.value = String(value);
    this.rowField.show(this.row);
    this.columnField.show(this.column);
    this.value.show(value);
    this.place(trace);
  }

  /** Frames the cell in the memory. @param {Trace} trace */
  place({ width }) {
    const { rows } = this.memory;
    const index = rows.indexOf(this.row);
    this.mark.hidden = index < 0 || !this.told.active();
    const [top, left] = [index / rows.length, this.column / width].map((share) => `${(100 * share).toFixed(3)}%`);
    Object.assign(this.mark.style, { top, left, width: `${100 / width}%`, height: `${100 / rows.length}%` });
  }

  /** Where the first head that reads, or else writes, has most of its weight. @param {Trace} trace @param {number} step */
  #guess(trace, step) {
    const head = trace.readers[0] ?? trace.writers[0];
    const weighting = head ? trace.at(head.weighting, step) : new Float32Array(1);
    this.row = weighting.indexOf(Math.max(...weighting));
    this.column = 0;
    this.other.show((this.row + 1) % trace.locations);
  }

  /** Before the heads of the step act. @param {number} row @param {number} column */
  #valueOf(row, column) {
    const { trace, step } = this;
    return trace?.memory ? trace.memory.within(step, 0)[row * trace.width + column] : NaN;
  }

  /** @param {number} value @param {unknown} gesture */
  #set(value, gesture) {
    this.told.put({ kind: "set", target: MEMORY, rows: [this.row], columns: [this.column], value: Number(value.toPrecision(4)) }, gesture);
  }

  #listen() {
    const { plot } = this.memory;
    /** @type {{x: number, y: number, value: number, moved: boolean} | null} */
    let from = null;
    plot.addEventListener("pointerdown", (event) => {
      const cell = event.button === 0 && event.isPrimary && this.told.active() ? this.memory.cellAt(event.clientX, event.clientY) : null;
      if (!cell || !this.trace) return;
      event.preventDefault(); // no text is selected by a drag
      this.choose(cell.row, cell.column);
      from = { x: event.clientX, y: event.clientY, value: this.#valueOf(cell.row, cell.column), moved: false };
      plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener("pointermove", (event) => {
      if (!from || !this.trace) return;
      const [along, up] = [event.clientX - from.x, from.y - event.clientY];
      if (!from.moved && Math.hypot(along, up) < STILL_PX) return;
      from.moved = true;
      const { low, high } = this.trace.memoryLimits;
      const value = from.value + ((along + up) / WHOLE_PX) * (high - low);
      this.#set(Math.min(high, Math.max(low, value)), from);
    });
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) plot.addEventListener(over, () => (from = null));
  }
}
