/**
 * Drawing numbers as cells on a canvas, pixel by pixel.
 *
 * When cells are smaller than a pixel, a pixel shows the largest of the cells that share it, the farthest from 0 where some are
 * below it: dropping whole columns would hide a weight that is there for one step only.
 *
 * @typedef {{data: Float32Array, offset: number, stride: number}} Source value of a column and row: offset + stride · column + row
 * @typedef {{
 *   source: Source, columns: number, rows: number[], shades: Uint32Array, low: number, high: number, gap: number, tones?: (Tone | null)[],
 * }} Picture `rows` are the source's rows from top to bottom; `gap` is the colour between cells that are large enough; `tones` are those
 *     of rows that have shades and limits of their own
 * @typedef {{shades: Uint32Array, low: number, high: number}} Tone
 */

import { SHADES } from "../model/scales.mjs";

/** Cells of at least so many pixels a side are set apart by one pixel. */
const GAP_FROM = 6;

/**
 * Where each of `count` cells begins, in whole pixels, and where the last one ends.
 *
 * @param {number} count
 * @param {number} pixels
 */
export function edges(count, pixels) {
  return Int32Array.from({ length: count + 1 }, (_, i) => Math.round((i * pixels) / count));
}

/**
 * The cells that share each pixel when there are more cells than pixels.
 *
 * @param {number} count
 * @param {number} pixels
 * @returns {{from: number, to: number}[]}
 */
export function sharing(count, pixels) {
  return Array.from({ length: pixels }, (_, p) => {
    const from = Math.floor((p * count) / pixels);
    return { from, to: Math.max(from + 1, Math.floor(((p + 1) * count) / pixels)) };
  });
}

export class Heatmap {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** Fits the canvas to its place on the page. True if its pixels changed, and all has to be drawn again. */
  fit() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    if (this.canvas.width === w && this.canvas.height === h) {
      return false;
    }
    this.canvas.width = w;
    this.canvas.height = h;
    return true;
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * Draws the columns `from` … `to` − 1, and leaves the others as they are.
   *
   * @param {Picture} picture
   * @param {number} from
   * @param {number} to
   */
  draw(picture, from, to) {
    const { width, height } = this.canvas;
    const { columns } = picture;
    if (to <= from) {
      return;
    }
    const pooled = columns > width;
    const x0 = pooled ? Math.floor((from * width) / columns) : Math.round((from * width) / columns);
    const x1 = pooled ? Math.ceil((to * width) / columns) : Math.round((to * width) / columns);
    const image = this.context.createImageData(x1 - x0, height);
    const pixels = new Uint32Array(image.data.buffer);
    const groups = pooled ? sharing(columns, width).slice(x0, x1) : null;
    const columnEdges = pooled ? null : edges(columns, width);
    const last = groups ? groups.length : to - from;
    const strip = new Strip(picture, height);
    for (let i = 0; i < last; i++) {
      const colours = groups ? strip.of(groups[i].from, Math.min(groups[i].to, to)) : strip.of(from + i, from + i + 1);
      const left = columnEdges ? columnEdges[from + i] - x0 : i;
      const right = columnEdges ? columnEdges[from + i + 1] - x0 : i + 1;
      const apart = right - left >= GAP_FROM;
      for (let x = left; x < right; x++) {
        const gap = apart && x === right - 1;
        for (let y = 0, at = x; y < height; y++, at += x1 - x0) {
          pixels[at] = gap ? picture.gap : colours[y];
        }
      }
    }
    this.context.putImageData(image, x0, 0);
  }
}

/** The colours of pixel columns of one picture, one column after another in the same place. */
class Strip {
  /** @param {Picture} picture @param {number} height */
  constructor(picture, height) {
    this.picture = picture;
    this.colours = new Uint32Array(height);
    /** Of each row. @type {(Tone & {scale: number})[]} */
    this.tones = picture.rows.map((_, index) => scaled(picture.tones?.[index] ?? picture));
    const count = picture.rows.length;
    this.groups = count > height ? sharing(count, height) : null;
    this.edges = edges(count, height);
  }

  /** From the largest values of the steps `from` … `to` − 1. @param {number} from @param {number} to */
  of(from, to) {
    const { colours, groups, tones } = this;
    const { rows, gap } = this.picture;
    if (groups) {
      for (let y = 0; y < groups.length; y++) {
        let farthest = groups[y].from;
        let value = this.#value(farthest, from, to);
        for (let r = farthest + 1; r < groups[y].to; r++) {
          const other = this.#value(r, from, to);
          if (tones[r].low < 0 ? Math.abs(other) > Math.abs(value) : other > value) [farthest, value] = [r, other];
        }
        colours[y] = shadeOf(tones[farthest], value);
      }
      return colours;
    }
    for (let r = 0; r < rows.length; r++) {
      const [top, bottom] = [this.edges[r], this.edges[r + 1]];
      colours.fill(shadeOf(tones[r], this.#value(r, from, to)), top, bottom);
      if (bottom - top >= GAP_FROM) colours[bottom - 1] = gap;
    }
    return colours;
  }

  /** The one that stands for some steps of a row. @param {number} r @param {number} from @param {number} to */
  #value(r, from, to) {
    const { source, rows } = this.picture;
    const { data, stride } = source;
    let at = source.offset + from * stride + rows[r];
    let value = data[at];
    if (this.tones[r].low < 0) {
      for (let step = from + 1; step < to; step++) {
        at += stride;
        if (Math.abs(data[at]) > Math.abs(value)) value = data[at];
      }
    } else {
      for (let step = from + 1; step < to; step++) {
        at += stride;
        if (data[at] > value) value = data[at];
      }
    }
    return value;
  }
}

/** @param {Tone} tone */
const scaled = ({ shades, low, high }) => ({ shades, low, high, scale: (SHADES - 1) / (high - low || 1) });

/** @param {Tone & {scale: number}} tone @param {number} value */
const shadeOf = ({ shades, low, scale }, value) => shades[Math.min(SHADES - 1, Math.max(0, Math.round((value - low) * scale)))];
