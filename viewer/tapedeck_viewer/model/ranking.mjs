/**
 * The ranks of vectors that are heard with a priority, where they are to come out by it: which of them came out where.
 *
 * The service finds and says the same (`tapedeck.tasks.verdicts.ranking`, `tapedeck.tracing.ranks`); `tests/fixtures/narration.json`
 * holds both to it. Ranks and numbers are counted from 0 here, and from 1 in words.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 */

import { THRESHOLD, bitsOf } from "./channels.mjs";

/** The greatest share of wrong bits with which the vector whose turn it is is still said to have come out. */
const NEAR = 0.25;
/** From more ranks away no vector came where the one whose turn it is may have, with wrong bits: by chance it is alike. */
const FAR = 3;

/** @type {WeakMap<Trace, {arrived: number, ranking: Ranking | null}>} */
const known = new WeakMap();

/** Of a trace, once all that is heard has arrived; null where nothing has a priority, or something else than vectors by rank is due. @param {Trace} trace */
export function rankingOf(trace) {
  const before = known.get(trace);
  if (before && (before.ranking || before.arrived === trace.arrived)) return before.ranking;
  const ranking = find(trace);
  known.set(trace, { arrived: trace.arrived, ranking });
  return ranking;
}

/** @param {Trace} trace */
function find(trace) {
  const { input_channels: channels, scored } = trace.header;
  const priorities = channels.flatMap(({ kind }, at) => (kind === "priority" ? [at] : []));
  const heard = trace.phases.filter(({ role }) => role === "input");
  if (!["inputs", "outputs", "targets"].every((name) => trace.columns.has(name))) return null;
  if (priorities.length !== 1 || heard.length !== 1 || scored.length !== 1 || trace.arrived < heard[0].stop) return null;
  const ranking = new Ranking(trace, heard[0], priorities[0]);
  return ranking.isDue() ? ranking : null;
}

class Ranking {
  /** @param {Trace} trace @param {Trace["phases"][number]} heard @param {number} priority the channel */
  constructor(trace, heard, priority) {
    this.trace = trace;
    this.heard = heard;
    this.saidAt = bitsOf(trace.header.output_channels);
    const steps = Array.from({ length: heard.stop - heard.start }, (_, index) => heard.start + index);
    const places = bitsOf(trace.header.input_channels);
    this.vectors = steps.map((step) => bitsIn(trace.at("inputs", step), places));
    /** Of each vector. */
    this.priorities = steps.map((step) => trace.at("inputs", step)[priority]);
    /** The vector of each rank, from the highest priority down. */
    this.order = this.priorities.map((_, item) => item).sort((a, b) => this.priorities[b] - this.priorities[a] || a - b);
    /** The rank of each vector. @type {number[]} */
    this.ranks = [];
    this.order.forEach((item, rank) => (this.ranks[item] = rank));
    const [[first, stop]] = trace.header.scored;
    this.first = first;
    this.stop = stop;
  }

  /** How many come out. */
  get count() {
    return this.stop - this.first;
  }

  /** Whether what should come out, as far as it has arrived, are the vectors by rank. */
  isDue() {
    if (this.count > this.order.length || this.saidAt.length !== this.vectors[0]?.length) return false;
    const arrived = Math.min(this.stop, this.trace.arrived);
    for (let step = this.first; step < arrived; step++) {
      if (bitsIn(this.trace.at("targets", step), this.saidAt) !== this.vectors[this.order[step - this.first]]) return false;
    }
    return true;
  }

  /** The vector that came out at a step where one was due; null of none that was heard. Of several alike the one whose turn is nearest. @param {number} step */
  cameAt(step) {
    const rank = step - this.first;
    const right = this.order[rank];
    const said = bitsIn(this.trace.at("outputs", step), this.saidAt);
    const wrong = [...said].filter((bit, at) => bit !== this.vectors[right][at]).length;
    const isNear = wrong <= NEAR * said.length;
    const alike = wrong === 0 ? [] : this.vectors.flatMap((vector, item) => (vector === said ? [{ item, away: Math.abs(this.ranks[item] - rank) }] : []));
    const nearest = alike.sort((a, b) => a.away - b.away).at(0);
    if (nearest && !(isNear && nearest.away > FAR)) return nearest.item;
    return isNear ? right : null;
  }

  /** Whether something is due at a step. @param {number} step */
  isOut(step) {
    return step >= this.first && step < this.stop;
  }

  /** “rank 3”, of a step at which a vector is heard; empty of any other. @param {number} step */
  rankHeard(step) {
    return step >= this.heard.start && step < this.heard.stop ? `rank ${this.ranks[step - this.heard.start] + 1}` : "";
  }

  /** “input 4”: what is to come out at a step; empty where nothing is. @param {number} step */
  dueAt(step) {
    return this.isOut(step) ? this.#named(this.order[step - this.first]) : "";
  }

  /** “input 9, rank 6”: what came out at a step instead of what was due; empty where it is nothing that was heard. @param {number} step */
  insteadAt(step) {
    const item = this.cameAt(step);
    return item === null || item === this.order[step - this.first] ? "" : `${this.#named(item)}, rank ${this.ranks[item] + 1}`;
  }

  /** @param {number} item */
  #named(item) {
    return `${this.heard.name} ${item + 1}`;
  }
}

/** As 0s and 1s. @param {ArrayLike<number>} vector @param {number[]} places */
const bitsIn = (vector, places) => places.map((at) => (vector[at] > THRESHOLD ? "1" : "0")).join("");
