/** An input in a few words, for people, and in a few safe characters, for the name of a file. */

import { wayFor } from "./examples.mjs";
import { asText } from "./sequences/typed.mjs";
import { counted, quoted } from "./sequences/problem.mjs";
import { lengthOf, nounOf, singular } from "./task.mjs";

/** @typedef {import("./task.mjs").Task} Task */
/** @typedef {import("./task.mjs").Written} Written */

/** The most characters of a text in the name of a file. */
const MOST = 32;

/** “Tape”, 3 repeats. @param {Task} task @param {Written} written */
export function wordsOf(task, { rows, numbers }) {
  const text = textOf(task, rows);
  const counts = task.counts.map(({ name }) => counted(numbers[name], singular(name)));
  return [text === null ? counted(lengthOf(task, rows), nounOf(task)) : quoted(text), ...counts].join(", ");
}

/** tape-3-repeats. @param {Task} task @param {Written} written */
export function slugOf(task, { rows, numbers }) {
  const text = slug(textOf(task, rows) ?? "").slice(0, MOST).replace(/-$/, "");
  const counts = task.counts.map(({ name }) => slug(counted(numbers[name], singular(name))));
  const places = task.places.map(({ name }) => `${slug(name)}-${numbers[name] + 1}`);
  return [text || slug(counted(lengthOf(task, rows), nounOf(task))), ...counts, ...places].join("-");
}

/** A sequence as the text that it is, where it can be read as one. @param {Task} task @param {string[]} rows */
const textOf = (task, rows) => (task.rows.each === 0 && wayFor(rows) === "text" ? asText(rows) : null);

/** Letters and digits that every system takes in a file's name, and hyphens for all between; ß is written ss. @param {string} text */
const slug = (text) => text.normalize("NFKD").toUpperCase().toLowerCase().replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
