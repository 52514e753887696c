/**
 * A sequence as it is typed: bits, text or hexadecimal, as views of one sequence. A row is a string of 0s and 1s, one for each bit
 * of a vector. Every parser says what is wrong in one sentence, with the place; the same as `tapedeck_sequences` in Python does.
 */

import { BYTE } from "#viewer/model/channels.mjs";
import { cleaned } from "./characters.mjs";
import { readMatrix } from "./matrix.mjs";
import { counted, grouped, Problem, quoted } from "./problem.mjs";
import { strip } from "./words.mjs";

export { Problem };

/** Vectors of 0s and 1s, in any of the spellings that `readMatrix` knows. @param {string} typed @throws {Problem} */
export function parseBits(typed, bits = BYTE) {
  if (!strip(cleaned(typed))) {
    throw new Problem(`Nothing to run yet: type vectors of ${counted(bits, "bit")}, such as ${exampleRows(bits).join(" ")}.`);
  }
  return readMatrix(typed, bits);
}

/** Each UTF-8 byte is one vector, its highest bit first. @param {string} typed @throws {Problem} */
export function parseText(typed, bits = BYTE) {
  if (bits !== BYTE) {
    throw new Problem(`Text needs a machine that reads ${BYTE} bits a vector; this one reads ${bits}. Type bits instead.`);
  }
  if (!typed) throw new Problem(`Nothing to run yet: type some text; each of its UTF-8 bytes becomes one vector of ${BYTE} bits.`);
  const half = [...typed].findIndex((sign) => /\p{Cs}/u.test(sign));
  if (half >= 0) throw new Problem(`Character ${half + 1} is half a character; type it again as a whole.`);
  return [...new TextEncoder().encode(typed)].map((byte) => byte.toString(2).padStart(BYTE, "0"));
}

/** As many hexadecimal digits a vector as its bits take, two for 8; spaces, commas, line breaks and 0x are ignored. @param {string} typed @throws {Problem} */
export function parseHex(typed, bits = BYTE) {
  const size = hexDigits(bits);
  /** @type {string[]} */
  const rows = [];
  for (const word of cleaned(typed).split(/[\s,;]+/).filter(Boolean)) {
    const digits = /^0x/i.test(word) ? word.slice(2) : word;
    const wrong = /[^0-9a-fA-F]/u.exec(digits);
    if (wrong) {
      throw new Problem(`After ${counted(rows.length, "whole vector")} comes ${quoted(wrong[0])}; a hexadecimal digit is 0–9 or a–f.`);
    }
    if (!digits || digits.length % size > 0) {
      const has = `${quoted(word)} has ${counted(digits.length, "hexadecimal digit")}`;
      throw new Problem(`${has}; each vector of ${bits} bits takes ${size}, such as ${"b3b3".slice(0, size)}.`);
    }
    for (let at = 0; at < digits.length; at += size) rows.push(hexRow(digits.slice(at, at + size), bits));
  }
  if (rows.length > 0) return rows;
  const count = { 1: "one hexadecimal digit", 2: "two hexadecimal digits" }[size] ?? `${size} hexadecimal digits`;
  throw new Problem(`Nothing to run yet: type ${count} a vector, such as ${size === 2 ? "b3 2c" : "0".repeat(size)}.`);
}

/** How many hexadecimal digits a vector takes. @param {number} bits */
const hexDigits = (bits) => Math.ceil(bits / 4);

/** The vector that a hexadecimal number is. @param {string} digits @param {number} bits */
function hexRow(digits, bits) {
  const row = BigInt(`0x${digits}`).toString(2).padStart(bits, "0");
  if (row.length > bits) throw new Problem(`“${digits}” takes ${row.length} bits; each vector has ${bits}.`);
  return row;
}

/** Two vectors, to be shown where something else was typed. @param {number} bits */
export const exampleRows = (bits) => ["10110011", "00101100"].map((pattern) => pattern.repeat(Math.ceil(bits / pattern.length)).slice(0, bits));

/** The rows, if they are not too many. @param {string[]} rows @param {number} most @throws {Problem} */
export function checkLength(rows, most) {
  if (rows.length <= most) return rows;
  const [length, allowed, beyond] = [rows.length, most, rows.length - most].map(grouped);
  throw new Problem(`That is ${length} vectors; at most ${allowed} fit in one run. Take out ${beyond}.`);
}

/** The rows as `parseBits` reads them. @param {string[]} rows */
export const asBits = (rows) => rows.join(" ");

/** The rows as `parseHex` reads them. @param {string[]} rows */
export const asHex = (rows) => rows.map((row) => BigInt(`0b${row}`).toString(16).padStart(hexDigits(row.length), "0")).join(" ");

/** The rows as the text whose bytes they are; null where they are not UTF-8 text. @param {string[]} rows */
export function asText(rows) {
  if (rows.some((row) => row.length !== BYTE)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(rows, (row) => parseInt(row, 2)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}
