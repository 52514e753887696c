/**
 * The deck: one stream, one time cursor, the traces that came, and what shows them.
 *
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/contract/stream.mjs").Fault} Fault
 * @typedef {import("#viewer/contract/wire.mjs").Description} Description
 * @typedef {import("./dash.mjs").Dash} Dash
 * @typedef {import("./address.mjs").Wanted} Wanted
 */

import { Address } from "./address.mjs";
import { Comparison } from "./comparison.mjs";
import { Composer } from "./composer.mjs";
import { build, find } from "#viewer/draw/dom.mjs";
import { composerDeeds, trainingDeeds } from "./deeds.mjs";
import { Desk } from "./desk.mjs";
import { Evaluation } from "./evaluation.mjs";
import { Film } from "./film.mjs";
import { Guide } from "./guide.mjs";
import { Lab } from "./lab/lab.mjs";
import { Listed } from "./listed.mjs";
import { Notice } from "./notice.mjs";
import { Opened } from "./opened.mjs";
import { busySentence } from "./patience.mjs";
import { NOT_UNDERSTOOD, Stream } from "#viewer/contract/stream.mjs";
import { Store } from "#viewer/store.mjs";
import { Tape } from "#viewer/views/tape.mjs";
import { onThemeChange } from "#viewer/draw/theme.mjs";
import { Plays } from "./plays.mjs";
import { Standing } from "#viewer/player/standing.mjs";
import { SharedScales, Trace } from "#viewer/model/trace.mjs";
import { Remedy } from "./remedy.mjs";
import { Shelf } from "./shelf.mjs";
import { Training } from "./training.mjs";
import { controls } from "#viewer/player/controls.mjs";
import { Transport } from "#viewer/player/transport.mjs";
import { Typing } from "./typing.mjs";
import { checked, decodeFrame } from "#viewer/contract/wire.mjs";

/** Of a part of the page. @param {string} part */
export const placeOf = (part) => find(`[data-place=${part}]`);

/** So long a run waits, once its first step is there, to be shown whole: one that was asked for less than what is typed. */
const HOLD_MS = { asked: 15, typed: 40 };

export class Deck {
  /**
   * @param {string} url of the stream
   * @param {Dash} dash
   * @param {AbortSignal} signal when the page is taken away
   */
  constructor(url, dash, signal) {
    this.root = find("#tape");
    this.dash = dash;
    this.store = new Store();
    this.cursor = this.store.cursor;
    const player = find("#transport", placeOf("player"));
    const help = build("button", { type: "button", class: "icon", "data-action": "help", "aria-label": "Keys", title: "Keys (?)" }, "?");
    player.prepend(...controls(help));
    this.transport = new Transport(player, this.store);
    this.page = "play";
    this.tape = new Tape(this.root, this.store);
    this.standing = new Standing(this.store, this.tape, (told) => this.#tellComponent(told));
    this.readouts = this.tape.readouts;
    this.notice = new Notice(find("#notice"));
    this.address = new Address(this, Number(find("#links").dataset.mostVectors), signal);
    const composed = find(".composer", placeOf("composer"));
    this.typing = new Typing((request) => this.#revise(request));
    const deeds = composerDeeds(dash, {
      run: (request) => this.run(request),
      type: (request) => this.typing.take(request),
      changes: () => this.lab.composed,
      show: () => this.#compose(),
    });
    this.composer = new Composer({ text: composed.dataset.text ?? "", most: this.address.mostVectors }, deeds);
    this.desk = new Desk(composed, this.composer);
    this.shelf = new Shelf(find(".shelf-parts", placeOf("shelf")), this.composer, this.address.visited);
    this.remedy = new Remedy(/** @type {HTMLElement} */ (this.readouts.diagnosis.parentElement), this.composer);
    this.desk.show();
    this.film = new Film(find("#film"), (trace) => this.#show(trace), (figure) => dash.tell(dash.ids.film, { data: figure }));
    this.tape.crowded = () => this.film.reel.running !== undefined;
    this.plays = new Plays(this.cursor, this.film, () => this.page === "learn");
    this.film.changed = () => this.plays.update();
    this.transport.player = this.plays;
    this.comparison = new Comparison(find("#comparison"), this.film, this.store);
    find(".leaps", player).prepend(this.plays.root);
    /** @type {Lab} */
    this.lab = new Lab({ beside: placeOf("lab"), above: placeOf("versus") }, this, url, {
      rerun: (interventions) => this.#rerun(interventions),
      open: (wanted) => this.open(wanted),
      request: () => (this.opened.shown ? null : this.request),
      words: (request) => this.composer.wordsOf(request),
      sizes: (request) => this.composer.sizesOf(request),
      follow: () => this.address.follow(),
      forget: () => this.address.forget(),
      refuse: (sentence) => this.notice.show(sentence, "error"),
    }, signal);
    this.evaluation = new Evaluation(find(".generalize"), (figure) => dash.tell(dash.ids.evaluated, { data: figure }));
    this.guide = new Guide(find("#guide", placeOf("guide")), url);
    this.training = new Training(/** @type {HTMLDetailsElement} */ (find("#training")), trainingDeeds(dash, this.composer.chosen, this.notice, () => this.#list()), signal);
    /** What arrives: another than the tape shows while a film runs. @type {Trace | null} */
    this.arriving = null;
    /** What arrives and is to be shown, once there is something of it to see: till then the tape before stands. @type {Trace | null} */
    this.coming = null;
    /** Until what comes is shown, whole or not. @type {ReturnType<typeof setTimeout> | undefined} */
    this.holding = undefined;
    /** Whether the run that was asked for last was typed, and of which piece of typing it is. @type {number | null} */
    this.piece = null;
    /** Until the first run is over: it plays by itself. */
    this.opening = true;
    this.painted = false;
    /** Runs that were asked for, and which of them the tape is of: marks of pictures name it. */
    this.asked = 0;
    this.shown = 0;
    /** What was asked for last with other changes, to be shown where the cursor is. @type {Request | null} */
    this.rerun = null;
    /** The request that the tape's component was told, or gave. */
    this.told = "null";
    /** Whether it gave one that has yet to begin: the step that it gave is one of that. */
    this.given = false;
    /** The last tape that was painted to its end, for when another turns out not to be one. @type {{trace: Trace, request: Request | null, step: number} | null} */
    this.whole = null;
    this.comparing = false;
    /** @type {any[]} */
    this.machines = [];
    this.listed = new Listed();
    /** @type {(seen?: unknown) => void} */
    this.seen = () => {};
    /** Until the first tape is painted, or is known not to come. */
    this.firstTape = new Promise((seen) => (this.seen = seen));
    /** Links that were opened so far, or are being: of two that overlap the later one is run. */
    this.opens = 0;
    /** The last request, which a page that needs more of it runs again. @type {Request | null} */
    this.request = null;
    /** What was shown before the file that is open; null where nothing was. @type {Deck["whole"]} */
    this.before = null;
    this.opened = new Opened(find("#opened", placeOf("opened")), {
      show: (trace, name) => this.#showFile(trace, name),
      close: () => this.#closeFile(),
      refuse: (sentence) => this.notice.show(sentence, "file"),
    });
    /** The page's own first run, which waits until the file is closed that the page was opened with; undefined where none is to wait. @type {Request | null | undefined} */
    this.first = undefined;
    this.#openAddressed();
    this.tape.tell = (sentence) => this.transport.announce(sentence);
    this.transport.columns = () => this.tape.columns;
    this.tape.measured = () => this.transport.align();
    this.tape.painted = (trace, step) => this.#painted(trace, step);
    this.tape.failed = (error) => (this.opened.shown ? this.#giveUpFile(error) : this.stream.giveUp(error));
    onThemeChange(() => this.desk.drawing.draw());
    this.stream = new Stream(url, {
      header: (description) => this.#begin(checked(description)),
      frame: (message) => this.#grow(message),
      done: (results) => this.#finish(results),
      fault: (fault) => this.#refuse(fault),
      away: (running, obstacle) => this.#away(running, obstacle),
      back: () => this.#back(),
      busy: (seconds) => this.notice.show(busySentence("Your run", seconds), "away"),
    });
    /** The tape's component, once Dash is there. @type {Place | undefined} */
    this.component = undefined;
    /** What that has yet to hear. @type {object} */
    this.untold = {};
  }

  /** For good. */
  close() {
    this.standing.close();
    this.lab.close();
    this.stream.close();
    this.guide.close();
    this.plays.pause();
  }

  /** What the tape's component is given: another run is opened as one of a link. @param {import("#viewer/player/embedded.mjs").Props} props */
  #place({ request, step, pin }) {
    const asked = JSON.stringify(request ?? null);
    if (request && asked !== this.told) {
      this.told = asked;
      const { checkpoint, input, locations = null, interventions = [] } = request;
      this.given = true;
      this.standing.begin({ step, pin });
      return void this.open({ checkpoint, input, locations, interventions });
    }
    if (!this.given) this.standing.show({ step, pin });
  }

  /** What the tape shows. @returns {Trace | null} */
  get trace() {
    return this.store.trace;
  }

  set trace(trace) {
    this.store.trace = trace;
  }

  /** Shows what is composed, and whether the tape is of that. */
  #compose() {
    this.desk.show();
    this.shelf.show();
    this.compare();
    this.address.follow(); // the way in is part of the view
  }

  /** Says whether the tape is of what stands in the composer, once the fields show what they hold. */
  compare() {
    if (this.comparing) return;
    this.comparing = true;
    requestAnimationFrame(() => {
      this.comparing = false;
      const changed = this.composer.changed && !this.typed && !this.opened.shown;
      this.root.toggleAttribute("data-changed", changed);
      this.readouts.showChanged(changed);
    });
  }

  /** Whether a run of what was typed is on its way to the tape. */
  get typed() {
    return this.typing.waiting !== null || (this.piece !== null && this.asked !== this.shown);
  }

  /** Runs what was typed. @param {Request} request */
  #revise(request) {
    this.opening = false;
    if (request === this.rerun) this.address.keep(); // now, because another run may have begun while it waited
    this.#ask(request, this.typing.piece);
  }

  /** @param {Request} request */
  run(request) {
    this.typing.end();
    this.#ask(request, null);
  }

  /** @param {Request} request @param {number | null} piece of typing that it is of */
  #ask(request, piece) {
    if (this.first === null) {
      this.first = this.request = request;
      if (this.page === "guide") this.#openGuide();
      return;
    }
    this.piece = piece;
    // Of a run that this one replaces no more comes: what there is of it is not shown.
    clearTimeout(this.holding);
    this.coming = null;
    performance.mark("tapedeck:run");
    this.asked += 1;
    this.request = request;
    if (this.notice.root.dataset.kind === "back") this.notice.clear();
    this.lab.ask(request, { trace: this.trace, request: this.address.request });
    this.film.choose(this.machines, request.checkpoint);
    if (this.page === "guide") this.#openGuide();
    this.told = JSON.stringify(request);
    this.standing.tell({ request });
    const sent = (this.page === "learn" ? this.film.reel.begin(request) : null) ?? request;
    if (piece === null) this.stream.run(sent);
    else this.stream.revise(sent);
  }

  /** The same input with other changes inside the machine, at the same step. @param {readonly unknown[]} interventions */
  #rerun(interventions) {
    if (!this.request) return;
    this.rerun = { ...this.request, interventions: [...interventions] };
    this.typing.take(this.rerun);
  }

  /** The page's own first run: of the link in the address, or of what it opens on. */
  async begin() {
    const [wanted] = await Promise.all([this.address.open(), this.#list(false)]);
    if (this.asked === 0) await this.open(wanted);
  }

  /** Runs what a link says, on the machine that it names where that is here, or what is composed. @param {Wanted | null} wanted */
  async open(wanted) {
    this.opens += 1;
    const { opens } = this;
    const named = wanted?.checkpoint ?? null;
    if (named !== null && !this.listed.has(named) && this.asked > 0) await this.#list(false); // it may be new
    if (opens !== this.opens) return;
    const { listed, composer } = this;
    composer.open(listed.choose(named, composer.chosen.machine), wanted ?? undefined);
    this.compare();
  }

  /** What the chooser says. @param {string | null} machine @param {string[]} changed ids of the components */
  hear(machine, changed) {
    this.composer.hear(machine, changed);
    this.compare();
  }

  /** Lists the machines anew. @param {boolean} runs what is composed where its machine is gone, or there was none */
  async #list(runs = true) {
    const { listed, composer, dash } = this;
    if (!(await listed.ask())) return;
    composer.list(listed.machines, listed.tasks);
    dash.tell(dash.ids.tasks, { data: listed.tasks });
    dash.tell(dash.ids.machines, { data: listed.machines });
    this.know(listed.machines);
    if (runs && !listed.has(composer.chosen.machine)) composer.open(listed.choose());
  }

  /** Dash's components are laid out. @param {Places} places that they have put themselves into */
  meet(places) {
    this.component = places.get("tape");
    if (this.component) this.component.show = (props) => this.#place(props);
    this.dash.hear();
    this.#tellComponent({});
  }

  /** @param {object} told */
  #tellComponent(told) {
    this.untold = { ...this.untold, ...told };
    if (!this.component?.tell || Object.keys(this.untold).length === 0) return;
    this.component.tell(this.untold);
    this.untold = {};
  }

  /** The machines that there are now: the film grows while the training runs. @param {any[]} machines */
  know(machines) {
    this.machines = machines;
    const next = this.film.extend(machines);
    if (next) this.stream.run(next);
    this.training.knowMachines(machines);
  }

  /** Another page is shown. @param {string} page */
  visit(page) {
    this.page = page;
    if (page === "learn" && this.opened.shown) this.#closeFile();
    this.training.visit(page === "learn");
    this.desk.show();
    const changes = this.lab.visit(page);
    if (this.request && changes && page === "learn") this.request = { ...this.request, interventions: [] };
    else if (changes && ["play", "lab"].includes(page)) this.#rerun(changes);
    if (page === "learn" && this.request && !this.film.filmed) {
      this.address.keep();
      this.run(this.request);
    }
    if (page === "guide" && this.request) this.#openGuide();
    if (page === "guide") this.cursor.pause();
    else this.guide.pause();
    if (page !== "learn") this.film.setPlaying(false);
    this.plays.update();
    this.address.follow();
  }

  #openGuide() {
    this.guide.open(this.guide.chapters.map(({ task, example, onChosen, changes }) => this.composer.exampleOf(task, example, onChosen, changes)));
  }

  /** @param {Description} header */
  #begin(header) {
    const { reel } = this.film;
    const filmed = reel.running !== undefined;
    if (this.#isPast && !filmed) return void (this.arriving = this.coming = null);
    // A link's rows and scales are those of the film that it is from.
    const view = this.address.opened?.view;
    const framed = view && (view.rows || view.scales) ? new SharedScales() : null;
    const scales = filmed ? reel.scales : framed;
    if (view && framed) scales?.include(view, header.locations);
    this.arriving = filmed ? this.film.open(header) : new Trace(header, scales);
    clearTimeout(this.holding);
    this.coming = filmed && (!reel.first || this.#isPast) ? null : this.arriving;
    if (this.coming && !["back", "done", "file", "link"].includes(this.notice.root.dataset.kind ?? "")) this.notice.clear();
  }

  /** Whether what comes was asked for before a file took the place of all that. */
  get #isPast() {
    return this.opened.shown && this.asked === this.shown;
  }

  /** What comes takes the place of the tape before. */
  #enter() {
    clearTimeout(this.holding);
    if (!this.coming) return;
    if (this.whole?.trace === this.trace && this.whole) this.whole.step = this.cursor.step;
    if (this.opened.shown) this.#leaveFile();
    const trace = this.coming;
    this.coming = null;
    this.shown = this.asked;
    this.root.dataset.state = "running";
    this.#lay(trace);
    this.address.begin(this.request, trace, this.piece);
    this.#shows(trace);
    this.remedy.show(trace, this.address.request);
    this.given = false;
    this.standing.say("running", "");
    this.#arrive();
  }

  /** @param {ArrayBuffer} message */
  #grow(message) {
    if (!this.arriving) return;
    const first = this.arriving.arrived === 0;
    this.arriving.append(decodeFrame(message, this.arriving.rowLength));
    if (this.arriving === this.trace) return this.#arrive();
    if (this.arriving !== this.coming) return;
    if (first) this.holding = setTimeout(() => this.#enter(), this.piece === null ? HOLD_MS.asked : HOLD_MS.typed);
  }

  /** More of the tape is there. */
  #arrive() {
    this.cursor.grow(this.trace?.arrived ?? 0);
    this.address.grow();
    this.standing.arrive();
  }

  /** @param {import("#viewer/contract/wire.mjs").Results} results */
  #finish(results) {
    this.#take(results);
    const next = this.film.reel.next();
    // There may be less room than was thought, or more of the training.
    if (!this.stream.goesOnWith(next)) next ? this.stream.run(next) : this.stream.stop();
    if (next || !this.film.filmed) return;
    this.tape.redraw();
    performance.mark("tapedeck:film");
  }

  /** @param {import("#viewer/contract/wire.mjs").Results} results */
  #take(results) {
    if (!this.arriving) return;
    this.#enter();
    this.arriving.finish(results);
    if (this.arriving === this.trace) {
      this.tape.request();
      this.transport.mark();
      this.#open();
      // Elsewhere than at the end the story is still to be told, and its verdict with it.
      const { wrong, diagnosis } = results;
      const bits = wrong === null ? "" : `: ${wrong} wrong bits`;
      this.remedy.show(this.trace, this.address.request);
      this.lab.take(this.trace);
      const tell = () => this.transport.announce(this.cursor.atEnd ? `Run finished${bits}. ${diagnosis?.sentence ?? ""}` : "Run finished.");
      if (this.piece === null) tell();
      else this.typing.tell(tell);
      this.standing.say("done", diagnosis?.sentence ?? "");
    }
    this.film.finish();
  }

  /** The file that the address names. */
  async #openAddressed() {
    const path = new URLSearchParams(location.search).get("file");
    if (path === null) return;
    this.first = null;
    this.opening = false;
    if (!(await this.opened.fetch(path))) this.#runFirst();
  }

  /** What waited for the file to be closed. */
  #runFirst() {
    const { first } = this;
    this.first = undefined;
    if (first) this.run(first);
  }

  /** The run of a file, in the place of what is shown. @param {Trace} trace @param {string} name */
  #showFile(trace, name) {
    if (this.page !== "play" && this.page !== "lab") /** @type {HTMLElement} */ (find(".page-link.page-play")).click();
    if (!this.before) this.before = this.trace?.over ? { trace: this.trace, request: this.address.request, step: this.cursor.step } : this.whole;
    this.typing.end();
    this.plays.pause();
    clearTimeout(this.holding);
    if (this.film.reel.running === undefined) this.arriving = null; // a film goes on
    this.coming = this.piece = null;
    this.shown = this.asked;
    this.opening = false;
    if (this.notice.root.dataset.kind !== "away") this.notice.clear();
    this.address.leave(name);
    find(".desk").hidden = true;
    try {
      this.#stand(trace);
    } catch (error) {
      return this.#giveUpFile(error);
    }
    this.remedy.show(trace, null);
    this.root.dataset.state = "running"; // until it is painted
    this.standing.say("done", "");
    this.transport.announce(`${name} is open.`);
  }

  /** A file that was read and cannot be shown. @param {unknown} error */
  #giveUpFile(error) {
    console.error(error);
    const name = this.opened.title.textContent;
    this.#closeFile();
    this.notice.show(`This page cannot show ${name} (${error instanceof Error ? error.message.replace(/\.$/, "") : error}).`, "file");
  }

  /** Another trace on the tape, before its first step. @param {Trace} trace */
  #lay(trace) {
    const isAgain = this.request === this.rerun && this.rerun !== null && this.tape.trace === this.trace && this.trace?.steps === trace.steps;
    this.trace = trace;
    this.painted = false;
    this.cursor.begin(trace.steps);
    if (isAgain) this.tape.swap(trace); // of the same sizes: nothing is measured anew
    else this.tape.begin(trace);
    this.transport.begin(trace);
  }

  /** A whole trace on the tape, from its end. @param {Trace} trace */
  #stand(trace) {
    this.#lay(trace);
    this.cursor.grow(trace.arrived);
    this.lab.take(trace);
  }

  /** Back to what was shown before. */
  #closeFile() {
    const { before } = this;
    this.#leaveFile();
    if (before) {
      this.whole = before;
      this.#restore();
    } else {
      this.trace = null;
      this.root.dataset.state = "";
      this.first ??= this.request; // it may have been on its way when the file was opened
      this.#runFirst();
    }
    find(".open-file").focus({ preventScroll: true });
  }

  /** The composer has its place again. */
  #leaveFile() {
    this.opened.close();
    this.before = null;
    this.address.back();
    find(".desk").hidden = false;
    this.desk.show();
  }

  /** The page opens with a tape that plays once, unless it opens on the training, or the user has taken hold of it or wants no motion. */
  #open() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.opening && this.plays.what === "steps" && this.cursor.following && !still) this.cursor.play();
    this.opening = false;
  }

  /** Another trace of the same sequence, at the same step. @param {Trace} trace */
  #show(trace) {
    if (trace === this.trace || this.opened.shown) return;
    this.trace = trace;
    this.#shows(trace);
    this.tape.swap(trace);
    this.transport.swap(trace);
    this.remedy.show(trace, this.address.request);
  }

  /** The machine that the tape is of is the chosen one, on every page: in the chooser, in the address, and for Run. @param {Trace} trace */
  #shows(trace) {
    const { id } = trace.header.checkpoint;
    if (!this.request) return;
    this.request = { ...this.request, checkpoint: id };
    this.address.request = this.request;
    this.composer.shown = { checkpoint: id, input: this.request.input, locations: trace.locations };
    this.composer.follow(id);
    this.compare();
  }

  /** @param {Trace} trace @param {number} step */
  #painted(trace, step) {
    if (this.cursor.growing) this.transport.show();
    this.lab.painted();
    this.address.follow();
    if (!this.painted && trace.arrived > 0) {
      this.painted = true;
      performance.mark("tapedeck:first-paint", { detail: this.shown });
    }
    if (trace.over && this.root.dataset.state === "running") {
      this.root.dataset.state = "done";
      if (!this.opened.shown) this.whole = { trace: this.trace ?? trace, request: this.address.request, step };
      performance.mark("tapedeck:last-paint", { detail: this.shown });
      this.seen();
    }
  }

  /** @param {Fault} fault */
  #refuse(fault) {
    this.seen();
    this.film.stop();
    if (this.#isPast) return;
    clearTimeout(this.holding);
    this.coming = null;
    if (this.lab.leaveOut(fault)) return; // and tries again
    this.piece = null;
    this.compare();
    if (fault.code === NOT_UNDERSTOOD) this.#restore();
    if (!this.lab.refuse(fault)) this.notice.show(fault.detail, "error");
    this.given = false;
    this.standing.say("refused", fault.detail);
    this.root.dataset.state = "fault";
    this.address.refuse(fault);
  }

  /** The last whole tape, at the step where it was, in the place of one that cannot be shown. */
  #restore() {
    const { whole } = this;
    this.arriving = null;
    if (!whole || whole.trace === this.trace) return;
    this.#stand(whole.trace);
    this.address.begin(whole.request, whole.trace);
    this.request = whole.request;
    this.#shows(whole.trace);
    this.cursor.seek(whole.step);
  }

  /** @param {boolean} running @param {import("#viewer/contract/reachability.mjs").Obstacle} obstacle */
  #away(running, { sentence }) {
    const run = running ? " The run continues when it is back." : " What you see stays usable.";
    this.notice.show(`${sentence}${run}`, "away");
    this.standing.say("away", sentence);
  }

  #back() {
    // They hear of this alone: what would ask the service while it is away would fail.
    this.dash.tell(this.dash.ids.service, { data: "back" });
    this.#list();
    this.training.look();
    // Last, because a run that waited for the service takes the notice of one that went before it away.
    this.notice.show("The service is back.", "back");
    this.standing.say("done", "");
  }
}
