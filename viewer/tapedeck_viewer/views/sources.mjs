/**
 * What an output bit, or a read, came from, framed in all panels: the locations that were read, and the writes that filled them.
 *
 * @typedef {import("./tape.mjs").Tape} Tape
 * @typedef {import("./tape.mjs").Lit} Lit
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../draw/crosshair.mjs").Source} Source
 */

import { recordedOf, sourcesOf } from "../model/provenance.mjs";

/**
 * Whose origin a lit cell asks for: of a panel of outputs the output, of one of a head that reads, and of the picture of all
 * reads, the read; null for all others.
 *
 * @param {Trace} trace @param {Lit} lit @param {number} reader the one that is looked at, by its place
 * @returns {import("../model/provenance.mjs").Asked | null}
 */
export function originOf(trace, { panel, step, row }, reader) {
  if (!trace.explains) return null;
  if (panel === "origins") return { step, reader, channel: null };
  const column = trace.columns.get(panel);
  if (column?.role === "output" && trace.header.output.terms.length === 0) return null;
  if (column?.role === "output" && row !== null) return { step, reader, channel: row };
  const own = column ? trace.readers.findIndex(({ fields }) => [...fields.values()].includes(panel)) : -1;
  return own < 0 ? null : { step, reader: own, channel: null };
}

/** Frames the sources of what is lit up; where that has none, takes the frames away. @param {Tape} tape */
export function frameSources({ trace, lit, panels, memory, origins }) {
  const asks = trace && lit && lit.panel !== "origins" ? originOf(trace, lit, origins.reader) : null;
  const found = asks ? origins.found : null;
  if (!trace || !found) {
    panels.forEach(({ crosshair }) => crosshair.frame([]));
    memory.frame([]);
    origins.crosshairs[1].frame([]);
    return;
  }
  const { step } = found.asked;
  const { reads, writes } = sourcesOf(recordedOf(trace), found.asked, found.shares);
  panels.forEach(({ crosshair, spec }) => crosshair.frame(framed(trace, spec, step, reads, writes)));
  memory.frame([...new Set(reads.flatMap(({ locations }) => locations))]);
  origins.crosshairs[1].frame(writes.map((write) => ({ step, row: write.step })));
}

/**
 * What is framed in a panel: the inputs and add vectors of the steps that wrote, the places of the writes, and of the reads.
 *
 * @param {Trace} trace
 * @param {import("../model/panels.mjs").PanelSpec} spec
 * @param {number} step of the read
 * @param {{reader: number, locations: number[]}[]} reads
 * @param {{step: number, head: number, location: number}[]} writes
 * @returns {Source[]}
 */
function framed(trace, { role, head }, step, reads, writes) {
  if (role === "input") return writes.map((write) => ({ step: write.step, row: null }));
  if (!head) return [];
  if (head.kind === "read") {
    const read = role === "weighting" ? reads.find(({ reader }) => trace.readers[reader].name === head.name) : undefined;
    return read ? read.locations.map((row) => ({ step, row })) : [];
  }
  const own = writes.filter((write) => trace.writers[write.head].name === head.name);
  if (role === "add") return own.map((write) => ({ step: write.step, row: null }));
  return role === "weighting" ? own.map((write) => ({ step: write.step, row: write.location })) : [];
}
