/**
 * Two pictures of where things come from. On the left, over the steps that wrote: the shares of what the cursor reads, or of
 * the read or the output bit that is lit up. On the right, over the steps that read: who wrote what each of them read.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {import("./tape.mjs").Lit} Lit
 * @typedef {import("../model/provenance.mjs").Terms} Terms
 * @typedef {{step: number, channel: number | null}} Asked whose origin is shown: a read's, or an output's
 */

import { Aside } from "../model/aside.mjs";
import { accountOfOutput, accountOfRead, signed } from "../model/accounts.mjs";
import { Crosshair } from "../draw/crosshair.mjs";
import { element, find } from "../draw/dom.mjs";
import { Heatmap } from "../draw/heatmap.mjs";
import { Playhead } from "../draw/playhead.mjs";
import { costOf, focusOf, sharesOf, termsOf } from "../model/provenance.mjs";
import { cividis, ticks } from "../model/scales.mjs";
import { hasOrigin } from "./sources.mjs";

/** What takes more multiplications is not worked out within a frame, but by a worker. */
const MOST_COST = 4e5;
const WORKING = "Working out where this comes from …";
const MOST_TICKS = 8;
const DELIMITERS = 2;
/** Above it an output is a 1. */
const THRESHOLD = 0.5;
/** How strongly a bar is filled that opposes what came out. */
const OPPOSING = 0.4;
const PARTS = /** @type {const} */ (["writes", "initial", "bias"]);

export class Origins {
  /** @param {HTMLElement} root */
  constructor(root) {
    const [left, right] = [find("[data-origins=bars]", root), find("[data-origins=picture]", root)];
    this.plots = [left, right].map((figure) => find(".plot", figure));
    this.bars = new Heatmap(element("canvas", "cells"));
    this.picture = new Heatmap(element("canvas", "cells"));
    this.crosshairs = [new Crosshair(), new Crosshair()];
    this.playhead = new Playhead();
    this.plots[0].replaceChildren(this.bars.canvas, ...this.crosshairs[0].elements);
    this.plots[1].replaceChildren(this.picture.canvas, ...this.crosshairs[1].elements, this.playhead.element);
    this.sentence = find("[data-readout=origin]", root);
    this.whole = PARTS.map((part) => ({ part, fill: find(`[data-part=${part}]`, left), number: find(`[data-readout=whole-${part}]`, left) }));
    this.timeAxes = [left, right].map((figure) => find(".time-axis", figure));
    this.rowAxis = find(".row-axis", right);
    this.readouts = [left, right].map((figure) => find(".readout", figure));
    /** Shares of every write in every read, read after read. */
    this.shares = new Float32Array(0);
    /** Without their signs, as the picture shows them. */
    this.magnitudes = new Float32Array(0);
    /** So many reads are in them. */
    this.done = 0;
    /** What the bars show: signed terms, and their signed shares. @type {{asked: Asked, terms: Terms, shares: Terms} | null} */
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

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.aside.begin(trace);
    this.found = null;
    this.awaited = null;
    this.shown = "";
    this.shares = new Float32Array(trace.steps * trace.steps);
    this.magnitudes = new Float32Array(trace.steps * trace.steps);
    this.done = 0;
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
    if (!trace || step < 0) return false;
    this.theme = theme;
    this.#drawBars(trace, askedOf(step, lit, trace.arrived), theme);
    this.playhead.moveTo(step);
    return trace.arrived === trace.steps && this.aside.hungry;
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
    this.magnitudes.set(shares.map(Math.abs), first * trace.steps);
    this.done = first + shares.length / trace.steps;
    this.#drawPicture(first);
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
    const key = `${asked.step} ${asked.channel} ${theme.write}`;
    if (key === this.shown) return;
    this.shown = key;
    if (costOf(trace, asked.step) > MOST_COST) return this.#await(asked);
    this.awaited = null;
    this.aside.forget();
    this.#drawTerms(trace, asked, termsOf(trace, asked.step, asked.channel), theme);
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
    this.aside.ask(asked.step, asked.channel);
  }

  /** @param {Trace} trace @param {Asked} asked @param {Terms} terms @param {Theme} theme */
  #drawTerms(trace, asked, terms, theme) {
    const found = (this.found = { asked, terms, shares: sharesOf(terms) });
    const { writes, initial, bias } = found.shares;
    const sum = (/** @type {Float64Array} */ all) => all.reduce((total, each) => total + each, 0);
    const came = asked.channel === null ? 1 : sum(terms.writes) + terms.initial + terms.bias - THRESHOLD;
    const { context, canvas } = this.bars;
    this.bars.clear();
    context.fillStyle = theme.write;
    const each = canvas.width / trace.steps;
    writes.forEach((share, tau) => {
      const tall = Math.abs(share) * canvas.height;
      context.globalAlpha = share > 0 === came > 0 ? 1 : OPPOSING;
      if (tall >= 0.5) context.fillRect(Math.round(tau * each), canvas.height - tall, Math.max(1, Math.round(each) - (each > 4 ? 1 : 0)), tall);
    });
    context.globalAlpha = 1;
    this.sentence.textContent = sentenceOf(trace, asked, asked.channel === null ? found.shares : terms);
    const width = { writes: writes.reduce((total, share) => total + Math.abs(share), 0), initial: Math.abs(initial), bias: Math.abs(bias) };
    const whole = { writes: sum(terms.writes), initial: terms.initial, bias: terms.bias };
    for (const { part, fill, number } of this.whole) {
      fill.style.width = `${(100 * width[part]).toFixed(2)}%`;
      if (asked.channel !== null) number.textContent = signed(whole[part]);
      else number.textContent = part === "bias" ? "none" : percent(width[part]);
    }
  }

  /** @param {number} from the first read that is new */
  #drawPicture(from) {
    const { trace, theme } = this;
    if (!trace || !theme) return;
    const picture = {
      source: { data: this.magnitudes, offset: 0, stride: trace.steps },
      columns: trace.steps,
      rows: Array.from({ length: trace.steps }, (_, tau) => tau),
      shades: cividis,
      low: 0,
      high: 1,
      gap: theme.mapGap,
    };
    this.picture.draw(picture, from, this.done);
  }
}

/** Whose origin is asked for: the lit output's, the lit read's, or what the cursor reads. @param {number} step @param {Lit | null} lit @param {number} arrived @returns {Asked} */
export function askedOf(step, lit, arrived) {
  if (!lit || !(hasOrigin(lit) || lit.panel === "origins")) return { step, channel: null };
  return { step: Math.min(lit.step, arrived - 1), channel: lit.panel === "outputs" ? lit.row : null };
}

/** @param {Trace} trace @param {Asked} asked @param {Terms} terms signed; of a read its shares */
function sentenceOf(trace, { step, channel }, terms) {
  const place = (/** @type {number} */ tau) => focusOf(trace, step, tau);
  const bits = trace.header.output_layer.bias.length - DELIMITERS;
  return channel === null ? accountOfRead(step, terms, place) : accountOfOutput(step, channel, bits, terms, place);
}

/** What a write has of what the bars show: a share of a read, what it gave to an output. @param {NonNullable<Origins["found"]>} found @param {number} step */
const partOf = ({ asked, terms, shares }, step) => (asked.channel === null ? percent(shares.writes[step]) : signed(terms.writes[step]));

/** Below 0 is of what points against the read. @param {number} share */
const percent = (share) => `${(100 * Math.abs(share)).toFixed(1)} %${share < 0 ? ", against it" : ""}`;
