/** After a run that its memory was too small for: a button in the verdict that runs it again with as many locations as it takes. */

import { element } from "#viewer/draw/dom.mjs";
import { grouped } from "./sequences/problem.mjs";
import { areLocationsFree, locationsFor, writtenOf } from "./task.mjs";

/** @typedef {import("./composer.mjs").Composer} Composer */
/** @typedef {import("#viewer/contract/stream.mjs").Request} Request */
/** @typedef {import("#viewer/model/trace.mjs").Trace} Trace */

export class Remedy {
  /** The run that it is about, and how many locations that takes. @type {{request: Request, locations: number} | null} */
  offered = null;

  /** @param {HTMLElement} diagnosis in which the button stands @param {Composer} composer */
  constructor(diagnosis, composer) {
    this.composer = composer;
    this.button = element("button", "remedy", "Run with enough locations");
    Object.assign(this.button, { type: "button", hidden: true });
    this.button.dataset.action = "run-with-locations";
    diagnosis.append(this.button);
    this.button.addEventListener("click", () => this.offered && composer.runWith(this.offered.request, this.offered.locations));
  }

  /** @param {Trace} trace @param {Request | null} request */
  show(trace, request) {
    const task = this.composer.taskOf(trace.header.checkpoint.id);
    const wrong = trace.results?.wrong ?? 0;
    const listed = this.composer.machines.find(({ id }) => id === trace.header.checkpoint.id);
    const written = task && request && wrong > 0 && listed && areLocationsFree(listed) ? writtenOf(task.task, request.input, task.bits) : null;
    const locations = task && written ? locationsFor(task.task, written, trace.locations) : null;
    this.offered = request && locations ? { request, locations } : null;
    this.button.hidden = !this.offered;
    if (locations) this.button.textContent = `Run with ${grouped(locations)} locations`;
  }
}
