/**
 * The colours that canvases need, read from the style sheet, which is made from appearance.json.
 *
 * @typedef {{ink: Uint32Array, inkGap: number, mapGap: number, write: string, read: string, error: string, text: string, paper: string}} Theme
 */

import { inkOn, word } from "../model/scales.mjs";

/** @returns {Theme} */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    ink: inkOn(value("--cell-paper"), value("--cell-ink")),
    inkGap: word(value("--cell-gap")),
    mapGap: word(value("--map-gap")),
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
