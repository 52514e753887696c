/**
 * A tape in any element of any page: panels, player and a connection to the service of its own. It is shown what to run and where
 * to stand, and tells what becomes of it.
 *
 * @typedef {import("../contract/stream.mjs").Request} Request
 * @typedef {import("../store.mjs").Pin} Pin
 * @typedef {{request?: Request | null, step?: number | null, pin?: Pin | null, service?: string | null}} Props
 * @typedef {{state: "running" | "done" | "refused" | "away", sentence: string, steps: number | null, wrong: number | null}} Status
 * @typedef {{step?: number, pin?: Pin | null, status?: Status}} Told
 */

import { Stream } from "../contract/stream.mjs";
import { checked, decodeFrame } from "../contract/wire.mjs";
import { build } from "../draw/dom.mjs";
import { Trace } from "../model/trace.mjs";
import { Store } from "../store.mjs";
import { Tape } from "../views/tape.mjs";
import { keepTime } from "./clock.mjs";
import { controls } from "./controls.mjs";
import { actionOf, belongsTo } from "./keys.mjs";
import { Transport } from "./transport.mjs";

/** How long the cursor must stand still before its step is told. */
const REST_MS = 150;

export class EmbeddedTape {
  store = new Store();
  /** What was told last, and what was shown: neither is taken for news when it comes back. @type {{step: number | null, pin: string}} */
  known = { step: null, pin: "null" };
  /** Where to stand as soon as that has arrived. @type {number | null} */
  target = null;
  /** @type {Pin | null} */
  wantedPin = null;
  /** As it was run last. */
  ran = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resting = undefined;

  /**
   * @param {HTMLElement} root
   * @param {string | null | undefined} service where it is; the page's own address where nothing is said
   * @param {(told: Told) => void} tell
   */
  constructor(root, service, tell) {
    this.tell = tell;
    this.notice = build("p", { class: "field-message", role: "alert" });
    const place = build("section", { class: "tape", "aria-label": "The tape" });
    const player = build("section", { class: "transport", "aria-label": "Player" }, ...controls());
    root.replaceChildren(this.notice, player, place);
    const { cursor } = this.store;
    this.tape = new Tape(place, this.store);
    this.transport = new Transport(player, cursor);
    this.tape.tell = (sentence) => this.transport.announce(sentence);
    this.tape.painted = () => this.#painted();
    this.tape.failed = (error) => this.stream.giveUp(error);
    const wake = keepTime([cursor]);
    cursor.addEventListener("change", () => {
      wake();
      this.#rest();
    });
    this.store.addEventListener("view", () => this.#rest());
    root.addEventListener("keydown", (event) => this.#key(event));
    const url = new URL("api/stream", service ? `${service.replace(/\/$/, "")}/` : new URL(".", document.baseURI)).href;
    this.stream = new Stream(url.replace(/^http/, "ws"), {
      header: (description) => this.#begin(new Trace(checked(description))),
      frame: (message) => this.#grow(message),
      done: (results) => this.#finish(results),
      fault: ({ detail }) => this.#say("refused", detail),
      away: (_running, { sentence }) => this.#say("away", sentence),
      back: () => this.#say("done", ""),
    });
  }

  /** Another run, step or pin; what is as it was is left alone. @param {Props} props */
  show({ request = null, step = null, pin = null }) {
    const asked = JSON.stringify(request);
    if (request && asked !== this.ran) {
      this.ran = asked;
      this.target = step;
      this.wantedPin = pin;
      this.store.source = request;
      return this.stream.run(request);
    }
    if (step !== null && step !== this.known.step) {
      this.target = step;
      this.#arrive();
    }
    if (JSON.stringify(pin) !== this.known.pin) {
      this.known.pin = JSON.stringify(pin);
      this.tape.pin = pin;
    }
  }

  /** For good. */
  close() {
    clearTimeout(this.resting);
    this.stream.close();
    this.store.cursor.pause();
  }

  /** @param {Trace} trace */
  #begin(trace) {
    this.store.trace = trace;
    this.store.cursor.begin(trace.steps);
    this.tape.begin(trace);
    this.transport.begin(trace);
    this.#say("running", "");
  }

  /** @param {ArrayBuffer} message */
  #grow(message) {
    const { trace, cursor } = this.store;
    if (!trace) return;
    trace.append(decodeFrame(message, trace.rowLength));
    cursor.grow(trace.arrived);
    this.#arrive();
  }

  /** @param {import("../contract/wire.mjs").Results} results */
  #finish(results) {
    this.store.trace?.finish(results);
    this.tape.request();
    this.transport.mark();
    this.#say("done", results.diagnosis?.sentence ?? "");
  }

  /** What was asked for is there by now. */
  #arrive() {
    const { cursor } = this.store;
    if (this.target !== null && cursor.arrived > this.target) {
      cursor.pause();
      cursor.seek(this.target);
      this.target = null;
    }
    if (this.wantedPin && cursor.arrived > this.wantedPin.step) {
      this.tape.pin = this.wantedPin;
      this.wantedPin = null;
    }
  }

  #painted() {
    const { trace, cursor } = this.store;
    if (trace && cursor.growing) this.transport.show();
  }

  /** Tells where the cursor stands, and what is pinned, once neither moves. */
  #rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const { cursor } = this.store;
      if (cursor.playing || cursor.growing || this.target !== null || cursor.step < 0) return;
      const { pin } = this.tape;
      const [step, pinned] = [cursor.step, JSON.stringify(pin)];
      if (step === this.known.step && pinned === this.known.pin) return;
      this.known = { step, pin: pinned };
      this.tell({ step, pin });
    }, REST_MS);
  }

  /** @param {Status["state"]} state @param {string} sentence */
  #say(state, sentence) {
    const { trace } = this.store;
    this.notice.textContent = state === "refused" || state === "away" ? sentence : "";
    this.tell({ status: { state, sentence, steps: trace?.steps ?? null, wrong: trace?.results?.wrong ?? null } });
  }

  /** Keys move this tape alone, while the focus is in it. @param {KeyboardEvent} event */
  #key(event) {
    const isTaken = event.defaultPrevented || belongsTo(document.activeElement, event.key);
    const act = isTaken ? null : actionOf(this.store.cursor, event);
    if (!act) return;
    event.preventDefault();
    act();
  }
}
