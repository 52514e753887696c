/**
 * Where what is read comes from, exactly: the memory is linear in the add vectors, so a read vector is a sum over the writes
 * before it,
 *
 *   r_t[m] = Σ_τ a_τ[m] Σ_i w^r_t(i) w^w_τ(i) Π_{τ<u} (1 − w^w_u(i) e_u[m])  +  what is left of the initial memory,
 *
 * where an intervention set a cell before a step, what was there is gone, and the value is read like what a write added, as a term
 * of its own for each such step; where one changed the read vector itself, each term has a gain, and what was put in is a term of the
 * intervention's, too; and an output before its activation is the same sum through the output layer, with whatever else that layer sees, and its bias.
 * Where several heads write, τ and u count their writes one after another, in acting order, up to the last before the read. The
 * service says the same (`tapedeck/tracing/provenance.py`); `tests/provenance.json` holds this to it.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./memory.mjs").Writer} Writer
 * @typedef {{name: string, weighting: string, after: number, weights: number[][] | null}} Reader after how many writes of a step it
 *   reads, and what the output layer makes of its read vector [O][W]
 * @typedef {{name: string, fields: string[], weights: number[][]}} Beside another term of the outputs
 * @typedef {{
 *   width: number, writers: Writer[], readers: Reader[], beside: Beside[], bias: number[], initial: Float32Array, applied: import("./applied.mjs").Applied,
 *   changed: Map<string, import("./applied.mjs").Changed>,
 * }} Past what it takes of a run's description; `initial` is the memory before the first step, `applied` what was set in it later, `changed` what became of read vectors
 * @typedef {Past & {at: (name: string, step: number) => Float32Array}} Recorded
 * @typedef {{step: number, reader: number, channel: number | null}} Asked the read vector of a reader, or the output of a channel
 * @typedef {{
 *   writes: Float64Array, initial: number, interventions: Float64Array, bias: number, others: Record<string, number>, by: Uint8Array,
 * }} Terms of each write up to the read's step, those of a step side by side; of the initial memory; of what was set before each step,
 *   none where nothing was in the run; of the bias and of what else the outputs see (0 and none for a read vector); `by` is the reader
 *   that reads most of each write
 */

import { changedReadsOf } from "./applied.mjs";
import { THRESHOLD } from "./channels.mjs";

/** Locations that are read with less weight than this give nothing that float32 could show. */
const LEAST_WEIGHT = 1e-9;
/** What is worth pointing at: so much of the greatest, and so many at the most. */
const LEAST_SOURCE = 0.1;
const MOST_SOURCES = 8;
/** The least weight with which a write overwrites a location: more than half of its weighting. */
const FOCUSED = 0.5;

/** The term of the outputs that is made of what is read. */
const READS = "reads";
/** Where a 1 begins before the activation. */
const MIDDLES = /** @type {Record<string, number>} */ ({ sigmoid: 0 });

/** @param {string} activation of the outputs */
export const middleOf = (activation) => MIDDLES[activation] ?? THRESHOLD;

/** What provenance takes of a trace that explains itself. @param {Trace} trace @returns {Recorded} */
export function recordedOf(trace) {
  const { memory } = trace;
  if (!memory || !trace.explains) throw new RangeError("This trace does not say what its reads come from.");
  const { terms, bias } = trace.header.output;
  const reads = terms.find(({ name }) => name === READS);
  const seen = (/** @type {string} */ field) => {
    const place = reads ? reads.fields.indexOf(field) : -1;
    return reads && place >= 0 ? reads.weights.map((row) => row.slice(place * trace.width, (place + 1) * trace.width)) : null;
  };
  return {
    width: trace.width,
    writers: memory.writers,
    readers: trace.readers.map(({ name, weighting, after, fields }) => ({ name, weighting, after, weights: seen(fields.get("read_vector") ?? "") })),
    beside: terms.filter(({ name }) => name !== READS),
    bias,
    initial: memory.start,
    applied: memory.applied,
    changed: changedReadsOf(trace.header),
    at: (name, step) => trace.at(name, step),
  };
}

/** The fields that it takes. @param {Past} past */
export function fieldsOf({ writers, readers, beside }) {
  return [...writers.flatMap(({ weighting, erase, add }) => [weighting, ...(erase ? [erase] : []), add]), ...readers.map(({ weighting }) => weighting), ...beside.flatMap(({ fields }) => fields)];
}

/**
 * The terms of one output before its activation, signed; or of a read vector, where each is the sum of its columns' magnitudes,
 * below 0 where it points against the whole read vector.
 *
 * @param {Recorded} recorded
 * @param {Asked} asked
 * @returns {Terms}
 */
export function termsOf(recorded, asked) {
  const work = explaining(recorded, asked);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The readers that are asked for: one, or those that the outputs see. @param {Recorded} recorded @param {Asked} asked */
const askedReaders = ({ readers }, { reader, channel }) => (channel === null ? [reader] : [...readers.keys()].filter((index) => readers[index].weights));

/** Multiplications that `termsOf` takes, about. @param {Recorded} recorded @param {Asked} asked */
export function costOf(recorded, asked) {
  const locations = askedReaders(recorded, asked).reduce((sum, reader) => sum + readBy(recorded, reader, asked.step).length, 0);
  return locations * recorded.width * (asked.step + 1) * recorded.writers.length;
}

/** The locations that a reader reads at a step. @param {Recorded} recorded @param {number} reader @param {number} step */
function readBy(recorded, reader, step) {
  const reading = recorded.at(recorded.readers[reader].weighting, step);
  return [...reading.keys()].filter((i) => reading[i] > LEAST_WEIGHT);
}

/**
 * The same in pieces of at most one step's writes each, with a pause after each.
 *
 * @param {Recorded} recorded
 * @param {Asked} asked
 * @returns {Generator<void, Terms, void>}
 */
export function* explaining(recorded, asked) {
  const { step, channel } = asked;
  const count = (step + 1) * recorded.writers.length;
  /** @type {Terms} */
  const terms = {
    writes: new Float64Array(count),
    initial: 0,
    interventions: new Float64Array(recorded.applied.size + recorded.changed.size > 0 ? step + 1 : 0),
    bias: 0,
    others: {},
    by: new Uint8Array(count),
  };
  const most = new Float64Array(count);
  for (const reader of askedReaders(recorded, asked)) yield* reading(recorded, reader, asked, terms, most);
  if (channel === null) return terms;
  terms.bias = recorded.bias[channel];
  for (const { name, fields, weights } of recorded.beside) {
    const values = fields.flatMap((field) => [...recorded.at(field, step)]);
    terms.others[name] = values.reduce((sum, value, index) => sum + value * weights[channel][index], 0);
  }
  return terms;
}

/**
 * Adds what a reader gives: from its read back to the start.
 *
 * @param {Recorded} recorded @param {number} reader @param {Asked} asked @param {Terms} terms
 * @param {Float64Array} most of each write the largest magnitude with which a reader read it
 * @returns {Generator<void, void, void>}
 */
function* reading(recorded, reader, { step, channel }, terms, most) {
  const { width, writers, initial, applied } = recorded;
  const { weighting, after, weights } = recorded.readers[reader];
  const factors = channel === null || !weights ? null : weights[channel];
  const read = readBy(recorded, reader, step);
  const reading = recorded.at(weighting, step);
  // What is left, at the read, of what each location held in each column; weighted with how it is read.
  const left = new Float64Array(read.length * width);
  read.forEach((location, index) => left.fill(reading[location], index * width, (index + 1) * width));
  const indices = new Map(read.map((location, index) => [location, index]));
  const [written, last] = [terms.writes.length, terms.writes.length + terms.interventions.length];
  /** Of each write, of what was set before each step, and last of the initial memory, its part of the read vector. */
  const parts = new Float64Array((last + 1) * width);
  for (let tau = step; tau >= 0; tau--) {
    for (let head = tau === step ? after - 1 : writers.length - 1; head >= 0; head--) {
      const [w, a] = [writers[head].weighting, writers[head].add].map((name) => recorded.at(name, tau));
      const { erase } = writers[head];
      const e = erase === null ? null : recorded.at(erase, tau);
      const at = tau * writers.length + head;
      let magnitude = 0;
      for (let m = 0; m < width; m++) {
        let given = 0;
        for (let index = 0, cell = m; index < read.length; index++, cell += width) {
          const weight = w[read[index]];
          given += left[cell] * weight;
          if (e) left[cell] *= 1 - weight * e[m];
        }
        magnitude += Math.abs((parts[at * width + m] = a[m] * given));
      }
      if (magnitude > most[at]) {
        most[at] = magnitude;
        terms.by[at] = reader;
      }
    }
    const set = applied.get(tau);
    set?.cells.forEach((place, at) => {
      const [index, m] = [indices.get(Math.floor(place / width)), place % width];
      if (index === undefined) return;
      parts[(written + tau) * width + m] += set.values[at] * left[index * width + m];
      left[index * width + m] = 0;
    });
    yield;
  }
  for (let m = 0, part = last * width; m < width; m++, part++) {
    for (let index = 0; index < read.length; index++) parts[part] += left[index * width + m] * initial[read[index] * width + m];
  }
  const changed = recorded.changed.get(`${step}/${reader}`);
  if (changed) {
    parts.forEach((part, at) => (parts[at] = part * changed.gains[at % width]));
    changed.offsets.forEach((offset, m) => (parts[(written + step) * width + m] += offset));
  }
  const given = factors ? through(factors, parts) : withSigns(parts, width);
  terms.writes.forEach((_, at) => (terms.writes[at] += given[at]));
  terms.interventions.forEach((_, tau) => (terms.interventions[tau] += given[written + tau]));
  terms.initial += given[last];
}

/** What each part gives to an output. @param {number[]} factors of the columns @param {Float64Array} parts */
const through = (factors, parts) =>
  Float64Array.from({ length: parts.length / factors.length }, (_, at) =>
    factors.reduce((given, factor, m) => given + parts[at * factors.length + m] * factor, 0),
  );

/** The magnitude of each part, below 0 where it points against their sum. @param {Float64Array} parts @param {number} width */
function withSigns(parts, width) {
  const whole = new Float64Array(width);
  parts.forEach((value, index) => (whole[index % width] += value));
  return Float64Array.from({ length: parts.length / width }, (_, at) => {
    let [magnitude, along] = [0, 0];
    for (let m = 0; m < width; m++) {
      magnitude += Math.abs(parts[at * width + m]);
      along += parts[at * width + m] * whole[m];
    }
    return along < 0 ? -magnitude : magnitude;
  });
}

/**
 * The terms as shares of all magnitudes: signed, their magnitudes together 1.
 *
 * @param {Terms} terms
 * @returns {Terms}
 */
export function sharesOf({ writes, initial, interventions, bias, others, by }) {
  let all = Math.abs(initial) + Math.abs(bias);
  for (const term of writes) all += Math.abs(term);
  for (const term of interventions) all += Math.abs(term);
  for (const term of Object.values(others)) all += Math.abs(term);
  const share = (/** @type {number} */ term) => (all > 0 ? term / all : 0);
  const shared = Object.fromEntries(Object.entries(others).map(([name, term]) => [name, share(term)]));
  return { writes: writes.map(share), initial: share(initial), interventions: interventions.map(share), bias: share(bias), others: shared, by };
}

/** The magnitude of what each step's writes give, where several heads write; below 0 where all of it is. @param {Float64Array} writes @param {number} writers */
export function byStep(writes, writers) {
  if (writers === 1) return writes;
  return Float64Array.from({ length: writes.length / writers }, (_, step) => {
    let [sum, magnitude] = [0, 0];
    for (const term of writes.subarray(step * writers, (step + 1) * writers)) {
      sum += term;
      magnitude += Math.abs(term);
    }
    return sum < 0 ? -magnitude : magnitude;
  });
}

/**
 * What an output, or a read, mostly comes from: the locations that were read, and the writes, each with the location through
 * which it was read.
 *
 * @param {Recorded} recorded
 * @param {Asked} asked
 * @param {Terms} shares of what is asked
 * @returns {{reads: {reader: number, locations: number[]}[], writes: {step: number, head: number, location: number, share: number}[]}} the greatest first
 */
export function sourcesOf(recorded, asked, { writes, by }) {
  const heads = recorded.writers.length;
  return {
    reads: askedReaders(recorded, asked).map((reader) => ({ reader, locations: greatestOf(recorded.at(recorded.readers[reader].weighting, asked.step)) })),
    writes: greatestOf(writes.map(Math.abs)).map((write) => ({
      step: Math.floor(write / heads),
      head: write % heads,
      location: placeOf(recorded, asked.step, write, by[write]),
      share: writes[write],
    })),
  };
}

/**
 * The location through which most of a write was read, −1 where the write had no focus there, and so overwrote nothing.
 *
 * @param {Recorded} recorded @param {Asked} asked @param {number} write @param {Uint8Array} by
 */
export function focusOf(recorded, { step, channel, reader }, write, by) {
  const place = placeOf(recorded, step, write, channel === null ? reader : by[write]);
  return writtenBy(recorded, write)[place] < FOCUSED ? -1 : place;
}

/** The weighting of a write. @param {Recorded} recorded @param {number} write */
function writtenBy({ writers, at }, write) {
  return at(writers[write % writers.length].weighting, Math.floor(write / writers.length));
}

/** The location through which most of a write was read by a reader. @param {Recorded} recorded @param {number} step @param {number} write @param {number} reader */
function placeOf(recorded, step, write, reader) {
  const [reading, written] = [recorded.at(recorded.readers[reader].weighting, step), writtenBy(recorded, write)];
  let location = 0;
  for (let i = 1; i < written.length; i++) {
    if (written[i] * reading[i] > written[location] * reading[location]) location = i;
  }
  return location;
}

/** Which of them stand out, the greatest first. @param {ArrayLike<number>} shares */
function greatestOf(shares) {
  const all = Array.from(shares, (share, index) => ({ share, index })).sort((a, b) => b.share - a.share);
  return all.filter(({ share }) => share > 0 && share >= LEAST_SOURCE * all[0].share).slice(0, MOST_SOURCES).map(({ index }) => index);
}
