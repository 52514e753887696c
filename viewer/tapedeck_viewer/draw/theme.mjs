/**
 * The colours that canvases need, read from the style sheet, which is made from appearance.json.
 *
 * @typedef {import("../model/scales.mjs").Ramps} Ramps
 * @typedef {{
 *   ramps: Ramps, gap: number, write: string, read: string, heads: Record<string, string>, error: string, text: string, paper: string,
 * }} Theme `gap` is the colour between cells; `heads` are those of several heads of a kind: `write-1`, `read-2` …
 */

import { SHADES, SIDES } from "../model/panels.mjs";
import { shadesOf, word } from "../model/scales.mjs";

/** @returns {Theme} */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const ramp = (/** @type {string} */ name) => shadesOf(value(`--ramp-${name}`).split(", "));
  return {
    ramps: { ink: ramp("ink"), write: ramp("write"), read: ramp("read"), signed: ramp("signed") },
    gap: word(value("--cell-gap")),
    write: value("--write"),
    read: value("--read"),
    heads: Object.fromEntries(SIDES.flatMap((kind) => Array.from({ length: SHADES }, (_, index) => `${kind}-${index + 1}`)).map((shade) => [shade, value(`--${shade}`)])),
    error: value("--error"),
    text: value("--ink-soft"),
    paper: value("--surface"),
  };
}

/** Calls back whenever the page goes from light to dark or back. @param {() => void} changed */
export function onThemeChange(changed) {
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
}
