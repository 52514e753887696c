/**
 * Two pictures of where things come from. On the left, over the steps that wrote: the shares of what the cursor reads, or of
 * the read or the output bit that is lit up. On the right, over the steps that read: who wrote what each of them read.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {import("./tape.mjs").Lit} Lit
 * @typedef {import("../model/provenance.mjs").Terms} Terms
 * @typedef {import("../model/provenance.mjs").Asked} Asked whose origin is shown: a read's, or an output's
 */

import { Aside } from "../model/aside.mjs";
import { sentenceOf, signed } from "../model/accounts.mjs";
import { Crosshair } from "../draw/crosshair.mjs";
import { build, element, find } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { byStep, costOf, middleOf, recordedOf, sharesOf, termsOf } from "../model/provenance.mjs";
import { SHADES, ticks } from "../model/scales.mjs";
import { scaleBar, tableButton, term, tick, timePlot } from "./markup.mjs";
import { originOf } from "./sources.mjs";

/** What takes more multiplications is not worked out within a frame, but by a worker. */
const MOST_COST = 4e5;
const WORKING = "Working out where this comes from …";
const MOST_TICKS = 8;
/** A share that shows. */
const LEAST_SHADE = 0.5 / SHADES;
/** From −1 over 0 to 1: the picture shows magnitudes. @param {Uint32Array} shades from 0 to 1 */
const ofMagnitudes = (shades) => Uint32Array.from({ length: SHADES }, (_, shade) => shades[Math.abs(2 * shade - (SHADES - 1))]);
/** How strongly a bar is filled that opposes what came out. */
const OPPOSING = 0.4;
/** What a read is made of, and an output before its activation; a read has neither the bias nor what else outputs see. */
const PARTS = /** @type {const} */ ([["writes", "writes"], ["initial", "initial memory"], ["interventions", "interventions"], ["beside", "controller and inputs"], ["bias", "bias"]]);

export class Origins {
  constructor() {
    const [left, right] = (this.figures = [barsFigure(), pictureFigure()]);
    this.plots = [left, right].map((figure) => find(".plot", figure));
    this.bars = new Heatmap(element("canvas", "cells"));
    this.picture = new Heatmap(element("canvas", "cells"));
    this.crosshairs = [new Crosshair(), new Crosshair()];
    this.playhead = new Playhead();
    this.plots[0].replaceChildren(this.bars.canvas, ...this.crosshairs[0].elements);
    this.plots[1].replaceChildren(this.picture.canvas, ...this.crosshairs[1].elements, this.playhead.element);
    this.sentence = find("[data-readout=origin]", left);
    this.whole = PARTS.map(([part]) => ({ part, fill: find(`[data-part=${part}]`, left), number: find(`[data-readout=whole-${part}]`, left) }));
    this.timeAxes = [left, right].map((figure) => find(".time-axis", figure));
    this.rowAxis = find(".row-axis", right);
    this.readouts = [left, right].map((figure) => find(".readout", figure));
    /** Shares of every write in every read, read after read. */
    this.shares = new Float32Array(0);
    /** Whether some of them are below 0. */
    this.opposed = false;
    /** So many reads are in them. */
    this.done = 0;
    /** Whose reads the picture is of: a reader's place among those of the trace. */
    this.reader = 0;
    /** What the bars show: signed terms, and their signed shares; and the shares of each step's writes together. @type {{asked: Asked, terms: Terms, shares: Terms, steps: Float64Array} | null} */
    this.found = null;
    this.shown = "";
    /** Whose origin is being worked out. @type {Asked | null} */
    this.awaited = null;
    /** Called when it is. */
    this.answered = () => {};
    this.aside = new Aside({
      answer: (terms) => this.#answer(terms),
      reads: (first, shares) => this.#take(first, shares),
      failed: (reason) => (this.sentence.textContent = `Your browser cannot work out where this comes from: ${reason}`),
    });
  }

  /** @param {Trace} trace @param {number} reader whose reads are shown, by its place */
  begin(trace, reader) {
    this.trace = trace;
    this.recorded = trace.explains ? recordedOf(trace) : null;
    this.reader = reader;
    this.found = null;
    if (!this.recorded) return;
    this.aside.begin(trace);
    this.aside.choose(reader);
    const { beside, applied, changed } = this.recorded;
    for (const [part, has] of /** @type {const} */ ([["beside", beside.length > 0], ["interventions", applied.size + changed.size > 0]])) {
      this.figures[0].querySelectorAll(`.whole-${part}`).forEach((each) => each.toggleAttribute("hidden", !has));
    }
    this.awaited = null;
    this.shown = "";
    this.shares = new Float32Array(trace.steps * trace.steps);
    this.opposed = false;
    this.done = 0;
    this.picture.clear();
    const labels = (/** @type {"left" | "top"} */ side) => ticks(trace.steps, MOST_TICKS).map((step) => tick(String(step), side, (step + 0.5) / trace.steps));
    this.timeAxes.forEach((axis) => axis.replaceChildren(...labels("left")));
    this.rowAxis.replaceChildren(...labels("top"));
    this.measure();
  }

  /** Another's reads. @param {number} reader by its place */
  choose(reader) {
    if (reader === this.reader || !this.trace || !this.recorded) return;
    this.reader = reader;
    this.shares.fill(0);
    this.done = 0;
    this.picture.clear();
    this.aside.choose(reader);
  }

  measure() {
    const steps = this.trace?.steps ?? 0;
    const rows = Array.from({ length: steps }, (_, tau) => tau);
    this.crosshairs.forEach((crosshair, index) => {
      const { clientWidth: width, clientHeight: height } = this.plots[index];
      crosshair.fit({ width: width || 1, height: height || 1, steps, rows: index === 1 ? rows : [] });
    });
    this.playhead.fit(this.plots[1].clientWidth || 1, steps || 1);
    // What is known is drawn again, and not asked for again: what it says changes the height of the page, too.
    if (this.bars.fit() && this.found && this.trace && this.theme) this.#drawTerms(this.trace, this.found.asked, this.found.terms, this.theme);
    if (this.picture.fit()) this.#drawPicture(0);
  }

  /**
   * The shares of what is read at a step.
   *
   * @param {number} step
   * @param {Lit | null} lit
   * @param {Theme} theme
   * @returns {boolean} whether the worker lacks steps that have arrived
   */
  show(step, lit, theme) {
    const { trace } = this;
    if (!trace || !this.recorded || step < 0) return false;
    this.theme = theme;
    this.#drawBars(trace, this.askedOf(step, lit), theme);
    this.playhead.moveTo(step);
    return trace.arrived === trace.steps && this.aside.hungry;
  }

  /** Whose origin is asked for: the lit output's, the lit read's, or what the cursor reads. @param {number} step @param {Lit | null} lit @returns {Asked} */
  askedOf(step, lit) {
    const { trace, reader } = this;
    const asked = trace && lit ? originOf(trace, lit, reader) : null;
    return asked ? { ...asked, step: Math.min(asked.step, (trace?.arrived ?? 1) - 1) } : { step, reader, channel: null };
  }

  /** The step that is lit, as a column of both, and in the picture its write as a row. @param {Lit | null} lit */
  light(lit) {
    const wrote = lit?.panel === "origins" ? lit.row : null;
    this.crosshairs[0].light(wrote ?? lit?.step ?? null, null);
    this.crosshairs[1].light(lit?.step ?? null, wrote);
    const wrotes = lit?.panel === "writes" ? this.found : null;
    this.readouts[0].textContent = wrotes && lit && lit.step <= wrotes.asked.step ? `write of step ${lit.step}: ${partOf(wrotes, lit.step)}` : "";
    this.readouts[1].textContent = lit && wrote !== null ? this.describe(lit.step, wrote) : "";
  }

  /** @param {number} read @param {number} wrote both steps */
  describe(read, wrote) {
    const { trace } = this;
    if (!trace || wrote > read) return `read of step ${read}, write of step ${wrote}: later than the read`;
    const share = read < this.done ? percent(this.shares[read * trace.steps + wrote]) : "still being worked out";
    return `read of step ${read}, write of step ${wrote}: ${share}`;
  }

  /** The steps of a point of the page: over the bars that of a write, over the picture those of a read and a write. @param {number} plot @param {PointerEvent} event */
  at(plot, event) {
    const steps = this.trace?.steps ?? 0;
    if (!this.trace || this.trace.arrived === 0) return null;
    const box = this.plots[plot].getBoundingClientRect();
    const at = (/** @type {number} */ offset, /** @type {number} */ size) =>
      Math.min(Math.max(Math.floor((offset / size) * steps), 0), this.trace ? this.trace.arrived - 1 : 0);
    const across = at(event.clientX - box.left, box.width);
    return { step: across, row: plot === 1 ? at(event.clientY - box.top, box.height) : null };
  }

  /** More of the run for the worker. */
  work() {
    this.aside.feed();
  }

  /** More of the picture. @param {number} first @param {Float32Array} shares */
  #take(first, shares) {
    const { trace } = this;
    if (!trace) return;
    this.shares.set(shares, first * trace.steps);
    this.done = first + shares.length / trace.steps;
    const opposed = this.opposed || shares.some((share) => share < -LEAST_SHADE);
    const from = opposed === this.opposed ? first : 0;
    this.opposed = opposed;
    this.#drawPicture(from);
  }

  /** @param {Terms} terms */
  #answer(terms) {
    const { trace, awaited, theme } = this;
    if (!trace || !awaited || !theme) return;
    this.awaited = null;
    this.#drawTerms(trace, awaited, terms, theme);
    this.answered();
  }

  /** @param {Trace} trace @param {Asked} asked @param {Theme} theme */
  #drawBars(trace, asked, theme) {
    const { recorded } = this;
    const key = `${asked.step} ${asked.reader} ${asked.channel} ${theme.write}`;
    if (key === this.shown || !recorded) return;
    this.shown = key;
    if (costOf(recorded, asked) > MOST_COST) return this.#await(asked);
    this.awaited = null;
    this.aside.forget();
    this.#drawTerms(trace, asked, termsOf(recorded, asked), theme);
  }

  /** Nothing is shown that is of another step. @param {Asked} asked */
  #await(asked) {
    this.found = null;
    this.awaited = asked;
    this.bars.clear();
    this.sentence.textContent = WORKING;
    for (const { fill, number } of this.whole) {
      fill.style.width = "0";
      number.textContent = "–";
    }
    this.aside.ask(asked);
  }

  /** @param {Trace} trace @param {Asked} asked @param {Terms} terms @param {Theme} theme */
  #drawTerms(trace, asked, terms, theme) {
    const shares = sharesOf(terms);
    const found = (this.found = { asked, terms, shares, steps: byStep(shares.writes, trace.writers.length) });
    const { writes, initial, interventions, bias, others } = shares;
    const sum = (/** @type {Iterable<number>} */ all) => [...all].reduce((total, each) => total + each, 0);
    const whole = {
      writes: sum(terms.writes),
      initial: terms.initial,
      interventions: sum(terms.interventions),
      beside: sum(Object.values(terms.others)),
      bias: terms.bias,
    };
    const middle = middleOf(trace.header.output.activation);
    const came = asked.channel === null ? 1 : sum(Object.values(whole)) - middle;
    const { context, canvas } = this.bars;
    this.bars.clear();
    context.fillStyle = theme.write;
    const each = canvas.width / trace.steps;
    found.steps.forEach((share, tau) => {
      const tall = Math.abs(share) * canvas.height;
      context.globalAlpha = share > 0 === came > 0 ? 1 : OPPOSING;
      if (tall >= 0.5) context.fillRect(Math.round(tau * each), canvas.height - tall, Math.max(1, Math.round(each) - (each > 4 ? 1 : 0)), tall);
    });
    context.globalAlpha = 1;
    this.sentence.textContent = sentenceOf(trace, asked, asked.channel === null ? found.shares : terms);
    const magnitudes = (/** @type {Iterable<number>} */ all) => sum([...all].map(Math.abs));
    const width = {
      writes: magnitudes(writes),
      initial: Math.abs(initial),
      interventions: magnitudes(interventions),
      beside: magnitudes(Object.values(others)),
      bias: Math.abs(bias),
    };
    for (const { part, fill, number } of this.whole) {
      fill.style.width = `${(100 * width[part]).toFixed(2)}%`;
      if (asked.channel !== null) number.textContent = signed(whole[part]);
      else number.textContent = part === "bias" || part === "beside" ? "none" : percent(width[part]);
    }
  }

  /** @param {number} from the first read that is new */
  #drawPicture(from) {
    const { trace, theme } = this;
    if (!trace || !theme) return;
    const picture = {
      source: { data: this.shares, offset: 0, stride: trace.steps },
      columns: trace.steps,
      rows: Array.from({ length: trace.steps }, (_, tau) => tau),
      shades: this.opposed ? ofMagnitudes(theme.ramps.read) : theme.ramps.read,
      low: this.opposed ? -1 : 0,
      high: 1,
      gap: theme.gap,
    };
    this.picture.draw(picture, from, this.done);
  }
}

/** What a step's writes have of what the bars show: a share of a read, what they gave to an output. @param {NonNullable<Origins["found"]>} found @param {number} step */
function partOf({ asked, terms, steps }, step) {
  return asked.channel === null ? percent(steps[step]) : signed(byStep(terms.writes, terms.writes.length / steps.length)[step]);
}

function barsFigure() {
  const caption = build("figcaption", {}, build("h2", {}, term("Written at", "provenance")), build("span", { class: "readout" }), tableButton("Written at"));
  const axis = build("div", { class: "row-axis" }, build("span", { class: "tick high" }, "1"), build("span", { class: "tick low" }, "0"));
  const label =
    "Written at. How much each step's write contributes to what is read at the cursor, or to the output bit that is pointed at.";
  const attributes = { class: "panel origins", "data-origins": "bars", "data-head-kind": "write", "aria-label": label };
  return build("figure", attributes, caption, build("div", { class: "row-title" }, "share"), axis, ...timePlot(), wholeBar());
}

/** All of it in one bar: the writes together, what the initial memory gave and what interventions set in it, what else the outputs see, and the bias. */
function wholeBar() {
  const bar = PARTS.map(([part]) => build("div", { class: `whole-${part}`, "data-part": part }));
  const keys = PARTS.map(([part, called]) =>
    build("div", { class: `whole-key whole-${part}` }, build("dt", {}, called), build("dd", { "data-readout": `whole-${part}` }, "–")),
  );
  const sentence = build("p", { class: "origin", "data-readout": "origin" });
  return build("div", { class: "whole" }, build("div", { class: "whole-bar" }, ...bar), build("dl", {}, ...keys), sentence);
}

function pictureFigure() {
  const title = "Who wrote what is read";
  const caption = build("figcaption", {}, build("h2", {}, term(title, "provenance")), build("span", { class: "readout" }), tableButton(title), scaleBar());
  const attributes = { class: "panel origins", "data-origins": "picture", "data-head-kind": "read", "aria-label": `${title}. The share of every write in the magnitude of every read.` };
  return build("figure", attributes, caption, build("div", { class: "row-title" }, "written at"), build("div", { class: "row-axis" }), ...timePlot());
}

/** Below 0 is of what points against the read. @param {number} share */
const percent = (share) => `${(100 * Math.abs(share)).toFixed(1)} %${share < 0 ? ", against it" : ""}`;
