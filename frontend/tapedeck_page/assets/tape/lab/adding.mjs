/**
 * Changes that no bar stands for: a head without content or location addressing, frozen, moved or ablated; a number multiplied; the
 * memory emptied, or noise on it, on its start, or on a parameter.
 *
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {"head" | "target" | "by" | "location" | "value" | "spread" | "seed" | "name"} Field
 * @typedef {Record<Field, any>} Values
 */

import { build, element } from "#viewer/draw/dom.mjs";
import { MEMORY, PARAMETERS, targetsOf } from "#viewer/model/interventions.mjs";
import { parameterWords } from "#viewer/model/subjects.mjs";
import { titleOf, titleOfHead } from "#viewer/model/titles.mjs";
import { button, chooser, fill, numberField } from "./fields.mjs";

/** What it is called, what it asks for, and the change that it is. @type {Record<string, [string, Field[], (values: Values, trace: Trace) => Change]>} */
const KINDS = {
  content: ["Without content addressing", ["head"], ({ head }) => ({ kind: "addressing", head, without: "content" })],
  location: ["Without location addressing", ["head"], ({ head }) => ({ kind: "addressing", head, without: "location" })],
  freeze: ["Freeze a head", ["head"], ({ head }) => ({ kind: "freeze", head })],
  move: ["Move a head", ["head", "by"], ({ head, by }) => ({ kind: "move", head, by })],
  ablate: ["Ablate a head", ["head"], ({ head }) => ({ kind: "ablate", head })],
  scale: ["Multiply numbers", ["target", "value"], ({ target, value }) => ({ kind: "scale", target, value })],
  add: ["Add to numbers", ["target", "value"], ({ target, value }) => ({ kind: "add", target, value })],
  empty: ["Empty the memory", [], () => ({ kind: "set", target: MEMORY, value: 0 })],
  noise: ["Noise on the memory", ["spread", "seed"], ({ spread, seed }) => ({ kind: "noise", target: MEMORY, spread, seed })],
  initial: ["Noise on the initial memory", ["spread", "seed"], ({ spread, seed }) => ({ kind: "noise", target: `initial.${MEMORY}`, spread, seed })],
  begin: ["Begin with a head elsewhere", ["head", "location"], ({ head, location }, { locations }) => ({ kind: "set", target: `initial.${head}.weighting`, value: Array.from({ length: locations }, (_, at) => Number(at === location)) })],
  parameter: ["Noise on a parameter", ["name", "spread", "seed"], ({ name, spread, seed }) => ({ kind: "noise", target: `${PARAMETERS}${name}`, spread, seed })],
};

export class Adding {
  /** For which trace the choices were made. */
  #madeFor = "";

  /** @param {(change: Change) => void} put @param {() => Trace | null} shown @param {import("./parameters.mjs").Parameters} parameters */
  constructor(put, shown, parameters) {
    this.shown = shown;
    this.parameters = parameters;
    this.kind = chooser("Kind of change", "lab-select", Object.entries(KINDS).map(([kind, [words]]) => [kind, words]));
    const number = (/** @type {string} */ label, /** @type {number} */ first, /** @type {object} */ range = {}) => {
      const field = numberField(label, () => this.message.textContent = "", range);
      field.root.value = String(first);
      return field;
    };
    this.message = build("p", { class: "field-message", role: "alert" });
    this.names = chooser("Name of the parameter", "lab-select", []);
    this.heads = chooser("Head", "lab-select", []);
    this.targets = chooser("Which numbers", "lab-select", []);
    /** @type {Record<Field, {root: HTMLElement, words: string, value: () => unknown, isRight: () => boolean}>} */
    this.fields = {
      head: ofSelect(this.heads, "head"),
      target: ofSelect(this.targets, "of"),
      by: ofNumber(number("Locations on, or below 0 back", 1, { whole: true }), "by"),
      location: ofNumber(number("Location", 0, { min: 0, whole: true }), "at location"),
      value: ofNumber(number("Number", 0.5), "by"),
      spread: ofNumber(number("Spread", 0.1, { min: 0 }), "spread"),
      seed: ofNumber(number("Seed", 1, { min: 0, whole: true }), "seed"),
      name: ofSelect(this.names, "name"),
    };
    this.labels = Object.values(this.fields).map(({ root, words }) => {
      const label = element("label", "lab-label", `${words} `);
      label.append(root);
      return label;
    });
    const add = button("Add", "add", () => this.#add(put));
    this.root = build("details", { class: "lab-part adding" }, build("summary", {}, "Other changes"), build("div", { class: "knob-line" }, this.kind, ...this.labels, add), this.message);
    this.kind.addEventListener("change", () => this.show());
    this.root.addEventListener("toggle", () => this.show());
    parameters.addEventListener("change", () => this.#name());
  }

  /** What the chosen kind asks for, of the run that is shown. */
  show() {
    const trace = this.shown();
    if (!trace || !this.root.open || this.root.hidden) return;
    const made = JSON.stringify([trace.heads.map(({ name }) => name), [...trace.columns.keys()]]);
    if (made !== this.#madeFor) {
      this.#madeFor = made;
      fill(this.heads, trace.heads.map((head) => [head.name, titleOfHead(head, trace.heads)]));
      fill(this.targets, targetsOf(trace).map(({ target }) => [target, titleOf(target, trace.heads)]));
    }
    const [, asked] = KINDS[this.kind.value];
    Object.keys(this.fields).forEach((name, at) => (this.labels[at].hidden = !asked.some((each) => each === name)));
    this.message.textContent = "";
    if (!asked.includes("name")) return;
    this.parameters.want(trace.header.checkpoint.id);
    this.#name();
  }

  /** The parameters of the machine that is shown, as far as they are known. */
  #name() {
    const trace = this.shown();
    if (!trace || !this.root.open) return;
    fill(this.names, this.parameters.of(trace.header.checkpoint.id).map((parameter) => [parameter.name, parameterWords(parameter)]));
    this.message.textContent = this.names.hidden ? this.parameters.problem : "";
  }

  /** @param {(change: Change) => void} put */
  #add(put) {
    const trace = this.shown();
    const [, asked, make] = KINDS[this.kind.value];
    const wrong = asked.find((name) => !this.fields[name].isRight());
    this.message.textContent = wrong ? `The ${this.fields[wrong].root.getAttribute("aria-label")?.toLowerCase()} is missing, or no number that can stand there.` : "";
    if (!trace || wrong) return;
    put(make(/** @type {Values} */ (Object.fromEntries(asked.map((name) => [name, this.fields[name].value()]))), trace));
  }
}

/** @param {HTMLSelectElement} root @param {string} words */
const ofSelect = (root, words) => ({ root, words, value: () => root.value, isRight: () => root.value !== "" });

/** @param {ReturnType<typeof numberField>} field @param {string} words */
const ofNumber = ({ root, isRight }, words) => ({ root, words, value: () => root.valueAsNumber, isRight });
