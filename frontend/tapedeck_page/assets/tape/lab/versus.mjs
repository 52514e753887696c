/**
 * Above the tape: which of two runs it shows, what became of each and where they part, and both side by side.
 *
 * @typedef {import("#viewer/model/comparison.mjs").Found} Found
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {"changed" | "baseline" | "difference" | "both"} Shown
 * @typedef {{show: (shown: Shown) => void, go: (step: number) => void, pin: () => void, letGo: () => void}} Told
 * @typedef {{found: Found | null, obstacle: string, shown: Shown, pinned: boolean, baseline: string, waiting: boolean}} State `baseline` in words,
 *     empty where there is none; `waiting` for it
 */

import { build } from "#viewer/draw/dom.mjs";
import { button, segments } from "./fields.mjs";

export const SHOWN = /** @type {const} */ (["changed", "baseline", "difference", "both"]);
const BASELINE = "The run that another is compared with: the same without its changes, or one that was kept for it";
const NOTHING = "Nothing to compare yet. Change a number at the cursor, try an experiment, or keep this run to compare the next one with.";

export class Versus {
  /** @param {HTMLElement} root @param {Told} told */
  constructor(root, told) {
    this.choice = segments("What the tape shows", "versus-choice", (value) => told.show(/** @type {Shown} */ (value)));
    this.counts = build("span", { class: "versus-counts" });
    this.parting = button("", "parting", () => told.go(Number(this.parting.dataset.step)));
    this.keep = button("Compare with this run", "keep", () => (this.keep.dataset.kept === "true" ? told.letGo() : told.pin()));
    this.sentence = build("p", { class: "versus-sentence", role: "status" });
    this.sides = build("div", { class: "comparison versus-sides", hidden: "" }, build("div", { class: "panels" }));
    root.replaceChildren(build("div", { class: "versus-head" }, this.choice.root, this.counts, this.parting, this.keep), this.sentence, this.sides);
  }

  /** @param {State} state */
  show({ found, obstacle, shown, pinned, baseline, waiting }) {
    const is = found !== null;
    const own = pinned ? "This run" : "Changed";
    this.choice.show([["changed", own], ["baseline", "Baseline", !is], ["difference", "Difference", !is], ["both", "Side by side", !is]], is ? shown : "changed");
    this.choice.root.querySelector("[data-choice=baseline]")?.setAttribute("title", BASELINE);
    this.counts.textContent = countsOf(found);
    this.parting.hidden = !found?.first;
    this.parting.dataset.step = String(found?.first?.step ?? "");
    this.parting.textContent = `First difference: step ${found?.first?.step}`;
    this.keep.dataset.kept = String(pinned);
    this.keep.textContent = pinned ? "Let go of the baseline" : "Compare with this run";
    const kept = pinned ? `Baseline: ${baseline}. ` : "";
    this.sentence.textContent = obstacle || (found ? kept + found.sentence : pinned ? `${kept}Run something else: another input, another machine, or a file.` : waiting ? "The baseline is on its way." : NOTHING);
    this.sides.hidden = !is || shown !== "both";
  }
}

/** Of each run what was wrong, or what its predictions cost. @param {Found | null} found */
function countsOf(found) {
  if (found?.wrong) return `${grouped(found.wrong[0])} wrong · baseline ${grouped(found.wrong[1])}`;
  return found?.cost ? `${found.cost[0].toFixed(1)} bits · baseline ${found.cost[1].toFixed(1)}` : "";
}

/** @param {number} count */
const grouped = (count) => count.toLocaleString("en");
