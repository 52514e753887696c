/**
 * What the answer of the run hangs on, as a map over parts and steps and as bars over the rows of the memory. It is asked for, and
 * forgotten with the run. A cell is a run with one change more: pressing it makes that change.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {import("#viewer/model/importance.mjs").Cell} Cell
 * @typedef {import("#viewer/model/importance.mjs").Measure} Measure
 * @typedef {import("./probes.mjs").Parts} Parts
 * @typedef {import("./probes.mjs").Told} Told
 */

import { build, find } from "#viewer/draw/dom.mjs";
import { Importance } from "#viewer/model/importance.mjs";
import { foretells } from "#viewer/model/predictions.mjs";
import { tableButton, term } from "#viewer/views/markup.mjs";
import { Refused, busySentence, sentenceOf, whenFree } from "../patience.mjs";
import { addressOf } from "../root.mjs";
import { worded } from "../worded.mjs";
import { button, numberField, segments, waitingLine } from "./fields.mjs";
import { ImportanceMap } from "./map.mjs";

const OF_A_FILE = "A file has no machine that could be asked; run something first.";

export class ImportancePanel {
  open = false;
  /** @type {Importance | null} */
  found = null;
  /** What it is of, as text; and the changes that the run had. */
  #of = "";
  /** @type {readonly Change[]} */
  #base = [];
  /** The change that was made here last, as text. */
  #made = "";
  /** @type {AbortController | null} */
  #asking = null;
  /** @type {Measure} */
  measure = "above";
  all = false;
  /** Before which the rows are set to 0; null where the service chooses. @type {number | null} */
  rowStep = null;

  /** @param {Parts} parts @param {Told} told */
  constructor(parts, told) {
    this.parts = parts;
    this.told = told;
    this.map = new ImportanceMap(parts, { point: (cell) => this.#point(cell), make: (cell) => this.#make(cell) });
    this.choice = segments("What is counted", "probe-choice", (measure) => {
      this.measure = /** @type {Measure} */ (measure);
      this.#show();
    });
    this.whole = button("All parts", "all-parts", () => {
      this.all = !this.all;
      this.#show();
    });
    this.again = button("Ask again", "ask-again", () => this.#ask());
    this.rowField = numberField("Step before which rows are set to 0", () => {}, { min: 0, whole: true });
    this.rowField.root.addEventListener("change", () => this.#askRows(this.rowField.root.valueAsNumber));
    this.atCursor = button("At the cursor", "rows-at-cursor", () => this.#askRows(Math.max(parts.store.cursor.step, 0)));
    this.rowLine = build("span", { class: "importance-when" }, build("label", { class: "lab-label" }, "rows before step ", this.rowField.root), this.atCursor);
    this.make = button("Make this change", "make", () => this.map.cell && this.#make(this.map.cell));
    this.summary = build("p", { class: "probe-summary", role: "status" });
    this.basis = build("p", { class: "hint" });
    this.sentence = build("p", { class: "probe-sentence" });
    this.message = build("p", { class: "field-message", role: "alert" });
    this.waiting = waitingLine("Taking parts out", "cancel-importance", () => this.#asking?.abort());
    const title = "What the answer hangs on";
    this.tools = build("div", { class: "probe-tools" }, this.choice.root, this.whole, tableButton(title), this.map.scale);
    this.body = build("div", { class: "probe-body" }, this.map.root, build("div", { class: "probe-line" }, this.sentence, this.make));
    this.root = build("figure", { class: "probe", id: "importance", hidden: "", "data-probe": "importance", "aria-label": `${title}. Wrong bits with each part of the machine taken out at each step.` },
      build("figcaption", {}, build("h2", {}, term(title, "importance")), this.tools), this.summary, build("div", { class: "probe-line importance-basis" }, this.basis, this.again, this.rowLine), this.waiting, this.message, this.body);
    told.changes.addEventListener("change", () => this.open && this.#show());
    this.#show();
  }

  /** It is opened. */
  begin() {
    if (!this.found && !this.#asking) this.#ask();
    else this.#show();
  }

  /** A run is asked for: what is known is of another, unless that has other changes alone. @param {Request} request */
  ask(request) {
    if (this.#of && this.#of !== keyOf(request)) this.#forget("");
  }

  /** With the tape. */
  paint() {
    if (this.#of && !this.told.source()) this.#forget("");
    if (this.found) this.map.paint();
  }

  close() {
    this.#asking?.abort();
  }

  /** @param {string} name */
  table(name) {
    const { found } = this;
    if (!found) return null;
    if (name === "importance") return found.table(this.measure, this.parts.store.cursor.step, this.#heads);
    return name === "importance-rows" ? found.rowsTable : null;
  }

  /** Those whose parts are shown; null for all. */
  get #heads() {
    return this.all ? null : this.parts.tape.looked.map(({ name }) => name);
  }

  /** @param {string} message */
  #forget(message) {
    this.#asking?.abort();
    this.#asking = null;
    this.found = null;
    this.#of = "";
    this.rowStep = null;
    this.message.textContent = message;
    this.#show();
  }

  async #ask() {
    const request = this.told.source();
    const { trace } = this.parts.store;
    if (!request || !trace) return this.#forget(OF_A_FILE);
    this.#forget("");
    this.#of = keyOf(request);
    this.#wait(`Each part is taken out at each of ${trace.steps} steps, each row once.`);
    await this.#answer(request, trace);
  }

  /** What the answer hangs on of the rows at another step; what is known stays until it is there. @param {number} step */
  async #askRows(step) {
    const request = this.told.source();
    const { trace } = this.parts.store;
    if (!request || !trace || !this.found || step === this.found.rowStep) return this.#show();
    if (!Number.isInteger(step) || step < 0 || step >= trace.steps) {
      this.message.textContent = `Rows can be set to 0 before the steps 0 to ${trace.steps - 1}; choose one of these.`;
      return;
    }
    this.#asking?.abort();
    this.message.textContent = "";
    this.rowStep = step;
    this.#wait(`Each row is set to 0 before step ${step}.`);
    await this.#answer({ ...request, interventions: [...this.#base] }, trace);
  }

  /** @param {Request} request @param {import("#viewer/model/trace.mjs").Trace} trace of it */
  async #answer(request, trace) {
    const asking = (this.#asking = new AbortController());
    this.#show();
    const body = JSON.stringify({ ...request, ...(this.rowStep === null ? {} : { row_step: this.rowStep }) });
    try {
      const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: asking.signal };
      const answer = await whenFree(() => fetch(addressOf("api/importance"), asked), (seconds) => this.#wait(busySentence("This", seconds)), asking.signal);
      const told = await answer.json();
      if (!answer.ok) throw new Refused(worded(told.error.detail));
      this.found = new Importance(told, trace, foretells(trace));
      this.#base = /** @type {Change[]} */ (request.interventions);
      this.map.begin(this.found);
    } catch (error) {
      if (this.#asking !== asking) return; // something else was asked meanwhile
      if (!this.found) this.#of = "";
      this.rowStep = this.found?.rowStep ?? null;
      if (!asking.signal.aborted) this.message.textContent = sentenceOf(error);
    }
    if (this.#asking !== asking) return;
    this.#asking = null;
    this.#show();
  }

  /** @param {string} words */
  #wait(words) {
    find("span", this.waiting).textContent = words;
    this.#show();
  }

  #show() {
    const { found, measure } = this;
    const { list } = this.told.changes;
    this.waiting.hidden = !this.#asking;
    this.root.setAttribute("aria-busy", String(Boolean(this.#asking)));
    for (const part of [this.tools, this.summary, this.body]) part.hidden = !found;
    const isOther = found !== null && JSON.stringify(list) !== JSON.stringify(this.#base);
    this.again.hidden = Boolean(this.#asking) || (found !== null && !isOther);
    this.basis.textContent = found ? basisOf(this.#base.length) : this.#asking || this.message.textContent ? "" : "This run has not been asked yet.";
    /** @type {HTMLElement} */ (this.basis.parentElement).hidden = Boolean(this.#asking) && !found;
    this.rowLine.hidden = !found;
    if (!found) return;
    this.rowField.root.max = String(found.steps - 1);
    this.rowField.show(found.rowStep);
    this.summary.textContent = found.summary;
    this.choice.show([["above", found.costs ? "Cost" : "Wrong bits"], ["change", "Output"]], measure);
    this.whole.hidden = found.shown(null).length === found.shown(this.parts.tape.looked.map(({ name }) => name)).length;
    this.whole.setAttribute("aria-pressed", String(this.all));
    this.map.show(measure, this.#heads, list);
    this.#point(this.map.cell);
  }

  /** Says what a cell means. @param {Cell | null} cell */
  #point(cell) {
    const { found } = this;
    this.sentence.textContent = found && cell ? found.sentenceOf(cell) : "Point at a cell to read what it means; press it to make that change.";
    this.make.disabled = !cell;
    const isMade = found && cell && this.told.changes.indexOf(found.changeOf(cell)) >= 0;
    this.make.textContent = isMade ? "Take it back" : "Make this change";
  }

  /** The change of a cell, in the place of the one before: each is one more than the run had. @param {Cell} cell */
  #make(cell) {
    const { changes } = this.told;
    const { trace } = this.parts.store;
    if (!this.found || !trace) return;
    const change = this.found.changeOf(cell);
    const index = changes.indexOf(change);
    if (index >= 0) return changes.remove(index);
    const [own, ...others] = changes.list.slice(this.#base.length);
    const isAlone = JSON.stringify(changes.list.slice(0, this.#base.length)) === JSON.stringify(this.#base) && others.length === 0 && (!own || JSON.stringify(own) === this.#made);
    this.#made = JSON.stringify(change);
    if (isAlone) changes.become([...this.#base, change]);
    else changes.put(change, trace);
  }
}

/** A run whatever is changed in it. @param {Request} request */
const keyOf = (request) => JSON.stringify({ ...request, interventions: [] });

/** @param {number} count of changes */
const basisOf = (count) => `Each cell is one change more to the run ${count === 0 ? "as it is" : `with ${count === 1 ? "the change" : `the ${count} changes`} that it had`}.`;
