/** The one place for errors of the service or a run: a sentence that stays until it is dismissed or out of date. */

import { find } from "#viewer/draw/dom.mjs";
import { worded } from "./worded.mjs";

export class Notice {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.words = find("[data-readout=notice]", root);
    /** What is true of the tape as long as it is shown; another sentence stands in front of it only for its time. */
    this.lasting = "";
    find("[data-action=dismiss]", root).addEventListener("click", () => (root.dataset.kind === "link" ? this.drop() : this.clear()));
  }

  /** @param {string} sentence @param {"error" | "away" | "back" | "done" | "file" | "link"} kind */
  show(sentence, kind) {
    if (kind === "link") this.lasting = sentence;
    this.root.hidden = false;
    this.root.dataset.kind = kind;
    this.words.textContent = worded(sentence);
  }

  /** The lasting sentence is true no more, or was dismissed. */
  drop() {
    this.lasting = "";
    if (this.root.dataset.kind === "link") this.clear();
  }

  clear() {
    if (this.lasting) return this.show(this.lasting, "link");
    this.root.hidden = true;
    this.words.textContent = "";
  }
}
