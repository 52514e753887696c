/**
 * Inputs worth watching, and inputs drawn at random. Which examples a task has follows from the parts of its input.
 *
 * @typedef {import("./task.mjs").Task} Task
 * @typedef {import("./task.mjs").Written} Written
 * @typedef {import("./beside.mjs").BesidePart} BesidePart
 * @typedef {{chip: string, label: string, written: (bits: number) => Written}} Example its name in a word or two, what it shows, and
 *   how it is written for a machine that reads so many bits a vector
 */

import { BYTE } from "#viewer/model/channels.mjs";
import { drawBeside } from "./beside.mjs";
import { generator } from "./chance.mjs";
import { asText, parseText } from "./sequences/typed.mjs";
import { STREAMS } from "./streams.mjs";
import { withinPlaces } from "./task.mjs";

/** Rows whose bits are each 1 with probability `density`; the same for the same arguments. @param {number} length @param {number} density @param {number} seed @param {number} bits */
export function randomRows(length, density, seed, bits) {
  const draw = generator(seed);
  return Array.from({ length }, () => Array.from({ length: bits }, () => (draw() < density ? "1" : "0")).join(""));
}

/** A place from 0 up to a count; the same for the same arguments. @param {number} count @param {number} seed */
export const randomPlace = (count, seed) => Math.floor(generator(seed)() * count);

/** What the page opens on: a text where the machine reads bytes, else the first example. @param {Task} task @param {string} text @param {number} bits */
export function firstOf(task, text, bits) {
  const isText = task.rows.each === 0 && task.counts.length === 0 && !task.rows.stream && !task.beside;
  if (isText) return written(bits === BYTE ? parseText(text) : randomRows(new TextEncoder().encode(text).length, 0.5, 1, bits));
  return examplesOf(task)[0].written(bits);
}

/** @param {Task} task @returns {Example[]} */
export function examplesOf(task) {
  const { stream } = task.rows;
  if (stream) return STREAMS.map(([chip, label, make]) => ({ chip, label, written: () => written(make(stream)) }));
  if (task.rows.each > 0) return ITEMS.map(([chip, label, make]) => ({ chip, label, written: (bits) => make(task, bits) }));
  const { beside } = task;
  if (beside) return RANKED.map(([chip, label, make]) => ({ chip, label, written: (bits) => make(beside, bits) }));
  const [count] = task.counts;
  if (!count) return SEQUENCES.map(({ chip, label, rows }) => ({ chip, label, written: (bits) => written(rows(bits)) }));
  return COUNTED.map(([chip, label, rows, times]) => ({ chip, label, written: (bits) => written(rows(bits), { [count.name]: times }) }));
}

/** An example of a task by its name; the first where there is no name. @param {Task} task @param {string} name @param {number} bits */
export const exampleNamed = (task, name, bits) => (name ? written(NAMED[name].rows(bits)) : examplesOf(task)[0].written(bits));

/** @param {string[]} rows @param {Record<string, number>} numbers @returns {Written} */
const written = (rows, numbers = {}) => ({ rows, numbers });

/** @param {string} pattern @param {number} bits */
const repeated = (pattern, bits) => pattern.repeat(Math.ceil(bits / pattern.length)).slice(0, bits);

/** @param {number} bits */
const diagonal = (bits) => {
  const down = Array.from({ length: bits }, (_, at) => "0".repeat(at) + "1" + "0".repeat(bits - 1 - at));
  return [...down, ...[...down].reverse()];
};

/** @param {number} bits */
const countUp = (bits) => Array.from({ length: Math.min(32, 2 ** bits) }, (_, count) => count.toString(2).padStart(bits, "0"));

/** Sequences by name: the guide runs some of them. @type {Record<string, {chip: string, label: string, rows: (bits: number) => string[]}>} */
export const NAMED = {
  greeting: {
    chip: "Greeting",
    label: "A greeting, 20 characters",
    rows: (bits) => (bits === BYTE ? parseText("Hello, tape machine!") : randomRows(20, 0.5, 1, bits)),
  },
  diagonal: { chip: "Diagonal", label: "A diagonal, twice", rows: diagonal },
  counter: { chip: "Counting up", label: "Counting up from 0", rows: countUp },
  same: {
    chip: "All the same",
    label: "The same vector, 16 times: position, not content",
    rows: (bits) => Array.from({ length: 16 }, () => repeated("11001010", bits)),
  },
  long: { chip: "Longer", label: "60 random vectors", rows: (bits) => randomRows(60, 0.5, 60, bits) },
  full: { chip: "Full memory", label: "126 random vectors, all that 128 locations hold", rows: (bits) => randomRows(126, 0.5, 126, bits) },
  over: { chip: "Too long", label: "140 random vectors, more than 128 locations hold", rows: (bits) => randomRows(140, 0.5, 140, bits) },
};
const SEQUENCES = Object.values(NAMED);

/** A sequence and a count. @type {[string, string, (bits: number) => string[], number][]} */
const COUNTED = [
  ["Three times", "Four vectors, three times", (bits) => (bits === BYTE ? parseText("Tape") : randomRows(4, 0.5, 4, bits)), 3],
  ["One vector", "One vector, ten times", (bits) => [repeated("10110011", bits)], 10],
  ["Diagonal", "A diagonal, twice over", (bits) => diagonal(bits).slice(0, bits), 2],
  ["All the same", "The same vector five times, four times over: what counts it?", (bits) => Array.from({ length: 5 }, () => repeated("11001010", bits)), 4],
  ["Long", "Ten random vectors, five times", (bits) => randomRows(10, 0.5, 10, bits), 5],
  ["Longest", "Ten random vectors, ten times", (bits) => randomRows(10, 0.5, 10, bits), 10],
  ["Too often", "Three random vectors, 14 times: further than it learned to count", (bits) => randomRows(3, 0.5, 3, bits), 14],
];

/** Vectors with a number beside each, of those that were drawn as they are put in order. @type {[string, string, (part: BesidePart, bits: number) => Written][]} */
const RANKED = [
  ["Eight vectors", "Eight vectors, in no order", (part, bits) => ranked(part, 8, bits)],
  ["Shortest", "Four vectors, the shortest list: one is left out", (part, bits) => ranked(part, 4, bits)],
  ["As in training", "Twenty vectors, as in training: four are left out", (part, bits) => ranked(part, 20, bits)],
  ["Sorted already", "Heard in their order: nothing is to be moved", (part, bits) => ranked(part, 10, bits, (values) => values.sort((a, b) => b - a))],
  ["Backwards", "Heard from the last to the first", (part, bits) => ranked(part, 10, bits, (values) => values.sort((a, b) => a - b))],
  ["Close", "All priorities close together: which can it still tell apart?", (part, bits) => ranked(part, 8, bits, (values) => values.map((_, at) => Number((((at * 5) % 8) / 50).toFixed(2))))],
  ["Longer", "Thirty vectors: more than in training", (part, bits) => ranked(part, 30, bits)],
];

/** @param {BesidePart} part @param {number} count @param {number} bits @param {(values: number[]) => number[]} put in order @returns {Written} */
const ranked = (part, count, bits, put = (values) => values) => ({ ...written(randomRows(count, 0.5, count, bits)), beside: put(drawBeside(part, count, count)) });

/** A list of items, and one of them. @type {[string, string, (task: Task, bits: number) => Written][]} */
const ITEMS = [
  ["Four items", "Four items, asked with the second", (task, bits) => listOf(task, randomRows(4 * task.rows.each, 0.5, 4, bits), 1)],
  ["Shortest", "Two items: the shortest list", (task, bits) => listOf(task, randomRows(2 * task.rows.each, 0.5, 2, bits), 0)],
  ["Six items", "Six items, asked with the first", (task, bits) => listOf(task, randomRows(6 * task.rows.each, 0.5, 6, bits), 0)],
  ["Nearly alike", "Two items that differ in one bit", (task, bits) => listOf(task, nearlyAlike(task.rows.each, bits), 2)],
  ["There twice", "The item asked with is there twice: which one is meant?", (task, bits) => listOf(task, twice(task.rows.each, bits), 3)],
  ["Longer", "Twelve items: a longer list than in training", (task, bits) => listOf(task, randomRows(12 * task.rows.each, 0.5, 12, bits), 7)],
];

/** @param {Task} task @param {string[]} rows @param {number} place */
function listOf(task, rows, place) {
  return withinPlaces(task, written(rows, Object.fromEntries(task.places.map(({ name }) => [name, place]))));
}

/** The first and the third of five differ in their last bit. @param {number} each @param {number} bits */
function nearlyAlike(each, bits) {
  const rows = randomRows(5 * each, 0.5, 5, bits);
  const first = rows.slice(0, each);
  const last = first[each - 1];
  const other = last.slice(0, -1) + (last.endsWith("1") ? "0" : "1");
  return [...rows.slice(0, 2 * each), ...first.slice(0, -1), other, ...rows.slice(3 * each)];
}

/** The second of five is the fourth, too. @param {number} each @param {number} bits */
function twice(each, bits) {
  const rows = randomRows(5 * each, 0.5, 9, bits);
  return [...rows.slice(0, 3 * each), ...rows.slice(each, 2 * each), ...rows.slice(4 * each)];
}

/** Text where the rows are text as it can be typed: no control characters but line breaks and tabs. Else bits. @param {string[]} rows */
export function wayFor(rows) {
  const text = asText(rows);
  // A carriage return is not one of these: a text field would make a line break of it.
  return text !== null && !/[\p{Cc}]/u.test(text.replace(/[\n\t]/g, "")) ? "text" : "bits";
}
