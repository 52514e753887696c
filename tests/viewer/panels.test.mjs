/** Which panels a run has, made from its description alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  SHADES, chosenHead, firstHeads, headsInView, keptHead, panelsOfController, panelsOfHeads, panelsOfTask, shadeAmong, shadeOf,
} from "#viewer/model/panels.mjs";
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

test("a head is kept in view beside the chosen one, and not beside itself", () => {
  const trace = new Trace(header({ heads: SEVERAL }));
  const view = { heads: { write: "write2", read: "" }, kept: { write: "write1", read: "read1" } };
  assert.deepEqual(namesOf(headsInView(trace, view)), ["write2", "read1", "write1"]);
  assert.equal(keptHead(trace, "read", view), undefined);
  assert.equal(keptHead(new Trace(header()), "write", view), undefined, "a machine that lacks it keeps none");
});

test("each of several heads has a colour of its own within its kind, and one alone the kind's", () => {
  const five = Array.from({ length: SHADES + 1 }, (_, index) => [`read${index + 1}`, "read"]);
  const trace = new Trace(header({ heads: [["write", "write"], ...five] }));
  const shades = trace.heads.map((head) => shadeOf(trace, head));
  assert.deepEqual(shades, ["write-1", "read-1", "read-2", "read-3", "read-4", "read-5", "read-1"]);
  assert.equal(shadeAmong(trace, trace.heads[0]), "");
});
