/**
 * The numbers of each panel as a table: what the page draws, for reading, copying and screen readers.
 *
 * @typedef {import("../views/tape.mjs").Tape} Tape
 * @typedef {{trace?: Tape["trace"], cursor: {step: number}}} Shown
 * @typedef {{title: string, corner: string, columns: string[], rows: {name: string, values: (number | null)[]}[], note: string}} Table
 */

import { titleOf, titleOfHead } from "./titles.mjs";

/** The stages of addressing, and what a table calls them. */
const STAGES = [["content_weighting", "content"], ["gated_weighting", "gated"], ["shifted_weighting", "shifted"], ["weighting", "sharpened"]];

/** A page can hold more, but nobody reads it, and no browser lays it out at once. The export has everything. */
const MOST_STEPS = 60;

/**
 * The table of the panel that a button stands in; null where there is none, or no tape yet.
 *
 * @param {Tape} tape
 * @param {HTMLElement} panel
 * @returns {Table | null}
 */
export function tableOf(tape, { dataset }) {
  if (!tape.trace || tape.trace.arrived === 0) return null;
  if (dataset.field) return fieldTable(tape, dataset.field);
  if (dataset.matrix) return matrixTable(tape, dataset.matrix);
  if (dataset.origins === "bars") return barsTable(tape);
  if (dataset.origins === "picture") return pictureTable(tape);
  if (dataset.inspects) return headTable(tape, dataset.inspects);
  return memoryTable(tape);
}

/**
 * A field around the cursor: steps across, rows down as the panel shows them.
 *
 * @param {Pick<Tape, "panels"> & Shown} tape
 * @param {string} field
 * @returns {Table | null}
 */
export function fieldTable(tape, field) {
  const panel = tape.panels.find(({ spec }) => spec.name === field);
  if (!panel) return null;
  const { steps, note } = stepsAround(tape);
  const comes = panel.spec.role === "output"; // with the cursor
  return {
    title: panel.title,
    corner: panel.kindOfRow,
    columns: steps.map((step) => `step ${step}`),
    rows: panel.rows.map((row) => ({ name: panel.nameOf(row).replace(`${panel.kindOfRow} `, ""), values: steps.map((step) => (comes && step > tape.cursor.step ? null : panel.valueAt(step, row))) })),
    note: comes && tape.cursor.step < steps[steps.length - 1] ? `${note} What comes out after step ${tape.cursor.step} is left open.`.trim() : note,
  };
}

/** A field of two axes at the cursor, as far as a page can show it. @param {Shown} tape @param {string} name @returns {Table | null} */
export function matrixTable({ trace, cursor: { step } }, name) {
  const matrix = trace?.recorded.matrices.find((each) => each.name === name);
  if (!trace || !matrix || step < 0) return null;
  const { axes, values, shape: [down, across] } = matrix;
  const [rows, columns] = [down, across].map((count) => Array.from({ length: Math.min(count, MOST_STEPS) }, (_, index) => index));
  const note = down > rows.length || across > columns.length ? `The first ${rows.length} of ${down}, and ${columns.length} of ${across}.` : "";
  return {
    title: `${titleOf(name, trace.heads)} at step ${step}`,
    corner: axes[0],
    columns: columns.map((column) => `${axes[1]} ${column}`),
    rows: rows.map((row) => ({ name: String(row), values: columns.map((column) => values[(step * down + row) * across + column]) })),
    note,
  };
}

/** @param {Tape} tape @returns {Table | null} */
function barsTable({ origins, trace }) {
  if (!origins.found) return null;
  const { asked, terms, shares } = origins.found;
  const output = asked.channel !== null;
  const row = (/** @type {string} */ name, /** @type {number} */ term, /** @type {number} */ share) => ({ name, values: output ? [term, share] : [share] });
  const heads = trace?.writers ?? [];
  const writes = [...shares.writes].map((share, write) => {
    const own = heads.length > 1 ? ` by ${heads[write % heads.length].name}` : "";
    return row(`write of step ${Math.floor(write / heads.length)}${own}`, terms.writes[write], share);
  });
  const others = [row("initial memory", terms.initial, shares.initial)];
  terms.interventions.forEach((term, step) => {
    if (trace?.memory?.applied.has(step)) others.push(row(`intervention at step ${step}`, term, shares.interventions[step]));
  });
  for (const [name, term] of Object.entries(terms.others)) others.push(row(name, term, shares.others[name]));
  if (output) others.push(row("bias", terms.bias, shares.bias));
  const signs = "A contribution below 0 pulls the output down; the shares are of the sum of all magnitudes.";
  const note = trace ? `${origins.sentence.textContent} ${output ? signs : "The shares are of the sum of all magnitudes; one below 0 points against what is read."}` : "";
  return { title: "Written at", corner: "from", columns: output ? ["contribution", "share"] : ["share"], rows: [...others, ...writes], note };
}

/** @param {Tape} tape @returns {Table} */
function pictureTable(tape) {
  const { origins } = tape;
  const { steps, note } = stepsAround(tape);
  const total = tape.trace?.steps ?? 0;
  const rows = Array.from({ length: steps[steps.length - 1] + 1 }, (_, tau) => ({
    name: String(tau),
    values: steps.map((step) => (step < origins.done && tau <= step ? origins.shares[step * total + tau] : null)),
  }));
  return {
    title: "Who wrote what is read",
    corner: "written at step",
    columns: steps.map((step) => `read at ${step}`),
    rows: rows.filter(({ values }) => values.some((share) => share !== null && share >= 0.0005)),
    note: `${note} Writes that give less than 0.1 % of every read here are left out.`.trim(),
  };
}

/** @param {Tape} tape @param {string} name @returns {Table | null} */
function headTable({ trace, cursor, memory }, name) {
  if (!trace) return null;
  const head = trace.head(name);
  const stages = STAGES.filter(([stage]) => head.fields.has(stage));
  const weightings = stages.map(([stage]) => trace.at(`${name}.${stage}`, cursor.step));
  const rows = memory.rows.map((location) => ({ name: String(location), values: weightings.map((weighting) => weighting[location]) }));
  return { title: `${titleOfHead(head, trace.heads)} at step ${cursor.step}`, corner: "location", columns: stages.map(([, called]) => called), rows, note: "" };
}

/** @param {Tape} tape @returns {Table} */
function memoryTable({ trace, memory }) {
  const { step } = memory;
  const width = trace?.width ?? 0;
  const heads = step < 0 || !trace ? [] : trace.heads;
  const columns = [...heads.map(({ weighting }) => lowerFirst(titleOf(weighting, heads))), ...Array.from({ length: width }, (_, m) => `column ${m}`)];
  const rows = memory.rows.map((location) => ({
    name: String(location),
    values: [
      ...heads.map(({ weighting }) => trace?.at(weighting, step)[location] ?? null),
      ...Array.from({ length: width }, (_, m) => memory.valueAt(location, m)),
    ],
  }));
  return { title: `Memory at step ${step}`, corner: "location", columns, rows, note: "" };
}

/** @param {string} text */
const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1);

/** @param {Shown} tape */
function stepsAround({ trace, cursor }) {
  const [arrived, total] = [trace?.arrived ?? 0, trace?.steps ?? 0];
  const first = Math.max(0, Math.min(cursor.step - MOST_STEPS / 2, arrived - MOST_STEPS));
  const steps = Array.from({ length: Math.min(MOST_STEPS, arrived) }, (_, index) => first + index);
  const all = steps.length === total;
  return { steps, note: all ? "" : `Steps ${first} to ${first + steps.length - 1} of ${total}, around the cursor.` };
}
