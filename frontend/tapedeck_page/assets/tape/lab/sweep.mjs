/**
 * What becomes of the answer as one number is turned, or two: what is swept, how far it has come, and the curve or the map. It is asked
 * for, over sampled inputs as long as the run's, and forgotten with the machine. A point of numbers inside the machine is a change, or a
 * pair of them: pressing it makes them.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("./probes.mjs").Parts} Parts
 * @typedef {import("./probes.mjs").Told} Told
 */

import { build, find, say } from "#viewer/draw/dom.mjs";
import { requestOf } from "#viewer/model/subjects.mjs";
import { Sweep } from "#viewer/model/sweep.mjs";
import { asCsv, asJson } from "#viewer/model/sweptfile.mjs";
import { tableButton, term } from "#viewer/views/markup.mjs";
import { save } from "../export/saving.mjs";
import { busySentence } from "../patience.mjs";
import { SweepCurve } from "./curve.mjs";
import { button, waitingLine } from "./fields.mjs";
import { SweepGrid } from "./grid.mjs";
import { Sweeping } from "./sweeping.mjs";
import { SweptFields } from "./swept.mjs";

const OF_A_FILE = "A file has no machine that could be swept; run something first.";
const TITLE = "How the answer follows a number";
/** The files of a sweep, by the endings of their names. @type {Record<"csv" | "json", (sweep: Sweep) => string>} */
const FILES = { csv: asCsv, json: asJson };
const TYPES = { csv: "text/csv", json: "application/json" };

export class SweepPanel {
  open = false;
  /** @type {Sweep | null} */
  sweep = null;
  /** @type {Sweeping | null} */
  sweeping = null;
  /** The machine that the sweep is of. */
  #of = "";

  /** @param {Parts} parts @param {Told} told */
  constructor(parts, told) {
    this.parts = parts;
    this.told = told;
    this.start = button("Start", "start-sweep", () => this.#begin());
    this.fields = new SweptFields(() => this.#say(""), () => this.#choose(), this.start);
    this.message = build("p", { class: "field-message", role: "alert" });
    this.waiting = waitingLine("Values that are counted", "cancel-sweep", () => this.sweeping?.cancel());
    this.summary = build("p", { class: "probe-summary", role: "status" });
    this.basis = build("p", { class: "hint" });
    const pointed = { point: (/** @type {number | null} */ index) => this.#point(index), make: (/** @type {number} */ index) => this.#make(index) };
    this.curve = new SweepCurve(pointed);
    this.grid = new SweepGrid({ ...pointed, isMade: (index) => this.#isMade(index) });
    this.sentence = build("p", { class: "probe-sentence", role: "status" });
    this.make = button("Make this change", "make-swept", () => this.picture.chosen !== null && this.#make(this.picture.chosen));
    this.tools = build("div", { class: "probe-tools" }, tableButton(TITLE), button("CSV", "save-csv", () => this.#save("csv")), button("JSON", "save-json", () => this.#save("json")));
    this.body = build("div", { class: "probe-body" }, this.summary, this.basis, this.curve.root, this.grid.root, build("div", { class: "probe-line" }, this.sentence, this.make));
    this.root = build("figure", { class: "probe", id: "sweep", hidden: "", "data-probe": "sweep", "aria-label": `${TITLE}. A curve over the values of one number, or a map over those of two, of many sampled inputs.` },
      build("figcaption", {}, build("h2", {}, term(TITLE, "sweep")), this.tools), this.fields.root, this.message, this.waiting, this.body);
    told.changes.addEventListener("change", () => this.open && this.#show());
    told.parameters.addEventListener("change", () => this.open && this.#offer());
    this.#show();
  }

  /** It is opened. */
  begin() {
    this.#choose();
    this.#show();
  }

  /** A run is asked for: what is known of another machine goes. @param {Request} request */
  ask(request) {
    if (this.#of && this.#of !== request.checkpoint) this.#forget();
  }

  /** With the tape. */
  paint() {
    if (this.#of && !this.told.source()) this.#forget();
    if (this.fields.offeredOf !== this.parts.store.trace) this.#choose();
  }

  close() {
    this.sweeping?.cancel();
  }

  /** @param {string} name */
  table(name) {
    return name === "sweep" && this.sweep ? this.sweep.table : null;
  }

  #forget() {
    this.close();
    this.#take(null);
    this.#of = "";
    this.#say("");
  }

  /** Of the run that is shown. */
  get #sizes() {
    const request = this.told.source();
    return request ? this.told.sizes(request) : {};
  }

  /** What there is to choose, with the parameters of the machine, which the service may have to be asked for. */
  #choose() {
    this.#offer();
    const request = this.told.source();
    if (request && this.fields.offersParameters) this.told.parameters.want(request.checkpoint);
  }

  /** What there is to choose, as far as it is known. */
  #offer() {
    const { trace } = this.parts.store;
    if (trace) this.fields.offer(trace, this.#sizes, this.told.parameters.of(trace.header.checkpoint.id));
    if (this.fields.offersParameters && this.told.parameters.problem) this.#say(this.told.parameters.problem);
  }

  #begin() {
    const request = this.told.source();
    const { trace } = this.parts.store;
    if (!request || !trace) return this.#say(OF_A_FILE);
    const wrong = this.fields.check();
    if (wrong) return this.#say(wrong);
    this.#forget();
    const sizes = this.#sizes;
    const axes = this.fields.axes(trace, sizes);
    const asked = requestOf(axes, this.fields.sequences, request, sizes);
    const sweep = new Sweep(axes, asked);
    this.#of = request.checkpoint;
    this.sweeping = new Sweeping(asked, {
      begin: (header) => {
        sweep.begin(header);
        this.#take(sweep);
        this.#progress();
      },
      point: (point) => {
        sweep.take(point);
        this.#progress();
      },
      busy: (seconds) => this.#wait(busySentence("The sweep", seconds)),
      end: (problem) => {
        this.sweeping = null;
        this.#say(problem);
      },
    });
    find("progress", this.waiting).removeAttribute("value");
    this.#wait("The first value is being counted.");
  }

  /** What is shown from now on. @param {Sweep | null} sweep */
  #take(sweep) {
    this.sweep = sweep;
    this.curve.begin(sweep?.isMap ? null : sweep);
    this.grid.begin(sweep?.isMap ? sweep : null);
  }

  /** The picture that is shown. */
  get picture() {
    return this.sweep?.isMap ? this.grid : this.curve;
  }

  #progress() {
    const { sweep } = this;
    if (!sweep) return;
    Object.assign(find("progress", this.waiting), { max: sweep.count, value: sweep.points.length });
    this.#wait(this.#counted(sweep));
  }

  /** @param {Sweep} sweep */
  #counted({ points, count, isMap }) {
    return `${points.length.toLocaleString("en")} of ${count.toLocaleString("en")} ${isMap ? "pairs of values" : "values"}`;
  }

  /** @param {string} words */
  #wait(words) {
    find("span", this.waiting).textContent = words;
    this.#show();
  }

  /** @param {string} problem */
  #say(problem) {
    this.message.textContent = problem;
    this.#show();
  }

  #show() {
    const { sweep, sweeping } = this;
    this.waiting.hidden = !sweeping;
    this.start.disabled = Boolean(sweeping);
    this.root.setAttribute("aria-busy", String(Boolean(sweeping)));
    const isThere = sweep !== null && sweep.points.length > 0;
    for (const part of [this.tools, this.body]) part.hidden = !isThere;
    if (!isThere) return;
    const broken = !sweeping && sweep.points.length < sweep.count ? ` Only ${this.#counted(sweep)} were counted.` : "";
    this.summary.textContent = sweeping ? "" : `${sweep.summary}${broken}`;
    this.basis.textContent = sweep.basis;
    const { picture } = this;
    for (const each of [this.curve, this.grid]) each.root.hidden = each !== picture;
    picture.show();
    this.#point(picture.chosen);
  }

  /** Says what a point means. @param {number | null} index */
  #point(index) {
    const { sweep } = this;
    if (!sweep) return;
    const changes = index === null ? [] : sweep.changesAt(index);
    const [cell, them] = [sweep.isMap ? "cell" : "value", sweep.isMap ? "make its changes" : "make that change"];
    const words = index !== null ? sweep.sentenceOf(index) : `Point at a ${cell} to read what it means${sweep.hasChanges ? `; press it to ${them} in this run` : ""}.`;
    say(this.sentence, words);
    this.make.hidden = !sweep.hasChanges;
    this.make.disabled = changes.length === 0;
    const isMade = index !== null && this.#isMade(index);
    const [one, several] = isMade ? ["Take it back", "Take them back"] : ["Make this change", "Make these changes"];
    this.make.textContent = changes.length > 1 ? several : one;
  }

  /** Whether the run has all changes of a point. @param {number} index */
  #isMade(index) {
    const changes = this.sweep?.changesAt(index) ?? [];
    return changes.length > 0 && changes.every((change) => this.told.changes.indexOf(change) >= 0);
  }

  /** The changes of a point, in the place of those of another; undone at once. @param {number} index */
  #make(index) {
    const { trace } = this.parts.store;
    const { changes } = this.told;
    const made = this.sweep?.changesAt(index) ?? [];
    if (made.length === 0 || !trace) return;
    if (this.#isMade(index)) changes.become(changes.list.filter((_, at) => !made.some((change) => changes.indexOf(change) === at)));
    else changes.putAll(made, trace);
  }

  /** @param {keyof typeof FILES} form */
  #save(form) {
    if (this.sweep) save(new Blob([FILES[form](this.sweep)], { type: TYPES[form] }), `${this.sweep.asked.checkpoint}-sweep.${form}`);
  }
}
