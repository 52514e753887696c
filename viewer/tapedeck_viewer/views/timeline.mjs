/**
 * A scalar of a head over all steps, as a line; the three shares of the shift as stacked areas. Drawn when data arrives;
 * while time moves only its playhead does.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 */

import { Crosshair } from "../draw/crosshair.mjs";
import { build, element, find } from "../draw/dom.mjs";
import { edges, Heatmap, sharing } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { signedMove } from "../model/numbers.mjs";
import { roundUp } from "../model/scales.mjs";
import { term } from "./markup.mjs";

/** How strongly the first of the shares of a shift is filled, and the last. */
const [FIRST_SHARE, LAST_SHARE] = [0.85, 0.15];
/** Of three the middle one is nearer to the last. */
const MIDDLE_SHARE = 0.4;

/** How much more has to have arrived to draw it again. */
const GROWN = 1.3;

export class Timeline {
  /**
   * @param {import("../model/trace.mjs").Head} head @param {string} shade of its colour @param {string} field @param {string} label
   * @param {string} word the glossary's
   */
  constructor(head, shade, field, label, word) {
    this.shade = shade;
    this.field = field;
    this.head = head;
    this.root = build("div", { class: "timeline", "data-timeline": field }, build("span", {}, term(label, word)), build("div", { class: "line" }), build("span", { class: "limits" }));
    this.line = find(".line", this.root);
    this.limits = find(".limits", this.root);
    this.canvas = element("canvas", "cells");
    this.crosshair = new Crosshair();
    this.playhead = new Playhead();
    this.line.replaceChildren(this.canvas, ...this.crosshair.elements, this.playhead.element);
    this.heatmap = new Heatmap(this.canvas);
    this.width = 1;
    this.drawn = 0;
    /** The limits of its scale, in words. */
    this.scale = "";
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.drawn = 0;
    this.measure();
  }

  measure() {
    this.width = this.line.clientWidth || 1;
    const steps = this.trace?.steps ?? 0;
    this.playhead.fit(this.width, steps || 1);
    this.crosshair.fit({ width: this.width, height: this.line.clientHeight, steps, rows: [] });
    if (this.heatmap.fit()) this.drawn = 0;
  }

  /** Lights up a step, with the value there in the place of the scale. @param {number | null} step */
  light(step) {
    this.crosshair.light(step, null);
    const values = step !== null && this.trace && step < this.trace.arrived ? this.trace.at(this.field, step) : null;
    this.limits.textContent = values ? [...values].map((value) => value.toFixed(values.length > 1 ? 2 : 3)).join(" ") : this.scale;
  }

  /** The step under a point of the page. @param {number} clientX */
  stepAt(clientX) {
    const { trace } = this;
    if (!trace || trace.arrived === 0) return null;
    const box = this.line.getBoundingClientRect();
    const step = Math.floor(((clientX - box.left) / box.width) * trace.steps);
    return Math.min(Math.max(step, 0), trace.arrived - 1);
  }

  /** @param {number} step @param {Theme} theme */
  show(step, theme) {
    const { trace } = this;
    if (!trace) return;
    this.playhead.moveTo(step);
    // Drawn anew as a whole, because its scale grows: while the tape does, not at every frame.
    const grown = trace.arrived === trace.steps ? trace.arrived !== this.drawn : trace.arrived > GROWN * this.drawn;
    if (!grown && this.theme === theme) return;
    this.drawn = trace.arrived;
    this.theme = theme;
    this.heatmap.clear();
    if (trace.column(this.field).role === "shift") this.#drawShares(trace, theme);
    else this.#drawLine(trace, theme);
  }

  /** @param {string} scale */
  #say(scale) {
    this.scale = scale;
    if (this.crosshair.lit.step === null) this.limits.textContent = scale;
  }

  /** @param {Trace} trace @param {Theme} theme */
  #drawLine(trace, theme) {
    const { context, canvas } = this.heatmap;
    const [, bound] = trace.column(this.field).range;
    let most = 0;
    for (let step = 0; step < trace.arrived; step++) most = Math.max(most, trace.at(this.field, step)[0]);
    const high = bound ?? roundUp(most);
    this.#say(`0 … ${high}`);
    context.strokeStyle = theme.heads[this.shade];
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
    this.#say(this.head.shifts.map(signedMove).join("  "));
    const shades = shadesOf(this.head.shifts.length);
    context.fillStyle = theme.heads[this.shade];
    for (const { left, right, shares } of stretches({ steps: trace.steps, arrived: trace.arrived, at: (name, step) => trace.at(name, step) }, this.field, canvas.width)) {
      let top = 0;
      shares.forEach((share, index) => {
        context.globalAlpha = shades[index];
        context.fillRect(left, top, right - left, share * canvas.height);
        top += share * canvas.height;
      });
    }
    context.globalAlpha = 1;
  }
}

/** How strongly each of so many shares is filled. @param {number} count */
function shadesOf(count) {
  if (count === 3) return [FIRST_SHARE, MIDDLE_SHARE, LAST_SHARE];
  return Array.from({ length: count }, (_, index) => FIRST_SHARE + ((LAST_SHARE - FIRST_SHARE) * index) / Math.max(1, count - 1));
}

/**
 * Where the shares of the steps that have arrived are drawn, each pixel once: steps that share one are drawn as their mean.
 *
 * @param {Pick<Trace, "steps" | "arrived" | "at">} trace
 * @param {string} field
 * @param {number} pixels
 * @returns {{left: number, right: number, shares: number[]}[]}
 */
export function stretches({ steps, arrived, at }, field, pixels) {
  const places = edges(steps, pixels);
  const own = () => Array.from({ length: steps }, (_, step) => ({ left: places[step], right: places[step + 1], from: step, to: step + 1 }));
  const shared = () => sharing(steps, pixels).map((group, left) => ({ ...group, left, right: left + 1 }));
  return (steps <= pixels ? own() : shared())
    .filter(({ from }) => from < arrived)
    .map(({ left, right, from, to }) => {
      const last = Math.min(to, arrived);
      const values = Array.from({ length: last - from }, (_, index) => at(field, from + index));
      return { left, right, shares: Array.from(values[0], (_, share) => values.reduce((sum, each) => sum + each[share], 0) / values.length) };
    });
}
