/**
 * The generalization page: reads the results of evaluations as they are counted, and says which figure they make.
 *
 * @typedef {{
 *   checkpoint: string, sequences: number, exact: number, bits: number, wrong_bits: number, bit_error_rate: number,
 *   interval: [number, number], worst: import("./task.mjs").Input | string[], locations: number, [size: string]: any,
 * }} Result its sizes stand under their own names
 * @typedef {{name: string, title: string}} Axis a size, and what it counts
 * @typedef {{yaxis?: {range?: number[]}}} Layout
 * @typedef {{data?: (Line | Heat)[], layout: Layout}} Figure
 * @typedef {{problem: string} | {
 *   requests: {checkpoint: string, sizes: Record<string, number[]>, locations: number | null}[], axes: Axis[], dashes: string[],
 *   frame: Figure, caption: string,
 * }} Job what to evaluate, or why that cannot be
 * @typedef {{
 *   x: number[], y: number[], customdata: string[][], error_y: {type: string, symmetric: boolean, array: number[], arrayminus: number[]},
 *   name: string, mode: string, line: {dash: string}, hovertemplate: string,
 * }} Line
 * @typedef {{type: "heatmap", x: string[], y: string[], z: (number | null)[][], [prop: string]: unknown}} Heat
 */

import { element, find } from "#viewer/draw/dom.mjs";
import { DEFAULT_VIEW, describeRun, describeView } from "./link.mjs";
import { busySentence, whenFree } from "./patience.mjs";
import { addressOf } from "./root.mjs";
import { worded } from "./worded.mjs";

const DRAWN_EVERY_MS = 150;
/** The rate of a guess. */
const CHANCE = 0.5;
/** Of the highest bar, so that its end is seen. */
const ABOVE = 0.02;

export class Evaluation {
  /** @param {HTMLElement} root @param {(figure: Figure) => void} draw */
  constructor(root, draw) {
    this.draw = draw;
    this.progress = find(".evaluation-progress", root);
    this.bar = /** @type {HTMLProgressElement} */ (find("progress", root));
    this.words = find("[data-readout=evaluation]", root);
    this.table = find("[data-readout=results]", root);
    this.caption = find("[data-readout=evaluated]", root);
    this.message = find("#evaluation-message", root);
    /** @type {Figure} */
    this.frame = { layout: {} };
    this.noun = "lengths";
    /** @type {Axis[]} */
    this.axes = [];
    this.controller = new AbortController();
    /** @type {Result[]} */
    this.results = [];
    find("[data-action=cancel-evaluation]", root).addEventListener("click", () => this.controller.abort());
  }

  /** Evaluates machine after machine; an evaluation that is under way ends. @param {Job} job */
  async run(job) {
    this.message.textContent = "problem" in job ? job.problem : "";
    if ("problem" in job) return;
    this.controller.abort();
    const controller = (this.controller = new AbortController());
    const total = job.requests.reduce((sum, { sizes }) => sum + countOf(sizes), 0);
    this.results = [];
    this.frame = job.frame;
    this.axes = job.axes;
    this.dashes = job.dashes;
    this.noun = job.axes.length === 1 && job.axes[0].name === "length" ? "lengths" : "sizes";
    this.locations = job.requests[0]?.locations ?? null;
    this.caption.textContent = "";
    this.progress.hidden = false;
    this.#show(total);
    this.#draw();
    try {
      for (const request of job.requests) await this.#count(request, job.caption, total, controller.signal);
    } catch (error) {
      if (controller !== this.controller) return;
      if (!controller.signal.aborted) this.message.textContent = sentenceOf(error);
    }
    if (controller !== this.controller) return;
    this.progress.hidden = true;
    this.#draw();
  }

  /** @param {{sizes: Record<string, number[]>}} request @param {string} caption of what comes @param {number} total @param {AbortSignal} signal */
  async #count(request, caption, total, signal) {
    const before = this.results.length;
    const busy = (/** @type {number} */ seconds) => (this.words.textContent = busySentence("The evaluation", seconds));
    for await (const result of resultsOf(request, busy, signal)) {
      signal.throwIfAborted();
      this.results.push(result);
      this.caption.textContent = caption;
      this.#show(total);
    }
    if (this.results.length - before < countOf(request.sizes)) throw new TypeError("The stream ended too soon.");
  }

  /** The address of the worst input of a point: of a machine, where its axes have these sizes. @param {number} line @param {(number | string)[]} at */
  async linkTo(line, at) {
    const names = namesOf(this.results);
    const isThere = (/** @type {Result} */ result) => this.axes.every(({ name }, index) => result[name] === Number(at[index]));
    const result = this.results.find((each) => each.checkpoint === names[line] && isThere(each));
    if (!result) return null;
    const { worst } = result;
    // Of a copy it is the rows of the sequence, as in the contract's first version.
    const input = Array.isArray(worst) ? { sequence: worst.map((row) => [...row].map(Number)) } : worst;
    const run = { checkpoint: result.checkpoint, input, locations: this.locations ?? null, interventions: [], sha: "" };
    const view = describeView(DEFAULT_VIEW);
    return addressOf(`#${await describeRun(run)}${view ? `&${view}` : ""}`);
  }

  /** @param {number} total */
  #show(total) {
    this.bar.value = total ? this.results.length / total : 0;
    this.words.textContent = `${this.results.length} of ${total} ${this.noun}`;
    const now = performance.now();
    if (now - (this.drawnAt ?? 0) < DRAWN_EVERY_MS) return;
    this.drawnAt = now;
    this.#draw();
  }

  #draw() {
    const { results, axes, frame } = this;
    if (axes.length > 1) this.draw({ data: mapsOf(results, axes), layout: frame.layout });
    else this.draw({ data: linesOf(results, this.dashes ?? [], axes[0]), layout: withRoomFor(results, frame.layout) });
    this.table.replaceChildren(...(results.length > 0 ? [tableOf(results, axes)] : []));
  }
}

class Refused extends Error {}

/** What went wrong, and what to do. @param {unknown} error */
function sentenceOf(error) {
  if (error instanceof Refused) return error.message;
  const away = error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException;
  return away ? "The service stopped answering; try again in a moment." : `The page could not show this: ${error}. Reload it.`;
}

/**
 * The results of an evaluation, each as soon as it is known. While the service is busy it is asked for again by itself.
 *
 * @param {object} request
 * @param {(seconds: number) => void} busy
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Result>}
 * @throws {Refused} the service does not begin it, or breaks off in the middle: then its last line is the error
 */
export async function* resultsOf(request, busy, signal, address = addressOf("api/evaluation")) {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), signal };
  const answer = await whenFree(() => fetch(address, asked), busy, signal);
  if (!answer.ok) throw new Refused(worded((await answer.json()).error.detail));
  for await (const line of objectsIn(/** @type {ReadableStream<Uint8Array>} */ (answer.body))) {
    if ("error" in line) throw new Refused(worded(line.error.detail));
    yield line;
  }
}

/** The values of lines of JSON, each as soon as its line is complete. @param {ReadableStream<Uint8Array>} body */
export async function* objectsIn(body) {
  const read = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let part = await read.read(); !part.done; part = await read.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/**
 * A line for each machine, in the order in which they arrived.
 *
 * @param {Result[]} results
 * @param {string[]} dashes
 * @param {Axis} axis
 * @returns {Line[]}
 */
export function linesOf(results, dashes, { name: size, title }) {
  return namesOf(results).map((name, index) => {
    const own = results.filter(({ checkpoint }) => checkpoint === name);
    return {
      x: own.map((result) => result[size]),
      y: own.map(({ bit_error_rate }) => bit_error_rate),
      customdata: own.map((result) => [rateOf(result), intervalOf(result), `${result.exact} of ${result.sequences} exact`]),
      error_y: {
        type: "data",
        symmetric: false,
        array: own.map(({ interval, bit_error_rate }) => interval[1] - bit_error_rate),
        arrayminus: own.map(({ interval, bit_error_rate }) => bit_error_rate - interval[0]),
      },
      name,
      mode: "lines+markers",
      line: { dash: dashes[index % dashes.length] ?? "solid" },
      hovertemplate: `${size === "length" ? "L = %{x}" : `%{x} ${title}`}: %{customdata[0]}<br>95 %: %{customdata[1]}<br>%{customdata[2]}<extra>%{fullData.name}</extra>`,
    };
  });
}

/**
 * A map for each machine, with the rate in every cell that is known: the first size from left to right, the second upwards.
 *
 * @param {Result[]} results
 * @param {Axis[]} axes
 * @returns {Heat[]}
 */
export function mapsOf(results, [across, up]) {
  return namesOf(results).map((name, index) => {
    const own = results.filter(({ checkpoint }) => checkpoint === name);
    const [x, y] = [across, up].map((axis) => [...new Set(own.map((result) => result[axis.name]))].sort((a, b) => a - b));
    const at = (/** @type {number} */ row, /** @type {number} */ column) =>
      own.find((result) => result[across.name] === column && result[up.name] === row);
    const cells = y.map((row) => x.map((column) => at(row, column)));
    const number = index === 0 ? "" : String(index + 1);
    return {
      type: "heatmap",
      x: x.map(String),
      y: y.map(String),
      z: cells.map((row) => row.map((cell) => cell?.bit_error_rate ?? null)),
      text: cells.map((row) => row.map((cell) => (cell ? rateOf(cell) : ""))),
      customdata: cells.map((row) => row.map((cell) => (cell ? [intervalOf(cell), `${cell.exact} of ${cell.sequences} exact`] : []))),
      texttemplate: "%{text}",
      xaxis: `x${number}`,
      yaxis: `y${number}`,
      name,
      colorscale: "Cividis",
      zmin: 0,
      zmax: CHANCE,
      xgap: 1,
      ygap: 1,
      showscale: index === 0,
      colorbar: { title: { text: "bit error rate", side: "right", font: { size: 13 } }, thickness: 10, outlinewidth: 0 },
      hovertemplate: `%{x} ${across.title}, %{y} ${up.title}: %{text}<br>95 %: %{customdata[0]}<br>%{customdata[1]}<extra>${name}</extra>`,
    };
  });
}

/** The machines, in the order in which they came. @param {Result[]} results */
const namesOf = (results) => [...new Set(results.map(({ checkpoint }) => checkpoint))];

/** How many results sizes make, of which every combination is evaluated. @param {Record<string, number[]>} sizes */
const countOf = (sizes) => Object.values(sizes).reduce((product, values) => product * values.length, 1);

/** The layout, with an axis that goes up to the highest bar, where that is beyond chance. @param {Result[]} results @param {Layout} layout */
export function withRoomFor(results, layout) {
  const [bottom, top] = layout.yaxis?.range ?? [0, 0];
  const highest = Math.max(top, ...results.map(({ interval }) => interval[1]));
  return { ...layout, yaxis: { ...layout.yaxis, range: [bottom, highest > top ? highest + ABOVE : top] } };
}

/** The same numbers as text. @param {Result[]} results @param {Axis[]} axes */
function tableOf(results, axes) {
  const table = element("table", "");
  const head = table.createTHead().insertRow();
  for (const text of ["machine", ...axes.map(({ name }) => name), "wrong bits", "bit error rate", "95 %", "exact"]) {
    const cell = element("th", "", text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const result of results) {
    const { checkpoint, wrong_bits, bits, exact, sequences } = result;
    const row = body.insertRow();
    const cells = [checkpoint, ...axes.map(({ name }) => result[name]), `${wrong_bits.toLocaleString("en")} of ${bits.toLocaleString("en")}`];
    cells.push(rateOf(result), intervalOf(result), `${exact} of ${sequences}`);
    cells.forEach((text) => row.append(element("td", "", String(text))));
  }
  return table;
}

/** A rate to two digits: a single wrong bit of a million is not 0. @param {{bit_error_rate: number}} result */
export const rateOf = ({ bit_error_rate: rate }) => String(Number(rate.toPrecision(2)));

/** An interval to two digits, outwards, so that it holds what it holds at full precision. @param {{interval: [number, number]}} result */
export const intervalOf = ({ interval: [low, high] }) => `${twoDigits(low, Math.floor)} … ${twoDigits(high, Math.ceil)}`;

/** @param {number} rate @param {(value: number) => number} towards */
function twoDigits(rate, towards) {
  if (rate === 0 || Number(rate.toPrecision(2)) === rate) return rate;
  const scale = 10 ** (1 - Math.floor(Math.log10(rate)));
  return Number((towards(rate * scale) / scale).toPrecision(2));
}
