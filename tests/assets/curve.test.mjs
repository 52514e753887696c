/** The curve of a training: where its lines go, and which checkpoints are labelled. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { labelled, limitsOf, linesOf, short } from "../../frontend/tapedeck_page/assets/tape/curve.mjs";

/** Points at equal distances. */
const points = (...values) => values.map(([loss, errorRate], index) => ({ at: index / (values.length - 1 || 1), loss, errorRate }));

/** The places of a polyline. */
const places = (line) => line.split(" ").map((place) => place.split(",").map(Number));
const heights = (line) => places(line).map(([, y]) => y);

test("the loss is drawn on a logarithmic scale, from the greatest on top to the least below", () => {
  const { loss } = linesOf(points([1, 0], [0.1, 0], [0.01, 0]));
  assert.deepEqual(places(loss), [[0, 8], [500, 50], [1000, 92]]);
});

test("a loss that hardly moves is no drama: it has a decade of room", () => {
  const { least, most } = limitsOf(points([0.5, 0], [0.49, 0]));
  assert.deepEqual([least, most], [0.05, 0.5]);
  const [first, second] = heights(linesOf(points([0.5, 0], [0.49, 0])).loss);
  assert.ok(second - first < 1);
});

test("the bit error rate is drawn from 0 below to chance on top, and not beyond", () => {
  const { errors } = linesOf(points([1, 0.5], [1, 0.25], [1, 0], [1, 0.62]));
  assert.deepEqual(heights(errors), [8, 50, 92, 8]);
});

test("what is not known is left out", () => {
  const { loss, errors } = linesOf(points([null, 0.5], [0.5, null], [0, 0.25]));
  assert.deepEqual(places(loss), [[500, 8]]);
  assert.deepEqual(places(errors).map(([x]) => x), [0, 1000]);
});

test("without any number there are no lines and no limits", () => {
  assert.deepEqual(linesOf(points([null, null])), { loss: "", errors: "" });
  assert.equal(limitsOf([]), null);
});

test("every checkpoint of a short run has a label", () => {
  assert.deepEqual(labelled(0), []);
  assert.deepEqual(labelled(1), [0]);
  assert.deepEqual(labelled(4), [0, 1, 2, 3]);
});

test("of a long run the first and the last have one, and none touch", () => {
  for (let count = 2; count < 200; count++) {
    const found = labelled(count);
    assert.equal(found[0], 0);
    assert.equal(found.at(-1), count - 1);
    assert.ok(found.length <= 10, `${found.length} labels for ${count}`);
    for (let each = 1; each < found.length; each++) {
      const share = (found[each] - found[each - 1]) / (count - 1);
      assert.ok(found.length === count || share > 0.1, `${count}: ${found}`);
    }
  }
});

for (const [loss, label] of [[0.345, "0.3"], [0.04, "0.04"], [1.2, "1"], [0.0000079, "8e-6"], [0.00096, "1e-3"]]) {
  test(`the limit ${loss} is written ${label}`, () => assert.equal(short(loss), label));
}
