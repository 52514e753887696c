/**
 * What is swept, as it is chosen: what is done to which numbers and when, from where to where, at how many values, and over how many
 * inputs. What there is to choose is that of the run that is shown.
 *
 * @typedef {import("#viewer/model/sweep.mjs").Subject} Subject
 * @typedef {import("#viewer/model/sweep.mjs").Sizes} Sizes
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 */

import { build, element } from "#viewer/draw/dom.mjs";
import { kindsOf, momentsOf, placesOf, rangeOf, valuesOf } from "#viewer/model/sweep.mjs";
import { asTyped, chooser, numberField } from "./fields.mjs";

const [MOST_VALUES, MOST_INPUTS] = [200, 10_000];
const [VALUES, INPUTS] = ["21", "100"];
/** What is proposed first, where a run has it. */
const FIRST_PLACE = /^read\w*\.sharpening$/;

export class SweptFields {
  /** For what the choices and the range were made. @type {Trace | null} */
  offeredOf = null;
  #rangeOf = "";

  /** @param {() => void} touched @param {HTMLElement} start what stands at the end */
  constructor(touched, start) {
    const number = (/** @type {string} */ label, /** @type {object} */ range = {}) => numberField(label, touched, range);
    this.kind = chooser("What is done", "lab-select", []);
    this.place = chooser("To which numbers", "lab-select", []);
    this.moment = chooser("When", "lab-select", []);
    this.from = number("From");
    this.to = number("To");
    this.count = number("Number of values", { min: 1, max: MOST_VALUES, whole: true });
    this.inputs = number("Number of sampled inputs", { min: 1, max: MOST_INPUTS, whole: true });
    this.count.root.value = VALUES;
    this.inputs.root.value = INPUTS;
    const labels = [labelled("from", this.from), labelled("to", this.to), labelled("values", this.count), labelled("inputs", this.inputs)];
    this.root = build("div", { class: "knob-line sweep-form" }, this.kind, this.place, this.moment, ...labels, start);
  }

  /** The choices of a run, and a range for what is chosen. @param {Trace} run @param {Sizes} sizes of its input */
  offer(run, sizes) {
    this.offeredOf = run;
    fill(this.kind, kindsOf(sizes));
    fill(this.place, placesOf(this.kind.value, run), FIRST_PLACE);
    fill(this.moment, momentsOf(this.kind.value, this.place.value, run));
    const [from, to] = rangeOf(this.kind.value, run, sizes);
    const range = JSON.stringify([this.kind.value, from, to]);
    if (range === this.#rangeOf) return;
    this.#rangeOf = range;
    this.from.root.value = asTyped(from);
    this.to.root.value = asTyped(to);
  }

  /** What is wrong with the numbers, in a sentence; the first of them is where typing goes on. */
  check() {
    const wrong = [this.from, this.to, this.count, this.inputs].find((field) => !field.isRight());
    if (!wrong) return "";
    const { min, max, ariaLabel } = wrong.root;
    wrong.root.focus();
    return `${ariaLabel} must be a ${max ? `whole number from ${min} to ${Number(max).toLocaleString("en")}` : "number"}.`;
  }

  /** @returns {Subject} */
  get subject() {
    return { kind: this.kind.value, target: this.place.value, when: this.moment.value ? JSON.parse(this.moment.value) : {} };
  }

  get values() {
    return valuesOf(this.kind.value, { from: this.from.root.valueAsNumber, to: this.to.root.valueAsNumber, count: this.count.root.valueAsNumber });
  }

  get sequences() {
    return this.inputs.root.valueAsNumber;
  }
}

/** @param {string} words @param {{root: HTMLElement}} field */
function labelled(words, { root }) {
  const label = element("label", "lab-label", `${words} `);
  label.append(root);
  return label;
}

/** Other options, hidden where there is none; what was chosen stays where it is still there. @param {HTMLSelectElement} select @param {[string, string][]} options @param {RegExp} proposed */
function fill(select, options, proposed = /^$/) {
  const offered = JSON.stringify(options);
  if (select.dataset.offered === offered) return;
  const before = select.value;
  const chosen = options.find(([value]) => value === before) ?? options.find(([value]) => proposed.test(value)) ?? options[0];
  select.dataset.offered = offered;
  select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
  select.value = chosen?.[0] ?? "";
  select.hidden = options.length === 0;
}
