/** What an evaluation has found, drawn as a line or a map for each machine. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { intervalOf, linesOf, mapsOf, rateOf, seriesOf, withRoomFor } from "../../frontend/tapedeck_page/assets/tape/results.mjs";

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
const REPEATS = { name: "repeats", title: "repeats" };
const LOOKS = { dashes: ["solid", "dot"], colours: ["blue", "red", "green"] };
const TONES = { paper: "#fff", error: "#f00" };

/** What was counted here of machines that all are chosen. */
const counted = (results, axes = [LENGTH]) => {
  return seriesOf([...new Set(results.map(({ checkpoint }) => checkpoint))], [], { results, locations: null }, axes);
};
const cell = (checkpoint, length, repeats, rate) => ({ ...result(checkpoint, length, rate), repeats });

test("a task of two sizes has a map for each machine, with what is not known yet left out", () => {
  const axes = [LENGTH, REPEATS];
  const found = [cell("a", 10, 1, 0), cell("a", 2, 1, 0.25), cell("a", 10, 5, 0.5), cell("b", 2, 1, 0)];
  const [first, second] = mapsOf(counted(found, axes), TONES, axes, 900);
  assert.deepEqual([first.x, first.y], [["2", "10"], ["1", "5"]]);
  assert.deepEqual(first.z, [[0.25, 0], [null, 0.5]]);
  assert.deepEqual(first.text, [["0.25", "0"], ["", "0.5"]]);
  assert.deepEqual(first.colorscale, [[0, "#fff"], [1, "#f00"]]);
  assert.deepEqual([second.name, second.xaxis, second.showscale], ["b", "x2", false]);
});

test("in a map a cell that is counted here takes the place of the one that ships with the machine", () => {
  const axes = [LENGTH, REPEATS];
  const ships = [{ checkpoint: "a", locations: null, results: [cell("a", 2, 1, 0.125), cell("a", 10, 1, 0.25)] }];
  const drawn = mapsOf(seriesOf(["a"], ships, { results: [cell("a", 2, 1, 0.5)], locations: null }, axes), TONES, axes, 900);
  assert.deepEqual(drawn.map(({ name, z }) => [name, z]), [["a, ships with it", [[null, 0.25]]], ["a", [[0.5]]]]);
  assert.deepEqual(drawn.map(({ xaxis }) => xaxis), ["x", "x"]);
});

test("cells that are too small for their numbers have none", () => {
  const axes = [LENGTH, REPEATS];
  const series = counted([cell("a", 10, 1, 0), cell("a", 2, 1, 0.25)], axes);
  assert.deepEqual([40, 400].map((width) => mapsOf(series, TONES, axes, width)[0].texttemplate), ["", "%{text}"]);
});

test("a line of items is along their number", () => {
  const items = { name: "items", title: "items" };
  const [line] = linesOf(counted([{ ...result("a"), items: 6 }], [items]), LOOKS, items);
  assert.deepEqual(line.x, [6]);
  assert.match(line.hovertemplate, /^%{x} items: /);
});

test("each machine has a line, in the order in which they are chosen, told apart by dashes and colours", () => {
  const lines = linesOf(counted([result("b", 1), result("b", 2, 0.25), result("a", 1)]), LOOKS, LENGTH);
  assert.deepEqual(lines.map(({ name, x, line }) => [name, x, line.dash, line.color]), [["b", [1, 2], "solid", "blue"], ["a", [1], "dot", "red"]]);
  assert.deepEqual(lines[0].y, [0, 0.25]);
  assert.deepEqual(lines[0].customdata, [
    ["0", "0 … 0.02", "3 of 4 exact"],
    ["0.25", "0.24 … 0.27", "3 of 4 exact"],
  ]);
});

test("what ships with a machine lies pale under what is counted of it, in the same colour and dash", () => {
  const ships = ["a", "b"].map((checkpoint) => ({ checkpoint, locations: null, results: [result(checkpoint, 1), result(checkpoint, 9)] }));
  const drawn = (results) => linesOf(seriesOf(["a", "b"], ships, { results, locations: null }, [LENGTH]), LOOKS, LENGTH);
  assert.deepEqual(drawn([]).map(({ name, opacity }) => [name, opacity]), [["a, ships with it", 1], ["b, ships with it", 1]]);
  const over = drawn([result("b", 2)]);
  assert.deepEqual(over.map(({ name }) => name), ["a, ships with it", "b, ships with it", "b"]);
  assert.deepEqual(over.map(({ opacity }) => opacity < 1), [true, true, false]);
  assert.deepEqual(over[1].line, over[2].line);
  assert.deepEqual(over[1].x, [1, 9]);
});

test("what ships with machines that are not chosen, or is of another task, is not drawn", () => {
  const ships = [{ checkpoint: "a", locations: null, results: [result("a", 1)] }];
  const none = { results: [], locations: null };
  assert.deepEqual(seriesOf(["b"], ships, none, [LENGTH]), []);
  assert.deepEqual(seriesOf(["a"], ships, none, [LENGTH, REPEATS]), []);
});

test("the interval is drawn from its ends, which are not alike", () => {
  const [{ error_y: bars }] = linesOf(counted([result("a", 1, 0.25)]), LOOKS, LENGTH);
  assert.ok(Math.abs(bars.array[0] - 0.02) < 1e-12);
  assert.ok(Math.abs(bars.arrayminus[0] - 0.01) < 1e-12);
});

test("more machines than dashes begin again with the first", () => {
  const dashes = linesOf(counted(["a", "b", "c"].map((name) => result(name, 1))), LOOKS, LENGTH).map(({ line }) => line.dash);
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

test("predictions are drawn and told by their share above the optimum", () => {
  const predicted = { checkpoint: "a", length: 200, sequences: 4, bits: 780, cost: 536.4, optimum: 532, excess: 0.00827, interval: [-0.001, 0.004], locations: 64 };
  const [line] = linesOf(counted([predicted]), LOOKS, LENGTH);
  assert.deepEqual(line.y, [0.00827]);
  assert.deepEqual(line.customdata, [["+0.83 %", "−0.10 % … +0.40 %", "134.10 bits, best 133.00"]]);
  assert.equal(rateOf(predicted), "+0.83 %");
});
