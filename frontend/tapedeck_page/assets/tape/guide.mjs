/**
 * The guide's live tapes: each chapter's sequence is run on the machine that is chosen when the guide is opened, and its stops
 * are filled with the numbers of that run.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Fault} Fault
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 */

import { locationsShown } from "#viewer/model/axes.mjs";
import { find } from "#viewer/draw/dom.mjs";
import { argmax, numbersOf } from "#viewer/model/numbers.mjs";
import { chosenHead, firstHeads, specOf } from "#viewer/model/panels.mjs";
import { DEFAULT_VIEW, describeRun, describeView } from "./link.mjs";
import { NAMED } from "./examples.mjs";
import { BYTE } from "#viewer/model/channels.mjs";
import { Panel } from "#viewer/views/panel.mjs";
import { byStep, recordedOf, termsOf } from "#viewer/model/provenance.mjs";
import { addressOf } from "./root.mjs";
import { Stream } from "#viewer/contract/stream.mjs";
import { onThemeChange, readTheme } from "#viewer/draw/theme.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { checked, decodeFrame } from "#viewer/contract/wire.mjs";

export class Guide {
  /**
   * @param {HTMLElement} root
   * @param {string} url of the stream
   * @param {typeof WebSocket} Socket
   */
  constructor(root, url, Socket = WebSocket) {
    this.url = url;
    this.Socket = Socket;
    this.machine = "";
    /** What the chapters are run on: one at a time, for all of them are filled from it. @type {Stream | undefined} */
    this.stream = undefined;
    this.chapters = [...root.querySelectorAll(".chapter")].map((chapter) => new Chapter(/** @type {HTMLElement} */ (chapter)));
    onThemeChange(() => this.chapters.forEach((chapter) => chapter.restyle()));
    new ResizeObserver(() => this.chapters.forEach((chapter) => chapter.measure())).observe(root);
  }

  /** For good. */
  close() {
    this.stream?.close();
  }

  /** What a machine must take that the chapters run on. */
  get input() {
    return this.chapters[0].request("").input;
  }

  /** The chapter that an element stands in. @param {Element} part */
  chapterOf(part) {
    return this.chapters.find(({ root }) => root.contains(part));
  }

  /** Runs the chapters on a machine, unless they stand on it already. @param {string} checkpoint */
  open(checkpoint) {
    if (checkpoint === this.machine) return;
    this.machine = checkpoint;
    this.stream?.close();
    const waiting = [...this.chapters];
    const next = () => {
      if (waiting.length === 0) return stream.close();
      stream.run(waiting[0].request(checkpoint));
    };
    const listener = {
      header: (/** @type {import("#viewer/contract/wire.mjs").Description} */ description) => waiting[0].begin(new Trace(checked(description))),
      frame: (/** @type {ArrayBuffer} */ message) => waiting[0].grow(message),
      done: () => {
        waiting.shift()?.finish(checkpoint);
        next();
      },
      fault: (/** @type {Fault} */ fault) => {
        waiting.shift()?.refuse(fault);
        this.machine = ""; // the guide tries again when it is next opened
        next();
      },
      away: () => {}, // the stream continues where it was when the service is back
      back: () => {},
    };
    const stream = (this.stream = new Stream(this.url, listener, this.Socket));
    next();
  }
}

class Chapter {
  /** Where its tape is, as of the player's cursor. */
  cursor = { step: 0 };

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.message = find("[data-readout=chapter-message]", root);
    this.rows = NAMED[root.dataset.example ?? ""].rows(BYTE);
    this.tape = find(".chapter-tape", root);
    /** @type {Panel[]} */
    this.panels = [];
    this.stops = [...root.querySelectorAll(".stops li")].map((stop) => ({
      button: find("button", stop),
      link: /** @type {HTMLAnchorElement} */ (find("a", stop)),
      step: Number(find("button", stop).dataset.step),
      says: find("button", stop).dataset.says ?? "",
    }));
    this.theme = readTheme();
    this.stops.forEach((stop) => stop.button.addEventListener("click", () => this.goTo(stop.step)));
  }

  /** @param {string} checkpoint @returns {Request} */
  request(checkpoint) {
    const input = { sequence: this.rows.map((row) => [...row].map(Number)) };
    return { checkpoint, input, locations: null, interventions: [] };
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.message.textContent = "";
    this.trace = trace;
    const fields = (this.tape.dataset.fields ?? "").split(" ").map((name) => fieldIn(trace, name));
    this.panels = fields.map((name) => new Panel(specOf(trace, name)));
    this.tape.replaceChildren(...this.panels.map(({ figure }) => figure));
    this.panels.forEach((panel) => panel.begin(trace));
  }

  /** @param {ArrayBuffer} message */
  grow(message) {
    this.trace?.append(decodeFrame(message, this.trace.rowLength));
  }

  /** @param {Fault} fault */
  refuse({ detail }) {
    this.message.textContent = detail;
  }

  /** The run is over: its numbers are known. @param {string} checkpoint */
  async finish(checkpoint) {
    const { trace } = this;
    if (!trace) return;
    this.goTo(this.stops[0].step);
    const run = await describeRun({ ...this.request(checkpoint), sha: "" });
    if (trace !== this.trace) return; // another run has begun here meanwhile
    for (const { button, link, step, says } of this.stops) {
      button.textContent = says.replace(/\{([\w.]+)\}/g, (_, name) => numberAt(trace, step, name));
      link.href = addressOf(`#${run}&${describeView({ ...DEFAULT_VIEW, step })}`);
    }
  }

  /** @param {number} step */
  goTo(step) {
    this.cursor.step = step;
    this.stops.forEach(({ button, step: own }) => button.setAttribute("aria-pressed", String(own === step)));
    this.draw();
  }

  draw() {
    const { trace } = this;
    if (!trace) return;
    const rows = locationsShown(trace, false);
    for (const panel of this.panels) {
      if (panel.spec.axis === "location") panel.showRows(rows);
      panel.draw(this.theme);
      panel.moveTo(this.cursor.step);
    }
  }

  measure() {
    this.panels.forEach((panel) => panel.measure());
    this.draw();
  }

  restyle() {
    this.theme = readTheme();
    this.panels.forEach((panel) => panel.forget());
    this.draw();
  }
}

/**
 * A number of a step by its name in the guide's sentences: `write.location`, `read.gate`, `origin` …
 *
 * @param {Trace} trace
 * @param {number} step
 * @param {string} name
 */
export function numberAt(trace, step, name) {
  if (name === "origin") {
    const { writes } = termsOf(recordedOf(trace), { step, reader: 0, channel: null });
    return String(argmax(byStep(writes, trace.writers.length).map(Math.abs)));
  }
  const [kind, what] = /** @type {["write" | "read", string]} */ (name.split("."));
  const head = chosenHead(trace, kind, firstHeads(trace));
  const weighting = trace.at(head.weighting, step);
  const peak = argmax(weighting);
  if (what === "location") return String(peak);
  if (what === "weight") return weighting[peak].toFixed(3);
  return numbersOf(trace, head.name, step)[what];
}

/** The field that a chapter names by its head's kind: of the first such head. @param {Trace} trace @param {string} name */
function fieldIn(trace, name) {
  const [kind, stage] = name.split(".");
  return stage === undefined ? name : `${chosenHead(trace, /** @type {"write" | "read"} */ (kind), firstHeads(trace)).name}.${stage}`;
}
