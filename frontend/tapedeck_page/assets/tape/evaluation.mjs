/**
 * The generalization page: shows what ships with the chosen machines, reads the results of evaluations as they are counted, and says
 * which figure both make.
 *
 * @typedef {import("./results.mjs").Axis} Axis
 * @typedef {import("./results.mjs").Heat} Heat
 * @typedef {import("./results.mjs").Layout} Layout
 * @typedef {import("./results.mjs").Line} Line
 * @typedef {import("./results.mjs").Looks} Looks
 * @typedef {import("./results.mjs").Result} Result
 * @typedef {{data?: (Line | Heat)[], layout: Layout}} Figure
 * @typedef {Looks & {machines: string[], axes: Axis[], frame: Figure, measure?: string}} Prospect what is chosen, the figure's frame
 *   for it, and what is measured
 * @typedef {{problem: string} | Prospect & {
 *   requests: {checkpoint: string, sizes: Record<string, number[]>, locations: number | null}[], caption: string,
 * }} Job what to evaluate, or why that cannot be
 * @typedef {{
 *   kept: {checkpoint: string, locations: number | null, results: Result[]}[], caption: string, problem: string,
 * }} Shipped what ships with the chosen machines
 */

import { find } from "#viewer/draw/dom.mjs";
import { onThemeChange } from "#viewer/draw/theme.mjs";
import { meaningOf } from "#viewer/model/words.mjs";
import { DEFAULT_VIEW, describeRun, describeView } from "./link.mjs";
import { Refused, busySentence, sentenceOf, whenFree } from "./patience.mjs";
import { linesOf, mapsOf, seriesOf, tableOf, withRoomFor } from "./results.mjs";
import { addressOf } from "./root.mjs";
import { worded } from "./worded.mjs";

const DRAWN_EVERY_MS = 150;
/** What the axis and the scale take of the figure's width, in pixels. */
const BESIDE_MAPS = 160;

export class Evaluation {
  /** @param {HTMLElement} root @param {(figure: Figure) => void} draw */
  constructor(root, draw) {
    this.draw = draw;
    this.progress = find(".evaluation-progress", root);
    this.bar = /** @type {HTMLProgressElement} */ (find("progress", root));
    this.words = find("[data-readout=evaluation]", root);
    this.table = find("[data-readout=results]", root);
    this.place = find(".generalization-figure", root);
    this.measure = find(".generalization h2 .term", root);
    this.keptCaption = find("[data-readout=kept]", root);
    this.caption = find("[data-readout=evaluated]", root);
    this.message = find("#evaluation-message", root);
    /** What is shown, of the machines that are chosen. @type {Prospect} */
    this.shown = { machines: [], axes: [], frame: { layout: {} }, dashes: [], colours: [] };
    /** @type {Shipped} */
    this.shipped = { kept: [], caption: "", problem: "" };
    this.noun = "lengths";
    this.controller = new AbortController();
    /** What was counted here. @type {Result[]} */
    this.results = [];
    /** @type {number | null} */
    this.locations = null;
    find("[data-action=cancel-evaluation]", root).addEventListener("click", () => this.controller.abort());
    const redraw = () => this.shown.axes.length > 1 && this.#draw();
    onThemeChange(redraw);
    new ResizeObserver(redraw).observe(this.place); // numbers have room in the cells of a map, or no longer
  }

  /**
   * Shows what ships with the chosen machines. What was counted of the same machines stays, in its own frame; of others it goes.
   *
   * @param {Prospect} prospect @param {Shipped | null} shipped
   */
  prepare(prospect, shipped) {
    const isSame = JSON.stringify(prospect.machines) === JSON.stringify(this.shown.machines);
    if (!isSame) {
      this.controller.abort();
      const isAlike = JSON.stringify(prospect.axes) === JSON.stringify(this.shown.axes);
      this.results = isAlike ? this.results.filter(({ checkpoint }) => prospect.machines.includes(checkpoint)) : [];
      if (this.results.length === 0) this.caption.textContent = "";
    }
    if (!isSame || (this.results.length === 0 && this.progress.hidden)) this.shown = prospect;
    if (shipped && shipped.problem !== this.shipped.problem) this.message.textContent = shipped.problem;
    this.shipped = shipped ?? this.shipped;
    this.#draw();
  }

  /** Evaluates machine after machine; an evaluation that is under way ends. @param {Job} job */
  async run(job) {
    this.message.textContent = "problem" in job ? job.problem : "";
    if ("problem" in job) return;
    this.controller.abort();
    const controller = (this.controller = new AbortController());
    const total = job.requests.reduce((sum, { sizes }) => sum + countOf(sizes), 0);
    this.results = [];
    this.shown = job;
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
      this.caption.textContent = `counted here${this.shown.axes.length > 1 ? ", in bold" : ""}: ${caption}`;
      this.#show(total);
    }
    if (this.results.length - before < countOf(request.sizes)) throw new TypeError("The stream ended too soon.");
  }

  /** The address of the worst input of a point: of a line or map of the figure, where its axes have these sizes. @param {number} place @param {(number | string)[]} at */
  async linkTo(place, at) {
    const series = this.#series()[place];
    const isThere = (/** @type {Result} */ result) => this.shown.axes.every(({ name }, index) => result[name] === Number(at[index]));
    const result = series?.results.find(isThere);
    if (!result) return null;
    const { worst } = result;
    // Of a copy it is the rows of the sequence, as in the contract's first version.
    const input = Array.isArray(worst) ? { sequence: worst.map((row) => [...row].map(Number)) } : worst;
    const run = { checkpoint: result.checkpoint, input, locations: series.locations, interventions: [], sha: "" };
    const view = describeView(DEFAULT_VIEW);
    return addressOf(`#${await describeRun(run)}${view ? `&${view}` : ""}`);
  }

  #series() {
    const { shown, shipped, results, locations } = this;
    return seriesOf(shown.machines, shipped.kept, { results, locations }, shown.axes);
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
    const { axes, frame, measure = "" } = this.shown;
    if (measure && this.measure.dataset.define !== measure) {
      this.measure.textContent = measure[0].toUpperCase() + measure.slice(1);
      Object.assign(this.measure.dataset, { define: measure, meaning: meaningOf(measure) });
    }
    const series = this.#series();
    const found = series.flatMap(({ results }) => results);
    const width = (this.place.clientWidth - BESIDE_MAPS) / Math.max(1, this.shown.machines.length);
    if (axes.length > 1) this.draw({ data: mapsOf(series, tonesOf(), axes, width), layout: frame.layout });
    else this.draw({ data: series.length > 0 ? linesOf(series, this.shown, axes[0]) : [], layout: withRoomFor(found, frame.layout) });
    this.keptCaption.textContent = series.some(({ ships }) => ships) ? this.shipped.caption : "";
    this.table.replaceChildren(...(found.length > 0 ? [tableOf(series, axes)] : []));
  }
}

/** The colours of a map, of the theme that the page has. */
function tonesOf() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { paper: colour("--cell-paper"), error: colour("--error") };
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

/** How many results sizes make, of which every combination is evaluated. @param {Record<string, number[]>} sizes */
const countOf = (sizes) => Object.values(sizes).reduce((product, values) => product * values.length, 1);
