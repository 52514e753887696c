/**
 * Which head is looked at, where a side has several: the weightings of all of them, small, side by side. The one that is pressed,
 * or that the arrow keys go to, is shown large below.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 */

import { build, element } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { headsOf, titleOfHeadIn } from "../model/panels.mjs";

const MOVES = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 });

export class HeadChooser {
  /**
   * @param {Trace} trace
   * @param {"write" | "read"} kind
   * @param {(kind: "write" | "read", name: string) => void} choose
   */
  constructor(trace, kind, choose) {
    this.kind = kind;
    this.choose = choose;
    const heads = headsOf(trace, kind);
    this.root = build("div", { class: `head-choice ${kind}`, role: "radiogroup", "aria-label": `${kind === "write" ? "Write" : "Read"} head` });
    /** One alone is not chosen. */
    this.small = heads.length < 2 ? [] : heads.map((head, index) => new Small(head, titleOfHeadIn(trace, head), index + 1));
    this.root.hidden = this.small.length === 0;
    this.root.append(...this.small.map(({ root }) => root));
    this.#listen();
  }

  /** Apart from where the trace is known: a listener keeps all that is known where it is made. */
  #listen() {
    this.small.forEach(({ root, head }) => root.addEventListener("click", () => this.choose(this.kind, head.name)));
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.small.forEach((small) => small.begin(trace));
  }

  measure() {
    this.small.forEach((small) => small.measure());
  }

  forget() {
    this.small.forEach((small) => (small.drawn = 0));
  }

  /** @param {string} name of the head that is looked at */
  show(name) {
    for (const { root, head } of this.small) {
      root.setAttribute("aria-checked", String(head.name === name));
      root.tabIndex = head.name === name ? 0 : -1;
    }
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  draw(trace, step, rows, theme) {
    this.small.forEach((small) => small.draw(trace, step, rows, theme));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = this.small.findIndex(({ root }) => root === document.activeElement);
    const { root, head } = this.small[(at + move + this.small.length) % this.small.length];
    this.choose(this.kind, head.name);
    root.focus();
  }
}

/** A head's weighting over time, small. */
class Small {
  /** @param {Head} head @param {string} title @param {number} number */
  constructor(head, title, number) {
    this.head = head;
    this.heatmap = new Heatmap(element("canvas", "cells"));
    this.playhead = new Playhead();
    this.plot = build("span", { class: "small-plot" }, this.heatmap.canvas, this.playhead.element);
    const name = build("span", { class: "small-name" }, String(number));
    this.root = build("button", { type: "button", role: "radio", class: "small-head", "data-choose": head.name, "aria-label": title, title }, name, this.plot);
    this.drawn = 0;
    this.rows = "";
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.steps = trace.steps;
    this.drawn = 0;
    this.heatmap.clear();
    this.measure();
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
}
