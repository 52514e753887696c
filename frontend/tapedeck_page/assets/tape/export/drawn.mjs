/**
 * Plots as SVG: cells within their axes, a title, a colour bar, the phases, the playhead. What lies still and what moves
 * with time are drawn apart, so that an animation draws the first once.
 *
 * @typedef {import("./cells.mjs").Box} Box
 * @typedef {import("./plots.mjs").Plot} Plot
 * @typedef {import("./plots.mjs").MemoryPlot} MemoryPlot
 * @typedef {import("./plots.mjs").SharesPlot} SharesPlot
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 */

import { columnLabels } from "#viewer/model/axes.mjs";
import { cells, hex } from "./cells.mjs";
import { COLOURS } from "./plots.mjs";
import { element, rect, short, text } from "./svg.mjs";

/** Room that a plot needs about its cells: for the axis on its left, its title above, its axis below. */
export const LEFT = 58;
export const ABOVE = 24;
export const ABOVE_WITH_PHASES = 38;
export const BELOW = 18;
/** What the memory's bars take on either side. */
export const BARS = 34;

const SMALL = 10;
const TITLE = 12.5;
const BAR = { width: 64, narrow: 40, height: 7 };
/** A plot that is narrower has a short colour bar. */
const NARROW = 250;
const LEAST_BAR = 0.005;

/** All of a plot over time that does not move with time. @param {Plot} plot @param {Box} box of its cells @param {boolean} phasesNamed */
export function ground(plot, box, phasesNamed) {
  return [
    title(plot.title, plot.hue, box, phasesNamed),
    colourBar(plot, box, phasesNamed),
    plot.trace ? phaseBand(plot.trace, box, phasesNamed) : "",
    cells(plot, box),
    plot.trace ? phaseLines(plot.trace, box) : "",
    crosses(plot, box),
    axes(plot, box, LEFT),
  ].join("");
}

/** The playhead, and the curtain over what is not played yet. @param {Trace} trace @param {number} step @param {Box} box */
export function playhead(trace, step, box) {
  const cell = box.width / trace.steps;
  const from = box.x + (step + 1) * cell;
  const x = box.x + (Math.max(step, 0) + 0.5) * cell;
  const curtain = rect(from, box.y, box.x + box.width - from, box.height, COLOURS.paper, { "fill-opacity": 0.72 });
  if (step < 0) return curtain;
  return curtain + rect(x - 1.75, box.y, 3.5, box.height, COLOURS.paper) + rect(x - 0.75, box.y, 1.5, box.height, COLOURS.ink);
}

/** All of the memory: it changes with every step. @param {MemoryPlot} plot @param {Box} box of its cells */
export function memory(plot, box) {
  const each = box.height / plot.rows.length;
  const bars = plot.bars.map(({ head, hue, weighting }) => {
    const room = BARS - 6;
    const edge = head === "write" ? box.x - 4 : box.x + box.width + 4;
    const drawn = [...weighting].map((weight, row) => {
      if (weight < LEAST_BAR) return "";
      const length = weight * room;
      return rect(head === "write" ? edge - length : edge, box.y + row * each, length, Math.max(0.6, each - (each > 4 ? 0.6 : 0)), hue);
    });
    const label = text(head, head === "write" ? edge : edge, box.y + box.height + 13, { size: SMALL, fill: hue, anchor: head === "write" ? "end" : "start" });
    return element("g", {}, ...drawn) + label;
  });
  return [title(plot.title, plot.hue, { ...box, x: box.x - BARS }, false), colourBar(plot, box, false), cells(plot, box), ...bars, axes(plot, box, LEFT + BARS)].join("");
}

/** Shares over the steps that wrote, as bars. @param {SharesPlot} plot @param {Box} box @param {boolean} phasesNamed */
export function shares(plot, box, phasesNamed) {
  const each = box.width / plot.trace.steps;
  const bars = [...plot.shares].map((share, step) =>
    share * box.height < 0.1 ? "" : rect(box.x + step * each, box.y + box.height * (1 - share), Math.max(0.5, each - (each > 4 ? 0.6 : 0)), share * box.height, plot.hue),
  );
  const labels = [0, 0.5, 1].map((share) => text(String(share), box.x - 6, box.y + box.height * (1 - share) + 7 * share, { size: SMALL, anchor: "end" }));
  const columns = timeLabels(columnLabels(plot.trace.steps, 8), plot.trace.steps, "time step", box);
  return [
    title(plot.title, plot.hue, box, phasesNamed),
    phaseBand(plot.trace, box, phasesNamed),
    rect(box.x, box.y, box.width, box.height, "#f4f3ee"),
    ...bars,
    phaseLines(plot.trace, box),
    ...labels,
    rowTitle("share", box, LEFT),
    columns,
  ].join("");
}

/** @param {string} words @param {string} hue @param {Box} box @param {boolean} phasesNamed */
const title = (words, hue, box, phasesNamed) =>
  text(words, box.x, box.y - (phasesNamed ? ABOVE_WITH_PHASES : ABOVE) + 13, { size: TITLE, weight: 600, fill: hue });

/** @param {Plot} plot @param {Box} box @param {boolean} phasesNamed */
function colourBar({ shades, high, name }, box, phasesNamed) {
  const right = box.x + box.width;
  const baseline = box.y - (phasesNamed ? ABOVE_WITH_PHASES : ABOVE) + 13;
  const wide = box.width < NARROW ? BAR.narrow : BAR.width;
  const end = right - 6.2 * String(high).length - 4;
  const id = `scale-${name.replace(/\W/g, "-")}`;
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((shade) => element("stop", { offset: short(shade / 255), "stop-color": hex(shades[shade]) }));
  return [
    element("linearGradient", { id }, ...stops),
    text("0", end - wide - 4, baseline, { size: SMALL, anchor: "end" }),
    rect(end - wide, baseline - BAR.height, wide, BAR.height, `url(#${id})`),
    text(String(high), end + 4, baseline, { size: SMALL }),
  ].join("");
}

const PHASE_HUES = { input: COLOURS.write, recall: COLOURS.read };

/** A line over the cells in the colour of each phase, with its name where there is room. @param {Trace} trace @param {Box} box @param {boolean} named */
function phaseBand(trace, box, named) {
  const each = box.width / trace.steps;
  return trace.phases
    .map(({ name, start, stop }) => {
      const hue = PHASE_HUES[/** @type {keyof typeof PHASE_HUES} */ (name)] ?? COLOURS.line;
      const [x, width] = [box.x + start * each, (stop - start) * each];
      const line = rect(x + 0.4, box.y - 4.5, Math.max(0.5, width - 0.8), 2, hue);
      const room = width > 6 * name.length + 4;
      return named && room ? line + text(name, x + width / 2, box.y - 9, { size: SMALL, fill: hue, anchor: "middle" }) : line;
    })
    .join("");
}

/** @param {Trace} trace @param {Box} box */
function phaseLines(trace, box) {
  const each = box.width / trace.steps;
  const d = trace.phases.slice(1).map(({ start }) => `M${short(box.x + start * each)} ${short(box.y)}v${short(box.height)}`);
  return element("path", { d: d.join(""), stroke: COLOURS.line, "stroke-width": 0.8, fill: "none" });
}

/** A ✕ on every wrong bit. @param {Plot} plot @param {Box} box */
function crosses({ errors, columns, rows }, box) {
  if (errors.length === 0) return "";
  const [width, height] = [box.width / columns, box.height / rows.length];
  const arm = Math.max(0.5, Math.min(3.5, 0.3 * Math.min(width, height)));
  const d = errors.map(({ step, bit }) => {
    const [x, y] = [box.x + (step + 0.5) * width, box.y + (bit + 0.5) * height];
    const [left, right, top, bottom] = [x - arm, x + arm, y - arm, y + arm].map(short);
    return `M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}`;
  });
  return [
    element("path", { d: d.join(""), stroke: COLOURS.paper, "stroke-width": short(arm * 0.9), fill: "none" }),
    element("path", { d: d.join(""), stroke: COLOURS.error, "stroke-width": short(arm * 0.5), fill: "none" }),
  ].join("");
}

/** @param {Plot} plot @param {Box} box @param {number} left */
function axes(plot, box, left) {
  const each = box.height / plot.rows.length;
  const gap = left === LEFT ? 6 : BARS + 4;
  const labels = plot.rowLabels(box.height).map(({ text: words, index }) => text(words, box.x - gap, box.y + (index + 0.5) * each + 3.5, { size: SMALL, anchor: "end" }));
  return [...labels, rowTitle(plot.rowTitle, box, left), timeLabels(plot.columnLabels, plot.columns, plot.columnTitle, box)].join("");
}

/** @param {string} words @param {Box} box @param {number} left */
function rowTitle(words, box, left) {
  const [x, y] = [box.x - left + 12, box.y + box.height / 2];
  return text(words, x, y, { size: SMALL, anchor: "middle", turn: -90 });
}

/** @param {import("#viewer/model/axes.mjs").Label[]} labels @param {number} columns @param {string} words @param {Box} box */
function timeLabels(labels, columns, words, box) {
  const baseline = box.y + box.height + 13;
  const drawn = labels.map((label) => text(label.text, box.x + ((label.index + 0.5) * box.width) / columns, baseline, { size: SMALL, anchor: "middle" }));
  const under = words === "column" ? text(words, box.x + box.width / 2, baseline + 13, { size: SMALL, anchor: "middle" }) : text(words, box.x - 8, baseline, { size: SMALL, anchor: "end" });
  return [...drawn, under].join("");
}
