/**
 * What each head does over a whole run, in a few words and from numbers alone: `stays at 12`, `one on each step`, `jumps by content`,
 * `spread over 40`, `same as write 2`. Where it does one thing while it is told and another while it answers: `one on each step, then
 * stays at 40`.
 *
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {import("./trace.mjs").Head} Head
 * @typedef {{words: string, still: boolean}} Conduct `still` where it never moves
 * @typedef {"stay" | "move" | "content" | "jump" | "spread"} Kind by content, or to elsewhere without a way to say how
 * @typedef {number | null} Place the location that a head looks at; null where it is spread
 * @typedef {{location: Place, kind: Kind, moved: number}} Deed of a head at a step
 * @typedef {{start: number, stop: number}} Part some steps of a run
 */

import { arrivalFrom, distance, heldBy, locationOf, startOf } from "./focus.mjs";
import { SIDES, headsOf, sideOf } from "./panels.mjs";

/** A location with at least this share of the weight is a place, if not a sharp one. */
const PLACE = 0.3;
/** In at least this share of the steps it does what it is said to do, nothing else being worth a word. */
const NEARLY_ALL = 0.9;
/** In at least this share it is what it does, with exceptions. */
const MOSTLY = 0.75;
/** In at least this share it is what it does more than all else. */
const HALF = 0.5;
/** Two heads do the same that look at the same places in this share of the steps. */
const ALIKE = 0.95;
/** The fewest steps that are told apart from the others. */
const LEAST_STEPS = 3;
/** The most spread steps that are measured; how far a head is spread hardly changes from one to the next. */
const MOST_MEASURED = 8;

/** What need not be said twice. */
const [STAYS, SPREAD] = ["stays ", "spread "];
const SHARED = [STAYS, SPREAD, "mostly "];

/** Of each head by its name, once all steps have arrived. @param {Trace} trace @returns {Map<string, Conduct>} */
export function conductOf(trace) {
  // One that does what another does is said to be like it where it comes after it on the page.
  const places = new Map(trace.heads.map((head) => [head.name, placesOf(trace, head)]));
  const all = SIDES.flatMap((kind) => headsOf(trace, kind)).map((head) => ({ head, deeds: deedsOf(trace, head, places) }));
  const parts = partsOf(trace);
  return new Map(
    all.map(({ head, deeds }, index) => {
      const still = deeds.every(({ location }) => location !== null && location === deeds[0].location);
      const told = parts.map((part) => {
        const own = wordsOfPart(trace, head, deeds, part);
        const like = own.startsWith(STAYS) ? undefined : all.slice(0, index).find((other) => areAlike(deeds, other.deeds, part));
        return like ? `same as ${nameIn(trace, like.head)}` : own;
      });
      return [head.name, { still, words: joined(told) }];
    }),
  );
}

/** Within a sentence: write 2, or the write head where there is one. @param {Trace} trace @param {Head} head */
function nameIn(trace, head) {
  const alike = headsOf(trace, head.kind);
  return alike.length > 1 ? `${head.kind} ${alike.indexOf(head) + 1}` : `the ${head.kind} head`;
}

/** One after the other, without the words that they share. @param {string[]} told */
function joined([first, then]) {
  if (then === undefined || first === then) return first;
  const shared = SHARED.find((verb) => first.startsWith(verb) && then.startsWith(verb)) ?? "";
  return `${first}, then ${then.slice(shared.length)}`;
}

/** Where a head looks at every step. @param {Trace} trace @param {Head} head @returns {Place[]} */
const placesOf = (trace, { weighting }) => Array.from({ length: trace.steps }, (_, step) => locationOf(trace.at(weighting, step), PLACE));

/** What a head does at every step. @param {Trace} trace @param {Head} head @param {Map<string, Place[]>} places of all heads @returns {Deed[]} */
function deedsOf(trace, head, places) {
  const before = [locationOf(startOf(trace, head.previous), PLACE), ...(places.get(head.previous) ?? [])];
  let last = before[0];
  return (places.get(head.name) ?? []).map((location, step) => {
    if (location === null) return { location, kind: "spread", moved: 0 };
    const [back, { kind, moved }] = [location === last, arrivalFrom(before[step], trace, head, step, location)];
    last = location;
    if (back) return { location, kind: "stay", moved: 0 }; // also where it was spread in between
    if (kind === "content") return { location, kind, moved: 0 };
    if (kind === "other") return { location, kind: "jump", moved: 0 };
    return { location, kind: moved === 0 ? "stay" : "move", moved };
  });
}

/** Whether two heads look at the same places, step by step. @param {Deed[]} one @param {Deed[]} other @param {Part} part */
function areAlike(one, other, { start, stop }) {
  const same = one.slice(start, stop).filter(({ location }, step) => location !== null && location === other[start + step].location);
  return same.length >= ALIKE * (stop - start);
}

/** What is told and what is answered, where one follows the other and both are long enough to be told apart. @param {Trace} trace @returns {Part[]} */
function partsOf({ phases, steps }) {
  const answers = phases.findIndex(({ role }) => sideOf(role) === "read");
  const begin = phases[answers]?.start ?? 0;
  const follow = answers >= 0 && phases.slice(answers).every(({ role }) => sideOf(role) === "read");
  const apart = follow && begin >= LEAST_STEPS && steps - begin >= LEAST_STEPS;
  return apart ? [{ start: 0, stop: begin }, { start: begin, stop: steps }] : [{ start: 0, stop: steps }];
}

/** @param {Trace} trace @param {Head} head @param {Deed[]} all @param {Part} part */
function wordsOfPart(trace, head, all, { start, stop }) {
  const deeds = all.slice(start, stop);
  const spread = deeds.flatMap(({ kind }, index) => (kind === "spread" ? [start + index] : []));
  if (spread.length >= HALF * deeds.length) return spreadOver(trace, head, spread);
  const [location, there] = mostFrequent(deeds.flatMap(({ location }) => (location === null ? [] : [location])));
  const sharp = deeds.filter((_, index) => locationOf(trace.at(head.weighting, start + index)) !== null).length;
  const place = `${sharp >= HALF * deeds.length ? "at" : "around"} ${location}`;
  if (there >= NEARLY_ALL * deeds.length) return STAYS + place;
  if (there >= MOSTLY * deeds.length || there + spread.length === deeds.length) return `mostly ${place}`;
  return motionOf(deeds);
}

/** How a head gets from step to step; how it came to the first of them is of what was before. @param {Deed[]} deeds */
function motionOf(deeds) {
  const steps = deeds.slice(1);
  const of = (/** @type {Kind} */ wanted) => steps.filter(({ kind }) => kind === wanted).length;
  const [moved, moves] = mostFrequent(steps.flatMap(({ kind, moved }) => (kind === "move" ? [moved] : [])));
  const [found, jumps] = [of("content"), of("content") + of("jump")];
  if (moves >= HALF * steps.length) {
    if (moves < MOSTLY * steps.length || moves + jumps < NEARLY_ALL * steps.length) return `mostly ${distance(moved)}`;
    return `${distance(moved)} each step${jumps === 0 ? "" : `, ${jumps} ${jumps === 1 ? "jump" : "jumps"}`}`;
  }
  if (jumps >= HALF * steps.length) return found >= HALF * jumps ? "jumps by content" : "jumps";
  const elsewhere = steps.length - of("stay") - of("spread");
  if (elsewhere <= (1 - MOSTLY) * steps.length) return `moves ${["", "once", "twice"][elsewhere] ?? `${elsewhere} times`}`;
  return `moves among ${new Set(deeds.map(({ location }) => location)).size} places`;
}

/** The most frequent of some numbers, the first of equals, and how often it is there. @param {number[]} numbers @returns {[number, number]} */
function mostFrequent(numbers) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
}

/** Over how many locations a head is spread in the middle one of its spread steps. @param {Trace} trace @param {Head} head @param {number[]} steps */
function spreadOver(trace, head, steps) {
  const every = Math.ceil(steps.length / MOST_MEASURED);
  const held = steps.filter((_, index) => index % every === 0).map((step) => heldBy(trace.at(head.weighting, step)).length);
  const middle = held.sort((a, b) => a - b)[held.length >> 1];
  return middle > 0 ? `${SPREAD}over ${middle}` : "looks at no location";
}
