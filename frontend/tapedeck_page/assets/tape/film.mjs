/**
 * The learning film: one sequence on every checkpoint of a training run, one after another on the stream. A slider moves through
 * them, over the curve of the training, and it plays like a tape.
 *
 * @typedef {import("./reel.mjs").Checkpoint} Checkpoint
 * @typedef {import("#viewer/contract/stream.mjs").Request} Request
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/contract/wire.mjs").Description} Header
 */

import { inFew } from "./budget.mjs";
import { namesOf, figureOfFilm } from "./curves.mjs";
import { element, find, say } from "#viewer/draw/dom.mjs";
import { Reel } from "./reel.mjs";
import { grouped } from "./sequences/problem.mjs";
import { inPercent } from "#viewer/model/predictions.mjs";
import { compare } from "#viewer/model/result.mjs";

/** How long the film stays at a checkpoint while it plays. */
const SECONDS_A_CHECKPOINT = 0.25;
const PAGE = 5;
const NO_SERIES = "There are no checkpoints from this machine's training. Choose a machine that was trained here, or train one.";

/** How long the film rests before its curve is drawn, and how long one that does not rest waits. */
const [REST_MS, LONGEST_MS] = [120, 1000];

export class Film {
  /**
   * @param {HTMLElement} root
   * @param {(trace: Trace) => void} show called when another checkpoint's tape is to be seen
   * @param {(figure: import("./curves.mjs").Figure) => void} draw called with the curve
   */
  constructor(root, show, draw) {
    this.root = root;
    this.show = show;
    this.draw = draw;
    /** The timer of the curve; 0 for none. Whether there is one yet, and since when another is asked for. */
    this.drawing = 0;
    this.drawn = false;
    this.asked = 0;
    /** What the marks on the slider are of. */
    this.marked = "";
    this.slider = find("[role=slider]", root);
    this.numbers = Object.fromEntries(
      ["seen", "loss", "errors", "own"].map((name) => [name, find(`[data-readout=film-${name}]`, root)]),
    );
    this.note = find("[data-readout=film-note]", root);
    this.handle = find(".film-handle", this.slider);
    this.marks = find(".film-marks", this.slider);
    this.reel = new Reel();
    this.playing = false;
    /** Called when it begins or ends to play, or can be played or no more. */
    this.changed = () => {};
    /** Called when another checkpoint is shown, or has run, or there are others. */
    this.moved = () => {};
    this.waited = 0;
    this.#listenToPointer();
    this.#listenToKeys();
  }

  /** Whether any checkpoint has been filmed, or is being. */
  get filmed() {
    return this.reel.traces.length > 0;
  }

  /** The film of the run that a machine belongs to, standing at that machine. @param {any[]} machines @param {string} id */
  choose(machines, id) {
    this.reel.choose(machines, id);
    this.#open();
  }

  /** Takes the checkpoints that its run has by now. @param {any[]} machines @returns {Request | null} what to run where nothing runs yet */
  extend(machines) {
    const idle = this.reel.running === undefined;
    if (!this.reel.extend(machines)) return null;
    this.#open();
    return idle ? this.reel.next() : null;
  }

  /** The run of a checkpoint begins; null where it has left the film. @param {Header} header */
  open(header) {
    const trace = this.reel.open(header);
    if (trace) this.#tell();
    return trace;
  }

  /** The run of a checkpoint is over: it is shown if the user waits for it or follows the newest. */
  finish() {
    const finished = this.reel.finish();
    if (finished === this.reel.index) this.#stand();
    this.#mark();
    this.#draw();
    this.moved();
  }

  stop() {
    this.reel.queue = [];
  }

  /** A checkpoint was pressed on the curve. @param {number} index */
  press(index) {
    this.setPlaying(false);
    this.select(index);
  }

  /** Moves to a checkpoint. @param {number} index */
  select(index) {
    this.reel.select(index);
    this.#stand();
  }

  /** Moves forward by that many. @param {number} count */
  move(count) {
    this.reel.move(count);
    this.#stand();
  }

  #stand() {
    if (this.reel.shown) this.show(this.reel.shown);
    this.#tell();
  }

  /** Lets time pass. @param {number} seconds @param {boolean} loop whether it starts over at the end */
  advance(seconds, loop = false) {
    this.waited += seconds;
    if (!this.playing || this.waited < SECONDS_A_CHECKPOINT) return;
    this.waited = 0;
    const { index, last } = this.reel;
    if (index >= last) this.select(0);
    else this.move(1);
    if (this.reel.index >= last && !loop) this.setPlaying(false);
  }

  /** Whether there is more than one checkpoint to play. */
  get playable() {
    return this.reel.stations.length > 1;
  }

  /** At the end, play starts over. @param {boolean} playing */
  setPlaying(playing) {
    this.playing = playing && this.playable;
    this.waited = 0;
    if (this.playing && this.reel.index >= this.reel.last) this.select(0);
    this.changed();
  }

  #open() {
    const { checkpoints, last } = this.reel;
    this.root.dataset.state = checkpoints.length === 0 ? "none" : "some";
    this.slider.setAttribute("aria-valuemax", String(Math.max(0, last)));
    this.#tell();
    this.changed();
  }

  /** The curve, once the film rests: to draw it takes the time of some frames, and the slider over it moves with every one. */
  #draw() {
    if (this.reel.checkpoints.length === 0) return;
    const now = performance.now();
    if (!this.drawing) this.asked = now;
    clearTimeout(this.drawing);
    // One that never rests is drawn now and then.
    const wait = this.drawn ? Math.min(REST_MS, Math.max(0, this.asked + LONGEST_MS - now)) : 0;
    this.drawing = setTimeout(() => {
      this.drawing = 0;
      this.drawn = true;
      const { checkpoints, traces, index, firstExact } = this.reel;
      this.draw(figureOfFilm(checkpoints, checkpoints.map((_, at) => wrongShareOf(traces[at])), index, this.slider.clientWidth, firstExact));
    }, wait);
  }

  /** Where on the slider a checkpoint is. @param {number} at */
  place(at) {
    const { last } = this.reel;
    return `${last > 0 ? (100 * at) / last : 0}%`;
  }

  /** On the slider, over their words on the curve. */
  #mark() {
    const key = JSON.stringify([this.reel.firstExact, this.reel.last]);
    if (key === this.marked) return;
    this.marked = key;
    const marks = this.reel.firstExact.map(({ of, seen, at }) => {
      const mark = element("div", `film-mark of-${of}`);
      mark.style.left = this.place(at);
      mark.title = exactInWords(of, seen);
      return mark;
    });
    this.marks.replaceChildren(...marks);
  }

  #tell() {
    const { checkpoints, traces, index, stations } = this.reel;
    const words = inWords(checkpoints[index], traces[index]);
    for (const [name, word] of Object.entries(words)) say(this.numbers[name], word);
    const names = namesOf(checkpoints);
    for (const name of /** @type {const} */ (["errors", "own"])) {
      const label = this.numbers[name].parentElement?.querySelector("dt");
      const shown = label?.querySelector("button") ?? label;
      if (shown) say(shown, names[name]);
    }
    say(this.note, checkpoints.length === 0 ? NO_SERIES : inFew(stations.length, checkpoints.length));
    this.handle.style.left = this.place(index);
    this.#mark();
    this.#draw();
    this.moved();
    this.slider.setAttribute("aria-valuenow", String(index));
    const exact = this.reel.firstExact.filter(({ at }) => at === index).map(({ of }) => `, first exact: ${of}`);
    this.slider.setAttribute("aria-valuetext", checkpoints.length === 0 ? "no film" : `after ${words.seen} sequences${exact.join("")}`);
  }

  #listenToPointer() {
    let dragging = false;
    const follow = (/** @type {PointerEvent} */ { clientX }) => {
      const box = this.slider.getBoundingClientRect();
      this.select(Math.round(((clientX - box.left) / box.width) * this.reel.last));
    };
    this.slider.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragging = true;
      this.slider.setPointerCapture(event.pointerId);
      this.setPlaying(false);
      follow(event);
    });
    this.slider.addEventListener("pointermove", (event) => {
      if (dragging) follow(event);
    });
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.slider.addEventListener(over, () => (dragging = false));
    }
  }

  /** While the slider has the focus, the keys are the film's. */
  #listenToKeys() {
    this.slider.addEventListener("keydown", (event) => {
      const { last } = this.reel;
      const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -PAGE, PageUp: PAGE, Home: -last, End: last };
      const move = moves[/** @type {keyof typeof moves} */ (event.key)];
      if (move === undefined) return;
      event.preventDefault();
      this.setPlaying(false);
      this.move(move);
    });
  }
}

/** @param {"yours" | "validation"} of @param {number} seen */
const exactInWords = (of, seen) =>
  `${of === "yours" ? "Your sequence" : "The validation"} is exact for the first time after ${grouped(seen)} sequences`;

/** How much of the user's own sequence came back wrong, or how far above the optimum it was foretold; null where that is not known. @param {Trace | undefined} trace */
function wrongShareOf(trace) {
  const score = trace?.results?.score;
  if (score && "excess" in score) return Math.max(0, score.excess);
  const wrong = trace?.results?.wrong ?? null;
  return trace === undefined || wrong === null ? null : wrong / compare(trace).all;
}

/**
 * What stands over the curve.
 *
 * @param {Checkpoint | undefined} checkpoint
 * @param {Trace | undefined} trace of the user's sequence
 */
export function inWords(checkpoint, trace) {
  const { seen = null, loss = null, errorRate = null, foretold = false } = checkpoint ?? {};
  const wrong = trace?.results?.wrong ?? null;
  const score = trace?.results?.score;
  const own = trace === undefined || wrong === null ? "–" : `${wrong} of ${compare(trace).all}`;
  return {
    seen: seen === null ? "–" : grouped(seen),
    loss: loss === null ? "–" : loss.toPrecision(2),
    errors: errorRate === null ? "–" : foretold ? inPercent(errorRate) : errorRate.toFixed(3),
    own: score && "excess" in score ? inPercent(score.excess) : own,
  };
}
