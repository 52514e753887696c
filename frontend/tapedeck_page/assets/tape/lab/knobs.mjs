/**
 * What can be changed at the cursor: of the head that is looked at on each side its numbers and its vectors, a cell of the memory, what
 * comes in and goes out, the controller's state. A number has a slider and a field; a vector has bars that can be grabbed, and a field.
 *
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {import("#viewer/model/interventions.mjs").Target} Target
 * @typedef {import("./when.mjs").Span} Span
 * @typedef {{name: string, label: string, kind: string, targets: Target[]}} Part
 */

import { build, element } from "#viewer/draw/dom.mjs";
import { locationsShown } from "#viewer/model/axes.mjs";
import { at, elementName, isInitial, targetsOf, whenOf } from "#viewer/model/interventions.mjs";
import { elementsOf } from "#viewer/model/overlaps.mjs";
import { shadeOf } from "#viewer/model/panels.mjs";
import { symbolOf, wordOf } from "#viewer/model/words.mjs";
import { rangeOf, rounded, summing } from "./amounts.mjs";
import { Bars } from "./bars.mjs";
import { Cells } from "./cells.mjs";
import { numberField, segments } from "./fields.mjs";
import { Strips } from "./strips.mjs";
import { spansAt, whenOfSpan } from "./when.mjs";

const MEMORY = "memory";
/** The order of a head's vectors: what it looks for, how it moves, what it does, where it looks. */
const ORDER = ["key", "shift_weighting", "erase_vector", "add_vector", "read_vector", "weighting", "content_weighting", "gated_weighting", "shifted_weighting"];

export class Knobs {
  /** @type {Span} */
  span = "step";
  part = "";
  /** The field whose numbers are bars. */
  field = "";
  /** What the knobs were made for. */
  #madeFor = "";
  /** @type {{target: Target, range: HTMLInputElement, number: ReturnType<typeof numberField>}[]} */
  #scalars = [];

  /**
   * @param {{tape: import("#viewer/views/tape.mjs").Tape, store: import("#viewer/store.mjs").Store}} parts
   * @param {import("#viewer/model/changes.mjs").Changes} changes @param {() => boolean} active
   */
  constructor({ tape, store }, changes, active) {
    this.tape = tape;
    this.store = store;
    this.changes = changes;
    this.title = build("h2", {}, "At the cursor");
    this.spans = segments("When", "knobs-spans", (span) => {
      this.span = /** @type {Span} */ (span);
      this.show();
    });
    this.parts = segments("What is changed", "knobs-parts", (part) => {
      this.part = part;
      this.show();
    });
    this.scalars = build("div", { class: "knobs-scalars" });
    this.fields = segments("Vector", "knobs-fields", (field) => {
      this.field = field;
      this.show();
    });
    this.bars = new Bars({ set: (place, value, gesture) => this.#setElement(place, value, gesture), choose: () => this.show() });
    this.limits = build("div", { class: "knobs-limits" }, element("span", ""), element("span", ""));
    this.place = numberField("Which number of it", (place) => this.#choose(place), { min: 0, whole: true });
    this.placeName = element("span", "knobs-place");
    this.value = numberField("Its value", (value) => this.#setElement(this.bars.chosen, value, this.value, true));
    this.vector = build("div", { class: "knobs-vector" }, this.fields.root, this.bars.root, this.limits, build("div", { class: "knob-line" }, this.place.root, this.placeName, this.value.root));
    this.cells = new Cells(tape.memory, {
      put: (change, gesture) => this.put(change, gesture),
      chosen: () => {
        this.part = MEMORY;
        this.show();
      },
      active,
    });
    this.strips = new Strips(tape.inspector, {
      vector: (field) => this.#vectorOf(field),
      chosen: (field) => (field === this.field && field.startsWith(`${this.part}.`) ? this.bars.chosen : null),
      choose: (head, field, place) => {
        Object.assign(this, { part: head, field });
        this.#choose(place);
      },
      set: (place, value, gesture, exact) => this.#setElement(place, value, gesture, exact),
      active,
    });
    this.root = build("section", { class: "lab-part knobs", "aria-label": "Change at the cursor" }, build("header", {}, this.title), this.spans.root, this.parts.root, this.scalars, this.vector, this.cells.root);
  }

  /** Makes a change at the steps that are chosen. @param {Change} change @param {unknown} [gesture] */
  put(change, gesture) {
    const { trace, cursor } = this.store;
    if (!trace) return;
    const when = isInitial(change) ? {} : whenOfSpan(this.span, trace, Math.max(cursor.step, 0));
    this.changes.put(at(change, when), trace, gesture);
  }

  /** Everything at the cursor. */
  show() {
    const { trace, cursor } = this.store;
    if (!trace || trace.arrived === 0) return;
    const step = Math.max(cursor.step, 0);
    const parts = this.#partsOf(trace);
    const part = parts.find(({ name }) => name === this.part) ?? parts[0];
    if (!part) return;
    this.part = part.name;
    this.title.textContent = `At step ${step}`;
    const spans = spansAt(trace, step);
    if (!spans.some(([span]) => span === this.span)) this.span = "step";
    this.spans.show(spans, this.span);
    this.parts.show(parts.map(({ name, label }) => [name, label]), part.name);
    this.root.dataset.part = part.kind;
    this.cells.know(trace, step);
    this.cells.root.hidden = part.name !== MEMORY;
    if (part.name === MEMORY) this.cells.show(trace, step);
    else this.cells.mark.hidden = true;
    this.#showScalars(trace, part, step);
    this.#showVector(trace, part, step);
    this.strips.show();
  }

  /** A vector of the run at the cursor. @param {string} field */
  #vectorOf(field) {
    const { trace, cursor } = this.store;
    const target = trace && trace.arrived > 0 ? targetsOf(trace).find((each) => each.target === field) : null;
    if (!trace || !target) return null;
    const nameOf = (/** @type {number} */ place) => elementName(field, place, trace);
    return { values: trace.at(field, Math.max(cursor.step, 0)), ...rangeOf(trace, target), label: `${wordOf(target.stage)} ${symbolOf(target.stage)}`, nameOf };
  }

  /** @param {Trace} trace @returns {Part[]} */
  #partsOf(trace) {
    const targets = targetsOf(trace);
    const heads = this.tape.looked.map((head) => ({ name: head.name, label: head.name[0].toUpperCase() + head.name.slice(1), kind: head.kind, targets: targets.filter((target) => target.head?.name === head.name) }));
    const loose = targets.filter(({ head }) => !head);
    const of = (/** @type {boolean} */ within) => loose.filter(({ target }) => target.includes(".") === within);
    return [
      ...heads,
      ...(trace.memory ? [{ name: MEMORY, label: "Memory", kind: "", targets: [] }] : []),
      ...(of(false).length > 0 ? [{ name: "task", label: "In, out", kind: "", targets: of(false) }] : []),
      ...(of(true).length > 0 ? [{ name: "controller", label: "State", kind: "", targets: of(true) }] : []),
    ];
  }

  /** @param {Trace} trace @param {Part} part @param {number} step */
  #showScalars(trace, part, step) {
    const scalars = part.targets.filter(({ target }) => trace.column(target).axes.length === 0);
    const kind = scalars.map(({ target }) => target).join();
    if (kind !== this.#madeFor) {
      this.#madeFor = kind;
      this.#scalars = scalars.map((target) => this.#scalar(target));
      this.scalars.replaceChildren(...this.#scalars.map(({ target, range, number }) => build("div", { class: "knob", "data-target": target.target },
        build("span", {}, `${wordOf(target.stage).split(" ").at(-1)} `, build("var", {}, symbolOf(target.stage))), range, number.root)));
    }
    for (const { target, range, number } of this.#scalars) {
      const value = trace.at(target.target, step)[0];
      const { low, high } = rangeOf(trace, target);
      Object.assign(range, { min: String(low), max: String(high) });
      if (range.valueAsNumber !== value) range.value = String(value);
      number.show(value);
    }
  }

  /** @param {Target} target */
  #scalar(target) {
    const label = `${wordOf(target.stage)} ${symbolOf(target.stage)}`;
    const range = Object.assign(element("input", "lab-range"), { type: "range", step: "any" });
    range.setAttribute("aria-label", label);
    const set = (/** @type {number} */ value, /** @type {unknown} */ gesture) => this.put({ kind: "set", target: target.target, value }, gesture);
    /** A drag of the slider is one change. */
    let gesture = {};
    range.addEventListener("pointerdown", () => (gesture = {}));
    range.addEventListener("input", () => set(rounded(range.valueAsNumber), gesture));
    const number = numberField(`${label}, as a number`, (value) => set(value, number));
    return { target, range, number };
  }

  /** @param {Trace} trace @param {Part} part @param {number} step */
  #showVector(trace, part, step) {
    const fields = part.targets.filter(({ target }) => trace.column(target).axes.length === 1).sort((a, b) => ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage));
    this.vector.hidden = fields.length === 0;
    const target = fields.find((each) => each.target === this.field) ?? fields.find(({ stage }) => stage === this.field.split(".").at(-1)) ?? fields[0];
    if (!target) return;
    this.field = target.target;
    this.fields.show(fields.map((each) => [each.target, symbolOf(each.stage) || each.stage]), target.target);
    for (const label of this.fields.root.children) {
      const words = wordOf(label.getAttribute("data-choice") ?? "");
      label.setAttribute("title", words);
      label.querySelector("input")?.setAttribute("aria-label", words);
    }
    const values = trace.at(target.target, step);
    const { theme } = this.tape;
    const { low, high } = rangeOf(trace, target);
    const places = trace.column(target.target).axes[0] === "location" ? locationsShown(trace, this.store.view.allRows) : [...values.keys()];
    const nameOf = (/** @type {number} */ place) => elementName(target.target, place, trace);
    this.bars.show({ values, places, low, high, label: wordOf(target.stage), nameOf, colour: target.head ? theme.heads[shadeOf(trace, target.head)] : theme.text, line: theme.text });
    this.limits.children[0].textContent = `${wordOf(target.stage)} ${symbolOf(target.stage)}${target.sums ? ", sums to 1" : ""}`;
    this.limits.children[1].textContent = `${low} … ${high}`.replaceAll("-", "−");
    this.place.show(this.bars.chosen);
    this.placeName.textContent = `${nameOf(this.bars.chosen)} =`;
    this.value.show(values[this.bars.chosen]);
  }

  /** @param {number} place */
  #choose(place) {
    if (place >= (this.store.trace?.column(this.field).length ?? 0)) return;
    this.bars.chosen = place;
    this.show();
  }

  /** One number of the vector; of those that sum to 1 the others make room. @param {number} place @param {number} typed @param {unknown} gesture */
  #setElement(place, typed, gesture, exact = false) {
    const { trace, cursor } = this.store;
    const target = trace && targetsOf(trace).find((each) => each.target === this.field);
    if (!trace || !target) return;
    const step = Math.max(cursor.step, 0);
    const value = exact ? typed : rounded(typed);
    if (target.sums) return this.put({ kind: "set", target: target.target, value: summing(trace.at(target.target, step), place, value) }, gesture);
    const when = whenOfSpan(this.span, trace, step);
    const before = this.changes.list.find((each) => each.kind === "set" && each.target === target.target && JSON.stringify(whenOf(each)) === JSON.stringify(when));
    const known = before ? elementsOf(before, trace).map((element, index) => /** @type {const} */ ([element, Array.isArray(before.value) ? before.value[index] : (before.value ?? 0)])) : [];
    const all = new Map([...known, /** @type {const} */ ([place, value])]);
    const elements = [...all.keys()].sort((a, b) => a - b);
    this.put({ kind: "set", target: target.target, elements, value: elements.map((element) => all.get(element) ?? 0) }, gesture);
  }
}
