import assert from "node:assert/strict";
import { test } from "node:test";

import { worded } from "../../frontend/tapedeck_page/assets/tape/worded.mjs";

test("the page says no names of settings", () => {
  for (const [detail, says] of [
    ["locations is 2; this service runs 3 to 4,096 (min_locations).", "locations is 2; this service runs 3 to 4,096."],
    ["It runs 3 to 9 (min_locations, max_locations). Take fewer.", "It runs 3 to 9. Take fewer."],
    ["At most 20 vectors (max_sequence_length) (of 8 bits).", "At most 20 vectors (of 8 bits)."],
    ["add x to TAPEDECK_ALLOWED_HOSTS (allowed_hosts), or", "add x to TAPEDECK_ALLOWED_HOSTS (allowed_hosts), or"],
  ]) {
    assert.equal(worded(detail), says);
  }
});
