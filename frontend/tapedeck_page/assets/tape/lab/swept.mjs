/**
 * What is swept, as it is chosen: what is done to which numbers and when, from where to where, at how many values; perhaps a second
 * number in the same way; and over how many inputs. What there is to choose is that of the run that is shown.
 *
 * @typedef {import("#viewer/model/subjects.mjs").Sizes} Sizes
 * @typedef {import("#viewer/model/subjects.mjs").Parameter} Parameter
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {Record<"what" | "where" | "when" | "from" | "to" | "count", string>} Labels
 */

import { build, element } from "#viewer/draw/dom.mjs";
import { Axis, kindsOf, momentsOf, placesOf, rangeOf, valuesOf } from "#viewer/model/subjects.mjs";
import { asTyped, chooser, fill, numberField } from "./fields.mjs";

const [MOST_VALUES, MOST_INPUTS] = [200, 10_000];
/** How many values and inputs are proposed for one number, and for two: a map has as many cells as the product. */
const [ONE, TWO] = [{ count: "21", inputs: "100" }, { count: "11", inputs: "20" }];
/** No second number. */
const NONE = "";
/** What is proposed first, where a run has it. */
const FIRST_PLACE = /^read\w*\.sharpening$/;

/** @type {Labels} */
const FIRST = { what: "What is done", where: "To which numbers", when: "When", from: "From", to: "To", count: "Number of values" };
/** @type {Labels} */
const SECOND = { what: "What else is done", where: "To which numbers that is done", when: "When that is done", from: "From, of the second number", to: "To, of the second number", count: "Values of the second number" };

export class SweptFields {
  /** For what the choices and the range were made. @type {Trace | null} */
  offeredOf = null;

  /** @param {() => void} touched @param {() => void} chosen what there is to choose may be another now @param {HTMLElement} start what stands at the end */
  constructor(touched, chosen, start) {
    this.first = new AxisFields(FIRST, touched);
    this.second = new AxisFields(SECOND, touched, [NONE, "no second number"]);
    this.inputs = numberField("Number of sampled inputs", touched, { min: 1, max: MOST_INPUTS, whole: true });
    this.#propose(ONE);
    for (const select of [this.first.kind, this.first.place, this.second.kind, this.second.place]) select.addEventListener("change", chosen);
    this.second.kind.addEventListener("change", () => this.#propose(this.second.isChosen ? TWO : ONE));
    this.root = build("div", { class: "sweep-form" },
      build("div", { class: "knob-line" }, ...this.first.parts),
      build("div", { class: "knob-line" }, element("span", "sweep-against", "against"), ...this.second.parts),
      build("div", { class: "knob-line" }, labelled("inputs", this.inputs), start));
  }

  /** Of what nobody typed over. @param {typeof ONE} proposed */
  #propose(proposed) {
    for (const [field, name] of /** @type {const} */ ([[this.first.count, "count"], [this.second.count, "count"], [this.inputs, "inputs"]])) {
      if ([ONE, TWO].some((each) => ["", each[name]].includes(field.root.value))) field.root.value = proposed[name];
    }
  }

  /** The choices of a run, and a range for what is chosen. @param {Trace} run @param {Sizes} sizes of its input @param {Parameter[]} parameters of its machine, as far as they are known */
  offer(run, sizes, parameters) {
    this.offeredOf = run;
    this.first.offer(run, sizes, parameters);
    this.second.offer(run, sizes, parameters);
  }

  /** Whether the names of parameters are among what there is to choose. */
  get offersParameters() {
    return [this.first, this.second].some(({ kind }) => kind.value === "noise");
  }

  /** What is wrong with the numbers, in a sentence; the first of them is where typing goes on. */
  check() {
    const wrong = [...this.first.numbers, ...(this.second.isChosen ? this.second.numbers : []), this.inputs].find((field) => !field.isRight());
    if (!wrong) return "";
    const { min, max, ariaLabel } = wrong.root;
    wrong.root.focus();
    return `${ariaLabel} must be a ${max ? `whole number from ${min} to ${Number(max).toLocaleString("en")}` : "number"}.`;
  }

  /** One, or two. @param {Trace} run @param {Sizes} sizes of its input @returns {Axis[]} */
  axes(run, sizes) {
    return [this.first, this.second].flatMap((fields) => (fields.isChosen ? [new Axis(fields.subject, fields.values, run, sizes)] : []));
  }

  get sequences() {
    return this.inputs.root.valueAsNumber;
  }
}

/** Of one number. */
class AxisFields {
  #rangeOf = "";

  /** @param {Labels} labels @param {() => void} touched @param {[value: string, words: string] | null} none to be chosen instead */
  constructor({ what, where, when, from, to, count }, touched, none = null) {
    this.none = none;
    this.kind = chooser(what, "lab-select", []);
    this.place = chooser(where, "lab-select", []);
    this.moment = chooser(when, "lab-select", []);
    this.from = numberField(from, touched);
    this.to = numberField(to, touched);
    this.count = numberField(count, touched, { min: 1, max: MOST_VALUES, whole: true });
    this.numbers = [this.from, this.to, this.count];
    this.labels = [labelled("from", this.from), labelled("to", this.to), labelled("values", this.count)];
    this.parts = [this.kind, this.place, this.moment, ...this.labels];
  }

  get isChosen() {
    return this.kind.value !== NONE;
  }

  /** @param {Trace} run @param {Sizes} sizes of its input @param {Parameter[]} parameters */
  offer(run, sizes, parameters) {
    fill(this.kind, [...(this.none ? [this.none] : []), ...kindsOf(sizes)]);
    fill(this.place, placesOf(this.kind.value, run, parameters), FIRST_PLACE);
    fill(this.moment, momentsOf(this.kind.value, this.place.value, run));
    for (const label of this.labels) label.hidden = !this.isChosen;
    if (!this.isChosen) return;
    const [from, to] = rangeOf(this.kind.value, run, sizes);
    const range = JSON.stringify([this.kind.value, from, to]);
    if (range === this.#rangeOf) return;
    this.#rangeOf = range;
    this.from.root.value = asTyped(from);
    this.to.root.value = asTyped(to);
  }

  /** @returns {import("#viewer/model/subjects.mjs").Subject} */
  get subject() {
    return { kind: this.kind.value, target: this.place.value, when: this.moment.value ? JSON.parse(this.moment.value) : {} };
  }

  get values() {
    return valuesOf(this.kind.value, { from: this.from.root.valueAsNumber, to: this.to.root.valueAsNumber, count: this.count.root.valueAsNumber });
  }
}

/** @param {string} words @param {{root: HTMLElement}} field */
function labelled(words, { root }) {
  const label = element("label", "lab-label", `${words} `);
  label.append(root);
  return label;
}
