/** Symbols and verdicts, which stand in `appearance.json`, and technical words, in `glossary.json`. */

import appearance from "../appearance.json" with { type: "json" };
import glossary from "../glossary.json" with { type: "json" };

/** Of a field's words in the glossary those that are not its name. */
const WORDS = /** @type {Record<string, string>} */ ({ inputs: "input", outputs: "output", targets: "target", hidden: "hidden vector", cell: "cell state" });

/** What of a field's name follows its head's. @param {string} field */
export const stageOf = (field) => field.slice(field.lastIndexOf(".") + 1);

/** The glossary's word for a field. @param {string} field */
export const wordOf = (field) => WORDS[stageOf(field)] ?? stageOf(field).replaceAll("_", " ");

/** What a word of the glossary means; empty where it has none. @param {string} word */
export const meaningOf = (word) => /** @type {Record<string, {meaning: string}>} */ (glossary)[word]?.meaning ?? "";

/** The symbol of a field in the equations. @param {string} field */
export const symbolOf = (field) => entryOf(field)?.symbol ?? "";

/** What is said where every scored bit of a task is right. @param {string} task */
export const wordsWhenRight = (task) => /** @type {Record<string, string>} */ (appearance.right)[task] ?? appearance.right_of_any;

/** @param {string} field */
const entryOf = (field) => /** @type {Record<string, {symbol: string}>} */ (appearance.fields)[stageOf(field)];
