/**
 * What a learning film is made of, without its picture: the checkpoints of a training run, the trace of one sequence on each
 * of them, and whose turn it is on the stream. All traces of a film share their scales, so that they can be compared.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/contract/wire.mjs").Description} Header
 * @typedef {{id: string, seen: number, loss: number | null, errorRate: number | null, solvedAt: number | null, foretold?: boolean}} Checkpoint
 *   `errorRate` is the share of wrong bits in validation (where outputs are `foretold`, of bits above the optimum), or in training where there was none; `solvedAt` is how many
 *   sequences had been seen at the first validation without one, if that had been by then
 */

import { evenly, roomFor, thinned } from "./budget.mjs";
import { SharedScales, Trace } from "#viewer/model/trace.mjs";

/**
 * The checkpoints of the run that a machine belongs to, in the order of training. The final machine and the last of its
 * series are one checkpoint: the machine's name, the numbers of whichever has them.
 *
 * @param {any[]} machines as the service lists them
 * @param {string} id
 * @param {string} chosen keeps its name, whichever of two it is
 * @returns {Checkpoint[]}
 */
export function seriesOf(machines, id, chosen = "") {
  const run = machines.find((each) => each.id === id)?.origin?.run;
  if (!run) return [];
  /** @type {Map<number, Checkpoint>} */
  const series = new Map();
  for (const { id: name, sequences_seen: seen, origin, metrics } of machines) {
    if (origin?.run !== run || seen === null) continue;
    const { loss = null, bit_error_rate: trained = null, validation_errors: wrong = null, validation_bits: bits, solved_at: solved = null } = metrics;
    const excess = metrics.validation_excess ?? null;
    const twin = series.get(seen);
    series.set(seen, {
      id: twin && (twin.id === chosen || (name !== chosen && twin.id.length < name.length)) ? twin.id : name,
      seen,
      loss: loss ?? twin?.loss ?? null,
      errorRate: excess ?? (wrong !== null && bits ? wrong / bits : trained) ?? twin?.errorRate ?? null,
      foretold: excess !== null || Boolean(twin?.foretold),
      solvedAt: solved ?? twin?.solvedAt ?? null,
    });
  }
  return [...series.values()].sort((a, b) => a.seen - b.seen);
}

/**
 * Where a number of sequences stands among the checkpoints, which are evenly spaced: between two where it is neither's.
 *
 * @param {Checkpoint[]} checkpoints
 * @param {number} seen
 */
export function placeOf(checkpoints, seen) {
  const next = checkpoints.findIndex((each) => each.seen >= seen);
  if (next <= 0) return next < 0 ? checkpoints.length - 1 : 0;
  const [from, to] = [checkpoints[next - 1].seen, checkpoints[next].seen];
  return next - 1 + (seen - from) / (to - from);
}

export class Reel {
  /** @type {Checkpoint[]} */
  checkpoints = [];
  /** @type {(Trace | undefined)[]} */
  traces = [];
  /** Checkpoints still to run. @type {number[]} */
  queue = [];
  /** Those that are filmed, where there is no room for all. @type {number[] | null} */
  few = null;
  /** How many there is room for: known from the first header on. */
  room = Infinity;
  /** The checkpoint that is shown. */
  index = 0;
  /** Whether the newest checkpoint is shown as soon as it has run, as it is at the end. */
  following = false;
  /** What runs on each of them. @type {Request | null} */
  request = null;
  scales = new SharedScales();

  get last() {
    return this.checkpoints.length - 1;
  }

  /** The checkpoints that are filmed, which can be shown. */
  get stations() {
    return this.few ?? [...this.checkpoints.keys()];
  }

  /** The checkpoint that runs now. */
  get running() {
    return this.queue[0];
  }

  /** Whether this is the first run of the film. */
  get first() {
    return this.traces.filter(Boolean).length === 1;
  }

  /**
   * Since when the training gives no wrong bit: for the sequence on the film, as soon as all checkpoints before have run, and for its own
   * validation.
   *
   * @returns {import("./curves.mjs").FirstExact[]}
   */
  get firstExact() {
    const { checkpoints, traces, stations } = this;
    const wrong = (/** @type {number} */ index) => traces[index]?.results?.wrong ?? null;
    const own = stations.find((index) => !wrong(index)) ?? -1;
    const solved = checkpoints.find(({ solvedAt }) => solvedAt !== null)?.solvedAt ?? null;
    return [
      ...(wrong(own) === 0 ? [{ of: /** @type {const} */ ("yours"), seen: checkpoints[own].seen, at: own }] : []),
      ...(solved === null ? [] : [{ of: /** @type {const} */ ("validation"), seen: solved, at: placeOf(checkpoints, solved) }]),
    ];
  }

  /** The trace that is shown, once all of it has arrived. */
  get shown() {
    const trace = this.traces[this.index];
    return trace?.over ? trace : undefined;
  }

  /** The film of the run that a machine belongs to, standing at that machine. @param {any[]} machines @param {string} id */
  choose(machines, id) {
    this.checkpoints = seriesOf(machines, id, id);
    this.index = Math.max(0, this.checkpoints.findIndex((each) => each.id === id));
    this.following = this.index === this.last;
    this.#clear();
    this.queue = [];
  }

  /**
   * Takes in the checkpoints that its run has by now: one that still trains has more and more. What is shown stays.
   *
   * @param {any[]} machines
   * @returns {boolean} whether there are others than before
   */
  extend(machines) {
    const shown = this.checkpoints[this.index];
    const series = shown ? seriesOf(machines, shown.id) : [];
    const known = this.checkpoints.map(({ id }) => id).join();
    if (series.length < this.checkpoints.length || series.map(({ id }) => id).join() === known) return false;
    const filmed = this.traces.length > 0 || this.running !== undefined;
    const traces = new Map(this.checkpoints.map(({ seen }, index) => [seen, this.traces[index]]));
    const running = this.running === undefined ? undefined : this.checkpoints[this.running].seen;
    const left = new Set(this.checkpoints.map(({ seen }) => seen));
    this.stations.forEach((index) => left.delete(this.checkpoints[index].seen));
    this.checkpoints = series;
    this.index = series.findIndex(({ seen }) => seen === shown.seen);
    if (!filmed) return true;
    const first = series.findIndex(({ seen }) => seen === running);
    const alone = this.few?.length === 1;
    const members = [...series.keys()].filter((index) => !left.has(series[index].seen));
    if (this.room < series.length) this.#keepFew(alone ? [] : members, Math.max(first, 0));
    this.traces = series.map(({ seen }, index) => (this.stations.includes(index) ? traces.get(seen) : undefined));
    const others = this.stations.filter((index) => index !== first && !this.traces[index]);
    this.queue = first < 0 ? others : [first, ...others];
    return true;
  }

  /** Begins a film, with what is shown first. Null where the machine belongs to no run. @param {Request} request */
  begin(request) {
    this.#clear();
    this.scales = new SharedScales();
    this.request = request;
    this.queue = [...this.checkpoints.keys()].sort((a, b) => Number(b === this.index) - Number(a === this.index));
    return this.next();
  }

  /** The request of the checkpoint whose turn it is, and of those after it. @returns {Request | null} */
  next() {
    if (!this.request || this.running === undefined) return null;
    const [checkpoint, ...then] = this.queue.map((index) => this.checkpoints[index].id);
    return { ...this.request, checkpoint, then };
  }

  /**
   * The run of a checkpoint begins. Of a long run the film has fewer checkpoints, as soon as its length is known.
   *
   * @param {Header} header
   * @returns {Trace | null} null where the checkpoint has left the film since it was asked for
   */
  open(header) {
    const begun = this.queue.find((index) => this.checkpoints[index].id === header.checkpoint.id);
    if (begun === undefined) return null;
    this.queue = [begun, ...this.queue.filter((index) => index !== begun)];
    if (this.room === Infinity) {
      this.room = roomFor(header);
      if (this.room < this.checkpoints.length) this.#keepFew(null, this.running);
      this.queue = this.queue.filter((index) => this.stations.includes(index));
    }
    const trace = new Trace(header, this.scales);
    this.traces[begun] = trace;
    return trace;
  }

  /**
   * The run of a checkpoint is over. It is shown if the newest is followed.
   *
   * @returns {number} which one it was; −1 where none ran
   */
  finish() {
    const finished = this.queue.shift() ?? -1;
    if (this.following && finished > this.index) this.index = finished;
    return finished;
  }

  /** Moves to a checkpoint, or to the nearest that is filmed. @param {number} index */
  select(index) {
    const { stations } = this;
    const nearer = (/** @type {number} */ best, /** @type {number} */ each) =>
      Math.abs(each - index) < Math.abs(best - index) ? each : best;
    this.index = stations.reduce(nearer, stations[0] ?? 0);
    this.following = this.index === this.last;
  }

  /** Moves forward by that many filmed checkpoints, at most to the end. @param {number} count */
  move(count) {
    const { stations } = this;
    const place = Math.min(Math.max(stations.indexOf(this.index) + count, 0), stations.length - 1);
    this.select(stations[place] ?? 0);
  }

  /** Nothing has been filmed yet. */
  #clear() {
    this.traces = [];
    this.few = null;
    this.room = Infinity;
  }

  /**
   * Leaves out what there is no room for: never the first, the last, the one shown or the one that runs. Where
   * not even these fit, only one is filmed.
   *
   * @param {number[] | null} members those to choose from; null for any
   * @param {number} running
   */
  #keepFew(members, running) {
    const fixed = new Set([0, this.last, this.index, running]);
    if (members?.length === 0 || fixed.size > this.room) {
      if (!members) this.index = running;
      this.few = [this.index];
    } else {
      this.few = members ? thinned([...members, ...fixed], this.room, fixed) : evenly(this.last + 1, this.room, fixed);
    }
  }
}
