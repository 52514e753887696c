/** Which panels a run has, made from its description alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenHead, firstHeads, panelsOfController, panelsOfHeads, panelsOfTask } from "#viewer/model/panels.mjs";
import { Trace } from "#viewer/model/trace.mjs";
import { header } from "./recording.mjs";

const SEVERAL = [["read1", "read"], ["write1", "write"], ["read2", "read"], ["write2", "write"]];
const namesOf = (panels) => panels.map(({ name }) => name);

test("the tape has what is written on the left and what is read on the right", () => {
  const trace = new Trace(header());
  assert.deepEqual(namesOf(panelsOfTask(trace)), ["inputs", "outputs", "targets"]);
  const panels = panelsOfHeads(trace, firstHeads(trace));
  assert.deepEqual(namesOf(panels), ["write.add_vector", "read.read_vector", "write.weighting", "read.weighting"]);
  assert.deepEqual(panels.map(({ title }) => title), ["Add vectors", "Read vectors", "Write weighting", "Read weighting"]);
});

test("of several heads those are shown that are chosen, whatever the order they act in", () => {
  const trace = new Trace(header({ heads: SEVERAL }));
  const panels = panelsOfHeads(trace, { write: "write2", read: "" });
  assert.deepEqual(namesOf(panels), ["write2.add_vector", "read1.read_vector", "write2.weighting", "read1.weighting"]);
  assert.deepEqual(panels.map(({ title }) => title), ["Add vectors, head 2", "Read vectors, head 1", "Write weighting, head 2", "Read weighting, head 1"]);
});

test("a head that this machine lacks gives way to its first", () => {
  const trace = new Trace(header());
  assert.equal(chosenHead(trace, "read", { write: "write", read: "read5" })?.name, "read");
});

test("what the controller keeps has panels where the trace has it", () => {
  assert.deepEqual(panelsOfController(new Trace(header())), []);
  assert.deepEqual(namesOf(panelsOfController(new Trace(header({ hidden: 3 })))), ["controller.hidden"]);
});
