/**
 * The numbers of a vector as bars that can be grabbed: up and down changes one, by pointer, by finger and by keys.
 *
 * @typedef {{
 *   values: ArrayLike<number>, places: number[], low: number, high: number, label: string, nameOf: (place: number) => string, colour: string, line: string,
 * }} Shown `places` are those of the numbers that are shown, from left to right
 * @typedef {{set: (place: number, value: number, gesture: object) => void, choose: (place: number) => void}} Told
 */

import { build, element } from "#viewer/draw/dom.mjs";
import { Heatmap } from "#viewer/draw/heatmap.mjs";
import { tellSlider, turned } from "./turning.mjs";

export class Bars {
  /** The place of the number that keys change. */
  chosen = 0;
  /** @type {Shown | null} */
  shown = null;

  /** @param {Told} told */
  constructor(told) {
    this.told = told;
    this.cells = new Heatmap(element("canvas", "cells"));
    this.root = build("div", { class: "grab-bars", role: "slider", tabindex: "0", "aria-orientation": "vertical", "aria-label": "Nothing to change yet", "aria-valuenow": "0" }, this.cells.canvas);
    this.#listen();
    this.root.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    if (!shown.places.includes(this.chosen)) this.chosen = shown.places[0] ?? 0;
    const { values, low, high, label, nameOf } = shown;
    tellSlider(this.root, { label, name: nameOf(this.chosen), value: values[this.chosen], low, high });
    this.draw();
  }

  draw() {
    if (!this.shown || this.root.clientWidth === 0) return;
    this.cells.fit();
    const { values, places, colour, line } = this.shown;
    const { context, canvas } = this.cells;
    const { width, height } = canvas;
    context.clearRect(0, 0, width, height);
    const zero = Math.round(this.#heightOf(0) * height);
    const each = width / places.length;
    places.forEach((place, index) => {
      const [left, right] = [Math.round(index * each), Math.round((index + 1) * each) - (each > 4 ? 2 : 0)];
      const top = Math.round(this.#heightOf(values[place]) * height);
      context.fillStyle = colour;
      context.globalAlpha = place === this.chosen ? 1 : 0.55;
      context.fillRect(left, Math.min(top, zero), Math.max(1, right - left), Math.max(Math.abs(zero - top), 1));
      if (place !== this.chosen) return;
      context.strokeStyle = line;
      context.strokeRect(left + 0.5, 0.5, Math.max(1, right - left - 1), height - 1);
    });
    context.globalAlpha = 1;
    context.fillStyle = line;
    context.fillRect(0, Math.min(height - 1, zero), width, 1);
  }

  /** How far from the top a value is, as a share. @param {number} value */
  #heightOf(value) {
    const { low = 0, high = 1 } = this.shown ?? {};
    return Math.min(1, Math.max(0, (high - value) / (high - low || 1)));
  }

  #listen() {
    const { root } = this;
    /** One drag is one change, and goes by where the bars stood when it began. @type {DOMRect | null} */
    let gesture = null;
    const move = (/** @type {PointerEvent} */ event) => {
      if (!gesture || !this.shown) return;
      const { top, height } = gesture;
      const { low, high } = this.shown;
      const share = Math.min(1, Math.max(0, (event.clientY - top) / height));
      this.told.set(this.chosen, high - share * (high - low), gesture);
    };
    root.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary || !this.shown) return;
      const box = root.getBoundingClientRect();
      const { left, width } = box;
      const { places } = this.shown;
      const index = Math.floor(((event.clientX - left) / width) * places.length);
      this.#choose(places[Math.min(Math.max(index, 0), places.length - 1)]);
      root.setPointerCapture(event.pointerId);
      gesture = box;
      move(event);
    });
    root.addEventListener("pointermove", move);
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) root.addEventListener(over, () => (gesture = null));
  }

  /** @param {number} place */
  #choose(place) {
    this.chosen = place;
    if (this.shown) this.show(this.shown);
    this.told.choose(place);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.shown) return;
    const change = turned(event, { ...this.shown, chosen: this.chosen, value: this.shown.values[this.chosen] });
    if (!change) return;
    event.preventDefault();
    if ("place" in change) this.#choose(change.place);
    else this.told.set(this.chosen, change.value, this.root);
  }
}
