/**
 * A number beside each vector, in a box over its bits: a slider, the number as it can be typed, and its rank.
 *
 * @typedef {import("./beside.mjs").BesidePart} BesidePart
 */

import { element } from "#viewer/draw/dom.mjs";
import { besideNoun, numberOf, ranksOf } from "./beside.mjs";

/** Of a slider's moves. */
const DIGITS = 2;

export class Sliders {
  /** @type {Box[]} */
  #boxes = [];

  /** @param {(at: number, typed: string) => void} moved */
  constructor(moved) {
    this.moved = moved;
    this.root = element("div", "sliders");
    this.root.setAttribute("role", "group");
    this.root.hidden = true;
  }

  /** @param {BesidePart | null} part @param {string[]} typed @param {string} noun of a vector @param {number} width of a box, in pixels @param {number} out how many come out */
  show(part, typed, noun, width, out) {
    this.root.hidden = !part || typed.length === 0;
    if (!part) return;
    const word = besideNoun(part);
    this.root.setAttribute("aria-label", `The ${word} of each ${noun}`);
    if (this.#boxes.length !== typed.length) {
      this.#boxes = typed.map((_, at) => new Box(at, part, `${word} of ${noun} ${at + 1}`, width, (value) => this.moved(at, value)));
      this.root.replaceChildren(...this.#boxes.map(({ root }) => root));
    }
    const numbers = typed.map(numberOf);
    const ranks = numbers.some(Number.isNaN) ? [] : ranksOf(numbers);
    this.#boxes.forEach((box, at) => box.show(typed[at], ranks[at] ?? null, out));
  }
}

/** Of one vector. */
class Box {
  /** @param {number} at @param {BesidePart} part @param {string} label @param {number} width @param {(typed: string) => void} moved */
  constructor(at, { least, most }, label, width, moved) {
    this.root = element("div", "slider-box");
    this.root.style.width = `${width}px`;
    this.rank = element("span", "slider-rank");
    this.slider = Object.assign(element("input", "slider"), { type: "range", min: String(least), max: String(most), step: "any" });
    this.slider.setAttribute("aria-label", `The ${label}`);
    this.value = element("input", "slider-value");
    Object.assign(this.value, { inputMode: "decimal", autocomplete: "off", spellcheck: false });
    this.value.setAttribute("aria-label", `The ${label}, as a number`);
    this.slider.addEventListener("input", () => moved(String(Number(Number(this.slider.value).toFixed(DIGITS)) + 0)));
    this.value.addEventListener("input", () => moved(this.value.value));
    const head = element("div", "slider-head");
    head.append(element("span", "box-number", String(at + 1)), this.rank);
    this.root.append(head, this.slider, this.value);
  }

  /** @param {string} typed @param {number | null} rank null where a number is missing @param {number} out */
  show(typed, rank, out) {
    const number = numberOf(typed);
    const left = rank !== null && rank > out;
    const words = rank === null ? "" : left ? "left out" : `rank ${rank}`;
    if (!Number.isNaN(number) && Number(this.slider.value) !== number && document.activeElement !== this.slider) this.slider.value = String(number);
    if (document.activeElement === this.slider && Math.abs(Number(this.slider.value) - number) >= 10 ** -DIGITS) this.slider.value = String(number);
    this.slider.setAttribute("aria-valuetext", `${typed}${words ? `, ${words}` : ""}`);
    if (numberOf(this.value.value) !== number || (Number.isNaN(number) && this.value.value !== typed)) this.value.value = typed;
    this.value.setAttribute("aria-invalid", String(Number.isNaN(number)));
    this.rank.textContent = rank === null ? "" : left ? "–" : `#${rank}`;
    this.root.title = words;
    this.root.classList.toggle("left-out", left);
  }
}
