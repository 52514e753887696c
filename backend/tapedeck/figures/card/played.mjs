/**
 * What plays on a card: one run that is there whole, on the viewer's own panels, with its player.
 *
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 */

import { markErrors } from "#viewer/draw/crosses.mjs";
import { drawPredictions } from "#viewer/draw/predictions.mjs";
import { build, find } from "#viewer/draw/dom.mjs";
import { readTheme } from "#viewer/draw/theme.mjs";
import { locationsShown } from "#viewer/model/axes.mjs";
import { format } from "#viewer/model/numbers.mjs";
import { headsInView, panelsOfFurther, panelsOfHeads, panelsOfTask } from "#viewer/model/panels.mjs";
import { foretells } from "#viewer/model/predictions.mjs";
import { decode, isJudged, verdict } from "#viewer/model/result.mjs";
import { keepTime } from "#viewer/player/clock.mjs";
import { controls } from "#viewer/player/controls.mjs";
import { listenToKeys } from "#viewer/player/keys.mjs";
import { Transport } from "#viewer/player/transport.mjs";
import { Store } from "#viewer/store.mjs";
import { HeadChoosers } from "#viewer/views/chooser.mjs";
import { KeptHeads } from "#viewer/views/kept.mjs";
import { Matrices } from "#viewer/views/matrices.mjs";
import { MemoryPanel } from "#viewer/views/memory.mjs";
import { columnsOf, isToCome, Panel } from "#viewer/views/panel.mjs";
import { listenToPresses } from "#viewer/views/presses.mjs";
import { Readouts } from "#viewer/views/readouts.mjs";

const BELOW_WORD_PX = 6;

export class Card {
  /**
   * @param {Trace} trace
   * @param {string} lacking why it does not hold every location, “” where it does
   * @param {boolean} told whether the card says what came of the run without a script
   */
  constructor(trace, lacking = "", told = false) {
    this.trace = trace;
    this.store = new Store();
    this.theme = readTheme();
    this.task = panelsOfTask(trace).map((spec) => new Panel(spec));
    this.ofHeads = panelsOfHeads(trace, this.store.view.heads).map((spec) => new Panel(spec));
    this.kept = new KeptHeads(trace, this.store);
    this.choosers = new HeadChoosers(trace, this.store);
    this.further = panelsOfFurther(trace).map((spec) => new Panel(spec));
    this.matrices = new Matrices();
    this.memory = new MemoryPanel();
    if (lacking) this.memory.button.replaceWith(build("p", { class: "note" }, lacking));
    this.readouts = new Readouts();
    const player = find(".transport");
    player.append(...controls());
    this.transport = new Transport(player, this.store);
    this.transport.columns = () => columnsOf(this.panels);
    this.result = find(".result");
    this.told = told ? toldIn(this.result) : null;
    this.result.toggleAttribute("data-unjudged", !told && !isJudged(trace));
    this.result.toggleAttribute("data-wordless", !told && decode(trace, trace.steps - 1).said === "");
    this.requested = false;
    this.#place();
    this.#listen();
    for (const each of [...this.panels, this.choosers, this.matrices, this.transport, ...this.memories]) each.begin(trace);
    this.#look();
    this.store.cursor.begin(trace.steps);
    this.store.cursor.grow(trace.steps);
  }

  get panels() {
    return [...this.task, ...this.ofHeads, ...this.kept.panels, ...this.further];
  }

  /** None where the run does not say what its memory is. */
  get memories() {
    return this.trace.memory ? [this.memory] : [];
  }

  get inView() {
    return headsInView(this.trace, this.store.view);
  }

  /** The panels stand around the verdict, which the card has without a script. */
  #place() {
    const figures = (/** @type {Panel[]} */ panels) => panels.map(({ figure }) => figure);
    const targets = this.task.filter(({ spec }) => spec.role === "target");
    this.result.before(...figures(this.task.filter((panel) => !targets.includes(panel))));
    find(".panels").append(...figures(targets), ...this.choosers.roots, ...figures(this.ofHeads), this.kept.root, ...figures(this.further), this.matrices.root);
    find(".at-cursor").append(...this.memories.map(({ figure }) => figure), this.readouts.heads);
  }

  #listen() {
    const { cursor } = this.store;
    const wake = keepTime([cursor]);
    cursor.addEventListener("change", () => (wake(), this.#request()));
    this.store.addEventListener("view", () => this.#look());
    const nothing = () => {};
    listenToKeys(cursor, { enabled: () => true, run: nothing, help: nothing, escape: nothing });
    [...this.panels, ...this.kept.all].forEach((panel) => this.#point(panel));
    this.memory.button.addEventListener("click", () => this.store.look({ allRows: !this.store.view.allRows }));
    document.addEventListener("click", (event) => define(event.target));
    new ResizeObserver(() => this.#measure()).observe(find("main"));
    for (const query of ["print", "(prefers-color-scheme: dark)"]) matchMedia(query).addEventListener("change", () => this.#restyle());
  }

  /** Says what is under the pointer; a press or a drag goes there. @param {Panel} panel */
  #point(panel) {
    const cellAt = (/** @type {PointerEvent} */ event) => panel.cellAt(event.clientX, event.clientY);
    const go = (/** @type {PointerEvent} */ event) => {
      const cell = cellAt(event);
      if (!cell) return;
      this.store.cursor.pause();
      this.store.cursor.seek(cell.step);
    };
    const hover = (/** @type {PointerEvent} */ event) => {
      const cell = cellAt(event);
      if (cell && !isToCome(panel, cell.step, this.store.cursor.step)) panel.readout.textContent = `step ${cell.step}, ${panel.nameOf(cell.row)}: ${format(panel.valueAt(cell.step, cell.row))}`;
    };
    listenToPresses(panel.plot, { hover, drag: go, press: go, leave: () => (panel.readout.textContent = "") });
  }

  /** Other heads are looked at, or other locations. */
  #look() {
    const { trace } = this;
    const specs = panelsOfHeads(trace, this.store.view.heads);
    this.ofHeads.forEach((panel, index) => {
      if (panel.spec.name === specs[index].name) return;
      panel.show(specs[index]);
      panel.begin(trace);
    });
    this.kept.show(trace);
    this.choosers.show(trace);
    this.readouts.look(trace, this.inView);
    this.memory.button.setAttribute("aria-pressed", String(this.store.view.allRows));
    this.#request();
  }

  /** Paints once in the next animation frame, however often it is asked. */
  #request() {
    if (this.requested) return;
    this.requested = true;
    requestAnimationFrame(() => {
      this.requested = false;
      this.#paint();
    });
  }

  #paint() {
    const { trace, theme } = this;
    const { step } = this.store.cursor;
    const rows = locationsShown(trace, this.store.view.allRows);
    for (const panel of this.panels) {
      if (panel.spec.axis === "location") panel.showRows(rows);
      panel.draw(theme);
      panel.moveTo(step);
      if (panel.spec.role === "output") (foretells(trace) ? drawPredictions : markErrors)(panel, trace, theme);
    }
    this.choosers.draw(trace, step, rows, theme);
    this.matrices.draw(step, theme);
    for (const memory of this.memories) {
      memory.show(rows);
      memory.draw(step, this.inView, theme);
    }
    this.readouts.show(trace, step);
    this.#tell(step);
    find(".tape").dataset.step = String(step); // what can be seen by now
  }

  /** What has come out by a step; at the end, and on paper, what the card says without a script. @param {number} step */
  #tell(step) {
    const { trace, told, result } = this;
    const whole = step === trace.steps - 1 || matchMedia("print").matches;
    const { state, sentence, count } = verdict(trace, whole ? trace.steps - 1 : step);
    const said = (whole && told) || { state, verdict: sentence, count, output: decode(trace, step).said };
    result.dataset.told = String(whole);
    find(".verdict", result).dataset.state = said.state;
    find(".verdict", result).textContent = said.verdict;
    find(".count", result).textContent = said.count;
    find("dd:last-child", result).textContent = said.output;
  }

  #measure() {
    for (const each of [...this.panels, this.choosers, this.matrices, ...this.memories]) each.measure();
    this.transport.align();
    this.#request();
  }

  /** In the colours of now, at once: a print is made before the next frame. */
  #restyle() {
    this.theme = readTheme();
    for (const each of [...this.panels, this.choosers]) each.forget();
    this.#paint();
  }
}

/** What stands on a card before a script runs. @param {HTMLElement} root */
function toldIn(root) {
  const text = (/** @type {string} */ part) => find(part, root).textContent ?? "";
  return { state: find(".verdict", root).dataset.state ?? "", verdict: text(".verdict"), count: text(".count"), output: text("dd:last-child") };
}

/** Explains a technical word that was pressed. @param {EventTarget | null} pressed */
function define(pressed) {
  const word = pressed instanceof Element ? pressed.closest("[data-meaning]") : null;
  if (!(word instanceof HTMLElement) || !word.dataset.meaning) return;
  const definition = find("#definition");
  definition.textContent = word.dataset.meaning;
  definition.showPopover();
  const { left, bottom } = word.getBoundingClientRect();
  definition.style.left = `${Math.max(8, Math.min(left, innerWidth - definition.offsetWidth - 8))}px`;
  definition.style.top = `${Math.min(bottom + BELOW_WORD_PX, innerHeight - definition.offsetHeight - 8)}px`;
}
