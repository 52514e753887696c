/**
 * The memory as it is at the cursor, and beside it where the heads look, as bars.
 *
 * @typedef {import("./panel.mjs").Look} Look
 */

import { drawRows, find, made } from "./axes.mjs";
import { contextOf, fit, gradientOf, paint } from "./heatmap.mjs";
import { Run } from "./run.mjs";

const LEAST_BAR = 0.01;
/** Bars of at least so many pixels are set apart by one pixel. */
const BAR_GAP_FROM = 6;

export class Memory {
  /** @param {HTMLElement} figure @param {Run} run */
  constructor(figure, run) {
    this.figure = figure;
    this.run = run;
    this.plot = find(".plot", figure);
    this.canvas = this.plot.appendChild(made("canvas", ""));
    this.readout = find(".readout", figure);
    this.bars = /** @type {const} */ (["write", "read"]).map((head) => ({ head, canvas: find(`[data-bars=${head}]`, figure).appendChild(made("canvas", "")) }));
    this.high = roundUp(run.memoryPeak);
    this.step = 0;
    /** Places in what the card keeps, from top to bottom. */
    this.rows = run.about.in_use;
    find(".scale-high", figure).textContent = String(this.high);
    this.plot.addEventListener("pointermove", (event) => this.#point(event));
    this.plot.addEventListener("pointerleave", () => (this.readout.textContent = ""));
  }

  /** @param {Look} look */
  draw(look) {
    this.look = look;
    for (const canvas of [this.canvas, ...this.bars.map((bar) => bar.canvas)]) fit(canvas, look.scale);
    find(".scale-bar", this.figure).style.background = gradientOf(look.map);
    drawRows(find(".row-axis", this.figure), this.rows.map((row) => String(this.run.about.kept[row])), this.plot.clientHeight);
    this.moveTo(this.step);
  }

  /** @param {number} step */
  moveTo(step) {
    this.step = step;
    find(".at-step", this.figure).textContent = `at step ${step}`;
    if (!this.look) return;
    const { width } = this.run.about;
    const data = this.run.memoryAt(step);
    // A heatmap's rows follow one another in its source: here that is along the width, so the axes are exchanged.
    const turned = new Float32Array(width * this.rows.length);
    this.rows.forEach((row, index) => {
      for (let column = 0; column < width; column++) turned[column * this.rows.length + index] = data[row * width + column];
    });
    const source = { data: turned, offset: 0, stride: this.rows.length };
    paint(this.canvas, { source, columns: width, rows: [...this.rows.keys()], shades: this.look.map, high: this.high, gap: this.look.mapGap });
    for (const { head, canvas } of this.bars) this.#drawBars(canvas, head, this.look[head]);
  }

  /** @param {HTMLCanvasElement} canvas @param {"write" | "read"} head @param {string} colour */
  #drawBars(canvas, head, colour) {
    const context = contextOf(canvas);
    const { width, height } = canvas;
    const weighting = this.run.at(`${head}.weighting`, this.step);
    const each = height / this.rows.length;
    context.clearRect(0, 0, width, height);
    context.fillStyle = colour;
    this.rows.forEach((row, index) => {
      if (weighting[row] < LEAST_BAR) return;
      const length = weighting[row] * width;
      const top = Math.round(index * each);
      const bottom = Math.max(top + 1, Math.round((index + 1) * each) - (each >= BAR_GAP_FROM ? 1 : 0));
      context.fillRect(head === "write" ? width - length : 0, top, length, bottom - top);
    });
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const box = this.plot.getBoundingClientRect();
    const { width, kept } = this.run.about;
    const row = this.rows[Math.min(this.rows.length - 1, Math.floor(((event.clientY - box.top) / box.height) * this.rows.length))];
    const column = Math.min(width - 1, Math.floor(((event.clientX - box.left) / box.width) * width));
    const value = this.run.memoryAt(this.step)[row * width + column];
    this.readout.textContent = `${kept[row]}, ${column}: ${value.toFixed(3)}`;
  }
}

/** A round number at or above a value. @param {number} value */
function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 1.5, 2, 3, 4, 5, 6, 8].find((each) => each * power >= value * (1 - 1e-6)) ?? 10;
  return Number((digit * power).toPrecision(2));
}
