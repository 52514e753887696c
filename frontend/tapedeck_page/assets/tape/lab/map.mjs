/**
 * The picture of what an answer hangs on: parts of the machine over the steps under the tape's cursor, and the rows of the memory beside
 * it. Pointing says what a cell means, a press makes the change that it stands for, by pointer and by keys; a finger chooses first.
 *
 * @typedef {import("#viewer/model/importance.mjs").Importance} Importance
 * @typedef {import("#viewer/model/importance.mjs").Cell} Cell
 * @typedef {import("#viewer/model/importance.mjs").Measure} Measure
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {{point: (cell: Cell | null) => void, make: (cell: Cell) => void}} Told
 */

import { Crosshair } from "#viewer/draw/crosshair.mjs";
import { build, element, find } from "#viewer/draw/dom.mjs";
import { Heatmap } from "#viewer/draw/heatmap.mjs";
import { Playhead } from "#viewer/draw/playhead.mjs";
import { onThemeChange, readTheme } from "#viewer/draw/theme.mjs";
import { locationsShown, rowLabels } from "#viewer/model/axes.mjs";
import { gradient, ticks } from "#viewer/model/scales.mjs";
import { scaleBar, tableButton, tick } from "#viewer/views/markup.mjs";
import { listenToPresses } from "#viewer/views/presses.mjs";

const MOST_TICKS = 8;
const PIXELS_PER_ROW_TICK = 26;

export class ImportanceMap {
  /** What is pointed at, or was chosen by keys or a finger. @type {Cell | null} */
  cell = null;
  /** @type {Importance | null} */
  found = null;
  /** @type {Measure} */
  measure = "above";
  /** Whose parts are shown; null for all. @type {string[] | null} */
  heads = null;
  /** @type {import("#viewer/model/importance.mjs").Part[]} */
  parts = [];
  /** That the run has. @type {readonly Change[]} */
  changes = [];
  /** The locations of the bars, from top to bottom. @type {number[]} */
  locations = [];

  /** @param {import("./probes.mjs").Parts} page @param {Told} told */
  constructor({ tape, store }, told) {
    this.tape = tape;
    this.store = store;
    this.told = told;
    this.theme = readTheme();
    this.scale = scaleBar();
    this.cells = new Heatmap(element("canvas", "cells"));
    this.bars = new Heatmap(element("canvas", "cells"));
    this.crosshair = new Crosshair();
    this.rowHair = new Crosshair();
    this.playhead = new Playhead();
    this.phases = element("div", "phase-lines");
    this.labels = build("div", { class: "importance-labels" });
    this.plot = build("div", { class: "plot importance-plot", role: "group", tabindex: "0", "aria-label": "Parts and steps: up and down choose a part at the cursor, Enter makes the change" }, this.cells.canvas, this.phases, ...this.crosshair.elements, this.playhead.element);
    this.axis = build("div", { class: "time-axis" });
    this.rowTitle = build("h3", {}, "");
    this.rowAxis = build("div", { class: "row-axis" });
    this.rowPlot = build("div", { class: "plot importance-bars", role: "group", tabindex: "0", "aria-label": "Rows of the memory: up and down choose one, Enter makes the change" }, this.bars.canvas, this.rowHair.rowHair);
    this.rows = build("figure", { class: "importance-rows", "data-probe": "importance-rows" }, build("figcaption", {}, this.rowTitle, tableButton("Rows of the memory")), this.rowAxis, this.rowPlot);
    this.root = build("div", { class: "importance-map" }, this.labels, this.plot, build("div", { class: "time-title" }, "time step"), this.axis, this.rows);
    this.#listen();
    onThemeChange(() => {
      this.theme = readTheme();
      this.#draw();
    });
    const resized = new ResizeObserver(() => this.#draw());
    for (const plot of [this.plot, this.rowPlot]) resized.observe(plot);
  }

  /** Another answer. @param {Importance} found */
  begin(found) {
    this.found = found;
    this.cell = null;
    this.rowTitle.textContent = `Rows, each 0 before step ${found.rowStep}`;
    this.rows.setAttribute("aria-label", `Rows of the memory, each set to 0 before step ${found.rowStep}.`);
    this.axis.replaceChildren(...ticks(found.steps, MOST_TICKS).map((step) => tick(String(step), "left", (step + 0.5) / found.steps)));
    this.phases.replaceChildren(...found.run.phases.map(({ role, start, stop }) => {
      const stretch = build("div", { class: "phase", "data-phase": role });
      Object.assign(stretch.style, { left: `${(100 * start) / found.steps}%`, width: `${(100 * (stop - start)) / found.steps}%` });
      return stretch;
    }));
  }

  /** @param {Measure} measure @param {string[] | null} heads @param {readonly Change[]} changes that the run has */
  show(measure, heads, changes) {
    const { found } = this;
    if (!found) return;
    Object.assign(this, { measure, heads, changes });
    this.parts = found.shown(heads);
    this.labels.replaceChildren(...this.parts.map(({ head, group, label }) => build("div", { "data-head-kind": head?.kind ?? "", "data-first": String(group !== "" || !head) }, build("b", {}, group), build("span", {}, label))));
    this.root.style.setProperty("--rows", String(this.parts.length));
    const { low, high } = found.limitsOf(measure);
    find(".scale-low", this.scale).textContent = String(low).replace("-", "−");
    find(".scale-high", this.scale).textContent = `${high} ${found.unitOf(measure)}`;
    this.crosshair.frame(found.cellsOf(changes).map(({ step, part }) => ({ step, row: part })));
    this.#draw();
    this.paint();
  }

  /** The cursor, what is lit up on the tape, and here. */
  paint() {
    const { store, cell, found } = this;
    if (!found) return;
    const { cursor, view, trace } = store;
    if (this.heads && this.heads.join() !== this.tape.looked.map(({ name }) => name).join()) return this.show(this.measure, this.tape.looked.map(({ name }) => name), this.changes);
    if (trace && this.locations.join() !== locationsShown(trace, view.allRows).join()) this.#draw();
    this.playhead.moveTo(cursor.step);
    this.crosshair.light(cell?.part != null ? cell.step : (view.lit?.step ?? null), cell?.part ?? null);
    this.rowHair.light(0, cell?.row ?? (view.lit?.kind === "location" ? view.lit.row : null));
  }

  #draw() {
    const { found, measure, theme, cells, plot, parts } = this;
    if (!found || plot.clientWidth === 0) return;
    const { low, high } = found.limitsOf(measure);
    const tone = (/** @type {string | undefined} */ kind) => ({ shades: theme.ramps[low < 0 ? "signed" : kind === "write" || kind === "read" ? kind : "ink"], low, high });
    find(".scale-bar", this.scale).style.background = gradient(tone("").shades);
    cells.fit();
    const source = { data: found.map[measure], offset: 0, stride: found.parts.length };
    cells.draw({ source, columns: found.steps, rows: parts.map(({ index }) => index), ...tone(""), gap: theme.gap, tones: parts.map(({ head }) => tone(head?.kind)) }, 0, found.steps);
    const { clientWidth: width, clientHeight: height } = plot;
    this.playhead.fit(width, found.steps);
    this.crosshair.fit({ width, height, steps: found.steps, rows: parts.map(({ index }) => index) });
    this.#drawBars(found, low, high);
  }

  /** @param {Importance} found @param {number} low @param {number} high */
  #drawBars(found, low, high) {
    const { bars, rowPlot, theme, store } = this;
    const { trace, view } = store;
    const locations = (this.locations = trace ? locationsShown(trace, view.allRows) : []);
    bars.fit();
    bars.clear();
    const { context, canvas } = bars;
    const zero = (-low / (high - low)) * canvas.width;
    const each = canvas.height / locations.length;
    context.fillStyle = theme.text;
    locations.forEach((row, index) => {
      const wide = (found.valueAt({ part: null, row, step: found.rowStep }, this.measure) / (high - low)) * canvas.width;
      const top = Math.round(index * each);
      if (Number.isFinite(wide)) context.fillRect(Math.min(zero, zero + wide), top, Math.abs(wide), Math.max(1, Math.round((index + 1) * each) - top - (each > 4 ? 1 : 0)));
    });
    if (low < 0) context.fillRect(Math.round(zero), 0, 1, canvas.height);
    const height = rowPlot.clientHeight;
    this.rowHair.fit({ width: rowPlot.clientWidth, height, steps: 1, rows: locations });
    this.rowAxis.replaceChildren(...rowLabels("location", locations, [], height, PIXELS_PER_ROW_TICK).map(({ text, index }) => tick(text, "top", (index + 0.5) / locations.length)));
  }

  /** @param {PointerEvent} event @returns {Cell | null} */
  #cellAt(event) {
    const { found } = this;
    if (!found) return null;
    const place = (/** @type {number} */ share, /** @type {number} */ count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    const box = this.plot.getBoundingClientRect();
    const part = this.parts[place((event.clientY - box.top) / box.height, this.parts.length)].index;
    return { part, row: null, step: place((event.clientX - box.left) / box.width, found.steps) };
  }

  /** @param {PointerEvent} event @returns {Cell | null} */
  #rowAt(event) {
    const { found, locations } = this;
    if (!found || locations.length === 0) return null;
    const { top, height } = this.rowPlot.getBoundingClientRect();
    const index = Math.floor(((event.clientY - top) / height) * locations.length);
    return { part: null, row: locations[Math.min(Math.max(index, 0), locations.length - 1)], step: found.rowStep };
  }

  /** @param {Cell | null} cell */
  #choose(cell) {
    this.cell = cell;
    if (cell) this.tape.point({ step: cell.part === null ? this.store.cursor.step : cell.step, kind: cell.part === null ? "location" : null, row: cell.row, panel: "importance" });
    this.told.point(cell);
    this.paint();
  }

  #listen() {
    const { cursor } = this.store;
    for (const [plot, at] of /** @type {[HTMLElement, (event: PointerEvent) => Cell | null][]} */ ([[this.plot, (event) => this.#cellAt(event)], [this.rowPlot, (event) => this.#rowAt(event)]])) {
      listenToPresses(plot, {
        hover: (event) => this.#choose(at(event)),
        leave: () => this.tape.leave(),
        press: (event) => {
          const cell = at(event);
          this.#choose(cell);
          if (!cell) return;
          cursor.pause();
          cursor.seek(cell.step);
          if (event.pointerType !== "touch") this.told.make(cell);
        },
      });
      plot.addEventListener("keydown", (event) => this.#key(event, plot === this.rowPlot));
    }
    // The cell that keys chose goes on with the cursor.
    cursor.addEventListener("change", () => {
      if (document.activeElement === this.plot && this.cell?.part != null) this.#choose({ ...this.cell, step: Math.max(cursor.step, 0) });
    });
  }

  /** @param {KeyboardEvent} event @param {boolean} ofRows */
  #key(event, ofRows) {
    const moved = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.found || event.ctrlKey || event.metaKey || event.altKey || (moved === undefined && event.key !== "Enter")) return;
    event.preventDefault();
    const { cell } = this;
    if (moved === undefined) return cell ? this.told.make(cell) : undefined;
    const places = ofRows ? this.locations : this.parts.map(({ index }) => index);
    const known = cell && (ofRows ? cell.row : cell.part);
    const before = known === null ? -1 : places.indexOf(known);
    const place = places[before < 0 ? (moved > 0 ? 0 : places.length - 1) : Math.min(Math.max(before + moved, 0), places.length - 1)];
    this.#choose(ofRows ? { part: null, row: place, step: this.found.rowStep } : { part: place, row: null, step: Math.max(this.store.cursor.step, 0) });
    this.tape.tell(this.found.sentenceOf(/** @type {Cell} */ (this.cell)));
  }
}
