/** Which vector came out where, of those that are to come out by priority. */

import assert from "node:assert/strict";
import test from "node:test";

import { rankingOf } from "#viewer/model/ranking.mjs";
import { heardAt } from "#viewer/model/result.mjs";
import { cases, traceOf } from "./cases.mjs";

const sorted = cases.find(({ name }) => name === "numbers, to be sorted by priority");

test("vectors have their ranks once all are heard, and what came is found among them", () => {
  const trace = traceOf(sorted);
  const ranking = rankingOf(trace);
  assert.deepEqual(ranking.order, [1, 4, 2, 0, 3]);
  assert.deepEqual(ranking.ranks, [3, 0, 2, 4, 1]);
  assert.deepEqual([5, 6, 7, 8].map((step) => ranking.cameAt(step)), [1, 2, 0, 3]);
  assert.deepEqual([5, 6, 7, 8].map((step) => heardAt(trace, step)), [1, 4, 2, 0]);
});

test("before all are heard nothing has a rank, and then it has", () => {
  assert.equal(rankingOf(traceOf(sorted, 4)), null);
  const ranking = rankingOf(traceOf(sorted, 6));
  assert.equal(ranking.rankHeard(0), "rank 4");
  assert.equal(ranking.dueAt(5), "input 2");
});

test("where other vectors than those of the highest priorities are due there are no ranks", () => {
  for (const one of cases) {
    if (one.about.input_channels.some(({ kind }) => kind === "priority") && one !== sorted && !one.name.includes("sorting")) {
      assert.equal(rankingOf(traceOf(one)), null, one.name);
    }
  }
});
