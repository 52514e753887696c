/**
 * The generalization page: reads the results of evaluations as they are counted, and says which figure they make.
 *
 * @typedef {{
 *   checkpoint: string, length: number, sequences: number, exact: number, bits: number, wrong_bits: number, bit_error_rate: number,
 *   interval: [number, number], worst: string[], locations: number,
 * }} Result
 * @typedef {{yaxis?: {range?: number[]}}} Layout
 * @typedef {{data?: Line[], layout: Layout}} Figure
 * @typedef {{problem: string} | {
 *   requests: {checkpoint: string, lengths: number[], locations: number | null}[], dashes: string[], frame: Figure, caption: string,
 * }} Job what to evaluate, or why that cannot be
 * @typedef {{
 *   x: number[], y: number[], customdata: string[][], error_y: {type: string, symmetric: boolean, array: number[], arrayminus: number[]},
 *   name: string, mode: string, line: {dash: string}, hovertemplate: string,
 * }} Line
 */

import { element, find } from "#viewer/draw/dom.mjs";
import { DEFAULT_VIEW, describeRun, describeView } from "./link.mjs";
import { busySentence, whenFree } from "./patience.mjs";
import { addressOf } from "./root.mjs";
import { worded } from "./worded.mjs";

const DRAWN_EVERY_MS = 150;
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
    const total = job.requests.reduce((sum, { lengths }) => sum + lengths.length, 0);
    this.results = [];
    this.frame = job.frame;
    this.dashes = job.dashes;
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

  /** @param {{lengths: number[]}} request @param {string} caption of what comes @param {number} total @param {AbortSignal} signal */
  async #count(request, caption, total, signal) {
    const before = this.results.length;
    const busy = (/** @type {number} */ seconds) => (this.words.textContent = busySentence("The evaluation", seconds));
    for await (const result of resultsOf(request, busy, signal)) {
      signal.throwIfAborted();
      this.results.push(result);
      this.caption.textContent = caption;
      this.#show(total);
    }
    if (this.results.length - before < request.lengths.length) throw new TypeError("The stream ended too soon.");
  }

  /** The address of the worst sequence of a point. @param {number} line @param {number} point */
  async linkTo(line, point) {
    const names = [...new Set(this.results.map(({ checkpoint }) => checkpoint))];
    const result = this.results.filter(({ checkpoint }) => checkpoint === names[line])[point];
    if (!result) return null;
    const input = { sequence: result.worst.map((row) => [...row].map(Number)) };
    const run = { checkpoint: result.checkpoint, input, locations: this.locations ?? null, interventions: [], sha: "" };
    const view = describeView(DEFAULT_VIEW);
    return addressOf(`#${await describeRun(run)}${view ? `&${view}` : ""}`);
  }

  /** @param {number} total */
  #show(total) {
    this.bar.value = total ? this.results.length / total : 0;
    this.words.textContent = `${this.results.length} of ${total} lengths`;
    const now = performance.now();
    if (now - (this.drawnAt ?? 0) < DRAWN_EVERY_MS) return;
    this.drawnAt = now;
    this.#draw();
  }

  #draw() {
    this.draw({ data: linesOf(this.results, this.dashes ?? []), layout: withRoomFor(this.results, this.frame.layout) });
    this.table.replaceChildren(...(this.results.length > 0 ? [tableOf(this.results)] : []));
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
 * @throws {Refused} the service does not begin it, or cannot go on in the middle: then its last line is the error
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
 * @returns {Line[]}
 */
export function linesOf(results, dashes) {
  const names = [...new Set(results.map(({ checkpoint }) => checkpoint))];
  return names.map((name, index) => {
    const own = results.filter(({ checkpoint }) => checkpoint === name);
    return {
      x: own.map(({ length }) => length),
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
      hovertemplate: "L = %{x}: %{customdata[0]}<br>95 %: %{customdata[1]}<br>%{customdata[2]}<extra>%{fullData.name}</extra>",
    };
  });
}

/** The layout, with an axis that goes up to the highest bar, where that is beyond chance. @param {Result[]} results @param {Layout} layout */
export function withRoomFor(results, layout) {
  const [bottom, top] = layout.yaxis?.range ?? [0, 0];
  const highest = Math.max(top, ...results.map(({ interval }) => interval[1]));
  return { ...layout, yaxis: { ...layout.yaxis, range: [bottom, highest > top ? highest + ABOVE : top] } };
}

/** The same numbers as text. @param {Result[]} results */
function tableOf(results) {
  const table = element("table", "");
  const head = table.createTHead().insertRow();
  for (const text of ["machine", "length", "wrong bits", "bit error rate", "95 %", "exact"]) {
    const cell = element("th", "", text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const result of results) {
    const { checkpoint, length, wrong_bits, bits, exact, sequences } = result;
    const row = body.insertRow();
    const cells = [checkpoint, length, `${wrong_bits.toLocaleString("en")} of ${bits.toLocaleString("en")}`];
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
