/**
 * The tape: all panels of a trace, drawn as it arrives, with one cursor and one crosshair through all of them. What panels there
 * are the trace says; they are made when the first trace of its kind begins.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 * @typedef {import("../store.mjs").Store} Store
 * @typedef {import("../store.mjs").Lit} Lit
 * @typedef {import("../store.mjs").Pin} Pin
 */

import { build } from "../draw/dom.mjs";
import { markErrors } from "../draw/crosses.mjs";
import { drawPredictions } from "../draw/predictions.mjs";
import { onThemeChange, readTheme } from "../draw/theme.mjs";
import { locationsShown } from "../model/axes.mjs";
import { foretells } from "../model/predictions.mjs";
import { format } from "../model/numbers.mjs";
import { SIDES, chosenHead, headsInView, panelsOfController, panelsOfFurther, panelsOfHead, panelsOfHeads, panelsOfTask, sideOf } from "../model/panels.mjs";
import { Arrangement } from "./arrangement.mjs";
import { HeadChoosers } from "./chooser.mjs";
import { Contexts } from "./contexts.mjs";
import { Inspector } from "./inspector.mjs";
import { KeptHeads } from "./kept.mjs";
import { Matrices } from "./matrices.mjs";
import { MemoryPanel } from "./memory.mjs";
import { Origins } from "./origins.mjs";
import { columnsOf, Panel } from "./panel.mjs";
import { listenToHead, listenToMemory, listenToOrigins, listenToPanel } from "./pointing.mjs";
import { Readouts } from "./readouts.mjs";
import { frameSources, originOf } from "./sources.mjs";
import { listenToTerms } from "./terms.mjs";

/** So long the work on origins waits for its next piece: longer where other runs arrive meanwhile. */
const [REST_MS, CROWDED_MS] = [16, 150];
const GROWING_MS = 90;

export class Tape {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   */
  constructor(root, store) {
    this.root = root;
    this.store = store;
    this.theme = readTheme();
    /** What is over time: of the task, of the heads that are looked at, of the controller. @type {Panel[]} */
    this.panels = [];
    /** @type {Panel[]} */
    this.ofTask = [];
    /** @type {Panel[]} */
    this.ofHeads = [];
    /** @type {Panel[]} */
    this.ofController = [];
    /** What a file has beside all that. @type {Panel[]} */
    this.ofFile = [];
    /** @type {HeadChoosers | null} */
    this.choosers = null;
    /** @type {KeptHeads | null} */
    this.kept = null;
    /** What panels and memory show in the place of the trace itself. @type {import("../model/comparison.mjs").Difference | null} */
    this.difference = null;
    this.arrangement = new Arrangement(root, () => this.#measure());
    this.readouts = new Readouts();
    this.memory = new MemoryPanel();
    this.inspector = new Inspector((head) => listenToHead(this, head));
    this.inspector.again = () => this.request();
    this.origins = new Origins();
    this.matrices = new Matrices();
    this.contexts = new Contexts();
    this.origins.answered = () => {
      frameSources(this);
      if (this.pinned) this.tell(this.describeLit());
    };
    this.controller = build("details", { class: "controller" }, build("summary", {}, "Controller"));
    this.controller.addEventListener("toggle", () => this.#measure());
    this.resting = 0;
    /** Called where the plots over time may stand elsewhere. */
    this.measured = () => {};
    /** Called after each paint. @type {(trace: Trace, step: number) => void} */
    this.painted = () => {};
    /** Called where a trace cannot be painted. @type {(error: unknown) => void} */
    this.failed = (error) => {
      throw error;
    };
    /** Whether runs of a film are still to arrive. */
    this.crowded = () => false;
    this.requested = false;
    /** Whether the verdict stands wherever the cursor is. */
    this.whole = false;
    /** The timer of a picture that waits while the tape grows; 0 for none. */
    this.waiting = 0;
    this.paintedAt = 0;
    /** What the panels were made for. */
    this.madeFor = "";
    /** Tells a screen reader. @type {(sentence: string) => void} */
    this.tell = () => {};
    listenToMemory(this);
    listenToOrigins(this);
    listenToTerms(root, this);
    store.cursor.addEventListener("change", () => this.request());
    store.addEventListener("view", () => this.#look());
    onThemeChange(() => this.#restyle());
    new ResizeObserver(() => this.#measure()).observe(root);
    /** Sees when a plot gets another width than the tape's would tell, as where another panel is folded. */
    this.placed = new ResizeObserver(() => this.measured());
  }

  get cursor() {
    return this.store.cursor;
  }

  /** Where its plots over time stand. */
  get columns() {
    return columnsOf(this.panels);
  }

  /** What the crosshair is on. @returns {Lit | null} */
  get lit() {
    return this.store.view.lit;
  }

  get pinned() {
    return this.store.view.pinned;
  }

  get allRows() {
    return this.store.view.allRows;
  }

  /** The heads that are looked at, one on each side. @returns {Head[]} */
  get looked() {
    const { trace } = this;
    return trace ? SIDES.map((kind) => chosenHead(trace, kind, this.store.view.heads)).filter(Boolean) : [];
  }

  /** These, and those that are kept beside them. @returns {Head[]} */
  get inView() {
    return this.trace ? headsInView(this.trace, this.store.view) : [];
  }

  /** Everything for a new trace, before its first step. @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.difference = null;
    // What waits is of the tape before: its origins, and a picture that would come too late for this one's first steps.
    clearTimeout(this.resting);
    this.paintedAt = 0;
    if (this.waiting) this.#paintNext();
    this.#make(trace);
    this.unpin();
    this.memory.begin(trace);
    this.matrices.begin(trace);
    this.contexts.begin(trace);
    this.panels.forEach((panel) => panel.begin(trace));
    this.choosers?.begin(trace);
    this.inspector.begin(trace, this.inView);
    this.origins.begin(trace, this.#reader(trace));
    this.measured();
    this.request();
  }

  /** Another trace of the same sequence in the place of this one, at the same step. @param {Trace} trace */
  swap(trace) {
    if (kindOf(trace, this.store.view.heads) !== this.madeFor) return this.begin(trace);
    this.trace = trace;
    this.difference = null;
    this.memory.compare(trace, "");
    this.panels.forEach((panel) => panel.swap(trace));
    this.choosers?.begin(trace);
    this.inspector.begin(trace, this.inView);
    this.origins.begin(trace, this.#reader(trace));
    if (this.lit) this.#light(this.lit);
    this.request();
  }

  /** Panels and memory show what this run and another differ by; all else stays this run's. @param {import("../model/comparison.mjs").Difference | null} difference */
  contrast(difference) {
    const shown = difference ?? this.trace;
    this.difference = difference;
    if (!shown) return;
    this.memory.compare(shown, difference?.sharesMemory ? "difference" : "");
    this.panels.forEach((panel) => panel.swap(shown));
    this.request();
  }

  /** Everything anew: what the scales are made of has changed. */
  redraw() {
    this.panels.forEach((panel) => panel.forget());
    this.choosers?.forget();
    this.request();
  }

  /** All N locations, or those in use. @param {boolean} all */
  showAll(all) {
    this.store.look({ allRows: all });
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
    if (!trace || trace.over || !cursor.following) return 0;
    // With the last step the run is over but for its count of errors: one picture for both.
    if (trace.arrived === trace.steps) return GROWING_MS;
    return Math.max(0, this.paintedAt + GROWING_MS - performance.now());
  }

  /** The panels of a trace; those of one of the same kind stay. @param {Trace} trace */
  #make(trace) {
    const kind = kindOf(trace, this.store.view.heads);
    if (kind === this.madeFor) return;
    this.madeFor = kind;
    const made = (/** @type {import("../model/panels.mjs").PanelSpec[]} */ specs) => specs.map((spec) => new Panel(spec));
    const task = made(panelsOfTask(trace));
    const controller = (this.ofController = made(panelsOfController(trace)));
    const further = (this.ofFile = made(panelsOfFurther(trace)));
    this.ofHeads = made(panelsOfHeads(trace, this.store.view.heads));
    this.kept = new KeptHeads(trace, this.store);
    this.ofTask = task;
    const panels = [...task, ...this.ofHeads, ...this.kept.all, ...further, ...controller];
    panels.forEach((panel) => listenToPanel(this, panel));
    this.placed.disconnect();
    panels.forEach(({ plot }) => this.placed.observe(plot));
    this.choosers = new HeadChoosers(trace, this.store);
    const figures = (/** @type {Panel[]} */ panels) => panels.map(({ figure }) => figure);
    this.controller.hidden = controller.length === 0;
    this.controller.replaceChildren(build("summary", {}, "Controller"), build("div", { class: "panels" }, ...figures(controller)));
    this.arrangement.place({
      task,
      heads: this.ofHeads,
      kept: this.kept.root,
      choosers: this.choosers.roots,
      result: this.readouts.root,
      memory: trace.memory ? [this.memory.figure] : [],
      further: [...figures(further), this.matrices.root],
      numbers: this.readouts.heads,
      origins: trace.explains ? this.origins.figures : [],
      contexts: this.contexts.root,
      controller: this.controller,
      inspector: this.inspector.root,
    });
    this.#lookAt(trace);
  }

  /** The place among the readers of the one that is looked at. @param {Trace} trace */
  #reader(trace) {
    return Math.max(0, trace.readers.indexOf(chosenHead(trace, "read", this.store.view.heads)));
  }

  /** The heads that are looked at, in the panels that are theirs. @param {Trace} trace */
  #lookAt(trace) {
    const { inView, kept } = this;
    this.lookedAt = inView.map(({ name }) => name).join();
    const specs = panelsOfHeads(trace, this.store.view.heads);
    this.ofHeads.forEach((panel, index) => panel.show(specs[index]));
    kept?.show(trace);
    this.panels = [...this.ofTask, ...this.ofHeads, ...(kept?.panels ?? []), ...this.ofFile, ...this.ofController];
    this.readouts.look(trace, inView);
  }

  /** The view has changed. */
  #look() {
    const { trace, inView } = this;
    this.memory.button.setAttribute("aria-pressed", String(this.allRows));
    if (trace && inView.map(({ name }) => name).join() !== this.lookedAt) {
      if (kindOf(trace, this.store.view.heads) !== this.madeFor) return this.begin(trace); // heads with other panels
      this.#lookAt(trace);
      this.ofHeads.forEach((panel) => panel.begin(trace));
      this.inspector.begin(trace, inView);
      this.origins.choose(this.#reader(trace));
      if (this.difference) this.contrast(this.difference);
    }
    if (trace) this.choosers?.show(trace);
    this.request();
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
    this.#light(lit, !(pinned && before?.panel === lit.panel && before.step === lit.step && before.row === lit.row));
  }

  unpin() {
    this.#light(null, false);
  }

  /** The parts that are folded out, beyond those that the window's width has so by itself, and the heads that are kept in view. */
  get open() {
    const { narrow, more } = this.arrangement;
    const kept = this.inView.filter((head) => !this.looked.includes(head)).map(({ name }) => name);
    return [...(this.controller.open ? ["controller"] : []), ...(narrow.matches && more.open ? ["more"] : []), ...kept];
  }

  set open(names) {
    const { narrow, more } = this.arrangement;
    this.controller.open = names.includes("controller");
    if (narrow.matches) more.open = names.includes("more");
    const keptOf = (/** @type {string} */ kind) => names.find((name) => name.startsWith(kind)) ?? "";
    this.store.look({ kept: { write: keptOf("write"), read: keptOf("read") } });
  }

  /** The cell that is pinned, where a panel has it. @returns {Pin | null} */
  get pin() {
    if (!this.pinned || !this.lit || this.lit.row === null) return null;
    const { panel, kind, step, row } = this.lit;
    // A location of the memory, or of the inspector, is one of the weightings' too.
    const weighting = kind === "location" ? this.looked[0]?.weighting : undefined;
    const name = this.trace?.columns.has(panel) ? panel : weighting;
    return name === undefined ? null : { panel: name, step, row };
  }

  set pin(pin) {
    const { trace } = this;
    const head = pin && trace?.heads.find(({ fields }) => [...fields.values()].includes(pin.panel));
    if (head && !this.#panel(pin.panel)) this.store.choose(head.kind, head.name);
    const panel = pin && this.#panel(pin.panel);
    if (panel && this.ofController.includes(panel)) this.controller.open = true;
    if (panel) this.arrangement.reveal(panel.figure);
    this.#light(pin && panel ? { ...pin, kind: panel.spec.axis } : null, Boolean(panel));
  }

  /** Whether there is such a cell. @param {Pin} pin */
  has({ panel: name, step, row }) {
    const { trace } = this;
    if (!trace || step >= trace.steps || row >= (trace.columns.get(name)?.length ?? 0)) return false;
    return this.#panel(name) !== undefined || trace.heads.some((head) => panelsOfHead(trace, head).includes(name));
  }

  /** @param {string} name */
  #panel(name) {
    return this.panels.find(({ spec }) => spec.name === name);
  }

  /** What is lit up, as a sentence. */
  describeLit() {
    const { trace, lit } = this;
    const panel = this.#panel(lit?.panel ?? "");
    if (!trace || !panel || !lit || lit.row === null) return "";
    const origin = originOf(trace, lit, this.origins.reader) ? ` ${this.origins.sentence.textContent}` : "";
    return `${this.pinned ? "Pinned: " : ""}${panel.title}, ${describe(panel, lit.step, lit.row)}.${origin}`;
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
    this.arrangement.show(sideOf(trace.phaseAt(Math.max(step, 0)).role));
    const folded = this.controller.open ? [] : this.ofController;
    for (const panel of this.panels) {
      if (folded.includes(panel)) continue;
      if (panel.spec.axis === "location") panel.showRows(rows);
      panel.draw(this.theme);
      panel.moveTo(step);
    }
    this.choosers?.draw(trace, step, rows, this.theme);
    if (!this.difference) this.panels.filter(({ spec }) => spec.role === "output").forEach((panel) => (foretells(trace) ? drawPredictions : markErrors)(panel, trace, this.theme));
    this.contexts.show(trace, step, this.looked.find(({ kind }) => kind === "read"));
    if (trace.memory) {
      this.memory.show(rows);
      this.memory.draw(step, this.inView, this.theme);
    }
    this.matrices.draw(step, this.theme);
    this.inspector.show(trace, step, rows, this.theme, this.cursor.playing || trace.arrived < trace.steps);
    this.readouts.show(trace, step, this.whole);
    // While steps arrive their origins are left: of a long run each costs the time of many steps, and the next is another's.
    const { found } = this.origins;
    const more = !this.cursor.growing && this.origins.show(step, this.lit, this.theme);
    if (this.origins.found !== found) frameSources(this); // of what was lit, such as by a link, before all of it was there
    this.painted(trace, step);
    if (more) this.#workAtRest();
  }

  /** What the worker needs for the picture of all origins is sent in pieces. */
  #workAtRest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.origins.work();
      this.request();
    }, this.crowded() && !this.cursor.playing ? CROWDED_MS : REST_MS);
  }

  #measure() {
    this.panels.forEach((panel) => panel.measure());
    this.choosers?.measure();
    this.memory.measure();
    this.matrices.measure();
    this.inspector.measure();
    this.origins.measure();
    this.measured();
    this.request();
  }

  #restyle() {
    this.theme = readTheme();
    this.redraw();
  }

  /** At once and all of it, in the colours of now, what is out of sight too; for a print with the verdict. @param {boolean} printed */
  paintWhole(printed) {
    this.whole = printed;
    this.theme = readTheme();
    this.panels.forEach((panel) => panel.forget());
    this.choosers?.forget();
    this.#paint();
    if (this.trace) this.inspector.show(this.trace, this.cursor.step, locationsShown(this.trace, this.allRows), this.theme, false);
  }

  /** Whether a panel has the row that is lit: of channels one of that name. @param {Panel} panel @param {Lit} lit */
  #shares(panel, { kind, row, panel: name }) {
    if (panel.spec.axis !== kind) return false;
    const channels = row === null || kind !== "channel" ? undefined : this.#panel(name)?.channels;
    return !channels || row === null || panel.channels[row]?.name === channels[row]?.name;
  }

  /** @param {Lit | null} lit @param {boolean} pinned */
  #light(lit, pinned = this.pinned) {
    this.store.look({ lit, pinned });
    for (const panel of this.panels) {
      const row = lit && this.#shares(panel, lit) ? lit.row : null;
      panel.crosshair.light(lit?.step ?? null, row);
      panel.readout.textContent = lit && row !== null ? describe(panel, lit.step, row) : "";
    }
    this.memory.light(lit?.kind === "location" ? lit.row : null);
    this.memory.readout.textContent = "";
    this.inspector.light(lit);
    this.origins.light(lit);
    if (!this.trace) return;
    this.origins.show(this.cursor.step, lit, this.theme);
    frameSources(this);
    this.request();
  }
}

/** What traces have in common that have the same panels. @param {Trace} trace @param {import("../model/panels.mjs").Chosen} looked */
function kindOf(trace, looked) {
  const { header, columns, recorded, explains, memory } = trace;
  const heads = header.heads.map(({ name, kind }) => [name, kind]);
  const ofHeads = panelsOfHeads(trace, looked).map(({ role, head }) => [role, head?.kind]);
  const parts = [ofHeads, heads, recorded.matrices.map(({ name }) => name), explains, memory !== null];
  return JSON.stringify([[...columns.values()].map(({ name, role, axes }) => [name, role, axes]), parts, header.input_channels, header.output_channels]);
}

/** @param {Panel} panel @param {number} step @param {number} row */
function describe(panel, step, row) {
  return `step ${step}, ${panel.nameOf(row)}: ${format(panel.valueAt(step, row))}`;
}
