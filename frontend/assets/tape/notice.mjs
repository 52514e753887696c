/** The one place for what went wrong with the service or a run: a sentence that stays until it is dismissed or outdated. */

import { find } from "./dom.mjs";

export class Notice {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.words = find("[data-readout=notice]", root);
    find("[data-action=dismiss]", root).addEventListener("click", () => this.clear());
  }

  /** @param {string} sentence @param {"error" | "away" | "back" | "done" | "link"} kind */
  show(sentence, kind) {
    this.root.hidden = false;
    this.root.dataset.kind = kind;
    this.words.textContent = sentence;
  }

  clear() {
    this.root.hidden = true;
    this.words.textContent = "";
  }
}
