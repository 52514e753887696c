/**
 * What is looked at, said once: the run that is shown, its trace, the time cursor, and how it is viewed. Views read it, and
 * pointing, keys and addresses write it.
 *
 * @typedef {import("./contract/stream.mjs").Request} Request
 * @typedef {import("./model/panels.mjs").Chosen} Chosen
 * @typedef {{step: number, kind: string | null, row: number | null, panel: string}} Lit a cell, or a step where there is no row; `kind`
 *     is what its rows are
 * @typedef {{panel: string, step: number, row: number}} Pin
 * @typedef {{
 *   allRows: boolean, heads: Chosen, kept: Chosen, folded: Record<"write" | "read", boolean>, lit: Lit | null, pinned: boolean,
 * }} View `heads` are looked at, “” is the first of a side; `kept` are shown beside them, “” is none; of a side that is `folded` those
 *     that never move take one line
 */

import { TimeCursor } from "./model/cursor.mjs";

export class Store extends EventTarget {
  cursor = new TimeCursor();
  /** What is run to get the trace. @type {Request | null} */
  source = null;
  /** @type {import("./model/trace.mjs").Trace | null} */
  trace = null;
  /** @type {View} */
  view = { allRows: false, heads: { write: "", read: "" }, kept: { write: "", read: "" }, folded: { write: false, read: false }, lit: null, pinned: false };

  /** Another view of the same trace. @param {Partial<View>} change */
  look(change) {
    this.view = { ...this.view, ...change };
    this.dispatchEvent(new Event("view"));
  }

  /** Looks at a head. @param {"write" | "read"} kind @param {string} name */
  choose(kind, name) {
    this.look({ heads: { ...this.view.heads, [kind]: name } });
  }

  /** Keeps a head in view, whichever is looked at; “” none. @param {"write" | "read"} kind @param {string} name */
  keep(kind, name) {
    this.look({ kept: { ...this.view.kept, [kind]: name } });
  }
}
