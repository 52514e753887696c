import assert from "node:assert/strict";
import { test } from "node:test";

import { Plane } from "#viewer/model/plane.mjs";
import { Axis, kindsOf, momentsOf, neutralOf, placesOf, rangeOf, requestOf, valuesOf } from "#viewer/model/subjects.mjs";
import { Sweep } from "#viewer/model/sweep.mjs";
import { asCsv, asJson } from "#viewer/model/sweptfile.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { header } from "./recording.mjs";

const run = new Trace(header({ hidden: 3 }));
const SIZES = { length: 3 };
const GAIN = { kind: "scale", target: "read.key_strength", when: { phase: "recall" } };
const OTHER = { kind: "freeze", head: "write" };
const REQUEST = { checkpoint: "made-up", input: {}, locations: 16, interventions: [OTHER, { kind: "scale", target: "read.key_strength", value: 3, phase: "recall" }] };

const axisOf = (subject, values) => new Axis(subject, values, run, SIZES);
const sized = (kind) => ({ kind, target: "", when: {} });

/** A sweep of two numbers whose rates came column by column; null is a point that could not be counted. */
function mapped(first, second, rates, measure = "bit_error_rate") {
  const axes = [axisOf(...first), axisOf(...second)];
  const sweep = new Sweep(axes, requestOf(axes, 4, REQUEST, SIZES));
  const header = [{ title: "read.key_strength ×", values: first[1] }, { title: "noise, on memory", values: second[1] }];
  sweep.begin({ type: "header", checkpoint: "made-up", axes: header, points: sweep.count, measure, title: "" });
  rates.forEach((rate, index) => {
    const values = [first[1][Math.floor(index / second[1].length)], second[1][index % second[1].length]];
    const found = rate === null ? { error: { code: "overflow", detail: "The numbers overflow.", field: null } } : { rate, interval: [0, rate], exact: rate === 0 ? 4 : 0, sequences: 4 };
    sweep.take({ type: "point", index, values, ...found });
  });
  return sweep;
}
const NOISE = { kind: "noise", target: "memory", when: {} };

/** A sweep whose points came with such rates; an interval goes as far below as above. */
function swept({ subject = GAIN, values = [0, 0.5, 1], rates = [0.5, 0.25, 0], spread = 0.01, measure = "bit_error_rate", request = REQUEST } = {}) {
  const axes = [axisOf(subject, values)];
  const sweep = new Sweep(axes, requestOf(axes, 4, request, SIZES));
  sweep.begin({ type: "header", checkpoint: "made-up", axes: [], points: values.length, measure, title: "" });
  rates.forEach((rate, index) => {
    const found = rate === null ? { error: { code: "overflow", detail: "The numbers overflow.", field: null } } : { rate, interval: [rate - spread, rate + spread], exact: measure === "bit_error_rate" ? index : null, sequences: 4 };
    sweep.take({ type: "point", index, values: [values[index]], ...found });
  });
  return sweep;
}

test("what can be swept is what a run has: numbers of its heads, its memory, N, and the sizes of its task", () => {
  assert.deepEqual(kindsOf({ items: 2 }).map(([kind]) => kind), ["scale", "add", "noise", "locations", "items"]);
  const places = placesOf("scale", run).map(([target]) => target);
  assert.ok(places.includes("read.key_strength") && places.includes("controller.hidden") && !places.includes("targets"));
  assert.deepEqual(placesOf("noise", run).map(([target]) => target), ["memory", "initial.memory"]);
  const parameter = { name: "controller.layer1.weight", shape: [100, 30], deviation: 0.1 };
  assert.deepEqual(placesOf("noise", run, [parameter])[2], ["parameters.controller.layer1.weight", "controller.layer1.weight (100 × 30)"]);
  assert.deepEqual(momentsOf("noise", "parameters.controller.layer1.weight", run), []);
  assert.equal(axisOf({ kind: "noise", target: "parameters.controller.layer1.weight", when: {} }, [0]).title, "spread of noise on controller.layer1.weight");
  assert.deepEqual(placesOf("locations", run), []);
});

test("a change is swept at every step or in a phase; what is made before the first step, N and sizes at no other time", () => {
  assert.deepEqual(momentsOf("scale", "inputs", run).map(([, words]) => words), ["at every step", ...["start", "input", "end", "recall"].map((name) => `in the ${name} phase`)]);
  for (const [kind, target] of [["noise", "initial.memory"], ["locations", ""], ["length", ""]]) assert.deepEqual(momentsOf(kind, target, run), []);
});

test("values are as far from each other, and whole where they count something", () => {
  assert.deepEqual(valuesOf("scale", { from: 0, to: 2, count: 5 }), [0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(valuesOf("add", { from: -0.3, to: 0.3, count: 3 }), [-0.3, 0, 0.3]);
  assert.deepEqual(valuesOf("length", { from: 1, to: 3, count: 9 }), [1, 2, 3]);
  assert.deepEqual(valuesOf("noise", { from: 0.2, to: 9, count: 1 }), [0.2]);
  assert.deepEqual(valuesOf("scale", { from: 2, to: 0, count: 3 }), [0, 1, 2]);
  assert.deepEqual(valuesOf("scale", { from: 2, to: 2, count: 3 }), [2]);
});

for (const [kind, neutral] of [["scale", 1], ["add", 0], ["noise", 0], ["locations", 8], ["length", 3]]) {
  test(`the range that is proposed for ${kind} holds what changes nothing`, () => {
    const [from, to] = rangeOf(kind, run, SIZES);
    assert.equal(neutralOf(kind, run, SIZES), neutral);
    assert.ok(from <= neutral && neutral <= to);
  });
}

test("what is asked keeps the run's machine, N, sizes and changes, but for the one whose number is turned", () => {
  assert.deepEqual(requestOf([axisOf(GAIN, [0, 1])], 4, { ...REQUEST, sha256: "ab" }, SIZES), {
    checkpoint: "made-up", sha256: "ab", axes: [{ vary: { kind: "scale", target: "read.key_strength", phase: "recall" }, values: [0, 1] }],
    size: SIZES, interventions: [OTHER], sequences: 4, locations: 16,
  });
  const noise = requestOf([axisOf(NOISE, [0.1])], 4, REQUEST, SIZES);
  assert.deepEqual([noise.axes[0].vary, noise.interventions], [{ kind: "noise", target: "memory", seed: 1 }, REQUEST.interventions]);
});

test("N or a size that is swept is not given beside its values", () => {
  const [locations, length] = ["locations", "length"].map((kind) => requestOf([axisOf(sized(kind), [3])], 4, REQUEST, SIZES));
  assert.deepEqual([locations.locations, locations.size, locations.axes[0].vary], [null, SIZES, "locations"]);
  assert.deepEqual([length.locations, length.size], [16, {}]);
});

for (const [sweep, index, words] of [
  [swept(), 1, "Multiply the read head's key strength β by 0.5 in the recall phase: 25 % of the bits are wrong (95 %: 24 % to 26 %); 1 of 4 answers is exact."],
  [swept({ rates: [null] }), 0, "Multiply the read head's key strength β by 0 in the recall phase: The numbers overflow."],
  [swept({ subject: sized("locations"), values: [6, 8], rates: [0.5, 0] }), 0, "With 6 locations: 50 % of the bits are wrong (95 %: 49 % to 51 %); 0 of 4 answers are exact."],
  [swept({ subject: sized("length"), values: [6], measure: "excess", rates: [0.25] }), 0, "With length 6: predictions cost 25 % more than the best possible (95 %: 24 % to 26 %)."],
]) {
  test(`a point in words: ${words}`, () => assert.equal(sweep.sentenceOf(index), words));
}

test("a point is a change of the run, unless N or a size is swept", () => {
  assert.deepEqual(swept().changesAt(1), [{ kind: "scale", target: "read.key_strength", value: 0.5, phase: "recall" }]);
  assert.deepEqual(swept({ subject: NOISE }).changesAt(1), [{ kind: "noise", target: "memory", spread: 0.5, seed: 1 }]);
  assert.deepEqual(swept({ subject: sized("length"), values: [1, 2, 3] }).changesAt(1), []);
});

test("the curve is broken where a point could not be counted", () => {
  const { stretches } = swept({ values: [0, 1, 2, 3], rates: [0.5, null, 0.25, 0], spread: 0 });
  assert.deepEqual(stretches.map((points) => points.map(({ x, rate }) => [Number(x.toFixed(3)), rate])), [[[0, 0.5]], [[0.667, 0.25], [1, 0]]]);
});

test("the scale of wrong bits is the same for every sweep up to chance; what is worse, and costs, have theirs", () => {
  assert.deepEqual([swept({ rates: [0] }).limits, swept().limits], [{ low: 0, high: 0.6 }, { low: 0, high: 0.6 }]);
  assert.deepEqual(swept({ rates: [0.7] }).limits, { low: 0, high: 1 });
  assert.deepEqual(swept({ rates: [1.2], spread: 0.1, measure: "excess" }).limits, { low: 0, high: 1.5 });
});

test("the axis is labelled from end to end, with whole numbers where those are swept", () => {
  assert.deepEqual(axisOf(GAIN, [0, 2]).labels(4), [0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(axisOf(sized("length"), [1, 10]).labels(4), [1, 3, 6, 8, 10]);
  assert.deepEqual(axisOf(GAIN, [2]).labels(4), [2]);
});

test("of the points that are there, the nearest is pointed at; the unchanged machine is marked where it is between the ends", () => {
  const sweep = swept({ values: [0, 1, 2], rates: [0.5, 0] });
  assert.deepEqual([0, 0.2, 0.3, 1].map((share) => sweep.nearest(share)), [0, 0, 1, 1]);
  assert.deepEqual([swept({ rates: [] }).nearest(0), sweep.axes[0].hasNeutral, axisOf(GAIN, [2, 3]).hasNeutral], [null, true, false]);
});

test("the summary says where the rate is least and greatest, the table has every point, and the basis what all share", () => {
  const sweep = swept();
  assert.equal(sweep.summary, "The share of wrong bits is least, 0 % at 1, and greatest, 50 % at 0.");
  assert.equal(swept({ rates: [0, 0, 0] }).summary, "The share of wrong bits is 0 % at every value.");
  assert.equal(sweep.basis, "Each value on the same 4 random inputs of length 3, with 16 locations and 1 change more. The band is 95 %.");
  assert.deepEqual(swept({ rates: [0.5, null], spread: 0.25 }).table.rows, [{ name: "0", values: [0.5, 0.25, 0.75, 0] }, { name: "0.5", values: [null, null, null, null] }]);
});

test("two numbers are swept against each other, and what is asked leaves neither beside its values", () => {
  const { asked } = mapped([GAIN, [0, 1]], [sized("length"), [2, 3, 4]], []);
  assert.deepEqual(asked.axes, [{ vary: { kind: "scale", target: "read.key_strength", phase: "recall" }, values: [0, 1] }, { vary: "length", values: [2, 3, 4] }]);
  assert.deepEqual([asked.size, asked.interventions, asked.locations], [{}, [OTHER], 16]);
});

test("a cell of a map stands for the pair of its changes, or for the one there is, and says both numbers", () => {
  const pair = mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], [0.5, 0.25]);
  assert.deepEqual(pair.changesAt(1), [{ kind: "scale", target: "read.key_strength", value: 0, phase: "recall" }, { kind: "noise", target: "memory", spread: 0.5, seed: 1 }]);
  assert.equal(pair.sentenceOf(1), "Multiply the read head's key strength β by 0 in the recall phase, and add noise of spread 0.5 (seed 1) to the memory at every step: 25 % of the bits are wrong (95 %: 0 % to 25 %); 0 of 4 answers are exact.");
  const one = mapped([sized("length"), [2, 3]], [GAIN, [0, 1]], [0.5, 0.25]);
  assert.deepEqual(one.changesAt(1), [{ kind: "scale", target: "read.key_strength", value: 1, phase: "recall" }]);
  assert.match(one.sentenceOf(1), /^Multiply the read head's key strength β by 1 in the recall phase, with length 2: 25 %/);
  const none = mapped([sized("length"), [2, 3]], [sized("locations"), [8, 9]], [0, 0]);
  assert.deepEqual([none.changesAt(1), none.hasChanges], [[], false]);
  assert.match(none.sentenceOf(1), /^With length 2 and 9 locations: 0 %/);
});

test("a map has the first number across and the second upwards, and a table as it is drawn", () => {
  const sweep = mapped([GAIN, [0, 1]], [NOISE, [0, 0.25, 0.5]], [0, 0.1, 0.2, 0.3, null]);
  const plane = new Plane(sweep);
  assert.deepEqual([plane.columns, plane.rows, [...plane.rates].map((rate) => Number(rate.toFixed(3)))], [2, 3, [0, 0.1, 0.2, 0.3, NaN, NaN]]);
  assert.deepEqual([plane.indexAt(0, 2), plane.indexAt(0, 0), plane.indexAt(1, 2), plane.indexAt(1, 0), plane.indexAt(2, 0), plane.indexAt(0, -1)], [0, 2, 3, null, null, null]);
  assert.deepEqual([0, 1, 2, 3].map((index) => plane.placeOf(index)), [{ column: 0, row: 2 }, { column: 0, row: 1 }, { column: 0, row: 0 }, { column: 1, row: 2 }]);
  assert.deepEqual(sweep.table.columns, ["0", "1"]);
  assert.deepEqual(sweep.table.rows, [{ name: "0.5", values: [0.2, null] }, { name: "0.25", values: [0.1, null] }, { name: "0", values: [0, 0.3] }]);
  assert.match(sweep.table.note, /^The share of wrong bits; across read key strength ×, down spread of noise on the memory\. Each pair of values on the same 4 random inputs/i);
});

test("on a map the unchanged machine is marked in the middle of its cell, between two cells, or not at all", () => {
  const neutral = (first, second) => new Plane(mapped([GAIN, first], [NOISE, second], [])).neutral;
  assert.deepEqual(neutral([0, 1], [0, 0.5]), [0.75, 0.75]);
  assert.deepEqual(neutral([0.5, 1.5], [0.1, 0.5]), [0.5, null]);
  assert.deepEqual(new Plane(mapped([sized("length"), [1, 2, 4, 9]], [GAIN, [1]], [])).neutral, [0.5, 0.5]);
});

test("the frontier of a map runs where answers without a wrong bit meet others, and around nothing that was not counted", () => {
  const frontier = (rates, measure) => new Plane(mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], rates, measure)).frontier;
  assert.deepEqual(frontier([0, 0.1, 0, 0]), [[[1, 0], [1, 1]], [[0, 1], [1, 1]]]);
  assert.deepEqual([frontier([0, null, 0]), frontier([0.1, 0.2]), frontier([0, 0.1, 0, 0], "excess")], [[], [], []]);
});

test("the scale of a map ends where its rates do; what can be below 0 has 0 in the middle", () => {
  assert.deepEqual(mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], [0, 0.1]).limits, { low: 0, high: 0.6 });
  assert.deepEqual(mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], [-0.2, 1.1], "excess").limits, { low: -1.5, high: 1.5 });
});

test("the summary of a map says how many pairs are best, and names both numbers of the worst", () => {
  assert.equal(mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], [0, 0.1, 0, 0.2]).summary,
    "The share of wrong bits is least, 0 % at 2 of 4 pairs of values, and greatest, 20 % at Read key strength × 1, spread of noise on the memory 0.5.");
  assert.equal(mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], [0, 0, 0, 0]).summary, "The share of wrong bits is 0 % at every pair of values.");
});

test("a sweep is saved with a row for each point, under the titles that the service gives its axes", () => {
  const sweep = mapped([GAIN, [0, 1]], [NOISE, [0, 0.5]], [0, 0.1, null]);
  assert.equal(asCsv(sweep), 'read.key_strength ×,"noise, on memory",bit_error_rate,low,high,sequences,exact,error\r\n0,0,0,0,0,4,4,\r\n0,0.5,0.1,0,0.1,4,0,\r\n1,0,,,,,,The numbers overflow.\r\n');
  const { axes, points, interventions, seed } = JSON.parse(asJson(sweep));
  assert.deepEqual([axes.length, points.length, points[1].bit_error_rate, points[2].error, interventions, seed], [2, 3, 0.1, "The numbers overflow.", [OTHER], 1]);
});
