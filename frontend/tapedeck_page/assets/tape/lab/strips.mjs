/**
 * The vectors of the inspector as they are in the lab: each number of a strip is grabbed and dragged up or down, by pointer and by finger,
 * chosen and turned by keys, or typed.
 *
 * @typedef {{values: ArrayLike<number>, low: number, high: number, label: string, nameOf: (place: number) => string}} Vector at the cursor
 * @typedef {{
 *   vector: (field: string) => Vector | null, chosen: (field: string) => number | null, choose: (head: string, field: string, place: number) => void,
 *   set: (place: number, value: number, gesture: unknown, exact?: boolean) => void, active: () => boolean,
 * }} Told `chosen` is the place of a vector that is looked at, null where another is; `set` changes the one that was chosen
 */

import { element, find } from "#viewer/draw/dom.mjs";
import { numberField } from "./fields.mjs";
import { tellSlider, turned } from "./turning.mjs";

/** So far is a number dragged from one end of its range to the other. */
const WHOLE_PX = 120;
/** What makes a slider of an element. */
const SLIDER = ["role", "tabindex", "aria-orientation", "aria-label", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];
/** A hand is never quite still. */
const STILL_PX = 4;

export class Strips {
  /** By what stands on the page. @type {WeakMap<HTMLElement, Strip>} */
  #known = new WeakMap();

  /** @param {import("#viewer/views/inspector.mjs").Inspector} inspector @param {Told} told */
  constructor(inspector, told) {
    this.inspector = inspector;
    this.told = told;
  }

  /** Those that are shown now; where the lab is not, they are pictures. */
  show() {
    for (const { head, strips } of this.inspector.heads) {
      for (const { root, field } of strips) {
        const strip = this.#known.get(root) ?? new Strip(root, head.name, field, this.told);
        this.#known.set(root, strip);
        strip.show();
      }
    }
  }
}

class Strip {
  /** The number that keys turn. */
  place = 0;

  /** @param {HTMLElement} root @param {string} head @param {string} field @param {Told} told */
  constructor(root, head, field, told) {
    this.root = root;
    this.head = head;
    this.field = field;
    this.told = told;
    this.plot = find(".strip", root);
    this.mark = element("div", "grabbed-number");
    this.plot.append(this.mark);
    this.number = numberField("", (value) => {
      this.#choose(this.place);
      told.set(this.place, value, this.number, true);
    });
    root.append(this.number.root);
    this.#listen();
  }

  show() {
    const { plot, root, told, field, number, mark } = this;
    const vector = told.active() ? told.vector(field) : null;
    for (const name of SLIDER) {
      if (!vector) plot.removeAttribute(name);
    }
    const chosen = vector ? told.chosen(field) : null;
    root.classList.toggle("grabbed", chosen !== null);
    mark.hidden = number.root.hidden = chosen === null;
    if (!vector) return;
    const { values, label, nameOf } = vector;
    this.place = Math.min(chosen ?? this.place, values.length - 1);
    const [name, value] = [nameOf(this.place), values[this.place]];
    for (const [attribute, is] of [["role", "slider"], ["tabindex", "0"], ["aria-orientation", "vertical"]]) plot.setAttribute(attribute, is);
    tellSlider(plot, { ...vector, name, value });
    number.root.setAttribute("aria-label", `${label}, ${name}, as a number`);
    number.show(value);
    Object.assign(mark.style, { left: `${(100 * this.place) / values.length}%`, width: `${100 / values.length}%` });
  }

  /** @param {number} place */
  #choose(place) {
    this.place = place;
    this.told.choose(this.head, this.field, place);
  }

  #listen() {
    const { plot, told, field } = this;
    /** One drag is one change, and goes by the value that it began with. @type {{y: number, value: number, moved: boolean} | null} */
    let from = null;
    plot.addEventListener("pointerdown", (event) => {
      const vector = event.button === 0 && event.isPrimary && told.active() ? told.vector(field) : null;
      if (!vector) return;
      const { left, width } = plot.getBoundingClientRect();
      const { length } = vector.values;
      const place = Math.min(Math.max(Math.floor(((event.clientX - left) / width) * length), 0), length - 1);
      this.#choose(place);
      from = { y: event.clientY, value: vector.values[place], moved: false };
      plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener("pointermove", ({ clientY }) => {
      const vector = from && told.vector(field);
      if (!from || !vector) return;
      if (!from.moved && Math.abs(clientY - from.y) < STILL_PX) return;
      from.moved = true;
      const { low, high } = vector;
      told.set(this.place, Math.min(high, Math.max(low, from.value + ((from.y - clientY) / WHOLE_PX) * (high - low))), from);
    });
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) plot.addEventListener(over, () => (from = null));
    plot.addEventListener("keydown", (event) => {
      const vector = told.active() ? told.vector(field) : null;
      const change = vector && turned(event, { ...vector, places: [...Array(vector.values.length).keys()], chosen: this.place, value: vector.values[this.place] });
      if (!change) return;
      event.preventDefault();
      event.stopPropagation(); // the tape's own keys walk its steps
      this.#choose("place" in change ? change.place : this.place);
      if ("value" in change) told.set(this.place, change.value, plot);
    });
  }
}
