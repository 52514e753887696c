/**
 * The inspector: how each head came to its weighting at the cursor. Bars over the locations for every stage, the vectors as
 * strips, the scalars over time, and the numbers in the equations.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {import("./tape.mjs").Lit} Lit
 */

import { element, find } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { numbersOf } from "../model/numbers.mjs";
import { cividis, diverging, roundUp, ticks } from "../model/scales.mjs";
import { Stage } from "./stage.mjs";
import { Timeline } from "./timeline.mjs";

export const STAGES = ["content_weighting", "gated_weighting", "shifted_weighting", "weighting"];
const SHIFTS = ["forward", "keep", "back"];
const MOST_TICKS = 10;

export class Inspector {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.heads = /** @type {const} */ (["write", "read"]).map((name) => new Head(find(`[data-inspects=${name}]`, root), name));
    this.seen = true;
    new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      if (this.seen) this.again();
    }).observe(root);
    /** Called when it comes into view, and has to be drawn. */
    this.again = () => {};
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.heads.forEach((head) => head.begin(trace));
  }

  measure() {
    this.heads.forEach((head) => head.measure());
  }

  /** @param {Lit | null} lit */
  light(lit) {
    const location = lit?.kind === "locations" ? lit.row : null;
    for (const { stages, timelines } of this.heads) {
      stages.forEach((stage) => (stage.lit = location));
      timelines.forEach((timeline) => timeline.light(lit?.step ?? null));
    }
  }

  /**
   * Nothing is drawn that nobody sees, while things move.
   *
   * @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme @param {boolean} moving
   */
  show(trace, step, rows, theme, moving) {
    if ((moving && !this.seen) || step < 0) return;
    this.heads.forEach((head) => head.show(trace, step, rows, theme));
  }
}

class Head {
  /** @param {HTMLElement} root @param {"write" | "read"} name */
  constructor(root, name) {
    this.root = root;
    this.name = name;
    this.atStep = find(".at-step", root);
    this.axis = find(".location-axis", root);
    this.stages = STAGES.map((field) => new Stage(find(`[data-stage=${field}]`, root), `${name}.${field}`));
    this.strips = [...root.querySelectorAll("[data-vector]")].map((found) => {
      const strip = /** @type {HTMLElement} */ (found);
      const canvas = element("canvas", "cells");
      find(".strip", strip).replaceChildren(canvas);
      return { field: strip.dataset.vector ?? "", heatmap: new Heatmap(canvas), limits: find(".limits", strip) };
    });
    this.timelines = [...root.querySelectorAll("[data-timeline]")].map((found) => new Timeline(/** @type {HTMLElement} */ (found), name));
    this.shifts = SHIFTS.map((share) => find(`[data-share=${share}]`, root));
    /** Where each number stands, once or more. @type {Map<string, Element[]>} */
    this.values = new Map();
    for (const value of root.querySelectorAll("[data-value]")) {
      const name = value.getAttribute("data-value") ?? "";
      this.values.set(name, [...(this.values.get(name) ?? []), value]);
    }
    /** The rows that the axis was drawn for. @type {number[]} */
    this.rows = [];
    this.axisOf = "";
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.timelines.forEach((timeline) => timeline.begin(trace));
    this.axisOf = "";
  }

  measure() {
    this.stages.forEach((stage) => stage.measure());
    this.strips.forEach(({ heatmap }) => heatmap.fit());
    this.timelines.forEach((timeline) => timeline.measure());
    this.axisOf = "";
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  show(trace, step, rows, theme) {
    this.atStep.textContent = ` at step ${step}`;
    this.#drawAxis(rows);
    const colours = { bars: theme[this.name], outline: theme.text };
    for (const stage of this.stages) {
      // The weighting of the step before, behind the gated one: what a gate near 0 keeps.
      const previous = stage.field.endsWith("gated_weighting") ? `${this.name}.weighting` : null;
      stage.show(trace, step, rows, colours, previous);
    }
    this.strips.forEach((strip) => drawStrip(strip, trace, step, theme));
    this.timelines.forEach((timeline) => timeline.show(step, theme));
    trace.at(`${this.name}.shift_weighting`, step).forEach((share, index) => {
      this.shifts[index].style.transform = `scaleX(${share.toFixed(4)})`;
    });
    this.#write(numbersOf(trace, this.name, step));
  }

  /** The location under a point of the page. @param {number} clientX */
  locationAt(clientX) {
    const box = this.stages[0].root.getBoundingClientRect();
    const index = Math.floor(((clientX - box.left) / box.width) * this.rows.length);
    return this.rows[Math.min(Math.max(index, 0), this.rows.length - 1)];
  }

  /** @param {Record<string, string>} numbers */
  #write(numbers) {
    for (const [name, text] of Object.entries(numbers)) {
      this.values.get(name)?.forEach((value) => (value.textContent = text));
    }
  }

  /** @param {number[]} rows */
  #drawAxis(rows) {
    const key = `${rows[0]} ${rows.length}`;
    if (key === this.axisOf) return;
    this.axisOf = key;
    this.rows = rows;
    this.axis.replaceChildren(
      ...ticks(rows.length, MOST_TICKS).map((index) => {
        const label = element("span", "tick", String(rows[index]));
        label.style.left = `${((100 * (index + 0.5)) / rows.length).toFixed(3)}%`;
        return label;
      }),
    );
  }
}

/** @param {{field: string, heatmap: Heatmap, limits: HTMLElement}} strip @param {Trace} trace @param {number} step @param {Theme} theme */
function drawStrip({ field, heatmap, limits }, trace, step, theme) {
  const values = trace.at(field, step);
  const signed = field.endsWith(".key");
  const high = trace.peaks.has(field) ? roundUp(trace.peaks.get(field) ?? 1) : 1;
  limits.textContent = `${signed ? "−1" : "0"} … ${high}`;
  const picture = {
    source: { data: values, offset: 0, stride: 1 },
    columns: values.length,
    rows: [0],
    shades: signed ? diverging : cividis,
    low: signed ? -1 : 0,
    high,
    gap: theme.mapGap,
  };
  heatmap.draw(picture, 0, values.length);
}
