/**
 * Which head is looked at, where a side has several: all of them in small, side by side, and what one of them does: the one that
 * is pointed at, else the one that is looked at. The one that is pressed, or that the arrow keys go to, is shown large below; another can be kept in view beside it, and those that never move
 * can be folded to one line.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {import("../store.mjs").Store} Store
 * @typedef {"write" | "read"} Side
 */

import { build } from "../draw/dom.mjs";
import { conductOf } from "../model/conduct.mjs";
import { SIDES, chosenHead, headsOf } from "../model/panels.mjs";
import { Miniature } from "./miniature.mjs";

const MOVES = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 });

/** Those of both sides. */
export class HeadChoosers {
  /** @param {Trace} trace @param {Store} store */
  constructor(trace, store) {
    this.store = store;
    /** The parts of the view that it shows. @type {unknown[]} */
    this.shown = [];
    this.each = SIDES.map((side) => new HeadChooser(trace, side, store));
    /** Where one side has several the other keeps its place beside it. */
    const several = this.each.some(({ small }) => small.length > 0);
    this.roots = this.each.map(({ root }) => root);
    this.roots.forEach((root) => (root.hidden = !several));
    this.told = !several;
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.told = this.each.every(({ small }) => small.length === 0);
    this.each.forEach((chooser) => chooser.begin(trace));
  }

  measure() {
    this.each.forEach((chooser) => chooser.measure());
  }

  forget() {
    this.each.forEach((chooser) => chooser.forget());
  }

  /** The view has changed; where the heads are looked at as before nothing is to do, as whenever the pointer moves. @param {Trace} trace */
  show(trace) {
    const { heads, kept, folded } = this.store.view;
    const view = [heads, kept, folded];
    if (view.every((part, index) => part === this.shown[index])) return;
    this.shown = view;
    this.each.forEach((chooser) => chooser.show(trace));
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  draw(trace, step, rows, theme) {
    this.each.forEach((chooser) => chooser.draw(trace, step, rows, theme));
    if (this.told || trace.arrived < trace.steps) return;
    this.told = true;
    const conduct = conductOf(trace);
    this.each.forEach((chooser) => chooser.tell(conduct));
  }
}

class HeadChooser {
  /** @param {Trace} trace @param {Side} side @param {Store} store */
  constructor(trace, side, store) {
    this.side = side;
    this.store = store;
    const heads = headsOf(trace, side);
    const name = side === "write" ? "Write" : "Read";
    /** One alone is not chosen. */
    this.small = heads.length < 2 ? [] : heads.map((head) => new Miniature(trace, head));
    this.keep = build("button", { type: "button", class: "strip-action", "data-action": "keep-head", title: "It stays below when you choose another" });
    this.fold = build("button", { type: "button", class: "strip-action", "data-action": "fold-heads", hidden: "" });
    this.strip = build("span", { class: "small-strip" }, ...this.small.map(({ root }) => root));
    /** Those that are folded. */
    this.line = build("span", { class: "small-line" });
    const group = build("div", { class: "small-heads", role: "radiogroup", "aria-label": `${name} head` }, this.strip, this.line);
    /** What the head does that is pointed at, else the one that is looked at; each is called by it as well. */
    this.words = build("span", { class: "strip-words", "aria-hidden": "true" });
    /** @type {Miniature | undefined} */
    this.pointed = undefined;
    const title = [build("span", { class: "strip-title" }, `${name} heads`), this.words, build("span", { class: "strip-actions" }, this.keep, this.fold)];
    this.root = build("div", { class: `head-choice ${side}` }, ...(this.small.length > 0 ? [...title, group] : []));
    this.folded = false;
    this.#listen(group);
  }

  /** Apart from where the trace is known: a listener keeps all that is known where it is made. @param {HTMLElement} group */
  #listen(group) {
    const { side, store } = this;
    this.small.forEach(({ root, head }) => root.addEventListener("click", () => store.choose(side, head.name)));
    this.keep.addEventListener("click", () => store.keep(side, store.view.kept[side] === this.chosen ? "" : this.chosen));
    this.fold.addEventListener("click", () => store.look({ folded: { ...store.view.folded, [side]: !this.folded } }));
    group.addEventListener("keydown", (event) => this.#key(event));
    group.addEventListener("pointerover", ({ target }) => this.#point(this.small.find(({ root }) => target instanceof Element && root.contains(target))));
    group.addEventListener("pointerleave", () => this.#point(undefined));
  }

  /** The head that is looked at, by its name. */
  get chosen() {
    return this.small.find(({ root }) => root.tabIndex === 0)?.head.name ?? "";
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.small.forEach((small) => small.begin(trace));
    this.words.dataset.told = "false";
  }

  measure() {
    this.small.forEach((small) => small.measure());
  }

  forget() {
    this.small.forEach((small) => (small.drawn = 0));
  }

  /** @param {Map<string, import("../model/conduct.mjs").Conduct>} conduct of each head */
  tell(conduct) {
    for (const small of this.small) small.tell(/** @type {import("../model/conduct.mjs").Conduct} */ (conduct.get(small.head.name)));
    this.#say();
    this.#settle();
  }

  /** @param {Miniature | undefined} small */
  #point(small) {
    if (small === this.pointed) return;
    this.pointed = small;
    this.#say();
  }

  /** What one head does, once it is known. */
  #say() {
    const said = this.pointed ?? this.small.find(({ root }) => root.tabIndex === 0);
    if (!said?.words.textContent) return;
    this.words.dataset.told = said.root.dataset.told ?? "true";
    this.words.textContent = `${this.small.indexOf(said) + 1} ${said.words.textContent}`;
    this.words.title = this.words.textContent;
  }

  /** @param {Trace} trace */
  show(trace) {
    if (this.small.length === 0) return;
    const { heads, kept, folded } = this.store.view;
    const chosen = chosenHead(trace, this.side, heads);
    for (const { root, head } of this.small) {
      root.setAttribute("aria-checked", String(head.name === chosen.name));
      root.tabIndex = head.name === chosen.name ? 0 : -1;
      root.toggleAttribute("data-kept", head.name === kept[this.side]);
      if (head.name === chosen.name) this.#bringIntoSight(root);
    }
    this.#say();
    this.keep.textContent = `Keep ${headsOf(trace, this.side).findIndex(({ name }) => name === chosen.name) + 1} in view`;
    this.keep.setAttribute("aria-pressed", String(kept[this.side] === chosen.name));
    if (this.folded === folded[this.side]) return;
    this.folded = folded[this.side];
    this.#settle();
  }

  /** @param {Trace} trace @param {number} step @param {number[]} rows @param {Theme} theme */
  draw(trace, step, rows, theme) {
    this.small.forEach((small) => small.draw(trace, step, rows, theme));
  }

  /** Each head where it belongs: in the strip, or in the line where it never moves and that is folded. */
  #settle() {
    const still = this.small.filter((small) => small.still);
    this.fold.hidden = still.length === 0;
    this.fold.textContent = this.folded ? "Unfold" : `Fold ${still.length} that ${still.length === 1 ? "stays" : "stay"}`;
    this.fold.setAttribute("aria-pressed", String(this.folded));
    const folded = this.folded ? still : [];
    const focused = document.activeElement;
    this.strip.replaceChildren(...this.small.filter((small) => !folded.includes(small)).map(({ root }) => root));
    this.line.replaceChildren(...folded.map(({ root }) => root));
    if (focused instanceof HTMLElement && this.small.some(({ root }) => root === focused)) focused.focus();
    this.measure();
  }

  /** Where the strip is wider than its place. @param {HTMLElement} root */
  #bringIntoSight(root) {
    const [strip, small] = [this.strip.getBoundingClientRect(), root.getBoundingClientRect()];
    if (small.left < strip.left) this.strip.scrollLeft -= strip.left - small.left;
    else if (small.right > strip.right) this.strip.scrollLeft += small.right - strip.right;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = this.small.findIndex(({ root }) => root === document.activeElement);
    const { root, head } = this.small[(at + move + this.small.length) % this.small.length];
    this.store.choose(this.side, head.name);
    root.focus();
  }
}
