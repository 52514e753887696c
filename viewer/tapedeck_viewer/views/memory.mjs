/**
 * The memory matrix as it is at the cursor: locations down, width across. On its left edge the weightings of the heads that
 * write, on its right of those that read, as bars: of the heads that are looked at in front of the others'.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 */

import { build, element, fill, find } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { SIDES, headsOf, shadeOf } from "../model/panels.mjs";
import { gradient, rampOf, ticks } from "../model/scales.mjs";
import { scaleBar, tableButton, term, tick } from "./markup.mjs";

const PIXELS_PER_TICK = 18;
const LEAST_BAR = 0.01;
/** How strongly the bars of the heads are filled that are not looked at. */
const BEHIND = 0.4;

export class MemoryPanel {
  constructor() {
    const figure = (this.figure = figureOf());
    this.title = find(".at-step", figure);
    this.plot = find(".plot", figure);
    this.rowAxis = find(".row-axis", figure);
    this.readout = find(".readout", figure);
    this.low = find(".scale-low", figure);
    this.high = find(".scale-high", figure);
    this.bar = find(".scale-bar", figure);
    this.button = find("[data-action=all-rows]", figure);
    this.canvas = element("canvas", "cells");
    this.rowHair = element("div", "hair row-hair");
    this.rowHair.hidden = true;
    this.frames = element("div", "sources");
    this.plot.replaceChildren(this.canvas, this.rowHair, this.frames);
    this.heatmap = new Heatmap(this.canvas);
    this.bars = SIDES.map((kind) => ({
      kind,
      canvas: /** @type {HTMLCanvasElement} */ (find(`.bars-${kind}`, figure).appendChild(element("canvas", "cells"))),
    }));
    /** @type {number[]} */
    this.rows = [];
    this.height = 1;
    this.step = -1;
    /** The location that is lit up. @type {number | null} */
    this.lit = null;
    /** Locations that what is lit up was read from. @type {number[]} */
    this.from = [];
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.compare(trace, "");
    this.show(Array.from({ length: trace.locations }, (_, row) => row));
    this.measure();
  }

  /** Another with as many cells in the place of this one. @param {Trace} trace @param {string} words behind the title, on what is shown of two runs */
  compare(trace, words) {
    this.trace = trace;
    const title = find("h2", this.figure);
    if (words) title.dataset.contrast = words;
    else delete title.dataset.contrast;
  }

  measure() {
    this.height = this.plot.clientHeight || 1;
    this.heatmap.fit();
    for (const { canvas } of this.bars) {
      new Heatmap(canvas).fit();
    }
    this.#drawAxis();
    this.light(this.lit);
  }

  /** @param {number[]} rows */
  show(rows) {
    if (rows.length !== this.rows.length || rows[0] !== this.rows[0]) {
      this.rows = rows;
      this.#drawAxis();
      this.light(this.lit);
      this.frame(this.from);
    }
  }

  /** @param {number} step @param {(Head | undefined)[]} looked the heads that are looked at @param {Theme} theme */
  draw(step, looked, theme) {
    const trace = this.trace;
    this.step = step;
    this.title.textContent = step < 0 ? "before the first step" : `at step ${step}`;
    if (!trace) {
      return;
    }
    const { low, high } = trace.memoryLimits;
    const shades = theme.ramps[rampOf(low, "")];
    this.low.textContent = String(low).replace("-", "−");
    this.high.textContent = String(high);
    this.bar.style.background = gradient(shades);
    // The heatmap's columns are the width here: the source is the memory with its axes exchanged.
    const memory = trace.memoryAt(step);
    const picture = {
      source: { data: transposed(memory, this.rows, trace.width), offset: 0, stride: this.rows.length },
      columns: trace.width,
      rows: this.rows.map((_, index) => index),
      shades,
      low,
      high,
      gap: theme.gap,
    };
    this.heatmap.draw(picture, 0, trace.width);
    for (const { kind, canvas } of this.bars) this.#drawBars(canvas, kind, looked, step, theme);
  }

  /** Lights up a location. @param {number | null} row */
  light(row) {
    this.lit = row;
    const index = row === null ? -1 : this.rows.indexOf(row);
    this.rowHair.hidden = index < 0;
    if (index >= 0) {
      const height = this.height / this.rows.length;
      this.rowHair.style.height = `${Math.max(height, 1).toFixed(2)}px`;
      this.rowHair.style.transform = `translateY(${(index * height).toFixed(2)}px)`;
    }
  }

  /** Frames locations. @param {number[]} locations */
  frame(locations) {
    this.from = locations;
    this.frames.replaceChildren(
      ...locations.flatMap((location) => {
        const index = this.rows.indexOf(location);
        if (index < 0) return [];
        const frame = element("div", "source");
        frame.dataset.row = String(location);
        frame.style.top = `${((100 * index) / this.rows.length).toFixed(3)}%`;
        frame.style.height = `${(100 / this.rows.length).toFixed(3)}%`;
        return [frame];
      }),
    );
  }

  /** The location and the column under a point of the page. @param {number} clientX @param {number} clientY */
  cellAt(clientX, clientY) {
    const trace = this.trace;
    if (!trace) {
      return null;
    }
    const box = this.plot.getBoundingClientRect();
    const index = Math.floor(((clientY - box.top) / box.height) * this.rows.length);
    const column = Math.floor(((clientX - box.left) / box.width) * trace.width);
    const row = this.rows[Math.min(Math.max(index, 0), this.rows.length - 1)];
    return { row, column: Math.min(Math.max(column, 0), trace.width - 1) };
  }

  /** @param {number} row @param {number} column */
  valueAt(row, column) {
    return this.trace ? this.trace.memoryAt(this.step)[row * this.trace.width + column] : NaN;
  }

  /** @param {HTMLCanvasElement} canvas @param {"write" | "read"} kind @param {(Head | undefined)[]} looked @param {number} step @param {Theme} theme */
  #drawBars(canvas, kind, looked, step, theme) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const { width, height } = canvas;
    context.clearRect(0, 0, width, height);
    if (!this.trace || step < 0) {
      return;
    }
    const each = height / this.rows.length;
    const heads = [...headsOf(this.trace, kind)].sort((a, b) => Number(looked.includes(a)) - Number(looked.includes(b)));
    for (const head of heads) {
      const weighting = this.trace.at(head.weighting, step);
      context.fillStyle = theme.heads[shadeOf(this.trace, head)];
      context.globalAlpha = looked.includes(head) ? 1 : BEHIND;
      this.rows.forEach((row, index) => {
        if (weighting[row] < LEAST_BAR) return;
        const length = weighting[row] * width;
        const top = Math.round(index * each);
        const bottom = Math.max(top + 1, Math.round((index + 1) * each) - (each >= 6 ? 1 : 0));
        context.fillRect(kind === "write" ? width - length : 0, top, length, bottom - top);
      });
    }
    context.globalAlpha = 1;
  }

  #drawAxis() {
    const count = this.rows.length || 1;
    const most = Math.max(2, Math.floor(this.height / PIXELS_PER_TICK));
    const labels = ticks(count, most).map((index) => ({ index, row: this.rows[index] ?? 0 }));
    fill(this.rowAxis, [labels, count], () => labels.map(({ index, row }) => tick(String(row), "top", (index + 0.5) / count)));
  }
}

function figureOf() {
  const title = build("h2", {}, term("Memory", "memory"), " ", build("span", { class: "at-step" }, "at step 0"));
  const bars = (/** @type {string} */ kind, /** @type {string} */ from) =>
    build("div", { class: `bars bars-${kind}`, title: `${kind === "write" ? "Write" : "Read"} weighting at this step, 0 to 1 from ${from}` });
  const legend = build("div", { class: "memory-legend" }, build("span", { class: "write" }, "write"), term("column", "width"), build("span", { class: "read" }, "read"));
  return build(
    "figure",
    { class: "panel memory", "data-memory": "", "aria-label": "Memory at the cursor: locations down, width across, with both weightings." },
    build("figcaption", {}, title, build("span", { class: "readout" }), tableButton("Memory"), scaleBar()),
    build("div", { class: "row-title" }, "location"),
    build("div", { class: "row-axis" }),
    bars("write", "right to left"),
    build("div", { class: "plot" }),
    bars("read", "left to right"),
    legend,
    build("button", { type: "button", class: "quiet", "data-action": "all-rows", "aria-pressed": "false" }, "All locations"),
  );
}

/** The chosen rows of a memory, column after column. @param {Float32Array} memory @param {number[]} rows @param {number} width */
export function transposed(memory, rows, width) {
  const columns = new Float32Array(width * rows.length);
  rows.forEach((row, index) => {
    for (let m = 0; m < width; m++) {
      columns[m * rows.length + index] = memory[row * width + m];
    }
  });
  return columns;
}
