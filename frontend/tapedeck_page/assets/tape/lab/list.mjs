/**
 * The changes in words, one below the other, with a way back and forward. Each folds out to be changed itself, and says what the service
 * has against it.
 *
 * @typedef {import("#viewer/model/changes.mjs").Changes} Changes
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 */

import { build, element, say } from "#viewer/draw/dom.mjs";
import { at, isInitial, whenOf, wordsOf } from "#viewer/model/interventions.mjs";
import { term } from "#viewer/views/markup.mjs";
import { button, chooser, numberField } from "./fields.mjs";
import { whenOptions, whenValue } from "./when.mjs";

/** What can be done with a number. @type {[string, string][]} */
const DEEDS = [["set", "set to"], ["scale", "times"], ["add", "plus"]];
/** The numbers of a change that can be typed. */
const NUMBERS = /** @type {const} */ (["value", "by", "spread", "seed"]);
const WHOLE = ["by", "seed"];

export class ChangeList {
  /** What the service has against one of them. @type {{index: number, sentence: string} | null} */
  fault = null;

  /** @param {Changes} changes @param {() => Trace | null} shown */
  constructor(changes, shown) {
    this.changes = changes;
    this.shown = shown;
    this.undo = button("Undo", "undo", () => changes.undo());
    this.redo = button("Redo", "redo", () => changes.redo());
    this.clear = button("Remove all", "clear", () => changes.clear());
    this.undo.title = "Ctrl + Z";
    this.redo.title = "Ctrl + Shift + Z";
    this.items = build("ol", { class: "changes-list" });
    this.hint = build("p", { class: "hint" }, "None yet. Grab a number below, or a cell of the memory; or try an experiment.");
    this.note = build("p", { class: "hint changes-note", role: "status" });
    this.root = build("section", { class: "lab-part changes", "aria-label": "Changes" },
      build("header", {}, build("h2", {}, term("Changes", "intervention")), build("span", { class: "lab-tools" }, this.undo, this.redo, this.clear)), this.note, build("div", { class: "changes-body" }, this.hint, this.items));
    /** @type {Item[]} */
    this.made = [];
    for (const event of ["change", "begin"]) changes.addEventListener(event, () => this.#changed());
    this.show();
  }

  /** @param {{index: number, sentence: string} | null} fault */
  refuse(fault) {
    this.fault = fault;
    this.show();
  }

  /** What became of the changes, until they are others. @param {string} sentence */
  tell(sentence) {
    this.note.textContent = sentence;
  }

  #changed() {
    this.fault = null;
    this.note.textContent = "";
    this.show();
  }

  show() {
    const { changes, made } = this;
    const run = this.shown();
    this.undo.disabled = !changes.canUndo;
    this.redo.disabled = !changes.canRedo;
    this.clear.hidden = changes.list.length < 2;
    this.hint.hidden = changes.list.length > 0;
    if (!run) return;
    /** @type {HTMLElement | null} */
    let added = null;
    while (made.length > changes.list.length) made.pop()?.root.remove();
    changes.list.forEach((change, index) => {
      if (!made[index]) {
        made[index] = new Item(index, changes);
        this.items.append(made[index].root);
        added = made[index].root;
      }
      made[index].show(change, run, this.fault?.index === index ? this.fault.sentence : "");
    });
    const body = this.items.parentElement;
    if (added && body) body.scrollTop = body.scrollHeight;
  }
}

/** One of them. */
class Item {
  /** What it was made for: fields stay while their numbers change. */
  kind = "";
  /** @type {ReturnType<typeof numberField>[]} */
  fields = [];
  /** @type {(typeof NUMBERS)[number][]} */
  names = [];

  /** @param {number} index @param {Changes} changes */
  constructor(index, changes) {
    this.index = index;
    this.changes = changes;
    this.words = build("summary", {});
    this.deed = chooser("What is done", "lab-select", DEEDS);
    this.when = chooser("When", "lab-select", []);
    this.body = build("div", { class: "change-fields" });
    this.details = build("details", { class: "change" }, this.words, this.body);
    this.message = build("p", { class: "field-message", role: "alert" });
    this.remove = button("Remove", "remove", () => {
      changes.remove(index);
      /** @type {HTMLElement | null} */ (document.querySelector(".changes summary, .changes [data-lab=undo]"))?.focus();
    });
    this.root = build("li", {}, this.details, this.remove, this.message);
    this.deed.addEventListener("change", () => this.#replace({ kind: this.deed.value }));
    this.when.addEventListener("change", () => changes.replace(index, at(this.change, JSON.parse(this.when.value))));
  }

  /** @returns {Change} */
  get change() {
    return this.changes.list[this.index];
  }

  /** @param {Partial<Change>} part @param {unknown} gesture */
  #replace(part, gesture = undefined) {
    this.changes.replace(this.index, { ...this.change, ...part }, gesture);
  }

  /** @param {Change} change @param {Trace} run @param {string} fault */
  show(change, run, fault) {
    const words = wordsOf(change, run);
    say(this.words, words);
    this.remove.setAttribute("aria-label", `Remove: ${words}`);
    this.message.textContent = fault;
    const kind = JSON.stringify([DEEDS.some(([deed]) => deed === change.kind), NUMBERS.map((name) => typeof change[name]), isInitial(change)]);
    if (kind !== this.kind) this.#make(change, kind);
    this.deed.value = change.kind;
    this.names.forEach((name, place) => this.fields[place].show(Number(change[name])));
    const options = whenOptions(change, run);
    const known = [...this.when.options].map(({ value }) => value).join();
    if (known !== options.map(([value]) => value).join()) this.when.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    this.when.value = whenValue(whenOf(change));
  }

  /** @param {Change} change @param {string} kind */
  #make(change, kind) {
    this.kind = kind;
    this.names = NUMBERS.filter((name) => typeof change[name] === "number");
    const gesture = {};
    this.fields = this.names.map((name) => numberField(`Change ${this.index + 1}, ${name}`, (value) => this.#replace({ [name]: value }, gesture), { whole: WHOLE.includes(name) }));
    const isOfNumber = DEEDS.some(([deed]) => deed === change.kind) && change.target !== undefined;
    this.body.replaceChildren(
      ...(isOfNumber ? [this.deed] : []),
      ...this.fields.map(({ root }, place) => (isOfNumber ? root : labelled(this.names[place], root))),
      ...(isInitial(change) ? [] : [this.when]),
    );
  }
}

/** @param {string} words @param {HTMLElement} field */
function labelled(words, field) {
  const label = element("label", "lab-label", `${words} `);
  label.append(field);
  return label;
}
