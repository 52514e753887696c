/**
 * A number beside each vector, such as a priority: which are there as vectors come and go, which are drawn at random, and what is wrong
 * with one. No two are the same to a machine, which hears float32.
 *
 * @typedef {{name: string, of: string, least: number, most: number}} BesidePart
 */

import { generator } from "./chance.mjs";
import { Problem } from "./sequences/problem.mjs";

/** Two digits after the point, as long as there are so many times as many numbers as are needed. */
const ROOM = 4;
/** Steps of the golden section fall apart from all before them. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** “priority”: what each number is. @param {BesidePart} part */
export const besideNoun = ({ name }) => name.replace(/ies$/, "y").replace(/s$/, "");

/** With how many digits after the point so many numbers find room. @param {BesidePart} part @param {number} count */
function digitsFor({ least, most }, count) {
  let digits = 2;
  while ((most - least) * 10 ** digits < ROOM * count) digits++;
  return digits;
}

/** The next of some numbers that is not there yet. @param {Set<number>} taken @param {() => number} next from 0 to 1 @param {BesidePart} part @param {number} digits */
function another(taken, next, { least, most }, digits) {
  for (;;) {
    const value = Number((least + next() * (most - least)).toFixed(digits)) + 0; // no −0
    if (taken.has(value)) continue;
    taken.add(value);
    return value;
  }
}

/** Numbers at random, all different; the same for the same seed. @param {BesidePart} part @param {number} count @param {number} seed @returns {number[]} */
export function drawBeside(part, count, seed) {
  const [taken, next, digits] = [new Set(), generator(seed ^ 0x5bd1e995), digitsFor(part, count)];
  return Array.from({ length: count }, () => another(taken, next, part, digits));
}

/** As they are typed: one for each of so many vectors, those that were there and others. @param {BesidePart} part @param {string[]} typed @param {number} count @returns {string[]} */
export function fitBeside(part, typed, count) {
  const kept = typed.slice(0, count);
  const [taken, digits] = [new Set(kept.map(numberOf)), digitsFor(part, count)];
  let at = kept.length;
  const next = () => (GOLDEN * ++at) % 1;
  return [...kept, ...Array.from({ length: count - kept.length }, () => String(another(taken, next, part, digits)))];
}

/** A number as it is typed, with a point or a comma, a hyphen or a minus sign; NaN for anything else. @param {string} typed */
export function numberOf(typed) {
  const plain = typed.trim().replace("−", "-").replace(",", ".");
  return /^-?(?:\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

/**
 * Checks that there is a number for each vector, in its range and unlike the others.
 *
 * @param {BesidePart} part @param {number[]} numbers @param {number} count of the vectors @param {string} noun of them
 * @throws {Problem} it is not so
 */
export function checkBeside(part, numbers, count, noun) {
  const word = besideNoun(part);
  if (numbers.length !== count) throw new Problem(`Each ${noun} must have a ${word}.`);
  const range = `${part.least} to ${part.most}`.replace("-", "−");
  /** @type {Map<number, number>} */
  const seen = new Map();
  numbers.forEach((number, at) => {
    const which = `The ${word} of ${noun} ${at + 1}`;
    if (typeof number !== "number" || !(number >= part.least && number <= part.most)) throw new Problem(`${which} must be a number from ${range}.`);
    const other = seen.get(Math.fround(number));
    if (other !== undefined) throw new Problem(`${which} must not be that of ${noun} ${other + 1} as well.`);
    seen.set(Math.fround(number), at);
  });
}

/** The rank of each, from 1 for the highest. @param {number[]} numbers */
export function ranksOf(numbers) {
  const order = numbers.map((_, at) => at).sort((a, b) => numbers[b] - numbers[a]);
  /** @type {number[]} */
  const ranks = [];
  order.forEach((at, rank) => (ranks[at] = rank + 1));
  return ranks;
}
