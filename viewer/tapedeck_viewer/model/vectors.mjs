/**
 * What the vectors of a run are called: characters where what is heard is text, else their bits.
 *
 * The service calls them the same (`tapedeck.tracing.vectors`); `tests/fixtures/narration.json` holds both to it.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("../contract/wire.mjs").Channel} Channel
 * @typedef {{said: string, wanted: string, wrong: number, bits: number}} Outcome what came out at a step that is scored, what should have, and
 *     how many of how many bits are wrong
 */

import { BYTE, THRESHOLD, areValues, bitsOf, channelsOf } from "./channels.mjs";

/** A longer vector is not spelled out. */
const MOST_BITS = 16;
/** The most numbers beside the bits of a vector that are said. */
const MOST_NUMBERS = 2;
/** Before the one, and the other itself, are control characters. */
const [SPACE, DELETE] = [0x20, 0x7f];
/** What stands for what is called by a word. */
const NAMELESS = new Map([["a space", "␣"], ["a line break", "↵"], ["a tab", "⇥"]]);
/** Controls, and what turns or joins the text around it: a sentence would be read otherwise. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const SPOKEN = new Map([[" ", "a space"], ["\n", "a line break"], ["\t", "a tab"]]);

/** What was made of each trace, and of how many of its steps. @type {WeakMap<Trace, {arrived: number, vectors: Vectors}>} */
const known = new WeakMap();

/** The names of a trace's vectors, as far as it has arrived. @param {Trace} trace */
export function vectorsOf(trace) {
  const before = known.get(trace);
  if (before?.arrived === trace.arrived) return before.vectors;
  const vectors = new Vectors(trace);
  known.set(trace, { arrived: trace.arrived, vectors });
  return vectors;
}

/**
 * The characters of a field, one at the first step of each, where what is heard is text; of outputs those that are scored.
 *
 * @param {Trace} trace @param {"inputs" | "outputs"} field
 * @returns {{step: number, sign: string, wrong: boolean}[]}
 */
export function signsOf(trace, field) {
  const vectors = vectorsOf(trace);
  if (!vectors.textual) return [];
  const roles = field === "inputs" ? ["input", "query"] : ["recall"];
  return trace.phases.filter(({ role }) => roles.includes(role)).flatMap(({ start, stop }) => {
    const steps = Array.from({ length: Math.max(0, Math.min(stop, trace.arrived) - start) }, (_, index) => start + index);
    return steps.flatMap((step) => {
      if (field === "inputs") return signed(step, vectors.heard(step), false);
      const outcome = vectors.outcome(step);
      return outcome && vectors.marks("targets", step).length === 0 ? signed(step, outcome.said, outcome.wrong > 0) : [];
    });
  });
}

/** @param {number} step @param {string} name of a vector @param {boolean} wrong */
function signed(step, name, wrong) {
  const sign = NAMELESS.get(name) ?? /^(?:byte 1 of )?‘(.+)’$/u.exec(name)?.[1] ?? (wrong ? "?" : "");
  return sign ? [{ step, sign, wrong }] : [];
}

class Vectors {
  /** By field and step. @type {Map<string, string>} */
  #names = new Map();

  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    const { input_channels: inputs, output_channels: outputs } = trace.header;
    this.heardAt = placesOfBits(inputs);
    const heard = trace.columns.has("inputs") ? stepsOf(trace, "input") : [];
    this.textual = heard.length > 0 && !areValues(inputs) && charactersOf(this.#bits("inputs", heard.flat(), this.heardAt), growing(trace)) !== null;
    if (trace.columns.has("inputs")) for (const steps of [heard.flat(), ...stepsOf(trace, "query")]) this.#nameTogether("inputs", steps, this.heardAt);
    if (trace.columns.has("targets")) for (const steps of stepsOf(trace, "recall")) {
      this.#nameTogether("targets", steps.filter((step) => this.marks("targets", step).length === 0), placesOfBits(outputs));
    }
  }

  /** The input of a step, and the numbers that stand beside its bits. @param {number} step */
  heard(step) {
    const { trace, heardAt } = this;
    if (!trace.columns.has("inputs")) return "";
    const vector = trace.at("inputs", step);
    if (heardAt.some((at) => vector[at] !== 0 && vector[at] !== 1)) return "a vector";
    const name = this.#names.get(`inputs ${step}`) ?? this.#name(heardAt.map((at) => vector[at] > THRESHOLD));
    const beside = trace.header.input_channels.flatMap((channel, at) =>
      !heardAt.includes(at) && isSaid(channel, vector[at]) ? [`${channel.name} ${hundredths(vector[at])}`] : [],
    );
    return beside.length > 0 ? `${name} (${beside.slice(0, MOST_NUMBERS).join(", ")})` : name;
  }

  /** Of a step; null where nothing is scored. @param {number} step @returns {Outcome | null} */
  outcome(step) {
    const { scored, output_channels: outputs } = this.trace.header;
    const areas = scored.filter(([start, stop]) => start <= step && step < stop);
    const channels = outputs.flatMap((_, at) => (areas.some(([, , first, last]) => first <= at && at < last) ? [at] : []));
    if (channels.length === 0) return null;
    const [output, target] = ["outputs", "targets"].map((field) => Array.from(this.trace.at(field, step), (value) => value > THRESHOLD));
    const places = placesOfBits(channels.map((at) => outputs[at])).map((index) => channels[index]);
    const marks = channels.filter((at) => outputs[at].kind === "delimiter");
    const wanted = this.#named(target, places, marks, this.#names.get(`targets ${step}`));
    const wrong = channels.filter((at) => output[at] !== target[at]).length;
    return { said: wrong > 0 ? this.#named(output, places, marks) : wanted, wanted, wrong, bits: channels.length };
  }

  /** The delimiters that are set in a vector, by name. @param {"inputs" | "targets"} field @param {number} step */
  marks(field, step) {
    if (!this.trace.columns.has(field)) return [];
    const vector = this.trace.at(field, step);
    const channels = channelsOf(this.trace.header, field === "inputs" ? "input" : "target");
    return channels.filter(({ kind }, at) => kind === "delimiter" && vector[at] > THRESHOLD).map(({ name }) => name);
  }

  /**
   * Its bits, and the markers that are set; no bits where a marker stands alone.
   *
   * @param {boolean[]} vector @param {number[]} places of bits @param {number[]} marks @param {string} [name]
   */
  #named(vector, places, marks, name) {
    const said = marks.filter((at) => vector[at]).map((at) => `the ${this.trace.header.output_channels[at].name} marker`);
    const bits = places.map((at) => vector[at]);
    if (bits.length > 0 && (bits.some(Boolean) || said.length === 0)) said.unshift(name ?? this.#name(bits));
    return said.join(" and ") || "nothing";
  }

  /** @param {string} field @param {number[]} steps @param {number[]} places */
  #bits(field, steps, places) {
    return steps.map((step) => {
      const vector = this.trace.at(field, step);
      return places.map((at) => vector[at] > THRESHOLD);
    });
  }

  /** @param {string} field @param {number[]} steps @param {number[]} places */
  #nameTogether(field, steps, places) {
    const vectors = this.#bits(field, steps, places);
    const names = this.textual ? charactersOf(vectors, growing(this.trace)) : null;
    steps.forEach((step, index) => this.#names.set(`${field} ${step}`, names?.[index] ?? this.#name(vectors[index])));
  }

  /** A vector alone. @param {boolean[]} bits */
  #name(bits) {
    if (this.textual && bits.length === BYTE) {
      const sign = String.fromCharCode(byteOf(bits));
      if (SPOKEN.has(sign) || (byteOf(bits) >= SPACE && byteOf(bits) < DELETE)) return quoted(sign);
    }
    return bits.length <= MOST_BITS ? bits.map(Number).join("") : `a vector of ${bits.length} bits`;
  }
}

/** The steps of the phases of a role, as far as they have arrived. @param {Trace} trace @param {string} role */
const stepsOf = ({ phases, arrived }, role) =>
  phases.filter((phase) => phase.role === role).map(({ start, stop }) => Array.from({ length: Math.max(0, Math.min(stop, arrived) - start) }, (_, index) => start + index));

/** @param {Trace} trace */
const growing = ({ arrived, steps }) => arrived < steps;

/** Where the bits of a vector are; of one without bits, all that is no delimiter. @param {Channel[]} channels */
function placesOfBits(channels) {
  const bits = bitsOf(channels);
  return bits.length > 0 ? bits : channels.flatMap(({ kind }, at) => (kind === "delimiter" ? [] : [at]));
}

/** Whether a number beside the bits is said: a count has a step of its own. @param {Channel} channel @param {number} value */
const isSaid = ({ kind }, value) => kind !== "delimiter" && !(kind === "count" && value === 0);

/** Two decimals, halves upwards. @param {number} value */
export function hundredths(value) {
  const whole = Math.floor(Math.abs(value) * 100 + 0.5);
  return `${value < 0 && whole > 0 ? "−" : ""}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, "0")}`;
}

/** @param {boolean[]} bits */
const byteOf = (bits) => bits.reduce((sum, bit) => 2 * sum + Number(bit), 0);

/** A name for each byte of a text, but for what has not arrived whole; null for what is no UTF-8. @param {boolean[][]} vectors @param {boolean} more whether more is to come */
function charactersOf(vectors, more) {
  if (vectors.some((bits) => bits.length !== BYTE)) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(vectors, byteOf), { stream: more });
    return [...text].flatMap(bytesOf);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** @param {string} character */
function bytesOf(character) {
  const { length } = new TextEncoder().encode(character);
  const name = quoted(character);
  return length === 1 ? [name] : Array.from({ length }, (_, index) => `byte ${index + 1} of ${name}`);
}

/** @param {string} character */
function quoted(character) {
  const code = character.codePointAt(0) ?? 0;
  if (code < SPACE || code === DELETE) return SPOKEN.get(character) ?? `control character ${code}`;
  if (UNSEEN.test(character)) return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return SPOKEN.get(character) ?? `‘${character}’`;
}
