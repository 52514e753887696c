/**
 * The largest numbers of a run so far, by what they are, and from them the limits of scales. Fields of one role share a
 * scale, whichever head they are of, so that they can be compared.
 *
 * @typedef {{most: number, lowest: number}} Peak the largest magnitude, and the lowest number
 * @typedef {{low: number, high: number}} Limits
 */

import { roundUp } from "./scales.mjs";

/** The memory's, beside those of fields. */
export const MEMORY = "memory";

/** What is at most so much of the largest magnitude below 0 is not negative: float32 rounds to it. */
const ROUNDED = 1e-4;

export class Peaks {
  /** @type {Map<string, Peak>} */
  byRole = new Map();

  /** @param {string} role @param {ArrayLike<number>} values */
  raise(role, values) {
    const peak = this.#of(role);
    let { most, lowest } = peak;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value > most) most = value;
      if (value < lowest) {
        lowest = value;
        if (-value > most) most = -value;
      }
    }
    peak.most = most;
    peak.lowest = lowest;
  }

  /** At least what others have reached. @param {Peaks} others */
  include(others) {
    for (const [role, { most, lowest }] of others.byRole) this.raise(role, [most, lowest]);
  }

  /** @param {string} role */
  most(role) {
    return this.byRole.get(role)?.most ?? 0;
  }

  /**
   * The limits of a scale: a range's own; without a bound from 0 to a round number over the largest, or as far below 0 as
   * above it where anything is negative.
   *
   * @param {string} role
   * @param {readonly (number | null)[]} range
   * @returns {Limits}
   */
  limits(role, [low, high] = [null, null]) {
    if (typeof low === "number" && typeof high === "number") return { low, high };
    const { most, lowest } = this.#of(role);
    const limit = roundUp(most);
    return { low: lowest < -ROUNDED * most ? -limit : 0, high: limit };
  }

  /** @param {string} role */
  #of(role) {
    const known = this.byRole.get(role);
    if (known) return known;
    const peak = { most: 0, lowest: 0 };
    this.byRole.set(role, peak);
    return peak;
  }
}
