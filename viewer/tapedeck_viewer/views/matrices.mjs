/**
 * Fields of two axes, such as the temporal links of a DNC: a matrix each, as it is at the cursor, its first axis down and its second
 * across.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Matrix} Matrix
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 */

import { build, element, find } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { format } from "../model/numbers.mjs";
import { Peaks } from "../model/peaks.mjs";
import { gradient, rampOf, ticks } from "../model/scales.mjs";
import { titleOf } from "../model/titles.mjs";
import { wordOf } from "../model/words.mjs";
import { scaleBar, tableButton, term, tick } from "./markup.mjs";

const MOST_TICKS = 8;

export class Matrices {
  constructor() {
    this.root = build("div", { class: "matrices" });
    /** @type {MatrixPanel[]} */
    this.panels = [];
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.panels = trace.recorded.matrices.map((matrix) => new MatrixPanel(matrix, titleOf(matrix.name, trace.heads)));
    this.root.replaceChildren(...this.panels.map(({ figure }) => figure));
    this.root.hidden = this.panels.length === 0;
  }

  measure() {
    for (const panel of this.panels) if (panel.heatmap.fit()) panel.drawn = null;
  }

  /** @param {number} step @param {Theme} theme */
  draw(step, theme) {
    if (step >= 0) this.panels.forEach((panel) => panel.draw(step, theme));
  }
}

class MatrixPanel {
  /** @param {Matrix} matrix @param {string} title */
  constructor(matrix, title) {
    this.matrix = matrix;
    this.step = 0;
    /** The theme that the step was drawn in. @type {Theme | null} */
    this.drawn = null;
    const peaks = new Peaks();
    peaks.raise(matrix.name, matrix.values);
    this.limits = peaks.limits(matrix.name, matrix.range);
    this.figure = figureOf(matrix, title);
    this.atStep = find(".at-step", this.figure);
    this.readout = find(".readout", this.figure);
    this.plot = find(".plot", this.figure);
    this.heatmap = new Heatmap(element("canvas", "cells"));
    this.plot.append(this.heatmap.canvas);
    const [low, high] = [this.limits.low, this.limits.high].map((limit) => String(limit).replace("-", "−"));
    find(".scale-low", this.figure).textContent = low;
    find(".scale-high", this.figure).textContent = high;
    this.plot.addEventListener("pointermove", (event) => this.#read(event));
    this.plot.addEventListener("pointerleave", () => (this.readout.textContent = ""));
  }

  /** @param {number} step @param {Theme} theme */
  draw(step, theme) {
    if (step === this.step && theme === this.drawn) return;
    this.step = step;
    this.drawn = theme;
    this.atStep.textContent = `at step ${step}`;
    const { values, shape: [down, across] } = this.matrix;
    const shades = theme.ramps[rampOf(this.limits.low, "")];
    find(".scale-bar", this.figure).style.background = gradient(shades);
    // The heatmap's columns run one after another in what it draws: here its rows do.
    const columns = new Float32Array(down * across);
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) columns[column * down + row] = values[(step * down + row) * across + column];
    }
    const rows = Array.from({ length: down }, (_, row) => row);
    this.heatmap.draw({ source: { data: columns, offset: 0, stride: down }, columns: across, rows, shades, ...this.limits, gap: theme.gap }, 0, across);
  }

  /** @param {PointerEvent} event */
  #read({ clientX, clientY }) {
    const { shape: [down, across], axes, values } = this.matrix;
    const box = this.plot.getBoundingClientRect();
    const at = (/** @type {number} */ offset, /** @type {number} */ size, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, Math.floor((offset / size) * count)));
    const [row, column] = [at(clientY - box.top, box.height, down), at(clientX - box.left, box.width, across)];
    const value = values[(this.step * down + row) * across + column];
    this.readout.textContent = `${axes[0]} ${row}, ${axes[1] === axes[0] ? "" : `${axes[1]} `}${column}: ${format(value)}`;
  }
}

/** @param {Matrix} matrix @param {string} title */
function figureOf({ name, axes, shape: [down, across] }, title) {
  const labels = (/** @type {number} */ count, /** @type {"left" | "top"} */ side) => ticks(count, MOST_TICKS).map((index) => tick(String(index), side, (index + 0.5) / count));
  const heading = build("h2", {}, term(title, wordOf(name)), " ", build("span", { class: "at-step" }, "at step 0"));
  const attributes = { class: "panel matrix", "data-matrix": name, "aria-label": `${title} at the cursor: ${axes[0]} down, ${axes[1]} across.` };
  return build(
    "figure",
    attributes,
    build("figcaption", {}, heading, build("span", { class: "readout" }), tableButton(title), scaleBar()),
    build("div", { class: "row-title" }, axes[0]),
    build("div", { class: "row-axis" }, ...labels(down, "top")),
    build("div", { class: "plot" }),
    build("div", { class: "time-axis" }, ...labels(across, "left")),
    build("div", { class: "time-title" }, axes[1]),
  );
}
