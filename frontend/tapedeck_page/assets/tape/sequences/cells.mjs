/** Lines of cells, as spreadsheets write them: a cell in quotation marks may hold separators and line breaks. */

import { Record } from "./margins.mjs";
import { grouped, Problem } from "./problem.mjs";

/** The most characters of a cell. */
const MAX_CELL = 131_072;

/**
 * The cells of each line that has any, as Python's csv reads them. A record that takes several lines has the number of the last.
 *
 * @param {string[]} lines @param {string} separator
 * @returns {Generator<Record>}
 * @throws {Problem} a cell of far too many characters
 */
export function* recordsOf(lines, separator) {
  /** @type {string[]} */
  let cells = [];
  let cell = "";
  /** @type {"start" | "plain" | "quoted" | "closed"} where the next character falls */
  let state = "start";
  const save = () => {
    cells.push(cell);
    cell = "";
    state = "start";
  };
  const record = (/** @type {number} */ line) => {
    const found = cells.map(plain);
    cells = [];
    while (found.length > 0 && !found[found.length - 1]) found.pop();
    return new Record(line, found.slice(separator === "|" && found[0] === "" ? 1 : 0));
  };
  for (const [index, line] of lines.entries()) {
    for (const sign of line) {
      if (state === "quoted") {
        if (sign === '"') state = "closed";
        else cell += sign;
      } else if (state === "start" && sign === '"') {
        state = "quoted";
      } else if (state === "closed" && sign === '"') {
        cell += sign;
        state = "quoted";
      } else if (state === "start" && sign === " ") {
        continue;
      } else if (sign === separator) {
        save();
      } else {
        cell += sign;
        state = "plain";
      }
      if (cell.length > MAX_CELL) throw new Problem(`Line ${grouped(index + 1)} has a cell of far more characters than a sequence takes.`);
    }
    if (state === "quoted") {
      cell += "\n";
      if (index < lines.length - 1) continue;
    }
    if (line || cells.length > 0 || cell) save();
    const whole = record(index + 1);
    if (whole.cells.length > 0) yield whole;
  }
}

/** Without what marks it as text: '10110011, ="10110011", `10110011`. @param {string} written */
function plain(written) {
  const cell = written.trim();
  const formula = /^="([^"]*)"$/.exec(cell);
  return (formula ? formula[1] : cell).replace(/^['`]+|['`]+$/g, "").trim();
}
