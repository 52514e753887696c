/**
 * A panel over time: its cells, and over them the curtain, and the playhead. Only these two move while time moves.
 *
 * @typedef {{scale: number, map: Uint32Array, bits: Uint32Array, mapGap: number, bitGap: number, write: string, read: string, error: string, paper: string}} Look
 */

import { drawBits, drawColumns, drawRows, find, made } from "./axes.mjs";
import { contextOf, fit, gradientOf, paint } from "./heatmap.mjs";
import { Run } from "./run.mjs";

const MOST_TIME_TICKS = 8;

export class Panel {
  /** @param {HTMLElement} figure @param {Run} run */
  constructor(figure, run) {
    this.figure = figure;
    this.run = run;
    this.field = figure.dataset.field ?? "";
    this.kind = figure.dataset.rows ?? "";
    this.plot = find(".plot", figure);
    this.canvas = made("canvas", "");
    this.curtain = made("div", "curtain");
    this.playhead = made("div", "playhead");
    this.readout = find(".readout", figure);
    /** The field's rows from top to bottom. @type {number[]} */
    this.rows = Array.from({ length: run.field(this.field).length }, (_, row) => row);
    this.high = run.about.peaks[this.field] ?? 1;
    this.plot.replaceChildren(this.canvas, ...this.#phases(), this.curtain, this.playhead);
    find(".scale-high", figure).textContent = String(this.high);
  }

  /** What a row of the field is called. @param {number} row */
  nameOf(row) {
    const { bits, kept } = this.run.about;
    if (this.kind === "bit" && row >= bits) return row === bits ? "start delimiter" : "end delimiter";
    if (this.kind === "bit") return `bit ${row + 1}`;
    return `${this.kind} ${this.kind === "location" ? kept[row] : row}`;
  }

  /** @param {Look} look */
  draw(look) {
    const bits = this.kind === "bit";
    const shades = bits ? look.bits : look.map;
    fit(this.canvas, look.scale);
    paint(this.canvas, { source: this.run.field(this.field), columns: this.run.steps, rows: this.rows, shades, high: this.high, gap: bits ? look.bitGap : look.mapGap });
    if (this.field === "outputs") this.#markErrors(look);
    find(".scale-bar", this.figure).style.background = gradientOf(shades);
    this.width = this.plot.clientWidth;
    drawColumns(find(".time-axis", this.figure), this.run.steps, MOST_TIME_TICKS);
    const axis = find(".row-axis", this.figure);
    if (bits) drawBits(axis, this.rows.length, this.run.about.bits, this.plot.clientHeight);
    else drawRows(axis, this.rows.map((row) => this.nameOf(row).replace(/\D+/, "")), this.plot.clientHeight);
  }

  /** @param {number} step */
  moveTo(step) {
    const cell = (this.width ?? 0) / this.run.steps;
    this.playhead.style.transform = `translateX(${((step + 0.5) * cell).toFixed(2)}px)`;
    this.curtain.style.transform = `translateX(${((step + 1) * cell).toFixed(2)}px)`;
  }

  /** Says what is under the pointer. @param {MouseEvent} event @returns {number} its step */
  point(event) {
    const box = this.plot.getBoundingClientRect();
    const place = (/** @type {number} */ share, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const step = place((event.clientX - box.left) / box.width, this.run.steps);
    const row = this.rows[place((event.clientY - box.top) / box.height, this.rows.length)];
    this.readout.textContent = `step ${step} · ${this.nameOf(row)} · ${this.run.at(this.field, step)[row].toFixed(3)}`;
    return step;
  }

  #phases() {
    return this.run.about.phases.slice(1).map(({ start }) => {
      const line = made("div", "phase");
      line.style.left = `${((100 * start) / this.run.steps).toFixed(3)}%`;
      return line;
    });
  }

  /** A ✕ on every wrong bit. @param {Look} look */
  #markErrors(look) {
    const context = contextOf(this.canvas);
    const [width, height] = [this.canvas.width / this.run.steps, this.canvas.height / this.rows.length];
    const arm = Math.min(4 * look.scale, Math.max(1.5, 0.3 * Math.min(width, height)));
    const crosses = new Path2D();
    for (const { step, bit } of this.run.wrongBits()) {
      const [x, y] = [(step + 0.5) * width, (bit + 0.5) * height];
      for (const turn of [1, -1]) {
        crosses.moveTo(x - arm, y - turn * arm);
        crosses.lineTo(x + arm, y + turn * arm);
      }
    }
    for (const [colour, line] of /** @type {const} */ ([[look.paper, arm], [look.error, arm / 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = Math.max(1, line);
      context.stroke(crosses);
    }
  }
}
