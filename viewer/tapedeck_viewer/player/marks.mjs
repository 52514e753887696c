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
/** A letter of the marks takes no more: a word for which there is no room is left to the title, and not cut. */
const LETTER_PX = 7;

/** @param {string} kind of a diagnosis */
export const wordFor = (kind) => WORDS[kind] ?? kind;

/**
 * Wrong steps that follow one another, and those too close to be pressed one by one, are one stretch.
 *
 * @param {Diagnosis["marks"]} marks in the order of their steps
 * @param {number} apart how many steps the starts of two stretches have to be apart
 * @returns {Stretch[]}
 */
export function stretchesOf(marks, apart) {
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
 * @param {Diagnosis["marks"]} marks
 * @param {number} steps of the run
 * @param {number} width of the bar, in pixels
 * @returns {HTMLButtonElement[]} each with its step in `data-step`
 */
export function drawMarks(marks, steps, width) {
  const each = width / Math.max(1, steps - 1);
  return stretchesOf(marks, LEAST_PX / each).map(({ first, last, kinds }) => {
    const words = kinds.map(wordFor).join(", ");
    const wide = Math.max(LEAST_PX, (last - first) * each);
    const mark = element("button", "bar-mark", wide >= LETTER_PX * (words.length + 3) ? `✕ ${words}` : "✕");
    mark.type = "button";
    mark.dataset.step = String(first);
    mark.title = first === last ? `step ${first}: ${words}` : `steps ${first} to ${last}: ${words}`;
    mark.setAttribute("aria-label", `Wrong, ${mark.title}`);
    mark.style.left = `${Math.min(first * each, width - LEAST_PX).toFixed(1)}px`;
    mark.style.width = `${wide.toFixed(1)}px`;
    return mark;
  });
}
