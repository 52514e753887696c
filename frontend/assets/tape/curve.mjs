/**
 * The curve of a training run, one point a checkpoint: the loss on a logarithmic scale, the bit error rate from 0 to one
 * half. Checkpoints stand at equal distances, because the first ones, where the procedure appears, lie close together.
 *
 * @typedef {import("./film.mjs").Checkpoint} Checkpoint
 */

import { element } from "./dom.mjs";

const SVG = "http://www.w3.org/2000/svg";
/** The picture's own units; it stretches to its place. */
const [WIDTH, HEIGHT, INSET] = [1000, 100, 8];
const CHANCE = 0.5;
/** The loss has a decade of room at least: a few points are no drama. */
const LEAST_SPAN = Math.log(10);
const MOST_LABELS = 9;

export class Curve {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.count = 0;
  }

  /** @param {Checkpoint[]} checkpoints */
  draw(checkpoints) {
    this.count = checkpoints.length;
    const picture = pictureOf(checkpoints.map(({ loss, errorRate }, index) => ({ at: place(index, this.count), loss, errorRate })));
    const every = Math.ceil(this.count / MOST_LABELS);
    const labels = checkpoints.flatMap(({ seen }, index) =>
      index % every && index !== this.count - 1 ? [] : [this.#label(seen, index)],
    );
    this.marker = element("div", "film-mark");
    this.root.replaceChildren(picture, keyOfCurves(), this.marker, ...labels);
  }

  /** @param {number} index */
  mark(index) {
    if (this.marker) this.marker.style.left = `${(100 * place(index, this.count)).toFixed(3)}%`;
  }

  /** The checkpoint nearest to a point of the page. @param {number} clientX */
  indexAt(clientX) {
    const box = this.root.getBoundingClientRect();
    return Math.round(((clientX - box.left) / box.width) * (this.count - 1));
  }

  /** @param {number} seen @param {number} index */
  #label(seen, index) {
    const label = element("span", "tick", seen.toLocaleString("en"));
    label.style.left = `${(100 * place(index, this.count)).toFixed(3)}%`;
    return label;
  }
}

/** @param {number} index @param {number} count */
const place = (index, count) => (count > 1 ? index / (count - 1) : 0);

/**
 * The two lines over a training.
 *
 * @param {{at: number, loss: number | null, errorRate: number | null}[]} points `at` is the share of the width, 0…1
 */
export function pictureOf(points) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  const known = points.flatMap(({ loss }) => (loss ? [Math.log(loss)] : []));
  const most = Math.max(...known);
  const least = Math.min(...known, most - LEAST_SPAN);
  picture.append(
    line("curve-loss", points.map(({ at, loss }) => [at, loss ? (Math.log(loss) - least) / (most - least) : null])),
    line("curve-errors", points.map(({ at, errorRate }) => [at, errorRate === null ? null : errorRate / CHANCE])),
  );
  return picture;
}

export function keyOfCurves() {
  const key = element("div", "film-key");
  key.append(element("span", "key-loss", "loss"), element("span", "key-errors", "bit error rate"));
  return key;
}

/** @param {string} className @param {[number, number | null][]} points shares of width and height, 0…1; unknown heights are left out */
function line(className, points) {
  const drawn = document.createElementNS(SVG, "polyline");
  drawn.setAttribute("class", className);
  drawn.setAttribute("vector-effect", "non-scaling-stroke");
  const places = points.flatMap(([at, share]) =>
    share === null ? [] : [`${(WIDTH * at).toFixed(1)},${(HEIGHT - INSET - share * (HEIGHT - 2 * INSET)).toFixed(1)}`],
  );
  drawn.setAttribute("points", places.join(" "));
  return drawn;
}
