/**
 * One panel of the tape: a heatmap of a field over time, its axes, and over it the playhead, the curtain over what is not
 * played yet, and the crosshair. Only CSS transforms move while time moves.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {{step: number, row: number}} Cell
 * @typedef {{name: string, kind: "bits" | "locations" | "width", scale: "ink" | "unit" | "peak"}} Spec
 */

import { nameOfRow, rowLabels } from "../model/axes.mjs";
import { Crosshair } from "../draw/crosshair.mjs";
import { element } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { cividis, diverging, gradient, roundUp, ticks } from "../model/scales.mjs";

const DELIMITERS = 2;
const MOST_TIME_TICKS = 8;
const PIXELS_PER_ROW_TICK = 26;

export class Panel {
  /** @param {HTMLElement} figure with data-field, data-rows and data-scale, and a .plot in it */
  constructor(figure) {
    this.figure = figure;
    const { field, rows, scale } = figure.dataset;
    this.spec = /** @type {Spec} */ ({ name: field, kind: rows, scale });
    this.plot = /** @type {HTMLElement} */ (figure.querySelector(".plot"));
    this.canvas = element("canvas", "cells");
    this.marks = new Heatmap(element("canvas", "cells"));
    this.phases = element("div", "phase-lines");
    this.curtain = element("div", "curtain");
    this.playhead = new Playhead();
    this.crosshair = new Crosshair();
    const over = [this.phases, this.curtain, ...this.crosshair.elements, this.playhead.element];
    this.plot.replaceChildren(this.canvas, this.marks.canvas, ...over);
    this.rowAxis = /** @type {HTMLElement} */ (figure.querySelector(".row-axis"));
    this.timeAxis = /** @type {HTMLElement} */ (figure.querySelector(".time-axis"));
    this.readout = /** @type {HTMLElement} */ (figure.querySelector(".readout"));
    this.low = /** @type {HTMLElement} */ (figure.querySelector(".scale-low"));
    this.high = /** @type {HTMLElement} */ (figure.querySelector(".scale-high"));
    this.bar = /** @type {HTMLElement} */ (figure.querySelector(".scale-bar"));
    this.heatmap = new Heatmap(this.canvas);
    /** The source's rows from top to bottom. @type {number[]} */
    this.rows = [];
    this.drawn = 0;
    /** The shades that the scale bar shows. @type {Uint32Array | null} */
    this.barOf = null;
    /** Errors that are marked. */
    this.marked = 0;
    this.limits = { low: 0, high: 1 };
    this.width = 1;
    this.height = 1;
  }

  /** A new trace: nothing is drawn yet. @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.drawn = 0;
    this.limits = { low: 0, high: 1 };
    this.#unmark();
    this.rows = this.#allRows();
    this.heatmap.clear();
    this.measure();
    this.#drawTimeAxis();
    this.#drawRowAxis();
  }

  /** What its rows are, in a word. */
  get kindOfRow() {
    return { bits: "bit", locations: "location", width: "column" }[this.spec.kind];
  }

  get title() {
    return this.figure.querySelector("h2")?.textContent ?? "";
  }

  /** Another trace of the same sequence, with the same axes. @param {Trace} trace */
  swap(trace) {
    this.trace = trace;
    this.drawn = 0;
    this.#unmark();
  }

  /** The plot's size on the page, read once and not while time moves. */
  measure() {
    this.width = this.plot.clientWidth || 1;
    this.height = this.plot.clientHeight || 1;
    if (this.heatmap.fit()) {
      this.marks.fit();
      this.marked = 0;
      this.drawn = 0;
    }
    this.playhead.fit(this.width, this.trace?.steps ?? 1);
    this.#fitCrosshair();
  }

  /** Which rows to show, from top to bottom. @param {number[]} rows */
  show(rows) {
    if (rows.length !== this.rows.length || rows[0] !== this.rows[0]) {
      this.rows = rows;
      this.drawn = 0;
      this.#drawRowAxis();
      this.#fitCrosshair();
    }
  }

  /** Draws what has arrived since the last time, or all of it where the scale, the rows or the size changed. @param {Theme} theme */
  draw(theme) {
    const trace = this.trace;
    if (!trace) {
      return;
    }
    this.#fitScale(trace, theme);
    if (this.drawn === trace.arrived) {
      return;
    }
    const picture = {
      source: trace.field(this.spec.name),
      columns: trace.steps,
      rows: this.rows,
      shades: this.#shades(theme),
      low: this.limits.low,
      high: this.limits.high,
      gap: this.spec.scale === "ink" ? theme.inkGap : theme.mapGap,
    };
    this.heatmap.draw(picture, this.drawn, trace.arrived);
    this.drawn = trace.arrived;
  }

  /** Everything is drawn anew the next time: the theme changed. */
  forget() {
    this.drawn = 0;
    this.#unmark();
    this.barOf = null;
  }

  /** Moves the playhead and the curtain. @param {number} step −1 for none */
  moveTo(step) {
    const trace = this.trace;
    if (!trace) {
      return;
    }
    const cell = this.width / trace.steps;
    this.playhead.moveTo(step);
    this.curtain.style.transform = `translateX(${Math.min(this.width, (step + 1) * cell).toFixed(2)}px)`;
  }

  #fitCrosshair() {
    this.crosshair.fit({ width: this.width, height: this.height, steps: this.trace?.steps ?? 0, rows: this.rows });
  }

  /**
   * The cell under a point of the page.
   *
   * @param {number} clientX
   * @param {number} clientY
   * @returns {Cell | null}
   */
  cellAt(clientX, clientY) {
    const trace = this.trace;
    if (!trace || trace.arrived === 0) {
      return null;
    }
    const box = this.plot.getBoundingClientRect();
    const step = Math.floor(((clientX - box.left) / box.width) * trace.steps);
    const index = Math.floor(((clientY - box.top) / box.height) * this.rows.length);
    return {
      step: Math.min(Math.max(step, 0), trace.arrived - 1),
      row: this.rows[Math.min(Math.max(index, 0), this.rows.length - 1)],
    };
  }

  /** @param {number} step @param {number} row */
  valueAt(step, row) {
    return this.trace ? this.trace.at(this.spec.name, step)[row] : NaN;
  }

  #unmark() {
    this.marked = 0;
    this.marks.clear();
  }

  /** @param {number} row */
  nameOf(row) {
    return nameOfRow(this.spec.kind, row, this.bits);
  }

  /** Of a vector; the two rows after them are the start and the end delimiter. */
  get bits() {
    return (this.trace?.field(this.spec.name).length ?? DELIMITERS) - DELIMITERS;
  }

  /** A target has bits only: no delimiter is ever expected. */
  #allRows() {
    const length = this.spec.name === "targets" ? this.bits : (this.trace?.field(this.spec.name).length ?? 0);
    return Array.from({ length }, (_, row) => row);
  }

  /** @param {Theme} theme */
  #shades(theme) {
    if (this.spec.scale === "ink") return theme.ink;
    return this.limits.low < 0 ? diverging : cividis;
  }

  /** Fixed limits, 0–1, or from 0 to a round number over the largest value. @param {Trace} trace @param {Theme} theme */
  #fitScale(trace, theme) {
    const high = this.spec.scale === "peak" ? roundUp(trace.peaks.get(this.spec.name) ?? 1) : 1;
    if (high !== this.limits.high) {
      this.limits = { low: 0, high };
      this.drawn = 0;
    }
    const shades = this.#shades(theme);
    if (this.barOf !== shades || this.high.textContent !== String(high)) {
      this.barOf = shades;
      this.bar.style.background = gradient(shades);
      this.low.textContent = String(this.limits.low);
      this.high.textContent = String(high);
    }
  }

  #drawTimeAxis() {
    const steps = this.trace?.steps ?? 1;
    this.timeAxis.replaceChildren(
      ...ticks(steps, MOST_TIME_TICKS).map((step) => tick(String(step), "left", (step + 0.5) / steps)),
    );
    this.phases.replaceChildren(
      ...(this.trace?.phases ?? []).map(({ name, start, stop }) => {
        const stretch = element("div", "phase");
        stretch.dataset.phase = name;
        stretch.style.left = `${(100 * start) / steps}%`;
        stretch.style.width = `${(100 * (stop - start)) / steps}%`;
        return stretch;
      }),
    );
  }

  #drawRowAxis() {
    const count = this.rows.length;
    const labels = rowLabels(this.spec.kind, this.rows, this.bits, this.height, PIXELS_PER_ROW_TICK);
    this.rowAxis.replaceChildren(...labels.map(({ text, index }) => tick(text, "top", (index + 0.5) / count)));
  }
}

/** @param {string} text @param {"left" | "top"} side @param {number} share of the axis, 0…1 */
function tick(text, side, share) {
  const label = element("span", "tick");
  label.textContent = text;
  label.style[side] = `${(100 * share).toFixed(3)}%`;
  return label;
}
