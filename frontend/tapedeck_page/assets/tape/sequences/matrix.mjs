/** A text that is meant as vectors of bits, whoever wrote it. */

import { BYTE } from "#viewer/model/channels.mjs";
import { MAX_DEPTH, parse } from "./brackets.mjs";
import { cleaned, withoutBullets, withoutComments, withoutNames } from "./characters.mjs";
import { rowsOfLists } from "./nested.mjs";
import { grouped, Problem } from "./problem.mjs";
import { inDigits } from "./signs.mjs";
import { readTable } from "./table.mjs";
import { bitOf, fault, isSpelled, runOfVectors } from "./words.mjs";

const BRACKETED = /\[[^[\](){}]*\]|\([^[\](){}]*\)|\{[^[\](){}]*\}/g;
/** What a single sequence is called, as in x = 10110011. */
const NAME = /^\s*[A-Za-z_][\p{L}\p{N}_.]*\s*[=:]\s*(?=[01\\]|["'][01])/u;
/** Bytes as Python writes them, alone or with their name, in ASCII alone. */
const BYTES = /^[ \t-\r]*(?:\w+[ \t-\r]*=[ \t-\r]*)?(?:bytes|bytearray)?\(?[bB]("(?:\\[^\n]|[^"\\])*"|'(?:\\[^\n]|[^'\\])*')\)?;?[ \t-\r]*$/;
const FROM_HEXADECIMAL = /^\s*(?:[\p{L}\p{N}_]+\s*=\s*)?(?:bytes|bytearray)\.fromhex\(["']([0-9a-fA-F\s]+)["']\);?\s*$/u;
/** Of an array in Rust, of a printed one in Julia, of a list in Haskell; of numbers in assembler. */
const TYPES =
  /:[ \t]{0,8}&?\[[^={}"'\n]{0,80};[^={}"'\n]{0,80}\](?=[ \t]{0,8}=)|(?<![\p{L}\p{N}_])[A-Z][\p{L}\p{N}_]{0,80}\{[\p{L}\p{N}_{},. ]{0,80}\}(?=\[)|(?<![^\n])[ \t]*\d+(?:[x×]\d+|-element)[ \t][^\n[(]{0,80}:[ \t]*(?![^\n])|::[ \t]{0,8}\[[[\]\p{L}\p{N}_ ]{0,80}\][ \t]{0,8}(?![^\n])|(?<![^\n])[ \t]*(?:[\p{L}\p{N}_]+:[ \t]*)?\.?(?:byte|db|DB|defb)[ \t]+/gu;
/** What R prints before each line of a vector: the number of its first. */
const COUNTED = /(?<![^\n])[ \t]*\[\d+\](?=[ \t]+["\dTF])/g;
/** What MATLAB prints above a part of a wide matrix. */
const COLUMNS = /(?<![^\n])[ \t]*Columns \d+ (?:through|to|and) \d+:?[ \t]*(?![^\n])/;

/**
 * The vectors in a text, each a string of 0s and 1s.
 *
 * @param {string} typed @param {number} bits
 * @returns {string[]}
 * @throws {Problem} there are none, or something in it is not a bit; names the line as the text has it
 */
export function readMatrix(typed, bits) {
  const literal = bits === BYTE ? BYTES.exec(typed)?.[1] : undefined;
  if (literal && !/^["'][01_]+["']$/.test(literal)) return bytesOf(literal).map((byte) => byte.toString(2).padStart(BYTE, "0"));
  let text = cleaned(typed);
  const signs = inDigits(text, bits);
  if (signs !== null) return readMatrix(signs, bits);
  const hexadecimal = plainHexadecimal(text, bits);
  if (hexadecimal.length > 0) return hexadecimal;
  if (isCounted(text)) text = text.replace(COUNTED, " ").replace(/\n/g, " ");
  text = withoutNames(withoutBullets(withoutComments(text.replace(TYPES, " "))));
  text = text.replace(NAME, (name) => name.replace(/[^\n]/gu, " "));
  const parts = COLUMNS.exec(text);
  if (parts) {
    const line = text.slice(0, parts.index + parts[0].length).split("\n").length;
    throw new Problem(`Line ${grouped(line)} begins a part of the columns; print the matrix in one piece, or save it as CSV.`);
  }
  const run = runOfVectors(text, bits);
  if (run.length > 0) return run;
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length === 1 && isSpelled(words[0])) throw fault(words[0], bits, "Vector 1");
  return isBracketed(text) ? rowsOfLists(parse(text), bits) : readTable(text, bits);
}

/** Whether R printed it: every line has the number of its first. @param {string} text */
function isCounted(text) {
  const lines = text.split("\n").length - (text.match(/\n\n/g)?.length ?? 0) - Number(text.endsWith("\n"));
  return (text.match(COUNTED)?.length ?? 0) === lines;
}

/** Whether the bits stand in brackets: none is left when these are taken away. @param {string} text */
function isBracketed(text) {
  const opened = text.match(/[[({]/g);
  if (!opened) return false;
  if ("[({".includes(text.trimStart()[0]) && opened.length !== text.match(/[\])}]/g)?.length) return true; // a list that is not whole
  let left = text;
  for (let depth = 0; depth < MAX_DEPTH; depth++) left = left.replace(BRACKETED, " ");
  return !left.split(/[\s,;|]+/).some((word) => bitOf(word) !== null || isSpelled(word));
}

/** The vectors of a text of numbers such as b3 2c f0, of as many digits as a vector takes; none of any other. @param {string} text @param {number} bits */
function plainHexadecimal(text, bits) {
  const size = Math.ceil(bits / 4);
  const whole = FROM_HEXADECIMAL.exec(text);
  if (whole) return runOfVectors(`0x${whole[1].replace(/\s+/g, "")}`, bits);
  const parts = text.replace(/(?<![^\n])[ \t]*@[0-9a-fA-F]+\s/g, "").trim().split(/[\s,;:]+/);
  const digits = parts.join("");
  const sure = parts.length > 1 && 1 < size && /[a-fA-F]/.test(digits) && /[0-9]/.test(digits);
  if (/^([a-fA-F])\d(?:\s*,?\s*\1\d)*$/.test(text.trim())) return []; // names of columns, such as b0 b1 b2
  const isNumber = (/** @type {string} */ part) => part.length === size && /^[0-9a-fA-F]*$/.test(part);
  return sure && parts.every(isNumber) ? runOfVectors(parts.map((part) => `0x${part}`).join(" "), bits) : [];
}

/** @type {Record<string, number>} */
const ESCAPED = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, "\\": 92, "'": 39, '"': 34 };

/** What a literal of Python's bytes holds. @param {string} literal with its quotation marks */
function bytesOf(literal) {
  const inner = literal.slice(1, -1);
  // eslint-disable-next-line no-control-regex
  if (/[^\x00-\x7f]|\n|\r|\\x(?![0-9a-fA-F]{2})/.test(inner.replace(/\\\\/g, ""))) {
    throw new Problem("The bytes have a character beyond ASCII; write it as a number such as \\xb3.");
  }
  return [...inner.matchAll(/\\x(..)|\\([0-7]{1,3})|\\([abtnvfr\\'"])|([^])/g)].map(([, hexadecimal, octal, escaped, plain]) => {
    if (hexadecimal) return parseInt(hexadecimal, 16);
    if (octal) return parseInt(octal, 8) & 0xff;
    return escaped ? ESCAPED[escaped] : plain.charCodeAt(0);
  });
}
