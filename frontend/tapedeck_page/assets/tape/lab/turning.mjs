/** What keys do to numbers in a row: left and right choose one, up and down turn it, Page Up and Page Down leap, Home and End go to its ends. */

import { format } from "#viewer/model/numbers.mjs";

/** Of the whole range, by a key and by one that leaps. */
const [STEP, LEAP] = [0.02, 0.1];

/**
 * The place that is chosen next, or the value that the chosen one gets; null for every other key.
 *
 * @param {KeyboardEvent} event @param {{places: number[], chosen: number, value: number, low: number, high: number}} now
 * @returns {{place: number} | {value: number} | null}
 */
export function turned({ key, ctrlKey, metaKey, altKey }, { places, chosen, value, low, high }) {
  if (ctrlKey || metaKey || altKey) return null;
  const aside = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (aside !== undefined) return { place: places[Math.min(Math.max(places.indexOf(chosen) + aside, 0), places.length - 1)] };
  const moved = { ArrowUp: STEP, ArrowDown: -STEP, PageUp: LEAP, PageDown: -LEAP }[key];
  const end = { Home: low, End: high }[key];
  if (moved === undefined && end === undefined) return null;
  return { value: Math.min(high, Math.max(low, end ?? value + (moved ?? 0) * (high - low))) };
}

/** What a slider of such numbers says of the one that is chosen. @param {HTMLElement} root @param {{label: string, name: string, value: number, low: number, high: number}} now */
export function tellSlider(root, { label, name, value, low, high }) {
  root.setAttribute("aria-label", `${label}: left and right choose, up and down change`);
  root.setAttribute("aria-valuemin", String(low));
  root.setAttribute("aria-valuemax", String(high));
  root.setAttribute("aria-valuenow", String(Number(value.toPrecision(4))));
  root.setAttribute("aria-valuetext", `${name}: ${format(value)}`);
}
