import assert from "node:assert/strict";
import { test } from "node:test";

import { Heatmap, edges, sharing } from "#viewer/draw/heatmap.mjs";
import { shadesOf } from "#viewer/model/scales.mjs";

const SHADES = shadesOf(["#efede6", "#b45406", "#7a3300"]);
const GAP = 0xff010203;
const EMPTY = 0;

/** A canvas that keeps its pixels as words, as much of one as the heatmap needs. */
class Canvas {
  constructor(width, height) {
    Object.assign(this, { width, height, pixels: new Uint32Array(width * height) });
  }

  getContext() {
    return {
      createImageData: (width, height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: ({ width, height, data }, x0) => {
        const words = new Uint32Array(data.buffer);
        for (let y = 0; y < height; y++) {
          this.pixels.set(words.subarray(y * width, (y + 1) * width), y * this.width + x0);
        }
      },
      clearRect: () => this.pixels.fill(EMPTY),
    };
  }

  at(x, y) {
    return this.pixels[y * this.width + x];
  }
}

/** Values in 0…1 of [columns × rows], laid out with other fields around them, as a trace does. */
function picture(columns, rows, value, shown = Array.from({ length: rows }, (_, row) => row)) {
  const [offset, stride] = [3, rows + 7];
  const data = new Float32Array(columns * stride).fill(0.77);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) data[offset + column * stride + row] = value(column, row);
  }
  return { source: { data, offset, stride }, columns, rows: shown, shades: SHADES, low: 0, high: 1, gap: GAP };
}

test("edges run from the first pixel to the last, and every cell that fits has a pixel at least", () => {
  for (const pixels of [1, 7, 100, 333]) {
    for (const count of [1, 2, 3, 20, 42, 100]) {
      const found = edges(count, pixels);
      assert.deepEqual([found[0], found[count]], [0, pixels]);
      for (let i = 0; i < count; i++) {
        const room = found[i + 1] - found[i];
        assert.ok(room >= (count <= pixels ? 1 : 0), `${count} in ${pixels}: cell ${i} has ${room}`);
      }
    }
  }
});

test("cells that share pixels are all shown, each in one pixel, in order", () => {
  for (const [count, pixels] of [[1000, 333], [1000, 999], [128, 97], [4096, 136], [2002, 1], [5, 5]]) {
    const groups = sharing(count, pixels);
    assert.equal(groups.length, pixels);
    const cells = groups.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
    assert.deepEqual(cells, Array.from({ length: count }, (_, i) => i), `${count} in ${pixels}`);
  }
});

test("a cell has the colour of its value, apart from the gap", () => {
  const canvas = new Canvas(40, 20);
  new Heatmap(canvas).draw(picture(4, 2, (column, row) => (column === 2 && row === 1 ? 1 : 0.25)), 0, 4);
  assert.equal(canvas.at(25, 15), SHADES[255]);
  assert.equal(canvas.at(25, 5), SHADES[64]);
  assert.equal(canvas.at(5, 15), SHADES[64]);
  assert.equal(canvas.at(29, 15), GAP);
  assert.equal(canvas.at(25, 19), GAP);
});

test("values beyond the limits have the colours of the ends", () => {
  const canvas = new Canvas(4, 1);
  new Heatmap(canvas).draw({ ...picture(4, 1, (column) => [-1, 2, 4, 6][column]), low: 2, high: 4 }, 0, 4);
  assert.deepEqual([...canvas.pixels], [0, 0, 255, 255].map((shade) => SHADES[shade]));
});

test("the rows are those asked for, from top to bottom", () => {
  const canvas = new Canvas(1, 3);
  new Heatmap(canvas).draw(picture(1, 8, (_, row) => row / 7, [7, 0, 1]), 0, 1);
  assert.deepEqual([...canvas.pixels], [255, 0, 36].map((shade) => SHADES[shade]));
});

for (const [what, columns, rows, width, height] of [
  ["columns", 1000, 5, 333, 20],
  ["rows", 10, 4096, 60, 136],
  ["columns and rows", 1000, 512, 150, 40],
]) {
  test(`a weight in one cell only is seen where ${what} share pixels`, () => {
    for (let turn = 0; turn < 40; turn++) {
      const hot = { column: (turn * 379) % columns, row: (turn * 1237) % rows };
      const canvas = new Canvas(width, height);
      const alone = (column, row) => Number(column === hot.column && row === hot.row);
      new Heatmap(canvas).draw(picture(columns, rows, alone), 0, columns);
      assert.ok(canvas.pixels.includes(SHADES[255]), `column ${hot.column}, row ${hot.row}`);
    }
  });
}

for (const [columns, width] of [[42, 333], [300, 333], [333, 333], [1000, 333], [1000, 640], [1000, 999]]) {
  test(`${columns} columns on ${width} pixels look the same however they arrive`, () => {
    const value = (column, row) => ((column * 31 + row * 17) % 97) / 96;
    const shown = picture(columns, 6, value);
    const whole = new Canvas(width, 30);
    new Heatmap(whole).draw(shown, 0, columns);
    for (const size of [1, 3, 16, 100]) {
      const grown = new Canvas(width, 30);
      const heatmap = new Heatmap(grown);
      for (let from = 0; from < columns; from += size) heatmap.draw(shown, from, Math.min(columns, from + size));
      assert.deepEqual(grown.pixels, whole.pixels, `frames of ${size}`);
    }
  });
}

test("nothing is drawn of what has not arrived", () => {
  const canvas = new Canvas(100, 4);
  new Heatmap(canvas).draw(picture(50, 2, () => 1), 0, 20);
  assert.ok(Array.from({ length: 60 }, (_, x) => canvas.at(40 + x, 0)).every((pixel) => pixel === EMPTY));
  assert.notEqual(canvas.at(39, 0), EMPTY);
});
