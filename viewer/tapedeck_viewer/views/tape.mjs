/**
 * The tape: all panels of a trace, drawn as it arrives, with one cursor and one crosshair through all of them.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/cursor.mjs").TimeCursor} TimeCursor
 * @typedef {{step: number, kind: string | null, row: number | null, panel: string}} Lit
 * @typedef {{panel: string, step: number, row: number}} Pin
 */

import { locationsShown } from "../model/axes.mjs";
import { find } from "../draw/dom.mjs";
import { Inspector } from "./inspector.mjs";
import { MemoryPanel } from "./memory.mjs";
import { format } from "../model/numbers.mjs";
import { Origins } from "./origins.mjs";
import { Panel } from "./panel.mjs";
import { listenToPointing } from "./pointing.mjs";
import { markErrors } from "../model/result.mjs";
import { frameSources, hasOrigin } from "./sources.mjs";
import { listenToTerms } from "./terms.mjs";
import { onThemeChange, readTheme } from "../draw/theme.mjs";

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
    this.origins.answered = () => {
      frameSources(this);
      if (this.pinned) this.tell(this.describeLit());
    };
    this.resting = 0;
    this.output = /** @type {Panel} */ (this.panels.find(({ spec }) => spec.name === "outputs"));
    this.allRows = false;
    /** What the crosshair is on. @type {Lit | null} */
    this.lit = null;
    this.pinned = false;
    /** Called after each paint. @type {(trace: Trace, step: number) => void} */
    this.painted = () => {};
    /** Called where a trace cannot be painted. @type {(error: unknown) => void} */
    this.failed = (error) => {
      throw error;
    };
    this.requested = false;
    /** The timer of a picture that waits while the tape grows; 0 for none. */
    this.waiting = 0;
    this.paintedAt = 0;
    /** Tells a screen reader. @type {(sentence: string) => void} */
    this.tell = () => {};
    listenToPointing(this);
    listenToTerms(root, this);
    cursor.addEventListener("change", () => this.request());
    onThemeChange(() => this.#restyle());
    new ResizeObserver(() => this.#measure()).observe(root);
  }

  /** Everything for a new trace, before its first step. @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    // What waits is of the tape before: its origins, and a picture that would come too late for this one's first steps.
    clearTimeout(this.resting);
    this.paintedAt = 0;
    if (this.waiting) this.#paintNext();
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
   * Paints once in the next animation frame, however often it is asked; while the run goes on and is followed a few times a
   * second, because each picture of a long run costs the time of many steps. The end of the run and a seek never wait.
   */
  request() {
    const wait = this.#wait();
    if (!this.requested) {
      this.requested = true;
      if (wait > 0) this.waiting = setTimeout(() => this.#nextFrame(), wait);
      else this.#nextFrame();
    } else if (this.waiting && wait === 0) this.#paintNext();
  }

  /** How long the next picture is to wait, in milliseconds. */
  #wait() {
    const { trace, cursor } = this;
    if (!trace || trace.bitErrors !== null || !cursor.following) return 0;
    // With the last step the run is over but for its count of errors: one picture for both.
    if (trace.arrived === trace.steps) return GROWING_MS;
    return Math.max(0, this.paintedAt + GROWING_MS - performance.now());
  }

  /** Lights up a field's panel at the cursor, or some steps from it. @param {string} field @param {number} offset */
  lightField(field, offset) {
    const step = this.cursor.step + offset;
    this.#panel(field)?.crosshair.light(step < 0 ? null : step, null);
  }

  /** Lights up again what was lit before a field was. */
  unlightField() {
    this.#light(this.lit);
  }

  /** Lights up what is pointed at, unless something is pinned. @param {Lit} lit */
  point(lit) {
    if (!this.pinned) this.#light(lit);
  }

  /** Nothing is pointed at any more. */
  leave() {
    if (!this.pinned) this.#light(null);
  }

  /** Pins what is pressed; lets go of it where it is what is pinned. @param {Lit} lit */
  press(lit) {
    const { pinned, lit: before } = this;
    this.pinned = !(pinned && before?.panel === lit.panel && before.step === lit.step && before.row === lit.row);
    this.#light(lit);
  }

  unpin() {
    this.pinned = false;
    this.#light(null);
  }

  /** The cell that is pinned, where a panel has it. @returns {Pin | null} */
  get pin() {
    if (!this.pinned || !this.lit || this.lit.row === null) return null;
    const { panel, kind, step, row } = this.lit;
    // A location of the memory, or of the inspector, is one of the weightings' too.
    const name = this.#panel(panel) ? panel : kind === "locations" ? "write.weighting" : null;
    return name === null ? null : { panel: name, step, row };
  }

  set pin(pin) {
    const panel = pin && this.#panel(pin.panel);
    this.pinned = Boolean(panel);
    this.#light(pin && panel ? { ...pin, kind: panel.spec.kind } : null);
  }

  /** Whether there is such a cell. @param {Pin} pin */
  has({ panel: name, step, row }) {
    const panel = this.#panel(name);
    return panel !== undefined && this.trace !== undefined && step < this.trace.steps && row < this.trace.field(name).length;
  }

  /** @param {string} name */
  #panel(name) {
    return this.panels.find(({ spec }) => spec.name === name);
  }

  /** What is lit up, as a sentence. */
  describeLit() {
    const panel = this.#panel(this.lit?.panel ?? "");
    if (!panel || !this.lit || this.lit.row === null) return "";
    const origin = hasOrigin(this.lit) ? ` ${this.origins.sentence.textContent}` : "";
    return `${this.pinned ? "Pinned: " : ""}${panel.title}, ${describe(panel, this.lit.step, this.lit.row)}.${origin}`;
  }

  #nextFrame() {
    this.waiting = 0;
    requestAnimationFrame(() => {
      this.requested = false;
      // The first steps of a tape never wait for a picture of an empty one.
      if (this.trace?.arrived) this.paintedAt = performance.now();
      try {
        this.#paint();
      } catch (error) {
        this.failed(error);
      }
    });
  }

  /** In the next frame what was to wait. */
  #paintNext() {
    clearTimeout(this.waiting);
    this.#nextFrame();
  }

  #paint() {
    const { trace } = this;
    if (!trace) {
      return;
    }
    const step = this.cursor.step;
    const rows = locationsShown(trace, this.allRows);
    for (const panel of this.panels) {
      if (panel.spec.kind === "locations") panel.show(rows);
      panel.draw(this.theme);
      panel.moveTo(step);
    }
    markErrors(this.output, trace, this.theme);
    this.memory.show(rows);
    this.memory.draw(step, this.theme);
    this.inspector.show(trace, step, rows, this.theme, this.cursor.playing || trace.arrived < trace.steps);
    // While steps arrive their origins are left: of a long run each costs the time of many steps, and the next is another's.
    const more = !this.cursor.growing && this.origins.show(step, this.lit, this.theme);
    this.painted(trace, step);
    if (more) this.#workAtRest();
  }

  /** What the worker needs for the picture of all origins is sent in pieces. */
  #workAtRest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.origins.work();
      this.request();
    }, REST_MS);
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

  /** At once and all of it, in the colours of now, what is out of sight too. */
  paintWhole() {
    this.theme = readTheme();
    this.panels.forEach((panel) => panel.forget());
    this.#paint();
    if (this.trace) this.inspector.show(this.trace, this.cursor.step, locationsShown(this.trace, this.allRows), this.theme, false);
  }

  /** @param {Lit | null} lit */
  #light(lit) {
    this.lit = lit;
    for (const panel of this.panels) {
      const row = lit && panel.spec.kind === lit.kind ? lit.row : null;
      panel.crosshair.light(lit?.step ?? null, row);
      panel.readout.textContent = lit && row !== null ? describe(panel, lit.step, row) : "";
    }
    this.memory.light(lit?.kind === "locations" ? lit.row : null);
    this.memory.readout.textContent = "";
    this.inspector.light(lit);
    this.origins.light(lit);
    if (!this.trace) return;
    this.origins.show(this.cursor.step, lit, this.theme);
    frameSources(this);
    this.request();
  }
}

/** @param {Panel} panel @param {number} step @param {number} row */
function describe(panel, step, row) {
  return `step ${step}, ${panel.nameOf(row)}: ${format(panel.valueAt(step, row))}`;
}
