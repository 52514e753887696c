/**
 * The tape: all panels of a trace, drawn as it arrives, with one cursor and one crosshair through all of them.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./cursor.mjs").TimeCursor} TimeCursor
 * @typedef {{step: number, kind: string | null, row: number | null, panel: string}} Lit
 */

import { find } from "./dom.mjs";
import { Inspector } from "./inspector.mjs";
import { MemoryPanel } from "./memory.mjs";
import { Origins } from "./origins.mjs";
import { Panel } from "./panel.mjs";
import { markErrors } from "./result.mjs";
import { listenToTerms } from "./terms.mjs";
import { onThemeChange, readTheme } from "./theme.mjs";

const ROWS_AT_ONCE = 32;
const REST_MS = 16;
const GROWING_MS = 90;

export class Tape {
  /**
   * @param {HTMLElement} root
   * @param {TimeCursor} cursor
   */
  constructor(root, cursor) {
    this.root = root;
    this.cursor = cursor;
    this.theme = readTheme();
    this.panels = [...root.querySelectorAll("figure[data-field]")].map((figure) => new Panel(/** @type {HTMLElement} */ (figure)));
    this.memory = new MemoryPanel(find("figure[data-memory]", root));
    this.inspector = new Inspector(find("#inspector", root));
    this.inspector.again = () => this.request();
    this.origins = new Origins(root);
    this.resting = 0;
    this.output = /** @type {Panel} */ (this.panels.find(({ spec }) => spec.name === "outputs"));
    this.allRows = false;
    /** What the crosshair is on. @type {Lit | null} */
    this.lit = null;
    this.pinned = false;
    /** Called after each paint. @type {(trace: Trace, step: number) => void} */
    this.painted = () => {};
    this.requested = false;
    /** The timer of a picture that waits while the tape grows; 0 for none. */
    this.waiting = 0;
    this.paintedAt = 0;
    this.panels.forEach((panel) => this.#listen(panel));
    this.#listenToMemory();
    listenToTerms(root, this);
    cursor.addEventListener("change", () => {
      this.request();
      this.#hurry();
    });
    onThemeChange(() => this.#restyle());
    new ResizeObserver(() => this.#measure()).observe(root);
  }

  /** Everything for a new trace, before its first step. @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.paintedAt = 0;
    this.unpin();
    this.memory.begin(trace);
    this.panels.forEach((panel) => panel.begin(trace));
    this.inspector.begin(trace);
    this.origins.begin(trace);
    this.request();
  }

  /** Another trace of the same sequence in the place of this one, at the same step. @param {Trace} trace */
  swap(trace) {
    this.trace = trace;
    this.memory.trace = trace;
    this.panels.forEach((panel) => panel.swap(trace));
    this.inspector.begin(trace);
    this.origins.begin(trace);
    if (this.lit) this.#light(this.lit);
    this.request();
  }

  /** Everything anew: what the scales are made of has changed. */
  redraw() {
    this.panels.forEach((panel) => panel.forget());
    this.request();
  }

  /** All N locations, or those in use. @param {boolean} all */
  showAll(all) {
    this.allRows = all;
    this.request();
  }

  /**
   * Paints once in the next animation frame, however often it is asked; while the tape grows and is followed a few times a
   * second, because each picture of a long run costs the time of many steps.
   */
  request() {
    if (this.requested) return;
    this.requested = true;
    const { trace } = this;
    const growing = trace !== undefined && trace.arrived < trace.steps && this.cursor.following;
    const wait = growing ? this.paintedAt + GROWING_MS - performance.now() : 0;
    if (wait > 0) this.waiting = setTimeout(() => this.#nextFrame(), wait);
    else this.#nextFrame();
  }

  /** Lights up a field's panel at the cursor, or some steps from it. @param {string} field @param {number} offset */
  lightField(field, offset) {
    const step = this.cursor.step + offset;
    this.panels.find(({ spec }) => spec.name === field)?.light(step < 0 ? null : step, null);
  }

  /** Lights up again what was lit before a field was. */
  unlightField() {
    this.#light(this.lit);
  }

  unpin() {
    this.pinned = false;
    this.#light(null);
  }

  #nextFrame() {
    requestAnimationFrame(() => {
      this.requested = false;
      // The first steps of a tape never wait for a picture of an empty one.
      if (this.trace?.arrived) this.paintedAt = performance.now();
      this.#paint();
    });
  }

  /** The end of the run, a seek: what is worth a picture at once. */
  #hurry() {
    const growing = this.trace && this.trace.arrived < this.trace.steps && this.cursor.following;
    if (!this.waiting || growing) return;
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.#nextFrame();
  }

  #paint() {
    this.waiting = 0;
    const { trace } = this;
    if (!trace) {
      return;
    }
    const step = this.cursor.step;
    const rows = this.#locations(trace);
    for (const panel of this.panels) {
      if (panel.spec.kind === "locations") panel.show(rows);
      panel.draw(this.theme);
      panel.moveTo(step);
    }
    markErrors(this.output, trace, this.theme);
    this.memory.show(rows);
    this.memory.draw(step, this.theme);
    this.inspector.show(trace, step, rows, this.theme, this.cursor.playing || trace.arrived < trace.steps);
    const more = this.origins.show(step, this.lit, this.theme);
    this.painted(trace, step);
    if (more) this.#workAtRest();
  }

  /** The picture of all origins is made in pieces, and only while nothing moves. */
  #workAtRest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.cursor.playing) return;
      this.origins.work();
      this.request();
    }, REST_MS);
  }

  /** @param {Trace} trace */
  #locations(trace) {
    const { first, count } = this.allRows ? { first: 0, count: trace.locations } : trace.rowsInUse();
    // While the tape grows, rows come in blocks: each change of them draws the panels from their first step again.
    const block = trace.arrived < trace.steps ? ROWS_AT_ONCE : 1;
    const shown = Math.min(trace.locations, Math.ceil(count / block) * block);
    return Array.from({ length: shown }, (_, index) => (first + index) % trace.locations);
  }

  #measure() {
    this.panels.forEach((panel) => panel.measure());
    this.memory.measure();
    this.inspector.measure();
    this.origins.measure();
    this.request();
  }

  #restyle() {
    this.theme = readTheme();
    this.redraw();
  }

  /** Hover lights up, press and drag scrubs, a click pins. @param {Panel} panel */
  #listen(panel) {
    const { plot } = panel;
    let dragging = false;
    plot.addEventListener("pointermove", (event) => {
      const cell = panel.cellAt(event.clientX, event.clientY);
      if (cell && dragging) {
        this.cursor.seek(cell.step);
      }
      if (cell && !this.pinned) {
        this.#light({ step: cell.step, kind: panel.spec.kind, row: cell.row, panel: panel.spec.name });
      }
    });
    plot.addEventListener("pointerdown", (event) => {
      const cell = panel.cellAt(event.clientX, event.clientY);
      if (!cell || event.button !== 0) return;
      dragging = true;
      plot.setPointerCapture(event.pointerId);
      this.cursor.pause();
      this.cursor.seek(cell.step);
      const same = this.pinned && this.lit?.step === cell.step && this.lit.row === cell.row;
      this.#light({ step: cell.step, kind: panel.spec.kind, row: cell.row, panel: panel.spec.name });
      this.pinned = !same;
    });
    const drop = () => (dragging = false);
    plot.addEventListener("pointerup", drop);
    plot.addEventListener("pointercancel", drop);
    plot.addEventListener("pointerleave", () => {
      if (!this.pinned) this.#light(null);
    });
  }

  #listenToMemory() {
    const { plot } = this.memory;
    plot.addEventListener("pointermove", (event) => {
      const cell = this.memory.cellAt(event.clientX, event.clientY);
      if (!cell || this.pinned) return;
      this.#light({ step: this.cursor.step, kind: "locations", row: cell.row, panel: "memory" });
      const value = format(this.memory.valueAt(cell.row, cell.column));
      this.memory.readout.textContent = `location ${cell.row}, column ${cell.column}: ${value}`;
    });
    plot.addEventListener("pointerleave", () => {
      if (!this.pinned) this.#light(null);
    });
  }

  /** @param {Lit | null} lit */
  #light(lit) {
    this.lit = lit;
    for (const panel of this.panels) {
      const row = lit && panel.spec.kind === lit.kind ? lit.row : null;
      panel.light(lit?.step ?? null, row);
      panel.readout.textContent = lit && row !== null ? describe(panel, lit.step, row) : "";
    }
    const location = lit?.kind === "locations" ? lit.row : null;
    this.memory.light(location);
    if (this.trace) this.origins.show(this.cursor.step, lit, this.theme);
    this.memory.readout.textContent = "";
  }
}

/** @param {Panel} panel @param {number} step @param {number} row */
function describe(panel, step, row) {
  return `step ${step}, ${panel.kindOfRow} ${row}: ${format(panel.valueAt(step, row))}`;
}

/** Three decimals, or two significant digits of what is smaller. @param {number} value */
export function format(value) {
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}
