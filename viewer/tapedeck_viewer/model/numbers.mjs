/**
 * Numbers as text, and those of a head at a step as the equations show them.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./trace.mjs").Head} Head
 * @typedef {{cosine: string, cosine_epsilon: number, cosine_offset: number}} Conventions
 */

/** A run whose machine does not say. @type {Conventions} */
const REFERENCE = { cosine: "clamped_norms", cosine_epsilon: 1e-8, cosine_offset: 0 };

/** How a share of the shift weighting is called, by how far it moves the focus. */
const MOVES = /** @type {Record<number, string>} */ ({ 1: "forward", 0: "keep", [-1]: "back" });

/** @param {number} move */
export const nameOfMove = (move) => MOVES[move] ?? `move${move}`;

/** +1, 0, −1. @param {number} move */
export const signedMove = (move) => (move < 0 ? `−${-move}` : move > 0 ? `+${move}` : "0");

/**
 * @param {Trace} trace
 * @param {string} name of a head
 * @param {number} step
 * @returns {Record<string, string>} by the names that the layout gives them; what the trace lacks is left out
 */
export function numbersOf(trace, name, step) {
  const head = trace.head(name);
  /** @type {Record<string, string>} */
  const numbers = {};
  const given = (/** @type {string} */ stage) => {
    const field = head.fields.get(stage);
    return field === undefined ? null : trace.at(field, step);
  };
  const say = (/** @type {string} */ as, /** @type {string} */ stage, /** @type {number} */ digits) => {
    const value = given(stage);
    if (value) numbers[as] = value[0].toFixed(digits);
  };
  say("strength", "key_strength", 2);
  const content = given("content_weighting");
  const key = given("key");
  if (content && key && trace.memory) numbers.cosine = cosine(trace, trace.memory.within(step, head.sees), key, argmax(content)).toFixed(3);
  say("gate", "interpolation_gate", 3);
  const gate = given("interpolation_gate");
  if (gate) numbers.kept = (1 - gate[0]).toFixed(3);
  given("shift_weighting")?.forEach((share, index) => (numbers[nameOfMove(head.shifts[index])] = share.toFixed(3)));
  say("sharpening", "sharpening", 2);
  return { ...numbers, ...ofWeighting(trace.at(head.weighting, step)) };
}

/** @param {Float32Array} weighting */
function ofWeighting(weighting) {
  const peak = argmax(weighting);
  let [sum, entropy] = [0, 0];
  for (const w of weighting) {
    sum += w;
    if (w > 0) entropy -= w * Math.log2(w);
  }
  return { peak: `${weighting[peak].toFixed(3)} at ${peak}`, sum: sum.toFixed(4), entropy: `${entropy.toFixed(2)} bit` };
}

/** Where the greatest is, the first of equals. @param {ArrayLike<number>} values */
export function argmax(values) {
  let peak = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[peak]) peak = i;
  }
  return peak;
}

/**
 * How like the key a location of the memory is that the head looks at (eq. 6), as the machine's conventions say.
 *
 * @param {Trace} trace @param {Float32Array} memory that it looks at @param {Float32Array} key @param {number} location
 */
function cosine(trace, memory, key, location) {
  const machine = /** @type {{conventions?: Conventions} | null | undefined} */ (trace.header.checkpoint.machine);
  const { cosine: rule, cosine_epsilon: epsilon, cosine_offset: offset } = machine?.conventions ?? REFERENCE;
  let [dot, own, other] = [0, 0, 0];
  for (let m = 0; m < key.length; m++) {
    const [cell, wanted] = [memory[location * key.length + m] + offset, key[m] + offset];
    dot += cell * wanted;
    own += cell * cell;
    other += wanted * wanted;
  }
  if (rule === "root") return dot / Math.sqrt((own + epsilon) * (other + epsilon));
  const [left, right] = [Math.sqrt(own), Math.sqrt(other)];
  if (rule === "added") return dot / (left * right + epsilon);
  if (rule === "clamped_product") return dot / Math.max(left * right, epsilon);
  return dot / (Math.max(left, epsilon) * Math.max(right, epsilon));
}

/** Three decimals, or two significant digits of what is smaller. @param {number} value */
export function format(value) {
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}
