/**
 * What is lit over a plot of steps and rows: the column of a step, a row where the plot has it, and frames around the cells that
 * the lit one came from.
 *
 * @typedef {{step: number, row: number | null}} Source a cell, or a whole column
 */

import { element } from "./dom.mjs";

export class Crosshair {
  constructor() {
    this.stepHair = element("div", "hair step-hair");
    this.rowHair = element("div", "hair row-hair");
    this.frames = element("div", "sources");
    this.elements = [this.stepHair, this.rowHair, this.frames];
    this.elements.forEach((each) => (each.hidden = true));
    /** @type {{step: number | null, row: number | null}} */
    this.lit = { step: null, row: null };
    /** @type {Source[]} */
    this.sources = [];
    this.plot = { width: 1, height: 1, steps: 0, rows: /** @type {number[]} */ ([]) };
  }

  /** To a plot of this size, with these rows from top to bottom. @param {{width: number, height: number, steps: number, rows: number[]}} plot */
  fit(plot) {
    this.plot = plot;
    if (this.lit.step !== null) this.#place();
    if (this.sources.length > 0) this.#frame();
  }

  /** @param {number | null} step @param {number | null} row */
  light(step, row) {
    this.lit = { step, row };
    this.#place();
  }

  /** @param {Source[]} sources */
  frame(sources) {
    if (sources.length === 0 && this.sources.length === 0) return;
    this.sources = sources;
    this.#frame();
  }

  #place() {
    const { width, height, steps, rows } = this.plot;
    const { step, row } = this.lit;
    this.stepHair.hidden = step === null || steps === 0;
    this.rowHair.hidden = true;
    if (step === null || steps === 0) return;
    const cell = width / steps;
    this.stepHair.style.width = `${Math.max(cell, 1).toFixed(2)}px`;
    this.stepHair.style.transform = `translateX(${(step * cell).toFixed(2)}px)`;
    const index = row === null ? -1 : rows.indexOf(row);
    if (index < 0) return;
    this.rowHair.hidden = false;
    this.rowHair.style.height = `${Math.max(height / rows.length, 1).toFixed(2)}px`;
    this.rowHair.style.transform = `translateY(${((index * height) / rows.length).toFixed(2)}px)`;
  }

  #frame() {
    const { steps, rows } = this.plot;
    this.frames.hidden = this.sources.length === 0;
    this.frames.replaceChildren(
      ...this.sources.flatMap(({ step, row }) => {
        const index = row === null ? 0 : rows.indexOf(row);
        if (index < 0) return [];
        const frame = element("div", "source");
        frame.dataset.step = String(step);
        if (row !== null) frame.dataset.row = String(row);
        const [top, height] = row === null ? [0, 1] : [index / rows.length, 1 / rows.length];
        frame.style.left = percent(step / steps);
        frame.style.width = percent(1 / steps);
        frame.style.top = percent(top);
        frame.style.height = percent(height);
        return [frame];
      }),
    );
  }
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(3)}%`;
