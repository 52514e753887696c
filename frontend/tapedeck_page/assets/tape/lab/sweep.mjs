/**
 * What becomes of the answer as one number is turned: what is swept, how far it has come, and the curve. It is asked for, over sampled
 * inputs as long as the run's, and forgotten with the machine. A point of a number inside the machine is a change: pressing it makes it.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/model/sweep.mjs").Subject} Subject
 * @typedef {import("./probes.mjs").Parts} Parts
 * @typedef {import("./probes.mjs").Told} Told
 */

import { build, find } from "#viewer/draw/dom.mjs";
import { Sweep, isIntervention, requestOf } from "#viewer/model/sweep.mjs";
import { tableButton, term } from "#viewer/views/markup.mjs";
import { busySentence } from "../patience.mjs";
import { SweepCurve } from "./curve.mjs";
import { button, waitingLine } from "./fields.mjs";
import { Sweeping } from "./sweeping.mjs";
import { SweptFields } from "./swept.mjs";

const OF_A_FILE = "A file has no machine that could be swept; run something first.";
const TITLE = "How the answer follows a number";

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
    this.fields = new SweptFields(() => this.#say(""), this.start);
    this.message = build("p", { class: "field-message", role: "alert" });
    this.waiting = waitingLine("Values that are counted", "cancel-sweep", () => this.sweeping?.cancel());
    this.summary = build("p", { class: "probe-summary", role: "status" });
    this.basis = build("p", { class: "hint" });
    this.curve = new SweepCurve({ point: (index) => this.#point(index), make: (index) => this.#make(index) });
    this.sentence = build("p", { class: "probe-sentence", role: "status" });
    this.make = button("Make this change", "make-swept", () => this.curve.chosen !== null && this.#make(this.curve.chosen));
    this.tools = build("div", { class: "probe-tools" }, tableButton(TITLE));
    this.body = build("div", { class: "probe-body" }, this.summary, this.basis, this.curve.root, build("div", { class: "probe-line" }, this.sentence, this.make));
    this.root = build("figure", { class: "probe", id: "sweep", hidden: "", "data-probe": "sweep", "aria-label": `${TITLE}. A curve over the values of one number, of many sampled inputs.` },
      build("figcaption", {}, build("h2", {}, term(TITLE, "sweep")), this.tools), this.fields.root, this.message, this.waiting, this.body);
    for (const select of [this.fields.kind, this.fields.place]) select.addEventListener("change", () => this.#offer());
    told.changes.addEventListener("change", () => this.open && this.#point(this.curve.chosen));
    this.#show();
  }

  /** It is opened. */
  begin() {
    this.#offer();
    this.#show();
  }

  /** A run is asked for: what is known of another machine goes. @param {Request} request */
  ask(request) {
    if (this.#of && this.#of !== request.checkpoint) this.#forget();
  }

  /** With the tape. */
  paint() {
    if (this.#of && !this.told.source()) this.#forget();
    if (this.fields.offeredOf !== this.parts.store.trace) this.#offer();
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
    this.sweep = null;
    this.#of = "";
    this.curve.begin(null);
    this.#say("");
  }

  /** Of the run that is shown. */
  get #sizes() {
    const request = this.told.source();
    return request ? this.told.sizes(request) : {};
  }

  #offer() {
    const { trace } = this.parts.store;
    if (trace) this.fields.offer(trace, this.#sizes);
  }

  #begin() {
    const request = this.told.source();
    const { trace } = this.parts.store;
    if (!request || !trace) return this.#say(OF_A_FILE);
    const wrong = this.fields.check();
    if (wrong) return this.#say(wrong);
    this.#forget();
    const { subject, values, sequences } = this.fields;
    const sizes = this.#sizes;
    const asked = requestOf(subject, values, sequences, request, sizes);
    const sweep = new Sweep(subject, asked, trace, sizes);
    this.#of = request.checkpoint;
    this.sweeping = new Sweeping(asked, {
      begin: (header) => {
        sweep.begin(header);
        this.sweep = sweep;
        this.curve.begin(sweep);
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

  #progress() {
    const { sweep } = this;
    if (!sweep) return;
    Object.assign(find("progress", this.waiting), { max: sweep.values.length, value: sweep.points.length });
    this.#wait(`${sweep.points.length} of ${sweep.values.length} values`);
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
    const broken = !sweeping && sweep.points.length < sweep.values.length ? ` Only ${sweep.points.length} of ${sweep.values.length} values were counted.` : "";
    this.summary.textContent = sweeping ? "" : `${sweep.summary}${broken}`;
    this.basis.textContent = sweep.basis;
    this.curve.show();
    this.#point(this.curve.chosen);
  }

  /** Says what a point means. @param {number | null} index */
  #point(index) {
    const { sweep } = this;
    const change = sweep && index !== null ? sweep.changeAt(index) : null;
    const invitation = sweep && isIntervention(sweep.subject.kind) ? "Point at a value to read what it means; press it to make that change in this run." : "Point at a value to read what it means.";
    const words = sweep && index !== null ? sweep.sentenceOf(index) : invitation;
    if (this.sentence.textContent !== words) this.sentence.textContent = words;
    this.make.hidden = !sweep || !isIntervention(sweep.subject.kind);
    this.make.disabled = !change;
    this.make.textContent = change && this.told.changes.indexOf(change) >= 0 ? "Take it back" : "Make this change";
  }

  /** The change of a point, in the place of that of another. @param {number} index */
  #make(index) {
    const { trace } = this.parts.store;
    const change = this.sweep?.changeAt(index);
    if (!change || !trace) return;
    const known = this.told.changes.indexOf(change);
    if (known >= 0) this.told.changes.remove(known);
    else this.told.changes.put(change, trace);
  }
}
