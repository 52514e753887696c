/**
 * The address bar: it follows what the tape shows, once the cursor rests, and a link that stands in it is opened.
 *
 * @typedef {import("./deck.mjs").Deck} Deck
 * @typedef {import("./link.mjs").Opened} Opened
 * @typedef {import("./stream.mjs").Fault} Fault
 * @typedef {import("./stream.mjs").Request} Request
 * @typedef {import("./trace.mjs").Trace} Trace
 * @typedef {{checkpoint: string | null, rows: string[] | null, locations: number | null, interventions: unknown[]}} Wanted
 *     what the composer and the chooser are to hold, null for what they hold by themselves
 */

import { SPEEDS } from "./cursor.mjs";
import { find } from "./dom.mjs";
import { describeRun, describeView, readLink, SHA_DIGITS } from "./link.mjs";

/** How long nothing must change before the address is written: browsers count how often it is. */
const REST_MS = 350;

/** @type {Wanted} */
const NOTHING = { checkpoint: null, rows: null, locations: null, interventions: [] };

export class Address {
  /** @param {Deck} deck @param {number} mostVectors of a sequence */
  constructor(deck, mostVectors) {
    this.deck = deck;
    this.mostVectors = mostVectors;
    /** What the address said when this page last read or wrote it. */
    this.known = "";
    /** A link from when it is read until its run begins. @type {Opened | null} */
    this.opened = null;
    /** The step that the link names, until it has arrived. @type {number | null} */
    this.target = null;
    /** The cell that the link pins, until it has arrived. @type {import("./link.mjs").Pin | null} */
    this.pin = null;
    /** What the tape shows is a run of. @type {Request | null} */
    this.request = null;
    /** The part of the link that names the run, and of which trace. @type {{trace: Trace, run: string} | null} */
    this.described = null;
    /** The view at the last look. */
    this.before = "";
    this.timer = 0;
    // The last is what Dash's own links tell.
    for (const moved of ["popstate", "hashchange", "_dashprivate_pushstate"]) {
      window.addEventListener(moved, () => this.#moved());
    }
  }

  /** Reads the address. Null where it is no link. @returns {Promise<Wanted | null>} */
  async open() {
    this.known = location.hash;
    const link = await readLink(location.hash, SPEEDS);
    if (!link) return null;
    if (link.rows && link.rows.length > this.mostVectors) {
      const [length, most] = [link.rows.length, this.mostVectors].map((count) => count.toLocaleString("en"));
      link.faults.push(`The link's sequence has ${length} vectors, and at most ${most} fit in one run.`);
      link.rows = null;
    }
    this.opened = link;
    this.deck.opening = false;
    const { checkpoint, rows, locations, interventions } = link;
    return { checkpoint, rows, locations, interventions };
  }

  /** A run begins on the tape. @param {Request | null} request @param {Trace} trace */
  begin(request, trace) {
    const { opened, deck } = this;
    this.request = request;
    this.opened = null;
    this.target = null;
    this.pin = null;
    if (deck.notice.root.dataset.kind === "link") deck.notice.clear();
    if (!opened) return;
    const faults = [...opened.faults, ...this.#differences(opened, trace), ...this.#apply(opened, trace)];
    if (faults.length > 0) deck.notice.show(faults.join(" "), "link");
  }

  /** More of the tape has arrived: at the link's step the cursor stays, if nobody has moved it. */
  grow() {
    const { cursor } = this.deck;
    this.#pinArrived();
    if (this.target === null || cursor.arrived <= this.target) return;
    if (cursor.following) cursor.seek(this.target);
    this.target = null;
  }

  #pinArrived() {
    const { pin, deck } = this;
    if (!pin || deck.tape.pinned || (deck.trace?.arrived ?? 0) <= pin.step) return;
    deck.tape.pin = pin;
    this.pin = null;
  }

  /** A run was refused. If it was a link's, the page shows its own. @param {Fault} fault */
  refuse(fault) {
    if (!this.opened || this.opened.rows === null) return;
    const faults = [`The link's run was refused. ${fault.detail}`];
    this.opened = { ...this.opened, checkpoint: null, sha: "", rows: null, faults };
    this.deck.dash.tell(this.deck.dash.ids.link, { data: NOTHING });
  }

  /** Something that a link holds may have changed. Costs nothing while the tape plays. */
  follow() {
    if (this.timer !== 0 || this.deck.cursor.playing) return;
    this.before = this.#view();
    this.timer = setTimeout(() => this.#rested(), REST_MS);
  }

  /** The address of exactly what the tape shows. */
  async url() {
    const hash = await this.#hash();
    return hash === null ? location.href : new URL(hash, location.href).href;
  }

  #rested() {
    this.timer = 0;
    if (this.deck.cursor.playing) return; // it follows once she pauses
    // By what it holds, not by when it was painted: the picture of who wrote what is painted again until it is whole.
    const now = this.#view();
    if (now !== this.before) {
      this.before = now;
      this.timer = setTimeout(() => this.#rested(), REST_MS);
      return;
    }
    this.#write();
  }

  async #write() {
    const shown = () => this.deck.root.closest("[hidden]") === null;
    const hash = this.opened || !shown() ? null : await this.#hash();
    if (hash === null || this.opened || !shown() || hash === location.hash) return;
    history.replaceState(history.state, "", hash);
    this.known = location.hash;
  }

  /** @returns {Promise<string | null>} null while there is no tape */
  async #hash() {
    const { trace, cursor } = this.deck;
    if (!trace || !this.request || cursor.step < 0) return null;
    const view = this.#view();
    if (this.described?.trace !== trace) {
      const { id, sha256 } = trace.header.checkpoint;
      const sha = String(sha256 ?? "").slice(0, SHA_DIGITS);
      this.described = { trace, run: await describeRun({ ...this.request, checkpoint: id, sha }) };
    }
    return `#${[this.described.run, view].join("&")}`;
  }

  #view() {
    const { loop, range, speed, step } = this.deck.cursor;
    const { allRows, pin } = this.deck.tape;
    return describeView({ step, allRows, speed, loop, range, pin });
  }

  /** She went back or forward, or put another link into the address bar. */
  async #moved() {
    if (location.hash === this.known) return;
    const wanted = await this.open();
    const link = this.opened;
    if (!wanted || !link) {
      this.follow();
    } else if (this.deck.trace && (await this.#shows(link))) {
      this.begin(this.request, this.deck.trace);
      this.deck.cursor.pause();
      this.deck.cursor.seek(this.target ?? 0);
      this.target = null;
    } else {
      this.deck.dash.tell(this.deck.dash.ids.link, { data: wanted });
    }
  }

  /** Whether the tape shows the link's run already. @param {Opened} link */
  async #shows({ checkpoint, sha, rows, locations, interventions }) {
    if (!checkpoint || !rows || this.described?.trace !== this.deck.trace) return false;
    const sequence = rows.map((row) => [...row].map(Number));
    return (await describeRun({ checkpoint, sha, sequence, locations, interventions })) === this.described?.run;
  }

  /** What is shown in place of what the link says. @param {Opened} link @param {Trace} trace */
  #differences(link, trace) {
    const { id, sha256 } = trace.header.checkpoint;
    const instead = [];
    if (link.checkpoint !== null && link.checkpoint !== id) {
      instead.push(`There is no machine “${link.checkpoint}” here; ${id} is shown instead.`);
    } else if (link.sha && !String(sha256).startsWith(link.sha)) {
      instead.push(`${id} is another machine here than where the link was made, so its numbers may differ.`);
    }
    if (link.rows === null) instead.push("The page's own sequence is shown instead.");
    return instead;
  }

  /** Shows the tape as the link says; what it cannot show so comes back as sentences. @param {Opened} link @param {Trace} trace */
  #apply({ view }, trace) {
    const { steps } = trace;
    const { cursor, tape } = this.deck;
    const faults = [];
    find("[data-action=all-rows]").setAttribute("aria-pressed", String(view.allRows));
    tape.showAll(view.allRows);
    cursor.setSpeed(view.speed);
    cursor.setLoop(view.loop);
    if (view.range && view.range.last < steps) cursor.setRange(view.range.first, view.range.last);
    else if (view.range) faults.push(`This tape has no steps ${view.range.first} to ${view.range.last} to loop.`);
    if (view.step !== null && view.step >= steps) {
      faults.push(`This tape has no step ${view.step}; its last step, ${steps - 1}, is shown instead.`);
    }
    this.target = Math.min(view.step ?? steps - 1, steps - 1);
    tape.unpin();
    this.pin = view.pin;
    if (view.pin && !tape.has(view.pin)) {
      faults.push(`This tape has no cell “${view.pin.panel}-${view.pin.step}-${view.pin.row}” to pin.`);
      this.pin = null;
    }
    this.#pinArrived();
    return faults;
  }
}
