/** The results of an evaluation: read as they come, and drawn as a line for each machine. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { intervalOf, linesOf, mapsOf, objectsIn, rateOf, withRoomFor } from "../../frontend/tapedeck_page/assets/tape/evaluation.mjs";

/** A body that comes in these pieces. */
const bodyOf = (pieces) => ReadableStream.from(pieces);

async function read(body) {
  const found = [];
  for await (const each of objectsIn(body)) found.push(each);
  return found;
}

const RESULTS = [{ length: 1, name: "é" }, { length: 2, name: "✓" }];
const BYTES = new TextEncoder().encode(RESULTS.map((each) => `${JSON.stringify(each)}\n`).join(""));

test("lines come whole, wherever they are cut, within a letter too", async () => {
  for (let cut = 0; cut <= BYTES.length; cut++) {
    assert.deepEqual(await read(bodyOf([BYTES.slice(0, cut), BYTES.slice(cut)])), RESULTS);
  }
});

test("a line is there as soon as it has ended, though others are still to come", async () => {
  const more = { send: () => {} };
  const waiting = new Promise((send) => (more.send = send));
  async function* pieces() {
    yield BYTES.slice(0, 26);
    await waiting;
    yield BYTES.slice(26);
  }
  const lines = objectsIn(ReadableStream.from(pieces()));
  assert.deepEqual((await lines.next()).value, RESULTS[0]);
  more.send();
  assert.deepEqual((await lines.next()).value, RESULTS[1]);
  assert.equal((await lines.next()).done, true);
});

test("no body at all has no lines", async () => assert.deepEqual(await read(bodyOf([])), []));

/** A result of a machine at a length. */
const result = (checkpoint, length, rate = 0) => ({
  checkpoint,
  length,
  bit_error_rate: rate,
  interval: [Math.max(0, rate - 0.01), rate + 0.02],
  exact: 3,
  sequences: 4,
});

const LENGTH = { name: "length", title: "vectors" };

test("a task of two sizes has a map for each machine, with what is not known yet left out", () => {
  const cell = (checkpoint, length, repeats, rate) => ({ ...result(checkpoint, length, rate), repeats });
  const found = [cell("a", 10, 1, 0), cell("a", 2, 1, 0.25), cell("a", 10, 5, 0.5), cell("b", 2, 1, 0)];
  const [first, second] = mapsOf(found, [LENGTH, { name: "repeats", title: "repeats" }]);
  assert.deepEqual([first.x, first.y], [["2", "10"], ["1", "5"]]);
  assert.deepEqual(first.z, [[0.25, 0], [null, 0.5]]);
  assert.deepEqual(first.text, [["0.25", "0"], ["", "0.5"]]);
  assert.deepEqual([second.name, second.xaxis, second.showscale], ["b", "x2", false]);
});

test("a line of items is along their number", () => {
  const [line] = linesOf([{ ...result("a"), items: 6 }], ["solid"], { name: "items", title: "items" });
  assert.deepEqual(line.x, [6]);
  assert.match(line.hovertemplate, /^%{x} items: /);
});

test("each machine has a line, in the order in which they came, told apart by dashes", () => {
  const lines = linesOf([result("b", 1), result("b", 2, 0.25), result("a", 1)], ["solid", "dot"], LENGTH);
  assert.deepEqual(lines.map(({ name, x, line }) => [name, x, line.dash]), [["b", [1, 2], "solid"], ["a", [1], "dot"]]);
  assert.deepEqual(lines[0].y, [0, 0.25]);
  assert.deepEqual(lines[0].customdata, [
    ["0", "0 … 0.02", "3 of 4 exact"],
    ["0.25", "0.24 … 0.27", "3 of 4 exact"],
  ]);
});

test("the interval is drawn from its ends, which are not alike", () => {
  const [{ error_y: bars }] = linesOf([result("a", 1, 0.25)], ["solid"], LENGTH);
  assert.ok(Math.abs(bars.array[0] - 0.02) < 1e-12);
  assert.ok(Math.abs(bars.arrayminus[0] - 0.01) < 1e-12);
});

test("more machines than dashes begin again with the first", () => {
  const dashes = linesOf(["a", "b", "c"].map((name) => result(name, 1)), ["solid", "dot"], LENGTH).map(({ line }) => line.dash);
  assert.deepEqual(dashes, ["solid", "dot", "solid"]);
});

test("an interval holds its estimate as both are printed", () => {
  const cases = [
    [1e-6, [2.2e-7, 0.0030007], "0.000001", "2.2e-7 … 0.0031"],
    [0.0149, [0.01485, 0.01492], "0.015", "0.014 … 0.015"],
    [0.0996, [0.0991, 0.09999], "0.1", "0.099 … 0.1"],
    [0, [0, 0.1391], "0", "0 … 0.14"],
    [1, [0.8609, 1], "1", "0.86 … 1"],
  ];
  for (const [rate, interval, asRate, asInterval] of cases) {
    assert.equal(rateOf({ bit_error_rate: rate }), asRate);
    assert.equal(intervalOf({ interval }), asInterval);
  }
});

test("the axis goes up to the highest bar, and to chance where that is higher", () => {
  const layout = { title: "t", yaxis: { range: [-0.01, 0.56], zeroline: false } };
  assert.deepEqual(withRoomFor([], layout), layout);
  assert.deepEqual(withRoomFor([result("a", 1, 0.3)], layout), layout);
  assert.deepEqual(withRoomFor([{ interval: [0, 0.95] }], layout).yaxis.range, [-0.01, 0.97]);
});
