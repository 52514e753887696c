import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { accountOfOutput, accountOfRead } from "#viewer/model/accounts.mjs";

const cases = JSON.parse(readFileSync(new URL("../accounts.json", import.meta.url), "utf8"));

test("a sentence names every source that matters with its sign, as the service does", () => {
  for (const { step, channel, bits, writes, initial, interventions = [], bias = 0, places, says } of cases) {
    const terms = { writes: Float64Array.from(writes), initial, interventions: Float64Array.from(interventions), bias, others: {} };
    const writers = { heads: ["write"], placeOf: (write) => places[write] };
    const named = ["start", "end"].map((name) => ({ name, kind: "delimiter" }));
    const output = channel < bits ? { name: `bit ${channel + 1}`, kind: "bit" } : named[channel - bits];
    assert.equal(channel === undefined ? accountOfRead(step, terms, writers) : accountOfOutput(step, output, "clamp", terms, writers), says);
  }
});

test("a probability is said as it is, and not as a bit", () => {
  const terms = { writes: Float64Array.from([0.5, -2]), initial: 0.25, interventions: new Float64Array(0), bias: 0, others: {} };
  const writers = { heads: ["write"], placeOf: (write) => write + 1 };
  assert.equal(
    accountOfOutput(3, { name: "next bit is 1", kind: "probability" }, "sigmoid", terms, writers),
    "The probability of a 1 of step 3 is 0.22 (−1.25 before its sigmoid): −2.00 from step 1; +0.50 from step 0 and +0.25 from the initial memory, which oppose it.",
  );
});
