/**
 * The player's controls: buttons, the time bar, the position in words.
 *
 * @typedef {import("../model/cursor.mjs").TimeCursor} TimeCursor
 * @typedef {import("../model/trace.mjs").Trace} Trace
 */

import { element, find } from "../draw/dom.mjs";
import { SPEEDS } from "../model/cursor.mjs";
import { drawMarks } from "./marks.mjs";
import { sayStep } from "../model/spoken.mjs";

/** How long the cursor has to stand still before a seek is told: a key that is held down is one seek. */
const REST_MS = 400;

export class Transport {
  /**
   * @param {HTMLElement} root
   * @param {TimeCursor} cursor
   */
  constructor(root, cursor) {
    this.root = root;
    this.cursor = cursor;
    this.bar = find("[role=slider]", root);
    this.fill = find(".bar-fill", root);
    this.thumb = find(".bar-thumb", root);
    this.loaded = find(".bar-loaded", root);
    this.phases = find(".bar-phases", root);
    this.marks = find(".bar-marks", root);
    this.words = find("[data-readout=position]", root);
    this.announcer = find("[aria-live]", root);
    this.play = find("[data-action=play]", root);
    this.loop = find("[data-action=loop]", root);
    this.speed = /** @type {HTMLSelectElement} */ (find("[data-action=speed]", root));
    this.speed.replaceChildren(...SPEEDS.map((speed) => new Option(`${fraction(speed)}×`, String(speed), speed === 1, speed === 1)));
    this.width = this.bar.clientWidth;
    new ResizeObserver(() => {
      this.width = this.bar.clientWidth;
      this.mark();
      this.show();
    }).observe(this.bar);
    root.addEventListener("click", (event) => this.#clicked(event));
    this.speed.addEventListener("change", () => cursor.setSpeed(Number(this.speed.value)));
    this.#scrub();
    // What moves while the tape grows is shown with the tape's own pictures: with every frame it would slow them down.
    cursor.addEventListener("change", () => cursor.growing || this.show());
    this.wasPlaying = false;
    /** The step that was told last, or is about to be. */
    this.told = -1;
    this.telling = 0;
  }

  /** @param {Trace} trace */
  begin(trace) {
    this.trace = trace;
    this.phases.replaceChildren(
      ...trace.phases.map(({ name, role, start, stop }) => {
        const stretch = element("span", "bar-phase", name);
        stretch.dataset.phase = role;
        stretch.title = stop - start > 1 ? `${name}: steps ${start} to ${stop - 1}` : `${name}: step ${start}`;
        stretch.style.left = `${(100 * start) / trace.steps}%`;
        stretch.style.width = `${(100 * (stop - start)) / trace.steps}%`;
        return stretch;
      }),
    );
    this.bar.setAttribute("aria-valuemax", String(trace.steps - 1));
    this.mark();
    this.show();
  }

  /** What went wrong where, once the run is over. */
  mark() {
    const { trace } = this;
    if (!trace) return;
    this.marks.replaceChildren(...drawMarks(trace.results?.diagnosis?.marks ?? [], trace.steps, this.width));
  }

  /** The position, in the bar and in words. */
  show() {
    const { cursor, trace } = this;
    if (!trace) return;
    const step = Math.max(cursor.step, 0);
    const share = trace.steps > 1 ? step / (trace.steps - 1) : 0;
    this.thumb.style.transform = `translateX(${(share * this.width).toFixed(1)}px)`;
    this.fill.style.transform = `scaleX(${share.toFixed(5)})`;
    this.loaded.style.transform = `scaleX(${(trace.arrived / trace.steps).toFixed(5)})`;
    const phase = trace.phaseAt(step);
    const place = phase.length > 1 ? `${phase.name} ${phase.index + 1} of ${phase.length}` : phase.name;
    this.words.textContent = `step ${step} of ${trace.steps - 1} · ${place}`;
    this.bar.setAttribute("aria-valuenow", String(step));
    this.bar.setAttribute("aria-valuetext", trace.arrived > step ? sayStep(trace, step) : `step ${step}, ${place}`);
    this.play.setAttribute("aria-label", cursor.playing ? "Pause" : "Play");
    this.play.dataset.playing = String(cursor.playing);
    this.loop.setAttribute("aria-pressed", String(cursor.loop));
    this.speed.value = String(cursor.speed);
    this.#tell(step);
  }

  /** A pause at once, a seek once it rests, and no step of what plays or still arrives. @param {number} step */
  #tell(step) {
    const { playing, following } = this.cursor;
    const paused = this.wasPlaying && !playing;
    const sought = !playing && !following && !paused && step !== this.told;
    this.wasPlaying = playing;
    if (playing || following) clearTimeout(this.telling);
    if (paused || playing || following) this.told = step;
    if (paused) this.announce(`Paused at ${this.bar.getAttribute("aria-valuetext")}`);
    if (!sought) return;
    this.told = step;
    clearTimeout(this.telling);
    if (document.activeElement === this.bar) return; // it says its own text
    this.telling = setTimeout(() => {
      const said = this.bar.getAttribute("aria-valuetext") ?? "";
      this.announce(`S${said.slice(1)}`);
    }, REST_MS);
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
        return cursor.toggle();
      case "forward":
        return cursor.move(1);
      case "end":
        cursor.pause();
        return cursor.seek(cursor.total - 1);
      case "loop":
        return cursor.setLoop(!cursor.loop);
    }
  }

  /** The bar is pressed and dragged; with shift a stretch to loop is drawn. */
  #scrub() {
    const { bar, cursor } = this;
    const stepAt = (/** @type {PointerEvent} */ event) => {
      const box = bar.getBoundingClientRect();
      return Math.round(((event.clientX - box.left) / box.width) * (cursor.total - 1));
    };
    /** @type {number | null} */
    let from = null;
    let dragging = false;
    bar.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragging = true;
      bar.setPointerCapture(event.pointerId);
      bar.focus({ preventScroll: true });
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
