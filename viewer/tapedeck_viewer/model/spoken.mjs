/**
 * A step in words, for those who hear the page: the vector, where it is written or read, and whether it came back right.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 */

import { BYTE } from "./channels.mjs";
import { argmax } from "./numbers.mjs";
import { bitsAt, heardAt } from "./result.mjs";

const SPOKEN = new Map([[" ", "space"], ["\n", "line break"], ["\t", "tab"]]);

/** What the vectors of a trace are called, from the first input on. @type {WeakMap<Trace, string[]>} */
const named = new WeakMap();

/** @param {Trace} trace @param {number} step one that has arrived */
export function sayStep(trace, step) {
  const phase = trace.phaseAt(step);
  const place = phase.length > 1 ? `${phase.name} ${phase.index + 1} of ${phase.length}` : phase.name;
  const what = phase.role === "input" || phase.role === "recall" ? `: ${sayVector(trace, step, phase.role)}` : "";
  return `step ${step}, ${place}${what}`;
}

/** @param {Trace} trace @param {number} step @param {string} role of its phase */
function sayVector(trace, step, role) {
  if (role === "input") return `${nameAt(trace, step) ?? bitsAt(trace, "inputs", step)} written to ${placesOf(trace, trace.writers, step)}`;
  const [target, output] = [bitsAt(trace, "targets", step), bitsAt(trace, "outputs", step)];
  const heard = heardAt(trace, step);
  const vector = (heard === null ? null : nameAt(trace, heard)) ?? target;
  const right = output === target ? `${vector}, right` : `${output}, wrong, expected ${target}`;
  return `${placesOf(trace, trace.readers, step)} read: ${right}`;
}

/** Where heads look most, once each. @param {Trace} trace @param {import("./trace.mjs").Head[]} heads @param {number} step */
function placesOf(trace, heads, step) {
  const places = [...new Set(heads.map(({ weighting }) => argmax(trace.at(weighting, step))))];
  return `location${places.length > 1 ? "s" : ""} ${places.join(", ")}`;
}

/** The character of a vector of the first input, where the whole of it is text. @param {Trace} trace @param {number} step */
const nameAt = (trace, step) => namesOf(trace)[step - firstInput(trace).start];

/** @param {Trace} trace */
const firstInput = ({ phases }) => phases.find(({ role }) => role === "input") ?? { start: 0, stop: 0 };

/** A name for each vector of the first input: its character where all of it is text, else its bits. @param {Trace} trace */
function namesOf(trace) {
  const known = named.get(trace);
  if (known) return known;
  const input = firstInput(trace);
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
