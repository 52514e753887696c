/**
 * The address bar: it follows what the tape shows, once the cursor rests, and a link that stands in it is opened.
 *
 * @typedef {import("./deck.mjs").Deck} Deck
 * @typedef {import("./link.mjs").Opened} Opened
 * @typedef {import("#viewer/contract/stream.mjs").Fault} Fault
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("./task.mjs").Input} Input
 * @typedef {{checkpoint: string | null, input: Input | null, locations: number | null, interventions: unknown[]}} Wanted
 *     what the composer and the chooser are to hold, null for what they hold by themselves
 * @typedef {{hash: string, request: Request, view: string | null}} Held a link that cannot be shown as it was written, of which
 *     run, and the view that was shown in its place
 */

import { calledBy, placeOf, reasonOf } from "./lab/refusals.mjs";
import { SPEEDS } from "#viewer/model/cursor.mjs";
import { headsOf } from "#viewer/model/panels.mjs";
import { find } from "#viewer/draw/dom.mjs";
import { SHOWN } from "./lab/versus.mjs";
import { Visited } from "./visited.mjs";
import { DEFAULT_VIEW, describeRun, describeView, readLink, runPart, SHA_DIGITS } from "./link.mjs";

/** How long nothing must change before the address is written: browsers count how often it is. */
const REST_MS = 350;

/** @type {Wanted} */
const NOTHING = { checkpoint: null, input: null, locations: null, interventions: [] };

export class Address {
  /** @param {Deck} deck @param {number} mostVectors of a sequence @param {AbortSignal} signal when the page is taken away */
  constructor(deck, mostVectors, signal) {
    this.deck = deck;
    this.mostVectors = mostVectors;
    /** What the address said when this page last read or wrote it. */
    this.known = "";
    /** Links that have been read so far, or are being: of two that overlap the later one is opened. */
    this.read = 0;
    /** Whether the last of them is being read. */
    this.reading = false;
    /** Addresses that were worked out so far, or are being: only the latest is written. */
    this.worked = 0;
    /** A link from when it is read until its run begins. @type {Opened | null} */
    this.opened = null;
    /** Whether it is not a link but what was shown before on another page. */
    this.kept = false;
    /** Whether the tape is to play on as soon as it is where it was. */
    this.playing = false;
    /** Stays in the address as it was written: what it says is not true here. @type {Held | null} */
    this.held = null;
    /** What is written into the history, in turn. @type {Promise<void>} */
    this.written = Promise.resolve();
    /** Of which piece of typing the last entry of the history is. @type {number | null} */
    this.piece = null;
    this.visited = new Visited(signal);
    /** The entry of the history that stands for a file. @type {number | null} */
    this.left = null;
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
    for (const moved of ["popstate", "hashchange"]) window.addEventListener(moved, () => this.#moved(), { signal });
  }

  /** Reads the address. Null where it is not a link, or another came while it was read. @returns {Promise<Wanted | null>} */
  async open() {
    this.known = location.hash;
    this.reading = true;
    this.read += 1;
    const { read } = this;
    const link = await readLink(location.hash, SPEEDS);
    if (read !== this.read) return null;
    this.reading = false;
    if (!link) return null;
    const count = vectorsIn(link.input);
    if (count > this.mostVectors) {
      const [length, most] = [count, this.mostVectors].map((each) => each.toLocaleString("en"));
      link.faults.push(`The link's ${link.input?.sequence ? "sequence" : "input"} has ${length} vectors, and at most ${most} fit in one run.`);
      link.input = null;
    }
    this.opened = link;
    this.kept = false;
    this.deck.opening = false;
    this.deck.lab.hold(link.base ?? null);
    if (link.interventions.length > 0 || link.base) goToLab();
    const { checkpoint, input, locations, interventions } = link;
    return { checkpoint, input, locations, interventions };
  }

  /** A run begins on the tape. @param {Request | null} request @param {Trace} trace @param {number | null} piece of typing that it is of */
  begin(request, trace, piece = null) {
    const { opened, kept, deck, held } = this;
    const first = this.request === null;
    this.request = request;
    this.opened = null;
    this.kept = false;
    this.target = null;
    this.pin = null;
    if (opened && kept) return void this.#apply(opened, trace);
    if (!opened) {
      if (held && request && isSame(held.request, request)) return;
      this.#release();
      this.written = this.written.then(() => this.#enter(trace, request, first, piece));
      return;
    }
    this.#visit(trace, request);
    const faults = [...opened.faults, ...this.#differences(opened, trace), ...this.#apply(opened, trace)];
    this.#release();
    if (faults.length === 0 || !request) return;
    this.held = { hash: this.known, request, view: null };
    deck.notice.show(faults.join(" "), "link");
  }

  /** The tape is of a file's run, which no link can hold: an entry of its own stands for it, that names none. @param {string} name of the file */
  leave(name) {
    this.#release();
    Object.assign(this, { opened: null, kept: false, target: null, pin: null, request: null, described: null });
    this.written = this.written.then(() => {
      if (location.hash) this.visited.push(location.pathname + location.search);
      this.known = location.hash;
      this.left = this.visited.place;
      this.visited.show(name);
    });
  }

  /** The file is closed: what is shown next stands in the place of its entry. */
  back() {
    this.written = this.written.then(() => {
      if (this.left === null) return;
      this.visited.drop(this.left);
      if (this.left === this.visited.place && location.search) this.visited.replace(location.pathname + location.hash);
    });
  }

  /** What is shown is to be shown again by the next run, which is the same on another page. */
  keep() {
    const { cursor, trace } = this.deck;
    if (!trace || this.opened) return;
    this.opened = { checkpoint: null, sha: "", input: null, locations: null, interventions: [], view: this.#viewed(), faults: [] };
    this.kept = true;
    this.playing = cursor.playing;
  }

  /** What the address says is true again, or of no account. */
  #release() {
    this.held = null;
    this.deck.notice.drop();
  }

  /**
   * A run that the user has begun is a place to go back to, of each piece of typing the last one; the page's first takes the
   * address as it is.
   *
   * @param {Trace} trace @param {Request | null} request @param {boolean} first @param {number | null} piece
   */
  async #enter(trace, request, first, piece) {
    const run = await this.#describe(trace, request);
    if (run === null || this.#isTaken || !this.#isShown()) return;
    if (runPart(location.hash) === run) return this.#visit(trace, request);
    const inPlace = first || (piece !== null && piece === this.piece) || this.left === this.visited.place;
    if (inPlace) this.visited.replace(`#${run}`);
    else this.visited.push(`#${run}`);
    this.left = null;
    this.piece = piece;
    this.known = location.hash;
    this.#visit(trace, request);
  }

  /** The entry of the history that is shown is of this run. @param {Trace} trace @param {Request | null} request */
  #visit(trace, request) {
    if (request) this.visited.show(this.deck.composer.wordsOf({ ...request, checkpoint: trace.header.checkpoint.id }));
  }

  /** More of the tape has arrived: at the link's step the cursor stays, if nobody has moved it. */
  grow() {
    const { cursor } = this.deck;
    this.#pinArrived();
    if (this.target === null || cursor.arrived <= this.target) return;
    if (cursor.following) {
      cursor.seek(this.target);
      if (this.held) this.held.view = this.#view();
      if (this.playing) cursor.play();
    }
    this.playing = false;
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
    if (this.kept) this.opened = null;
    this.kept = false;
    if (!this.opened || this.opened.input === null) return;
    const { interventions, checkpoint, input, locations } = this.opened;
    const refused = placeOf(fault);
    if (refused < interventions.length) {
      const left = interventions.filter((_, place) => place !== refused);
      const said = `The link's change ${calledBy(interventions[refused])} is left out: ${reasonOf(fault.detail)}`;
      this.opened = { ...this.opened, interventions: left, faults: [...this.opened.faults, said] };
      return void this.deck.open({ checkpoint, input, locations, interventions: left });
    }
    const faults = [`The link's run was refused. ${fault.detail}`];
    this.opened = { ...this.opened, checkpoint: null, sha: "", input: null, faults };
    this.deck.open(NOTHING);
  }

  /** Something that a link holds may have changed. Costs nothing while the tape plays. */
  follow() {
    if (this.timer !== 0 || this.deck.cursor.playing) return;
    this.before = this.#view();
    this.timer = setTimeout(() => this.#rested(), REST_MS);
  }

  /** The run is compared with another now. */
  forget() {
    this.described = null;
    this.follow();
  }

  /** The address of exactly what the tape shows. */
  async url() {
    const hash = await this.#hash();
    return hash === null ? location.href : new URL(hash, location.href).href;
  }

  #rested() {
    this.timer = 0;
    if (this.deck.cursor.playing) return; // it follows at a pause
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
    const { trace } = this.deck;
    this.worked += 1;
    const { worked } = this;
    const hash = this.#isTaken || !this.#isShown() ? null : (this.#heldHash() ?? (await this.#hash()));
    if (hash === null || worked !== this.worked || trace !== this.deck.trace) return;
    if (this.#isTaken || !this.#isShown() || hash === location.hash) return;
    this.visited.replace(hash);
    this.known = location.hash;
  }

  /** Whether a link stands in the address whose run has yet to begin, read or not: it is not written over. */
  get #isTaken() {
    return this.opened !== null || this.reading || location.hash !== this.known;
  }

  /** Whether the page that is shown has the tape on it. */
  #isShown() {
    return this.deck.root.closest("[hidden]") === null;
  }

  /** The link that was opened, as it was written; only its view follows, once it has changed. Null where the tape is of another run. */
  #heldHash() {
    const { held, request } = this;
    if (!held || !request || !isSame(held.request, request)) return null;
    const view = this.#view();
    held.view ??= view;
    return view === held.view ? held.hash : `#${[runPart(held.hash), view].join("&")}`;
  }

  /** @returns {Promise<string | null>} null while there is no tape */
  async #hash() {
    const { trace, cursor } = this.deck;
    if (!trace || cursor.step < 0) return null;
    const view = this.#view();
    const run = await this.#describe(trace);
    return run === null ? null : `#${[run, view].join("&")}`;
  }

  /** The run of a trace, as a link says it. @param {Trace} trace @param {Request | null} request @returns {Promise<string | null>} */
  async #describe(trace, request = this.request) {
    if (this.described?.trace === trace) return this.described.run;
    if (!request) return null;
    const { id, sha256 } = trace.header.checkpoint;
    const sha = String(sha256 ?? "").slice(0, SHA_DIGITS);
    const run = await describeRun({ ...request, checkpoint: id, sha, base: this.deck.lab.base });
    if (trace === this.deck.trace) this.described = { trace, run };
    return run;
  }

  /** What is shown of the run. @returns {import("./link.mjs").View} */
  #viewed() {
    const { loop, range, speed, step } = this.deck.cursor;
    const { tape, composer } = this.deck;
    const { allRows, pin, open } = tape;
    return { ...DEFAULT_VIEW, step: this.target ?? step, allRows, speed, loop, range, pin, open, way: composer.ownWay, heads: this.#heads(), show: this.deck.lab.view, ...this.deck.trace?.framing() };
  }

  /** Those that are looked at and are not the first of their side. */
  #heads() {
    const { trace, looked } = this.deck.tape;
    return looked.flatMap(({ kind, name }) => (trace && headsOf(trace, kind)[0]?.name !== name ? [name] : []));
  }

  #view() {
    return describeView(this.#viewed());
  }

  /** The user went back or forward, or put another link into the address bar. */
  async #moved() {
    if (location.hash === this.known) return;
    const wanted = await this.open();
    const link = this.opened;
    if (this.reading) return; // another that came meanwhile
    if (!wanted || !link) {
      this.follow();
    } else if (this.deck.trace && (await this.#shows(link))) {
      this.begin(this.request, this.deck.trace);
      this.deck.cursor.pause();
      this.deck.cursor.seek(this.target ?? 0);
      this.target = null;
    } else {
      this.deck.open(wanted);
    }
  }

  /** Whether the tape shows the link's run already. @param {Opened} link */
  async #shows({ checkpoint, sha, input, locations, interventions, base }) {
    if (!checkpoint || !input || this.described?.trace !== this.deck.trace) return false;
    return (await describeRun({ checkpoint, sha, input, locations, interventions, base })) === this.described?.run;
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
    if (link.input === null) instead.push("The page's own input is shown instead.");
    return instead;
  }

  /** Shows the tape as the link says; what it cannot show so comes back as sentences. @param {Opened} link @param {Trace} trace */
  #apply({ view }, trace) {
    const { steps } = trace;
    const { composer, cursor, tape } = this.deck;
    const faults = [];
    find("[data-action=all-rows]").setAttribute("aria-pressed", String(view.allRows));
    tape.showAll(view.allRows);
    cursor.setSpeed(view.speed);
    cursor.setLoop(view.loop);
    if (view.range && view.range.last < steps) cursor.setRange(view.range.first, view.range.last);
    else if (view.range) faults.push(`This tape has no steps ${view.range.first} to ${view.range.last} to loop.`);
    if (view.rows && (view.rows.first >= trace.locations || view.rows.count > trace.locations)) {
      faults.push(`This memory has no ${view.rows.count} locations from ${view.rows.first} on to show.`);
    }
    if (view.step !== null && view.step >= steps) {
      faults.push(`This tape has no step ${view.step}; its last step, ${steps - 1}, is shown instead.`);
    }
    this.target = Math.min(view.step ?? steps - 1, steps - 1);
    this.deck.lab.shown = SHOWN.find((each) => each === view.show) ?? "changed";
    tape.unpin();
    tape.open = view.open;
    if (view.way) composer.choose(view.way);
    faults.push(...this.#choose(view.heads, trace));
    this.pin = view.pin;
    if (view.pin && !tape.has(view.pin)) {
      faults.push(`This tape has no cell “${view.pin.panel}-${view.pin.step}-${view.pin.row}” to pin.`);
      this.pin = null;
    }
    this.#pinArrived();
    return faults;
  }

  /** Looks at these heads, and on a side that none of them is of at the first. @param {string[]} names @param {Trace} trace */
  #choose(names, trace) {
    const heads = { write: "", read: "" };
    const found = names.map((name) => trace.heads.find((head) => head.name === name) ?? name);
    for (const head of found) if (typeof head !== "string") heads[head.kind] = head.name;
    this.deck.store.look({ heads });
    const missing = found.filter((head) => typeof head === "string");
    if (missing.length === 0) return [];
    const named = missing.map((name) => `“${name}”`).join(" and no ");
    return [`This machine has no head ${named}; it has ${trace.heads.map(({ name }) => name).join(", ")}.`];
  }
}

/** A run that was changed, or is compared, is shown in the lab: the address stays as it is but for its page. */
function goToLab() {
  const { pathname } = /** @type {HTMLAnchorElement} */ (find(".page-link.page-lab"));
  if (location.pathname === pathname) return;
  history.replaceState(history.state, "", pathname + location.search + location.hash);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}

/** How many vectors an input has, in lists of any depth. @param {unknown} input @returns {number} */
function vectorsIn(input) {
  if (typeof input !== "object" || input === null) return 0;
  if (Array.isArray(input) && typeof input[0] === "number") return 1;
  return Object.values(input).reduce((sum, part) => sum + vectorsIn(part), 0);
}

/** Whether two requests are for the same run. @param {Request} one @param {Request} other */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
