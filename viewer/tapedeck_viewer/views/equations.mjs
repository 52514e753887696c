/**
 * The equations of a head's stages with their live numbers, made of what the head has. A term that names something on the page
 * lights it up; `data-term` says what.
 *
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("../model/trace.mjs").Head} Head
 * @typedef {{stage: string, title: string, word: string, equation: (Node | string)[], numbers: (Node | string)[]}} Stage
 */

import { build } from "../draw/dom.mjs";
import { nameOfMove, signedMove } from "../model/numbers.mjs";
import { symbolOf } from "../model/words.mjs";
import { term } from "./markup.mjs";

/** A term that names a field of a head; of the step before where “@-1” follows. @param {Head} head @param {string} stage @param {string} written */
const named = (head, stage, written = symbolOf(stage)) => build("var", { tabindex: "0", "data-term": `${head.name}.${stage}` }, written);

/** A number of the step. @param {string} value */
const number = (value) => build("b", { "data-value": value }, "–");

/** With what it is called, explained where the glossary has the word. @param {string} value @param {string} called */
const labelled = (value, called) => build("span", {}, called === "entropy" ? term(called, called) : called, " ", number(value));

/** A share of the shift weighting, as a bar with its number. @param {number} move */
function share(move) {
  const name = nameOfMove(move);
  const bar = build("span", { class: "share-bar" }, build("span", { class: "share-fill", "data-share": name }));
  return build("span", { class: "share" }, `${signedMove(move)} `, bar, number(name));
}

/** The stages of a head's addressing that its fields show, in their order. @param {Head} head @param {boolean} remembered whether it is known what it looks at @returns {Stage[]} */
export function stagesOf(head, remembered = true) {
  const has = (/** @type {string} */ stage) => head.fields.has(stage);
  const field = (/** @type {string} */ stage) => named(head, stage);
  const gate = () => field("interpolation_gate");
  const power = () => build("sup", { tabindex: "0", "data-term": `${head.name}.sharpening` }, number("sharpening"));
  const memory = named(head, "memory", memoryAfter(head.sees));
  const before = named({ ...head, name: head.previous }, "weighting@-1", "w₋₁");
  const sharpened = has("shifted_weighting") && has("sharpening");
  /** @type {Stage[]} */
  const all = [
    {
      stage: "content_weighting",
      title: "Content",
      word: "content weighting",
      equation: !has("key") || !has("key_strength") ? [field("content_weighting")] : [field("content_weighting"), " = softmax( ", field("key_strength"), " ", number("strength"), " · cos( ", memory, ", ", field("key"), " ))"],
      numbers: [...(has("interpolation_gate") ? [labelled("gate", "g")] : []), ...(remembered && has("key") ? [labelled("cosine", "cos at peak")] : [])],
    },
    {
      stage: "gated_weighting",
      title: "Gated",
      word: "gated weighting",
      equation: !has("content_weighting") || !has("interpolation_gate") ? [field("gated_weighting")] : [field("gated_weighting"), " = ", gate(), " ", number("gate"), " · ", field("content_weighting"), " + (1 − ", gate(), ") ", number("kept"), " · ", before],
      numbers: [],
    },
    {
      stage: "shifted_weighting",
      title: "Shifted",
      word: "shifted weighting",
      equation: !has("shift_weighting") || !has("gated_weighting") ? [field("shifted_weighting")] : [field("shifted_weighting"), " = ", field("shift_weighting"), " ∗ ", field("gated_weighting")],
      numbers: has("shift_weighting") ? head.shifts.map(share) : [],
    },
    {
      stage: "weighting",
      title: sharpened ? "Sharpened" : "Weighting",
      word: sharpened ? "sharpening" : "weighting",
      equation: !sharpened ? [field("weighting")] : [field("weighting"), " = ", field("shifted_weighting"), power(), " / Σ ", field("shifted_weighting"), power()],
      numbers: [...(has("sharpening") ? [labelled("sharpening", "γ")] : []), labelled("sum", "Σw"), labelled("entropy", "entropy")],
    },
  ];
  return all.filter(({ stage }) => has(stage));
}

/** What the head does with its weighting. @param {Head} head @returns {(Node | string)[]} */
export function actOf(head) {
  const field = (/** @type {string} */ stage) => named(head, stage);
  if (!head.fields.has(head.kind === "read" ? "read_vector" : "add_vector")) return [];
  const written = [field("memory"), ` = ${memoryAfter(head.after)}`];
  if (head.kind === "write" && !head.fields.has("erase_vector")) return [...written, " + ", field("weighting"), " ", field("add_vector"), "ᵀ"];
  if (head.kind === "read") return [field("read_vector"), " = ", field("weighting"), "ᵀ ", named(head, "memory", memoryAfter(head.after))];
  return [...written, " ∘ (1 − ", field("weighting"), " ", field("erase_vector"), "ᵀ) + ", field("weighting"), " ", field("add_vector"), "ᵀ"];
}

/** The memory after so many writes of a step. @param {number} writes */
const memoryAfter = (writes) => (writes === 0 ? "M₋₁" : "M");
