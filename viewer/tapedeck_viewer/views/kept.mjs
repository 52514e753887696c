/**
 * The weightings of heads that are kept in view beside the one that is looked at: a panel for each side that has several heads,
 * which is there while one is kept.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../store.mjs").Store} Store
 */

import { build, find } from "../draw/dom.mjs";
import { SIDES, headsOf, keptHead, specOf } from "../model/panels.mjs";
import { Panel } from "./panel.mjs";

export class KeptHeads {
  /** @param {Trace} trace @param {Store} store */
  constructor(trace, store) {
    this.store = store;
    this.root = build("div", { class: "kept-heads" });
    this.places = SIDES.filter((side) => headsOf(trace, side).length > 1).map((side) => ({ side, panel: placeOf(trace, side, store) }));
  }

  /** Also those that nothing is shown in. */
  get all() {
    return this.places.map(({ panel }) => panel);
  }

  /** Those that a head is shown in. */
  get panels() {
    return this.all.filter(({ figure }) => figure.parentNode);
  }

  /** The view has changed. @param {Trace} trace */
  show(trace) {
    for (const { side, panel } of this.places) {
      const head = keptHead(trace, side, this.store.view);
      if (!head) panel.figure.remove();
      if (!head || (panel.figure.parentNode && panel.spec.head?.name === head.name)) continue;
      this.root.append(panel.figure);
      panel.show(specOf(trace, head.weighting));
      panel.begin(trace);
    }
  }
}

/** @param {Trace} trace @param {"write" | "read"} side @param {Store} store */
function placeOf(trace, side, store) {
  const panel = new Panel(specOf(trace, headsOf(trace, side)[0].weighting));
  const letGo = build("button", { type: "button", class: "strip-action", "data-action": "let-go-of-head" }, "Let go");
  letGo.addEventListener("click", () => store.keep(side, ""));
  find(".readout", panel.figure).after(letGo);
  panel.figure.dataset.kept = "";
  return panel;
}
