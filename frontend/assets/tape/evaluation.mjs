/**
 * The generalization page: reads the results of evaluations as they are counted, and hands Plotly's figure its points.
 *
 * @typedef {{
 *   checkpoint: string, length: number, sequences: number, exact: number, bits: number, wrong_bits: number, bit_error_rate: number,
 *   interval: [number, number], worst: string[], locations: number,
 * }} Result
 * @typedef {{requests: {checkpoint: string, lengths: number[], locations: number | null}[], dashes: string[]}} Job
 * @typedef {{
 *   x: number[], y: number[], customdata: string[], error_y: {type: string, symmetric: boolean, array: number[], arrayminus: number[]},
 *   name: string, mode: string, line: {dash: string}, hovertemplate: string,
 * }} Line
 */

import { element, find } from "./dom.mjs";
import { DEFAULT_VIEW, describeRun, describeView } from "./link.mjs";
import { addressOf } from "./root.mjs";

const DRAWN_EVERY_MS = 150;

export class Evaluation {
  /** @param {HTMLElement} root @param {(lines: Line[]) => void} draw hands the figure its lines */
  constructor(root, draw) {
    this.draw = draw;
    this.progress = find(".evaluation-progress", root);
    this.bar = /** @type {HTMLProgressElement} */ (find("progress", root));
    this.words = find("[data-readout=evaluation]", root);
    this.table = find("[data-readout=results]", root);
    this.message = find("#evaluation-message", root);
    this.controller = new AbortController();
    /** @type {Result[]} */
    this.results = [];
    find("[data-action=cancel-evaluation]", root).addEventListener("click", () => this.controller.abort());
  }

  /** Evaluates machine after machine; what was going on is ended. @param {Job} job */
  async run(job) {
    this.controller.abort();
    const controller = (this.controller = new AbortController());
    const total = job.requests.reduce((sum, { lengths }) => sum + lengths.length, 0);
    this.results = [];
    this.dashes = job.dashes;
    this.locations = job.requests[0]?.locations ?? null;
    this.progress.hidden = false;
    this.#show(total);
    try {
      for (const request of job.requests) {
        for await (const result of resultsOf(request, controller.signal)) {
          this.results.push(result);
          this.#show(total);
        }
      }
      this.words.textContent = `${total} of ${total} lengths`;
    } catch (error) {
      if (controller !== this.controller) return;
      if (!(error instanceof DOMException && error.name === "AbortError")) {
        this.message.textContent = error instanceof Refused ? error.message : "The service does not answer; try again in a moment.";
      }
    }
    if (controller !== this.controller) return;
    this.progress.hidden = true;
    this.#draw();
  }

  /** The address of the worst sequence of a point. @param {number} line @param {number} point */
  async linkTo(line, point) {
    const names = [...new Set(this.results.map(({ checkpoint }) => checkpoint))];
    const result = this.results.filter(({ checkpoint }) => checkpoint === names[line])[point];
    if (!result) return null;
    const sequence = result.worst.map((row) => [...row].map(Number));
    const run = { checkpoint: result.checkpoint, sequence, locations: this.locations ?? null, interventions: [], sha: "" };
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
    this.draw(linesOf(this.results, this.dashes ?? []));
    this.table.replaceChildren(tableOf(this.results));
  }
}

class Refused extends Error {}

/** @param {object} request @param {AbortSignal} signal @returns {AsyncGenerator<Result>} */
async function* resultsOf(request, signal) {
  const answer = await fetch(addressOf("api/evaluation"), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
    signal,
  });
  if (!answer.ok) throw new Refused((await answer.json()).error.detail);
  yield* objectsIn(/** @type {ReadableStream<Uint8Array>} */ (answer.body));
}

/** What stands in lines of JSON, each as soon as all of it has come. @param {ReadableStream<Uint8Array>} body */
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
 * A line for each machine, in the order in which they came.
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
      customdata: own.map(({ exact, sequences }) => `${exact} of ${sequences} exact`),
      error_y: {
        type: "data",
        symmetric: false,
        array: own.map(({ interval, bit_error_rate }) => interval[1] - bit_error_rate),
        arrayminus: own.map(({ interval, bit_error_rate }) => bit_error_rate - interval[0]),
      },
      name,
      mode: "lines+markers",
      line: { dash: dashes[index % dashes.length] ?? "solid" },
      hovertemplate: "L = %{x}: %{y:.4f}, %{customdata}<extra>%{fullData.name}</extra>",
    };
  });
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
  for (const { checkpoint, length, wrong_bits, bits, bit_error_rate, interval, exact, sequences } of results) {
    const row = body.insertRow();
    const cells = [checkpoint, length, `${wrong_bits.toLocaleString("en")} of ${bits.toLocaleString("en")}`, bit_error_rate.toFixed(4)];
    cells.push(`${interval[0].toFixed(4)} … ${interval[1].toFixed(4)}`, `${exact} of ${sequences}`);
    cells.forEach((text) => row.append(element("td", "", String(text))));
  }
  return table;
}
