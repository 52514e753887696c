/** Matrices in two other signs than 1 and 0: on and off, yes and no, # and ., ■ and □. */

import { Problem, quoted } from "./problem.mjs";
import { bitOf } from "./words.mjs";

/** What stands for 1, and what for 0 beside it. */
const PAIRS = Object.entries({
  on: "off",
  yes: "no",
  y: "n",
  t: "f",
  ja: "nein",
  oui: "non",
  high: "low",
  x: ".",
  "#": ".",
  "*": ".",
  "■": "□",
  "●": "○",
  "⬛": "⬜",
  "█": "░",
  "▓": "░",
  "✓": "✗",
  "✔": "✘",
  "☑": "☐",
  "🟩": "⬜",
});

/**
 * The text in 1 and 0, line for line, if it is a matrix of two signs; null if it is not.
 *
 * @param {string} text @param {number} bits
 * @throws {Problem} a matrix of two signs of which none is known to stand for 1
 */
export function inDigits(text, bits) {
  const lines = text.split("\n").filter((line) => line.trim()).map(cellsOf);
  if (lines.length === 0 || bits < 3 || lines.some((line) => line.length !== bits)) return null;
  const written = new Map(lines.flat().map((cell) => [cell.toLowerCase(), cell]));
  if (written.size !== 2) return null;
  const known = PAIRS.find(([one, zero]) => written.has(one) && written.has(zero));
  if (known) {
    const inLine = (/** @type {string} */ line) => cellsOf(line).map((cell) => (cell.toLowerCase() === known[0] ? "1" : "0"));
    return text.split("\n").map((line) => inLine(line).join(" ")).join("\n");
  }
  if (lines.length > 1 && ![...written.keys()].some((cell) => /\d/.test(cell) || bitOf(cell))) {
    throw new Problem(`It is written in ${[...written.values()].map(quoted).join(" and ")}; write 1 and 0.`);
  }
  return null;
}

/** @param {string} line */
function cellsOf(line) {
  const parts = line.trim().split(/[\s,;|]+/).filter(Boolean);
  return parts.length === 1 ? [...parts[0]] : parts;
}
