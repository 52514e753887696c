/** The numbers of both heads at the cursor, as text that can be copied. */

import { Run } from "./run.mjs";

const DIGITS = { location: 0, key_strength: 2, sharpening: 2 };

/** @param {Run} run @param {number} step */
export function showNumbers(run, step) {
  for (const place of document.querySelectorAll("[data-value]")) {
    const [head, name, index] = (place.getAttribute("data-value") ?? "").split(".");
    const value = run.at(`${head}.${name}`, step)[Number(index ?? 0)];
    place.textContent = value.toFixed(DIGITS[/** @type {keyof typeof DIGITS} */ (name)] ?? 3);
  }
}
