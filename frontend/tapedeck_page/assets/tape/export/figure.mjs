/**
 * Pictures to take away: one panel, or the whole figure as the tape stands. Labelled in themselves: machine, hash, step, phases.
 *
 * @typedef {import("#viewer/views/tape.mjs").Tape} Tape
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("./cells.mjs").Box} Box
 * @typedef {{svg: string, width: number, height: number}} Picture
 * @typedef {{tape: Tape, trace: Trace, step: number, rows: number[]}} Shot what the page shows
 */

import { decode, verdict } from "#viewer/model/result.mjs";
import * as drawn from "./drawn.mjs";
import { COLOURS, memoryPlot, originsPicture, originsPlot, panelPlots } from "./plots.mjs";
import { drawing, overlay, text } from "./svg.mjs";

const MARGIN = 24;
const PANEL = { width: 560, heights: { bits: 150, width: 180, locations: 240 } };
const CAPTION = 46;

/** Of the whole figure. */
const COLUMN = 376;
const COLUMN_GAP = 28;
const MEMORY = { width: 170, gap: 24 };
const HEADER = 46;
const ROW_GAP = 14;
const HEIGHTS = { bits: 104, targets: 84, width: 108, locations: 148 };
const MOST_LETTERS = 50;
const LETTERS_OF_A_LINE = 72;
const MOST_LINES = 3;

/** What can be taken away by itself: its name, and what it is called. */
export const PICTURES = [
  ["figure", "Whole figure"],
  ["inputs", "Input"],
  ["outputs", "Output"],
  ["targets", "Target"],
  ["write.add_vector", "Add vectors"],
  ["read.read_vector", "Read vectors"],
  ["write.weighting", "Write weighting"],
  ["read.weighting", "Read weighting"],
  ["memory", "Memory"],
  ["origins", "Written at"],
  ["who-wrote", "Who wrote what is read"],
];

/** @param {string} name one of PICTURES @param {Shot} shot @returns {Picture} */
export function picture(name, shot) {
  if (name === "figure") return figure(shot);
  return name === "memory" ? memoryPicture(shot) : panelPicture(name, shot);
}

/** The whole figure. @param {Shot} shot @returns {Picture} */
export function figure(shot) {
  const { width, height } = placed(shot.trace);
  return { svg: drawing(width, height, still(shot), moving(shot)), width, height };
}

/** What of the whole figure does not move with time. @param {Shot} shot @returns {Picture} */
export function figureGround(shot) {
  const { width, height } = placed(shot.trace);
  return { svg: drawing(width, height, still(shot)), width, height };
}

/** What moves, to be laid over the ground. @param {Shot} shot @returns {Picture} */
export function figureOverlay(shot) {
  const { width, height } = placed(shot.trace);
  return { svg: overlay(width, height, moving(shot)), width, height };
}

/** @param {string} name @param {Shot} shot @returns {Picture} */
function panelPicture(name, { tape, trace, step }) {
  const width = MARGIN * 2 + drawn.LEFT + PANEL.width;
  const box = { x: MARGIN + drawn.LEFT, y: MARGIN + drawn.ABOVE_WITH_PHASES, width: PANEL.width, height: PANEL.heights.width };
  if (name === "origins") {
    const plot = drawn.shares(originsPlot(trace, step), box, true);
    return captioned(width, box, trace, step, plot + drawn.playhead(trace, step, box));
  }
  const plot = [...panelPlots(tape, trace), originsPicture(tape, trace)].find((each) => each.name === name);
  if (!plot) throw new RangeError(`There is no picture “${name}”.`);
  box.height = heightOf(plot.rowTitle);
  return captioned(width, box, trace, step, drawn.ground(plot, box, true) + drawn.playhead(trace, step, box));
}

/** @param {string} rowTitle */
function heightOf(rowTitle) {
  if (rowTitle === "bit") return PANEL.heights.bits;
  return rowTitle === "column" ? PANEL.heights.width : PANEL.heights.locations;
}

/** @param {Shot} shot @returns {Picture} */
function memoryPicture({ trace, step, rows }) {
  const box = { x: MARGIN + drawn.LEFT + drawn.BARS, y: MARGIN + drawn.ABOVE, width: 320, height: Math.min(560, Math.max(240, 13 * rows.length)) };
  const width = box.x + box.width + drawn.BARS + MARGIN;
  return captioned(width, { ...box, height: box.height + 14 }, trace, step, drawn.memory(memoryPlot(trace, step, rows), box));
}

/** @param {number} width @param {Box} box @param {Trace} trace @param {number} step @param {string} content @returns {Picture} */
function captioned(width, box, trace, step, content) {
  const below = box.y + box.height + drawn.BELOW;
  const height = below + CAPTION + MARGIN / 2;
  const lines = [`${machineOf(trace)} · ${placeOf(trace, step)}`, phasesOf(trace), `SHA-256 ${shaOf(trace)}`];
  const caption = lines.map((line, index) => text(line, MARGIN, below + 20 + 13 * index, { size: index === 2 ? 8 : 9.5, mono: index === 2 }));
  return { svg: drawing(width, height, content, ...caption), width, height };
}

/** Where everything stands in the whole figure. @param {Trace} trace */
function placed(trace) {
  const x = [MARGIN + drawn.LEFT, MARGIN + 2 * drawn.LEFT + COLUMN + COLUMN_GAP];
  const tops = [MARGIN + HEADER];
  const heights = [HEIGHTS.bits, HEIGHTS.targets, HEIGHTS.width, HEIGHTS.locations];
  heights.forEach((height, row) => tops.push(tops[row] + (row === 0 ? drawn.ABOVE_WITH_PHASES : drawn.ABOVE) + height + drawn.BELOW + ROW_GAP));
  const box = (/** @type {number} */ column, /** @type {number} */ row) => ({
    x: x[column],
    y: tops[row] + (row === 0 ? drawn.ABOVE_WITH_PHASES : drawn.ABOVE),
    width: COLUMN,
    height: heights[row],
  });
  /** @type {Record<string, Box>} */
  const boxes = {
    inputs: box(0, 0),
    outputs: box(1, 0),
    result: box(0, 1),
    targets: box(1, 1),
    "write.add_vector": box(0, 2),
    "read.read_vector": box(1, 2),
    "write.weighting": box(0, 3),
    "read.weighting": box(1, 3),
  };
  const last = boxes["read.weighting"];
  const left = x[1] + COLUMN + MEMORY.gap + drawn.LEFT + drawn.BARS;
  const top = tops[0] + drawn.ABOVE;
  boxes.memory = { x: left, y: top, width: MEMORY.width, height: last.y + last.height - top };
  return { boxes, width: left + MEMORY.width + drawn.BARS + MARGIN, height: last.y + last.height + drawn.BELOW + 44, steps: trace.steps };
}

/** @param {Shot} shot */
function still({ tape, trace }) {
  const { boxes, height } = placed(trace);
  const plots = panelPlots(tape, trace).filter(({ name }) => boxes[name]);
  return [
    text(machineOf(trace), MARGIN + drawn.LEFT, MARGIN + 18, { size: 16, weight: 600, fill: COLOURS.ink }),
    text(`${phasesOf(trace)} · SHA-256 ${shaOf(trace)}`, MARGIN + drawn.LEFT, height - 18, { size: 9.5 }),
    ...plots.map((plot) => drawn.ground(plot, boxes[plot.name], plot.name === "inputs" || plot.name === "outputs")),
    result(trace, boxes.result),
  ].join("");
}

/** @param {Shot} shot */
function moving({ tape, trace, step, rows }) {
  const { boxes, width } = placed(trace);
  const panels = tape.panels.filter(({ spec }) => boxes[spec.name]);
  return [
    text(placeOf(trace, step), width - MARGIN, MARGIN + 18, { size: 12.5, anchor: "end", fill: COLOURS.ink }),
    ...panels.map(({ spec }) => drawn.playhead(trace, step, boxes[spec.name])),
    drawn.memory(memoryPlot(trace, step, rows), boxes.memory),
  ].join("");
}

/** The verdict, what was heard and what was said. @param {Trace} trace @param {Box} box */
function result(trace, box) {
  const { state, sentence, count } = verdict(trace);
  const { heard, said } = decode(trace);
  const sign = { exact: "✓ ", wrong: "✕ ", running: "" }[state];
  const fill = { exact: COLOURS.ink, wrong: COLOURS.error, running: COLOURS.ink }[state];
  const why = state === "wrong" ? wrapped(trace.diagnosis?.sentence ?? "", MOST_LINES) : [];
  const y = box.y - 8;
  return [
    text(sign + sentence, box.x, y, { size: 17, weight: 600, fill }),
    text(count, box.x, y + 18, { size: 10.5 }),
    ...why.map((line, index) => text(line, box.x, y + 34 + 13 * index, { size: 10 })),
    ...[["in", heard], ["out", said]].flatMap(([label, words], index) => [
      text(label, box.x, y + 42 + 13 * why.length + 15 * index, { size: 10.5 }),
      text(shorten(words), box.x + 26, y + 42 + 13 * why.length + 15 * index, { size: 10.5, mono: true, fill: COLOURS.ink }),
    ]),
  ].join("");
}

/** @param {Trace} trace */
function machineOf(trace) {
  const { id, name, sequences_seen: seen } = trace.header.checkpoint;
  const known = name === id ? id : `${name} (${id})`;
  const trained = typeof seen === "number" ? ` · ${seen.toLocaleString("en")} sequences seen` : "";
  return `${known}${trained} · ${trace.locations.toLocaleString("en")} locations`;
}

/** @param {Trace} trace */
const shaOf = (trace) => String(trace.header.checkpoint.sha256 ?? "unknown");

/** @param {Trace} trace @param {number} step */
function placeOf(trace, step) {
  if (step < 0) return `before the first of ${trace.steps} steps`;
  const { name, index, length } = trace.phaseAt(step);
  return `step ${step} of ${trace.steps - 1} · ${length > 1 ? `${name} ${index + 1} of ${length}` : name}`;
}

/** @param {Trace} trace */
function phasesOf(trace) {
  const named = trace.phases.map(({ name, start, stop }) => `${name} ${stop - start > 1 ? `${start}–${stop - 1}` : start}`);
  return `Phases, in steps: ${named.join(", ")}`;
}

/** @param {string} words */
const shorten = (words) => ([...words].length <= MOST_LETTERS ? words : `${[...words].slice(0, MOST_LETTERS - 1).join("")}…`);

/** @param {string} sentence @param {number} most lines */
function wrapped(sentence, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of sentence.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LETTERS_OF_A_LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length > most) lines[most - 1] += " …";
  return lines.slice(0, most);
}
