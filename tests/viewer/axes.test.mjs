import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOfRow, rowLabels } from "#viewer/model/axes.mjs";

const channels = (bits, delimiters = ["start", "end"]) => [
  ...Array.from({ length: bits }, (_, bit) => ({ name: `bit ${bit + 1}`, kind: "bit" })),
  ...delimiters.map((name) => ({ name, kind: name === "count" ? "count" : "delimiter" })),
];

test("bits are counted from 1 and locations and columns from 0, and delimiters have names", () => {
  assert.deepEqual([0, 7, 8, 9].map((row) => nameOfRow("channel", row, channels(8))), ["bit 1", "bit 8", "start delimiter", "end delimiter"]);
  assert.equal(nameOfRow("location", 0, []), "location 0");
  assert.equal(nameOfRow("column", 0, []), "column 0");
});

test("labels of bits never touch, at any height and any number of bits", () => {
  const letters = 11;
  for (const bits of [1, 2, 5, 8, 16]) {
    for (const delimiters of [0, 2]) {
      for (let height = 24; height < 400; height += 7) {
        const rows = Array.from({ length: bits + delimiters }, (_, row) => row);
        const places = rowLabels("channel", rows, channels(bits), height, 26).map(({ index }) => ((index + 0.5) * height) / rows.length);
        assert.ok(places.length > 0);
        places.slice(1).forEach((place, at) => assert.ok(place - places[at] >= letters - 1e-9, `${bits} bits in ${height}: ${places}`));
      }
    }
  }
});

test("where there is room the first and the last bit and both delimiters are named", () => {
  const rows = Array.from({ length: 10 }, (_, row) => row);
  assert.deepEqual(rowLabels("channel", rows, channels(8), 150, 26).map(({ text }) => text), ["1", "8", "S", "E"]);
  assert.deepEqual(rowLabels("channel", rows, channels(8), 90, 26).map(({ text }) => text), ["1", "8", "S E"]);
});

test("channels of other kinds have their own names, and a unit its number", () => {
  assert.equal(nameOfRow("channel", 9, channels(8, ["start", "count"])), "count");
  assert.deepEqual(rowLabels("channel", [...Array(10).keys()], channels(8, ["start", "count"]), 150, 26).map(({ text }) => text), ["1", "8", "S", "C"]);
  assert.equal(nameOfRow("unit", 3, []), "unit 3");
});
