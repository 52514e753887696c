import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOfRow, rowLabels } from "#viewer/model/axes.mjs";

test("bits are counted from 1 and locations and columns from 0, and delimiters have names", () => {
  assert.deepEqual([0, 7, 8, 9].map((row) => nameOfRow("bits", row, 8)), ["bit 1", "bit 8", "start delimiter", "end delimiter"]);
  assert.equal(nameOfRow("locations", 0, 8), "location 0");
  assert.equal(nameOfRow("width", 0, 8), "column 0");
});

test("labels of bits never touch, at any height and any number of bits", () => {
  const letters = 11;
  for (const bits of [1, 2, 5, 8, 16]) {
    for (const delimiters of [0, 2]) {
      for (let height = 24; height < 400; height += 7) {
        const rows = Array.from({ length: bits + delimiters }, (_, row) => row);
        const places = rowLabels("bits", rows, bits, height, 26).map(({ index }) => ((index + 0.5) * height) / rows.length);
        assert.ok(places.length > 0);
        places.slice(1).forEach((place, at) => assert.ok(place - places[at] >= letters - 1e-9, `${bits} bits in ${height}: ${places}`));
      }
    }
  }
});

test("where there is room the first and the last bit and both delimiters are named", () => {
  const rows = Array.from({ length: 10 }, (_, row) => row);
  assert.deepEqual(rowLabels("bits", rows, 8, 150, 26).map(({ text }) => text), ["1", "8", "S", "E"]);
  assert.deepEqual(rowLabels("bits", rows, 8, 90, 26).map(({ text }) => text), ["1", "8", "S E"]);
});
