/**
 * What came out, against what should have: bit errors, counted and marked, and both as text.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("../views/panel.mjs").Panel} Panel
 * @typedef {import("../draw/theme.mjs").Theme} Theme
 * @typedef {{step: number, bit: number}} BitError
 */

const THRESHOLD = 0.5;
/** From the middle of a ✕ to its ends, in pixels of the page and of the screen. */
const LONGEST_ARM = 4;
const SHORTEST_ARM = 1.5;

/** @param {Trace} trace */
const recall = (trace) => trace.phases[trace.phases.length - 1];

/** @param {Trace} trace @param {string} phase */
const phaseOf = (trace, phase) => trace.phases.find(({ name }) => name === phase) ?? recall(trace);

/** The bits of a vector, without the delimiter channels. @param {Trace} trace */
const bitsOf = (trace) => trace.field("outputs").length - 2;

/** What was found of each trace, and up to which step: comparing goes on from there. @type {WeakMap<Trace, {upTo: number, errors: BitError[]}>} */
const found = new WeakMap();

/**
 * The wrong bits of the recall so far, and how many bits that is of how many in all.
 *
 * @param {Trace} trace
 */
export function compare(trace) {
  const { start, stop } = recall(trace);
  const bits = bitsOf(trace);
  const known = found.get(trace) ?? { upTo: start, errors: [] };
  found.set(trace, known);
  const upTo = Math.min(stop, trace.arrived);
  for (let step = known.upTo; step < upTo; step++) {
    const [output, target] = [trace.at("outputs", step), trace.at("targets", step)];
    for (let bit = 0; bit < bits; bit++) {
      if (output[bit] > THRESHOLD !== target[bit] > THRESHOLD) known.errors.push({ step, bit });
    }
  }
  known.upTo = Math.max(start, upTo);
  return { errors: known.errors, compared: Math.max(0, upTo - start) * bits, all: (stop - start) * bits };
}

/** Marks the wrong bits on the output panel with a ✕. @param {Panel} panel @param {Trace} trace @param {Theme} theme */
export function markErrors(panel, trace, theme) {
  const { errors } = compare(trace);
  if (panel.marked === errors.length) {
    return;
  }
  const { context, canvas } = panel.marks;
  const [width, height] = [canvas.width / trace.steps, canvas.height / panel.rows.length];
  const arm = Math.min(LONGEST_ARM * (window.devicePixelRatio || 1), Math.max(SHORTEST_ARM, 0.3 * Math.min(width, height)));
  const crosses = new Path2D();
  for (const { step, bit } of errors.slice(panel.marked)) {
    const [x, y] = [(step + 0.5) * width, (bit + 0.5) * height];
    crosses.moveTo(x - arm, y - arm);
    crosses.lineTo(x + arm, y + arm);
    crosses.moveTo(x - arm, y + arm);
    crosses.lineTo(x + arm, y - arm);
  }
  for (const [colour, lineWidth] of /** @type {const} */ ([[theme.paper, arm], [theme.error, arm / 2]])) {
    context.strokeStyle = colour;
    context.lineWidth = Math.max(1, lineWidth);
    context.stroke(crosses);
  }
  panel.marked = errors.length;
}

/** The bits of a field at a step, as 0s and 1s. @param {Trace} trace @param {string} name @param {number} step */
export function bitsAt(trace, name, step) {
  return [...trace.at(name, step).subarray(0, bitsOf(trace))].map((value) => (value > THRESHOLD ? "1" : "0")).join("");
}

/** A field's vectors in a phase, as far as they have arrived, each as hexadecimal digits. @param {Trace} trace @param {string} name @param {string} phase */
function wordsOf(trace, name, phase) {
  const { start, stop } = phaseOf(trace, phase);
  const bits = bitsOf(trace);
  const count = Math.max(0, Math.min(stop, trace.arrived) - start);
  return Array.from({ length: count }, (_, index) => {
    const row = bitsAt(trace, name, start + index).padStart(Math.ceil(bits / 4) * 4, "0");
    return row.replace(/.{4}/g, (four) => parseInt(four, 2).toString(16));
  }).join(" ");
}

/** A field's vectors in a phase, as far as they have arrived, each a byte. @param {Trace} trace @param {string} name @param {string} phase */
function bytesOf(trace, name, phase) {
  const { start, stop } = phaseOf(trace, phase);
  const bytes = new Uint8Array(Math.max(0, Math.min(stop, trace.arrived) - start));
  const bits = bitsOf(trace);
  // Bit by bit, as it is done anew with every picture of a tape that grows: as strings it takes many times as long.
  for (let index = 0; index < bytes.length; index++) {
    const vector = trace.at(name, start + index);
    for (let bit = 0; bit < bits; bit++) bytes[index] = (bytes[index] << 1) | Number(vector[bit] > THRESHOLD);
  }
  return bytes;
}

/**
 * What was heard and what was said back: as text where what was heard is UTF-8, else in hexadecimal. In what was said, bytes
 * that are no character are �; control characters are shown as pictures.
 *
 * @param {Trace} trace
 * @returns {{heard: string, said: string}}
 */
export function decode(trace) {
  if (bitsOf(trace) !== 8) return { heard: wordsOf(trace, "inputs", "input"), said: wordsOf(trace, "outputs", "recall") };
  const heard = bytesOf(trace, "inputs", "input");
  const said = bytesOf(trace, "outputs", "recall");
  const [hearing, saying] = ["input", "recall"].map((name) => trace.arrived < phaseOf(trace, name).stop);
  try {
    // What has not arrived whole is no fault of the text.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(heard, { stream: hearing });
    return { heard: visible(text), said: visible(new TextDecoder("utf-8", { ignoreBOM: true }).decode(said, { stream: saying })) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { heard: hexadecimal(heard), said: hexadecimal(said) };
  }
}

/** @param {string} text */
const visible = (text) => [...text].map((sign) => pictureOf(sign.charCodeAt(0)) ?? sign).join("");

/** The picture of a control character; null for all others. @param {number} code */
function pictureOf(code) {
  if (code === 0x7f) return "␡";
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : null;
}

/** @param {Uint8Array} bytes */
const hexadecimal = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/**
 * One sentence on how the run went, or goes.
 *
 * @param {Trace} trace
 * @returns {{state: "running" | "exact" | "wrong", sentence: string, count: string}}
 */
export function verdict(trace) {
  const { errors, compared, all } = compare(trace);
  const wrong = trace.bitErrors ?? errors.length;
  const count = `${(compared - errors.length).toLocaleString("en")} of ${all.toLocaleString("en")} bits right`;
  if (trace.arrived < trace.steps) {
    return { state: "running", sentence: `Step ${trace.arrived} of ${trace.steps}`, count };
  }
  if (wrong === 0) {
    return { state: "exact", sentence: "Exact copy", count };
  }
  const share = ((100 * wrong) / all).toFixed(wrong / all < 0.1 ? 1 : 0);
  return { state: "wrong", sentence: `${wrong.toLocaleString("en")} wrong ${wrong === 1 ? "bit" : "bits"}, ${share} %`, count };
}
