/**
 * The sizes of a run, each with what said it first: the arrays of a file, and its text, must agree in them.
 *
 * @typedef {"steps" | "locations" | "width"} Size
 */

import { shapeInWords } from "./npy.mjs";
import { WrongFile, grouped, shown } from "./wrong.mjs";

/** The most of each. */
const MOST = /** @type {Record<string, number>} */ ({ step: 1_000_000, location: 1_000_000 });
const AXES = /** @type {Record<Size, string>} */ ({ steps: "step", locations: "location", width: "column" });
const LETTERS = /** @type {Record<string, string>} */ ({ step: "T", location: "N", column: "W", channel: "C", unit: "H", shift: "S", change: "K", "read change": "K" });
const COUNTED = ["step", "location", "column", "channel", "change"];
/** Axes that count the same in all arrays. */
const SHARED = ["step", "location", "column", "change", "read change"];
const OUTPUTS = ["outputs", "targets", "optimum"];
const MANY = ["", "", "", "three", "four", "five"];

/** What an axis is known by: of channels, shifts, units and further words each array has its own. @param {string} name @param {string} axis */
function keyOf(name, axis) {
  if (SHARED.includes(axis)) return axis;
  return `${axis === "channel" && OUTPUTS.includes(name) ? "outputs" : name} ${axis}`;
}

export class Sizes {
  /** @type {Map<string, {size: number, from: string}>} */
  #known = new Map();

  /** What the text says; null where it says nothing. @param {Size} name @param {unknown} size */
  say(name, size) {
    if (size == null) return;
    const most = MOST[AXES[name]] ?? MOST.location;
    if (!Number.isInteger(size) || Number(size) < 1 || Number(size) > most) throw new WrongFile(`meta.${name} is ${shown(size)}; it must be a whole number from 1 to ${grouped(most)}.`);
    this.#known.set(AXES[name], { size: Number(size), from: `meta.${name}` });
  }

  /** As many channels as the text lists. @param {"inputs" | "outputs"} name @param {number} size @param {string} from */
  sayChannels(name, size, from) {
    this.#known.set(`${name} channel`, { size, from });
  }

  /** 0 where it is not known. @param {Size | "inputs channel" | "outputs channel"} name */
  of(name) {
    return this.#known.get(AXES[/** @type {Size} */ (name)] ?? name)?.size ?? 0;
  }

  /**
   * That an array has the shape of its axes. Sizes that are not known yet are learned from it.
   *
   * @param {string} name @param {readonly number[]} shape @param {string[]} axes
   */
  hold(name, shape, axes) {
    const letters = `[${axes.map((axis) => LETTERS[axis] ?? axis).join(", ")}]`;
    if (shape.length !== axes.length) {
      const batch = shape.length === axes.length + 1 && MANY[shape.length] ? ` If one of its ${MANY[shape.length]} axes counts a batch, choose one example of it.` : "";
      throw new WrongFile(`${name} must have the shape ${letters}; it has ${shapeInWords(shape)}.${batch}`);
    }
    if (shape.includes(0)) throw new WrongFile(`${name} is empty: its shape is ${shapeInWords(shape)}. ${letters} are at least 1 each.`);
    const keys = axes.map((axis) => keyOf(name, axis));
    const wrong = keys.filter((key, at) => (this.#known.get(key)?.size ?? shape[at]) !== shape[at]);
    if (wrong.length > 0) {
      const expected = keys.map((key, at) => this.#known.get(key)?.size ?? LETTERS[axes[at]] ?? axes[at]);
      const reasons = [...new Set(wrong)].map((key) => `${this.#counted(key)} as in ${this.#known.get(key)?.from}`);
      throw new WrongFile(`${name} must have the shape (${expected.join(", ")}${axes.length === 1 ? "," : ""}), ${reasons.join(" and ")}; it has ${shapeInWords(shape)}.`);
    }
    keys.forEach((key, at) => {
      if (shape[at] > (MOST[key] ?? Infinity)) throw new WrongFile(`${name} has ${grouped(shape[at])} ${key}s; the most is ${grouped(MOST[key])}.`);
      if (!this.#known.has(key)) this.#known.set(key, { size: shape[at], from: name });
    });
  }

  /** @param {string} key */
  #counted(key) {
    const [size, axis] = [this.#known.get(key)?.size ?? 0, key.slice(key.lastIndexOf(" ") + 1)];
    return `${grouped(size)} ${axis}${size !== 1 && COUNTED.includes(axis) ? "s" : ""}`;
  }
}
