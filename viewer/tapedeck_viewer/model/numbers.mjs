/**
 * Numbers as text, and those of a head at a step as the equations show them.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 */

/**
 * @param {Trace} trace
 * @param {"write" | "read"} head
 * @param {number} step
 * @returns {Record<string, string>} by the names that the layout gives them
 */
export function numbersOf(trace, head, step) {
  const scalar = (/** @type {string} */ name) => trace.at(`${head}.${name}`, step)[0];
  const weighting = trace.at(`${head}.weighting`, step);
  const content = trace.at(`${head}.content_weighting`, step);
  const [forward, keep, back] = trace.at(`${head}.shift_weighting`, step);
  const peak = argmax(weighting);
  let [sum, entropy] = [0, 0];
  for (const w of weighting) {
    sum += w;
    if (w > 0) entropy -= w * Math.log2(w);
  }
  return {
    strength: scalar("key_strength").toFixed(2),
    cosine: cosine(trace, head, step, argmax(content)).toFixed(3),
    gate: scalar("interpolation_gate").toFixed(3),
    kept: (1 - scalar("interpolation_gate")).toFixed(3),
    forward: forward.toFixed(3),
    keep: keep.toFixed(3),
    back: back.toFixed(3),
    sharpening: scalar("sharpening").toFixed(2),
    peak: `${weighting[peak].toFixed(3)} at ${peak}`,
    sum: sum.toFixed(4),
    entropy: `${entropy.toFixed(2)} bit`,
  };
}

/** Where the greatest is, the first of equals. @param {ArrayLike<number>} values */
export function argmax(values) {
  let peak = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[peak]) peak = i;
  }
  return peak;
}

/** How like the key a location is. The write head compares with the memory before its step, the read head with the one after. */
function cosine(/** @type {Trace} */ trace, /** @type {string} */ head, /** @type {number} */ step, /** @type {number} */ location) {
  const memory = trace.memoryAt(head === "write" ? step - 1 : step);
  const key = trace.at(`${head}.key`, step);
  let [dot, own, other] = [0, 0, 0];
  for (let m = 0; m < key.length; m++) {
    const value = memory[location * key.length + m];
    dot += value * key[m];
    own += value * value;
    other += key[m] * key[m];
  }
  return dot / (Math.max(Math.sqrt(own), 1e-8) * Math.max(Math.sqrt(other), 1e-8));
}

/** Three decimals, or two significant digits of what is smaller. @param {number} value */
export function format(value) {
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}
