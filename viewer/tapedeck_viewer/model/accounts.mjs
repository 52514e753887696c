/**
 * Where a read or an output comes from, in one sentence that names every source that matters, with its sign. The service says
 * the same (`backend/tracing/accounts.py`); `tests/accounts.json` holds both to it. Bits are counted from 1, steps from 0.
 *
 * @typedef {import("./provenance.mjs").Terms} Terms
 * @typedef {{name: string, amount: number, step: number | null, place: number | null}} Source a term of the sum, signed; of a
 *     write its step, and the location through which it was read
 */

/** The least share of all magnitudes with which a source is named. */
const MATTERS = 0.05;
/** The most sources that are named; the others are everything else. */
const MOST = 4;
const ALMOST_ALL = 0.995;
/** Less than this is 0 as it is written, in parts of 1 and in hundredths of an output. */
const ROUNDED = 0.005;
const THRESHOLD = 0.5;
const ELSE = "everything else";

/** Of the read vector of a step; a share below 0 is of what points against it. @param {number} step @param {Terms} shares @param {(step: number) => number} placeOf @returns {string} */
export function accountOfRead(step, { writes, initial }, placeOf) {
  const named = thatMatter([...sourcesOf(writes), other("the initial memory", initial)], placeOf);
  if (Math.abs(named[0].amount) >= ALMOST_ALL) return `Step ${step} reads almost only ${alone(named[0], step)}.`;
  const said = (/** @type {boolean} */ forIt) =>
    named.flatMap(({ amount }, at) => (amount >= 0 === forIt ? [`${percent(Math.abs(amount))} from ${which(named, at)}`] : []));
  const [items, opposing] = [said(true), said(false)];
  const rest = 1 - named.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  if (rest >= ROUNDED) items.push(`${percent(rest)} from ${ELSE}`);
  if (items.length > 0) items[0] = items[0].replace(" % from ", " % comes from ");
  const against = opposing.length > 0 ? `${listed(opposing)}, which ${opposing.length === 1 ? "opposes" : "oppose"} it` : "";
  return `Of what step ${step} reads,${against ? " by magnitude," : ""} ${[listed(items), against].filter(Boolean).join("; ")}.`;
}

/**
 * Of an output before its clamp.
 *
 * @param {number} step
 * @param {number} channel
 * @param {number} bits of a vector
 * @param {Terms} terms signed
 * @param {(step: number) => number} placeOf
 * @returns {string}
 */
export function accountOfOutput(step, channel, bits, { writes, initial, bias }, placeOf) {
  const sources = [...sourcesOf(writes), other("the initial memory", initial), other("the bias", bias)];
  const sum = (/** @type {Source[]} */ all) => all.reduce((total, { amount }) => total + amount, 0);
  const total = sum(sources);
  const named = thatMatter(sources, placeOf);
  const rest = total - sum(named);
  if (Math.abs(rest) >= ROUNDED) named.push(other(ELSE, rest));
  const one = total > THRESHOLD;
  const said = (/** @type {boolean} */ forIt) =>
    named.flatMap(({ amount }, at) => (amount > 0 === (one === forIt) ? [`${signed(amount)} from ${which(named, at)}`] : []));
  const [supporting, opposing] = [said(true), said(false)];
  const against = opposing.length > 0 ? `${listed(opposing)}, which ${opposing.length === 1 ? "opposes" : "oppose"} it` : "";
  const what = channel < bits ? `Output bit ${channel + 1}` : `The ${channel === bits ? "start" : "end"} delimiter's output`;
  const value = `${total < 0 ? "−" : ""}${Math.abs(total).toFixed(2)}`;
  return `${what} of step ${step} is ${Number(one)} (${value} before its clamp): ${[listed(supporting), against].filter(Boolean).join("; ")}.`;
}

/** @param {ArrayLike<number>} writes @returns {Source[]} */
const sourcesOf = (writes) => Array.from(writes, (amount, step) => ({ name: `step ${step}`, amount, step, place: null }));

/** @param {string} name @param {number} amount @returns {Source} */
const other = (name, amount) => ({ name, amount, step: null, place: null });

/** The greatest first, and always one. @param {Source[]} sources @param {(step: number) => number} placeOf */
function thatMatter(sources, placeOf) {
  const whole = sources.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  const greatest = sources.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount)).slice(0, MOST);
  const named = greatest.filter(({ amount }, at) => at === 0 || Math.abs(amount) >= MATTERS * whole);
  return named.map((source) => ({ ...source, place: source.step === null ? null : placeOf(source.step) }));
}

/** @param {Source} source @param {number} step */
function alone(source, step) {
  if (source.step === null) return source.name;
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
