/**
 * One panel of the tape: a heatmap of a field over time, its axes, and over it the playhead, the curtain over what is not
 * played yet, and the crosshair. Only CSS transforms move while time moves.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/panels.mjs").PanelSpec} PanelSpec
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {{step: number, row: number}} Cell
 */

import { Crosshair } from "../draw/crosshair.mjs";
import { build, element, fill, find, say } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { nameOfRow, rowLabels } from "../model/axes.mjs";
import { areValues, channelsOf, inInk } from "../model/channels.mjs";
import { Difference } from "../model/comparison.mjs";
import { scoredChannels } from "../model/result.mjs";
import { foretells } from "../model/predictions.mjs";
import { gradient, rampOf, ticks } from "../model/scales.mjs";
import { meaningOf } from "../model/words.mjs";
import { Letters } from "./letters.mjs";
import { chip, scaleBar, tableButton, term, tick, timePlot } from "./markup.mjs";

const MOST_TIME_TICKS = 8;
const PIXELS_PER_ROW_TICK = 26;
/** How the style sheet calls panels by what their rows are: by it they have their heights. */
const CLASSES = /** @type {Record<string, string>} */ ({ channel: "bits", location: "locations", column: "width", unit: "units" });
/** A row of channels, in a word. */
const WORDS = /** @type {Record<string, string>} */ ({ channel: "bit" });

export class Panel {
  /** @param {PanelSpec} spec */
  constructor(spec) {
    this.spec = spec;
    this.figure = figureOf(spec);
    this.plot = find(".plot", this.figure);
    this.canvas = element("canvas", "cells");
    this.marks = new Heatmap(element("canvas", "cells"));
    this.phases = element("div", "phase-lines");
    this.curtain = element("div", "curtain");
    this.playhead = new Playhead();
    this.crosshair = new Crosshair();
    const over = [this.curtain, this.phases, ...this.crosshair.elements, this.playhead.element];
    this.plot.replaceChildren(this.canvas, this.marks.canvas, ...over);
    this.rowAxis = find(".row-axis", this.figure);
    this.timeAxis = find(".time-axis", this.figure);
    /** Under the columns of what goes in and comes out. @type {Letters | null} */
    this.letters = spec.role === "input" || spec.role === "output" ? new Letters(spec.role === "input" ? "inputs" : "outputs") : null;
    if (this.letters) this.timeAxis.before(this.letters.title, this.letters.row);
    this.readout = find(".readout", this.figure);
    this.low = find(".scale-low", this.figure);
    this.high = find(".scale-high", this.figure);
    this.bar = find(".scale-bar", this.figure);
    this.heatmap = new Heatmap(this.canvas);
    /** The source's rows from top to bottom. @type {number[]} */
    this.rows = [];
    this.drawn = 0;
    /** The shades that the scale bar shows. @type {Uint32Array | null} */
    this.barOf = null;
    /** Errors that are marked, and whether they are all that there will be. */
    this.marked = 0;
    this.markedWhole = false;
    this.limits = { low: 0, high: 1 };
    this.width = 1;
    this.height = 1;
  }

  /** Another field in the same place, such as another head's. @param {PanelSpec} spec */
  show(spec) {
    this.spec = spec;
    describe(this.figure, spec);
    this.barOf = null;
  }

  /** A new trace: nothing is drawn yet. @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.drawn = 0;
    this.limits = { low: 0, high: 1 };
    this.#unmark();
    this.#note("");
    this.rows = this.#allRows();
    say(find(".row-title", this.figure), this.kindOfRow);
    this.heatmap.clear();
    this.measure();
    this.#drawTimeAxis();
    this.#drawRowAxis();
  }

  /** What its rows are, in a word. */
  get kindOfRow() {
    return areValues(this.channels) ? "channel" : (WORDS[this.spec.axis] ?? this.spec.axis);
  }

  get title() {
    return this.spec.title;
  }

  /** Another trace of the same sequence, with the same axes. @param {Trace} trace */
  swap(trace) {
    this.trace = trace;
    this.drawn = 0;
    this.letters?.begin(lettersOf(trace), this.width);
    this.#unmark();
    this.#note(trace instanceof Difference ? trace.noteOn(this.spec.name) : "");
  }

  /** Says behind its title what it shows of two runs. @param {string} words */
  #note(words) {
    const title = find("h2", this.figure);
    if (words) title.dataset.contrast = words;
    else delete title.dataset.contrast;
  }

  /** Whether it shows what two runs differ by. */
  get subtracted() {
    return this.trace instanceof Difference && !this.trace.plain.has(this.spec.name);
  }

  /** The plot's size on the page, read once and not while time moves. */
  measure() {
    this.width = this.plot.clientWidth || 1;
    this.height = this.plot.clientHeight || 1;
    if (this.heatmap.fit()) {
      this.marks.fit();
      this.marked = 0;
      this.markedWhole = false;
      this.drawn = 0;
    }
    this.playhead.fit(this.width, this.trace?.steps ?? 1);
    if (this.trace) this.letters?.begin(lettersOf(this.trace), this.width);
    this.#fitCrosshair();
  }

  /** Which rows to show, from top to bottom. @param {number[]} rows */
  showRows(rows) {
    if (rows.length !== this.rows.length || rows[0] !== this.rows[0]) {
      this.rows = rows;
      this.drawn = 0;
      this.#drawRowAxis();
      this.#fitCrosshair();
    }
  }

  /** Draws what has arrived since the last time, or all of it where the scale, the rows or the size changed. @param {Theme} theme */
  draw(theme) {
    const trace = this.trace;
    if (!trace) {
      return;
    }
    this.#fitScale(trace, theme);
    if (this.drawn === trace.arrived) {
      return;
    }
    const picture = {
      source: trace.field(this.spec.name),
      columns: trace.steps,
      rows: this.rows,
      shades: this.#shades(theme),
      ...this.limits,
      gap: theme.gap,
      tones: this.#tones(trace, theme),
    };
    this.heatmap.draw(picture, this.drawn, trace.arrived);
    this.drawn = trace.arrived;
    this.letters?.draw(lettersOf(trace));
  }

  /** Everything is drawn anew the next time: the theme changed. */
  forget() {
    this.drawn = 0;
    this.#unmark();
    this.barOf = null;
  }

  /** Moves the playhead and the curtain. @param {number} step −1 for none */
  moveTo(step) {
    const trace = this.trace;
    if (!trace) {
      return;
    }
    const cell = this.width / trace.steps;
    this.playhead.moveTo(step);
    const played = Math.min(this.width, (step + 1) * cell);
    this.curtain.style.transform = `translateX(${played.toFixed(2)}px)`;
    this.letters?.moveTo(played);
  }

  #fitCrosshair() {
    this.crosshair.fit({ width: this.width, height: this.height, steps: this.trace?.steps ?? 0, rows: this.rows });
  }

  /**
   * The cell under a point of the page.
   *
   * @param {number} clientX
   * @param {number} clientY
   * @returns {Cell | null}
   */
  cellAt(clientX, clientY) {
    const trace = this.trace;
    if (!trace || trace.arrived === 0) {
      return null;
    }
    const box = this.plot.getBoundingClientRect();
    const step = Math.floor(((clientX - box.left) / box.width) * trace.steps);
    const index = Math.floor(((clientY - box.top) / box.height) * this.rows.length);
    return {
      step: Math.min(Math.max(step, 0), trace.arrived - 1),
      row: this.rows[Math.min(Math.max(index, 0), this.rows.length - 1)],
    };
  }

  /** @param {number} step @param {number} row */
  valueAt(step, row) {
    return this.trace ? this.trace.at(this.spec.name, step)[row] : NaN;
  }

  #unmark() {
    this.marked = 0;
    this.markedWhole = false;
    this.marks.clear();
  }

  /** @param {number} row */
  nameOf(row) {
    return nameOfRow(this.spec.axis, row, this.channels);
  }

  /** What its rows are where they are channels. */
  get channels() {
    return this.trace && this.spec.axis === "channel" ? channelsOf(this.trace.header, this.spec.role) : [];
  }

  /** Whether it is drawn from paper to ink. */
  get inInk() {
    return this.spec.axis === "channel" && !areValues(this.channels) && !this.subtracted;
  }

  /** A target has the channels only that are scored. */
  #allRows() {
    const { trace, spec } = this;
    if (!trace) return [];
    if (spec.role === "target") return scoredChannels(trace, spec.name);
    return Array.from({ length: trace.field(spec.name).length }, (_, row) => row);
  }

  /** @param {Theme} theme */
  #shades(theme) {
    return theme.ramps[rampOf(this.limits.low, this.spec.head?.kind ?? "")];
  }

  /** Channels that are no bits have a scale of their own, as far below 0 as above it. @param {Trace} trace @param {Theme} theme */
  #tones(trace, theme) {
    const { channels } = this;
    if (channels.every(inInk) || areValues(channels) || this.subtracted) return undefined;
    const { high } = trace.limitsOf(this.spec.name);
    return this.rows.map((row) => (inInk(channels[row]) ? null : { shades: theme.ramps.signed, low: -high, high }));
  }

  /** In ink from 0 to 1, else the field's limits. @param {Trace} trace @param {Theme} theme */
  #fitScale(trace, theme) {
    const { low, high } = this.inInk ? { low: 0, high: 1 } : trace.limitsOf(this.spec.name);
    if (high !== this.limits.high || low !== this.limits.low) {
      this.limits = { low, high };
      this.drawn = 0;
    }
    const shades = this.#shades(theme);
    if (this.barOf !== shades || this.high.textContent !== String(high)) {
      this.barOf = shades;
      this.bar.style.background = gradient(shades);
      this.low.textContent = String(low).replace("-", "−");
      this.high.textContent = String(high);
    }
  }

  #drawTimeAxis() {
    const { steps = 1, phases = [] } = this.trace ?? {};
    fill(this.timeAxis, steps, () => ticks(steps, MOST_TIME_TICKS).map((step) => tick(String(step), "left", (step + 0.5) / steps)));
    fill(this.phases, [steps, phases], () =>
      phases.map(({ role, start, stop }) => {
        const stretch = element("div", "phase");
        stretch.dataset.phase = role;
        stretch.style.left = `${(100 * start) / steps}%`;
        stretch.style.width = `${(100 * (stop - start)) / steps}%`;
        return stretch;
      }),
    );
  }

  #drawRowAxis() {
    const count = this.rows.length;
    if (this.trace && this.spec.role === "output" && foretells(this.trace)) {
      const chances = ["1", "½", "0"];
      fill(this.rowAxis, chances, () => chances.map((text, index) => tick(text, "top", index / 2)));
      return;
    }
    const labels = rowLabels(this.spec.axis, this.rows, this.channels, this.height, PIXELS_PER_ROW_TICK);
    fill(this.rowAxis, [labels, count], () => labels.map(({ text, index }) => tick(text, "top", (index + 0.5) / count)));
  }
}

/** Of two runs the text of the one that was changed. @param {Trace} trace */
const lettersOf = (trace) => (trace instanceof Difference ? trace.changed : trace);

/** Whether a step of a panel is not shown yet: what comes out comes with the cursor. @param {{spec: PanelSpec}} panel @param {number} step @param {number} cursor */
export const isToCome = ({ spec }, step, cursor) => spec.role === "output" && step > cursor;

/** Where the plots of panels stand in the window, a column each, from left to right. @param {Panel[]} panels @returns {import("../player/strip.mjs").Column[]} */
export function columnsOf(panels) {
  // What is folded away keeps the place that it had when it was last seen.
  const places = panels.filter(({ plot }) => plot.checkVisibility()).map(({ plot }) => plot.getBoundingClientRect());
  const byLeft = new Map(places.map(({ left, width }) => [Math.round(left), { left, width }]));
  return [...byLeft.values()].sort((a, b) => a.left - b.left);
}

/** A panel, empty. @param {PanelSpec} spec */
function figureOf(spec) {
  const caption = build("figcaption", {}, build("h2", {}), build("span", { class: "readout" }), tableButton(spec.title), scaleBar());
  const title = build("div", { class: "row-title" }, WORDS[spec.axis] ?? spec.axis);
  const figure = build("figure", {}, caption, title, build("div", { class: "row-axis" }), ...timePlot());
  describe(figure, spec);
  return figure;
}

/** What a panel is of. @param {HTMLElement} figure @param {PanelSpec} spec */
function describe(figure, { name, title, word, axis, role, head, shade }) {
  figure.className = `panel ${CLASSES[axis] ?? "units"} panel-${head ? `${head.kind}-` : ""}${role}`;
  Object.assign(figure.dataset, { field: name, rows: axis, headKind: head?.kind ?? "" });
  figure.setAttribute("aria-label", `${title}. ${meaningOf(word)}`);
  find("h2", figure).replaceChildren(...chip(shade), term(title, word));
  find("[data-action=table]", figure).setAttribute("aria-label", `${title} as a table`);
}
