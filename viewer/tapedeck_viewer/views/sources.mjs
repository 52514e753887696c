/**
 * What an output bit, or a read, came from, framed in all panels: the locations that were read, and the writes that filled them.
 *
 * @typedef {import("./tape.mjs").Tape} Tape
 * @typedef {import("./tape.mjs").Lit} Lit
 */

import { sourcesOf } from "../model/provenance.mjs";

/** @param {Lit | null} lit */
export const hasOrigin = (lit) => lit !== null && (lit.panel === "outputs" || lit.panel.startsWith("read."));

/** Frames the sources of what is lit up; where that has none, takes the frames away. @param {Tape} tape */
export function frameSources({ trace, lit, panels, memory, origins }) {
  const found = hasOrigin(lit) ? origins.found : null;
  if (!trace || !found) {
    panels.forEach(({ crosshair }) => crosshair.frame([]));
    memory.frame([]);
    origins.crosshairs[1].frame([]);
    return;
  }
  const { step } = found.asked;
  const { locations, writes } = sourcesOf(trace, step, found.shares);
  /** @type {Record<string, import("../draw/crosshair.mjs").Source[]>} */
  const framed = {
    inputs: writes.map((write) => ({ step: write.step, row: null })),
    "write.add_vector": writes.map((write) => ({ step: write.step, row: null })),
    "write.weighting": writes.map((write) => ({ step: write.step, row: write.location })),
    "read.weighting": locations.map((row) => ({ step, row })),
  };
  panels.forEach(({ crosshair, spec }) => crosshair.frame(framed[spec.name] ?? []));
  memory.frame(locations);
  origins.crosshairs[1].frame(writes.map((write) => ({ step, row: write.step })));
}
