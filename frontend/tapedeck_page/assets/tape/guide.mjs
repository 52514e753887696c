/**
 * The guide's live tapes: each chapter's example is run on a machine of its task, the chosen one where it can be, and its stops are
 * filled with the numbers of that run. Each has a player of its own.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Fault} Fault
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/contract/wire.mjs").Results} Results
 */

import { locationsShown } from "#viewer/model/axes.mjs";
import { build, find } from "#viewer/draw/dom.mjs";
import { argmax, numbersOf } from "#viewer/model/numbers.mjs";
import { chosenHead, firstHeads, specOf } from "#viewer/model/panels.mjs";
import { DEFAULT_VIEW, describeRun, describeView } from "./link.mjs";
import { columnsOf, Panel } from "#viewer/views/panel.mjs";
import { byStep, recordedOf, termsOf } from "#viewer/model/provenance.mjs";
import { addressOf } from "./root.mjs";
import { keepTime } from "#viewer/player/clock.mjs";
import { controls } from "#viewer/player/controls.mjs";
import { actionOf, belongsTo } from "#viewer/player/keys.mjs";
import { Store } from "#viewer/store.mjs";
import { Stream } from "#viewer/contract/stream.mjs";
import { onThemeChange, readTheme } from "#viewer/draw/theme.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { Transport } from "#viewer/player/transport.mjs";
import { hundredths } from "#viewer/model/vectors.mjs";
import { foretells, optimumOf } from "#viewer/model/predictions.mjs";
import { drawPredictions } from "#viewer/draw/predictions.mjs";
import { checked, decodeFrame } from "#viewer/contract/wire.mjs";

export class Guide {
  /** What its chapters run, as JSON. */
  asked = "";

  /**
   * @param {HTMLElement} root
   * @param {string} url of the stream
   * @param {typeof WebSocket} Socket
   */
  constructor(root, url, Socket = WebSocket) {
    this.url = url;
    this.Socket = Socket;
    /** What the chapters are run on: one at a time, for all of them are filled from it. @type {Stream | undefined} */
    this.stream = undefined;
    this.chapters = [...root.querySelectorAll(".chapter")].map((chapter) => new Chapter(/** @type {HTMLElement} */ (chapter)));
    const cursors = this.chapters.map(({ cursor }) => cursor);
    const wake = keepTime(cursors);
    for (const cursor of cursors) {
      cursor.addEventListener("change", () => {
        if (cursor.playing) cursors.forEach((other) => other === cursor || other.pause());
        wake();
      });
    }
    onThemeChange(() => this.chapters.forEach((chapter) => chapter.restyle()));
    new ResizeObserver(() => this.chapters.forEach((chapter) => chapter.measure())).observe(root);
  }

  /** For good. */
  close() {
    this.pause();
    this.stream?.close();
  }

  /** Nothing plays where nobody looks. */
  pause() {
    this.chapters.forEach(({ cursor }) => cursor.pause());
  }

  /** The chapter that an element stands in. @param {Element} part */
  chapterOf(part) {
    return this.chapters.find(({ root }) => root.contains(part));
  }

  /** Runs what the chapters do not show yet. @param {(Request | null)[]} requests of each chapter; null where no machine can run it */
  open(requests) {
    const asked = JSON.stringify(requests);
    if (asked === this.asked) return;
    this.asked = asked;
    this.stream?.close();
    /** @type {{chapter: Chapter, request: Request}[]} */
    const waiting = [];
    this.chapters.forEach((chapter, index) => {
      const request = requests[index];
      if (!request) chapter.refuse({ code: "no_machine", detail: "The service has no machine that can run this chapter.", field: null });
      else if (!chapter.shows(request)) waiting.push({ chapter, request });
    });
    if (waiting.length === 0) return;
    const next = () => {
      if (waiting.length === 0) return stream.close();
      stream.run(waiting[0].request);
    };
    const listener = {
      header: (/** @type {import("#viewer/contract/wire.mjs").Description} */ description) => waiting[0].chapter.begin(new Trace(checked(description))),
      frame: (/** @type {ArrayBuffer} */ message) => waiting[0].chapter.grow(message),
      done: (/** @type {Results} */ results) => {
        const over = waiting.shift();
        over?.chapter.finish(over.request, results);
        next();
      },
      fault: (/** @type {Fault} */ fault) => {
        waiting.shift()?.chapter.refuse(fault);
        this.asked = ""; // the guide tries again when it is next opened
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
  store = new Store();
  /** What it shows, as JSON. */
  shown = "";
  /** The run in an address. */
  run = "";
  /** @type {Panel[]} */
  panels = [];
  /** Of its player, once there is a tape. @type {Transport | undefined} */
  transport = undefined;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.task = root.dataset.task ?? "";
    this.example = root.dataset.example ?? "";
    this.onChosen = root.dataset.machine === "chosen";
    /** Inside its machine. @type {unknown[]} */
    this.changes = JSON.parse(root.dataset.changes ?? "[]");
    this.message = find("[data-readout=chapter-message]", root);
    this.machine = find("[data-readout=chapter-machine]", root);
    this.link = /** @type {HTMLAnchorElement} */ (find(".chapter-link", root));
    this.tape = find(".chapter-tape", root);
    this.place = build("div", { class: "chapter-panels" });
    this.stops = [...root.querySelectorAll(".stop")].map((found) => {
      const button = /** @type {HTMLElement} */ (found);
      return { button, step: Number(button.dataset.step), says: button.dataset.says ?? "" };
    });
    this.theme = readTheme();
    this.stops.forEach(({ button, step }) => button.addEventListener("click", () => this.goTo(step)));
    this.cursor.addEventListener("change", () => this.#move());
    root.addEventListener("keydown", (event) => this.#key(event));
    this.#scrub();
  }

  get cursor() {
    return this.store.cursor;
  }

  /** @param {Request} request */
  shows(request) {
    return this.shown === JSON.stringify(request);
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.message.textContent = "";
    this.shown = "";
    this.run = "";
    this.trace = this.store.trace = trace;
    const fields = (this.tape.dataset.fields ?? "").split(" ").map((name) => fieldIn(trace, name));
    this.panels = fields.map((name) => new Panel(specOf(trace, name)));
    this.place.replaceChildren(...this.panels.map(({ figure }) => figure));
    const transport = (this.transport ??= this.#player());
    this.panels.forEach((panel) => panel.begin(trace));
    this.cursor.begin(trace.steps);
    transport.begin(trace);
    transport.align();
  }

  /** The player, under its panels. */
  #player() {
    const player = build("section", { class: "chapter-player", "aria-label": `Player: ${this.root.getAttribute("aria-label")}` }, ...controls());
    this.tape.replaceChildren(this.place, player);
    const transport = new Transport(player, this.store);
    transport.columns = () => columnsOf(this.panels);
    return transport;
  }

  /** @param {ArrayBuffer} message */
  grow(message) {
    this.trace?.append(decodeFrame(message, this.trace.rowLength));
  }

  /** @param {Fault} fault */
  refuse({ detail }) {
    this.message.textContent = detail;
  }

  /** The run is over: its numbers are known. @param {Request} request @param {Results} results */
  async finish(request, results) {
    const { trace, transport } = this;
    if (!trace || !transport) return;
    trace.finish(results);
    this.shown = JSON.stringify(request);
    this.machine.textContent = `on ${request.checkpoint}`;
    for (const { button, step, says } of this.stops) button.textContent = says.replace(/\{([\w.]+)\}/g, (_, name) => numberAt(trace, step, name));
    transport.mark();
    transport.told = this.stops[0].step; // nobody has sought it
    this.draw();
    this.cursor.grow(trace.steps);
    this.goTo(this.stops[0].step);
    const run = await describeRun({ ...request, sha: "" });
    if (trace !== this.trace) return; // another run has begun here meanwhile
    this.run = run;
    this.#move();
  }

  /** @param {number} step */
  goTo(step) {
    this.cursor.pause();
    this.cursor.seek(step);
  }

  /** What moves while time moves. */
  #move() {
    const { step } = this.cursor;
    this.panels.forEach((panel) => panel.moveTo(step));
    this.stops.forEach(({ button, step: own }) => button.setAttribute("aria-pressed", String(own === step)));
    if (this.run) this.link.href = addressOf(`#${this.run}&${describeView({ ...DEFAULT_VIEW, step })}`);
    this.link.hidden = !this.run;
  }

  /** Keys move this tape alone, while the focus is in its chapter. @param {KeyboardEvent} event */
  #key(event) {
    const isTaken = event.defaultPrevented || belongsTo(document.activeElement, event.key);
    const act = isTaken ? null : actionOf(this.cursor, event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Panels are pressed and dragged as the time bar is. */
  #scrub() {
    /** @type {Panel | undefined} */
    let pressed;
    const seek = (/** @type {PointerEvent} */ event) => {
      const cell = pressed?.cellAt(event.clientX, event.clientY);
      if (cell) this.goTo(cell.step);
    };
    this.place.addEventListener("pointerdown", (event) => {
      const { target } = event;
      pressed = event.button === 0 && target instanceof Element ? this.panels.find(({ plot }) => plot.contains(target)) : undefined;
      pressed?.plot.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.place.addEventListener("pointermove", seek);
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.place.addEventListener(over, () => (pressed = undefined));
    }
  }

  draw() {
    const { trace } = this;
    if (!trace) return;
    const rows = locationsShown(trace, false);
    for (const panel of this.panels) {
      if (panel.spec.axis === "location") panel.showRows(rows);
      panel.draw(this.theme);
      if (panel.spec.role === "output" && foretells(trace)) drawPredictions(panel, trace, this.theme);
    }
    this.#move();
  }

  measure() {
    this.panels.forEach((panel) => panel.measure());
    this.draw();
    this.transport?.align();
  }

  restyle() {
    this.theme = readTheme();
    this.panels.forEach((panel) => panel.forget());
    this.draw();
  }
}

/**
 * A number of a step by its name in the guide's sentences: `write.location`, `read.gate`, `read.content`, `write5.location`, `origin`, and of
 * predictions `said` and `best` …
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
  if (name === "said") return hundredths(trace.at("outputs", step)[0]);
  if (name === "best") return hundredths(trace.at(optimumOf(trace) ?? "outputs", step)[0]);
  const [called, what] = name.split(".");
  const head = headCalled(trace, called);
  const weighting = trace.at(head.weighting, step);
  const peak = argmax(weighting);
  if (what === "location") return String(peak);
  if (what === "weight") return weighting[peak].toFixed(3);
  if (what === "content" || what === "found") {
    const content = trace.at(head.fields.get("content_weighting") ?? head.weighting, step);
    const place = argmax(content);
    return what === "content" ? String(place) : content[place].toFixed(3);
  }
  return numbersOf(trace, head.name, step)[what];
}

/** A head by its name, or the first of a kind. @param {Trace} trace @param {string} called */
const headCalled = (trace, called) => trace.heads.find(({ name }) => name === called) ?? chosenHead(trace, /** @type {"write" | "read"} */ (called), firstHeads(trace));

/** The field that a chapter names by a head, or by the kind of the first such head. @param {Trace} trace @param {string} name */
function fieldIn(trace, name) {
  const [called, stage] = name.split(".");
  return stage === undefined ? name : `${headCalled(trace, called).name}.${stage}`;
}
