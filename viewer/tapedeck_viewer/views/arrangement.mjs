/**
 * Where the parts of a tape stand. In front, on one screen, what tells the story: inputs and weightings with the memory beside them,
 * and what came out. Below it what explains it: vectors, origins, targets, and the inspector. On a phone that is folded away with the
 * memory, and one weighting is shown at a time.
 *
 * @typedef {import("./panel.mjs").Panel} Panel
 * @typedef {"write" | "read"} Side
 */

import { build } from "../draw/dom.mjs";
import { SIDES } from "../model/panels.mjs";

/** Where the style sheet has one column. */
const NARROW = "(max-width: 620px)";

export class Arrangement {
  /** @param {HTMLElement} root @param {() => void} changed called when parts come into sight or leave it */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.narrow = matchMedia(NARROW);
    this.more = build("details", { class: "more" });
    this.more.addEventListener("toggle", changed);
    this.explained = build("div", { class: "explained" });
    this.more.append(build("summary", {}, "Memory, vectors, origins and addressing"), this.explained);
    this.memory = build("aside", { class: "at-cursor", "aria-label": "Memory at the cursor" });
    /** The side that somebody chose; until then it is the one that the run is at. @type {Side | null} */
    this.chosen = null;
    this.sides = build("div", { class: "sides", role: "radiogroup", "aria-label": "Weighting" });
    this.buttons = SIDES.map((side) => build("button", { type: "button", role: "radio", class: `side ${side}`, "data-side": side }, `${side === "write" ? "Write" : "Read"} weighting`));
    this.sides.append(...this.buttons);
    this.sides.addEventListener("click", (event) => this.#choose(event));
    this.sides.addEventListener("keydown", (event) => this.#key(event));
    this.narrow.addEventListener("change", () => {
      this.more.open = !this.narrow.matches;
      this.#settle();
    });
    this.more.open = !this.narrow.matches;
    this.show("write");
  }

  /**
   * @param {{task: Panel[], heads: Panel[], kept: HTMLElement, choosers: HTMLElement[], result: HTMLElement, memory: HTMLElement[], further: HTMLElement[], numbers: HTMLElement,
   *   origins: HTMLElement[], contexts: HTMLElement, controller: HTMLElement, inspector: HTMLElement}} parts
   */
  place({ task, heads, kept, choosers, result, memory, further, numbers, origins, contexts, controller, inspector }) {
    const of = (/** @type {Panel[]} */ panels, /** @type {(role: string) => boolean} */ are) => panels.filter(({ spec }) => are(spec.role)).map(({ figure }) => figure);
    const weightings = of(heads, (role) => role === "weighting");
    const vectors = of(heads, (role) => role !== "weighting");
    const isBeside = (/** @type {string} */ role) => role === "target" || role === "optimum";
    const [front, targets] = [of(task, (role) => !isBeside(role)), of(task, isBeside)];
    this.memory.replaceChildren(...memory);
    this.memory.hidden = memory.length === 0;
    this.root.toggleAttribute("data-without-memory", memory.length === 0);
    this.explained.replaceChildren(
      contexts,
      build("div", { class: "panels" }, ...vectors, ...origins, ...targets, ...further, controller),
      build("aside", { class: "at-cursor", "aria-label": "Heads at the cursor" }, numbers),
      inspector,
    );
    this.root.replaceChildren(build("div", { class: "panels" }, ...front, this.sides, ...choosers, ...weightings, kept, result), this.more);
    this.#settle();
  }

  /** The side that the run is at. @param {Side} side */
  show(side) {
    const shown = this.chosen ?? side;
    if (this.root.dataset.side === shown) return;
    this.root.dataset.side = shown;
    this.buttons.forEach((button) => {
      const checked = button.dataset.side === shown;
      button.setAttribute("aria-checked", String(checked));
      button.tabIndex = checked ? 0 : -1;
    });
    if (this.narrow.matches && this.more.isConnected) this.changed(); // the other is to be measured
  }

  /** So that a part in the fold can be looked at. @param {HTMLElement} part */
  reveal(part) {
    if (this.more.contains(part)) this.more.open = true;
  }

  /** The memory in its place. */
  #settle() {
    if (this.narrow.matches) this.explained.prepend(this.memory);
    else this.more.before(this.memory);
  }

  /** @param {Event} event */
  #choose({ target }) {
    const side = target instanceof HTMLElement ? target.dataset.side : undefined;
    if (!side) return;
    this.chosen = /** @type {Side} */ (side);
    this.show(this.chosen);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const other = /** @type {HTMLElement} */ (this.buttons.find(({ tabIndex }) => tabIndex < 0));
    other.click();
    other.focus();
  }
}
