/**
 * Two pictures of where things come from. On the left, over the steps that wrote: the shares of what the cursor reads, or of
 * the output bit under the pointer. On the right, over the steps that read: who wrote what each of them read.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./theme.mjs").Theme} Theme
 * @typedef {import("./tape.mjs").Lit} Lit
 */

import { element, find } from "./dom.mjs";
import { Heatmap } from "./heatmap.mjs";
import { sharesOf, termsOf } from "./provenance.mjs";
import { cividis, ticks } from "./scales.mjs";

/** How long the picture may take of one animation frame. */
const BUDGET_MS = 12;
const MOST_TICKS = 8;

export class Origins {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.bars = new Heatmap(element("canvas", "cells"));
    this.picture = new Heatmap(element("canvas", "cells"));
    const [left, right] = [find("[data-origins=bars]", root), find("[data-origins=picture]", root)];
    find(".plot", left).replaceChildren(this.bars.canvas);
    this.playhead = element("div", "playhead");
    find(".plot", right).replaceChildren(this.picture.canvas, this.playhead);
    this.sentence = find("[data-readout=origin]", root);
    this.plots = [left, right].map((figure) => find(".plot", figure));
    this.timeAxes = [...root.querySelectorAll("[data-origins] .time-axis")];
    this.rowAxis = find(".row-axis", right);
    this.readout = find(".readout", right);
    this.plots[1].addEventListener("pointermove", (event) => this.#point(event));
    this.plots[1].addEventListener("pointerleave", () => (this.readout.textContent = ""));
    /** Shares of every write in every read, read after read. */
    this.shares = new Float32Array(0);
    this.done = 0;
    this.shown = "";
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.shares = new Float32Array(trace.steps * trace.steps);
    this.done = 0;
    this.shown = "";
    this.picture.clear();
    const labels = (/** @type {"left" | "top"} */ side) =>
      ticks(trace.steps, MOST_TICKS).map((step) => {
        const label = element("span", "tick", String(step));
        label.style[side] = `${((100 * (step + 0.5)) / trace.steps).toFixed(3)}%`;
        return label;
      });
    this.timeAxes.forEach((axis) => axis.replaceChildren(...labels("left")));
    this.rowAxis.replaceChildren(...labels("top"));
    this.measure();
  }

  measure() {
    this.width = this.plots[1].clientWidth || 1;
    this.bars.fit();
    this.shown = "";
    if (this.picture.fit()) this.#drawPicture(0);
  }

  /**
   * The shares of what is read at a step, and a part of the picture while the cursor rests.
   *
   * @param {number} step
   * @param {Lit | null} lit
   * @param {Theme} theme
   * @returns {boolean} whether there is more of the picture to come
   */
  show(step, lit, theme) {
    const { trace } = this;
    if (!trace || step < 0) return false;
    this.theme = theme;
    const channel = lit?.kind === "bits" && lit.panel === "outputs" ? lit.row : null;
    const of = channel === null ? step : Math.min(lit?.step ?? step, trace.arrived - 1);
    this.#drawBars(trace, of, channel, theme);
    this.playhead.style.transform = `translateX(${(((step + 0.5) * (this.width ?? 1)) / trace.steps).toFixed(2)}px)`;
    return trace.arrived === trace.steps && this.done < trace.steps;
  }

  /** Another stretch of the picture. */
  work() {
    const { trace } = this;
    if (!trace) return;
    const [from, until] = [this.done, performance.now() + BUDGET_MS];
    while (this.done < trace.steps && performance.now() < until) {
      this.shares.set(sharesOf(termsOf(trace, this.done, null)).writes, this.done * trace.steps);
      this.done += 1;
    }
    this.#drawPicture(from);
  }

  /** @param {Trace} trace @param {number} step @param {number | null} channel @param {Theme} theme */
  #drawBars(trace, step, channel, theme) {
    const key = `${step} ${channel} ${trace.steps} ${theme.write}`;
    if (key === this.shown) return;
    this.shown = key;
    const { writes, initial, bias } = sharesOf(termsOf(trace, step, channel));
    const { context, canvas } = this.bars;
    this.bars.clear();
    context.fillStyle = theme.write;
    const each = canvas.width / trace.steps;
    writes.forEach((share, tau) => {
      const tall = share * canvas.height;
      if (tall >= 0.5) context.fillRect(Math.round(tau * each), canvas.height - tall, Math.max(1, Math.round(each) - (each > 4 ? 1 : 0)), tall);
    });
    this.sentence.textContent = sentenceOf(writes, initial, bias, step, channel);
  }

  /** @param {number} from the first read that is new */
  #drawPicture(from) {
    const { trace, theme } = this;
    if (!trace || !theme) return;
    const picture = {
      source: { data: this.shares, offset: 0, stride: trace.steps },
      columns: trace.steps,
      rows: Array.from({ length: trace.steps }, (_, tau) => tau),
      shades: cividis,
      low: 0,
      high: 1,
      gap: theme.mapGap,
    };
    this.picture.draw(picture, from, this.done);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { trace } = this;
    if (!trace) return;
    const box = this.plots[1].getBoundingClientRect();
    const at = (/** @type {number} */ offset, /** @type {number} */ size) =>
      Math.min(Math.max(Math.floor((offset / size) * trace.steps), 0), trace.steps - 1);
    const [read, wrote] = [at(event.clientX - box.left, box.width), at(event.clientY - box.top, box.height)];
    const share = this.shares[read * trace.steps + wrote];
    this.readout.textContent = `read of step ${read}, write of step ${wrote}: ${percent(share)}`;
  }
}

/**
 * @param {Float64Array} writes shares
 * @param {number} initial
 * @param {number} bias
 * @param {number} step
 * @param {number | null} channel
 */
export function sentenceOf(writes, initial, bias, step, channel) {
  const what = channel === null ? `What step ${step} reads` : `Output ${channel} of step ${step}`;
  let most = 0;
  writes.forEach((share, tau) => {
    if (share > writes[most]) most = tau;
  });
  if (initial > writes[most] && initial >= bias) return `${what} is ${percent(initial)} the initial memory.`;
  if (bias > writes[most]) return `${what} is ${percent(bias)} the bias of the output.`;
  return `${what} comes to ${percent(writes[most])} from the write of step ${most}.`;
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
