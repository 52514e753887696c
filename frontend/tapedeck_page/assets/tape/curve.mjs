/**
 * The curve of a training run, one point a checkpoint: the loss on a logarithmic scale, the bit error rate from 0 to one
 * half, and over them the share of wrong bits of the user's own sequence. Checkpoints stand at equal distances, because the first
 * ones, where the procedure appears, lie close together.
 *
 * @typedef {import("./reel.mjs").Checkpoint} Checkpoint
 * @typedef {{at: number, loss: number | null, errorRate: number | null}} Point `at` is the share of the width, 0…1
 */

import { element } from "#viewer/draw/dom.mjs";

const SVG = "http://www.w3.org/2000/svg";
/** The picture's own units; it stretches to its place. */
const [WIDTH, HEIGHT, INSET] = [1000, 100, 8];
const CHANCE = 0.5;
/** The loss spans a decade at least, so that a small change does not look large. */
const LEAST_SPAN = 10;
const SMALLEST_WITH_ZEROS = 0.001;
/** Of the width, between two labels. */
const LABEL_SHARE = 0.105;

export class Curve {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.count = 0;
    /** The marks of the user's sequence, at the checkpoints that have run. @type {Map<number, HTMLElement>} */
    this.own = new Map();
  }

  /** @param {Checkpoint[]} checkpoints */
  draw(checkpoints) {
    this.count = checkpoints.length;
    this.own.clear();
    const points = checkpoints.map(({ loss, errorRate }, index) => ({ at: place(index, this.count), loss, errorRate }));
    const labels = labelled(this.count).map((index) => this.#label(checkpoints[index].seen, index));
    this.marker = element("div", "film-mark");
    this.root.replaceChildren(...pictureOf(points), this.marker, ...labels);
  }

  /** @param {number} index */
  mark(index) {
    if (this.marker) this.marker.style.left = percent(place(index, this.count));
  }

  /** A point of the user's own sequence. @param {number} index @param {number} share of wrong bits */
  dot(index, share) {
    const dot = this.own.get(index) ?? element("div", "film-own");
    dot.style.left = percent(place(index, this.count));
    dot.style.top = percent(heightOf(errorShare(share)) / HEIGHT);
    if (!this.own.has(index)) this.marker?.before(dot);
    this.own.set(index, dot);
  }

  /** The checkpoint nearest to a point of the page. @param {number} clientX */
  indexAt(clientX) {
    const box = this.root.getBoundingClientRect();
    return Math.round(((clientX - box.left) / box.width) * (this.count - 1));
  }

  /** @param {number} seen @param {number} index */
  #label(seen, index) {
    const label = element("span", "tick", seen.toLocaleString("en"));
    label.style.left = percent(place(index, this.count));
    return label;
  }
}

/** @param {number} index @param {number} count */
const place = (index, count) => (count > 1 ? index / (count - 1) : 0);

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(3)}%`;

/**
 * Which checkpoints have a label: the first, the last, and between them as many, evenly, as do not touch.
 *
 * @param {number} count
 * @returns {number[]}
 */
export function labelled(count) {
  const every = Math.max(1, Math.ceil(LABEL_SHARE * (count - 1)));
  const last = count - 1;
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => index === last || (index % every === 0 && last - index >= every),
  );
}

/**
 * The smallest and the largest loss in a picture; null where none is known.
 *
 * @param {Point[]} points
 */
export function limitsOf(points) {
  const known = points.flatMap(({ loss }) => (loss ? [loss] : []));
  if (known.length === 0) return null;
  const most = Math.max(...known);
  return { least: Math.min(...known, most / LEAST_SPAN), most };
}

/**
 * The two lines over a training, as the points of a polyline; what is not known is left out.
 *
 * @param {Point[]} points
 */
export function linesOf(points) {
  const limits = limitsOf(points);
  const decades = limits ? Math.log(limits.most / limits.least) : 1;
  return {
    loss: joined(points.map(({ at, loss }) => [at, loss && limits ? Math.log(loss / limits.least) / decades : null])),
    errors: joined(points.map(({ at, errorRate }) => [at, errorRate === null ? null : errorShare(errorRate)])),
  };
}

/** A rate above chance is drawn at the edge. @param {number} rate */
const errorShare = (rate) => Math.min(1, rate / CHANCE);

/** @param {number} share of the height, from below */
const heightOf = (share) => HEIGHT - INSET - share * (HEIGHT - 2 * INSET);

/** @param {[number, number | null][]} points */
function joined(points) {
  return points
    .flatMap(([at, share]) => (share === null ? [] : [`${(WIDTH * at).toFixed(1)},${heightOf(share).toFixed(1)}`]))
    .join(" ");
}

/**
 * The picture of a training, and the limits of both scales beside it.
 *
 * @param {Point[]} points
 * @returns {Element[]}
 */
export function pictureOf(points) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  const { loss, errors } = linesOf(points);
  picture.append(line("curve-loss", loss), line("curve-errors", errors));
  const limits = limitsOf(points);
  return [
    picture,
    beside("of-loss", limits ? [limits.most, limits.least].map(short) : []),
    beside("of-errors", [String(CHANCE), "0"]),
  ];
}

/** A loss in one digit. @param {number} loss */
export function short(loss) {
  return loss < SMALLEST_WITH_ZEROS ? loss.toExponential(0) : String(Number(loss.toPrecision(1)));
}

/** @param {string} name @param {string} points */
function line(name, points) {
  const drawn = document.createElementNS(SVG, "polyline");
  drawn.setAttribute("class", name);
  drawn.setAttribute("vector-effect", "non-scaling-stroke");
  drawn.setAttribute("points", points);
  return drawn;
}

/** @param {string} name @param {string[]} limits from top to bottom */
function beside(name, limits) {
  const scale = element("div", `curve-limits ${name}`);
  scale.setAttribute("aria-hidden", "true");
  scale.append(...limits.map((limit) => element("span", "", limit)));
  return scale;
}
