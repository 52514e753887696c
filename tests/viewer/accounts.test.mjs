import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { accountOfOutput, accountOfRead } from "#viewer/model/accounts.mjs";

const cases = JSON.parse(readFileSync(new URL("../accounts.json", import.meta.url), "utf8"));

test("a sentence names every source that matters with its sign, as the service does", () => {
  for (const { step, channel, bits, writes, initial, bias = 0, places, says } of cases) {
    const terms = { writes: Float64Array.from(writes), initial, bias };
    const placeOf = (tau) => places[tau];
    assert.equal(channel === undefined ? accountOfRead(step, terms, placeOf) : accountOfOutput(step, channel, bits, terms, placeOf), says);
  }
});
