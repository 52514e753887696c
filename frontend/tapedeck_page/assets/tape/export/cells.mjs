/**
 * Cells as vector paths, one path a colour: sharp at every size, in print too.
 *
 * When there are more cells than the picture has points, those that share a point show the largest of them, as on the page.
 *
 * @typedef {import("#viewer/draw/heatmap.mjs").Source} Source
 * @typedef {{source: Source, columns: number, rows: number[], shades: Uint32Array, high: number, gap: string}} Grid `high` is the value
 *     of the last shade, 0 of the first
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

import { sharing } from "#viewer/draw/heatmap.mjs";
import { SHADES } from "#viewer/model/scales.mjs";
import { element, rect, short } from "./svg.mjs";

/** Cells of at least so many points a side are set apart by a line. */
const GAP_FROM = 4;
const GAP = 0.6;

/** @param {Grid} grid @param {Box} box */
export function cells(grid, box) {
  const shown = shadesOf(grid, Math.floor(box.width), Math.floor(box.height));
  const ground = commonest(shown);
  const width = box.width / shown.length;
  const height = box.height / (shown[0]?.length || 1);
  const paths = [...runsOf(shown, ground)].map(([shade, runs]) => {
    const d = runs.map(({ column, row, count }) => {
      const [x, y] = [short(box.x + column * width), short(box.y + row * height)];
      return `M${x} ${y}h${short(count * width)}v${short(height)}H${x}z`;
    });
    return element("path", { fill: hex(grid.shades[shade]), d: d.join("") });
  });
  return element(
    "g",
    { "shape-rendering": "crispEdges" },
    rect(box.x, box.y, box.width, box.height, hex(grid.shades[ground])),
    ...paths,
    ...gaps(shown.length, shown[0]?.length ?? 0, grid.gap, box),
  );
}

/** A colour of a table as CSS writes it. @param {number} word */
export function hex(word) {
  return `#${[word & 255, (word >> 8) & 255, (word >> 16) & 255].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The shades of the cells, column after column, no more of them than there are points. @param {Grid} grid @param {number} width @param {number} height */
export function shadesOf({ source, columns, rows, high }, width, height) {
  const steps = sharing(columns, Math.min(columns, width));
  const places = sharing(rows.length, Math.min(rows.length, height));
  return steps.map((column) =>
    places.map((row) => {
      let most = -Infinity;
      for (let step = column.from; step < column.to; step++) {
        const at = source.offset + step * source.stride;
        for (let r = row.from; r < row.to; r++) most = Math.max(most, source.data[at + rows[r]]);
      }
      return Math.min(SHADES - 1, Math.max(0, Math.round((most / (high || 1)) * (SHADES - 1))));
    }),
  );
}

/** Cells of one shade side by side in a row, by their shade. @param {number[][]} shown @param {number} ground not among them */
function runsOf(shown, ground) {
  /** @type {Map<number, {column: number, row: number, count: number}[]>} */
  const runs = new Map();
  for (let row = 0; row < (shown[0]?.length ?? 0); row++) {
    for (let column = 0; column < shown.length; ) {
      const shade = shown[column][row];
      let count = 1;
      while (column + count < shown.length && shown[column + count][row] === shade) count += 1;
      if (shade !== ground) {
        const known = runs.get(shade) ?? [];
        runs.set(shade, known);
        known.push({ column, row, count });
      }
      column += count;
    }
  }
  return runs;
}

/** @param {number[][]} shown */
function commonest(shown) {
  const counts = new Uint32Array(SHADES);
  for (const column of shown) for (const shade of column) counts[shade] += 1;
  return counts.indexOf(Math.max(...counts));
}

/** @param {number} columns @param {number} rows @param {string} fill @param {Box} box */
function gaps(columns, rows, fill, box) {
  const across = box.width / columns >= GAP_FROM ? Array.from({ length: columns - 1 }, (_, i) => box.x + ((i + 1) * box.width) / columns) : [];
  const down = box.height / rows >= GAP_FROM ? Array.from({ length: rows - 1 }, (_, i) => box.y + ((i + 1) * box.height) / rows) : [];
  const lines = [...across.map((x) => `M${short(x)} ${short(box.y)}v${short(box.height)}`), ...down.map((y) => `M${short(box.x)} ${short(y)}h${short(box.width)}`)];
  return lines.length > 0 ? [element("path", { d: lines.join(""), stroke: fill, "stroke-width": GAP, fill: "none" })] : [];
}
