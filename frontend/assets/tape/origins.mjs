/**
 * Two pictures of where things come from. On the left, over the steps that wrote: the shares of what the cursor reads, or of
 * the read or the output bit that is lit up. On the right, over the steps that read: who wrote what each of them read.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./theme.mjs").Theme} Theme
 * @typedef {import("./tape.mjs").Lit} Lit
 * @typedef {import("./provenance.mjs").Terms} Terms
 * @typedef {{step: number, channel: number | null}} Asked whose origin is shown: a read's, or an output's
 */

import { accountOfOutput, accountOfRead, signed } from "./accounts.mjs";
import { Crosshair } from "./crosshair.mjs";
import { element, find } from "./dom.mjs";
import { Heatmap } from "./heatmap.mjs";
import { Playhead } from "./playhead.mjs";
import { placeOf, sharesOf, termsOf } from "./provenance.mjs";
import { cividis, ticks } from "./scales.mjs";
import { hasOrigin } from "./sources.mjs";

/** How long the picture may take of one animation frame. */
const BUDGET_MS = 12;
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
    /** So many reads are in them. */
    this.done = 0;
    /** What the bars show: signed terms, and their signed shares. @type {{asked: Asked, terms: Terms, shares: Terms} | null} */
    this.found = null;
    this.shown = "";
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.shares = new Float32Array(trace.steps * trace.steps);
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
    this.bars.fit();
    this.found = null;
    this.shown = "";
    if (this.picture.fit()) this.#drawPicture(0);
  }

  /**
   * The shares of what is read at a step, and a part of the picture while the cursor rests.
   *
   * @param {number} step
   * @param {Lit | null} lit
   * @param {Theme} theme
   * @returns {boolean} whether there is more of the picture to come
   */
  show(step, lit, theme) {
    const { trace } = this;
    if (!trace || step < 0) return false;
    this.theme = theme;
    this.#drawBars(trace, askedOf(step, lit, trace.arrived), theme);
    this.playhead.moveTo(step);
    return trace.arrived === trace.steps && this.done < trace.steps;
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
    const share = read < this.done ? this.shares[read * trace.steps + wrote] : sharesOf(termsOf(trace, read, null)).writes[wrote];
    return `read of step ${read}, write of step ${wrote}: ${percent(share)}`;
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

  /** Another stretch of the picture. */
  work() {
    const { trace } = this;
    if (!trace) return;
    const [from, until] = [this.done, performance.now() + BUDGET_MS];
    while (this.done < trace.steps && performance.now() < until) {
      this.shares.set(sharesOf(termsOf(trace, this.done, null)).writes, this.done * trace.steps);
      this.done += 1;
    }
    this.#drawPicture(from);
  }

  /** @param {Trace} trace @param {Asked} asked @param {Theme} theme */
  #drawBars(trace, asked, theme) {
    const key = `${asked.step} ${asked.channel} ${theme.write}`;
    if (key === this.shown) return;
    this.shown = key;
    const terms = termsOf(trace, asked.step, asked.channel);
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
      source: { data: this.shares, offset: 0, stride: trace.steps },
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
  const place = (/** @type {number} */ tau) => placeOf(trace, step, tau);
  const bits = trace.header.output_layer.bias.length - DELIMITERS;
  return channel === null ? accountOfRead(step, terms, place) : accountOfOutput(step, channel, bits, terms, place);
}

/** What a write has of what the bars show: a share of a read, what it gave to an output. @param {NonNullable<Origins["found"]>} found @param {number} step */
const partOf = ({ asked, terms, shares }, step) => (asked.channel === null ? percent(shares.writes[step]) : signed(terms.writes[step]));

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
