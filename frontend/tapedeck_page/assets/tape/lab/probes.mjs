/**
 * What is asked of many runs at once, above the tape: what the answer hangs on, and what becomes of it as a number is turned. Each
 * question folds out where it is asked.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/model/tables.mjs").Table} Table
 * @typedef {{tape: import("#viewer/views/tape.mjs").Tape, store: import("#viewer/store.mjs").Store}} Parts
 * @typedef {{source: () => Request | null, changes: import("#viewer/model/changes.mjs").Changes, sizes: (request: Request) => Record<string, number>, parameters: import("./parameters.mjs").Parameters}} Told
 *     `source` is what the tape shows a run of, null where that is a file; `sizes` are those of a run's input
 * @typedef {{root: HTMLElement, open: boolean, begin: () => void, paint: () => void, ask: (request: Request) => void, close: () => void, table: (name: string) => Table | null}} Probe
 */

import { build } from "#viewer/draw/dom.mjs";
import { ImportancePanel } from "./importance.mjs";
import { SweepPanel } from "./sweep.mjs";

export class Probes {
  /** @param {HTMLElement} root @param {Parts} parts @param {Told} told */
  constructor(root, parts, told) {
    this.importance = new ImportancePanel(parts, told);
    this.sweep = new SweepPanel(parts, told);
    /** @type {[string, Probe][]} */
    this.all = [["What does the answer hang on?", this.importance], ["Sweep a number", this.sweep]];
    root.replaceChildren(build("div", { class: "probe-strip" }, ...this.all.map(([words, probe]) => this.#toggle(words, probe))), ...this.all.map(([, probe]) => probe.root));
  }

  /** A run is asked for. @param {Request} request */
  ask(request) {
    this.all.forEach(([, probe]) => probe.ask(request));
  }

  /** The tape was painted. */
  paint() {
    this.all.forEach(([, probe]) => probe.open && probe.paint());
  }

  /** For good. */
  close() {
    this.all.forEach(([, probe]) => probe.close());
  }

  /** The numbers of a figure; null where it is none of these. @param {HTMLElement} figure @returns {Table | null} */
  tableOf({ dataset }) {
    return this.all.map(([, probe]) => probe.table(dataset.probe ?? "")).find(Boolean) ?? null;
  }

  /** @param {string} words @param {Probe} probe */
  #toggle(words, probe) {
    const button = build("button", { type: "button", class: "quiet probe-toggle", "aria-expanded": "false", "aria-controls": probe.root.id, "data-lab": probe.root.id }, words);
    button.addEventListener("click", () => {
      probe.open = !probe.open;
      probe.root.hidden = !probe.open;
      button.setAttribute("aria-expanded", String(probe.open));
      if (probe.open) probe.begin();
    });
    return button;
  }
}
