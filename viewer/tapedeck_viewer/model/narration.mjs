/**
 * One sentence on each step of a run: what is heard, where the memory is written or read, and what comes out.
 *
 * Step 9 · input 9 of 20: writes ‘o’ to location 74, one on from the last.
 * Step 31 · recall 10 of 20: reads location 75, gets ‘n’ ✓.
 *
 * The service says the same (`tapedeck.tracing.narration`); `tests/fixtures/narration.json` holds both to it. The nouns are those of
 * the run's description: phases, channels, heads. Steps and locations are counted from 0, vectors from 1.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./focus.mjs").Arrival} Arrival
 * @typedef {import("./panels.mjs").Chosen} Chosen
 */

import { arrivalOf, distance, focusOf } from "./focus.mjs";
import { chosenHead, firstHeads, headsOf } from "./panels.mjs";
import { heardAfter, placeOfBit, saidFor } from "./predictions.mjs";
import { rankingOf } from "./ranking.mjs";
import { vectorsOf } from "./vectors.mjs";

const NUMBERED = /^(.*) (\d+)$/;

/**
 * @param {Trace} trace
 * @param {number} step one that has arrived
 * @param {Chosen} heads whose writes and reads are told
 */
export function narrate(trace, step, heads = firstHeads(trace)) {
  const [place, own] = [placeOf(trace, step), trace.recorded.narration?.[step]];
  return own || `Step ${step}${place && ` · ${place}`}: ${deedOf(trace, step, heads)}.`;
}

/** What a step is in its task; empty where the run does not say. @param {Trace} trace @param {number} step one that has arrived */
export function placeOf(trace, step) {
  if (trace.header.estimator) return placeOfBit(trace, step);
  const phase = phaseAt(trace, step);
  if (!phase.name) return "";
  const [index, length] = [step - phase.start + 1, phase.stop - phase.start];
  if (length === 1) return alone(trace, step, phase);
  const repeat = phase.role === "recall" ? repeatOf(trace, phase, index) : "";
  if (repeat) return `${phase.name} ${index} of ${length}, ${repeat}`;
  if (phase.role === "query" || NUMBERED.test(phase.name)) return `${phase.name}, vector ${index} of ${length}`;
  return `${phase.name} ${index} of ${length}`;
}

/** @param {Trace} trace @param {number} step @returns {{name: string, role: string, start: number, stop: number}} */
const phaseAt = ({ phases, steps }, step) => phases.find(({ start, stop }) => start <= step && step < stop) ?? { name: "", role: "", start: 0, stop: steps };

/** What a step is that is a phase by itself: a delimiter by its channel, a count with its number. @param {Trace} trace @param {number} step @param {{name: string, role: string}} phase */
function alone(trace, step, { name, role }) {
  const { input_channels: channels, input } = trace.header;
  if (!trace.columns.has("inputs")) return name;
  const inputs = trace.at("inputs", step);
  if (channels.some(({ kind }, at) => kind === "count" && inputs[at] !== 0)) {
    const numbers = Object.values(input).filter((value) => typeof value === "number");
    return numbers.length === 1 ? `the ${name}, ${numbers[0]}` : `the ${name}`;
  }
  const marks = vectorsOf(trace).marks("inputs", step);
  if (role !== "delimiter" || marks.length !== 1) return name;
  const numbered = NUMBERED.exec(name);
  return numbered && numbered[1] !== marks[0] ? `${marks[0]} delimiter ${numbered[2]}` : `the ${name} delimiter`;
}

/** Which repeat of what was heard; nothing where it is said once. @param {Trace} trace @param {{start: number, stop: number}} phase @param {number} index from 1 */
function repeatOf({ phases, header }, phase, index) {
  const heard = phases.filter(({ role }) => role === "input");
  if (heard.length !== 1) return "";
  const marked = header.output_channels.some(({ kind }, at) => kind === "delimiter" && header.scored.some(([, , first, last]) => first <= at && at < last));
  const [length, said] = [heard[0].stop - heard[0].start, phase.stop - phase.start - Number(marked)];
  const times = said / length;
  if (times < 2 || said % length !== 0 || index > said) return "";
  return `repeat ${Math.floor((index - 1) / length) + 1} of ${times}`;
}

/** @param {Trace} trace @param {number} step @param {Chosen} heads */
function deedOf(trace, step, heads) {
  const { role } = phaseAt(trace, step);
  const after = heardAfter(trace, step);
  if (after) return `hears ${after}, ${read(trace, step, heads, false)}, ${saidFor(trace, step)}`;
  const outcome = outcomeOf(trace, step);
  const heard = trace.columns.has("inputs") ? heardAt(trace, step) : "";
  const [writes, reads] = [trace.writers.length > 0, trace.readers.length > 0];
  // A run of which no more is known: what each side does.
  if (!role || !writes || !reads) {
    const isHeard = role === "input" || role === "query" || role === "prediction";
    return [isHeard && heard && `hears ${heard}`, writes && write(trace, step, heads, ""), reads && read(trace, step, heads, false)].filter(Boolean).join(", ") + outcome;
  }
  if (role === "input") return write(trace, step, heads, heard);
  if (role === "query" || role === "prediction") return `${heard ? `hears ${vectorsOf(trace).heard(step)}, ` : ""}${read(trace, step, heads, false)}${outcome}`;
  if (role === "recall") return read(trace, step, heads, true) + outcome;
  const following = trace.phases.find(({ start }) => start > step)?.role;
  return (following === "recall" ? read(trace, step, heads, false) : write(trace, step, heads, "")) + outcome;
}

/** What is heard, with its rank where it is to come out by that. @param {Trace} trace @param {number} step */
function heardAt(trace, step) {
  const heard = vectorsOf(trace).heard(step);
  const rank = rankingOf(trace)?.rankHeard(step);
  return rank && heard.endsWith(")") ? `${heard.slice(0, -1)}, ${rank})` : heard;
}

/** @param {Trace} trace @param {number} step */
function outcomeOf(trace, step) {
  const outcome = vectorsOf(trace).outcome(step);
  if (!outcome) return "";
  const { said, wanted, wrong, bits } = outcome;
  const ranking = rankingOf(trace);
  const due = ranking ? ` (${ranking.dueAt(step)})` : "";
  if (wrong === 0) return `, gets ${said}${due} ✓`;
  // Where they are too long to be spelled out, both are called the same.
  if (said === wanted) return `, gets ${wrong} of ${bits} bits wrong${due} ✗`;
  const came = ranking?.insteadAt(step);
  return `, gets ${said}${came ? ` (${came})` : ""}, should be ${wanted}${due} ✗`;
}

/** Where it is written; and what, where nothing but what is heard can be, and is to come again. @param {Trace} trace @param {number} step @param {Chosen} heads @param {string} heard */
function write(trace, step, heads, heard) {
  const said = heard && ` ${heard}`;
  const apart = remembers(trace) || Boolean(trace.header.estimator);
  const [hears, what] = heard && apart ? [`hears${said}, `, ""] : ["", said];
  const head = chosenHead(trace, "write", heads);
  const by = among(trace, head);
  const focus = focusOf(trace.at(head.weighting, step));
  if (focus.location === null) return `${hears}writes${what}${by}${focus.spread ? ` spread over ${focus.spread}` : " to no location"}`;
  const arrival = arrivalOf(trace, head, step, focus.location);
  const place = `${focus.mostly ? "mostly " : ""}to location ${focus.location}`;
  if (arrival.kind === "content") return `${hears}jumps ${place}${fromContent(arrival)}${arrival.moved ? "," : ""} and writes${what || " there"}${by}`;
  return `${hears}writes${what} ${place}${by}${fromBefore(arrival)}`;
}

/** Where it is read; the usual, one on from the last, is left out where it is to be plain. @param {Trace} trace @param {number} step @param {Chosen} heads @param {boolean} plain */
function read(trace, step, heads, plain) {
  const head = chosenHead(trace, "read", heads);
  const by = among(trace, head);
  const focus = focusOf(trace.at(head.weighting, step));
  if (focus.location === null) return `reads${by} ${focus.spread ? `spread over ${focus.spread}` : "no location"}`;
  const arrival = arrivalOf(trace, head, step, focus.location);
  const mostly = focus.mostly ? "mostly " : "";
  if (arrival.kind === "content") return `jumps ${mostly}to location ${focus.location}${fromContent(arrival)}${by}`;
  const usual = plain && arrival.kind === "on" && arrival.moved === 1 && !arrival.whose;
  return `reads ${mostly}location ${focus.location}${by}${usual ? "" : fromBefore(arrival)}`;
}

/** Which head of several. @param {Trace} trace @param {import("./trace.mjs").Head} head */
function among(trace, head) {
  const alike = headsOf(trace, head.kind);
  return alike.length > 1 ? ` with head ${alike.indexOf(head) + 1}` : "";
}

/** Whether the controller remembers: what it writes need not be what it has just heard. @param {Trace} trace */
function remembers({ columns, header }) {
  const machine = /** @type {{controller?: {kind?: string}} | null | undefined} */ (header.checkpoint.machine);
  return machine?.controller?.kind === "lstm" || [...columns.values()].some(({ role }) => role === "cell");
}

/** @param {Arrival} arrival */
const fromContent = ({ moved, found }) => (moved ? `, ${distance(moved)} from location ${found} found by content` : " by content");

/** @param {Arrival} arrival */
function fromBefore({ kind, moved, whose }) {
  if (kind === "other") return "";
  const owner = whose && `the ${whose} head`;
  if (kind === "start") {
    const where = `where ${owner || "it"} starts`;
    return moved ? `, ${distance(moved)} from ${where}` : `, ${where}`;
  }
  if (!moved) return owner ? `, where ${owner} was` : " again";
  return `, ${distance(moved)} from ${owner ? `where ${owner} was` : "the last"}`;
}
