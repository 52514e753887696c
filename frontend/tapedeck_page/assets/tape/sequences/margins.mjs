/** What stands around the bits of a table: headings above, an index on the left, labels on the right. */

import { bitOf, isMostlyBits, isNumber, isSpelled, rowsOf } from "./words.mjs";

/** Cells that are values without being numbers, and so never names. */
const MISSING = new Set(["nan", "na", "n/a", "null", "none", "inf", "-inf", "?", "-", "#n/a"]);

/** A line that has cells. Cells that are set aside count for the place of the others. */
export class Record {
  /** @param {number} line @param {string[]} cells */
  constructor(line, cells, first = 1) {
    this.line = line;
    this.cells = cells;
    this.first = first;
  }

  /** Without its first cells. @param {number} columns */
  drop(columns) {
    return new Record(this.line, this.cells.slice(columns), this.first + columns);
  }
}

/** The records that hold the sequence, without the headings and the index columns. @param {Record[]} records @param {number} bits @param {boolean} byVector */
export function bodyOf(records, bits, byVector) {
  let start = 0;
  while (start < records.length - 1 && isHeading(records[start].cells, byVector)) start++;
  let found = records.slice(start);
  const width = Math.max(...found.map(({ cells }) => cells.length));
  const even = found.every(({ cells }) => cells.length === width);
  const column = (/** @type {number} */ at) => found.map(({ cells }) => cells[at]);
  let [columns, last] = [0, 0];
  while (even && ![1, bits].includes(width - columns)) {
    if (byVector && column(columns).some((cell) => rowsOf(cell, bits))) break;
    if (!isIndex(column(columns), start > 0 || found.length > 2, false)) break;
    columns++;
  }
  while (even && width - last > (byVector ? 1 : bits) && isIndex(column(width - 1 - last), false, true)) last++;
  if (last > 0 && !byVector && width - columns - last !== bits) last = 0;
  if (last > 0) found = found.map(({ line, cells, first }) => new Record(line, cells.slice(0, width - last), first));
  const fits = [1, bits].includes(width - last - columns) && found.some(({ cells }) => bitOf(cells[cells.length - 1]));
  return found.map((record) => record.drop(byVector || fits ? columns : 0));
}

/** Names, or numbers that go up or down, such as 0,1,2 … or 128,64,32 …. @param {string[]} cells @param {boolean} byVector */
function isHeading(cells, byVector) {
  if (byVector && cells.some(isNearlyVector)) return false;
  const written = cells.filter(isNumber);
  const numbers = written.map(numberOf);
  if (written.some((cell) => !/^-?\d+(?:\.0)?$/.test(cell))) return false;
  if (cells.every((cell) => MISSING.has(cell.toLowerCase()) || !cell) || (cells.length === 1 && /^\d+$/.test(cells[0]))) {
    return cells.length === 1 && cells[0] === "0"; // the name of a column in pandas
  }
  if (!cells.some((cell) => (byVector ? isSpelled(cell) : bitOf(cell)))) {
    return numbers.length < cells.length / 2 || isMonotonic(numbers);
  }
  return numbers.length > 2 && isMonotonic(numbers);
}

/** A vector, perhaps with something wrong in it; not a number such as those that columns are counted by. @param {string} cell */
function isNearlyVector(cell) {
  return !/^(?:0|[1-9]\d{0,3})$/.test(cell) && [...cell].length > 1 && isMostlyBits(cell);
}

/**
 * Numbers one after the other, or names, none of which could be of the sequence.
 *
 * @param {string[]} cells of the column
 * @param {boolean} sure the lines are many, or have a heading; a few bits may look like an index
 * @param {boolean} names numbers are none; a single line has no column
 */
function isIndex(cells, sure, names) {
  if (cells.every(isNumber)) {
    const steps = stepsOf(cells.map(numberOf));
    return !names && sure && (steps.every((step) => step === 1) || (steps.length > 1 && Math.min(...steps) > 0));
  }
  return (cells.length > 1 || !names) && !cells.some(mayBeOfBits);
}

/** @param {string} cell */
const mayBeOfBits = (cell) =>
  !cell ||
  MISSING.has(cell.toLowerCase()) ||
  bitOf(cell) !== null ||
  isNumber(cell) ||
  isNearlyVector(cell) ||
  /[01]{5}|0[xXbB]/.test(cell);

/** @param {number[]} numbers */
function isMonotonic(numbers) {
  const steps = stepsOf(numbers);
  return steps.every((step) => step > 0) || steps.every((step) => step < 0);
}

/** @param {number[]} numbers */
const stepsOf = (numbers) => numbers.slice(1).map((number, index) => number - numbers[index]);

/** @param {string} cell */
const numberOf = (cell) => Number(cell.replace(/,/g, "."));
