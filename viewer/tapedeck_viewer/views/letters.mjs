/**
 * The characters under the columns of inputs and outputs, where what is heard is text and there is room for them. Those of outputs come
 * with the cursor.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 */

import { element } from "../draw/dom.mjs";
import { signsOf } from "../model/vectors.mjs";

/** A narrower column has no room for a character. */
const LEAST_PX = 7;

export class Letters {
  /** @param {"inputs" | "outputs"} field */
  constructor(field) {
    this.field = field;
    this.row = element("div", "letters");
    this.row.setAttribute("aria-hidden", "true"); // the output is said elsewhere
    this.veil = element("div", "letters-veil");
    this.drawn = -1;
    this.shown = "";
  }

  /** Nothing is known of a trace yet. @param {Trace} trace @param {number} width of the plot */
  begin(trace, width) {
    this.drawn = -1;
    this.fits = width / trace.steps >= LEAST_PX;
  }

  /** As far as the trace has arrived. @param {Trace} trace */
  draw(trace) {
    if (this.drawn === trace.arrived) return;
    this.drawn = trace.arrived;
    const signs = this.fits ? signsOf(trace, this.field) : [];
    // Of the checkpoints of a film most say the same.
    const key = `${trace.steps} ${signs.map(({ step, sign, wrong }) => `${step}${sign}${wrong ? "✕" : ""}`).join()}`;
    if (key === this.shown) return;
    this.shown = key;
    this.row.replaceChildren(
      ...signs.map(({ step, sign, wrong }) => {
        const letter = element("span", wrong ? "letter wrong" : "letter", sign);
        letter.style.left = `${((100 * (step + 0.5)) / trace.steps).toFixed(3)}%`;
        return letter;
      }),
      ...(this.field === "outputs" ? [this.veil] : []),
    );
  }

  /** @param {number} left in pixels, where what is to come begins */
  moveTo(left) {
    this.veil.style.transform = `translateX(${left.toFixed(2)}px)`;
  }
}
