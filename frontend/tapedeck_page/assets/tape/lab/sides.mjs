/**
 * Two runs side by side, small, under the tape's cursor.
 *
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 */

import { onThemeChange, readTheme } from "#viewer/draw/theme.mjs";
import { Side } from "../comparison.mjs";

export class Sides {
  /** @type {[string, Trace][]} */
  shown = [];
  requested = false;

  /** @param {HTMLElement} root @param {import("#viewer/store.mjs").Store} store */
  constructor(root, store) {
    this.root = root;
    this.store = store;
    this.theme = readTheme();
    this.sides = [new Side(), new Side()];
    store.cursor.addEventListener("change", () => this.#request());
    store.addEventListener("view", () => this.#request());
    new ResizeObserver(() => {
      this.sides.forEach((side) => side.panels.forEach((panel) => panel.measure()));
      this.#request();
    }).observe(root);
    onThemeChange(() => {
      this.theme = readTheme();
      this.sides.forEach((side) => side.panels.forEach((panel) => panel.forget()));
      this.#request();
    });
  }

  /** @param {[title: string, trace: Trace][]} shown both, or neither */
  show(shown) {
    if (this.shown.length !== shown.length) this.root.replaceChildren(...(shown.length > 0 ? this.sides.map((side) => side.root) : []));
    this.shown = shown;
    this.#request();
  }

  #request() {
    if (this.requested || this.shown.length === 0) return;
    this.requested = true;
    requestAnimationFrame(() => {
      this.requested = false;
      this.shown.forEach(([title, trace], index) => {
        this.sides[index].name(title, trace);
        this.sides[index].show(trace, this.store.view, this.store.cursor.step, this.theme);
      });
    });
  }
}
