import assert from "node:assert/strict";
import { test } from "node:test";

import { Difference, comparisonOf, obstacleTo } from "#viewer/model/comparison.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { copyRun, frames } from "./recording.mjs";

const VECTORS = ["10110011", "00101100", "11110000"];

/** A whole run of a copy; `touch` changes numbers of it before they are recorded. */
function run(said = VECTORS, touch = () => {}) {
  const { head, all } = copyRun(VECTORS, said);
  const made = new Trace(head);
  for (const frame of frames(head, all, [2])) made.append(frame);
  touch(made);
  made.finish({ wrong: null, score: null, diagnosis: null });
  return made;
}

test("of two equal runs every number is the same", () => {
  const found = comparisonOf(run(), run());
  assert.equal(found.first, null);
  assert.deepEqual(found.wrong, [0, 0]);
  assert.match(found.sentence, /same in both/);
});

test("the first step at which runs part is found, and of its fields the one that is computed first", () => {
  const changed = run(VECTORS, (trace) => {
    trace.at("outputs", 4)[0] += 0.1;
    trace.at("read.weighting", 4)[2] += 0.1;
    trace.at("read.key_strength", 4)[0] += 0.1;
    trace.at("write.weighting", 6)[2] += 0.1;
  });
  assert.deepEqual(comparisonOf(changed, run()).first, { step: 4, field: "read.key_strength" });
});

test("a last digit that two engines see otherwise parts nothing", () => {
  const changed = run(VECTORS, (trace) => (trace.at("outputs", 4)[0] += 5e-7));
  assert.equal(comparisonOf(changed, run()).first, null);
});

test("wrong bits are counted of each, and outputs that are decided otherwise", () => {
  const found = comparisonOf(run(["10110011", "00101101", "01110000"]), run(["10110010", "00101100", "11110000"]));
  assert.deepEqual(found.wrong, [2, 1]);
  assert.deepEqual(found.bits, { count: 3, first: 5, last: 7 });
  assert.match(found.sentence, /3 output bits are others, from step 5 to 7: 2 wrong, in the baseline 1\./);
});

test("a change that no output hangs on is said to be one", () => {
  const changed = run(VECTORS, (trace) => (trace.at("write.key_strength", 2)[0] += 1));
  assert.match(comparisonOf(changed, run()).sentence, /part at step 2 \(input 2 of 3\), first in the write key strength\. No output bit is another/);
});

test("a difference is subtracted number by number, on a scale as far below 0 as above it", () => {
  const changed = run(VECTORS, (trace) => (trace.at("read.weighting", 5)[3] -= 0.25));
  const difference = new Difference(changed, run());
  assert.equal(difference.at("read.weighting", 5)[3], -0.25);
  assert.equal(difference.at("read.weighting", 5)[2], 0);
  assert.deepEqual(difference.limitsOf("read.weighting"), { low: -0.3, high: 0.3 });
  assert.deepEqual(difference.limitsOf("write.weighting"), { low: -1, high: 1 });
  assert.deepEqual(["read.weighting", "write.weighting", "inputs"].map((name) => difference.noteOn(name)), ["difference", "unchanged", "the same"]);
  assert.deepEqual([...difference.at("inputs", 1)], [...changed.at("inputs", 1)]);
});

test("the memory's difference follows the writes of both", () => {
  const { head, all } = copyRun(VECTORS);
  const made = new Trace(head);
  const other = all.slice();
  const { offset } = made.field("write.add_vector");
  const row = all.length / head.steps;
  other[row + made.field("write.weighting").offset] = 1;
  other[row + offset] = 2;
  for (const frame of frames(head, all, [3])) made.append(frame);
  const changed = new Trace(head);
  for (const frame of frames(head, other, [3])) changed.append(frame);
  const difference = new Difference(changed, made);
  assert.equal(Math.max(...difference.memoryAt(0).map(Math.abs)), 0);
  assert.ok(Math.max(...difference.memoryAt(1).map(Math.abs)) > 1);
  assert.equal(difference.memoryLimits.low, -difference.memoryLimits.high);
});

test("runs of other lengths are not on one cursor, and it is said why", () => {
  const { head } = copyRun(VECTORS.slice(0, 2));
  assert.match(obstacleTo(run(), new Trace(head)), /8 steps and the baseline 6/);
  assert.equal(obstacleTo(run(), run()), "");
});
