/**
 * Numbers as cells on a canvas. When cells are smaller than a pixel, it shows the largest of those that share it.
 *
 * @typedef {{data: Float32Array, offset: number, stride: number}} Source value of a column and row: offset + stride · column + row
 * @typedef {{source: Source, columns: number, rows: number[], shades: Uint32Array, high: number, gap: number}} Picture
 *     `rows` are the source's, from top to bottom; `high` has the last shade, 0 the first; `gap` is the colour between large cells
 */

const SHADES = 256;
/** Cells of at least so many pixels are set apart by one pixel. */
const GAP_FROM = 6;

/** Colours at equal distances from the first of these to the last, as words of an ImageData. @param {string[]} colours #rrggbb */
export function shadesBetween(colours) {
  const anchors = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  return Uint32Array.from({ length: SHADES }, (_, shade) => {
    const place = (shade / (SHADES - 1)) * (anchors.length - 1);
    const low = Math.min(Math.floor(place), anchors.length - 2);
    const [r, g, b] = anchors[low].map((from, part) => Math.round(from + (place - low) * (anchors[low + 1][part] - from)));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

/** One colour as such a word. @param {string} colour #rrggbb */
export const wordOf = (colour) => shadesBetween([colour, colour])[0];

/** A CSS gradient of shades. @param {Uint32Array} shades */
export function gradientOf(shades) {
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((at) => `rgb(${shades[at] & 255} ${(shades[at] >> 8) & 255} ${(shades[at] >> 16) & 255})`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** Fits a canvas to its place on the page. @param {HTMLCanvasElement} canvas @param {number} scale pixels of the screen a pixel of the page */
export function fit(canvas, scale) {
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
}

/** Draws all cells over the whole canvas. @param {HTMLCanvasElement} canvas @param {Picture} picture */
export function paint(canvas, picture) {
  const context = contextOf(canvas);
  const { width, height } = canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const down = spans(picture.rows.length, height);
  for (const across of spans(picture.columns, width)) {
    for (const row of down) {
      const colour = picture.shades[shadeOf(picture, across, row)];
      for (let y = row.start; y < row.end; y++) {
        const between = row.apart && y === row.end - 1;
        pixels.fill(between ? picture.gap : colour, y * width + across.start, y * width + across.end);
        if (across.apart) pixels[y * width + across.end - 1] = picture.gap;
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/** @param {HTMLCanvasElement} canvas */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * The cells `from` … `to` − 1 that share the pixels `start` … `end` − 1; one cell, or one pixel.
 *
 * @param {number} count of cells
 * @param {number} pixels
 */
export function spans(count, pixels) {
  return Array.from({ length: Math.min(count, pixels) }, (_, i) => {
    if (count > pixels) {
      const from = Math.floor((i * count) / pixels);
      return { from, to: Math.max(from + 1, Math.floor(((i + 1) * count) / pixels)), start: i, end: i + 1, apart: false };
    }
    const [start, end] = [i, i + 1].map((edge) => Math.round((edge * pixels) / count));
    return { from: i, to: i + 1, start, end, apart: end - start >= GAP_FROM };
  });
}

/** @param {Picture} picture @param {{from: number, to: number}} across @param {{from: number, to: number}} down */
function shadeOf({ source, rows, high }, across, down) {
  let most = 0;
  for (let column = across.from; column < across.to; column++) {
    for (let row = down.from; row < down.to; row++) {
      most = Math.max(most, source.data[source.offset + column * source.stride + rows[row]]);
    }
  }
  return Math.min(SHADES - 1, Math.round((most / high) * (SHADES - 1)));
}
