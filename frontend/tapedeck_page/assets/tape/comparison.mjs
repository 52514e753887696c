/**
 * Two checkpoints of the film side by side: what came out and where both heads were, small, of the one on the tape and of one to compare
 * it with, under one cursor. The second has a hollow mark on the film's slider.
 *
 * @typedef {import("./film.mjs").Film} Film
 * @typedef {import("#viewer/model/trace.mjs").Trace} Trace
 * @typedef {import("#viewer/model/panels.mjs").PanelSpec} PanelSpec
 * @typedef {import("#viewer/store.mjs").Store} Store
 * @typedef {import("#viewer/draw/theme.mjs").Theme} Theme
 */

import { markErrors } from "#viewer/draw/crosses.mjs";
import { drawPredictions } from "#viewer/draw/predictions.mjs";
import { build, find } from "#viewer/draw/dom.mjs";
import { onThemeChange, readTheme } from "#viewer/draw/theme.mjs";
import { locationsShown } from "#viewer/model/axes.mjs";
import { panelsOfHeads, panelsOfTask } from "#viewer/model/panels.mjs";
import { NEAR, excessInWords, foretells } from "#viewer/model/predictions.mjs";
import { compare } from "#viewer/model/result.mjs";
import { Panel } from "#viewer/views/panel.mjs";
import { grouped } from "./sequences/problem.mjs";

export class Comparison {
  /**
   * @param {HTMLElement} root
   * @param {Film} film
   * @param {Store} store
   */
  constructor(root, film, store) {
    this.root = root;
    this.film = film;
    this.store = store;
    this.select = /** @type {HTMLSelectElement} */ (find(".compare-with select", film.root));
    this.handle = find(".film-other", film.root);
    this.sides = [new Side(), new Side()];
    find(".panels", root).replaceChildren(...this.sides.map((side) => side.root));
    /** The checkpoint to compare with, by the sequences that it has seen. @type {number | null} */
    this.other = null;
    /** What the page says of all that. */
    this.told = "";
    this.theme = readTheme();
    this.requested = false;
    this.select.addEventListener("change", () => this.choose(this.select.value === "" ? null : Number(this.select.value)));
    find("[data-action=close-comparison]", root).addEventListener("click", () => {
      this.choose(null);
      this.select.focus();
    });
    film.moved = () => this.update();
    store.cursor.addEventListener("change", () => this.#request());
    store.addEventListener("view", () => this.#request());
    new ResizeObserver(() => this.#measure()).observe(root);
    onThemeChange(() => {
      this.theme = readTheme();
      this.sides.forEach((side) => side.panels.forEach((panel) => panel.forget()));
      this.#request();
    });
    this.update();
  }

  /** @param {number | null} other null for none */
  choose(other) {
    this.other = other;
    this.update();
  }

  /** The film has moved, or has other checkpoints. */
  update() {
    const { checkpoints, stations } = this.film.reel;
    const seen = stations.map((index) => checkpoints[index].seen);
    if (this.other !== null && !seen.includes(this.other)) this.other = null;
    const place = this.film.place(this.#index);
    const told = JSON.stringify([seen, this.other, place]);
    if (told !== this.told) this.#tell(seen, place);
    this.told = told;
    this.#request();
  }

  /** @param {number[]} seen of the checkpoints to choose from @param {string} place of the other on the slider */
  #tell(seen, place) {
    this.select.replaceChildren(new Option("nothing", ""), ...seen.map((each) => new Option(`${grouped(each)} sequences`, String(each))));
    this.select.value = this.other === null ? "" : String(this.other);
    this.select.disabled = seen.length < 2;
    this.root.hidden = this.handle.hidden = this.other === null;
    this.handle.style.left = place;
  }

  /** Where the other is among the checkpoints. */
  get #index() {
    return this.film.reel.checkpoints.findIndex(({ seen }) => seen === this.other);
  }

  #measure() {
    this.sides.forEach((side) => side.panels.forEach((panel) => panel.measure()));
    this.#request();
  }

  #request() {
    if (this.requested || this.other === null) return;
    this.requested = true;
    requestAnimationFrame(() => {
      this.requested = false;
      this.#paint();
    });
  }

  #paint() {
    const { reel } = this.film;
    const { cursor, view } = this.store;
    [reel.index, this.#index].forEach((index, place) => {
      const checkpoint = reel.checkpoints[index];
      if (!checkpoint) return;
      const trace = reel.traces[index];
      this.sides[place].name(`After ${grouped(checkpoint.seen)} sequences`, trace?.over ? trace : undefined);
      if (trace?.over) this.sides[place].show(trace, view, cursor.step, this.theme);
    });
  }
}

/** One of two runs, small. */
export class Side {
  /** @type {Panel[]} */
  panels = [];
  /** What the panels were made for. */
  madeFor = "";
  /** @type {Trace | undefined} */
  trace = undefined;

  constructor() {
    this.title = build("h2", {});
    this.result = build("span", {});
    this.plots = build("div", { class: "compared-panels" });
    this.root = build("div", { class: "compared", role: "group" }, build("header", {}, this.title, this.result), this.plots);
  }

  /** @param {string} title @param {Trace | undefined} trace undefined until it has run */
  name(title, trace) {
    if (this.title.textContent !== title) {
      this.title.textContent = title;
      this.root.setAttribute("aria-label", title);
    }
    this.plots.hidden = trace === undefined;
    const { state, words } = resultOf(trace);
    this.result.dataset.state = state;
    this.result.textContent = words;
  }

  /** @param {Trace} trace @param {import("#viewer/store.mjs").View} view @param {number} step @param {Theme} theme */
  show(trace, view, step, theme) {
    const specs = [...panelsOfTask(trace).filter(({ role }) => role === "output"), ...panelsOfHeads(trace, view.heads).filter(({ role }) => role === "weighting")];
    const kind = JSON.stringify([trace.steps, trace.locations, specs.map(({ name }) => name)]);
    if (kind !== this.madeFor) {
      this.madeFor = kind;
      this.panels = specs.map(panelOf);
      this.plots.replaceChildren(...this.panels.map(({ figure }) => figure));
      this.panels.forEach((panel) => panel.begin(trace));
    } else if (trace !== this.trace) {
      this.panels.forEach((panel) => panel.swap(trace));
    }
    this.trace = trace;
    const rows = locationsShown(trace, view.allRows);
    for (const panel of this.panels) {
      if (panel.spec.axis === "location") panel.showRows(rows);
      panel.draw(theme);
      panel.moveTo(step);
      if (panel.spec.role === "output") (foretells(trace) ? drawPredictions : markErrors)(panel, trace, theme);
    }
  }
}

/** Its numbers are those of the tape's own panel, whose table they are in. @param {PanelSpec} spec */
function panelOf(spec) {
  const panel = new Panel(spec);
  panel.figure.querySelector("[data-action=table]")?.remove();
  return panel;
}

/** @param {Trace | undefined} trace */
function resultOf(trace) {
  if (!trace) return { state: "running", words: "has yet to run" };
  const score = trace.results?.score;
  if (score && "excess" in score) return { state: score.excess > NEAR ? "wrong" : "exact", words: excessInWords(score.excess) };
  const wrong = trace.results?.wrong ?? null;
  if (wrong === null) return { state: "unscored", words: "" };
  return wrong === 0 ? { state: "exact", words: "exact" } : { state: "wrong", words: `${grouped(wrong)} of ${grouped(compare(trace).all)} bits wrong` };
}
