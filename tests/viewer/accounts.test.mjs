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
