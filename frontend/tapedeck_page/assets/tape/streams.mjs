/**
 * Streams of bits: as they are typed, and drawn from a table that has, for each context of so many bits, the probability that a 1
 * comes next.
 */

import { generator } from "./chance.mjs";
import { cleaned } from "./sequences/characters.mjs";
import { counted, Problem, quoted } from "./sequences/problem.mjs";

/** Bits of a stream that stand together, so that they can be counted. */
const GROUP = 10;

/** 0s and 1s, with anything between them that only keeps them apart. @param {string} typed @throws {Problem} */
export function parseStream(typed) {
  const signs = [...cleaned(typed)].filter((sign) => !/[\s,;_[\]]/.test(sign));
  if (signs.length === 0) throw new Problem("Nothing to run yet: type a stream of 0s and 1s, such as 0110110110.");
  const wrong = signs.findIndex((sign) => sign !== "0" && sign !== "1");
  if (wrong >= 0) throw new Problem(`After ${counted(wrong, "bit")} comes ${quoted(signs[wrong])}; a stream has 0s and 1s alone.`);
  return signs;
}

/** As `parseStream` reads it, in groups that can be counted. @param {string[]} rows */
export const asStream = (rows) => rows.join("").replace(new RegExp(`.{${GROUP}}(?=.)`, "g"), "$& ");

/** For each context a probability from Beta(½, ½), most of them near 0 or 1; the same for the same seed. @param {number} order @param {number} seed */
export function drawTable(order, seed) {
  const draw = generator(seed);
  return Array.from({ length: 2 ** order }, () => Math.sin((Math.PI / 2) * draw()) ** 2);
}

/** A stream from a table: the bits of the first context are fair. @param {number[]} table @param {number} length @param {number} seed */
export function drawStream(table, length, seed) {
  const draw = generator(seed ^ 0x5bd1e995);
  const order = Math.log2(table.length);
  let context = 0;
  return Array.from({ length }, (_, at) => {
    const bit = draw() < (at < order ? 0.5 : table[context]) ? 1 : 0;
    context = (2 * context + bit) % table.length;
    return String(bit);
  });
}

/** Tables worth playing, and what they show. @type {[string, string, (order: number) => string[]][]} */
export const STREAMS = [
  ["From a table", "A stream from a random table, as in training", (order) => drawStream(drawTable(order, 22), 200, 22)],
  ["Strong habits", "After each context nearly always the same bit: seen once, it is known", (order) => drawStream(drawTable(order, 3).map((share) => (share < 0.5 ? 0.02 : 0.98)), 200, 3)],
  ["A fair coin", "Every context as likely followed by either bit: nothing can be learned", (order) => drawStream(Array.from({ length: 2 ** order }, () => 0.5), 200, 5)],
  ["Alternating", "0 and 1 in turn: two contexts are all that there are", () => Array.from({ length: 60 }, (_, at) => String(at % 2))],
  ["Habits change", "A table, then halfway its opposite: the counts must turn round", (order) => changing(order)],
];

/** @param {number} order */
function changing(order) {
  const table = drawTable(order, 3).map((share) => (share < 0.5 ? 0.05 : 0.95));
  const opposite = table.map((share) => 1 - share);
  return [...drawStream(table, 100, 3), ...drawStream(opposite, 100, 4)];
}
