/**
 * One stage of addressing: its weighting as bars over the locations. A weighting whose greatest weight would hardly show is
 * drawn on a finer scale, which the axis says.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 */

import { build, element, say } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { argmax, format } from "../model/numbers.mjs";
import { stageOf } from "../model/words.mjs";

/** Between a bar and the number beside it. */
const GAP_PX = 4;

export class Stage {
  /** @param {string} field head and stage, as on the wire @param {string | null} previous a weighting of the step before, to be outlined */
  constructor(field, previous) {
    const root = (this.root = build("div", { class: "stage-bars", "data-stage": stageOf(field) }));
    this.field = field;
    this.previous = previous;
    this.bars = new Heatmap(element("canvas", "cells"));
    this.hair = element("div", "hair location-hair");
    this.hair.hidden = true;
    this.label = element("span", "bar-number");
    this.high = element("span", "tick high");
    root.replaceChildren(this.bars.canvas, this.hair, this.label, this.high, element("span", "tick low", "0"));
    this.width = 1;
    /** The location that is lit up. @type {number | null} */
    this.lit = null;
  }

  measure() {
    this.width = this.root.clientWidth || 1;
    this.bars.fit();
  }

  /**
   * @param {Trace} trace @param {number} step @param {number[]} rows the locations from left to right
   * @param {{bars: string, outline: string}} colours
   */
  show(trace, step, rows, colours) {
    const weighting = trace.at(this.field, step);
    const before = this.previous && step > 0 ? trace.at(this.previous, step - 1) : null;
    const peak = argmax(weighting);
    const scale = scaleOf(Math.max(weighting[peak], before ? before[argmax(before)] : 0));
    this.high.textContent = String(scale);
    this.root.classList.toggle("finer", scale < 1);
    this.#draw(weighting, before, rows, scale, colours);
    this.#number(weighting, this.lit ?? peak, rows);
  }

  /** @param {Float32Array} weighting @param {Float32Array | null} before @param {number[]} rows @param {number} scale @param {{bars: string, outline: string}} colours */
  #draw(weighting, before, rows, scale, colours) {
    const { context, canvas } = this.bars;
    const { width, height } = canvas;
    context.clearRect(0, 0, width, height);
    context.fillStyle = colours.bars;
    context.strokeStyle = colours.outline;
    const each = width / rows.length;
    rows.forEach((row, index) => {
      const left = Math.round(index * each);
      const wide = Math.max(1, Math.round((index + 1) * each) - left - (each > 4 ? 1 : 0));
      const tall = (weighting[row] / scale) * height;
      if (tall >= 0.5) context.fillRect(left, height - tall, wide, tall);
      const was = before ? Math.round((before[row] / scale) * (height - 1)) : 0;
      if (was > 0) context.strokeRect(left + 0.5, height - was - 0.5, Math.max(1, wide - 1), was);
    });
  }

  /** The weight of a location beside its bar, on the side where there is room. @param {Float32Array} weighting @param {number} location @param {number[]} rows */
  #number(weighting, location, rows) {
    const index = rows.indexOf(location);
    const cell = this.width / rows.length;
    const text = `${format(weighting[location])} at ${location}`;
    say(this.label, text);
    const left = index < rows.length / 2;
    const x = left ? (index + 1) * cell + GAP_PX : index * cell - GAP_PX;
    this.label.style.transform = `translateX(${x.toFixed(1)}px)${left ? "" : " translateX(-100%)"}`;
    this.hair.hidden = this.lit === null || index < 0;
    if (this.hair.hidden) return;
    this.hair.style.width = `${Math.max(cell, 1).toFixed(2)}px`;
    this.hair.style.transform = `translateX(${(index * cell).toFixed(2)}px)`;
  }
}

/** 1, 0.1, 0.01 …: the finest scale that holds a peak. @param {number} peak */
export function scaleOf(peak) {
  if (!(peak > 0)) return 1;
  return Number((10 ** Math.min(0, Math.ceil(Math.log10(peak) - 1e-9))).toPrecision(1));
}
