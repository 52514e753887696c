import assert from "node:assert/strict";
import { test } from "node:test";

import { stretches } from "#viewer/views/timeline.mjs";

test("each pixel of the shift timeline is drawn once, at any number of steps, and its shares are together 1", () => {
  for (const steps of [1, 7, 299, 300, 301, 402, 2002]) {
    const trace = { steps, arrived: steps, at: (_, step) => [(step % 2) / 2, 0.5, 0.5 - (step % 2) / 2] };
    const drawn = stretches(trace, "write.shift_weighting", 300);
    assert.equal(drawn[0].left, 0);
    assert.equal(drawn.at(-1).right, 300);
    drawn.slice(1).forEach(({ left }, at) => assert.equal(left, drawn[at].right));
    for (const { shares } of drawn) assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  }
});

test("of steps that share a pixel the mean is drawn, of those that have arrived", () => {
  const trace = { steps: 4, arrived: 3, at: (_, step) => [[1, 0, 0], [0, 0, 1], [0, 1, 0]][step] };
  const drawn = stretches(trace, "write.shift_weighting", 2).map(({ shares }) => shares);
  assert.deepEqual(drawn, [[0.5, 0, 0.5], [0, 1, 0]]);
});
