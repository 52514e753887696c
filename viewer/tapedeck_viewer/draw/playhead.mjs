/**
 * The time cursor over a plot: a frame around the column of its step, which covers nothing of it; a line where the columns are
 * too narrow to be framed. Only its transform changes while time moves.
 */

import { element } from "./dom.mjs";

const FRAMED_FROM_PX = 5;
const LINE_PX = 2;

export class Playhead {
  element = element("div", "playhead");
  #width = 0;
  #steps = 1;

  /** To a plot of this width. @param {number} width @param {number} steps */
  fit(width, steps) {
    if (width === this.#width && steps === this.#steps) return;
    [this.#width, this.#steps] = [width, steps];
    this.element.classList.toggle("framed", this.#framed);
    this.element.style.width = `${this.#framed ? Math.round(width / steps) : LINE_PX}px`;
  }

  /** @param {number} step −1 for none */
  moveTo(step) {
    this.element.hidden = step < 0;
    const cell = this.#width / this.#steps;
    const left = this.#framed ? Math.round(step * cell) : Math.min((step + 0.5) * cell, this.#width - 1) - LINE_PX / 2;
    this.element.style.transform = `translateX(${left.toFixed(2)}px)`;
  }

  get #framed() {
    return this.#width / this.#steps >= FRAMED_FROM_PX;
  }
}
