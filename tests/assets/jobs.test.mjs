/** Trainings in words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { briefly, curvedOf, duration, pace, stateOf } from "../../frontend/tapedeck_page/assets/tape/jobs.mjs";

const RECIPE = { sequences: 40000 };
const PROGRESS = { sequences: 4000, total: 40000, loss: 0.1, bit_error_rate: 0.2, validation_errors: null, seconds: 3 };

/** A job in a state. */
const job = (state, more = {}) => ({
  id: "copy-1",
  recipe: RECIPE,
  state,
  place: null,
  progress: PROGRESS,
  compiled: false,
  sequences_per_second: null,
  seconds_left: null,
  ...more,
});

for (const [what, words] of [
  [job("queued", { place: 1 }), "waiting, next in line"],
  [job("queued", { place: 3 }), "waiting, number 3 in line"],
  [job("running", { progress: null, compiled: null }), "starting"],
  [job("running", { compiled: null }), "compiling"],
  [job("running", { compiled: true }), "training"],
  [job("running"), "training"],
  [job("paused"), "paused"],
  [job("finished"), "finished"],
  [job("stopped"), "stopped"],
  [job("failed"), "failed"],
  [job("unreadable", { recipe: {}, progress: null }), "cannot be read"],
]) {
  test(`${what.state}, progress ${what.progress?.sequences}, compiled ${what.compiled}: ${words}`, () => {
    assert.equal(stateOf(what), words);
  });
}

for (const [seconds, words] of [
  [0, "1 s"],
  [0.4, "1 s"],
  [59.4, "59 s"],
  [59.6, "1 min 0 s"],
  [61, "1 min 1 s"],
  [3599.4, "59 min 59 s"],
  [3600, "1 h 0 min"],
  [3 * 3600 + 7 * 60 + 30, "3 h 7 min"],
  [100 * 3600, "100 h 0 min"],
]) {
  test(`${seconds} seconds are ${words}`, () => assert.equal(duration(seconds), words));
}

test("a job without a curve says how far it has come, and how good it was then", () => {
  assert.equal(briefly(job("queued", { progress: null })), "0 of 40,000 sequences");
  assert.equal(briefly(job("unreadable", { recipe: {}, progress: null })), "");
  assert.equal(briefly(job("stopped")), "4,000 of 40,000 sequences");
  const over = { ...PROGRESS, sequences: 40000, validation_errors: 1206 };
  assert.equal(briefly(job("finished", { progress: over })), "40,000 sequences · 1,206 wrong bits in validation");
  assert.equal(briefly(job("queued", { progress: over })), "40,000 sequences");
});

test("only what trains has a speed, as soon as that is known", () => {
  const fast = { sequences_per_second: 1234.5, seconds_left: 29.2 };
  assert.equal(pace(job("running", fast)), "1,235 per second · 29 s left");
  assert.equal(pace(job("running")), "");
  assert.equal(pace(job("paused", fast)), "");
});

test("the curve is that of what trains, or else of the first that stands halfway", () => {
  const [running, halfway] = [job("running", { progress: null }), job("paused")];
  const fresh = job("paused", { progress: { ...PROGRESS, sequences: 0 } });
  assert.equal(curvedOf([running, halfway]), running);
  assert.equal(curvedOf([job("queued"), fresh, job("failed", { progress: null }), halfway, job("failed")]), halfway);
  assert.equal(curvedOf([job("finished"), job("stopped"), fresh]), undefined);
});
