/** Opens trace files as the page does, and prints as JSON what it finds in each: what to hold the browser's reader to from Python. */

import { openAsBlob } from "node:fs";

import { openTraceFile } from "#viewer/tracefile/open.mjs";
import { WrongFile } from "#viewer/tracefile/wrong.mjs";

/** A field at every step. */
const valuesOf = (trace, name) => Array.from({ length: trace.steps }, (_, step) => [...trace.at(name, step)]);

function found({ trace, title }) {
  const { header, steps, locations, width, memory, recorded, explains, results } = trace;
  return {
    title, steps, locations, width, explains, header, results,
    fields: Object.fromEntries([...trace.columns.keys()].map((name) => [name, valuesOf(trace, name)])),
    matrices: Object.fromEntries(recorded.matrices.map(({ name, shape, values }) => [name, { shape, values: [...values] }])),
    memory: memory && Array.from({ length: steps }, (_, step) => [...memory.after(step)]),
  };
}

async function read(path) {
  try {
    return found(await openTraceFile(await openAsBlob(path)));
  } catch (error) {
    if (!(error instanceof WrongFile)) throw error;
    return { wrong: error.message };
  }
}

const all = [];
for (const path of process.argv.slice(2)) all.push(await read(path));
process.stdout.write(JSON.stringify(all));
