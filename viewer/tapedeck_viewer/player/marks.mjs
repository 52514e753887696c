/**
 * The marks of a diagnosis on the time bar: each stretch of steps that went wrong, with the word for what went wrong there. A
 * press goes to its first step.
 *
 * @typedef {import("../contract/wire.mjs").Diagnosis} Diagnosis
 * @typedef {{first: number, last: number, kinds: string[]}} Stretch
 */

import { element } from "../draw/dom.mjs";

/** What the service calls a trouble, where a person would say it otherwise. */
const WORDS = /** @type {Record<string, string>} */ ({
  duplication: "read twice",
  wrap_around: "wrap-around",
  dead_channel: "dead bit",
  wrong: "wrong bits",
  wrong_item: "wrong item",
  no_item: "no item",
  ambiguous: "either item",
  stopped_early: "stopped early",
  went_on: "went on",
  end_marker: "end marker",
});

/** What is pressed is at least so wide (WCAG 2.5.8). */
const LEAST_PX = 24;

/** @param {string} kind of a diagnosis */
export const wordFor = (kind) => WORDS[kind] ?? kind;

/**
 * Wrong steps that follow one another, and those too close to be pressed one by one, are one stretch.
 *
 * @param {Diagnosis["marks"]} marks in the order of their steps
 * @param {number} [apart] how many steps the starts of two stretches have to be apart
 * @returns {Stretch[]}
 */
export function stretchesOf(marks, apart = 0) {
  /** @type {Stretch[]} */
  const stretches = [];
  for (const { step, kind } of marks) {
    const open = stretches.at(-1);
    const known = open?.kinds.includes(kind);
    if (open && ((known && step === open.last + 1) || step - open.first < apart)) {
      open.last = step;
      if (!known) open.kinds.push(kind);
    } else {
      stretches.push({ first: step, last: step, kinds: [kind] });
    }
  }
  return stretches;
}

/**
 * Each where its first wrong step is, with room for words up to the next.
 *
 * @param {Diagnosis["marks"]} marks
 * @param {number} steps of the run
 * @param {number} width of the bar, in pixels
 * @returns {HTMLButtonElement[]} each with its first and its last step and its words in `data-`
 */
export function drawMarks(marks, steps, width) {
  const each = width / steps;
  const stretches = stretchesOf(marks, LEAST_PX / each);
  return stretches.map(({ first, last, kinds }, index) => {
    const words = kinds.map(wordFor).join(", ");
    const left = Math.max(0, Math.min(first * each, width - LEAST_PX));
    const next = stretches[index + 1];
    const mark = element("button", "bar-mark");
    mark.type = "button";
    Object.assign(mark.dataset, { step: String(first), last: String(last), words });
    mark.title = first === last ? `step ${first}: ${words}` : `steps ${first} to ${last}: ${words}`;
    mark.setAttribute("aria-label", `Wrong, ${mark.title}`);
    mark.style.left = `${left.toFixed(1)}px`;
    mark.style.minWidth = `${Math.max(LEAST_PX, (last - first + 1) * each).toFixed(1)}px`;
    mark.style.maxWidth = `${Math.max(LEAST_PX, (next ? next.first * each : width) - left).toFixed(1)}px`;
    return mark;
  });
}

/** A mark is there once the cursor has come to it, and its line goes as far as the cursor has. @param {HTMLElement} mark @param {number} step @param {number} each step's width, in pixels */
export function extendMark({ dataset, style }, step, each) {
  const [first, last] = [Number(dataset.step), Number(dataset.last)];
  style.visibility = first <= step ? "" : "hidden";
  style.setProperty("--stretch", `${Math.max(1, (Math.min(last, step) - first + 1) * each).toFixed(1)}px`);
}
