/** The parts that panels are made of: a word that the glossary explains, a colour bar, what asks for a table. */

import { build } from "../draw/dom.mjs";
import { meaningOf } from "../model/words.mjs";

/** What is shown, explained by the glossary's entry for a word. @param {string} shown @param {string} word */
export const term = (shown, word) => build("button", { type: "button", class: "term", "data-define": word, "data-meaning": meaningOf(word) }, shown);

/** From 0 to 1 until a panel says otherwise. */
export function scaleBar() {
  const part = (/** @type {string} */ name, text = "") => build("span", { class: `scale-${name}` }, text);
  return build("span", { class: "scale" }, part("low", "0"), part("bar"), part("high", "1"));
}

/** Asks for the numbers of the panel that it stands in. @param {string} title */
export const tableButton = (title) =>
  build("button", { type: "button", class: "table-button", "data-action": "table", "aria-label": `${title} as a table` }, "Table");

/** A plot over time and its axis. */
export const timePlot = () => [build("div", { class: "plot" }), build("div", { class: "time-axis" }), build("div", { class: "time-title" }, "time step")];

/** A head's own colour beside what it is called; nothing where it has none. @param {string} shade */
export function chip(shade) {
  if (!shade) return [];
  const made = build("i", { class: "head-chip", "aria-hidden": "true" });
  made.style.background = `var(--${shade})`;
  return [made];
}

/** A label at a place of an axis. @param {string} text @param {"left" | "top"} side @param {number} share of the axis, 0…1 */
export function tick(text, side, share) {
  const label = build("span", { class: "tick" }, text);
  label.style[side] = `${(100 * share).toFixed(3)}%`;
  return label;
}
