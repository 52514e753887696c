/**
 * The inspector: how each head came to its weighting at the cursor. Bars over the locations for every stage, the vectors as
 * strips, the scalars over time, and the numbers in the equations.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./theme.mjs").Theme} Theme
 */

import { element, find } from "./dom.mjs";
import { Heatmap } from "./heatmap.mjs";
import { cividis, diverging, roundUp, ticks } from "./scales.mjs";
import { Timeline } from "./timeline.mjs";

const STAGES = ["content_weighting", "gated_weighting", "shifted_weighting", "weighting"];
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
    this.stages = STAGES.map((field) => {
      const canvas = element("canvas", "cells");
      find(`[data-stage=${field}]`, root).replaceChildren(canvas);
      return { field: `${name}.${field}`, canvas, heatmap: new Heatmap(canvas) };
    });
    this.strips = [...root.querySelectorAll("[data-vector]")].map((found) => {
      const strip = /** @type {HTMLElement} */ (found);
      const canvas = element("canvas", "cells");
      find(".strip", strip).replaceChildren(canvas);
      return { field: strip.dataset.vector ?? "", heatmap: new Heatmap(canvas), limits: find(".limits", strip) };
    });
    this.timelines = [...root.querySelectorAll("[data-timeline]")].map((found) => new Timeline(/** @type {HTMLElement} */ (found), name));
    /** The rows that the axis was drawn for. */
    this.axisOf = "";
    this.values = new Map([...root.querySelectorAll("[data-value]")].map((value) => [value.getAttribute("data-value"), value]));
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.timelines.forEach((timeline) => timeline.begin(trace));
    this.axisOf = "";
  }

  measure() {
    this.stages.forEach(({ heatmap }) => heatmap.fit());
    this.strips.forEach(({ heatmap }) => heatmap.fit());
    this.timelines.forEach((timeline) => timeline.measure());
    this.axisOf = "";
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  show(trace, step, rows, theme) {
    this.atStep.textContent = ` at step ${step}`;
    this.#drawAxis(rows);
    for (const { field, canvas } of this.stages) {
      drawBars(canvas, trace.at(field, step), rows, theme[this.name]);
    }
    this.#outlinePrevious(trace, step, rows, theme);
    for (const strip of this.strips) {
      drawStrip(strip, trace, step, theme);
    }
    this.timelines.forEach((timeline) => timeline.show(step, theme));
    this.#write(numbersOf(trace, this.name, step));
  }

  /** The weighting of the step before, as an outline behind the gated one: what a gate near 0 keeps. */
  #outlinePrevious(/** @type {Trace} */ trace, /** @type {number} */ step, /** @type {number[]} */ rows, /** @type {Theme} */ theme) {
    if (step === 0) return;
    const { canvas } = this.stages[1];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const previous = trace.at(`${this.name}.weighting`, step - 1);
    const each = canvas.width / rows.length;
    context.strokeStyle = theme.text;
    rows.forEach((row, index) => {
      const height = Math.round(previous[row] * (canvas.height - 1));
      if (height > 0) context.strokeRect(index * each + 0.5, canvas.height - height - 0.5, Math.max(1, each - 1), height);
    });
  }

  /** @param {Record<string, string>} numbers */
  #write(numbers) {
    for (const [name, text] of Object.entries(numbers)) {
      const value = this.values.get(name);
      if (value) value.textContent = text;
    }
  }

  /** @param {number[]} rows */
  #drawAxis(rows) {
    const key = `${rows[0]} ${rows.length}`;
    if (key === this.axisOf) return;
    this.axisOf = key;
    this.axis.replaceChildren(
      ...ticks(rows.length, MOST_TICKS).map((index) => {
        const label = element("span", "tick", String(rows[index]));
        label.style.left = `${((100 * (index + 0.5)) / rows.length).toFixed(3)}%`;
        return label;
      }),
    );
  }
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} weighting @param {number[]} rows @param {string} colour */
function drawBars(canvas, weighting, rows, colour) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour;
  const each = width / rows.length;
  rows.forEach((row, index) => {
    const tall = weighting[row] * height;
    if (tall < 0.5) return;
    const left = Math.round(index * each);
    context.fillRect(left, height - tall, Math.max(1, Math.round((index + 1) * each) - left - (each > 4 ? 1 : 0)), tall);
  });
}

/** @param {{field: string, heatmap: Heatmap, limits: HTMLElement}} strip @param {Trace} trace @param {number} step @param {Theme} theme */
function drawStrip({ field, heatmap, limits }, trace, step, theme) {
  const values = trace.at(field, step);
  const signed = field.endsWith(".key");
  const high = trace.peaks.has(field) ? roundUp(trace.peaks.get(field) ?? 1) : 1;
  limits.textContent = `${signed ? "−1" : "0"} … ${high}`;
  heatmap.draw(
    {
      source: { data: values, offset: 0, stride: 1 },
      columns: values.length,
      rows: [0],
      shades: signed ? diverging : cividis,
      low: signed ? -1 : 0,
      high,
      gap: theme.mapGap,
    },
    0,
    values.length,
  );
}

/**
 * The numbers of a head at a step, as the equations show them.
 *
 * @param {Trace} trace
 * @param {"write" | "read"} head
 * @param {number} step
 * @returns {Record<string, string>}
 */
export function numbersOf(trace, head, step) {
  const scalar = (/** @type {string} */ name) => trace.at(`${head}.${name}`, step)[0];
  const weighting = trace.at(`${head}.weighting`, step);
  const content = trace.at(`${head}.content_weighting`, step);
  const [forward, keep, back] = trace.at(`${head}.shift_weighting`, step);
  const [peak, contentPeak] = [argmax(weighting), argmax(content)];
  let [sum, entropy] = [0, 0];
  for (const w of weighting) {
    sum += w;
    if (w > 0) entropy -= w * Math.log2(w);
  }
  return {
    strength: scalar("key_strength").toFixed(2),
    cosine: cosine(trace, head, step, contentPeak).toFixed(3),
    gate: scalar("interpolation_gate").toFixed(3),
    forward: forward.toFixed(3),
    keep: keep.toFixed(3),
    back: back.toFixed(3),
    sharpening: scalar("sharpening").toFixed(2),
    peak: `${weighting[peak].toFixed(3)} at ${peak}`,
    sum: sum.toFixed(4),
    entropy: `${entropy.toFixed(2)} bit`,
  };
}

/** @param {Float32Array} values */
export function argmax(values) {
  let peak = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[peak]) peak = i;
  }
  return peak;
}

/** How like the key a location is. The write head compares with the memory before its step, the read head with the one after. */
function cosine(/** @type {Trace} */ trace, /** @type {string} */ head, /** @type {number} */ step, /** @type {number} */ location) {
  const memory = trace.memoryAt(head === "write" ? step - 1 : step);
  const key = trace.at(`${head}.key`, step);
  let [dot, own, other] = [0, 0, 0];
  for (let m = 0; m < key.length; m++) {
    const value = memory[location * key.length + m];
    dot += value * key[m];
    own += value * value;
    other += key[m] * key[m];
  }
  return dot / (Math.max(Math.sqrt(own), 1e-8) * Math.max(Math.sqrt(other), 1e-8));
}
