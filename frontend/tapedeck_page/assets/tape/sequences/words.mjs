/** One word: a bit, or a whole vector, in any of the spellings that programs have for it. */

import { counted, Problem, quoted } from "./problem.mjs";

/** Of a number in Rust, which stands behind it: 1u8. */
const TYPE = "_?[iuf](?:8|16|32|64|128|size)";
const NUMBER = new RegExp(`^(?:(?:\\+?(?<whole>[01])|-0)?(?:[.,](?<zeros>0*))?(?:[eE][+-]?0+)?(?:[fFlLuU]*|${TYPE}))$`);

/** As Excel, R, Python and others write them, in several languages. */
const TRUE = new Set(
  "true wahr vrai verdadero verdadeiro vero waar sant sand prawda pravda истина igaz tosi doğru 真".split(" "),
);
const FALSE = new Set("false falsch faux falso onwaar falskt falsk fałsz nepravda ложь hamis epätosi yanlış 假 usann".split(" "));

const BITS = /^[01][01_ ']*$/;
const BINARY = /^(?:(?:0[bB]|%|2\^\^|\d*'[sS]?[bB]|[bB](?=["'])|&[bB])["']?([01](?:[01_']*[01])?)["']?|([01][01_]+)[bB])$/;
const HEXADECIMAL =
  /^(?:(?:0[xX]|\$|16\^\^|\d*'[sS]?[hH]|[xX](?=["'])|&[hH])["']?([0-9a-fA-F](?:[0-9a-fA-F_']*[0-9a-fA-F])?)["']?|(\d[0-9a-fA-F]+)[hH])$/;
/** What a spreadsheet makes of 10110011 in a narrow column. */
const ROUNDED = /^\d[.,]\d+[eE]\+\d+$/;
const ESCAPES = /^(?:\\x[0-9a-fA-F]{2})+$/;
const NUMERIC = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?$/;

/** What a sequence is called among other things, in the order in which it is looked for. */
export const NAMES = ["sequence", "input", "inputs", "vectors", "bits", "rows", "data", "values", "numpy", "x", "X", "arr_0"];

/** “0” or “1” for a bit, as a digit, a number such as 1.000e+00, or a truth value; null for anything else. @param {string} word */
export function bitOf(word) {
  const number = NUMBER.exec(word)?.groups;
  if (number && (number.whole || number.zeros || word.startsWith("-0"))) return number.whole ?? "0";
  const lowered = word.toLowerCase();
  return TRUE.has(lowered) ? "1" : FALSE.has(lowered) ? "0" : null;
}

/** The 0s and 1s of a word of nothing else, without what groups them; null for any other. @param {string} word */
export const bitsOf = (word) => (BITS.test(word) ? word.replace(/[_ ']/g, "") : null);

/**
 * The vectors that a word spells: 10110011, 1011_0011, 0b10110011, 0xb3, \xb3, 8'hb3; null for any other word. A number in binary
 * or hexadecimal is filled up with zeros in front; one that is a multiple as long is cut up.
 *
 * @param {string} word @param {number} bits @returns {string[] | null}
 */
export function rowsOf(word, bits) {
  const plain = bitsOf(word);
  if (plain !== null) return plain.length >= bits && plain.length % bits === 0 ? cut(plain, bits) : null;
  const parts = numbersOf(word.replace(new RegExp(`(?<=[0-9a-fA-F])(?:[uUlL]+|${TYPE})$`), ""), bits);
  const rows = parts.map((number) => number.toString(2).padStart(bits, "0"));
  return rows.length > 0 && rows.every((row) => row.length === bits) ? rows : null;
}

/** The numbers that a word in binary or hexadecimal holds: one for each vector; none in any other word. @param {string} word @param {number} bits */
function numbersOf(word, bits) {
  if (ESCAPES.test(word)) return word.split("\\x").slice(1).map((pair) => BigInt(`0x${pair}`));
  for (const [pattern, prefix, size] of /** @type {const} */ ([[BINARY, "0b", bits], [HEXADECIMAL, "0x", Math.ceil(bits / 4)]])) {
    const found = pattern.exec(word);
    if (!found) continue;
    const digits = (found[1] ?? found[2]).replace(/[_']/g, "");
    return (digits.length % size === 0 ? cut(digits, size) : [digits]).map((part) => BigInt(prefix + part));
  }
  return [];
}

/** The vectors of a text of nothing else, whatever stands between them; none of any other text. @param {string} text @param {number} bits */
export function runOfVectors(text, bits) {
  /** @type {string[]} */
  const found = [];
  const parts = strip(text).split(/[\s,;]+/);
  for (const word of parts) {
    const rows = isSpelled(word) ? rowsOf(word, bits) : null;
    // Only one long run is cut up: among others it has too many bits.
    if (rows === null || (rows.length > 1 && parts.length > 1 && bitsOf(word))) return [];
    for (const row of rows) found.push(row);
  }
  return found;
}

/** Without the signs that part vectors, around it. @param {string} text */
export const strip = (text) => text.replace(/^[ \t\n\v\f,;]+/, "").replace(/(?<![ \t\n\v\f,;])[ \t\n\v\f,;]+$/, "");

/** Whether a word is meant as a vector, of whatever length: several bits, or a number in binary or hexadecimal. @param {string} written */
export function isSpelled(written) {
  const word = written.replace(new RegExp(`${TYPE}$`), "");
  return (bitsOf(word) ?? "").length > 1 || [BINARY, HEXADECIMAL, ESCAPES].some((pattern) => pattern.test(word));
}

/** Whether a word is a bit or a vector, or one with something wrong in it. @param {string} word */
export function isLikeBits(word) {
  return bitOf(word) !== null || isSpelled(word) || ([...word].length > 1 && isMostlyBits(word));
}

/** @param {string} word */
export const isMostlyBits = (word) => 2 * (word.match(/[01]/g)?.length ?? 0) > [...word].length;

/** Whether a word is a decimal number of any kind. @param {string} word */
export const isNumber = (word) => NUMERIC.test(word);

/** What is wrong with a word that should be a vector. @param {string} word @param {number} bits @param {string} where */
export function fault(word, bits, where) {
  const plain = bitsOf(word);
  if (ROUNDED.test(word)) {
    return new Problem(`${where}, ${quoted(word)}, is a rounded number; format the cells as text and save the file again.`);
  }
  if (plain === null && !isSpelled(word)) {
    const signs = [...word];
    const place = Math.max(0, signs.findIndex((sign) => !"01_ '".includes(sign)));
    return new Problem(`${where}, character ${place + 1} is ${quoted(signs[place] ?? "")}; a bit is 0 or 1.`);
  }
  if (plain === null) return new Problem(`${where}, ${quoted(word)}, is not a number of ${counted(bits, "bit")}.`);
  return new Problem(`${where}, ${quoted(word)}, has ${counted(plain.length, "bit")}; each one has ${bits}.`);
}

/** @param {string} digits @param {number} size */
export function cut(digits, size) {
  return Array.from({ length: Math.ceil(digits.length / size) }, (_, index) => digits.slice(index * size, (index + 1) * size));
}
