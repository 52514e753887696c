/**
 * A scalar of a head over all steps, as a line; the three shares of the shift as stacked areas. Drawn when data arrives;
 * while time moves only its playhead does.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./theme.mjs").Theme} Theme
 */

import { element, find } from "./dom.mjs";
import { Heatmap } from "./heatmap.mjs";
import { roundUp } from "./scales.mjs";

/** How strongly the shares +1, 0 and −1 are filled. */
const SHARES = [0.85, 0.4, 0.15];

/** How much more has to have arrived to draw it again. */
const GROWN = 1.3;

export class Timeline {
  /** @param {HTMLElement} root @param {"write" | "read"} head */
  constructor(root, head) {
    this.field = root.dataset.timeline ?? "";
    this.head = head;
    this.line = find(".line", root);
    this.limits = find(".limits", root);
    this.canvas = element("canvas", "cells");
    this.playhead = element("div", "playhead");
    this.line.replaceChildren(this.canvas, this.playhead);
    this.heatmap = new Heatmap(this.canvas);
    this.width = 1;
    this.drawn = 0;
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.drawn = 0;
    this.measure();
  }

  measure() {
    this.width = this.line.clientWidth || 1;
    if (this.heatmap.fit()) this.drawn = 0;
  }

  /** @param {number} step @param {Theme} theme */
  show(step, theme) {
    const { trace } = this;
    if (!trace) return;
    this.playhead.style.transform = `translateX(${(((step + 0.5) * this.width) / trace.steps).toFixed(2)}px)`;
    // Drawn anew as a whole, because its scale grows: while the tape does, not at every frame.
    const grown = trace.arrived === trace.steps ? trace.arrived !== this.drawn : trace.arrived > GROWN * this.drawn;
    if (!grown && this.theme === theme) return;
    this.drawn = trace.arrived;
    this.theme = theme;
    this.heatmap.clear();
    if (this.field.endsWith("shift_weighting")) this.#drawShares(trace, theme);
    else this.#drawLine(trace, theme);
  }

  /** @param {Trace} trace @param {Theme} theme */
  #drawLine(trace, theme) {
    const { context, canvas } = this.heatmap;
    const gate = this.field.endsWith("gate");
    let most = 0;
    for (let step = 0; step < trace.arrived; step++) most = Math.max(most, trace.at(this.field, step)[0]);
    const high = gate ? 1 : roundUp(most);
    this.limits.textContent = `0 … ${high}`;
    context.strokeStyle = theme[this.head];
    context.lineWidth = 1.5 * (window.devicePixelRatio || 1);
    context.beginPath();
    for (let step = 0; step < trace.arrived; step++) {
      const x = ((step + 0.5) * canvas.width) / trace.steps;
      context.lineTo(x, canvas.height - 2 - (trace.at(this.field, step)[0] / high) * (canvas.height - 4));
    }
    context.stroke();
  }

  /** @param {Trace} trace @param {Theme} theme */
  #drawShares(trace, theme) {
    const { context, canvas } = this.heatmap;
    this.limits.textContent = "+1 0 −1";
    context.fillStyle = theme[this.head];
    for (let step = 0; step < trace.arrived; step++) {
      const left = Math.round((step * canvas.width) / trace.steps);
      const right = Math.max(left + 1, Math.round(((step + 1) * canvas.width) / trace.steps));
      let top = 0;
      trace.at(this.field, step).forEach((share, index) => {
        context.globalAlpha = SHARES[index];
        context.fillRect(left, top, right - left, share * canvas.height);
        top += share * canvas.height;
      });
    }
    context.globalAlpha = 1;
  }
}
