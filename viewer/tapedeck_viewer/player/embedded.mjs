/**
 * A tape in any element of any page: panels, player and a connection to the service of its own. It is shown what to run and where
 * to stand, and tells what becomes of it.
 *
 * @typedef {import("../contract/stream.mjs").Request} Request
 * @typedef {import("../store.mjs").Pin} Pin
 * @typedef {{request?: Request | null, step?: number | null, pin?: Pin | null, service?: string | null}} Props
 * @typedef {import("./standing.mjs").Status} Status
 * @typedef {import("./standing.mjs").Told} Told
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
import { Standing } from "./standing.mjs";
import { Transport } from "./transport.mjs";

export class EmbeddedTape {
  store = new Store();
  /** As it was run last. */
  ran = "";

  /**
   * @param {HTMLElement} root
   * @param {string | null | undefined} service where it is; the page's own address where nothing is said
   * @param {(told: Told) => void} tell
   */
  constructor(root, service, tell) {
    this.notice = build("p", { class: "field-message", role: "alert" });
    const place = build("section", { class: "tape", "aria-label": "The tape" });
    const player = build("section", { class: "transport", "aria-label": "Player" }, ...controls());
    root.replaceChildren(this.notice, player, place);
    const { cursor } = this.store;
    this.tape = new Tape(place, this.store);
    this.transport = new Transport(player, this.store);
    this.standing = new Standing(this.store, this.tape, tell);
    this.tape.tell = (sentence) => this.transport.announce(sentence);
    this.transport.columns = () => this.tape.columns;
    this.tape.measured = () => this.transport.align();
    this.tape.painted = () => this.#painted();
    this.tape.failed = (error) => this.stream.giveUp(error);
    const wake = keepTime([cursor]);
    cursor.addEventListener("change", wake);
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
      this.standing.begin({ step, pin });
      this.store.source = request;
      return this.stream.run(request);
    }
    this.standing.show({ step, pin });
  }

  /** For good. */
  close() {
    this.standing.close();
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
    this.standing.arrive();
  }

  /** @param {import("../contract/wire.mjs").Results} results */
  #finish(results) {
    this.store.trace?.finish(results);
    this.tape.request();
    this.transport.mark();
    this.#say("done", results.diagnosis?.sentence ?? "");
  }

  #painted() {
    const { trace, cursor } = this.store;
    if (trace && cursor.growing) this.transport.show();
  }

  /** @param {Status["state"]} state @param {string} sentence */
  #say(state, sentence) {
    this.notice.textContent = state === "refused" || state === "away" ? sentence : "";
    this.standing.say(state, sentence);
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
