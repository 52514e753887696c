/**
 * The picture of a sweep of two numbers: a cell for each pair of values, as dark as the answer is wrong. Pointing says what a cell means,
 * a press makes the changes that it stands for, by pointer and by keys; a finger chooses first.
 *
 * @typedef {import("#viewer/model/sweep.mjs").Sweep} Sweep
 * @typedef {{point: (index: number | null) => void, make: (index: number) => void, isMade: (index: number) => boolean}} Told
 */

import { build, element, find } from "#viewer/draw/dom.mjs";
import { Heatmap } from "#viewer/draw/heatmap.mjs";
import { onThemeChange, readTheme } from "#viewer/draw/theme.mjs";
import { Plane } from "#viewer/model/plane.mjs";
import { gradient, rampOf, ticks } from "#viewer/model/scales.mjs";
import { percent, shown } from "#viewer/model/sweep.mjs";
import { scaleBar, tick } from "#viewer/views/markup.mjs";
import { listenToChoices } from "./choosing.mjs";
import { SIDE, draw, path, pictureOf } from "./paths.mjs";

/** So far is a number at an axis from the next, in pixels. */
const [ACROSS, UP] = [46, 22];
/** How far a key goes, in cells to the right and down; to the ends for those that leap. @type {Record<string, [number, number]>} */
const MOVES = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-Infinity, 0], End: [Infinity, 0], PageUp: [0, -Infinity], PageDown: [0, Infinity] };

export class SweepGrid {
  /** The point that is pointed at. @type {number | null} */
  chosen = null;
  /** @type {Plane | null} */
  plane = null;
  #requested = false;

  /** @param {Told} told */
  constructor(told) {
    this.told = told;
    this.theme = readTheme();
    this.cells = new Heatmap(element("canvas", "cells"));
    const [under, neutral, frontier, faults] = [path("sweep-neutral-under"), path("sweep-neutral"), path("sweep-frontier"), path("sweep-crosses")];
    const [made, around, at] = [path("sweep-made"), path("sweep-around"), path("sweep-chosen")];
    this.paths = { under, neutral, frontier, faults, made, around, at };
    this.plot = build("div", { class: "sweep-cells", role: "group", tabindex: "0", "aria-label": "Pairs of values: the arrows choose one, Enter makes its changes" }, this.cells.canvas);
    this.plot.append(pictureOf(Object.values(this.paths)));
    this.scale = scaleBar();
    this.keys = build("div", { class: "sweep-keys" });
    this.upTitle = build("div", { class: "sweep-scale-title" });
    this.rowAxis = build("div", { class: "row-axis" });
    this.axis = build("div", { class: "sweep-axis" });
    this.axisTitle = build("div", { class: "sweep-axis-title" });
    this.root = build("div", { class: "sweep-grid" }, this.upTitle, this.rowAxis, this.plot, this.axis, this.axisTitle, this.keys);
    listenToChoices(this.plot, this);
    onThemeChange(() => {
      this.theme = readTheme();
      this.show();
    });
    new ResizeObserver(() => this.show()).observe(this.plot);
  }

  /** Another one. @param {Sweep | null} sweep of two numbers */
  begin(sweep) {
    this.plane = sweep && new Plane(sweep);
    this.chosen = null;
    Object.values(this.paths).forEach((each) => draw(each, []));
    this.cells.clear();
    if (!sweep) return;
    const [across, up] = sweep.axes;
    this.axisTitle.textContent = across.title;
    this.upTitle.textContent = `↑ ${up.title}`;
  }

  /** What has come, with the next frame. */
  show() {
    if (this.#requested || !this.plane) return;
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      if (this.plane && this.plot.clientWidth > 0) this.#draw(this.plane);
    });
  }

  /** @param {Plane} plane */
  #draw(plane) {
    const { cells, theme, scale, plot } = this;
    const { sweep, columns, rows } = plane;
    const { low, high } = sweep.limits;
    const shades = theme.ramps[rampOf(low, "")];
    cells.fit();
    cells.clear();
    cells.draw({ source: { data: plane.rates, offset: 0, stride: rows }, columns, rows: Array.from({ length: rows }, (_, row) => rows - 1 - row), shades, low, high, gap: theme.gap }, 0, columns);
    find(".scale-low", scale).textContent = percent(low);
    find(".scale-high", scale).textContent = percent(high);
    find(".scale-bar", scale).style.background = gradient(shades);
    const [across, up] = sweep.axes.map(({ values }) => values.map(shown));
    this.axis.replaceChildren(...ticks(columns, Math.max(2, plot.clientWidth / ACROSS)).map((at) => tick(across[at], "left", (at + 0.5) / columns)));
    this.rowAxis.replaceChildren(...ticks(rows, Math.max(2, plot.clientHeight / UP)).map((at) => tick(up[at], "top", 1 - (at + 0.5) / rows)));
    this.#mark(plane);
  }

  /** The lines over the cells, and what they mean. @param {Plane} plane */
  #mark(plane) {
    const { paths, chosen, told, keys, scale } = this;
    const { sweep, columns, rows } = plane;
    const [x, y] = [columns, rows].map((count) => (/** @type {number} */ place) => Math.round((place / count) * SIDE));
    const [right, down] = plane.neutral.map((share) => (share === null ? null : Math.round(share * SIDE)));
    const lines = [...(right === null ? [] : [`M${right} 0V${SIDE}`]), ...(down === null ? [] : [`M0 ${down}H${SIDE}`])];
    draw(paths.under, lines);
    draw(paths.neutral, lines);
    const { frontier } = plane;
    draw(paths.frontier, frontier.map(([from, to]) => `M${x(from[0])} ${y(from[1])}L${x(to[0])} ${y(to[1])}`));
    const around = (/** @type {number} */ index) => {
      const { column, row } = plane.placeOf(index);
      return `M${x(column)} ${y(row)}H${x(column + 1)}V${y(row + 1)}H${x(column)}Z`;
    };
    const across = (/** @type {number} */ index) => {
      const { column, row } = plane.placeOf(index);
      return `M${x(column + 0.3)} ${y(row + 0.3)}L${x(column + 0.7)} ${y(row + 0.7)}M${x(column + 0.7)} ${y(row + 0.3)}L${x(column + 0.3)} ${y(row + 0.7)}`;
    };
    const points = [...sweep.points.keys()];
    const faults = points.filter((index) => sweep.points[index].rate == null);
    draw(paths.faults, faults.map(across));
    draw(paths.made, points.filter(told.isMade).map(around));
    for (const each of [paths.around, paths.at]) draw(each, chosen === null ? [] : [around(chosen)]);
    const key = (/** @type {string} */ kind, /** @type {string} */ words) => build("span", { class: "sweep-key" }, build("i", { "data-key": kind, "aria-hidden": "true" }), words);
    keys.replaceChildren(build("span", { class: "sweep-key" }, scale, sweep.unit),
      ...(lines.length > 0 ? [key("neutral", "unchanged")] : []),
      ...(frontier.length > 0 ? [key("frontier", "first wrong bits")] : []),
      ...(faults.length > 0 ? [key("fault", "cannot be counted")] : []),
      ...(points.length < sweep.count ? [key("open", "not counted yet")] : []));
  }

  /** @param {number | null} index */
  choose(index) {
    this.chosen = index;
    this.show();
    this.told.point(index);
  }

  /** @param {PointerEvent} event */
  at({ clientX, clientY }) {
    const { left, top, width, height } = this.plot.getBoundingClientRect();
    const { plane } = this;
    return plane?.indexAt(Math.floor(((clientX - left) / width) * plane.columns), Math.floor(((clientY - top) / height) * plane.rows)) ?? null;
  }

  /** Of the points that have come. */
  get count() {
    return this.plane?.sweep.points.length ?? 0;
  }

  /** @param {string} key */
  moved(key) {
    const { plane, chosen } = this;
    const move = MOVES[key];
    if (!plane || !move) return undefined;
    if (chosen === null) return 0;
    const { column, row } = plane.placeOf(chosen);
    const within = (/** @type {number} */ place, /** @type {number} */ count) => Math.min(Math.max(place, 0), count - 1);
    return plane.indexAt(within(column + move[0], plane.columns), within(row + move[1], plane.rows));
  }
}
