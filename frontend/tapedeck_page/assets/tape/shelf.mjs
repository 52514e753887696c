/** Below the composer: the way back and forward through the runs, and examples of the task, each a press away. */

import { element, find } from "#viewer/draw/dom.mjs";
import { belongsTo } from "#viewer/player/keys.mjs";
import { examplesOf } from "./examples.mjs";

/** @typedef {import("./composer.mjs").Composer} Composer */
/** @typedef {import("./task.mjs").Task} Task */
/** @typedef {import("./visited.mjs").Visited} Visited */

const WAYS = /** @type {const} */ (["back", "forward"]);
const KEYS = { back: "[", forward: "]" };
const NAMES = { back: "Back to", forward: "Forward to" };
const NOWHERE = { back: "No run before this one", forward: "No run after this one" };

export class Shelf {
  /** @type {Task | null | undefined} */
  made = undefined;

  /** @param {HTMLElement} root @param {Composer} composer @param {Visited} visited */
  constructor(root, composer, visited) {
    this.composer = composer;
    this.visited = visited;
    this.chips = find(".chips", root);
    this.buttons = { back: find("[data-run=back]", root), forward: find("[data-run=forward]", root) };
    for (const way of WAYS) this.buttons[way].addEventListener("click", () => visited.go(way));
    visited.changed = () => this.showVisited();
    this.showVisited();
  }

  /** The examples of the task. */
  show() {
    const { task } = this.composer;
    if (task === this.made) return;
    this.made = task;
    this.chips.replaceChildren(...(task ? examplesOf(task) : []).map(({ chip, label }, index) => this.#chip(chip, label, index)));
  }

  /** Where the buttons lead. A button that leads nowhere keeps the focus, so that keys go on from it. */
  showVisited() {
    const { around } = this.visited;
    for (const way of WAYS) {
      const visit = around[way];
      const name = visit ? `${NAMES[way]} ${visit.words}` : NOWHERE[way];
      this.buttons[way].setAttribute("aria-label", name);
      this.buttons[way].setAttribute("aria-disabled", String(!visit));
      this.buttons[way].title = `${name} (${KEYS[way]})`;
    }
  }

  /** @param {string} name @param {string} label @param {number} index */
  #chip(name, label, index) {
    const chip = element("button", "chip", name);
    Object.assign(chip, { type: "button", title: label });
    chip.addEventListener("click", () => this.composer.example(index));
    return chip;
  }
}

/** The keys of the two buttons. @param {Visited} visited @param {() => boolean} enabled single keys can be switched off @param {AbortSignal} signal */
export function listenToRunKeys(visited, enabled, signal) {
  document.addEventListener("keydown", (event) => {
    const way = WAYS.find((each) => KEYS[each] === event.key);
    // Many keyboards type these with AltGr, which some systems tell as Ctrl and Alt.
    if (!way || event.metaKey || event.ctrlKey !== event.altKey || !enabled() || belongsTo(document.activeElement, event.key)) return;
    event.preventDefault();
    visited.go(way);
  }, { signal });
}
