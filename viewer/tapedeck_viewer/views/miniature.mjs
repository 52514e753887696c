/**
 * A head in small: its weighting over time, and in a few words what it does. The picture is painted once, as steps arrive; while time
 * moves only its playhead does.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 */

import { build, element } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { headsOf, shadeAmong, titleOfHeadIn } from "../model/panels.mjs";
import { chip } from "./markup.mjs";

export class Miniature {
  /** @param {Trace} trace @param {Head} head */
  constructor(trace, head) {
    this.head = head;
    this.title = titleOfHeadIn(trace, head);
    this.heatmap = new Heatmap(element("canvas", "cells"));
    this.playhead = new Playhead();
    this.plot = build("span", { class: "small-plot" }, this.heatmap.canvas, this.playhead.element);
    this.words = build("span", { class: "small-words" });
    const number = String(headsOf(trace, head.kind).indexOf(head) + 1);
    const name = build("span", { class: "small-name" }, ...chip(shadeAmong(trace, head)), number);
    const caption = build("span", { class: "small-caption" }, name, " ", this.words);
    this.root = build("button", { type: "button", role: "radio", class: "small-head", "data-choose": head.name }, caption, this.plot);
    this.still = false;
    this.drawn = 0;
    this.rows = "";
    this.#call("");
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.steps = trace.steps;
    this.drawn = 0;
    this.heatmap.clear();
    this.root.dataset.told = "false"; // the words of before stay where they are until there are others
    this.#call("");
    this.measure();
  }

  /** What it does over the run that is there. @param {import("../model/conduct.mjs").Conduct} conduct */
  tell({ words, still }) {
    this.still = still;
    this.words.textContent = words;
    this.root.dataset.told = "true";
    this.#call(`: ${words}`);
  }

  measure() {
    if (this.heatmap.fit()) this.drawn = 0;
    this.playhead.fit(this.plot.clientWidth || 1, this.steps ?? 1);
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  draw(trace, step, rows, theme) {
    this.playhead.moveTo(step);
    const key = `${rows[0]} ${rows.length}`;
    if (key !== this.rows) this.drawn = 0;
    this.rows = key;
    if (this.drawn === trace.arrived) return;
    const picture = { source: trace.field(this.head.weighting), columns: trace.steps, rows, shades: theme.ramps[this.head.kind], low: 0, high: 1, gap: theme.gap };
    this.heatmap.draw(picture, this.drawn, trace.arrived);
    this.drawn = trace.arrived;
  }

  /** For a screen reader, and for a pointer that rests on it. @param {string} words */
  #call(words) {
    this.root.setAttribute("aria-label", this.title + words);
    this.root.title = this.title + words;
  }
}
