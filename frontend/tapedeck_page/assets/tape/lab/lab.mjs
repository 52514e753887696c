/**
 * The lab: what is changed inside the machine, the run that this is compared with, and which of the two the tape shows.
 *
 * The run itself is the deck's, as every other: the lab says what is changed in it, and hears when it is there.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/contract/stream.mjs").Fault} Fault
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/interventions.mjs").Change} Change
 * @typedef {import("./versus.mjs").Shown} Shown
 * @typedef {{tape: import("#viewer/views/tape.mjs").Tape, transport: import("#viewer/player/transport.mjs").Transport, store: import("#viewer/store.mjs").Store}} Parts
 * @typedef {{
 *   rerun: (interventions: readonly Change[]) => void, open: (wanted: import("../address.mjs").Wanted) => void, request: () => Request | null, words: (request: Request) => string,
 *   sizes: (request: Request) => Record<string, number>,
 *   follow: () => void, forget: () => void, refuse: (sentence: string) => void,
 * }} Told `rerun` runs the same input with other changes, `request` is what the tape shows a run of, null where that is a file's, `words`
 *     says a run in a few, `sizes` are those of its input; what a link holds of the view has changed (`follow`), or of both runs (`forget`)
 */

import { build, find } from "#viewer/draw/dom.mjs";
import { Difference, comparisonOf, obstacleTo } from "#viewer/model/comparison.mjs";
import { Changes } from "#viewer/model/changes.mjs";
import { Adding } from "./adding.mjs";
import { Baseline } from "./baseline.mjs";
import { Experiments } from "./experiments.mjs";
import { Knobs } from "./knobs.mjs";
import { ChangeList } from "./list.mjs";
import { Moving } from "./moving.mjs";
import { Parameters } from "./parameters.mjs";
import { Probes } from "./probes.mjs";
import { placeOf, reasonOf } from "./refusals.mjs";
import { Sides } from "./sides.mjs";
import { SHOWN, Versus } from "./versus.mjs";

export class Lab {
  active = false;
  changes = new Changes();
  moving = new Moving(this.changes);
  /** The run that was asked for, once it is whole. @type {Trace | null} */
  changed = null;
  /** What there is to say of both. @type {import("#viewer/model/comparison.mjs").Found | null} */
  found = null;
  obstacle = "";
  /** @type {Shown} */
  shown = "changed";

  /** @param {{beside: HTMLElement, above: HTMLElement}} places @param {Parts} parts @param {string} url of the stream @param {Told} told @param {AbortSignal} signal */
  constructor({ beside, above }, parts, url, told, signal) {
    this.parts = parts;
    this.told = told;
    this.baseline = new Baseline(url, { came: () => this.#compare(), refuse: told.refuse });
    this.versus = new Versus(find("#versus", above), {
      show: (shown) => this.show(shown),
      go: (step) => this.#go(step),
      pin: () => this.pin(),
      letGo: () => this.letGo(),
    });
    this.sides = new Sides(find(".panels", this.versus.sides), parts.store);
    this.list = new ChangeList(this.changes, () => parts.store.trace);
    this.knobs = new Knobs(parts, this.changes, () => this.active);
    this.parameters = new Parameters();
    this.adding = new Adding((change) => this.knobs.put(change), () => parts.store.trace, this.parameters);
    this.experiments = new Experiments({
      open: (request) => {
        this.hold(null);
        told.open(request);
      },
      change: (changes, step) => this.#go(step, () => this.changes.become(changes)),
      request: told.request,
    });
    this.probes = new Probes(find("#probes", above), parts, { source: told.request, changes: this.changes, sizes: told.sizes, parameters: this.parameters });
    find("#lab", beside).replaceChildren(build("div", { class: "lab-parts" }, this.experiments.root, this.list.root, this.knobs.root, this.adding.root));
    this.changes.addEventListener("change", () => told.rerun(this.changes.list));
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#present();
  }

  /** For good. */
  close() {
    this.baseline.close();
    this.probes.close();
    this.parameters.close();
  }

  /** Another page is shown. @param {string} page @returns {readonly Change[] | null} the changes that the run is to have there, null where it has them */
  visit(page) {
    this.active = page === "lab";
    const { list } = this.changes;
    if (this.baseline.pinned) this.told.forget();
    const wanted = this.active ? list : [];
    if (!this.active) this.#present();
    else this.#compare();
    this.knobs.strips.show();
    return JSON.stringify(this.told.request()?.interventions ?? []) === JSON.stringify(wanted) ? null : wanted;
  }

  /** What an input is run with that is composed here, on whatever machine. @returns {readonly Change[]} */
  get composed() {
    return this.active && this.told.request() ? this.changes.list : [];
  }

  /** A run is asked for. @param {Request} request @param {{trace: Trace | null, request: Request | null}} shown what the tape shows */
  ask(request, shown) {
    this.probes.ask(request);
    const interventions = /** @type {Change[]} */ (request.interventions);
    if (!this.active && interventions.length === 0) return;
    this.moving.follow(request.checkpoint, interventions);
    this.list.refuse(null);
    if (this.baseline.pinned) return;
    if (interventions.length === 0) return this.baseline.drop();
    const plain = { ...request, interventions: [] };
    if (this.baseline.isOf(plain)) return;
    if (shown.trace?.over && JSON.stringify(shown.request) === JSON.stringify(plain)) this.baseline.take(shown.trace, plain);
    else this.baseline.ask(plain);
  }

  /** A run was refused on the way to another machine: the change that this does not have is left out, and the others are tried. @param {Fault} fault @returns {boolean} whether they are */
  leaveOut(fault) {
    const { trace } = this.parts.store;
    return this.active && trace !== null && this.moving.leaveOut(placeOf(fault), trace);
  }

  /** The other run as a link holds it: null where it follows from this one, or is a file's. */
  get base() {
    return this.active && this.baseline.pinned ? this.baseline.request : null;
  }

  /** What is shown of both as a link holds it: null for this run. */
  get view() {
    return this.active && this.shown !== "changed" ? this.shown : null;
  }

  /** A link was opened. @param {Request | null} base that it compares with */
  hold(base) {
    if (base && !this.baseline.isOf(base)) this.baseline.ask(base, { pinned: true });
    else if (!base && this.baseline.pinned) this.baseline.drop();
  }

  /** The tape shows a whole run. @param {Trace} trace */
  take(trace) {
    this.changed = trace;
    const request = this.told.request();
    const isFile = request === null;
    const left = this.active && request ? this.moving.arrive(request.checkpoint) : "";
    if (left) this.list.tell(left);
    if (isFile && !this.baseline.pinned) this.baseline.drop();
    // Nothing of a file's run can be computed anew.
    for (const part of [this.list, this.knobs, this.adding]) part.root.hidden = isFile;
    this.list.show();
    this.adding.show();
    this.experiments.show();
    this.#compare();
  }

  /** The tape was painted. */
  painted() {
    if (!this.active) return;
    this.knobs.show();
    this.probes.paint();
  }

  /** A run was refused. @param {Fault} fault @returns {boolean} whether that is said beside the change that it is about */
  refuse(fault) {
    const index = placeOf(fault);
    if (!this.active || !(index < this.changes.list.length)) return false;
    const sentence = reasonOf(fault.detail);
    this.list.refuse({ index, sentence: sentence[0].toUpperCase() + sentence.slice(1) });
    return true;
  }

  /** Which of the two runs the tape shows. @param {Shown} shown */
  show(shown) {
    this.shown = SHOWN.includes(shown) ? shown : "changed";
    this.#present();
    this.told.follow();
  }

  /** What is shown is kept, to compare what is run next with it. */
  pin() {
    if (this.changed) this.baseline.take(this.changed, this.told.request(), { pinned: true });
    this.told.forget();
  }

  /** The baseline is again the same run without its changes. */
  letGo() {
    const request = this.told.request();
    this.baseline.drop();
    if (request) this.ask({ ...request, interventions: [...this.changes.list] }, { trace: null, request: null });
    this.told.forget();
  }

  /** Stops at a step. @param {number} step @param {() => void} then what is done there */
  #go(step, then = () => {}) {
    const { cursor } = this.parts.store;
    cursor.pause();
    cursor.seek(step);
    then();
  }

  /** Both runs are there, or one is not any more. */
  #compare() {
    const { changed, baseline } = this;
    const both = changed?.over && baseline.trace && baseline.trace !== changed;
    this.obstacle = both && baseline.trace ? obstacleTo(changed, baseline.trace) : "";
    this.found = both && baseline.trace && !this.obstacle ? comparisonOf(changed, baseline.trace) : null;
    this.#present();
  }

  /** On the tape and above it. */
  #present() {
    const { parts, changed, baseline, found, obstacle } = this;
    const shown = this.active && found ? this.shown : "changed";
    this.versus.show({ found, obstacle, shown, pinned: baseline.pinned, baseline: this.#nameOf(baseline), waiting: baseline.request !== null && !baseline.trace });
    parts.transport.part(this.active ? (found?.first?.step ?? null) : null);
    if (!changed || parts.store.trace !== changed) return;
    const wanted = shown === "baseline" && baseline.trace ? baseline.trace : changed;
    const { tape, transport } = parts;
    if (tape.trace !== wanted) {
      // Panels of another size are made anew.
      if (hasSizesOf(wanted, changed)) tape.swap(wanted);
      else tape.begin(wanted);
      transport.swap(wanted);
    }
    const difference = shown === "difference" && baseline.trace ? new Difference(changed, baseline.trace) : null;
    if (difference || tape.difference) tape.contrast(difference);
    this.sides.show(shown === "both" && baseline.trace ? [[baseline.pinned ? "This run" : "Changed", changed], ["Baseline", baseline.trace]] : []);
  }

  /** @param {Baseline} baseline */
  #nameOf({ trace, request }) {
    const count = request?.interventions.length ?? 0;
    if (request) return `${this.told.words(request)}${count > 0 ? `, ${count} ${count === 1 ? "change" : "changes"}` : ""}`;
    return trace ? trace.header.checkpoint.name || "a file" : "";
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
    if (!this.active || !isUndo || event.defaultPrevented) return;
    // A field where something is being typed has a way back of its own.
    if (event.target instanceof Element && event.target.closest("textarea, input:not([type=range], [type=radio]), [contenteditable]")) return;
    event.preventDefault();
    if (event.shiftKey) this.changes.redo();
    else this.changes.undo();
  }
}

/** Whether two runs have fields of the same names and sizes. @param {Trace} one @param {Trace} other */
const hasSizesOf = (one, other) => one.locations === other.locations && [...one.columns.values()].every(({ name, length }) => other.columns.get(name)?.length === length);
