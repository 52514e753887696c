/** What panels are called; tests/test_appearance.py has the same cases for Python. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { titleOf } from "#viewer/model/titles.mjs";

const ONE = [
  { name: "write", kind: "write" },
  { name: "read", kind: "read" },
];
const SEVERAL = [
  { name: "write1", kind: "write" },
  { name: "read1", kind: "read" },
  { name: "write2", kind: "write" },
  { name: "read2", kind: "read" },
];

test("titles name a head only among several", () => {
  assert.equal(titleOf("inputs", ONE), "Input");
  assert.equal(titleOf("write.weighting", ONE), "Write weighting");
  assert.equal(titleOf("read2.weighting", SEVERAL, "plural"), "Read weightings, head 2");
  assert.equal(titleOf("write1.add_vector", SEVERAL), "Add vectors, head 1");
  assert.equal(titleOf("controller.cell", ONE), "Cell states");
  assert.equal(titleOf("something.new", ONE), "something.new");
});
