/** What stands beside the film's curve. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords } from "../../frontend/tapedeck_page/assets/tape/film.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { copyRun } from "../viewer/recording.mjs";

const CHECKPOINT = { id: "copy-1-002400", seen: 2400, loss: 0.12847, errorRate: 0.31149 };

/** The trace of two vectors, with so many wrong bits. */
function traceOf(bitErrors) {
  const trace = new Trace(copyRun(["10110011", "00101100"]).head);
  if (bitErrors !== null) trace.finish({ wrong: bitErrors, score: null, diagnosis: null });
  return trace;
}

test("a checkpoint and the sequence on it, in numbers", () => {
  assert.deepEqual(inWords(CHECKPOINT, traceOf(5)), { seen: "2,400", loss: "0.13", errors: "0.311", own: "5 of 16" });
});

test("no wrong bit is a number too", () => {
  assert.equal(inWords(CHECKPOINT, traceOf(0)).own, "0 of 16");
});

test("what is not known is a dash, and 0 is known", () => {
  assert.deepEqual(inWords(undefined, undefined), { seen: "–", loss: "–", errors: "–", own: "–" });
  assert.deepEqual(inWords({ ...CHECKPOINT, seen: 0, loss: null, errorRate: 0 }, traceOf(null)), {
    seen: "0",
    loss: "–",
    errors: "0.000",
    own: "–",
  });
});
