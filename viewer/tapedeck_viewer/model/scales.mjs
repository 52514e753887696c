/**
 * From a value to a colour. 0 is paper: bits and memory go from paper to ink, what is written to orange, what is read to blue; what
 * can be negative goes from paper to purple below 0 and to green above it.
 *
 * @typedef {"ink" | "write" | "read" | "signed"} Ramp
 * @typedef {Record<Ramp, Uint32Array>} Ramps the shades of each in a theme
 */

import appearance from "../appearance.json" with { type: "json" };

export const SHADES = 256;

/** A colour as the little-endian RGBA word of an ImageData. @param {string} hex six digits, with # or without */
export function word(hex) {
  const [r, g, b] = parse(hex);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** @param {string} hex */
const parse = (hex) => [0, 2, 4].map((at) => parseInt(hex.replace("#", "").slice(at, at + 2), 16));

/**
 * The shades between colours at equal distances, as little-endian RGBA words for an ImageData.
 *
 * @param {string[]} colours hexadecimal
 */
export function shadesOf(colours) {
  const anchors = colours.map(parse);
  const table = new Uint32Array(SHADES);
  for (let shade = 0; shade < SHADES; shade++) {
    const place = (shade / (SHADES - 1)) * (anchors.length - 1);
    const low = Math.min(Math.floor(place), anchors.length - 2);
    const [r, g, b] = anchors[low].map((from, i) => Math.round(from + (place - low) * (anchors[low + 1][i] - from)));
    table[shade] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

/** Which ramp shows values from `low` on: that of the kind of their head, or ink where they are of none. @param {number} low @param {"write" | "read" | ""} kind @returns {Ramp} */
export const rampOf = (low, kind) => (low < 0 ? "signed" : kind || "ink");

/** A CSS gradient of a table. @param {Uint32Array} table */
export function gradient(table) {
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((shade) => {
    const word = table[shade];
    return `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/**
 * A round number at or above a value, so that a scale does not change with every frame: 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ.
 *
 * @param {number} value
 */
export function roundUp(value) {
  if (!(value > 0)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const step = appearance.limits.find((candidate) => candidate * power >= value * (1 - 1e-6)) ?? 10;
  return Number((step * power).toPrecision(2));
}

/**
 * Round numbers between 0 and count − 1 for an axis.
 *
 * @param {number} count
 * @param {number} most how many at the most
 */
export function ticks(count, most) {
  const steps = [1, 2, 5].flatMap((digit) => [1, 10, 100, 1000].map((power) => digit * power)).sort((a, b) => a - b);
  const every = steps.find((step) => (count - 1) / step < most) ?? count;
  return Array.from({ length: Math.floor((count - 1) / every) + 1 }, (_, i) => i * every);
}
