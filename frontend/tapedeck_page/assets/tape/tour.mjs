/**
 * The tour: walks its stops, remembers where it was left, and continues from there. It never covers what it points at.
 */

import { find } from "#viewer/draw/dom.mjs";
import { recall, remember } from "./remembered.mjs";

const SETTING = "tapedeck-tour";
const DONE = "done";
const MARGIN_PX = 12;

export class Tour {
  /** @param {HTMLElement} root @param {AbortSignal} signal when the page is taken away */
  constructor(root, signal) {
    this.offer = find(".tour-offer", root);
    this.card = find(".tour-card", root);
    this.words = find(".tour-words", root);
    this.place = find(".tour-place", root);
    this.next = find("[data-tour=next]", root);
    this.back = /** @type {HTMLButtonElement} */ (find("[data-tour=back]", root));
    this.stops = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("li")]);
    this.index = 0;
    this.above = false;
    this.offer.hidden = recall(SETTING) !== null;
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.card.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("resize", () => this.#put(), { signal });
  }

  /** From its beginning, or from where it was left. */
  start() {
    const left = Number(recall(SETTING) ?? 0);
    this.offer.hidden = true;
    this.before = document.activeElement;
    this.#go(Number.isInteger(left) && left < this.stops.length ? left : 0);
  }

  /** @param {number} index */
  #go(index) {
    this.index = index;
    remember(SETTING, String(index));
    const stop = this.stops[index];
    this.words.replaceChildren(...[...stop.childNodes].map((node) => node.cloneNode(true)));
    this.place.textContent = `${index + 1} of ${this.stops.length}`;
    this.back.disabled = index === 0;
    this.next.textContent = index === this.stops.length - 1 ? "Done" : "Next";
    const target = find(stop.dataset.target ?? "");
    bringOut(target);
    this.#point(target);
    this.card.hidden = false;
    this.#put();
    this.#scroll();
    this.card.focus({ preventScroll: true });
  }

  /** @param {HTMLElement | null} target */
  #point(target) {
    this.target?.classList.remove("toured");
    this.target = target;
    if (!target) return;
    target.classList.add("toured");
  }

  /** Both into view: the card at the top where its target is below, which may be taller than the window, else at the bottom. */
  #scroll() {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    if (this.card.style.position !== "fixed") this.card.scrollIntoView({ block: this.above ? "start" : "end", behavior });
  }

  /** Beside the target, below or above it, within the page. */
  #put() {
    if (!this.target || this.card.hidden) return;
    const [box, own] = [this.target.getBoundingClientRect(), this.card.getBoundingClientRect()];
    const page = { left: scrollX + MARGIN_PX, right: scrollX + document.documentElement.clientWidth - own.width - MARGIN_PX };
    const fixed = getComputedStyle(this.target).position === "fixed";
    const tall = box.height > innerHeight / 3;
    const left = [box.left - own.width - MARGIN_PX, box.right + MARGIN_PX].find((x) => x >= MARGIN_PX && scrollX + x <= page.right);
    if (tall && !fixed && left !== undefined) return this.#beside(left, box.top);
    const above = fixed || tall;
    this.above = above;
    this.card.style.left = `${Math.max(page.left, Math.min(scrollX + box.left, page.right))}px`;
    this.card.style.top = `${scrollY + (above ? box.top - own.height - MARGIN_PX : box.bottom + MARGIN_PX)}px`;
    this.card.style.position = fixed ? "fixed" : "absolute";
    if (fixed) this.card.style.top = `${box.top - own.height - MARGIN_PX}px`;
  }

  /** Beside a target that leaves no room below it. @param {number} left @param {number} top in the window */
  #beside(left, top) {
    this.above = true;
    Object.assign(this.card.style, { position: "absolute", left: `${scrollX + left}px`, top: `${scrollY + top}px` });
  }

  /** @param {boolean} done */
  #end(done) {
    if (done) remember(SETTING, DONE);
    this.card.hidden = true;
    this.offer.hidden = true;
    this.#point(null);
    if (this.before instanceof HTMLElement) this.before.focus({ preventScroll: true });
  }

  #forward() {
    if (this.index === this.stops.length - 1) this.#end(true);
    else this.#go(this.index + 1);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-tour]") : null;
    switch (button?.getAttribute("data-tour")) {
      case "start":
        document.querySelector("dialog[open]")?.querySelector("[data-action=close-help]")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        return this.start();
      case "decline":
        return this.#end(true);
      case "leave":
        return this.#end(false);
      case "back":
        return this.#go(Math.max(0, this.index - 1));
      case "next":
        return this.#forward();
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.#end(false);
    else if (event.key === "ArrowRight") this.#forward();
    else if (event.key === "ArrowLeft") this.#go(Math.max(0, this.index - 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Out of what is folded away on a phone, where one weighting is shown at a time. @param {HTMLElement} target */
function bringOut(target) {
  const fold = target.closest("details");
  if (fold) fold.open = true;
  const { headKind } = target.dataset;
  if (!target.checkVisibility() && headKind) document.querySelector(`.sides .${headKind}`)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
}
