/** What is wrong with a sequence that was typed. The sentences are those of `tapedeck_sequences`; tests hold both to one list of cases. */

/** The most characters of an input that a message repeats. */
const SHOWN = 24;

/** What was given is not a sequence. The message says which part, what came, and what would be right. */
export class Problem extends Error {}

/** A part of an input as it was written, shortened; a character that cannot be seen stands as its code point. @param {string} written */
export function quoted(written) {
  const all = [...written];
  const shown = all.length <= SHOWN ? all : [...all.slice(0, SHOWN - 1), "…"];
  const named = shown.map((sign) => (isSeen(sign) ? sign : `U+${codeOf(sign).toString(16).toUpperCase().padStart(4, "0")}`));
  return named.length === 1 && named[0] !== shown[0] ? named[0] : `“${named.join("")}”`;
}

/** @param {string} sign */
const isSeen = (sign) => sign === " " || !/[\p{C}\p{Z}\p{M}]/u.test(sign);

/** @param {string} sign */
const codeOf = (sign) => /** @type {number} */ (sign.codePointAt(0));

/** “1 bit”, “2 bits”. @param {number} count @param {string} word */
export const counted = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;

/** 1,000,000. @param {number} count */
export const grouped = (count) => count.toLocaleString("en");
