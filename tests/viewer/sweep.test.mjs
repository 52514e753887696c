import assert from "node:assert/strict";
import { test } from "node:test";

import { Sweep, kindsOf, momentsOf, neutralOf, placesOf, rangeOf, requestOf, valuesOf } from "#viewer/model/sweep.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { header } from "./recording.mjs";

const run = new Trace(header({ hidden: 3 }));
const SIZES = { length: 3 };
const GAIN = { kind: "scale", target: "read.key_strength", when: { phase: "recall" } };
const OTHER = { kind: "freeze", head: "write" };
const REQUEST = { checkpoint: "made-up", input: {}, locations: 16, interventions: [OTHER, { kind: "scale", target: "read.key_strength", value: 3, phase: "recall" }] };

/** A sweep whose points came with such rates; an interval goes as far below as above. */
function swept({ subject = GAIN, values = [0, 0.5, 1], rates = [0.5, 0.25, 0], spread = 0.01, measure = "bit_error_rate", request = REQUEST } = {}) {
  const sweep = new Sweep(subject, requestOf(subject, values, 4, request, SIZES), run, SIZES);
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
});

for (const [kind, neutral] of [["scale", 1], ["add", 0], ["noise", 0], ["locations", 8], ["length", 3]]) {
  test(`the range that is proposed for ${kind} holds what changes nothing`, () => {
    const [from, to] = rangeOf(kind, run, SIZES);
    assert.equal(neutralOf(kind, run, SIZES), neutral);
    assert.ok(from <= neutral && neutral <= to);
  });
}

test("what is asked keeps the run's machine, N, sizes and changes, but for the one whose number is turned", () => {
  assert.deepEqual(requestOf(GAIN, [0, 1], 4, { ...REQUEST, sha256: "ab" }, SIZES), {
    checkpoint: "made-up", sha256: "ab", axes: [{ vary: { kind: "scale", target: "read.key_strength", phase: "recall" }, values: [0, 1] }],
    size: SIZES, interventions: [OTHER], sequences: 4, locations: 16,
  });
  const noise = requestOf({ kind: "noise", target: "memory", when: {} }, [0.1], 4, REQUEST, SIZES);
  assert.deepEqual([noise.axes[0].vary, noise.interventions], [{ kind: "noise", target: "memory", seed: 1 }, REQUEST.interventions]);
});

test("N or a size that is swept is not given beside its values", () => {
  const subject = (kind) => ({ kind, target: "", when: {} });
  const [locations, length] = ["locations", "length"].map((kind) => requestOf(subject(kind), [3], 4, REQUEST, SIZES));
  assert.deepEqual([locations.locations, locations.size, locations.axes[0].vary], [null, SIZES, "locations"]);
  assert.deepEqual([length.locations, length.size], [16, {}]);
});

for (const [sweep, index, words] of [
  [swept(), 1, "Multiply the read head's key strength β by 0.5 in the recall phase: 25 % of the bits are wrong (95 %: 24 % to 26 %); 1 of 4 answers is exact."],
  [swept({ rates: [null] }), 0, "Multiply the read head's key strength β by 0 in the recall phase: The numbers overflow."],
  [swept({ subject: { kind: "locations", target: "", when: {} }, values: [6, 8], rates: [0.5, 0] }), 0, "With 6 locations: 50 % of the bits are wrong (95 %: 49 % to 51 %); 0 of 4 answers are exact."],
  [swept({ subject: { kind: "length", target: "", when: {} }, values: [6], measure: "excess", rates: [0.25] }), 0, "With length 6: predictions cost 25 % more than the best possible (95 %: 24 % to 26 %)."],
]) {
  test(`a point in words: ${words}`, () => assert.equal(sweep.sentenceOf(index), words));
}

test("a point is a change of the run, unless N or a size is swept", () => {
  assert.deepEqual(swept().changeAt(1), { kind: "scale", target: "read.key_strength", value: 0.5, phase: "recall" });
  assert.deepEqual(swept({ subject: { kind: "noise", target: "memory", when: {} } }).changeAt(1), { kind: "noise", target: "memory", spread: 0.5, seed: 1 });
  assert.equal(swept({ subject: { kind: "length", target: "", when: {} }, values: [1, 2, 3] }).changeAt(1), null);
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
  assert.deepEqual(swept({ values: [0, 2], rates: [] }).labels(4), [0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(swept({ subject: { kind: "length", target: "", when: {} }, values: [1, 10], rates: [] }).labels(4), [1, 3, 6, 8, 10]);
  assert.deepEqual(swept({ values: [2], rates: [] }).labels(4), [2]);
});

test("of the points that are there, the nearest is pointed at; the unchanged machine is marked where it is between the ends", () => {
  const sweep = swept({ values: [0, 1, 2], rates: [0.5, 0] });
  assert.deepEqual([0, 0.2, 0.3, 1].map((share) => sweep.nearest(share)), [0, 0, 1, 1]);
  assert.deepEqual([swept({ rates: [] }).nearest(0), sweep.hasNeutral, swept({ values: [2, 3], rates: [] }).hasNeutral], [null, true, false]);
});

test("the summary says where the rate is least and greatest, the table has every point, and the basis what all share", () => {
  const sweep = swept();
  assert.equal(sweep.summary, "The share of wrong bits is least, 0 % at 1, and greatest, 50 % at 0.");
  assert.equal(swept({ rates: [0, 0, 0] }).summary, "The share of wrong bits is 0 % at every value.");
  assert.equal(sweep.basis, "Each value on the same 4 random inputs of length 3, with 16 locations and 1 change more. The band is 95 %.");
  assert.deepEqual(swept({ rates: [0.5, null], spread: 0.25 }).table.rows, [{ name: "0", values: [0.5, 0.25, 0.75, 0] }, { name: "0.5", values: [null, null, null, null] }]);
});
