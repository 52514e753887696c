/**
 * The picture of a sweep: the curve with its band over the values that were tried. Pointing says what a point means, a press makes the
 * change that it stands for, by pointer and by keys; a finger chooses first.
 *
 * @typedef {import("#viewer/model/sweep.mjs").Sweep} Sweep
 */

import { build } from "#viewer/draw/dom.mjs";
import { percent, shown } from "#viewer/model/sweep.mjs";
import { tick } from "#viewer/views/markup.mjs";
import { listenToChoices } from "./choosing.mjs";
import { SIDE, draw, path, pictureOf } from "./paths.mjs";

/** Parts of the scale, and of the axis. */
const [PARTS, LABELS] = [3, 4];

export class SweepCurve {
  /** The point that is pointed at. @type {number | null} */
  chosen = null;
  /** @type {Sweep | null} */
  sweep = null;

  /** @param {{point: (index: number | null) => void, make: (index: number) => void}} told */
  constructor(told) {
    this.told = told;
    const [rules, neutral, at] = [path("sweep-rule"), path("sweep-neutral"), path("sweep-at")];
    const [band, line, dots, faults, dot] = [path("sweep-band"), path("sweep-line"), path("sweep-dots"), path("sweep-faults"), path("sweep-dot")];
    this.paths = { rules, band, neutral, at, line, dots, faults, dot };
    this.plot = build("div", { class: "sweep-plot", role: "group", tabindex: "0", "aria-label": "Values: left and right choose one, Enter makes the change" });
    this.plot.append(pictureOf(Object.values(this.paths)));
    this.scaleTitle = build("div", { class: "sweep-scale-title" });
    this.rowAxis = build("div", { class: "row-axis" });
    this.axis = build("div", { class: "sweep-axis" });
    this.axisTitle = build("div", { class: "sweep-axis-title" });
    this.root = build("div", { class: "sweep-curve" }, this.scaleTitle, this.rowAxis, this.plot, this.axis, this.axisTitle);
    listenToChoices(this.plot, this);
  }

  /** Another one. @param {Sweep | null} sweep */
  begin(sweep) {
    this.sweep = sweep;
    this.chosen = null;
    Object.values(this.paths).forEach((path) => draw(path, []));
    if (!sweep) return;
    const [axis] = sweep.axes;
    this.axis.replaceChildren(
      ...axis.labels(LABELS).map((value) => tick(shown(value), "left", axis.placeOf(value))),
      ...(axis.hasNeutral ? [unchanged(axis.placeOf(axis.neutral))] : []),
    );
    this.axisTitle.textContent = axis.title;
  }

  /** What has come. */
  show() {
    const { sweep, paths } = this;
    if (!sweep) return;
    const [axis] = sweep.axes;
    const { low, high } = sweep.limits;
    const x = (/** @type {number} */ share) => Math.round(share * SIDE);
    const y = (/** @type {number} */ value) => Math.round((1 - (value - low) / (high - low)) * SIDE);
    const rows = Array.from({ length: PARTS + 1 }, (_, part) => low + ((high - low) * part) / PARTS);
    this.scaleTitle.textContent = sweep.unit;
    this.rowAxis.replaceChildren(...rows.map((value) => tick(percent(value), "top", y(value) / SIDE)));
    draw(paths.rules, rows.slice(1, -1).map((value) => `M0 ${y(value)}H${SIDE}`));
    draw(paths.neutral, axis.hasNeutral ? [`M${x(axis.placeOf(axis.neutral))} 0V${SIDE}`] : []);
    const { stretches } = sweep;
    draw(paths.band, stretches.map((points) => `M${[...points.map((each) => `${x(each.x)} ${y(each.high)}`), ...[...points].reverse().map((each) => `${x(each.x)} ${y(each.low)}`)].join("L")}Z`));
    draw(paths.line, stretches.map((points) => `M${points.map((each) => `${x(each.x)} ${y(each.rate)}`).join("L")}`));
    draw(paths.dots, stretches.flat().map((each) => `M${x(each.x)} ${y(each.rate)}h0`));
    draw(paths.faults, sweep.points.filter(({ rate }) => rate == null).map(({ values }) => `M${x(axis.placeOf(values[0]))} 0V${SIDE}`));
    const point = this.chosen === null ? undefined : sweep.points[this.chosen];
    const place = point ? x(axis.placeOf(point.values[0])) : 0;
    draw(paths.at, point ? [`M${place} 0V${SIDE}`] : []);
    draw(paths.dot, point?.rate != null ? [`M${place} ${y(point.rate)}h0`] : []);
  }

  /** @param {number | null} index */
  choose(index) {
    this.chosen = index;
    this.show();
    this.told.point(index);
  }

  /** @param {PointerEvent} event */
  at({ clientX }) {
    const { left, width } = this.plot.getBoundingClientRect();
    return this.sweep?.nearest((clientX - left) / width) ?? null;
  }

  /** Of the points that have come. */
  get count() {
    return this.sweep?.points.length ?? 0;
  }

  /** @param {string} key */
  moved(key) {
    const last = this.count - 1;
    const { chosen } = this;
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: (chosen ?? -1) + 1, ArrowLeft: (chosen ?? last + 1) - 1, Home: 0, End: last };
    return key in moves ? Math.min(Math.max(moves[key], 0), last) : undefined;
  }
}

/** Above the plot, and never beyond its ends. @param {number} share of the axis */
function unchanged(share) {
  const label = tick("unchanged", "left", share);
  label.classList.add("sweep-unchanged");
  label.style.transform = `translateX(${-100 * share}%)`;
  return label;
}
