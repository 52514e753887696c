/**
 * A step in words, for those who hear the page: the vector, where it is written or read, and whether it came back right.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 */

import { argmax } from "./numbers.mjs";
import { bitsAt } from "./result.mjs";

const BYTE = 8;
const SPOKEN = new Map([[" ", "space"], ["\n", "line break"], ["\t", "tab"]]);

/** What the vectors of a trace are called, from the first input on. @type {WeakMap<Trace, string[]>} */
const named = new WeakMap();

/** @param {Trace} trace @param {number} step one that has arrived */
export function sayStep(trace, step) {
  const phase = trace.phaseAt(step);
  const place = phase.length > 1 ? `${phase.name} ${phase.index + 1} of ${phase.length}` : phase.name;
  const what = phase.name === "input" || phase.name === "recall" ? `: ${sayVector(trace, step, phase)}` : "";
  return `step ${step}, ${place}${what}`;
}

/** @param {Trace} trace @param {number} step @param {{name: string, index: number}} phase */
function sayVector(trace, step, { name, index }) {
  const vector = namesOf(trace)[index];
  if (name === "input") return `${vector} written to location ${argmax(trace.at("write.weighting", step))}`;
  const [target, output] = [bitsAt(trace, "targets", step), bitsAt(trace, "outputs", step)];
  const right = output === target ? `${vector}, right` : `${output}, wrong, expected ${target}`;
  return `location ${argmax(trace.at("read.weighting", step))} read: ${right}`;
}

/** A name for each vector of the input: its character where the whole input is text, else its bits. @param {Trace} trace */
function namesOf(trace) {
  const known = named.get(trace);
  if (known) return known;
  const input = trace.phases.find(({ name }) => name === "input") ?? { start: 0, stop: 0 };
  const arrived = Math.min(input.stop, trace.arrived);
  const vectors = Array.from({ length: Math.max(0, arrived - input.start) }, (_, index) => bitsAt(trace, "inputs", input.start + index));
  const names = charactersOf(vectors) ?? vectors;
  if (arrived === input.stop) named.set(trace, names);
  return names;
}

/** @param {string[]} vectors @returns {string[] | null} null where they are not UTF-8 */
function charactersOf(vectors) {
  if (vectors.some((bits) => bits.length !== BYTE)) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(vectors, (bits) => parseInt(bits, 2)));
    return [...text].flatMap((character) => {
      const bytes = new TextEncoder().encode(character).length;
      const name = SPOKEN.get(character) ?? (character < " " ? `control character ${character.charCodeAt(0)}` : `“${character}”`);
      return Array.from({ length: bytes }, (_, index) => (bytes === 1 ? name : `${name}, byte ${index + 1} of ${bytes}`));
    });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
