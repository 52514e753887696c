/**
 * Where what is read comes from, exactly: the memory is linear in the add vectors, so a read vector is a sum over the steps
 * that wrote it,
 *
 *   r_t[m] = Σ_τ a_τ[m] Σ_i w^r_t(i) w^w_τ(i) Π_{τ<u≤t} (1 − w^w_u(i) e_u[m])  +  what is left of the initial memory,
 *
 * and an output before its clamp is the same sum through the output layer, and its bias.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {{
 *   width: number, header: {output_layer: {weight: number[][], bias: number[]}}, kept: Float32Array[],
 *   at: (name: string, step: number) => Float32Array,
 * }} Recorded what it takes of a trace; `kept` begins with the initial memory
 * @typedef {{writes: Float64Array, initial: number, bias: number}} Terms
 *   of each step's write up to the read's own, of the initial memory, and of the bias (0 for a read vector)
 */

/** Locations that are read with less weight than this give nothing that float32 could show. */
const LEAST_WEIGHT = 1e-9;
/** What is worth pointing at: so much of the greatest, and so many at the most. */
const LEAST_SOURCE = 0.1;
const MOST_SOURCES = 8;
/** The least weight with which a write overwrites a location: more than half of its weighting. */
const FOCUSED = 0.5;

/**
 * The terms of one output before its clamp, signed; or of the read vector, where each is the sum of its columns' magnitudes,
 * below 0 where it points against the whole read vector.
 *
 * @param {Recorded} trace
 * @param {number} step of the read, t
 * @param {number | null} channel of the output; null for the read vector
 * @returns {Terms}
 */
export function termsOf(trace, step, channel) {
  const work = explaining(trace, step, channel);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Multiplications that `termsOf` takes, about. @param {Recorded} trace @param {number} step */
export const costOf = (trace, step) => readOf(trace, step).length * trace.width * (step + 1);

/** The locations that a step reads. @param {Recorded} trace @param {number} step */
function readOf(trace, step) {
  const reading = trace.at("read.weighting", step);
  return [...reading.keys()].filter((i) => reading[i] > LEAST_WEIGHT);
}

/**
 * The same in pieces of at most one write each, with a pause after each.
 *
 * @param {Recorded} trace
 * @param {number} step
 * @param {number | null} channel
 * @returns {Generator<void, Terms, void>}
 */
export function* explaining(trace, step, channel) {
  const { width } = trace;
  const layer = trace.header.output_layer;
  const factors = channel === null ? null : layer.weight[channel];
  const reading = trace.at("read.weighting", step);
  const read = readOf(trace, step);
  // What is left, at the step of the read, of what each location held in each column; weighted with how it is read.
  const left = new Float64Array(read.length * width);
  read.forEach((location, index) => left.fill(reading[location], index * width, (index + 1) * width));

  /** Of each write, and last of the initial memory, its part of the read vector. */
  const parts = new Float64Array((step + 2) * width);
  for (let tau = step; tau >= 0; tau--) {
    const [w, e, a] = ["weighting", "erase_vector", "add_vector"].map((name) => trace.at(`write.${name}`, tau));
    for (let m = 0; m < width; m++) {
      let given = 0;
      for (let index = 0; index < read.length; index++) {
        const at = index * width + m;
        const weight = w[read[index]];
        given += left[at] * weight;
        left[at] *= 1 - weight * e[m];
      }
      parts[tau * width + m] = a[m] * given;
    }
    yield;
  }
  const before = trace.kept[0];
  for (let m = 0; m < width; m++) {
    for (let index = 0; index < read.length; index++) parts[(step + 1) * width + m] += left[index * width + m] * before[read[index] * width + m];
  }
  const terms = factors ? through(factors, parts) : withSigns(parts, width);
  return { writes: terms.subarray(0, step + 1), initial: terms[step + 1], bias: channel === null ? 0 : layer.bias[channel] };
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
export function sharesOf({ writes, initial, bias }) {
  let all = Math.abs(initial) + Math.abs(bias);
  for (const term of writes) all += Math.abs(term);
  const share = (/** @type {number} */ term) => (all > 0 ? term / all : 0);
  return { writes: writes.map(share), initial: share(initial), bias: share(bias) };
}

/**
 * What an output, or a read, mostly comes from: the locations that were read, and the writes, each with the location through
 * which it was read.
 *
 * @param {Trace} trace
 * @param {number} step of the read
 * @param {Terms} shares of that read
 * @returns {{locations: number[], writes: {step: number, location: number, share: number}[]}} the greatest first
 */
export function sourcesOf(trace, step, { writes }) {
  const reading = trace.at("read.weighting", step);
  return {
    locations: greatestOf(reading),
    writes: greatestOf(writes.map(Math.abs)).map((tau) => ({ step: tau, location: placeOf(trace, step, tau), share: writes[tau] })),
  };
}

/** The same, −1 where the write had no focus there, and so overwrote nothing. @param {Trace} trace @param {number} step of the read @param {number} tau of the write */
export function focusOf(trace, step, tau) {
  const place = placeOf(trace, step, tau);
  return trace.at("write.weighting", tau)[place] < FOCUSED ? -1 : place;
}

/** The location through which most of a write was read. @param {Trace} trace @param {number} step of the read @param {number} tau of the write */
function placeOf(trace, step, tau) {
  const [reading, written] = [trace.at("read.weighting", step), trace.at("write.weighting", tau)];
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
