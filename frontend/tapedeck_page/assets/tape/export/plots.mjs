/**
 * What the tape shows, as plots to be drawn: every panel with its numbers, axes and scale, as it stands on the page.
 *
 * @typedef {import("#viewer/views/tape.mjs").Tape} Tape
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/axes.mjs").Label} Label
 * @typedef {import("#viewer/model/result.mjs").BitError} BitError
 * @typedef {import("./cells.mjs").Grid} Grid
 * @typedef {import("./cells.mjs").Box} Box
 * @typedef {Grid & {
 *   name: string, title: string, hue: string, rowTitle: string, rowLabels: (height: number) => Label[],
 *   columnTitle: string, columnLabels: Label[], errors: BitError[], trace: Trace | null,
 * }} Plot over time where it has a trace
 * @typedef {{head: "write" | "read", hue: string, weighting: Float32Array}} Bars
 * @typedef {Plot & {bars: Bars[]}} MemoryPlot
 * @typedef {{name: string, title: string, hue: string, shares: Float64Array, trace: Trace}} SharesPlot
 */

import { columnLabels, rowLabels } from "#viewer/model/axes.mjs";
import { transposed } from "#viewer/views/memory.mjs";
import { sharesOf, termsOf } from "#viewer/model/provenance.mjs";
import { compare } from "#viewer/model/result.mjs";
import { cividis, inkOn, roundUp } from "#viewer/model/scales.mjs";

/** The light theme's colours, on white. */
export const COLOURS = {
  paper: "#ffffff",
  ink: "#1a1c1f",
  soft: "#585b61",
  line: "#8d8c86",
  write: "#9c4600",
  read: "#0a5aab",
  error: "#b01040",
  ok: "#1a6b3c",
};
const BITS_INK = inkOn("e9e7df", "1a1c1f");
const MAP_GAP = "#00183c";

const TITLES = {
  inputs: "Input",
  outputs: "Output",
  targets: "Target",
  "write.add_vector": "Add vectors",
  "read.read_vector": "Read vectors",
  "write.weighting": "Write weighting",
  "read.weighting": "Read weighting",
};
const ROW_TITLES = { bits: "bit", locations: "location", width: "column" };
const MOST_TIME_TICKS = 8;
const POINTS_PER_TICK = 18;

/** The panels over time, in the page's order. @param {Tape} tape @param {Trace} trace @returns {Plot[]} */
export function panelPlots(tape, trace) {
  return tape.panels.map(({ spec, rows, bits, limits }) => ({
    name: spec.name,
    title: TITLES[/** @type {keyof typeof TITLES} */ (spec.name)] ?? spec.name,
    hue: hueOf(spec.name),
    rowTitle: ROW_TITLES[spec.kind],
    rows,
    rowLabels: (height) => rowLabels(spec.kind, rows, bits, height, POINTS_PER_TICK),
    columnTitle: "time step",
    columnLabels: columnLabels(trace.steps, MOST_TIME_TICKS),
    source: trace.field(spec.name),
    columns: trace.steps,
    shades: spec.scale === "ink" ? BITS_INK : cividis,
    high: limits.high,
    gap: spec.scale === "ink" ? COLOURS.paper : MAP_GAP,
    errors: spec.name === "outputs" ? compare(trace).errors : [],
    trace,
  }));
}

/** The memory after a step, with both weightings of the step. @param {Trace} trace @param {number} step @param {number[]} rows @returns {MemoryPlot} */
export function memoryPlot(trace, step, rows) {
  return {
    name: "memory",
    title: step < 0 ? "Memory before the first step" : `Memory, step ${step}`,
    hue: COLOURS.ink,
    rowTitle: "location",
    rows: rows.map((_, index) => index),
    rowLabels: (height) => rowLabels("locations", rows, 0, height, POINTS_PER_TICK),
    columnTitle: "column",
    columnLabels: columnLabels(trace.width, 5),
    source: { data: transposed(trace.memoryAt(step), rows, trace.width), offset: 0, stride: rows.length },
    columns: trace.width,
    shades: cividis,
    high: roundUp(trace.peaks.get("memory") ?? 1),
    gap: MAP_GAP,
    errors: [],
    trace: null,
    bars: /** @type {const} */ (["write", "read"]).map((head) => ({
      head,
      hue: COLOURS[head],
      weighting: Float32Array.from(rows, (row) => (step < 0 ? 0 : trace.at(`${head}.weighting`, step)[row])),
    })),
  };
}

/** The share that each step's write has of what is read at a step. @param {Trace} trace @param {number} step @returns {SharesPlot} */
export function originsPlot(trace, step) {
  const { writes } = sharesOf(termsOf(trace, Math.max(step, 0), null));
  return { name: "origins", title: `Written at: the shares of what step ${Math.max(step, 0)} reads`, hue: COLOURS.write, shares: writes, trace };
}

/** The same for every step, as far as the page has worked it out. @param {Tape} tape @param {Trace} trace @returns {Plot} */
export function originsPicture(tape, trace) {
  const rows = Array.from({ length: trace.steps }, (_, tau) => tau);
  return {
    name: "who-wrote",
    title: "Who wrote what is read",
    hue: COLOURS.read,
    rowTitle: "written at",
    rows,
    rowLabels: (height) => rowLabels("locations", rows, 0, height, POINTS_PER_TICK),
    columnTitle: "time step",
    columnLabels: columnLabels(trace.steps, MOST_TIME_TICKS),
    source: { data: tape.origins.shares, offset: 0, stride: trace.steps },
    columns: trace.steps,
    shades: cividis,
    high: 1,
    gap: MAP_GAP,
    errors: [],
    trace,
  };
}

/** @param {string} name of a field */
function hueOf(name) {
  if (name.startsWith("write.")) return COLOURS.write;
  return name.startsWith("read.") ? COLOURS.read : COLOURS.ink;
}
