/** The one time cursor of the card, and what moves it. */

import { find, made } from "./axes.mjs";
import { shadesBetween, wordOf } from "./heatmap.mjs";
import { Memory } from "./memory.mjs";
import { showNumbers } from "./numbers.mjs";
import { Panel } from "./panel.mjs";
import { Run, unpack } from "./run.mjs";

const STEPS_PER_SECOND = 10;
const LEAP = 5;
const PAGE = 10;
/** Half of the slider's thumb: its middle never comes nearer to the ends. */
const THUMB = 9;
/** On paper there are more dots than on a screen. */
const PRINT_SCALE = 3;

class Player {
  /** @param {Run} run */
  constructor(run) {
    this.run = run;
    this.last = run.steps - 1;
    this.position = this.last;
    this.playing = false;
    this.panels = [...document.querySelectorAll("[data-field]")].map((figure) => new Panel(/** @type {HTMLElement} */ (figure), run));
    this.memory = new Memory(find("[data-memory]"), run);
    this.slider = /** @type {HTMLInputElement} */ (find("input[type=range]"));
    this.button = find("[data-action=play]");
    this.speed = /** @type {HTMLSelectElement} */ (find("[data-action=speed]"));
    this.heard = find("[role=status]");
    this.#showRows(false);
    this.#drawPhases();
    this.draw();
    this.#listen();
  }

  get step() {
    return Math.min(this.last, Math.floor(this.position));
  }

  /** Everything anew: the size of the page or its colours changed. */
  draw() {
    const style = getComputedStyle(document.documentElement);
    const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const look = {
      scale: matchMedia("print").matches ? PRINT_SCALE : devicePixelRatio,
      map: shadesBetween(this.run.about.colours),
      bits: shadesBetween([token("--cell-paper"), token("--cell-ink")]),
      mapGap: wordOf(token("--map-gap")),
      bitGap: wordOf(token("--cell-gap")),
      write: token("--write"),
      read: token("--read"),
      error: token("--error"),
      paper: token("--surface"),
    };
    for (const panel of this.panels) panel.draw(look);
    this.memory.draw(look);
    this.show();
  }

  /** Shows the step that the cursor is at. */
  show() {
    const { step, slider, run } = this;
    slider.value = String(step);
    slider.setAttribute("aria-valuetext", `step ${step}, ${run.placeOf(step)}`);
    slider.style.setProperty("--played", `calc(${THUMB}px + (100% - ${2 * THUMB}px) * ${step / this.last})`);
    find(".position").textContent = `step ${step} of ${this.last} · ${run.placeOf(step)}`;
    for (const panel of this.panels) panel.moveTo(step);
    this.memory.moveTo(step);
    showNumbers(run, step);
  }

  /** @param {number} step */
  seek(step) {
    this.pause();
    this.position = Math.min(this.last, Math.max(0, step));
    this.show();
    this.heard.textContent = `step ${this.step}, ${this.run.placeOf(this.step)}`;
  }

  toggle() {
    if (this.playing) return this.seek(this.step);
    if (this.step === this.last) this.position = 0;
    this.playing = true;
    this.#mark();
    this.show();
    let before = performance.now();
    const tick = (/** @type {number} */ now) => {
      if (!this.playing) return;
      const shown = this.step;
      this.position += (Math.max(0, now - before) / 1000) * STEPS_PER_SECOND * Number(this.speed.value);
      before = now;
      if (this.position >= this.last) return this.seek(this.last);
      if (this.step !== shown) this.show();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    this.playing = false;
    this.#mark();
  }

  #mark() {
    this.button.toggleAttribute("data-playing", this.playing);
    this.button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.button.title = `${this.playing ? "Pause" : "Play"} (Space)`;
  }

  /** @param {boolean} all or those in use */
  #showRows(all) {
    const rows = all ? [...this.run.about.kept.keys()] : this.run.about.in_use;
    this.memory.rows = rows;
    for (const panel of this.panels) if (panel.kind === "location") panel.rows = rows;
  }

  /** Above the slider, in line with its thumb. */
  #drawPhases() {
    const marks = this.run.about.phases.map(({ name, start, stop }) => {
      const mark = made("span", "bar-phase", name);
      mark.dataset.phase = name;
      mark.style.left = `${((100 * start) / this.last).toFixed(3)}%`;
      mark.style.width = `${((100 * (Math.min(stop, this.last) - start)) / this.last).toFixed(3)}%`;
      return mark;
    });
    find(".bar-phases").replaceChildren(...marks);
  }

  #listen() {
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("keydown", (event) => this.#pressed(event));
    for (const panel of this.panels) {
      panel.plot.addEventListener("pointermove", (event) => {
        const step = panel.point(event);
        if (event.buttons === 1 && event.pointerType === "mouse") this.seek(step);
      });
      panel.plot.addEventListener("pointerdown", (event) => {
        const step = panel.point(event);
        if (event.pointerType === "mouse") this.seek(step);
      });
      // A finger that then scrolls the page clicks nothing.
      panel.plot.addEventListener("click", (event) => this.seek(panel.point(event)));
      panel.plot.addEventListener("pointerleave", () => (panel.readout.textContent = ""));
    }
    new ResizeObserver(() => this.draw()).observe(find("main"));
    for (const query of ["print", "(prefers-color-scheme: dark)"]) matchMedia(query).addEventListener("change", () => this.draw());
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    switch (button?.dataset.action) {
      case "start":
        return this.seek(0);
      case "back":
        return this.seek(this.step - 1);
      case "play":
        return this.toggle();
      case "forward":
        return this.seek(this.step + 1);
      case "end":
        return this.seek(this.last);
      case "all-rows": {
        const all = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(all));
        this.#showRows(all);
        return this.draw();
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select, .vectors")) return;
    if (event.key === " " && target.closest("button")) return; // the button's own
    const leap = event.shiftKey ? LEAP : 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.seek(this.step - leap),
      ArrowRight: () => this.seek(this.step + leap),
      PageDown: () => this.seek(this.step - PAGE),
      PageUp: () => this.seek(this.step + PAGE),
      Home: () => this.seek(0),
      End: () => this.seek(this.last),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }
}

const textOf = (/** @type {string} */ id) => find(`#${id}`).textContent ?? "";

new Player(new Run(JSON.parse(textOf("run")), unpack(textOf("rows"))));
