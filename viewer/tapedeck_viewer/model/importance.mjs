/**
 * What the answer of a run hangs on (`POST /api/importance`): each part of the machine taken out at each step, and each row of the memory
 * set to 0 before one of them. Every number is that of a run with one intervention more, which can be asked for.
 *
 * @typedef {import("../contract/types.mjs").ImportanceDocument} Found
 * @typedef {import("./interventions.mjs").Change} Change
 * @typedef {import("./interventions.mjs").Run} Run
 * @typedef {import("./trace.mjs").Head} Head
 * @typedef {import("./tables.mjs").Table} Table
 * @typedef {"above" | "change"} Measure what the answer lost, or how far its numbers moved
 * @typedef {{part: number | null, row: number | null, step: number}} Cell of the map, or a row of the memory
 * @typedef {{index: number, name: string, head: Head | null, group: string, label: string}} Part `group` is its head's name, said at the
 *     first of its parts that are shown
 */

import { nameOf } from "./interventions.mjs";
import { format } from "./numbers.mjs";
import { roundUp } from "./scales.mjs";
import { stageOf, symbolOf, wordOf } from "./words.mjs";

/** What parts of a head are called that are no fields of a step, and how the run is without each. @type {Record<string, [label: string, without: (head: string) => string]>} */
const OF_HEADS = {
  content: ["content", (head) => `Without the content addressing of ${head}`],
  location: ["location", (head) => `Without the location addressing of ${head}`],
  weighting: ["movement", (head) => `With ${head} frozen`],
};
/** Changes of an output below this are the batch's rounding. */
const ROUNDING = 1e-5;
/** Steps of a table: as many as the tape's have. */
const MOST_STEPS = 60;

export class Importance {
  /** @param {Found} found @param {Run} run that it is of @param {boolean} costs whether predictions are judged by what they cost */
  constructor(found, run, costs) {
    this.run = run;
    this.costs = costs;
    this.amount = found.amount;
    this.rowStep = found.rows.step;
    this.steps = found.above[0].length;
    this.interventions = found.parts.map(({ intervention }) => /** @type {Change} */ (intervention));
    this.parts = found.parts.map(({ name }, index) => partOf(name, index, run));
    const ofSteps = (/** @type {(number | null)[][]} */ map) => Float32Array.from({ length: this.steps * map.length }, (_, at) => map[at % map.length][Math.floor(at / map.length)] ?? NaN);
    /** Step by step, for pictures. @type {Record<Measure, Float32Array>} */
    this.map = { above: ofSteps(found.above), change: ofSteps(found.change) };
    /** Of each row of the memory. @type {Record<Measure, Float32Array>} */
    this.rows = { above: Float32Array.from(found.rows.above, (value) => value ?? NaN), change: Float32Array.from(found.rows.change, (value) => value ?? NaN) };
  }

  /** Which parts have a row: all, or those of the heads that are looked at and of each other head the whole. @param {string[] | null} heads null for all @returns {Part[]} */
  shown(heads) {
    const { parts } = this;
    const isShown = (/** @type {Part} */ { name, head }) => !heads || !head || heads.includes(head.name) || name === head.name;
    const shown = parts.filter(isShown);
    return shown.map((part, index) => (part.head && shown[index - 1]?.head === part.head ? { ...part, group: "" } : part));
  }

  /** @param {Cell} cell @param {Measure} measure */
  valueAt({ part, row, step }, measure) {
    return part === null ? this.rows[measure][row ?? 0] : this.map[measure][step * this.parts.length + part];
  }

  /** The ends of the scale: as far below 0 as above it where something is better without. @param {Measure} measure */
  limitsOf(measure) {
    const all = [...this.map[measure], ...this.rows[measure]].filter(Number.isFinite);
    const low = all.reduce((least, value) => Math.min(least, value), 0);
    const high = roundUp(all.reduce((most, value) => Math.max(most, value), -low));
    return { low: low < -ROUNDING ? -high : 0, high };
  }

  /** What the scale counts. @param {Measure} measure */
  unitOf(measure) {
    if (measure === "change") return "mean change of the output";
    return this.costs ? "bits that predictions cost more" : "more wrong bits";
  }

  /** The intervention that a cell stands for, as a request has it. @param {Cell} cell @returns {Change} */
  changeOf({ part, row, step }) {
    if (part === null) return { kind: "set", target: "memory", rows: [row ?? 0], value: 0, step: this.rowStep };
    return { ...this.interventions[part], step };
  }

  /** The cells of the map that changes stand for. @param {readonly Change[]} changes @returns {{part: number, step: number}[]} */
  cellsOf(changes) {
    const known = this.interventions.map(siteless);
    return changes.flatMap((change) => {
      const part = change.step === undefined ? -1 : known.indexOf(siteless(change));
      return part < 0 ? [] : [{ part, step: change.step ?? 0 }];
    });
  }

  /** What a cell says. @param {Cell} cell */
  sentenceOf(cell) {
    return `${this.#without(cell)}, ${this.#consequenceOf(cell)}.`;
  }

  /** Where the answer hangs the most. */
  get summary() {
    const cells = this.parts.flatMap(({ index }) => Array.from({ length: this.steps }, (_, step) => ({ part: index, row: null, step })));
    const worst = this.#worstOf(cells);
    const row = this.#worstOf([...this.rows.above.keys()].map((row) => ({ part: null, row, step: this.rowStep })));
    const said = [["At worst", worst], ["Among the rows", row]].filter(([, cell]) => this.valueAt(/** @type {Cell} */ (cell), "above") > ROUNDING);
    if (said.length === 0) return "Nothing that is taken out at a single step makes the answer worse.";
    return said.map(([words, cell]) => `${words}: ${lowered(this.sentenceOf(/** @type {Cell} */ (cell)))}`).join(" ");
  }

  /** As a table, around a step. @param {Measure} measure @param {number} around @param {string[] | null} heads @returns {Table} */
  table(measure, around, heads) {
    const first = Math.max(0, Math.min(around - MOST_STEPS / 2, this.steps - MOST_STEPS));
    const steps = Array.from({ length: Math.min(MOST_STEPS, this.steps) }, (_, index) => first + index);
    const value = (/** @type {Cell} */ cell) => finite(this.valueAt(cell, measure));
    const within = steps.length < this.steps ? ` Steps ${first} to ${first + steps.length - 1} of ${this.steps}, around the cursor.` : "";
    return {
      title: "What the answer hangs on",
      corner: "without",
      columns: steps.map((step) => `step ${step}`),
      rows: this.shown(heads).map(({ index, name }) => ({ name, values: steps.map((step) => value({ part: index, row: null, step })) })),
      note: `In each cell: ${this.unitOf(measure)}.${within}`,
    };
  }

  /** The rows of the memory as a table. @returns {Table} */
  get rowsTable() {
    const rows = [...this.rows.above.keys()].map((row) => ({ name: String(row), values: [finite(this.rows.above[row]), finite(this.rows.change[row])] }));
    return { title: `Each row set to 0 before step ${this.rowStep}`, corner: "location", columns: [this.unitOf("above"), this.unitOf("change")], rows, note: "" };
  }

  /** @param {Cell[]} cells */
  #worstOf(cells) {
    const weight = (/** @type {Cell} */ cell) => (finite(this.valueAt(cell, "above")) ?? 0) + 1e-6 * (finite(this.valueAt(cell, "change")) ?? 0);
    return cells.reduce((worst, cell) => (weight(cell) > weight(worst) ? cell : worst));
  }

  /** @param {Cell} cell */
  #without({ part, row, step }) {
    if (part === null) return `With row ${row} of the memory set to 0 before step ${this.rowStep}`;
    const { head, name } = this.parts[part];
    const stage = stageOf(name);
    if (!head) return `Without the ${wordOf(name)} at step ${step}`;
    const called = nameOf(head, this.run);
    if (name === head.name) return `With ${called} ablated at step ${step}`;
    return `${OF_HEADS[stage]?.[1](called) ?? `Without the ${wordOf(stage).replace(" weighting", "")} of ${called}`} at step ${step}`;
  }

  /** @param {Cell} cell */
  #consequenceOf(cell) {
    const [above, change] = [this.valueAt(cell, "above"), this.valueAt(cell, "change")];
    if (Number.isNaN(above)) return "the numbers overflow";
    const moved = `the outputs that count move by ${format(change)} on average`;
    if (Math.abs(above) < ROUNDING) return change < ROUNDING ? "nothing changes" : this.costs ? moved : `no bit is another; ${moved}`;
    if (this.costs) return `the predictions cost ${Math.abs(above).toFixed(2)} bits ${above > 0 ? "more" : "less"}`;
    const count = Math.abs(above);
    const bits = count === 1 ? "bit" : "bits";
    if (above < 0) return `${count} ${bits} fewer ${count === 1 ? "is" : "are"} wrong`;
    return `${count} ${this.amount > 0 ? "more " : ""}${bits} ${count === 1 ? "is" : "are"} wrong`;
  }
}

/** @param {string} name @param {number} index @param {Run} run @returns {Part} */
function partOf(name, index, { heads }) {
  const head = heads.find((each) => name === each.name || name.startsWith(`${each.name}.`)) ?? null;
  const stage = stageOf(name);
  const symbol = symbolOf(name);
  if (!head) return { index, name, head, group: "", label: `${wordOf(name)} ${symbol}`.trim() };
  const group = /^[a-z]+\d*$/.test(head.name) ? `${head.name[0].toUpperCase()}${head.name.slice(1).replace(/(\d+)/, " $1")}` : head.name;
  if (name === head.name) return { index, name, head, group, label: "whole head" };
  return { index, name, head, group, label: OF_HEADS[stage]?.[0] ?? `${wordOf(stage).replace(/ (weighting|vector)$/, "")} ${symbol}`.trim() };
}

/** A change whenever it is made, as text. @param {Change} change */
const siteless = ({ step: _step, ...change }) => JSON.stringify(Object.entries(change).sort(([a], [b]) => (a < b ? -1 : 1)));

/** @param {string} words */
const lowered = (words) => words[0].toLowerCase() + words.slice(1);

/** @param {number} value */
const finite = (value) => (Number.isFinite(value) ? value : null);
