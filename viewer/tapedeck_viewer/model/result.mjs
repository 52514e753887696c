/**
 * What came out, against what should have: wrong bits where the task scores them, and vectors as text.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {{step: number, channel: number}} WrongBit
 */

import { THRESHOLD, areValues, bitsOf, channelsOf } from "./channels.mjs";
import { NEAR, costInWords, costsOf, excessInWords, foretells } from "./predictions.mjs";
import { rankingOf } from "./ranking.mjs";
import { wordsWhenRight } from "./words.mjs";

/** The most letters of what has come out so far that stand in the place of the verdict. */
const MOST_SO_FAR = 12;

/** What was found of each trace, and up to which step: comparing goes on from there. @type {WeakMap<Trace, {upTo: number, wrong: WrongBit[], compared: number, all: number}>} */
const found = new WeakMap();

/**
 * The wrong bits so far, in the order of their steps, and how many bits were compared of how many that count.
 *
 * @param {Trace} trace
 */
export function compare(trace) {
  const { scored } = trace.header;
  const isWrong = !foretells(trace);
  const known = found.get(trace) ?? { upTo: 0, wrong: [], compared: 0, all: sizeOf(scored) };
  found.set(trace, known);
  for (let step = known.upTo; step < trace.arrived; step++) {
    for (const [start, stop, first, last] of scored) {
      if (step < start || step >= stop) continue;
      const [output, target] = [trace.at("outputs", step), trace.at("targets", step)];
      for (let channel = first; channel < last; channel++) {
        if (isWrong && output[channel] > THRESHOLD !== target[channel] > THRESHOLD) known.wrong.push({ step, channel });
      }
      known.compared += last - first;
    }
  }
  known.upTo = trace.arrived;
  return known;
}

/** How many bits areas hold. @param {number[][]} areas */
const sizeOf = (areas) => areas.reduce((sum, [start, stop, first, last]) => sum + (stop - start) * (last - first), 0);

/** Whether outputs count at a step. @param {Trace} trace @param {number} step */
export const isScored = ({ header }, step) => header.scored.some(([start, stop]) => start <= step && step < stop);

/** The channels of a field that count anywhere, in order; all where none do. @param {Trace} trace @param {string} field */
export function scoredChannels({ header, columns }, field) {
  const all = Array.from({ length: columns.get(field)?.length ?? 0 }, (_, channel) => channel);
  const counts = all.filter((channel) => header.scored.some(([, , first, last]) => first <= channel && channel < last));
  return counts.length > 0 ? counts : all;
}

/** Where the bits of a field's vectors are; of a machine without bits, all its channels. @param {Trace} trace @param {string} field */
export function placesOfBits(trace, field) {
  const channels = channelsOf(trace.header, trace.column(field).role);
  const bits = bitsOf(channels);
  return bits.length > 0 ? bits : [...channels.keys()];
}

/** Whether a run can be judged: it has outputs, and what they should have been. @param {Trace} trace */
export const isJudged = ({ columns }) => columns.has("outputs") && columns.has("targets");

/** Whether a field's vectors can be told as text: it has bits. @param {Trace} trace @param {"inputs" | "outputs" | "targets"} field */
const isTold = (trace, field) => trace.columns.has(field) && !areValues(channelsOf(trace.header, trace.column(field).role));

/** The bits of a field at a step, as 0s and 1s; empty where the run has no such field. @param {Trace} trace @param {string} field @param {number} step */
export function bitsAt(trace, field, step) {
  if (!trace.columns.has(field)) return "";
  const vector = trace.at(field, step);
  return placesOfBits(trace, field).map((place) => (vector[place] > THRESHOLD ? "1" : "0")).join("");
}

/**
 * The step at which the vector was heard that should come out at a step; null where it was never heard in that place.
 *
 * @param {Trace} trace @param {number} step
 */
export function heardAt(trace, step) {
  const [input, phase] = [trace.phases.find(({ role }) => role === "input"), trace.phaseAt(step)];
  if (!input || phase.role !== "recall") return null;
  const ranking = rankingOf(trace);
  if (ranking) return input.start + ranking.order[phase.index];
  const heard = input.start + (phase.index % (input.stop - input.start));
  return heard < trace.arrived && bitsAt(trace, "inputs", heard) === bitsAt(trace, "targets", step) ? heard : null;
}

/** The steps of phases, as far as they have arrived or until another, and whether more are to come. @param {Trace} trace @param {string[]} roles */
function stepsOf(trace, roles, until = trace.arrived) {
  const phases = trace.phases.filter(({ role }) => roles.includes(role));
  const steps = phases.flatMap(({ start, stop }) => Array.from({ length: Math.max(0, Math.min(stop, until) - start) }, (_, index) => start + index));
  return { steps, growing: phases.some(({ stop }) => until < stop) };
}

/** Whether a step says by itself that something begins or is over, and so says no vector. @param {Trace} trace @param {string} field @param {number} step */
function isMark(trace, field, step) {
  if (!trace.columns.has(field)) return false;
  const vector = trace.at(field, step);
  return channelsOf(trace.header, trace.column(field).role).some(({ kind }, channel) => kind === "delimiter" && vector[channel] > THRESHOLD);
}

/** A field's vectors, each as hexadecimal digits. @param {Trace} trace @param {string} field @param {number[]} steps */
function wordsOf(trace, field, steps) {
  return steps
    .map((step) => {
      const row = bitsAt(trace, field, step);
      return row.padStart(Math.ceil(row.length / 4) * 4, "0").replace(/.{4}/g, (four) => parseInt(four, 2).toString(16));
    })
    .join(" ");
}

/** A field's vectors, each a byte. @param {Trace} trace @param {string} field @param {number[]} steps */
function bytesOf(trace, field, steps) {
  const bytes = new Uint8Array(steps.length);
  const places = placesOfBits(trace, field);
  // Bit by bit, as it is done anew with every picture of a tape that grows: as strings it takes many times as long.
  for (let index = 0; index < bytes.length; index++) {
    const vector = trace.at(field, steps[index]);
    for (const place of places) bytes[index] = (bytes[index] << 1) | Number(vector[place] > THRESHOLD);
  }
  return bytes;
}

/**
 * What was heard, and what was said back up to a step: as text where what was heard is UTF-8, else in hexadecimal. In what was said, bytes
 * that are no character are �; control characters are shown as pictures.
 *
 * @param {Trace} trace
 * @param {number} step
 * @returns {{heard: string, said: string}}
 */
export function decode(trace, step = trace.steps - 1) {
  if (foretells(trace)) return { heard: stream(trace, step), said: "" };
  if (!isTold(trace, "inputs")) return { heard: "", said: isTold(trace, "outputs") ? wordsOf(trace, "outputs", saidIn(trace, step)) : "" };
  const [hearing, saying] = [stepsOf(trace, ["input", "query"]), stepsOf(trace, ["recall"], Math.min(step + 1, trace.arrived))];
  const heardSteps = hearing.steps.filter((step) => !isMark(trace, "inputs", step));
  const saidSteps = saidIn(trace, step);
  if (!isTold(trace, "outputs")) return { heard: wordsOf(trace, "inputs", heardSteps), said: "" };
  if (placesOfBits(trace, "inputs").length !== 8) return { heard: wordsOf(trace, "inputs", heardSteps), said: wordsOf(trace, "outputs", saidSteps) };
  const [heard, said] = [bytesOf(trace, "inputs", heardSteps), bytesOf(trace, "outputs", saidSteps)];
  try {
    // What has not arrived whole is no fault of the text.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(heard, { stream: hearing.growing });
    return { heard: visible(text), said: visible(new TextDecoder("utf-8", { ignoreBOM: true }).decode(said, { stream: saying.growing })) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { heard: hexadecimal(heard), said: hexadecimal(said) };
  }
}

/** The steps up to one at which vectors come out. @param {Trace} trace @param {number} step */
const saidIn = (trace, step) => stepsOf(trace, ["recall"], Math.min(step + 1, trace.arrived)).steps.filter((each) => !isMark(trace, "targets", each));

/** The bits that were heard up to a step. @param {Trace} trace @param {number} step */
const stream = (trace, step) => Array.from({ length: Math.min(step + 1, trace.arrived) }, (_, at) => bitsAt(trace, "inputs", at)).join("");

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
 * One sentence on how the run went; before its last step, on what has come out by then.
 *
 * @param {Trace} trace
 * @param {number} step where the cursor stands
 * @returns {{state: "running" | "exact" | "wrong" | "unscored", sentence: string, count: string}}
 */
export function verdict(trace, step = trace.steps - 1) {
  const { wrong: found, compared, all } = compare(trace);
  if (all > 0 && foretells(trace)) return verdictInBits(trace, Math.min(step, trace.arrived - 1), all);
  if (step < trace.steps - 1 || trace.arrived < trace.steps) return soFar(trace, Math.min(step, trace.arrived - 1), found);
  const wrong = trace.results?.wrong ?? found.length;
  const count = all > 0 ? `${(compared - found.length).toLocaleString("en")} of ${all.toLocaleString("en")} bits right` : "";
  if (all === 0) return { state: "unscored", sentence: trace.results?.diagnosis?.sentence ?? "Nothing is scored in this run", count };
  if (wrong === 0) return { state: "exact", sentence: wordsWhenRight(trace.header.task), count };
  const share = ((100 * wrong) / all).toFixed(wrong / all < 0.1 ? 1 : 0);
  return { state: "wrong", sentence: `${wrong.toLocaleString("en")} wrong ${wrong === 1 ? "bit" : "bits"}, ${share} %`, count };
}

/** What the predictions cost, up to a step or in all. @param {Trace} trace @param {number} step @param {number} all @returns {ReturnType<typeof verdict>} */
function verdictInBits(trace, step, all) {
  const { said, best } = costsOf(trace);
  const [cost, least] = [said[step + 1], best?.[step + 1] ?? null];
  const scored = sizeOf(trace.header.scored.map(([start, stop, ...channels]) => [start, Math.max(start, Math.min(stop, step + 1)), ...channels]));
  const of = `${scored.toLocaleString("en")} of ${all.toLocaleString("en")} bits predicted`;
  if (step < trace.steps - 1 || trace.arrived < trace.steps) return { state: "running", sentence: scored === 0 ? "No prediction counts yet" : costInWords(cost, least), count: of };
  if (least === null) return { state: "unscored", sentence: costInWords(cost, null), count: of };
  const excess = cost / least - 1;
  return { state: excess <= NEAR ? "exact" : "wrong", sentence: costInWords(cost, least), count: `${excessInWords(excess)}, over ${all.toLocaleString("en")} bits` };
}

/** What has come out up to a step, its end where it is long. @param {Trace} trace @param {number} step @param {WrongBit[]} found @returns {ReturnType<typeof verdict>} */
function soFar(trace, step, found) {
  const { said } = decode(trace, step);
  const compared = sizeOf(trace.header.scored.map(([start, stop, ...channels]) => [start, Math.max(start, Math.min(stop, step + 1)), ...channels]));
  const wrong = found.filter((each) => each.step <= step).length;
  const count = compared > 0 ? `${(compared - wrong).toLocaleString("en")} of ${compared.toLocaleString("en")} bits right so far` : "";
  const letters = [...said];
  const tail = letters.length <= MOST_SO_FAR ? said : `…${letters.slice(1 - MOST_SO_FAR).join("")}`;
  return { state: "running", sentence: said === "" ? "No output yet" : `Output so far: ${tail}`, count };
}
