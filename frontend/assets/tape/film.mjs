/**
 * The learning film: one sequence on every checkpoint of a training run, one after another on the stream; the curve of the
 * training is the slider over them. All traces of a film share their scales, so that they can be compared.
 *
 * @typedef {import("./stream.mjs").Request} Request
 * @typedef {import("./wire.mjs").Header} Header
 * @typedef {{id: string, seen: number, loss: number | null, errorRate: number | null}} Checkpoint
 *   `errorRate` is the share of wrong bits in validation, or in training where there was none
 */

import { Curve } from "./curve.mjs";
import { find } from "./dom.mjs";
import { SharedScales, Trace } from "./trace.mjs";

/** How long the film stands at a checkpoint while it plays. */
const SECONDS_A_CHECKPOINT = 0.25;
const PAGE = 5;

/**
 * The checkpoints of the run that a machine belongs to, in the order of training. The final machine and the last of its
 * series are one checkpoint: the machine's name, the numbers of whichever has them.
 *
 * @param {any[]} machines as the service lists them
 * @param {string} id
 * @returns {Checkpoint[]}
 */
export function seriesOf(machines, id) {
  const run = machines.find((each) => each.id === id)?.origin?.run;
  if (!run) return [];
  /** @type {Map<number, Checkpoint>} */
  const series = new Map();
  for (const { id: name, sequences_seen: seen, origin, metrics } of machines) {
    if (origin?.run !== run || seen === null) continue;
    const { loss = null, bit_error_rate: trained = null, validation_errors: wrong = null, validation_bits: bits } = metrics;
    const twin = series.get(seen);
    series.set(seen, {
      id: twin && twin.id.length < name.length ? twin.id : name,
      seen,
      loss: loss ?? twin?.loss ?? null,
      errorRate: (wrong !== null && bits ? wrong / bits : trained) ?? twin?.errorRate ?? null,
    });
  }
  return [...series.values()].sort((a, b) => a.seen - b.seen);
}

export class Film {
  /**
   * @param {HTMLElement} root
   * @param {(trace: Trace) => void} show called when another checkpoint's tape is to be seen
   */
  constructor(root, show) {
    this.show = show;
    this.play = find("[data-action=film]", root);
    this.slider = find("[role=slider]", root);
    this.numbers = Object.fromEntries(["seen", "loss", "errors"].map((name) => [name, find(`[data-readout=film-${name}]`, root)]));
    this.curve = new Curve(this.slider);
    /** @type {Checkpoint[]} */
    this.checkpoints = [];
    /** @type {(Trace | undefined)[]} */
    this.traces = [];
    /** Checkpoints that are still to run. @type {number[]} */
    this.queue = [];
    this.index = 0;
    /** Whether the newest checkpoint is shown as soon as it has run: she stands at the end. */
    this.following = false;
    this.playing = false;
    this.waited = 0;
    this.#listen();
  }

  /** The checkpoint that runs now. */
  get running() {
    return this.queue[0];
  }

  /** Whether nothing of the film has run before. */
  get first() {
    return this.traces.filter(Boolean).length === 1;
  }

  /** The film of the run that a machine belongs to, standing at that machine. @param {any[]} machines @param {string} id */
  choose(machines, id) {
    this.checkpoints = seriesOf(machines, id);
    this.index = Math.max(0, this.checkpoints.findIndex((each) => each.id === id));
    this.following = this.index === this.checkpoints.length - 1;
    this.traces = [];
    this.queue = [];
    this.#draw();
  }

  /**
   * Takes the checkpoints that its run has by now: a run that goes on has more and more. What she looks at stays.
   *
   * @param {any[]} machines
   * @returns {Request | null} what to run where nothing runs yet
   */
  extend(machines) {
    const shown = this.checkpoints[this.index];
    const series = shown ? seriesOf(machines, shown.id) : [];
    const known = this.checkpoints.map(({ id }) => id).join();
    if (series.length < this.checkpoints.length || series.map(({ id }) => id).join() === known) return null;
    const traces = new Map(this.checkpoints.map(({ seen }, index) => [seen, this.traces[index]]));
    const running = this.running === undefined ? undefined : this.checkpoints[this.running].seen;
    const filmed = this.traces.length > 0 || running !== undefined;
    this.checkpoints = series;
    this.index = series.findIndex(({ seen }) => seen === shown.seen);
    this.traces = series.map(({ seen }) => traces.get(seen));
    this.#draw();
    if (!filmed) {
      this.traces = [];
      return null;
    }
    const first = series.findIndex(({ seen }) => seen === running);
    const others = [...series.keys()].filter((index) => index !== first && !this.traces[index]);
    this.queue = first < 0 ? others : [first, ...others];
    return first < 0 ? this.next() : null;
  }

  /** Begins a film; what she looks at comes first. Null where the machine belongs to no run. @param {Request} request */
  begin(request) {
    this.traces = [];
    this.scales = new SharedScales();
    this.request = request;
    this.queue = [this.index, ...this.checkpoints.keys()].filter((each, at, all) => all.indexOf(each) === at);
    return this.next();
  }

  /** The request of the checkpoint whose turn it is. @returns {Request | null} */
  next() {
    return this.request && this.running !== undefined
      ? { ...this.request, checkpoint: this.checkpoints[this.running].id }
      : null;
  }

  /** @param {Header} header */
  open(header) {
    const trace = new Trace(header, this.scales);
    this.traces[this.running] = trace;
    return trace;
  }

  /** The run of a checkpoint is over: it is shown where she waits for it, or follows what is newest. */
  finish() {
    const finished = this.queue.shift() ?? -1;
    if (finished === this.index || (this.following && finished > this.index)) this.#stand(finished);
  }

  stop() {
    this.queue = [];
  }

  /** She moves to a checkpoint. @param {number} index */
  select(index) {
    this.#stand(index);
    this.following = this.index === this.checkpoints.length - 1;
  }

  /** @param {number} index */
  #stand(index) {
    this.index = Math.min(Math.max(index, 0), this.checkpoints.length - 1);
    const trace = this.traces[this.index];
    if (trace && trace.bitErrors !== null) this.show(trace);
    this.#tell();
  }

  /** Time passes. @param {number} seconds */
  advance(seconds) {
    this.waited += seconds;
    if (!this.playing || this.waited < SECONDS_A_CHECKPOINT) return;
    this.waited = 0;
    this.select(this.index + 1);
    if (this.index >= this.checkpoints.length - 1) this.setPlaying(false);
  }

  /** At the end, play starts over. @param {boolean} playing */
  setPlaying(playing) {
    this.playing = playing && this.checkpoints.length > 1;
    this.waited = 0;
    if (this.playing && this.index >= this.checkpoints.length - 1) this.select(0);
    this.play.dataset.playing = String(this.playing);
    this.play.setAttribute("aria-label", this.playing ? "Pause the training" : "Play the training");
  }

  #draw() {
    this.curve.draw(this.checkpoints);
    this.slider.setAttribute("aria-valuemax", String(Math.max(0, this.checkpoints.length - 1)));
    this.#tell();
  }

  #tell() {
    const checkpoint = this.checkpoints[this.index];
    if (!checkpoint) return;
    const { seen, loss, errorRate } = checkpoint;
    this.numbers.seen.textContent = seen.toLocaleString("en");
    this.numbers.loss.textContent = loss === null ? "–" : loss.toPrecision(2);
    this.numbers.errors.textContent = errorRate === null ? "–" : errorRate.toFixed(3);
    this.curve.mark(this.index);
    this.slider.setAttribute("aria-valuenow", String(this.index));
    this.slider.setAttribute("aria-valuetext", `after ${seen.toLocaleString("en")} sequences`);
  }

  #listen() {
    let dragging = false;
    this.slider.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragging = true;
      this.slider.setPointerCapture(event.pointerId);
      this.setPlaying(false);
      this.select(this.curve.indexAt(event.clientX));
    });
    this.slider.addEventListener("pointermove", (event) => {
      if (dragging) this.select(this.curve.indexAt(event.clientX));
    });
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.slider.addEventListener(over, () => (dragging = false));
    }
    this.slider.addEventListener("keydown", (event) => {
      const last = this.checkpoints.length - 1;
      const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -PAGE, PageUp: PAGE, Home: -last, End: last };
      const move = moves[/** @type {keyof typeof moves} */ (event.key)];
      if (move === undefined) return;
      event.preventDefault();
      this.setPlaying(false);
      this.select(this.index + move);
    });
  }
}
