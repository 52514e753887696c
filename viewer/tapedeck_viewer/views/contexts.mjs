/**
 * What follows each context, as it is known at the cursor: how often it was seen and what came next, what the machine said of it last
 * beside the best possible, and where its read head was. So it is seen that the memory counts, and in which place what is counted.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 */

import { build, element } from "../draw/dom.mjs";
import { argmax } from "../model/numbers.mjs";
import { contextBits, optimumOf } from "../model/predictions.mjs";
import { hundredths } from "../model/vectors.mjs";
import { term } from "./markup.mjs";

export class Contexts {
  /** @type {Cell[]} */
  #cells = [];

  constructor() {
    this.cells = build("div", { class: "contexts-cells", role: "list" });
    const hint = build("p", { class: "hint" }, "Of each context: how often a 0 and a 1 came next, what the machine said last (beside it the best possible), and the location that it read then.");
    this.root = build("section", { class: "contexts", "aria-label": "Contexts at the cursor" }, build("h2", {}, term("Contexts", "context"), " at the cursor"), hint, this.cells);
    this.root.hidden = true;
  }

  /** Whether there is anything to be shown of a trace. @param {Trace} trace */
  begin(trace) {
    const { estimator } = trace.header;
    this.root.hidden = !estimator;
    const count = estimator ? 2 ** estimator.order : 0;
    if (this.#cells.length === count) return;
    this.#cells = Array.from({ length: count }, (_, context) => new Cell(contextBits(context, estimator?.order ?? 0)));
    this.cells.replaceChildren(...this.#cells.map(({ root }) => root));
  }

  /** @param {Trace} trace @param {number} step @param {Head | undefined} reader */
  show(trace, step, reader) {
    const { estimator } = trace.header;
    if (!estimator) return;
    /** @type {number[]} */
    const last = this.#cells.map(() => -1);
    for (let at = 0; at <= step; at++) if (estimator.contexts[at] >= 0) last[estimator.contexts[at]] = at;
    const optimum = optimumOf(trace);
    last.forEach((at, context) => {
      const known = at < 0 ? null : { zeros: estimator.zeros[at], ones: estimator.ones[at], said: trace.at("outputs", at)[0], best: optimum ? trace.at(optimum, at)[0] : null };
      // What followed it last has been heard by now, but at the cursor itself.
      if (known && at < step) known[trace.at("inputs", at + 1)[0] > 0.5 ? "ones" : "zeros"] += 1;
      const place = at < 0 || !reader ? null : argmax(trace.at(reader.weighting, at));
      this.#cells[context].show(known, place, step >= 0 && estimator.contexts[step] === context);
    });
  }
}

/** One context. */
class Cell {
  #shown = "";

  /** @param {string} bits */
  constructor(bits) {
    this.bits = bits;
    this.counts = element("span", "context-counts");
    this.bar = element("span", "context-bar");
    this.said = element("span", "context-said");
    this.place = element("span", "context-place");
    this.root = build("div", { class: "context", role: "listitem" }, build("span", { class: "context-bits" }, bits), this.bar, this.counts, this.said, this.place);
  }

  /** @param {{zeros: number, ones: number, said: number, best: number | null} | null} known @param {number | null} place @param {boolean} current */
  show(known, place, current) {
    const key = JSON.stringify([known, place, current]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.root.classList.toggle("now", current);
    this.root.classList.toggle("unseen", known === null);
    const seen = known ? known.zeros + known.ones : 0;
    this.bar.style.setProperty("--ones", String(seen ? (known?.ones ?? 0) / seen : 0));
    this.bar.style.setProperty("--seen", String(Math.min(1, seen / 12)));
    this.counts.textContent = known ? `${known.zeros} · ${known.ones}` : "–";
    this.said.textContent = known ? `${hundredths(known.said)}${known.best === null ? "" : ` (${hundredths(known.best)})`}` : "";
    this.place.textContent = place === null ? "" : `at ${place}`;
    const followed = known ? `followed by ${known.zeros} zeros and ${known.ones} ones so far` : "not seen yet";
    this.root.title = `${this.bits}: ${followed}`;
  }
}
