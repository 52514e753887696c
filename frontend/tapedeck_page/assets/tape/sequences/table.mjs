/** Lines of cells: a vector a line and a bit a cell, or whole vectors; what else stands in a table is set aside. */

import { recordsOf } from "./cells.mjs";
import { bodyOf, Record } from "./margins.mjs";
import { counted, grouped, Problem, quoted } from "./problem.mjs";
import { bitOf, bitsOf, cut, fault, isSpelled, NAMES, rowsOf } from "./words.mjs";

/** In the order in which they are looked for: where a table has semicolons, its commas are those of decimals. */
const SEPARATORS = ["\t", ";", "|", "&", ",", " "];
/** A line that draws a table, counts it or begins and ends it. */
const RULE =
  /^(?:[\s|+:=\-_\u2500-\u257f]*|\s*@[0-9a-fA-F]+\s*|\s*[[(]?\d+ rows?(?![\p{L}\p{N}_])[^\n]*|\s*shape: \([\d, ]*\)\s*|\s*```[^01]*)$/u;
/** Of LaTeX, which may stand in a line with cells. */
const COMMAND =
  /\\(?:begin|end)\{[^}]*\}(?:\{[^}]*\})?|\\(?:[a-z]*line|[a-z]*rule)(?![\p{L}\p{N}_])(?:\{[^}]*\})?|\\[A-Za-z]+\{[^}]*\}/gu;

/**
 * The vectors in a text of lines.
 *
 * @param {string} text @param {number} bits
 * @throws {Problem} there are none, or a cell is not what it must be; names the line as the text has it
 */
export function readTable(text, bits) {
  const records = split(text, bits);
  if (records.length === 0) throw new Problem("There is no vector in it.");
  const cells = records.flatMap((record) => record.cells);
  const whole = cells.reduce((sum, cell) => sum + Number(isSpelled(cell)) + Number(rowsOf(cell, bits) !== null), 0);
  const single = cells.filter((cell) => bitOf(cell) !== null).length;
  const byVector = whole > single || (whole === 0 && single === 0 && records.every((record) => record.cells.length === 1));
  return byVector ? vectorsOf(records, bits) : bitsOfCells(records, bits);
}

/** @param {string} text @param {number} bits */
function split(text, bits) {
  const written = text.split("\n");
  const declared = /^\s*"?sep=([^\n])"?\s*$/iu.exec(written[0])?.[1];
  if (declared) written[0] = "";
  const bare = written.map((line) => line.replace(COMMAND, "").replace(/\\\\\s*$/, "")).map((line) => (RULE.test(line) ? "" : line));
  const lines = normal(bare, bits);
  const separator = declared && SEPARATORS.includes(declared) ? declared : separatorOf(lines);
  const spaced = separator === " " ? lines.map((line) => line.replace(/\t/g, " ")) : lines;
  const records = aligned([...recordsOf(spaced, separator)]);
  const cut = records.find(({ cells }) => cells.some((cell) => /^\.{2,}$/.test(cell)));
  if (cut) throw new Problem(`Line ${grouped(cut.line)} has “...” in place of numbers; print or save all of them.`);
  return unpadded(unquoted(records), bits);
}

/** With commas where a sign between bits is not one of `SEPARATORS`, or is another one in every line. @param {string[]} lines @param {number} bits */
function normal(lines, bits) {
  const filled = lines.filter((line) => line.trim());
  if (bits > 2) {
    const pattern = new RegExp(`^\\s*[01](?:([^\\p{L}\\p{N}_\\s])[01])(?:\\1[01]){${bits - 2}}\\s*$`, "u");
    const joined = filled.map((line) => pattern.exec(line)?.[1]);
    if (!joined.includes(undefined) && joined.some((sign) => !",;|&".includes(String(sign)))) {
      return lines.map((line) => line.replace(/[^\p{L}\p{N}_\s]/gu, ","));
    }
  }
  const withSign = (/** @type {string} */ sign) => new RegExp(`^[01](?:${sign}[01]){${bits - 1}}$`);
  const used = ["\t", ";", ",", " "].filter((sign) => filled.some((line) => withSign(sign).test(line.trim())));
  if (used.length > 1 && filled.every((line) => withSign("[\t;, ]").test(line.trim()))) {
    return lines.map((line) => line.trim().replace(/[\t; ]/g, ","));
  }
  return filled.length === 1 && filled[0].includes("&") ? lines.map((line) => line.replace(/\\\\/g, "&")) : lines;
}

/** Lines that a spreadsheet holds in one cell each, taken apart. @param {Record[]} records */
function unquoted(records) {
  if (!records.every(({ cells }) => cells.length === 1 && /^[01](?:[,;\s]+[01])+$/.test(cells[0]))) return records;
  return records.map(({ line, cells }) => new Record(line, cells[0].split(/[,;\s]+/)));
}

/** Bits with zeros in front, as %02d writes them, without them. @param {Record[]} records @param {number} bits */
function unpadded(records, bits) {
  const isPadded = (/** @type {string} */ cell) => /^0+[01]$/.test(cell) && cell.length < bits;
  if (!records.every(({ cells }) => cells.length === bits && cells.every(isPadded))) return records;
  return records.map(({ line, cells, first }) => new Record(line, cells.map((cell) => cell[cell.length - 1]), first));
}

/** @param {string[]} lines */
function separatorOf(lines) {
  const filled = lines.filter((line) => line.trim()).map((line) => line.replace(/"[^"]*"|\[[\d, ]*\]/g, "x"));
  const wordsOf = filled.map((line) => line.trim().split(/\s+/));
  if (wordsOf.every((parts) => parts.length > 1 && parts.every((part) => /^[+-]?\d+,\d+$/.test(part)))) return " "; // decimal commas
  const has = (/** @type {string} */ separator) => filled.filter((line) => line.replace(/^ +| +$/g, "").includes(separator)).length;
  return SEPARATORS.find((separator) => filled.length > 0 && 2 * has(separator) >= filled.length) ?? ",";
}

/** Without the columns on the left that are empty in every line. @param {Record[]} records */
function aligned(records) {
  const empty = Math.min(...records.map(({ cells }) => cells.findIndex(Boolean)));
  return records.map((record) => record.drop(empty));
}

/** A bit a cell. @param {Record[]} records @param {number} bits */
function bitsOfCells(records, bits) {
  let found = bodyOf(records, bits, false);
  const cells = found.flatMap((record) => record.cells);
  const flat = found.length === 1 || found.every((record) => record.cells.length === 1);
  if (flat && cells.length >= bits && cells.length % bits === 0 && cells.every(bitOf)) {
    const { line } = found[0];
    found = Array.from({ length: cells.length / bits }, (_, at) => new Record(line, cells.slice(at * bits, (at + 1) * bits)));
  }
  for (const record of found) {
    record.cells.forEach((cell, index) => {
      if (cell && bitOf(cell) !== null) return;
      const is = cell ? `is ${quoted(cell)}` : "is empty";
      throw new Problem(`Line ${grouped(record.line)}, cell ${record.first + index} ${is}; a bit is 0 or 1.`);
    });
    if (record.cells.length === bits) continue;
    if (flat && found.length > 1) {
      throw new Problem(`There are ${grouped(cells.length)} lines of one bit each; they must be a multiple of ${bits}.`);
    }
    throw new Problem(`Line ${grouped(record.line)} has ${counted(record.cells.length, "bit")}; each vector has ${bits}.`);
  }
  return found.map((record) => record.cells.map(bitOf).join(""));
}

/** Whole vectors: one a line, or several. @param {Record[]} records @param {number} bits */
function vectorsOf(records, bits) {
  const body = bodyOf(records, bits, true);
  const severalLines = records.length > 1;
  const joined = joinedGroups(body, bits);
  if (joined) return joined;
  return oneColumn(records, body).flatMap((record) =>
    record.cells.flatMap((cell, index) => {
      const spelled = rowsOf(cell, bits);
      if (spelled !== null && (spelled.length === 1 || record.cells.length === 1)) return spelled;
      const place = severalLines && record.cells.length > 1 ? `, vector ${grouped(index + 1)}` : "";
      throw fault(cell, bits, severalLines ? `Line ${grouped(record.line)}${place}` : `Vector ${grouped(index + 1)}`);
    }),
  );
}

/**
 * Of several columns of vectors with names, the one that is called a sequence.
 *
 * @param {Record[]} records @param {Record[]} found
 * @throws {Problem} none is
 */
function oneColumn(records, found) {
  const count = found[0].cells.length;
  const above = records.filter(({ line }) => line < found[0].line);
  const heading = above[above.length - 1];
  if (count < 2 || !heading || heading.cells.length < count || found.some(({ cells }) => cells.length !== count)) return found;
  const names = heading.cells.slice(found[0].first - 1).slice(0, count);
  const lowered = names.map((name) => name.toLowerCase());
  const name = NAMES.find((each) => lowered.includes(each));
  if (name === undefined) {
    const listed = names.slice(0, 4).map(quoted).join(", ");
    throw new Problem(`Line ${grouped(heading.line)} names ${count} columns of vectors (${listed}); keep one.`);
  }
  const at = lowered.indexOf(name);
  return found.map(({ line, cells, first }) => new Record(line, [cells[at]], first + at));
}

/** Vectors in groups of bits, such as 1011 0011: a vector a line, or a line of groups of one size; null where they are not. @param {Record[]} records @param {number} bits */
function joinedGroups(records, bits) {
  const lines = records.map(({ cells }) => cells.map((cell) => bitsOf(cell) || "?"));
  const rows = lines.map((groups) => groups.join(""));
  if (rows.every((row, index) => row.length === bits && lines[index].length > 1)) return rows.join("").includes("?") ? null : rows;
  const sizes = new Set(lines.flat().map(({ length }) => length));
  const whole = rows.join("");
  const [size] = sizes;
  if (records.length > 1 || sizes.size > 1 || whole.includes("?")) return null;
  return size >= bits || bits % size > 0 || whole.length % bits > 0 ? null : cut(whole, bits);
}
