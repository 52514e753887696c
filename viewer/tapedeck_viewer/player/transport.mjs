/**
 * The player's controls: buttons, the time bar, the position and the step in words.
 *
 * @typedef {import("../store.mjs").Store} Store
 * @typedef {import("../model/trace.mjs").Trace} Trace
 * @typedef {import("./strip.mjs").Column} Column
 * @typedef {{readonly playing: boolean, toggle: () => void, readonly words: string, readonly pace: string}} Player
 *   `words` follow "Play" where it is to be said what is played; `pace` is what speed 1 shows in a second
 */

import { find } from "../draw/dom.mjs";
import { SPEEDS } from "../model/cursor.mjs";
import { narrate } from "../model/narration.mjs";
import { verdict } from "../model/result.mjs";
import { stretchesOf } from "./marks.mjs";
import { Strip } from "./strip.mjs";

/** How long the cursor has to stand still before a seek is told: a key that is held down is one seek. */
const REST_MS = 400;

export class Transport {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   */
  constructor(root, store) {
    this.root = root;
    const cursor = (this.cursor = store.cursor);
    this.bar = find("[role=slider]", root);
    this.place = find(".bar-place", root);
    /** The time bar, and its double under each other column of plots. */
    this.strips = [new Strip(find(".time-strip", root))];
    this.words = find("[data-readout=position]", root);
    this.narration = find("[data-readout=narration]", root);
    this.announcer = find("[aria-live]", root);
    this.play = find("[data-action=play]", root);
    this.loop = find("[data-action=loop]", root);
    this.speed = /** @type {HTMLSelectElement} */ (find("[data-action=speed]", root));
    this.speed.replaceChildren(...SPEEDS.map((speed) => new Option(`${fraction(speed)}×`, String(speed), speed === 1, speed === 1)));
    /** What Play plays: the steps, unless the page has more that plays. @type {Player} */
    this.player = { get playing() { return cursor.playing; }, toggle: () => cursor.toggle(), words: "", pace: "ten steps" };
    this.leaps = ["previous-mark", "next-mark"].map((action) => /** @type {HTMLButtonElement} */ (find(`[data-action=${action}]`, root)));
    /** Where the plots stand that it is aligned with. @type {() => Column[]} */
    this.columns = () => [];
    new ResizeObserver(() => this.#measure()).observe(this.bar);
    new ResizeObserver(() => this.align()).observe(this.place);
    root.addEventListener("click", (event) => this.#clicked(event));
    this.speed.addEventListener("change", () => cursor.setSpeed(Number(this.speed.value)));
    this.strips.forEach((strip) => this.#scrub(strip));
    // What moves while the tape grows is shown with the tape's own pictures: with every frame it would slow them down.
    cursor.addEventListener("change", () => cursor.growing || this.show());
    this.heads = store.view.heads;
    store.addEventListener("view", () => {
      if (this.heads === store.view.heads) return;
      this.heads = store.view.heads;
      this.show();
    });
    /** Where two runs part; null where one is shown alone. @type {number | null} */
    this.parting = null;
    this.wasPlaying = false;
    /** The step that was told last, or is about to be. */
    this.told = -1;
    this.telling = 0;
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.cursor.landmarks.phase = trace.phases.map(({ start }) => start);
    this.strips.forEach((strip) => strip.begin(trace));
    this.bar.setAttribute("aria-valuemax", String(trace.steps - 1));
    this.mark();
    this.show();
  }

  /** Another trace of the same sequence, at the same step. @param {Trace} trace */
  swap(trace) {
    this.trace = trace;
    this.mark();
    this.show();
  }

  /** Under each column of plots stands a time bar that has its width. */
  align() {
    const columns = this.columns();
    const { left, width } = this.place.getBoundingClientRect();
    if (width === 0 || columns.length === 0) return;
    while (this.strips.length > columns.length) this.strips.pop()?.root.remove();
    while (this.strips.length < columns.length) {
      const strip = this.strips[0].double();
      this.strips.push(strip);
      this.#scrub(strip);
      if (this.trace) strip.begin(this.trace);
      strip.part(this.parting);
    }
    this.strips.forEach((strip, index) => strip.align(columns[index], left));
    this.#measure();
  }

  #measure() {
    const changed = this.strips.map((strip) => strip.measure());
    if (!changed.includes(true)) return;
    this.mark();
    this.show();
  }

  /** What went wrong where, once the run is over. */
  mark() {
    const { trace } = this;
    if (!trace) return;
    this.cursor.landmarks.mark = stretchesOf(trace.results?.diagnosis?.marks ?? []).map(({ first }) => first);
    this.leaps.forEach((button) => (button.disabled = this.cursor.landmarks.mark.length === 0));
    this.strips.forEach((strip) => strip.mark(trace));
    this.#place(Math.max(this.cursor.step, 0));
  }

  /** Marks on the bar where two runs part. @param {number | null} step null for nowhere */
  part(step) {
    this.parting = step;
    this.strips.forEach((strip) => strip.part(step));
  }

  /** @param {number} step */
  #place(step) {
    this.strips.forEach((strip) => strip.show(step, this.trace?.arrived ?? 0));
  }

  /** The position, in the bar and in words. */
  show() {
    const { cursor, trace } = this;
    if (!trace) return;
    const step = Math.max(cursor.step, 0);
    this.#place(step);
    const phase = trace.phaseAt(step);
    const place = phase.name && phase.length > 1 ? `${phase.name} ${phase.index + 1} of ${phase.length}` : phase.name;
    const where = place && ` · ${place}`; // of a run without phases nothing
    this.words.textContent = `step ${step} of ${trace.steps - 1}${where}`;
    const said = trace.arrived > step ? narrate(trace, step, this.heads) : `Step ${step}${where}.`;
    this.narration.textContent = said;
    this.bar.setAttribute("aria-valuenow", String(step));
    this.bar.setAttribute("aria-valuetext", said);
    this.showPlay();
    this.loop.setAttribute("aria-pressed", String(cursor.loop));
    this.speed.value = String(cursor.speed);
    this.#tell(step);
  }

  /** Whether it plays, and what. */
  showPlay() {
    const { playing, words, pace } = this.player;
    const label = `${playing ? "Pause" : "Play"}${words}`;
    this.play.setAttribute("aria-label", label);
    this.play.title = `${label} (Space)`;
    this.play.dataset.playing = String(playing);
    this.speed.title = `Speed; 1× is ${pace} a second`;
  }

  /** A pause at once, a seek once it rests, and no step of what plays or still arrives. @param {number} step */
  #tell(step) {
    const { playing, following } = this.cursor;
    const paused = this.wasPlaying && !playing;
    const sought = !playing && !following && !paused && step !== this.told;
    this.wasPlaying = playing;
    if (playing || following) clearTimeout(this.telling);
    if (paused || playing || following) this.told = step;
    if (paused) this.announce(`${this.cursor.atEnd ? "The end" : "Paused"}. ${this.narration.textContent} ${this.#result()}`.trim());
    if (!sought) return;
    this.told = step;
    clearTimeout(this.telling);
    const own = document.activeElement === this.bar; // it says its own text
    if (own && !this.cursor.atEnd) return;
    this.telling = setTimeout(() => this.announce(own ? this.#result() : `${this.narration.textContent} ${this.#result()}`.trim()), REST_MS);
  }

  /** At the end what came of the run; nothing before. */
  #result() {
    const { trace, cursor } = this;
    if (!trace?.over || !cursor.atEnd) return "";
    const { state, sentence } = verdict(trace);
    return `${sentence}. ${state === "wrong" ? (trace.results?.diagnosis?.sentence ?? "") : ""}`.trim();
  }

  /** Tells a screen reader, politely. @param {string} sentence */
  announce(sentence) {
    // A step that is still to be told would take the place of what came after it.
    clearTimeout(this.telling);
    this.announcer.textContent = sentence;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const pressed = event.target instanceof Element ? event.target : null;
    const { cursor } = this;
    const mark = pressed?.closest(".bar-mark");
    if (mark instanceof HTMLElement) {
      cursor.pause();
      return cursor.seek(Number(mark.dataset.step));
    }
    const button = pressed?.closest("[data-action]");
    switch (button?.getAttribute("data-action")) {
      case "start":
        cursor.pause();
        return cursor.seek(0);
      case "back":
        return cursor.move(-1);
      case "play":
        return this.player.toggle();
      case "forward":
        return cursor.move(1);
      case "end":
        cursor.pause();
        return cursor.seek(cursor.total - 1);
      case "previous-phase":
        return cursor.leap("phase", -1);
      case "next-phase":
        return cursor.leap("phase", 1);
      case "previous-mark":
        return cursor.leap("mark", -1);
      case "next-mark":
        return cursor.leap("mark", 1);
      case "loop":
        return cursor.setLoop(!cursor.loop);
    }
  }

  /** A bar is pressed and dragged; with shift a stretch to loop is drawn. @param {Strip} strip */
  #scrub(strip) {
    const { cursor } = this;
    const { bar } = strip;
    const stepAt = (/** @type {PointerEvent} */ event) => strip.stepAt(event.clientX);
    /** @type {number | null} */
    let from = null;
    let dragging = false;
    bar.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragging = true;
      bar.setPointerCapture(event.pointerId);
      this.bar.focus({ preventScroll: true });
      cursor.pause();
      from = event.shiftKey ? stepAt(event) : null;
      cursor.seek(stepAt(event));
    });
    bar.addEventListener("pointermove", (event) => {
      if (!dragging) return;
      cursor.seek(stepAt(event));
      if (from !== null) cursor.setRange(from, stepAt(event));
    });
    for (const over of /** @type {const} */ (["pointerup", "pointercancel"])) {
      bar.addEventListener(over, () => (dragging = false));
    }
  }
}

/** @param {number} speed */
const fraction = (speed) => ({ 0.25: "¼", 0.5: "½" })[speed] ?? String(speed);
