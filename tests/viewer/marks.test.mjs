import assert from "node:assert/strict";
import { test } from "node:test";

import { stretchesOf, wordFor } from "#viewer/player/marks.mjs";
import { scaleOf } from "#viewer/views/stage.mjs";

const marks = (...pairs) => pairs.map(([step, kind]) => ({ step, kind }));

test("steps that follow one another with one trouble are one stretch", () => {
  assert.deepEqual(stretchesOf(marks([4, "slip"], [5, "slip"], [6, "slip"], [9, "slip"], [10, "blur"]), 0), [
    { first: 4, last: 6, kinds: ["slip"] },
    { first: 9, last: 9, kinds: ["slip"] },
    { first: 10, last: 10, kinds: ["blur"] },
  ]);
});

test("stretches too close to be pressed one by one are one, with all their troubles", () => {
  assert.deepEqual(stretchesOf(marks([4, "slip"], [6, "blur"], [8, "slip"], [9, "slip"], [40, "blur"]), 10), [
    { first: 4, last: 9, kinds: ["slip", "blur"] },
    { first: 40, last: 40, kinds: ["blur"] },
  ]);
  assert.deepEqual(stretchesOf([], 10), []);
});

test("a trouble is said in words", () => {
  assert.deepEqual(["slip", "wrap_around", "duplication"].map(wordFor), ["slip", "wrap-around", "read twice"]);
});

test("the scale of bars is the finest power of ten that holds them", () => {
  assert.deepEqual([1, 0.5, 0.11, 0.1, 0.09, 0.0078, 0.001, 0].map(scaleOf), [1, 1, 1, 0.1, 0.1, 0.01, 0.001, 1]);
});
