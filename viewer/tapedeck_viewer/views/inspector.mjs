/**
 * The inspector: how the head that is looked at on each side came to its weighting at the cursor. Bars over the locations for
 * every stage, the vectors as strips, the scalars over time, and the numbers in the equations: of what the head has.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {import("./tape.mjs").Lit} Lit
 */

import { build, element } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { nameOfMove, numbersOf } from "../model/numbers.mjs";
import { STRIPS, shadeAmong, shadeOf, titleOfHeadIn } from "../model/panels.mjs";
import { rampOf, ticks } from "../model/scales.mjs";
import { symbolOf, wordOf } from "../model/words.mjs";
import { actOf, stagesOf } from "./equations.mjs";
import { chip, tableButton, term, tick } from "./markup.mjs";
import { Stage } from "./stage.mjs";
import { Timeline } from "./timeline.mjs";

const SUMMARY = "how it arrived at its weighting at the cursor: content, gate, shift, sharpening";
const MOST_TICKS = 10;
/** The scalars over time, with what they are called. The gate first: β means little where it is near 0. */
const TIMELINES = [
  ["interpolation_gate", "gate"],
  ["key_strength", "strength"],
  ["shift_weighting", "shift"],
  ["sharpening", "sharpening"],
];

export class Inspector {
  /** @param {(head: InspectedHead) => void} made is told of each head that is shown, for whoever listens to it */
  constructor(made) {
    this.made = made;
    this.root = build("section", { id: "inspector", class: "inspector", "aria-label": "Addressing at the cursor" });
    /** @type {InspectedHead[]} */
    this.heads = [];
    this.seen = true;
    new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      if (this.seen) this.again();
    }).observe(this.root);
    /** Called when it comes into view, and has to be drawn. */
    this.again = () => {};
  }

  /** Shows these heads of a trace; those that it shows already stay. @param {Trace} trace @param {Head[]} heads */
  begin(trace, heads) {
    const shown = this.heads.map(({ head }) => likeness(head)).join();
    if (shown !== heads.map(likeness).join()) {
      this.heads = heads.map((head) => new InspectedHead(trace, head));
      this.root.replaceChildren(...this.heads.map(({ root }) => root));
      this.heads.forEach((head) => this.made(head));
    }
    this.heads.forEach((head) => head.begin(trace));
  }

  measure() {
    this.heads.forEach((head) => head.measure());
  }

  /** @param {Lit | null} lit */
  light(lit) {
    const location = lit?.kind === "location" ? lit.row : null;
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

/** What two heads share that are shown alike. @param {Head} head */
const likeness = ({ name, fields, shifts, sees, after, previous }) => JSON.stringify([name, [...fields.keys()], shifts, sees, after, previous]);

export class InspectedHead {
  /** @param {Trace} trace @param {Head} head */
  constructor(trace, head) {
    this.head = head;
    const title = titleOfHeadIn(trace, head);
    this.shade = shadeOf(trace, head);
    this.atStep = build("span", { class: "at-step" }, " at step 0");
    this.axis = build("div", { class: "location-axis" });
    const stages = stagesOf(head, trace.memory !== null);
    this.stages = stages.map(({ stage }) => new Stage(`${head.name}.${stage}`, stage === "gated_weighting" ? `${head.previous}.weighting` : null));
    this.strips = [...head.fields.values()].filter((field) => STRIPS.includes(trace.column(field).role)).sort((a, b) => orderOf(trace, a) - orderOf(trace, b)).map((field) => stripOf(field, head.kind));
    this.timelines = TIMELINES.flatMap(([stage, label]) => {
      const field = head.fields.get(stage);
      return field ? [new Timeline(head, this.shade, field, `${label} ${symbolOf(stage)}`, wordOf(stage))] : [];
    });
    this.root = build(
      "section",
      { class: `inspected ${head.kind}`, "data-inspects": head.name, "data-head-kind": head.kind, "aria-label": `${title}, ${SUMMARY}` },
      build("div", { class: "inspected-title" }, build("h2", {}, ...chip(shadeAmong(trace, head)), term(title, `${head.kind} head`), this.atStep), tableButton(`${title} at the cursor`)),
      ...stages.map((stage, index) => this.#stage(stage, this.stages[index], index === stages.length - 1)),
      build("p", { class: "equation act" }, ...actOf(head)),
      build("div", { class: "vectors" }, ...this.strips.map(({ root }) => root)),
      ...(this.timelines.length > 0 ? [build("h3", {}, "Over time")] : []),
      ...this.timelines.map(({ root }) => root),
    );
    this.root.style.setProperty("--own", `var(--${this.shade})`);
    this.shares = head.shifts.map((move) => this.root.querySelector(`[data-share="${nameOfMove(move)}"]`));
    /** Where each number stands, once or more. @type {Map<string, Element[]>} */
    this.values = new Map();
    for (const value of this.root.querySelectorAll("[data-value]")) {
      const name = value.getAttribute("data-value") ?? "";
      this.values.set(name, [...(this.values.get(name) ?? []), value]);
    }
    /** The rows that the axis was drawn for. @type {number[]} */
    this.rows = [];
    this.axisOf = "";
  }

  /** @param {import("./equations.mjs").Stage} stage @param {Stage} bars @param {boolean} last the one that has the axis */
  #stage({ title, word, equation, numbers }, bars, last) {
    const words = [build("span", { class: "equation" }, ...equation), build("span", { class: "numbers" }, ...numbers)];
    return build(
      "div",
      { class: "stage" },
      build("h3", {}, term(title, word)),
      bars.root,
      ...(last ? [this.axis] : []),
      build("div", { class: "stage-words" }, ...words),
    );
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.timelines.forEach((timeline) => timeline.begin(trace));
    this.axisOf = "";
    this.measure();
  }

  measure() {
    this.stages.forEach((stage) => stage.measure());
    this.strips.forEach(({ heatmap }) => heatmap.fit());
    this.timelines.forEach((timeline) => timeline.measure());
    this.axisOf = "";
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  show(trace, step, rows, theme) {
    const { name, fields } = this.head;
    this.atStep.textContent = ` at step ${step}`;
    this.#drawAxis(rows);
    const colours = { bars: theme.heads[this.shade], outline: theme.text };
    this.stages.forEach((stage) => stage.show(trace, step, rows, colours));
    this.strips.forEach((strip) => drawStrip(strip, trace, step, theme));
    this.timelines.forEach((timeline) => timeline.show(step, theme));
    const shift = fields.get("shift_weighting");
    if (shift) {
      trace.at(shift, step).forEach((share, index) => {
        const fill = this.shares[index];
        if (fill instanceof HTMLElement) fill.style.transform = `scaleX(${share.toFixed(4)})`;
      });
    }
    this.#write(numbersOf(trace, name, step));
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
    this.axis.replaceChildren(...ticks(rows.length, MOST_TICKS).map((index) => tick(String(rows[index]), "left", (index + 0.5) / rows.length)));
  }
}

/** A strip's place among the others. @param {Trace} trace @param {string} field */
const orderOf = (trace, field) => STRIPS.indexOf(trace.column(field).role);

/** @param {string} field @param {"write" | "read"} kind of its head */
function stripOf(field, kind) {
  const canvas = element("canvas", "cells");
  const limits = build("span", { class: "limits" });
  const word = wordOf(field);
  const called = word.split(" ")[0];
  const label = build("span", {}, term(called[0].toUpperCase() + called.slice(1), word), " ", build("var", {}, symbolOf(field)));
  const root = build("div", { class: "vector-strip", "data-vector": field }, label, build("div", { class: "strip" }, canvas), limits);
  return { field, kind, root, heatmap: new Heatmap(canvas), limits };
}

/** @param {{field: string, kind: "write" | "read", heatmap: Heatmap, limits: HTMLElement}} strip @param {Trace} trace @param {number} step @param {Theme} theme */
function drawStrip({ field, kind, heatmap, limits }, trace, step, theme) {
  const values = trace.at(field, step);
  const { low, high } = trace.limitsOf(field);
  limits.textContent = `${String(low).replace("-", "−")} … ${high}`;
  const shades = theme.ramps[rampOf(low, kind)];
  const picture = {
    source: { data: values, offset: 0, stride: 1 },
    columns: values.length,
    rows: [0],
    shades,
    low,
    high,
    gap: theme.gap,
  };
  heatmap.draw(picture, 0, values.length);
}
