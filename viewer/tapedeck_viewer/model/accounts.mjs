/**
 * Where a read or an output comes from, in one sentence that names every source that matters, with its sign. The service says
 * the same (`tapedeck/tracing/accounts.py`); `tests/accounts.json` holds both to it. Bits are counted from 1, steps from 0.
 *
 * @typedef {import("./provenance.mjs").Terms} Terms
 * @typedef {import("../contract/wire.mjs").Channel} Channel
 * @typedef {{name: string, amount: number, step: number | null, write: number | null, head: string | null, place: number | null}} Source
 *     a term of the sum, signed; of a write its step, its place among all, its head where several write, and the location through
 *     which it was read
 * @typedef {{heads: string[], placeOf: (write: number) => number}} Writers the heads that write, in acting order, and the location
 *     through which each write was read, below 0 where it had no focus there
 */

import { nameOfChannel } from "./channels.mjs";
import { focusOf, middleOf, recordedOf } from "./provenance.mjs";

/** The least share of all magnitudes with which a source is named. */
const MATTERS = 0.05;
/** The most sources that are named; the others are everything else. */
const MOST = 4;
const ALMOST_ALL = 0.995;
/** Less than this is 0 as it is written, in parts of 1 and in hundredths of an output. */
const ROUNDED = 0.005;
const ELSE = "everything else";

/** The terms of an output that are no read. */
const BESIDE_READS = /** @type {Record<string, string>} */ ({ hidden: "the controller's hidden vector", inputs: "the inputs" });

/** Of what is asked. @param {import("./trace.mjs").Trace} trace @param {import("./provenance.mjs").Asked} asked @param {Terms} terms signed; of a read its shares */
export function sentenceOf(trace, asked, terms) {
  const recorded = recordedOf(trace);
  const writers = { heads: trace.writers.map(({ name }) => name), placeOf: (/** @type {number} */ write) => focusOf(recorded, asked, write, terms.by) };
  const { step, channel } = asked;
  if (channel === null) return accountOfRead(step, terms, writers);
  return accountOfOutput(step, trace.header.output_channels[channel], trace.header.output.activation, terms, writers);
}

/** Of the read vector of a step; a share below 0 is of what points against it. @param {number} step @param {Pick<Terms, "writes" | "initial" | "interventions">} shares @param {Writers} writers @returns {string} */
export function accountOfRead(step, { writes, initial, interventions }, writers) {
  const named = thatMatter([...sourcesOf(writes, writers), other("the initial memory", initial), ...setBefore(interventions)], writers);
  if (Math.abs(named[0].amount) >= ALMOST_ALL) return `Step ${step} reads almost only ${alone(named[0], step)}.`;
  const said = (/** @type {boolean} */ forIt) =>
    named.flatMap(({ amount }, at) => (amount >= 0 === forIt ? [`${percent(Math.abs(amount))} from ${which(named, at)}`] : []));
  const [items, opposing] = [said(true), said(false)];
  const rest = 1 - named.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  if (rest >= ROUNDED) items.push(`${percent(rest)} from ${ELSE}`);
  if (items.length > 0) items[0] = items[0].replace(" % from ", " % comes from ");
  return `Of what step ${step} reads,${opposing.length > 0 ? " by magnitude," : ""} ${opposed(items, opposing)}.`;
}

/**
 * Of an output before its activation.
 *
 * @param {number} step
 * @param {Channel} channel
 * @param {string} activation
 * @param {Pick<Terms, "writes" | "initial" | "interventions" | "bias" | "others">} terms signed
 * @param {Writers} writers
 * @returns {string}
 */
export function accountOfOutput(step, channel, activation, { writes, initial, interventions, bias, others }, writers) {
  const beside = Object.entries(others).map(([name, amount]) => other(BESIDE_READS[name] ?? name, amount));
  const memory = [other("the initial memory", initial), ...setBefore(interventions)];
  const sources = [...sourcesOf(writes, writers), ...memory, ...beside, other("the bias", bias)];
  const sum = (/** @type {Source[]} */ all) => all.reduce((total, { amount }) => total + amount, 0);
  const total = sum(sources);
  const named = thatMatter(sources, writers);
  const rest = total - sum(named);
  if (Math.abs(rest) >= ROUNDED) named.push(other(ELSE, rest));
  const one = total > middleOf(activation);
  const said = (/** @type {boolean} */ forIt) =>
    named.flatMap(({ amount }, at) => (amount > 0 === (one === forIt) ? [`${signed(amount)} from ${which(named, at)}`] : []));
  const [supporting, opposing] = [said(true), said(false)];
  const isLikely = channel.kind === "probability" && activation === "sigmoid";
  const result = isLikely ? (1 / (1 + Math.exp(-total))).toFixed(2) : String(Number(one));
  const what = channel.kind === "probability" ? "The probability of a 1" : channel.kind === "delimiter" ? `The ${nameOfChannel(channel)}'s output` : `Output ${channel.name}`;
  const before = activation === "raw" ? "" : ` before its ${activation}`;
  const value = `${total < 0 ? "−" : ""}${Math.abs(total).toFixed(2)}`;
  return `${what} of step ${step} is ${result} (${value}${before}): ${opposed(supporting, opposing)}.`;
}

/** @param {ArrayLike<number>} writes @param {Writers} writers @returns {Source[]} */
function sourcesOf(writes, { heads }) {
  return Array.from(writes, (amount, write) => {
    const step = Math.floor(write / heads.length);
    const head = heads.length > 1 ? heads[write % heads.length] : null;
    return { name: head === null ? `step ${step}` : `${head} at step ${step}`, amount, step, write, head, place: null };
  });
}

/** Of each step before which cells were set. @param {Float64Array} interventions */
const setBefore = (interventions) =>
  [...interventions].flatMap((amount, step) => (amount === 0 ? [] : [other(nameOfIntervention(step), amount)]));

/** @param {number} step */
export const nameOfIntervention = (step) => `the intervention at step ${step}`;

/** @param {string} name @param {number} amount @returns {Source} */
const other = (name, amount) => ({ name, amount, step: null, write: null, head: null, place: null });

/** The greatest first, and always one. @param {Source[]} sources @param {Writers} writers */
function thatMatter(sources, { placeOf }) {
  const whole = sources.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  const greatest = sources.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount)).slice(0, MOST);
  const named = greatest.filter(({ amount }, at) => at === 0 || Math.abs(amount) >= MATTERS * whole);
  return named.map((source) => ({ ...source, place: source.write === null ? null : placeOf(source.write) }));
}

/** @param {Source} source @param {number} step */
function alone(source, step) {
  if (source.step === null) return source.name;
  if (source.head !== null) return `what ${source.head} ${source.step === step ? "has just written" : `wrote at step ${source.step}`}`;
  return source.step === step ? "what it has just written" : `what step ${source.step} wrote`;
}

/** A source, and which other one it overwrote: the last before it whose location it was written to as well. @param {Source[]} named @param {number} at */
function which(named, at) {
  const { name, step, place } = named[at];
  if (place === null || place < 0) return name;
  const under = named.flatMap((each) => (step !== null && each.step !== null && each.step < step && each.place === place ? [each.step] : []));
  if (under.length === 0) return name;
  const last = Math.max(...under);
  return `${name}, which overwrote ${named[at - 1]?.step === last ? "it" : `step ${last}`}`;
}

/** What supports, and after it what opposes. @param {string[]} supporting @param {string[]} opposing */
function opposed(supporting, opposing) {
  const against = opposing.length > 0 ? `${listed(opposing)}, which ${opposing.length === 1 ? "opposes" : "oppose"} it` : "";
  return [listed(supporting), against].filter(Boolean).join("; ");
}

/** A, B and C; with a comma before the last where one of them holds a comma. @param {string[]} items */
function listed(items) {
  if (items.length < 2) return items.join("");
  const before = items.slice(0, -1);
  return `${before.join(", ")}${before.some((item) => item.includes(",")) ? "," : ""} and ${items[items.length - 1]}`;
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** @param {number} amount */
export const signed = (amount) => `${amount < 0 ? "−" : "+"}${Math.abs(amount).toFixed(2)}`;
