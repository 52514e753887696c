/** The memory of a run that a trace file holds: before its first step, and that what it says of the memory twice is the same. */

import { Memory } from "../model/memory.mjs";
import { isMatrix } from "./description.mjs";
import { WrongFile } from "./wrong.mjs";

/** So far apart cells may be of what is recorded and what follows from the writes, of the largest. */
const APART = 1e-3;

/**
 * The memory before step 0; empty where the file does not have it.
 *
 * @param {Record<string, any>} meta @param {Float32Array | null} initial the array @param {import("./sizes.mjs").Sizes} sizes
 * @returns {number[][]} [N][W]
 */
export function startOf(meta, initial, sizes) {
  const [locations, width] = [sizes.of("locations"), sizes.of("width")];
  const said = meta.memory?.start;
  if (said == null && initial) return Array.from({ length: locations }, (_, row) => [...initial.subarray(row * width, (row + 1) * width)]);
  if (said == null) return [];
  if (Number.isFinite(said) && !width) return [];
  if (Number.isFinite(said)) return Array.from({ length: locations }, () => new Array(width).fill(said));
  const columns = said[0]?.length;
  if (!isMatrix(said, said.length, columns)) throw new WrongFile("meta.memory.start must be one number, or [N][W]: rows of numbers, all of one length.");
  sizes.hold("meta.memory.start", [said.length, columns], ["location", "column"]);
  return said;
}

/**
 * That a memory which is recorded is the one that follows from the writes, where the file says that it follows.
 *
 * @param {import("../model/trace.mjs").Trace} trace
 * @throws {WrongFile} a cell that is not
 */
export function checkAgreement(trace) {
  const { memory, locations, width, steps } = trace;
  if (!memory || memory instanceof Memory || !trace.follows) return;
  const rebuilt = new Memory(trace, memory.writers, trace.header.memory.start, memory.applied);
  for (let step = 0; step < steps; step++) {
    rebuilt.note(step);
    const [found, expected] = [memory.after(step), rebuilt.newest];
    let [largest, apart, at] = [1, 0, 0];
    for (let cell = 0; cell < locations * width; cell++) {
      const away = Math.abs(found[cell] - expected[cell]);
      largest = Math.max(largest, Math.abs(found[cell]));
      if (away > apart) [apart, at] = [away, cell];
    }
    if (apart <= APART * largest) continue;
    const place = `step ${step}, location ${Math.floor(at / width)}, column ${at % width}`;
    throw new WrongFile(`memory is ${inShort(found[at])} at ${place}, where the writes make it ${inShort(expected[at])}; leave out one of \`memory\` and meta.memory.rule.`);
  }
}

/** In four digits. @param {number} value */
const inShort = (value) => String(Number(value.toPrecision(4)));
