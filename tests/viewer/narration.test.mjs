import assert from "node:assert/strict";
import { test } from "node:test";

import { narrate } from "#viewer/model/narration.mjs";
import { cases, traceOf } from "./cases.mjs";

for (const one of cases) {
  test(`the sentence of every step is the one Python says: ${one.name}`, () => {
    const trace = traceOf(one);
    const heads = Object.keys(one.heads).length > 0 ? one.heads : undefined;
    assert.deepEqual(Array.from({ length: trace.steps }, (_, step) => narrate(trace, step, heads)), one.says);
  });
}

test("a step is told as soon as it has arrived, and a letter as soon as the whole of it has", () => {
  const copy = cases.find(({ name }) => name === "a copy of text");
  assert.equal(narrate(traceOf(copy, 1), 0), copy.says[0]);
  const half = traceOf(copy, 3); // of the two bytes of “é” one
  assert.match(narrate(half, 1), /‘H’/);
  assert.match(narrate(half, 2), /writes 11000011 to/);
  assert.equal(narrate(traceOf(copy, 4), 2), copy.says[2]);
});
