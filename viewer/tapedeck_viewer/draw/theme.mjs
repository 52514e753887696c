/**
 * The colours that canvases need, read from the style sheet, which alone decides them.
 *
 * @typedef {{ink: Uint32Array, inkGap: number, mapGap: number, write: string, read: string, error: string, text: string, paper: string}} Theme
 */

import { inkOn, word } from "../model/scales.mjs";

/** @returns {Theme} */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const hex = (/** @type {string} */ name) => value(name).replace("#", "");
  return {
    ink: inkOn(hex("--cell-paper"), hex("--cell-ink")),
    inkGap: word(hex("--cell-gap")),
    mapGap: word(hex("--map-gap")),
    write: value("--write"),
    read: value("--read"),
    error: value("--error"),
    text: value("--ink-soft"),
    paper: value("--surface"),
  };
}

/** Calls back whenever the page goes from light to dark or back. @param {() => void} changed */
export function onThemeChange(changed) {
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
}
