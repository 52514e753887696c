/**
 * What stands under the columns of inputs and outputs, where there is room for it: characters where what is heard is text; of vectors
 * that are to come out by priority their rank and priority, and which of them came. What is under outputs comes with the cursor.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 */

import { element } from "../draw/dom.mjs";
import { rankingOf } from "../model/ranking.mjs";
import { hundredths, signsOf, vectorsOf } from "../model/vectors.mjs";

/** @typedef {{step: number, sign: string, wrong: boolean, under?: string}} Sign */

/** A narrower column has no room for a character. */
const LEAST_PX = 7;
/** A wider one has room for a number with two digits after the point. */
const WIDE_PX = 44;
/** Of the digits of a number, in pixels; and how wide each is, as a share of that. */
const [LEAST_DIGIT_PX, MOST_DIGIT_PX, DIGIT_SHARE] = [8, 12, 0.62];

export class Letters {
  /** @param {"inputs" | "outputs"} field */
  constructor(field) {
    this.field = field;
    this.row = element("div", "letters");
    this.row.setAttribute("aria-hidden", "true"); // the output is said elsewhere
    this.title = element("div", "letters-title");
    this.title.setAttribute("aria-hidden", "true");
    this.veil = element("div", "letters-veil");
    this.drawn = -1;
    this.shown = "";
    this.column = 0;
  }

  /** Nothing is known of a trace yet. @param {Trace} trace @param {number} width of the plot */
  begin(trace, width) {
    this.drawn = -1;
    this.column = width / trace.steps;
  }

  /** As far as the trace has arrived. @param {Trace} trace */
  draw(trace) {
    if (this.drawn === trace.arrived) return;
    this.drawn = trace.arrived;
    const ranked = rankedSigns(trace, this.field);
    const digits = Math.max(1, ...(ranked?.signs ?? []).map(({ sign }) => sign.length));
    const size = Math.min(MOST_DIGIT_PX, this.column / (digits * DIGIT_SHARE));
    const fits = ranked ? size >= LEAST_DIGIT_PX : this.column >= LEAST_PX;
    this.row.style.fontSize = ranked ? `${size.toFixed(1)}px` : "";
    /** @type {Sign[]} */
    const signs = fits ? (ranked?.signs ?? signsOf(trace, this.field)) : [];
    const titles = fits && ranked ? ranked.titles : [];
    this.row.classList.toggle("ranked", titles.length > 1);
    this.row.classList.toggle("wide", this.column >= WIDE_PX);
    // Of the checkpoints of a film most say the same.
    const key = `${trace.steps} ${titles.join()} ${ranked ? size.toFixed(1) : ""} ${signs.map(({ step, sign, wrong, under }) => `${step}${sign}${wrong ? "✕" : ""}${under ?? ""}`).join()}`;
    if (key === this.shown) return;
    this.shown = key;
    this.title.replaceChildren(...titles.map((title) => element("span", "", title)));
    this.row.replaceChildren(
      ...signs.map(({ step, sign, wrong, under }) => {
        const letter = element("span", wrong ? "letter wrong" : "letter", sign);
        if (under) letter.append(element("span", "letter-under", under));
        letter.style.left = `${((100 * (step + 0.5)) / trace.steps).toFixed(3)}%`;
        return letter;
      }),
      ...(this.field === "outputs" ? [this.veil] : []),
    );
  }

  /** @param {number} left in pixels, where what is to come begins */
  moveTo(left) {
    this.veil.style.transform = `translateX(${left.toFixed(2)}px)`;
  }
}

/**
 * Under the inputs the rank and the priority of each vector, under the outputs which of them came; null where nothing comes by priority.
 *
 * @param {Trace} trace @param {"inputs" | "outputs"} field @returns {{titles: string[], signs: Sign[]} | null}
 */
function rankedSigns(trace, field) {
  const ranking = rankingOf(trace);
  if (!ranking) return null;
  const { first, stop, heard } = ranking;
  if (field === "inputs") {
    const signs = ranking.ranks.map((rank, item) => ({ step: heard.start + item, sign: String(rank + 1), wrong: false, under: hundredths(ranking.priorities[item]) }));
    return { titles: ["rank", "priority"], signs };
  }
  const steps = Array.from({ length: Math.max(0, Math.min(stop, trace.arrived) - first) }, (_, index) => first + index);
  const signs = steps.map((step) => {
    const item = ranking.cameAt(step);
    return { step, sign: item === null ? "?" : String(item + 1), wrong: (vectorsOf(trace).outcome(step)?.wrong ?? 0) > 0 };
  });
  return { titles: [heard.name], signs };
}
